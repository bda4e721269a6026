"""Limits: the cases that kept them, in one replication and over all replications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Ints
from sim.clocks import DEFAULT, ClockReadings, Counting, History, Reading, read_clocks
from sim.demand.demand import Demand
from sim.limits import WHOLE_TIME, ClockRule, ResolvedLimit, Scope
from sim.measures.shares import Quantile, Verdict, quantiles, share_interval, verdict
from sim.process.graph import Outcome
from sim.scenario import ClockUnit

SHARES = (0.5, 0.9, 0.95, 1.0)
"""The quantiles that are reported; 1 is the maximum."""


class Standing(IntEnum):
    """The standing of one case with one limit."""

    ON_TIME = 0
    """Ended in scope, clock ≤ limit. The last day of the limit is in time."""
    LATE = 1
    """Ended in scope, clock > limit."""
    OPEN_OVERDUE = 2
    """Not ended in scope, but the clock already exceeds the limit: the case will be late."""
    UNDETERMINED = 3
    """Not ended in scope, and not overdue: unknown. Left out of the share, and reported."""
    WITHDRAWN = 4
    """Withdrawn by the applicant, now or later in its course: left out, and reported."""
    NO_DECISION = 5
    """Not accepted, or refused elsewhere, so that this scope never decides: left out, and
    reported. Counting it as a case on time would flatter."""
    OUT_OF_SCOPE = 6
    """The case has no step in scope."""


@dataclass(frozen=True, eq=False)
class Tally:
    """One limit, one clock, one replication: counts of measured cases, and their days.

    Days are in the smallest amounts of the clock: whole days, or seconds of a clock in hours.
    """

    count: tuple[int, ...]
    """Number of cases by `Standing`; `OUT_OF_SCOPE` included."""
    ended_days: Ints
    """The clock of each case that ended in scope (on time or late)."""
    overdue_days: Ints
    """The clock so far of each case that is open and overdue."""

    @classmethod
    def of(cls, standing: NDArray[np.int8], days: Ints) -> Tally:
        """Count [n] cases by their `Standing` and their days on a clock."""
        return cls(
            count=tuple(np.bincount(standing, minlength=len(Standing)).tolist()),
            ended_days=days[(standing == Standing.ON_TIME) | (standing == Standing.LATE)],
            overdue_days=days[standing == Standing.OPEN_OVERDUE],
        )

    @property
    def on_time(self) -> int:
        """Cases that kept the limit."""
        return self.count[Standing.ON_TIME]

    @property
    def late(self) -> int:
        """Cases that ended late."""
        return self.count[Standing.LATE]

    @property
    def decided(self) -> int:
        """Cases that ended in scope."""
        return self.on_time + self.late

    @property
    def open_overdue(self) -> int:
        """Cases still open, and already late."""
        return self.count[Standing.OPEN_OVERDUE]

    @property
    def open(self) -> int:
        """Cases still open, overdue or not."""
        return self.open_overdue + self.count[Standing.UNDETERMINED]

    @property
    def withdrawn(self) -> int:
        """Cases withdrawn."""
        return self.count[Standing.WITHDRAWN]

    @property
    def no_decision(self) -> int:
        """Cases not accepted, or refused before this scope could decide."""
        return self.count[Standing.NO_DECISION]

    @property
    def measured(self) -> int:
        """Cases that arrived in the window and have a step in scope."""
        return sum(self.count) - self.count[Standing.OUT_OF_SCOPE]

    @property
    def judged(self) -> int:
        """Cases known to keep the limit or to miss it: the denominator of the share."""
        return self.decided + self.open_overdue


def joined(tallies: Sequence[Tally]) -> Tally:
    """Return the tally of several disjoint sets of cases together."""
    return Tally(
        count=tuple(map(sum, zip(*(tally.count for tally in tallies), strict=True))),
        ended_days=np.concatenate([tally.ended_days for tally in tallies]),
        overdue_days=np.concatenate([tally.overdue_days for tally in tallies]),
    )


@dataclass(frozen=True, eq=False)
class ScopeReading:
    """One scope in one replication, on all clocks; K cases of its case type."""

    name: str
    """The name of the limit, or of the case type if it has none."""
    clock: str
    """The clock that decides; `WHOLE_TIME` for a case type without a limit."""
    readings: ClockReadings
    standing: Mapping[str, NDArray[np.int8]]
    """Clock → [K] `Standing`, of measured cases and others."""
    tallies: Mapping[str, Tally]
    """Clock → counts of the measured cases; small enough to keep for every replication."""


@dataclass(frozen=True, eq=False)
class LimitReading(ScopeReading):
    """One limit in one replication, on all clocks; K cases of its case type."""

    limit: ResolvedLimit
    groups: Mapping[str, tuple[Tally, ...]]
    """Attribute → counts on the clock that decides, one for each of its values, in their order."""


def read_limit(
    limit: ResolvedLimit, history: History, counting: Counting = DEFAULT
) -> LimitReading:
    """Read one limit in one replication, on all clocks.

    Every clock of days is compared with a limit in days, and every clock in hours with one in
    hours, to show how much the choice of the clock matters; only `limit.clock` decides. The other
    clocks call no case late.
    """
    readings = read_clocks(history, limit.scope, counting)
    allowed = np.full(len(readings.case), limit.ticks)
    extended = history.demand.extended.get(limit.name)
    if extended is not None:
        allowed += extended[readings.case] * limit.extension_ticks
    alike = {rule.name for rule in counting.rules if (rule.unit == "h") == (limit.unit == "h")}
    standing, tallies = _judged(readings, history.demand, dict.fromkeys(alike, allowed))
    groups = _by_attribute(history.demand, readings, standing[limit.clock], limit.clock)
    return LimitReading(limit.name, limit.clock, readings, standing, tallies, limit, groups)


def read_case_type(case_type: str, history: History, counting: Counting = DEFAULT) -> ScopeReading:
    """Read a case type without a limit, on all clocks: no case of it is late."""
    readings = read_clocks(history, Scope(case_type), counting)
    standing, tallies = _judged(readings, history.demand, {})
    return ScopeReading(case_type, WHOLE_TIME, readings, standing, tallies)


def _judged(
    readings: ClockReadings, demand: Demand, allowed: Mapping[str, Ints]
) -> tuple[Mapping[str, NDArray[np.int8]], Mapping[str, Tally]]:
    """Return clock → [K] standing, and clock → counts; `allowed`: clock → [K] the limit on it."""
    outcome = demand.outcome[readings.case]
    measured = demand.workload.measured[readings.case]
    standing = {
        name: _standing(readings, reading, allowed.get(name), outcome)
        for name, reading in readings.clocks.items()
    }
    tallies = {
        name: Tally.of(standing[name][measured], reading.value[measured])
        for name, reading in readings.clocks.items()
    }
    return MappingProxyType(standing), MappingProxyType(tallies)


def _by_attribute(
    demand: Demand, readings: ClockReadings, standing: NDArray[np.int8], clock: str
) -> Mapping[str, tuple[Tally, ...]]:
    """Count the measured cases of each value of each attribute that the case type has."""
    measured = demand.workload.measured[readings.case]
    days = readings.clocks[clock].value
    groups = {}
    for name, codes in demand.attributes.items():
        of_case = codes[readings.case]
        if (of_case >= 0).any():
            groups[name] = tuple(
                Tally.of(standing[here], days[here])
                for value in range(len(demand.attribute_values[name]))
                for here in [measured & (of_case == value)]
            )
    return MappingProxyType(groups)


def _standing(
    readings: ClockReadings, reading: Reading, allowed: Ints | None, outcome: NDArray[np.int8]
) -> NDArray[np.int8]:
    """Return [K] `Standing`, by the first condition that holds; without a limit none is late."""
    over = np.zeros_like(reading.open) if allowed is None else reading.value > allowed
    refused = np.isin(outcome, (Outcome.REFUSED, Outcome.NOT_ACCEPTED, Outcome.LAPSED))
    where = {
        Standing.OUT_OF_SCOPE: ~readings.in_scope,
        Standing.WITHDRAWN: outcome == Outcome.WITHDRAWN,
        Standing.NO_DECISION: refused & ~readings.decided_here,
        Standing.OPEN_OVERDUE: reading.open & over,
        Standing.UNDETERMINED: reading.open,
        Standing.LATE: over,
    }
    standing = np.select([*where.values()], [np.int8(case) for case in where], Standing.ON_TIME)
    return standing.astype(np.int8)


@dataclass(frozen=True)
class ClockDays:
    """The days of one scope's cases on one clock, over R replications."""

    name: str
    """The name of the limit, or of the case type if it has none."""
    case_type: str
    rule: ClockRule
    """The clock."""
    quantiles: tuple[Quantile, ...]
    """Quantiles of the clock at `SHARES`, in its unit."""

    @property
    def clock(self) -> str:
        """The name of the clock."""
        return self.rule.name

    @property
    def unit(self) -> ClockUnit:
        """The unit in which the clock counts."""
        return self.rule.unit


@dataclass(frozen=True)
class LimitJudgement(ClockDays):
    """One limit on one clock over R replications."""

    limit: ResolvedLimit
    decides: bool
    """This clock is the one that decides."""
    replications: int
    measured: int
    on_time: int
    late: int
    open: int
    """Cases still open, overdue or not."""
    open_overdue: int
    withdrawn: int
    no_decision: int
    share: float
    """On time / (on time + late + open and overdue); NaN if the denominator is 0."""
    low: float
    """Lower end of the confidence interval of the share."""
    high: float
    """Upper end of the confidence interval of the share."""
    verdict: Verdict
    kept_days: Quantile
    """The smallest limit that the target share of the cases would have kept."""

    @property
    def spare_days(self) -> float:
        """Distance to the limit, in the unit of the clock: negative where the limit is missed.

        At least 0 exactly where the observed share reaches the target.
        """
        return self.limit.days - self.kept_days.days


def days_on(case_type: str, rule: ClockRule, tallies: Sequence[Tally]) -> ClockDays:
    """Return a case type's days on one clock, without a limit; one tally per replication."""
    return ClockDays(case_type, case_type, rule, _quantiles(tallies, SHARES, rule))


def summarise(
    limit: ResolvedLimit,
    tallies: Sequence[Tally],
    rule: ClockRule | None = None,
    confidence: float | None = None,
) -> LimitJudgement:
    """Judge a limit on one clock from its replications.

    Parameters
    ----------
    tallies
        One per replication, of the same clock.
    rule
        The clock of the tallies; default: the one that decides.
    confidence
        Of the interval and verdict; default: the limit's own. For repeated looks, pass
        `confidence_at_look(limit.confidence, k)`.
    """
    rule = limit.rule if rule is None else rule
    on_time = np.array([tally.on_time for tally in tallies], np.int64)
    judged = np.array([tally.judged for tally in tallies], np.int64)
    share, low, high = share_interval(
        on_time, judged, limit.confidence if confidence is None else confidence
    )
    *at_shares, kept = _quantiles(tallies, (*SHARES, limit.target_share), rule)
    return LimitJudgement(
        name=limit.name,
        case_type=limit.case_type,
        rule=rule,
        quantiles=tuple(at_shares),
        limit=limit,
        decides=rule == limit.rule,
        replications=len(tallies),
        measured=sum(tally.measured for tally in tallies),
        on_time=int(on_time.sum()),
        late=sum(tally.late for tally in tallies),
        open=sum(tally.open for tally in tallies),
        open_overdue=sum(tally.open_overdue for tally in tallies),
        withdrawn=sum(tally.withdrawn for tally in tallies),
        no_decision=sum(tally.no_decision for tally in tallies),
        share=share,
        low=low,
        high=high,
        verdict=verdict(low, high, limit.target_share),
        kept_days=kept,
    )


def _quantiles(
    tallies: Sequence[Tally], shares: Sequence[float], rule: ClockRule
) -> tuple[Quantile, ...]:
    """Return quantiles in the unit of a clock; open and overdue cases count as they are so far."""
    none = np.empty(0, np.int64)
    ended = np.concatenate([none, *(tally.ended_days for tally in tallies)])
    overdue = np.concatenate([none, *(tally.overdue_days for tally in tallies)])
    found = quantiles(ended, overdue, shares)
    return tuple(replace(one, days=one.days / rule.ticks) for one in found)
