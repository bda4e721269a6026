"""The validation: what was recorded after a date, beside what the scenario makes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from sim.experiments.validate.rows import (
    ClockFitRow,
    ComparisonRow,
    DistributionRow,
    LeftOutRow,
)
from sim.measures.contrasts import Estimate
from sim.results.finding import Finding, table_of
from sim.scenario import Scenario
from sim.scenario.display import shown_by
from sim.translation import tr


@dataclass(frozen=True, eq=False, repr=False)
class Validation(Finding):
    """Whether a scenario explains what was recorded after a date."""

    made_of: ClassVar[tuple[type, ...]] = (
        *(ComparisonRow, ClockFitRow, DistributionRow, LeftOutRow),
        Estimate,
    )

    scenario: Scenario
    """The scenario as it was given, or as it was fitted."""
    fitted: bool
    """It was fitted to what was recorded before the first date."""
    uncertain: bool
    """The inputs with a range were drawn anew for each replication."""
    seed: int
    replications: int
    first: dt.date
    """The first date that is compared; what was recorded before it was known."""
    last: dt.date
    """The last one."""
    arrivals: str
    """`drawn` by the scenario, or `replay`: as recorded."""
    level: float
    """Of the prediction intervals, for each number by itself."""
    error: float
    """Probability to say that a scenario does not fit which is right."""
    p_value: float
    """Share of the replications, and what was recorded, that deviate as much in their strangest
    number."""
    received: int
    """Cases recorded from the first date to the last."""
    open_cases: int
    """Open cases with which the simulation begins."""
    left_out: int
    """Open cases that were left out, since their rows make no sense to the scenario."""
    by_steps: bool
    """Clocks and open cases were read from recorded steps; else from states."""
    comparison_rows: tuple[ComparisonRow, ...]
    clock_rows: tuple[ClockFitRow, ...]
    distribution_rows: tuple[DistributionRow, ...]
    left_out_rows: tuple[LeftOutRow, ...]

    @property
    def fits(self) -> bool:
        """Whether what was recorded is explained by the scenario and by chance."""
        return self.p_value > self.error + 1e-12

    @property
    def differing(self) -> tuple[ComparisonRow | ClockFitRow, ...]:
        """The numbers that tell both apart, the clearest first."""
        rows: tuple[ComparisonRow | ClockFitRow, ...] = (*self.comparison_rows, *self.clock_rows)
        return tuple(sorted((row for row in rows if row.differs), key=lambda row: -row.score))

    @property
    def coverage(self) -> tuple[int, int]:
        """Shares on time of single months in their prediction intervals; and how many there are."""
        months = [row for row in self.comparison_rows if row.kind == "on_time" and row.period]
        return sum(row.inside for row in months), len(months)

    def __repr__(self) -> str:
        """Return the answer, and what tells both apart."""
        number = partial(shown_by, "numbers", "rounded")
        word = "fits" if self.fits else tr("does not fit")
        lines = [f"{word}: {self.first} to {self.last}, p = {number(self.p_value, 3)}"]
        for row in self.differing[:10]:
            kind = row.kind if isinstance(row, ComparisonRow) else "days"
            period = row.period if isinstance(row, ComparisonRow) else ""
            lines.append(f"  {kind} {row.of} {row.name} {period}: {row.differs}".rstrip())
        return "\n".join(lines)

    # --- tables ------------------------------------------------------------------------------

    @table_of(ComparisonRow)
    def comparisons(self) -> Iterable[ComparisonRow]:
        """One row per number that is compared: shares on time, received, ended, open."""
        return self.comparison_rows

    @table_of(ClockFitRow, optional=True)
    def clocks(self) -> Iterable[ClockFitRow]:
        """One row per limit, and matter: its days."""
        return self.clock_rows

    @table_of(DistributionRow, optional=True)
    def distributions(self) -> Iterable[DistributionRow]:
        """One row per limit or matter and number of days."""
        return self.distribution_rows

    @table_of(LeftOutRow, optional=True, name="not_compared")
    def not_compared(self) -> Iterable[LeftOutRow]:
        """One row per limit or matter whose days cannot be compared."""
        return self.left_out_rows
