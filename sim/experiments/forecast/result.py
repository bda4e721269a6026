"""The forecast: the open cases, what would save them, and the load of every pool."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from sim.experiments.forecast.rows import (
    CaseForecastRow,
    MeasureRow,
    NotTakenRow,
    PoolLoadRow,
    SavingRow,
)
from sim.measures.contrasts import Estimate
from sim.results.finding import Finding, table_of
from sim.scenario import Scenario
from sim.scenario.display import shown_by
from sim.translation import tr


@dataclass(frozen=True, eq=False, repr=False)
class Forecast(Finding):
    """What becomes of the cases that are open at a date."""

    made_of: ClassVar[tuple[type, ...]] = (
        *(CaseForecastRow, SavingRow, MeasureRow, PoolLoadRow, NotTakenRow),
        Estimate,
    )

    scenario: Scenario
    """The scenario as it was given."""
    seed: int
    replications: int
    tried: int
    """Replications in which measures were tried; 0: none was."""
    date: dt.date
    """What was recorded up to the end of this date is known."""
    to: dt.date
    """Last date of the load of pools."""
    arrivals: bool
    """Whether further cases come in."""
    received: int
    """Cases that were received up to the date."""
    open_cases: int
    """Of these, the open ones that are forecast."""
    left_out: int
    """Open cases that were left out, since their rows make no sense to the scenario."""
    failed: int
    """Cases without a decision of which nothing goes on."""
    by_steps: bool
    """Where cases stand was read from recorded steps; else from states."""
    case_rows: tuple[CaseForecastRow, ...]
    saving_rows: tuple[SavingRow, ...]
    measure_rows: tuple[MeasureRow, ...]
    load_rows: tuple[PoolLoadRow, ...]
    not_taken_rows: tuple[NotTakenRow, ...]

    def __repr__(self) -> str:
        """Return the most urgent cases, one a line."""
        percent = partial(shown_by, "numbers", "percent")
        lines = [
            tr(
                "{open_cases:,} open cases in the evening of {date}",
                open_cases=self.open_cases,
                date=self.date,
            )
        ]
        lines += [
            tr(
                "  {case_given} {limit}: late with {percent}",
                case_given=row.case,
                limit=row.limit,
                percent=percent(row.late.value),
            )
            for row in self.case_rows[:10]
        ]
        return "\n".join(lines)

    def expected_late(self, limit: str) -> float:
        """Return the expected number of open cases that are late for a limit."""
        return sum(row.late.value for row in self.case_rows if row.limit == limit)

    # --- tables ------------------------------------------------------------------------------

    @table_of(CaseForecastRow)
    def forecast(self) -> Iterable[CaseForecastRow]:
        """One row per open case and limit, ranked."""
        return self.case_rows

    @table_of(SavingRow, optional=True)
    def savings(self) -> Iterable[SavingRow]:
        """One row per case at risk, limit and measure."""
        return self.saving_rows

    @table_of(MeasureRow, optional=True)
    def measures(self) -> Iterable[MeasureRow]:
        """One row per measure for a team and limit: all open cases together."""
        return self.measure_rows

    @table_of(PoolLoadRow)
    def load(self) -> Iterable[PoolLoadRow]:
        """One row per pool and week."""
        return self.load_rows

    @table_of(NotTakenRow, optional=True)
    def not_taken(self) -> Iterable[NotTakenRow]:
        """One row per value of the records that could not be taken over."""
        return self.not_taken_rows
