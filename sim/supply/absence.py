"""Duty without the days on which officers are absent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Ints
from sim.calendars import Intervals, IntervalTable
from sim.engine.contract import DAY_S


@dataclass(frozen=True, eq=False)
class DutyByDay:
    """The duty of R rows, cut at midnight so that whole days can be taken out; K pieces."""

    rows: int
    row: Ints
    """[K] not decreasing."""
    day: Ints
    """[K] the date of the piece."""
    start: Ints
    """[K] rising within a row."""
    end: Ints
    """[K]"""

    @classmethod
    def of(cls, duty: Sequence[Intervals]) -> DutyByDay:
        """Cut one set of intervals per row."""
        table = IntervalTable.of(duty)
        first = table.start // DAY_S
        pieces = (table.end - 1) // DAY_S - first + 1
        which = np.repeat(np.arange(len(pieces)), pieces)
        day = first[which] + np.arange(len(which)) - (np.cumsum(pieces) - pieces)[which]
        return cls(
            rows=len(duty),
            row=np.repeat(np.arange(len(duty)), np.diff(table.ptr))[which],
            day=day,
            start=np.maximum(table.start[which], day * DAY_S),
            end=np.minimum(table.end[which], (day + 1) * DAY_S),
        )

    def without(self, absent: NDArray[np.bool_]) -> IntervalTable:
        """Return the duty left; `absent`: [R, D] days to take out, from day 0, none later."""
        days = absent.shape[1]
        kept = (self.day >= days) | ~absent[self.row, np.minimum(self.day, days - 1)]
        row, start, end = self.row[kept], self.start[kept], self.end[kept]
        apart = np.ones(len(row) + 1, np.bool_)  # a piece is no continuation of the one before
        apart[1:-1] = (start[1:] != end[:-1]) | (row[1:] != row[:-1])
        first, last = apart[:-1], apart[1:]
        ptr = np.searchsorted(row[first], np.arange(self.rows + 1))
        return IntervalTable(ptr, start[first], end[last])
