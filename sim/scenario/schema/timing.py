"""Dates, the legal working-day calendar, and office hours in a scenario."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from sim.calendars import HoursError, parse_exceptions, parse_week, time_zone_names
from sim.calendars.written_hours import DATES_PATTERN, HOURS_PATTERN, WEEKDAYS_PATTERN
from sim.scenario.errors import nearest
from sim.scenario.origin import KeyPath
from sim.scenario.schema.base import (
    Block,
    Date,
    DateTime,
    Flag,
    Labelled,
    Word,
    refusal,
    refusals,
    require,
    short_form,
)
from sim.scenario.schema.quantities import Duration
from sim.translation import tr

FIRST_YEAR, LAST_YEAR = 1900, 2200
MAX_YEARS = 40


class DateRange(Block):
    """Dates from `from` to `to`, both included."""

    first: Date = Field(alias="from")
    """First date."""
    last: Date = Field(alias="to")
    """Last date."""

    model_config = short_form(type="string", format="date")

    @model_validator(mode="before")
    @classmethod
    def _single_date(cls, value: Any) -> Any:
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return {"from": value, "to": value}
        if not isinstance(value, dict | DateRange):
            rule = tr("must be a date such as 2021-03-01, or {from: 2021-03-01, to: 2021-06-30}")
            raise refusal(rule)
        return value

    def _check(self) -> None:
        require(self.first <= self.last, tr("'from' must not lie after 'to'"))


class Calendar(Block):
    """The working days and their counting."""

    country: Word = "CN"
    """CN; another country code (NL, DE-BY); `weekdays` (no holidays) or `everyday`."""
    fallback: Literal["error", "statutory"] = "error"
    """For a year without published data: an error, or statutory holidays without make-up days, as
    an assumption on every output."""
    closures: tuple[DateRange, ...] = ()
    """Further dates that are not working days (a standstill, a local holiday)."""
    make_up_days: tuple[Date, ...] = ()
    """Further dates that are working days."""
    time_zone: Word | None = None
    """Time zone of the place, as in `Europe/Amsterdam`, by which times with an offset from UTC
    become local ones; default: that of the country, if it has only one and we know it."""
    count_start_day: Flag = False
    """Whether the day on which a clock starts counts (Civil Code art. 201: it does not)."""

    def _check(self) -> None:
        slips: list[tuple[KeyPath, str]] = [
            (
                ("make_up_days", number),
                tr(
                    "{day} is in calendar.closures.{place}, too; a date is either closed "
                    "or made up",
                    day=day,
                    place=place,
                ),
            )
            for number, day in enumerate(self.make_up_days)
            for place, closure in enumerate(self.closures)
            if closure.first <= day <= closure.last
        ]
        if slips:
            raise refusals(slips)
        stated = self.time_zone
        if stated is not None and stated not in time_zone_names():
            near = nearest(stated, time_zone_names(stated))
            raise refusal(tr("no time zone of this name{near}", near=near), at="time_zone")


class Period(Block):
    """The simulated and the measured dates."""

    start: Date
    """First simulated day; the days before the window are the warm-up."""
    window: DateRange
    """Cases that arrive on these dates are measured."""
    run_out: Duration | None = None
    """Longest time after the window for the measured cases to end. Default: until each is decided
    for every limit, but at most five years, and not beyond the published working days."""

    def _check(self) -> None:
        window, most_days = self.window, MAX_YEARS * 366
        run_out = self.run_out or Duration(0, "cd")
        whole = run_out.is_legal_period and run_out.unit == "cd"
        few = (window.last - self.start).days <= most_days
        for kept, rule, at in (
            (
                self.start.year >= FIRST_YEAR,
                tr("must not lie before the year {first_year}", first_year=FIRST_YEAR),
                "start",
            ),
            (
                window.last.year <= LAST_YEAR,
                tr("must not lie after the year {last_year}", last_year=LAST_YEAR),
                "window",
            ),
            (window.first >= self.start, tr("the window must not begin before 'start'"), "window"),
            (few, tr("at most {max_years} years can be simulated", max_years=MAX_YEARS), "window"),
            (whole, tr("run_out is a whole number of cd (calendar days)"), "run_out"),
            (
                run_out.value <= most_days,
                tr("must be at most {max_years} years", max_years=MAX_YEARS),
                "run_out",
            ),
        ):
            require(kept, rule, at)


class OpenInterval(Block):
    """One dated stretch of open time."""

    begin: DateTime = Field(alias="from")
    """Opens at this local date and time."""
    end: DateTime = Field(alias="to")
    """Closes at this local date and time."""

    def _check(self) -> None:
        require(not (self.begin.tzinfo or self.end.tzinfo), tr("local time: no time zone"))
        require(self.begin < self.end, tr("'from' must lie before 'to'"))


def _hours_as_text(value: Any) -> Any:
    """Refuse what is no text at once with what to write; YAML reads `no` and `9` as no text."""
    if not isinstance(value, str | list | tuple):
        raise refusal(tr("must be hours such as '8:30-11:30 13:00-17:00', in quotes, or closed"))
    return value


_TEXT: Final[dict[str, Any]] = {"type": "string", "pattern": HOURS_PATTERN}
WrittenHours = Annotated[
    str | tuple[str, ...],
    BeforeValidator(_hours_as_text),
    WithJsonSchema({"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}),
]
"""Stretches of a day, in one text or a list, or `closed`."""


def _hours_by(example: str) -> BeforeValidator:
    """Refuse what is no mapping to hours, a range of dates in parts too, with what to write."""

    def mapping(value: Any) -> Any:
        if not isinstance(value, Mapping) or not {"from", "to", "dates"}.isdisjoint(value):
            raise refusal(tr("must be a mapping to hours, such as {{{example}}}", example=example))
        return value

    return BeforeValidator(mapping)


def _keys(pattern: str) -> Any:
    """Return the mark of a mapping that is not empty and has keys of this pattern."""
    return Field(min_length=1, json_schema_extra={"propertyNames": {"pattern": pattern}})


WeekHours = Annotated[
    Mapping[str, WrittenHours],
    _hours_by("mon-fri: '8:30-11:30 13:00-17:00', sat: '9:00-11:30'"),
    _keys(WEEKDAYS_PATTERN),
]
"""Weekdays → their hours."""
DatedHours = Annotated[
    Mapping[str, WrittenHours],
    _hours_by("2024-02-09: '8:30-11:30', 2024-05-02 to 2024-05-03: closed"),
    _keys(DATES_PATTERN),
]
"""Dates → all their hours."""


class Hours(Labelled):
    """Duty hours: `24x7`, a weekly pattern, or dated intervals; with exceptions on single dates."""

    always: Flag = False
    """Around the clock (write `24x7` for short)."""
    week: WeekHours | None = None
    """Weekly pattern, e.g. `{mon-fri: "8:30-11:30 13:00-17:00", sat: "9:00-11:30"}`. Hours of a
    Saturday or Sunday hold on ordinary weekends. A make-up day has the hours of the first weekday,
    too, if all weekdays have some."""
    holidays: Literal["closed", "open"] = "closed"
    """Whether the weekly pattern also holds on public holidays and in closures."""
    intervals: Annotated[tuple[OpenInterval, ...], Field(min_length=1)] | None = None
    """Dated intervals instead of a weekly pattern."""
    exceptions: DatedHours | None = Field(default=None, alias="except")
    """All the hours of single dates, whatever the rest says, on holidays too, e.g.
    `{2024-02-09: "8:30-11:30", 2024-05-01 to 2024-05-03: closed}`."""

    model_config = short_form(const="24x7")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if value == "24x7":
            return {"always": True}
        if not isinstance(value, dict | Hours):
            raise refusal(tr("must be 24x7, or a weekly pattern {week: {mon-fri: '8:30-17:00'}}"))
        return value

    def _check(self) -> None:
        given = (self.always, self.week is not None, self.intervals is not None)
        require(sum(given) == 1, tr("give exactly one of always (24x7), week, intervals"))
        slips: list[tuple[KeyPath, str]] = []
        for key, written, parse in (
            ("week", self.week, parse_week),
            ("except", self.exceptions, parse_exceptions),
        ):
            try:
                parse(written or {})
            except HoursError as error:
                slips += [((key, at), rule) for at, rule in error.slips]
        slips += self._overlapping()
        if slips:
            raise refusals(slips)

    def _overlapping(self) -> Iterator[tuple[KeyPath, str]]:
        """Yield every dated interval that begins before an earlier one has ended."""
        order = sorted(enumerate(self.intervals or ()), key=lambda pair: pair[1].begin)
        for (before, one), (number, other) in pairwise(order):
            if other.begin < one.end:
                rule = tr(
                    "begins before intervals.{before} has ended, at {end}",
                    before=before,
                    end=one.end,
                )
                yield ("intervals", number), rule
