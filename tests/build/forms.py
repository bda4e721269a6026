"""Workbooks for a city in memory: as they are written, changed, and read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter

from sim.report.scenario.form_workbook import grids_of
from sim.scenario import Scenario
from sim.scenario.files.form import Form, form_of
from sim.scenario.files.form_reading import laid_over
from sim.scenario.files.form_words import HEADINGS, SHEETS
from sim.scenario.files.layers import with_parents
from sim.scenario.files.library import find
from sim.scenario.files.merge import merge
from sim.scenario.load import as_written
from sim.scenario.origin import Tree
from sim.spreadsheets.reader import Sheet

FILE = "my-city.xlsx"


@cache
def base(name: str = "yingkou/base") -> tuple[Tree, Form]:
    """Return the tree of a library scenario, and its form."""
    tree = with_parents(find(name))
    return tree, form_of(tree, name)


class Book:
    """A workbook under way: its cells by sheet, row and heading."""

    def __init__(self, language: str = "zh", name: str = "yingkou/base") -> None:
        self.tongue = 1 if language == "zh" else 0
        self.tree, self.form = base(name)
        grids = grids_of(self.form, FILE, name, self.tongue)
        self.sheets = {
            grid.name: {
                number: [as_read(cell.value) for cell in row]
                for number, row in enumerate(grid.rows, 1)
                if any(cell.value is not None for cell in row)
            }
            for grid in grids
        }
        self.merged: dict[str, list[tuple[int, int, int, int]]] = {}
        self.uncounted: dict[str, set[tuple[int, int]]] = {}

    def sheet(self, part: str) -> str:
        return SHEETS[part][self.tongue]

    def column(self, part: str, heading: str) -> int:
        """Return the position of a column, from 0: by its name in the program, or as written."""
        title = HEADINGS[heading][self.tongue] if heading in HEADINGS else heading
        return self.sheets[self.sheet(part)][1].index(title)

    def row(self, part: str, code: str) -> int:
        """Return the number of the row with a code."""
        at = self.column(part, "code")
        rows = self.sheets[self.sheet(part)].items()
        return next(number for number, cells in rows if cells[at] == code)

    def write(self, part: str, code: str, column: str, text: str) -> Book:
        """Write into the cell of a row and a column."""
        self.sheets[self.sheet(part)][self.row(part, code)][self.column(part, column)] = text
        return self

    def add(self, part: str, **cells: str) -> Book:
        """Add a row with these cells."""
        rows = self.sheets[self.sheet(part)]
        new = [""] * len(rows[1])
        for column, text in cells.items():
            new[self.column(part, column)] = text
        rows[max(rows) + 1] = new
        return self

    def read(self) -> list[Sheet]:
        return [
            Sheet(
                name,
                rows,
                tuple(self.merged.get(name, ())),
                frozenset(self.uncounted.get(name, ())),
            )
            for name, rows in self.sheets.items()
        ]

    def changes(self) -> Tree:
        """Return what the workbook changes, with mistakes and remarks."""
        return laid_over(self.read(), self.form, FILE)

    def load(self) -> Scenario:
        """Return the scenario; raise `ScenarioError` with what is wrong."""
        return as_written(merge(self.tree, self.changes()), FILE)

    def save(self, path: Path, formulas: Mapping[tuple[str, str], str | None] = {}) -> None:
        """Write the workbook; `formulas`: sheet and cell → its stored value, None for none."""
        with xlsxwriter.Workbook(str(path)) as book:
            for name, rows in self.sheets.items():
                sheet = book.add_worksheet(name)
                for number, cells in rows.items():
                    for at, text in enumerate(cells):
                        sheet.write_string(number - 1, at, text)
                for (of, cell), value in formulas.items():
                    if of == name:
                        sheet.write_formula(cell, "=2+3", None, value or "")

    def mistakes(self) -> str:
        return "\n".join(map(str, self.changes().problems))


def as_read(value: Any) -> str:
    """Return a cell as the reader of workbooks has it."""
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return f"{value.isoformat()} 00:00:00"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def changed(scenario: Scenario, other: Scenario) -> dict[str, tuple[Any, Any]]:
    """Return path → value in the one and in the other, of all values in which they differ."""
    found: dict[str, tuple[Any, Any]] = {}

    def compare(path: str, one: Any, two: Any) -> None:
        if isinstance(one, dict) and isinstance(two, dict):
            for key in one.keys() | two.keys():
                compare(f"{path}.{key}", one.get(key), two.get(key))
        elif isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
            for key, (a, b) in enumerate(zip(one, two, strict=True)):
                compare(f"{path}.{key}", a, b)
        elif one != two:
            found[path[1:]] = (one, two)

    dumps = [of.model_dump(mode="json", by_alias=True) for of in (scenario, other)]
    compare("", *dumps)
    found.pop("name", None)
    return {path: pair for path, pair in found.items() if not path.startswith("name.")}
