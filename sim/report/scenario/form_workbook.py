"""A workbook for a city, to be filled in: written from the form of its base.

Yellow cells are filled in; beside each stands the value of the base, and at the end of the row the
source of it. The first sheet says what to do. What is left empty keeps the base's value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from sim.report.language import Language, typeset
from sim.scenario.files.form import LEAVE, NEW_MATTER, Form, Input, Part, Row, dates_of
from sim.scenario.files.form_reading import letters, shown
from sim.scenario.files.form_words import BASE, HEADINGS, SHEETS, SOURCES, Pair, Tongue, told
from sim.scenario.schema.quantities import Duration
from sim.storage.versions import PROGRAM, version
from sim.translation import speaking, tr

Style = Literal["head", "fixed", "input", "base", "note", "title"]
NEW_ROWS: Final = 10
"""Empty rows for new matters; more may follow."""
LEAVE_ROWS: Final = 40
WIDEST: Final = 44
"""Widest column, in characters."""
ABOUT: Final[Pair] = (
    """\
Your city
Fill in yellow cells only. A cell left empty keeps the value of the base, {base}, beside it.
Begin with the sheets Volumes, Staff and Matters; the others can wait.
Save the workbook and close it. Then run, in the folder where it lies:
    sim check {file}
    sim run {file} --report {stem}.html
The first tells what is wrong, with sheet and cell. The second writes the report, {stem}.html.
Write shares as 30%. A time without a unit counts in the unit of its row.
You may also write '30 min', '4 h', '5 wd' (working days) or '7 cd' (calendar days).
A matter that your city does not handle: write 'no' in the column '{handled}'.
A new matter: fill in an empty row at the end of the sheet Matters.
Names of matters, groups and promises may be changed.
Leave: one row for each leave of some officers. Rows that are there hold the base's leave.
Open cases (a backlog) have no sheet; those of the base hold. To begin with those of your records,
write a scenario file with the lines 'extends: {file}' and 'backlog: {{records: FOLDER}}'.
Formulas are not computed; the values stored with them are read.
'{own_source}' begins with one of {kinds}: 'measured: our system, 2024'.""",
    """\
本市情况表
只填黄色格。留空的格沿用旁边的基准值(取自 {base})。
先填“业务量”“人员”“事项”三张表,其余可以不填。
填好后保存并关闭,在表格所在的文件夹里依次运行:
    sim check {file}
    sim run {file} --lang zh --report {stem}.html
第一条命令检查错误,指出哪张表、哪一格;第二条命令仿真,并写出报告 {stem}.html,用浏览器打开。
百分数请写成 30%。用时和时限只写数字时按本行的“单位”计,也可以写“30分钟”“5个工作日”“7个自然日”。
本市不办理的事项,在“{handled}”一栏填“否”。
新增事项,在“事项”表末尾的空行填写。
事项、岗位和承诺的名称可以改。
“休假”表每行写一次休假;已有的行是基准情景的休假。
在办件(存量)没有对应的表,沿用基准情景的存量。要从本市记录中的在办件开始,请另写一个情景文件,
内容为 extends: {file} 和 backlog: {{records: 文件夹}} 两行。
公式不会计算,只读取保存时的结果。
“{own_source}”开头写明类别:{kinds},例如“实测:本市系统2024年”。""",
)
PURPOSES: Final[Mapping[str, Pair]] = {
    "general": ("name, base and dates", "名称、基准情景与日期"),
    "volumes": ("how many cases come in a year", "一年有多少件"),
    "months": (
        "in which months: the cases of all twelve, or weights for each working day",
        "各月多少:填 12 个月的件数,或每个工作日的相对权重,两栏只填一栏",
    ),
    "shares": ("what the cases are made of, such as zones", "办件的构成,例如各开发区占比"),
    "matters": (
        "which matters, what is promised, how many papers are sent back",
        "办哪些事项、承诺几天、补正率多少",
    ),
    "times": (
        "how long an officer works on each step, and how long others take",
        "每个环节经办人员要用多少时间,申请人补正要多久",
    ),
    "staff": ("how many officers, for which part of their time", "多少人、多少时间用于本项业务"),
    "hours": ("when they are on duty", "什么时间上班"),
    "leave": ("who is away, and when", "谁在什么时候休假"),
    "limits": ("what is promised, for which share of the cases", "承诺多少天,按期率目标多少"),
    "levers": ("which reforms are in force", "哪些改革举措已启用"),
}


@dataclass(frozen=True)
class Cell:
    """A cell to be written."""

    value: Any = None
    style: Style = "fixed"
    shown: str = ""
    """Number format."""


@dataclass
class Grid:
    """One sheet to be written: rows of cells from row 1, and what cells may hold."""

    name: str
    rows: list[list[Cell]]
    fixed: int = 0
    """Columns at the left that stay in sight."""
    allowed: list[tuple[int, int, dict[str, Any]]] = field(default_factory=list)
    """Row and column from 0, and the rule that Excel checks."""
    filtered: bool = True


def write_form(form: Form, file: Path, name: str, base: str, language: Language) -> None:
    """Write the workbook of a form to a file that is named `name` for its reader."""
    import xlsxwriter

    # No text is a formula or a link, whatever it begins with.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(str(file), options) as book:
        book.set_properties(
            {"author": PROGRAM, "created": dt.datetime(2020, 1, 1), "comments": version()}
        )
        formats = _Formats(book)
        for grid in grids_of(form, name, base, 1 if language == "zh" else 0):
            _write(book, grid, formats)


def grids_of(form: Form, name: str, base: str, tongue: Tongue) -> list[Grid]:
    """Return the sheets of a form; `name` is the file's, `tongue` 0 for English, 1 for Chinese."""
    lists = _lists(form, tongue)
    grids = [_about(name, base, tongue)]
    stem = Path(name).stem
    for part_name in SHEETS:
        if part_name == "leave" and form.leave:
            grids.append(_leave(form, tongue))
        elif part_name in form.parts and form.parts[part_name].rows:
            part = form.parts[part_name]
            grid = _grid(part, tongue)
            if part_name == "matters":
                _add_new_rows(grid, part, tongue, lists)
            if part_name == "general":
                _fill_in(grid, part, {"extends": base, "name": stem})
            grids.append(grid)
    rows = [[Cell(column[0], "head") for column in lists.values()]]
    longest = max(map(len, lists.values()))
    for at in range(1, longest):
        rows.append([Cell(c[at]) if at < len(c) else Cell() for c in lists.values()])
    return [*grids, Grid(SHEETS["lists"][tongue], rows, filtered=False)]


def _about(name: str, base: str, tongue: Tongue) -> Grid:
    language: Language = "zh" if tongue else "en"
    kinds = ("、" if tongue else ", ").join(pair[tongue] for pair in SOURCES.values())
    text = ABOUT[tongue].format(
        base=base, file=_quoted(name), stem=Path(name).stem, kinds=kinds,
        handled=HEADINGS["handled"][tongue], own_source=HEADINGS["own_source"][tongue],
    )  # fmt: skip
    lines = text.splitlines()
    rows = [[Cell(lines[0], "title")]]
    rows += [
        [Cell(line.strip() if line.startswith(" ") else typeset(line, language), "note")]
        for line in lines[1:]
    ]
    rows.append([])
    for part, purpose in PURPOSES.items():
        mark = "\uff1a" if tongue else ": "
        rows.append([Cell(f"{SHEETS[part][tongue]}{mark}{purpose[tongue]}", "note")])
    return Grid(SHEETS["about"][tongue], rows, filtered=False)


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _lists(form: Form, tongue: Tongue) -> dict[str, list[str]]:
    """Return the names that cells may hold, under the heading of their column."""
    stages = dict.fromkeys(pair[tongue] for of in form.stages.values() for pair in of.values())
    known = {
        "case_type": [form.names["case_types"][n][tongue] for n, of in form.matters.items() if of],
        "stage": list(stages),
        "department": [pair[tongue] for pair in form.names["departments"].values()],
        "pool": [pair[tongue] for pair in form.names["pools"].values()],
        "group": [pair[tongue] for pair in form.names["staff"].values()],
    }
    return {column: [HEADINGS[column][tongue], *names] for column, names in known.items()}


def _columns(part: Part) -> list[str]:
    """Return the columns of a sheet in order; columns that say nothing are left out."""
    fixed = [c for c in part.fixed if any(any(row.fixed.get(c, ())) for row in part.rows)]
    inputs = [c for c in part.inputs if any(c in row.inputs for row in part.rows)]
    paired = [name for column in inputs for name in (column, f"base:{column}")]
    new = [NEW_MATTER] if part.name == "matters" else []
    return [*fixed, *paired, *new, "own_source", "source", "code"]


def _grid(part: Part, tongue: Tongue) -> Grid:
    columns = _columns(part)
    grid = Grid(SHEETS[part.name][tongue], [[Cell(_heading(c, tongue), "head") for c in columns]])
    grid.fixed = sum(column in part.fixed for column in columns)
    for row in part.rows:
        grid.rows.append([_cell(row, column, tongue) for column in columns])
        at = len(grid.rows) - 1
        for number, column in enumerate(columns):
            if column in row.inputs:
                rule = _rule(row.inputs[column], tongue)
                if rule:
                    grid.allowed.append((at, number, rule))
    return grid


def _heading(column: str, tongue: Tongue) -> str:
    start, colon, of = column.partition(":")
    return BASE[tongue].format(HEADINGS[of][tongue]) if colon else HEADINGS[start][tongue]


def _cell(row: Row, column: str, tongue: Tongue) -> Cell:
    start, colon, of = column.partition(":")
    if colon:
        asked = row.inputs.get(of)
        return Cell(style="base") if asked is None else _base(asked, tongue)
    if column in row.inputs:
        return Cell(None, "input", _shown(row.inputs[column]))
    if column == "code":
        return Cell(row.code, "base")
    if column == "own_source":
        return Cell(None, "input")
    if column == "source":
        return Cell(_sources(row, tongue), "base")
    text = row.fixed.get(start, ("", ""))[tongue]
    return Cell(text or None, "fixed")


def _shown(asked: Input) -> str:
    return {"percent": "0.0%", "date": "yyyy-mm-dd", "hours": "@", "text": "@"}.get(asked.kind, "")


def _base(asked: Input, tongue: Tongue) -> Cell:
    """Return the base's value as Excel holds it: a number, a date, or a text."""
    value = asked.base
    if asked.kind in {"duration", "scale"} and value is not None:
        value = Duration.parse(value).value
    elif asked.kind in {"switch", "choice"}:
        value = shown(asked, tongue) or None
    return Cell(value, "base", _shown(asked))


def _sources(row: Row, tongue: Tongue) -> str | None:
    """Return the sources of the base's values of a row: the column that each is for, if several."""
    by_source: dict[str, list[str]] = {}
    for column, asked in row.inputs.items():
        if asked.source and asked.base is not None:
            with speaking("zh" if tongue else "en"):
                by_source.setdefault(tr(asked.source), []).append(HEADINGS[column][tongue])
    if len(by_source) < 2:
        return next(iter(by_source), None)
    mark = "\uff1a" if tongue else ": "
    return "; ".join(f"{' / '.join(names)}{mark}{source}" for source, names in by_source.items())


def _rule(asked: Input, tongue: Tongue) -> dict[str, Any] | None:
    """Return what Excel lets into a cell, and what it says otherwise."""
    words = {
        "count": told("whole", tongue, share=HEADINGS["share"][tongue]),
        "amount": told("not_a_number", tongue, like="200"),
        "percent": told("percent", tongue, like="30%"),
        "date": told("not_a_date", tongue),
    }
    rules: dict[str, dict[str, Any]] = {
        "count": {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 10_000},
        "amount": {"validate": "decimal", "criteria": ">=", "value": 0},
        "percent": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1},
        "date": {"validate": "date", "criteria": ">=", "value": dt.date(1990, 1, 1)},
    }
    if asked.kind in rules:
        return {**rules[asked.kind], "error_message": words[asked.kind][:250]}
    if asked.kind == "switch":
        return {"validate": "list", "source": ["是", "否"] if tongue else ["yes", "no"]}
    names = [pair[tongue] for pair in asked.options.values()]
    if names and len(",".join(names)) <= 255:  # Excel's limit
        return {"validate": "list", "source": names}
    return None


def _add_new_rows(
    grid: Grid, part: Part, tongue: Tongue, lists: Mapping[str, Sequence[str]]
) -> None:
    """Add empty rows for new matters, with the names that cells may hold."""
    columns = _columns(part)
    filled = {*part.fixed, *part.inputs, NEW_MATTER, "own_source"} - {
        "unit", "handled", "review_correction",
    }  # fmt: skip
    for _ in range(NEW_ROWS):
        row = [Cell(None, "input" if column in filled else "base") for column in columns]
        for at, column in enumerate(columns):
            if column == "correction":
                row[at] = Cell(None, "input", "0.0%")
            if column in lists and column != "group":
                rule = {"validate": "list", "source": _range(column, lists, tongue)}
                grid.allowed.append((len(grid.rows), at, rule))
        grid.rows.append(row)


def _range(column: str, lists: Mapping[str, Sequence[str]], tongue: Tongue) -> str:
    """Return where the names of a column stand, as a formula."""
    letter = letters(list(lists).index(column) + 1)
    return f"='{SHEETS['lists'][tongue]}'!${letter}$2:${letter}${max(len(lists[column]), 2)}"


def _fill_in(grid: Grid, part: Part, own: Mapping[str, str]) -> None:
    at = _columns(part).index("own")
    for number, row in enumerate(part.rows, 1):
        if row.code in own:
            grid.rows[number][at] = Cell(own[row.code], "input", "@")


def _leave(form: Form, tongue: Tongue) -> Grid:
    grid = Grid(
        SHEETS["leave"][tongue], [[Cell(HEADINGS[c][tongue], "head") for c in LEAVE]], fixed=1
    )
    for label, dates, officers in _leaves(form):
        grid.rows.append(
            [
                Cell(label[tongue], "input"),
                Cell(officers, "input"),
                *(Cell(day, "input", "yyyy-mm-dd") for day in dates),
            ]
        )
    lists = _lists(form, tongue)
    empty = [Cell(None, "input"), Cell(None, "input"), *[Cell(None, "input", "yyyy-mm-dd")] * 2]
    while len(grid.rows) <= LEAVE_ROWS:
        grid.rows.append(list(empty))
    for at in range(1, len(grid.rows)):
        grid.allowed.append((at, 0, {"validate": "list", "source": _range("group", lists, tongue)}))
    return grid


def _leaves(form: Form) -> Iterator[tuple[Pair, tuple[Any, Any], Any]]:
    for group, leaves in form.leave.items():
        for leave in leaves:
            yield form.names["staff"][group], dates_of(leave), leave.get("officers")


LOOKS: Final[Mapping[Style, Mapping[str, Any]]] = {
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "fixed": {"valign": "top"},
    "input": {"bg_color": "#FFF6CC", "border": 1, "border_color": "#D9C98A"},
    "base": {"font_color": "#6B6B6B", "valign": "top"},
    "note": {"text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 14},
}


class _Formats:
    """The looks of cells in a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.known: dict[tuple[str, str], Any] = {}

    def of(self, cell: Cell) -> Any:
        key = (cell.style, cell.shown)
        if key not in self.known:
            number = {"num_format": cell.shown} if cell.shown else {}
            self.known[key] = self.book.add_format({**LOOKS[cell.style], **number})
        return self.known[key]


def _write(book: Any, grid: Grid, formats: _Formats) -> None:
    sheet = book.add_worksheet(grid.name)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    widths: dict[int, int] = {}
    for at, row in enumerate(grid.rows):
        for column, cell in enumerate(row):
            form = formats.of(cell)
            if cell.value is None:
                sheet.write_blank(at, column, None, form)
            elif isinstance(cell.value, bool | str):
                sheet.write_string(at, column, str(cell.value), form)
            elif isinstance(cell.value, dt.date):
                sheet.write_datetime(at, column, cell.value, form)
            else:
                sheet.write_number(at, column, cell.value, form)
            needed = _width(cell)
            widths[column] = max(widths.get(column, 6), needed)
    if not grid.filtered and len(grid.rows[0]) == 1:
        sheet.set_column(0, 0, 110)
        return
    for column, width in widths.items():
        sheet.set_column(column, column, min(width + 2, WIDEST))
    sheet.freeze_panes(1, grid.fixed)
    sheet.repeat_rows(0)
    if grid.filtered:
        sheet.autofilter(0, 0, len(grid.rows) - 1, len(grid.rows[0]) - 1)
    for at, column, rule in grid.allowed:
        sheet.data_validation(at, column, at, column, {"ignore_blank": True, **rule})


def _width(cell: Cell) -> int:
    """Return the width of a cell in characters; headings are wrapped."""
    if isinstance(cell.value, dt.date):
        return 10
    text = "" if cell.value is None else str(cell.value)
    width = sum(2 if sign > "\u2e7f" else 1 for sign in text)
    return min(width, 16) if cell.style == "head" else width
