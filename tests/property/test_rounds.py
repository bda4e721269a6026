"""A limit per round, case by case, against a walk along the days of each case."""

import numpy as np
import pytest

from sim.process.graph import Mark, Owner, Phase, Role
from sim.replications.model import Model
from sim.replications.readings import read_limits
from sim.scenario import load

DAY_S = 86_400
SHORT = (
    "period.start=2021-01-04",
    "period.window={from: 2021-03-01, to: 2021-05-31}",
    "period.run_out=300 cd",
)
PAUSES = {Owner.APPLICANT, Owner.THIRD_PARTY, Owner.SPECIAL, Owner.PUBLICITY}
"""Whose time the promised clock does not count."""


def rounds_of(model, done, case, matters):
    """Return the working days of each round of one case on the promised clock."""
    nodes, s = model.process.nodes, done.schedule
    items = [
        i
        for i in range(*done.demand.workload.first_item[[case, case + 1]])
        if matters & set(nodes[done.demand.node[i]].covers)
    ]
    marked = {
        mark: [int(s.end[i]) for i in items if done.demand.marks[i] & mark]
        for mark in (Mark.ACCEPTANCE, Mark.DECISION)
    }
    start, stop = min(marked[Mark.ACCEPTANCE]), max(marked[Mark.DECISION])
    counted, handed_in = [], []
    for i in items:
        node = nodes[done.demand.node[i]]
        begin, end = max(int(s.ready[i]), start), min(int(s.end[i]), stop)
        if node.owner not in PAUSES and node.owner is not Owner.SUPERVISION and begin < end:
            counted.append((begin, end))
        corrected = node.role is Role.CORRECTION and node.owner is Owner.APPLICANT
        if corrected and node.phase is Phase.RUNNING and int(s.ready[i]) >= 0:
            handed_in.append(int(s.end[i]))
    rounds, runs_to = [0], start
    for begin, end in sorted(counted):
        if begin > runs_to and any(runs_to < t <= begin for t in handed_in):
            rounds.append(0)
        first = max(begin, runs_to) // DAY_S if begin <= runs_to else begin // DAY_S
        days = range(first + 1, end // DAY_S + 1)
        rounds[-1] += sum(bool(model.working_days.working[day]) for day in days)
        runs_to = max(runs_to, end)
    return rounds


@pytest.mark.parametrize("matters", [("DES",), ("LUP", "DES", "PUB", "CAD", "CPP")])
def test_the_longest_round_of_every_case(matters):
    scope = f"limits.project_30.scope.matters=[{', '.join(matters)}]"
    often = "case_types.project.matters.DES.review_correction.probability=0.6"
    settings = (*SHORT, scope, often, "limits.project_30.per=round")
    model = Model(load("yingkou/base", settings=settings))
    done = model.replicate(1, 0)
    limit = next(r for r in read_limits(model.scenario, done) if r.name == "project_30")
    clock = limit.readings.clocks["promised"]
    several = 0
    for place, case in enumerate(limit.readings.case):
        ended = done.demand.outcome[case] == 0 and not clock.open[place]
        if ended and done.demand.workload.measured[case]:
            rounds = rounds_of(model, done, int(case), set(matters))
            assert int(clock.value[place]) == max(rounds), rounds
            several += len(rounds) > 1
    assert several > 10
    assert np.all(clock.value >= 0)
