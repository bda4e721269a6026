"""The compiled clocks: the same readings as `sim.clocks.read` gives in arrays, sooner.

What stays from one replication to the next is laid out once for a process (`_Layout`): the scopes
node by node, the matters stage by stage, and the clocks, those together that count in the same
intervals. `sim.clocks.kernel` reads them case by case.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from sim.arrays import Bools, Ints
from sim.calendars import WorkingDays
from sim.clocks.counting import Asked, Counting, clocks_of
from sim.clocks.items import counted_nodes
from sim.clocks.kernel import read_all
from sim.clocks.parts import served_matters, stages_of
from sim.clocks.readings import ClockReadings, History, Reading
from sim.clocks.records import (
    BEFORE,
    DAY,
    FAMILY,
    HOURS,
    LEVEL,
    LOCAL,
    MATTER,
    NO_HOURS,
    NODE,
    PAIR,
    PART,
    PIECE,
    RULE,
    SPAN,
    STATE,
    Calendars,
    Given,
    Output,
    Plan,
    Records,
    Scratch,
)
from sim.clocks.span import before_start, carried_at
from sim.engine.contract import OPEN
from sim.limits import ClockRule, Counts, Level, Scope
from sim.process.graph import Graph, Mark, Outcome, Pause, Phase, Role
from sim.process.table import NO_PAUSE, Process

_Key = TypeVar("_Key")
_Made = TypeVar("_Made")


def read_compiled(
    history: History, asked: Asked, counting: Counting
) -> Mapping[Scope, ClockReadings]:
    """Read the clocks of scopes of one case type; see `sim.clocks.read`."""
    demand, scopes = history.demand, tuple(asked)
    case_type = history.process.case_types.index(scopes[0].case_type)
    cases = np.flatnonzero(demand.case_type == case_type)
    layout = _layout(history, asked, counting)
    given = _given(history, layout, cases)
    count, total = len(cases), len(scopes) * len(cases)
    out = _output(len(layout.rules), len(layout.spans) - 1, total)
    read_all(
        given, _calendars(history, layout, counting), layout.plan, _scratch(history, layout), out
    )
    for scope, at in carried_at(scopes, cases, demand.backlog.get(scopes[0].case_type)):
        out.decided[at] |= demand.backlog[scope.case_type].any_decided(scope.matters)
    started = out.start != OPEN

    def reading(row: int, number: int) -> Reading:
        own = slice(row * total + number * count, row * total + (number + 1) * count)
        first = layout.span_of[row] * total + number * count
        span = slice(first, first + count)
        return Reading(
            rule=layout.rules[row],
            value=out.value[own],
            elapsed_s=out.elapsed[own],
            started=started[span],
            open=out.open[span],
            start_s=out.start[span],
            stop_s=out.stop[span],
            stop_item=out.stop_item[span],
        )

    readings = {}
    for number, scope in enumerate(scopes):
        here = slice(number * count, (number + 1) * count)
        concerned = out.present[here]
        if scope.matters is not None:
            concerned = concerned & (out.decided[here] | ~given.goes_on)
        clocks = {layout.rules[row].name: reading(row, number) for row in layout.rows[number]}
        readings[scope] = ClockReadings(
            cases, concerned, out.decided[here], MappingProxyType(clocks)
        )
    return readings


# --- what stays from one replication to the next ------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Layout:
    """Scopes and clocks as tables."""

    scopes: tuple[Scope, ...]
    rules: tuple[ClockRule, ...]
    rows: tuple[tuple[int, ...], ...]
    """Scope → the rules that it asks for."""
    plan: Plan
    spans: Records
    """As in `Scratch`."""
    span_of: tuple[int, ...]
    """Rule → its span."""
    most_served: int
    """The most matters of a node."""


_layouts: Final[WeakKeyDictionary[Process, dict[Hashable, _Layout]]] = WeakKeyDictionary()
_days: Final[WeakKeyDictionary[WorkingDays, Records]] = WeakKeyDictionary()


def _layout(history: History, asked: Asked, counting: Counting) -> _Layout:
    """Return the layout, made once for a process."""
    demand = history.demand
    resumed = next(iter(asked)).case_type in demand.backlog
    flags = (counting.count_start_day, counting.deemed_acceptance)
    key = (tuple(asked.items()), *flags, resumed, demand.application is None)
    layouts = _layouts.setdefault(history.process, {})
    if key not in layouts:
        layouts[key] = _laid_out(history, asked, counting)
    return layouts[key]


def _laid_out(history: History, asked: Asked, counting: Counting) -> _Layout:
    process, scopes = history.process, tuple(asked)
    case_type = scopes[0].case_type
    graph = process.graphs[process.case_types.index(case_type)]
    resumed, apart = case_type in history.demand.backlog, history.demand.application is None
    of_scope = [clocks_of(rules, graph, resumed=resumed) for rules in asked.values()]
    number_of: dict[ClockRule, int] = {}
    rows = tuple(
        tuple(number_of.setdefault(rule, len(number_of)) for rule in rules) for rules in of_scope
    )
    rules = tuple(number_of)
    counted = counted_nodes(process, apart=apart)
    in_scope = np.array([process.in_scope(case_type, s.matters) for s in scopes]) & counted
    matters, served = served_matters(process, case_type)
    stage, standard = stages_of(graph, matters)
    order = np.argsort(stage, kind="stable")
    matters, stage = tuple(matters[m] for m in order), stage[order]
    served = served[:, order]
    wanted = [[s.matters is None or name in s.matters for name in matters] for s in scopes]
    parts, levels = _parts(stage, standard)
    families, table, spans, span_of = _families(rules, counting, graph)
    of_matter = np.zeros(len(matters), MATTER)
    of_matter["known"] = np.bitwise_or.reduce(np.where(served, process.marks[:, None], 0), axis=0)
    plan = Plan(
        nodes=_nodes(process, served),
        in_scope=in_scope.ravel(),
        known=np.bitwise_or.reduce(np.where(in_scope, process.marks, 0), axis=1).astype(np.int64),
        served=np.nonzero(served)[1],
        matters=of_matter,
        wanted=np.array(wanted, np.bool_).ravel(),
        parts=parts,
        standards=int(standard.max(initial=-1)) + 1,
        levels=levels,
        families=families,
        asked=_asked(families, table, rows),
        rules=table,
        deems=bool(spans["deemed"].any()),
    )
    most_served = int(served.sum(axis=1).max(initial=0))
    return _Layout(scopes, rules, rows, plan, spans, span_of, most_served)


def _nodes(process: Process, served: Bools) -> Records:
    nodes = np.zeros(len(process.nodes), NODE)
    nodes["pause"] = np.where(process.pause == NO_PAUSE, 0, 1 << np.maximum(process.pause, 0))
    nodes["running"] = process.phase == Phase.RUNNING
    nodes["before"] = process.phase == Phase.BEFORE
    nodes["intake"] = process.role == Role.INTAKE
    nodes["at_window"] = np.isin(process.role, (Role.INTAKE, Role.CHECK))
    nodes["first_check"] = process.first_check
    windows: dict[tuple[str, ...], int] = {}
    nodes["window"] = [windows.setdefault(node.covers, len(windows)) for node in process.nodes]
    nodes["last"] = np.cumsum(served.sum(axis=1))
    nodes["first"] = nodes["last"] - served.sum(axis=1)
    return nodes


def _parts(stage: Ints, standard: Ints) -> tuple[Records, Records]:
    """Return the parts of all levels, and those of each; `stage`: [M] rising."""
    count = len(stage)
    first = {
        Level.CASE: np.zeros(1, np.int64),
        Level.STAGE: np.searchsorted(stage, np.arange(len(standard))),
        Level.MATTER: np.arange(count),
    }
    parts = np.zeros(sum(map(len, first.values())), PART)
    levels = np.zeros(len(Level), LEVEL)
    at = 0
    for number, level in enumerate(Level):
        here = parts[at : at + len(first[level])]
        here["first"], here["last"] = first[level], np.append(first[level][1:], count)
        if level is Level.STAGE:
            here["standard"] = standard
        levels[number] = at, at + len(here)
        at += len(here)
    return parts, levels


def _families(
    rules: Sequence[ClockRule], counting: Counting, graph: Graph
) -> tuple[Records, Records, Records, tuple[int, ...]]:
    """Return the families, their rules, their spans, and the span of each rule."""
    hours = _hours_used(rules)
    spans: dict[tuple[bool, Mark, Mark, tuple[Any, ...]], int] = {}
    families: dict[tuple[Any, ...], list[int]] = {}
    for number, rule in enumerate(rules):
        deemed = counting.deemed_acceptance and rule.deemed_acceptance
        of_parts = (rule.without_refused, rule.each, rule.counts) if rule.by_part else ()
        span = spans.setdefault((deemed, rule.start, rule.stop, of_parts), number)
        pauses = _bits(rule.pauses)
        key = (rule.by_part, rule.without_refused, span, rule.counts, rule.each, pauses)
        families.setdefault(key, []).append(number)
    at_span = {rule: at for at, rule in enumerate(spans.values())}
    made, table = np.zeros(len(families), FAMILY), np.zeros(len(rules), RULE)
    at = 0
    for f, (key, numbers) in enumerate(sorted(families.items(), key=lambda pair: pair[0][:2])):
        by_part, without_refused, span, counts, level, pauses = key
        family = made[f]
        family["first"], family["last"] = at, at + len(numbers)
        family["span"], family["pauses"] = at_span[span], pauses
        family["counts"], family["level"] = [*Counts].index(counts), [*Level].index(level)
        family["by_part"], family["without_refused"] = by_part, without_refused
        for number in numbers:
            rule, row = rules[number], table[at]
            row["number"] = number
            row["hours"] = NO_HOURS if rule.hours is None else hours.index(rule.hours)
            row["calendar_days"] = rule.unit == "cd"
            row["summed"] = rule.summed
            row["ends_on_working_day"] = rule.ends_on_working_day
            row["counts_start"] = counting.count_start_day and rule.unit != "h"
            row["round_ends"] = (
                _bits(rule.round_ends(network=not graph.stages)) if rule.per_round else 0
            )
            at += 1
    of_spans = np.zeros(len(spans) + 1, SPAN)
    for (deemed, start, stop, _), number in spans.items():
        kind = of_spans[at_span[number]]
        kind["start_mark"], kind["stop_mark"], kind["deemed"] = start, stop, deemed
        kind["rule"] = number
    span_of = {
        int(table[r]["number"]): int(one["span"])
        for one in made
        for r in range(one["first"], one["last"])
    }
    return made, table, of_spans, tuple(span_of[number] for number in range(len(rules)))


def _asked(families: Records, table: Records, rows: Sequence[Sequence[int]]) -> Bools:
    """Return [S · families] whether a scope asks for some rule of the family."""
    of_family = [table["number"][one["first"] : one["last"]] for one in families]
    asked = [not set(wanted).isdisjoint(own.tolist()) for wanted in rows for own in of_family]
    return np.array(asked, np.bool_)


def _bits(pauses: frozenset[Pause]) -> int:
    return sum(1 << pause for pause in pauses)


def _hours_used(rules: Sequence[ClockRule]) -> list[str]:
    return sorted({rule.hours for rule in rules if rule.hours is not None})


# --- one replication ---------------------------------------------------------------------------


def _given(history: History, layout: _Layout, cases: Ints) -> Given:
    demand, schedule, workload = history.demand, history.schedule, history.demand.workload
    apart = max(len(demand.case_type) // max(len(workload.arrival_s), 1), 1)
    application = demand.application
    return Given(
        cases=cases[::apart] // apart,
        applications=apart,
        goes_on=np.isin(demand.outcome[cases], (Outcome.DONE, Outcome.REVOKED)),
        first_item=workload.first_item,
        case=demand.case,
        application=np.empty(0, np.uint8) if application is None else application,
        handed_in_again=application is not None,
        node=demand.node,
        marks=demand.marks,
        ready=schedule.ready,
        end=schedule.end,
        pred_ptr=workload.pred_ptr,
        pred=workload.pred,
        deemed=np.empty(0, np.bool_) if demand.deemed is None else demand.deemed,
        stopped=schedule.stopped_s,
        before=_before(history, layout, cases),
    )


def _scratch(history: History, layout: _Layout) -> Scratch:
    plan = layout.plan
    most = int(np.diff(history.demand.workload.first_item).max(initial=0))
    pairs, matters, rules = most * max(layout.most_served, 1), len(plan.matters), len(plan.rules)
    refused = any(rule.without_refused for rule in layout.rules)
    intervals = pairs + matters + 1
    return Scratch(
        order=np.empty(most, np.int64),
        local=np.empty(2 * most, LOCAL),
        member=np.append(np.arange(most), np.empty(pairs, np.int64)),
        pairs=np.empty(pairs, PAIR),
        state=np.empty(matters, STATE),
        failed=np.empty(matters * history.applications if refused else 0, np.bool_),
        spans=layout.spans.copy(),
        counted=np.empty(intervals, PIECE),
        paused=np.empty(intervals, PIECE),
        pieces=np.empty(2 * intervals, PIECE),
        standard=np.empty(2 * rules * plan.standards, np.int64),
        sums=np.empty(2 * rules, np.int64),
    )


def _output(rules: int, spans: int, total: int) -> Output:
    return Output(
        value=np.empty(rules * total, np.int64),
        elapsed=np.empty(rules * total, np.int64),
        start=np.empty(spans * total, np.int64),
        stop=np.empty(spans * total, np.int64),
        stop_item=np.empty(spans * total, np.int64),
        open=np.empty(spans * total, np.bool_),
        present=np.empty(total, np.bool_),
        decided=np.empty(total, np.bool_),
    )


def _kept(kept: WeakKeyDictionary[_Key, _Made], key: _Key, make: Callable[[_Key], _Made]) -> _Made:
    """Return what is made of an object, made once in its life."""
    if key not in kept:
        kept[key] = make(key)
    return kept[key]


def _of_days(days: WorkingDays) -> Records:
    table = np.empty(len(days), DAY)
    table["n"], table["working"] = days.cumulative, days.working
    table["off"] = np.arange(len(days)) - days.nth[days.cumulative]
    return table


def _calendars(history: History, layout: _Layout, counting: Counting) -> Calendars:
    rows = [counting.hours[name] for name in _hours_used(layout.rules)]
    table = np.empty(sum(map(len, rows)), HOURS)
    ptr = np.cumsum([0, *map(len, rows)])
    for first, row in zip(ptr, rows, strict=False):
        here = table[first : first + len(row)]
        here["start"], here["end"] = row.start, row.end
        here["before"] = np.cumsum(row.end - row.start) - (row.end - row.start)
    days = _kept(_days, history.demand.workload.working_days, _of_days)
    return Calendars(days, ptr, table)


def _before(history: History, layout: _Layout, cases: Ints) -> Records:
    """Return the state of each clock before second 0, as if each case had something left."""
    carried = history.demand.backlog.get(layout.scopes[0].case_type)
    if carried is None:
        return np.empty(0, BEFORE)
    groups = len(layout.scopes) * len(cases)
    table = np.empty(len(layout.rules) * groups, BEFORE)
    left = np.ones(groups, np.bool_)
    for number, rule in enumerate(layout.rules):
        before = before_start(rule, layout.scopes, cases, left, carried)
        own = table[number * groups : (number + 1) * groups]
        own["started"], own["stopped"] = before.started, before.stopped
        own["days"], own["start_day"] = before.days, before.start_day
    return table
