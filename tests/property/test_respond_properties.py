"""Conditions that hold always, never, or sometimes: what must follow, whatever the cases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine import simulate
from sim.engine.contract import ANY_TIME, Schedule
from sim.supply.roster import in_spells
from tests.build.random_workloads import crowded_models, instants, seconds
from tests.build.workloads import FOREVER, Case, Model, Officer, work

ALWAYS, NEVER_MET = 10_000, -10_000


def run(model: Model) -> Schedule:
    return simulate(model.workload, model.supply, model.horizon)


def limited(model: Model) -> Model:
    """Return the model with a limit for each case."""
    return replace(model, cases=tuple(replace(c, limit=max(c.limit, 2)) for c in model.cases))


@settings(max_examples=60, deadline=None)
@given(crowded_models())
def test_a_condition_that_always_holds_changes_nothing(model: Model) -> None:
    plain = limited(model)
    officers = tuple(replace(o, below=(ALWAYS,) * len(o.pools)) for o in plain.officers)
    for name in ("ready", "start", "end", "officer"):
        ours = getattr(run(replace(plain, officers=officers)), name)
        assert ours.tolist() == getattr(run(plain), name).tolist()


@settings(max_examples=60, deadline=None)
@given(crowded_models())
def test_a_helper_whose_condition_never_holds_is_as_if_he_were_not_there(model: Model) -> None:
    """Without hand-over: whoever hands over may leave the work to a helper who may not begin it."""
    plain = limited(model)
    plain = replace(plain, officers=tuple(replace(o, hands_over=False) for o in plain.officers))
    helper = Officer(pools=(0,), duty=FOREVER, below=(NEVER_MET,))
    with_helper = run(replace(plain, officers=(*plain.officers, helper)))
    for name in ("ready", "start", "end", "officer"):
        assert getattr(with_helper, name).tolist() == getattr(run(plain), name).tolist()


single_steps = st.lists(st.tuples(instants, seconds), min_size=1, max_size=25)


@settings(max_examples=60, deadline=None)
@given(single_steps, st.integers(1, 3), st.integers(0, 3))
def test_help_above_a_queue_never_makes_a_case_begin_later(
    steps: list[tuple[int, int]], officers: int, queue_over: int
) -> None:
    """One fifo pool, 24x7, one step per case, helpers like the others.

    Sort the instants at which the pool's own officers become free. Each case raises the first of
    them, or none if a helper takes it; by induction over the cases no instant is later with help.
    """
    cases = tuple(Case(t, (work(w),)) for t, w in sorted(steps))
    model = Model(cases, (Officer(duty=FOREVER),) * officers)
    helper = Officer(duty=FOREVER, queue_over=(queue_over,), below=(ANY_TIME,))
    helped = replace(model, officers=(*model.officers, helper, helper))
    assert np.all(run(helped).start <= run(model).start)


@settings(max_examples=40, deadline=None)
@given(single_steps, st.integers(1, 3))
def test_a_longer_queue_before_help_comes_never_makes_a_case_begin_earlier(
    steps: list[tuple[int, int]], queue_over: int
) -> None:
    """The first case that a helper takes begins no earlier: the queue must have grown longer."""
    cases = tuple(Case(t, (work(w),)) for t, w in sorted(steps))

    def first_help(over: int) -> int:
        helper = Officer(duty=FOREVER, queue_over=(over,))
        s = run(Model(cases, (Officer(duty=FOREVER), helper)))
        return int(min(s.start[s.officer == 1], default=ANY_TIME))

    assert first_help(queue_over) <= first_help(queue_over + 1)


@given(
    st.floats(0.01, 0.6),
    st.floats(1.0, 20.0),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=20, deadline=None)
def test_spells_take_as_many_days_as_single_absences(
    absence: float, spell_wd: float, seed: int
) -> None:
    spell_wd = max(spell_wd, absence / (1 - absence))
    days = 200_000
    absent = in_spells(np.random.default_rng(seed).random(days), absence, spell_wd)
    # A chain whose next day remembers the day before with the factor r: its mean is as that of
    # n (1 - r) / (1 + r) independent days.
    r = 1 - 1 / spell_wd - absence / ((1 - absence) * spell_wd)
    sd = np.sqrt(absence * (1 - absence) * (1 + r) / (1 - r) / days)
    # Half of all days, each by itself, leaves nothing to chance but whether the last is one.
    assert abs(absent.mean() - absence) < 6 * sd + 1 / days
    spells = np.count_nonzero(np.diff(np.concatenate([[False], absent]).astype(int)) == 1)
    length = absent.sum() / spells
    assert abs(length - spell_wd) < 6 * spell_wd / np.sqrt(spells)


def test_a_spell_of_the_length_of_chance_is_chance() -> None:
    draws = np.random.default_rng(1).random(1000)
    assert in_spells(draws, 0.2, 1 / 0.8).tolist() == (draws < 0.2).tolist()
