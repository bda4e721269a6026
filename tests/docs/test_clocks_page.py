"""The worked example of the pages on clocks, in both languages: its dates and sums are right."""

import re
from datetime import date

import pytest

from docs.generate import ROOT
from sim.calendars import working_days

CLOCKS = {
    "clocks.md": (
        "statutory",
        "promised",
        "state: stage",
        "total working days",
        "total calendar days",
    ),
    "clocks.zh.md": ("法定时限", "承诺时限", "阶段审批用时", "全程工作日", "全程自然日"),
}
"""Page → the clocks of its table, in the order of the columns."""
WEEK_ZH = "一二三四五六日"


def page_of(name: str) -> str:
    return (ROOT / "docs/explanation" / name).read_text(encoding="utf-8")


def rows_of(name: str) -> list[list[str]]:
    lines = page_of(name).splitlines()
    rows = [line.strip("|").split("|") for line in lines if line.startswith("| 2021-")]
    return [[cell.strip() for cell in row] for row in rows]


@pytest.mark.parametrize("name", CLOCKS)
def test_the_calendar_says_which_dates_are_working_days(name: str) -> None:
    rows = rows_of(name)
    days = [date.fromisoformat(row[0]) for row in rows]
    assert [(day - days[0]).days for day in days] == list(range(21))
    calendar = working_days("CN", days[0], days[-1])
    assert [row[2] in {"yes", "是"} for row in rows] == calendar.working.tolist()
    named = [(f"{day:%a}", f"周{WEEK_ZH[day.weekday()]}") for day in days]
    assert all(row[1] in names for row, names in zip(rows, named, strict=True))


@pytest.mark.parametrize("name", CLOCKS)
def test_the_sums_are_those_that_the_program_prints(name: str) -> None:
    """The printed days are an output of the page, which is checked against the program."""
    clocks = CLOCKS[name]
    sums = {clock: sum(int(row[4 + i]) for row in rows_of(name)) for i, clock in enumerate(clocks)}
    units = "[wc]d|工作日|自然日"
    printed = dict(re.findall(rf"({'|'.join(clocks)}) (\d+) (?:{units})", page_of(name)))
    assert {clock: int(days) for clock, days in printed.items()} == sums
    assert list(sums.values()) == [8, 2, 3, 11, 20]
