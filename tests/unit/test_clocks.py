"""Clocks in special cases: overlaps, no marks, open, refused, withdrawn, several cases."""

import numpy as np

from sim.clocks import read_clocks
from sim.clocks.read import merge
from sim.limits import PRESETS, Scope
from sim.process.graph import Graph, Mark, Outcome, Owner, Phase
from sim.process.table import Process
from sim.scenario import PRESETS as PRESET_CLOCKS
from tests.build.schedules import DAY, HOUR, Case, Item, build, history, node, process

P = process(
    node("check", phase=Phase.BEFORE, marks=Mark.ACCEPTANCE | Mark.SUBMISSION),  # 0
    node("review"),  # 1
    node("correction", owner=Owner.APPLICANT),  # 2
    node("decision", marks=Mark.DECISION),  # 3
    node("b", covers=("b",)),  # 4
)
OPEN_NETWORK = process(node("one"), node("two"))


def read(items, stopped=100 * DAY, proc=P, outcome=Outcome.DONE, matters=None):
    demand, schedule = build(proc, [Case(items, outcome=outcome)], stopped)
    return read_clocks(history(proc, demand, schedule), Scope("project", matters))


def test_parallel_days_count_once():
    clocks = read(
        [
            Item(0, 0, 0),
            Item(1, 0, 3 * DAY),
            Item(1, 1 * DAY, 2 * DAY),  # inside
            Item(1, 2 * DAY, 5 * DAY),  # overlaps
            Item(3, 7 * DAY, 8 * DAY),
        ]
    ).clocks
    assert clocks["promised"].value[0] == 5 + 1
    assert clocks["promised"].elapsed_s[0] == 6 * DAY
    assert clocks["gross_span"].value[0] == 8  # the gap too


def test_two_pieces_of_one_date_do_not_count_it_twice():
    # Each piece of the second date: the first reaches into it, the second begins on it.
    items = [
        Item(0, 0, 0),
        Item(1, 0, DAY + HOUR),
        Item(2, DAY + HOUR, DAY + 2 * HOUR),
        Item(3, DAY + 2 * HOUR, DAY + 3 * HOUR),
    ]
    clock = read(items).clocks["promised"]
    assert clock.value[0] == 1
    assert clock.elapsed_s[0] == DAY + 2 * HOUR


def test_earliest_acceptance_and_last_decision():
    items = [
        Item(0, 0, 4 * DAY),
        Item(0, 0, 2 * DAY),
        Item(3, 4 * DAY, 5 * DAY),
        Item(3, 4 * DAY, 6 * DAY),
        Item(1, 6 * DAY, 9 * DAY),  # after the decision: a check later on
    ]
    clock = read(items).clocks["statutory"]
    assert (clock.start_s[0], clock.stop_s[0], clock.value[0]) == (2 * DAY, 6 * DAY, 4)
    assert clock.stop_item[0] == 3
    assert not clock.open[0]


def test_a_decided_case_is_not_open_although_something_follows():
    items = [Item(0, 0, DAY), Item(3, DAY, 2 * DAY), Item(1, 2 * DAY, None)]
    clocks = read(items).clocks
    assert not clocks["promised"].open[0]
    assert clocks["gross_span"].open[0]
    assert clocks["gross_span"].value[0] == 100


def test_open_network_starts_when_its_first_step_is_ready():
    items = [Item(0, 2 * DAY, 3 * DAY), Item(1, 3 * DAY, 5 * DAY)]
    readings = read(items, proc=OPEN_NETWORK)
    assert all(c.value[0] == 3 for c in readings.clocks.values())
    assert readings.decided_here[0]


def test_open_items_count_up_to_the_stop():
    items = [Item(0, 0, DAY), Item(1, DAY, None), Item(3, None, None)]
    clock = read(items, stopped=4 * DAY).clocks["promised"]
    assert (clock.value[0], clock.open[0], clock.started[0]) == (3, True, True)
    assert (clock.stop_s[0], clock.stop_item[0]) == (-1, -1)


def test_a_paused_open_clock_shows_what_it_had():
    items = [Item(0, 0, DAY), Item(1, DAY, 3 * DAY), Item(2, 3 * DAY, None), Item(3, None, None)]
    assert read(items, stopped=9 * DAY).clocks["promised"].value[0] == 2


def test_not_arrived():
    items = [Item(0, None, None), Item(3, None, None)]
    for clock in read(items).clocks.values():
        assert clock.open[0]
        assert not clock.started[0]
        assert (clock.value[0], clock.start_s[0]) == (0, -1)


def test_withdrawn_after_acceptance_stops_with_its_last_item():
    items = [Item(0, 0, DAY), Item(1, DAY, 3 * DAY), Item(2, 3 * DAY, 5 * DAY)]
    readings = read(items, outcome=Outcome.WITHDRAWN)
    clock = readings.clocks["promised"]
    assert (clock.open[0], clock.stop_s[0], clock.value[0]) == (False, 5 * DAY, 2)
    assert not readings.decided_here[0]


def test_withdrawn_before_acceptance_never_starts_that_clock():
    items = [Item(0, 0, DAY, marks=Mark.SUBMISSION)]
    clocks = read(items, outcome=Outcome.WITHDRAWN).clocks
    assert not clocks["promised"].started[0]
    assert not clocks["promised"].open[0]
    assert clocks["promised"].value[0] == 0
    assert clocks["gross_span"].value[0] == 1


def test_a_scope_without_acceptance_starts_when_its_first_step_is_ready():
    items = [Item(0, 0, DAY), Item(4, 3 * DAY, 5 * DAY)]
    for outcome in (Outcome.DONE, Outcome.REFUSED):
        readings = read(items, matters=("b",), outcome=outcome)
        assert readings.clocks["promised"].value[0] == 2
        assert readings.decided_here[0]


def test_a_case_without_a_step_in_scope():
    readings = read([Item(0, 0, DAY)], matters=("b",))
    assert not readings.in_scope[0]
    for clock in readings.clocks.values():
        assert (clock.value[0], clock.started[0], clock.open[0]) == (0, False, False)


def test_cases_and_case_types_are_kept_apart():
    proc = Process((Graph("early", (node("x"),)), Graph("late", (node("y"), node("z")))))
    cases = [
        Case([Item(1, 5 * DAY, 6 * DAY), Item(2, 6 * DAY, 9 * DAY)]),
        Case([Item(0, 0, 50 * DAY)]),
        Case([]),
        Case([Item(1, 0, 2 * DAY)]),
    ]
    demand, schedule = build(proc, cases, 60 * DAY, case_type=[1, 0, 1, 1])
    readings = read_clocks(history(proc, demand, schedule), Scope("late"))
    assert readings.case.tolist() == [0, 2, 3]
    assert readings.in_scope.tolist() == [True, False, True]
    for clock in readings.clocks.values():
        assert clock.value.tolist() == [4, 0, 2]
        assert clock.stop_item.tolist() == [1, -1, 3]


def test_no_cases_at_all():
    demand, schedule = build(P, [], 0)
    readings = read_clocks(history(P, demand, schedule), Scope("project"))
    assert all(len(c.value) == 0 for c in readings.clocks.values())


def test_merge_keeps_groups_apart_and_joins_what_touches():
    group, begin, end = merge(
        *(np.array(x) for x in ([0, 0, 0, 1, 1], [0, 2, 9, 0, 5], [2, 4, 10, 4, 6]))
    )
    assert group.tolist() == [0, 0, 1, 1]
    assert begin.tolist() == [0, 9, 0, 5]
    assert end.tolist() == [4, 10, 4, 6]


def test_every_clock_states_its_source():
    for name, clock in PRESET_CLOCKS.items():
        assert clock.source, name
        assert clock.label.en and clock.label.zh and clock.meaning.en and clock.meaning.zh, name
        assert PRESETS[name].label == (clock.label.en, clock.label.zh)


def test_a_matter_that_is_never_decided_takes_no_time_in_the_states_statistics():
    """Its project was refused for another matter, which takes none either."""
    both = process(
        node("check", phase=Phase.BEFORE, marks=Mark.ACCEPTANCE, covers=("a", "b")),
        node("a/decision", marks=Mark.DECISION),
        node("b/review", covers=("b",)),
        node("b/decision", marks=Mark.DECISION, covers=("b",)),
        stages={"a": "s", "b": "s"},
    )
    granted = [Item(0, 0, 0), Item(1, 0, 2 * DAY), Item(2, 0, 3 * DAY), Item(3, 3 * DAY, 4 * DAY)]
    clocks = read(granted, proc=both).clocks
    assert clocks["state_item"].value[0] == clocks["state_stage"].value[0] == 4
    refused = [
        Item(0, 0, 0),
        Item(1, 0, 2 * DAY, marks=Mark.DECISION | Mark.FAILURE),
        Item(2, 0, 3 * DAY),
    ]
    clocks = read(refused, proc=both, outcome=Outcome.REFUSED).clocks
    assert clocks["state_item"].value[0] == clocks["state_stage"].value[0] == 0
    assert clocks["promised"].value[0] == 2  # it stops with the last decision
