"""CSV files, packed or not: encoding, separator, rows; and Parquet files as texts."""

from __future__ import annotations

import bz2
import codecs
import csv
import gzip
import io
import lzma
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, cast

from sim.demand.files import NO_TEXT, cell_text
from sim.scenario import Problem, ScenarioError
from sim.spreadsheets.reader import Numbered
from sim.translation import noted, tr

PACKED: Final = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
FREE_BYTES: Final = 16 * 2**20
"""Bytes that any packed file may unpack to."""
MOST_RATIO: Final = 200
"""Beyond `FREE_BYTES`, how many times larger than the file its content may be."""
MOST_BYTES: Final = 8 * 2**30
SEPARATORS: Final = ",\t;|"
LOOKED_AT: Final = 20
"""Lines by which the separator is told: the first ones may be titles without any."""
NOT_UNPACKED: Final = noted("cannot be unpacked: it is cut short or damaged")
NOT_QUOTED: Final = noted(
    "cannot be read as a table: a quotation mark does not end, or stands inside of a cell, where "
    "it must be written twice"
)


class _Counted(io.RawIOBase):
    """Unpacked bytes, which must not become too many for the size of the file."""

    def __init__(self, raw: IO[bytes], file: str, most: int) -> None:
        self._raw, self._file, self._left = raw, file, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._raw.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            rule = tr("unpacks to far more than its size allows; unpack it, if it can be trusted")
            raise ScenarioError([Problem(rule, self._file)])
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def unpacked(path: Path, file: str) -> Iterator[io.BufferedReader]:
    """Open a file, and unpack it if its name says that it is packed (.gz, .bz2, .xz)."""
    opener: Any = PACKED.get(path.suffix.lower())
    size = path.stat().st_size
    most = max(FREE_BYTES, MOST_RATIO * size) if opener else MOST_BYTES
    with (opener or Path.open)(path, "rb") as raw:
        counted = _Counted(cast("IO[bytes]", raw), file, min(most, MOST_BYTES))
        yield io.BufferedReader(counted, 2**20)


def csv_file_rows(path: Path, file: str) -> Iterator[Numbered]:
    """Yield the line and cells of each row of a CSV file that is not blank.

    ScenarioError if the file is no text, is empty, or has a cell that does not end.
    """
    for encoding in _encodings(path, file):
        try:
            separator = _separator(path, file, encoding)
        except UnicodeError:
            continue
        with unpacked(path, file) as raw, io.TextIOWrapper(raw, encoding, newline="") as text:
            yield from _rows(text, file, separator)
        return
    raise ScenarioError([Problem(tr(NO_TEXT), file, _bad_line(path, file))])


def _bad_line(path: Path, file: str) -> int | None:
    """Return the first line that no encoding can read; None: it is not known."""
    reached = []
    for encoding in _encodings(path, file):
        with unpacked(path, file) as raw:
            for number, line in enumerate(raw, start=1):
                try:
                    line.decode(encoding)
                except UnicodeError:
                    reached.append(number)
                    break
    return max(reached, default=None)


def _encodings(path: Path, file: str) -> tuple[str, ...]:
    """Return the encodings to try: by the mark at the beginning, else UTF-8, then GB18030."""
    with unpacked(path, file) as raw:
        start = raw.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if start.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    return ("utf-8", "gb18030")


def _separator(path: Path, file: str, encoding: str) -> str:
    """Return what separates the cells; UnicodeError unless the whole file has this encoding."""
    first: list[str] = []
    with unpacked(path, file) as raw, io.TextIOWrapper(raw, encoding, newline="") as text:
        for line in text:
            if len(first) < LOOKED_AT and line.strip():
                first.append(line)
    if not first:
        raise ScenarioError([Problem(tr("is empty"), file)])

    def agreeing(sign: str) -> tuple[int, int]:
        """Return how many rows have the most usual number of cells, and that number."""
        try:
            counts = Counter(map(len, csv.reader(first, delimiter=sign)))
        except csv.Error:  # told when the file is read
            return 0, 0
        return max(((n, cells) for cells, n in counts.items() if cells > 1), default=(0, 0))

    return max(SEPARATORS, key=lambda sign: (*agreeing(sign), sign == ","))


def _rows(text: io.TextIOWrapper, file: str, separator: str) -> Iterator[Numbered]:
    reader = csv.reader(text, delimiter=separator, strict=True)
    last = 0
    try:
        for cells in reader:
            line, last = last + 1, reader.line_num  # a cell in quotation marks may hold lines
            if any(cells) and "".join(cells).strip():
                yield line, cells
    except csv.Error as error:
        reason = tr("a cell is longer than {most:,} characters", most=csv.field_size_limit())
        rule = tr("cannot be read as a table: {error}", error=reason)
        if "limit" not in str(error):
            rule = tr(NOT_QUOTED)
        raise ScenarioError([Problem(rule, file, last + 1)]) from None


def parquet_rows(path: Path, file: str) -> Iterator[Numbered]:
    """Yield the names of a Parquet file's columns, numbered 0, then its rows from 1, as texts."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        opened = pq.ParquetFile(path)
        names = opened.schema_arrow.names
        yield 0, list(names)
        number = 0
        for batch in opened.iter_batches(batch_size=50_000):
            for cells in zip(*(map(cell_text, c.to_pylist()) for c in batch.columns), strict=True):
                number += 1
                yield number, list(cells)
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ScenarioError(
            [Problem(tr("cannot be read as a table: {reason}", reason=reason), file)]
        ) from None
