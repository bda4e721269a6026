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
from itertools import groupby
from pathlib import Path
from typing import IO, Final

from sim.records.text_files import Numbered
from sim.scenario import Problem, ScenarioError

MOST_UNPACKED: Final = 200 * 2**20
"""Bytes to which all parts of a file may unpack together."""
MOST_CELLS: Final = 20_000_000
"""Rows × columns of the rectangle that holds a sheet's cells."""
CHILD_BYTES: Final = 800 * 2**20
"""Memory of the process that reads the file."""
CHILD_S: Final = 300
"""Seconds that it may take."""
INSTEAD: Final = "save the sheet as CSV"

_PIECE: Final = 2**20
_OVERLAP: Final = 4096
_CELL: Final = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\br\s*=\s*[\"']([A-Za-z]{1,4})(\d{1,9})[\"']")


def sheets(path: Path, file: str) -> Iterator[tuple[str, Iterator[Numbered]]]:
    """Yield the name and the rows of each visible sheet; rows are numbered as in the sheet.

    ScenarioError with the reason if the file is refused.
    """
    _guard(path, file)
    with tempfile.TemporaryFile() as out:
        _read_in_child(path, file, out)
        out.seek(0)
        yield from _by_sheet(out)


def _refuse(file: str, rule: str) -> ScenarioError:
    return ScenarioError([Problem(rule, file)])


def _guard(path: Path, file: str) -> None:
    """Refuse a file that would unpack to too much, or whose cells span too large a rectangle."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            declared = sum(part.file_size for part in parts)
            if declared > MOST_UNPACKED:
                raise _refuse(file, _too_much(declared))
            left = MOST_UNPACKED
            for part in parts:
                left -= _check_part(archive, part, file, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        hint = "; an old .xls file must be saved as .xlsx" if _is_old(path) else ""
        raise _refuse(file, f"is no XLSX file that can be read: {error}{hint}") from None


def _is_old(path: Path) -> bool:
    with path.open("rb") as opened:
        return opened.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _too_much(unpacked: int) -> str:
    most = MOST_UNPACKED // 2**20
    return f"unpacks to {unpacked / 2**20:,.0f} MiB, more than {most} MiB; {INSTEAD}"


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, file: str, left: int) -> int:
    """Return the bytes that a part unpacks to, as they come."""
    size, kept = 0, b""
    rows = columns = 0
    with archive.open(part) as opened:
        while piece := opened.read(_PIECE):
            size += len(piece)
            if size > left:
                raise _refuse(file, _too_much(MOST_UNPACKED - left + size))
            searched = kept + piece
            for letters, digits in _CELL.findall(searched):
                columns = max(columns, _column(letters))
                rows = max(rows, int(digits))
            if rows * columns > MOST_CELLS:
                rule = (
                    f"{part.filename}: its cells span {rows:,} rows × {columns:,} columns; delete "
                    f"the cells far outside the table, or {INSTEAD}"
                )
                raise _refuse(file, rule)
            kept = searched[-_OVERLAP:]
    return size


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _read_in_child(path: Path, file: str, out: IO[bytes]) -> None:
    """Let another process write the cells to `out`."""
    child = Path(__file__).with_name("sheet_reader.py")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    command = [sys.executable, "-P", str(child), str(path.resolve()), str(CHILD_BYTES)]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE,
            env=environment, timeout=CHILD_S, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise _refuse(file, f"took more than {CHILD_S} s to read; {INSTEAD}") from None
    if done.returncode == 0:
        return
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or [""]
    if done.returncode < 0 or "MemoryError" in lines[-1] or "memory" in lines[0]:
        raise _refuse(file, f"needs too much memory to read; {INSTEAD}")
    raise _refuse(file, f"is no XLSX file that can be read: {lines[-1][:200]}")


def _by_sheet(out: IO[bytes]) -> Iterator[tuple[str, Iterator[Numbered]]]:
    csv.field_size_limit(2**20)  # a cell holds at most 32,767 characters
    text = io.TextIOWrapper(out, "utf-8", newline="")
    try:
        for name, group in groupby(csv.reader(text), key=lambda cells: cells[0]):
            yield name, ((int(cells[1]), cells[2:]) for cells in group)
    finally:
        text.detach()
