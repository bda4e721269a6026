"""Sets of seconds: the canonical form, and work that pauses outside them."""

import numpy as np
import pytest

from sim.calendars import Intervals, IntervalTable

OPEN = Intervals.of([(10, 20), (30, 35)])


def pairs(intervals):
    return list(zip(intervals.start.tolist(), intervals.end.tolist(), strict=True))


def test_of_sorts_merges_and_drops():
    given = [(30, 40), (0, 5), (5, 8), (50, 50), (10, 20), (12, 15), (19, 21)]
    assert pairs(Intervals.of(given)) == [(0, 8), (10, 21), (30, 40)]
    assert pairs(Intervals.of(np.array(given))) == [(0, 8), (10, 21), (30, 40)]
    assert pairs(Intervals.of([])) == []
    with pytest.raises(ValueError, match=r"\[7, 3\) ends before it starts"):
        Intervals.of([(0, 1), (7, 3)])


@pytest.mark.parametrize(
    ("start", "end"),
    [([0, 5], [5, 8]), ([5, 0], [6, 1]), ([3], [3]), ([0, 4], [5, 8])],
    ids=["touching", "unsorted", "empty", "overlapping"],
)
def test_constructor_refuses_other_forms(start, end):
    with pytest.raises(ValueError, match=r"Intervals\.of"):
        Intervals(np.array(start), np.array(end))


def test_constructor_refuses_unequal_lengths():
    with pytest.raises(ValueError, match=r"\[K\] each"):
        Intervals(np.array([1, 5]), np.array([2]))


def test_contains_is_half_open():
    assert [t for t in range(40) if OPEN.contains(t)] == [*range(10, 20), *range(30, 35)]
    assert OPEN.contains(np.array([9, 10, 19, 20])).tolist() == [False, True, True, False]
    assert OPEN.contains(10) is True


@pytest.mark.parametrize(
    ("t", "w", "done"),
    [
        (0, 0, 0),  # no work is done at once, also outside the intervals
        (25, 0, 25),
        (0, 1, 11),
        (12, 3, 15),
        (12, 8, 20),  # ends when the interval ends, not at the next opening
        (12, 9, 31),
        (20, 1, 31),
        (10, 15, 35),
        (10, 18, 38),  # past the last interval without pause
        (33, 4, 37),
        (35, 4, 39),
        (90, 4, 94),
    ],
)
def test_finish(t, w, done):
    assert OPEN.finish(t, w) == done
    assert OPEN.finish(np.array([t]), np.array([w])).tolist() == [done]


def test_finish_without_intervals_never_pauses():
    assert Intervals.of([]).finish(7, 5) == 12
    assert Intervals.of([]).finish(np.array([7, 8]), 5).tolist() == [12, 13]


def test_finish_refuses_negative_work():
    with pytest.raises(ValueError, match="work of -3 s"):
        OPEN.finish(0, np.array([2, -3]))


def test_elapsed():
    assert OPEN.elapsed(0, 100) == 15
    assert OPEN.elapsed(15, 32) == 7
    assert OPEN.elapsed(32, 15) == -7
    assert OPEN.elapsed(0, np.array([0, 10, 11, 20, 30, 31, 35, 36])).tolist() == [
        *(0, 0, 1, 10, 10, 11, 15, 15)
    ]
    assert Intervals.of([]).elapsed(0, 9) == 0
    assert Intervals.of([]).elapsed(0, np.array([1, 2])).tolist() == [0, 0]
    assert type(OPEN.elapsed(0, 100)) is type(OPEN.finish(0, 3)) is int


def test_set_operations():
    other = Intervals.of([(0, 12), (18, 32)])
    assert pairs(OPEN.intersect(other)) == [(10, 12), (18, 20), (30, 32)]
    assert pairs(OPEN.minus(other)) == [(12, 18), (32, 35)]
    assert pairs(other.minus(OPEN)) == [(0, 10), (20, 30)]
    assert pairs(OPEN.clip(15, 31)) == [(15, 20), (30, 31)]
    assert pairs(OPEN.clip(31, 15)) == []
    none = Intervals.of([])
    assert pairs(OPEN.intersect(none)) == pairs(none.minus(OPEN)) == pairs(none.clip(0, 9)) == []
    assert pairs(OPEN.minus(none)) == pairs(OPEN)


def test_table_gives_back_its_rows():
    # The second set begins where the first one ends: that is no fault between sets.
    sets = [OPEN, Intervals.of([(35, 40)]), Intervals.of([]), Intervals.of([(0, 1)])]
    table = IntervalTable.of(sets)
    assert table.ptr.tolist() == [0, 2, 3, 3, 4]
    assert len(table) == 4
    assert [pairs(table.row(k)) for k in range(4)] == [pairs(s) for s in sets]
    for k in (-1, 4):
        with pytest.raises(IndexError):
            table.row(k)
    assert len(IntervalTable.of([])) == 0
    assert {a.dtype.name for a in (table.ptr, table.start, table.end)} == {"int64"}


@pytest.mark.parametrize(
    ("ptr", "start", "end", "why"),
    [
        ([], [], [], "ptr must rise"),
        ([1, 2], [0, 5], [1, 6], "ptr must rise"),
        ([0, 2, 1], [0], [1], "ptr must rise"),
        ([0, 2], [0], [1], "must be .2. as ptr says"),
        ([0, 2], [0, 1], [1, 2], "apart"),
        ([0, 1], [1], [1], "not empty"),
    ],
)
def test_table_refuses(ptr, start, end, why):
    with pytest.raises(ValueError, match=why):
        IntervalTable(np.array(ptr), np.array(start), np.array(end))
