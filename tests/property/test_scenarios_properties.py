"""Random small scenarios, from file to verdict: every check of every run must hold.

The scenarios are written to files and loaded as a user's would be.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim.clocks import Counting, History, read_clocks
from sim.engine.checks import verify
from sim.experiments import run
from sim.limits import resolved_limits
from sim.measures.checks import run_checks
from sim.process.graph import Mark, Outcome
from sim.replications.model import Model
from sim.scenario import vary
from tests.build.random_scenarios import loaded, scenarios
from tests.build.same import assert_same

SOME = settings(
    max_examples=20,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)


def all_hold(model: Model, done: History) -> None:
    demand, schedule = done.demand, done.schedule
    assert verify(demand.workload, done.supply, schedule, done.horizon_s) == []
    counting = Counting.of(model.scenario, done)
    readings = [
        read_clocks(done, limit.scope, counting) for limit in resolved_limits(model.scenario)
    ]
    checks = run_checks(done, done.horizon_s, readings)
    assert all(check.ok for check in checks), [check for check in checks if not check.ok]


def well_formed(model: Model, done: History) -> None:
    """The contract of `Workload`, and what a case can be."""
    demand, workload = done.demand, done.demand.workload
    items = len(workload.pool)
    assert np.all(np.diff(workload.arrival_s) >= 0)
    assert np.all(workload.arrival_s >= 0)
    assert workload.first_item[-1] == items == len(workload.pred_ptr) - 1
    successor = np.repeat(np.arange(items), np.diff(workload.pred_ptr))
    assert np.all(workload.pred < successor)
    assert np.array_equal(demand.case[workload.pred], demand.case[successor])
    pairs = np.stack([successor, workload.pred])
    assert len(np.unique(pairs, axis=1).T) == len(pairs.T)  # no link twice
    assert np.all(workload.amount >= 0)
    for case in range(len(workload.arrival_s)):
        mine = slice(*workload.first_item[case : case + 2])
        marks = demand.marks[mine]
        if demand.outcome[case] == Outcome.NOT_ACCEPTED:
            assert not np.all(marks & Mark.ACCEPTANCE)
        nodes = [model.process.nodes[n] for n in demand.node[mine]]
        assert len({node.name for node in nodes}) == len(nodes)
        # nothing of a stage's window is accepted twice in one application
        accepted = [(n.name.split("/")[0], n.handed_in) for n, m in zip(nodes, marks, strict=True)
                    if m & Mark.ACCEPTANCE]  # fmt: skip
        assert len(set(accepted)) == len(accepted)


@SOME
@given(scenarios())
def test_every_check_of_every_run_holds(tree):
    model = Model(loaded(tree))
    done = model.replicate(1, 0)
    well_formed(model, done)
    all_hold(model, done)


@settings(SOME, max_examples=60)
@given(scenarios())
def test_machine_code_draws_what_arrays_draw(tree):
    """Bit by bit: courses, amounts, marks, links."""
    model = Model(loaded(tree))
    for number in (0, 1):
        compiled, arrays = (model.demand.draw(1, number, compiled=by) for by in (True, False))
        assert_same(compiled, arrays, "demand")
        absent, present = (model.supply.draw(1, number, compiled=by) for by in (True, False))
        assert_same(absent, present, "supply")


@SOME
@given(scenarios())
def test_a_case_ends_where_it_is_stopped(tree):
    """What waits, directly or not, for a step at which the case was stopped does not exist."""
    model = Model(loaded(tree))
    demand = model.demand.draw(1, 0)
    workload = demand.workload
    successor = np.repeat(np.arange(len(workload.pool)), np.diff(workload.pred_ptr))
    last = np.ones(len(workload.pool), bool)
    last[workload.pred] = False
    for case in np.flatnonzero(demand.outcome != Outcome.DONE):
        mine = np.arange(*workload.first_item[case : case + 2])
        may_stop = [i for i in mine if model.process.nodes[demand.node[i]].stops and last[i]]
        assert may_stop, "no last step can have stopped it"
    assert np.all(demand.case[successor] == demand.case[workload.pred])


@settings(SOME, max_examples=8)
@given(scenarios())
def test_the_whole_run(tree):
    scenario = loaded(tree)
    result = run(scenario, replications=2, seed=3)
    assert all(check.ok for check in result.checks), result.checks
    again = run(scenario, replications=2, seed=3)
    assert result.cases.equals(again.cases)
    assert result.items.equals(again.items)


# --- open cases ------------------------------------------------------------------------------

SHORT = (0, 2, 7)
LONG = 60
"""Calendar days of run-outs."""
TARGETS = (0.5, 0.9, 0.99)


def contradictions(tree: dict[str, Any], short: int, replications: int) -> tuple[int, list[str]]:
    """Compare a short run-out with a long one, on the same cases, on every clock and target.

    Return the number of verdicts that the short run proves, and what the long one contradicts: a
    proven verdict, or a case that is known to be on time or late and is not.
    """
    proven, wrong = 0, []
    early, late = (
        run(vary(loaded(tree), {"period.run_out": f"{days} cd"}), replications=replications, seed=5)
        for days in (short, LONG)
    )
    for limit in early.resolved_limits:
        for clock in early.summaries[0].tallies[limit.name]:
            known, after = (each.on_time_counts(limit.name, clock) for each in (early, late))
            if not (
                np.array_equal(known.judged, after.judged)
                and np.all(known.surely <= after.surely)
                and np.all(after.at_best <= known.at_best)
            ):
                wrong.append(f"{limit.name} on {clock}: {known} became {after}")
            for target in TARGETS:
                then, said = (
                    each.share(limit.confidence).verdict(target) for each in (known, after)
                )
                proven += then != "undecided"
                if "undecided" not in (then, said) and then != said:
                    wrong.append(f"{limit.name} on {clock}, {target}: {then}, then {said}")
    return proven, wrong


@settings(SOME, max_examples=25)
@given(scenarios(), st.sampled_from(SHORT))
def test_no_verdict_contradicts_that_of_a_longer_run(tree, short):
    _, wrong = contradictions(tree, short, replications=3)
    assert wrong == []
