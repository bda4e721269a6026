"""One calendar row as plain Python lists: the engine asks for single instants, not arrays."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate, pairwise

from sim.calendars import IntervalTable
from sim.engine.contract import NEVER


class Hours:
    """Open intervals [start, end) in seconds, ascending and disjoint.

    If `goes_on`, work in hand when the last interval ends goes on without pause. Otherwise no work
    is done after the last interval, and nothing ends there.
    """

    __slots__ = ("ends", "goes_on", "starts", "worked")

    def __init__(self, starts: list[int], ends: list[int], *, goes_on: bool) -> None:
        self.starts = starts
        self.ends = ends
        self.goes_on = goes_on
        self.worked = list(accumulate(b - a for a, b in zip(starts, ends, strict=True)))
        """Open seconds up to the end of each interval."""

    def current_or_next(self, t: int) -> tuple[int, int]:
        """Return the interval that holds t, else the next one, else (NEVER, NEVER)."""
        k = bisect_right(self.ends, t)
        return (self.starts[k], self.ends[k]) if k < len(self.ends) else (NEVER, NEVER)

    def current_or_on(self, t: int) -> tuple[int, int]:
        """As `current_or_next`; but from the last interval on, work goes on without pause."""
        k = bisect_right(self.ends, t)
        if k >= len(self.ends) - 1:
            return (self.starts[k] if k < len(self.ends) else t, NEVER)
        return self.starts[k], self.ends[k]

    def open_within(self, t: int, until: int) -> bool:
        """Return whether any second of [t, until) is open."""
        return self.current_or_next(t)[0] < until

    def elapsed(self, t: int, end: int) -> int:
        """Return the seconds in [t, end) in which work in hand at t goes on; t is open."""
        return self._worked_by(end) - self._worked_by(t)

    def _worked_by(self, t: int) -> int:
        k = bisect_left(self.ends, t)
        if k == len(self.ends):
            return self.worked[-1] + t - self.ends[-1]
        return self.worked[k] - (self.ends[k] - max(t, self.starts[k]))

    def finish(self, t: int, work: int) -> int:
        """Return the instant at which `work` seconds begun at t are done, pausing when closed.

        Work that fills an interval exactly ends with it, not at the next opening. For work = 0
        t must be open: else the result is the next opening.
        """
        ends, worked = self.ends, self.worked
        k = bisect_right(ends, t)
        if k == len(ends):
            return t + work if self.goes_on else NEVER
        goal = worked[k] - (ends[k] - max(t, self.starts[k])) + work
        j = bisect_left(worked, goal, k)
        if j == len(ends):
            return ends[-1] + goal - worked[-1] if self.goes_on else NEVER
        return ends[j] - (worked[j] - goal)


def rows(table: IntervalTable, *, goes_on: bool) -> list[Hours]:
    """Return every row of the table."""
    ptr, starts, ends = table.ptr.tolist(), table.start.tolist(), table.end.tolist()
    return [Hours(starts[a:b], ends[a:b], goes_on=goes_on) for a, b in pairwise(ptr)]
