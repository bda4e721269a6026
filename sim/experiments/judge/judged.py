"""What happened: recorded cases judged by the limits, clocks and rules of a simulation.

There is one history, so an interval over replications does not apply. A share is a fact about the
cases recorded; its interval is for the share that the same way of working would bring in the long
run. From `MONTHS_ENOUGH` months on, months are taken as independent of each other (the cases of one
month need not be); with fewer, all cases are, and the interval is the exact one of Clopper and
Pearson. Neither sees that a bad month hands on its backlog. Open cases count both ways.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from sim.experiments.judge.rows import (
    RecordedDepartmentRow,
    RecordedGroupRow,
    RecordedLimitRow,
    RecordedMonthRow,
    RecordedPartRow,
    RecordedYearRow,
    StateRow,
)
from sim.measures.contrasts import Estimate
from sim.results.finding import Finding, table_of
from sim.results.rows import AccountRow, Counts, PartRow, PeriodCells, Share
from sim.scenario import Scenario
from sim.scenario.display import shown_by
from sim.translation import tr


@dataclass(frozen=True, eq=False, repr=False)
class Judged(Finding):
    """Recorded cases, judged: as limits, matters, departments, and the state's statistics."""

    made_of: ClassVar[tuple[type, ...]] = (
        *(RecordedLimitRow, RecordedMonthRow, RecordedYearRow, RecordedGroupRow, RecordedPartRow),
        *(RecordedDepartmentRow, StateRow, AccountRow, PartRow, PeriodCells, Share, Counts),
        Estimate,
    )

    given: Scenario | None
    """The scenario whose limits and clocks count; None: the register's own."""
    files: tuple[str, ...]
    """Names of the files that were read."""
    first: dt.date
    """The first date of receipt of the cases that are judged."""
    last: dt.date
    """The last one."""
    until: dt.datetime
    """The time to which open cases count."""
    recorded: int
    """Cases with an event."""
    measured: int
    """Of these, the cases that are judged."""
    left_out: int
    """Items without any event, which no clock sees."""
    without_limit: int
    """Items for which the records promise nothing, and the law gives no days: not judged."""
    by_steps: bool
    """The clocks were read from recorded steps; else from events alone."""
    interval: str
    """What intervals of limits take for granted: `cases` or `months` are independent."""
    strangers: tuple[str, ...]
    """Matters that the scenario does not know; their time counts for their cases."""
    labels: Mapping[str, tuple[str, str]]
    """`case_type/project` and the like → label in English and Chinese, where there is one."""
    stamps: tuple[str, ...]
    """Assumptions behind the calendar."""
    limit_rows: tuple[RecordedLimitRow, ...]
    month_rows: tuple[RecordedMonthRow, ...]
    year_rows: tuple[RecordedYearRow, ...]
    group_rows: tuple[RecordedGroupRow, ...]
    part_rows: tuple[RecordedPartRow, ...]
    department_rows: tuple[RecordedDepartmentRow, ...]
    state_rows: tuple[StateRow, ...]
    account_rows: tuple[AccountRow, ...]
    seed: int = 0
    """None was needed."""
    replications: int = 1
    """The one history that there is."""

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The scenario whose limits count; none if they are the register's own."""
        return {} if self.given is None else {"": self.given}

    def __repr__(self) -> str:
        """Return the verdicts, one a line."""
        percent = partial(shown_by, "numbers", "percent")
        lines = [
            tr(
                "{measured:,} recorded cases from {first} to {last}",
                measured=self.measured,
                first=self.first,
                last=self.last,
            )
        ]
        lines += [
            tr(
                "  {limit}: {verdict}, {percent} on time",
                limit=row.limit,
                verdict=row.share.verdict,
                percent=percent(row.share.on_time_share.value),
            )
            for row in self.verdicts
        ]
        return "\n".join(lines)

    @property
    def verdicts(self) -> tuple[RecordedLimitRow, ...]:
        """One row per limit, on the clock that decides."""
        return tuple(row for row in self.limit_rows if row.decides)

    @property
    def all_hold(self) -> bool:
        """Whether every limit holds; without limits, every matter; not if there is nothing."""
        shares = [row.share for row in self.verdicts]
        shares = shares or [row.share for row in self.part_rows if row.decides]
        return bool(shares) and all(share.verdict == "holds" for share in shares)

    # --- tables ------------------------------------------------------------------------------

    @table_of(RecordedLimitRow)
    def limits(self) -> Iterable[RecordedLimitRow]:
        """One row per limit, or case type without one, and clock."""
        return self.limit_rows

    @table_of(RecordedPartRow, optional=True)
    def own_limits(self) -> Iterable[RecordedPartRow]:
        """One row per matter, stage and set of matters."""
        return self.part_rows

    @table_of(RecordedDepartmentRow, optional=True)
    def departments(self) -> Iterable[RecordedDepartmentRow]:
        """One row per department."""
        return self.department_rows

    @table_of(StateRow)
    def statistics(self) -> Iterable[StateRow]:
        """One row per item, stage and project, as the state counts them."""
        return self.state_rows

    @table_of(RecordedMonthRow, optional=True)
    def months(self) -> Iterable[RecordedMonthRow]:
        """One row per limit and month or week of receipt."""
        return self.month_rows

    @table_of(RecordedYearRow, optional=True)
    def years(self) -> Iterable[RecordedYearRow]:
        """One row per limit and whole year of receipt."""
        return self.year_rows

    @table_of(RecordedGroupRow, optional=True)
    def groups(self) -> Iterable[RecordedGroupRow]:
        """One row per limit and value of each attribute that was asked for."""
        return self.group_rows

    @table_of(AccountRow, optional=True)
    def matters(self) -> Iterable[AccountRow]:
        """One row per matter or department, and group of cases: the days that it used."""
        return self.account_rows
