"""One replication's demand: arrivals, attributes, courses and items of all case types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.calendars import IntervalTable, WorkingDays, working_day_intervals
from sim.demand.arrivals import ArrivalSource, Arrived, second_of_day
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

    def draw(self, seed: int, replication: int) -> Demand:
        """Draw every case of one replication and write out its items."""
        streams = Streams(seed, replication)
        parts = [
            source.draw(number, arrivals, streams)
            for number, source in enumerate(self._types)
            for arrivals in source.arrivals
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
            amount=self._per_item(way, [draws.amount(each) for each in self.graph.nodes]),
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
    """Put all cases in order of arrival (then case type, stream of arrivals, number)."""
    at_s = np.concatenate([part.arrived.at_s for part in parts])
    sizes = [len(part.arrived.at_s) for part in parts]
    kind = np.repeat([part.kind for part in parts], sizes)
    limit_wd = np.repeat(np.array([part.limit_wd for part in parts], np.int64), sizes)
    order = np.argsort(at_s, kind="stable")
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
    first_node = source.process.first_node[[part.kind for part in parts]]
    node_offset = np.repeat(first_node, [len(part.node) for part in parts])[old]
    pool = items("pool").astype(np.int32)
    workload = Workload(
        arrival_s=arrival,
        first_item=first_item,
        measured=(arrival >= begin) & (arrival < end),
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
    )


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
