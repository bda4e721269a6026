"""Rows of tables, declared once: the fields are the columns, the JSON keys and the reference.

A row is a frozen dataclass. A field that holds another row stands for the columns of that row; a
field ``x`` that holds an `Estimate`, for the columns ``x``, ``x_low`` and ``x_high``; a field that
holds a mapping, for a column per key.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from sim.limits import PRESETS
from sim.measures.contrasts import Estimate
from sim.measures.doubt import Doubt
from sim.measures.limits import LimitJudgement, ShareJudgement
from sim.measures.periods import Period
from sim.measures.ranking import Place
from sim.measures.resubmissions import ResubmissionJudgement
from sim.measures.shares import Quantile, Verdict

if TYPE_CHECKING:
    import pandas as pd

PREFIX = "prefix"
"""Metadata of a field: prefix of the columns of its row, or of the bounds of its interval."""
CI = {PREFIX: "ci_"}
"""Metadata of an `Estimate` whose bounds are the columns `ci_low` and `ci_high`."""
COLUMNS = "columns"
"""Metadata of a field that holds a mapping: names of its columns in the reference."""


def cells(row: Any) -> dict[str, Any]:
    """Return column → value of a row."""
    row_cells: dict[str, Any] = {}
    for column in fields(row):
        value = getattr(row, column.name)
        if isinstance(value, Estimate):
            prefix = column.metadata.get(PREFIX, f"{column.name}_")
            row_cells |= {column.name: value.value}
            row_cells |= {f"{prefix}low": value.low, f"{prefix}high": value.high}
        elif is_dataclass(value):
            prefix = column.metadata.get(PREFIX, "")
            row_cells |= {f"{prefix}{name}": inner for name, inner in cells(value).items()}
        elif isinstance(value, Mapping):
            row_cells |= value
        else:
            row_cells[column.name] = value
    return row_cells


def records(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Return rows as JSON objects."""
    return [cells(row) for row in rows]


def frame(rows: Iterable[Any]) -> pd.DataFrame:
    """Return rows as a table."""
    import pandas as pd

    return pd.DataFrame(records(rows))


@dataclass(frozen=True)
class Share:
    """An on-time share, and the verdict that follows from it."""

    on_time_share: Estimate = field(metadata=CI)
    """On time ÷ (on time + late + open): the share if every undetermined case ends late. The
    interval counts them both ways. Without cases, empty and an interval from 0 to 1."""
    on_time_share_at_best: float
    """The share if every undetermined case ends on time; equal where there are none."""
    verdict: Verdict
    """`holds`, `fails`, `undecided`; proven however the undetermined cases end."""

    @classmethod
    def of(cls, judged: ShareJudgement) -> Share:
        """Return the cells of a judgement."""
        share = Estimate(judged.share, judged.low, judged.high)
        return cls(share, judged.share_at_best, judged.verdict)


@dataclass(frozen=True)
class Counts:
    """What became of the measured cases; `cases` − `late` − `open` − … is `on_time`."""

    cases: int
    """Measured cases with a step in scope, of all replications together."""
    on_time: int
    """Ended in time."""
    late: int
    """Ended late."""
    open: int
    """Not ended, overdue or not."""
    open_overdue: int
    """Not ended, and already over the limit; part of `open`."""
    undetermined: int
    """Not ended, and not over the limit so far: on time or late; the rest of `open`."""
    withdrawn: int
    """Withdrawn by the applicant."""
    no_decision: int
    """Not accepted, or refused before the scope could decide."""

    @classmethod
    def of(cls, judged: ShareJudgement) -> Counts:
        """Return the cells of a judgement."""
        return cls(
            judged.measured,
            judged.on_time,
            judged.late,
            judged.open,
            judged.open_overdue,
            judged.undetermined,
            judged.withdrawn,
            judged.no_decision,
        )


def raised(quantiles: Mapping[str, Quantile]) -> str:
    """Return the names of the quantiles that cases still open may raise, joined by spaces."""
    return " ".join(name for name, quantile in quantiles.items() if quantile.at_least)


@dataclass(frozen=True)
class LimitRow:
    """One limit on one clock."""

    limit: str
    """Name of the limit."""
    case_type: str
    """The cases it holds for."""
    condition: str
    """Their attributes, as `kind=simple/usual, zone=beihai`; empty: all of them."""
    per: str
    """What must keep it: each `application`, the `case`, or each `round` of review."""
    clock: str
    """The clock on which days are counted."""
    unit: str
    """Unit in which it counts: `wd` (working days), `cd` (calendar days) or `h` (open hours). The
    limit and all that is said of the clock are in this unit."""
    decides: bool
    """Whether this is the clock that decides."""
    limit_days: float
    """The promise."""
    target_share: float
    """Share that must keep it."""
    confidence: float
    """Confidence of the verdict, over all looks with `--until`."""
    confidence_used: float
    """Confidence of the interval at this look."""
    share: Share
    """How it is kept."""
    counts: Counts
    """What became of its cases."""
    p50: float
    """Median of the clock, in days; empty without a case to judge."""
    p90: float
    """Days within which 90 % of the cases end."""
    p95: float
    """Days within which 95 % of the cases end."""
    max: float
    """Most days."""
    spare_days: float
    """Limit minus the days that the target share keeps; negative where it is missed."""
    at_least: str
    """Those of `p50`, `p90`, `p95` and `max` that cases still open may raise, joined by spaces:
    they are the days shown or more. With `spare_days`: that is the days shown or less."""

    @classmethod
    def of(cls, limit: LimitJudgement, confidence: float) -> LimitRow:
        """Return the row of a judgement whose interval has this confidence."""
        p50, p90, p95, most = (quantile.days for quantile in limit.quantiles)
        return cls(
            limit=limit.limit.name,
            case_type=limit.limit.case_type,
            condition=limit.limit.condition,
            per=limit.limit.scope.per,
            clock=limit.clock,
            unit=limit.unit,
            decides=limit.decides,
            limit_days=limit.limit.days,
            target_share=limit.limit.target_share,
            confidence=limit.limit.confidence,
            confidence_used=confidence,
            share=Share.of(limit),
            counts=Counts.of(limit),
            p50=p50,
            p90=p90,
            p95=p95,
            max=most,
            spare_days=limit.spare_days,
            at_least=raised({**limit.named_quantiles, "spare_days": limit.kept_days}),
        )


@dataclass(frozen=True)
class PartRow:
    """A limit, judged for a part of its cases; the intervals of all parts hold together."""

    counts: Counts
    """What became of the cases of the part."""
    share: Share
    """How the part keeps the limit."""
    p90: float
    """Days of the deciding clock within which 90 % of the cases end."""
    p90_at_least: bool
    """Whether cases still open may raise `p90`."""

    @classmethod
    def of(cls, limit: LimitJudgement) -> PartRow:
        """Return the row of the judgement of a part."""
        p90 = limit.quantiles[1]
        return cls(Counts.of(limit), Share.of(limit), p90.days, p90.at_least)


@dataclass(frozen=True)
class GroupRow:
    """One limit and group, where groups are asked for, best mean rank first.

    See [by zone](../explanation/results.md#by-zone-and-what-a-ranking-is-worth).
    """

    limit: str
    """Name of the limit."""
    attribute: str
    """Attribute that divides the cases into groups."""
    value: str
    """Value of the attribute, or name of several `sites`."""
    judged: PartRow
    """How the group keeps the limit."""
    place: Place
    """How it ranks."""
    bottom: int
    """Number of groups that count as last: 3, or all but one where there are fewer."""
    signal: float
    """How far the ranks of two years agree: the share of the variance of ranks that lies between
    groups; empty with one replication, or where all groups are equal in every year."""
    signal_if_alike: float
    """`signal`, if all groups were equally good and only their sizes differed."""


@dataclass(frozen=True)
class DaysCells:
    """A number of days to be kept; empty where the standard is that no matter is late."""

    clock: str
    """The clock on which days are counted."""
    unit: str
    """Unit of its days: `wd` (working days) or `cd` (calendar days)."""
    limit_days: float
    """The days that may not be exceeded."""
    p95: float
    """Days within which 95 % of the cases end."""
    p95_at_least: bool
    """Whether cases still open may raise `p95`."""
    spare_days: float
    """Limit minus the days that the target share keeps; negative where it is missed."""

    @classmethod
    def of(cls, limit: LimitJudgement | None) -> DaysCells:
        """Return the cells of a judgement; None: without a number of days."""
        if limit is None:
            return cls("", "", math.nan, math.nan, False, math.nan)
        p95 = limit.quantiles[2]
        return cls(
            clock=limit.clock,
            unit=limit.unit,
            limit_days=limit.limit.days,
            p95=p95.days,
            p95_at_least=p95.at_least,
            spare_days=limit.spare_days,
        )


@dataclass(frozen=True)
class OwnLimitRow:
    """One matter or stage against its own limit, or cases without any late matter.

    See [every matter and stage](../explanation/results.md#every-matter-and-stage).
    """

    kind: str
    """`matter`, `stage`, `limit`, `case_type`; the last two stand for the matters in them."""
    name: str
    """Name of the matter, stage, limit or case type."""
    case_type: str
    """Its case type."""
    stage: str
    """The stage, also that of a matter; empty for others."""
    department: str
    """The department that decides the matter, or leads the stage; empty for others."""
    standard: str
    """What is to be kept: the `promised` or `statutory` days of a matter, the `budget` of a stage,
    or `no_late_matter`: the days promised for each matter; where none are, those of the law."""
    decides: bool
    """Whether a matter is late if it exceeds these days."""
    days: DaysCells
    """The days to be kept."""
    share: Share
    """How it is kept."""
    counts: Counts
    """What became of its cases."""


@dataclass(frozen=True)
class DepartmentRow:
    """One department with all its matters that have an own limit, best mean rank first.

    Counted are items: a matter of a case each. The intervals of all departments hold together.
    """

    department: str
    """Name of the department."""
    matters: str
    """Its matters, separated by spaces."""
    share: Share
    """How many of its items are on time."""
    counts: Counts
    """What became of its items."""
    place: Place
    """How it ranks."""
    bottom: int
    """Number of departments that count as last: 3, or all but one where there are fewer."""
    signal: float
    """How far the ranks of two years agree; see `groups`."""
    signal_if_alike: float
    """`signal`, if all departments were equally good and only their sizes differed."""


@dataclass(frozen=True)
class ResubmissionRow:
    """One limit whose cases can be handed in again (退件重报), by both rules.

    See [handed in again](../explanation/results.md#handed-in-again).
    """

    limit: str
    """Name of the limit."""
    clock: str
    """The clock that decides."""
    unit: str
    """Unit of its days."""
    per: str
    """The rule that decides: `application` (or `round`), or `case`."""
    cases: int
    """Measured cases with a step in scope, of all replications together."""
    handed_in_again: int
    """Of these, the cases that were handed in again."""
    times: int
    """How often they were handed in again, altogether."""
    by_application: Share = field(metadata={PREFIX: "application_"})
    """By the rule that each application has a clock of its own."""
    by_case: Share = field(metadata={PREFIX: "case_"})
    """By the rule that one clock goes on over all applications."""
    application_days: float
    """Mean days of the longest application of the cases handed in again; empty without any."""
    case_days: float
    """Mean days of the cases handed in again on the clock that goes on."""
    hidden_days: float
    """`case_days` − `application_days`: what a new clock for each application hides."""

    @classmethod
    def of(cls, judged: ResubmissionJudgement) -> ResubmissionRow:
        """Return the row of a judgement."""
        limit = judged.limit
        return cls(
            limit=limit.name,
            clock=limit.clock,
            unit=limit.unit,
            per=limit.scope.per,
            cases=judged.apart.measured,
            handed_in_again=judged.cases,
            times=judged.times,
            by_application=Share.of(judged.apart),
            by_case=Share.of(judged.together),
            application_days=judged.apart_days,
            case_days=judged.together_days,
            hidden_days=judged.together_days - judged.apart_days,
        )


@dataclass(frozen=True)
class DoubtRow:
    """One limit under the doubt about its inputs; see [How](../how-to/run.md#inputs-in-doubt)."""

    limit: str
    """Name of the limit."""
    draws: int
    """Draws of the inputs with cases to judge."""
    verdict: Verdict
    """Verdict under the doubt about the inputs."""
    kept: Estimate
    """Share of the draws whose long-run on-time share reaches the target, with its interval."""
    from_inputs: Estimate
    """Share of the variance between replications that is due to the inputs; the rest is chance."""
    sd_inputs: float
    """Standard deviation of the on-time share that the inputs alone would cause."""
    sd_chance: float
    """Standard deviation of the on-time share that chance alone would cause."""

    @classmethod
    def of(cls, limit: str, doubt: Doubt) -> DoubtRow:
        """Return the row of one limit."""
        parts = doubt.parts
        return cls(
            *(limit, doubt.draws, doubt.verdict, doubt.kept),
            *(parts.from_inputs, parts.sd_inputs, parts.sd_chance),
        )


@dataclass(frozen=True)
class InputRow:
    """One input as it was drawn for one replication."""

    replication: int
    """Number of the replication."""
    parameter: str
    """Path of the parameter."""
    unit: str | None
    """Unit of its values; empty for plain numbers."""
    value: float
    """Value; of a whole shape, such as the weights of months: how far it lies from that in the
    scenario, from -1 (the first end of its range) to 1."""


@dataclass(frozen=True)
class YearsRow:
    """One limit by the year: how probable it is that a year keeps its target.

    See [by the year](../explanation/results.md#by-the-year).
    """

    limit: str
    """Name of the limit."""
    unit: str
    """`year`; `window` if the measured window is shorter than a year."""
    target_share: float
    """Share of its cases that a year must have on time."""
    years: int
    """Simulated years with a case to judge."""
    kept: int
    """Years that are known to keep the target."""
    undetermined: int
    """Years that keep it or miss it, as cases that are still open end."""
    keeps: Estimate
    """Probability that a year keeps the target, and its confidence interval. Open cases count as
    late, and both ways in the interval."""
    worst: Estimate
    """On-time share of the worst year in twenty, and its confidence interval."""
    lowest: float
    """On-time share of the worst simulated year; open cases count as late."""
    median: float
    """On-time share of the year in the middle."""
    highest: float
    """On-time share of the best simulated year; open cases count as on time."""
    fails_twice: Estimate
    """Probability that two years running miss the target, and its confidence interval."""
    confidence: float
    """Confidence of each interval by itself."""


@dataclass(frozen=True)
class YearRow:
    """One limit in one simulated year."""

    limit: str
    """Name of the limit."""
    replication: int
    """Number of the replication, from 0."""
    first: dt.date
    """First date on which its cases were submitted."""
    last: dt.date
    """Last date on which its cases were submitted."""
    cases: int
    """Cases on time, late, and still open."""
    on_time: int
    """Cases on time."""
    undetermined: int
    """Cases still open, and not over the limit so far."""
    on_time_share: float
    """On time ÷ cases; empty without cases."""


@dataclass(frozen=True)
class PeriodCells:
    """A month of the measured window; in a window of less than 92 days, a week."""

    period: str
    """`2021-03`; of a week, its first date in the window."""
    first: dt.date
    """First date of the period in the window."""
    last: dt.date
    """Last date of the period in the window."""

    @classmethod
    def of(cls, period: Period) -> PeriodCells:
        """Return the cells of a period."""
        return cls(period.label, period.first, period.last)


@dataclass(frozen=True)
class MonthRow:
    """One limit and month in which cases were submitted; or week, if the window is short.

    Measured cases of the backlog count for the first period.
    """

    limit: str
    """Name of the limit."""
    period: PeriodCells
    """When the cases were submitted."""
    judged: PartRow
    """How these cases keep the limit."""


@dataclass(frozen=True)
class PoolMonthRow:
    """One pool that items reached, and month or week; busiest pool first."""

    pool: str
    """Name of the pool."""
    period: PeriodCells
    """Month or week."""
    utilisation: float
    """Worked ÷ rostered time of its officers, for whichever pool they work, all replications
    together. Can exceed 1; empty where nobody is rostered."""
    mean_queue: float
    """Mean number waiting, round the clock."""
    mean_wait_h: float
    """Mean hours from ready to start, round the clock, of items that became ready in the period,
    even if they waited beyond it; empty without items."""
    items: int
    """Items that became ready in the period."""


@dataclass(frozen=True)
class PoolSummary:
    """One pool over all replications, in the measured window; busiest first."""

    name: str
    """Name of the pool; `name[value]` for one that exists per attribute."""
    officers: int
    """Officers who serve it, alone or among others."""
    utilisation: float
    """Worked ÷ rostered time of those officers, for whichever pool they work, mean over
    replications. Can exceed 1."""
    mean_wait_h: float
    """Mean hours from ready to start, round the clock, over all items; empty without items."""
    max_queue: int
    """Most items that waited at one instant, in any replication."""
    mean_queue: float
    """Mean number waiting, round the clock."""
    items: int
    """Items that became ready in the window, all replications together."""


@dataclass(frozen=True)
class ResponseRow:
    """What it cost to respond in one pool: hours of overtime, and of help by others.

    Pools without either are left out.
    """

    pool: str
    """Name of the pool; `name[value]` for one that exists per attribute."""
    overtime_h: float
    """Hours of overtime worked in the window on its items, mean over replications."""
    overtime_most_h: float
    """The most in any replication."""
    help_h: float
    """Hours that officers who help in the pool worked on its items in their duty, mean over
    replications."""
    help_most_h: float
    """The most in any replication."""
    share_of_work: float
    """Overtime and help, as a share of all hours worked on its items."""


@dataclass(frozen=True)
class OwnTimeRow:
    """The applicant's own time 建设单位合理化用时 and the authority's share of the whole time.

    Only with `preparation`. Means over the cases that ended, in working days; each interval holds
    by itself.
    """

    of: str
    """The limit, or the case type without one, whose part of the case is meant."""
    cases: int
    """Cases that ended."""
    span_wd: float
    """Whole time, from the first receipt to the last certificate (clock `gross_span`)."""
    own_wd: float
    """Of these: days on which the applicant alone prepared papers, or was on the way to a
    counter; not corrections. What comes before the first receipt is not in it."""
    own_low: float
    """Lower bound of the interval."""
    own_high: float
    """Upper bound."""
    authority_wd: float
    """Of these: days on the promised clock."""
    authority_share: float
    """`authority_wd` ÷ `span_wd`."""
    authority_low: float
    """Lower bound of the interval."""
    authority_high: float
    """Upper bound."""


@dataclass(frozen=True)
class AccountRow:
    """The days that a matter or department used; accounts without days are left out."""

    kind: str
    """`matter` or `department`."""
    of: str
    """The case type; with `late_only`, the limit."""
    late_only: bool
    """True: late cases, steps on their critical branch. False: all measured cases and all steps,
    parallel ones in full."""
    name: str
    """The matter or department; matters that share a step are joined by ` + `. In a network, a pool
    without a department stands for one. Time without a department has the name of its owner:
    `owner:applicant`, `owner:authority`, `owner:third_party`, `owner:special`,
    `owner:publicity`."""
    cases: int
    """Cases in the mean."""
    total_wd: float
    """Mean working days per case, of all categories."""
    waiting_wd: float
    """Of these: waiting for an officer."""
    work_wd: float
    """Of these: work."""
    transfer_wd: float
    """Of these: papers on their way."""
    correction_wd: float
    """Of these: the applicant's time."""
    excluded_wd: float
    """Of these: special procedures and publicity."""
    third_party_wd: float
    """Of these: third parties."""
    other_wd: float
    """Of these: other delays of the authority."""
    supervision_wd: float
    """Of these: verification after the decision; on no clock."""


# --- cases and steps: `sim.measures.tables` makes their tables column by column -----------------


@dataclass(frozen=True)
class CaseLimit:
    """One case under one limit; empty for cases of other types."""

    days: Mapping[str, float] = field(metadata={COLUMNS: (*PRESETS, "CLOCK")})
    """Days on this clock; for an open case, those so far."""
    standing: str
    """`on_time`, `late`, `open_overdue`, `undetermined`, `withdrawn`, `no_decision`."""
    on_time: bool
    """Whether it kept the limit; empty if that is unknown or does not count."""


@dataclass(frozen=True)
class CaseRow:
    """One measured case, of all replications."""

    replication: int
    """Number of the replication, from 0."""
    case: int
    """Number of the case in the replication."""
    case_type: str
    """Its case type."""
    backlog: str
    """Its name in the backlog, if it was open at the start."""
    arrival: dt.datetime
    """Date and time of submission."""
    attributes: Mapping[str, str] = field(metadata={COLUMNS: ("attribute.ZONE",)})
    """Value of the attribute; a column for each."""
    outcome: str
    """`done`, `refused`, `withdrawn`, `not_accepted`, `open`."""
    limits: CaseLimit = field(metadata={PREFIX: "LIMIT."})
    """For each limit"""
    own_limits: Mapping[str, bool] = field(
        metadata={COLUMNS: ("STANDARD/OF/CASE_TYPE/NAME.on_time",)}
    )
    """Whether it kept all own limits of a stage, a limit or the case type (OF), a column for each:
    no matter late (`no_late_matter/stage/project/land.on_time`), or the state's rule
    (`state_rule/stage/project/land.on_time`); false also if it is open and overdue; empty if that
    is unknown or does not count."""


@dataclass(frozen=True)
class ItemRow:
    """One step of a case, of the first replication; with `--all-items`, of all."""

    replication: int
    """Number of the replication, from 0."""
    item: int
    """Number of the item in the replication."""
    case: int
    """Number of the case in the replication."""
    step: str
    """Name of the step."""
    matter: str
    """Its matter; several are joined by ` + `."""
    role: str
    """What it is in the course of a matter: `intake`, `check`, `review` …"""
    owner: str
    """Whose time it is: `authority`, `applicant`, `third_party`, `special`, `publicity`,
    `deferred`, `supervision`."""
    department: str
    """The department that accounts for it."""
    pool: str
    """The pool that does it; empty for a delay."""
    officer: str
    """The officer who did it; empty for a delay, or if work has not begun."""
    ready: dt.datetime
    """Date and time from which it could begin."""
    start: dt.datetime
    """When an officer began; empty: not yet."""
    end: dt.datetime
    """When it ended; empty: not yet."""
