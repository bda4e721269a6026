"""Working days as the law counts them, office hours as intervals, and the arithmetic on both.

Do not confuse the two calendars: `WorkingDays` counts *dates* (legal limits and clocks),
`Intervals` measures *seconds* (duty and continuous delays). Day 0 is the first simulated
day and second 0 its local midnight; there are no time zones, so every day has 86,400 seconds.
Importing this package loads numpy only; the national calendars are loaded when first asked for.
"""

from sim.calendars.intervals import Intervals, IntervalTable
from sim.calendars.national import (
    Fallback,
    MissingYearError,
    UnknownCountryError,
    last_known_year,
)
from sim.calendars.office_hours import always, weekly, with_exceptions, working_day_intervals
from sim.calendars.time_zones import NO_PLACE, time_zone, time_zone_names
from sim.calendars.working_days import CalendarRangeError, WorkingDays, working_days
from sim.calendars.written_hours import HoursError, parse_exceptions, parse_hours, parse_week

__all__ = [
    "NO_PLACE",
    "CalendarRangeError",
    "Fallback",
    "HoursError",
    "IntervalTable",
    "Intervals",
    "MissingYearError",
    "UnknownCountryError",
    "WorkingDays",
    "always",
    "last_known_year",
    "parse_exceptions",
    "parse_hours",
    "parse_week",
    "time_zone",
    "time_zone_names",
    "weekly",
    "with_exceptions",
    "working_day_intervals",
    "working_days",
]
