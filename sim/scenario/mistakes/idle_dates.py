"""Dates that change nothing, as nothing is simulated on them: a slip in the year, perhaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sim.calendars import parse_exceptions
from sim.scenario.run_out import run_outs
from sim.scenario.schema.model import Scenario


def may_be_simulated(scenario: Scenario) -> tuple[dt.date, dt.date]:
    """Return the first and the last date that a run may reach, with its longest run-out."""
    last = scenario.period.window.last + dt.timedelta(days=run_outs(scenario)[-1])
    return scenario.period.start, last


def exceptions_outside(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield (name of hours, dates as written) for exceptions on which nothing can happen."""
    first, last = may_be_simulated(scenario)
    for name, hours in scenario.hours.items():
        for key, written in (hours.exceptions or {}).items():
            (dated,) = parse_exceptions({key: written})
            if dated.last < first or dated.first > last:
                yield name, key
