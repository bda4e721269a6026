"""Seconds on duty, and of work, for many officers and instants at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Ints
from sim.calendars import IntervalTable
from sim.engine.contract import NO_OFFICER, OPEN, Schedule, Supply


def duty_until(duty: IntervalTable, row: Ints, t: Ints) -> Ints:
    """Return [n] the seconds of each row's intervals before t; row, t: [n], t ≥ 0."""
    at = duty.first_open(row, t)
    starts = np.append(duty.start, 0)  # so that rows without intervals can be looked up, in vain
    begun = np.where(at < duty.ptr[row + 1], np.maximum(t - starts[at], 0), 0)
    return duty.before[at] - duty.before[duty.ptr[row]] + begun


def duty_before(supply: Supply, edges: Ints) -> Ints:
    """Return [O, E] the seconds that each officer is on duty before each of E instants."""
    row = np.repeat(supply.calendar.astype(np.int64), len(edges))
    return duty_until(supply.duty, row, np.tile(edges, len(supply.calendar))).reshape(
        -1, len(edges)
    )


def own_clocks(supply: Supply, edges: Ints) -> Ints:
    """Return [O, E] what each officer's own clock, see `WorkTimes`, shows at each of E instants."""
    officer = np.repeat(np.arange(len(supply.calendar)), len(edges))
    return _own_clock(supply, officer, np.tile(edges, len(supply.calendar))).reshape(-1, len(edges))


@dataclass(frozen=True, eq=False)
class WorkTimes:
    """When n items were in hand, by the officers' own clocks.

    An officer's own clock runs while an item in hand would be worked on: on duty, and past the last
    duty; of who finishes in hand: always. So the engine's contract has it.
    """

    supply: Supply
    officer: NDArray[np.int32]
    """[n]"""
    start: Ints
    """[n] own seconds."""
    end: Ints
    """[n] own seconds; of an open item at the stop."""

    @classmethod
    def of(cls, supply: Supply, schedule: Schedule, items: Ints) -> WorkTimes:
        """Read the times of items that have begun and have an officer."""
        officer, start, end = schedule.officer[items], schedule.start[items], schedule.end[items]
        if np.any(officer == NO_OFFICER):
            raise ValueError("an item without an officer was not worked on")
        end = np.where(end == OPEN, schedule.stopped_s, end)
        return cls(
            supply, officer, _own_clock(supply, officer, start), _own_clock(supply, officer, end)
        )

    @property
    def seconds(self) -> Ints:
        """[n] for which officers worked on the items."""
        return self.end - self.start

    def within(self, begin: int, until: int) -> Ints:
        """Return [n] the seconds worked within [begin, until); until ≥ begin."""
        low, high = own_clocks(self.supply, np.array([begin, until]))[self.officer].T
        return np.clip(self.end, low, high) - np.clip(self.start, low, high)


def _own_clock(supply: Supply, officer: NDArray[np.integer], t: Ints) -> Ints:
    """Return [n] what the officers' own clocks show at t."""
    row = supply.calendar[officer].astype(np.int64)
    last = supply.duty.ptr[row + 1] - 1
    has_duty = last >= supply.duty.ptr[row]
    closed = np.where(has_duty, np.append(supply.duty.end, 0)[last], 0)
    at_desk = duty_until(supply.duty, row, t) + np.maximum(t - closed, 0)
    return np.where(supply.finishes_in_hand[officer], t, at_desk)
