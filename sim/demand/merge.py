"""Merges the parts of a replication into its demand: cases in one order, and their items."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.calendars import IntervalTable, WorkingDays
from sim.demand.arrived import Arrived
from sim.demand.backlog import Carried
from sim.demand.course import Course
from sim.demand.demand import Demand
from sim.demand.due import DueClocks
from sim.demand.node_columns import NodeFacts
from sim.engine.contract import DAY_S, NO_NOTICE, NO_TACIT, Workload
from sim.process import Process
from sim.process.graph import Role

Column = Callable[[int, Ints], "NDArray[np.integer] | np.integer"]
"""(node of the graph, cases) → a column of `Workload`: [cases], or one value for all."""


@dataclass(frozen=True, eq=False)
class Part:
    """The cases of one stream of arrivals; n cases, N nodes of their graph."""

    kind: int
    """Position of the case type."""
    arrived: Arrived
    attributes: Mapping[str, NDArray[np.int32]]
    due: DueClocks
    way: Course
    amount: Column
    pool: Column
    delay_rule: Column
    backlog: OpenPart | None = None
    """What these cases bring along, if they were open at the start."""

    def __len__(self) -> int:
        """Return n."""
        return len(self.arrived.at_s)


@dataclass(frozen=True, eq=False)
class OpenPart:
    """Clocks and due days of the n cases of a part that were open at the start."""

    carried: Carried
    due_wd: Ints
    """[n] due working day, as in `Workload`."""
    clock_runs: Bools
    """[n] the clock has started, as in `Workload`."""


_NONE = np.empty(0, np.int64)
_SHIFT = 32
"""Bits of the predecessor in a link packed into one integer; the successor is above them."""


class Items:
    """The columns of I items that differ from case to case, and the links of the items."""

    def __init__(self, n: int, *, resubmissions: bool, rounds: bool, notices: bool) -> None:
        self.node = np.empty(n, np.int32)
        self.marks = np.empty(n, np.uint8)
        self.amount = np.empty(n, np.int64)
        self.pool = np.empty(n, np.int32)
        self.delay_rule = np.empty(n, np.int8)
        self.counted = np.empty(n, np.bool_)
        self.starts_clock = np.empty(n, np.bool_)
        self.begins_round = np.zeros(n, np.bool_) if rounds else None
        self.application = np.ones(n, np.uint8) if resubmissions else None
        self.notice = np.full(n, NO_NOTICE) if notices else None
        self.counted_late = np.zeros(n, np.bool_) if notices else None
        self.begins_round_late = np.zeros(n, np.bool_) if notices else None
        self._successors: list[Ints] = []
        self._predecessors: list[Ints] = []

    def write(self, part: Part, first_node: int, place: Ints) -> None:
        """Write the items of a part.

        `first_node`: the number of its graph's first node in the process; `place`: [n] the number
        of each case's first item, which is moved on past its last.
        """
        marks = part.way.marks.T
        cases_of: list[Ints] = []
        items_of: list[Ints] = []
        for node, included in enumerate(part.way.included.T):
            cases = np.flatnonzero(included)
            items = place[cases]
            cases_of.append(cases)
            items_of.append(items)
            if len(cases) == 0:
                continue  # skipping its draws is safe: each node has its own streams
            place[cases] = items + 1
            self.node[items] = first_node + node
            self.marks[items] = marks[node][cases]
            self.amount[items] = part.amount(node, cases)
            self.pool[items] = part.pool(node, cases)
            self.delay_rule[items] = part.delay_rule(node, cases)
            self.counted[items] = part.due.counted(node, cases)
            self.starts_clock[items] = part.due.starts(node, cases, marks[node][cases])
            if self.begins_round is not None:
                self.begins_round[items] = part.due.rounds(node, cases)
            if self.application is not None and part.way.application is not None:
                self.application[items] = part.way.application[cases, node]
        if part.due.has_notices:
            self._write_notices(part, cases_of, items_of)
        for later, earlier, which in part.way.links:
            for node, links in ((later, self._successors), (earlier, self._predecessors)):
                links.append(items_of[node][which[cases_of[node]]])

    def _write_notices(
        self, part: Part, cases_of: Sequence[Ints], items_of: Sequence[Ints]
    ) -> None:
        """Write the columns about late notices of a part, whose items are known by node."""
        assert self.notice is not None
        assert self.counted_late is not None
        assert self.begins_round_late is not None
        for node, (cases, items) in enumerate(zip(cases_of, items_of, strict=True)):
            counted, rounds = part.due.late(node, cases)
            self.counted_late[items], self.begins_round_late[items] = counted, rounds
            for check, which in part.due.notices(node, cases):
                _, mine, its = np.intersect1d(
                    cases[which], cases_of[check], assume_unique=True, return_indices=True
                )
                self.notice[items[which][mine]] = items_of[check][its]

    def links(self) -> tuple[Ints, Ints]:
        """Return `pred_ptr` and `pred` of the `Workload`; may be called once."""
        # Each link is packed into one integer: faster and smaller to sort than two columns.
        pairs = np.concatenate([_NONE, *self._successors])
        self._successors.clear()
        pairs <<= _SHIFT
        pairs |= np.concatenate([_NONE, *self._predecessors])
        self._predecessors.clear()
        pairs.sort()
        pred_ptr = np.zeros(len(self.node) + 1, np.int64)
        np.cumsum(np.bincount(pairs >> _SHIFT, minlength=len(self.node)), out=pred_ptr[1:])
        pairs &= (1 << _SHIFT) - 1
        return pred_ptr, pairs


WORKING_DAYS_ROW = 0
"""The row of `Workload.calendars` on which random delays in working days elapse."""


@dataclass(frozen=True, eq=False)
class Frame:
    """The inputs that all replications of a scenario share."""

    process: Process
    facts: NodeFacts
    attribute_values: Mapping[str, tuple[str, ...]]
    working_days: WorkingDays
    calendars: IntervalTable
    window_s: tuple[int, int]
    backlog_measured: bool
    """Cases that were open at the start are measured."""


def assemble(frame: Frame, parts: Sequence[Part]) -> Demand:
    """Return the demand with its cases in order of arrival (then case type, stream, number).

    The backlog comes first, by submission and name.
    """
    facts = frame.facts
    kind = _of_parts(parts, [part.kind for part in parts])
    was_open = _of_parts(parts, [part.backlog is not None for part in parts]) == 1
    at_s = np.concatenate([part.arrived.at_s for part in parts])
    order = np.argsort(np.where(was_open, _turn_in_backlog(parts, was_open), at_s), kind="stable")
    per_case = np.concatenate([part.way.included.T.sum(axis=0) for part in parts])
    first_item = np.concatenate([[0], np.cumsum(per_case[order])]).astype(np.int64)
    items = _items(frame.process, parts, order, first_item)
    pred_ptr, pred = items.links()
    case = np.repeat(np.arange(len(order), dtype=np.int32), per_case[order])
    clock, of_case = _clocks(frame.process, parts, order, case, items)
    due_wd, clock_runs = _clocks_that_run(frame.working_days, parts, order, of_case)
    arrival = at_s[order]
    begin, end = frame.window_s
    workload = Workload(
        arrival_s=arrival,
        first_item=first_item,
        measured=np.where(
            was_open[order], frame.backlog_measured, (arrival >= begin) & (arrival < end)
        ),
        limit_wd=np.concatenate([part.due.limit_wd for part in parts])[order][of_case],
        pool=items.pool,
        amount=items.amount,
        delay_rule=items.delay_rule,
        calendar=np.full(len(items.pool), WORKING_DAYS_ROW, np.int32),
        priority=facts.priority[items.node],
        tacit_wd=_tacit(facts, items.node),
        counted=items.counted,
        starts_clock=items.starts_clock,
        begins_round=items.begins_round,
        pred_ptr=pred_ptr,
        pred=pred,
        calendars=frame.calendars,
        working_days=frame.working_days,
        due_wd=due_wd,
        clock_runs=clock_runs,
        clock=clock,
        notice=items.notice,
        counted_late=items.counted_late,
        begins_round_late=items.begins_round_late,
    )
    return Demand(
        workload=workload,
        case_type=kind[order].astype(np.int32),
        attributes={name: _attribute(name, parts)[order] for name in frame.attribute_values},
        attribute_values=frame.attribute_values,
        outcome=np.concatenate([part.way.outcome for part in parts])[order],
        case=case,
        node=items.node,
        marks=items.marks,
        application=items.application,
        cut_off=np.concatenate([part.way.cut_off for part in parts])[order],
        left_out=sum(part.arrived.left_out for part in parts),
        backlog=_carried(frame.process, parts, order),
    )


def _items(process: Process, parts: Sequence[Part], order: Ints, first_item: Ints) -> Items:
    """Write out the items of all parts."""
    resubmissions = any(part.way.application is not None for part in parts)
    rounds = any(part.due.has_rounds for part in parts)
    notices = any(part.due.has_notices for part in parts)
    items = Items(int(first_item[-1]), resubmissions=resubmissions, rounds=rounds, notices=notices)
    place = np.empty(len(order), np.int64)
    place[order] = first_item[:-1]
    for part, at in zip(parts, _split(parts, place), strict=True):
        items.write(part, int(process.first_node[part.kind]), at)
    return items


def _tacit(facts: NodeFacts, node: NDArray[np.int32]) -> Ints | None:
    """Return [I] the periods of tacit consent in working days; None: no item has one."""
    periods = facts.tacit_wd[node]
    return periods if (periods != NO_TACIT).any() else None


def _of_parts(parts: Sequence[Part], values: Sequence[int]) -> Ints:
    """Return [C] the value of each case's part."""
    return np.repeat(np.array(values, np.int64), [len(part) for part in parts])


def _split(parts: Sequence[Part], column: Ints) -> list[Ints]:
    """Return the [n] slice of each part, as views of the column."""
    return np.split(column, np.cumsum([len(part) for part in parts])[:-1])


def _attribute(name: str, parts: Sequence[Part]) -> NDArray[np.int32]:
    """Return [C] the codes of an attribute, -1 where a case type lacks it."""
    return np.concatenate(
        [part.attributes.get(name, np.full(len(part), -1, np.int32)) for part in parts]
    )


def _turn_in_backlog(parts: Sequence[Part], was_open: Bools) -> Ints:
    """Return [C] a number below 0 that puts the backlog's cases in order; 0 for others."""
    turn = np.zeros(len(was_open), np.int64)
    keys = [
        (int(submitted_s), name, part.kind)
        for part in parts
        if part.backlog is not None
        for submitted_s, name in zip(
            part.backlog.carried.submitted_s, part.backlog.carried.name, strict=True
        )
    ]
    by_turn = sorted(range(len(keys)), key=keys.__getitem__)
    turn[np.flatnonzero(was_open)[by_turn]] = np.arange(-len(keys), 0)
    return turn


def _clocks(
    process: Process, parts: Sequence[Part], order: Ints, case: NDArray[np.int32], items: Items
) -> tuple[Ints | None, Ints]:
    """Return [I] the clocks of the items, None if each case has one, and [K] the case of each.

    Where the limit is for each application, those after the first have a clock each. The wait
    between two of them is put to the one before; it counts for neither.
    """
    first = np.arange(len(order))
    if items.application is None:
        return None, first
    apart = np.concatenate([part.due.apart for part in parts])[order]
    number = items.application.astype(np.int64)
    number -= process.role[items.node] == Role.RESUBMISSION
    number[~apart[case]] = 1
    further = np.zeros(len(order), np.int64)
    np.maximum.at(further, case, number - 1)
    before = len(order) + np.cumsum(further) - further
    clock = np.where(number == 1, case, before[case] + number - 2)
    return clock, np.concatenate([first, np.repeat(first, further)])


def _clocks_that_run(
    days: WorkingDays, parts: Sequence[Part], order: Ints, of_case: Ints
) -> tuple[Ints | None, Bools | None]:
    """Return [K] the due days, and whether clocks have started; nothing if none has."""
    if not any(part.backlog is not None or part.due.from_arrival.any() for part in parts):
        return None, None
    due, runs = [], []
    for part in parts:
        if part.backlog is None:
            day = np.minimum(part.arrived.at_s // DAY_S, len(days) - 1)
            due.append(days.cumulative[day] + part.due.limit_wd)
            runs.append(part.due.from_arrival)
        else:
            due.append(part.backlog.due_wd)
            runs.append(part.backlog.clock_runs)
    further = np.concatenate([part.due.from_arrival for part in parts])[order]
    running = further[of_case]
    running[: len(order)] = np.concatenate(runs)[order]
    return np.concatenate(due)[order][of_case], running


def _carried(process: Process, parts: Sequence[Part], order: Ints) -> dict[str, Carried]:
    """Return what the backlog's cases bring along, by case type, with their case numbers."""
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    return {
        process.case_types[part.kind]: replace(part.backlog.carried, case=case)
        for part, case in zip(parts, _split(parts, number), strict=True)
        if part.backlog is not None
    }
