"""Arrivals of cases: a yearly volume, a renewal process, a list, a recorded log; and a backlog."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, Strict, model_validator

from sim.calendars import HoursError, parse_hours
from sim.scenario.origin import KeyPath
from sim.scenario.schema.base import (
    Block,
    CaseTypeName,
    Count,
    Date,
    DateTime,
    Factor,
    FileName,
    FilesName,
    Flag,
    Name,
    NonNegative,
    Positive,
    Probability,
    Text,
    Word,
    refusal,
    refusals,
    require,
    short_form,
)
from sim.scenario.schema.distributions import Distribution
from sim.scenario.schema.marks import RefersTo
from sim.scenario.schema.quantities import Duration
from sim.scenario.schema.timing import DateRange
from sim.translation import tr

MAX_CASES: Final = 1_000_000
"""Largest number of cases of one type in one replication, a thousand years of a large city."""
SHARES_TOLERANCE: Final = 1e-6
"""Largest difference between a sum of shares and 1."""


def _a_positive_weight(weights: tuple[float, ...]) -> tuple[float, ...]:
    require(sum(weights) > 0, tr("at least one weight must be above 0"))
    return weights


def _weighted_dates(dates: Mapping[str, float]) -> Mapping[str, float]:
    require(sum(dates.values()) > 0, tr("at least one weight must be above 0"))
    return dict(sorted(dates.items()))


def _in_order(stock: Mapping[int, float]) -> Mapping[int, float]:
    return dict(sorted(stock.items()))


Year = Annotated[int, Field(ge=1900, le=2200)]
"""A key of a mapping: text in a file, a number here."""

ROUNDING = 1e-6
"""Negative entries down to this number are rounding errors."""

ExitShare = Annotated[float, Strict(), Field(ge=0, lt=1, allow_inf_nan=False)]


class Stock(Block):
    """Resident enterprises at the end of each year, and the cases that follow from them.

    S(t), the stock at the end of year t, is linear between the years stated and flat beyond them.
    Its net growth is g = S(t) - S(t-1), its mean m = (S(t) + S(t-1)) / 2. A year brings

    - g / (1 - exits) entries, if exits are a share of the entries;
    - g + exit_rate · m entries, if exits are a share of the mean stock;
    - per_1000_enterprises · m / 1000 cases, if resident enterprises bring them.

    The first two are the same balance, entries - exits = g, with two statements of the exits. In
    the first, entries depend on growth only: without growth there are none. Published values: for
    `exits`, 45 % of entries nationwide in January to September 2020 (22,000 new and 12,000 net a
    day); for `exit_rate`, 45 % of an entry rate of about 19 % a year, 0.086.
    """

    year_end: Annotated[Mapping[Year, NonNegative], Field(min_length=1), AfterValidator(_in_order)]
    """Year → enterprises at its end: `{2022: 5000, 2025: 6000}`."""
    exits: ExitShare | None = None
    """Exits of a year as a share of its entries; excludes the other two."""
    exit_rate: Probability | None = None
    """Exits of a year as a share of the mean stock; excludes the other two."""
    per_1000_enterprises: Positive | None = None
    """Cases a year per 1,000 enterprises of the mean stock; excludes the other two."""

    def _check(self) -> None:
        given = (self.exits, self.exit_rate, self.per_1000_enterprises)
        if sum(way is not None for way in given) != 1:
            raise refusal(tr("give exactly one of exits, exit_rate, per_1000_enterprises"))
        years = list(self.year_end)
        for year in range(years[0] + 1, years[-1] + 1):
            if self._balance(year) < -ROUNDING:
                gone = self.at_end(year - 1) - self.at_end(year)
                hint = tr(" (exits as a share of entries never exceed them: give exit_rate)")
                rule = tr(
                    "the stock falls by {gone:g} in {year}, more than the exits account for",
                    gone=gone,
                    year=year,
                )
                rule += hint if self.exits is not None else ""
                raise refusal(rule, at="year_end")

    def at_end(self, year: int) -> float:
        """Return the stock at the end of a year."""
        years = list(self.year_end)
        for before, after in pairwise(years):
            if before <= year <= after:
                part = (year - before) / (after - before)
                low, high = self.year_end[before], self.year_end[after]
                return low + part * (high - low)
        return self.year_end[years[0] if year < years[0] else years[-1]]

    def volume(self, year: int) -> float:
        """Return the expected cases of a year."""
        return max(self._balance(year), 0.0)

    def _balance(self, year: int) -> float:
        net = self.at_end(year) - self.at_end(year - 1)
        mean = (self.at_end(year) + self.at_end(year - 1)) / 2
        if self.exits is not None:
            return net / (1 - self.exits)
        if self.exit_rate is not None:
            return net + self.exit_rate * mean
        assert self.per_1000_enterprises is not None
        return self.per_1000_enterprises * mean / 1000


class Surge(Block):
    """A dated factor on the arrivals."""

    dates: DateRange
    """Dates on which the factor holds."""
    factor: Factor
    """Factor on the daily mean (0: nothing comes in)."""


def _a_day_of_a_year(text: str) -> str:
    try:
        dt.date.fromisoformat(f"2021-{text}")
    except ValueError:
        raise refusal(tr("must be a day of every year, such as '03-20'")) from None
    return text


DayOfYear = Annotated[str, Strict(), AfterValidator(_a_day_of_a_year)]
"""Month and day."""


class Rounds(Block):
    """Cases that follow from dated rounds, in which land is released or a quota given out.

    A round brings `share` · volume · its weight ÷ all weights cases on average. They come in on the
    next working days, `within` of them from its date on, each as likely. How large a round turns
    out is drawn once for all its cases, so that the cases of a round vary with variance ÷ mean =
    1 + mean · cv².
    """

    dates: Annotated[
        Mapping[DayOfYear, NonNegative], Field(min_length=1), AfterValidator(_weighted_dates)
    ]
    """Day of every year → weight of its round: `{03-20: 1, 12-10: 2}`. Rounds before the first
    simulated date bring nothing."""
    share: Probability
    """Share of the volume that comes by rounds; the rest comes day by day, by the weights of months
    and weekdays."""
    within: Annotated[int, Strict(), Field(ge=1, le=250)]
    """Working days over which the cases of a round come in."""
    cv: Annotated[float, Strict(), Field(ge=0, le=10, allow_inf_nan=False)] = 0.0
    """Coefficient of variation of a gamma factor on the size of each round."""


class Batch(Block):
    """Cases that arrive together, e.g. a cluster registration; sizes equally likely."""

    low: Annotated[int, Strict(), Field(ge=1, le=10_000)]
    """Smallest batch."""
    high: Annotated[int, Strict(), Field(ge=1, le=10_000)]
    """Largest batch."""

    def _check(self) -> None:
        require(self.low <= self.high, tr("low must not lie above high"))


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
    """Weights of Monday to Sunday; those of Saturday and Sunday hold on ordinary weekends. A
    make-up day has the mean weight of Monday to Friday."""
    holidays: Literal["closed", "open"] = "closed"
    """Whether cases also come in on public holidays and in closures, with the weights of their
    weekdays."""
    hours: Mapping[str, NonNegative] = Field(
        default={"8:30-11:30": 3.0, "13:00-17:00": 4.0}, min_length=1
    )
    """Weights of stretches of the day, uniform within: `{8:30-11:30: 0.6, 13:00-17:00: 0.4}`."""
    day_to_day_cv: Annotated[float, Strict(), Field(ge=0, le=10, allow_inf_nan=False)] = 0.0
    """Coefficient of variation of a gamma factor per day; 0 is a plain Poisson process."""
    surges: tuple[Surge, ...] = ()
    """Dated factors."""
    rounds: Rounds | None = None
    """Cases that come in rounds, such as releases of land; surges and months do not weigh them."""
    batch: Batch | None = None
    """Sizes of groups that arrive together; the volume counts cases, not groups."""

    def _check(self) -> None:
        rule = tr("give either volume or stock (null takes away what a base file gives)")
        require((self.volume is None) != (self.stock is None), rule)
        rule = tr("goes with volume; a stock says itself how it grows")
        require(self.stock is None or self.growth == 0, rule, at="growth")
        require(self.stock is None or self.growth_from is None, rule, at="growth_from")
        slips: list[tuple[KeyPath, str]] = []
        for text in self.hours:
            try:
                if len(parse_hours(text)) != 1:
                    slips.append((("hours", text), tr("give each stretch a key and a weight")))
            except HoursError as error:
                slips += [(("hours", text), rule) for _, rule in error.slips]
        if not slips:
            try:
                parse_hours(tuple(self.hours))
            except HoursError as error:
                slips += [(("hours",), rule) for _, rule in error.slips]
        if slips:
            raise refusals(slips)
        _a_positive_weight(tuple(self.hours.values()))

    def expected(self, year: int, first_measured: int) -> float:
        """Return the expected cases of a year; `first_measured` is the first measured year."""
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

    def _check(self) -> None:
        require(self.gap.legal is None, tr("a gap is an elapsed time, not a legal period"))
        constant = self.gap.constant
        require(
            constant is None or constant.seconds >= 1, tr("a constant gap must be at least 1 s")
        )


class Replay(Block):
    """Arrivals read from a CSV (also compressed) or Parquet file.

    Times are local. Those with an offset from UTC become local ones (`calendar.time_zone`).
    """

    file: FileName
    """Path, relative to the scenario file."""
    time: Word
    """Column with the time of arrival."""
    case: Word | None = None
    """Column with the name of the case, for a file with several rows per case: the earliest time of
    a case is its arrival."""
    attributes: Mapping[str, Word] = {}
    """Case attribute → column; these values replace sampled ones."""
    where: Mapping[Word, Word | Annotated[tuple[Word, ...], Field(min_length=1)]] = {}
    """Column → the value, or the values, of the rows to take; all must hold. Other rows are left
    out before the earliest row of each case is found."""


class Arrivals(Block):
    """The arrivals of a case type, stated in exactly one way."""

    yearly: Yearly | None = None
    """A yearly volume with profiles."""
    every: Renewal | None = None
    """Independent gaps, e.g. `every: {exponential: 1 h}` or `every: 7 h`."""
    at: tuple[Duration | DateTime, ...] | None = None
    """A list of instants: offsets from the start (`90 min`) or local date-times."""
    replay: Replay | None = None
    """A recorded log."""
    factor: Annotated[float, Strict(), Field(gt=0, le=100, allow_inf_nan=False)] = 1.0
    """Factor on the number of cases: 1.3 is 30 % more load. A list or a recorded log
    can only be thinned, by a factor of at most 1."""

    def _check(self) -> None:
        given = [self.yearly, self.every, self.at, self.replay]
        one = sum(way is not None for way in given) == 1
        require(one, tr("give exactly one of yearly, every, at, replay"))
        rule = tr("a list or a recorded log can be thinned (factor below 1), not multiplied")
        require(self.factor <= 1 or self.yearly or self.every, rule, at="factor")


class MoreArrivals(Arrivals):
    """A further stream of arrivals of a case type, with draws of its own."""

    attributes: Annotated[Mapping[Name, Word], RefersTo("attributes")] = {}
    """Attribute → the value that all its cases have; the others are drawn by their shares."""


class AttributeShares(Block):
    """A case attribute that is sampled by stated shares."""

    label: Mapping[str, str] | str | None = None
    """What the attribute means."""
    labels: Mapping[str, Text] = {}
    """Value, or name under `sites` → its name in reports."""
    shares: Mapping[str, Probability] = Field(min_length=1)
    """Value → share; the shares add up to 1."""
    sites: Mapping[Name, tuple[Word, ...]] = {}
    """Name → values that are its sites, such as the parks of a zone: each site has its own pools;
    reports count all sites together under the name."""
    groups: Mapping[Name, tuple[Word, ...]] = {}
    """Name → values for which it stands under `if`, in this case type and its limits, such as the
    tier of zones: a rule for a tier is then written once."""

    def _check(self) -> None:
        total = sum(self.shares.values())
        if abs(total - 1) > SHARES_TOLERANCE:
            raise refusal(
                tr("the shares must add up to 1, not {total:g}", total=total),
                at="shares",
                kind="shares",
            )
        named = Counter(value for values in self.sites.values() for value in values)
        shares, sites = self.shares.keys(), self.sites.keys()
        for at, rule, names in (
            ("sites", tr("has no share"), named.keys() - shares),
            ("sites", tr("is named twice"), {name for name in named if named[name] > 1}),
            ("sites", tr("is a value itself"), sites & shares),
            ("sites", tr("has no values"), {name for name in sites if not self.sites[name]}),
            (
                "groups",
                tr("has no share"),
                {name for values in self.groups.values() for name in values} - shares,
            ),
            ("groups", tr("is a value itself"), self.groups.keys() & (shares | sites)),
            (
                "groups",
                tr("has no values"),
                {name for name in self.groups if not self.groups[name]},
            ),
            ("labels", tr("is no value here"), self.labels.keys() - shares - sites),
        ):
            if names:
                raise refusal(f"'{min(names)}' {rule}", at=at)


class BacklogGroup(Block):
    """Open cases of one kind, generated anew in each replication."""

    count: Count
    """Number of cases."""
    at: Annotated[str, Strict(), RefersTo("stations")]
    """The matter, or step of an open network, that the cases have reached. All that it requires is
    done; the rest, with the matter or step itself, is still to do."""
    age: Distribution
    """Working days since the cases were handed in, in wd; parts of a day are cut off. With
    `accepted`, their clocks have run for the same time."""
    accepted: Flag = True
    """Whether the matter has been accepted, so that its clock runs."""
    done: tuple[Annotated[str, Strict(), RefersTo("parts")], ...] = ()
    """Further matters, stages or steps that are done, beside those that `at` requires."""
    attributes: Annotated[Mapping[Name, Word], RefersTo("attributes")] = {}
    """Attribute → the value that all cases have; the others are drawn by their shares."""

    def _check(self) -> None:
        require(self.age.unit == "wd", tr("an age is measured in wd"), at="age")


class BacklogRecords(Block):
    """The cases of a city's records that are open at a date, each where the records say."""

    model_config = short_form(like="file")

    file: FilesName
    """A folder that `sim records read` or `sim run --events` wrote, or a folder with the files of
    an export, or one file; relative to the scenario file."""
    map: FileName | None = None
    """What the columns of the files mean, as `sim records read` writes it; default: guessed."""
    names: FileName | None = None
    """Names of the records that are others in the scenario, as `sim forecast --names` writes
    them. A matter of the records that is blank there is left out of its case."""
    date: Date | None = None
    """What was recorded up to the end of this date is known; default: the day before the start."""

    @model_validator(mode="before")
    @classmethod
    def _file_alone(cls, value: Any) -> Any:
        return {"file": value} if isinstance(value, str) else value


class Backlog(Block):
    """The cases that are open on the morning of the first simulated day, their clocks running."""

    file: FileName | None = None
    """CSV file, relative to the scenario file: a row for each open case."""
    records: BacklogRecords | None = None
    """The open cases of a city's records."""
    generate: Mapping[CaseTypeName, tuple[BacklogGroup, ...]] = {}
    """Case type → groups of open cases that are generated."""
    measured: Flag = True
    """Whether the backlog is measured like the cases that arrive in the window."""

    def _check(self) -> None:
        given = [name for name in ("file", "records", "generate") if getattr(self, name)]
        rule = tr(
            "give one of file, records and generate, not {given}", given=tr(" and ").join(given)
        )
        require(len(given) < 2, rule)

    @property
    def stated(self) -> bool:
        """Whether some cases may be open at the start."""
        return self.file is not None or self.records is not None or bool(self.generate)
