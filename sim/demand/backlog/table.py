"""A backlog file as a table: its columns, and its rows with their cells, dates and mistakes."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sim.demand.backlog.past import OLDEST_S, OLDEST_YEARS
from sim.demand.files import ENCODINGS, NO_TEXT, iso_time, separator_rule
from sim.engine.contract import DAY_S
from sim.scenario import Problem, ScenarioError, nearest, shorten
from sim.scenario.schema.arrivals import MAX_CASES

NEEDED: Final = ("case", "case_type", "submitted")
OF_MATTERS: Final = ("accepted_on", "accepted", "handed_in")
"""Columns that are empty for cases of an open network."""
PAUSES: Final = {
    "paused_wd": "promised",
    "paused_statutory_wd": "statutory",
    "paused_net_wd": "net_approval",
}
"""Column → the clock that paused."""
COLUMNS: Final = (*NEEDED, *OF_MATTERS, "done", "under_way", *PAUSES)
"""docs/how-to/scenario.md explains them. Any other column is an attribute."""


@dataclass(eq=False)
class Row:
    """A row of the file, and its mistakes."""

    file: str
    line: int
    start: dt.date
    """The first simulated date."""
    cells: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    submitted_s: int | None = None
    """Second of submission; None before it is read, and if it cannot be."""

    def __getitem__(self, column: str) -> str:
        """Return a cell; "" if it is empty, or the file lacks the column."""
        return self.cells.get(column, "")

    def report(self, column: str, rule: str, part: str = "") -> None:
        """Note a mistake in a cell, or in a part of it."""
        value = part or self[column]
        shown = shorten(value) if value else ""
        self.problems.append(Problem(rule, self.file, self.line, column, shown))

    def parts(self, column: str) -> Iterator[tuple[str, str]]:
        """Yield the names of a list, each with its date or ""."""
        for part in self[column].split(";"):
            name, _, date = (piece.strip() for piece in part.partition("="))
            if name:
                yield name, date

    def day(self, column: str, text: str) -> int | None:
        """Return the day number of a date; None after a report, as for `instant`."""
        second = self.instant(column, text, with_time=False)
        return None if second is None else second // DAY_S

    def instant(self, column: str, text: str, *, with_time: bool = True) -> int | None:
        """Return a second between the submission, if it is known, and second 0.

        None after a report. `with_time` allows a time of day; without one it is midnight.
        """
        try:
            iso = iso_time(text)
            read = dt.datetime.fromisoformat(iso)
            if read.tzinfo is not None:
                raise ValueError
            if not with_time:
                dt.date.fromisoformat(iso)
        except ValueError:
            or_time = ", or a time 2024-03-01 09:30" if with_time else ""
            self.report(column, f"must be a date such as 2024-03-01{or_time}", text)
            return None
        since = read - dt.datetime.combine(self.start, dt.time())
        second, earliest = since.days * DAY_S + since.seconds, self.submitted_s
        if earliest is not None and not (with_time and ":" in text):
            earliest -= earliest % DAY_S  # a date alone may be the date of submission
        if second >= 0:
            self.report(column, f"must lie before the start, {self.start}", text)
        elif second < -OLDEST_S:
            self.report(column, f"lies more than {OLDEST_YEARS} years before the start", text)
        elif earliest is not None and second < earliest:
            self.report(column, f"lies before the submission, {self['submitted']}", text)
        else:
            return second
        return None


def read_rows(path: Path | None, file: str, start: dt.date, attributes: Set[str]) -> list[Row]:
    """Read all rows of a file that the scenario calls `file`; blank lines are passed over.

    `start` is the first simulated date; `attributes` are allowed as columns beside `COLUMNS`.
    ScenarioError if it is no CSV file with such columns; mistakes in a row are noted there.
    """
    if path is None:
        raise ScenarioError([Problem("no such file", file)])
    rows: list[Row] | None = None
    try:
        for encoding in ENCODINGS:
            with suppress(UnicodeDecodeError):
                rows = list(_rows(path, encoding, file, start, attributes))
                break
    except (OSError, csv.Error) as error:
        raise ScenarioError([Problem(f"cannot be read as CSV: {error}", file)]) from None
    if rows is None:
        raise ScenarioError([Problem(NO_TEXT, file)])
    if not rows:
        raise ScenarioError([Problem("has no rows", file)])
    return rows


def _rows(
    path: Path, encoding: str, file: str, start: dt.date, attributes: Set[str]
) -> Iterator[Row]:
    with path.open(encoding=encoding, newline="") as opened:
        reader = csv.reader(opened, strict=True)
        header = [cell.strip() for cell in next(reader, [])]
        heading = Row(file, 1, start, {}, _header_problems(header, file, attributes))
        if heading.problems:
            yield heading
        unknown = {problem.key for problem in heading.problems}
        last = reader.line_num
        for number, values in enumerate(reader):
            line, last = last + 1, reader.line_num  # a cell in quotation marks may hold lines
            if number >= MAX_CASES:
                raise ScenarioError([Problem(f"has more than {MAX_CASES:,} rows", file, line)])
            cells = [cell.strip() for cell in values]
            if any(cells):
                named = dict(zip(header, cells, strict=False))
                row = Row(file, line, start, {n: c for n, c in named.items() if n not in unknown})
                if len(cells) != len(header):
                    row.report("", f"has {len(cells)} cells, but there are {len(header)} columns")
                yield row


def _header_problems(header: list[str], file: str, attributes: Set[str]) -> list[Problem]:
    """Return the unknown columns; raise ScenarioError if the rows cannot be read at all."""
    if not header:
        raise ScenarioError([Problem("is empty", file)])
    separated = separator_rule(header)
    if separated is not None:
        raise ScenarioError([Problem(separated, file, 1)])
    valid = {*COLUMNS, *attributes}
    missing = [name for name in NEEDED if name not in header]
    unknown = [name for name in header if name not in valid]
    twice = sorted({name for name in header if header.count(name) > 1})
    problems = [Problem(f"unknown column{nearest(name, valid)}", file, 1, name) for name in unknown]
    if missing or twice:
        lacking = [Problem(f"has no column '{n}'{nearest(n, header)}", file, 1) for n in missing]
        doubled = [Problem("column is given twice", file, 1, name) for name in twice]
        raise ScenarioError([*lacking, *problems, *doubled])
    return problems
