"""Reading a city's files into a register."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.records.assemble import assemble
from sim.records.cells import KEYS, Cells, How, Officers
from sim.records.headings import LEAVE, role_of
from sim.records.load import files_of, load_tables
from sim.records.mapping import TableMap, given_for, guess, map_for, read_mapping
from sim.records.parts import Parts, read_part
from sim.records.raw import RawTable, Remark, Remarks, encoded
from sim.records.register import Register, table
from sim.scenario import Mistakes, Problem, ScenarioError
from sim.translation import tr

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

VALID: Final = frozenset({"1", "1.0"})
"""Values of SJYXBS that mark a valid row."""


@dataclass(frozen=True, eq=False)
class Reading:
    """A register, how its files were understood, and what was found on the way."""

    register: Register
    today: dt.date
    """Date of the reading."""
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
    today: dt.date | None = None,
) -> Reading:
    """Read tables, spreadsheets and logs of one city into one register.

    Parameters
    ----------
    files
        CSV, XLSX, XES or Parquet, or a folder of them; see `docs/how-to/records.md`.
    mapping
        A mapping file; None: the meaning of columns is guessed.
    officers
        Whether officers are kept as keyed hashes, by name, or not at all. Names of applicants and
        projects are always hashed.
    zone
        Place whose local time is wanted of times with an offset from UTC.
    as_of
        The time to which open items count; None: the last event up to `today`.
    key
        Secret of the hashes, such that two readings agree; None: a new one, known to nobody.
    today
        Date of the reading, after which nothing can have happened; None: by the machine's clock.

    Raises
    ------
    ScenarioError
        With every mistake: files that cannot be read or understood, mistakes in the mapping.
    """
    if not files:
        raise ScenarioError([Problem(tr("name at least one file"))])
    how = How(secrets.token_bytes(32) if key is None else key, officers, zone)
    work = _Work(how, () if mapping is None else read_mapping(Path(mapping)), str(mapping))
    mistakes = Mistakes()
    found: list[Path] = []
    for file in files:
        with mistakes.noted():
            found += files_of(Path(file))
    for path, name in _names(found):
        with mistakes.noted():
            work.read(path, name)
    mistakes.tell()
    work.tell_unused_maps()
    register = assemble(work.parts, table("sources", work.sources()), as_of, work.remarks)
    day = today or dt.datetime.now().astimezone().date()
    maps, rows = tuple(work.maps), tuple(work.rows)
    return Reading(_up_to(register, day), day, maps, tuple(work.remarks.all), rows)


@dataclass
class _Work:
    """The tables that were read so far."""

    how: How
    given: tuple[TableMap, ...]
    """The maps of a mapping file; empty: they are guessed."""
    mapping: str
    """Name of that file in messages."""
    used: list[TableMap] = field(default_factory=list)
    """Those of `given` that a table was read by."""
    maps: list[TableMap] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    in_lines: list[bool] = field(default_factory=list)
    parts: Parts = field(default_factory=Parts)
    remarks: Remarks = field(default_factory=Remarks)

    def read(self, path: Path, name: str) -> None:
        """Read all tables of a file; ScenarioError if none can be understood."""
        named = frozenset(heading for one in self.given for heading in one.columns)
        raws = load_tables(path, name, named)
        maps = [self.map(raw) for raw in raws]
        if not self.given and all(one.kind == LEAVE for one in maps):
            raise ScenarioError(_not_understood(raws))
        self.used += [one for raw in raws if (one := given_for(raw, self.given)) is not None]
        for raw, found in zip(raws, maps, strict=True):
            source = len(self.maps)
            self.maps.append(found)
            self.rows.append(len(raw) + sum(len(rows) for _, rows in raw.left_out))
            self.in_lines.append(raw.in_lines)
            self.maps[source] = _read_table(raw, found, source, self.how, self.parts, self.remarks)

    def map(self, raw: RawTable) -> TableMap:
        """Return how a table is read."""
        if raw.hidden:
            return TableMap(raw.file, raw.sheet, LEAVE, {})
        return map_for(raw, self.given, self.mapping) if self.given else guess(raw)

    def tell_unused_maps(self) -> None:
        """Note the tables of the mapping file that no file holds; ScenarioError if none does."""
        unused = [(n, one) for n, one in enumerate(self.given) if one not in self.used]
        if unused and not self.used:
            files = ", ".join(dict.fromkeys(one.file for _, one in unused))
            rule = tr("none of its tables is in the files that are read: {files}", files=files)
            raise ScenarioError([Problem(rule, self.mapping)])
        for n, one in unused:
            table = f"{one.file} [{one.sheet}]" if one.sheet else one.file
            self.remarks.add("map_unused", -1, np.zeros(1, np.int64), f"tables[{n}]", [table])

    def sources(self) -> dict[str, list[Any]]:
        """Return the columns of the table of sources."""
        return {
            "file": [one.file for one in self.maps],
            "sheet": [one.sheet for one in self.maps],
            "table": [one.kind for one in self.maps],
            "in_lines": self.in_lines,
        }


def _up_to(register: Register, today: dt.date) -> Register:
    """Return the register with its last possible event as the time to which open items count.

    Where all its events are possible, it stays as it is: the last event is that time.
    """
    at = register.events["at"].to_numpy()
    possible = at < np.datetime64(today, "ms") + np.timedelta64(1, "D")
    if register.as_of is not None or possible[~np.isnat(at)].all() or not possible.any():
        return register
    return replace(register, as_of=at[possible].max())


def _names(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Return each file with a name for messages: the shortest that no other file has."""
    short = [path.name for path in paths]
    twice = [path for path in dict.fromkeys(paths) if paths.count(path) > 1]
    if twice:
        raise ScenarioError([Problem(tr("is named twice"), str(path)) for path in twice])
    return [(path, path.name if short.count(path.name) == 1 else path.as_posix()) for path in paths]


def _not_understood(raws: Sequence[RawTable]) -> list[Problem]:
    """Tell what of the headings is known: under others, or in place of them, names may stand."""
    raw = raws[0]
    known = [heading for heading in raw.columns if role_of(heading) is not None]
    rule = tr(
        "its first rows hold no headings that are known, so its columns are none of a register's; "
        "write headings above the data, or a mapping file and give it with --map"
    )
    if known:
        rule = tr(
            "its columns ({shown}, and {others} others) are none of a register's: a case or item "
            "with times, or the exchange tables; write a mapping file and give it with --map",
            shown=", ".join(known[:8]),
            others=len(raw.columns) - len(known[:8]),
        )
    problems = [Problem(rule, raw.file, None, raw.sheet)]
    if any(one.hidden for one in raws):
        rule = tr("has hidden sheets, which are not read; show them and save the file again")
        problems.append(Problem(rule, raw.file))
    return problems


def _read_table(
    raw: RawTable, found: TableMap, source: int, how: How, parts: Parts, remarks: Remarks
) -> TableMap:
    """Read a table into the parts; return the map with roles of the columns that were read."""
    for check, rows in raw.left_out:
        remarks.add(check, source, rows)
    if found.kind == LEAVE:
        remarks.add("hidden_table" if raw.hidden else "table_left_out", source, raw.number)
        return found
    for heading, numbers in raw.uncounted.items():
        if found.columns[heading] != LEAVE:
            remarks.add("uncounted_cell", source, numbers, heading)
    raw = _only_valid(raw, found, source, remarks)
    raw = _without_repetitions(raw, found, source, remarks)
    cells = Cells(raw, found, source, how, remarks)
    for role in sorted(KEYS):
        for heading in found.headings(role):
            cells.note("cut_number", cells.cut(heading), heading, raw.columns[heading])
    read_part(cells, parts)
    return found.only(cells.read.union(found.headings("valid")))


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
