"""Pools by period, worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.measures.pools import PoolActivity
from sim.measures.pools_over_time import PoolsOverTime, _small, measure_over_time
from sim.results.parts import pools_over_time
from tests.build.schedules import Case, Item, build, node, process, supply

P = process(node("work"))
ALWAYS = [(0, 1000)]


def work(ready, start, end, pool=0, officer=0):
    return Case([Item(0, ready, end, start, pool=pool, officer=-1 if start is None else officer)])


def measure(cases, staff, edges, stopped=1000) -> PoolsOverTime:
    demand, schedule = build(P, cases, stopped)
    activity = PoolActivity.of(demand.workload, staff, schedule, edges[0], edges[-1])
    return measure_over_time(activity.sums(np.array(edges)), staff)


def test_one_officer_three_periods() -> None:
    # On duty [0, 10) and [20, 30); periods [0, 8), [8, 22), [22, 30).
    # One item is ready at 1, begun at 5, done at 25 (10 s of work); the next waits from 6 to 25 and
    # is worked on up to 28.
    staff = supply(1, [([0], [(0, 10), (20, 30)])])
    got = measure([work(1, 5, 25), work(6, 25, 28)], staff, [0, 8, 22, 30])
    assert got.worked_s.tolist() == [[8 - 5, (10 - 8) + (22 - 20), (25 - 22) + (28 - 25)]]
    assert got.rostered_s.tolist() == [[8, 2 + 2, 8]]
    assert got.queue_s.tolist() == [[(5 - 1) + (8 - 6), 22 - 8, 25 - 22]]
    assert got.arrived.tolist() == [[2, 0, 0]]
    assert got.waited_s.tolist() == [[(5 - 1) + (25 - 6), 0, 0]]


def test_before_and_after_the_window_nothing_counts() -> None:
    # In [10, 20) and [20, 40): worked from before to 12, then from 35 to after the end.
    staff = supply(1, [([0], ALWAYS)])
    got = measure([work(0, 2, 12), work(5, 35, 90), work(40, 90, 91)], staff, [10, 20, 40])
    assert got.worked_s.tolist() == [[2, 5]]
    assert got.rostered_s.tolist() == [[10, 20]]
    assert got.queue_s.tolist() == [[10, 15]]
    assert got.arrived.tolist() == [[0, 0]]


def test_an_instant_at_an_edge_belongs_to_the_later_period() -> None:
    staff = supply(1, [([0], ALWAYS)])
    got = measure([work(10, 15, 20)], staff, [0, 10, 20, 30])
    assert got.arrived.tolist() == [[0, 1, 0]]
    assert got.waited_s.tolist() == [[0, 5, 0]]
    assert got.worked_s.tolist() == [[0, 5, 0]]


def test_overtime_in_hand_is_worked_but_not_rostered() -> None:
    staff = supply(1, [([0], [(0, 10), (20, 30)])], in_hand=True)
    got = measure([work(5, 5, 17)], staff, [0, 8, 15, 30])
    assert got.worked_s.tolist() == [[3, 7, 2]]
    assert got.rostered_s.tolist() == [[8, 2, 10]]


def test_shared_officers_and_a_pool_without_any() -> None:
    # Officer 0 serves pools 0 and 1 and works for pool 1; nobody serves pool 2, where one waits to
    # the stop at 40, within the second period.
    staff = supply(3, [([0, 1], ALWAYS), ([0], ALWAYS)])
    cases = [
        work(0, 0, 30, pool=1, officer=0),
        work(0, 0, 10, pool=0, officer=1),
        work(15, None, None, pool=2),
    ]
    got = measure(cases, staff, [0, 20, 50], stopped=40)
    assert got.worked_s.tolist() == [[20 + 10, 10], [20, 10], [0, 0]]
    assert got.rostered_s.tolist() == [[40, 60], [20, 30], [0, 0]]
    assert got.queue_s.tolist() == [[0, 0], [0, 0], [5, 20]]
    assert got.waited_s.tolist() == [[0, 0], [0, 0], [25, 0]]
    assert got.arrived.tolist() == [[1, 0], [1, 0], [1, 0]]


def test_nothing_happened() -> None:
    got = measure([], supply(2, []), [0, 5, 9])
    for name in ("worked_s", "rostered_s", "queue_s", "waited_s", "arrived"):
        assert getattr(got, name).tolist() == [[0, 0], [0, 0]]


def test_periods_must_be_those_of_the_window() -> None:
    demand, schedule = build(P, [], 10)
    activity = PoolActivity.of(demand.workload, supply(1, []), schedule, 0, 10)
    with pytest.raises(ValueError, match=r"periods from 0 to 9 are not those of \[0, 10\)"):
        activity.sums(np.array([0, 9]))


def test_numbers_take_32_bits_only_where_all_fit() -> None:
    largest = 2**31 - 1
    assert _small(np.array([0, largest])).dtype == np.int32
    assert _small(np.array([0, largest + 1])).tolist() == [0, largest + 1]


def test_replications_together_are_sums_over_sums() -> None:
    """An hour, and two in which nobody is rostered and nothing comes; two replications."""
    model = SimpleNamespace(
        period_edges_s=np.array([0, 3600, 10800]), pools=SimpleNamespace(names=("desk",))
    )
    parts = [
        PoolsOverTime(*(np.array([[value, 0]]) for value in values))
        for values in ((1800, 3600, 3600, 7200, 2), (0, 3600, 0, 3600, 1))
    ]
    summaries = [SimpleNamespace(pools_over_time=part) for part in parts]
    desk = pools_over_time(model, summaries)["desk"]
    assert desk.utilisation == pytest.approx([0.25, np.nan], nan_ok=True)
    assert desk.mean_queue == pytest.approx([0.5, 0])
    assert desk.mean_wait_h == pytest.approx([1, np.nan], nan_ok=True)  # 3 hours, 3 items
    assert desk.items.tolist() == [3, 0]
