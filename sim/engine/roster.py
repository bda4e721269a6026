"""The officers of a run: free or busy, on duty or off, and who takes which item for how long."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sim.calendars import WorkingDays
from sim.engine.contract import ANY_TIME, LONGEST, NEVER, NO_OFFICER, Supply
from sim.engine.hand_over import away_after, overtime_turns, rest
from sim.engine.hours import Hours, rows
from sim.engine.take_over import units


class Hold(NamedTuple):
    """An officer has an item in hand until this instant."""

    until: int
    done: bool
    """Whether the item is done then; else it is handed over."""


class Roster:
    """All officers, and the state that the engine keeps of them."""

    def __init__(self, supply: Supply, working_days: WorkingDays) -> None:
        n = len(supply.calendar)
        ptr: list[int] = supply.pool_ptr.tolist()
        pools: list[int] = supply.pool_of.tolist()
        self.pools_of: list[list[int]] = [pools[ptr[o] : ptr[o + 1]] for o in range(n)]
        self._officers_of: list[list[int]] = [[] for _ in supply.rule]
        for officer, served in enumerate(self.pools_of):
            for pool in served:
                self._officers_of[pool].append(officer)

        duty, planned = rows(supply.duty, goes_on=True), rows(supply.planned, goes_on=True)
        self._hours: list[Hours] = [duty[row] for row in supply.calendar.tolist()]
        self._planned: list[Hours] = [planned[row] for row in supply.planned_calendar.tolist()]
        self._absences = _absences(supply, working_days)
        self._unit: list[int] = units(supply).tolist()
        self._num: list[int] = supply.speed_num.tolist()
        self._den: list[int] = supply.speed_den.tolist()
        self._in_hand: list[bool] = supply.finishes_in_hand.tolist()
        self._hands_over: list[bool] = (supply.hands_over & ~supply.finishes_in_hand).tolist()
        self._rework_ppm: list[int] = supply.rework_ppm.tolist()
        self._conditions = _conditions(supply)
        self._overtime = _overtime(supply)
        self._free = [True] * n
        self._until = [NEVER] * n  # who is not free has something in hand until then
        # The smallest goes first: fewest pools, free the longest (never worked: -1), roster order.
        self._rank = [(len(self.pools_of[o]), -1, o) for o in range(n)]
        # The current or next duty interval, renewed when it is read, not at each boundary.
        self._on_from = [NEVER] * n
        self._on_until = [-1] * n

    def available(self, pool: int, t: int) -> list[int]:
        """Return the officers of the pool who are free and on duty at t."""
        return [o for o in self._officers_of[pool] if self._free[o] and self._next_duty(o, t) <= t]

    def may_begin(self, officer: int, pool: int, waiting: int, left: int, t: int) -> bool:
        """Return whether the conditions of the officer for the pool hold at t.

        `waiting`: items that wait in the pool; `left`: working days that the item has left.
        """
        if (officer, pool) not in self._conditions:
            return True
        queue_over, below, in_overtime = self._conditions[officer, pool]
        if bisect_right(self._overtime[officer], t) % 2:
            below = min(below, in_overtime)
        return waiting > queue_over and (below == ANY_TIME or left < below)

    def choose(self, able: list[int], pool: int, work: int, t: int) -> int:
        """Return who of these free officers on duty begins this work of the pool at t."""
        return min(able, key=lambda o: (self._planned_end(o, pool, work, t), self._rank[o]))

    def next_on_duty(self, pool: int, t: int) -> tuple[int, int]:
        """Return the next duty of a free officer of the pool: instant (or NEVER) and officer.

        No free officer of the pool may be on duty at t.
        """
        return min(
            ((self._next_duty(o, t), o) for o in self._officers_of[pool] if self._free[o]),
            default=(NEVER, NO_OFFICER),
        )

    def whole(self, pool: int, amount: int) -> int:
        """Return an item's whole work in the unit of the pool, in which all work is told."""
        return min(amount, LONGEST) * self._unit[pool]

    def begin(self, officer: int, pool: int, t: int, work: int) -> Hold:
        """Let the officer take an item of this work in hand at t."""
        hold = self.hold(officer, pool, t, work)
        self.occupy(officer, hold.until)
        return hold

    def occupy(self, officer: int, until: int) -> None:
        """Let the officer have something in hand, until this instant as far as is known."""
        self._free[officer] = False
        self._until[officer] = until

    def hold(self, officer: int, pool: int, t: int, work: int) -> Hold:
        """Return how long the officer would have an item of this work in hand from t on."""
        seconds = self._seconds(officer, pool, work)
        if self._in_hand[officer]:
            return Hold(t + seconds, True)
        end = self._hours[officer].finish(t, seconds)
        if self._hands_over[officer]:
            leaves = min(self._leaves(officer, pool, t, end), self._turn(officer, t))
            if leaves < end:
                return Hold(leaves, False)
        return Hold(end, True)

    # For teams, which look ahead: what holds at an instant `at` from now (t) on.

    def officers_of(self, pool: int) -> list[int]:
        """Return the officers who serve the pool."""
        return self._officers_of[pool]

    def free_from(self, officer: int, t: int, horizon: int) -> int:
        """Return when the officer has done what is in hand, or NEVER if after the horizon.

        Who is free, is so from t on; who has something in hand at t, is not free at t itself.
        """
        if self._free[officer]:
            return t
        until = self._until[officer]
        return max(until, t + 1) if until <= horizon else NEVER

    def duty_at(self, officer: int, at: int) -> tuple[int, int]:
        """Return the duty interval that holds the instant, else the next one."""
        return self._hours[officer].current_or_next(at)

    def next_begin(self, officer: int, at: int) -> int:
        """Return when a duty begins, or overtime begins or ends, next after the instant."""
        start, until = self.duty_at(officer, at)
        if start <= at:
            start = self.duty_at(officer, until)[0]
        return min(start, self._turn(officer, at))

    def is_always_ready(self, officer: int, pool: int, at: int) -> bool:
        """Return whether the officer, on duty at the instant, may then begin any item."""
        return self.may_begin(officer, pool, 1, NEVER, at)

    def order(self, officer: int, pool: int, work: int, t: int, at: int) -> tuple[int, ...]:
        """Return what orders the officers who could begin this work at the instant `at`."""
        pools, since, number = self._rank[officer]
        free = since if self._free[officer] else max(self._until[officer], t + 1)
        return self._planned_end(officer, pool, work, at), pools, free, number

    def end_together(self, officers: list[int], pools: list[int], t: int, work: int) -> int:
        """Return when officers who begin together at t are done: when all were on duty so long."""
        left = max(self._seconds(o, p, work) for o, p in zip(officers, pools, strict=True))
        pause = [self._hours[o] for o in officers if not self._in_hand[o]]
        while True:
            duties = [hours.current_or_on(t) for hours in pause]
            begin = max((start for start, _ in duties), default=t)
            if begin > t:
                t = begin
                continue
            until = min((until for _, until in duties), default=NEVER)
            if t + left <= until:
                return t + left
            left -= until - t
            t = until

    def rest(self, officer: int, pool: int, since: int, t: int, whole: int, work: int) -> int:
        """Return the work left of an item that the officer lays down at t.

        `whole`: all its work; `work`: what was left when the officer took it in hand at `since`.
        """
        hours = self._hours[officer]
        seconds = t - since if self._in_hand[officer] else hours.elapsed(since, t)
        num, den = self._num[officer] * self._unit[pool], self._den[officer]
        return rest(whole, work, seconds, num, den, self._rework_ppm[officer])

    def share_out(
        self, pool: int, items: list[int], held: dict[int, int], t: int
    ) -> dict[int, int]:
        """Return who has which item from t on, in a pool with take-over: item → officer.

        `items`: all that are open, in order; `held`: item → the officer who has it in hand. Items
        that are left out stay with their officers, if they have one who is given no other.
        """
        place = {officer: n for n, item in enumerate(items) if (officer := held.get(item, -1)) >= 0}
        left = {o for o in self._officers_of[pool] if self._next_duty(o, t) <= t}

        def order(officer: int, item: int) -> tuple[Fraction, bool, bool, int, int, int]:
            speed = Fraction(self._num[officer], self._den[officer])
            has_it = held.get(item) == officer
            return (
                -speed,
                not has_it,
                officer in place,
                -place.get(officer, 0),
                *self._rank[officer][1:],
            )

        given: dict[int, int] = {}
        for item in items:
            able = left | {o for o in (held.get(item),) if o is not None and self._goes_on(o, t)}
            if able:
                given[item] = min(able, key=lambda o: order(o, item))
                left.discard(given[item])
        return given

    def next_change(self, pool: int, t: int) -> int:
        """Return when the next duty or overtime in the pool begins or ends after t, or NEVER."""
        officers = self._officers_of[pool]
        starts = ((self._next_duty(o, t), self._on_until[o]) for o in officers)
        duty = min((until if start <= t else start for start, until in starts), default=NEVER)
        return min([duty, *(self._turn(o, t) for o in officers)])

    def _turn(self, officer: int, t: int) -> int:
        """Return when the officer's overtime next begins or ends after t, or NEVER."""
        turns = self._overtime[officer]
        place = bisect_right(turns, t)
        return turns[place] if place < len(turns) else NEVER

    def _goes_on(self, officer: int, t: int) -> bool:
        """Return whether an officer is off duty at t, but still works on the item in hand."""
        duty = self._next_duty(officer, t)
        return duty > t and (self._in_hand[officer] or duty == NEVER)

    def release(self, officer: int, t: int) -> None:
        """Free the officer, who had an item in hand until t."""
        self._free[officer] = True
        self._rank[officer] = (len(self.pools_of[officer]), t, officer)

    def _planned_end(self, officer: int, pool: int, work: int, t: int) -> int:
        """Return when the officer would be done with the work by planned duty."""
        seconds = self._seconds(officer, pool, work)
        if self._in_hand[officer]:
            return t + seconds
        return self._planned[officer].finish(t, seconds)

    def _seconds(self, officer: int, pool: int, work: int) -> int:
        """Return the seconds of duty that the work takes, rounded up."""
        return -(-work * self._den[officer] // (self._num[officer] * self._unit[pool]))

    def _leaves(self, officer: int, pool: int, t: int, end: int) -> int:
        """Return when, after t and before `end`, the officer leaves for long, or NEVER.

        Only if another officer of the pool is on duty meanwhile.
        """
        return next(
            (
                leaves
                for leaves, comes_back in self._absences[officer]
                if t < leaves < end and self._somebody_else(pool, officer, leaves, comes_back)
            ),
            NEVER,
        )

    def _somebody_else(self, pool: int, officer: int, t: int, until: int) -> bool:
        """Return whether another officer of the pool is on duty at any time in [t, until)."""
        others = (o for o in self._officers_of[pool] if o != officer)
        return any(self._hours[o].open_within(t, until) for o in others)

    def _next_duty(self, officer: int, t: int) -> int:
        """Return the start of the duty interval that holds t, else of the next one."""
        if self._on_until[officer] <= t:
            start, until = self._hours[officer].current_or_next(t)
            self._on_from[officer], self._on_until[officer] = start, until
        return self._on_from[officer]


def _conditions(supply: Supply) -> dict[tuple[int, int], tuple[int, int, int]]:
    """Return (officer, pool) → queue, days left, and days left in overtime, of each link."""
    if supply.conditions is None:
        return {}
    officer = np.repeat(np.arange(len(supply.calendar)), np.diff(supply.pool_ptr))
    limits = supply.conditions
    columns = (limits.queue_over, limits.below_wd, limits.overtime_below_wd[officer])
    links = zip(officer.tolist(), supply.pool_of.tolist(), strict=True)
    return dict(zip(links, zip(*(column.tolist() for column in columns), strict=True), strict=True))


def _overtime(supply: Supply) -> list[list[int]]:
    """Return for each officer when overtime begins and ends, in turns."""
    return [overtime_turns(supply, row).tolist() for row in supply.calendar.tolist()]


def _absences(supply: Supply, working_days: WorkingDays) -> list[list[tuple[int, int]]]:
    """Return for each officer when each absence of a whole working day begins and ends.

    One from which the officer does not come back ends at NEVER.
    """
    duty = supply.duty
    away = away_after(duty, working_days).tolist()
    starts, ends, ptr = duty.start.tolist(), duty.end.tolist(), duty.ptr.tolist()
    by_row = [
        [(ends[k], starts[k + 1] if k + 1 < stop else NEVER) for k in range(first, stop) if away[k]]
        for first, stop in pairwise(ptr)
    ]
    return [by_row[row] for row in supply.calendar.tolist()]
