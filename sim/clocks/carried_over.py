"""What clocks showed before second 0, of cases that were open then."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from sim.arrays import Bools, Ints
from sim.clocks.items import ScopeItems
from sim.demand.backlog import NOT_YET, Carried
from sim.limits import ClockRule
from sim.process.graph import Mark


@dataclass(frozen=True, eq=False)
class Before:
    """What a clock showed before second 0, for the K cases; all 0 without a backlog.

    A case with nothing left in scope is out of it.
    """

    started: Bools
    stopped: Bools
    days: Ints
    start_day: Ints
    """1 where the date of the start may count, too."""


def before_start(
    rule: ClockRule, items: ScopeItems, carried: Carried | None, matters: Collection[str] | None
) -> Before:
    """Return what a clock showed in the morning of day 0."""
    cases = len(items.cases)
    started, stopped = np.zeros(cases, np.bool_), np.zeros(cases, np.bool_)
    used, start_day = np.zeros(cases, np.int64), np.zeros(cases, np.int64)
    if carried is not None:
        at = np.searchsorted(items.cases, carried.case)
        left = items.in_scope[at]
        day = carried.started(matters, by_acceptance=rule.by_acceptance)
        day = np.where(left, day, NOT_YET)
        running = day != NOT_YET
        started[at] = running
        stopped[at] = left & carried.is_decided(matters) & (rule.stop == Mark.DECISION)
        if rule.unit == "cd":
            used[at], start_day[at] = np.where(running, -1 - day, 0), running
        else:
            used[at] = carried.used_wd(rule.name, day)
            start_day[at] = running & carried.past.working[np.minimum(day, -1)]
    return Before(started, stopped, used, start_day)
