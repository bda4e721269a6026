"""Whatever the input: the schedule is one the contract allows, and the only one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.engine import simulate
from sim.engine.checks import verify
from sim.engine.contract import NO_TACIT, OPEN, Schedule
from tests.build.random_workloads import (
    absence_models,
    conditional_models,
    crowded_models,
    due_models,
    instants,
    models,
    seconds,
    tacit_models,
    take_over_models,
)
from tests.build.replay import check_dispatch
from tests.build.workloads import FOREVER, Case, Model, Officer, work


def run(model: Model) -> Schedule:
    return simulate(model.workload, model.supply, model.horizon)


@settings(max_examples=120, deadline=None)
@given(models() | crowded_models())
def test_every_schedule_is_allowed_and_dispatched_in_order(model: Model) -> None:
    schedule = run(model)
    assert verify(model.workload, model.supply, schedule, model.horizon) == []
    assert check_dispatch(model.workload, model.supply, schedule) == []


@settings(max_examples=120, deadline=None)
@given(absence_models())
def test_hand_overs_come_when_they_should_and_go_on_in_order(model: Model) -> None:
    schedule = run(model)
    assert verify(model.workload, model.supply, schedule, model.horizon) == []
    assert check_dispatch(model.workload, model.supply, schedule) == []


@settings(max_examples=120, deadline=None)
@given(take_over_models())
def test_the_first_items_are_taken_over_by_the_fastest(model: Model) -> None:
    schedule = run(model)
    assert verify(model.workload, model.supply, schedule, model.horizon) == []
    assert check_dispatch(model.workload, model.supply, schedule) == []


@settings(max_examples=150, deadline=None)
@given(conditional_models())
def test_nobody_begins_what_the_conditions_forbid_or_leaves_what_they_allow(model: Model) -> None:
    schedule = run(model)
    assert verify(model.workload, model.supply, schedule, model.horizon) == []
    assert check_dispatch(model.workload, model.supply, schedule) == []


@settings(max_examples=80, deadline=None)
@given(due_models())
def test_due_days_order_as_defined(model: Model) -> None:
    schedule = run(model)
    assert verify(model.workload, model.supply, schedule, model.horizon) == []
    assert check_dispatch(model.workload, model.supply, schedule) == []


@settings(max_examples=40, deadline=None)
@given(models())
def test_same_input_same_bytes(model: Model) -> None:
    one, other = run(model), run(model)
    assert one.stopped_s == other.stopped_s
    for name in ("ready", "start", "end", "officer"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()


@settings(max_examples=40, deadline=None)
@given(models())
def test_ready_start_end_in_order(model: Model) -> None:
    s = run(model)
    began, ended = s.start != OPEN, s.end != OPEN
    assert np.all(s.ready[began] <= s.start[began])
    assert np.all(s.start[ended] <= s.end[ended])
    assert np.all(began[ended])
    for times in (s.ready, s.start, s.end):
        assert times.max(initial=0) <= s.stopped_s <= model.horizon


@settings(max_examples=40, deadline=None)
@given(models())
def test_where_the_run_stops_changes_nothing_before(model: Model) -> None:
    waits_for_all = replace(model, cases=tuple(replace(c, measured=True) for c in model.cases))
    short, long = run(model), run(waits_for_all)
    assert short.stopped_s <= long.stopped_s
    for name in ("ready", "start", "end"):
        expected = getattr(long, name).copy()
        expected[expected > short.stopped_s] = OPEN
        assert getattr(short, name).tolist() == expected.tolist()


single_steps = st.lists(st.tuples(instants, seconds), min_size=1, max_size=25)


@settings(max_examples=60, deadline=None)
@given(single_steps, st.integers(1, 4))
@example([(0, 10), (0, 10), (0, 10)], 1)
def test_one_more_officer_never_hurts(steps: list[tuple[int, int]], officers: int) -> None:
    """One fifo pool, 24x7, one step per case: each item starts no later."""
    cases = tuple(Case(t, (work(w),)) for t, w in sorted(steps))
    model = Model(cases, (Officer(duty=FOREVER),) * officers)
    more = replace(model, officers=(*model.officers, Officer(duty=FOREVER)))
    assert np.all(run(more).start <= run(model).start)
    assert np.all(run(model).start >= 0)


@settings(max_examples=50, deadline=None)
@given(single_steps)
def test_no_load_no_wait(steps: list[tuple[int, int]]) -> None:
    cases = tuple(Case(t, (work(w),)) for t, w in sorted(steps))
    s = run(Model(cases, (Officer(duty=FOREVER),) * len(cases)))
    assert s.start.tolist() == s.ready.tolist() == [c.arrival for c in cases]


# Tacit consent


@settings(max_examples=120, deadline=None)
@given(tacit_models())
def test_lapses_come_when_and_before_whom_they_should(model: Model) -> None:
    schedule = run(model)
    assert verify(model.workload, model.supply, schedule, model.horizon) == []
    assert check_dispatch(model.workload, model.supply, schedule) == []


@settings(max_examples=40, deadline=None)
@given(tacit_models())
def test_where_the_run_stops_changes_no_lapse_before(model: Model) -> None:
    waits_for_all = replace(model, cases=tuple(replace(c, measured=True) for c in model.cases))
    short, long = run(model), run(waits_for_all)
    for name in ("ready", "start", "end"):
        expected = getattr(long, name).copy()
        expected[expected > short.stopped_s] = OPEN
        assert getattr(short, name).tolist() == expected.tolist()


@settings(max_examples=60, deadline=None)
@given(models() | crowded_models() | due_models() | tacit_models())
def test_periods_that_never_lapse_are_no_periods(model: Model) -> None:
    """NO_TACIT throughout, or periods longer than the working-day table, are the same as None."""
    none = replace(model.workload, tacit_wd=None)
    expected = simulate(none, model.supply, model.horizon)
    for n in (NO_TACIT, len(model.working) + 1):
        never = replace(none, tacit_wd=np.full(len(none.pool), n))
        got = simulate(never, model.supply, model.horizon)
        assert got.stopped_s == expected.stopped_s
        for name in ("ready", "start", "end", "officer"):
            assert getattr(got, name).tobytes() == getattr(expected, name).tobytes()
