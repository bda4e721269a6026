"""The run-out: how long a run may go on after the window, for the measured cases to end."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from itertools import takewhile
from typing import Final, TypeAlias

from sim.calendars import last_known_year
from sim.scenario.schema.arrivals import MAX_CASES, Arrivals, Yearly
from sim.scenario.schema.model import Scenario
from sim.scenario.schema.quantities import Duration

KeyPath: TypeAlias = tuple[str | int, ...]

DAY_S: Final = 86_400
LENGTHS: Final = (120, 240, 480, 960, 1826)
"""Calendar days that a run-out may have where the scenario states none; the last is five years."""
PATIENCE: Final = 240
"""Calendar days from which on it is enough that every measured case is decided; before, a run goes
on until each has ended, so that the days of late cases are known."""


def run_outs(scenario: Scenario) -> tuple[int, ...]:
    """Return the run-outs that a replication may need, in calendar days, ascending.

    A replication takes the first that is long enough for its cases. A stated run-out is the only
    one. Else none goes beyond the published working days, nor, but for the first, beyond the date
    up to which `MAX_CASES` cases may be expected.
    """
    period, calendar = scenario.period, scenario.calendar
    if period.run_out is not None:
        return (int(period.run_out.value),)
    known = last_known_year(calendar.country, calendar.fallback)
    last = period.window.last
    most = LENGTHS[-1] if known is None else max((dt.date(known, 12, 31) - last).days, 0)
    first, *longer = sorted({min(days, most) for days in LENGTHS})

    def few_cases(days: int) -> bool:
        reached = last + dt.timedelta(days=days)
        return all(cases <= MAX_CASES for _, cases in expected_cases(scenario, reached))

    return (first, *takewhile(few_cases, longer))


def with_run_out(scenario: Scenario, days: int) -> Scenario:
    """Return the scenario with this run-out stated, in calendar days."""
    period = scenario.period.model_copy(update={"run_out": Duration(days, "cd")})
    return scenario.model_copy(update={"period": period})


def last_day(scenario: Scenario) -> dt.date:
    """Return the last date of the run-out that is stated; else, of the shortest."""
    return scenario.period.window.last + dt.timedelta(days=run_outs(scenario)[0])


def horizon_s(scenario: Scenario) -> int:
    """Return the last second of `last_day`."""
    return ((last_day(scenario) - scenario.period.start).days + 1) * DAY_S - 1


# --- expected cases ------------------------------------------------------------------------------


def expected_cases(scenario: Scenario, last: dt.date) -> Iterator[tuple[KeyPath, float]]:
    """Yield the cases expected up to a date in every stream of arrivals, and where it is written.

    Listed and recorded arrivals count as 0, since they are given.
    """
    for path, arrivals in streams_of_arrivals(scenario):
        if arrivals.yearly is not None:
            yield (*path, "yearly"), arrivals.factor * _yearly(arrivals.yearly, scenario, last)
        elif arrivals.every is not None:
            gap_s, limit = arrivals.every.gap.mean_s, arrivals.every.limit
            days = (last - scenario.period.start).days + 1
            cases = days * arrivals.factor * DAY_S / gap_s if gap_s > 0 else math.inf
            yield (*path, "every"), cases if limit is None else min(cases, limit)


def streams_of_arrivals(scenario: Scenario) -> Iterator[tuple[KeyPath, Arrivals]]:
    """Yield every stream of arrivals, with the place where it is written."""
    for name, case_type in scenario.case_types.items():
        yield ("case_types", name, "arrivals"), case_type.arrivals
        for more, arrivals in case_type.more_arrivals.items():
            yield ("case_types", name, "more_arrivals", more), arrivals


def _yearly(spec: Yearly, scenario: Scenario, end: dt.date) -> float:
    """Return the expected cases of the simulated part of all years, with surges."""
    start = scenario.period.start
    total = 0.0
    for year in range(start.year, end.year + 1):
        first = max(start, dt.date(year, 1, 1))
        last = min(end, dt.date(year, 12, 31))
        daily = spec.expected(year, scenario.period.window.first.year) / 365
        total += daily * ((last - first).days + 1)
        for surge in spec.surges:
            overlap = (min(surge.dates.last, last) - max(surge.dates.first, first)).days + 1
            total += daily * max(overlap, 0) * max(surge.factor - 1, 0)
    return total
