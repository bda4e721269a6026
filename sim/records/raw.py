"""Tables as they stand in files: texts under headings, with the number of each row; and remarks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints

if TYPE_CHECKING:
    import pyarrow as pa

CHUNK: Final = 20_000
"""Rows that are held as lists before they become columns."""
MOST_COLUMNS: Final = 2_000
EMPTY: Final = ("NULL", "null", "None", "\\N", "-", "--", "—", "——", "/", "N/A", "nan", "NaT")
"""Cells that exports write where there is nothing."""
SHOWN: Final = 60
"""Characters of a cell that a remark quotes."""


@dataclass(frozen=True, eq=False)
class Remark:
    """What was found in some rows of one table while it was read."""

    check: str
    """Name of the check: what is wrong."""
    source: int
    """Number of the table among those read."""
    rows: Ints
    """[n] numbers of the rows, as in the file."""
    column: str = ""
    """Heading of the cells; "" for whole rows."""
    cells: tuple[str, ...] = ()
    """[n] the cells, shortened; or empty."""


@dataclass(frozen=True, eq=False)
class RawTable:
    """The n rows of one table of a file; every cell is a text, "" if it is empty."""

    file: str
    """Name in messages."""
    sheet: str
    """"" if a file has no sheets."""
    in_lines: bool
    """Whether rows are numbered by the lines of a text file."""
    number: Ints
    """[n] number of each row, from 1."""
    columns: Mapping[str, pa.ChunkedArray]
    """Heading → [n] texts."""
    left_out: tuple[tuple[str, Ints], ...] = ()
    """Check → numbers of the rows that are no data: titles, footers, torn rows."""
    from_log: bool = False
    """Whether the file is a log by its format (XES): one row an event."""
    heading: int = 0
    """Number of the last row of headings; 0: there is none."""
    hidden: bool = False
    """Whether the sheet is hidden: of such a one, no cell is read."""
    uncounted: Mapping[str, Ints] = field(default_factory=dict)
    """Heading → rows in which a formula has no stored value, or an error stands."""
    first_day: int = 0
    """Day of Excel that the sheet's own day 0 is: in workbooks that count from 1904, 1462."""

    def __len__(self) -> int:
        return len(self.number)

    def kept(self, rows: Bools) -> RawTable:
        """Return the table with the rows [n] that are True."""
        import pyarrow as pa

        mask = pa.array(rows)
        columns = {name: column.filter(mask) for name, column in self.columns.items()}
        return replace(self, number=self.number[rows], columns=columns)


@dataclass
class Remarks:
    """Remarks as they come."""

    all: list[Remark] = field(default_factory=list)

    def add(
        self,
        check: str,
        source: int,
        rows: Ints,
        column: str = "",
        values: Iterable[str] = (),
    ) -> None:
        """Note rows, if there are any."""
        if len(rows):
            told = tuple(" ".join(value.split())[:SHOWN] for value in values)
            self.all.append(Remark(check, source, np.asarray(rows, np.int64), column, told))


class Columns:
    """Rows of texts that become columns, a chunk at a time."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self.names = {name: place for place, name in enumerate(names)}
        self.number: list[int] = []
        self._rows: list[Sequence[str]] = []
        self._chunks: list[list[pa.Array]] = [[] for _ in names]

    def add(self, number: int, cells: Sequence[str]) -> None:
        """Add a row with a cell for each name."""
        self._rows.append(cells)
        self.number.append(number)
        if len(self._rows) == CHUNK:
            self._turn()

    def add_named(self, number: int, cells: Mapping[str, str]) -> None:
        """Add a row by names; for a new name, the rows before have an empty cell."""
        if new := cells.keys() - self.names.keys():
            self._turn()
            for name in [name for name in cells if name in new]:
                self._grow(name)
        self.add(number, [cells.get(name, "") for name in self.names])

    def turned(self) -> dict[str, pa.ChunkedArray]:
        """Return the columns under their names."""
        import pyarrow as pa

        self._turn()
        chunks = zip(self.names, self._chunks, strict=True)
        return {name: pa.chunked_array(parts, pa.string()) for name, parts in chunks}

    def _grow(self, name: str) -> None:
        import pyarrow as pa

        self.names[name] = len(self._chunks)
        self._chunks.append([pa.repeat("", len(self.number))] if self.number else [])

    def _turn(self) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        if not self._rows:
            return
        for parts, column in zip(self._chunks, zip(*self._rows, strict=True), strict=True):
            texts = pc.utf8_trim_whitespace(pa.array(column, pa.string()))
            empty = pc.is_in(texts, value_set=pa.array(EMPTY))
            parts.append(pc.if_else(empty, "", texts))
        self._rows.clear()


def encoded(texts: pa.ChunkedArray) -> tuple[list[str], Ints]:
    """Return the distinct texts of a column, and [n] the index of each row's text."""
    import pyarrow.compute as pc

    coded = pc.dictionary_encode(texts).combine_chunks()
    if len(texts) == 0:
        return [], np.zeros(0, np.int64)
    return coded.dictionary.to_pylist(), coded.indices.to_numpy().astype(np.int64)


def ascii_of_width(texts: Sequence[str], width: int) -> tuple[Bools, NDArray[np.uint8]]:
    """Return [n] which texts have so many signs, all ASCII, and [k, width] the signs of these."""
    fits = np.array([len(text) == width and text.isascii() for text in texts], np.bool_)
    joined = "".join(text for text, fit in zip(texts, fits.tolist(), strict=True) if fit)
    return fits, np.frombuffer(joined.encode("ascii"), np.uint8).reshape(-1, width)


def distinct_names(headings: Sequence[str]) -> list[str]:
    """Return headings without blanks, each a name of its own: a second one becomes `name (2)`."""
    names: list[str] = []
    for place, heading in enumerate(headings, start=1):
        name = " ".join(heading.split())[:SHOWN] or f"column {place}"
        again = sum(name == other or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({again + 1})" if again else name)
    return names
