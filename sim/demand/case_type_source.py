"""The cases of one case type: arrivals, and cases that were open at the start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.calendars import WorkingDays
from sim.demand.array_items import items_of
from sim.demand.arrivals import ArrivalSource, copies, second_of_day
from sim.demand.arrived import Arrived
from sim.demand.backlog import NOT_YET, Carried
from sim.demand.backlog.carried import carried
from sim.demand.backlog.cases import Layout, OpenCases
from sim.demand.backlog.draws import KNOWN, OWN_STREAMS, AmountsLeft, OpenDraws
from sim.demand.backlog.past import Past
from sim.demand.course import CaseDraws, course
from sim.demand.due import DueClocks
from sim.demand.items import Items
from sim.demand.merge import Frame
from sim.demand.node_columns import PoolChoice
from sim.demand.parts import Drawn, OpenPart, Part
from sim.demand.sampling import RecordedValues
from sim.engine.contract import DAY_S
from sim.limits import DueClock
from sim.process import PoolTable, stream_names
from sim.process.graph import Graph, Term
from sim.scenario import CHANNEL, CaseType, Mistakes, Scenario, attributes_of
from sim.scenario.schema.arrivals import Yearly
from sim.streams import ManyStreams, Streams, whole_name
from sim.variates import Sampler

Codes = NDArray[np.int32]


class TypeSource:
    """Draws the cases of one case type, replication by replication."""

    def __init__(
        self,
        scenario: Scenario,
        kind: int,
        graph: Graph,
        due: Sequence[DueClock],
        pools: PoolTable,
        frame: Frame,
        recorded: RecordedValues,
    ) -> None:
        """`kind`: the position of the case type. ScenarioError with all mistakes in data files."""
        self.scenario = scenario
        self.spec: CaseType = scenario.case_types[graph.case_type]
        self.kind = kind
        self.graph = graph
        self.due = due
        self.frame = frame
        mistakes = Mistakes()
        self.arrivals: list[ArrivalSource] = []
        for more, spec in (("", self.spec.arrivals), *sorted(self.spec.more_arrivals.items())):
            with mistakes.noted():
                self.arrivals += [
                    ArrivalSource(scenario, graph.case_type, recorded, more, copy)
                    for copy in range(copies(spec))
                ]
        self._samplers: dict[str, Sampler] = {}
        for term in (term for node in graph.nodes for term in node.terms):
            with mistakes.noted():
                self._samplers[term.stream] = term.distribution.sampler(recorded)
        mistakes.tell()
        self.pools = [
            PoolChoice(scenario, pools, frame.attribute_values, node) for node in graph.nodes
        ]
        first = frame.process.first_node
        self._first_node = int(first[kind])
        self._delay_rule = frame.facts.delay_rule[first[kind] : first[kind + 1]]

    def stream_names(self) -> Iterator[str]:
        """Yield the name of every stream that these cases draw from."""
        own = stream_names(self.graph)
        own |= {self._attribute_stream(name) for name in attributes_of(self.scenario, self.spec)}
        own.add(self._online_stream)
        whose = [(arrivals.whose, own) for arrivals in self.arrivals]
        known = {f"{name}:{what}" for name in own for what in KNOWN}
        whose.append((OWN_STREAMS, own | known))
        yield from (whole_name(of, name) for of, names in whose for name in names)
        for arrivals in self.arrivals:
            yield from arrivals.stream_names()

    def draw(self, arrivals: ArrivalSource, streams: Streams) -> Part:
        """Draw the cases of one stream of arrivals, but not their courses."""
        return self._draw(arrivals, streams, courses=False)[0]

    def draw_items(self, arrivals: ArrivalSource, streams: Streams) -> tuple[Part, Items]:
        """Draw the cases of one stream of arrivals, and their items."""
        part, items = self._draw(arrivals, streams, courses=True)
        assert items is not None
        return part, items

    def _draw(
        self, arrivals: ArrivalSource, streams: Streams, *, courses: bool
    ) -> tuple[Part, Items | None]:
        arrived = arrivals.draw(streams)
        streams = streams.of_more(arrivals.whose)
        attributes = self._attributes(streams, arrived)
        arrived = self._at_any_hour(arrivals.spec.yearly, streams, arrived, attributes)
        draws = CaseDraws(streams, len(arrived.at_s), self._valued(attributes), self.sampler_of)
        way = course(self.graph, draws) if courses else None
        number = np.arange(len(arrived.at_s))
        due = DueClocks.of(self.due, draws.n, draws.holds)
        if (kept := arrived.kept) is not None:
            due = due.at(kept)
            way = None if way is None else way.of(kept)
            arrived, number = arrived.thinned(), number[kept]
            attributes = {name: codes[kept] for name, codes in attributes.items()}
        items = None
        if way is not None:
            drawn = Drawn(
                way=way,
                pool=lambda node, cases: self.pools[node].of_cases(attributes, cases),
                amount=lambda node, cases: draws.amount(self.graph.nodes[node], number[cases]),
                delay_rule=lambda node, _: self._delay_rule[node],
            )
            items = items_of(drawn, self._first_node)
        return Part(self.kind, arrived, attributes, due, number), items

    def resume(
        self, layout: Layout, cases: OpenCases, past: Past, streams: Streams, days: WorkingDays
    ) -> Iterator[tuple[Part, Items]]:
        """Yield what is left of the open cases, some at a time; they arrive at second 0.

        `past`, `days`: the calendar before second 0, and from then on to the end of every run.

        On the way to its items a case needs room for every node of the graph; so not all of them
        take it at once. A case has the same numbers in whatever part it is.
        """
        for first, some in cases.by_parts():
            yield self.resumed(layout, some, past, streams.from_case(first), days, first)

    def resumed(
        self,
        layout: Layout,
        cases: OpenCases,
        past: Past,
        streams: Streams | ManyStreams,
        days: WorkingDays,
        first: int = 0,
    ) -> tuple[Part, Items]:
        """Return a part of the open cases; `first`: the number of the first.

        With the streams of several replications, the cases are there once for each of them.
        """
        once = cases
        if isinstance(streams, ManyStreams):
            cases = cases.repeated(streams.times)
        arrived = Arrived(np.zeros(len(cases.name), np.int64))
        attributes = self._attributes(streams.of_more(OWN_STREAMS), arrived)
        for name, stated in cases.attributes.items():
            codes = self._codes(name, stated)
            attributes[name] = np.where(codes < 0, attributes[name], codes)

        whose = streams.of_more(OWN_STREAMS)
        draws = OpenDraws(whose, self._valued(attributes), self.sampler_of, self.graph, cases)
        missing = layout.missing(draws)
        over = layout.over_in_each(once, missing)
        way = course(self.graph, draws, over)
        ready = way.ready_at_once
        left = AmountsLeft(draws, self._delay_rule, way.included, past, days)
        brought = carried(layout, cases, over, ready, missing, past)
        due = DueClocks.of(self.due, draws.n, draws.holds)
        drawn = Drawn(
            way=way,
            amount=left.amount,
            pool=lambda node, cases: self.pools[node].of_cases(attributes, cases),
            delay_rule=left.rule,
        )
        part = Part(
            kind=self.kind,
            arrived=arrived,
            attributes=attributes,
            due=due,
            number=np.arange(first, first + len(cases.name)),
            backlog=OpenPart(brought, *self._due(due, brought, ready)),
        )
        return part, items_of(drawn, self._first_node)

    def _due(self, due: DueClocks, brought: Carried, ready: Bools) -> tuple[Ints, Bools]:
        """Return [B] the due working day on arrival, and whether the clock has started.

        `ready`: [B, N] nodes that wait for no other.
        """
        day, runs = np.zeros(len(due.own), np.int64), np.zeros(len(due.own), np.bool_)
        for number, clock in enumerate(due.clocks):
            mine = due.own == number
            at_work = np.asarray(np.any(ready & clock.counted, axis=1))
            own_day, own_runs = self._due_on(clock, brought, at_work)
            day[mine], runs[mine] = own_day[mine], own_runs[mine]
        return day, runs

    def _due_on(self, due: DueClock, brought: Carried, at_work: Bools) -> tuple[Ints, Bools]:
        """Return [B] the due working day on one clock, and whether the clock has started.

        A clock that runs in the morning of day 0 counts that day, so its due day has the number
        limit - used on N. A paused clock does not count it; the engine adds the days of the pause
        from day 0 on. Before the clock's start, and in an open network, the due day is the
        submission plus the limit, as for cases that arrive.
        """
        rule, today = due.rule, self.frame.working_days.cumulative[0]
        started = brought.started(due.scope.matters, by_acceptance=rule.by_acceptance)
        runs = (started != NOT_YET) & brought.has_acceptance.any()
        left = due.limit_wd - brought.used_wd(rule.name, started)
        paused = runs & ~at_work & rule.by_acceptance
        provisional = due.limit_wd - brought.past.count(brought.submitted_s // DAY_S)
        return np.where(runs, left + np.where(paused, today, 0), provisional), runs

    def _at_any_hour(
        self, spec: Yearly | None, streams: Streams, arrived: Arrived, attributes: dict[str, Codes]
    ) -> Arrived:
        """Move online cases to any hour of their date (全链通).

        Recorded and listed arrivals stay at the time that they state. The cases keep their order
        in all draws, whatever the hour at which they now arrive. A batch stays together.
        """
        if CHANNEL not in attributes or spec is None:
            return arrived
        online = self.frame.attribute_values[CHANNEL].index("online")
        share = streams(self._online_stream).uniform(len(arrived.at_s))
        if spec.batch is not None:
            share = share[np.searchsorted(arrived.at_s, arrived.at_s)]  # the draw of its first case
        midnight = arrived.at_s - arrived.at_s % DAY_S
        at_s = midnight + second_of_day(self.spec.online.hours, share)
        return replace(arrived, at_s=np.where(attributes[CHANNEL] == online, at_s, arrived.at_s))

    def _attributes(self, streams: Streams | ManyStreams, arrived: Arrived) -> dict[str, Codes]:
        drawn = {}
        for name, spec in attributes_of(self.scenario, self.spec).items():
            if name in arrived.attributes:
                drawn[name] = self._codes(name, arrived.attributes[name])
                continue
            values = self.frame.attribute_values[name]
            edges = np.cumsum([spec.shares.get(value, 0.0) for value in values])
            stream = streams(self._attribute_stream(name))
            share = stream.uniform(len(arrived.at_s)) * edges[-1]
            drawn[name] = np.searchsorted(edges, share, side="right").astype(np.int32)
        return drawn

    @property
    def _online_stream(self) -> str:
        return f"{self.graph.case_type}/arrivals/online"

    def _attribute_stream(self, name: str) -> str:
        return f"{self.graph.case_type}/attribute/{name}"

    def _codes(self, name: str, texts: Iterable[str]) -> Codes:
        """Return the positions of these values of an attribute; -1 for any other text."""
        position = {value: code for code, value in enumerate(self.frame.attribute_values[name])}
        return np.array([position.get(text, -1) for text in texts], np.int32)

    def _valued(self, attributes: dict[str, Codes]) -> dict[str, tuple[tuple[str, ...], Codes]]:
        """Return attribute → (its values, the codes)."""
        return {name: (self.frame.attribute_values[name], c) for name, c in attributes.items()}

    def sampler_of(self, term: Term) -> Sampler:
        """Return the sampler of a duration."""
        return self._samplers[term.stream]
