"""The cases of one case type that arrive; those that were open at the start: `reopened`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.demand.array_items import items_of
from sim.demand.arrivals import ArrivalSource, copies, second_of_day
from sim.demand.arrived import Arrived
from sim.demand.backlog.draws import KNOWN, OWN_STREAMS
from sim.demand.compiled_items import CompiledItems
from sim.demand.course import CaseDraws, course
from sim.demand.course_tables import TableBuilder
from sim.demand.due import DueClocks
from sim.demand.items import Items
from sim.demand.merge import Frame
from sim.demand.node_columns import PoolChoice
from sim.demand.parts import Drawn, Part
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
        self.first_node = int(first[kind])
        self.delay_rule = frame.facts.delay_rule[first[kind] : first[kind + 1]]

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
        attributes = self.attributes(streams, arrived)
        arrived = self._at_any_hour(arrivals.spec.yearly, streams, arrived, attributes)
        draws = CaseDraws(streams, len(arrived.at_s), self.valued(attributes), self.sampler_of)
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
                delay_rule=lambda node, _: self.delay_rule[node],
            )
            items = items_of(drawn, self.first_node)
        return Part(self.kind, arrived, attributes, due, number), items

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

    def attributes(self, streams: Streams | ManyStreams, arrived: Arrived) -> dict[str, Codes]:
        """Return attribute → [n] the codes of its values: stated with the arrivals, or drawn."""
        drawn = {}
        for name, spec in attributes_of(self.scenario, self.spec).items():
            if name in arrived.attributes:
                drawn[name] = self.codes(name, arrived.attributes[name])
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

    def codes(self, name: str, texts: Iterable[str]) -> Codes:
        """Return the positions of these values of an attribute; -1 for any other text."""
        position = {value: code for code, value in enumerate(self.frame.attribute_values[name])}
        return np.array([position.get(text, -1) for text in texts], np.int32)

    def valued(self, attributes: dict[str, Codes]) -> dict[str, tuple[tuple[str, ...], Codes]]:
        """Return attribute → (its values, the codes)."""
        return {name: (self.frame.attribute_values[name], c) for name, c in attributes.items()}

    def sampler_of(self, term: Term) -> Sampler:
        """Return the sampler of a duration."""
        return self._samplers[term.stream]


def compiled_items(
    types: Sequence[TypeSource],
    parts: Sequence[tuple[int, str]],
    least_share: float = CaseDraws.least_share,
) -> CompiledItems:
    """Return what draws the courses of all case types in machine code.

    `parts`: case type, and whose streams it has; `least_share`: as in `CaseDraws`.
    """
    frame = types[0].frame
    names = list(frame.attribute_values)
    builder = TableBuilder(names, frame.attribute_values, least_share)
    for source in types:
        builder.add(source.graph, source.pools, source.sampler_of)
    rules = frame.facts.delay_rule
    return CompiledItems(builder.tables(), builder.streams, parts, names, rules)
