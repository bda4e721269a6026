"""What a report says in one language: lines and tables, which a renderer draws.

The terminal, notebooks and pages render the same blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, TypeVar

T = TypeVar("T")
Tone: TypeAlias = Literal[
    "", "strong", "faint", "notice", "warning", "error",
    "holds", "fails", "undecided", "good", "bad",
]  # fmt: skip
"""How a text is meant. A `notice` is worth knowing, a `warning` says that the result is less
reliable, an `error` that it must not be trusted."""


@dataclass(frozen=True)
class Line:
    """One or two sentences."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True)
class Cell:
    """One cell of a table."""

    text: str
    tone: Tone = ""
    order: float | None = None
    """Sort key; None: the number at the start of the text, else the text."""


Row: TypeAlias = tuple[str | Cell, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    heading: str
    number: bool = False
    """Whether the cells begin with a number or a dash, and are aligned to the right."""
    spare: bool = False
    """Whether narrow terminals leave the column out."""
    folds: bool = False
    """Whether narrow terminals break its cells into lines, as they do with the first column."""
    drawn: bool = False
    """Whether the cells are drawings made of characters, which pages leave out."""
    meaning: str = ""
    """Heading for screen readers, where the visible heading is empty."""


@dataclass(frozen=True)
class Table:
    """Columns and rows of texts."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    note: str = ""
    """A line under the title."""
    grouped: bool = False
    """Whether a first cell that repeats the cell above it is left blank."""
    total: bool = False
    """Whether the last row sums up the others."""
    strong: frozenset[int] = field(default_factory=frozenset)
    """Indices of the rows in bold."""

    def cells(self) -> Iterator[tuple[Cell, ...]]:
        """Yield the cells of each row, repetitions in the first column left blank if `grouped`."""
        above = ""
        for row in self.rows:
            first, *others = map(as_cell, row)
            repeats = self.grouped and first.text == above
            above = first.text
            yield (Cell("") if repeats else first, *others)


def number(heading: str, *, spare: bool = False) -> Column:
    """Return a column of numbers."""
    return Column(heading, number=True, spare=spare)


def table_of(
    items: Iterable[T], columns: Sequence[tuple[Column, Callable[[T], str | Cell]]], title: str = ""
) -> Table:
    """Return a table with a row for each item; each column comes with its function item → cell."""
    rows = tuple(tuple(cell(item) for _, cell in columns) for item in items)
    return Table(tuple(column for column, _ in columns), rows, title)


def as_cell(cell: str | Cell) -> Cell:
    """Return a plain text as a cell."""
    return Cell(cell) if isinstance(cell, str) else cell


Block: TypeAlias = Line | Table


@dataclass(frozen=True)
class Part:
    """Blocks that belong together, with or without a heading."""

    blocks: tuple[Block, ...]
    heading: str = ""


@dataclass(frozen=True)
class Report:
    """Everything a report says of one result."""

    title: str
    under: tuple[Line, ...]
    """Lines under the title: how the result was made."""
    parts: tuple[Part, ...]
