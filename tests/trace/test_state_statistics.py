"""The clocks of the state's statistics equal an independent count of the register, case by case.

An open network has no matters, so it has no counterpart in the register. Refused, withdrawn, lapsed
and revoked items have no time there; they are not compared, and must never be overdue. Which stages
and projects are overdue is compared with the standings of own limits on the state's clocks.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.clocks import Counting, History, read_clocks
from sim.limits import PRESETS, Scope
from sim.limits.own_limits import OwnLimits
from sim.measures.limits import Standing
from sim.measures.own_limits import OwnStandings, Standings
from sim.replications.model import Model
from sim.replications.readings import read_own
from sim.scenario import Scenario
from tests.build.state_register import Event, completed, decides_nothing, register
from tests.build.state_statistics import Statistics, statistics

STATE = [rule for name, rule in PRESETS.items() if name.startswith("state_")]
ITEM_SPAN = replace(PRESETS["state_item"], name="item_span", unit="cd", pauses=frozenset())
"""跨度用时 of a single item: from acceptance."""


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2021-{text}")


def test_the_script_counts_one_project_as_worked_out_by_hand() -> None:
    """The dates are those of tests/trace/test_clocks_trace.py: a holiday and two make-up days."""
    events = [
        *(
            Event(7, "a", "land", state, at(t))
            for state, t in (
                *((1, "09-22T09:00"), (3, "09-23T10:00")),
                *((6, "09-26T16:00"), (7, "09-28T10:00")),  # Mon 27, Tue 28
                *((9, "09-29T15:00"), (10, "09-30T12:00")),  # Thu 30
                *((9, "09-30T12:00"), (10, "10-10T23:59:59")),  # Fri 8, make-up Sat 9
                (11, "10-12T11:00"),
            )
        ),
        *(
            Event(7, "b", "works", state, at(t))
            for state, t in ((1, "09-27T09:00"), (3, "09-28T09:00"), (11, "09-29T14:00"))
        ),
        *(
            Event(7, "c", "works", state, at(t))
            for state, t in ((1, "09-22T09:00"), (3, "09-22T10:00"), (13, "09-29T14:00"))
        ),
    ]
    found = statistics(events, {7}, at("12-31T00:00"))
    # a: 24, 26-30 Sep, 8, 9, 11, 12 Oct = 10, less 5. b: Wed 29.
    assert found.item_days == {(7, "a"): 5, (7, "b"): 1, (7, "c"): None}
    assert found.item_span == {(7, "a"): 19, (7, "b"): 1, (7, "c"): None}
    # With the 23rd, and b with the 28th; c, which was refused, is left out.
    assert found.stage_days == {(7, "land"): 6, (7, "works"): 2}
    assert (found.project_days, found.project_span) == ({7: 8}, {7: 20})
    # Stage and project by the state's rule: their own days, or any item.
    for items, stages, overdue_items, overdue_stages, overdue_projects in (
        ({"a": 5, "b": 1, "c": 0}, {"land": 6, "works": 2}, set(), set(), set()),
        ({"a": 4, "c": 0}, {"land": 6}, {(7, "a")}, {(7, "land")}, {7}),
        ({"a": 5}, {"works": 1}, set(), {(7, "works")}, set()),
    ):
        told = statistics(events, {7}, at("12-31T00:00"), items, stages)
        assert told.item_overdue == overdue_items
        assert told.stage_overdue == overdue_stages
        assert told.project_overdue == overdue_projects
    # On Fri 8 Oct noon a is in publicity, and the project goes on.
    on_the_way = statistics(
        [e for e in events if e.at < at("10-08T12:00")], set(), at("10-08T12:00")
    )
    assert on_the_way.item_days[7, "a"] == 3  # 24, 26, 29 Sep; 30 Sep and 8 Oct are paused
    assert on_the_way.project_span == {7: 16}


def compare(scenario: Scenario, history: History) -> Counter[str]:
    """Compare every case; return how many numbers of each kind were compared.

    Of what is overdue, it returns how many are.
    """
    own = OwnLimits.of(scenario)
    standings = read_own(scenario, own, history)
    midnight = dt.datetime.combine(scenario.period.start, dt.time())
    now = midnight + dt.timedelta(seconds=int(history.schedule.stopped_s))
    counting = replace(Counting.of(scenario, history), rules=(*STATE, ITEM_SPAN))
    compared: Counter[str] = Counter()
    for case_type, spec in scenario.case_types.items():
        events = register(scenario, history, case_type)
        expected = statistics(
            events,
            completed(history, case_type),
            now,
            {
                key: int(matter.promised.value)
                for key, matter in spec.matters.items()
                if matter.promised
            },
            {key: int(stage.budget.value) for key, stage in spec.stages.items() if stage.budget},
            decides_nothing(history, case_type),
        )
        if spec.levers == "project":  # the others promise hours
            compared += all_overdue(own, standings, expected)
        for name, matter in spec.matters.items():
            clocks = read_clocks(history, Scope(case_type, (name,)), counting)
            items = {p: days for (p, item), days in expected.item_days.items() if item == name}
            compared["item"] += equal(clocks, "state_item", items)
            spans = {p: days for (p, item), days in expected.item_span.items() if item == name}
            compared["item span"] += equal(clocks, "item_span", spans)
            if matter.promised is not None:
                compared["overdue"] += overdue(clocks, items, int(matter.promised.value))
        for name in spec.stages:
            members = tuple(key for key, matter in spec.matters.items() if matter.stage == name)
            clocks = read_clocks(history, Scope(case_type, members), counting)
            stages = {p: days for (p, of), days in expected.stage_days.items() if of == name}
            compared["stage"] += equal(clocks, "state_stage", stages)
        clocks = read_clocks(history, Scope(case_type), counting)
        compared["project"] += equal(clocks, "state_project", expected.project_days)
        compared["project span"] += equal(clocks, "state_span", expected.project_span)
        compared["failed"] += sum(days is None for days in expected.item_days.values())
    return compared


def equal(clocks, name: str, expected: dict[int, int | None]) -> int:
    """Compare one clock with the numbers of the register, by project; return how many."""
    known = {project: days for project, days in expected.items() if days is not None}
    place = np.searchsorted(clocks.case, list(known))
    found = dict(zip(known, clocks.clocks[name].value[place].tolist(), strict=True))
    assert found == known, name
    return len(known)


def overdue(clocks, expected: dict[int, int | None], limit: int) -> int:
    """Compare which items are overdue; an item without a time never is. Return how many are."""
    place = np.searchsorted(clocks.case, list(expected))
    late = clocks.clocks["state_item"].value[place] > limit
    assert late.tolist() == [days is not None and days > limit for days in expected.values()]
    return int(late.sum())


def all_overdue(own: OwnLimits, standings: OwnStandings, expected: Statistics) -> Counter[str]:
    """Compare which matters, stages and projects are overdue; return how many are."""
    compared: Counter[str] = Counter()
    case = standings.case["project"]

    def compare_late(kind: str, standing: Standings, overdue: Collection[int]) -> None:
        late = np.isin(standing, (Standing.LATE, Standing.OPEN_OVERDUE))
        # What the register calls overdue today may be refused tomorrow, and then never was.
        unknown = case[standing == Standing.UNDETERMINED]
        told = set(case[late].tolist())
        assert told <= set(overdue) <= told.union(unknown.tolist()), kind
        compared[kind] += int(late.sum())

    for limit in own.decisive:
        if limit.limit.case_type == "project":
            items = [project for project, item in expected.item_overdue if item == limit.name]
            compare_late("item overdue", standings.limits[limit.limit.name], items)
    for limits in own.sets:
        if limits.case_type == "project" and limits.of == "case_type":
            compare_late("project overdue", standings.sets[limits.key], expected.project_overdue)
        elif limits.standard == "state_rule":
            stages = [project for project, of in expected.stage_overdue if of == limits.name]
            compare_late("stage overdue", standings.sets[limits.key], stages)
    return compared


STATE_CLOCKS = "own_limits={matter_clock: state_item, stage_clock: state_stage}"
TIGHT = """case_types={project: {
    stages: {land: {budget: 1 wd}, works: {budget: 2 wd}, construction: {budget: 1 wd}},
    matters: {LUP: {promised: 30 wd}, LAND: {promised: 30 wd}, DES: {promised: 30 wd},
              CAD: {promised: 30 wd}, CPP: {promised: 30 wd}, CP: {promised: 1 wd}}}}"""
"""Stages are overdue by themselves, and not only by their items."""
QUARTER = ["period={start: 2020-11-01, window: {from: 2021-01-04, to: 2021-02-28}}"]


@pytest.mark.parametrize(
    ("name", "overrides", "run_out", "more"),
    [
        ("yingkou/base", (), None, [TIGHT]),
        ("yingkou/levers", ("everything", "short_handed"), 10, []),  # many are open at the stop
        ("yingkou/levers", ("counters", "one_by_one", "startup_apart"), None, []),
    ],
)
def test_every_case_of_two_months(
    name: str, overrides: tuple[str, ...], run_out: int | None, more: list[str]
):
    scenario = sim.load(name, overrides=overrides, settings=[*QUARTER, STATE_CLOCKS, *more])
    model = Model(scenario)
    history = model.replicate(1, 0) if run_out is None else model.replicate_to(run_out, 1, 0)
    compared = compare(scenario, history)
    assert min(compared[kind] for kind in ("item", "stage", "project", "project span")) > 100
    assert compared["failed"] > 5
    assert min(compared[f"{kind} overdue"] for kind in ("item", "stage", "project")) > 10


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(1, marks=pytest.mark.slow),
        *(pytest.param(seed, marks=pytest.mark.study) for seed in (2, 3)),
    ],
)
@pytest.mark.parametrize(
    ("name", "overrides"),
    [
        ("yingkou/base", ()),
        ("yingkou/zones", ()),
        ("yingkou/levers", ("everything",)),
        ("yingkou/levers", ("conditional", "commitment", "build_first", "short_handed")),
        ("yingkou/levers", ("counters", "one_by_one", "startup_apart")),
    ],
)
def test_every_case_of_a_year(name: str, overrides: tuple[str, ...], seed: int):
    scenario = sim.load(name, overrides=overrides, settings=[STATE_CLOCKS])
    compared = compare(scenario, Model(scenario).replicate(seed, 0))
    assert compared["item"] > 5_000
    assert compared["overdue"] > 10
    assert min(compared[f"{kind} overdue"] for kind in ("item", "stage", "project")) > 50
