"""Utilisation, waiting and queues, worked out by hand."""

import math

import numpy as np
import pytest

from sim.calendars import Intervals, IntervalTable
from sim.measures.duty import WorkTimes, duty_until
from sim.measures.pools import PoolActivity, waiting_integral_s
from tests.build.schedules import Case, Item, build, node, process, supply

P = process(node("work"))
ALWAYS = [(0, 1000)]


def work(ready, start, end, pool=0, officer=0):
    return Case([Item(0, ready, end, start, pool=pool, officer=-1 if start is None else officer)])


def measure(cases, staff, begin, until, stopped=1000):
    demand, schedule = build(P, cases, stopped)
    return PoolActivity.of(demand.workload, staff, schedule, begin, until).measures()


def test_utilisation_oracle():
    # Arrivals at 2 and 5, service 1 and 6, one server: busy [2, 3) and [5, 11), 7 of 14.
    cases = [work(2, 2, 3), work(5, 5, 11)]
    got = measure(cases, supply(1, [([0], ALWAYS)]), 0, 14, stopped=11)
    assert got.utilisation.tolist() == [7 / 14]
    assert got.worked_h.tolist() == [7 / 3600]
    assert (got.officers[0], got.arrived[0], got.served[0]) == (1, 2, 2)
    assert got.mean_work_h[0] == 3.5 / 3600
    assert (got.mean_wait_h[0], got.mean_queue[0], got.max_queue[0]) == (0, 0, 0)


def test_work_outside_duty_and_window_does_not_count():
    # On duty [0, 10) and [20, 30). Begun at 5, done at 25: 5 s today, 5 s tomorrow.
    staff = supply(1, [([0], [(0, 10), (20, 30)])])
    got = measure([work(5, 5, 25)], staff, 0, 30)
    assert got.utilisation[0] == 10 / 20
    assert measure([work(5, 5, 25)], staff, 8, 22).utilisation[0] == 4 / 4
    assert got.mean_work_h[0] == 10 / 3600
    assert measure([work(5, 5, 25)], staff, 8, 22).served[0] == 0
    # Served in the window: all of its work counts, that before the window too.
    assert measure([work(5, 5, 25)], staff, 22, 30).mean_work_h[0] == 10 / 3600


def test_finishing_in_hand_counts_in_full():
    staff = supply(1, [([0], [(0, 10), (20, 30)])], in_hand=True)
    assert measure([work(5, 5, 15)], staff, 0, 20).utilisation[0] == 10 / 10
    assert measure([work(5, 5, 25)], staff, 0, 20).utilisation[0] == 15 / 10  # overtime


def test_past_the_last_duty_work_goes_on_without_pause():
    staff = supply(1, [([0], [(0, 10), (20, 30)])])
    _, schedule = build(P, [work(25, 25, 37)], 1000)
    assert WorkTimes.of(staff, schedule).within(0, 1000).tolist() == [12]


def test_open_work_counts_up_to_the_stop():
    got = measure([work(5, 5, None)], supply(1, [([0], ALWAYS)]), 0, 100, stopped=40)
    assert got.utilisation[0] == 35 / 100
    assert got.served[0] == 0
    assert math.isnan(got.mean_work_h[0])


def test_shared_officers_are_as_busy_as_they_are():
    # Officer 0 serves both pools and works 40 s for pool 1; officer 1 serves pool 0 alone: 10 s.
    staff = supply(2, [([0, 1], ALWAYS), ([0], ALWAYS)])
    cases = [work(0, 0, 40, pool=1, officer=0), work(0, 0, 10, pool=0, officer=1)]
    got = measure(cases, staff, 0, 100)
    assert got.utilisation.tolist() == [50 / 200, 40 / 100]
    assert (got.worked_h * 3600).tolist() == [10, 40]
    assert got.officers.tolist() == [2, 1]


def test_waiting_and_queues():
    # Ready at 0, 1, 2; served [0, 10), [10, 20), [20, 30). Queue: 1 from 1, 2 from 2, 1 from 10.
    cases = [work(0, 0, 10), work(1, 10, 20), work(2, 20, 30)]
    staff = supply(1, [([0], ALWAYS)])
    got = measure(cases, staff, 0, 40)
    assert got.mean_wait_h[0] * 3600 == pytest.approx((0 + 9 + 18) / 3)
    assert got.max_queue[0] == 2
    assert got.mean_queue[0] == 27 / 40
    # In [5, 15): two wait till 10, one from then on; none became ready.
    got = measure(cases, staff, 5, 15)
    assert got.mean_queue[0] == (2 * 5 + 1 * 5) / 10
    assert got.max_queue[0] == 2
    assert math.isnan(got.mean_wait_h[0])


def test_who_comes_is_counted_beside_who_goes():
    # One leaves the queue at 10, at which another joins it; a third is served at once.
    cases = [work(0, 10, 12), work(10, 12, 13), work(10, 10, 11, officer=1)]
    staff = supply(1, [([0], ALWAYS), ([0], ALWAYS)])
    assert measure(cases, staff, 0, 20).max_queue[0] == 2


def test_who_still_waits_counts_up_to_the_stop():
    cases = [work(0, None, None), work(30, None, None)]
    got = measure(cases, supply(1, [([0], ALWAYS)]), 0, 50, stopped=40)
    assert got.mean_wait_h[0] * 3600 == (40 + 10) / 2
    assert got.mean_queue[0] == (40 + 10) / 50
    assert got.utilisation[0] == 0


def test_queues_of_pools_are_kept_apart():
    cases = [work(0, 5, 6), work(0, 7, 8, pool=2), work(1, 9, 10, pool=2)]
    demand, schedule = build(P, cases, 20)
    assert waiting_integral_s(demand.workload, schedule, 3).tolist() == [5, 0, 7 + 8]


def test_a_pool_without_officers():
    got = measure([work(0, None, None, pool=1)], supply(2, [([0], ALWAYS)]), 0, 50)
    assert math.isnan(got.utilisation[1])
    assert got.max_queue.tolist() == [0, 1]


def test_empty_window():
    with pytest.raises(ValueError, match=r"window \[5, 5\)"):
        measure([], supply(1, []), 5, 5)


def test_duty_until_is_a_count_of_seconds():
    rng = np.random.default_rng(1)
    sets = [Intervals.of(np.sort(rng.integers(0, 60, (4, 2)), axis=1)) for _ in range(5)]
    table = IntervalTable.of([*sets, Intervals.of([])])
    row, t = (a.ravel() for a in np.meshgrid(np.arange(6), np.arange(65)))
    naive = [
        sum(table.row(k).contains(second) for second in range(until))
        for k, until in zip(row, t, strict=True)
    ]
    assert duty_until(table, row, t).tolist() == naive
