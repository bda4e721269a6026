"""Merges the parts of a replication into its demand: cases in one order, and their items."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.calendars import IntervalTable, WorkingDays
from sim.demand.backlog import Carried
from sim.demand.backlog.carried import joined
from sim.demand.compiled_items import Codes
from sim.demand.demand import Demand
from sim.demand.due_columns import DueTable
from sim.demand.items import Items
from sim.demand.node_columns import NodeFacts
from sim.demand.parts import Part, attribute_of, of_parts, per_part
from sim.engine.contract import DAY_S, NO_TACIT, NO_TEAM, Workload
from sim.process import Process
from sim.process.graph import Role

NOBODY: Final = np.empty(0, np.int64)
"""The turn of open cases where there are none."""
WORKING_DAYS_ROW = 0
"""The row of `Workload.calendars` on which random delays in working days elapse."""
Write = Callable[[Sequence[Part], Ints, Mapping[str, Codes]], Items]
"""(parts, [C] order of their cases, attribute → [C] codes in that order) → the items."""


@dataclass(frozen=True, eq=False)
class Urgency:
    """An effect of attributes on the priority class of a case."""

    kind: int
    """Position of the case type."""
    where: Mapping[str, Codes]
    """Attribute → codes of the values with the effect; all must hold."""
    by: int


@dataclass(frozen=True, eq=False)
class Frame:
    """The inputs that all replications of a scenario share."""

    process: Process
    facts: NodeFacts
    due: DueTable
    attribute_values: Mapping[str, tuple[str, ...]]
    working_days: WorkingDays
    calendars: IntervalTable
    window_s: tuple[int, int]
    backlog_measured: bool
    """Cases that were open at the start are measured."""
    urgencies: tuple[Urgency, ...] = ()


def assemble(frame: Frame, parts: Sequence[Part], write: Write, turn: Ints = NOBODY) -> Demand:
    """Return the demand with its cases in order of arrival (then case type, stream, number).

    `turn`: the open cases, numbered over their parts, in their order; they come first.
    """
    facts = frame.facts
    kind = of_parts(parts, [part.kind for part in parts])
    was_open = of_parts(parts, [part.backlog is not None for part in parts]) == 1
    at_s = np.concatenate([part.arrived.at_s for part in parts])
    order = _order(was_open, turn, at_s)
    attributes = {name: attribute_of(name, parts)[order] for name in frame.attribute_values}
    items = write(parts, order, attributes)
    deemed = _deemed(frame.process, parts, order, items)
    due = frame.due.columns(parts, order, items, deemed)
    clock, of_case = _clocks(frame.process, parts, order, items)
    due_wd, clock_runs = _clocks_that_run(frame.working_days, parts, order, of_case)
    arrival = at_s[order]
    in_window = (arrival >= frame.window_s[0]) & (arrival < frame.window_s[1])
    workload = Workload(
        arrival_s=arrival,
        first_item=items.first_item,
        measured=np.where(was_open[order], frame.backlog_measured, in_window),
        limit_wd=np.concatenate([part.due.limit_wd for part in parts])[order][of_case],
        pool=items.pool,
        amount=items.amount,
        delay_rule=items.delay_rule,
        calendar=np.full(len(items.pool), WORKING_DAYS_ROW, np.int32),
        priority=_priority(frame, kind[order], attributes, items),
        tacit_wd=_tacit(facts, items.node),
        team=_team(facts, items.node),
        counted=due.counted,
        starts_clock=due.starts_clock,
        begins_round=due.begins_round,
        pred_ptr=items.pred_ptr,
        pred=items.pred,
        calendars=frame.calendars,
        working_days=frame.working_days,
        due_wd=due_wd,
        clock_runs=clock_runs,
        clock=clock,
        notice=due.notice,
        counted_late=due.counted_late,
        begins_round_late=due.begins_round_late,
    )
    return Demand(
        workload=workload,
        case_type=kind[order].astype(np.int32),
        attributes=attributes,
        attribute_values=frame.attribute_values,
        outcome=items.outcome,
        case=items.case,
        node=items.node,
        marks=items.marks,
        application=items.application,
        cut_off=items.cut_off,
        left_out=sum(part.arrived.left_out for part in parts),
        deemed=deemed,
        backlog=_carried(frame.process, parts, order),
    )


def _order(was_open: Bools, turn: Ints, at_s: Ints) -> Ints:
    """Return [C] the cases in their order: the open ones, then the others as they arrive."""
    arriving = np.flatnonzero(~was_open)
    arriving = arriving[np.argsort(at_s[arriving], kind="stable")]
    return np.concatenate([np.flatnonzero(was_open)[turn], arriving])


def _priority(
    frame: Frame, kind: Ints, attributes: Mapping[str, Codes], items: Items
) -> NDArray[np.int32]:
    """Return [I] the priority class: of the step, moved by what its case is; `kind`: [C]."""
    priority: NDArray[np.int32] = frame.facts.priority[items.node]
    if not frame.urgencies:
        return priority
    moved = np.zeros(len(kind), np.int32)
    for urgency in frame.urgencies:
        holds = kind == urgency.kind
        for name, codes in urgency.where.items():
            holds &= np.isin(attributes[name], codes)
        moved[holds] += urgency.by
    return priority + moved[items.case]


def _tacit(facts: NodeFacts, node: NDArray[np.int32]) -> Ints | None:
    """Return [I] the periods of tacit consent in working days; None: no item has one."""
    periods = facts.tacit_wd[node]
    return periods if (periods != NO_TACIT).any() else None


def _team(facts: NodeFacts, node: NDArray[np.int32]) -> Ints | None:
    """Return [I] the first item of each item's team, or `NO_TEAM`; None: there are no teams.

    A case has all seats of a team or none, so its items follow one another as the nodes do.
    """
    if (facts.seat == NO_TEAM).all():
        return None
    seat = facts.seat[node]
    team: Ints = np.where(seat == NO_TEAM, NO_TEAM, np.arange(len(node)) - seat)
    return team


def _clocks(
    process: Process, parts: Sequence[Part], order: Ints, items: Items
) -> tuple[Ints | None, Ints]:
    """Return [I] the clocks of the items, None if each case has one, and [K] the case of each.

    Where the limit is for each application, those after the first have a clock each. The wait
    between two of them is put to the one before; it counts for neither.
    """
    case, first = items.case, np.arange(len(order))
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


def _deemed(process: Process, parts: Sequence[Part], order: Ints, items: Items) -> Bools | None:
    """Return [I] the items before acceptance of papers that count as accepted; None: none is."""
    if not any(part.backlog is not None and part.backlog.deemed is not None for part in parts):
        return None
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    deemed = np.zeros(len(items.node), np.bool_)
    for part, case in zip(parts, per_part(parts, number), strict=True):
        if part.backlog is not None and part.backlog.deemed is not None:
            first = int(process.first_node[part.kind])
            of_nodes = part.backlog.deemed
            for row in np.flatnonzero(of_nodes.any(axis=1)).tolist():
                of_case = slice(*items.first_item[case[row] : case[row] + 2].tolist())
                deemed[of_case] = of_nodes[row, items.node[of_case] - first]
    return deemed


def _carried(process: Process, parts: Sequence[Part], order: Ints) -> dict[str, Carried]:
    """Return what the backlog's cases bring along, by case type, with their case numbers."""
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    of_type: dict[str, list[Carried]] = {}
    for part, case in zip(parts, per_part(parts, number), strict=True):
        if part.backlog is not None:
            own = of_type.setdefault(process.case_types[part.kind], [])
            own.append(replace(part.backlog.carried, case=case))
    return {name: joined(carried) for name, carried in of_type.items()}
