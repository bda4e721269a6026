"""Pools: the utilisation of their officers, and the waiting of work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Bools, Floats, Ints, total
from sim.engine.contract import OPEN, Schedule, Supply, Workload
from sim.engine.parts import waits, waits_again
from sim.measures.duty import WorkTimes, duty_before, overtime_before, own_clocks


@dataclass(frozen=True, eq=False)
class PoolMeasures:
    """P pools over one window [begin, until) of one replication. NaN: no such item."""

    officers: Ints
    """[P] officers of the roster who serve the pool, alone or among others; not who only helps."""
    utilisation: Floats
    """[P] worked ÷ rostered seconds in the window. Both count *all* work of the pool's
    officers, also for other pools that they serve or help in. Overtime is worked, but not rostered.
    Above 1 if officers finish items in hand after hours, or work overtime."""
    worked_h: Floats
    """[P] hours worked in the window on items of this pool."""
    arrived: Ints
    """[P] items that became ready in the window."""
    mean_wait_h: Floats
    """[P] mean hours of waiting, round the clock, of items that became ready in the window: from
    ready to start, and between officers after a hand-over; up to the stop for those that wait."""
    served: Ints
    """[P] items that ended in the window after an officer had them in hand. Items that
    lapsed before they began (tacit consent) are not counted; their waiting is."""
    mean_work_h: Floats
    """[P] officers' hours per served item, in and before the window."""
    max_queue: Ints
    """[P] most items that waited at one instant, items that start at that instant included."""
    mean_queue: Floats
    """[P] time integral of the number of waiting items ÷ length of the window."""
    overtime_h: Floats
    """[P] hours of overtime worked in the window on items of this pool."""
    help_h: Floats
    """[P] hours that officers who help in the pool worked in the window on its items, in their
    duty; overtime counts as such."""


@dataclass(frozen=True, eq=False)
class PoolSums:
    """Work and waiting of P pools and O officers in B periods of a window: whole numbers."""

    worked_s: Ints
    """[O, B] seconds that each officer worked."""
    rostered_s: Ints
    """[O, B] seconds that each officer was on duty, without overtime."""
    worked_for_s: Ints
    """[P] seconds worked in the window on items of the pool."""
    arrived: Ints
    """[P, B] items that became ready in the period."""
    waited_s: Ints
    """[P, B] seconds of waiting of these items, also beyond the period."""
    served: Ints
    """[P] items that ended in the window after an officer had them in hand."""
    served_s: Ints
    """[P] officers' seconds for these items, in and before the window."""
    longest: Ints
    """[P] most items that waited at one instant of the window."""
    queue_s: Ints
    """[P, B] time integral of the number of waiting items."""
    overtime_s: Ints
    """[P] seconds of overtime worked in the window on items of the pool."""
    help_s: Ints
    """[P] seconds worked in the window on items of the pool by officers who help in it, in their
    duty."""

    def measures(self, supply: Supply, edges: Ints) -> PoolMeasures:
        """Measure all pools over the whole window; `edges`: [B + 1] those of the periods.

        A run may stop within the window's last hours, when every measured case has ended. The rest
        of the window counts as idle time, since no case arrives in it.
        """
        arrived, pools = self.arrived.sum(axis=1), len(self.arrived)
        busy, rostered = (
            of_pools(supply, seconds).sum(axis=1) for seconds in (self.worked_s, self.rostered_s)
        )
        return PoolMeasures(
            officers=np.bincount(supply.pool_of[_own_links(supply)], minlength=pools),
            utilisation=_ratio(busy, rostered),
            worked_h=self.worked_for_s / 3600,
            arrived=arrived,
            mean_wait_h=_ratio(self.waited_s.sum(axis=1), arrived) / 3600,
            served=self.served,
            mean_work_h=_ratio(self.served_s, self.served) / 3600,
            max_queue=self.longest,
            mean_queue=self.queue_s.sum(axis=1) / (edges[-1] - edges[0]),
            overtime_h=self.overtime_s / 3600,
            help_h=self.help_s / 3600,
        )


@dataclass(frozen=True, eq=False)
class PoolActivity:
    """Work and waiting in one window, with whole arrays: the basis of all measures of pools."""

    workload: Workload
    supply: Supply
    schedule: Schedule
    begin: int
    until: int
    """End of the window [begin, until), in seconds."""
    times: WorkTimes
    """All parts of work."""
    arrived: Ints
    """[m] the work items that became ready in the window."""
    wait_s: Ints
    """[m] seconds that the items of `arrived` waited in all; up to the stop if they wait then."""
    queue: Sweep
    """The waiting items of all pools over the window."""

    @classmethod
    def of(
        cls, workload: Workload, supply: Supply, schedule: Schedule, begin: int, until: int
    ) -> PoolActivity:
        """Return one replication's activity; ValueError if the window is empty or begin < 0."""
        if not 0 <= begin < until:
            raise ValueError(f"window [{begin}, {until}): must begin at 0 or later, not be empty")
        arrived, wait_s = _waits(workload, schedule, begin, until)
        return cls(
            workload=workload,
            supply=supply,
            schedule=schedule,
            begin=begin,
            until=until,
            times=WorkTimes.of(supply, schedule),
            arrived=arrived,
            wait_s=wait_s,
            queue=_sweep(workload, schedule, len(supply.rule), begin, until),
        )

    def measures(self) -> PoolMeasures:
        """Measure all pools over the whole window."""
        edges = np.array([self.begin, self.until])
        return self.sums(edges).measures(self.supply, edges)

    def sums(self, edges: Ints) -> PoolSums:
        """Sum up each period of the window.

        `edges`: [B + 1] seconds, increasing, from the window's begin to its end; else ValueError.
        """
        if (edges[0], edges[-1]) != (self.begin, self.until):
            window = f"[{self.begin}, {self.until})"
            raise ValueError(f"periods from {edges[0]} to {edges[-1]} are not those of {window}")
        supply, end, item = self.supply, self.schedule.end, self.times.item
        pool, pools, periods = self.workload.pool, len(supply.rule), len(edges) - 1
        period = np.searchsorted(edges[1:-1], self.schedule.ready[self.arrived], side="right")
        place = pool[self.arrived] * periods + period
        worked = np.unique(item)
        served = worked[(end[worked] >= self.begin) & (end[worked] < self.until)]
        work = total(item, self.times.seconds, len(pool))[served]
        return PoolSums(
            worked_s=np.diff(self._worked_before(edges)),
            rostered_s=np.diff(duty_before(supply, edges) - overtime_before(supply, edges)),
            worked_for_s=total(pool[item], self.times.within(self.begin, self.until), pools),
            arrived=np.bincount(place, minlength=pools * periods).reshape(pools, periods),
            waited_s=total(place, self.wait_s, pools * periods).reshape(pools, periods),
            served=np.bincount(pool[served], minlength=pools),
            served_s=total(pool[served], work, pools),
            longest=self.queue.longest(),
            queue_s=np.diff(self.queue.integral_before_s(edges)),
            **response_s(self.workload, supply, self.schedule, self.begin, self.until),
        )

    def _worked_before(self, edges: Ints) -> Ints:
        """Return [O, E] the seconds that each officer worked before each edge.

        For each part, this is the time since its start less the time since its end, on the
        officer's own clock.
        """
        times = self.times
        clocks = own_clocks(times.supply, edges)

        def passed_since(t: Ints, own: Ints) -> Ints:
            """Return [O, E] the sum over parts of max(clock at the edge - own, 0)."""
            edge = np.searchsorted(edges, t, side="right")  # the first edge after it
            place = times.officer * (len(edges) + 1) + edge
            shape = len(clocks), len(edges) + 1
            size = shape[0] * shape[1]
            number = np.bincount(place, minlength=size).reshape(shape).cumsum(axis=1)[:, :-1]
            begun = total(place, own, size).reshape(shape).cumsum(axis=1)[:, :-1]
            return np.asarray(number * clocks - begun, np.int64)

        return passed_since(times.parts.start, times.start) - passed_since(
            times.parts.end, times.end
        )


def response_s(
    workload: Workload, supply: Supply, schedule: Schedule, begin: int, until: int
) -> dict[str, Ints]:
    """Return the seconds of each pool in overtime, and of those who help in it, in a window."""
    pools = len(supply.rule)
    if supply.conditions is None:
        return {name: np.zeros(pools, np.int64) for name in ("overtime_s", "help_s")}
    times = WorkTimes.of(supply, schedule)
    pool = workload.pool[times.item]
    helps = np.zeros((len(supply.calendar), pools), np.bool_)
    helps[_officer_of_link(supply), supply.pool_of] = supply.conditions.helps
    overtime = times.in_overtime(begin, until)
    helped = (times.within(begin, until) - overtime) * helps[times.officer, pool]
    return {"overtime_s": total(pool, overtime, pools), "help_s": total(pool, helped, pools)}


def of_pools(supply: Supply, of_officer: Ints) -> Ints:
    """Return [P, B] the sums over the officers who serve each pool of their [O, B] values.

    Who only helps in a pool counts where he serves.
    """
    own = _own_links(supply)
    sums = np.zeros((len(supply.rule), of_officer.shape[1]), np.int64)
    np.add.at(sums, supply.pool_of[own], of_officer[_officer_of_link(supply)[own]])
    return sums


def _officer_of_link(supply: Supply) -> Ints:
    return np.repeat(np.arange(len(supply.calendar)), np.diff(supply.pool_ptr))


def _own_links(supply: Supply) -> Bools:
    """Return [L] whether the officer serves the pool, and does not only help there."""
    if supply.conditions is None:
        return np.ones(len(supply.pool_of), np.bool_)
    return ~supply.conditions.helps


def _waits(workload: Workload, schedule: Schedule, begin: int, until: int) -> tuple[Ints, Ints]:
    """Return the work items that became ready in the window, and their waiting seconds."""
    ready = schedule.ready
    items = np.flatnonzero((workload.pool >= 0) & (ready >= begin) & (ready < until))
    start = schedule.start[items]
    wait = np.where(start == OPEN, schedule.stopped_s, start) - ready[items]
    again = waits_again(schedule)
    if len(again.item):
        wait += total(again.item, again.end - again.begin, len(ready))[items]
    return items, wait


@dataclass(frozen=True, eq=False)
class Sweep:
    """Begins and ends of waiting, by pool, then instant, then begins before ends."""

    pools: int
    bits: int
    """Number of bits of an instant of the window, its end included."""
    place: Ints
    """Pool and instant of each event: pool << bits | instant."""
    waiting: Ints
    """Number of items that wait in the pool after each event."""

    @property
    def pool(self) -> Ints:
        """The pool of each event."""
        return self.place >> self.bits

    @property
    def t(self) -> Ints:
        """The instant of each event."""
        return self.place & ((1 << self.bits) - 1)

    def longest(self) -> Ints:
        """Return [P] the largest number that waited."""
        most = np.zeros(self.pools, np.int64)
        begin = np.searchsorted(self.place, np.arange(self.pools + 1) << self.bits)
        some = np.flatnonzero(np.diff(begin))
        if len(some):
            most[some] = np.maximum.reduceat(self.waiting, begin[some])
        return most

    def integral_s(self) -> Ints:
        """Return [P] the time integral of the number waiting, in item seconds."""
        # Every queue is empty after its last event, so the step to the next pool adds nothing.
        return total(self.pool[:-1], self.waiting[:-1] * np.diff(self.t), self.pools)

    def integral_before_s(self, edges: Ints) -> Ints:
        """Return [P, E] the time integral of the number waiting before each of E instants.

        Each pool's integral has an unknown constant: only differences within a pool are valid.
        """
        pool = np.arange(self.pools)[:, None]
        events = np.searchsorted(self.place, pool << self.bits | edges)
        # An event is put before all others, so that every instant has an event before it.
        t, waiting = np.append(0, self.t), np.append(0, self.waiting)
        area = np.append(0, np.cumsum(waiting[:-1] * np.diff(t)))
        before: Ints = area[events] + waiting[events] * (edges - t[events])
        return before


def _sweep(workload: Workload, schedule: Schedule, pools: int, begin: int, until: int) -> Sweep:
    """Sweep over the waiting of all work items in the window [begin, until)."""
    # An item that starts as it becomes ready never waits.
    all_waits = waits(workload, schedule)
    seen = (all_waits.begin < until) & (all_waits.end >= begin)
    pool = workload.pool[all_waits.item[seen]].astype(np.int64)
    first = np.maximum(all_waits.begin[seen], begin)
    last = np.minimum(all_waits.end[seen], until)
    # One sorted number holds pool, instant, and 0 for in or 1 for out. At one instant, items come
    # before others go, as the engine makes items ready before it dispatches. The same holds for
    # lapses, which the engine processes together with items that become ready.
    bits = until.bit_length()
    pool <<= bits
    key = np.concatenate([(pool | first) << 1, (pool | last) << 1 | 1])
    key.sort()
    return Sweep(pools, bits, key >> 1, np.cumsum(1 - 2 * (key & 1)))


def waiting_integral_s(workload: Workload, schedule: Schedule, pools: int) -> Ints:
    """Return [P] the time integral of each queue's length over the whole run, by a sweep."""
    return _sweep(workload, schedule, pools, 0, schedule.stopped_s + 1).integral_s()


def _ratio(over: Ints, under: Ints) -> Floats:
    return np.where(under > 0, over / np.maximum(under, 1), np.nan)
