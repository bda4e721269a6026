"""Both forms of the clocks give the same integers: arrays of all cases, and case by case.

Random cases of random processes are read on random clocks. `SIM_TEST_CLOCKS` says how many
examples are tried.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim
from sim.calendars import Intervals, WorkingDays
from sim.clocks import ClockReadings, Counting, History
from sim.clocks.compiled import read_compiled
from sim.clocks.read import read_arrays
from sim.limits import ClockRule, Counts, Level, Scope, resolved_limits
from sim.measures.own_limits import scopes_of
from sim.process.graph import Mark, Outcome, Owner, Pause, Phase, Role
from sim.replications.model import Model
from sim.scenario import Scenario, library_names
from tests.build.schedules import Case, Item, build, history, node, process

EXAMPLES = int(os.environ.get("SIM_TEST_CLOCKS", "200"))
TICK = 6 * 3600
LAST = 44
"""Ticks: eleven days."""
MATTERS = ("a", "b", "c", "d")
STAGES = {"a": "one", "b": "two", "c": "one", "d": "three"}
STANDARDS = {"one": "planning", "three": "planning"}

days = st.lists(st.booleans(), min_size=LAST // 4 + 1, max_size=LAST // 4 + 1).map(
    lambda working: WorkingDays(date(2024, 1, 1), np.array(working))
)
open_hours = st.lists(st.integers(0, 2 * LAST), max_size=6, unique=True).map(
    lambda ticks: Intervals.of([*zip(sorted(ticks)[::2], sorted(ticks)[1::2], strict=False)])
)
nodes = st.lists(
    st.builds(
        dict,
        role=st.sampled_from(Role),
        owner=st.sampled_from(Owner),
        phase=st.sampled_from(Phase),
        marks=st.sampled_from([Mark.NONE, *Mark, Mark.DECISION | Mark.FAILURE]),
        covers=st.lists(st.sampled_from(MATTERS), max_size=3, unique=True).map(tuple),
    ),
    min_size=3,
    max_size=12,
)
rules = st.builds(
    ClockRule,
    name=st.just("clock"),
    label=st.just(("", "")),
    meaning=st.just(("", "")),
    start=st.sampled_from([Mark.ACCEPTANCE, Mark.SUBMISSION]),
    stop=st.sampled_from([Mark.DECISION, Mark.DELIVERY]),
    pauses=st.frozensets(st.sampled_from(Pause)),
    unit=st.sampled_from(["wd", "cd"]),
    hours=st.none(),
    counts=st.sampled_from(Counts),
    each=st.sampled_from(Level),
    summed=st.just(False),
    without_refused=st.booleans(),
    deemed_acceptance=st.booleans(),
    resumes=st.booleans(),
    ends_on_working_day=st.booleans(),
    per_round=st.booleans(),
)


@st.composite
def clocks(draw):
    """Several clocks with names of their own; some in hours, some the sum of stages."""
    drawn = []
    for number, rule in enumerate(draw(st.lists(rules, min_size=1, max_size=5))):
        named = replace(rule, name=f"clock {number}")
        if named.each is Level.STAGE:
            named = replace(named, summed=draw(st.booleans()))
        if draw(st.integers(0, 3)) == 0:
            named = replace(named, unit="h", hours=draw(st.sampled_from(["counter", "night"])))
        drawn.append(named)
    return tuple(drawn)


@st.composite
def items(draw, kinds, number):
    ready, end = sorted(draw(st.tuples(st.integers(0, LAST), st.integers(0, LAST))))
    state = draw(st.sampled_from(["ended"] * 6 + ["open", "to come"]))
    return Item(
        draw(st.integers(0, kinds - 1)),
        None if state == "to come" else ready * TICK,
        end * TICK if state == "ended" else None,
        after=(draw(st.integers(0, number - 1)),) if number and draw(st.booleans()) else (),
    )


@st.composite
def histories(draw):
    """Cases of a random process, some of them handed in again."""
    kinds = draw(nodes)
    kinds[0]["covers"] = ("a",)  # a process with stages has a matter
    plain = process(*(node(str(n), **kind) for n, kind in enumerate(kinds)), stages=STAGES)
    proc = replace(plain, graphs=(replace(plain.graphs[0], standards=STANDARDS),))
    cases = [
        Case(
            [draw(items(len(kinds), number)) for number in range(draw(st.integers(0, 9)))],
            outcome=draw(st.sampled_from(Outcome)),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    demand, schedule = build(proc, cases, LAST * TICK, draw(days))
    if draw(st.booleans()):
        number = st.lists(st.integers(1, 3), min_size=len(demand.case), max_size=len(demand.case))
        demand = replace(demand, application=np.array(draw(number), np.uint8))
    return history(proc, demand, schedule)


scopes = st.lists(
    st.one_of(
        st.just(Scope("project")),
        st.lists(st.sampled_from([*MATTERS, "nobody's"]), min_size=1, max_size=3, unique=True).map(
            lambda names: Scope("project", tuple(names))
        ),
    ),
    min_size=1,
    max_size=3,
    unique=True,
)


def assert_equal(
    by_case: Mapping[Scope, ClockReadings], by_array: Mapping[Scope, ClockReadings]
) -> None:
    assert [*by_case] == [*by_array]
    for scope, readings in by_array.items():
        assert_equal_readings(by_case[scope], readings)


def assert_equal_readings(by_case: ClockReadings, by_array: ClockReadings) -> None:
    for name in ("case", "in_scope", "decided_here"):
        np.testing.assert_array_equal(getattr(by_case, name), getattr(by_array, name), name)
    assert [*by_case.clocks] == [*by_array.clocks]
    for clock, reading in by_array.clocks.items():
        for name in ("value", "elapsed_s", "started", "open", "start_s", "stop_s", "stop_item"):
            one, other = getattr(by_case.clocks[clock], name), getattr(reading, name)
            assert one.dtype == other.dtype
            np.testing.assert_array_equal(one, other, f"{clock}: {name}")


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), scopes, clocks(), st.booleans(), st.booleans(), open_hours, open_hours)
def test_random_clocks(past, scopes, clocks, count_start_day, deemed, counter, night):
    scaled = {
        name: Intervals(row.start * TICK // 2, row.end * TICK // 2)
        for name, row in {"counter": counter, "night": night}.items()
    }
    counting = Counting(clocks, scaled, count_start_day, deemed)
    asked = {scope: clocks[number % 2 :] for number, scope in enumerate(scopes)}
    for each in (past, past.apart):
        assert_equal(read_compiled(each, asked, counting), read_arrays(each, asked, counting))


def compare(scenario: Scenario, past: History) -> int:
    """Read all limits of a scenario in both forms; return how many numbers of days are above 0."""
    model, above = Model(scenario), 0
    counting = Counting.of(scenario, past)
    scopes = [limit.scope for limit in resolved_limits(scenario)]
    scopes += [Scope(name) for name in scenario.case_types]
    read = [(counting, {scope: tuple(counting.rules)}) for scope in scopes]
    own = Counting.of(scenario, past, model.own_limits.rules)
    read += [(own, asked) for asked in scopes_of(model.own_limits.limits).values()]
    for of_scopes, asked in read:
        for each in {id(h): h for h in (past, past.apart)}.values():
            by_case = read_compiled(each, asked, of_scopes)
            assert_equal(by_case, read_arrays(each, asked, of_scopes))
            for readings in by_case.values():
                above += sum(int((one.value > 0).sum()) for one in readings.clocks.values())
    return above


@pytest.mark.parametrize(
    ("name", "overrides"),
    [
        ("yingkou/backlog", ()),
        ("yingkou/levers", ("everything", "short_handed")),
        ("yingkou/startup_variants", ()),
        ("textbook/feedback", ()),
    ],
)
def test_scenarios(name: str, overrides: tuple[str, ...]):
    scenario = sim.load(name, overrides=overrides)
    assert compare(scenario, Model(scenario).replicate(1, 0)) > 100


@pytest.mark.slow
@pytest.mark.parametrize("name", library_names())
def test_every_scenario(name: str):
    scenario = sim.load(name)
    above = compare(scenario, Model(scenario).replicate(1, 0))
    assert above > 0 or name.startswith("textbook/")  # some of these end within a day
