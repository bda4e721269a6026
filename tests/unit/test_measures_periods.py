"""The window cut into periods, and limits by period, worked out by hand."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.limits import PRESETS, ResolvedLimit, Scope
from sim.measures.limits import read_limit
from sim.measures.periods import Period, by_period, edges_s, periods_of
from tests.build.schedules import DAY, HOUR, Case, Item, build, history, node, process

P = process(node("work"))


def test_a_long_window_is_cut_into_months() -> None:
    assert periods_of(date(2021, 1, 20), date(2021, 4, 30)) == (
        Period(date(2021, 1, 20), date(2021, 1, 31), "month", "2021-01"),
        Period(date(2021, 2, 1), date(2021, 2, 28), "month", "2021-02"),
        Period(date(2021, 3, 1), date(2021, 3, 31), "month", "2021-03"),
        Period(date(2021, 4, 1), date(2021, 4, 30), "month", "2021-04"),
    )


def test_a_short_window_is_cut_into_weeks_from_monday() -> None:
    # 2021-03-04 is a Thursday, 2021-03-16 a Tuesday.
    assert periods_of(date(2021, 3, 4), date(2021, 3, 16)) == (
        Period(date(2021, 3, 4), date(2021, 3, 7), "week", "2021-03-04"),
        Period(date(2021, 3, 8), date(2021, 3, 14), "week", "2021-03-08"),
        Period(date(2021, 3, 15), date(2021, 3, 16), "week", "2021-03-15"),
    )


def test_92_days_are_months_and_91_are_weeks() -> None:
    first = date(2021, 3, 1)  # a Monday; March to May have 92 days
    assert [each.label for each in periods_of(first, date(2021, 5, 31))] == [
        "2021-03",
        "2021-04",
        "2021-05",
    ]
    assert [each.days for each in periods_of(first, date(2021, 5, 30))] == [7] * 13


def test_a_single_day_is_one_period() -> None:
    day = date(2021, 12, 31)
    assert periods_of(day, day) == (Period(day, day, "week", "2021-12-31"),)
    with pytest.raises(ValueError, match="ends before it begins"):
        periods_of(day, date(2021, 12, 30))


@given(st.dates(date(2019, 1, 1), date(2024, 1, 1)), st.integers(0, 800))
def test_periods_cover_the_window_without_gap_or_overlap(first: date, more: int) -> None:
    last = first + timedelta(days=more)
    periods = periods_of(first, last)
    days = [each.first + timedelta(days=n) for each in periods for n in range(each.days)]
    assert days == [first + timedelta(days=n) for n in range(more + 1)]
    assert len({each.label for each in periods}) == len(periods)
    origin = date(2018, 12, 30)
    edges = edges_s(periods, origin)
    assert np.diff(edges).tolist() == [each.days * DAY for each in periods]
    assert edges[0] == (first - origin).days * DAY


def test_cases_count_where_they_were_submitted() -> None:
    # Periods [day 2, day 4) and [day 4, day 5). The limit is 1 day, by calendar days.
    edges = np.array([2, 4, 5]) * DAY
    cases = [
        Case([Item(0, 0, 3 * DAY)], arrival=0),  # measured, though before: 3 days
        Case([Item(0, DAY, DAY + HOUR)], arrival=DAY, measured=False),  # before the window
        Case([Item(0, 2 * DAY, 3 * DAY)], arrival=2 * DAY),  # the first second: 1 day
        Case([Item(0, 4 * DAY - 1, 6 * DAY)], arrival=4 * DAY - 1),  # the last second: 3 days
        Case([Item(0, 4 * DAY, None)], arrival=4 * DAY),  # open at day 6: 2 days so far
        Case([Item(0, 5 * DAY, 5 * DAY)], arrival=5 * DAY, measured=False),  # after the window
    ]
    demand, schedule = build(P, cases, stopped=6 * DAY)
    limit = ResolvedLimit("one", Scope("project"), PRESETS["calendar_days"], 1, 0.9, 0.95)
    reading = read_limit(limit, history(P, demand, schedule))
    first, second = by_period(reading, demand, edges)
    assert (first.on_time, first.late, first.open) == (1, 2, 0)
    assert (second.on_time, second.late, second.open, second.open_overdue) == (0, 0, 1, 1)
    assert sorted(first.ended_days) == [1, 3, 3]
    assert second.open_days.tolist() == [2]
