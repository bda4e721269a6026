"""Pools by period: the utilisation of their officers, and the waiting of work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Ints
from sim.engine.contract import Supply
from sim.measures.pools import PoolSums, of_pools

Sums: TypeAlias = NDArray[np.int32] | NDArray[np.int64]

_INT32_MAX: Final = np.iinfo(np.int32).max


@dataclass(frozen=True, eq=False)
class PoolsOverTime:
    """P pools in B periods of one replication, as sums that add up to those of the window.

    Arrays hold whole numbers, in 32 bits where they fit: add them up in 64 bits.
    """

    worked_s: Sums
    """[P, B] seconds that the pool's officers worked, also for other pools."""
    rostered_s: Sums
    """[P, B] seconds that the pool's officers were rostered; utilisation is worked ÷ rostered."""
    queue_s: Sums
    """[P, B] time integral of the number of waiting items, in item seconds."""
    waited_s: Sums
    """[P, B] seconds of waiting, round the clock, of the items that became ready in the period,
    also beyond the period; up to the stop for items that wait then."""
    arrived: Sums
    """[P, B] items that became ready in the period."""


def measure_over_time(sums: PoolSums, supply: Supply) -> PoolsOverTime:
    """Measure all pools in each period."""
    return PoolsOverTime(
        worked_s=_small(of_pools(supply, sums.worked_s)),
        rostered_s=_small(of_pools(supply, sums.rostered_s)),
        queue_s=_small(sums.queue_s),
        waited_s=_small(sums.waited_s),
        arrived=_small(sums.arrived),
    )


def _small(values: Ints) -> Sums:
    """Return whole numbers ≥ 0 in 32 bits if they fit: thousands of replications are kept."""
    fits = values.max(initial=0) <= _INT32_MAX
    return values.astype(np.int32) if fits else values
