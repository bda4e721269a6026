"""Roster groups become officers with duty intervals, less their days of absence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Ints
from sim.calendars import Intervals, IntervalTable, WorkingDays
from sim.engine.contract import DAY_S, Rule, Supply
from sim.process import PoolTable
from sim.scenario import Scenario, Staff, horizon_s, last_day, open_hours, united
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


MOST_PARTS: Final = 1_000_000
"""The largest denominator of a speed that the engine is given."""


def speed_of(group: Staff) -> Fraction:
    """Return speed × share as written in decimals: the work that a second of duty does.

    If the product has more than six decimals, it is the nearest fraction with a denominator of at
    most `MOST_PARTS` (so 1/3, written with all digits that a computer has, is 1/3); it differs from
    the product by less than a millionth of it.
    """
    product = Fraction(repr(float(group.speed))) * Fraction(repr(float(group.share)))
    return product.limit_denominator(MOST_PARTS)


def _team(team: str, group: str, count: int, pools: tuple[int, ...]) -> Iterator[Officer]:
    for number in range(count):
        yield Officer(f"{team}/{number + 1}", team, group, number, pools)


class SupplySource:
    """Builds the supply of a scenario, replication by replication (absence is random)."""

    def __init__(self, scenario: Scenario, pools: PoolTable, working_days: WorkingDays) -> None:
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
        planned = self._planned_duty()
        self._planned_row, plans = self._rows(planned, alone=[False] * len(planned))
        self._calendar, duty = self._rows(planned, alone=[p > 0 for p in self._absence])
        self._planned = DutyByDay.of(duty)
        self._as_planned = self._build(IntervalTable.of(duty), IntervalTable.of(plans))

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
        for officer, row, probability in zip(
            self.officers, self._calendar, self._absence, strict=True
        ):
            if probability > 0:
                draw = streams(_absence_stream(officer)).uniform(self.days)
                absent[row] = (draw < probability) & self.working_days.working
        return replace(self._as_planned, duty=self._planned.without(absent))

    # --- officers ----------------------------------------------------------------------------

    def _officers(self, name: str, group: Staff) -> Iterator[Officer]:
        if isinstance(group.count, Mapping):
            for value, count in sorted(group.count.items()):
                served = tuple(
                    self.pools.of_value(pool, site)
                    for pool in group.serves
                    for site in self._sites(pool, value)
                )
                yield from _team(f"{name}[{value}]", name, count, served)
            return
        served = tuple(n for pool in group.serves for n in self.pools.numbers(pool))
        yield from _team(name, name, group.count, served)

    def _sites(self, pool: str, value: str) -> tuple[str, ...]:
        """Return the values that officers of `value` serve: its sites, or itself without sites."""
        attribute = self.scenario.pools[pool].per
        assert attribute is not None  # checked with the scenario
        return united(self.scenario, attribute).get(value, (value,))

    # --- duty --------------------------------------------------------------------------------

    def _planned_duty(self) -> list[Intervals]:
        """Return the duty of each officer without absence; officers with equal duty share it."""
        known: dict[tuple[str, int], Intervals] = {}
        duty = []
        to_come = Counter(officer.group for officer in self.officers)
        for officer in self.officers:
            group = self.scenario.staff[officer.group]
            left = to_come[officer.group]
            to_come[officer.group] -= 1
            leave = sum(1 << i for i, period in enumerate(group.leave) if left <= period.officers)
            key = (officer.group, leave)
            if key not in known:
                known[key] = self._duty(group, leave)
            duty.append(known[key])
        return duty

    def _duty(self, group: Staff, leave: int) -> Intervals:
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
        leaves = group.last_day is not None and (group.last_day - start).days < self.days
        return duty if leaves else self._going_on(duty)

    def _going_on(self, duty: Intervals) -> Intervals:
        """Add duty past the horizon: else the engine would finish open work without pause."""
        beyond = self.horizon_s + DAY_S
        return Intervals.of([*zip(duty.start, duty.end, strict=True), (beyond, beyond + 1)])

    # --- arrays ------------------------------------------------------------------------------

    def _rows(
        self, planned: Sequence[Intervals], alone: Sequence[bool]
    ) -> tuple[list[int], list[Intervals]]:
        """Return the row of each officer, and the planned duty of each row.

        An officer who may be absent has a row `alone`; others with the same duty share one.
        """
        rows: dict[object, int] = {}
        calendar: list[int] = []
        table: list[Intervals] = []
        for number, duty in enumerate(planned):
            key = number if alone[number] else (duty.start.tobytes(), duty.end.tobytes())
            if key not in rows:
                rows[key] = len(table)
                table.append(duty)
            calendar.append(rows[key])
        return calendar, table

    def _build(self, duty: IntervalTable, planned: IntervalTable) -> Supply:
        groups = [self.scenario.staff[officer.group] for officer in self.officers]
        pools = [self.scenario.pools[pool.declared] for pool in self.pools.pools]
        served = [officer.pools for officer in self.officers]
        # A share of time for this work is modelled as a lower speed.
        speeds = [speed_of(group) for group in groups]
        return Supply(
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
            duty=duty,
            planned=planned,
        )


def _absence_stream(officer: Officer) -> str:
    return f"staff/{officer.name}/absence"


def _days(on: NDArray[np.bool_]) -> Intervals:
    """Return the marked days as whole days."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(np.int8)))
    return Intervals.of((edges * DAY_S).reshape(-1, 2))
