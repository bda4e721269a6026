"""How tables and numbers look in reports."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Final

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table as RichTable
from rich.text import Text

from sim.measures.limits import LimitJudgement
from sim.measures.shares import Verdict
from sim.report.blocks import Cell, Line, Part, Report, Table, Tone
from sim.report.words import Language, say

STYLES: Final[dict[Tone, str]] = {
    "": "",
    "strong": "bold",
    "faint": "dim",
    "notice": "yellow",
    "warning": "bold yellow",
    "error": "bold red",
    "holds": "bold green",
    "fails": "bold red",
    "undecided": "bold yellow",
    "good": "green",
    "bad": "red",
}
MARKS: Final[dict[Verdict, str]] = {"holds": "✓", "fails": "✗", "undecided": "?"}

WIDE = 10_000
"""Columns where no line needs to be broken."""
NARROW = 110
"""Columns of a terminal below which tables leave out what is least needed."""


def written(report: Report) -> RenderableType:
    """Return a report as text for a terminal."""
    lines = [Text(report.title, "bold"), *(_text(each) for each in report.under)]
    shown: list[RenderableType] = [Text("\n").join(lines)]
    for part in report.parts:
        shown += [Text(""), *_part(part)]
    return Group(*shown)


def _part(part: Part) -> Iterator[RenderableType]:
    if part.heading:
        yield Text(part.heading, "bold")
    for block in part.blocks:
        yield Fitting(block) if isinstance(block, Table) else _text(block)


def _text(said: Line | Cell) -> Text:
    return Text(said.text, STYLES[said.tone])


def new_table() -> RichTable:
    """Return a plain table, without lines."""
    return RichTable(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))


class Fitting:
    """A table that shows every name and number whole, however narrow the terminal is.

    The first column, of names, is folded into lines; the others never break. On a narrow terminal
    the spare columns are left out.
    """

    def __init__(self, table: Table) -> None:
        self.table = table

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the table for this width."""
        yield from self.titles()
        yield self.drawn(narrow=options.max_width < NARROW)

    def titles(self) -> Iterator[Text]:
        """Yield the title and the note as lines of their own: not folded to the table's width."""
        for line in filter(None, (self.table.title, self.table.note)):
            yield Text(line, "bold")

    def drawn(self, *, narrow: bool = False) -> RichTable:
        """Return the table without its title."""
        kept = [
            number
            for number, column in enumerate(self.table.columns)
            if not (narrow and column.spare)
        ]
        table = new_table()
        if narrow:
            table.padding = (0, 1, 0, 0)
        for place, number in enumerate(kept):
            column = self.table.columns[number]
            table.add_column(
                Text(column.heading),
                justify="right" if column.number else "left",
                overflow="fold",
                no_wrap=place > 0,
            )
        for number, row in enumerate(_rows(self.table)):
            style = "bold" if number in self.table.strong else ""
            table.add_row(*(_text(row[place]) for place in kept), style=style)
        return table


def _rows(table: Table) -> Iterator[list[Cell]]:
    """Yield the cells of each row; a first cell that only repeats the one above is blank."""
    above = ""
    for row in table.rows:
        cells = [as_cell(each) for each in row]
        name = cells[0].text
        if table.grouped and name == above:
            cells[0] = Cell("")
        above = name
        yield cells


def as_cell(cell: str | Cell) -> Cell:
    """Return a plain text as a cell."""
    return Cell(cell) if isinstance(cell, str) else cell


def judged(verdict: Verdict, language: Language) -> Cell:
    """Return the word for a verdict, in its colour."""
    return Cell(say(verdict, language), verdict)


def interval_heading(verdicts: Collection[LimitJudgement], language: Language) -> str:
    """Return the heading of intervals, with their confidence where it is one for all."""
    levels = {each.limit.confidence for each in verdicts}
    heading = say("interval", language)
    return f"{percent(levels.pop(), None)} {heading}" if len(levels) == 1 else heading


def percent(share: float, digits: int | None = 1) -> str:
    """Write a share in per cent, with as many decimals as it needs if `digits` is None."""
    if math.isnan(share):
        return "–"
    return f"{100 * share:g} %" if digits is None else f"{100 * share:.{digits}f} %"


def rounded(value: float, digits: int) -> str:
    """Write a number; NaN as a dash."""
    return "–" if math.isnan(value) else f"{value:.{digits}f}"
