"""The days before the first simulated one. They have negative numbers: -1 is the day before it."""

from __future__ import annotations

import datetime as dt

import numpy as np

from sim.arrays import Bools, Ints
from sim.calendars import MissingYearError
from sim.engine.contract import DAY_S
from sim.scenario import Problem, Scenario, ScenarioError, calendar_of
from sim.translation import tr

NOT_YET = 1
"""Stands for a day before the first simulated one: the event has not happened yet."""
OLDEST_YEARS = 40
"""Greatest age of an open case; an older one is taken for a mistake."""
OLDEST_S = OLDEST_YEARS * 366 * DAY_S


class Past:
    """The legal calendar of the days before the first simulated one."""

    def __init__(self, scenario: Scenario, first: dt.date) -> None:
        """Cover `first` and all later days; raises as `sim.scenario.calendar_of` does."""
        yesterday = scenario.period.start - dt.timedelta(days=1)
        days = calendar_of(scenario, min(first, yesterday), yesterday)
        self.working: Bools = days.working
        """[D] whether the day is a working day; the last is day -1, so day numbers index it."""
        self._after: Ints = days.cumulative[-1] - days.cumulative

    def count(self, day: Ints) -> Ints:
        """Return the number of working days in (day, -1]."""
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


def reaching_back(scenario: Scenario, working_days: int) -> Past:
    """Return a past with a working day that `working_days` more follow.

    ScenarioError if that is too long ago, or no calendar is known for it.
    """
    rule = tr(
        "an age of {working_days:,} wd lies more than {oldest_years} years back",
        working_days=working_days,
        oldest_years=OLDEST_YEARS,
    )
    for years in range(1, OLDEST_YEARS + 1):
        try:
            past = Past(scenario, scenario.period.start - dt.timedelta(days=366 * years))
        except MissingYearError as error:
            rule = tr("reaches back too far: {error}", error=error)
            break
        if past.working.sum() > working_days:
            return past
    origin = scenario.provenance.origin
    raise ScenarioError([Problem(rule, origin, None, "backlog.generate")])
