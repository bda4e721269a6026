"""A workbook for a city, read against the form of its base: what is filled in becomes a tree.

Sheets and columns are found by their names, in either language and in any order; rows by their
code, else by what they say. Every mistake is told with its sheet and cell, all of them at once, in
the language of the workbook. What is not read is told as a remark.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from sim.scenario.errors import Problem, ScenarioError, printable, shorten
from sim.scenario.files.form import (
    COLUMNS,
    LEAVE,
    NEW_MATTER,
    Form,
    Input,
    Part,
    Row,
    dates_of,
    working_days_by_month,
)
from sim.scenario.files.form_cells import CellError, chosen, hint_of, label_of, source_of, value_of
from sim.scenario.files.form_words import (
    BASE,
    HEADINGS,
    NAMED,
    SHEETS,
    Pair,
    Tongue,
    base_forms,
    both,
    heading_forms,
    plain,
    told,
)
from sim.scenario.origin import Annotation, KeyPath, Place, Tree
from sim.scenario.schema.arrivals import SHARES_TOLERANCE
from sim.scenario.schema.quantities import SECONDS
from sim.spreadsheets.reader import Sheet, UnreadableError, whole_sheets

TITLE_ROWS: Final = 12
"""Rows at the top of a sheet among which the headings are looked for."""
MOST_ROWS: Final = 5000
"""Rows of a sheet that are looked at."""
LEAST_HEADINGS: Final = 2
"""Headings by which a sheet with another name is recognised."""
CV_OF_NEW_WORK: Final = 0.6
CV_SOURCE: Final = "assumed: like files differ by a factor of two"


# --- the file ------------------------------------------------------------------------------------


def sheets_of(path: Path, file: str) -> list[Sheet]:
    """Return the sheets of a workbook; `ScenarioError` if it cannot be read, with what to do."""
    rule = unusable(path)
    if rule is None:
        try:
            return whole_sheets(path, both("save_anew"))
        except UnreadableError as error:
            rule = str(error)
        except OSError as error:
            rule = both("in_use", reason=error.strerror or error)
    raise ScenarioError([Problem(rule, file)])


def unusable(path: Path) -> str | None:
    """Return the rule that a file breaks which is no workbook at all."""
    if path.name.startswith("~$"):
        return both("lock_file", name=path.name.removeprefix("~$"))
    try:
        with path.open("rb") as opened:
            start = opened.read(512)
    except OSError as error:
        return both("in_use", reason=error.strerror or error)
    if start.startswith(OLD):
        return both("old_file")
    if not start.startswith(ZIP):
        return both("text_file" if start else "empty_file")
    return None if path.suffix.lower() in ENDINGS else both("other_ending")


ZIP: Final = b"PK\x03\x04"
OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of an old Excel file, and of one with a password."""
ENDINGS: Final = (".xlsx", ".xlsm")


def is_workbook(path: Path) -> bool:
    """Whether a file is meant as a workbook, or is one: by its name, or by its first bytes."""
    if path.suffix.lower() in {*ENDINGS, ".xls", ".et"} or path.name.startswith("~$"):
        return True
    try:
        with path.open("rb") as opened:
            return opened.read(8).startswith((ZIP, OLD))
    except OSError:
        return False


# --- the sheets ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """One sheet of a workbook, with its headings."""

    part: str
    sheet: Sheet
    head: int
    """Number of the row of headings."""
    columns: Mapping[str, int]
    """Column, or ``base:`` and an input → its number from 1."""
    headings: Mapping[int, str]
    """Number of a column → its heading as written."""

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield number and cells of each row below the headings with any of the columns filled."""
        for number, cells in self.sheet.rows.items():
            if self.head < number <= self.head + MOST_ROWS:
                known = {
                    column: cells[at - 1].strip()
                    for column, at in self.columns.items()
                    if at <= len(cells)
                }
                if any(known.values()):
                    yield number, known


def columns_of(part: str) -> tuple[str, ...]:
    """Return the columns that are read of a sheet."""
    if part == "leave":
        return LEAVE
    fixed, inputs, _ = COLUMNS[part]
    new = (NEW_MATTER,) if part == "matters" else ()
    bases = tuple(f"base:{column}" for column in inputs)
    return (*fixed, *inputs, *bases, *new, "own_source", "source", "code")


@cache
def known_headings(part: str) -> dict[str, str]:
    """Return what is read of a sheet: form of a heading → column."""
    return {form: column for column in columns_of(part) for form in _forms(column)}


def _forms(column: str) -> set[str]:
    start, colon, name = column.partition(":")
    return base_forms(name) if colon else heading_forms(start)


def tables_of(sheets: list[Sheet]) -> tuple[list[Table], list[Sheet]]:
    """Return the sheets that are read, and the others; names come first, then headings."""
    tables: dict[str, Table] = {}
    others = []
    for sheet in sheets:
        named = next(
            (p for p, names in SHEETS.items() if plain(sheet.name) in map(plain, names)), ""
        )
        if named not in tables and (named in COLUMNS or named == "leave"):
            tables[named] = _table(named, sheet)
        elif named not in {"about", "lists"} and sheet.rows:
            others.append(sheet)
    left = []
    for sheet in others:
        likely = [_table(part, sheet) for part in (*COLUMNS, "leave") if part not in tables]
        likely = [table for table in likely if _is_of(table)]
        if likely:
            best = max(likely, key=lambda table: len(table.columns))
            tables[best.part] = best
        else:
            left.append(sheet)
    return list(tables.values()), left


def _is_of(table: Table) -> bool:
    """Whether headings show what a sheet is: one of its inputs is among them."""
    inputs = LEAVE if table.part == "leave" else COLUMNS[table.part][1]
    return len(table.columns) >= LEAST_HEADINGS and not set(inputs).isdisjoint(table.columns)


def _table(part: str, sheet: Sheet) -> Table:
    """Return a sheet with the headings of the row that has most of those that are known."""
    known = known_headings(part)
    best: tuple[int, dict[str, int], dict[int, str]] = (0, {}, {})
    for number, cells in sheet.rows.items():
        if number > TITLE_ROWS:
            break
        headings = {at: cell for at, cell in enumerate(cells, 1) if cell.strip()}
        found: dict[str, int] = {}
        for at, heading in headings.items():
            column = known.get(plain(heading))
            if column is not None:
                found.setdefault(column, at)
        if len(found) > len(best[1]):
            best = (number, found, headings)
    return Table(part, sheet, best[0], best[1], best[2])


def tongue_of(tables: list[Table]) -> Tongue:
    """Return the language in which most headings are written."""
    written = [plain(heading) for table in tables for heading in table.headings.values()]
    english, chinese = ({plain(pair[of]) for pair in HEADINGS.values()} for of in (0, 1))
    return 1 if sum(w in chinese for w in written) >= sum(w in english for w in written) else 0


def base_named(sheets: list[Sheet], file: str) -> tuple[str, Place]:
    """Return the name of the base scenario, and its cell; `ScenarioError` if none is there."""
    tables, _ = tables_of(sheets)
    if not tables:
        names = ", ".join(SHEETS[part][1] for part in COLUMNS)
        raise ScenarioError([Problem(both("no_sheets", names=names), file)])
    reader = Reading(file, tongue_of(tables))
    for table in tables:
        for number, cells in table.rows() if table.part == "general" else ():
            meant = {plain(cells.get("code", "")), plain(cells.get("item", ""))}
            if not meant.isdisjoint({"extends", *map(plain, NAMED["extends"])}):
                name = cells.get("own") or cells.get("base:own", "")
                if name:
                    return name, Place(reader.cell(table, number, "own"), None)
    rule = told("no_base", reader.tongue, item=NAMED["extends"][reader.tongue])
    raise ScenarioError([Problem(rule, file)])


# --- the cells -----------------------------------------------------------------------------------


@dataclass
class Reading:
    """A workbook as it is read: the tree so far, mistakes, and remarks."""

    file: str
    tongue: Tongue
    tree: Tree = field(default_factory=lambda: Tree({}))
    remarks: list[str] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    """Sheet → number of cells, or rows of one's own, that were taken from it."""
    rows: dict[KeyPath, int] = field(default_factory=dict)
    """Path of a new matter → its row."""
    totals: dict[KeyPath, tuple[float, str, str]] = field(default_factory=dict)
    """Path of a yearly volume → sum of the cases by month, its stream, and the place of a cell."""

    def cell(self, table: Table, row: int, column: str) -> str:
        """Return the place of a cell, as messages have it."""
        at = table.columns.get(column)
        if at is None:
            return told("sheet", self.tongue, file=self.file, sheet=table.sheet.name)
        cell = f"{letters(at)}{row}"
        return told("place", self.tongue, file=self.file, sheet=table.sheet.name, cell=cell)

    def refuse(self, table: Table, row: int, column: str, rule: str, text: str = "") -> None:
        """Note a mistake in a cell."""
        heading = table.headings.get(table.columns.get(column, 0), "")
        place = self.cell(table, row, column)
        self.tree.problems.append(
            Problem(rule, place, None, heading, shorten(text) if text else "")
        )

    def say(self, key: str, /, **values: object) -> str:
        """Return a message in the language of the workbook."""
        return told(key, self.tongue, **values)

    def remark(self, key: str, /, **values: object) -> None:
        """Note what is allowed, but should be known."""
        self.remarks.append(self.say(key, **values))

    def put(self, path: KeyPath, value: Any, place: str, heading: str = "") -> None:
        """Set a value of the scenario; `heading`: of the column of its cell."""
        around = self.tree.value
        for key in path[:-1]:
            around = around.setdefault(key, {})
        around[path[-1]] = value
        self.tree.places[path] = Place(place, None, heading)

    def name(self, column: str) -> str:
        """Return the heading of a column as a workbook of this language has it."""
        start, colon, of = column.partition(":")
        if colon:
            return BASE[self.tongue].format(HEADINGS[of][self.tongue])
        return HEADINGS[start][self.tongue]


def letters(column: int) -> str:
    """Return the letters of a column: 1 is A, 27 is AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def laid_over(sheets: list[Sheet], form: Form, file: str) -> Tree:
    """Return what a workbook changes of the base that its form is made of."""
    tables, others = tables_of(sheets)
    reading = Reading(file, tongue_of(tables))
    reading.tree.places[()] = Place(file, None)
    for table in tables:
        _told_of_columns(reading, table)
        _damaged_cells(reading, table)
        if table.part == "leave":
            _leave(reading, table, form)
        else:
            _Sheet(reading, table, form).read()
    _volumes_from_months(reading)
    for sheet in others:
        reading.remark("extra_sheet", sheet=sheet.name)
    missing = {*COLUMNS} - {table.part for table in tables}
    for part in COLUMNS:
        if part in missing and form.parts[part].rows:
            reading.remark("no_sheet", name=SHEETS[part][reading.tongue])
    mark = "、" if reading.tongue else ", "
    parts = mark.join(
        f"{SHEETS[part][reading.tongue]} {reading.taken[part]}"
        for part in SHEETS
        if reading.taken[part]
    )
    first = reading.say("taken", parts=parts) if parts else reading.say("nothing_taken")
    reading.tree.remarks = [printable(remark) for remark in (first, *reading.remarks)]
    return reading.tree


def _volumes_from_months(reading: Reading) -> None:
    """Let the cases of twelve months be the cases of a year, unless a year is given."""
    for path, (total, stream, place) in reading.totals.items():
        volume = reading.tree.get(path)
        if volume is None:
            reading.put(path, int(total) if total.is_integer() else total, place)
            source = reading.tree.annotations.get((*path[:-1], "months"))
            if source is not None:
                reading.tree.annotations[path] = source
        elif volume != total:
            told_of = {"volume": f"{volume:g}", "total": f"{total:g}"}
            reading.remark("other_total", case_type=stream, **told_of)


def _told_of_columns(reading: Reading, table: Table) -> None:
    """Note columns that are not known, twice there, or missing."""
    names = {plain(name) for name in SHEETS[table.part]}
    if plain(table.sheet.name) not in names:
        name = SHEETS[table.part][reading.tongue]
        reading.remark("renamed", sheet=table.sheet.name, name=name)
    known = known_headings(table.part)
    for at, heading in table.headings.items():
        column = known.get(plain(heading))
        if column is None:
            reading.remark("extra_column", sheet=table.sheet.name, column=heading)
        elif table.columns[column] != at:
            place = reading.say(
                "place",
                file=reading.file,
                sheet=table.sheet.name,
                cell=f"{letters(at)}{table.head}",
            )
            reading.tree.problems.append(
                Problem(reading.say("same_heading"), place, None, "", shorten(heading))
            )
    if max(table.sheet.rows, default=0) > table.head + MOST_ROWS:
        reading.remark("too_long", sheet=table.sheet.name, most=f"{MOST_ROWS:,}")
    inputs = LEAVE if table.part == "leave" else COLUMNS[table.part][1]
    for column in inputs:
        if column not in table.columns:
            told_of = {"sheet": table.sheet.name, "column": reading.name(column)}
            reading.remark("lost_column", **told_of)


def _damaged_cells(reading: Reading, table: Table) -> None:
    """Refuse formulas without a value, and merged cells, where something is read."""
    by_number = {at: column for column, at in table.columns.items()}
    for row, at in sorted(table.sheet.uncounted):
        if at in by_number and row > table.head:
            reading.refuse(table, row, by_number[at], reading.say("uncounted"))
    for top, left, bottom, right in table.sheet.merged:
        within = [column for at, column in by_number.items() if left <= at <= right]
        if within and bottom > table.head and (top, left) != (bottom, right):
            cells = f"{letters(left)}{top}:{letters(right)}{bottom}"
            reading.refuse(table, top, within[0], reading.say("merged", cells=cells))


class _Sheet:
    """One sheet under way."""

    def __init__(self, reading: Reading, table: Table, form: Form) -> None:
        self.reading, self.table, self.form = reading, table, form
        self.part: Part = form.parts[table.part]
        self.rows = {plain(row.code): row for row in self.part.rows}
        self.seen: dict[str, int] = {}
        self.lists: dict[KeyPath, list[Any]] = {}
        self.by_month: dict[KeyPath, dict[int, tuple[float, int]]] = {}
        """Path of the weights of months → month from 0 → its cases, and the row."""

    def read(self) -> None:
        """Note what the sheet changes, and what is wrong in it."""
        for number, cells in self.table.rows():
            row = self._meant(cells)
            if row is not None:
                if row.code in self.seen:
                    self._refuse(number, "code", "twice", row=self.seen[row.code])
                self.seen[row.code] = number
                self._row(number, row, cells)
            elif self.part.name == "matters" and cells.get("matter"):
                _NewMatter(self.reading, self.table, self.form, number, cells).add()
            elif any(cells.get(column) for column in (*self.part.inputs, "code")):
                self._unknown(number, cells)
        if self.part.name == "shares":
            self._add_up()
        for path, known in self.by_month.items():
            self._months(path, known)
        if self.part.name == "general":
            self._in_order()
        lost = [row for row in self.part.rows if row.code not in self.seen]
        if lost:
            self._lost(lost)

    def _refuse(self, row: int, column: str, key: str, text: str = "", /, **values: object) -> None:
        self.reading.refuse(self.table, row, column, self.reading.say(key, **values), text)

    def _meant(self, cells: Mapping[str, str]) -> Row | None:
        """Return the row of a code; without one, the row that says the same."""
        if cells.get("code"):
            return self.rows.get(plain(cells["code"]))
        said = {column: plain(cells[column]) for column in self.part.fixed if cells.get(column)}
        if self.part.name == "matters":  # these two decide; the others follow from them
            said = {c: text for c, text in said.items() if c in {"matter", "case_type"}}
            said = said if "matter" in said else {}
        alike = [row for row in self.part.rows if said and _says(row, said)]
        return alike[0] if len(alike) == 1 else None

    def _unknown(self, number: int, cells: Mapping[str, str]) -> None:
        column = "code" if cells.get("code") else self.part.label or self.part.fixed[0]
        text = cells.get(column, "")
        names = [row.code for row in self.part.rows]
        if column != "code":
            names = [row.fixed[column][self.reading.tongue] for row in self.part.rows]
        hint = hint_of(text, names, self.reading.tongue)
        self._refuse(number, column, "unknown_row", text, hint=hint)

    def _lost(self, rows: list[Row]) -> None:
        tongue = self.reading.tongue
        names = [self._called(row) for row in rows[:8]]
        said = ("、" if tongue else ", ").join(names) + ("…" if len(rows) > len(names) else "")
        sheet = self.table.sheet.name
        text = self.reading.say("lost_rows", sheet=sheet, rows=said)
        if self.part.name == "matters":
            column = HEADINGS["handled"][tongue]
            text += self.reading.say("lost_matters", column=column)
        self.reading.remarks.append(text)

    def _called(self, row: Row) -> str:
        column = self.part.label or self.part.fixed[-1]
        return row.fixed[column][self.reading.tongue] or row.code

    def _row(self, number: int, row: Row, cells: Mapping[str, str]) -> None:
        changed: list[KeyPath] = []
        unit = _unit_of(cells)
        for column in self.part.inputs:
            text = cells.get(column, "")
            asked = row.inputs.get(column)
            if asked is not None and asked.kind == "duration" and unit and text:
                asked = replace(asked, unit=unit)
            if asked is None:
                if text:
                    self._refuse(number, column, "not_here", text)
                continue
            self._base_as_it_was(number, column, asked, cells)
            if text and row.code != "extends":
                changed += self._value(number, column, asked, text)
        self._fixed_texts(number, row, cells)
        if self.part.name == "limits" and row.inputs["limit"].path in changed:
            self._stale_name(row, cells)
        said = cells.get("own_source", "")
        if said and changed:
            self._source(number, said, changed)

    def _value(self, number: int, column: str, asked: Input, text: str) -> list[KeyPath]:
        """Set the value of one cell; return its path, if it can have a source."""
        try:
            value = value_of(text, asked, self.reading.tongue)
        except CellError as error:
            self.reading.refuse(self.table, number, column, str(error), text)
            return []
        place = self.reading.cell(self.table, number, column)
        if asked.path != ("name",):
            self.reading.taken[self.part.name] += 1
        heading = self.table.headings.get(self.table.columns.get(column, 0), "")
        if column == "handled":
            if not value:
                self.reading.put(asked.path, None, place)
            return []
        if column == "in_month":
            *around, month = asked.path
            self.by_month.setdefault(tuple(around), {})[int(month)] = (value, number)
            return [tuple(around)]
        if asked.among:
            *around, index = asked.path
            path = tuple(around)
            whole = self.lists.setdefault(path, list(asked.among))
            whole[int(index)] = value
            self.reading.put(path, whole, place, heading)
            self.reading.tree.places[asked.path] = Place(place, None, heading)
            return [path]
        self.reading.put(asked.path, value, place, heading)
        return [] if asked.kind in {"switch", "choice", "text", "date"} else [asked.path]

    def _source(self, number: int, said: str, changed: list[KeyPath]) -> None:
        try:
            source = source_of(said, self.reading.tongue)
        except CellError as error:
            self.reading.refuse(self.table, number, "own_source", str(error), said)
            return
        for path in changed:
            self.reading.tree.annotations[path] = Annotation(source)

    def _base_as_it_was(
        self, number: int, column: str, asked: Input, cells: Mapping[str, str]
    ) -> None:
        """Refuse a value in the column of base values, where it would not be read."""
        text, tongue = cells.get(f"base:{column}", ""), self.reading.tongue
        if not text or asked.kind == "text" or cells.get(column):
            return
        try:
            same = value_of(text, asked, tongue) == self._base_value(asked)
        except CellError:
            same = text in {"–", "-", "—"}
        if not same:
            base = shown(asked, tongue)
            told_of = {"base": base or "–", "column": self.reading.name(column)}
            self._refuse(number, f"base:{column}", "base_changed", text, **told_of)

    def _base_value(self, asked: Input) -> Any:
        if asked.base is None:
            return None
        return value_of(shown(asked, self.reading.tongue), asked, self.reading.tongue)

    def _fixed_texts(self, number: int, row: Row, cells: Mapping[str, str]) -> None:
        """Take another label; refuse other changes of what a row is about."""
        for column in self.part.fixed:
            text = cells.get(column, "")
            known = row.fixed.get(column, ("", ""))
            if not text or plain(text) in {plain(name) for name in known}:
                continue
            if column != self.part.label and text in row.code.split("/"):
                continue  # a workbook that was made before this name had a label
            if column == "unit" and _unit_of(cells) and self._counts_in_unit(row, cells):
                continue
            if column == self.part.label and row.label is not None:
                self._label(number, column, row.label, text)
            elif column not in {"used_by", "measure", "requires", "pool"}:
                name = known[self.reading.tongue]
                self._refuse(number, column, "name_changed", text, name=name, hint="")

    def _counts_in_unit(self, row: Row, cells: Mapping[str, str]) -> bool:
        """Whether a row has a time that takes another unit."""
        return any(of.kind == "duration" and cells.get(at) for at, of in row.inputs.items())

    def _stale_name(self, row: Row, cells: Mapping[str, str]) -> None:
        """Note a promise that is still called after the days that it had."""
        name = cells.get("limit_name") or self._called(row)
        days = str(row.inputs["limit"].base).partition(" ")[0]
        new = self.reading.tree.get(row.inputs["limit"].path).partition(" ")[0]
        if days != new and days in re.findall(r"\d+", name):
            self.reading.remark("stale_name", limit=name)

    def _months(self, path: KeyPath, known: Mapping[int, tuple[float, int]]) -> None:
        """Turn the cases of twelve months into weights for each working day, and a volume."""
        rows = [row for row in self.part.rows if row.inputs["weight"].path[:-1] == path]
        first = next(iter(known.values()))[1]
        if len(known) < len(rows) or not sum(cases for cases, _ in known.values()):
            empty = next((row for month, row in enumerate(rows) if month not in known), rows[0])
            self._refuse(self.seen.get(empty.code, first), "in_month", "all_months")
        elif path in self.lists:
            self._refuse(first, "in_month", "months_or_weights")
        else:
            own = self.reading.tree.get(("period", "window", "from"))
            year = own.year if isinstance(own, dt.date) else self.form.year
            country = self.form.country
            days = working_days_by_month(country, year) or working_days_by_month(
                country, self.form.year
            )
            cases = [known[month][0] for month in range(len(rows))]
            total = float(sum(cases))
            mean = total / sum(days)
            weights = [
                float(f"{c / max(d, 1) / mean:.10g}") for c, d in zip(cases, days, strict=True)
            ]
            place = self.reading.cell(self.table, first, "in_month")
            self.reading.put(path, weights, place)
            stream = self._called_stream(rows[0])
            self.reading.totals[(*path[:-1], "volume")] = (total, stream, place)

    def _called_stream(self, row: Row) -> str:
        names = (row.fixed[column][self.reading.tongue] for column in ("case_type", "stream"))
        return " ".join(filter(None, names))

    def _add_up(self) -> None:
        """Refuse shares of an attribute that do not add up to 1 with those of the base."""
        totals: dict[KeyPath, float] = {}
        rows: dict[KeyPath, Row] = {}
        for row in self.part.rows:
            asked = row.inputs["proportion"]
            whole = asked.path[:-1]
            own = self.reading.tree.get(asked.path)
            share = asked.base if own is None else own
            known = (
                share if isinstance(share, int | float) else 0.0
            )  # told with the base's mistakes
            totals[whole] = totals.get(whole, 0.0) + known
            if own is not None:
                rows[whole] = row
        for whole, row in rows.items():
            if abs(totals[whole] - 1) > SHARES_TOLERANCE:
                attribute = row.fixed["attribute"][self.reading.tongue]
                told_of = {"attribute": attribute, "total": f"{100 * totals[whole]:.6g}%"}
                self._refuse(self.seen[row.code], "proportion", "not_one", **told_of)
                self.reading.tree.value["case_types"][whole[1]].pop("attributes")

    def _in_order(self) -> None:
        """Refuse dates of the period that do not follow each other."""
        rows = [row for row in self.part.rows if row.inputs["own"].kind == "date"]
        known = [(row, row.inputs["own"].path, row.inputs["own"].base) for row in rows]
        for (before, path, base), (after, next_path, next_base) in pairwise(known):
            own, next_own = self.reading.tree.get(path), self.reading.tree.get(next_path)
            first, then = own or base, next_own or next_base
            stated = own is not None or next_own is not None
            if stated and isinstance(first, dt.date) and isinstance(then, dt.date) and then < first:
                at = after if next_own is not None else before
                other = before.fixed["item"][self.reading.tongue]
                told_of = {"other": other, "date": first}
                self._refuse(self.seen[at.code], "own", "dates_order", **told_of)
                self.reading.tree.value.pop("period")
                return

    def _label(self, number: int, column: str, path: KeyPath, text: str) -> None:
        language = ("en", "zh")[self.reading.tongue]
        try:
            label = label_of(text, self.reading.tongue)
        except CellError as error:
            self.reading.refuse(self.table, number, column, str(error), text)
            return
        self.reading.taken[self.part.name] += 1
        self.reading.put((*path, language), label, self.reading.cell(self.table, number, column))


def _unit_of(cells: Mapping[str, str]) -> str:
    """Return the unit that a row names; "" if it names none that is known."""
    written = plain(cells.get("unit", ""))
    units = (unit for unit in SECONDS if written in {unit, *map(plain, NAMED[unit])})
    return next(units, "")


def _says(row: Row, said: Mapping[str, str]) -> bool:
    """Whether a row says all this, in either language."""
    return all(text in map(plain, row.fixed.get(column, ("",))) for column, text in said.items())


def shown(asked: Input, tongue: Tongue) -> str:
    """Return the base value of an input as text."""
    if asked.base is None:
        return ""
    if asked.kind == "switch":
        return NAMED["yes" if asked.base else "no"][tongue]
    if asked.kind == "choice":
        return asked.options.get(asked.base, (str(asked.base),) * 2)[tongue]
    return str(asked.base)


# --- rows of one's own ---------------------------------------------------------------------------


class _NewMatter:
    """A matter that the base does not have."""

    def __init__(
        self, reading: Reading, table: Table, form: Form, number: int, cells: Mapping[str, str]
    ) -> None:
        self.reading, self.table, self.form = reading, table, form
        self.number, self.cells = number, cells
        self.complete = True

    def add(self) -> None:
        """Set the matter, or refuse what is missing."""
        tongue = self.reading.tongue
        types = {
            name: self.form.names["case_types"][name]
            for name, of in self.form.matters.items()
            if of
        }
        case_type = self._one("case_type", types)
        stages = self.form.stages.get(case_type or "", {})
        values = {
            "stage": self._one("stage", stages) if case_type else None,
            "department": self._one("department", self.form.names["departments"]),
        }
        pool = self._one("pool", self.form.names["pools"])
        hours = Input((), "duration", None, unit="h")
        work = self._cell(NEW_MATTER, lambda text: value_of(text, hours, tongue), needed=True)
        required = self._cell("requires", lambda text: self._required(case_type, text))
        days = Input((), "duration", None, unit="wd")
        promised = self._cell("promised", lambda text: value_of(text, days, tongue))
        share = Input((), "percent")
        correction = self._cell("correction", lambda text: value_of(text, share, tongue))
        label = self._cell("matter", lambda text: label_of(text, tongue))
        if not self.complete or case_type is None or label is None:
            return
        task = {"pool": pool, "work": {"lognormal": {"mean": work, "cv": CV_OF_NEW_WORK}}}
        matter = {"label": label, **values, "decision": task}
        matter |= {"requires": required} if required else {}
        matter |= {"promised": promised} if promised else {}
        matter |= {"correction": {"probability": correction}} if correction is not None else {}
        path = ("case_types", case_type, "matters", self._code(label))
        if path in self.reading.rows:
            rule = self.reading.say("twice", row=self.reading.rows[path])
            self.reading.refuse(self.table, self.number, "matter", rule, label)
            return
        self.reading.rows[path] = self.number
        self.reading.taken["matters"] += 1
        self._put(path, matter)
        lists = [named[tongue] for of, named in self.form.counting.values() if of == case_type]
        if lists:
            limits = ("”、“" if tongue else "', '").join(lists)
            self.reading.remark("uncounted_matter", matter=label, limits=limits)

    def _put(self, path: KeyPath, matter: Mapping[str, Any]) -> None:
        for key, value in matter.items():
            column = {"label": "matter", "decision": NEW_MATTER}.get(key, key)
            place = self.reading.cell(self.table, self.number, column)
            self.reading.put((*path, key), value, place)
        cv = (*path, "decision", "work", "lognormal", "cv")
        self.reading.tree.annotations[cv] = Annotation(CV_SOURCE)
        said = self._cell("own_source", lambda text: source_of(text, self.reading.tongue))
        if said:
            self.reading.tree.annotations[(*cv[:-1], "mean")] = Annotation(said)

    def _one(self, column: str, labels: Mapping[str, Pair]) -> str | None:
        """Return the code that a cell names; of one option only, that one."""
        if not self.cells.get(column) and len(labels) == 1:
            return next(iter(labels))
        found = self._cell(
            column, lambda text: chosen(text, labels, self.reading.tongue), needed=True
        )
        return None if found is None else str(found)

    def _cell(self, column: str, read: Callable[[str], Any], *, needed: bool = False) -> Any:
        text = self.cells.get(column, "")
        try:
            if text:
                return read(text)
        except CellError as error:
            self.reading.refuse(self.table, self.number, column, str(error), text)
            self.complete = False
            return None
        if needed:
            name = HEADINGS[column][self.reading.tongue]
            rule = self.reading.say("needs", column=name)
            self.reading.refuse(self.table, self.number, column, rule)
            self.complete = False
        return None

    def _required(self, case_type: str | None, text: str) -> list[str]:
        known = self.form.matters.get(case_type or "", {})
        names = re.split("[,;、\uff0c\uff1b]", text)
        return [chosen(name.strip(), known, self.reading.tongue) for name in names if name.strip()]

    def _code(self, label: str) -> str:
        """Return a name for the matter: its code, else its label without signs of paths."""
        written = self.cells.get("code", "").rpartition("/")[2] or label
        return "".join("_" if sign in " ./[]{}#,:=" else sign for sign in written)[:64]


def _leave(reading: Reading, table: Table, form: Form) -> None:
    """Read the whole leave of each group; where it is that of the base, nothing changes."""
    groups = {name: form.names["staff"][name] for name in form.leave}
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in groups}
    places: dict[str, str] = {}
    kinds = {"group": "choice", "away": "count", "from": "date", "to": "date"}
    mistakes = len(reading.tree.problems)
    for number, cells in table.rows():
        read: dict[str, Any] = {}
        for column in LEAVE:
            asked = Input((), kinds[column], options=groups if column == "group" else {})
            try:
                read[column] = value_of(cells.get(column, ""), asked, reading.tongue)
            except CellError as error:
                reading.refuse(table, number, column, str(error), cells.get(column, ""))
        if len(read) == len(LEAVE):
            dates = {"from": read["from"], "to": read["to"]}
            found[read["group"]].append({"dates": dates, "officers": read["away"]})
            places[read["group"]] = reading.cell(table, number, "group")
    if len(reading.tree.problems) > mistakes:
        return
    for name, leave in found.items():
        before = [(*dates_of(of), of.get("officers")) for of in form.leave[name]]
        if [(*dates_of(of), of["officers"]) for of in leave] != before:
            place = places.get(name) or reading.cell(table, 0, "")
            reading.taken["leave"] += max(len(leave), 1)
            reading.put(("staff", name, "leave"), leave, place)
