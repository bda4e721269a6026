"""What the cases of a backlog bring along: days on their clocks before the first simulated day.

Days before the first simulated day have negative numbers: -1 is the day before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.calendars import working_days
from sim.engine.contract import DAY_S
from sim.scenario import Scenario

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NOT_YET = 1
"""Instead of a day before the first simulated one: it has not happened by then."""


class Past:
    """The legal calendar of the days before the first simulated one."""

    def __init__(self, scenario: Scenario, first: dt.date) -> None:
        """Cover `first` and all later days; raises as `sim.calendars.working_days` does."""
        calendar, start = scenario.calendar, scenario.period.start
        first = min(first, start - dt.timedelta(days=1))
        days = working_days(
            calendar.country,
            first,
            start - dt.timedelta(days=1),
            fallback=calendar.fallback,
            closures=[(closure.first, closure.last) for closure in calendar.closures],
            make_up_days=calendar.make_up_days,
        )
        self.stamps = days.stamps
        self.working: Bools = days.working
        """The last is day -1, so that a day's number finds it."""
        self._after: Ints = days.cumulative[-1] - days.cumulative

    def count(self, day: Ints) -> Ints:
        """Return the working days in (day, -1]."""
        return self._after[day]

    def nth_before(self, n: Ints) -> Ints:
        """Return the last working day after which n more follow up to day -1."""
        newest_first = np.flatnonzero(self.working)[::-1] - len(self.working)
        return newest_first[n]

    def working_seconds(self, t: Ints) -> Ints:
        """Return the seconds of working days between instant t < 0 and second 0."""
        day = t // DAY_S
        rest = np.where(self.working[day], DAY_S - t % DAY_S, 0)
        return self._after[day] * DAY_S + rest


@dataclass(frozen=True, eq=False)
class Carried:
    """The cases of one case type that were open at the start; B cases, M matters.

    An open network has one matter without a name.
    """

    case: Ints
    """[B] case numbers, ascending."""
    name: tuple[str, ...]
    """[B] their names in the backlog."""
    submitted_s: Ints
    """[B] instant of submission, before second 0."""
    matters: tuple[str, ...]
    has_acceptance: Bools
    """[M] it is accepted at a window or counter (a publicity period is not)."""
    has_decision: Bools
    """[M] it is decided (a publicity period is not)."""
    missing: Bools
    """[B, M] the case does not have the matter."""
    handed_in: Ints
    """[B, M] the day, or NOT_YET."""
    running: Ints
    """[B, M] the day on which the matter's clock started, or NOT_YET."""
    decided: Bools
    """[B, M] decided before second 0."""
    paused: Mapping[str, Ints]
    """Clock → [B] working days since its start, up to day -1, that did not count."""
    past: Past

    def started(self, matters: Collection[str] | None, *, by_acceptance: bool) -> Ints:
        """Return [B] the day on which the clocks of a scope started, or NOT_YET.

        As for any case: the first acceptance (or submission) in the scope starts them; where the
        scope knows none, the first step.
        """
        scope = self._scope(matters)
        day = (self.running if by_acceptance else self.handed_in)[:, scope]
        present: Bools = ~self.missing[:, scope]
        accepted: Bools = present & self.has_acceptance[scope]
        starts = np.where(np.any(accepted, axis=1)[:, None], accepted, present)
        first: Ints = np.where(starts, day, NOT_YET).min(axis=1, initial=NOT_YET)
        return first

    def used_wd(self, clock: str, started: Ints) -> Ints:
        """Return [B] the working days on a clock in the morning of day 0; 0 if it has not started.

        What has been paused is known for one scope; of a scope that began later, no clock shows
        less than nothing.
        """
        days = self.past.count(np.minimum(started, -1)) - self.paused[clock]
        return np.where(started == NOT_YET, 0, np.maximum(days, 0))

    def is_decided(self, matters: Collection[str] | None) -> Bools:
        """Return [B]: all decisions of a scope were taken before second 0."""
        scope = self._scope(matters)
        has: Bools = ~self.missing[:, scope] & self.has_decision[scope]
        undecided = has & ~self.decided[:, scope]
        return np.asarray(np.any(has, axis=1) & ~np.any(undecided, axis=1))

    def any_decided(self, matters: Collection[str] | None) -> Bools:
        """Return [B]: some decision of a scope was taken before second 0."""
        scope = self._scope(matters)
        return np.asarray(np.any(self.decided[:, scope], axis=1))

    def _scope(self, matters: Collection[str] | None) -> Bools:
        return np.array([matters is None or name in matters for name in self.matters], bool)
