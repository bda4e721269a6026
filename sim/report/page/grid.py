"""A table on a page: which cells are numbers, and how a column is sorted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from sim.report.blocks import Cell, Table, Tone, as_cell
from sim.report.lines import MARKS

_NUMBER: Final = re.compile(r"^[×(]?\s*([+\-−]?\d[\d,]*(?:\.\d+)?)")
SIGNS: Final[dict[Tone, str]] = {
    "holds": MARKS["holds"],
    "fails": MARKS["fails"],
    "undecided": MARKS["undecided"],
    "good": "▲",
    "bad": "▼",
    "notice": "!",
    "warning": "!",
    "error": "✗",
}
"""Tone → a sign, for readers who do not see its colour."""


@dataclass(frozen=True)
class Place:
    """One cell."""

    text: str
    tone: Tone
    sign: str
    number: bool
    key: str | None
    """Sort key; None: the text of the cell."""
    again: bool
    """Whether the cell repeats the one above it, and is hidden until the table is sorted."""


@dataclass(frozen=True)
class Heading:
    """The heading of a column."""

    text: str
    shown: bool
    """Whether it is visible, or only for screen readers."""
    number: bool


@dataclass(frozen=True)
class Grid:
    """A table in columns and rows."""

    headings: tuple[Heading, ...]
    rows: tuple[tuple[Place, ...], ...]
    strong: frozenset[int]
    total: int | None
    """Index of the row that sums up the others and stays last; None: there is none."""


def grid(table: Table) -> Grid:
    """Return a table for the page, without the columns that are drawn with characters."""
    kept = [number for number, column in enumerate(table.columns) if not column.drawn]
    columns = [table.columns[number] for number in kept]
    names = [as_cell(row[0]).text for row in table.rows]
    again = [table.grouped and name == above for above, name in pairwise(["", *names])]
    return Grid(
        tuple(
            Heading(column.heading or column.meaning, bool(column.heading), column.number)
            for column in columns
        ),
        tuple(
            tuple(
                _place(as_cell(row[n]), number=table.columns[n].number, again=repeats and n == 0)
                for n in kept
            )
            for row, repeats in zip(table.rows, again, strict=True)
        ),
        table.strong,
        len(table.rows) - 1 if table.total else None,
    )


def _place(cell: Cell, *, number: bool, again: bool) -> Place:
    key = sort_key(cell.text) if number else None
    if cell.order is not None:
        key = f"{cell.order:g}"
    sign = SIGNS.get(cell.tone, "")
    return Place(cell.text, cell.tone, "" if sign in cell.text else sign, number, key, again)


def sort_key(text: str) -> str | None:
    """Return the number at the start of a cell; None if there is none."""
    number = _NUMBER.match(text)
    return None if number is None else number[1].replace(",", "").replace("−", "-")
