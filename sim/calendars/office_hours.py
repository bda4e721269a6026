"""Office hours: what is written of a week and of single dates becomes intervals of seconds.

The whole rule stands here:

1. A public holiday, or a date of a closure, has no hours; with `holidays: open` it has those of its
   weekday.
2. Every other date has the hours of its weekday, an ordinary Saturday or Sunday like any other.
3. A make-up day (调休) has, beside these, the hours of the first weekday from Monday on, if every
   weekday has some: a committee that meets on Tuesdays does not meet on make-up days.
4. A dated exception says all the hours of its dates, whatever 1 to 3 say.

Steps 1 to 3 only unite written stretches, and in 3 the first weekday is the same for every
pattern. So one stretch more, in the week or in an exception, never closes anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from sim.calendars.intervals import Intervals, Seconds
from sim.calendars.working_days import DAY_S, Days, WorkingDays
from sim.calendars.written_hours import DatedHours, Stretches


def always(days: int) -> Intervals:
    """Return the one interval that covers days 0 … days - 1: open day and night."""
    return Intervals.of([(0, days * DAY_S)])


def working_day_intervals(calendar: WorkingDays) -> Intervals:
    """Return the whole of every working day, in seconds from midnight of day 0.

    A random delay in working days elapses in these intervals, 86,400 seconds a day.
    """
    return Intervals.of(_on(np.flatnonzero(calendar.working), [(0, DAY_S)]))


def weekly(
    week: Mapping[int, Stretches], calendar: WorkingDays, *, open_on_holidays: bool = False
) -> Intervals:
    """Return when a weekly pattern is open on the dates of a calendar: rules 1 to 3 above.

    `week`: weekday (0 = Monday) to its stretches, as `parse_week` returns it.
    """
    open_by_week = ~calendar.holiday | open_on_holidays
    opening = [
        _on(np.flatnonzero(open_by_week & (calendar.weekday == weekday)), stretches)
        for weekday, stretches in week.items()
    ]
    weekdays = [weekday for weekday in range(7) if weekday not in calendar.rest]
    if weekdays and all(week.get(weekday) for weekday in weekdays):
        opening.append(_on(np.flatnonzero(calendar.make_up), week[weekdays[0]]))
    return _united(opening)


def with_exceptions(
    opening: Intervals, exceptions: Iterable[DatedHours], calendar: WorkingDays
) -> Intervals:
    """Return the opening with the hours of the exceptions on their dates: rule 4 above.

    Dates outside the calendar have no effect. No date may be in two exceptions.
    """
    dated, hours = [], []
    for exception in exceptions:
        first = max((exception.first - calendar.origin).days, 0)
        last = min((exception.last - calendar.origin).days, len(calendar) - 1)
        days = np.arange(first, max(last + 1, first))
        dated.append(_on(days, [(0, DAY_S)]))
        hours.append(_on(days, exception.stretches))
    left = opening.minus(_united(dated))
    return _united([np.stack((left.start, left.end), axis=1), *hours])


def _on(days: Days, stretches: Stretches) -> Seconds:
    """Return [n, 2] the stretches on each of the days."""
    of_day = np.array(stretches, dtype=np.int64).reshape(1, -1, 2)
    return (days[:, np.newaxis, np.newaxis] * DAY_S + of_day).reshape(-1, 2)


def _united(pairs: Iterable[Seconds]) -> Intervals:
    return Intervals.of(np.concatenate([np.empty((0, 2), dtype=np.int64), *pairs]))
