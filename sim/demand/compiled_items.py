"""The items of cases whose courses machine code draws, case by case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Floats, Ints
from sim.demand.course_tables import Tables
from sim.demand.items import Items
from sim.demand.parts import Part, of_parts
from sim.streams import Streams, stable_hash, whole_name

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
        delay_rule: NDArray[np.int8],
    ) -> None:
        """`streams`: the names of each case type; `parts`: case type, and whose streams it has."""
        self._tables = tables
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
        from sim.demand.kernel import sweep

        codes = np.empty((len(order), len(attributes)), np.int32)
        for column, of_cases in enumerate(attributes.values()):
            codes[:, column] = of_cases
        cases = _Cases(
            kind=of_parts(parts, [part.kind for part in parts])[order],
            part=of_parts(parts, range(len(parts)))[order],
            number=np.concatenate([part.number for part in parts])[order],
            codes=codes,
            keys=streams.keys(self._hashes),
        )
        scratch = _Scratch.of(self._tables)
        more = self._room(cases.kind)
        out = _Out.of(len(order), *more)
        address = streams.replication, streams.low_seed
        at = (0, 0, 0)
        while (at := sweep(self._tables, cases, scratch, out, at, *address))[0] < len(order):
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
