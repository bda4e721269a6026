"""The register of events that the national approval system would hold of a simulation.

One row an event of one matter (事项) of one project: its state (BLZT) and the time. States:
1 received, 3 accepted, 6 and 7 correction, 9 and 10 special procedure (publicity is recorded as
one), 11 decided; 2 withdrawn, 5 not accepted, 13 refused, 14 lapsed, 15 revoked.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.clocks import History
from sim.engine.contract import OPEN
from sim.process.graph import Mark, Owner, Role
from sim.scenario import Scenario

FAILED = {Role.CHECK: 5, Role.DECISION: 13, Role.VERIFICATION: 15}
"""Role of the step at which a matter fails → state; at a correction it is withdrawn or lapses."""


@dataclass(frozen=True)
class Event:
    project: int
    item: str
    stage: str
    state: int
    at: dt.datetime


def completed(history: History, case_type: str) -> set[int]:
    """Return the projects of which all matters are decided, or never will be (是否完全办结)."""
    demand, end = history.demand, history.schedule.end
    kind = history.process.case_types.index(case_type)
    decisions = (demand.marks & np.uint8(Mark.DECISION)) != 0
    has_one = np.zeros(len(demand.case_type), bool)
    has_one[demand.case[decisions]] = True
    awaited = decisions | ~has_one[demand.case]
    open_ = np.zeros(len(demand.case_type), bool)
    open_[demand.case[awaited & (end == OPEN)]] = True
    return set(np.flatnonzero((demand.case_type == kind) & ~open_).tolist())


def decides_nothing(history: History, case_type: str) -> set[str]:
    """Return the matters without a decision, such as a publicity."""
    graph = history.process.graphs[history.process.case_types.index(case_type)]
    matters = {name for node in graph.nodes for name in node.covers}
    return matters - {n for node in graph.nodes if Mark.DECISION in node.marks for n in node.covers}


def register(scenario: Scenario, history: History, case_type: str) -> list[Event]:
    """Return every event up to the stop of the run, by project and matter."""
    demand, schedule = history.demand, history.schedule
    midnight = dt.datetime.combine(scenario.period.start, dt.time())
    stage_of = {name: m.stage for name, m in scenario.case_types[case_type].matters.items()}
    kind = history.process.case_types.index(case_type)
    rows: dict[int, list[int]] = {}
    for item in range(len(demand.case)):
        if demand.case_type[demand.case[item]] == kind:
            rows.setdefault(int(demand.case[item]), []).append(item)
    events = []
    for case, items in rows.items():
        for matter, mine in _by_matter(history, items).items():
            for state, t in _events(history, matter, mine, _failed(history, items)):
                if t != OPEN:
                    at = midnight + dt.timedelta(seconds=int(t))
                    events.append(Event(case, matter, stage_of[matter], state, at))
    assert all(t == OPEN or t <= schedule.stopped_s for t in schedule.end)
    return events


def _by_matter(history: History, items: list[int]) -> dict[str, list[int]]:
    """Return matter → its items, of the matters that the case has.

    It has those with a step of their own, and all that a window served if it never came further.
    """
    nodes, node = history.process.nodes, history.demand.node
    own = {nodes[node[i]].covers[0] for i in items if len(nodes[node[i]].covers) == 1}
    has = own | {
        name
        for i in items
        if not own.intersection(nodes[node[i]].covers)
        for name in nodes[node[i]].covers
    }
    return {name: [i for i in items if name in nodes[node[i]].covers] for name in sorted(has)}


def _failed(history: History, items: list[int]) -> int | None:
    """Return when the project ended without all its approvals; OPEN: not yet; None: it does not."""
    demand, schedule = history.demand, history.schedule
    ends = [
        int(schedule.end[i])
        for i in items
        if Mark.FAILURE in Mark(int(demand.marks[i]))
        and history.process.nodes[demand.node[i]].owner is not Owner.SUPERVISION
    ]
    return min((t for t in ends if t != OPEN), default=OPEN) if ends else None


def _events(
    history: History, matter: str, items: list[int], project_failed: int | None
) -> Iterator[tuple[int, int]]:
    """Yield the events of one matter as (state, second); OPEN: not yet.

    `project_failed`: when its project ended without all approvals, see `_failed`.
    A matter without a decision, such as a period of publicity, is decided when its last step ends.
    """
    nodes, demand = history.process.nodes, history.demand
    ready, end = history.schedule.ready, history.schedule.end
    node = {i: nodes[demand.node[i]] for i in items}
    marks = {i: Mark(int(demand.marks[i])) for i in items}
    at_work = [i for i in items if node[i].owner is not Owner.SUPERVISION]
    begun = [int(ready[i]) for i in at_work if ready[i] != OPEN]
    handed_in = [int(ready[i]) for i in at_work if Mark.SUBMISSION in marks[i]]
    received = min((t for t in handed_in or begun if t != OPEN), default=OPEN)
    yield 1, received
    at_window, has_decision = (
        any(mark in n.marks and matter in n.covers for n in nodes)
        for mark in (Mark.ACCEPTANCE, Mark.DECISION)
    )
    accepted = [int(end[i]) for i in at_work if Mark.ACCEPTANCE in marks[i]]
    yield 3, min((t for t in accepted if t != OPEN), default=OPEN) if at_window else received
    for i in at_work:
        if node[i].role is Role.CORRECTION and node[i].owner is Owner.APPLICANT:
            yield from ((6, ready[i]), (7, end[i]))
        if node[i].owner in {Owner.SPECIAL, Owner.PUBLICITY}:
            yield from ((9, ready[i]), (10, end[i]))
    last = [i for i in at_work if not has_decision or Mark.DECISION in marks[i]]
    failed = [i for i in items if Mark.FAILURE in marks[i] and end[i] != OPEN]
    for i in failed:
        if node[i].role is Role.CORRECTION:
            yield 14 if node[i].owner is Owner.DEFERRED else 2, end[i]
        else:
            yield FAILED[node[i].role], end[i]
    if has_decision and not last and not failed and all(end[i] != OPEN for i in at_work):
        # Its project ends for another matter.
        own = max(int(end[i]) for i in at_work)
        yield 2, OPEN if project_failed == OPEN else max(own, project_failed or own)
    if last and all(end[i] != OPEN for i in last) and not any(i in failed for i in last):
        yield 11, max(int(end[i]) for i in last)
