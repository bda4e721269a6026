"""Seconds on duty, for many officers and instants at once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.calendars import IntervalTable
from sim.engine.contract import NO_OFFICER, OPEN, Schedule, Supply

Ints: TypeAlias = NDArray[np.int64]


def duty_until(duty: IntervalTable, row: Ints, t: Ints) -> Ints:
    """Return [n] the seconds of each row's intervals before t.

    Parameters
    ----------
    duty
        Sets of intervals.
    row, t
        [n] each; t ≥ 0 in seconds.
    """
    total = np.concatenate(([0], np.cumsum(duty.end - duty.start)))  # open seconds before each
    # Rows laid end to end on one axis, so that one sorted search serves them all.
    length = int(max(duty.end.max(initial=0), t.max(initial=0))) + 1
    row_of = np.repeat(np.arange(len(duty)), np.diff(duty.ptr))
    begun = np.searchsorted(duty.start + row_of * length, t + row * length, side="right")
    first = duty.ptr[row]
    ends = np.append(duty.end, 0)  # so that rows without intervals can be looked up, in vain
    ahead = np.where(begun > first, np.maximum(ends[begun - 1] - t, 0), 0)
    return total[begun] - total[first] - ahead


def worked_seconds(supply: Supply, schedule: Schedule, items: Ints, begin: int, until: int) -> Ints:
    """Return [n] the seconds that officers worked on these items within [begin, until).

    Parameters
    ----------
    supply, schedule
        Who worked, and when. An open item is worked on up to `stopped_s`.
    items
        [n] items that have begun and have an officer.
    begin, until
        The window, in seconds; until ≥ begin.

    Returns
    -------
    [n] int64
        An officer's duty time while the item was in hand. Of an officer who finishes in hand, and
        past an officer's last duty: all the time, as the engine's contract has it.
    """
    officer, end = schedule.officer[items], schedule.end[items]
    if np.any(officer == NO_OFFICER):
        raise ValueError("an item without an officer was not worked on")
    end = np.where(end == OPEN, schedule.stopped_s, end)
    a = np.clip(schedule.start[items], begin, until)
    b = np.clip(end, begin, until)
    return np.where(
        supply.finishes_in_hand[officer],
        b - a,
        _at_desk(supply, officer, b) - _at_desk(supply, officer, a),
    )


def _at_desk(supply: Supply, officer: NDArray[np.int32], t: Ints) -> Ints:
    """Return the seconds before t in which an item in hand is worked on."""
    row = supply.calendar[officer].astype(np.int64)
    last = supply.duty.ptr[row + 1] - 1
    has_duty = last >= supply.duty.ptr[row]
    closed = np.where(has_duty, np.append(supply.duty.end, 0)[last], 0)
    return duty_until(supply.duty, row, t) + np.maximum(t - closed, 0)
