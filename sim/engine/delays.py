"""The ends of delays, and the lapses of tacit consent."""

from __future__ import annotations

import numpy as np

from sim.calendars import WorkingDays
from sim.engine.contract import DAY_S, NEVER, NO_TACIT, DelayRule, Workload
from sim.engine.hours import rows


def close(day: int) -> int:
    """Return the last second of the day."""
    return day * DAY_S + DAY_S - 1


class WorkingDayPeriods:
    """Periods that end at the close of a working day."""

    def __init__(self, days: WorkingDays) -> None:
        self._count: list[int] = days.cumulative.tolist()
        self._day_of: list[int] = np.flatnonzero(days.working).tolist()
        """Day number of the first, second, … working day."""

    def end(self, t: int, n: int) -> int:
        """Return the close of the n-th working day after the date of t.

        For n = 0: of that date, working day or not. NEVER past the calendar's last day.
        """
        day = t // DAY_S
        if n == 0:
            return close(day)
        nth = self._count[day] + n
        return close(self._day_of[nth - 1]) if nth <= len(self._day_of) else NEVER

    def close_on_or_after(self, day: int) -> int:
        """Return the close of day > 0 if it is a working day; else of the next working day.

        NEVER past the calendar's last day.
        """
        return self.end((day - 1) * DAY_S, 1) if day <= len(self._count) else NEVER


class Tacit:
    """The tacit periods of one workload; `Workload.tacit_wd` must not be None."""

    def __init__(self, workload: Workload) -> None:
        assert workload.tacit_wd is not None
        self._wd: list[int] = workload.tacit_wd.tolist()
        self._periods = WorkingDayPeriods(workload.working_days)

    def lapse(self, item: int, ready: int) -> int:
        """Return the instant at which a work item ready at `ready` lapses, or NEVER."""
        n = self._wd[item]
        return NEVER if n == NO_TACIT else self._periods.end(ready, n)


class Delays:
    """The delays of one workload."""

    def __init__(self, workload: Workload) -> None:
        self._amount: list[int] = workload.amount.tolist()
        self._rule: list[int] = workload.delay_rule.tolist()
        self._calendar: list[int] = workload.calendar.tolist()
        self._hours = rows(workload.calendars, goes_on=False)
        self._periods = WorkingDayPeriods(workload.working_days)

    def end(self, item: int, t: int) -> int:
        """Return the end of a delay that begins at t; NEVER if its calendar is too short."""
        amount, rule = self._amount[item], self._rule[item]
        if amount == 0:
            return t
        if rule == DelayRule.ELAPSED:
            return t + amount
        if rule == DelayRule.ON_CALENDAR:
            return self._hours[self._calendar[item]].finish(t, amount)
        if rule == DelayRule.CALENDAR_DAYS:
            return close(t // DAY_S + amount)
        if rule == DelayRule.LEGAL_CALENDAR_DAYS:
            return self._periods.close_on_or_after(t // DAY_S + amount)
        return self._periods.end(t, amount)
