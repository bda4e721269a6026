"""Periods in working days, as the engine in Python ends them, to the last day of a calendar."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from sim.calendars import Intervals, WorkingDays
from sim.calendars.intervals import IntervalTable
from sim.engine.contract import DAY_S, NEVER, DelayRule
from sim.engine.delays import Delays, WorkingDayPeriods, close


@pytest.mark.parametrize("pattern", ["1101101", "0011100", "1", "0", "1000001", "0110"])
def test_the_end_is_the_close_of_the_nth_working_day_after_the_date(pattern: str) -> None:
    working = [sign == "1" for sign in pattern]
    periods = WorkingDayPeriods(WorkingDays(date(2024, 1, 1), np.array(working)))
    for day in range(len(working)):
        after = [later for later in range(day + 1, len(working)) if working[later]]
        for t in (day * DAY_S, close(day)):
            assert periods.end(t, 0) == close(day)
            for n in range(1, len(after) + 1):
                assert periods.end(t, n) == close(after[n - 1])
            assert periods.end(t, len(after) + 1) == NEVER
    for day in range(1, len(working) + 3):
        on_or_after = [one for one in range(day, len(working)) if working[one]]
        expected = close(on_or_after[0]) if on_or_after else NEVER
        assert periods.close_on_or_after(day) == expected


HOUR = 3600


@pytest.mark.parametrize(
    ("rule", "amount", "end"),
    [
        (DelayRule.ELAPSED, 0, DAY_S + 9 * HOUR),
        (DelayRule.ELAPSED, 5, DAY_S + 9 * HOUR + 5),
        (DelayRule.ON_CALENDAR, 90 * 60, 2 * DAY_S + 8 * HOUR + 30 * 60),
        (DelayRule.CALENDAR_DAYS, 2, close(3)),
        (DelayRule.LEGAL_CALENDAR_DAYS, 2, close(4)),
        (DelayRule.WORKING_DAYS, 2, close(4)),
    ],
)
def test_a_delay_ends_by_its_rule(rule: DelayRule, amount: int, end: int) -> None:
    """From nine on day 1, open from eight to ten; day 3 is no working day."""
    hours = [day * DAY_S + hour * HOUR for day in range(5) for hour in (8, 10)]
    workload = SimpleNamespace(
        amount=np.array([amount]),
        delay_rule=np.array([rule]),
        calendar=np.array([0]),
        calendars=IntervalTable.of([Intervals(np.array(hours[::2]), np.array(hours[1::2]))]),
        working_days=WorkingDays(date(2024, 1, 1), np.array([True, True, True, False, True])),
    )
    assert Delays(workload).end(0, DAY_S + 9 * HOUR) == end
