"""When a delay ends: the four rules of `DelayRule`."""

from __future__ import annotations

import numpy as np

from sim.engine.contract import DAY_S, DelayRule, Workload
from sim.engine.hours import NEVER, rows


def _close(day: int) -> int:
    """Return the last second of the day."""
    return day * DAY_S + DAY_S - 1


class Delays:
    """The delays of one workload."""

    def __init__(self, workload: Workload) -> None:
        self._amount: list[int] = workload.amount.tolist()
        self._rule: list[int] = workload.delay_rule.tolist()
        self._calendar: list[int] = workload.calendar.tolist()
        self._hours = rows(workload.calendars, goes_on=False)
        self._count: list[int] = workload.working_days.cumulative.tolist()
        self._day_of: list[int] = np.flatnonzero(workload.working_days.working).tolist()
        """Day number of the first, second, … working day."""

    def end(self, item: int, t: int) -> int:
        """Return when the delay ends that began at t; NEVER if its calendar is too short."""
        amount, rule = self._amount[item], self._rule[item]
        if amount == 0:
            return t
        if rule == DelayRule.ELAPSED:
            return t + amount
        if rule == DelayRule.ON_CALENDAR:
            return self._hours[self._calendar[item]].finish(t, amount)
        day = t // DAY_S
        if rule == DelayRule.CALENDAR_DAYS:
            return _close(day + amount)
        nth = self._count[day] + amount
        return _close(self._day_of[nth - 1]) if nth <= len(self._day_of) else NEVER
