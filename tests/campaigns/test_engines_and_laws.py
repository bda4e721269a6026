"""Random scenarios that use every feature: both engines, all checks, and laws that must hold."""

from __future__ import annotations

import time
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from sim.clocks import Counting, History, read_clocks
from sim.engine.checks import verify
from sim.limits import resolved_limits
from sim.measures.checks import run_checks
from sim.replications.model import Model
from sim.scenario import Scenario, vary
from tests.build.attacks import SECONDS, SEED, attacks
from tests.build.random_offices import random_office
from tests.build.random_scenarios import loaded, scenarios
from tests.build.replay import check_dispatch

pytestmark = pytest.mark.campaign
REPLAYED = 600
"""Items of a schedule that is also replayed second by second, which takes seconds beyond."""


def same_on_both(scenario: Scenario) -> None:
    """Simulate on both engines: the same integers, and every check holds."""
    model = Model(scenario)
    ours, reference = (model.replicate(1, 0, engine=engine) for engine in ("compiled", "simpy"))
    equal_schedules(ours, reference)
    schedule, workload = ours.schedule, ours.demand.workload
    assert verify(workload, ours.supply, schedule, ours.horizon_s) == []
    if len(schedule.start) <= REPLAYED:
        assert check_dispatch(workload, ours.supply, schedule) == []
    counting = Counting.of(model.scenario, ours)
    readings = [read_clocks(ours, limit.scope, counting) for limit in resolved_limits(scenario)]
    assert [check for check in run_checks(ours, ours.horizon_s, readings) if not check.ok] == []


def equal_schedules(one: History, other: History) -> None:
    """Compare two schedules and the parts of their items."""
    assert one.schedule.stopped_s == other.schedule.stopped_s
    pairs = (one.schedule, other.schedule), (one.schedule.parts, other.schedule.parts)
    for mine, its in pairs:
        for field in fields(its):
            if field.name not in {"parts", "stopped_s"}:
                a, b = getattr(mine, field.name), getattr(its, field.name)
                np.testing.assert_array_equal(a, b, err_msg=field.name, strict=True)


def test_offices_on_both_engines() -> None:
    for name, rng in attacks("offices on both engines"):
        number = int(rng.integers(2**32))
        try:
            same_on_both(random_office(number))
        except Exception as error:
            raise AssertionError(f"{name}: random_office({number})") from error


def test_scenarios_on_both_engines() -> None:
    """Hypothesis shrinks what fails, and prints it."""
    begun, rounds = time.monotonic(), 0
    while rounds == 0 or time.monotonic() - begun < SECONDS:

        @seed(SEED + rounds)
        @settings(
            max_examples=50,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(scenarios())
        def check(tree) -> None:
            same_on_both(loaded(tree))

        check()
        rounds += 1
    print(f"scenarios on both engines: {50 * rounds} at most, seed {SEED}")


def law_of_idle_officers(model: Model, scenario: Scenario) -> None:
    """A pool that no step names, and its officers, change nothing."""
    hours = next(iter(scenario.staff.values())).hours
    idle = {"zz_idle": {"serves": ["zz_pool"], "count": 3, "hours": hours}}
    more = vary(scenario, {"pools.zz_pool": {}, **{f"staff.{k}": v for k, v in idle.items()}})
    one, other = model.replicate(1, 0), Model(more).replicate(1, 0)
    for name in ("ready", "start", "end"):
        np.testing.assert_array_equal(getattr(one.schedule, name), getattr(other.schedule, name))


def law_of_repetition(model: Model, scenario: Scenario) -> None:
    """The same seed and number give the same; another number, other draws."""
    equal_schedules(model.replicate(1, 0), Model(scenario).replicate(1, 0))


def law_of_labels(model: Model, scenario: Scenario) -> None:
    """Words for readers change nothing."""
    pool = next(iter(scenario.pools))
    other = vary(scenario, {f"pools.{pool}.label": "另一个名字", "name": "Other"})
    equal_schedules(model.replicate(1, 0), Model(other).replicate(1, 0))


LAWS = (law_of_idle_officers, law_of_repetition, law_of_labels)


def test_laws_hold_in_offices() -> None:
    for name, rng in attacks("laws"):
        number, law = int(rng.integers(2**32)), LAWS[rng.integers(len(LAWS))]
        scenario = random_office(number)
        try:
            law(Model(scenario), scenario)
        except Exception as error:
            raise AssertionError(f"{name}: {law.__name__}, random_office({number})") from error
