"""One replication's demand: arrivals, attributes, courses and items of all case types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calendars import IntervalTable, WorkingDays, working_day_intervals
from sim.demand.arrivals import ArrivalSource, Arrived, second_of_day
from sim.demand.backlog import (
    NOT_YET,
    OWN_STREAMS,
    BacklogSource,
    Carried,
    OpenCases,
    OpenDraws,
    Past,
    amounts_left,
    carried,
)
from sim.demand.cases import Demand
from sim.demand.sampling import RecordedValues, Sampler, sampler
from sim.demand.streams import Streams
from sim.demand.unroll import CaseDraws, Course, course
from sim.engine.contract import DAY_S, DELAY, NO_LIMIT, NO_TACIT, DelayRule, Workload
from sim.process import Graph, Mark, Node, PoolTable, Process, Term
from sim.scenario import (
    CHANNEL,
    CaseType,
    Scenario,
    attributes_of,
    calendar_of,
    values_of,
    window_s,
)
from sim.scenario.arrivals import Yearly

WORKING_DAYS_ROW = 0
"""The row of `Workload.calendars` on which random delays in working days elapse."""


@dataclass(frozen=True, eq=False)
class DueClock:
    """The clock behind the due date of a case type's cases."""

    limit_wd: int
    """The limit, or `NO_LIMIT`."""
    counted: NDArray[np.bool_]
    """[nodes of the graph] its time counts."""
    starts: NDArray[np.bool_]
    """[nodes of the graph] its acceptance may start the clock."""
    matters: tuple[str, ...] | None = None
    """The scope of the limit; None is the whole case."""
    clock: str = "promised"
    """The clock that decides."""
    by_acceptance: bool = True
    """It starts with the acceptance; else with the submission."""


class DemandSource:
    """Draws the demand of a scenario, replication by replication; C cases, I items."""

    def __init__(
        self,
        scenario: Scenario,
        process: Process,
        pools: PoolTable,
        due: Sequence[DueClock],
    ) -> None:
        self.scenario = scenario
        self.process = process
        recorded = RecordedValues(scenario.provenance.data_files)
        self.working_days: WorkingDays = calendar_of(scenario)
        self.calendars = IntervalTable.of([working_day_intervals(self.working_days)])
        names = sorted(
            {
                name
                for case_type in scenario.case_types.values()
                for name in attributes_of(scenario, case_type)
            }
        )
        self.attribute_values = {name: tuple(values_of(scenario, name)) for name in names}
        self._types = [
            _TypeSource(self, graph, recorded, pools, due[number])
            for number, graph in enumerate(process.graphs)
        ]
        deciding = {
            graph.case_type: clock.matters for graph, clock in zip(process.graphs, due, strict=True)
        }
        self.backlog = BacklogSource(scenario, process, deciding)

    def draw(self, seed: int, replication: int) -> Demand:
        """Draw every case of one replication and write out its items."""
        streams = Streams(seed, replication)
        parts = [
            source.draw(number, arrivals, streams)
            for number, source in enumerate(self._types)
            for arrivals in source.arrivals
        ]
        backlog = self.backlog.draw(streams)
        if backlog is not None:
            open_cases, past = backlog
            parts += [
                source.resume(number, open_cases[source.graph.case_type], past, streams)
                for number, source in enumerate(self._types)
                if source.graph.case_type in open_cases
            ]
        return _assemble(self, parts)


@dataclass(frozen=True, eq=False)
class _Part:
    """The cases of one stream of arrivals, their items in case order."""

    kind: int
    """Position of the case type."""
    arrived: Arrived
    attributes: dict[str, NDArray[np.int32]]
    outcome: NDArray[np.int8]
    limit_wd: int
    items_per_case: NDArray[np.int64]
    node: NDArray[np.int32]
    """[items] node of the graph."""
    marks: NDArray[np.uint8]
    amount: NDArray[np.int64]
    pool: NDArray[np.int32]
    delay_rule: NDArray[np.int8]
    priority: NDArray[np.int32]
    tacit_wd: NDArray[np.int64]
    counted: NDArray[np.bool_]
    starts_clock: NDArray[np.bool_]
    successor: NDArray[np.int64]
    """[links] item, counted within this part."""
    predecessor: NDArray[np.int64]
    cut_off: int
    backlog: _Backlog | None = None
    """What these cases bring along, if they were open at the start."""


@dataclass(frozen=True, eq=False)
class _Backlog:
    """The cases of a part that were open at the start; B cases."""

    carried: Carried
    due_wd: NDArray[np.int64]
    """[B] as in `Workload`."""
    clock_runs: NDArray[np.bool_]
    """[B] as in `Workload`."""


class _TypeSource:
    """Draws the cases of one case type."""

    def __init__(
        self,
        whole: DemandSource,
        graph: Graph,
        recorded: RecordedValues,
        pools: PoolTable,
        due: DueClock,
    ) -> None:
        self.whole = whole
        self.graph = graph
        self.spec: CaseType = whole.scenario.case_types[graph.case_type]
        self.arrivals = [
            ArrivalSource(whole.scenario, graph.case_type, recorded, more)
            for more in ("", *sorted(self.spec.more_arrivals))
        ]
        self.due = due
        self._samplers: dict[str, Sampler] = {
            term.stream: sampler(term.distribution, recorded)
            for node in graph.nodes
            for term in node.terms
        }
        self._pool = [_PoolChoice(whole, pools, node) for node in graph.nodes]
        self._rule = np.array([_delay_rule(node) for node in graph.nodes], np.int8)
        self._tacit = np.array(
            [NO_TACIT if node.tacit_wd is None else node.tacit_wd for node in graph.nodes], np.int64
        )
        self._priority = np.array([node.priority for node in graph.nodes], np.int32)

    def _sampler_of(self, term: Term) -> Sampler:
        return self._samplers[term.stream]

    def draw(self, kind: int, arrivals: ArrivalSource, streams: Streams) -> _Part:
        arrived = arrivals.draw(streams)
        streams = streams.of_more(arrivals.more)
        n = len(arrived.at_s)
        attributes = self._attributes(streams, arrived)
        arrived = self._at_any_hour(arrivals.spec.yearly, streams, arrived, attributes)
        valued = {name: (self.whole.attribute_values[name], c) for name, c in attributes.items()}
        draws = CaseDraws(streams, n, valued, self._sampler_of)
        way = course(self.graph, draws)
        amount = self._per_item(way, [draws.amount(each) for each in self.graph.nodes])
        return self._part(kind, arrived, attributes, way, amount)

    def _part(
        self,
        kind: int,
        arrived: Arrived,
        attributes: dict[str, NDArray[np.int32]],
        way: Course,
        amount: NDArray[np.int64],
    ) -> _Part:
        n = len(arrived.at_s)
        case, node = np.nonzero(way.included)
        marks = way.marks[case, node]
        successor, predecessor = _item_links(way)
        return _Part(
            kind=kind,
            arrived=arrived,
            attributes=attributes,
            outcome=way.outcome,
            limit_wd=self.due.limit_wd,
            items_per_case=way.included.sum(axis=1),
            node=node.astype(np.int32),
            marks=marks,
            amount=amount,
            pool=self._per_item(
                way, [choice.of_cases(attributes, n) for choice in self._pool]
            ).astype(np.int32),
            delay_rule=self._rule[node],
            priority=self._priority[node],
            tacit_wd=self._tacit[node],
            counted=self.due.counted[node],
            starts_clock=self.due.starts[node] & ((marks & Mark.ACCEPTANCE) > 0),
            successor=successor,
            predecessor=predecessor,
            cut_off=int(way.cut_off.sum()),
        )

    def resume(self, kind: int, cases: OpenCases, past: Past, streams: Streams) -> _Part:
        """Write out what is left of the open cases, which arrive at second 0."""
        n, layout = len(cases.name), self.whole.backlog.layouts[self.graph.case_type]
        arrived = Arrived(np.zeros(n, np.int64))
        attributes = self._attributes(streams.of_more(OWN_STREAMS), arrived)
        for name, stated in cases.attributes.items():
            position = {value: code for code, value in enumerate(self.whole.attribute_values[name])}
            codes = np.array([position.get(value, -1) for value in stated], np.int32)
            attributes[name] = np.where(codes < 0, attributes[name], codes)
        valued = {name: (self.whole.attribute_values[name], c) for name, c in attributes.items()}

        def draws_of(part: str = "") -> OpenDraws:
            whose = streams.of_more(OWN_STREAMS + part)
            return OpenDraws(whose, valued, self._sampler_of, self.graph, cases)

        draws = draws_of()
        missing = layout.missing(draws)
        over = layout.over(cases, missing)
        way = course(self.graph, draws, over)
        amount, rule = amounts_left(
            draws_of, self.graph, self._rule, way.included, cases, past, self.whole.working_days
        )
        part = self._part(kind, arrived, attributes, way, amount[way.included])
        brought = carried(layout, cases, over, way.ready_at_once, missing, past)
        at_work = np.asarray(np.any(way.ready_at_once & self.due.counted, axis=1))
        due_wd, clock_runs = self._due(brought, at_work)
        return replace(
            part,
            delay_rule=rule[way.included],
            backlog=_Backlog(brought, due_wd, clock_runs),
        )

    def _due(
        self, brought: Carried, at_work: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return [B] the due working day on arrival, and whether the clock has started.

        A clock that runs in the morning of day 0 counts that day, so its due day has the number
        limit - used on N. One that is paused then does not; the engine adds the days of the pause
        from day 0 on. Before the clock's start, and in an open network, the due day is the
        submission plus the limit, as for any other case.
        """
        due, today = self.due, self.whole.working_days.cumulative[0]
        started = brought.started(due.matters, by_acceptance=due.by_acceptance)
        runs = (started != NOT_YET) & brought.has_acceptance.any()
        left = due.limit_wd - brought.used_wd(due.clock, started)
        paused = runs & ~at_work & due.by_acceptance
        provisional = due.limit_wd - brought.past.count(brought.submitted_s // DAY_S)
        return np.where(runs, left + np.where(paused, today, 0), provisional), runs

    def _at_any_hour(
        self,
        spec: Yearly | None,
        streams: Streams,
        arrived: Arrived,
        attributes: dict[str, NDArray[np.int32]],
    ) -> Arrived:
        """Let online cases come in on their date, but at any hour (全链通).

        Recorded and listed arrivals stay at the time that they state. The cases keep their order
        in all draws, whatever the hour at which they now arrive. A batch stays together.
        """
        if CHANNEL not in attributes or spec is None:
            return arrived
        online = self.whole.attribute_values[CHANNEL].index("online")
        share = streams(f"{self.graph.case_type}/arrivals/online").random(len(arrived.at_s))
        if spec.batch is not None:
            share = share[np.searchsorted(arrived.at_s, arrived.at_s)]  # that of its first case
        midnight = arrived.at_s - arrived.at_s % DAY_S
        at_s = midnight + second_of_day(self.spec.online.hours, share)
        return replace(arrived, at_s=np.where(attributes[CHANNEL] == online, at_s, arrived.at_s))

    def _per_item(self, way: Course, columns: list[NDArray[np.int64]]) -> NDArray[np.int64]:
        if not columns or not len(way.included):
            return np.empty(0, np.int64)
        return np.stack(columns, axis=1)[way.included]

    def _attributes(self, streams: Streams, arrived: Arrived) -> dict[str, NDArray[np.int32]]:
        drawn = {}
        for name, spec in attributes_of(self.whole.scenario, self.spec).items():
            values = self.whole.attribute_values[name]
            position = {value: code for code, value in enumerate(values)}
            if name in arrived.attributes:
                codes = np.array([position[value] for value in arrived.attributes[name]], np.int32)
            else:
                edges = np.cumsum([spec.shares.get(value, 0.0) for value in values])
                stream = streams(f"{self.graph.case_type}/attribute/{name}")
                share = stream.random(len(arrived.at_s)) * edges[-1]
                codes = np.searchsorted(edges, share, side="right").astype(np.int32)
            drawn[name] = codes
        return drawn


class _PoolChoice:
    """The pool of a node: one for all cases, or one by an attribute."""

    def __init__(self, whole: DemandSource, pools: PoolTable, node: Node) -> None:
        self.attribute: str | None = None
        if node.pool is None:
            self.fixed = DELAY
            return
        numbers = pools.numbers(node.pool)
        self.attribute = whole.scenario.pools[node.pool].per
        self.fixed = numbers[0]
        if self.attribute is not None:
            values = whole.attribute_values[self.attribute]
            self.by_value = np.array([pools.of_value(node.pool, value) for value in values])

    def of_cases(self, attributes: dict[str, NDArray[np.int32]], n: int) -> NDArray[np.int64]:
        if self.attribute is None:
            return np.full(n, self.fixed, np.int64)
        return self.by_value[attributes[self.attribute]].astype(np.int64)


def _delay_rule(node: Node) -> DelayRule:
    if node.pool is not None:
        return DelayRule.ELAPSED
    distribution = node.terms[0].distribution
    if distribution.kind == "legal":
        return DelayRule.WORKING_DAYS if distribution.unit == "wd" else DelayRule.CALENDAR_DAYS
    return DelayRule.ON_CALENDAR if distribution.unit == "wd" else DelayRule.ELAPSED


def _item_links(way: Course) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Turn links between nodes into links between items, sorted by successor, predecessor."""
    flat = np.cumsum(way.included.ravel()) - 1
    number = flat.reshape(way.included.shape)
    successor, predecessor = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for later, earlier, cases in way.links:
        rows = np.flatnonzero(cases)
        successor.append(number[rows, later])
        predecessor.append(number[rows, earlier])
    to, of = np.concatenate(successor), np.concatenate(predecessor)
    order = np.lexsort((of, to))
    return to[order], of[order]


def _assemble(source: DemandSource, parts: Sequence[_Part]) -> Demand:
    """Put all cases in order of arrival (then case type, stream of arrivals, number).

    The backlog comes first, by submission and name.
    """
    at_s = np.concatenate([part.arrived.at_s for part in parts])
    sizes = [len(part.arrived.at_s) for part in parts]
    kind = np.repeat([part.kind for part in parts], sizes)
    limit_wd = np.repeat(np.array([part.limit_wd for part in parts], np.int64), sizes)
    order = np.argsort(np.where(_of_backlog(parts), _turn_in_backlog(parts), at_s), kind="stable")
    per_case = np.concatenate([part.items_per_case for part in parts])
    first_before = np.concatenate([[0], np.cumsum(per_case)])[:-1]
    per_case_sorted = per_case[order]
    first_item = np.concatenate([[0], np.cumsum(per_case_sorted)]).astype(np.int64)
    case = np.repeat(np.arange(len(order), dtype=np.int32), per_case_sorted)
    # item k of the sorted list stands at old[k] in the parts laid end to end
    old = np.arange(len(case)) - first_item[case] + first_before[order][case]

    def items(name: str) -> NDArray[np.generic]:
        whole: NDArray[np.generic] = np.concatenate([getattr(part, name) for part in parts])[old]
        return whole

    pred_ptr, pred = _links_in_order(parts, old)
    begin, end = window_s(source.scenario)
    arrival = at_s[order]
    was_open = _of_backlog(parts)[order]
    first_node = source.process.first_node[[part.kind for part in parts]]
    node_offset = np.repeat(first_node, [len(part.node) for part in parts])[old]
    pool = items("pool").astype(np.int32)
    workload = Workload(
        arrival_s=arrival,
        first_item=first_item,
        measured=np.where(
            was_open, source.scenario.backlog.measured, (arrival >= begin) & (arrival < end)
        ),
        limit_wd=limit_wd[order],
        pool=pool,
        amount=items("amount").astype(np.int64),
        delay_rule=items("delay_rule").astype(np.int8),
        calendar=np.full(len(pool), WORKING_DAYS_ROW, np.int32),
        priority=items("priority").astype(np.int32),
        tacit_wd=_tacit(items("tacit_wd").astype(np.int64)),
        counted=items("counted").astype(np.bool_),
        starts_clock=items("starts_clock").astype(np.bool_),
        pred_ptr=pred_ptr,
        pred=pred,
        calendars=source.calendars,
        working_days=source.working_days,
        **_clocks_that_run(source, parts, order),
    )
    attributes = {
        name: np.concatenate(
            [
                part.attributes.get(name, np.full(len(part.arrived.at_s), -1, np.int32))
                for part in parts
            ]
        )[order]
        for name in source.attribute_values
    }
    return Demand(
        workload=workload,
        case_type=kind[order].astype(np.int32),
        attributes=attributes,
        attribute_values=source.attribute_values,
        outcome=np.concatenate([part.outcome for part in parts])[order],
        case=case,
        node=(items("node").astype(np.int64) + node_offset).astype(np.int32),
        marks=items("marks").astype(np.uint8),
        cut_off=sum(part.cut_off for part in parts),
        left_out=sum(part.arrived.left_out for part in parts),
        backlog=_carried(source, parts, order),
    )


def _of_backlog(parts: Sequence[_Part]) -> NDArray[np.bool_]:
    """Return [C] the case was open at the start, parts laid end to end."""
    sizes = [len(part.arrived.at_s) for part in parts]
    return np.repeat([part.backlog is not None for part in parts], sizes)


def _turn_in_backlog(parts: Sequence[_Part]) -> NDArray[np.int64]:
    """Return [C] a number below 0 that puts the backlog's cases in order; 0 for others."""
    turn = np.zeros(sum(len(part.arrived.at_s) for part in parts), np.int64)
    keys = [
        (int(submitted_s), name, part.kind)
        for part in parts
        if part.backlog is not None
        for submitted_s, name in zip(
            part.backlog.carried.submitted_s, part.backlog.carried.name, strict=True
        )
    ]
    by_turn = sorted(range(len(keys)), key=keys.__getitem__)
    places = np.flatnonzero(_of_backlog(parts))
    turn[places[by_turn]] = np.arange(-len(keys), 0)
    return turn


def _clocks_that_run(
    source: DemandSource,
    parts: Sequence[_Part],
    order: NDArray[np.int64],
) -> dict[str, NDArray[Any]]:
    """Return the due days of a workload with a backlog; nothing without one."""
    if all(part.backlog is None for part in parts):
        return {}
    days = source.working_days.cumulative
    due, runs = [], []
    for part in parts:
        if part.backlog is None:
            day = np.minimum(part.arrived.at_s // DAY_S, len(days) - 1)
            due.append(days[day] + part.limit_wd)
            runs.append(np.zeros(len(day), np.bool_))
        else:
            due.append(part.backlog.due_wd)
            runs.append(part.backlog.clock_runs)
    return {"due_wd": np.concatenate(due)[order], "clock_runs": np.concatenate(runs)[order]}


def _carried(
    source: DemandSource, parts: Sequence[_Part], order: NDArray[np.int64]
) -> dict[str, Carried]:
    """Return what the backlog's cases bring along, by case type, with their case numbers."""
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    first, found = 0, {}
    for part in parts:
        last = first + len(part.arrived.at_s)
        if part.backlog is not None:
            name = source.process.case_types[part.kind]
            found[name] = replace(part.backlog.carried, case=number[first:last])
        first = last
    return found


def _tacit(periods: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Return None where no item has a period: the engine then does without."""
    return periods if (periods != NO_TACIT).any() else None


def _links_in_order(
    parts: Sequence[_Part], old: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Renumber the links of all parts into the sorted items."""
    new = np.empty(len(old), np.int64)
    new[old] = np.arange(len(old))
    offsets = np.cumsum([0, *(len(part.node) for part in parts)])
    pairs = [
        (part.successor + o, part.predecessor + o)
        for part, o in zip(parts, offsets[:-1], strict=True)
    ]
    to = new[np.concatenate([pair[0] for pair in pairs])]
    of = new[np.concatenate([pair[1] for pair in pairs])]
    order = np.lexsort((of, to))
    count = np.bincount(to, minlength=len(old))
    return np.concatenate([[0], np.cumsum(count)]).astype(np.int64), of[order]


__all__ = ["NO_LIMIT", "DemandSource", "DueClock"]
