"""Dates, the legal working-day calendar, and office hours, as a scenario states them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.calendars import parse_week
from sim.scenario.schema.base import Block, Date, DateTime, Flag, Word, short_form
from sim.scenario.schema.quantities import Duration

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
            rule = "must be a date such as 2021-03-01, or {from: 2021-03-01, to: 2021-06-30}"
            raise PydanticCustomError("dates", "{text}", {"text": rule})
        return value

    @model_validator(mode="after")
    def _ordered(self) -> DateRange:
        if self.first > self.last:
            raise PydanticCustomError("dates", "'from' must not lie after 'to'")
        return self


class Calendar(Block):
    """Which dates are working days, and how they are counted."""

    country: Word = "CN"
    """CN; another country code (NL, DE-BY); `weekdays` (no holidays) or `everyday`."""
    fallback: Literal["error", "statutory"] = "error"
    """A year without published data: an error, or statutory holidays without make-up days,
    stamped on every output."""
    closures: tuple[DateRange, ...] = ()
    """Further dates that are not working days (a standstill, a local holiday)."""
    make_up_days: tuple[Date, ...] = ()
    """Further dates that are working days."""
    count_start_day: Flag = False
    """Whether the day on which a clock starts counts (Civil Code art. 201: it does not)."""


class Period(Block):
    """What is simulated and what of it is measured."""

    start: Date
    """First simulated day; what lies before the window warms the system up."""
    window: DateRange
    """Cases that arrive on these dates are measured."""
    run_out: Duration = Duration(180, "cd")
    """How long after the window the run may go on until every measured case has ended."""

    @model_validator(mode="after")
    def _ordered(self) -> Period:
        def refuse(at: str, rule: str) -> PydanticCustomError:
            return PydanticCustomError("dates", "{text}", {"text": rule, "at": at})

        if self.start.year < FIRST_YEAR:
            raise refuse("start", f"must not lie before the year {FIRST_YEAR}")
        if self.window.last.year > LAST_YEAR:
            raise refuse("window", f"must not lie after the year {LAST_YEAR}")
        if self.window.first < self.start:
            raise refuse("window", "the window must not begin before 'start'")
        if (self.window.last - self.start).days > MAX_YEARS * 366:
            raise refuse("window", f"at most {MAX_YEARS} years can be simulated")
        if not self.run_out.is_legal_period or self.run_out.unit != "cd":
            raise refuse("run_out", "run_out is a whole number of cd (calendar days)")
        if self.run_out.value > MAX_YEARS * 366:
            raise refuse("run_out", f"must be at most {MAX_YEARS} years")
        return self


class OpenInterval(Block):
    """One dated stretch of open time."""

    begin: DateTime = Field(alias="from")
    """Opens at this local date and time."""
    end: DateTime = Field(alias="to")
    """Closes at this local date and time."""

    @model_validator(mode="after")
    def _ordered(self) -> OpenInterval:
        if self.begin.tzinfo or self.end.tzinfo:
            raise PydanticCustomError("dates", "local time: no time zone")
        if self.begin >= self.end:
            raise PydanticCustomError("dates", "'from' must lie before 'to'")
        return self


class Hours(Block):
    """When people are on duty: `24x7`, a weekly pattern, or dated intervals."""

    always: Flag = False
    """Around the clock (write `24x7` for short)."""
    week: Annotated[Mapping[str, str | tuple[str, ...]], Field(min_length=1)] | None = None
    """Weekly pattern, e.g. `{mon-fri: "8:30-11:30 13:00-17:00"}`."""
    holidays: Literal["closed", "open"] = "closed"
    """Whether the weekly pattern follows the working-day calendar (closed on holidays, open on
    make-up days) or ignores it."""
    intervals: Annotated[tuple[OpenInterval, ...], Field(min_length=1)] | None = None
    """Dated intervals instead of a weekly pattern."""

    model_config = short_form(const="24x7")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if value == "24x7":
            return {"always": True}
        if not isinstance(value, dict | Hours):
            rule = "must be 24x7, or a weekly pattern {week: {mon-fri: '8:30-17:00'}}"
            raise PydanticCustomError("hours", "{text}", {"text": rule})
        return value

    @model_validator(mode="after")
    def _exactly_one(self) -> Hours:
        if sum((self.always, self.week is not None, self.intervals is not None)) != 1:
            raise PydanticCustomError("hours", "give exactly one of 24x7, week, intervals")
        if self.week is not None:
            try:
                parse_week(self.week)
            except ValueError as error:
                context = {"text": str(error), "at": "week"}
                raise PydanticCustomError("hours", "{text}", context) from None
        return self
