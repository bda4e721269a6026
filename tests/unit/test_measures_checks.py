"""The checks pass on what the engine returns, and each fails on what it must not return."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from sim.clocks import History, read_clocks
from sim.engine import simulate
from sim.limits import Scope
from sim.measures.checks import (
    STATES,
    Check,
    case_states,
    check_clocks,
    check_conservation,
    run_checks,
)
from sim.measures.facts import CaseFacts
from sim.measures.forms import facts_of
from sim.process.graph import Mark, Outcome
from sim.results.run import Result
from tests.build.schedules import DAY, Case, Item, build, history, node, process, random_run

NONE = np.empty(0)
P = process(node("check", marks=Mark.ACCEPTANCE), node("decision", marks=Mark.DECISION))


@pytest.fixture(scope="module")
def run():
    proc, demand, supply, horizon = random_run(3)
    schedule = simulate(demand.workload, supply, horizon)
    history = History(proc, demand, supply, schedule)
    return history, horizon, [read_clocks(history, Scope("project"))]


def failed(history, horizon, readings):
    return [c.name for c in run_checks(history, horizon, readings) if not c.ok]


def test_the_engine_passes(run):
    checks = run_checks(*run)
    assert [c.name for c in checks] == ["conservation", "Little's law", "engine contract", "clocks"]
    assert all(c.ok for c in checks), checks


def test_a_case_lost_on_the_way(run):
    done, horizon, readings = run
    demand, schedule = done.demand, done.schedule
    ready = schedule.ready.copy()
    ready[demand.case == 5] = -1
    broken = replace(schedule, ready=ready)
    assert "conservation" in failed(replace(done, schedule=broken), horizon, readings)


def test_a_case_that_is_there_before_it_came(run):
    done, horizon, readings = run
    demand, schedule = done.demand, done.schedule
    late = demand.workload.arrival_s.copy()
    late[5] = schedule.stopped_s + 1
    other = replace(demand, workload=replace(demand.workload, arrival_s=late))
    assert "conservation" in failed(replace(done, demand=other), horizon, readings)


def test_an_officer_busy_twice(run):
    done, horizon, readings = run
    schedule = done.schedule
    work = np.flatnonzero((schedule.officer >= 0) & (schedule.end > schedule.start))
    officer = schedule.officer.copy()
    officer[work] = officer[work[0]]
    broken = replace(schedule, officer=officer)
    assert failed(replace(done, schedule=broken), horizon, readings) == ["engine contract"]


def test_waiting_that_does_not_add_up(run):
    done, horizon, readings = run
    right = facts_of(done, horizon, np.array([0, horizon + 1]), np.ones(3))
    for error in (1, -1):
        wrong = replace(right, swept_s=right.swept_s + error)
        checks = run_checks(done, horizon, readings, wrong)
        assert [c.name for c in checks if not c.ok] == ["Little's law"]


@pytest.mark.parametrize("less", ["net_approval", "promised", "statutory", "gross_span"])
def test_clocks_out_of_order(run, less):
    *rest, (readings,) = run
    value = readings.clocks[less].value.copy()
    value[7] += 1000
    clocks = {**readings.clocks, less: replace(readings.clocks[less], value=value)}
    (check,) = [c for c in run_checks(*rest, [replace(readings, clocks=clocks)]) if not c.ok]
    assert check.name == "clocks"
    assert f"{less} >" in check.detail
    assert "case 7" in check.detail


def test_a_negative_clock(run):
    *rest, (readings,) = run
    value = readings.clocks["net_approval"].value.copy()
    value[7] = -1
    clocks = {
        **readings.clocks,
        "net_approval": replace(readings.clocks["net_approval"], value=value),
    }
    (check,) = [c for c in run_checks(*rest, [replace(readings, clocks=clocks)]) if not c.ok]
    assert check.detail == "net_approval < 0: case 7"


def test_a_case_at_work_before_it_is_handed_in_is_no_mistake():
    # No acceptance in it, so the legal clock starts with the first step, before the submission.
    case = Case(
        [Item(0, 0, 5 * DAY, marks=Mark.NONE), Item(1, DAY, 2 * DAY, marks=Mark.SUBMISSION)]
    )
    demand, schedule = build(P, [case], 9 * DAY)
    readings = read_clocks(history(P, demand, schedule), Scope("project"))
    assert readings.clocks["statutory"].value[0] > readings.clocks["gross_span"].value[0]
    assert check_clocks(readings).ok


def conservation(demand, schedule):
    return check_conservation(demand, schedule, CaseFacts.of(history(P, demand, schedule), NONE))


def test_states_and_conservation():
    cases = [
        Case([Item(0, 0, DAY), Item(1, DAY, DAY)]),
        Case([Item(0, 0, DAY)], outcome=Outcome.REFUSED),
        Case([Item(0, 0, DAY)], outcome=Outcome.WITHDRAWN),
        Case([Item(0, 0, DAY)], outcome=Outcome.NOT_ACCEPTED),
        Case([Item(0, 0, DAY), Item(1, DAY, None)], outcome=Outcome.REFUSED),
        Case([]),
        Case([Item(0, None, None)], arrival=5 * DAY),
    ]
    demand, schedule = build(P, cases, 3 * DAY)
    states = [STATES[s] for s in case_states(demand, schedule)]
    assert states == [
        "done",
        "refused",
        "withdrawn",
        "not_accepted",
        "open",
        "done",
        "not_arrived",
    ]
    check = conservation(demand, schedule)
    assert check.ok
    assert check.detail == (
        "6 arrived; 2 done, 1 refused, 1 withdrawn, 1 not_accepted, 0 lapsed, 0 revoked, 1 open"
    )
    # Nothing in hand, and yet not ended.
    stuck = replace(schedule, ready=np.where(schedule.end == -1, -1, schedule.ready))
    assert not conservation(demand, stuck).ok


def test_of_several_replications_the_first_that_failed_is_told():
    found = [("late", True, "0 = 0"), ("late", False, "1 ≠ 2"), ("late", False, "3 ≠ 4")]
    summaries = [
        SimpleNamespace(number=number, checks=(Check("sound", True, f"{number}"), Check(*late)))
        for number, late in enumerate(found)
    ]
    result = SimpleNamespace(summaries=summaries)
    assert Result.checks.func(result) == (
        Check("sound", True, "0"),
        Check("late", False, "replication 1: 1 ≠ 2"),
    )
