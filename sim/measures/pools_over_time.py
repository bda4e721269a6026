"""Pools by period: the utilisation of their officers, and the waiting of work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Ints, total
from sim.measures.duty import duty_before, own_clocks
from sim.measures.pools import PoolActivity, of_pools

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


def measure_over_time(activity: PoolActivity, edges: Ints) -> PoolsOverTime:
    """Measure all pools in each period of the window.

    `edges`: [B + 1] seconds, increasing, from the window's begin to its end; else ValueError.
    """
    if (edges[0], edges[-1]) != (activity.begin, activity.until):
        window = f"[{activity.begin}, {activity.until})"
        raise ValueError(f"periods from {edges[0]} to {edges[-1]} are not those of {window}")
    supply, arrived = activity.supply, activity.arrived
    pools, periods = len(supply.rule), len(edges) - 1
    period = np.searchsorted(edges[1:-1], activity.schedule.ready[arrived], side="right")
    place = activity.workload.pool[arrived] * periods + period
    shape = pools, periods
    return PoolsOverTime(
        worked_s=_small(of_pools(supply, np.diff(_worked_before(activity, edges)))),
        rostered_s=_small(of_pools(supply, np.diff(duty_before(supply, edges)))),
        queue_s=_small(np.diff(activity.queue.integral_before_s(edges))),
        waited_s=_small(total(place, activity.wait_s, pools * periods).reshape(shape)),
        arrived=_small(np.bincount(place, minlength=pools * periods).reshape(shape)),
    )


def _worked_before(activity: PoolActivity, edges: Ints) -> Ints:
    """Return [O, E] the seconds that each officer worked before each edge.

    For each part, this is the time since its start less the time since its end, on the officer's
    own clock.
    """
    times = activity.times
    clocks = own_clocks(times.supply, edges)

    def passed_since(t: Ints, own: Ints) -> Ints:
        """Return [O, E] the sum over parts of max(clock at the edge - own, 0)."""
        edge = np.searchsorted(edges, t, side="right")  # the first edge after it
        place = times.officer * (len(edges) + 1) + edge
        shape = len(clocks), len(edges) + 1
        size = shape[0] * shape[1]
        number = np.bincount(place, minlength=size).reshape(shape).cumsum(axis=1)[:, :-1]
        begun = total(place, own, size).reshape(shape).cumsum(axis=1)[:, :-1]
        return np.asarray(number * clocks - begun, np.int64)

    return passed_since(times.parts.start, times.start) - passed_since(times.parts.end, times.end)


def _small(values: Ints) -> Sums:
    """Return whole numbers ≥ 0 in 32 bits if they fit: thousands of replications are kept."""
    fits = values.max(initial=0) <= _INT32_MAX
    return values.astype(np.int32) if fits else values
