"""The life of a case as an object."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.engine.contract import DAY_S, OPEN
from sim.limits import PRESETS
from sim.measures.limits import Standing
from sim.replications.readings import read_limits
from sim.scenario import ScenarioError
from tests.build import results


def late_days(result: sim.Result, name: str):
    replication = result.model.replicate(result.seed, 0)
    limit = next(e for e in read_limits(result.scenario, replication) if e.limit.name == name)
    late = limit.standing[limit.limit.clock] == Standing.LATE
    late &= replication.demand.workload.measured[limit.readings.case]
    return limit.readings.case[late], limit.readings.clocks[limit.limit.clock].value[late]


def test_the_case_is_the_late_one_nearest_to_the_median() -> None:
    result = results.city()
    life = sim.case_life(result, limit="project_30")
    cases, days = late_days(result, "project_30")
    assert life.choice == "late"
    assert life.case in cases
    mine = days[cases == life.case][0]
    assert abs(mine - np.median(days)) == abs(days - np.median(days)).min()
    assert sim.case_life(result, limit="project_30").case == life.case


def test_where_none_is_late_it_is_a_usual_one() -> None:
    assert sim.case_life(results.run(results.QUICK)).choice == "on_time"


def test_a_scenario_or_its_result_and_the_number_or_none() -> None:
    scenario = results.office()
    of_result = sim.case_life(results.run(), 5)
    of_scenario = sim.case_life(scenario, "5", seed=3)
    assert of_result.choice == "named"
    assert of_result.steps == of_scenario.steps
    with pytest.raises(ScenarioError, match="no such case; the cases of this run are 0 to"):
        sim.case_life(scenario, 10**6)
    with pytest.raises(ValueError, match="no limit 'other'; there are: two_days"):
        sim.case_life(scenario, limit="other")


def test_a_case_of_the_backlog_goes_by_its_name() -> None:
    scenario = sim.load("yingkou/backlog")
    first = sim.case_life(scenario, 0)
    assert first.name
    life = sim.case_life(scenario, first.name)
    assert (life.name, life.case, life.choice) == (first.name, 0, "named")


@pytest.mark.parametrize("case", [None, 400, 401])
def test_the_days_between_start_and_stop_of_the_intervals_are_those_of_the_clock(case) -> None:
    life = sim.case_life(results.city(), case)
    assert life.clocks
    for clock in life.clocks:
        if clock.start_s == OPEN:
            continue
        assert PRESETS[clock.limit.clock].unit == clock.unit == "wd"
        days = life.model.working_days
        counted = sum(days.count(a // DAY_S, b // DAY_S) for a, b in clock.running)
        assert counted == clock.value
        assert clock.running[0][0] >= clock.start_s
        assert clock.stop_s == OPEN or clock.running[-1][1] <= clock.stop_s


def test_steps_are_told_in_order_of_time() -> None:
    life = sim.case_life(results.city())
    ready = [step.ready_s for step in life.steps]
    assert ready == sorted(ready)
    assert life.first_s == ready[0]
    assert life.instant(0).date() == life.scenario.period.start
    worked = [step for step in life.steps if step.pool is not None]
    assert worked
    assert all(step.ready_s <= step.start_s <= step.end_s for step in worked if step.end_s != OPEN)
