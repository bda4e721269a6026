"""Together at once: teams that officers of several pools form for one step, and appointments.

The rule stands at the head of `sim.engine`; `sim.engine.together.kernel` repeats it in machine
code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sim.engine.contract import LONGEST, NEVER, NO_TEAM, Workload
from sim.engine.roster import Roster

MayBegin = Callable[[int, int], bool]
"""(officer, item): whether the officer's conditions for the item hold now."""


class Appointment(NamedTuple):
    """The officers of a team begin together, and are then busy until the end."""

    begin: int
    end: int
    officers: list[int]
    """One for each seat, in the order of the seats."""

    @property
    def over(self) -> int:
        """The first instant at which its officers can begin something else."""
        return max(self.end, self.begin + 1)


class Teams:
    """The teams of a run: which of their seats have had their turn, and what is agreed."""

    def __init__(self, workload: Workload, roster: Roster, horizon: int) -> None:
        self._roster = roster
        self._horizon = horizon
        self._first: list[int] = [] if workload.team is None else workload.team.tolist()
        self._pool: list[int] = workload.pool.tolist()
        self._amount: list[int] = workload.amount.tolist()
        self._called: dict[int, int] = {}  # first seat → how many seats have had their turn
        self._agreed: dict[int, Appointment] = {}  # first seat → appointment to come

    def is_seat(self, item: int) -> bool:
        """Return whether the item is a seat of a team."""
        return bool(self._first) and self._first[item] != NO_TEAM

    def seats(self, item: int) -> range:
        """Return all seats of the team of a seat."""
        first = last = self._first[item]
        while last < len(self._first) and self._first[last] == first:
            last += 1
        return range(first, last)

    def free_until(self, officer: int) -> int:
        """Return when the officer's next appointment begins, or NEVER."""
        return min((meeting.begin for meeting in self._of(officer)), default=NEVER)

    def call(self, item: int) -> bool:
        """Note that a seat has its turn; return whether now all seats of its team have had it."""
        seats = self.seats(item)
        called = self._called[seats[0]] = self._called.get(seats[0], 0) + 1
        return called == len(seats)

    def agree(self, item: int, t: int, may_begin: MayBegin) -> Appointment | None:
        """Return the first appointment, from t on, that the team of a seat can keep.

        One that begins later than t is remembered until `keep`. None: there is none by the horizon.
        """
        seats, at = self.seats(item), t
        while at <= self._horizon:
            meeting = self._meeting(seats, t, at, may_begin)
            if meeting is not None:
                if at > t:
                    self._agreed[seats[0]] = meeting
                return meeting
            at = self._next_chance(seats, t, at)
        return None

    def keep(self, item: int) -> Appointment:
        """Return the appointment of the team, which begins now, and forget it."""
        return self._agreed.pop(self._first[item])

    def _of(self, officer: int) -> list[Appointment]:
        return [meeting for meeting in self._agreed.values() if officer in meeting.officers]

    def _meeting(self, seats: range, t: int, at: int, may_begin: MayBegin) -> Appointment | None:
        """Return the appointment that the team can begin at the instant `at`, if there is one."""
        officers: list[int] = []
        for item in seats:
            pool, work = self._pool[item], min(self._amount[item], LONGEST)
            able = [
                (*self._roster.order(o, pool, work, t, at), o)
                for o in self._roster.officers_of(pool)
                if o not in officers and self._can_come(o, item, t, at, may_begin)
            ]
            able = [one for one in able if max(one[0], at + 1) <= self._before_next(one[-1], at)]
            if not able:
                return None
            officers.append(min(able)[-1])
        pools = [self._pool[item] for item in seats]
        end = self._roster.end_together(officers, pools, at, min(self._amount[seats[0]], LONGEST))
        meeting = Appointment(at, end, officers)
        if any(meeting.over > self._before_next(o, at) for o in officers):
            return None
        return meeting

    def _can_come(self, o: int, item: int, t: int, at: int, may_begin: MayBegin) -> bool:
        """Return whether the officer is free and on duty at the instant, and may begin the item."""
        roster, pool = self._roster, self._pool[item]
        if roster.free_from(o, t, self._horizon) > at or roster.duty_at(o, at)[0] > at:
            return False
        if any(meeting.begin <= at < meeting.over for meeting in self._of(o)):
            return False
        return may_begin(o, item) if at == t else roster.is_always_ready(o, pool, at)

    def _before_next(self, officer: int, at: int) -> int:
        """Return when the officer's next appointment after the instant begins, or NEVER."""
        return min((m.begin for m in self._of(officer) if m.begin > at), default=NEVER)

    def _next_chance(self, seats: range, t: int, at: int) -> int:
        """Return the next instant after `at` at which more officers may be able to come."""
        chances = [NEVER]
        for o in sorted({o for item in seats for o in self._roster.officers_of(self._pool[item])}):
            chances.append(self._roster.next_begin(o, at))
            chances += [self._roster.free_from(o, t, self._horizon)]
            chances += [meeting.over for meeting in self._of(o)]
        return min(chance for chance in chances if chance > at)
