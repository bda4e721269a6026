"""Reports as text for a terminal."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from typing import Final

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table as RichTable
from rich.text import Text

from sim.report.blocks import Cell, Line, Part, Report, Table, Tone
from sim.report.language import typeset
from sim.scenario.errors import CONTROL, printable
from sim.translation import language

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

WIDE: Final = 10_000
"""Columns enough for every line."""
NARROW: Final = 110
"""Columns of a terminal below which tables leave out their spare columns."""


FOLDED: Final = 8
"""Least columns of a folded column."""


def show(shown: Report | RenderableType, *, width: int | None = None) -> None:
    """Print a report to standard output.

    Parameters
    ----------
    shown
        A report, or anything that rich can print.
    width
        Columns; default: those of the terminal. Lines in a file or pipe are never broken.
    """
    renderable = terminal_text(shown) if isinstance(shown, Report) else shown
    console = Console(width=width)
    if console.is_terminal:
        console.print(renderable)
        return
    buffer = io.StringIO()
    Console(width=width or WIDE, file=buffer).print(renderable)
    lines = buffer.getvalue().splitlines()
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in lines))


def terminal_text(report: Report) -> RenderableType:
    """Return a report as a text that rich can print."""
    lines = [Text(_set(report.title), "bold"), *map(_text, report.under)]
    shown: list[RenderableType] = [Text("\n").join(lines)]
    for part in report.parts:
        shown += [Text(""), *_part(part)]
    return Group(*shown)


def new_table() -> RichTable:
    """Return a plain table, without lines."""
    return RichTable(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))


def _part(part: Part) -> Iterator[RenderableType]:
    if part.heading:
        yield Text(_set(part.heading), "bold")
    for block in part.blocks:
        yield _FittingTable(block) if isinstance(block, Table) else _text(block)


def _text(text: Line | Cell) -> Text:
    return Text(_set(text.text), STYLES[text.tone])


def _set(text: str) -> str:
    """Return a text with the punctuation of Chinese, if Chinese is spoken; English as it is.

    Names may come from files of others: what would command the terminal is written out.
    """
    text = CONTROL.sub(lambda found: printable(found[0]), text)
    return text if language() == "en" else typeset(text, language())


class _FittingTable:
    """A table that shows every name and number whole, however narrow the terminal is.

    The first column, of names, is folded into lines, and on a narrow terminal those that may be;
    the others never break. A narrow terminal leaves out the spare columns.
    """

    def __init__(self, table: Table) -> None:
        self.table = table

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield title and note, which are not folded to the table's width, then the table."""
        for line in filter(None, (self.table.title, self.table.note)):
            yield Text(_set(line), "bold")
        yield self.fitted(narrow=options.max_width < NARROW)

    def fitted(self, *, narrow: bool) -> RichTable:
        """Return the table without its title."""
        columns = self.table.columns
        kept = [n for n, column in enumerate(columns) if not (narrow and column.spare)]
        fitted = new_table()
        if narrow:
            fitted.padding = (0, 1, 0, 0)
        for place, number in enumerate(kept):
            folds = narrow and columns[number].folds
            fitted.add_column(
                Text(_set(columns[number].heading)),
                justify="right" if columns[number].number else "left",
                overflow="fold",
                no_wrap=place > 0 and not folds,
                min_width=FOLDED if folds else None,
            )
        for number, cells in enumerate(self.table.cells()):
            style = "bold" if number in self.table.strong else ""
            fitted.add_row(*(_text(cells[place]) for place in kept), style=style)
        return fitted
