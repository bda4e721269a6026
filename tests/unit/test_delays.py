"""Periods in working days, as the engine in Python ends them, to the last day of a calendar."""

from datetime import date

import numpy as np
import pytest

from sim.calendars import WorkingDays
from sim.engine.contract import DAY_S, NEVER
from sim.engine.delays import WorkingDayPeriods, close


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
