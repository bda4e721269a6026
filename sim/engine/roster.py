"""The officers of a run: free or busy, on duty or off, and their order."""

from __future__ import annotations

from sim.engine.contract import NEVER, NO_OFFICER, Supply
from sim.engine.hours import Hours, rows


class Roster:
    """All officers, and the state that the engine keeps of them."""

    def __init__(self, supply: Supply) -> None:
        n = len(supply.calendar)
        ptr: list[int] = supply.pool_ptr.tolist()
        pools: list[int] = supply.pool_of.tolist()
        self.pools_of: list[list[int]] = [pools[ptr[o] : ptr[o + 1]] for o in range(n)]
        self._officers_of: list[list[int]] = [[] for _ in supply.rule]
        for officer, served in enumerate(self.pools_of):
            for pool in served:
                self._officers_of[pool].append(officer)

        table = rows(supply.duty, goes_on=True)
        self._hours: list[Hours] = [table[row] for row in supply.calendar.tolist()]
        self._speed: list[int] = supply.speed_permille.tolist()
        self._in_hand: list[bool] = supply.finishes_in_hand.tolist()
        self._free = [True] * n
        # The smallest goes first: fewest pools, free the longest (never worked: -1), roster order.
        self._rank = [(len(self.pools_of[o]), -1, o) for o in range(n)]
        # The current or next duty interval, renewed when it is read, not at each boundary.
        self._on_from = [NEVER] * n
        self._on_until = [-1] * n

    def choose(self, pool: int, t: int) -> int:
        """Return the officer who would take an item of the pool at t, or NO_OFFICER."""
        best = None
        for officer in self._officers_of[pool]:
            if self._free[officer] and self._next_duty(officer, t) <= t:
                rank = self._rank[officer]
                if best is None or rank < best:
                    best = rank
        return NO_OFFICER if best is None else best[2]

    def next_on_duty(self, pool: int, t: int) -> tuple[int, int]:
        """Return the next duty of a free officer of the pool: instant (or NEVER) and officer.

        No free officer of the pool may be on duty at t.
        """
        return min(
            ((self._next_duty(o, t), o) for o in self._officers_of[pool] if self._free[o]),
            default=(NEVER, NO_OFFICER),
        )

    def begin(self, officer: int, t: int, work: int) -> int:
        """Begin `work` seconds (at speed 1) of the officer at t; return the instant of the end."""
        self._free[officer] = False
        seconds: int = -(-work * 1000 // self._speed[officer])  # rounded up
        if self._in_hand[officer]:
            return t + seconds
        return self._hours[officer].finish(t, seconds)

    def release(self, officer: int, t: int) -> None:
        """Free the officer, whose work ended at t."""
        self._free[officer] = True
        self._rank[officer] = (len(self.pools_of[officer]), t, officer)

    def _next_duty(self, officer: int, t: int) -> int:
        """Return the start of the duty interval that holds t, else of the next one."""
        if self._on_until[officer] <= t:
            start, until = self._hours[officer].current_or_next(t)
            self._on_from[officer], self._on_until[officer] = start, until
        return self._on_from[officer]
