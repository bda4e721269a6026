"""Seconds of duty and of work, for many officers and instants at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Ints
from sim.calendars import IntervalTable
from sim.engine.contract import OPEN, Parts, Schedule, Supply
from sim.engine.parts import all_parts


def duty_until(duty: IntervalTable, row: Ints, t: Ints) -> Ints:
    """Return [n] the seconds of each row's intervals before t; row, t: [n], t ≥ 0."""
    at = duty.first_open(row, t)
    starts = np.append(duty.start, 0)  # padded, so that rows without intervals can be indexed
    begun = np.where(at < duty.ptr[row + 1], np.maximum(t - starts[at], 0), 0)
    return duty.before[at] - duty.before[duty.ptr[row]] + begun


def duty_before(supply: Supply, edges: Ints) -> Ints:
    """Return [O, E] the seconds that each officer is on duty before each of E instants."""
    row = np.repeat(supply.calendar.astype(np.int64), len(edges))
    return duty_until(supply.duty, row, np.tile(edges, len(supply.calendar))).reshape(
        -1, len(edges)
    )


def overtime_before(supply: Supply, edges: Ints) -> Ints:
    """Return [O, E] the seconds of overtime that each officer has before each of E instants."""
    officers = len(supply.calendar)
    if supply.conditions is None:
        return np.zeros((officers, len(edges)), np.int64)
    row = np.repeat(supply.calendar.astype(np.int64), len(edges))
    at = np.tile(edges, officers)
    return duty_until(supply.conditions.overtime, row, at).reshape(-1, len(edges))


def own_clocks(supply: Supply, edges: Ints) -> Ints:
    """Return [O, E] the reading of each officer's own clock (see `WorkTimes`) at E instants."""
    officer = np.repeat(np.arange(len(supply.calendar)), len(edges))
    return _own_clock(supply, officer, np.tile(edges, len(supply.calendar))).reshape(-1, len(edges))


@dataclass(frozen=True, eq=False)
class WorkTimes:
    """The times of n parts of work, on the officers' own clocks.

    An officer's own clock runs while an item in hand is worked on by the engine's contract: on duty
    and past the last duty; for an officer who finishes in hand, always.
    """

    supply: Supply
    parts: Parts
    """[n] the item, the officer, and the times on the calendar; the stop for what is in hand."""
    start: Ints
    """[n] seconds on the officer's own clock at the start."""
    end: Ints
    """[n] seconds on the officer's own clock at the end; at the stop for an open item."""

    @classmethod
    def of(cls, supply: Supply, schedule: Schedule) -> WorkTimes:
        """Read the times of all work that has begun."""
        parts = all_parts(schedule)
        end = np.where(parts.end == OPEN, schedule.stopped_s, parts.end)
        return cls(
            supply,
            replace(parts, end=end),
            _own_clock(supply, parts.officer, parts.start),
            _own_clock(supply, parts.officer, end),
        )

    @property
    def item(self) -> Ints:
        """[n] the item of each part."""
        return self.parts.item

    @property
    def officer(self) -> NDArray[np.int32]:
        """[n] the officer who had the item in hand."""
        return self.parts.officer

    @property
    def seconds(self) -> Ints:
        """[n] seconds of work of each part."""
        return self.end - self.start

    def in_overtime(self, begin: int, until: int) -> Ints:
        """Return [n] the seconds of overtime worked within [begin, until); until ≥ begin."""
        if self.supply.conditions is None:
            return np.zeros(len(self.item), np.int64)
        overtime = self.supply.conditions.overtime
        row = self.supply.calendar[self.officer].astype(np.int64)
        first, last = (
            duty_until(overtime, row, np.clip(t, begin, until))
            for t in (self.parts.start, self.parts.end)
        )
        return last - first

    def within(self, begin: int, until: int) -> Ints:
        """Return [n] the seconds worked within [begin, until); until ≥ begin."""
        low, high = own_clocks(self.supply, np.array([begin, until]))[self.officer].T
        return np.clip(self.end, low, high) - np.clip(self.start, low, high)


def _own_clock(supply: Supply, officer: NDArray[np.integer], t: Ints) -> Ints:
    """Return [n] the readings of the officers' own clocks at t."""
    row = supply.calendar[officer].astype(np.int64)
    last = supply.duty.ptr[row + 1] - 1
    has_duty = last >= supply.duty.ptr[row]
    closed = np.where(has_duty, np.append(supply.duty.end, 0)[last], 0)
    at_desk = duty_until(supply.duty, row, t) + np.maximum(t - closed, 0)
    return np.where(supply.finishes_in_hand[officer], t, at_desk)
