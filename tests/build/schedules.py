"""Small processes, cases and schedules written down by hand, for tests of clocks and measures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from sim.calendars import Intervals, IntervalTable, WorkingDays
from sim.clocks import History
from sim.demand.demand import Demand
from sim.engine.contract import DELAY, NO_LIMIT, NO_OFFICER, OPEN, Schedule, Supply, Workload
from sim.process.graph import Combine, Graph, Mark, Node, Outcome, Owner, Phase, Role
from sim.process.table import Process

DAY, HOUR = 86_400, 3_600
EVERY_DAY = WorkingDays(date(2024, 1, 1), np.ones(2000, bool))


def node(name, **changes):
    """A step of matter "a" that runs in its own matter's clock; `changes` say what is different."""
    plain = Node(
        name=name,
        role=Role.REVIEW,
        owner=Owner.AUTHORITY,
        phase=Phase.RUNNING,
        covers=("a",),
        department="d",
        pool="p",
        terms=(),
        combine=Combine.SUM,
        after=(),
    )
    return replace(plain, **changes)


def process(*nodes, case_type="project", stages=None):
    """Return a process of one case type; `stages`: matter → stage, if clocks count by them."""
    return Process((Graph(case_type, nodes, stages or {}),))


@dataclass
class Item:
    """One item of a case; times in seconds, None is "not yet"."""

    node: int
    ready: int | None
    end: int | None
    start: int | None = None
    """Default: as it became ready, if it did."""
    after: Sequence[int] = ()
    """Predecessors, by position in the case."""
    pool: int = DELAY
    officer: int = NO_OFFICER
    marks: Mark | None = None
    """Default: the node's."""


@dataclass
class Case:
    items: Sequence[Item]
    arrival: int = 0
    outcome: Outcome = Outcome.DONE
    measured: bool = True


def build(proc, cases, stopped, days=EVERY_DAY, case_type=None):
    """Return the demand and schedule of these cases."""
    items = [item for case in cases for item in case.items]
    sizes = [len(case.items) for case in cases]
    first = np.cumsum([0, *sizes])
    number = np.repeat(np.arange(len(cases)), sizes)
    pred = [first[c] + p for c, case in enumerate(cases) for i in case.items for p in i.after]
    n = len(items)
    workload = Workload(
        arrival_s=np.array([c.arrival for c in cases], np.int64),
        first_item=first,
        measured=np.array([c.measured for c in cases], bool),
        limit_wd=np.full(len(cases), NO_LIMIT, np.int64),
        pool=np.array([i.pool for i in items], np.int32),
        amount=np.zeros(n, np.int64),
        delay_rule=np.zeros(n, np.int8),
        calendar=np.zeros(n, np.int32),
        priority=np.zeros(n, np.int32),
        counted=np.ones(n, bool),
        starts_clock=np.zeros(n, bool),
        pred_ptr=np.cumsum([0, *(len(i.after) for i in items)]),
        pred=np.array(pred, np.int64),
        calendars=IntervalTable.of([]),
        working_days=days,
    )
    marks = [proc.nodes[i.node].marks if i.marks is None else i.marks for i in items]
    demand = Demand(
        workload=workload,
        case_type=np.zeros(len(cases), np.int32)
        if case_type is None
        else np.array(case_type, np.int32),
        attributes={},
        attribute_values={},
        outcome=np.array([c.outcome for c in cases], np.int8),
        case=number.astype(np.int32),
        node=np.array([i.node for i in items], np.int32),
        marks=np.array(marks, np.uint8),
        cut_off=np.zeros(len(cases), bool),
    )
    schedule = Schedule(
        ready=times(i.ready for i in items),
        start=times(i.ready if i.start is None and i.pool == DELAY else i.start for i in items),
        end=times(i.end for i in items),
        officer=np.array([i.officer for i in items], np.int32),
        stopped_s=stopped,
    )
    return demand, schedule


def history(proc, demand, schedule):
    """Return what happened in an office without staff: clocks and measures do not look at it."""
    return History(proc, demand, supply(0, []), schedule)


def times(seconds):
    return np.array([OPEN if t is None else t for t in seconds], np.int64)


def supply(pools, officers, in_hand=False, hands_over=False):
    """`officers`: (pools that the officer serves, duty as pairs of seconds) each."""
    duty = IntervalTable.of([Intervals.of(hours) for _, hours in officers])
    return Supply(
        rule=np.zeros(pools, np.int8),
        escalate_wd=np.zeros(pools, np.int64),
        pool_ptr=np.cumsum([0, *(len(served) for served, _ in officers)]),
        pool_of=np.array([p for served, _ in officers for p in served], np.int32),
        calendar=np.arange(len(officers), dtype=np.int32),
        planned_calendar=np.arange(len(officers), dtype=np.int32),
        speed_num=np.ones(len(officers), np.int64),
        speed_den=np.ones(len(officers), np.int64),
        finishes_in_hand=np.full(len(officers), in_hand),
        hands_over=np.full(len(officers), hands_over),
        rework_ppm=np.zeros(len(officers), np.int64),
        duty=duty,
        planned=duty,
    )


def random_run(seed, cases=150, size=8):
    """Return a process, a demand, a supply and a horizon for the engine: cases of random DAGs.

    The horizon cuts the last cases off. Two pools share an officer; a third of items are delays.
    """
    rng = np.random.default_rng(seed)
    owners = [Owner.AUTHORITY] * 3 + [Owner.APPLICANT, Owner.THIRD_PARTY, Owner.PUBLICITY]
    kinds = [
        node(
            str(i),
            owner=owners[rng.integers(len(owners))],
            phase=Phase(int(rng.integers(2))),
            covers=("ab"[rng.integers(2)],),
            department="de"[rng.integers(2)],
        )
        for i in range(size - 2)
    ]
    first = node("check", phase=Phase.BEFORE, marks=Mark.ACCEPTANCE | Mark.SUBMISSION)
    proc = process(first, *kinds, node("decision", marks=Mark.DECISION))
    arrivals = np.sort(rng.integers(0, 60 * DAY, cases))
    drawn = []
    for arrival in arrivals:
        items = []
        for i in range(size):
            before = rng.permutation(i)[: rng.integers(1, 4)]
            last = range(i) if i == size - 1 else sorted(before)
            pool = int(rng.integers(-1, 2))
            items.append(Item(i, None, None, after=[int(p) for p in last], pool=pool))
        drawn.append(Case(items, arrival=int(arrival)))
    days = WorkingDays(date(2024, 1, 1), rng.random(400) < 0.7)
    demand, _ = build(proc, drawn, 0, days)
    amount = rng.integers(0, 5 * HOUR, cases * size)
    demand = replace(demand, workload=replace(demand.workload, amount=amount))
    hours = [(d * DAY + 9 * HOUR, d * DAY + 17 * HOUR) for d in range(100)]
    staff = supply(2, [([0], hours), ([0, 1], hours), ([1], hours)])
    return proc, demand, staff, 61 * DAY
