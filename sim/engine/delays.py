"""When a delay ends: the four rules of `DelayRule`."""

from __future__ import annotations

from sim.engine.contract import DAY_S, DelayRule, Workload
from sim.engine.hours import rows
from sim.engine.legal_periods import WorkingDayPeriods, close


class Delays:
    """The delays of one workload."""

    def __init__(self, workload: Workload) -> None:
        self._amount: list[int] = workload.amount.tolist()
        self._rule: list[int] = workload.delay_rule.tolist()
        self._calendar: list[int] = workload.calendar.tolist()
        self._hours = rows(workload.calendars, goes_on=False)
        self._periods = WorkingDayPeriods(workload.working_days)

    def end(self, item: int, t: int) -> int:
        """Return when the delay ends that began at t; NEVER if its calendar is too short."""
        amount, rule = self._amount[item], self._rule[item]
        if amount == 0:
            return t
        if rule == DelayRule.ELAPSED:
            return t + amount
        if rule == DelayRule.ON_CALENDAR:
            return self._hours[self._calendar[item]].finish(t, amount)
        if rule == DelayRule.CALENDAR_DAYS:
            return close(t // DAY_S + amount)
        return self._periods.end(t, amount)
