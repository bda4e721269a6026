"""The rows of a validation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sim.measures.contrasts import Estimate
from sim.results.rows import PREFIX


@dataclass(frozen=True)
class ComparisonRow:
    """One number of what was recorded, beside the same number of the simulations."""

    kind: str
    """`on_time`: share of the cases on time, by date of receipt. `received`: cases. `ended`: cases
    or matters. `open`: those received and not ended, at the end of each period."""
    of: str
    """`limit`, `matter`, `case_type` or `department` (all its matters)."""
    name: str
    """Its name; on time, `matter` stands for the days that it has of its own."""
    case_type: str
    """Its case type; empty for departments."""
    department: str
    """The department of a matter, or itself; empty for others."""
    period: str
    """The month or week, as `2022-03`; `start`: cases that were open at the start; empty: all
    together (of counts at the end of each period, their mean)."""
    first: dt.date
    """First date of the period."""
    last: dt.date
    """Last date of the period."""
    recorded: float
    """What was recorded; of a share, with every case of unknown end late."""
    recorded_at_best: float
    """Of a share: with every case of unknown end on time; of others, the same as recorded."""
    simulated: Estimate = field(metadata={PREFIX: "predicted_"})
    """Mean of the simulations, with the prediction interval for a single one."""
    inside: bool
    """Whether what was recorded lies in the prediction interval."""
    together_low: float
    """Lower end of the interval that holds for all numbers of the validation together."""
    together_high: float
    """Its upper end."""
    score: float
    """Distance from the simulations in standard deviations, on the scale of the test."""
    differs: str
    """`low` or `high` if the number tells what was recorded apart from the simulations; else
    empty."""


@dataclass(frozen=True)
class ClockFitRow:
    """The days of one limit or matter, recorded and simulated."""

    of: str
    """`limit` or `matter`."""
    name: str
    """The limit or matter."""
    case_type: str
    """Its case type."""
    department: str
    """The department of a matter; empty for limits."""
    clock: str
    """The clock."""
    unit: str
    """Its unit: `wd`, `cd` or `h`."""
    cases: int
    """Recorded cases that ended in the period."""
    mean: float
    """Mean of their days."""
    p50: float
    """Their median."""
    p90: float
    """Days within which 90 % of them ended."""
    simulated_mean: Estimate = field(metadata={PREFIX: "predicted_mean_"})
    """Mean of the means of the simulations, with the prediction interval for one."""
    simulated_p50: float
    """Mean of the medians of the simulations."""
    simulated_p90: float
    """Mean of the simulations' 90 % points."""
    distance: float
    """Mean distance, in the unit, between the recorded days and those of all simulations, both put
    in order: the area between the two distribution functions."""
    usual_distance: float
    """Median of the same distance of single simulations."""
    largest_distance: float
    """The distance that is not exceeded if the scenario is right, for all numbers of the validation
    together."""
    score: float
    """The distance in standard deviations, on the scale of the test."""
    differs: str
    """`longer`, `shorter` or `other` (the same mean, another spread), if the days tell what was
    recorded apart from the simulations; else empty."""


@dataclass(frozen=True)
class DistributionRow:
    """The share of a limit's or matter's cases that ended within a number of days."""

    of: str
    """`limit` or `matter`."""
    name: str
    """The limit or matter."""
    case_type: str
    """Its case type."""
    days: float
    """Days on the clock, in its unit."""
    recorded: float
    """Share of the recorded cases."""
    simulated: Estimate = field(metadata={PREFIX: "predicted_"})
    """Mean share of the simulations, with the prediction interval for a single one."""


@dataclass(frozen=True)
class LeftOutRow:
    """A limit or matter whose days cannot be compared."""

    of: str
    """`limit` or `matter`."""
    name: str
    """The limit or matter."""
    case_type: str
    """Its case type."""
    reason: str
    """`delivery`: its clock runs to the delivery, which states do not record; `third_party`,
    `missing_papers`: it pauses for time that states do not tell; `hours`: it counts hours, and the
    records have dates alone; `unseen`: no recorded case ended."""
