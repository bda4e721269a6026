"""The items of cases whose courses were drawn with arrays, node by node: the reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Ints
from sim.demand.items import Items
from sim.demand.parts import Drawn, Part, per_part

_NONE = np.empty(0, np.int64)
_SHIFT = 32
"""Bits of the predecessor in a link packed into one integer; the successor is above them."""


def items_of(drawn: Drawn, first_node: int) -> Items:
    """Return the items of a part, its cases numbered from 0.

    `first_node`: the number of its graph's first node in the process.
    """
    way = drawn.way
    per_case = way.included.T.sum(axis=0)
    first_item = np.concatenate([[0], np.cumsum(per_case)]).astype(np.int64)
    columns = _Columns(int(first_item[-1]), applications=way.application is not None)
    columns.write(drawn, first_node, first_item[:-1].copy())
    pred_ptr, pred = columns.links()
    return Items(
        first_item=first_item,
        outcome=way.outcome,
        cut_off=way.cut_off,
        case=np.repeat(np.arange(len(per_case), dtype=np.int32), per_case),
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
        """Write the items; `place`: [n] each case's first item, which is moved on past its last."""
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


def array_items(parts: Sequence[Part], items: list[Items], order: Ints) -> Items:
    """Return the items of all parts as one.

    `items`: of each part; emptied, so that none need be in memory twice. `order`: [C] the cases,
    numbered over the parts.
    """
    per_case = np.concatenate([np.diff(each.first_item) for each in items])[order]
    first_item = np.concatenate([[0], np.cumsum(per_case)]).astype(np.int64)
    place = np.empty(len(order), np.int64)
    place[order] = first_item[:-1]
    moves = [
        _Move(each.case, at - each.first_item[:-1])
        for each, at in zip(items, per_part(parts, place), strict=True)
    ]
    outcome = np.concatenate([each.outcome for each in items])[order]
    cut_off = np.concatenate([each.cut_off for each in items])[order]
    columns = {
        name: [getattr(each, name) for each in items]
        for name in (*_COLUMNS, "pred_ptr", "pred", "application")
    }
    items.clear()
    n = int(first_item[-1])
    pred_ptr, pred = _moved_links(moves, columns.pop("pred_ptr"), columns.pop("pred"), n)
    return Items(
        first_item=first_item,
        outcome=outcome,
        cut_off=cut_off,
        case=np.repeat(np.arange(len(order), dtype=np.int32), per_case),
        pred_ptr=pred_ptr,
        pred=pred,
        application=_moved_applications(moves, columns.pop("application"), n),
        **{name: _moved(moves, columns.pop(name), n) for name in _COLUMNS},
    )


_COLUMNS = ("node", "marks", "amount", "pool", "delay_rule")
"""The columns of `Items` that are only moved."""


@dataclass(frozen=True, eq=False)
class _Move:
    """Where the items of a part are moved to among all items."""

    case: NDArray[np.int32]
    """[items] the case of each, numbered from 0."""
    by: Ints
    """[cases] how many places the items of each case are moved on."""

    @property
    def places(self) -> Ints:
        """[items] their new numbers."""
        return np.arange(len(self.case)) + self.by[self.case]


def _moved(moves: Sequence[_Move], columns: list[NDArray[Any]], n: int) -> NDArray[Any]:
    """Return [n] a column of all items."""
    column = np.empty(n, columns[0].dtype)
    for move, values in zip(moves, columns, strict=True):
        column[move.places] = values
    return column


def _moved_applications(
    moves: Sequence[_Move], columns: list[NDArray[np.uint8] | None], n: int
) -> NDArray[np.uint8] | None:
    """Return [n] the applications of all items; None: no case of any part has a second one."""
    if all(values is None for values in columns):
        return None
    application = np.ones(n, np.uint8)
    for move, values in zip(moves, columns, strict=True):
        if values is not None:
            application[move.places] = values
    return application


def _moved_links(
    moves: Sequence[_Move], pointers: list[Ints], predecessors: list[Ints], n: int
) -> tuple[Ints, Ints]:
    """Return `pred_ptr` and `pred` of all items."""
    pred_ptr = np.zeros(n + 1, np.int64)
    for move, own in zip(moves, pointers, strict=True):
        pred_ptr[move.places + 1] = np.diff(own)
    np.cumsum(pred_ptr, out=pred_ptr)
    pred = np.empty(pred_ptr[-1], np.int64)
    for move, own, before in zip(moves, pointers, predecessors, strict=True):
        each = np.diff(own)
        link = np.repeat(pred_ptr[move.places] - own[:-1], each)
        link += np.arange(len(link))
        pred[link] = before + np.repeat(move.by[move.case], each)
    return pred_ptr, pred
