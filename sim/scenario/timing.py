"""Dates, the legal working-day calendar, and office hours, as a scenario states them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from sim.calendars import parse_week
from sim.scenario.base import Flag, Model
from sim.scenario.quantities import Duration


class DateRange(Model):
    """Dates from `from` to `to`, both included."""

    first: dt.date = Field(alias="from")
    """First date."""
    last: dt.date = Field(alias="to")
    """Last date."""

    @model_validator(mode="before")
    @classmethod
    def _single_date(cls, value: Any) -> Any:
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return {"from": value, "to": value}
        return value

    @model_validator(mode="after")
    def _ordered(self) -> DateRange:
        if self.first > self.last:
            raise PydanticCustomError("dates", "'from' must not lie after 'to'")
        return self


class Calendar(Model):
    """Which dates are working days, and how they are counted."""

    country: Annotated[str, Strict()] = "CN"
    """CN; another country code (NL, DE-BY); `weekdays` (no holidays) or `everyday`."""
    fallback: Literal["error", "statutory"] = "error"
    """A year without published data: an error, or statutory holidays without make-up days,
    stamped on every output."""
    closures: tuple[DateRange, ...] = ()
    """Further dates that are not working days (a standstill, a local holiday)."""
    make_up_days: tuple[dt.date, ...] = ()
    """Further dates that are working days."""
    count_start_day: Flag = False
    """Whether the day on which a clock starts counts (Civil Code art. 201: it does not)."""


class Period(Model):
    """What is simulated and what of it is measured."""

    start: dt.date
    """First simulated day; what lies before the window warms the system up."""
    window: DateRange
    """Cases that arrive on these dates are measured."""
    run_out: Duration = Duration(180, "cd")
    """How long after the window the run may go on until every measured case has ended."""

    @model_validator(mode="after")
    def _ordered(self) -> Period:
        if self.window.first < self.start:
            raise PydanticCustomError("dates", "the window must not begin before 'start'")
        if (self.window.last - self.start).days > 40 * 366:
            raise PydanticCustomError("dates", "at most 40 years can be simulated")
        if self.run_out.unit != "cd":
            raise PydanticCustomError("dates", "run_out is given in cd")
        return self


class OpenInterval(Model):
    """One dated stretch of open time."""

    begin: dt.datetime = Field(alias="from")
    """Opens at this local date and time."""
    end: dt.datetime = Field(alias="to")
    """Closes at this local date and time."""

    @model_validator(mode="after")
    def _ordered(self) -> OpenInterval:
        if self.begin.tzinfo or self.end.tzinfo:
            raise PydanticCustomError("dates", "local time: no time zone")
        if self.begin >= self.end:
            raise PydanticCustomError("dates", "'from' must lie before 'to'")
        return self


class Hours(Model):
    """When people are on duty: `24x7`, a weekly pattern, or dated intervals."""

    always: Flag = False
    """Around the clock (write `24x7` for short)."""
    week: Mapping[str, str | tuple[str, ...]] | None = None
    """Weekly pattern, e.g. `{mon-fri: "8:30-11:30 13:00-17:00"}`."""
    holidays: Literal["closed", "open"] = "closed"
    """Whether the weekly pattern follows the working-day calendar (closed on holidays, open on
    make-up days) or ignores it."""
    intervals: tuple[OpenInterval, ...] | None = None
    """Dated intervals instead of a weekly pattern."""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"always": True} if value == "24x7" else value

    @model_validator(mode="after")
    def _exactly_one(self) -> Hours:
        if sum((self.always, self.week is not None, self.intervals is not None)) != 1:
            raise PydanticCustomError("hours", "give exactly one of 24x7, week, intervals")
        if self.week is not None:
            try:
                parse_week(self.week)
            except ValueError as error:
                raise PydanticCustomError("hours", "{text}", {"text": str(error)}) from None
        return self
