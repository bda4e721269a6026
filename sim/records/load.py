"""Files of any kind as raw tables: headings are found, and rows that are no data are set aside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np

from sim.records.flat import taken_apart
from sim.records.headings import role_of
from sim.records.raw import MOST_COLUMNS, Columns, RawTable, distinct_names
from sim.records.text_files import csv_file_rows, parquet_rows
from sim.scenario import RECORDS, Problem, ScenarioError, records_in
from sim.spreadsheets.reader import Numbered
from sim.storage.folders import MANIFEST
from sim.translation import noted, tr

TITLE_ROWS: Final = 12
"""Rows at the beginning among which the row of headings is looked for."""
FOOTER: Final = re.compile(
    r"(?:合计|总计|共计|小计|总数|total).*|(?:制表|填表|填报|统计|审核|备注|注|说明)[^:\uff1a]{0,6}[:\uff1a].*",
    re.IGNORECASE | re.DOTALL,
)
"""First cell of a row that sums up a table, or signs it."""
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


def load_tables(path: Path, file: str) -> list[RawTable]:
    """Return the tables of a file; ScenarioError with the reason if it cannot be read.

    `file`: its name in messages. Sheets without any row are passed over.
    """
    if not path.is_file():
        raise ScenarioError([Problem(tr("no such file"), file)])
    ends = {suffix.lower() for suffix in path.suffixes[-2:]}
    try:
        if ends & {".xlsx", ".xlsm"}:
            tables = [
                _table(file, name, rows, in_lines=False) for name, rows in _sheets(path, file)
            ]
        elif ".xes" in ends:
            tables = [_log(path, file)]
        elif ".parquet" in ends:
            tables = [_table(file, "", parquet_rows(path, file), in_lines=False)]
        elif ends & {".csv", ".txt", ".tsv"}:
            tables = [_table(file, "", csv_file_rows(path, file), in_lines=True)]
        elif ".xls" in ends:
            raise ScenarioError([Problem(tr("is an old Excel file; save it as .xlsx"), file)])
        else:
            raise ScenarioError(
                [Problem(tr("is of no kind that can be read: {kinds}", kinds=tr(KINDS)), file)]
            )
    except ScenarioError:
        raise
    except Exception as error:  # each format and compression raises its own errors
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ScenarioError(
            [Problem(tr("cannot be read as a table: {reason}", reason=reason), file)]
        ) from None
    tables = [part for table in tables if table.columns for part in taken_apart(table)]
    if not any(len(table) for table in tables):
        raise ScenarioError([Problem(tr("has no rows"), file)])
    return tables


def _sheets(path: Path, file: str) -> Iterator[tuple[str, Iterator[Numbered]]]:
    from sim.spreadsheets.reader import UnreadableError, sheets

    try:
        yield from sheets(path, tr("save the sheet as CSV"))
    except UnreadableError as error:
        raise ScenarioError([Problem(str(error), file)]) from None


def _table(file: str, sheet: str, rows: Iterator[Numbered], *, in_lines: bool) -> RawTable:
    first: list[Numbered] = []
    for row in rows:
        first.append(row)
        if len(first) == TITLE_ROWS:
            break
    if not first:
        return RawTable(file, sheet, in_lines, np.zeros(0, np.int64), {})
    at = _heading_row(first)
    titles = [number for number, _ in first[:at]]
    header = list(first[at][1])
    while header and not header[-1].strip():
        header.pop()
    if not 0 < len(header) <= MOST_COLUMNS:
        rule = tr(
            "has {count:,} columns; from 1 to {most_columns:,} can be read",
            count=len(header),
            most_columns=MOST_COLUMNS,
        )
        raise ScenarioError([Problem(rule, file, first[at][0] if in_lines else None)])
    width = len(header)
    columns = Columns(distinct_names(header))
    torn: list[int] = []
    footers: list[int] = []
    for number, cells in chain(first[at + 1 :], rows):
        if _is_footer(cells):
            footers.append(number)
        elif len(cells) == width:
            columns.add(number, cells)
        elif any(cell.strip() for cell in cells[width:]) or (in_lines and 2 * len(cells) < width):
            torn.append(number)
        else:
            columns.add(number, (*cells[:width], *[""] * (width - len(cells))))
    left_out = (("title_rows", titles), ("footer_rows", footers), ("torn_rows", torn))
    return RawTable(
        file, sheet, in_lines, np.array(columns.number, np.int64),
        columns.turned(),
        tuple((check, np.array(numbers, np.int64)) for check, numbers in left_out if numbers),
    )  # fmt: skip


def _heading_row(rows: Sequence[Numbered]) -> int:
    """Return the row with the most headings that are known; of equal ones, the first.

    Where none is known: the first with as many cells as any.
    """
    known = [sum(role_of(cell) is not None for cell in cells if cell) for _, cells in rows]
    if max(known) > 0:
        return known.index(max(known))
    filled = [sum(bool(cell.strip()) for cell in cells) for _, cells in rows]
    return filled.index(max(filled))


def _is_footer(cells: Sequence[str]) -> bool:
    """Whether a row sums up or signs the table: by its first word, and by how little it holds."""
    first = cells[0].strip() if cells else ""
    if not first:
        first = next((cell.strip() for cell in cells if cell.strip()), "")
    if not FOOTER.fullmatch(first):
        return False
    return sum(bool(cell.strip()) for cell in cells) <= max(4, len(cells) // 2)


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
