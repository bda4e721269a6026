"""Writing out items, node by node, straight to where they belong in the order of cases.

The first item of a case stands where the cases before it end, each further one behind the last. So
no item need be sorted, and no column exists twice.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Ints
from sim.demand.batch import Part

_NONE = np.empty(0, np.int64)
_SHIFT = 32
"""Where the successor begins in a link that is packed into one integer."""


class Items:
    """The columns of I items, as far as they differ from case to case, and their links."""

    def __init__(self, n: int) -> None:
        self.node = np.empty(n, np.int32)
        self.marks = np.empty(n, np.uint8)
        self.amount = np.empty(n, np.int64)
        self.pool = np.empty(n, np.int32)
        self.delay_rule = np.empty(n, np.int8)
        self._successors: list[Ints] = []
        self._predecessors: list[Ints] = []

    def write(self, part: Part, first_node: int, place: Ints) -> None:
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
        marks = part.way.marks.T
        cases_of: list[Ints] = []
        items_of: list[Ints] = []
        for node, included in enumerate(part.way.included.T):
            cases = np.flatnonzero(included)
            items = place[cases]
            cases_of.append(cases)
            items_of.append(items)
            if len(cases) == 0:
                continue  # whatever it takes is drawn from a stream of its own, so need not be
            place[cases] = items + 1
            self.node[items] = first_node + node
            self.marks[items] = marks[node][cases]
            self.amount[items] = part.amount(node, cases)
            self.pool[items] = part.pool(node, cases)
            self.delay_rule[items] = part.delay_rule(node, cases)
        for later, earlier, which in part.way.links:
            for node, links in ((later, self._successors), (earlier, self._predecessors)):
                links.append(items_of[node][which[cases_of[node]]])

    def links(self) -> tuple[Ints, Ints]:
        """Return `pred_ptr` and `pred` of the `Workload`; may be called once."""
        # Sorted as one number each, which is faster and smaller than two that are sorted together.
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
