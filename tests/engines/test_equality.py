"""Both engines return the same integers: on random input, small or large, and on every scenario."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from sim.engine import simulate
from sim.engine.checks import verify
from sim.engine.contract import OPEN, DelayRule, Rule
from sim.replications.model import Model as ScenarioModel
from sim.scenario import load
from tests.build.both_engines import simulate_both
from tests.build.large_workloads import large
from tests.build.random_offices import random_office
from tests.build.random_workloads import (
    absence_models,
    conditional_models,
    crowded_models,
    due_models,
    models,
    tacit_models,
    take_over_models,
    team_models,
)
from tests.build.workloads import FOREVER, Case, Model, Officer, delay, work

ROOT = Path(__file__).parents[2]
OFFICES = int(os.environ.get("SIM_TEST_OFFICES", "100"))
"""Random scenarios of the slow test; 8,600 were equal when the rules were written."""
EXAMPLES = int(os.environ.get("SIM_TEST_EXAMPLES", "150"))
"""Random models of each kind in the slow test; 1,500 were equal when the rules were written."""
KINDS = {
    "mixed": models(),
    "crowded": crowded_models(),
    "due days": due_models(),
    "tacit": tacit_models(),
    "absence": absence_models(),
    "take-over": take_over_models(),
    "conditions": conditional_models(),
    "teams": team_models(),
}


@settings(max_examples=150, deadline=None)
@given(st.one_of(*KINDS.values()))
def test_engines_are_equal(model: Model) -> None:
    simulate_both(model.workload, model.supply, model.horizon)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_engines_are_equal_on_many(kind: str) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(KINDS[kind])
    def equal(model: Model) -> None:
        simulate_both(model.workload, model.supply, model.horizon)

    equal()


@pytest.mark.parametrize("amount", [2**31, 2**32, 2**44, 2**62, 2**63 - 1])
def test_engines_are_equal_on_what_never_ends(amount: int) -> None:
    """Nothing overflows: neither a time nor a period."""
    delays = [delay(amount, rule=rule) for rule in DelayRule]
    silent = work(1, pool=1, tacit=amount)
    slow, usual = (Officer((pool,), speed=speed) for pool, speed in ((0, 1), (2, 1000)))
    model = Model(
        cases=(Case(5, (*delays, silent, work(amount), work(amount, pool=2))),),
        officers=(slow, replace(usual, in_hand=True)),
        rules=(Rule.FIFO,) * 3,
        calendars=(FOREVER,),
    )
    simulate_both(model.workload, model.supply, model.horizon)
    ends = simulate(model.workload, model.supply, model.horizon).end
    assert ends.tolist() == [OPEN] * (len(delays) + 3)


@pytest.mark.parametrize("seed", range(10))
def test_engines_are_equal_on_large_input(seed: int) -> None:
    simulate_both(*large(seed))


@pytest.mark.study
@pytest.mark.parametrize("first", range(10, 210, 20))
def test_engines_are_equal_on_more_large_input(first: int) -> None:
    for seed in range(first, first + 20):
        simulate_both(*large(seed))


@pytest.mark.parametrize("seed", range(12))
def test_engines_are_equal_on_random_offices(seed: int) -> None:
    assert_equal_on_office(seed)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, OFFICES, 100))
def test_engines_are_equal_on_many_offices(first: int) -> None:
    """Scenarios with part-time, dated hours, leave, absence and hand-over; most use all of them."""
    for seed in range(first, first + 100):
        assert_equal_on_office(seed)


def assert_equal_on_office(seed: int) -> None:
    model = ScenarioModel(random_office(seed))
    workload, supply = model.demand.draw(seed, 0).workload, model.supply.draw(seed, 0)
    schedule = simulate_both(workload, supply, model.horizon_s)
    assert verify(workload, supply, schedule, model.horizon_s) == []


SCENARIOS = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("scenarios/*/*.yaml"))
TOGETHER = {"all", "everything"}
"""Overrides that put all others of their file together."""


def overrides_of(path: str) -> set[str]:
    return set(YAML(typ="safe").load(ROOT / path).get("overrides", {}))


@pytest.mark.parametrize("path", SCENARIOS)
def test_engines_are_equal_on_every_scenario(path: str) -> None:
    for override in (None, *sorted(overrides_of(path) & TOGETHER)):
        assert_equal_on(path, override)


@pytest.mark.study
@pytest.mark.parametrize("path", SCENARIOS)
def test_engines_are_equal_with_every_override(path: str) -> None:
    for override in sorted(overrides_of(path) - TOGETHER):
        assert_equal_on(path, override)


def assert_equal_on(path: str, override: str | None) -> None:
    scenario = load(ROOT / path, overrides=[override] if override else [])
    model = ScenarioModel(scenario)
    workload = model.demand.draw(scenario.run.seed, 1).workload
    supply = model.supply.draw(scenario.run.seed, 1)
    # The first months show what an override changes.
    simulate_both(workload, supply, model.horizon_s // (3 if override else 1))
