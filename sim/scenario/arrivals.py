"""How cases come in: a yearly volume, a renewal process, a list, or a recorded log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from sim.calendars import parse_week
from sim.scenario.base import (
    Count,
    DateTime,
    Factor,
    Flag,
    Model,
    NonNegative,
    Positive,
    Probability,
)
from sim.scenario.distributions import Distribution
from sim.scenario.quantities import Duration
from sim.scenario.timing import DateRange


def _a_positive_weight(weights: tuple[float, ...]) -> tuple[float, ...]:
    if sum(weights) <= 0:
        raise PydanticCustomError("weights", "at least one weight must be above 0")
    return weights


class Surge(Model):
    """A dated factor on the arrivals."""

    dates: DateRange
    """When it holds."""
    factor: Factor
    """Factor on the daily mean (0: nothing comes in)."""


class Batch(Model):
    """Cases that arrive together, e.g. a cluster registration; sizes equally likely."""

    low: Annotated[int, Strict(), Field(ge=1, le=10_000)]
    """Smallest batch."""
    high: Annotated[int, Strict(), Field(ge=1, le=10_000)]
    """Largest batch."""

    @model_validator(mode="after")
    def _ordered(self) -> Batch:
        if self.low > self.high:
            raise PydanticCustomError("batch", "low must not lie above high")
        return self


class Yearly(Model):
    """A yearly volume, spread over days and hours; Poisson, or over-dispersed from day to day."""

    volume: NonNegative
    """Expected cases in a calendar year."""
    growth: Annotated[float, Strict(), Field(ge=-0.9, le=10, allow_inf_nan=False)] = 0.0
    """Relative change of the volume from one year to the next, counted from `growth_from`."""
    growth_from: Annotated[int, Strict(), Field(ge=1900, le=2200)] | None = None
    """Year in which `volume` holds; default: the year of the first measured day."""
    months: Annotated[
        tuple[NonNegative, ...],
        Field(min_length=12, max_length=12),
        AfterValidator(_a_positive_weight),
    ] = (1.0,) * 12
    """Weights of the twelve months, per working day."""
    weekdays: Annotated[
        tuple[NonNegative, ...],
        Field(min_length=7, max_length=7),
        AfterValidator(_a_positive_weight),
    ] = (1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0)
    """Weights of Monday to Sunday; a make-up day has the mean weight of Monday to Friday."""
    working_days_only: Flag = True
    """Whether cases come in on working days only."""
    hours: Mapping[str, NonNegative] = Field(
        default={"8:30-11:30": 3.0, "13:00-17:00": 4.0}, min_length=1
    )
    """Weights of stretches of the day, uniform within: `{8:30-11:30: 0.6, 13:00-17:00: 0.4}`."""
    day_to_day_cv: Annotated[float, Strict(), Field(ge=0, le=10, allow_inf_nan=False)] = 0.0
    """Coefficient of variation of a gamma factor per day; 0 is a plain Poisson process."""
    surges: tuple[Surge, ...] = ()
    """Dated factors."""
    batch: Batch | None = None
    """Sizes of groups that arrive together; the volume counts cases, not groups."""

    @model_validator(mode="after")
    def _hours_readable(self) -> Yearly:
        try:
            parse_week({"daily": tuple(self.hours)})
        except ValueError as error:
            context = {"text": str(error), "at": "hours"}
            raise PydanticCustomError("hours", "{text}", context) from None
        _a_positive_weight(tuple(self.hours.values()))
        return self


class Renewal(Model):
    """Independent gaps between cases, from the first simulated instant; a textbook process."""

    gap: Distribution
    """Time from one case to the next (and from the start to the first), elapsed."""
    limit: Count | None = None
    """Stop after so many cases."""

    @model_validator(mode="before")
    @classmethod
    def _gap_alone(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "gap" not in value:
            return value if isinstance(value, Renewal) else {"gap": value}
        return value

    @model_validator(mode="after")
    def _some_gap(self) -> Renewal:
        if self.gap.kind == "legal":
            raise PydanticCustomError("gap", "a gap is an elapsed time, not a legal period")
        if self.gap.kind == "constant" and self.gap.constant and self.gap.constant.seconds < 1:
            raise PydanticCustomError("gap", "a constant gap must be at least 1 s")
        return self


class Replay(Model):
    """Arrivals read from a CSV (also compressed) or Parquet file; local wall-clock time."""

    file: Annotated[str, Strict()]
    """Path, relative to the scenario file."""
    time: Annotated[str, Strict()]
    """Column with the time of arrival; an offset from UTC is dropped, the wall clock kept."""
    case: Annotated[str, Strict()] | None = None
    """Column with the case's name, where the file has several rows per case: the earliest time of
    each case is its arrival."""
    attributes: Mapping[str, Annotated[str, Strict()]] = {}
    """Case attribute → column; these values replace sampled ones."""


class Arrivals(Model):
    """Exactly one way in which cases come in."""

    yearly: Yearly | None = None
    """A yearly volume with profiles."""
    every: Renewal | None = None
    """Independent gaps, e.g. `every: {exponential: 1 h}` or `every: 7 h`."""
    at: tuple[Duration | DateTime, ...] | None = None
    """A list of instants: offsets from the start (`90 min`) or local date-times."""
    replay: Replay | None = None
    """A recorded log."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Arrivals:
        given = [self.yearly, self.every, self.at, self.replay]
        if sum(way is not None for way in given) != 1:
            raise PydanticCustomError("arrivals", "give exactly one of yearly, every, at, replay")
        return self


class AttributeShares(Model):
    """A case attribute that is sampled by stated shares."""

    label: Mapping[str, str] | str | None = None
    """What the attribute means."""
    shares: Mapping[str, Probability] = Field(min_length=1)
    """Value → share; the shares add up to 1."""

    @model_validator(mode="after")
    def _sum_to_one(self) -> AttributeShares:
        total = sum(self.shares.values())
        if abs(total - 1) > 1e-6:
            raise PydanticCustomError(
                "shares",
                "the shares must add up to 1, not {total}",
                {"total": f"{total:g}", "at": "shares"},
            )
        return self


__all__ = [
    "Arrivals",
    "AttributeShares",
    "Batch",
    "Positive",
    "Renewal",
    "Replay",
    "Surge",
    "Yearly",
]
