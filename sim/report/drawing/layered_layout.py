"""Layers of a graph: every node lies one row below the lowest node that it waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

Point: TypeAlias = tuple[float, float]
Slot: TypeAlias = str | tuple[str, str, int]
"""A node, or the lane of an edge in one row that it passes."""
Edges = Mapping[str, Sequence[str]]
"""Node → the nodes it waits for; every node is a key."""


def without_implied(edges: Edges) -> dict[str, tuple[str, ...]]:
    """Return the edges without those that others imply."""
    above: dict[str, set[str]] = {}

    def ancestors(node: str) -> set[str]:
        if node not in above:
            above[node] = set()  # ends even on a cycle, which no process has
            above[node] = {b for a in edges[node] for b in (a, *ancestors(a))}
        return above[node]

    for node in edges:
        ancestors(node)
    return {
        node: tuple(a for a in before if not any(a in above[b] for b in before if b != a))
        for node, before in edges.items()
    }


def layers(edges: Edges, group: Mapping[str, int]) -> list[list[str]]:
    """Return rows of nodes: group below group by number; within each, by longest path.

    Groups are ignored if a node waits for a node of a later group.
    """
    forward = all(group[before] <= group[node] for node in edges for before in edges[node])
    group_of = group if forward else dict.fromkeys(edges, 0)
    depth: dict[str, int] = {}

    def deep(node: str) -> int:
        if node not in depth:
            depth[node] = 0
            inside = [before for before in edges[node] if group_of[before] == group_of[node]]
            depth[node] = max((deep(before) + 1 for before in inside), default=0)
        return depth[node]

    rows: dict[tuple[int, int], list[str]] = {}
    for node in edges:
        rows.setdefault((group_of[node], deep(node)), []).append(node)
    return [rows[key] for key in sorted(rows)]


def broken_rows(rows: Sequence[Sequence[str]], most: int) -> list[list[str]]:
    """Break rows of more than `most` nodes into even rows."""
    broken = []
    for row in rows:
        parts = -(-len(row) // most)
        size = -(-len(row) // parts)
        broken += [list(row[first : first + size]) for first in range(0, len(row), size)]
    return broken


@dataclass(frozen=True)
class Layout:
    """The places of nodes, and the path of every edge around them."""

    centre: Mapping[str, Point]
    """Node → horizontal place, from 0 to `across`, and row number."""
    ways: Sequence[Sequence[Point]]
    """For each edge: its start, a place in every row that it passes, and its end."""
    across: float


LANE: Final = 0.16
"""Width of the lane of an edge; the place of a node is 1 wide."""


def place_nodes(rows: Sequence[Sequence[str]], edges: Edges, least_across: float = 3.0) -> Layout:
    """Place nodes below those they wait for; an edge that passes a row has a lane there.

    In each row, slots are ordered by the mean place of their predecessors.
    """
    row_of = {node: number for number, row in enumerate(rows) for node in row}
    # for each edge, its first row, then its slot in every row
    chains: list[tuple[int, list[Slot]]] = []
    for node, waited_for in edges.items():
        for before in waited_for:
            first = row_of[before]
            lanes = [(before, node, row) for row in range(first + 1, row_of[node])]
            chains.append((first, [before, *lanes, node]))
    above: dict[Slot, list[Slot]] = {node: [] for node in row_of}
    slots: list[list[Slot]] = [list(row) for row in rows]
    for first, chain in chains:
        for slot, following in pairwise(chain):
            above.setdefault(following, []).append(slot)
        for number, lane in enumerate(chain[1:-1], start=first + 1):
            slots[number].append(lane)
    across = max(least_across, *(sum(map(_wide, row)) for row in slots))
    place: dict[Slot, float] = {}
    for row in slots:
        above_of = {slot: [place[before] for before in above[slot]] or [across / 2] for slot in row}
        wanted = {slot: sum(places) / len(places) for slot, places in above_of.items()}
        place |= _packed(row, wanted, across)
    ways = [
        [(place[slot], float(first + n)) for n, slot in enumerate(chain)] for first, chain in chains
    ]
    centre = {node: (place[node], float(row)) for node, row in row_of.items()}
    return Layout(centre, ways, across)


def _wide(slot: Slot) -> float:
    return 1.0 if isinstance(slot, str) else LANE


def _packed(row: Sequence[Slot], wanted: Mapping[Slot, float], across: float) -> dict[Slot, float]:
    """Place slots side by side, close to the wanted places."""
    ordered = sorted(row, key=lambda slot: wanted[slot])
    places: list[float] = []
    edge = 0.0
    for slot in ordered:
        places.append(max(wanted[slot], edge + _wide(slot) / 2))
        edge = places[-1] + _wide(slot) / 2
    mean = sum(wanted[slot] - at for slot, at in zip(ordered, places, strict=True)) / len(ordered)
    shift = max(mean, _wide(ordered[0]) / 2 - places[0])
    places = [at + shift for at in places]
    limit = across
    for number in range(len(ordered) - 1, -1, -1):
        half = _wide(ordered[number]) / 2
        places[number] = min(places[number], limit - half)
        limit = places[number] - half
    return dict(zip(ordered, places, strict=True))
