"""The number of cases that a scenario makes; too many are refused before they are simulated."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import Final

from sim.scenario.answers import last_day
from sim.scenario.errors import Problem
from sim.scenario.origin import KeyPath, Tree
from sim.scenario.schema.arrivals import Arrivals, Renewal, Yearly
from sim.scenario.schema.model import Scenario

MAX_CASES: Final = 1_000_000
"""Cases of one type in one replication; a thousand times what a large city handles in a year."""


def too_many_cases(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield a problem for every stream of arrivals with more than `MAX_CASES` expected cases."""
    days = (last_day(scenario) - scenario.period.start).days + 1
    for path, arrivals in streams_of_arrivals(scenario):
        way, expected = _expected(arrivals, scenario, days)
        if expected > MAX_CASES:
            at: KeyPath = (*path, way)
            shown = f"{expected:,.0f}" if expected < 1e12 else "far more than a million million"
            rule = f"{shown} cases would arrive in {days:,} days; at most {MAX_CASES:,} can"
            yield tree.problem(at, rule, show_value=False)


def streams_of_arrivals(scenario: Scenario) -> Iterator[tuple[KeyPath, Arrivals]]:
    """Yield every stream of arrivals, with the place where it is written."""
    for name, case_type in scenario.case_types.items():
        yield ("case_types", name, "arrivals"), case_type.arrivals
        for more, arrivals in case_type.more_arrivals.items():
            yield ("case_types", name, "more_arrivals", more), arrivals


def _expected(arrivals: Arrivals, scenario: Scenario, days: int) -> tuple[str, float]:
    if arrivals.yearly is not None:
        return "yearly", arrivals.factor * _yearly(arrivals.yearly, scenario)
    if arrivals.every is not None:
        return "every", _renewal(arrivals.every, days * arrivals.factor)
    return "at", 0.0  # listed one by one


def _yearly(spec: Yearly, scenario: Scenario) -> float:
    """Add up the years, each as far as it is simulated, and every surge at a daily mean."""
    start, end = scenario.period.start, last_day(scenario)
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


def _renewal(spec: Renewal, days: float) -> float:
    mean_s = spec.gap.mean_s
    unlimited = days * 86_400 / mean_s if mean_s > 0 else math.inf
    return min(unlimited, math.inf if spec.limit is None else spec.limit)
