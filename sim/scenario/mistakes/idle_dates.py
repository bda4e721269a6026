"""Dates that change nothing, as nothing is simulated on them: a slip in the year, perhaps."""

from __future__ import annotations

from collections.abc import Iterator

from sim.calendars import parse_exceptions
from sim.scenario.run_out import last_day
from sim.scenario.schema.model import Scenario


def exceptions_outside(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield (name of hours, dates as written) for exceptions outside the simulated dates."""
    first, last = scenario.period.start, last_day(scenario)
    for name, hours in scenario.hours.items():
        for key, written in (hours.exceptions or {}).items():
            (dated,) = parse_exceptions({key: written})
            if dated.last < first or dated.first > last:
                yield name, key
