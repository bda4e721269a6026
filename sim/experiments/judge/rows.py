"""The rows of what recorded cases come to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sim.measures.contrasts import Estimate
from sim.results.rows import CI, Counts, PartRow, PeriodCells, Share


@dataclass(frozen=True)
class RecordedLimitRow:
    """The recorded cases of one limit, or of a case type without one, on one clock."""

    limit: str
    """Name of the limit; empty for a case type without one."""
    case_type: str
    """The cases."""
    clock: str
    """The clock on which days are counted."""
    unit: str
    """Unit in which it counts: `wd`, `cd` or `h`."""
    decides: bool
    """Whether this is the clock that decides."""
    limit_days: float
    """The promise; empty without one."""
    target_share: float
    """Share that must keep it; empty without a limit."""
    confidence: float
    """Confidence of the interval; empty without a limit."""
    interval: str
    """What the interval takes for granted: `cases` are independent, or `months` are."""
    share: Share
    """How it is kept."""
    counts: Counts
    """What became of its cases."""
    mean: float
    """Mean of the clock, of the cases that ended."""
    p50: float
    """Median of the clock; empty without a case."""
    p90: float
    """Days within which 90 % of the cases end."""
    p95: float
    """Days within which 95 % of the cases end."""
    max: float
    """Most days."""
    spare_days: float
    """Limit minus the days that the target share keeps; negative where it is missed."""
    at_least: str
    """Those of `p50` to `max` that open cases may raise, joined by spaces."""


@dataclass(frozen=True)
class RecordedMonthRow:
    """One limit and month (or week) of receipt; the intervals of all months hold together."""

    limit: str
    """Name of the limit."""
    period: PeriodCells
    """When the cases were received."""
    judged: PartRow
    """How these cases keep the limit."""


@dataclass(frozen=True)
class RecordedYearRow:
    """One limit in one whole year of receipt."""

    limit: str
    """Name of the limit."""
    first: dt.date
    """First date of the year."""
    last: dt.date
    """Last date of the year."""
    cases: int
    """Cases on time, late, and still open."""
    on_time: int
    """Cases on time."""
    undetermined: int
    """Cases still open, and not over the limit so far."""
    on_time_share: Estimate = field(metadata=CI)
    """On time ÷ cases, with its interval for independent cases; open ones count both ways."""
    kept: str
    """Whether the year kept the target: `yes`, `no`, or `open` as long as open cases decide it."""


@dataclass(frozen=True)
class RecordedGroupRow:
    """One limit and value of an attribute; the intervals of all values hold together."""

    limit: str
    """Name of the limit."""
    attribute: str
    """Attribute that divides the cases."""
    value: str
    """Value of the attribute."""
    judged: PartRow
    """How its cases keep the limit."""


@dataclass(frozen=True)
class RecordedPartRow:
    """One matter or stage against its own limit, or cases without any late matter."""

    kind: str
    """`matter`, `stage`, `limit`, `case_type`; the last two stand for the matters in them."""
    name: str
    """Name of the matter, stage, limit or case type."""
    case_type: str
    """Its case type."""
    stage: str
    """The stage; empty for others."""
    department: str
    """The department of the matter; empty for others."""
    standard: str
    """What is to be kept: `promised`, `statutory`, `budget`, `no_late_matter` or `state_rule`."""
    decides: bool
    """Whether a matter is late if it exceeds these days."""
    clock: str
    """The clock that counts; empty without a number of days."""
    unit: str
    """Its unit."""
    limit_days: float
    """The days that may not be exceeded; the longest, where cases were promised different ones."""
    share: Share
    """How it is kept, with the interval for independent cases."""
    counts: Counts
    """What became of its cases."""
    p95: float
    """Days within which 95 % of the cases end."""


@dataclass(frozen=True)
class RecordedDepartmentRow:
    """One department with all its matters that have a limit; counted are items."""

    department: str
    """The department."""
    matters: str
    """Its matters, separated by commas."""
    share: Share
    """How many of its items are on time; the intervals of all departments hold together."""
    counts: Counts
    """What became of its items."""


@dataclass(frozen=True)
class StateRow:
    """The state's statistics of an item, stage or project."""

    kind: str
    """`item`, `stage` or `project`."""
    name: str
    """The matter, stage or case type."""
    case_type: str
    """Its case type."""
    cases: int
    """Cases with a time; items that were refused, withdrawn or lapsed have none."""
    open: int
    """Of these, not ended."""
    overdue: int
    """超期: over the limit; a stage also if an item of it is, a project if any item is."""
    days_mean: float
    """审批用时: mean working days; open ones as they are so far."""
    days_max: float
    """Most working days."""
    span_mean: float
    """跨度用时: mean calendar days."""
    applicant_mean: float
    """建设单位合理化用时 of a stage that ended: mean working days of the applicant's own time."""
