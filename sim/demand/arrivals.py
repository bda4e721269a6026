"""When cases arrive: yearly volumes with profiles, renewal processes, lists and recorded logs."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.calendars import WorkingDays, parse_hours, working_days
from sim.demand.arrived import Arrived
from sim.demand.replay import Replayed, replay
from sim.demand.sampling import RecordedValues
from sim.demand.times import local_second
from sim.engine.contract import DAY_S
from sim.scenario import (
    Duration,
    Problem,
    Scenario,
    ScenarioError,
    calendar_of,
    horizon_s,
    last_day,
    place_of,
)
from sim.scenario.schema.arrivals import MAX_CASES, Arrivals, Renewal, Yearly
from sim.streams import Stream, Streams, whole_name
from sim.translation import tr
from sim.variates import Sampler


class TooManyCasesError(ScenarioError):
    """Gaps are so small that more than `MAX_CASES` cases would arrive."""


def copies(arrivals: Arrivals) -> int:
    """Return the number of streams of a yearly volume: its factor, rounded up; 1 for others."""
    return math.ceil(arrivals.factor) if arrivals.yearly is not None else 1


class ArrivalSource:
    """Draws one stream of arrivals of a case type, replication by replication.

    A yearly volume with a factor of 2.4 is three streams, each with its own draws: two are kept
    whole, and 0.4 of the third. The cases of a lower load are thus a subset of those of a higher
    one. For a renewal process, gaps are divided by the factor: the same cases follow faster.
    """

    def __init__(
        self,
        scenario: Scenario,
        case_type: str,
        recorded: RecordedValues,
        more: str = "",
        copy: int = 0,
    ) -> None:
        """`more`: the name of further arrivals, "" for the first; `copy`: see `copies`."""
        self.scenario = scenario
        self.case_type = case_type
        self.more = more
        self.whose = f"{more}:{copy + 1}" if copy else more  # no name of a scenario holds a ':'
        """Name of the set of random streams that its cases draw from."""
        known = scenario.case_types[case_type]
        self.spec: Arrivals = known.more_arrivals[more] if more else known.arrivals
        self._kept_share = 1.0 if self.spec.every is not None else self.spec.factor - copy
        self._fixed = known.more_arrivals[more].attributes if more else {}
        self.recorded = recorded
        self.horizon_s = horizon_s(scenario)
        self.replayed: Replayed | None = None
        """What is replayed from a recorded log, if one is; it is read once."""
        if self.spec.replay is not None:
            self.replayed = replay(scenario, case_type, more, self.spec.replay)

    def draw(self, streams: Streams) -> Arrived:
        """Return all arrivals up to the horizon; `streams`: of the first arrivals."""
        arrived = self._arrived(streams)
        fixed = {name: [value] * len(arrived.at_s) for name, value in self._fixed.items()}
        kept = self._kept(arrived.at_s, streams) if self._kept_share < 1 else None
        return replace(arrived, attributes={**arrived.attributes, **fixed}, kept=kept)

    def _kept(self, at_s: Ints, streams: Streams) -> Bools:
        """Return [n] whether the case comes in; a batch stays together."""
        share = self._stream(streams, "thin").uniform(len(at_s))
        if self.spec.yearly is not None and self.spec.yearly.batch is not None:
            share = share[np.searchsorted(at_s, at_s)]  # the draw of its first case
        return share < self._kept_share

    def _arrived(self, streams: Streams) -> Arrived:
        if self.spec.yearly is not None:
            return Arrived(self._yearly(self.spec.yearly, streams))
        if self.spec.every is not None:
            return Arrived(self._renewal(self.spec.every, streams))
        if self.spec.at is not None:
            return self._listed(self.spec.at)
        assert self.replayed is not None
        return self.replayed.arrived

    def stream_names(self) -> Iterator[str]:
        """Yield the name of every stream that may decide when cases arrive."""
        for part in ("count", "time", "batch", "gap", "thin"):
            yield whole_name(self.whose, self._name(part))
        for part in ("day", "round"):
            yield whole_name(self.more, self._name(part))

    def _name(self, part: str) -> str:
        return f"{self.case_type}/arrivals/{part}"

    def _stream(self, streams: Streams, part: str) -> Stream:
        return streams.of_more(self.whose)(self._name(part))

    # --- a yearly volume ---------------------------------------------------------------------

    @cached_property
    def _daily_mean(self) -> Floats:
        assert self.spec.yearly is not None
        return _day_by_day(self.scenario, self.spec.yearly)

    @cached_property
    def _rounds(self) -> list[Round]:
        assert self.spec.yearly is not None
        return rounds_of(self.scenario, self.spec.yearly)

    def _yearly(self, spec: Yearly, streams: Streams) -> Ints:
        mean = self._daily_mean
        if spec.day_to_day_cv > 0:
            shape = spec.day_to_day_cv**-2
            # All copies share one draw per day, so the factor does not change the variation.
            day = streams.of_more(self.more)(self._name("day"))
            mean = mean * day.values(Sampler.gamma(shape, 1 / shape), len(mean))
        mean = self._with_rounds(mean, spec, streams)
        if spec.batch is not None:
            mean = mean * 2 / (spec.batch.low + spec.batch.high)
        counts = self._stream(streams, "count").poisson(mean)
        days = np.repeat(np.arange(len(mean)), counts)
        share = self._stream(streams, "time").uniform(len(days))
        at_s = days * DAY_S + second_of_day(spec.hours, share)
        if spec.batch is not None:
            batch = self._stream(streams, "batch")
            at_s = np.repeat(at_s, batch.whole(spec.batch.low, spec.batch.high, len(at_s)))
        return np.sort(at_s)

    def _with_rounds(self, mean: Floats, spec: Yearly, streams: Streams) -> Floats:
        """Return [D] the daily means with those of the rounds, whose sizes are drawn."""
        if spec.rounds is None:
            return mean
        size = np.ones(len(self._rounds))
        if spec.rounds.cv > 0:
            shape = spec.rounds.cv**-2
            # All copies share one draw per round, as they share one per day.
            stream = streams.of_more(self.more)(self._name("round"))
            size = stream.values(Sampler.gamma(shape, 1 / shape), len(size))
        mean = mean.copy()
        for each, factor in zip(self._rounds, size, strict=True):
            mean[each.days] += factor * each.daily
        return mean

    # --- textbook processes ------------------------------------------------------------------

    def _renewal(self, spec: Renewal, streams: Streams) -> Ints:
        gap = self._stream(streams, "gap")
        sampler = spec.gap.sampler(self.recorded)
        wanted = MAX_CASES + 1 if spec.limit is None else spec.limit
        chunks: list[Floats] = []
        last, drawn = 0.0, 0
        while last <= self.horizon_s and drawn < wanted:
            gaps = gap.after(drawn).values(sampler, min(4096, wanted - drawn)) / self.spec.factor
            times = last + np.cumsum(gaps)
            chunks.append(times)
            drawn += len(times)
            if times[-1] <= last or drawn > MAX_CASES:
                where = f"more_arrivals.{self.more}" if self.more else "arrivals"
                path = f"case_types.{self.case_type}.{where}.every"
                rule = tr(
                    "the gaps are so small that more than {max_cases:,} cases would arrive",
                    max_cases=MAX_CASES,
                )
                origin = self.scenario.provenance.origin
                raise TooManyCasesError([Problem(rule, origin, None, path)])
            last = float(times[-1])
        at_s = np.floor(np.concatenate(chunks) if chunks else np.empty(0)).astype(np.int64)
        return at_s[at_s <= self.horizon_s]

    def _listed(self, instants: Sequence[Duration | dt.datetime]) -> Arrived:
        at_s = np.array([self._instant(when) for when in instants], np.int64)
        inside = np.sort(at_s[self._simulated(at_s)])
        return Arrived(inside, left_out=len(at_s) - len(inside))

    def _simulated(self, at_s: Ints) -> Bools:
        """Return [n] whether the instant lies within the simulated dates."""
        return (at_s >= 0) & (at_s <= self.horizon_s)

    def _instant(self, when: Duration | dt.datetime) -> int:
        if isinstance(when, Duration):
            return round(when.seconds)
        return local_second(when, self.scenario.period.start, place_of(self.scenario))


class Round(NamedTuple):
    """One round of arrivals."""

    days: Ints
    """The simulated days on which its cases come in."""
    daily: float
    """Expected cases on each of them."""


def rounds_of(scenario: Scenario, spec: Yearly) -> list[Round]:
    """Return the rounds of all simulated years, in time; those before the first day are empty."""
    if spec.rounds is None:
        return []
    rounds, start, end = spec.rounds, scenario.period.start, last_day(scenario)
    working = np.flatnonzero(calendar_of(scenario).working)
    weights, measured = sum(rounds.dates.values()), scenario.period.window.first.year
    found = []
    for year in range(start.year, end.year + 1):
        volume = rounds.share * spec.expected(year, measured)
        for date, weight in rounds.dates.items():
            day = (dt.date.fromisoformat(f"{year}-{date}") - start).days
            first = np.searchsorted(working, day)
            days = working[first : first + (rounds.within if day >= 0 else 0)]
            found.append(Round(days, volume * weight / weights / rounds.within))
    return found


def daily_mean(scenario: Scenario, spec: Yearly) -> Floats:
    """Return the expected number of cases on every simulated day, those of rounds among them."""
    mean = _day_by_day(scenario, spec)
    for days, daily in rounds_of(scenario, spec):
        mean[days] += daily
    return mean


def _day_by_day(scenario: Scenario, spec: Yearly) -> Floats:
    """Return the expected number of cases on every simulated day, without rounds.

    Weights are scaled so that each whole calendar year has its volume on the country's calendar.
    The scenario's closures, make-up days and surges are applied afterwards: the volume lost in a
    standstill is not moved to other days.
    """
    start, end, calendar = scenario.period.start, last_day(scenario), scenario.calendar
    known = (calendar.country, calendar.fallback, calendar.make_up_days)
    profile = (spec.months, spec.weekdays, spec.holidays)
    measured = scenario.period.window.first.year
    means = [
        spec.expected(year, measured) * _year_shares(year, *known, *profile)
        for year in range(start.year, end.year + 1)
    ]
    offset = (start - dt.date(start.year, 1, 1)).days
    mean = np.concatenate(means)[offset : offset + (end - start).days + 1]
    for surge in spec.surges:
        first = max((surge.dates.first - start).days, 0)
        last = (surge.dates.last - start).days
        mean[first : max(last + 1, first)] *= surge.factor
    if spec.rounds is not None:
        mean = mean * (1 - spec.rounds.share)
    return mean if spec.holidays == "open" else mean * _no_holiday(calendar_of(scenario))


def _no_holiday(days: WorkingDays) -> Bools:
    """Return [D] whether cases come in: on working days, and on ordinary weekends."""
    return np.asarray(days.working | (~days.holiday & (days.weekday >= 5)))


@lru_cache(maxsize=256)
def _year_shares(
    year: int,
    country: str,
    fallback: str,
    make_up_days: tuple[dt.date, ...],
    months: tuple[float, ...],
    weekdays: tuple[float, ...],
    holidays: str,
) -> Floats:
    """Return the share of the year's volume on each of its days."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)

    def weights(made_up_too: tuple[dt.date, ...]) -> Floats:
        days = working_days(
            country,
            first,
            last,
            fallback=fallback,  # type: ignore[arg-type]
            make_up_days=made_up_too,
        )
        month = np.array([months[days.date_of(day).month - 1] for day in range(len(days))])
        made_up = days.working & (days.weekday >= 5)
        weight = np.where(made_up, np.mean(weekdays[:5]), np.array(weekdays)[days.weekday])
        return np.asarray(month * weight * (_no_holiday(days) | (holidays == "open")))

    total = weights(()).sum()
    return weights(make_up_days) / (total if total > 0 else 1.0)


def second_of_day(hours: Mapping[str, float], share: Floats) -> Ints:
    """Turn uniform numbers into seconds of the day by the hour profile (inverse transform)."""
    stretches = [stretch for text in hours for stretch in parse_hours(text)]  # one each
    order = np.argsort([begin for begin, _ in stretches])
    begin, end = np.array(stretches)[order].T
    weight = np.array(list(hours.values()))[order]
    edges = np.concatenate([[0.0], np.cumsum(weight / weight.sum())])
    row = np.clip(np.searchsorted(edges, share, side="right") - 1, 0, len(weight) - 1)
    width = np.where(edges[row + 1] > edges[row], edges[row + 1] - edges[row], 1.0)
    inside = (share - edges[row]) / width
    seconds = begin[row] + np.floor(inside * (end - begin)[row]).astype(np.int64)
    return np.asarray(np.minimum(seconds, end[row] - 1))
