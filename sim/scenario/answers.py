"""The simulated dates and their legal calendar."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sim.calendars import WorkingDays, working_days
from sim.scenario.schema.model import Scenario

DAY_S: Final = 86_400


def last_day(scenario: Scenario) -> dt.date:
    """Return the last date that a run may reach."""
    return scenario.period.window.last + dt.timedelta(days=int(scenario.period.run_out.value))


def horizon_s(scenario: Scenario) -> int:
    """Return the last instant that a run may reach: the last second of the last day."""
    return ((last_day(scenario) - scenario.period.start).days + 1) * DAY_S - 1


def window_s(scenario: Scenario) -> tuple[int, int]:
    """Return the measured window [first second, first second after it)."""
    start, window = scenario.period.start, scenario.period.window
    return (window.first - start).days * DAY_S, ((window.last - start).days + 1) * DAY_S


def calendar_of(
    scenario: Scenario, first: dt.date | None = None, last: dt.date | None = None
) -> WorkingDays:
    """Return the legal calendar of some dates: by default of the first simulated to the last.

    Raises
    ------
    MissingYearError, UnknownCountryError, ValueError
        As `sim.calendars.working_days`.
    """
    calendar = scenario.calendar
    return working_days(
        calendar.country,
        first or scenario.period.start,
        last or last_day(scenario),
        fallback=calendar.fallback,
        closures=[(closure.first, closure.last) for closure in calendar.closures],
        make_up_days=calendar.make_up_days,
    )
