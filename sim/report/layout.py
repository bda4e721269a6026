"""How tables and numbers look in reports."""

from __future__ import annotations

import math
from collections.abc import Collection

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text, TextType

from sim.measures.limits import LimitSummary
from sim.report.words import Language, say

COLOURS = {"holds": "bold green", "fails": "bold red", "undecided": "bold yellow"}


def new_table(title: TextType | None = None) -> Table:
    """Return a plain table, without lines."""
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        header_style="dim",
        padding=(0, 2, 0, 0),
    )


WIDE = 10_000
"""Columns where no line needs to be broken."""
NARROW = 110
"""Columns of a terminal below which tables leave out what is least needed."""


class Fitting:
    """A table that shows every name and number whole, however narrow the terminal is.

    The first column, of names, is folded into lines; the others never break. On a narrow terminal
    the columns with the headings `dispensable` are left out.
    """

    def __init__(self, table: Table, dispensable: Collection[str] = ()) -> None:
        self.table = table
        self.dispensable = dispensable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the table for this width."""
        narrow = options.max_width < NARROW
        kept = [
            column
            for column in self.table.columns
            if not (narrow and column.header in self.dispensable)
        ]
        if self.table.title:  # as a line of its own, so that it is not folded to the table's width
            yield Text.from_markup(str(self.table.title), style="bold")
        table = new_table()
        if narrow:
            table.padding = (0, 1, 0, 0)
        for number, column in enumerate(kept):
            table.add_column(
                column.header, justify=column.justify, overflow="fold", no_wrap=number > 0
            )
        for row in zip(*(column.cells for column in kept), strict=True):
            table.add_row(*row)
        yield table


def interval_heading(verdicts: Collection[LimitSummary], language: Language) -> str:
    """Return the heading of intervals, with their confidence where it is one for all."""
    levels = {each.promise.confidence for each in verdicts}
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
