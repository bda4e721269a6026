"""Reading a city's files into a register."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.records.assemble import assemble
from sim.records.cells import Cells, How, Officers
from sim.records.headings import LEAVE
from sim.records.load import load_tables
from sim.records.mapping import TableMap, guess, map_for, read_mapping
from sim.records.parts import Parts, read_part
from sim.records.raw import RawTable, Remark, Remarks, encoded
from sim.records.register import Register, table
from sim.scenario import Mistakes, Problem, ScenarioError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

VALID: Final = frozenset({"1", "1.0"})
"""Values of SJYXBS that mark a valid row."""


@dataclass(frozen=True, eq=False)
class Reading:
    """A register, how its files were understood, and what was found on the way."""

    register: Register
    maps: tuple[TableMap, ...]
    """One for each row of `register.sources`."""
    remarks: tuple[Remark, ...]
    rows: tuple[int, ...]
    """Rows of data of each table, with those that were left out."""


def read_files(
    files: Sequence[Path | str],
    *,
    mapping: Path | str | None = None,
    officers: Officers = "hashed",
    zone: ZoneInfo | None = None,
    as_of: np.datetime64 | None = None,
    key: bytes | None = None,
) -> Reading:
    """Read tables, spreadsheets and logs of one city into one register.

    Parameters
    ----------
    files
        CSV, XLSX, XES or Parquet; see `docs/how-to/records.md`.
    mapping
        A mapping file; None: the meaning of columns is guessed.
    officers
        Whether officers are kept as keyed hashes, by name, or not at all. Names of applicants and
        projects are always hashed.
    zone
        Place whose local time is wanted of times with an offset from UTC.
    as_of
        The time to which open items count; None: the last event.
    key
        Secret of the hashes, such that two readings agree; None: a new one, known to nobody.

    Raises
    ------
    ScenarioError
        With every mistake: files that cannot be read or understood, mistakes in the mapping.
    """
    maps = () if mapping is None else read_mapping(Path(mapping))
    how = How(secrets.token_bytes(32) if key is None else key, officers, zone)
    mistakes, remarks, parts = Mistakes(), Remarks(), Parts()
    chosen: list[TableMap] = []
    tables: list[tuple[str, str, str, bool, int]] = []
    names = _names([Path(file) for file in files])
    for path, name in names:
        with mistakes.noted():
            read = load_tables(path, name)
            known = [(t, map_for(t, maps, str(mapping)) if maps else guess(t)) for t in read]
            if all(found.kind == LEAVE for _, found in known) and not maps:
                raise ScenarioError([_not_understood(known)])
            for raw, found in known:
                source = len(tables)
                tables.append((raw.file, raw.sheet, found.kind, raw.in_lines, _rows(raw)))
                chosen.append(found)
                _read_table(raw, found, source, how, parts, remarks)
    mistakes.tell()
    columns = zip(*tables, strict=True)
    sources = dict(
        zip(("file", "sheet", "table", "in_lines", "rows"), map(list, columns), strict=True)
    )
    rows = sources.pop("rows")
    register = assemble(parts, table("sources", sources), as_of, remarks)
    return Reading(register, tuple(chosen), tuple(remarks.all), tuple(rows))


def _names(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Return each file with a name for messages: the shortest that no other file has."""
    if not paths:
        raise ScenarioError([Problem("name at least one file")])
    short = [path.name for path in paths]
    twice = [path for path in dict.fromkeys(paths) if paths.count(path) > 1]
    if twice:
        raise ScenarioError([Problem("is named twice", str(path)) for path in twice])
    return [(path, path.name if short.count(path.name) == 1 else path.as_posix()) for path in paths]


def _rows(raw: RawTable) -> int:
    return len(raw) + sum(len(rows) for _, rows in raw.left_out)


def _not_understood(known: Sequence[tuple[RawTable, TableMap]]) -> Problem:
    raw, _ = known[0]
    shown = ", ".join(list(raw.columns)[:8])
    rule = (
        f"its columns ({shown}) are none of a register's: a case or item with times, or the "
        "exchange tables; write a mapping file and give it with --map"
    )
    return Problem(rule, raw.file, None, raw.sheet)


def _read_table(
    raw: RawTable, found: TableMap, source: int, how: How, parts: Parts, remarks: Remarks
) -> None:
    for check, rows in raw.left_out:
        remarks.add(check, source, rows)
    if found.kind == LEAVE:
        remarks.add("table_left_out", source, raw.number)
        return
    raw = _only_valid(raw, found, source, remarks)
    raw = _without_repetitions(raw, found, source, remarks)
    read_part(Cells(raw, found, source, how, remarks), parts)


def _only_valid(raw: RawTable, found: TableMap, source: int, remarks: Remarks) -> RawTable:
    """Leave out the rows that the office itself marked as void (SJYXBS other than 1)."""
    heading = found.heading("valid")
    if heading is None:
        return raw
    distinct, index = encoded(raw.columns[heading])
    valid = np.array([text in VALID for text in distinct], np.bool_)[index]
    remarks.add("invalid_rows", source, raw.number[~valid], heading)
    return raw.kept(valid)


def _without_repetitions(raw: RawTable, found: TableMap, source: int, remarks: Remarks) -> RawTable:
    """Leave out rows that repeat another, cell by cell; a log keeps them, as events."""
    import pandas as pd

    if not len(raw):
        return raw
    codes = {name: encoded(column)[1] for name, column in raw.columns.items()}
    again = pd.DataFrame(codes).duplicated().to_numpy()
    if found.kind == "log":
        remarks.add("same_events", source, raw.number[again])
        return raw
    remarks.add("duplicate_rows", source, raw.number[again])
    return raw.kept(~again)
