"""The backlog in numbers: cases open at the start, and how many of them are late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.backlog import NOT_YET, Carried
from sim.demand.demand import Demand
from sim.limits import ResolvedLimit
from sim.process.graph import Mark


@dataclass(frozen=True, slots=True)
class OpenAtStart:
    """The backlog of one replication, counted."""

    cases: int
    over: int
    """Undecided open cases over at least one limit in the morning of the first simulated day."""


def open_at_start(
    demand: Demand, limits: Sequence[ResolvedLimit], *, count_start_day: bool
) -> OpenAtStart:
    """Count the open cases of one replication.

    Extensions that may still be granted are ignored.
    """
    over = 0
    for case_type, carried in demand.backlog.items():
        late = np.zeros(len(carried.case), np.bool_)
        for limit in limits:
            if limit.case_type == case_type:
                concerned = demand.matches(limit.when)[carried.case]
                late |= concerned & _over(carried, limit, count_start_day)
        over += int(late.sum())
    return OpenAtStart(sum(len(carried.case) for carried in demand.backlog.values()), over)


def _over(carried: Carried, limit: ResolvedLimit, count_start_day: bool) -> NDArray[np.bool_]:
    rule = limit.rule
    day = carried.started(
        limit.scope.matters, by_acceptance=rule.by_acceptance, deemed=rule.deemed_acceptance
    )
    runs = day != NOT_YET
    if rule.unit == "cd":
        used = np.where(runs, -1 - day, 0)
    else:
        first = count_start_day & carried.past.working[np.minimum(day, -1)]
        used = carried.used_wd(limit.clock, day) + (runs & first)
    undecided = ~(carried.is_decided(limit.scope.matters) & (rule.stop == Mark.DECISION))
    over: NDArray[np.bool_] = runs & undecided & (used > limit.ticks)
    return over
