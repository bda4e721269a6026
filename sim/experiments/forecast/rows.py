"""The rows of a forecast."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sim.measures.contrasts import Estimate
from sim.results.rows import PREFIX


@dataclass(frozen=True)
class CaseForecastRow:
    """One open case and limit, the most urgent first."""

    rank: int
    """Place in the list: by the probability to be late, then by the days left."""
    case: str
    """Its name in the records."""
    case_type: str
    """Its case type."""
    limit: str
    """The limit."""
    late: Estimate = field(metadata={PREFIX: "late_"})
    """Probability that it is late, of the replications in which the limit binds it; with the exact
    95 % interval for the number of replications."""
    ends_otherwise: float
    """Share of the replications in which it is withdrawn, or refused before the limit decides."""
    expected: dt.date | None
    """Expected date on which the clock stops: the mean; empty if it never does."""
    latest: dt.date | None
    """90 % latest date: within it nine of ten replications end; empty if fewer do."""
    due: dt.date | None
    """Last date in time if the clock does not pause any more; empty if it is over, or unknown."""
    limit_days: float
    """The limit, in its unit."""
    unit: str
    """`wd`, `cd` or `h`."""
    used_days: float
    """Days on its clock this morning; empty where the clock cannot tell."""
    left_days: float
    """Limit minus used days; negative if it is late already."""
    department: str
    """Who holds it: the department; else the owner of the time, such as `owner:applicant`."""
    step: str
    """The step at which it stands; several are joined by ` + `."""
    pool: str
    """The pool that holds it; empty if no office does."""
    slowest_pool: str
    """The pool in which it will spend most time, waiting or in hand; empty if in none."""
    by_date: float
    """Probability that its clock has stopped by the last date of the forecast."""
    saved_by: str
    """The measure that lowers its probability most: `officer`, `overtime` or `priority`; empty if
    none was tried, or none lowers it beyond chance."""
    saved_where: str
    """The team of that measure; empty for priority."""
    late_if_saved: float
    """Its probability to be late with that measure; empty without one."""


@dataclass(frozen=True)
class SavingRow:
    """One case at risk, limit and measure, on the same random numbers."""

    case: str
    """Its name in the records."""
    limit: str
    """The limit."""
    measure: str
    """`officer`: one more in a team; `overtime`: two hours longer each day; `priority`: the case
    goes first everywhere."""
    team: str
    """The team; empty for priority."""
    pool: str
    """The pool for whose sake; empty for priority."""
    replications: int
    """In which the measure was tried: fewer if it changed nothing for any case in the first 20."""
    late: float
    """Probability to be late as things are, in these replications."""
    late_then: float
    """The same with the measure."""
    saved: Estimate = field(metadata={PREFIX: "saved_"})
    """Late minus late then, with a 95 % interval over pairs of replications."""


@dataclass(frozen=True)
class MeasureRow:
    """One measure for a team, and what it does to all open cases of a limit."""

    measure: str
    """`officer` or `overtime`."""
    team: str
    """The team."""
    pool: str
    """The pool for whose sake it was tried."""
    limit: str
    """The limit."""
    replications: int
    """In which it was tried: fewer if it changed nothing for any case in the first 20."""
    late: float
    """Expected number of open cases that are late as things are."""
    late_then: float
    """The same with the measure."""
    saved: Estimate = field(metadata={PREFIX: "saved_"})
    """Late minus late then, with a 95 % interval over pairs of replications."""
    setting: str
    """The same as an option `--set`; empty for overtime."""


@dataclass(frozen=True)
class PoolLoadRow:
    """One pool in one of the next weeks, or months."""

    pool: str
    """The pool."""
    department: str
    """Its department; empty if it has none."""
    first: dt.date
    """First date."""
    last: dt.date
    """Last date."""
    capacity_h: float
    """Rostered hours of its officers, mean over replications; they may serve other pools, too."""
    worked_h: float
    """Hours that they work, for whichever pool."""
    utilisation: float
    """Worked ÷ rostered; empty without duty."""
    utilisation_high: float
    """What nine of ten replications do not exceed."""
    arriving: float
    """Items of work that reach the pool."""
    mean_queue: float
    """Mean number waiting, round the clock."""


@dataclass(frozen=True)
class NotTakenRow:
    """A value of the records that could not be taken over."""

    file: str
    """The file."""
    row: int | None
    """Line of a text file, or row of a sheet; for cases that were read nowhere, their number."""
    column: str
    """What it is about: a column of a backlog, `matter`, `state`, `step` or `special`."""
    value: str
    """The value."""
    rule: str
    """Why, with the nearest name that is known, and what was done instead."""
    left_out: bool
    """Whether the case is left out of the forecast for it."""
