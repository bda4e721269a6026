"""Parallel time counts once: the union of intervals, group by group."""

from __future__ import annotations

import numpy as np

from sim.arrays import Ints


def merge(group: Ints, begin: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """Join the overlapping and touching intervals of each group.

    Parameters
    ----------
    group, begin, end
        [n] sorted by group and then by begin; 0 ≤ begin ≤ end, in seconds.

    Returns
    -------
    group, begin, end
        [m] the same seconds as intervals that lie apart, in the same order.
    """
    if len(group) == 0:
        return group, begin, end
    # Groups laid end to end on one axis: no interval reaches the next group's.
    length = int(end.max()) + 1
    # In place: of ten million intervals each array more is eighty megabytes.
    axis = group * length
    reach = axis + end
    np.maximum.accumulate(reach, out=reach)
    axis += begin
    new = np.ones(len(group), np.bool_)
    new[1:] = axis[1:] > reach[:-1]
    last = np.append(new[1:], True)
    return group[new], begin[new], reach[last] - group[last] * length
