"""The items of all cases of a replication: what their courses consist of."""

from __future__ import annotations

from dataclasses import dataclass

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
