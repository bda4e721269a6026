"""Columns of items that follow from the node and the case's own clock behind its due date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.demand.items import Items
from sim.demand.parts import Part
from sim.engine.contract import NO_NOTICE
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
    notice: Ints | None
    """[I]; None: nothing is deemed, and there are none of the following."""
    counted_late: Bools | None
    begins_round_late: Bools | None


class DueTable:
    """The clocks behind the due dates of all case types, as one row of nodes after the other."""

    def __init__(self, process: Process, due: Sequence[Sequence[DueClock]]) -> None:
        """`due`: [case types] the clocks of each, of which a case has one."""
        first = process.first_node
        rows = np.array([len(clocks) for clocks in due]) * np.diff(first)
        self._nodes = np.diff(first)
        self._begin = np.cumsum(rows) - rows - first[:-1]
        """[case types] where node 0 of the process would stand in the first row of a case type."""

        def column(of: Callable[[DueClock], NDArray[Any]]) -> NDArray[Any]:
            return np.concatenate([of(clock) for clocks in due for clock in clocks])

        self._counted = column(lambda clock: clock.counted)
        self._starts = column(lambda clock: clock.starts)
        self._rounds = column(lambda clock: clock.rounds)
        self._counted_late = column(lambda clock: clock.counted_late)
        self._rounds_late = column(lambda clock: clock.rounds_late)
        self._notice = column(lambda clock: clock.notice)
        """The check as a node of its graph."""
        self._deems = bool((self._notice != NO_NOTICE).any())
        self._first = np.repeat(first[:-1], np.diff(first))
        """[nodes] the first node of the graph."""

    def columns(
        self, parts: Sequence[Part], order: Ints, items: Items, deemed: Bools | None = None
    ) -> DueColumns:
        """Return the columns of all items; `order`: as for the items; `deemed`: as in `Demand`.

        Of papers that count as accepted when the run begins, all is as after a late check.
        """
        begin = np.concatenate(
            [self._begin[part.kind] + part.due.own * self._nodes[part.kind] for part in parts]
        )
        at = begin[order][items.case]
        at += items.node
        starts = (self._starts[at] & items.marks) != 0
        counted, rounds = self._counted[at], self._rounds[at]
        if not self._deems:
            begins = rounds if self._rounds.any() else None
            return DueColumns(counted, starts, begins, None, None, None)
        notice = self._item_of_notice(at, items)
        counted_late, rounds_late = self._counted_late[at], self._rounds_late[at]
        if deemed is not None:
            counted = np.where(deemed, counted_late, counted)
            rounds = np.where(deemed, rounds_late, rounds)
        begins = rounds if rounds.any() else None
        return DueColumns(counted, starts, begins, notice, counted_late, rounds_late)

    def _item_of_notice(self, at: Ints, items: Items) -> Ints:
        """Return [I] the item that is the first check of the item's papers, or `NO_NOTICE`."""
        found = np.full(len(at), NO_NOTICE)
        has = np.flatnonzero(self._notice[at] != NO_NOTICE)
        case = items.case.astype(np.int64) * len(self._first)
        number = case + items.node  # ascending
        check = case[has] + self._first[items.node[has]] + self._notice[at[has]]
        item = np.minimum(np.searchsorted(number, check), len(number) - 1)
        found[has] = np.where(number[item] == check, item, NO_NOTICE)
        return found
