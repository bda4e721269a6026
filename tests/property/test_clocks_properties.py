"""Clocks against a naive reading, six hours at a time; splitting and adding items."""

from datetime import date
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.calendars import WorkingDays
from sim.clocks import Counting, read_clocks
from sim.limits import PRESETS, Counts, Scope
from sim.measures.checks import check_clocks
from sim.process.graph import Mark, Outcome, Owner, Pause, Phase, Role
from tests.build.schedules import Case, Item, build, history, node, process

TICK = 6 * 3600
LAST = 40  # ticks: ten days

KINDS = [
    *product(
        [Owner.AUTHORITY, Owner.APPLICANT, Owner.THIRD_PARTY, Owner.SPECIAL, Owner.PUBLICITY],
        [Phase.BEFORE, Phase.RUNNING],
        [Mark.NONE],
        ["a", "b"],
    ),
    *product([Owner.AUTHORITY], Phase, [Mark.ACCEPTANCE, Mark.DECISION], ["a", "b"]),
    (Owner.AUTHORITY, Phase.BEFORE, Mark.SUBMISSION, "a"),
    (Owner.AUTHORITY, Phase.AFTER, Mark.DELIVERY, "a"),
]
PROC = process(
    *(
        node(
            str(i),
            role=Role.CORRECTION if o == Owner.APPLICANT else Role.REVIEW,
            owner=o,
            phase=p,
            marks=m,
            covers=(c,),
        )
        for i, (o, p, m, c) in enumerate(KINDS)
    )
)


def pause_of(owner, phase):
    """Return the kind of pause that a step of `KINDS` is; the applicant's steps are corrections."""
    if owner == Owner.APPLICANT:
        before = phase == Phase.BEFORE
        return Pause.CORRECTION_BEFORE_ACCEPTANCE if before else Pause.CORRECTION_AFTER_ACCEPTANCE
    kinds = {
        Owner.THIRD_PARTY: Pause.THIRD_PARTY,
        Owner.SPECIAL: Pause.SPECIAL_PROCEDURE,
        Owner.PUBLICITY: Pause.PUBLICITY,
    }
    return kinds.get(owner)


calendars = st.lists(st.booleans(), min_size=LAST // 4 + 1, max_size=LAST // 4 + 1).map(
    lambda days: WorkingDays(date(2024, 1, 1), np.array(days, dtype=bool))
)


@st.composite
def items(draw):
    ready, end = sorted(draw(st.tuples(st.integers(0, LAST), st.integers(0, LAST))))
    state = draw(st.sampled_from(["ended"] * 6 + ["open", "to come"]))
    return (
        draw(st.integers(0, len(KINDS) - 1)),
        None if state == "to come" else ready,
        None if state != "ended" else end,
    )


cases = st.lists(items(), max_size=7)
outcomes = st.sampled_from(list(Outcome))


def read(days, drawn, outcome, matters, **options):
    """Two equal cases, so that the second shows whether the first leaks into it."""
    case = Case([Item(n, seconds(r), seconds(e)) for n, r, e in drawn], outcome=outcome)
    demand, schedule = build(PROC, [case, case], LAST * TICK, days)
    return read_clocks(
        history(PROC, demand, schedule), Scope("project", matters), Counting(**options)
    )


def seconds(tick):
    return None if tick is None else tick * TICK


def naive(days, drawn, outcome, matters, name, count_start_day):
    """Return value, ticks elapsed, started, open, start and stop (in ticks, -1 is not yet)."""
    rule = PRESETS[name]
    inside = [(*KINDS[n], r, e) for n, r, e in drawn if matters is None or KINDS[n][3] in matters]
    known = [m for _, _, m, c in KINDS if matters is None or c in matters]
    start = first_event(inside, rule, outcome, known)
    last = [i for i in inside if i[2] == Mark.DECISION and rule.stop == Mark.DECISION] or inside
    is_open = any(e is None for *_, e in last)
    stop = -1 if is_open or not last else max(e for *_, e in last)
    ticks = set()
    if start != -1:
        end = LAST if is_open else stop
        if rule.counts is Counts.EVERYTHING:
            ticks = set(range(start, end))
        for owner, phase, _, _, r, e in inside:
            counts = pause_of(owner, phase) not in rule.pauses
            counts &= phase == Phase.RUNNING or rule.counts is not Counts.RUNNING_STEPS
            if counts and r is not None and rule.counts is not Counts.EVERYTHING:
                ticks |= set(range(max(r, start), min(LAST if e is None else e, end)))
    value = 0
    for first in sorted(t for t in ticks if t - 1 not in ticks):
        until = first
        while until in ticks:
            until += 1
        dates = range(first // 4 + 1, until // 4 + 1)
        value += sum(bool(days.working[d]) or rule.unit == "cd" for d in dates)
    if count_start_day and start != -1:
        value += bool(days.working[start // 4]) or rule.unit == "cd"
    return value, len(ticks), start != -1, is_open, start, stop


def first_event(inside, rule, outcome, known):
    marked = [i for i in inside if i[2] == rule.start]
    accepts = rule.start == Mark.ACCEPTANCE and rule.start in known
    if not marked and accepts and outcome not in {Outcome.DONE, Outcome.REVOKED}:
        return -1
    at = 5 if rule.start == Mark.ACCEPTANCE else 4
    events = [i[at] for i in marked] if marked else [i[4] for i in inside]
    return min((t for t in events if t is not None), default=-1)


@settings(max_examples=400, deadline=None)
@given(calendars, cases, outcomes, st.sampled_from([None, ("a",), ("b",)]), st.booleans())
def test_clocks_are_what_a_loop_says(days, drawn, outcome, matters, count_start_day):
    readings = read(days, drawn, outcome, matters, count_start_day=count_start_day)
    for name, clock in readings.clocks.items():
        value, ticks, started, is_open, start, stop = naive(
            days, drawn, outcome, matters, name, count_start_day
        )
        for k in (0, 1):
            assert clock.value[k] == value, name
            assert clock.elapsed_s[k] == ticks * TICK, name
            assert (clock.started[k], clock.open[k]) == (started, is_open), name
            assert clock.start_s[k] == (start * TICK if start >= 0 else -1), name
            assert clock.stop_s[k] == (stop * TICK if stop >= 0 else -1), name


@settings(deadline=None)
@given(calendars, cases, outcomes, st.booleans())
def test_clocks_are_in_order(days, drawn, outcome, count_start_day):
    check = check_clocks(read(days, drawn, outcome, None, count_start_day=count_start_day))
    assert check.ok, check.detail


@settings(deadline=None)
@given(calendars, cases, st.data())
def test_splitting_an_item_changes_nothing(days, drawn, data):
    """Additive: two pieces that touch are worth what the whole is."""
    plain = [i for i, (n, _, e) in enumerate(drawn) if KINDS[n][2] == Mark.NONE and e is not None]
    if not plain:
        return
    i = data.draw(st.sampled_from(plain))
    n, ready, end = drawn[i]
    cut = data.draw(st.integers(ready, end))
    split = [*drawn[:i], (n, ready, cut), (n, cut, end), *drawn[i + 1 :]]
    before, after = (read(days, d, Outcome.DONE, None).clocks for d in (drawn, split))
    for name, clock in before.items():
        assert clock.value.tolist() == after[name].value.tolist()
        assert clock.elapsed_s.tolist() == after[name].elapsed_s.tolist()


@settings(deadline=None)
@given(calendars, cases, items())
def test_more_work_never_turns_a_running_clock_back(days, drawn, more):
    """Monotone, as long as the events stay where they are."""
    before, after = (read(days, d, Outcome.DONE, None).clocks for d in (drawn, [*drawn, more]))
    for name, clock in before.items():
        other = after[name]
        if (clock.start_s[0], clock.stop_s[0]) == (other.start_s[0], other.stop_s[0]):
            assert clock.value[0] <= other.value[0]
