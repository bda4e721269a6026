"""The cases of one stream of arrivals, before all streams are put in one order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.demand.arrivals import Arrived
from sim.demand.backlog import Carried
from sim.demand.course import Course

Column = Callable[[int, Ints], "NDArray[np.integer] | np.integer"]
"""(node of the graph, cases) → a column of `Workload`: [cases], or the same for all."""


@dataclass(frozen=True, eq=False)
class Part:
    """The cases of one stream of arrivals; n cases, N nodes of their graph."""

    kind: int
    """Position of the case type."""
    arrived: Arrived
    attributes: Mapping[str, NDArray[np.int32]]
    limit_wd: int
    way: Course
    amount: Column
    pool: Column
    delay_rule: Column
    backlog: OpenPart | None = None
    """What these cases bring along, if they were open at the start."""

    def __len__(self) -> int:
        """Return n."""
        return len(self.arrived.at_s)


@dataclass(frozen=True, eq=False)
class OpenPart:
    """What the n cases of a part bring along that were open at the start."""

    carried: Carried
    due_wd: Ints
    """[n] as in `Workload`."""
    clock_runs: Bools
    """[n] as in `Workload`."""
