"""Data files beside a scenario: CSV (also compressed) and Parquet, as spreadsheets write them.

Every cell is text here, without the blanks around it; an empty cell is "".
"""

from __future__ import annotations

import bz2
import csv
import datetime as dt
import gzip
import io
import lzma
import math
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from sim.encodings import ENCODINGS
from sim.scenario import Problem, ScenarioError, nearest, shorten
from sim.translation import noted, tr

NO_TEXT: Final = noted("is neither UTF-8 nor GB18030 text; save it as CSV UTF-8")
Where = Mapping[str, Collection[str]]
"""Column → the values of the rows to take."""


@dataclass(frozen=True, eq=False)
class Rows:
    """The n rows that were taken of a data file, and the number of those that were not."""

    file: str
    number: Sequence[int]
    """[n] line of a CSV file, or position of the row in a Parquet file; both from 1."""
    cells: Mapping[str, Sequence[str]]
    """Column → [n] its cells."""
    left_out: int
    """Rows that `where` left out; blank rows count nowhere."""
    in_lines: bool
    """Whether `number` holds lines."""

    def problem(self, row: int, column: str, rule: str) -> Problem:
        """Return a mistake in a cell."""
        cell, number = self.cells[column][row], self.number[row]
        shown = shorten(cell) if cell else ""
        if self.in_lines:
            return Problem(rule, self.file, number, column, shown)
        return Problem(
            rule, self.file, None, tr("row {number}: {column}", number=number, column=column), shown
        )


def read_rows(path: Path | None, file: str, columns: Sequence[str], where: Where) -> Rows:
    """Read the named columns of the rows that `where` takes.

    ScenarioError if the file cannot be read, lacks a column or has no row left, or if a row of a
    CSV file has another number of cells than there are columns. `file`: its name in messages.
    """
    if path is None:
        raise ScenarioError([Problem(tr("no such file"), file)])
    wanted = list(dict.fromkeys([*columns, *where]))
    try:
        if ".parquet" in path.suffixes:
            return _taken(_parquet_rows(path, file, wanted), file, wanted, where, in_lines=False)
        for encoding in ENCODINGS:
            try:
                rows = csv_rows(path, file, encoding)
                return _taken(_named(rows, file, wanted), file, wanted, where, in_lines=True)
            except UnicodeDecodeError:
                continue
    except ScenarioError:
        raise
    except Exception as error:  # each format and compression raises its own errors
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ScenarioError(
            [Problem(tr("cannot be read as a table: {reason}", reason=reason), file)]
        ) from None
    raise ScenarioError([Problem(tr(NO_TEXT), file)])


def csv_rows(path: Path, file: str, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line and the cells, as written, of the header and of every row that is not blank.

    In a file of one column, a blank line between others is an empty cell. ScenarioError if the file
    is empty; each compression raises errors of its own.
    """
    with _opened(path) as raw, io.TextIOWrapper(raw, encoding, newline="") as opened:
        reader = csv.reader(opened, strict=True)
        last, width = 0, 0
        blank: list[int] = []
        for cells in reader:
            line, last = last + 1, reader.line_num  # a cell in quotation marks may hold lines
            if not "".join(cells).strip():
                blank.append(line)
                continue
            if width == 1:
                yield from ((passed, [""]) for passed in blank)
            blank.clear()
            yield line, cells
            width = width or len(cells)
        if last == 0:
            raise ScenarioError([Problem(tr("is empty"), file)])


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, and unpack it if its name says that it is packed."""
    packed: dict[str, Any] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            if len(names) != 1:
                raise ValueError(tr("the archive holds {count} files, not one", count=len(names)))
            with archive.open(names[0]) as opened:
                yield opened
    else:
        with packed.get(path.suffix, Path.open)(path, "rb") as opened:
            yield opened


def separator_rule(columns: Sequence[str]) -> str | None:
    """Return the mistake of a CSV file that is not separated by commas; None: none is seen."""
    if len(columns) == 1:
        for sign, shown in ((";", "';'"), ("\t", "tabs")):
            if sign in columns[0]:
                return tr("columns are separated by {shown}; save it with commas", shown=shown)
    return None


Numbered = tuple[int, Sequence[str]]
"""The number of a row, and its cells."""


def _named(
    rows: Iterator[tuple[int, list[str]]], file: str, wanted: Sequence[str]
) -> Iterator[Numbered]:
    """Yield the wanted cells of every row; ScenarioError for rows with too few or too many."""
    _, header = next(rows, (1, list[str]()))
    header = [cell.strip() for cell in header]
    _check_columns(header, file, wanted)
    at = [header.index(column) for column in wanted]
    torn: list[Problem] = []
    for line, cells in rows:
        if len(cells) == len(header):
            yield line, [cells[position].strip() for position in at]
        else:
            rule = tr(
                "has {count} cells, but there are {columns} columns",
                count=len(cells),
                columns=len(header),
            )
            torn.append(Problem(rule, file, line))
    if torn:
        raise ScenarioError(torn)


def _parquet_rows(path: Path, file: str, wanted: Sequence[str]) -> Iterator[Numbered]:
    import pyarrow.parquet as pq

    _check_columns(list(pq.read_schema(path).names), file, wanted)
    table = pq.read_table(path, columns=list(wanted))
    columns = [map(cell_text, table.column(column).to_pylist()) for column in wanted]
    yield from enumerate(zip(*columns, strict=True), start=1)


def cell_text(value: object) -> str:
    """Return a value of a Parquet file as a CSV file would have it."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _check_columns(present: Sequence[str], file: str, wanted: Sequence[str]) -> None:
    missing = [column for column in wanted if column not in present]
    separated = separator_rule(present)
    if missing and separated is not None:
        raise ScenarioError([Problem(separated, file, 1)])
    rules = [
        tr("has no column '{column}'{hint}", column=column, hint=nearest(column, present))
        for column in missing
    ]
    rules += [
        tr("column '{name}' is given twice", name=name)
        for name in wanted
        if list(present).count(name) > 1
    ]
    if rules:
        raise ScenarioError([Problem(rule, file) for rule in rules])


def _taken(
    rows: Iterator[Numbered], file: str, wanted: Sequence[str], where: Where, *, in_lines: bool
) -> Rows:
    """Return the rows that `where` takes."""
    tests = [(wanted.index(column), frozenset(values)) for column, values in where.items()]
    found: dict[int, set[str]] = {position: set() for position, _ in tests}
    numbers: list[int] = []
    taken: list[str] = []  # row after row: a list for each row would take three times as long
    left_out = 0
    for number, cells in rows:
        takes = True
        for position, values in tests:
            found[position].add(cells[position])
            takes = takes and cells[position] in values
        if takes:
            numbers.append(number)
            taken += cells
        else:
            left_out += 1
    if not numbers and left_out == 0:
        raise ScenarioError([Problem(tr("has no rows"), file)])
    problems = [
        Problem(
            tr("no row has this value{hint}", hint=nearest(value, found[position])),
            file,
            None,
            key,
            shorten(value),
        )
        for position, values in tests
        for value in sorted(values - found[position])
        for key in [f"where.{wanted[position]}"]
    ]
    if not numbers and not problems:
        problems = [Problem(tr("no row has all these values together"), file, None, "where")]
    if problems:
        raise ScenarioError(problems)
    columns = {column: taken[at :: len(wanted)] for at, column in enumerate(wanted)}
    return Rows(file, numbers, columns, left_out, in_lines)
