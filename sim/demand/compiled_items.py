"""The items of cases whose courses machine code draws, case by case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Floats, Ints
from sim.demand.course_tables import NONE, Tables
from sim.demand.items import Items
from sim.demand.parts import Part, attribute_of, of_parts
from sim.streams import ManyStreams, Streams, stable_hash, whole_name

Codes = NDArray[np.int32]


class _Cases(NamedTuple):
    """The C cases of P parts, in their order in the demand, and what they draw from."""

    kind: Ints
    """[C] the row of `Tables.types`."""
    part: Ints
    """[C] the row of `keys`."""
    number: Ints
    """[C] the number of the case in its random streams."""
    codes: NDArray[np.int32]
    """[C, A] codes of attributes, in the order of their names; -1 where a case has none."""
    keys: NDArray[np.uint64]
    """[P, S] the keys of the streams of each part."""
    replication: NDArray[np.uint64]
    """[P]"""
    column: Ints
    """[P, S] the column of `fixed` instead of a stream, or `NONE`."""
    fixed: Floats
    """[C, K] uniform numbers that agree with what is known of the case."""
    over: Bools
    """[C, N] the node is over before the case arrives; [0, 0]: none is."""


@dataclass(frozen=True, eq=False)
class Known:
    """A part of open cases, and what is known of them; B cases, N nodes of their graph."""

    part: Part
    uniform: Mapping[str, Floats]
    """Stream → [B] uniform numbers that agree with what is known, instead of the stream's own."""
    over: Bools
    """[B, N] the node is over before the case arrives."""


class _Scratch(NamedTuple):
    """What is known of the case that is drawn: by gate, by rounds, by node, by stop."""

    gate: Bools
    u: Floats
    """The uniform number behind the rounds."""
    first: Floats
    """The probability of the first round."""
    included: Bools
    over: Bools
    """The case, or an application of it, has come to its end at the node or before it."""
    item: Ints
    source: Ints
    source_end: Ints
    """Bounds in `sources` of the items for which successors wait, since the case lacks the node."""
    application: Ints
    happens: Bools
    ended: Bools
    again: Bools
    final: Bools
    sources: Ints

    @classmethod
    def of(cls, tables: Tables) -> _Scratch:
        """Return scratch for one thread."""
        gates, rounds = len(tables.gates), len(tables.rounds)
        nodes, stops = len(tables.nodes), len(tables.stops)
        longest = int((tables.types["nodes_end"] - tables.types["nodes"]).max())
        return cls(
            gate=np.empty(gates, np.bool_),
            u=np.empty(rounds),
            first=np.empty(rounds),
            included=np.empty(nodes, np.bool_),
            over=np.empty(nodes, np.bool_),
            item=np.empty(nodes, np.int64),
            source=np.empty(nodes, np.int64),
            source_end=np.empty(nodes, np.int64),
            application=np.empty(nodes, np.int64),
            happens=np.empty(stops, np.bool_),
            ended=np.empty(stops, np.bool_),
            again=np.empty(stops, np.bool_),
            final=np.empty(stops, np.bool_),
            sources=np.empty(longest * longest, np.int64),
        )


class _Out(NamedTuple):
    """The columns of `Items`, with room for more items and links than there are."""

    node: NDArray[np.int32]
    case: NDArray[np.int32]
    marks: NDArray[np.uint8]
    amount: Ints
    pool: NDArray[np.int32]
    application: NDArray[np.uint8]
    pred_ptr: Ints
    pred: Ints
    first_item: Ints
    outcome: NDArray[np.int8]
    cut_off: Bools

    @classmethod
    def of(cls, cases: int, items: int, links: int) -> _Out:
        """Return room for so many cases, items and links; memory that is not used costs nothing."""
        return cls(
            node=np.empty(items, np.int32),
            case=np.empty(items, np.int32),
            marks=np.empty(items, np.uint8),
            amount=np.empty(items, np.int64),
            pool=np.empty(items, np.int32),
            application=np.empty(items, np.uint8),
            pred_ptr=np.zeros(items + 1, np.int64),
            pred=np.empty(links, np.int64),
            first_item=np.zeros(cases + 1, np.int64),
            outcome=np.empty(cases, np.int8),
            cut_off=np.empty(cases, np.bool_),
        )

    def with_more_room(self, items: int, links: int) -> _Out:
        """Return the same with room for so many more items and links."""
        grown = _Out.of(len(self.outcome), len(self.node) + items, len(self.pred) + links)
        for name in self._fields:
            old, new = getattr(self, name), getattr(grown, name)
            new[: len(old)] = old
        return grown


class CompiledItems:
    """Draws the courses of cases in machine code."""

    def __init__(
        self,
        tables: Tables,
        streams: Sequence[Sequence[str]],
        parts: Sequence[tuple[int, str]],
        attributes: Sequence[str],
        delay_rule: NDArray[np.int8],
    ) -> None:
        """`streams`: the names of each case type; `parts`: case type, and whose streams it has.

        `attributes`: all of them, in the order of their numbers; `delay_rule`: by node.
        """
        self._attributes = attributes
        self._tables = tables
        self._streams = streams
        self._delay_rule = delay_rule
        types = tables.types
        self._most_nodes = int((types["nodes_end"] - types["nodes"]).max())
        self._most_links = int(types["most_links"].max())
        self._hashes = np.zeros((len(parts), max(map(len, streams))), np.uint64)
        for row, (kind, whose) in enumerate(parts):
            for number, name in enumerate(streams[kind]):
                self._hashes[row, number] = stable_hash(whole_name(whose, name))

    def of(
        self, parts: Sequence[Part], order: Ints, attributes: Mapping[str, Codes], streams: Streams
    ) -> Items:
        """Return the items of all parts, which stand in the order that was given.

        `order`: [C] cases, numbered over the parts, in their order; `attributes`: in that order.
        """
        keys = streams.keys(self._hashes)
        cases = _Cases(
            **self._plain(parts, order, attributes),
            part=of_parts(parts, range(len(parts)))[order],
            keys=keys,
            replication=np.full(len(parts), streams.replication, np.uint64),
            column=np.full(keys.shape, NONE, np.int64),
            fixed=np.empty((len(order), 0)),
            over=np.empty((0, 0), np.bool_),
        )
        return self._swept(cases, streams.low_seed)

    def of_open(
        self,
        known: Sequence[Known],
        order: Ints,
        streams: Streams | ManyStreams,
    ) -> Items:
        """Return the items of open cases; as `of`, with what is known of each part.

        With the streams of several replications, the cases of a part are there for each in turn.
        """
        first, times = (
            (streams.first, streams.times) if isinstance(streams, ManyStreams) else (streams, 1)
        )
        parts = [one.part for one in known]
        attributes = {name: attribute_of(name, parts)[order] for name in self._attributes}
        kinds = np.repeat([part.kind for part in parts], times)
        within = [np.repeat(np.arange(times), len(part) // times) for part in parts]
        of_case = of_parts(parts, range(len(parts))) * times + np.concatenate(within)
        most = max(len(one.uniform) for one in known)
        column = np.full((len(kinds), self._hashes.shape[1]), NONE, np.int64)
        fixed = np.empty((len(order), most))
        over = np.zeros((len(order), self._most_nodes), np.bool_)
        at = 0
        for number, one in enumerate(known):
            end = at + len(one.part)
            over[at:end, : one.over.shape[1]] = one.over
            streams_of = self._streams[one.part.kind]
            for place, (name, uniform) in enumerate(one.uniform.items()):
                column[number * times : (number + 1) * times, streams_of.index(name)] = place
                fixed[at:end, place] = uniform
            at = end
        cases = _Cases(
            **self._plain(parts, order, attributes),
            part=of_case[order],
            keys=first.keys(self._hashes[kinds]),
            replication=np.tile(first.replication + np.arange(times), len(parts)).astype(np.uint64),
            column=column,
            fixed=fixed[order],
            over=over[order],
        )
        return self._swept(cases, first.low_seed)

    @staticmethod
    def _plain(
        parts: Sequence[Part], order: Ints, attributes: Mapping[str, Codes]
    ) -> dict[str, NDArray[Any]]:
        codes = np.empty((len(order), len(attributes)), np.int32)
        for column, of_cases in enumerate(attributes.values()):
            codes[:, column] = of_cases
        return {
            "kind": of_parts(parts, [part.kind for part in parts])[order],
            "number": np.concatenate([part.number for part in parts])[order],
            "codes": codes,
        }

    def _swept(self, cases: _Cases, seed: int) -> Items:
        from sim.demand.kernel import sweep

        scratch = _Scratch.of(self._tables)
        more = self._room(cases.kind)
        out = _Out.of(len(cases.number), *more)
        at = (0, 0, 0)
        while (at := sweep(self._tables, cases, scratch, out, at, seed))[0] < len(cases.number):
            out = out.with_more_room(*more)
        return self._items(out, *at[1:])

    def _room(self, kind: Ints) -> tuple[int, int]:
        """Return how many items and links to make room for at once: most cases have fewer."""
        types = self._tables.types
        items = int((types["usual_nodes"][kind]).sum()) + self._most_nodes
        return items, 2 * items + self._most_links

    def _items(self, out: _Out, items: int, links: int) -> Items:
        node = out.node[:items]
        again = bool(self._tables.types["again"].any())
        return Items(
            first_item=out.first_item,
            outcome=out.outcome,
            cut_off=out.cut_off,
            case=out.case[:items],
            node=node,
            marks=out.marks[:items],
            amount=out.amount[:items],
            pool=out.pool[:items],
            delay_rule=self._delay_rule[node],
            pred_ptr=out.pred_ptr[: items + 1],
            pred=out.pred[:links],
            application=out.application[:items] if again else None,
        )
