"""Intervals of many groups at once: their union and their difference.

A set of intervals is three arrays [n]: group, begin and end, sorted by group and then by begin.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from sim.arrays import Ints

Grouped: TypeAlias = tuple[Ints, Ints, Ints]
"""Group, begin and end of each interval."""


def merge(group: Ints, begin: Ints, end: Ints) -> Grouped:
    """Join the overlapping and touching intervals of each group: parallel time counts once.

    Arguments are sorted by group and then by begin; 0 ≤ begin ≤ end. The result covers the same
    seconds with intervals that lie apart, in the same order.
    """
    if len(group) == 0:
        return group, begin, end
    # Lay the groups end to end on one axis, so that no interval reaches the next group.
    length = int(end.max()) + 1
    # In place: for ten million intervals, each further array takes eighty megabytes.
    axis = group * length
    reach = axis + end
    np.maximum.accumulate(reach, out=reach)
    axis += begin
    new = np.ones(len(group), np.bool_)
    new[1:] = axis[1:] > reach[:-1]
    last = np.append(new[1:], True)
    return group[new], begin[new], reach[last] - group[last] * length


def ordered(group: Ints, begin: Ints, end: Ints) -> Grouped:
    """Sort intervals by group and then by begin."""
    order = np.lexsort((begin, group))
    return group[order], begin[order], end[order]


def minus(counted: Grouped, paused: Grouped) -> Grouped:
    """Return the seconds of one set that are not in the other; both lie apart, as from `merge`.

    Between two neighbouring bounds neither set changes, so each stretch between them is counted
    as a whole or not at all.
    """
    if len(counted[0]) == 0 or len(paused[0]) == 0:
        return counted
    length = int(max(counted[2].max(), paused[2].max())) + 1
    bounds = [group * length + t for group, *ends in (counted, paused) for t in ends]
    at = np.concatenate(bounds)
    step = np.repeat([1, -1, 2, -2], [len(ends) for ends in bounds])
    order = np.argsort(at, kind="stable")
    at = at[order]
    # 1: in the counted set alone; 2: in the paused set alone; 3: in both.
    inside = np.cumsum(step[order])[:-1] == 1
    inside &= at[1:] > at[:-1]
    begin, end = at[:-1][inside], at[1:][inside]
    group = begin // length
    return group, begin - group * length, end - group * length
