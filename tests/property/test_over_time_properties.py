"""What happened in all periods is what happened in the window, to the second."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine import simulate
from sim.measures.pools import PoolActivity, waiting_integral_s
from sim.measures.pools_over_time import PoolsOverTime, measure_over_time
from tests.build.random_workloads import DAYS, crowded_models, instants, models, tacit_models
from tests.build.schedules import DAY
from tests.build.workloads import Model

NAMES = ("worked_s", "rostered_s", "queue_s", "waited_s", "arrived")
any_models = models() | crowded_models() | tacit_models()
cuts = st.sets(instants, min_size=2, max_size=8).map(sorted)


def activity(model: Model, begin: int, until: int) -> PoolActivity:
    schedule = simulate(model.workload, model.supply, model.horizon)
    return PoolActivity.of(model.workload, model.supply, schedule, begin, until)


def by_period(within: PoolActivity, edges: list[int]) -> PoolsOverTime:
    return measure_over_time(within.sums(np.array(edges)), within.supply)


def sums(over_time: PoolsOverTime) -> dict[str, list[int]]:
    return {name: getattr(over_time, name).sum(axis=1).tolist() for name in NAMES}


@settings(max_examples=40, deadline=None)
@given(any_models, cuts)
def test_the_sums_of_the_periods_are_the_measures_of_the_window(
    model: Model, edges: list[int]
) -> None:
    within = activity(model, edges[0], edges[-1])
    got, whole = by_period(within, edges), within.measures()
    worked, rostered, queue, waited, arrived = (np.array(each) for each in sums(got).values())
    utilisation = np.where(rostered > 0, worked / np.maximum(rostered, 1), np.nan)
    assert np.array_equal(utilisation, whole.utilisation, equal_nan=True)
    assert arrived.tolist() == whole.arrived.tolist()
    assert (queue / (edges[-1] - edges[0])).tolist() == whole.mean_queue.tolist()
    wait_h = np.where(arrived > 0, waited / np.maximum(arrived, 1), np.nan) / 3600
    assert np.array_equal(wait_h, whole.mean_wait_h, equal_nan=True)


@settings(max_examples=40, deadline=None)
@given(any_models, cuts)
def test_each_period_is_as_if_it_were_the_window(model: Model, edges: list[int]) -> None:
    got = by_period(activity(model, edges[0], edges[-1]), edges)
    for number, alone in enumerate(pairwise(edges)):
        expected = by_period(activity(model, *alone), list(alone))
        for name in NAMES:
            column = getattr(got, name)[:, number].tolist()
            assert column == getattr(expected, name)[:, 0].tolist(), name


@settings(max_examples=40, deadline=None)
@given(any_models, cuts)
def test_over_the_whole_run_queues_are_waiting_and_all_work_is_there(
    model: Model, edges: list[int]
) -> None:
    schedule = simulate(model.workload, model.supply, model.horizon)
    end = max(schedule.stopped_s + 1, DAYS * DAY)
    everything = PoolActivity.of(model.workload, model.supply, schedule, 0, end)
    cut = [0, *(t for t in edges if 0 < t < end), end]
    got = by_period(everything, cut)
    pools = len(model.supply.rule)
    little = waiting_integral_s(model.workload, schedule, pools).tolist()
    assert sums(got)["queue_s"] == sums(got)["waited_s"] == little
    times = everything.times
    served_by = np.diff(model.supply.pool_ptr)[times.officer]
    assert sum(sums(got)["worked_s"]) == (times.seconds * served_by).sum()
