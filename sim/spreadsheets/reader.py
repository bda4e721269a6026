"""Spreadsheets (XLSX), also damaged and hostile ones: what would fill the memory is refused.

Three guards. What the parts of the file unpack to is added up, as declared and as it really comes.
The largest cell of each sheet is looked for before: one cell at XFD1048576 makes a reader reserve
the whole rectangle. And a process of its own reads the file, with a limit on its memory.
"""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import IO, Final

from sim.translation import tr

MOST_UNPACKED: Final = 200 * 2**20
"""Bytes to which all parts of a file may unpack together."""
MOST_CELLS: Final = 20_000_000
"""Rows × columns of the rectangle that holds a sheet's cells."""
CHILD_BYTES: Final = 800 * 2**20
"""Memory of the process that reads the file."""
CHILD_S: Final = 300
"""Seconds that it may take."""
MOST_FORM_CELLS: Final = 1_000_000
"""Rows × columns of a sheet of a form, which people fill in."""

Numbered = tuple[int, list[str]]
"""The number of a row, and its cells."""

_PIECE: Final = 2**20
_OVERLAP: Final = 4096
_CELL: Final = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\br\s*=\s*[\"']([A-Za-z]{1,4})(\d{1,9})[\"']")


class UnreadableError(ValueError):
    """A file is refused; its text is the rule that the file breaks."""


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet as texts; rows and columns count from 1."""

    name: str
    rows: dict[int, list[str]] = field(default_factory=dict)
    """Number of a row → its cells, from column A on; rows without any are left out."""
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """First row, first column, last row and last column of each merged range."""
    uncounted: frozenset[tuple[int, int]] = frozenset()
    """Row and column of each formula whose value is not stored, and of each error value (#REF!)."""


@dataclass(frozen=True)
class TableSheet:
    """One sheet as a table; rows and columns count from 1."""

    name: str
    hidden: bool
    from_1904: bool
    """Whether its day numbers count from 1904, not from 1900."""
    uncounted: tuple[tuple[int, int], ...]
    """As in `Sheet`."""
    rows: Iterator[Numbered]
    """Its rows with any cell; cells that are merged downwards have the text of the first."""


def sheets(path: Path, instead: str) -> Iterator[TableSheet]:
    """Yield each sheet with rows; its rows must be read before the next sheet.

    UnreadableError with the reason if the file is refused; `instead` is what may be done instead.
    """
    with _read(path, instead, "table", MOST_CELLS) as lines:
        for name, group in groupby(lines, key=lambda cells: cells[0]):
            of_sheet = iter(group)
            _, _, hidden, from_1904, *places = next(of_sheet)
            pairs = zip(map(int, places[::2]), map(int, places[1::2]), strict=True)
            rows = ((int(cells[1]), cells[2:]) for cells in of_sheet)
            yield TableSheet(name, hidden == "1", from_1904 == "1", tuple(pairs), rows)


def whole_sheets(path: Path, instead: str) -> list[Sheet]:
    """Return every sheet of a small workbook, visible or not, with what tables do not show.

    UnreadableError as `sheets`.
    """
    found: list[Sheet] = []
    with _read(path, instead, "form", MOST_FORM_CELLS) as lines:
        for name, group in groupby(lines, key=lambda cells: cells[0]):
            by_kind: dict[str, list[list[str]]] = {}
            for _, kind, *cells in group:
                by_kind.setdefault(kind, []).append(cells)
            places = [tuple(map(int, cells)) for cells in by_kind.get("merged", ())]
            found.append(
                Sheet(
                    name,
                    {int(cells[0]): cells[1:] for cells in by_kind.get("cells", ())},
                    tuple((a, b, c, d) for a, b, c, d in places),
                    frozenset((int(row), int(at)) for row, at in by_kind.get("uncounted", ())),
                )
            )
    return found


@contextmanager
def _read(path: Path, instead: str, mode: str, most_cells: int) -> Iterator[Iterator[list[str]]]:
    """Guard a file, read it in another process, and yield the lines that it wrote."""
    _guard(path, instead, most_cells)
    with tempfile.TemporaryFile() as out:
        _read_in_child(path, instead, mode, out)
        out.seek(0)
        csv.field_size_limit(2**20)  # a cell holds at most 32,767 characters
        text = io.TextIOWrapper(out, "utf-8", newline="")
        try:
            yield csv.reader(text)
        finally:
            text.detach()


def _guard(path: Path, instead: str, most_cells: int) -> None:
    """Refuse a file that would unpack to too much, or whose cells span too large a rectangle."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            declared = sum(part.file_size for part in parts)
            if declared > MOST_UNPACKED:
                raise UnreadableError(_too_much(declared, instead))
            for part in parts:  # of which no more is read than is declared
                _check_cells(archive, part, instead, most_cells)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise UnreadableError(_no_workbook(path)) from None


def _no_workbook(path: Path) -> str:
    """Return why a file that is no archive is no workbook."""
    with path.open("rb") as opened:
        start = opened.read(_PIECE)
    if not start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return tr("is no XLSX file that can be read: it is cut short, damaged, or of another kind")
    if "EncryptedPackage".encode("utf-16-le") in start:
        return tr("is protected by a password; open it, take the password off and save it again")
    return tr("is no XLSX file but an old .xls file, which must be saved as .xlsx")


def _too_much(unpacked: int, instead: str) -> str:
    most = MOST_UNPACKED // 2**20
    return tr(
        "unpacks to {unpacked:,.0f} MiB, more than {most} MiB; {instead}",
        unpacked=unpacked / 2**20,
        most=most,
        instead=instead,
    )


def _check_cells(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, instead: str, most_cells: int
) -> None:
    """Refuse a part whose cells span too large a rectangle; it is unpacked piece by piece."""
    kept = b""
    rows = columns = 0
    with archive.open(part) as opened:
        while piece := opened.read(_PIECE):
            searched = kept + piece
            for letters, digits in _CELL.findall(searched):
                columns = max(columns, _column(letters))
                rows = max(rows, int(digits))
            if rows * columns > most_cells:
                rule = tr(
                    "{filename}: its cells span {rows:,} rows × {columns:,} columns; "
                    "delete the cells far outside the table, or {instead}",
                    filename=part.filename,
                    rows=rows,
                    columns=columns,
                    instead=instead,
                )
                raise UnreadableError(rule)
            kept = searched[-_OVERLAP:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _read_in_child(path: Path, instead: str, mode: str, out: IO[bytes]) -> None:
    """Let another process write the cells to `out`."""
    child = Path(__file__).with_name("child.py")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    command = [sys.executable, "-P", str(child), str(path.resolve()), str(CHILD_BYTES), mode]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE,
            env=environment, timeout=CHILD_S, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise UnreadableError(
            tr("took more than {child_s} s to read; {instead}", child_s=CHILD_S, instead=instead)
        ) from None
    if done.returncode == 0:
        return
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or [""]
    if done.returncode < 0 or "MemoryError" in lines[-1] or "memory" in lines[0]:
        raise UnreadableError(tr("needs too much memory to read; {instead}", instead=instead))
    raise UnreadableError(
        tr("is no XLSX file that can be read: a part of it is damaged; {instead}", instead=instead)
    )
