"""A backlog file as a table: its columns, and its rows with their cells, dates and mistakes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sim.demand.backlog.past import OLDEST_S, OLDEST_YEARS
from sim.demand.files import NO_TEXT, csv_rows, separator_rule
from sim.demand.times import NO_OFFSET, has_time_of_day, local_second, read_time
from sim.encodings import ENCODINGS
from sim.engine.contract import DAY_S
from sim.scenario import Problem, ScenarioError, nearest, shorten
from sim.scenario.preset_clocks import PAUSE_COLUMNS
from sim.scenario.schema.arrivals import MAX_CASES
from sim.translation import tr

NEEDED: Final = ("case", "case_type", "submitted")
OF_MATTERS: Final = ("accepted_on", "accepted", "deemed", "handed_in")
"""Columns that are empty for cases of an open network."""
PAUSES: Final = {column: clock for clock, column in PAUSE_COLUMNS.items()}
"""Column → the clock that paused."""
WAITS_SINCE: Final = "waits_since"
COLUMNS: Final = (*NEEDED, *OF_MATTERS, "done", "under_way", WAITS_SINCE, *PAUSES)
"""docs/how-to/scenario.md explains them. Any other column is an attribute."""
BATCH: Final = 4096
"""Rows in memory at a time."""


@dataclass(eq=False, slots=True)
class Row:
    """A row of the file, and its mistakes."""

    file: str
    line: int | None
    start: dt.date
    """The first simulated date."""
    cells: Mapping[str, str]
    place: ZoneInfo | None = None
    """The time zone of the place; None if it is not known."""
    problems: list[Problem] = field(default_factory=list)
    submitted_s: int | None = None
    """Second of submission; None before it is read, and if it cannot be."""
    times: list[tuple[str, str, bool]] = field(default_factory=list)
    """Columns with a time of day, what they state, and whether with an offset from UTC."""

    def __getitem__(self, column: str) -> str:
        """Return a cell; "" if it is empty, or the file lacks the column."""
        return self.cells.get(column, "")

    def report(self, column: str, rule: str, part: str = "") -> None:
        """Note a mistake in a cell, or in a part of it."""
        value = part or self[column]
        shown = shorten(value) if value else ""
        self.problems.append(Problem(rule, self.file, self.line, column, shown))

    def parts(self, column: str) -> tuple[tuple[str, str], ...]:
        """Return the names of a list, each with its date or ""."""
        return _parts(self[column])

    def report_mixed_clocks(self) -> None:
        """Note times without an offset from UTC, for others of the file have one."""
        for column, text, offset in self.times:
            if not offset:
                self.report(column, tr(NO_OFFSET), text)

    def day(self, column: str, text: str) -> int | None:
        """Return the day number of a date; None after a report, as for `instant`."""
        second = self.instant(column, text, with_time=False)
        return None if second is None else second // DAY_S

    def instant(self, column: str, text: str, *, with_time: bool = True) -> int | None:
        """Return a second between the submission, if it is known, and second 0.

        None after a report. `with_time` allows a time of day; without one it is midnight.
        """
        try:
            read = _time(text)
            if not with_time and has_time_of_day(text):
                raise ValueError
        except ValueError:
            or_time = tr(", or a time 2024-03-01 09:30") if with_time else ""
            self.report(
                column, tr("must be a date such as 2024-03-01{or_time}", or_time=or_time), text
            )
            return None
        if has_time_of_day(text):
            self.times.append((column, text, read.tzinfo is not None))
        try:
            second, earliest = local_second(read, self.start, self.place), self.submitted_s
        except ValueError as error:
            self.report(column, str(error), text)
            return None
        if earliest is not None and not has_time_of_day(text):
            earliest -= earliest % DAY_S  # a date alone may be the date of submission
        if second >= 0:
            self.report(column, tr("must lie before the start, {start}", start=self.start), text)
        elif second < -OLDEST_S:
            self.report(
                column,
                tr(
                    "lies more than {oldest_years} years before the start",
                    oldest_years=OLDEST_YEARS,
                ),
                text,
            )
        elif earliest is not None and second < earliest:
            self.report(
                column, tr("lies before the submission, {self}", self=self["submitted"]), text
            )
        else:
            return second
        return None


@lru_cache(8 * BATCH)
def _time(text: str) -> dt.datetime:
    """Return what `read_time` does; many rows have the same dates."""
    return read_time(text)


@lru_cache(8 * BATCH)
def _parts(cell: str) -> tuple[tuple[str, str], ...]:
    pieces = (part.partition("=") for part in cell.split(";"))
    named = ((name.strip(), date.strip()) for name, _, date in pieces)
    return tuple((name, date) for name, date in named if name)


@dataclass(frozen=True)
class Table:
    """A file that can be read row by row, from the beginning as often as needed."""

    path: Path
    encoding: str
    heading: Row
    """What all rows are like."""
    attributes: Set[str]

    @classmethod
    def opened(
        cls, path: Path | None, file: str, start: dt.date, place: ZoneInfo | None, names: Set[str]
    ) -> Table:
        """Return the table of a file that the scenario calls `file`.

        `start` is the first simulated date, `place` the time zone; attributes with these `names`
        are allowed as columns beside `COLUMNS`. ScenarioError if it is no CSV file with such
        columns and with rows.
        """
        if path is None:
            raise ScenarioError([Problem(tr("no such file"), file)])
        try:
            for encoding in ENCODINGS:
                with suppress(UnicodeDecodeError):
                    table = cls(path, encoding, Row(file, 1, start, {}, place), names)
                    if sum(1 for _ in table.rows()) == 0:
                        raise ScenarioError([Problem(tr("has no rows"), file)])
                    return table
        except ScenarioError:
            raise
        except Exception as error:  # each compression raises its own errors
            raise ScenarioError(
                [Problem(tr("cannot be read as CSV: {error}", error=error), file)]
            ) from None
        raise ScenarioError([Problem(tr(NO_TEXT), file)])

    def rows(self) -> Iterator[Row]:
        """Yield the heading, if it has mistakes, and all rows; blank lines are passed over.

        Mistakes in a row are noted there. ScenarioError for too many rows, and for a heading with
        which no row can be read.
        """
        heading = replace(self.heading, problems=[], times=[])
        rows = csv_rows(self.path, heading.file, self.encoding)
        header = [cell.strip() for cell in next(rows, (1, list[str]()))[1]]
        heading.problems += _header_problems(header, heading.file, self.attributes)
        if heading.problems:
            yield heading
        unknown = {problem.key for problem in heading.problems}
        for number, (line, cells) in enumerate(rows):
            if number >= MAX_CASES:
                rule = tr("has more than {max_cases:,} rows", max_cases=MAX_CASES)
                raise ScenarioError([Problem(rule, heading.file, line)])
            named = dict(zip(header, map(str.strip, cells), strict=False))
            known = {name: cell for name, cell in named.items() if name not in unknown}
            row = Row(heading.file, line, heading.start, known, heading.place)
            if len(cells) != len(header):
                row.report(
                    "",
                    tr(
                        "has {count} cells, but there are {columns} columns",
                        count=len(cells),
                        columns=len(header),
                    ),
                )
            yield row

    def batches(self) -> Iterator[list[Row]]:
        """Yield the rows, some at a time, so that they need not all be in memory."""
        rows = self.rows()
        while batch := list(islice(rows, BATCH)):
            yield batch


@dataclass(frozen=True)
class GivenRow:
    """An open case that no backlog file holds: what its row would, and where it was read."""

    cells: Mapping[str, str]
    """Column of `COLUMNS`, or attribute → cell."""
    file: str = ""
    line: int | None = None


@dataclass(frozen=True)
class GivenTable:
    """Rows that were read elsewhere, as a table."""

    given: Sequence[GivenRow]
    start: dt.date
    """The first simulated date."""
    place: ZoneInfo | None = None

    def rows(self) -> Iterator[Row]:
        """Yield all rows anew."""
        for one in self.given:
            yield Row(one.file, one.line, self.start, one.cells, self.place)

    def batches(self) -> Iterator[list[Row]]:
        """Yield the rows, some at a time."""
        rows = self.rows()
        while batch := list(islice(rows, BATCH)):
            yield batch


def _header_problems(header: list[str], file: str, attributes: Set[str]) -> list[Problem]:
    """Return the unknown columns; raise ScenarioError if the rows cannot be read at all."""
    if not header:
        raise ScenarioError([Problem(tr("is empty"), file)])
    separated = separator_rule(header)
    if separated is not None:
        raise ScenarioError([Problem(separated, file, 1)])
    valid = {*COLUMNS, *attributes}
    missing = [name for name in NEEDED if name not in header]
    unknown = [name for name in header if name not in valid]
    twice = sorted({name for name in header if header.count(name) > 1})
    problems = [
        Problem(tr("unknown column{hint}", hint=nearest(name, valid)), file, 1, name)
        for name in unknown
    ]
    if missing or twice:
        lacking = [
            Problem(tr("has no column '{n}'{hint}", n=n, hint=nearest(n, header)), file, 1)
            for n in missing
        ]
        doubled = [Problem(tr("column is given twice"), file, 1, name) for name in twice]
        raise ScenarioError([*lacking, *problems, *doubled])
    return problems
