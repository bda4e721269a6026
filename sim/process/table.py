"""All graphs of a scenario as one table of nodes, so that items can refer to nodes by number."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.process.graph import Graph, Node, Phase, Role


@dataclass(frozen=True, eq=False)
class Process:
    """Every node of every case type, case types in alphabetical order; N nodes."""

    graphs: tuple[Graph, ...]

    @cached_property
    def case_types(self) -> tuple[str, ...]:
        """Names of the case types; a case's type is a position in it."""
        return tuple(graph.case_type for graph in self.graphs)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes; a node's number is its position."""
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
    def phase(self) -> NDArray[np.int8]:
        """[N] `Phase`."""
        return np.array([node.phase for node in self.nodes], np.int8)

    @cached_property
    def first_check(self) -> NDArray[np.bool_]:
        """[N] the first check of completeness after a submission."""
        repeats = {
            int(first) + node.next_round
            for graph, first in zip(self.graphs, self.first_node, strict=False)
            for node in graph.nodes
            if node.next_round is not None
        }
        return np.array(
            [
                node.role is Role.CHECK and node.phase is Phase.BEFORE and number not in repeats
                for number, node in enumerate(self.nodes)
            ],
            bool,
        )

    def in_scope(self, case_type: str, matters: Collection[str] | None) -> NDArray[np.bool_]:
        """Return [N]: the node belongs to the case type and covers one of the matters.

        None means every node of the case type.
        """
        of_type: NDArray[np.bool_] = self.case_type == self.case_types.index(case_type)
        if matters is None:
            return of_type
        wanted = set(matters)
        covers: NDArray[np.bool_] = np.array(
            [not wanted.isdisjoint(node.covers) for node in self.nodes], bool
        )
        return of_type & covers
