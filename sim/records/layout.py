"""How a table stands on its sheet: rows of headings, and rows that are no data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sim.records.headings import TIMES, counts_no_days, role_of
from sim.records.stamps import is_time
from sim.spreadsheets.reader import Numbered

LEAST_KNOWN: Final = 2
"""Headings that must be known in a row of headings: one may stand in data by chance."""
LEAST_WIDTH: Final = 4
"""Columns from which on a row of one cell is no data."""
_WHO: Final = "制表|填表|填报|统计|审核|复核|校核|负责|联系|经办|报送|签字|签章|盖章"
_TOTAL: Final = re.compile(
    r"(?:本[页月季年]|全[市区县年])?(?:合计|总计|共计|小计|累计|总数|total).*", re.I | re.S
)
_SIGNED: Final = re.compile(
    rf"[^:]{{0,6}}(?:{_WHO}|备注|注|说明)[^:]{{0,6}}:.*|[^:]{{0,6}}(?:{_WHO})[人员](?:签[字名章])?",
    re.S,
)
_SIGNED_IN_FEW: Final = re.compile(
    rf"[^:]{{0,6}}(?:{_WHO})(?:人|员|单位|部门|日期|时间|电话).*", re.S
)
_LABELLED: Final = re.compile(r"[^:\d]{1,12}:.*", re.S)
_UNIT: Final = re.compile(
    r"(?:单位:)?(?:年[/-]?月[/-]?日(?:时:?分(?::?秒)?)?|yyyy.*|个?工作日|自然日|天|日|小时|分钟|个?月|年|个|件|元"
    r"|万元|平方米|亩|必填|选填|文本|文字|数字|数值|日期|时间|日期时间|下拉选择)",
    re.I,
)


@dataclass(frozen=True)
class Head:
    """The rows of headings of a table, in one."""

    start: int
    """Rows before, which are titles."""
    stop: int
    """The first row of data."""
    names: list[str]
    """A heading for each column."""
    rows: tuple[list[str], ...]
    """The rows of headings as they stand."""

    def comes_again(self, cells: Sequence[str]) -> bool:
        """Whether a row repeats the headings, or gives their units or the columns' numbers."""
        begin = next((at for at, cell in enumerate(cells) if cell and not cell.isspace()), None)
        if begin is None or not self._may_begin(begin, cells[begin].strip()):
            return False  # nearly all rows are data, and end here
        filled = [(at, cell.strip()) for at, cell in enumerate(cells) if cell and cell.strip()]
        if len(filled) < LEAST_KNOWN:
            return False
        if all(cell == str(at + 1) for at, cell in filled):
            return len(filled) > LEAST_KNOWN
        if _is_unit(filled[0][1]) and all(_is_unit(cell) for _, cell in filled):
            return True
        for row in self.rows:
            at, cell = filled[0]
            if at < len(row) and row[at].strip() == cell:
                same = sum(at < len(row) and row[at].strip() == cell for at, cell in filled)
                return 2 * same > len(filled)
        return False

    def _may_begin(self, at: int, cell: str) -> bool:
        """Whether a row's first filled cell is a heading, a unit, or the number of its column."""
        if cell == str(at + 1) or any(
            at < len(row) and row[at].strip() == cell for row in self.rows
        ):
            return True
        return (not cell.isascii() or cell[:1] in "yY") and _is_unit(cell)


def head_of(first: Sequence[Numbered], named: frozenset[str]) -> Head:
    """Return the headings among the first rows of a table; without any, columns are numbered.

    Of rows with equally many known headings, the first. A row above or below belongs to them if
    more headings are known with its text: 补正 above 告知时间. `named`: headings that a mapping
    gives. Where no row has headings, every row is data.
    """
    rows = [cells for _, cells in first]
    counts = [_known(cells, named) for cells in rows]
    best = max(counts)
    if best < LEAST_KNOWN and not any(_named(cells, named) for cells in rows):
        width = max(map(len, rows))
        return Head(0, 0, [f"column {at}" for at in range(1, width + 1)], ())
    start = counts.index(best)
    stop, names = start + 1, list(rows[start])
    while stop < len(rows) and _known(under := _joined(names, rows[stop]), named) > best:
        names, best, stop = under, _known(under, named), stop + 1
    while start and _known(over := _joined(rows[start - 1], names), named) > best:
        names, best, start = over, _known(over, named), start - 1
    while names and not names[-1].strip():
        names.pop()
    units = [cell.strip() for cell in rows[stop][: len(names)]] if stop < len(rows) else []
    if all(_is_unit(unit) for unit in units if unit):
        names = _with_units(names, units)
    return Head(start, stop, names, tuple(rows[start:stop]))


def _known(cells: Sequence[str], named: frozenset[str]) -> int:
    """Return how many cells are known as headings; 0 if one of them is a time: it is data."""
    if any(cell[:1].isdigit() and is_time(cell.strip()) for cell in cells):
        return 0
    return sum(role_of(cell) is not None for cell in cells if cell) + _named(cells, named)


def _named(cells: Sequence[str], named: frozenset[str]) -> int:
    return sum(" ".join(cell.split()) in named for cell in cells) if named else 0


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return two rows of headings as one; what is above stands above all blank cells beside it."""
    names: list[str] = []
    parent = ""
    for at in range(max(len(upper), len(lower))):
        above, below = (row[at].strip() if at < len(row) else "" for row in (upper, lower))
        parent = above or parent
        both = parent + below
        if not below or above == below:
            names.append(above)
        else:
            names.append(both if role_of(both) or not role_of(below) else below)
    return names


def _with_units(names: Sequence[str], units: Sequence[str]) -> list[str]:
    """Return headings with the units below them, where these are no working days."""
    told = list(names)
    for at, unit in enumerate(units):
        marked = f"{names[at]}({unit})"
        if unit and role_of(names[at]) not in TIMES and counts_no_days(marked):
            told[at] = marked
    return told


def _is_unit(cell: str) -> bool:
    return _UNIT.fullmatch(_squeezed(cell).strip("()")) is not None


def _squeezed(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).split())


def is_footer(cells: Sequence[str], width: int) -> bool:
    """Whether a row sums up or signs a table: by its words, and by how little it holds."""
    if len(cells) - cells.count("") > max(4, width // 2):
        return False
    filled = [cell for cell in cells if cell and not cell.isspace()]
    if not filled:
        return False
    if not filled[0].isascii() or filled[0].strip()[:1] in "tT":
        first = _squeezed(filled[0])
        if _TOTAL.fullmatch(first) or _SIGNED.fullmatch(first):
            return True
    if width < LEAST_WIDTH or len(filled) > max(2, width // 3):
        return False
    texts = [*map(_squeezed, filled)]
    if len(texts) == 1 or any(map(_SIGNED_IN_FEW.fullmatch, texts)):
        return True
    return all(map(_LABELLED.fullmatch, texts))
