"""A clock for each application: a case that is handed in again is read application by application.

While the clocks are read, an application stands for a case of its own; then the case has the
reading of its longest one. What was refused ends with its last step, as a refused case does.
"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from sim.arrays import Bools, Ints
from sim.clocks.readings import ClockReadings, History, Reading
from sim.engine.contract import OPEN


def longest(readings: ClockReadings, whole: ClockReadings, history: History) -> ClockReadings:
    """Return the readings of cases from those of their applications.

    `readings` are of `history.apart`, `whole` of the cases: a clock that leaves out what was
    refused counts the last application of each matter by itself.
    """
    applications, ends_as = history.applications, history.demand.outcome
    clocks = {
        name: whole.clocks[name] if read.rule.without_refused else _longest(read, applications)
        for name, read in readings.clocks.items()
    }
    # A case that was granted in the end may lack what an application before would have come to.
    last = history.apart.demand.outcome[readings.case] == ends_as[readings.case // applications]
    return ClockReadings(
        case=readings.case[::applications] // applications,
        in_scope=_any(readings.in_scope & (readings.decided_here | last), applications),
        decided_here=_any(readings.decided_here, applications),
        clocks=MappingProxyType(clocks),
    )


def _any(true: Bools, applications: int) -> Bools:
    """Return for each case whether it is true of one of its applications."""
    return np.asarray(true.reshape(-1, applications).any(axis=1))


def _longest(reading: Reading, applications: int) -> Reading:
    """Return the reading of each case's longest application, the last if several are."""
    rank = (2 * reading.value + reading.started).reshape(-1, applications)
    last_first = rank[:, ::-1].argmax(axis=1)
    place = np.arange(1, len(rank) + 1) * applications - 1 - last_first
    is_open = _any(reading.open, applications)

    def once_ended(at: Ints) -> Ints:
        return np.where(is_open, OPEN, at[place])

    return Reading(
        rule=reading.rule,
        value=reading.value[place],
        elapsed_s=reading.elapsed_s.reshape(-1, applications).max(axis=1),
        started=reading.started[place],
        open=is_open,
        start_s=reading.start_s[place],
        stop_s=once_ended(reading.stop_s),
        stop_item=once_ended(reading.stop_item),
    )
