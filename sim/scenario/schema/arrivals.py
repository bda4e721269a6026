"""How cases come in: a yearly volume, a renewal process, a list, or a recorded log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from sim.calendars import parse_week
from sim.scenario.schema.base import (
    Block,
    Count,
    DateTime,
    Factor,
    FileName,
    Flag,
    Name,
    NonNegative,
    Probability,
    Text,
    Word,
    short_form,
)
from sim.scenario.schema.distributions import Distribution
from sim.scenario.schema.enterprise_stock import Stock
from sim.scenario.schema.quantities import Duration
from sim.scenario.schema.timing import DateRange

SHARES_TOLERANCE: Final = 1e-6
"""How far shares may be from adding up to 1."""


def _a_positive_weight(weights: tuple[float, ...]) -> tuple[float, ...]:
    if sum(weights) <= 0:
        raise PydanticCustomError("weights", "at least one weight must be above 0")
    return weights


class Surge(Block):
    """A dated factor on the arrivals."""

    dates: DateRange
    """Dates on which the factor holds."""
    factor: Factor
    """Factor on the daily mean (0: nothing comes in)."""


class Batch(Block):
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


class Yearly(Block):
    """A yearly volume, spread over days and hours; Poisson, or over-dispersed from day to day."""

    volume: NonNegative | None = None
    """Expected cases in a calendar year; excludes `stock`."""
    stock: Stock | None = None
    """Resident enterprises, from which the cases of each year are derived; excludes `volume`."""
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
    def _volume_or_stock(self) -> Yearly:
        if (self.volume is None) == (self.stock is None):
            rule = "give either volume or stock (null takes away what a base file gives)"
            raise PydanticCustomError("yearly", "{text}", {"text": rule})
        if self.stock is not None and (self.growth != 0 or self.growth_from is not None):
            at = "growth" if self.growth != 0 else "growth_from"
            rule = "goes with volume; a stock says itself how it grows"
            raise PydanticCustomError("yearly", "{text}", {"text": rule, "at": at})
        return self

    @model_validator(mode="after")
    def _hours_readable(self) -> Yearly:
        try:
            parse_week({"daily": tuple(self.hours)})
        except ValueError as error:
            context = {"text": str(error), "at": "hours"}
            raise PydanticCustomError("hours", "{text}", context) from None
        _a_positive_weight(tuple(self.hours.values()))
        return self

    def expected(self, year: int, first_measured: int) -> float:
        """Return the expected cases of a calendar year; `first_measured`: year of the window."""
        if self.stock is not None:
            return self.stock.volume(year)
        assert self.volume is not None
        base = first_measured if self.growth_from is None else self.growth_from
        return float(self.volume * (1 + self.growth) ** (year - base))


class Renewal(Block):
    """Independent gaps between cases, from the first simulated instant; a textbook process."""

    gap: Distribution
    """Time from one case to the next (and from the start to the first), elapsed."""
    limit: Count | None = None
    """Number of cases after which no more arrive."""

    model_config = short_form(like="gap")

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


class Replay(Block):
    """Arrivals read from a CSV (also compressed) or Parquet file; local wall-clock time."""

    file: FileName
    """Path, relative to the scenario file."""
    time: Word
    """Column with the time of arrival; an offset from UTC is dropped, the wall clock kept."""
    case: Word | None = None
    """Column with the case's name, where the file has several rows per case: the earliest time of
    each case is its arrival."""
    attributes: Mapping[str, Word] = {}
    """Case attribute → column; these values replace sampled ones."""


class Arrivals(Block):
    """Exactly one way in which cases come in."""

    yearly: Yearly | None = None
    """A yearly volume with profiles."""
    every: Renewal | None = None
    """Independent gaps, e.g. `every: {exponential: 1 h}` or `every: 7 h`."""
    at: tuple[Duration | DateTime, ...] | None = None
    """A list of instants: offsets from the start (`90 min`) or local date-times."""
    replay: Replay | None = None
    """A recorded log."""
    factor: Annotated[float, Strict(), Field(gt=0, le=100, allow_inf_nan=False)] = 1.0
    """Factor on the number of cases that come in: 1.3 is 30 % more load. A list or a recorded log
    can only be thinned, by a factor of at most 1."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Arrivals:
        given = [self.yearly, self.every, self.at, self.replay]
        if sum(way is not None for way in given) != 1:
            raise PydanticCustomError("arrivals", "give exactly one of yearly, every, at, replay")
        if self.factor > 1 and (self.at is not None or self.replay is not None):
            rule = "a list or a recorded log can be thinned (factor below 1), not multiplied"
            raise PydanticCustomError("factor", "{text}", {"text": rule, "at": "factor"})
        return self


class AttributeShares(Block):
    """A case attribute that is sampled by stated shares."""

    label: Mapping[str, str] | str | None = None
    """What the attribute means."""
    labels: Mapping[str, Text] = {}
    """Value, or name under `sites` → its name in reports."""
    shares: Mapping[str, Probability] = Field(min_length=1)
    """Value → share; the shares add up to 1."""
    sites: Mapping[Name, tuple[Word, ...]] = {}
    """Name → values that are sites of one, such as the parks of a zone: each has its own pools;
    reports count them together under the name."""

    @model_validator(mode="after")
    def _sum_to_one(self) -> AttributeShares:
        total = sum(self.shares.values())
        if abs(total - 1) > SHARES_TOLERANCE:
            raise PydanticCustomError(
                "shares",
                "the shares must add up to 1, not {total}",
                {"total": f"{total:g}", "at": "shares"},
            )
        return self

    @model_validator(mode="after")
    def _known_sites(self) -> AttributeShares:
        named = Counter(value for values in self.sites.values() for value in values)
        shares, sites = self.shares.keys(), self.sites.keys()
        for at, rule, names in (
            ("sites", "'{name}' has no share", named.keys() - shares),
            ("sites", "'{name}' is named twice", {name for name in named if named[name] > 1}),
            ("sites", "'{name}' is a value itself", sites & shares),
            ("sites", "'{name}' has no values", {name for name in sites if not self.sites[name]}),
            ("labels", "'{name}' is no value here", self.labels.keys() - shares - sites),
        ):
            if names:
                raise PydanticCustomError("attribute", rule, {"name": min(names), "at": at})
        return self
