"""Choices that the log itself makes: the kind of unexplained delays, and how many cases are used.

The kind of delay is the one with which the network better reproduces the log that it was made of.
How many of the last cases are used is tried by parting the log several times: the network of the
cases before is held against those after. The part that a user holds out is never looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.arrays import Floats
from sim.logs.distances import NAMES, distances, summary
from sim.logs.event_log import EventLog, part_before_and_after
from sim.logs.fit import fit_network
from sim.logs.network import KINDS, DelayKind, Network
from sim.logs.simulate import simulate

SHARES: Final = (1.0, 0.71, 0.5, 0.35, 0.25, 0.18, 0.125)
"""Shares of the cases that are tried, each some 0.7 of the one before."""
PARTS: Final = (0.15, 0.2, 0.25, 0.3)
"""Shares of the events after the instants at which the log is parted."""
LOGS: Final = 4
"""Simulated logs for each trial."""
MOST_EVENTS: Final = 200_000
"""Recorded events of as many logs at most: large logs need fewer, as chance is smaller."""
LEAST_CASES: Final = 30
"""Fewer cases are never used, as long as there are so many."""
LEAST_HELD_OUT: Final = 20
"""Cases after the instant, from which on they can tell anything."""
LEAST_TOLD: Final = {"NGD": 0.01, **dict.fromkeys(NAMES[1:], 0.1)}
"""Smaller distances are as good: between them, chance alone would choose."""
_OF_TIME: Final = ("CEDD", "REDD", "CTDD")


@dataclass(frozen=True, eq=False)
class Trial:
    """What a share of the cases brought, when the log was parted."""

    share: float
    distances: dict[str, float]
    """Name → mean over the parts and simulated logs."""
    score: float
    """Mean logarithm of all distances."""


@dataclass(frozen=True, eq=False)
class Choice:
    """A network, and why it is this one."""

    network: Network
    delay: DelayKind | None
    """None: no activity has delays that officers do not explain."""
    reproduced: dict[str, dict[str, float]]
    """Kind of delay → distances from the log that the network was made of; empty: no choice."""
    trials: tuple[Trial, ...]
    """Empty: the log is too thin to be parted."""
    share: float

    @property
    def recency_decides(self) -> bool:
        """Whether only recent cases are used, which also are shorter: they ended with the log."""
        return self.share < 1


def choose(log: EventLog, name: str = "log", *, seed: int = 1) -> Choice:
    """Fit a network to an event log; what can be chosen, the log itself decides."""
    kind, reproduced = _kind(log, seed)
    trials, share = _recency(log, kind, seed)
    network = fit_network(log, name, last=_last(log, share), delay=kind)
    delayed = any(one.delay is not None for one in network.activities)
    return Choice(network, kind if delayed else None, reproduced, trials, share)


def _kind(log: EventLog, seed: int) -> tuple[DelayKind, dict[str, dict[str, float]]]:
    """Return the kind of delay whose times of day, waits and durations are nearer the log's own."""
    found: dict[str, dict[str, float]] = {}
    for kind in KINDS:
        network = fit_network(log, delay=kind)
        if all(one.delay is None for one in network.activities):
            return KINDS[0], {}
        found[kind] = _mean(network, log, seed)
    best = min(KINDS, key=lambda kind: _score(found[kind], _OF_TIME))
    return best, found


def _recency(log: EventLog, kind: DelayKind, seed: int) -> tuple[tuple[Trial, ...], float]:
    """Return what each share of the cases brought, and the share to use.

    Of shares that are not told apart from the best one, the largest is used: not farther from it
    than the standard error of their difference over the parts.
    """
    parts = [part_before_and_after(log, share) for share in PARTS]
    parts = [
        (before, after)
        for before, after in parts
        if len(after.cases) >= LEAST_HELD_OUT and len(before.cases) >= LEAST_CASES
    ]
    if not parts:
        return (), 1.0
    rows = [
        [
            _mean(fit_network(before, last=_last(before, share), delay=kind), after, seed)
            for before, after in parts
        ]
        for share in SHARES
    ]
    scores: Floats = np.array([[_score(one, NAMES) for one in row] for row in rows])
    trials = tuple(
        Trial(share, {key: float(np.mean([one[key] for one in row])) for key in NAMES}, float(of))
        for share, row, of in zip(SHARES, rows, scores.mean(axis=1), strict=True)
    )
    behind = scores - scores[scores.mean(axis=1).argmin()]
    error = behind.std(axis=1, ddof=min(1, len(parts) - 1)) / np.sqrt(len(parts))
    return trials, SHARES[int(np.flatnonzero(behind.mean(axis=1) <= error)[0])]


def _last(log: EventLog, share: float) -> int:
    return max(min(LEAST_CASES, len(log.cases)), round(share * len(log.cases)))


def _mean(network: Network, recorded: EventLog, seed: int) -> dict[str, float]:
    logs = max(1, min(LOGS, MOST_EVENTS // len(recorded)))
    means = summary(against(network, recorded, logs, seed=seed))
    return {name: mean for name, (mean, _) in means.items()}


def against(
    network: Network, recorded: EventLog, logs: int, *, seed: int = 1
) -> list[dict[str, float]]:
    """Return the distances of simulated logs from a recorded one, with as many cases."""
    cases, since = len(recorded.cases), int(recorded.arrival[0])
    return [
        distances(recorded, simulate(network, cases, since, seed=seed, number=number))
        for number in range(logs)
    ]


def _score(found: dict[str, float], names: tuple[str, ...]) -> float:
    return float(np.mean([np.log(max(found[name], LEAST_TOLD[name])) for name in names]))
