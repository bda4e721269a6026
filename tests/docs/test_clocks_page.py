"""The worked example of docs/explanation/clocks.md: its dates and sums are right."""

import re
from datetime import date

from docs.generate import ROOT
from sim.calendars import working_days

PAGE = (ROOT / "docs/explanation/clocks.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| 2021-")
]


def test_the_calendar_says_which_dates_are_working_days() -> None:
    days = [date.fromisoformat(row[0]) for row in ROWS]
    assert [(day - days[0]).days for day in days] == list(range(21))
    calendar = working_days("CN", days[0], days[-1])
    assert [row[2] == "yes" for row in ROWS] == calendar.working.tolist()
    assert [row[1] for row in ROWS] == [f"{day:%a}" for day in days]


def test_the_sums_are_those_that_the_program_prints() -> None:
    """The printed days are an output of the page, which is checked against the program."""
    names = ("statutory", "promised", "state: stage", "total working days", "total calendar days")
    sums = {name: sum(int(row[4 + i]) for row in ROWS) for i, name in enumerate(names)}
    printed = dict(re.findall(rf"({'|'.join(names)}) (\d+) [wc]d", PAGE))
    assert {name: int(days) for name, days in printed.items()} == sums
    assert list(sums.values()) == [8, 2, 3, 11, 20]
