"""One replication's demand: arrivals, attributes, courses and items of all case types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from sim.arrays import Bools, Ints
from sim.calendars import IntervalTable, WorkingDays, working_day_intervals
from sim.demand.array_items import array_items
from sim.demand.backlog import BacklogSource, GivenRow
from sim.demand.case_type_source import TypeSource, compiled_items
from sim.demand.compiled_items import Codes, CompiledItems
from sim.demand.demand import Demand
from sim.demand.due_columns import DueTable
from sim.demand.items import Items
from sim.demand.merge import NOBODY, Frame, Urgency, assemble
from sim.demand.node_columns import NodeFacts
from sim.demand.open_block import OpenBlock
from sim.demand.parts import Part
from sim.demand.replay import ReplayCount
from sim.demand.sampling import RecordedValues
from sim.limits import due_clocks, resolved_limits
from sim.process import PoolTable, Process
from sim.process.builder import attribute_gates
from sim.scenario import Mistakes, Scenario, attributes_of, calendar_of, values_of, window_s
from sim.streams import Streams


class DemandSource:
    """Draws the demand of a scenario, replication by replication."""

    def __init__(
        self,
        scenario: Scenario,
        process: Process,
        pools: PoolTable,
        backlog: Sequence[GivenRow] | None = None,
        shared: DemandSource | WorkingDays | None = None,
        *,
        alone: bool = False,
    ) -> None:
        """Build all that replications share.

        `backlog`: open cases instead of the scenario's file or groups; `alone`: they alone are
        measured. `shared`:
        the demand of the scenario up to another end, which has the same open cases; or the calendar
        up to the last of these ends. Default: the end of the scenario is the only one.
        """
        recorded = RecordedValues(scenario.provenance.data_files)
        self.working_days: WorkingDays = calendar_of(scenario)
        attributes = [attributes_of(scenario, kind) for kind in scenario.case_types.values()]
        names = sorted({name for declared in attributes for name in declared})
        self.attribute_values = {name: tuple(values_of(scenario, name)) for name in names}
        due = [due_clocks(scenario, graph) for graph in process.graphs]
        deciding = {first.scope.case_type: first.scope.matters for first, *_ in due}
        mistakes = Mistakes()
        self.backlog: BacklogSource
        self._open: OpenBlock
        if isinstance(shared, DemandSource):
            self.backlog = shared.backlog
        else:
            with mistakes.noted():
                self.backlog = BacklogSource(scenario, process, deciding, backlog)
        self._frame = Frame(
            process=process,
            facts=NodeFacts.of(process),
            due=DueTable(process, due),
            attribute_values=self.attribute_values,
            working_days=self.working_days,
            calendars=IntervalTable.of([working_day_intervals(self.working_days)]),
            window_s=(0, 0) if alone else window_s(scenario),
            backlog_measured=scenario.backlog.measured or alone,
            urgencies=tuple(_urgencies(scenario, process, self.attribute_values)),
        )
        self._extensions = {
            limit.name: limit.extension_share
            for limit in resolved_limits(scenario)
            if limit.extension_share
        }
        """Limit → probability that a case is granted an extension of it."""
        self._types: list[TypeSource] = []
        for kind, graph in enumerate(process.graphs):
            with mistakes.noted():
                source = TypeSource(scenario, kind, graph, due[kind], pools, self._frame, recorded)
                self._types.append(source)
        mistakes.tell()
        if isinstance(shared, DemandSource):
            self._open = shared._open
        else:
            longest = self.working_days if shared is None else shared
            self._open = OpenBlock(self.backlog, self._types, longest)

    def stream_names(self) -> Iterator[str]:
        """Yield the name of every random stream."""
        for source in self._types:
            yield from source.stream_names()
        yield from self.backlog.stream_names()
        yield from map(_extension_stream, self._extensions)

    @cached_property
    def _compiled(self) -> CompiledItems:
        """What draws courses in machine code."""
        parts = [(source.kind, each.whose) for source in self._types for each in source.arrivals]
        return compiled_items(self._types, parts)

    @property
    def replayed(self) -> tuple[ReplayCount, ...]:
        """What was taken of each recorded log, and what was left out."""
        return tuple(
            source.replayed.count
            for kind in self._types
            for source in kind.arrivals
            if source.replayed is not None
        )

    @property
    def lists_arrivals(self) -> bool:
        """Whether some arrivals are listed or recorded, so that they may lie outside the dates."""
        specs = [arrivals.spec for source in self._types for arrivals in source.arrivals]
        return any(spec.at is not None or spec.replay is not None for spec in specs)

    def draw(self, seed: int, replication: int, *, compiled: bool = True) -> Demand:
        """Draw every case of one replication and write out its items.

        `compiled`: in machine code; else with arrays, which gives the same.
        """
        streams = Streams(seed, replication, compiled=compiled)
        if streams.compiled:
            arriving, own = self._arrived(streams), list[Items]()
        else:
            drawn = [
                source.draw_items(arrivals, streams)
                for source in self._types
                for arrivals in source.arrivals
            ]
            arriving, own = [part for part, _ in drawn], [items for _, items in drawn]
            drawn.clear()
        opened = self._open.of(streams)

        def write(parts: Sequence[Part], order: Ints, attributes: Mapping[str, Codes]) -> Items:
            first = 0 if opened is None else len(opened.items.outcome)  # open cases come first
            if streams.compiled:
                codes = {name: of[first:] for name, of in attributes.items()}
                items = self._compiled.of(arriving, order[first:], codes, streams)
            else:
                items = array_items(arriving, own, order[first:])
            return items if opened is None else opened.items.before(items)

        parts = [*arriving, *(() if opened is None else opened.parts)]
        turn = NOBODY if opened is None else opened.turn
        demand = assemble(self._frame, parts, write, turn)
        return replace(demand, extended=self._extended(streams, len(demand.case_type)))

    def _arrived(self, streams: Streams) -> list[Part]:
        return [
            source.draw(arrivals, streams) for source in self._types for arrivals in source.arrivals
        ]

    def _extended(self, streams: Streams, cases: int) -> Mapping[str, Bools]:
        """Draw limit → [C] the case is granted an extension of it."""
        return {
            name: streams(_extension_stream(name)).uniform(cases) < share
            for name, share in self._extensions.items()
        }


def _extension_stream(limit: str) -> str:
    return f"limit/{limit}/extension"


def _urgencies(
    scenario: Scenario, process: Process, values: Mapping[str, Sequence[str]]
) -> Iterator[Urgency]:
    """Yield the effects on the priority class of cases; `values`: in the order of their codes."""
    for kind, name in enumerate(process.case_types):
        for effect in scenario.case_types[name].effects:
            if effect.priority:
                where = {
                    gate.name: np.array([values[gate.name].index(v) for v in gate.values], np.int32)
                    for gate in attribute_gates(effect.when)
                }
                yield Urgency(kind, where, effect.priority)
