"""A result as an Excel workbook: a sheet that says what it is, and one sheet a table."""

from __future__ import annotations

import datetime as dt
import math
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.atomic_write import write_whole
from sim.report.blocks import Line
from sim.report.columns import heading, labelled, number_format
from sim.report.kinds import kind_of
from sim.report.language import Language, typeset
from sim.report.words import Vocabulary
from sim.storage.versions import PROGRAM, version
from sim.translation import tr

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.finding import Finding

MOST_ROWS: Final = 200_000
"""Rows of the longest table that gets a sheet: a longer one opens slowly, or not at all."""
WIDEST: Final = 40
"""Widest column, in characters."""
NAME_CHARACTERS: Final = 31
"""Longest name of a sheet, by Excel's rules."""
WORDS: Final = {
    "about": ("About", "说明"),
    "made_by": ("Made by", "生成程序"),
    "scenario": ("Scenario", "情景"),
    "fingerprint": ("SHA-256 of the scenario", "情景的 SHA-256"),
    "seed": ("Seed", "种子"),
    "replications": ("Replications", "重复次数"),
    "command": ("Command", "命令"),
    "left_out": ("Left out", "未列出"),
    "left_out_of": (
        "{name}: {rows} rows, too long for a sheet; write a folder with --out DIR --format csv",
        "{name}:{rows} 行,过长,未列入;请用 --out 文件夹 --format csv 另存",
    ),
    **{
        f"sheet_{name}": (name, chinese)
        for name, chinese in {
            **{"limits": "承诺", "groups": "分组", "own_limits": "各事项与阶段"},
            **{"departments": "部门", "years_kept": "守住的年数", "years": "分年度"},
            **{"resubmissions": "再次提交", "pools": "岗位", "months": "分月"},
            **{"pool_months": "岗位分月", "matters": "时间用在哪里", "cases": "办件"},
            **{"items": "环节", "differences": "差异", "contributions": "各举措贡献"},
            **{"states": "各组合", "curve": "负荷曲线", "breaking": "失守负荷"},
            **{"staff": "人员", "verdicts": "结论", "frontier": "人数与按期率"},
            **{"marginal": "再增一人", "promises": "最短承诺", "joint": "合并承诺"},
            **{"lengths": "各时长", "tornado": "参数影响", "flips": "转折点"},
            **{"screening": "筛选", "sobol": "方差分解", "statistics": "国家统计口径"},
        }.items()
    },
}
say: Final = Vocabulary(WORDS)


def is_workbook(file: Path) -> bool:
    """Tell whether a path names a workbook, not a folder."""
    return file.suffix.lower() == ".xlsx"


def workbook_refusal(file: Path, *, overwrite: bool) -> str | None:
    """Return why a workbook may not be written to a file, or None.

    An existing file is replaced only on request, and only if this program wrote it.
    """
    if file.is_dir():
        return tr(
            "{file} is a folder; name a file in it, such as {example}",
            file=file,
            example=file / "result.xlsx",
        )
    if not file.exists():
        return None
    if not _written_before(file):
        return tr("{file} was not written by this program; give another file", file=file)
    return None if overwrite else tr("{file} exists; give --overwrite to replace it", file=file)


def write_workbook(
    finding: Finding,
    file: Path,
    language: Language,
    *,
    overwrite: bool = False,
    command: str | None = None,
) -> None:
    """Write all tables of a result; raise FileExistsError if `workbook_refusal` has a reason."""
    reason = workbook_refusal(file, overwrite=overwrite)
    if reason is not None:
        raise FileExistsError(reason)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, lambda temporary: _write(finding, temporary, language, command))


def _write(finding: Finding, file: Path, language: Language, command: str | None) -> None:
    import xlsxwriter

    tables = {name: labelled(table, finding, language) for name, table in _short(finding)}
    # No text is a formula or a link, whatever it begins with.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(str(file), options) as book:
        book.set_properties(
            {"author": PROGRAM, "created": dt.datetime(2020, 1, 1), "comments": version()}
        )
        _about(book, finding, language, command)
        for name, table in tables.items():
            _sheet(book, name, table, language)


def _short(finding: Finding) -> Iterator[tuple[str, pd.DataFrame]]:
    yield from ((name, table) for name, table in finding.tables.items() if len(table) <= MOST_ROWS)


def _sheet_name(name: str, language: Language) -> str:
    key = f"sheet_{name}"
    return (say(key, language) if key in WORDS else name)[:NAME_CHARACTERS]


def _about(book: Any, finding: Finding, language: Language, command: str | None) -> None:
    """Write what the result says, and what it was made of."""
    sheet = book.add_worksheet(say("about", language))
    bold = book.add_format({"bold": True, "font_size": 14})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24, wrapped)
    sheet.set_column(1, 1, 100, wrapped)
    report = kind_of(finding).report(finding, language)
    sheet.write_string(0, 0, typeset(report.title, language), bold)
    row = 1
    lines = [block for part in report.parts for block in part.blocks if isinstance(block, Line)]
    for line in (*report.under, *lines):
        sheet.write_string(row, 1, typeset(line.text, language))
        row += 1
    for key, value in _made_of(finding, language, command):
        sheet.write_string(row + 1, 0, say(key, language))
        sheet.write_string(row + 1, 1, value)
        row += 1


def _made_of(
    finding: Finding, language: Language, command: str | None
) -> Iterator[tuple[str, str]]:
    yield "made_by", f"{PROGRAM} {version()}"
    for scenario in finding.scenarios.values():
        yield "scenario", scenario.provenance.origin or "–"
        yield "fingerprint", scenario.sha256()
    yield "seed", str(finding.seed)
    yield "replications", str(finding.replications)
    if command is not None:
        yield "command", command
    for name, table in finding.tables.items():
        if len(table) > MOST_ROWS:
            told = {"name": _sheet_name(name, language), "rows": f"{len(table):,}"}
            yield "left_out", say("left_out_of", language, **told)


def _sheet(book: Any, name: str, table: pd.DataFrame, language: Language) -> None:
    """Write a table: a bold head that stays in sight, a filter, and a format for each column."""
    sheet = book.add_worksheet(_sheet_name(name, language))
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for number, column in enumerate(map(str, table.columns)):
        shown = book.add_format({"num_format": number_format(column, table)})
        title = heading(column, language)
        sheet.write_string(0, number, title, head)
        width = 2 * len(title) if language == "zh" else len(title)
        for row, value in enumerate(table[column].astype(object), start=1):
            width = max(width, _cell(sheet, row, number, value, shown))
        sheet.set_column(number, number, min(width + 2, WIDEST))
    sheet.freeze_panes(1, 1)
    if len(table.columns):
        sheet.autofilter(0, 0, max(len(table), 1), len(table.columns) - 1)


def _cell(sheet: Any, row: int, column: int, value: Any, shown: Any) -> int:
    """Write a value as what it is; an unknown one leaves the cell empty. Return its width."""
    import pandas as pd

    if value is None or value is pd.NaT or value is pd.NA:
        return 0
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
        return 6
    if isinstance(value, dt.date):
        sheet.write_datetime(row, column, value, shown)
        return 16
    if isinstance(value, int | float):
        if math.isfinite(value):
            sheet.write_number(row, column, value, shown)
        elif not math.isnan(value):
            sheet.write_string(row, column, "∞" if value > 0 else "−∞")
        return 8
    text = str(value)
    sheet.write_string(row, column, text)
    return sum(2 if sign > "\u2e7f" else 1 for sign in text)


def _written_before(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return f"<dc:creator>{PROGRAM}</dc:creator>".encode() in archive.read(
                "docProps/core.xml"
            )
    except (OSError, KeyError, zipfile.BadZipFile):
        return False
