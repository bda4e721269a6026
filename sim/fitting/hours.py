"""When officers work, from their stamps: weekdays, and stretches of half hours.

A half hour counts as worked if it holds a tenth of what each of the busiest quarter of the half
hours holds. Their mean would not do: who begins in the morning what came overnight has most of the
stamps in one half hour. Make-up days (调休) are left out: a Saturday that is worked in the place of
a Monday is none on which officers work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.arrays import Ints
from sim.calendars import Intervals, WorkingDays, parse_week, weekly
from sim.fitting.arrivals import DAY_S, SLOT_S, clock, runs_of

USUAL: Final = "8:30-12:00 13:30-17:30"
FEW: Final = 40
"""Stamps below which the usual hours are assumed."""
_PART: Final = 0.1
_NAMES: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Week:
    """Weekly hours as a scenario has them."""

    week: tuple[tuple[str, str], ...]
    """Weekdays and hours."""
    n: int
    """Stamps behind them; 0: assumed."""

    def intervals(self, days: WorkingDays) -> Intervals:
        """Return the seconds of duty on the dates of a calendar."""
        return weekly(parse_week(dict(self.week)), days)


ASSUMED: Final = Week((("mon-fri", USUAL),), 0)


def hours_of(stamps: Ints, days: WorkingDays, *, has_hours: bool) -> Week:
    """Return the hours that stamps of officers show.

    `stamps`: seconds from the midnight of day 0 in which officers were at work. A stamp that ends
    work belongs to the second before it: what ends at 17:00 sharp opens no half hour after 17:00.
    """
    if not has_hours or len(stamps) < FEW:
        return ASSUMED
    day = np.clip(stamps // DAY_S, 0, len(days) - 1)
    regular = ~days.make_up[day]
    weekday = np.bincount(days.weekday[day[regular]], minlength=7)
    worked = [w for w in range(7) if weekday[w] >= _PART * max(weekday.max(), 1)]
    here = regular & np.isin(days.weekday[day], worked)
    slots = np.bincount(stamps[here] % DAY_S // SLOT_S, minlength=DAY_S // SLOT_S)
    some = slots[slots > 0]
    busy = np.sort(some)[::-1][len(some) // 4] if len(some) else 0
    runs = runs_of(slots >= max(_PART * busy, 1.5))
    if not runs or not worked:
        return ASSUMED
    text = " ".join(f"{clock(a * SLOT_S)}-{clock(b * SLOT_S)}" for a, b in runs)
    return Week(tuple((span, text) for span in _spans(worked)), len(stamps))


def _spans(worked: list[int]) -> list[str]:
    """Return weekdays as a scenario has them: mon-fri, sun."""
    inside = np.zeros(7, np.bool_)
    inside[worked] = True
    return [_NAMES[a] if b == a + 1 else f"{_NAMES[a]}-{_NAMES[b - 1]}" for a, b in runs_of(inside)]
