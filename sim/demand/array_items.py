"""The items of cases whose courses were drawn with arrays, node by node: the reference."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.arrays import Ints
from sim.demand.items import Items
from sim.demand.parts import Drawn, Part, per_part
from sim.process import Process

_NONE = np.empty(0, np.int64)
_SHIFT = 32
"""Bits of the predecessor in a link packed into one integer; the successor is above them."""


def array_items(process: Process, parts: Sequence[Part], order: Ints) -> Items:
    """Return the items of all parts; `order`: [C] the cases, numbered over the parts."""
    drawn = [part.drawn for part in parts if part.drawn is not None]
    per_case = np.concatenate([each.way.included.T.sum(axis=0) for each in drawn])[order]
    first_item = np.concatenate([[0], np.cumsum(per_case)]).astype(np.int64)
    columns = _Columns(
        int(first_item[-1]), applications=any(each.way.application is not None for each in drawn)
    )
    place = np.empty(len(order), np.int64)
    place[order] = first_item[:-1]
    for part, each, at in zip(parts, drawn, per_part(parts, place), strict=True):
        columns.write(each, int(process.first_node[part.kind]), at)
    pred_ptr, pred = columns.links()
    return Items(
        first_item=first_item,
        outcome=np.concatenate([each.way.outcome for each in drawn])[order],
        cut_off=np.concatenate([each.way.cut_off for each in drawn])[order],
        case=np.repeat(np.arange(len(order), dtype=np.int32), per_case),
        node=columns.node,
        marks=columns.marks,
        amount=columns.amount,
        pool=columns.pool,
        delay_rule=columns.delay_rule,
        pred_ptr=pred_ptr,
        pred=pred,
        application=columns.application,
    )


class _Columns:
    """The columns of I items, and the links between them."""

    def __init__(self, n: int, *, applications: bool) -> None:
        self.node = np.empty(n, np.int32)
        self.marks = np.empty(n, np.uint8)
        self.amount = np.empty(n, np.int64)
        self.pool = np.empty(n, np.int32)
        self.delay_rule = np.empty(n, np.int8)
        self.application = np.ones(n, np.uint8) if applications else None
        self._successors: list[Ints] = []
        self._predecessors: list[Ints] = []

    def write(self, drawn: Drawn, first_node: int, place: Ints) -> None:
        """Write the items of a part.

        `first_node`: the number of its graph's first node in the process; `place`: [n] the number
        of each case's first item, which is moved on past its last.
        """
        way = drawn.way
        marks = way.marks.T
        cases_of: list[Ints] = []
        items_of: list[Ints] = []
        for node, included in enumerate(way.included.T):
            cases = np.flatnonzero(included)
            items = place[cases]
            cases_of.append(cases)
            items_of.append(items)
            if len(cases) == 0:
                continue  # skipping its draws is safe: each node has its own streams
            place[cases] = items + 1
            self.node[items] = first_node + node
            self.marks[items] = marks[node][cases]
            self.amount[items] = drawn.amount(node, cases)
            self.pool[items] = drawn.pool(node, cases)
            self.delay_rule[items] = drawn.delay_rule(node, cases)
            if self.application is not None and way.application is not None:
                self.application[items] = way.application[cases, node]
        for later, earlier, which in way.links:
            for node, links in ((later, self._successors), (earlier, self._predecessors)):
                links.append(items_of[node][which[cases_of[node]]])

    def links(self) -> tuple[Ints, Ints]:
        """Return `pred_ptr` and `pred` of the `Workload`; may be called once."""
        # Each link is packed into one integer: faster and smaller to sort than two columns.
        pairs = np.concatenate([_NONE, *self._successors])
        self._successors.clear()
        pairs <<= _SHIFT
        pairs |= np.concatenate([_NONE, *self._predecessors])
        self._predecessors.clear()
        pairs.sort()
        pred_ptr = np.zeros(len(self.node) + 1, np.int64)
        np.cumsum(np.bincount(pairs >> _SHIFT, minlength=len(self.node)), out=pred_ptr[1:])
        pairs &= (1 << _SHIFT) - 1
        return pred_ptr, pairs
