"""The hours of officers from their stamps."""

from __future__ import annotations

import datetime as dt

import numpy as np

from sim.calendars import working_days
from sim.fitting.hours import hours_of


def test_work_that_mostly_begins_at_the_opening_hides_no_hours() -> None:
    """Who begins in the morning what came overnight has most stamps in the first half hour."""
    days = working_days("CN", dt.date(2021, 1, 1), dt.date(2021, 12, 31))
    rng = np.random.default_rng(3)
    dates = np.flatnonzero(days.working & (days.weekday < 5))[:100]
    early = dates * 86_400 + 8 * 3600 + 1800 + rng.integers(0, 60, 100)
    slots = np.array([*range(17, 24), *range(27, 35)])  # 8:30-12:00 13:30-17:30
    later = rng.choice(dates, 120) * 86_400 + rng.choice(slots, 120) * 1800 + 900
    week = hours_of(np.concatenate([np.repeat(early, 4), later]), days, has_hours=True)
    assert week.week == (("mon-fri", "8:30-12:00 13:30-17:30"),)
