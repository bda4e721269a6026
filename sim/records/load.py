"""Files of any kind as raw tables: headings are found, and rows that are no data are set aside."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from gzip import BadGzipFile
from itertools import chain, islice
from lzma import LZMAError
from pathlib import Path
from typing import Final

import numpy as np

from sim.arrays import Ints
from sim.records.flat import taken_apart
from sim.records.layout import head_of, is_footer
from sim.records.raw import MOST_COLUMNS, Columns, RawTable, distinct_names
from sim.records.text_files import NOT_UNPACKED, csv_file_rows, parquet_rows
from sim.scenario import RECORDS, Problem, ScenarioError, records_in
from sim.spreadsheets.reader import Numbered
from sim.storage.folders import MANIFEST
from sim.translation import noted, tr

TITLE_ROWS: Final = 12
"""Rows at the beginning among which the row of headings is looked for."""
DAY_1904: Final = 1462
"""Day of Excel from which workbooks of Macintosh count: 2 January 1904 is their first."""
KINDS: Final = noted(".csv, .txt, .xlsx, .xes or .parquet, also packed with .gz")


def files_of(path: Path) -> list[Path]:
    """Return a file, or the files of a folder that may hold records; ScenarioError if none may."""
    if not path.is_dir():
        return [path]
    found = records_in(path)
    if is_register(path):
        rule = tr("holds a register that was read already; name the files it was read from")
    elif not found:
        rule = tr("holds no file of records: {endings}", endings=", ".join(RECORDS))
    else:
        return found
    raise ScenarioError([Problem(rule, str(path))])


def is_register(folder: Path) -> bool:
    """Whether a folder is one that `sim.records.save` wrote."""
    tables = (folder / f"events.{form}" for form in ("parquet", "csv"))
    return (folder / MANIFEST).is_file() and any(table.is_file() for table in tables)


def load_tables(path: Path, file: str, named: frozenset[str] = frozenset()) -> list[RawTable]:
    """Return the tables of a file; ScenarioError with the reason if it cannot be read.

    `file`: its name in messages. `named`: headings that a mapping gives. Sheets without any row are
    passed over.
    """
    if not path.is_file():
        raise ScenarioError([Problem(tr("no such file"), file)])
    ends = {suffix.lower() for suffix in path.suffixes[-2:]}
    try:
        if ends & {".xlsx", ".xlsm"}:
            tables = list(_sheets(path, file, named))
        elif ".xes" in ends:
            tables = [_log(path, file)]
        elif ".parquet" in ends:
            rows = parquet_rows(path, file)
            number, names = next(rows)
            tables = [
                _table(file, "", chain([(number, names)], rows), frozenset(names), in_lines=False)
            ]
        elif ends & {".csv", ".txt", ".tsv"}:
            tables = [_table(file, "", csv_file_rows(path, file), named, in_lines=True)]
        elif ".xls" in ends:
            raise ScenarioError([Problem(tr("is an old Excel file; save it as .xlsx"), file)])
        else:
            raise ScenarioError(
                [Problem(tr("is of no kind that can be read: {kinds}", kinds=tr(KINDS)), file)]
            )
    except ScenarioError:
        raise
    except (EOFError, zlib.error, LZMAError, BadGzipFile):
        raise ScenarioError([Problem(tr(NOT_UNPACKED), file)]) from None
    except Exception as error:  # each format and compression raises its own errors
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ScenarioError(
            [Problem(tr("cannot be read as a table: {reason}", reason=reason), file)]
        ) from None
    hidden = [table for table in tables if table.hidden and len(table)]
    tables = [part for table in tables if table.columns for part in taken_apart(table)]
    if not any(len(table) for table in tables):
        rule = tr("has no rows but in hidden sheets; show these sheets and save the file again")
        raise ScenarioError([Problem(rule if hidden else tr("has no rows"), file)])
    return tables + hidden


def _sheets(path: Path, file: str, named: frozenset[str]) -> Iterator[RawTable]:
    """Yield the tables of a workbook; of a hidden sheet, only the numbers of its rows."""
    from sim.spreadsheets.reader import UnreadableError, sheets

    try:
        for sheet in sheets(path, tr("save the sheet as CSV")):
            if sheet.hidden:
                numbers = np.array([number for number, _ in sheet.rows], np.int64)
                yield RawTable(file, sheet.name, False, numbers, {}, hidden=True)
                continue
            read = _table(file, sheet.name, sheet.rows, named, in_lines=False)
            unread = _headed(read, sheet.uncounted)
            first_day = DAY_1904 if sheet.from_1904 else 0
            yield replace(read, first_day=first_day, uncounted=unread)
    except UnreadableError as error:
        raise ScenarioError([Problem(str(error), file)]) from None


def _headed(table: RawTable, cells: Sequence[tuple[int, int]]) -> dict[str, Ints]:
    """Return heading → rows of the cells (row, column) that stand below the headings."""
    names = list(table.columns)
    aside = {int(row) for _, rows in table.left_out for row in rows}
    found: dict[str, list[int]] = {}
    for row, column in cells:
        if row > table.heading and row not in aside and column <= len(names):
            found.setdefault(names[column - 1], []).append(row)
    return {name: np.array(rows, np.int64) for name, rows in found.items()}


def _table(
    file: str, sheet: str, rows: Iterator[Numbered], named: frozenset[str], *, in_lines: bool
) -> RawTable:
    first = list(islice(rows, TITLE_ROWS))
    if not first:
        return RawTable(file, sheet, in_lines, np.zeros(0, np.int64), {})
    head = head_of(first, named)
    width = len(head.names)
    if not 0 < width <= MOST_COLUMNS:
        rule = tr(
            "has {count:,} columns; from 1 to {most_columns:,} can be read",
            count=width,
            most_columns=MOST_COLUMNS,
        )
        raise ScenarioError([Problem(rule, file, first[0][0] if in_lines else None)])
    columns = Columns(distinct_names(head.names))
    aside: dict[str, list[int]] = {"title_rows": [number for number, _ in first[: head.start]]}
    for number, cells in chain(first[head.stop :], rows):
        if head.comes_again(cells):
            aside.setdefault("heading_rows", []).append(number)
        elif is_footer(cells, width):
            aside.setdefault("footer_rows", []).append(number)
        elif len(cells) == width:
            columns.add(number, cells)
        elif any(cell.strip() for cell in cells[width:]) or (in_lines and 2 * len(cells) < width):
            aside.setdefault("torn_rows", []).append(number)
        else:
            columns.add(number, (*cells[:width], *[""] * (width - len(cells))))
    left_out = tuple((check, np.array(rows_, np.int64)) for check, rows_ in aside.items() if rows_)
    return RawTable(
        file, sheet, in_lines, np.array(columns.number, np.int64), columns.turned(), left_out,
        heading=first[head.stop - 1][0] if head.stop else 0,
    )  # fmt: skip


def _log(path: Path, file: str) -> RawTable:
    """Return an XES log as a table of events, with the attributes of its trace in each row."""
    from sim.records.xes_files import xes_traces

    columns = Columns()
    rows = 0
    for number, (attributes, events) in enumerate(xes_traces(path, file), start=1):
        trace = {f"case:{key}": value for key, value in attributes.items()}
        trace.setdefault("case:concept:name", f"trace {number}")
        for event in events:
            rows += 1
            columns.add_named(rows, {**trace, **event})
        if len(columns.names) > MOST_COLUMNS:
            raise ScenarioError(
                [
                    Problem(
                        tr("has more than {most_columns:,} attributes", most_columns=MOST_COLUMNS),
                        file,
                    )
                ]
            )
    read = columns.turned()
    return RawTable(file, "", False, np.array(columns.number, np.int64), read, from_log=True)
