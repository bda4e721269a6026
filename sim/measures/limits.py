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
from sim.measures.shares import OnTimeCounts, Quantile, Verdict, quantiles
from sim.process.graph import Outcome
from sim.scenario import ClockUnit

SHARES = (0.5, 0.9, 0.95, 1.0)
"""The quantiles that are reported; 1 is the maximum."""
QUANTILE_NAMES = ("p50", "p90", "p95", "max")
"""Their names in tables and JSON."""


class Standing(IntEnum):
    """The standing of one case with one limit."""

    ON_TIME = 0
    """Ended in scope, clock ≤ limit. The last day of the limit is in time."""
    LATE = 1
    """Ended in scope, clock > limit."""
    OPEN_OVERDUE = 2
    """Not ended in scope, but the clock already exceeds the limit: the case will be late."""
    UNDETERMINED = 3
    """Not ended in scope, and not overdue: unknown. It counts both ways, see `OnTimeCounts`."""
    WITHDRAWN = 4
    """Withdrawn by the applicant, now or later in its course: left out, and reported."""
    NO_DECISION = 5
    """Not accepted, or refused elsewhere, so that this scope never decides: left out, and
    reported. Counting it as a case on time would flatter."""
    OUT_OF_SCOPE = 6
    """The case has no step in scope, or the limit is not for cases with its attributes."""


# Plain numbers: a member of an enumeration takes half a microsecond to look up.
_ON_TIME, _LATE = int(Standing.ON_TIME), int(Standing.LATE)
_OPEN_OVERDUE, _UNDETERMINED = int(Standing.OPEN_OVERDUE), int(Standing.UNDETERMINED)
_NO_DECISION, _OUT_OF_SCOPE = int(Standing.NO_DECISION), int(Standing.OUT_OF_SCOPE)
STANDINGS = len(Standing)
BINDS = -1
"""In place of a `Standing` that tells why a case is left out: it is not."""


@dataclass(frozen=True, eq=False)
class Tally:
    """One limit, one clock, one replication: counts of measured cases, and their days.

    Days are in the smallest amounts of the clock: whole days, or seconds of a clock in hours.
    """

    count: tuple[int, ...]
    """Number of cases by `Standing`; `OUT_OF_SCOPE` included."""
    ended_days: Ints
    """The clock of each case that ended in scope (on time or late)."""
    open_days: Ints
    """The clock so far of each case that is open, overdue or not."""

    @classmethod
    def of(cls, standing: NDArray[np.int8], days: Ints) -> Tally:
        """Count [n] cases by their `Standing` and their days on a clock."""
        return cls(
            count=tuple(np.bincount(standing, minlength=STANDINGS).tolist()),
            ended_days=days[(standing == _ON_TIME) | (standing == _LATE)],
            open_days=days[(standing == _OPEN_OVERDUE) | (standing == _UNDETERMINED)],
        )

    @classmethod
    def of_counts(cls, standing: NDArray[np.int8]) -> Tally:
        """Count [n] cases by their `Standing`, where days have no meaning."""
        count = np.bincount(standing, minlength=STANDINGS).tolist()
        return cls(tuple(count), np.empty(0, np.int64), np.empty(0, np.int64))

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
    def undetermined(self) -> int:
        """Cases still open, and not late so far: they may still keep the limit or miss it."""
        return self.count[Standing.UNDETERMINED]

    @property
    def on_time_at_best(self) -> int:
        """Cases that kept the limit, and those that may still keep it."""
        return self.on_time + self.undetermined

    @property
    def open(self) -> int:
        """Cases still open, overdue or not."""
        return self.open_overdue + self.undetermined

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
        """Cases that keep the limit or miss it, known or not: the denominator of the share."""
        return self.decided + self.open


def joined(tallies: Sequence[Tally]) -> Tally:
    """Return the tally of several disjoint sets of cases together."""
    return Tally(
        count=tuple(map(sum, zip(*(tally.count for tally in tallies), strict=True))),
        ended_days=np.concatenate([tally.ended_days for tally in tallies]),
        open_days=np.concatenate([tally.open_days for tally in tallies]),
    )


def on_time_counts(tallies: Sequence[Tally]) -> OnTimeCounts:
    """Return the cases that R tallies, one per replication, are known and may be to be on time."""
    surely = np.array([tally.on_time for tally in tallies], np.int64)
    at_best = np.array([tally.on_time_at_best for tally in tallies], np.int64)
    judged = np.array([tally.judged for tally in tallies], np.int64)
    return OnTimeCounts(surely, at_best, judged)


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
    return judge_limit(limit, history, read_limit_clocks(limit, history, counting))


def read_limit_clocks(
    limit: ResolvedLimit, history: History, counting: Counting = DEFAULT
) -> ClockReadings:
    """Read the clocks of a limit's scope; limits on one scope that both count rounds share them."""
    rules = as_judged(limit, history, counting.rules)
    return read_clocks(history, limit.scope, replace(counting, rules=rules))


def judge_limit(limit: ResolvedLimit, history: History, readings: ClockReadings) -> LimitReading:
    """Hold the clocks of a limit's scope against the limit; see `read_limit`."""
    concerned = history.demand.matches(limit.when)[readings.case]
    readings = replace(readings, in_scope=readings.in_scope & concerned)
    allowed = np.full(len(readings.case), limit.ticks)
    extended = history.demand.extended.get(limit.name)
    if extended is not None:
        allowed += extended[readings.case] * limit.extension_ticks
    alike = [name for name, read in readings.clocks.items() if limit.compares(read.rule)]
    standing, tallies = _judged(readings, history.demand, dict.fromkeys(alike, allowed))
    groups = _by_attribute(history.demand, readings, standing[limit.clock], limit.clock)
    return LimitReading(limit.name, limit.clock, readings, standing, tallies, limit, groups)


def as_judged(
    limit: ResolvedLimit, history: History, rules: Sequence[ClockRule]
) -> tuple[ClockRule, ...]:
    """Return clocks, round by round if the limit is for each: as far as they have rounds."""
    if not limit.rule.per_round:
        return tuple(rules)
    graph = history.process.graphs[history.process.case_types.index(limit.case_type)]
    return tuple(
        replace(rule, per_round=bool(rule.round_ends(network=not graph.stages))) for rule in rules
    )


def read_case_type(case_type: str, history: History, counting: Counting = DEFAULT) -> ScopeReading:
    """Read a case type without a limit, on all clocks: no case of it is late."""
    readings = read_clocks(history, Scope(case_type), counting)
    standing, tallies = _judged(readings, history.demand, {})
    return ScopeReading(case_type, WHOLE_TIME, readings, standing, tallies)


def _judged(
    readings: ClockReadings, demand: Demand, allowed: Mapping[str, Ints]
) -> tuple[Mapping[str, NDArray[np.int8]], Mapping[str, Tally]]:
    """Return clock → [K] standing, and clock → counts; `allowed`: clock → [K] the limit on it."""
    unbound = left_out(readings, demand.outcome[readings.case])
    measured = demand.workload.measured[readings.case]
    standing = {
        name: standing_of(reading, allowed.get(name), unbound)
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


_BOUND = np.array(
    [Standing.ON_TIME, Standing.LATE, Standing.UNDETERMINED, Standing.OPEN_OVERDUE], np.int8
)
"""The standing of a case that a limit binds, by 2 · open + over the limit."""
_ENDS_AS = np.full(len(Outcome), BINDS, np.int8)
_ENDS_AS[[Outcome.REFUSED, Outcome.NOT_ACCEPTED, Outcome.LAPSED]] = Standing.NO_DECISION
_ENDS_AS[Outcome.WITHDRAWN] = Standing.WITHDRAWN
"""The standing of a case, by its `Outcome`, that the scope does not decide."""


def standing_of(
    reading: Reading, allowed: Ints | int | None, left_out: NDArray[np.int8]
) -> NDArray[np.int8]:
    """Return [K] `Standing` on a clock; without a limit none is late.

    `allowed`: [K], or the same for all; `left_out`: as from the function of this name. A clock that
    leaves out what was refused may go back: until the end nobody knows that a case is late on it.
    """
    code = reading.open * np.int8(2)
    if allowed is not None:
        late = reading.value > allowed
        code += late & ~reading.open if reading.rule.without_refused else late
    return np.where(left_out == BINDS, _BOUND[code], left_out)


def left_out(readings: ClockReadings, outcome: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return [K] the `Standing` of the cases that no limit on the scope binds, and else BINDS.

    `outcome`: [K]. Out of scope goes before withdrawn, and that before undecided.
    """
    standing = _ENDS_AS[outcome]
    standing[readings.decided_here & (standing == _NO_DECISION)] = BINDS
    standing[~readings.in_scope] = _OUT_OF_SCOPE
    return standing


def bound(readings: ClockReadings, outcome: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return [K] whether a limit on the scope binds the case; `outcome`: [K]."""
    return np.asarray(left_out(readings, outcome) == BINDS)


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

    @property
    def named_quantiles(self) -> Mapping[str, Quantile]:
        """Name, such as `p90` or `max` → quantile."""
        return dict(zip(QUANTILE_NAMES, self.quantiles, strict=True))


@dataclass(frozen=True)
class ShareJudgement:
    """An on-time share over R replications, against a target."""

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
    """On time / (on time + late + open): the share if every undetermined case ends late. NaN if
    the denominator is 0."""
    share_at_best: float
    """The share if every undetermined case ends on time; equal to `share` without any."""
    low: float
    """Lower end of the confidence interval of `share`."""
    high: float
    """Upper end of the confidence interval of `share_at_best`."""
    verdict: Verdict
    """It holds or fails only if that is proven for both shares."""

    @property
    def undetermined(self) -> int:
        """Cases still open and not late so far, which count both ways."""
        return self.open - self.open_overdue


@dataclass(frozen=True)
class LimitJudgement(ClockDays, ShareJudgement):
    """One limit on one clock over R replications."""

    limit: ResolvedLimit
    decides: bool
    """This clock is the one that decides."""
    kept_days: Quantile
    """The smallest limit that the target share of the cases would have kept."""

    @property
    def spare_days(self) -> float:
        """Distance to the limit, in the unit of the clock: negative where the limit is missed.

        At least 0 exactly where `share_at_best`, as observed, reaches the target. It is the most
        that the distance can be where `kept_days` is at least its days.
        """
        return self.limit.days - self.kept_days.days


def days_on(name: str, case_type: str, rule: ClockRule, tallies: Sequence[Tally]) -> ClockDays:
    """Return the days on one clock that no limit judges; one tally per replication.

    `name`: the limit with this scope, or the case type.
    """
    return ClockDays(name, case_type, rule, _quantiles(tallies, SHARES, rule))


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
    of_share = judge_share(
        tallies, limit.target_share, limit.confidence if confidence is None else confidence
    )
    *at_shares, kept = _quantiles(tallies, (*SHARES, limit.target_share), rule)
    return LimitJudgement(
        **vars(of_share),
        name=limit.name,
        case_type=limit.case_type,
        rule=rule,
        quantiles=tuple(at_shares),
        limit=limit,
        decides=rule.name == limit.clock,
        kept_days=kept,
    )


def judge_share(tallies: Sequence[Tally], target: float, confidence: float) -> ShareJudgement:
    """Judge the on-time share of R tallies, one per replication, against a target."""
    counts = on_time_counts(tallies)
    of_both = counts.share(confidence)
    return ShareJudgement(
        replications=len(tallies),
        measured=sum(tally.measured for tally in tallies),
        on_time=int(counts.surely.sum()),
        late=sum(tally.late for tally in tallies),
        open=sum(tally.open for tally in tallies),
        open_overdue=sum(tally.open_overdue for tally in tallies),
        withdrawn=sum(tally.withdrawn for tally in tallies),
        no_decision=sum(tally.no_decision for tally in tallies),
        share=of_both.share,
        share_at_best=of_both.at_best,
        low=of_both.low,
        high=of_both.high,
        verdict=of_both.verdict(target),
    )


def _quantiles(
    tallies: Sequence[Tally], shares: Sequence[float], rule: ClockRule
) -> tuple[Quantile, ...]:
    """Return quantiles in the unit of a clock; open cases count as they are so far."""
    none = np.empty(0, np.int64)
    ended = np.concatenate([none, *(tally.ended_days for tally in tallies)])
    still_open = np.concatenate([none, *(tally.open_days for tally in tallies)])
    found = quantiles(ended, still_open, shares)
    return tuple(replace(one, days=one.days / rule.ticks) for one in found)
