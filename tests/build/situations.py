"""The situations in `tests/cases`: a scenario each, from public reports of people who do this work.

What became of the cases is told in lines: `0 work: Mon 4 Mar 10:00 - 14:00`.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim import Result, run
from sim.scenario import Scenario, ScenarioError, load

FOLDER = Path(__file__).parents[1] / "cases"


def file_of(name: str) -> Path:
    """Return the scenario file of a situation."""
    return FOLDER / name / "scenario.yaml"


def situation(name: str, *settings: str) -> Scenario:
    """Load a situation."""
    return load(file_of(name), settings=settings)


def once(name: str, *settings: str) -> Result:
    """Simulate one replication of a situation; every self-check must hold."""
    result = run(situation(name, *settings), replications=1, seed=1)
    assert all(check.ok for check in result.checks), result.checks
    return result


def mistakes(name: str, *settings: str) -> list[str]:
    """Return what is told of a situation that cannot be simulated, a line each."""
    try:
        situation(name, *settings)
    except ScenarioError as error:
        return str(error).splitlines()
    raise AssertionError(f"{name} was accepted")


def story(result: Result) -> list[str]:
    """Return a line for each step that began: its case, name, begin and end."""
    lines = []
    for row in result.items.dropna(subset=["start"]).itertuples():
        lines.append(f"{row.case} {row.step}: {_span(row.start, row.end)}")
    return lines


def _span(start: pd.Timestamp, end: pd.Timestamp) -> str:
    if pd.isna(end):
        return f"{_instant(start)} - never"
    same_day = start.date() == end.date()
    return f"{_instant(start)} - {_time(end) if same_day else _instant(end)}"


def _instant(t: pd.Timestamp) -> str:
    return f"{t:%a} {t.day} {t:%b} {_time(t)}"


def _time(t: pd.Timestamp) -> str:
    return f"{t:%X}".removesuffix(":00")


def days(result: Result, limit: str, clock: str = "gross_span") -> list[int]:
    """Return the days of each case on a clock of a limit."""
    return [int(value) for value in result.cases[f"{limit}.{clock}"]]
