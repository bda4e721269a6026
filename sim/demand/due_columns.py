"""Columns of items that follow from the node and the case's own clock behind its due date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.demand.items import Items
from sim.demand.parts import Part
from sim.limits import DueClock
from sim.process import Process


@dataclass(frozen=True, eq=False)
class DueColumns:
    """Columns of `Workload` about the clocks behind due dates; I items."""

    counted: Bools
    """[I]"""
    starts_clock: Bools
    """[I]"""
    begins_round: Bools | None
    """[I]; None: no item begins a round."""


class DueTable:
    """The clocks behind the due dates of all case types, as one row of nodes after the other."""

    def __init__(self, process: Process, due: Sequence[Sequence[DueClock]]) -> None:
        """`due`: [case types] the clocks of each, of which a case has one."""
        first = process.first_node
        rows = np.array([len(clocks) for clocks in due]) * np.diff(first)
        self._nodes = np.diff(first)
        self._begin = np.cumsum(rows) - rows - first[:-1]
        """[case types] where node 0 of the process would stand in the first row of a case type."""

        def column(of: Callable[[DueClock], NDArray[np.generic]]) -> NDArray[np.generic]:
            return np.concatenate([of(clock) for clocks in due for clock in clocks])

        self._counted = column(lambda clock: clock.counted)
        self._starts = column(lambda clock: clock.starts)
        self._rounds = column(lambda clock: clock.rounds)

    def columns(self, parts: Sequence[Part], order: Ints, items: Items) -> DueColumns:
        """Return the columns of all items; `order`: as for the items."""
        begin = np.concatenate(
            [self._begin[part.kind] + part.due.own * self._nodes[part.kind] for part in parts]
        )
        at = begin[order][items.case]
        at += items.node
        return DueColumns(
            counted=self._counted[at],
            starts_clock=(self._starts[at] & items.marks) != 0,
            begins_round=self._rounds[at] if self._rounds.any() else None,
        )
