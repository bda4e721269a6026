"""What a report says, before it becomes text or a page: lines and tables, in one language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Tone: TypeAlias = Literal[
    "",
    "strong",
    "faint",
    "notice",
    "warning",
    "error",
    "holds",
    "fails",
    "undecided",
    "good",
    "bad",
]
"""How something is meant. `notice` is worth knowing, `warning` limits what the result is worth,
`error` says that it is not to be trusted."""


@dataclass(frozen=True)
class Line:
    """A sentence or two."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True)
class Cell:
    """What stands in one place of a table."""

    text: str
    tone: Tone = ""
    order: float | None = None
    """By what it is sorted, if neither by its text nor by the number with which it begins."""


Row: TypeAlias = tuple[str | Cell, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    heading: str
    number: bool = False
    """Its cells begin with a number, or with a dash: they are set to the right."""
    spare: bool = False
    """Left out where there is little room."""
    drawn: bool = False
    """Drawn with characters: for text alone."""
    meaning: str = ""
    """What it is, where the heading is left empty because its cells say it."""


@dataclass(frozen=True)
class Table:
    """Rows of texts."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    note: str = ""
    """Said under the title."""
    grouped: bool = False
    """A first cell that repeats the one above it need not be written."""
    total: bool = False
    """The last row sums up the others."""
    strong: frozenset[int] = field(default_factory=frozenset)
    """Rows that stand out."""


Block: TypeAlias = Line | Table


@dataclass(frozen=True)
class Part:
    """What belongs together, under a heading or none."""

    blocks: tuple[Block, ...]
    heading: str = ""


@dataclass(frozen=True)
class Report:
    """All that is said of a result."""

    title: str
    under: tuple[Line, ...]
    """How the result was made."""
    parts: tuple[Part, ...]
