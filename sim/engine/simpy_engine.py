"""The reference engine, on SimPy: demand × supply → schedule, written to be read.

All events have one total order. SimPy pops its heap by (time, priority, serial
number), and an instant of the model runs through, in this order,

    item ends by item number · arrivals by case number · duty begins by officer ·
    appointments by first seat · dispatch · stop

so these numbers, laid end to end, are the priorities. What takes no time is scheduled with delay 0
and sorts into the same instant: a chain of empty delays, or an item that dispatch begins and that
ends at once, comes before the next dispatch, and the stop comes after all of it. There is no
process per item, and no event at a duty boundary unless something waits for it.

Tacit consent takes one event per item that has a period: a lapse, which does something only if the
item still waits then, and sorts among the ends. Work in hand needs none: when it begins, its end is
known to be its own or the lapse. A hand-over is known when the officer takes the item in hand, too;
it sorts among the duty begins. If another officer takes the item over, the event that it awaited
does nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from typing import Any, TypeAlias

import numpy as np
from simpy import Environment, Event
from simpy.events import EventPriority

from sim.engine.contract import (
    DAY_S,
    DELAY,
    NEVER,
    NO_OFFICER,
    OPEN,
    Parts,
    Schedule,
    Supply,
    Workload,
    pools_of_teams,
)
from sim.engine.deadlines import NO_DUE, Deadlines
from sim.engine.delays import Delays, Tacit
from sim.engine.observer import EventKind, Observer
from sim.engine.queues import Key, MovingQueue, needs_deadlines, queues
from sim.engine.roster import Roster
from sim.engine.together.appointments import Appointment, Teams


def simulate(
    workload: Workload, supply: Supply, horizon_s: int, observer: Observer | None = None
) -> Schedule:
    """Run one replication, as `sim.engine` specifies it."""
    if horizon_s < 0:
        raise ValueError(f"horizon_s = {horizon_s}: the run cannot stop before it begins at 0")
    return _Run(workload, supply, horizon_s, observer).schedule()


_Handlers: TypeAlias = list[Callable[[Any], None]]


class _Occurrence(Event):
    """A scheduled event at second t, with the `number` of its item, case or officer."""

    _ok = True
    _value = None

    def __init__(self, callbacks: _Handlers, number: int, t: int) -> None:
        # Skips Event.__init__ for speed. Events may share the list: SimPy does not change it.
        self.callbacks = callbacks
        self.number = number
        self.t = t


class _Run:
    """The state of one run. The methods `_on_…` are the event handlers."""

    def __init__(
        self, workload: Workload, supply: Supply, horizon_s: int, observer: Observer | None
    ) -> None:
        self._horizon = horizon_s
        self._observer = observer
        self._delays = Delays(workload)
        self._roster = Roster(supply, workload.working_days)
        self._teams = Teams(workload, self._roster, horizon_s)
        self._tacit = None if workload.tacit_wd is None else Tacit(workload)
        # Due days cost time, so they are kept only where a rule needs them.
        self._deadlines = Deadlines(workload) if needs_deadlines(supply) else None
        self._unpack(workload)
        self._queues = queues(workload, supply, self._deadlines)

        items, cases, officers = len(self._pool), len(self._arrival), len(supply.calendar)
        self._ready, self._start, self._end = [OPEN] * items, [OPEN] * items, [OPEN] * items
        self._officer = [NO_OFFICER] * items
        self._in_hand = [False] * items
        # Work, in the unit of the pool: of the whole item, and what is left as it is next taken up.
        self._whole = [
            a if p == DELAY else self._roster.whole(p, a)
            for p, a in zip(self._pool, self._amount, strict=True)
        ]
        self._left = list(self._whole)
        self._handed_over: set[int] = set()
        self._parts: list[tuple[int, int, int, int]] = []  # item, start, officer, end
        self._taken = [OPEN] * officers  # when the officer took the item in hand
        self._awaits: list[_Occurrence | None] = [None] * items  # the item's end or hand-over
        pools = len(supply.rule)
        self._takes_over = (
            [False] * pools if supply.take_over is None else supply.take_over.tolist()
        )
        self._open: list[set[int]] = [set() for _ in range(pools)]  # of pools with take-over
        self._turn = [-1] * pools  # the last change of duty that a pool has awaited by itself
        has_conditions = (supply.has_conditions | pools_of_teams(workload, supply)).tolist()
        self._choosy = {  # pools with conditions or appointments
            pool: queue
            for pool, queue in enumerate(self._queues)
            if has_conditions[pool] and isinstance(queue, MovingQueue)
        }
        # Priorities within an instant; an item's end or lapse has its item number.
        self._p_arrival = items
        self._p_duty = items + cases
        self._p_appointment = items + cases + officers
        self._p_dispatch = 2 * items + cases + officers

        self._env = Environment()
        # SimPy wants lists of callbacks; all events of a kind share one.
        self._end_handlers: _Handlers = [self._on_end]
        self._lapse_handlers: _Handlers = [self._on_lapse]
        self._hand_over_handlers: _Handlers = [self._on_hand_over]
        self._arrival_handlers: _Handlers = [self._on_arrival]
        self._duty_handlers: _Handlers = [self._on_duty]
        self._turn_handlers: _Handlers = [self._on_turn]
        self._appointment_handlers: _Handlers = [self._on_appointment]
        self._dispatch_handlers: _Handlers = [self._on_dispatch]
        self._touched: set[int] = set()  # pools to look at in the next dispatch
        self._dispatch_is_due = False
        self._duty_is_due = [False] * officers
        self._stop = _Occurrence([], -1, -1)

    def _unpack(self, workload: Workload) -> None:
        """Turn arrays into lists, once: reading a list is five times as fast."""
        self._arrival: list[int] = workload.arrival_s.tolist()
        self._first: list[int] = workload.first_item.tolist()
        self._pool: list[int] = workload.pool.tolist()
        self._amount: list[int] = workload.amount.tolist()
        per_case = np.diff(workload.first_item)
        self._case: list[int] = np.repeat(np.arange(len(per_case)), per_case).tolist()
        # Successors, in the same layout as the predecessors.
        per_item = np.diff(workload.pred_ptr)
        self._missing: list[int] = per_item.tolist()  # predecessors that have not ended yet
        successor = np.repeat(np.arange(len(per_item)), per_item)
        self._succ: list[int] = successor[np.argsort(workload.pred, kind="stable")].tolist()
        counts = np.bincount(workload.pred, minlength=len(per_item))
        self._succ_ptr: list[int] = np.concatenate(([0], np.cumsum(counts))).tolist()
        # The run waits for the measured cases; without any, for all.
        measured = workload.measured | ~workload.measured.any()
        self._awaited_case: list[bool] = (measured & (per_case == 0)).tolist()
        self._awaited_item: list[bool] = np.repeat(measured, per_case).tolist()
        self._awaited = sum(self._awaited_case) + sum(self._awaited_item)

    def schedule(self) -> Schedule:
        """Run, and return what happened."""
        self._stop_at(self._horizon)
        self._expect_arrival(0)
        if self._awaited == 0:
            self._stop_at(0)
        self._env.run(until=self._stop)
        return Schedule(
            ready=np.array(self._ready, dtype=np.int64),
            start=np.array(self._start, dtype=np.int64),
            end=np.array(self._end, dtype=np.int64),
            officer=np.array(self._officer, dtype=np.int32),
            stopped_s=int(self._env.now),
            parts=self._all_parts(),
        )

    def _all_parts(self) -> Parts:
        """Return the parts of the items handed over, with those in hand at the stop."""
        in_hand = (item for item in self._handed_over if self._in_hand[item])
        held = [(k, self._taken[self._officer[k]], self._officer[k], OPEN) for k in in_hand]
        # In time: a part of no length is noted before one that begins with it and goes on.
        parts = sorted(self._parts + held, key=lambda part: part[:2])
        rows = np.array(parts, np.int64).reshape(-1, 4)
        item, start, officer, end = (column.copy() for column in rows.T)
        return Parts(item=item, officer=officer.astype(np.int32), start=start, end=end)

    # Event handlers, in their order within an instant; ends and lapses share one order.

    def _on_end(self, event: _Occurrence) -> None:
        item, t = event.number, event.t
        if self._awaits[item] is not event:
            return  # another officer has taken the item over
        case = self._case[item]
        officer = self._officer[item] if self._in_hand[item] else NO_OFFICER
        self._end[item] = t
        if self._observer is not None:
            self._observer.event(t, EventKind.END, case, item, officer)
        if self._deadlines is not None:
            self._deadlines.item_ended(item, t)
        if self._takes_over_of(item):
            self._open[self._pool[item]].discard(item)
        if self._in_hand[item]:
            self._put_down(item, t)
        for successor in self._succ[self._succ_ptr[item] : self._succ_ptr[item + 1]]:
            self._missing[successor] -= 1
            if self._missing[successor] == 0:
                self._make_ready(successor, t)
        self._look_at((), t)
        if self._awaited_item[item]:
            self._one_less_to_await(t)

    def _on_lapse(self, event: _Occurrence) -> None:
        """End the item by tacit consent if it waits, for its first officer or for another."""
        item, t = event.number, event.t
        if self._end[item] != OPEN or self._in_hand[item]:
            return
        if not self._takes_over_of(item):
            self._queues[self._pool[item]].discard(item)
        if self._start[item] == OPEN:
            self._started(item, NO_OFFICER, t, t)
        else:
            self._ends(item, t)

    def _on_arrival(self, event: _Occurrence) -> None:
        case, t = event.number, event.t
        if self._observer is not None:
            self._observer.event(t, EventKind.ARRIVAL, case, -1, -1)
        for item in range(self._first[case], self._first[case + 1]):
            if self._missing[item] == 0:
                self._make_ready(item, t)
        if self._awaited_case[case]:
            self._one_less_to_await(t)
        self._expect_arrival(case + 1)

    def _on_duty(self, event: _Occurrence) -> None:
        officer, t = event.number, event.t
        self._duty_is_due[officer] = False
        if self._observer is not None:
            self._observer.event(t, EventKind.WAKE, -1, -1, officer)
        self._look_at(self._roster.pools_of[officer], t)

    def _on_turn(self, event: _Occurrence) -> None:
        """Look at a pool with take-over or conditions, as a duty begins or ends there, or a day."""
        self._look_at((event.number,), event.t)

    def _on_hand_over(self, event: _Occurrence) -> None:
        """Put the item that the officer has in hand back into its queue, with its old key."""
        item, t = event.number, event.t
        if self._awaits[item] is not event:
            return  # another officer has taken the item over
        if not self._takes_over_of(item):
            self._queues[self._pool[item]].add(item, self._ready[item])
        self._lay_down(item, t)

    def _on_appointment(self, event: _Occurrence) -> None:
        self._begin_together(event.number, self._teams.keep(event.number), event.t)

    def _on_dispatch(self, event: _Occurrence) -> None:
        """Begin all items that can begin.

        Afterwards no pool has both a waiting item and a free officer on duty. Only pools that
        were touched since the last dispatch can violate that, so only they are looked at.
        """
        t = event.t
        self._dispatch_is_due = False
        pools, self._touched = self._touched, set()
        fronts: list[tuple[Key, int]] = []  # heap: first waiting item of each pool, and the pool
        for pool in pools:
            if self._takes_over[pool]:
                self._give_anew(pool, t)
            else:
                self._put_front(fronts, pool, t)
        while fronts:
            key, pool = heappop(fronts)
            item = key[-1]
            # Another pool may have taken the officer; then this pool waits.
            if able := self._able(pool, item, t):
                self._queues[pool].remove(key)
                if self._teams.is_seat(item):
                    self._call(item, t)
                else:
                    self._take_up(item, self._roster.choose(able, pool, self._left[item], t), t)
            self._put_front(fronts, pool, t)

    # Effects of events.

    def _give_anew(self, pool: int, t: int) -> None:
        """Give the open items of a pool with take-over to officers, the first to the fastest."""
        items = sorted(self._open[pool], key=lambda item: (self._ready[item], item))
        held = {item: self._officer[item] for item in items if self._in_hand[item]}
        given = self._roster.share_out(pool, items, held, t)
        busy = set(given.values())
        for item, officer in held.items():
            if given.get(item, officer) != officer or (item not in given and officer in busy):
                self._lay_down(item, t)
        for item, officer in given.items():
            if not self._in_hand[item]:
                self._take_up(item, officer, t)
        if items:
            self._await_turn(pool, self._roster.next_change(pool, t))

    def _call(self, item: int, t: int) -> None:
        """Let a seat have its turn; after the last one, the team begins or has an appointment."""
        if not self._teams.call(item):
            return
        meeting = self._teams.agree(item, t, lambda o, seat: self._may_begin(o, seat, 1, t))
        if meeting is None:
            return
        if meeting.begin == t:
            self._begin_together(item, meeting, t)
        else:
            first = self._teams.seats(item)[0]
            priority = self._p_appointment + first
            self._at(meeting.begin, priority, self._appointment_handlers, first)

    def _begin_together(self, item: int, meeting: Appointment, t: int) -> None:
        """Let each officer of a team take a seat in hand."""
        for seat, officer in zip(self._teams.seats(item), meeting.officers, strict=True):
            self._roster.occupy(officer, meeting.end)
            self._officer[seat], self._in_hand[seat], self._taken[officer] = officer, True, t
            self._started(seat, officer, t, meeting.end)

    def _take_up(self, item: int, officer: int, t: int) -> None:
        """Let the officer take the item in hand."""
        until, done = self._roster.begin(officer, self._pool[item], t, self._left[item])
        lapse = NEVER if self._tacit is None else self._tacit.lapse(item, self._ready[item])
        self._officer[item], self._in_hand[item], self._taken[officer] = officer, True, t
        if done or lapse <= until:
            self._started(item, officer, t, min(until, lapse))
        else:
            self._begun(item, officer, t)
            self._awaits[item] = self._at(
                until, self._p_duty + officer, self._hand_over_handlers, item
            )

    def _lay_down(self, item: int, t: int) -> None:
        """Take the item out of the hands of its officer, for others to go on with."""
        officer, pool = self._officer[item], self._pool[item]
        if self._observer is not None:
            self._observer.event(t, EventKind.HAND_OVER, self._case[item], item, officer)
        since, left = self._taken[officer], self._left[item]
        self._left[item] = self._roster.rest(officer, pool, since, t, self._whole[item], left)
        self._handed_over.add(item)
        self._awaits[item] = None
        self._put_down(item, t)

    def _put_down(self, item: int, t: int) -> None:
        """Free the officer who has the item in hand."""
        officer = self._officer[item]
        self._in_hand[item] = False
        if item in self._handed_over:
            self._parts.append((item, self._taken[officer], officer, t))
        self._roster.release(officer, t)
        self._look_at(self._roster.pools_of[officer], t)

    def _make_ready(self, item: int, t: int) -> None:
        case, pool = self._case[item], self._pool[item]
        self._ready[item] = t
        if self._observer is not None:
            self._observer.event(t, EventKind.READY, case, item, NO_OFFICER)
        if self._deadlines is not None:
            self._deadlines.item_ready(item, t)
        if pool == DELAY:
            self._started(item, NO_OFFICER, t, self._delays.end(item, t))
        else:
            if self._takes_over[pool]:
                self._open[pool].add(item)
            else:
                self._queues[pool].add(item, t)
            self._look_at((pool,), t)
            if self._tacit is not None:
                lapse = self._tacit.lapse(item, t)
                self._at(lapse, item, self._lapse_handlers, item)

    def _able(self, pool: int, item: int, t: int) -> list[int]:
        """Return the free officers on duty who may begin the item."""
        free = self._roster.available(pool, t)
        if pool not in self._choosy:
            return free
        return [o for o in free if self._may_begin(o, item, 0, t) and self._has_time(o, item, t)]

    def _may_begin(self, officer: int, item: int, more: int, t: int) -> bool:
        """Return whether the conditions of an officer for an item hold.

        `more`: 1 for a seat that has left the queue, but still waits; else 0.
        """
        pool = self._pool[item]
        left = NO_DUE if self._deadlines is None else self._deadlines.left(item, t)
        return self._roster.may_begin(officer, pool, len(self._queues[pool]) + more, left, t)

    def _has_time(self, officer: int, item: int, t: int) -> bool:
        """Return whether an officer has time for an item before the next appointment."""
        appointment = self._teams.free_until(officer)
        if appointment == NEVER or self._teams.is_seat(item):
            return appointment == NEVER
        hold = self._roster.hold(officer, self._pool[item], t, self._left[item])
        return hold.until <= appointment

    def _put_front(self, fronts: list[tuple[Key, int]], pool: int, t: int) -> None:
        """Add the pool to this dispatch, or wake it at the next duty; neither if none waits."""
        if not self._queues[pool]:
            return
        if pool in self._choosy:
            self._put_choosy_front(fronts, pool, t)
            return
        if self._roster.available(pool, t):
            heappush(fronts, (self._queues[pool].first(t), pool))
            return
        duty, officer = self._roster.next_on_duty(pool, t)
        if duty <= self._horizon and not self._duty_is_due[officer]:
            self._duty_is_due[officer] = True
            self._at(duty, self._p_duty + officer, self._duty_handlers, officer)

    def _put_choosy_front(self, fronts: list[tuple[Key, int]], pool: int, t: int) -> None:
        """Add a pool with conditions to this dispatch, or wake it when they may hold again."""
        keys = (key for key in self._choosy[pool].keys(t) if self._able(pool, key[-1], t))
        if first := min(keys, default=None):
            heappush(fronts, (first, pool))
        else:
            midnight = (t // DAY_S + 1) * DAY_S
            self._await_turn(pool, min(self._roster.next_change(pool, t), midnight))

    def _await_turn(self, pool: int, t: int) -> None:
        """Look at the pool again at t."""
        if self._turn[pool] < t <= self._horizon:
            self._turn[pool] = t
            self._at(t, self._p_duty, self._turn_handlers, pool)

    def _begun(self, item: int, officer: int, t: int) -> None:
        if self._start[item] == OPEN:
            self._start[item] = t
        if self._observer is not None:
            self._observer.event(t, EventKind.START, self._case[item], item, officer)

    def _started(self, item: int, officer: int, t: int, end: int) -> None:
        self._begun(item, officer, t)
        self._ends(item, end)

    def _takes_over_of(self, item: int) -> bool:
        """Return whether the item is work of a pool with take-over."""
        return self._pool[item] != DELAY and self._takes_over[self._pool[item]]

    # Scheduling.

    def _ends(self, item: int, t: int) -> None:
        """Schedule the item's end."""
        self._awaits[item] = self._at(t, item, self._end_handlers, item)

    def _at(self, t: int, priority: int, handlers: _Handlers, number: int) -> _Occurrence:
        """Schedule an event, unless it is past the horizon."""
        event = _Occurrence(handlers, number, t)
        if t <= self._horizon:
            self._env.schedule(event, EventPriority(priority), t - self._env.now)
        return event

    def _expect_arrival(self, case: int) -> None:
        """Schedule the arrival of the case, if there is one; one at a time keeps the heap small."""
        if case < len(self._arrival) and self._arrival[case] <= self._horizon:
            t = self._arrival[case]
            self._at(t, self._p_arrival + case, self._arrival_handlers, case)

    def _look_at(self, pools: Iterable[int], t: int) -> None:
        """Schedule a dispatch at this instant for these pools, if an item waits in them.

        Pools with conditions take part in each: whatever happens may let one hold.
        """
        for pool in (*pools, *self._choosy):
            if self._queues[pool] or self._open[pool]:
                self._touched.add(pool)
        if self._touched and not self._dispatch_is_due:
            self._dispatch_is_due = True
            self._at(t, self._p_dispatch, self._dispatch_handlers, -1)

    def _one_less_to_await(self, t: int) -> None:
        self._awaited -= 1
        if self._awaited == 0:
            self._stop_at(t)

    def _stop_at(self, t: int) -> None:
        """Schedule the stop at the end of instant t, after its dispatch."""
        priority = EventPriority(self._p_dispatch + 1)
        self._env.schedule(self._stop, priority, t - self._env.now)
