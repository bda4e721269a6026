"""The cases that were open at the start, drawn for several replications in one go.

What an open case has behind it is known to arrays alone, not to the machine code that draws
courses. Arrays pay for long columns: so the courses of several replications are drawn at once, each
from its own streams, with the same numbers as one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sim.calendars import WorkingDays
from sim.demand.array_items import array_items
from sim.demand.backlog import BacklogSource
from sim.demand.backlog.cases import OpenCases
from sim.demand.backlog.past import Past
from sim.demand.case_type_source import TypeSource
from sim.demand.items import Items
from sim.demand.parts import Part, turn_of_open
from sim.streams import ManyStreams, Streams

MOST: Final = 16
"""Replications that are drawn at once: further ones save little."""
MOST_ROWS: Final = 8192
"""Open cases times replications that are drawn at once, for the memory that they need."""


@dataclass(frozen=True, eq=False)
class Opened:
    """The open cases of one replication: what they are, and all their items."""

    parts: tuple[Part, ...]
    items: Items
    """In the order of `turn_of_open`."""


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
        """Return the open cases of one replication; None if there are none."""
        drawn = [
            one
            for source in self._types
            for name in {source.graph.case_type} & cases.keys()
            for one in source.resume(
                self._backlog.layouts[name], cases[name], past, streams, self._days
            )
        ]
        if not drawn:
            return None
        parts, items = [part for part, _ in drawn], [own for _, own in drawn]
        drawn.clear()
        order = np.array(turn_of_open(parts), np.int64)
        return Opened(tuple(parts), array_items(parts, items, order))

    def _several(
        self, streams: ManyStreams, cases: Mapping[str, OpenCases], past: Past
    ) -> tuple[Opened, ...]:
        """Return the open cases of some replications."""
        times = streams.times
        drawn = [
            source.resumed(self._backlog.layouts[name], cases[name], past, streams, self._days)
            for source in self._types
            for name in {source.graph.case_type} & cases.keys()
        ]
        parts = [part for part, _ in drawn]
        counts = [len(part) // times for part in parts]
        alone = [
            [
                part.some_open(slice(n * count, (n + 1) * count))
                for part, count in zip(parts, counts, strict=True)
            ]
            for n in range(times)
        ]
        order = _order(counts, times, turn_of_open(alone[0]))
        items, total = array_items(parts, [own for _, own in drawn], order), sum(counts)
        return tuple(
            Opened(tuple(alone[n]), items.of(n * total, (n + 1) * total)) for n in range(times)
        )


def _order(counts: Sequence[int], times: int, turn: Sequence[int]) -> np.ndarray[Any, Any]:
    """Return [times · C] the cases, numbered over parts that hold each of them so many times.

    `counts`: the cases of each part, once; `turn`: [C] their order, numbered over these.
    """
    begins = np.cumsum([0, *counts[:-1]])
    of = np.array(turn, np.int64)
    part = np.searchsorted(begins, of, side="right") - 1
    first = begins[part] * times + (of - begins[part])
    step = np.array(counts, np.int64)[part]
    return np.concatenate([first + n * step for n in range(times)]).astype(np.int64)
