"""The cases that were open at the start, drawn for several replications in one go.

What the past of open cases leaves to chance is drawn with arrays, and arrays pay for long columns:
so several replications are drawn at once, each from its own streams, with the same numbers as one
by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias

import numpy as np

from sim.arrays import Ints
from sim.calendars import WorkingDays
from sim.demand.array_items import array_items
from sim.demand.backlog import BacklogSource
from sim.demand.backlog.cases import Layout, OpenCases
from sim.demand.backlog.draws import OWN_STREAMS, OpenDraws
from sim.demand.backlog.past import Past
from sim.demand.case_type_source import TypeSource, compiled_items
from sim.demand.compiled_items import CompiledItems, Known
from sim.demand.items import Items
from sim.demand.parts import Part, per_part
from sim.demand.reopened import Reopened
from sim.streams import ManyStreams, Streams

Key: TypeAlias = tuple[int, str, int]
MOST: Final = 16
"""Replications that are drawn at once: further ones save little."""
MOST_ROWS: Final = 8192
"""Open cases times replications that are drawn at once, for the memory that they need."""


@dataclass(frozen=True, eq=False)
class Opened:
    """The open cases of one replication: what they are, and all their items."""

    parts: tuple[Part, ...]
    items: Items
    """In their order in the demand."""
    turn: Ints
    """The cases, numbered over the parts, in that order: by the time since when they wait, then by
    name, then by case type."""


class OpenBlock:
    """Draws the open cases of one replication after another, and some replications ahead."""

    def __init__(
        self, backlog: BacklogSource, types: Sequence[TypeSource], days: WorkingDays
    ) -> None:
        """`days`: a calendar up to the end of the longest run that begins with these cases."""
        self._backlog, self._types, self._days = backlog, types, days
        self._key: tuple[Any, ...] | None = None
        self._first = 0
        self._ahead: tuple[Opened, ...] = ()
        self._size = 1
        """Replications to draw next: few, until it shows that there are many."""

    def __getstate__(self) -> Mapping[str, Any]:
        """Leave out what was drawn ahead: another process draws its own."""
        return self.__dict__ | {"_ahead": (), "_key": None}

    def of(self, streams: Streams) -> Opened | None:
        """Return the open cases of a replication; None without a backlog."""
        if self._backlog.given is None:
            drawn = self._backlog.draw(streams)
            return None if drawn is None else self._one(streams, *drawn)
        key = streams.seed, streams.compiled
        ahead = streams.replication - self._first
        if self._key != key or not 0 <= ahead < len(self._ahead):
            cases, past = self._backlog.given
            most = MOST_ROWS // max(sum(len(of.name) for of in cases.values()), 1)
            if most < 2:
                return self._one(streams, cases, past)
            size = min(self._size, most, MOST)
            self._size = min(2 * size, MOST)
            self._ahead = self._several(ManyStreams(streams, size), cases, past)
            self._key = key
            self._first, ahead = streams.replication, 0
        return self._ahead[ahead]

    def _one(self, streams: Streams, cases: Mapping[str, OpenCases], past: Past) -> Opened | None:
        """Return the open cases of one replication; None if there are none.

        On the way to its items a case needs room for every node of the graph; so not all of them
        take it at once. A case has the same numbers in whatever part it is.
        """
        parts, items, keys = [], [], list[Key]()
        for source, layout, whole in self._of_types(cases):
            for first, some in whole.by_parts():
                numbers = streams.from_case(first)
                one = Reopened(source, layout, some, past, numbers, self._days, first)
                (part,), own = self._drawn([one], np.arange(len(some.name)), numbers)
                parts.append(part)
                items.append(own)
                keys += _keys(source.kind, some)
        if not parts:
            return None
        turn = _turn(keys)
        return Opened(tuple(parts), array_items(parts, items, turn), turn)

    def _several(
        self, streams: ManyStreams, cases: Mapping[str, OpenCases], past: Past
    ) -> tuple[Opened, ...]:
        """Return the open cases of some replications."""
        times, of_types = streams.times, list(self._of_types(cases))
        opened = [
            Reopened(source, layout, whole, past, streams, self._days)
            for source, layout, whole in of_types
        ]
        counts = [len(whole.name) for _, _, whole in of_types]
        turn = _turn([key for source, _, whole in of_types for key in _keys(source.kind, whole)])
        parts, items = self._drawn(opened, _order(counts, times, turn), streams)
        total = sum(counts)
        return tuple(
            Opened(
                tuple(
                    part.some_open(slice(n * count, (n + 1) * count))
                    for part, count in zip(parts, counts, strict=True)
                ),
                items.of(n * total, (n + 1) * total),
                turn,
            )
            for n in range(times)
        )

    def _of_types(
        self, cases: Mapping[str, OpenCases]
    ) -> Iterator[tuple[TypeSource, Layout, OpenCases]]:
        for source in self._types:
            name = source.graph.case_type
            if name in cases:
                yield source, self._backlog.layouts[name], cases[name]

    def _drawn(
        self, opened: Sequence[Reopened], order: Ints, streams: Streams | ManyStreams
    ) -> tuple[list[Part], Items]:
        """Return all parts, and their items in the order that is given."""
        if not streams.compiled:
            drawn = [one.by_arrays() for one in opened]
            parts = [part for part, _ in drawn]
            return parts, array_items(parts, [items for _, items in drawn], order)
        known = [Known(one.part, one.draws.known, one.over) for one in opened]
        items = self._compiled.of_open(known, order, streams)
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        places = per_part([one.part for one in opened], place)
        return [one.settled(items, at) for one, at in zip(opened, places, strict=True)], items

    @cached_property
    def _compiled(self) -> CompiledItems:
        """What draws courses in machine code."""
        whose = [(source.kind, OWN_STREAMS) for source in self._types]
        return compiled_items(self._types, whose, OpenDraws.least_share)


def _keys(kind: int, cases: OpenCases) -> Iterator[Key]:
    """Yield what puts open cases in order: the time since when they wait, then their name."""
    for since_s, name in zip(cases.waits_since_s.tolist(), cases.name, strict=True):
        yield since_s, name, kind


def _turn(keys: Sequence[Key]) -> Ints:
    """Return the open cases in their order, by number."""
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), np.int64)


def _order(counts: Sequence[int], times: int, turn: Ints) -> Ints:
    """Return [times · C] the cases, numbered over parts that hold each of them so many times.

    `counts`: the cases of each part, once; `turn`: [C] their order, numbered over these.
    """
    begins = np.cumsum([0, *counts[:-1]])
    part = np.searchsorted(begins, turn, side="right") - 1
    first = begins[part] * times + (turn - begins[part])
    step = np.array(counts, np.int64)[part]
    return np.concatenate([first + n * step for n in range(times)]).astype(np.int64)
