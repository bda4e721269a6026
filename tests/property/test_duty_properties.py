"""Duty for many officers at once says what it says for each alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.calendars import Intervals, IntervalTable
from sim.supply.roster import DutyByDay

DAY = 86_400
LAST = 5 * DAY

pairs = st.tuples(st.integers(0, LAST), st.integers(0, 2 * DAY)).map(lambda p: (p[0], sum(p)))
rows = st.lists(st.lists(pairs, max_size=8).map(Intervals.of), min_size=1, max_size=4)


@given(rows, st.data())
def test_first_open_is_the_first_interval_that_ends_later(sets, data):
    table = IntervalTable.of(sets)
    k = np.array(data.draw(st.lists(st.integers(0, len(sets) - 1), min_size=1)))
    edges = sorted({0, LAST, 9 * DAY, *table.start.tolist(), *table.end.tolist()})
    instants = st.sampled_from(edges) | st.integers(0, 9 * DAY)
    t = np.array(data.draw(st.lists(instants, min_size=len(k), max_size=len(k))))
    found = table.first_open(k, t) - table.ptr[k]
    assert found.tolist() == [
        int(np.searchsorted(sets[row].end, at, side="right")) for row, at in zip(k, t, strict=True)
    ]


@given(rows, st.data())
def test_absence_takes_out_whole_days_and_nothing_else(sets, data):
    days = data.draw(st.integers(1, 6))
    absent = np.array(
        [data.draw(st.lists(st.booleans(), min_size=days, max_size=days)) for _ in sets]
    )
    left = DutyByDay.of(sets).without(absent)
    for row, (duty, away) in enumerate(zip(sets, absent, strict=True)):
        whole = Intervals.of([(day * DAY, (day + 1) * DAY) for day in np.flatnonzero(away)])
        expected = duty.minus(whole)
        assert left.row(row).start.tolist() == expected.start.tolist()
        assert left.row(row).end.tolist() == expected.end.tolist()
