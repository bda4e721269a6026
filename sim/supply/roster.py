"""Roster groups become officers with duty intervals, less their days of absence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Floats, Ints
from sim.calendars import Intervals, IntervalTable, WorkingDays
from sim.engine.contract import ANY_TIME, DAY_S, Conditions, Rule, Supply
from sim.process import PoolTable
from sim.scenario import (
    Learning,
    Scenario,
    Staff,
    horizon_s,
    last_day,
    open_hours,
    speed_of,
    united,
)
from sim.streams import Streams


@dataclass(frozen=True, eq=False)
class DutyByDay:
    """The duty of R rows, cut at midnight so that whole days can be taken out; K pieces."""

    rows: int
    row: Ints
    """[K] row of the piece, not decreasing."""
    day: Ints
    """[K] the date of the piece."""
    start: Ints
    """[K] first second of the piece, rising within a row."""
    end: Ints
    """[K] second after the last of the piece."""

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
        """Return the duty left; `absent`: [R, D] days to take out; days from D on all stay."""
        days = absent.shape[1]
        kept = (self.day >= days) | ~absent[self.row, np.minimum(self.day, days - 1)]
        row, start, end = self.row[kept], self.start[kept], self.end[kept]
        apart = np.ones(len(row) + 1, np.bool_)  # True: the piece does not continue the one before
        apart[1:-1] = (start[1:] != end[:-1]) | (row[1:] != row[:-1])
        first, last = apart[:-1], apart[1:]
        ptr = np.searchsorted(row[first], np.arange(self.rows + 1))
        return IntervalTable(ptr, start[first], end[last])


@dataclass(frozen=True, eq=False)
class Duty:
    """When an officer is on duty, and which part of it is overtime."""

    all: Intervals
    overtime: Intervals

    @property
    def key(self) -> tuple[bytes, ...]:
        """The same for the same duty and overtime."""
        edges = (self.all.start, self.all.end, self.overtime.start, self.overtime.end)
        return tuple(edge.tobytes() for edge in edges)


@dataclass(frozen=True, slots=True)
class Officer:
    """One officer of the roster."""

    name: str
    """``group/number``, or ``group[value]/number`` where the group exists per attribute value."""
    team: str
    """``group``, or ``group[value]``: officers who serve the same pools."""
    group: str
    number: int
    """Position in the group, from 0."""
    pools: tuple[int, ...]


def _team(team: str, group: str, count: int, pools: tuple[int, ...]) -> Iterator[Officer]:
    for number in range(count):
        yield Officer(f"{team}/{number + 1}", team, group, number, pools)


class SupplySource:
    """Builds the supply of a scenario, replication by replication (absence is random)."""

    def __init__(
        self,
        scenario: Scenario,
        pools: PoolTable,
        working_days: WorkingDays,
        like: SupplySource | None = None,
    ) -> None:
        """Build all that replications share.

        `like`: the supply of a scenario that differs in its staff alone; duty that is equal there
        is not worked out again.
        """
        self.scenario = scenario
        self.pools = pools
        self.working_days = working_days
        self.days = (last_day(scenario) - scenario.period.start).days + 1
        self.horizon_s = horizon_s(scenario)
        self.officers = tuple(
            officer
            for name, group in sorted(scenario.staff.items())
            for officer in self._officers(name, group)
        )
        self.shares = np.array([scenario.staff[officer.group].share for officer in self.officers])
        """[O] share of the officer's time for this work."""
        self._absence = [scenario.staff[officer.group].absence for officer in self.officers]
        self._spell = [scenario.staff[one.group].absence_spell_wd for one in self.officers]
        self._known = {} if like is None else self._as_in(like)
        """(group, its leaves as bits) → duty."""
        planned = self._planned_duty()
        self._planned_row, plans = self._rows(planned, alone=[False] * len(planned))
        self._calendar, duties = self._rows(planned, alone=[p > 0 for p in self._absence])
        self._planned = DutyByDay.of([duty.all for duty in duties])
        self._overtime = DutyByDay.of([duty.overtime for duty in duties])
        self._as_planned = self._build(duties, IntervalTable.of([plan.all for plan in plans]))

    def stream_names(self) -> Iterator[str]:
        """Yield the name of every random stream."""
        return map(_absence_stream, self.officers)

    def draw(self, seed: int, replication: int, *, compiled: bool = True) -> Supply:
        """Return the supply of one replication; staff is in roster order (group, number).

        `compiled`: absence is drawn in machine code; else with arrays, which gives the same.
        """
        if not any(self._absence):
            return self._as_planned
        streams = Streams(seed, replication, compiled=compiled)
        absent = np.zeros((self._planned.rows, self.days), np.bool_)
        working = self.working_days.working
        for officer, row, probability, spell_wd in zip(
            self.officers, self._calendar, self._absence, self._spell, strict=True
        ):
            if probability > 0:
                draw = streams(_absence_stream(officer)).uniform(self.days)
                if spell_wd is None:
                    absent[row] = (draw < probability) & working
                else:
                    absent[row, working] = in_spells(draw[working], probability, spell_wd)
        conditions = self._as_planned.conditions
        if conditions is not None:
            conditions = replace(conditions, overtime=self._overtime.without(absent))
        duty = self._planned.without(absent)
        return replace(self._as_planned, duty=duty, conditions=conditions)

    # --- officers ----------------------------------------------------------------------------

    def _officers(self, name: str, group: Staff) -> Iterator[Officer]:
        if isinstance(group.count, Mapping):
            for value, count in sorted(group.count.items()):
                served = tuple(
                    self.pools.of_value(pool, site)
                    for pool in (*group.serves, *group.helps)
                    for site in self._sites(pool, value)
                )
                yield from _team(f"{name}[{value}]", name, count, served)
            return
        named = (*group.serves, *group.helps)
        served = tuple(n for pool in named for n in self.pools.numbers(pool))
        yield from _team(name, name, group.count, served)

    def _sites(self, pool: str, value: str) -> tuple[str, ...]:
        """Return the values that officers of `value` serve: its sites, or itself without sites."""
        attribute = self.scenario.pools[pool].per
        assert attribute is not None  # checked with the scenario
        return united(self.scenario, attribute).get(value, (value,))

    # --- duty --------------------------------------------------------------------------------

    def _planned_duty(self) -> list[Duty]:
        """Return the duty of each officer without absence; officers with equal duty share it."""
        duty = []
        to_come = Counter(officer.group for officer in self.officers)
        for officer in self.officers:
            group = self.scenario.staff[officer.group]
            left = to_come[officer.group]
            to_come[officer.group] -= 1
            leave = sum(1 << i for i, period in enumerate(group.leave) if left <= period.officers)
            key = (officer.group, leave)
            if key not in self._known:
                self._known[key] = self._duty(group, leave)
            duty.append(self._known[key])
        return duty

    def _as_in(self, like: SupplySource) -> dict[tuple[str, int], Duty]:
        """Return the known duty of groups that differ in nothing but their number of officers."""
        mine, other = self.scenario, like.scenario
        equal = {
            name
            for name, group in mine.staff.items()
            if name in other.staff
            and group == other.staff[name].model_copy(update={"count": group.count})
            and all(
                mine.hours[hours] == other.hours[hours]
                for hours in (group.hours, *([group.overtime.hours] if group.overtime else []))
            )
        }
        return {key: duty for key, duty in like._known.items() if key[0] in equal}

    def _duty(self, group: Staff, leave: int) -> Duty:
        start = self.scenario.period.start
        first = max(((group.first_day or start) - start).days, 0)
        last = self.days - 1
        if group.last_day is not None:
            last = min(last, (group.last_day - start).days)
        on = np.zeros(self.days, bool)
        on[first : max(last + 1, first)] = True
        for index, period in enumerate(group.leave):
            if leave >> index & 1:
                dates = period.dates
                off = [(dates.first - start).days, (dates.last - start).days + 1]
                on[max(off[0], 0) : max(off[1], 0)] = False
        duty = open_hours(self.scenario, group.hours, self.working_days).intersect(_days(on))
        regular = duty
        if group.learning is not None and group.first_day is not None:
            joined = (group.first_day - start).days
            duty = while_learning(duty, joined, group.learning)
        overtime = Intervals.of([])
        if group.overtime is not None:
            hours = open_hours(self.scenario, group.overtime.hours, self.working_days)
            overtime = hours.intersect(_days(on)).minus(regular)
            duty = Intervals.of([*_pairs(duty), *_pairs(overtime)])
        leaves = group.last_day is not None and (group.last_day - start).days < self.days
        return Duty(duty if leaves else self._going_on(duty), overtime)

    def _going_on(self, duty: Intervals) -> Intervals:
        """Add duty past the horizon: else the engine would finish open work without pause."""
        beyond = self.horizon_s + DAY_S
        return Intervals.of([*_pairs(duty), (beyond, beyond + 1)])

    # --- arrays ------------------------------------------------------------------------------

    def _rows(self, planned: Sequence[Duty], alone: Sequence[bool]) -> tuple[list[int], list[Duty]]:
        """Return the row of each officer, and the planned duty of each row.

        An officer who may be absent has a row `alone`; others with the same duty share one.
        """
        rows: dict[object, int] = {}
        calendar: list[int] = []
        table: list[Duty] = []
        for number, duty in enumerate(planned):
            key = number if alone[number] else duty.key
            if key not in rows:
                rows[key] = len(table)
                table.append(duty)
            calendar.append(rows[key])
        return calendar, table

    def _build(self, duties: Sequence[Duty], planned: IntervalTable) -> Supply:
        groups = [self.scenario.staff[officer.group] for officer in self.officers]
        pools = [self.scenario.pools[pool.declared] for pool in self.pools.pools]
        served = [officer.pools for officer in self.officers]
        # A share of time for this work is modelled as a lower speed.
        speeds = [speed_of(group) for group in groups]
        return Supply(
            take_over=np.array([pool.take_over for pool in pools], np.bool_),
            rule=np.array([Rule[pool.rule.upper()] for pool in pools], np.int8),
            escalate_wd=np.array([pool.escalate_below_wd for pool in pools], np.int64),
            pool_ptr=np.cumsum([0, *(len(numbers) for numbers in served)]).astype(np.int64),
            pool_of=np.array([pool for numbers in served for pool in numbers], np.int32),
            calendar=np.array(self._calendar, np.int32),
            planned_calendar=np.array(self._planned_row, np.int32),
            speed_num=np.array([speed.numerator for speed in speeds], np.int64),
            speed_den=np.array([speed.denominator for speed in speeds], np.int64),
            finishes_in_hand=np.array([group.closing == "finish" for group in groups], np.bool_),
            hands_over=np.array([group.hand_over for group in groups], np.bool_),
            rework_ppm=np.array([round(group.rework * 1_000_000) for group in groups], np.int64),
            duty=IntervalTable.of([duty.all for duty in duties]),
            planned=planned,
            conditions=self._conditions(groups, duties),
        )

    def _conditions(self, groups: Sequence[Staff], duties: Sequence[Duty]) -> Conditions | None:
        """Return what the officers, of these groups, wait for before they begin an item."""
        if not any(group.helps or group.overtime for group in groups):
            return None
        links = [
            group.helps.get(self.pools.pools[pool].declared)
            for officer, group in zip(self.officers, groups, strict=True)
            for pool in officer.pools
        ]
        below = [ANY_TIME if one is None or one.below_wd is None else one.below_wd for one in links]
        overtime = [group.overtime for group in groups]
        return Conditions(
            helps=np.array([one is not None for one in links], np.bool_),
            below_wd=np.array(below, np.int64),
            queue_over=np.array([0 if one is None else one.queue_over for one in links], np.int64),
            overtime=IntervalTable.of([duty.overtime for duty in duties]),
            overtime_below_wd=np.array(
                [ANY_TIME if one is None else one.below_wd for one in overtime], np.int64
            ),
        )


def while_learning(duty: Intervals, joined: int, learning: Learning) -> Intervals:
    """Return the part of the duty that is left for cases; `joined`: the day of the first duty.

    On each date it is the first part of the hours, in whole seconds, rounded up.
    """
    pieces = DutyByDay.of([duty])
    passed = np.clip((pieces.day - joined) / learning.over.value, 0, 1)
    part = learning.share + (1 - learning.share) * passed
    length = pieces.end - pieces.start
    total = np.bincount(pieces.day, length)[pieces.day]
    before = np.cumsum(length) - length
    first_of_day = np.searchsorted(pieces.day, pieces.day)
    before -= before[first_of_day]
    end = pieces.start + np.clip(np.ceil(part * total).astype(np.int64) - before, 0, length)
    return Intervals.of(np.stack([pieces.start, end], axis=1))


def in_spells(draws: Floats, absence: float, spell_wd: float) -> Bools:
    """Return [n] on which working days an officer is absent, in spells.

    Each spell ends after a day with the probability 1 / `spell_wd`, and each day of presence with
    the one that gives the share `absence` of absent days, from the first day on. With a spell of
    1 / (1 - absence) working days each day is absent by itself.

    Parameters
    ----------
    draws
        [n] uniform numbers, one for each working day.
    spell_wd
        Mean length of a spell, at least absence / (1 - absence).
    """
    goes_on = draws < 1 - 1 / spell_wd
    begins = draws < absence / ((1 - absence) * spell_wd)
    absent = np.zeros(len(draws), np.bool_)
    if len(draws):
        absent[0] = draws[0] < absence
    for day in range(1, len(draws)):
        absent[day] = goes_on[day] if absent[day - 1] else begins[day]
    return absent


def _absence_stream(officer: Officer) -> str:
    return f"staff/{officer.name}/absence"


def _pairs(intervals: Intervals) -> Iterator[tuple[int, int]]:
    return zip(intervals.start.tolist(), intervals.end.tolist(), strict=True)


def _days(on: NDArray[np.bool_]) -> Intervals:
    """Return the marked days as whole days."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(np.int8)))
    return Intervals.of((edges * DAY_S).reshape(-1, 2))
