"""Duty and calendars for many instants of many rows at once, for the checks."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.calendars import IntervalTable

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

NEVER: Final = int(np.iinfo(np.int64).max)
"""After every instant. Only to compare with: adding to it overflows."""


def inside(table: IntervalTable, row: Ints, t: Ints) -> Bools:
    """Tell for each (row, t) whether t lies in an interval of the row."""
    k = _first_open(table, row, t)
    starts = np.append(table.start, NEVER)
    return np.asarray((k < table.ptr[row + 1]) & (starts[k] <= t))


def finish(table: IntervalTable, row: Ints, t: Ints, work: Ints, *, goes_on: bool) -> Ints:
    """Return for each (row, t) when `work` seconds begun at t are done, pausing when closed.

    Past the row's last interval: without pause if `goes_on`, else never.
    """
    # Padded, so that what is looked up in vain and then overruled is no error.
    start, end = np.append(table.start, NEVER), np.append(table.end, 0)
    total = np.concatenate(([0], np.cumsum(table.end - table.start)))  # open seconds before each
    stop = table.ptr[row + 1]
    k = _first_open(table, row, t)
    # The open seconds of the whole table, all rows end to end, before the work is done.
    goal = total[k] + np.maximum(t - start[k], 0) + work
    last = np.minimum(np.searchsorted(total, goal, side="left"), len(table.end))
    done = end[last - 1] - (total[last] - goal)
    if goes_on:
        over = np.where(k == stop, t + work, end[stop - 1] + goal - total[stop])
    else:
        over = np.full_like(t, NEVER)
    return np.where(work == 0, t, np.where(goal > total[stop], over, done))


def _first_open(table: IntervalTable, row: Ints, t: Ints) -> Ints:
    """Return for each (row, t) the row's first interval that ends after t.

    As a position in the table; where the next row begins if there is none.
    """
    # Rows are laid end to end on one axis, so that one sorted search serves them all.
    length = int(max(table.end.max(initial=0), t.max(initial=0))) + 1
    row_of = np.repeat(np.arange(len(table.ptr) - 1), np.diff(table.ptr))
    return np.searchsorted(table.end + row_of * length, t + row * length, side="right")
