"""What officers cost: their posts by the year, and an hour of their overtime."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.arrays import Floats
from sim.scenario import Scenario, Staff

PAID_H: Final = 12 * 21.75 * 8
"""Paid hours of a year: 21.75 days a month (劳社部发〔2008〕3号), 8 hours a day."""


@dataclass(frozen=True, eq=False)
class Prices:
    """The roster groups of a scenario, in its order, and what they cost; G groups."""

    groups: tuple[str, ...]
    years: float
    """Length of the measured window."""
    officers: Floats
    """[G] officers on the roster, mean over the window."""
    post: Floats
    """[G] yuan a year of an officer, for the share of the time for this work; NaN: not given."""
    overtime_h: Floats
    """[G] yuan of an hour of overtime; 0 without overtime, NaN: not given."""

    @property
    def posts(self) -> Floats:
        """[G] yuan a year of all posts of a group; NaN: not given."""
        return self.officers * self.post


def has_costs(scenario: Scenario) -> bool:
    """Tell whether a scenario says of any officer what he costs."""
    return any(
        group.cost is not None or (group.overtime is not None and group.overtime.cost is not None)
        for group in scenario.staff.values()
    )


def prices_of(scenario: Scenario) -> Prices:
    """Return what the officers of a scenario cost."""
    window = scenario.period.window
    years = years_between(window.first, window.last)
    groups = scenario.staff.values()
    return Prices(
        groups=tuple(scenario.staff),
        years=years,
        officers=np.array(
            [
                _count(group) * years_between(*_on_roster(group, window.first, window.last)) / years
                for group in groups
            ]
        ),
        post=np.array([post_cost(group) for group in groups]),
        overtime_h=np.array([_overtime_h(group) for group in groups]),
    )


def post_cost(group: Staff) -> float:
    """Return the yuan a year of an officer, for the share of the time for this work, or NaN."""
    return np.nan if group.cost is None else group.cost.value * group.share


def years_between(first: dt.date, last: dt.date) -> float:
    """Return the years from a date to another, both included; a calendar year is 1. 0: none."""
    years = 0.0
    for year in range(first.year, last.year + 1):
        begin, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
        days = (min(end, last) - max(begin, first)).days + 1
        years += max(days, 0) / ((end - begin).days + 1)
    return years


def _on_roster(group: Staff, first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    return max(group.first_day or first, first), min(group.last_day or last, last)


def _count(group: Staff) -> int:
    return sum(group.count.values()) if isinstance(group.count, Mapping) else group.count


def _overtime_h(group: Staff) -> float:
    if group.overtime is None:
        return 0.0
    if group.overtime.cost is not None:
        return group.overtime.cost.value
    if group.overtime.cost_factor is None or group.cost is None:
        return np.nan
    return group.overtime.cost_factor * group.cost.value / PAID_H
