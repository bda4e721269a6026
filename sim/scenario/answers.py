"""Questions to a scenario: its dates, the attributes of cases, and the effect of its levers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from sim.calendars import (
    Intervals,
    WorkingDays,
    always,
    parse_exceptions,
    parse_week,
    time_zone,
    weekly,
    with_exceptions,
    working_days,
)
from sim.scenario.run_out import DAY_S, last_day
from sim.scenario.schema.arrivals import AttributeShares
from sim.scenario.schema.matters import CaseType
from sim.scenario.schema.model import Scenario, Staff
from sim.scenario.schema.quantities import Duration
from sim.scenario.schema.timing import Hours


def window_s(scenario: Scenario) -> tuple[int, int]:
    """Return the measured window [first second, first second after it)."""
    start, window = scenario.period.start, scenario.period.window
    return (window.first - start).days * DAY_S, ((window.last - start).days + 1) * DAY_S


def calendar_of(
    scenario: Scenario, first: dt.date | None = None, last: dt.date | None = None
) -> WorkingDays:
    """Return the legal calendar, by default from the first simulated date to the last.

    Errors are those of `sim.calendars.working_days`.
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


def place_of(scenario: Scenario) -> ZoneInfo | None:
    """Return the time zone of the place that is simulated; None if it is not known."""
    return time_zone(scenario.calendar.country, scenario.calendar.time_zone)


def open_hours(scenario: Scenario, name: str, calendar: WorkingDays | None = None) -> Intervals:
    """Return when the hours of this name are open on the dates of a calendar.

    Parameters
    ----------
    name
        A name under `hours`.
    calendar
        By default that of the simulated dates, see `calendar_of`.

    Returns
    -------
    Intervals
        In seconds from midnight of the calendar's first date; nothing is open outside its dates.
    """
    hours, dates = scenario.hours[name], calendar_of(scenario) if calendar is None else calendar
    if hours.week is not None:
        opening = weekly(parse_week(hours.week), dates, open_on_holidays=hours.holidays == "open")
    elif hours.intervals is not None:
        midnight = dt.datetime.combine(dates.origin, dt.time())
        opening = Intervals.of(
            (_seconds(stretch.begin - midnight), _seconds(stretch.end - midnight))
            for stretch in hours.intervals
        ).clip(0, len(dates) * DAY_S)
    else:
        opening = always(len(dates))
    return with_exceptions(opening, parse_exceptions(hours.exceptions or {}), dates)


def has_backlog(scenario: Scenario, case_type: str) -> bool:
    """Whether cases of this type may be open at the start."""
    backlog = scenario.backlog
    return case_type in backlog.generate if backlog.generate else backlog.stated


def in_hours(amount: Duration, hours: Hours) -> float | None:
    """Return an amount in hours; None if it cannot be told.

    Working days are so many normal days of the office, if it is open equally long on every weekday
    from Monday to Friday: half a day of eight hours is four hours.
    """
    if amount.unit in {"s", "min", "h"}:
        return amount.seconds / 3600
    lengths = set(_weekday_hours(hours))
    return amount.value * lengths.pop() if amount.unit == "wd" and len(lengths) == 1 else None


def normal_day_h(hours: Hours) -> float | None:
    """Return the hours of most days from Monday to Friday; None for dated intervals."""
    of_weekdays = Counter(_weekday_hours(hours))
    return of_weekdays.most_common(1)[0][0] if of_weekdays else None


def _weekday_hours(hours: Hours) -> list[float]:
    """Return the open hours from Monday to Friday; [] for dated intervals."""
    if hours.always:
        return [24.0]
    if hours.week is None:
        return []
    week = parse_week(hours.week)
    return [sum(end - start for start, end in week.get(day, ())) / 3600 for day in range(5)]


def _seconds(span: dt.timedelta) -> int:
    return span.days * DAY_S + span.seconds


CHANNEL: Final = "channel"
"""The attribute for the channel of a case; its values are `online` and `window`."""


def attributes_of(scenario: Scenario, case_type: CaseType) -> Mapping[str, AttributeShares]:
    """Return the attributes of a case type, with the channel if some cases come in online."""
    share = scenario.handling.online_share
    if share == 0 or not case_type.matters:
        return case_type.attributes
    channel = AttributeShares(shares={"online": share, "window": 1 - share})
    return {**case_type.attributes, CHANNEL: channel}


def values_of(scenario: Scenario, attribute: str) -> list[str]:
    """Return the values of an attribute in all case types, sorted."""
    every = [attributes_of(scenario, case_type) for case_type in scenario.case_types.values()]
    shares = [set(known[attribute].shares) for known in every if attribute in known]
    return sorted(set().union(*shares))


def united(scenario: Scenario, attribute: str) -> dict[str, tuple[str, ...]]:
    """Return name → values that reports count together: a site group, or one value; sorted."""
    sites = {
        name: values
        for case_type in scenario.case_types.values()
        if attribute in case_type.attributes
        for name, values in case_type.attributes[attribute].sites.items()
    }
    in_sites = {value for values in sites.values() for value in values}
    alone = {value: (value,) for value in values_of(scenario, attribute) if value not in in_sites}
    return dict(sorted((alone | sites).items()))


def single_window(scenario: Scenario, case_type: CaseType) -> bool:
    """Whether one window takes in all matters of a stage."""
    handling = scenario.handling
    return handling.integrated_startup if case_type.levers == "startup" else handling.one_window


def in_parallel(scenario: Scenario, case_type: CaseType) -> bool:
    """Whether only true dependencies order the matters."""
    handling = scenario.handling
    startup = case_type.levers == "startup"
    return handling.integrated_startup if startup else handling.parallel_approval


def joint_meeting(scenario: Scenario, case_type: CaseType) -> bool:
    """Whether joint review meetings are held."""
    return in_parallel(scenario, case_type) and scenario.handling.joint_meeting


def known_parts(case_type: CaseType) -> dict[str, object]:
    """Return the parts of a case type by name: matters and stages, or steps."""
    return {**case_type.stages, **case_type.matters, **case_type.steps}


MOST_PARTS: Final = 1_000_000
"""The largest denominator of a speed that the engine is given."""


def speed_of(group: Staff) -> Fraction:
    """Return speed × share as written in decimals: the work that a second of duty does.

    If the product has more than six decimals, it is the nearest fraction with a denominator of at
    most `MOST_PARTS` (so 1/3, written with all digits that a computer has, is 1/3); it differs from
    the product by less than a millionth of it.
    """
    product = Fraction(repr(float(group.speed))) * Fraction(repr(float(group.share)))
    return product.limit_denominator(MOST_PARTS)
