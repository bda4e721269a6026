"""Forecasts on the receipt log of five Dutch towns, for its deadlines of 56 days, at ten dates.

    python -m benchmarks.receipt_forecast receipt.csv.gz

The log (J. C. A. M. Buijs, 4TU.ResearchData, 10.4121/uuid:26aba40d-8b2d-435b-b5af-6d4bfbd7a270) is
not part of the project. Receipt and end of its cases become a bureau's book; at each date `sim.fit`
makes a scenario from what was known then.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

import sim
from benchmarks.forecast_calibration import told
from sim.records.opened import register_from

DATES = [dt.date(2011, month, 15) for month in range(2, 12)]
DAYS = 56
REPLICATIONS = 100


def main(log: Path) -> None:
    """Print the tenths, and the scores."""
    cases = cases_of(log)
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book.csv"
        columns = ["case", "matter", "case:department", "received", "accepted", "ended", "officer"]
        headings = [
            "办件编号",
            "事项名称",
            "办理部门",
            "接件时间",
            "受理时间",
            "办结时间",
            "经办人",
        ]
        cases[columns].set_axis(headings, axis=1).to_csv(book, index=False)
        register = register_from([book])
        told([row for date in DATES for row in forecast_at(date, register, cases)])


def cases_of(log: Path) -> pd.DataFrame:
    """Return a row for each case: what a book would hold, and its deadline."""
    first = pd.read_csv(log).groupby("case:concept:name").first().reset_index(names="case")
    for name, column in (("received", "startdate"), ("ended", "enddate"), ("due", "deadline")):
        local = first[f"case:{column}"].astype("string").str.slice(0, 19)  # without the offset
        first[name] = pd.to_datetime(local)
    return first.assign(
        accepted=first["received"], matter="permit", officer=first["case:responsible"]
    )


def forecast_at(
    date: dt.date, register: Any, cases: pd.DataFrame
) -> Iterator[tuple[int, float, float, bool]]:
    """Yield for each open case with the deadline: date, probability, month before, what happened.

    A case without an end was late if its deadline has passed in the log; else nobody knows.
    """
    due = cases["due"].dt.normalize()
    cases = cases.assign(late=cases["ended"].dt.normalize() > due)
    cases.loc[cases["ended"].isna() & (due < cases["ended"].max()), "late"] = True
    known = cases["ended"].notna() | cases["late"]
    asked = cases[((due - cases["received"].dt.normalize()).dt.days == DAYS) & known]
    age = (pd.Timestamp(date) - asked["ended"]).dt.days
    month = asked[(age >= 0) & (age < 30)]
    before = (month["late"].sum() + 0.5) / (len(month) + 1)
    late = dict(zip(asked["case"], asked["late"], strict=True))
    fitted = sim.fit(register, until=date, country="NL").scenario
    limit = f"limits.deadline={{case_type: cases, limit: {DAYS} cd, clock: calendar_days}}"
    made = sim.forecast(
        sim.vary(fitted, settings=[limit]),
        register,
        date=date,
        replications=REPLICATIONS,
        seed=1,
        measures=False,
        progress=False,
    )
    for row in made.case_rows:
        if row.case in late:
            yield date.toordinal(), row.late.value, before, bool(late[row.case])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
