"""The items of all cases of a replication: what their courses consist of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints


@dataclass(frozen=True, eq=False)
class Items:
    """C cases in their order in the demand, I items in case order and within it in graph order."""

    first_item: Ints
    """[C + 1] as in `Workload`."""
    outcome: NDArray[np.int8]
    """[C] an `Outcome`."""
    cut_off: Bools
    """[C] a number of rounds or of applications was cut off at its cap."""
    case: NDArray[np.int32]
    """[I] the case of each item."""
    node: NDArray[np.int32]
    """[I] its node, a number in `Process.nodes`."""
    marks: NDArray[np.uint8]
    """[I] the marks that count in this case."""
    amount: Ints
    """[I] as in `Workload`."""
    pool: NDArray[np.int32]
    """[I] as in `Workload`."""
    delay_rule: NDArray[np.int8]
    """[I] as in `Workload`."""
    pred_ptr: Ints
    """[I + 1] as in `Workload`."""
    pred: Ints
    """[E] as in `Workload`."""
    application: NDArray[np.uint8] | None
    """[I] as in `Demand`."""

    def of(self, first: int, last: int) -> Items:
        """Return the items of the cases from `first` up to `last`, not included."""
        a, b = int(self.first_item[first]), int(self.first_item[last])
        low, high = int(self.pred_ptr[a]), int(self.pred_ptr[b])
        return Items(
            first_item=self.first_item[first : last + 1] - a,
            outcome=self.outcome[first:last],
            cut_off=self.cut_off[first:last],
            case=self.case[a:b] - np.int32(first),
            node=self.node[a:b],
            marks=self.marks[a:b],
            amount=self.amount[a:b],
            pool=self.pool[a:b],
            delay_rule=self.delay_rule[a:b],
            pred_ptr=self.pred_ptr[a : b + 1] - low,
            pred=self.pred[low:high] - a,
            application=None if self.application is None else self.application[a:b],
        )

    def before(self, later: Items) -> Items:
        """Return these items, and then those of further cases."""
        cases, items, links = len(self.outcome), len(self.node), len(self.pred)

        def both(mine: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
            return np.concatenate([mine, other])

        applications = None
        if self.application is not None or later.application is not None:
            applications = both(
                *(
                    np.ones(len(one.node), np.uint8) if one.application is None else one.application
                    for one in (self, later)
                )
            )
        return Items(
            first_item=both(self.first_item[:-1], later.first_item + items),
            outcome=both(self.outcome, later.outcome),
            cut_off=both(self.cut_off, later.cut_off),
            case=both(self.case, later.case + np.int32(cases)),
            node=both(self.node, later.node),
            marks=both(self.marks, later.marks),
            amount=both(self.amount, later.amount),
            pool=both(self.pool, later.pool),
            delay_rule=both(self.delay_rule, later.delay_rule),
            pred_ptr=both(self.pred_ptr[:-1], later.pred_ptr + links),
            pred=both(self.pred, later.pred + items),
            application=applications,
        )
