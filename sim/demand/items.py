"""Writing out items, node by node, straight to where they belong in the order of cases.

The first item of a case stands where the cases before it end, each further one behind the last. So
nothing need be sorted, and no column exists twice.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.demand.parts import Part

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]


class Items:
    """The columns of I items, as far as they differ from case to case, and their links."""

    def __init__(self, n: int) -> None:
        self.node = np.empty(n, np.int32)
        self.marks = np.empty(n, np.uint8)
        self.amount = np.empty(n, np.int64)
        self.pool = np.empty(n, np.int32)
        self.delay_rule = np.empty(n, np.int8)
        self._links: list[tuple[Numbers, Numbers]] = []
        """(successors, predecessors); of one successor, the smaller predecessor comes first."""

    def write(self, part: Part, first_node: int, place: Numbers) -> None:
        """Write the items of a part.

        Parameters
        ----------
        part
            n cases.
        first_node
            The number that its graph's first node has in the process.
        place
            [n] the number of each case's first item; is moved on past its last.
        """
        cases_of: list[Ints] = []
        items_of: list[Numbers] = []
        for node, included in enumerate(part.way.included.T):
            cases = np.flatnonzero(included)
            items = place[cases]
            cases_of.append(cases)
            items_of.append(items)
            if len(cases) == 0:
                continue  # whatever it takes is drawn from a stream of its own, so need not be
            place[cases] += 1
            self.node[items] = first_node + node
            self.marks[items] = part.way.marks[cases, node]
            self.amount[items] = part.amount_of(node)[cases]
            self.pool[items] = part.pool_of(node)[cases]
            self.delay_rule[items] = part.delay_rule[cases, node]
        for later, earlier, which in part.way.links:
            to, of = (items_of[node][which[cases_of[node]]] for node in (later, earlier))
            self._links.append((to, of))

    def predecessors(self) -> tuple[Ints, Ints]:
        """Return `pred_ptr` and `pred` of the `Workload`; the links are gone then."""
        pred_ptr = np.zeros(len(self.node) + 1, np.int64)
        for to, _ in self._links:
            pred_ptr[to + 1] += 1
        np.cumsum(pred_ptr, out=pred_ptr)
        pred = np.empty(pred_ptr[-1], np.int64)
        link = pred_ptr[:-1].astype(np.int32)
        for to, of in self._links:
            pred[link[to]] = of
            link[to] += 1
        self._links.clear()
        return pred_ptr, pred
