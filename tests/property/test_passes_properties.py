"""The passes of machine code find what whole arrays find: in good schedules and in broken ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim.clocks import History, Reading
from sim.engine import simulate
from sim.engine.checks import verify
from sim.engine.contract import OPEN, Schedule
from sim.limits import PRESETS
from sim.measures.days import Charge
from sim.measures.facts import Facts
from sim.measures.forms import blamed, facts_of
from sim.measures.limits import Standing
from sim.measures.passes import passed_over
from sim.replications.model import Model as ScenarioModel
from sim.replications.readings import read_limits
from sim.scenario import load
from tests.build.passes import history_of
from tests.build.random_offices import random_office
from tests.build.random_workloads import (
    absence_models,
    crowded_models,
    due_models,
    instants,
    models,
    tacit_models,
)
from tests.build.workloads import DAY, Model

EXAMPLES = int(os.environ.get("SIM_TEST_PASSES", "100"))
"""Random scenarios of each test."""
ROOT = Path(__file__).parents[2]
any_models = st.one_of(models(), crowded_models(), tacit_models(), due_models(), absence_models())
many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def history(model: Model, seed: int) -> History:
    schedule = simulate(model.workload, model.supply, model.horizon)
    return history_of(model, schedule, seed)


def different(one: Any, other: Any, name: str = "") -> Iterator[str]:
    """Yield the names of what is not the same, bit by bit, in two records."""
    if is_dataclass(one):
        for each in fields(one):
            yield from different(
                getattr(one, each.name), getattr(other, each.name), f"{name}.{each.name}"
            )
    elif isinstance(one, np.ndarray):
        same = one.shape == other.shape and one.dtype == other.dtype
        if not same or one.tobytes() != other.tobytes():
            yield f"{name}: {one.tolist()} and {other.tolist()}"
    elif one != other:
        yield f"{name}: {one} and {other}"


def assert_same_facts(done: History, horizon: int, edges: list[int], seed: int) -> None:
    shares = np.random.default_rng(seed).random(len(done.supply.calendar))
    arrays, passes = (of(done, horizon, np.array(edges), shares) for of in (Facts.of, passed_over))
    assert list(different(arrays, passes)) == []


cuts = st.sets(instants, min_size=2, max_size=6).map(sorted)


@many
@given(any_models, cuts, st.integers(0, 2**32 - 1))
def test_the_facts_are_the_same(model: Model, edges: list[int], seed: int) -> None:
    done = history(model, seed)
    assert_same_facts(done, model.horizon, edges, seed)


@many
@given(any_models, st.data())
def test_a_broken_schedule_is_found_broken_by_both(model: Model, data: st.DataObject) -> None:
    done = history(model, 1)
    broken = data.draw(broken_schedules(done.schedule))
    horizon = model.horizon
    expected = verify(model.workload, model.supply, broken, horizon)
    found = passed_over(
        replace(done, schedule=broken), horizon, np.array([0, DAY]), np.ones(len(model.officers))
    )
    assert list(found.problems) == expected


@st.composite
def broken_schedules(draw: st.DrawFn, good: Schedule) -> Schedule:
    """Draw a schedule in which some times of an item or a part, or an officer, may be wrong."""
    kind = draw(st.sampled_from(["times", "times", "officer", "part", "stop"]))
    if kind == "stop":
        later = draw(st.sampled_from([-DAY, -1, 1]))
        return replace(good, stopped_s=max(0, good.stopped_s + later))
    of: Any = good.parts if kind == "part" else good
    times = ["start", "end"] if kind == "part" else ["ready", "start", "end"]
    names = sorted(draw(st.sets(st.sampled_from(times), min_size=1)))
    if kind == "officer":
        names = ["officer"]
    rows = len(of.officer)
    if rows == 0:
        return good
    row = draw(st.integers(0, rows - 1))
    step = draw(st.sampled_from([-DAY, -3600, -1, 1, 3600, DAY]))
    changed = {name: getattr(of, name).copy() for name in names}
    for name, values in changed.items():
        if name == "officer":
            values[row] = draw(st.integers(-2, 4))
        else:
            happened = values[row] != OPEN
            other = int(values[row]) + step if happened else good.stopped_s
            values[row] = draw(st.sampled_from([other, other, other, OPEN]))
    of = replace(of, **changed)
    return replace(good, parts=of) if kind == "part" else of


@many
@given(any_models, st.integers(0, 2**32 - 1))
def test_the_blame_is_the_same(model: Model, seed: int) -> None:
    done, random = history(model, seed), np.random.default_rng(seed)
    readings = [reading(done, random) for _ in range(2)]
    arrays, passes = (blamed(done, readings, engine) for engine in ("simpy", "compiled"))
    assert list(different_charges(arrays, passes)) == []


def reading(done: History, random: np.random.Generator) -> tuple[Any, Reading, Any]:
    """Return a clock that stops with any of a case's items that ended, and starts whenever."""
    workload, schedule = done.demand.workload, done.schedule
    cases = len(workload.arrival_s)
    stop_item = np.full(cases, OPEN)
    for case in range(cases):
        items = np.arange(*workload.first_item[case : case + 2])
        ended = items[schedule.end[items] != OPEN]
        if len(ended):
            stop_item[case] = random.choice(ended)
    stop_s = np.where(stop_item == OPEN, OPEN, np.append(schedule.end, OPEN)[stop_item])
    last_s = len(workload.working_days) * DAY - 1
    start_s = np.clip(stop_s - random.integers(-3600, 5 * DAY, cases), 0, last_s)
    none = np.zeros(cases, np.int64)
    clock = Reading(
        rule=next(iter(PRESETS.values())),
        value=none,
        elapsed_s=none,
        started=stop_item != OPEN,
        open=stop_item == OPEN,
        start_s=start_s,
        stop_s=stop_s,
        stop_item=stop_item,
    )
    return np.arange(cases), clock, random.random(cases) < 0.7


def different_charges(arrays: list[Charge], passes: list[Charge]) -> Iterator[str]:
    assert len(arrays) == len(passes)
    for one, other in zip(arrays, passes, strict=True):
        yield from different(one, other)


def assert_same_in_scenario(model: ScenarioModel, seed: int) -> None:
    done = model.replicate(seed, 1)
    edges, shares = model.period_edges_s, model.supply.shares
    arrays, passes = (
        facts_of(done, done.horizon_s, edges, shares, engine) for engine in ("simpy", "compiled")
    )
    assert list(different(arrays, passes)) == []
    late = [
        (
            limit.readings.case,
            limit.readings.clocks[limit.clock],
            limit.standing[limit.clock] == Standing.LATE,
        )
        for limit in read_limits(model.scenario, done)
    ]
    by_form = (blamed(done, late, engine) for engine in ("simpy", "compiled"))
    assert list(different_charges(*by_form)) == []


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("scenarios/*/*.yaml")), ids=lambda path: path.stem
)
def test_the_same_in_every_scenario(path: Path) -> None:
    scenario = load(path)
    assert_same_in_scenario(ScenarioModel(scenario), scenario.run.seed)


@pytest.mark.parametrize("seed", range(EXAMPLES // 20))
def test_the_same_in_random_offices(seed: int) -> None:
    assert_same_in_scenario(ScenarioModel(random_office(seed)), seed)
