"""All nodes and pools of a scenario as tables; items refer to them by number."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools
from sim.process.graph import Graph, Node, Phase, Role
from sim.scenario import Scenario, values_of

NO_PAUSE: Final = -1
"""In `Process.pause`: no clock pauses for the node."""


@dataclass(frozen=True, eq=False)
class Process:
    """The N nodes of all case types, case types in alphabetical order."""

    graphs: tuple[Graph, ...]

    @cached_property
    def case_types(self) -> tuple[str, ...]:
        """Names of the case types; cases refer to a type by its position."""
        return tuple(graph.case_type for graph in self.graphs)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """[N] all nodes; the number of a node is its position."""
        return tuple(node for graph in self.graphs for node in graph.nodes)

    @cached_property
    def first_node(self) -> NDArray[np.int64]:
        """[number of case types + 1] first node of each case type."""
        return np.cumsum([0, *(len(graph.nodes) for graph in self.graphs)])

    @cached_property
    def case_type(self) -> NDArray[np.int32]:
        """[N] the case type of each node."""
        return np.repeat(np.arange(len(self.graphs)), np.diff(self.first_node)).astype(np.int32)

    @cached_property
    def role(self) -> NDArray[np.int8]:
        """[N] `Role`."""
        return np.array([node.role for node in self.nodes], np.int8)

    @cached_property
    def owner(self) -> NDArray[np.int8]:
        """[N] `Owner`."""
        return np.array([node.owner for node in self.nodes], np.int8)

    @cached_property
    def marks(self) -> NDArray[np.uint8]:
        """[N] `Mark`s; which of them count in a case, its items say."""
        return np.array([node.marks for node in self.nodes], np.uint8)

    @cached_property
    def pause(self) -> NDArray[np.int8]:
        """[N] `Pause`, or `NO_PAUSE`."""
        pauses = (node.pause for node in self.nodes)
        return np.array([NO_PAUSE if pause is None else pause for pause in pauses], np.int8)

    @cached_property
    def phase(self) -> NDArray[np.int8]:
        """[N] `Phase`."""
        return np.array([node.phase for node in self.nodes], np.int8)

    @cached_property
    def first_check(self) -> Bools:
        """[N] whether the node is the first check of completeness after a submission."""
        repeats = {
            int(first) + node.next_round
            for graph, first in zip(self.graphs, self.first_node, strict=False)
            for node in graph.nodes
            if node.next_round is not None
        }
        first: Bools = (self.role == Role.CHECK) & (self.phase == Phase.BEFORE)
        first[list(repeats)] = False
        return first

    @cached_property
    def first_seat(self) -> NDArray[np.int64]:
        """[N] the first node of a team for each of its seats; any other node for itself."""
        first = np.arange(len(self.nodes))
        for number, node in enumerate(self.nodes):
            if node.seat_of is not None:
                first[number] = self.first_node[self.case_type[number]] + node.seat_of
        return first

    @cached_property
    def is_further_seat(self) -> Bools:
        """[N] the node is the work of a further officer of a team."""
        return np.array([node.seat_of is not None for node in self.nodes], np.bool_)

    @cached_property
    def first_of_pool(self) -> NDArray[np.int64]:
        """[N] for each seat of a team, its first seat of the same pool; any other node itself."""
        found: dict[tuple[int, str | None], int] = {}
        seats = zip(self.first_seat.tolist(), self.nodes, strict=True)
        return np.array(
            [found.setdefault((first, node.pool), n) for n, (first, node) in enumerate(seats)],
            np.int64,
        )

    @cached_property
    def covers(self) -> Mapping[str, Bools]:
        """Matter → [N] whether the node is a step of it, in whichever case type."""
        matters = sorted({matter for node in self.nodes for matter in node.covers})
        return {
            matter: np.array([matter in node.serves for node in self.nodes], np.bool_)
            for matter in matters
        }

    def in_scope(self, case_type: str, matters: Collection[str] | None) -> Bools:
        """Return [N] whether the node belongs to the case type and serves one of `matters`.

        With `matters` None, every node of the case type is in scope.
        """
        of_type: Bools = self.case_type == self.case_types.index(case_type)
        if matters is None:
            return of_type
        none = np.zeros(len(self.nodes), np.bool_)
        covers = np.array([self.covers.get(name, none) for name in matters])
        return np.asarray(of_type & covers.any(axis=0))


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool as the engine sees it: one for each attribute value, if the scenario says so."""

    declared: str
    """Its key under `pools` in the scenario."""
    value: str | None = None
    """The attribute value that it serves; None: all values."""

    @property
    def name(self) -> str:
        """`window`, or `window[kaifaqu]` for a pool that exists per zone."""
        return self.declared if self.value is None else f"{self.declared}[{self.value}]"


@dataclass(frozen=True)
class PoolTable:
    """All pools of a scenario in alphabetical order; P pools."""

    pools: tuple[Pool, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """[P] names of the pools."""
        return tuple(pool.name for pool in self.pools)

    @cached_property
    def by_name(self) -> dict[str, Pool]:
        """Name → pool."""
        return dict(zip(self.names, self.pools, strict=True))

    def numbers(self, declared: str) -> list[int]:
        """Return the numbers of the pools under the key `declared`."""
        return [number for number, pool in enumerate(self.pools) if pool.declared == declared]

    def of_value(self, declared: str, value: str) -> int:
        """Return the number of the pool under the key `declared` for an attribute value."""
        return self.pools.index(Pool(declared, value))


def pool_table(scenario: Scenario) -> PoolTable:
    """Return all pools of a scenario; the number of a pool is its position."""
    pools: list[Pool] = []
    for name in sorted(scenario.pools):
        per = scenario.pools[name].per
        values = [None] if per is None else values_of(scenario, per)
        pools += [Pool(name, value) for value in values]
    return PoolTable(tuple(pools))
