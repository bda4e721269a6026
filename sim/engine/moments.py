"""Many instants at once, each looked up in a row of a table of intervals: for the checks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Bools, Ints
from sim.calendars import IntervalTable
from sim.engine.contract import NEVER


@dataclass(frozen=True, eq=False)
class Moments:
    """n instants, each looked up in a row of a table of intervals."""

    table: IntervalTable
    row: Ints
    t: Ints
    first: Ints
    """[n] the row's first interval that ends after t."""
    start: Ints
    """[n] the start of that interval; NEVER if there is none."""

    @classmethod
    def of(cls, table: IntervalTable, row: Ints, t: Ints) -> Moments:
        """Look up the instants t in the rows `row` of the table."""
        first = table.first_open(row, t)
        none = first == table.ptr[row + 1]
        return cls(table, row, t, first, np.where(none, NEVER, np.append(table.start, 0)[first]))

    @property
    def inside(self) -> Bools:
        """[n] whether t lies in an interval of its row."""
        return self.start <= self.t

    @property
    def before(self) -> Ints:
        """[n] the open seconds of the whole table, all rows end to end, before t."""
        before: Ints = self.table.before[self.first] + np.maximum(self.t - self.start, 0)
        return before

    def finish(self, work: Ints, *, goes_on: bool) -> Ints:
        """Return [n] when `work` seconds begun at t are done, pausing when closed.

        Past the row's last interval, work goes on without pause if `goes_on`, else it never ends.
        """
        t, total, stop = self.t, self.table.before, self.table.ptr[self.row + 1]
        goal = self.before + work  # the open seconds of the whole table before the work is done
        end = np.append(self.table.end, 0)  # padded, for rows without intervals
        last = np.minimum(self.first + 1, len(self.table.end))
        later = np.flatnonzero(total[last] < goal)  # not done in the first interval
        last[later] = np.minimum(np.searchsorted(total, goal[later]), len(self.table.end))
        done = end[last - 1] - (total[last] - goal)
        if goes_on:
            none = self.first == stop
            over = np.where(none, t + work, end[stop - 1] + goal - total[stop])
        else:
            over = np.full_like(t, NEVER)
        return np.where(work == 0, t, np.where(goal > total[stop], over, done))
