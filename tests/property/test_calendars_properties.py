"""Laws of working-day and interval arithmetic on random calendars, against naive references."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.calendars import Intervals, IntervalTable, WorkingDays

LAST = 40  # small enough to count every second or day one by one

calendars = st.lists(st.booleans(), min_size=1, max_size=LAST).map(
    lambda days: WorkingDays(date(2024, 1, 1), np.array(days, dtype=bool))
)
instants = st.integers(0, LAST)
interval_sets = st.lists(
    st.tuples(instants, instants).map(lambda p: (min(p), max(p))), max_size=6
).map(Intervals.of)


@st.composite
def calendar_and_days(draw, k):
    wd = draw(calendars)
    return wd, [draw(st.integers(0, len(wd) - 1)) for _ in range(k)]


@given(calendar_and_days(2), st.booleans())
def test_count_is_a_loop(case, inclusive):
    wd, (a, b) = case
    a, b = min(a, b), max(a, b)
    days = range(a if inclusive else a + 1, b + 1)
    assert wd.count(a, b, count_start_day=inclusive) == sum(bool(wd.working[d]) for d in days)


@given(calendar_and_days(3))
def test_count_adds_up(case):
    wd, (a, b, c) = case
    assert wd.count(a, b) + wd.count(b, c) == wd.count(a, c)
    assert wd.count(a, b) == -wd.count(b, a)


@given(calendar_and_days(2), st.booleans())
def test_add_inverts_count(case, inclusive):
    wd, (a, b) = case
    n = wd.count(a, b, count_start_day=inclusive)
    if n <= 0:
        return
    due = wd.add(a, n, count_start_day=inclusive)
    assert wd.count(a, due, count_start_day=inclusive) == n
    assert wd.working[due]
    assert due <= b  # the first day that makes n, so n working days are never counted as late


@given(calendar_and_days(1), st.data())
def test_adding_twice_is_adding_the_sum(case, data):
    wd, (a,) = case
    left = wd.count(a, len(wd) - 1)
    n = data.draw(st.integers(0, left))
    m = data.draw(st.integers(0, left - n))
    assert wd.add(wd.add(a, n), m) == wd.add(a, n + m)


@given(calendar_and_days(5), st.booleans())
def test_arrays_do_as_ints_do(case, inclusive):
    wd, days = case
    a = np.array(days)
    b = a[::-1]
    counts = wd.count(a, b, count_start_day=inclusive)
    one_by_one = [
        wd.count(int(x), int(y), count_start_day=inclusive) for x, y in zip(a, b, strict=True)
    ]
    assert counts.tolist() == one_by_one
    n = np.maximum(counts, 0)
    dues = wd.add(a, n, count_start_day=inclusive)
    assert dues.tolist() == [
        wd.add(int(x), int(k), count_start_day=inclusive) for x, k in zip(a, n, strict=True)
    ]


def seconds(intervals: Intervals) -> set[int]:
    bounds = zip(intervals.start.tolist(), intervals.end.tolist(), strict=True)
    return {s for start, end in bounds for s in range(start, end)}


def finish_second_by_second(intervals: Intervals, t: int, w: int) -> int:
    is_open = seconds(intervals)
    last = max(is_open, default=-1)
    while w > 0:
        w -= t in is_open or t > last
        t += 1
    return t


@given(interval_sets, instants, st.integers(0, 2 * LAST))
def test_finish_is_the_naive_one(intervals, t, w):
    assert intervals.finish(t, w) == finish_second_by_second(intervals, t, w)


@given(interval_sets, instants, instants)
def test_elapsed_is_the_naive_one(intervals, a, b):
    a, b = min(a, b), max(a, b)
    assert intervals.elapsed(a, b) == len(seconds(intervals) & set(range(a, b)))


@given(interval_sets, instants, st.data())
def test_finish_inverts_elapsed(intervals, t, data):
    w = data.draw(st.integers(0, intervals.elapsed(t, LAST)))
    done = intervals.finish(t, w)
    assert intervals.elapsed(t, done) == w
    assert w == 0 or intervals.contains(done - 1)  # done as soon as possible


@given(interval_sets, instants, st.integers(0, LAST), st.integers(0, LAST))
def test_work_may_be_split(intervals, t, v, w):
    assert intervals.finish(intervals.finish(t, v), w) == intervals.finish(t, v + w)


@given(interval_sets, st.lists(st.tuples(instants, instants), min_size=1, max_size=8))
def test_interval_arrays_do_as_ints_do(intervals, cases):
    t, w = np.array(cases).T
    one_by_one = [
        (intervals.finish(*c), intervals.elapsed(*c), intervals.contains(c[0])) for c in cases
    ]
    many = zip(intervals.finish(t, w), intervals.elapsed(t, w), intervals.contains(t), strict=True)
    assert list(many) == one_by_one


@given(interval_sets, interval_sets, instants, instants)
def test_set_operations_are_those_of_sets(one, other, a, b):
    assert seconds(one.intersect(other)) == seconds(one) & seconds(other)
    assert seconds(one.minus(other)) == seconds(one) - seconds(other)
    assert seconds(one.clip(a, b)) == seconds(one) & set(range(a, b))


@given(st.lists(st.tuples(instants, instants).map(lambda p: (min(p), max(p))), max_size=8))
def test_of_keeps_the_seconds(given_pairs):
    assert seconds(Intervals.of(given_pairs)) == {s for a, b in given_pairs for s in range(a, b)}


@given(st.lists(interval_sets, max_size=5))
def test_table_keeps_its_rows(sets):
    table = IntervalTable.of(sets)
    assert [seconds(table.row(k)) for k in range(len(table))] == [seconds(s) for s in sets]
