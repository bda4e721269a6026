"""Work that several officers do at once: what must hold whatever the cases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine import simulate
from sim.engine.checks import verify
from sim.engine.contract import NO_TEAM, Schedule
from tests.build.random_workloads import hours, instants, seconds, team_models
from tests.build.workloads import FOREVER, Case, H, Model, Officer, together, work


def run(model: Model) -> Schedule:
    return simulate(model.workload, model.supply, model.horizon)


@settings(max_examples=60, deadline=None)
@given(team_models())
def test_all_officers_begin_and_end_together(model: Model) -> None:
    schedule = run(model)
    assert verify(model.workload, model.supply, schedule, model.horizon) == []


single_steps = st.lists(st.tuples(instants, seconds.filter(bool)), min_size=1, max_size=20)


@settings(max_examples=40, deadline=None)
@given(single_steps, hours(), st.integers(2, 3))
def test_a_pool_that_always_comes_as_a_whole_is_one_officer(
    steps: list[tuple[int, int]], duty: tuple[tuple[int, int], ...], officers: int
) -> None:
    """Every step needs all officers of the pool: the same as one officer, bit for bit."""
    one = tuple(Case(t, (work(w),)) for t, w in sorted(steps))
    all_of_them = tuple(Case(t, together(w, pools=(0,) * officers)) for t, w in sorted(steps))
    alone = run(Model(one, (Officer(duty=duty),)))
    schedule = run(Model(all_of_them, (Officer(duty=duty),) * officers))
    for name in ("ready", "start", "end"):
        assert getattr(schedule, name)[::officers].tolist() == getattr(alone, name).tolist()


@settings(max_examples=40, deadline=None)
@given(single_steps, st.integers(1, 2), st.integers(1, 2))
def test_no_load_no_wait(steps: list[tuple[int, int]], here: int, there: int) -> None:
    pools = (0,) * here + (1,) * there
    cases = tuple(Case(t, together(w, pools=pools)) for t, w in sorted(steps))
    enough = len(cases)
    officers = [Officer((0,), FOREVER)] * here * enough + [Officer((1,), FOREVER)] * there * enough
    model = Model(cases, tuple(officers))
    schedule = run(replace(model, rules=model.rules * 2))
    assert schedule.start.tolist() == schedule.ready.tolist()


# The checks find what is wrong.


@pytest.fixture(scope="module")
def visit() -> tuple[Model, Schedule]:
    cases = (Case(0, together(2 * H, pools=(0, 1))), Case(H, (work(H),)))
    officers = (
        Officer((0,), ((0, H), (3 * H, 9 * H))),
        Officer((1,)),
        Officer((0,), ((0, 9 * H),)),
    )
    slow = replace(officers[2], speed=100)
    model = Model(cases, (*officers[:2], slow))
    model = replace(model, rules=model.rules * 2)
    return model, run(model)


@pytest.mark.parametrize(
    ("column", "item", "value", "said"),
    [
        ("end", 1, 4 * H + 1, "seats do not begin and end at once"),
        ("start", 1, H, "seats do not begin and end at once"),
        ("officer", 0, 1, "an officer has two seats"),
        ("end", slice(0, 2), 4 * H + 1, "the team does not end when the work is done"),
        ("end", slice(0, 2), 2 * H, "the team does not end when the work is done"),
        ("end", slice(0, 2), -1, "the team does not end when the work is done"),
    ],
)
def test_a_team_out_of_order_is_found(
    visit: tuple[Model, Schedule], column: str, item: int, value: int, said: str
) -> None:
    model, schedule = visit
    assert verify(model.workload, model.supply, schedule, model.horizon) == []
    assert schedule.end[:2].tolist() == [4 * H, 4 * H]
    wrong = getattr(schedule, column).copy()
    wrong[item] = value
    problems = verify(
        model.workload, model.supply, replace(schedule, **{column: wrong}), model.horizon
    )
    assert any(said in problem for problem in problems), problems


def test_teams_are_drawn() -> None:
    """The random models have teams at all; else the tests above say nothing."""
    found = []

    @settings(max_examples=30, deadline=None, database=None)
    @given(team_models())
    def look(model: Model) -> None:
        team = model.workload.team
        found.append(0 if team is None else int(np.sum(team != NO_TEAM)))

    look()
    assert sum(n > 0 for n in found) > 5
