"""What a reader of a network that was fitted to an event log should know."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.fitting.fitted import Remark
from sim.logs.choice import Choice
from sim.logs.event_log import EventLog

FEW: Final = 100
"""Cases, with fewer of which everything is known badly."""
SHORT_WEEKS: Final = 4
"""Weeks, with fewer of which habits of the week are known badly."""


def remarks_on(choice: Choice, log: EventLog) -> tuple[Remark, ...]:
    """Return what the log does not tell, and what follows for the network."""
    network = choice.network
    cases = len(log.cases)
    delayed = [one.name for one in network.activities if one.delay is not None]
    weeks = float(log.end.max() - log.start.min()) / (7 * 24 * 3_600_000)
    nobody = float((log.officer < 0).mean())
    told = [
        ("no_limits", "", 0.0, True),
        ("few_cases", "", cases, cases < FEW),
        ("short_log", "", weeks, weeks < SHORT_WEEKS),
        ("one_activity", "", 0, len(log.activities) == 1),
        ("no_starts", "", 0, not log.starts_known),
        ("dates_alone", "", 0, log.dates_alone),
        ("nobody", "", nobody * 100, nobody > 0),
        ("clock_delays", "", len(delayed), choice.delay == "clock"),
        ("working_delays", "", len(delayed), choice.delay == "working"),
        ("recent_cases", "", network.origin.used, choice.recency_decides),
        ("no_trials", "", cases, not choice.trials),
        ("rare_routes", "", _single(choice) * 100, _single(choice) > 0.5),
    ]
    return tuple(Remark(kind, what, float(number)) for kind, what, number, holds in told if holds)


def _single(choice: Choice) -> float:
    """Return the share of cases whose course no other case had."""
    counts = np.array([route.cases for route in choice.network.routes])
    return float(counts[counts == 1].sum() / counts.sum())
