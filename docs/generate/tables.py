"""The reference of the tables that `--out` writes, held against tables that are written for it."""

from __future__ import annotations

import dataclasses
import inspect
import re
import shlex
import tempfile
import typing
from collections.abc import Iterator, Mapping
from contextlib import chdir
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq
from typer.testing import CliRunner

import sim
from docs.generate.docstrings import attributes
from docs.generate.markdown import code, page, plain, table
from sim.cli import app
from sim.measures.contrasts import Estimate
from sim.results.finding import Finding
from sim.results.rows import COLUMNS, PREFIX

INTRODUCTION = """
The columns of every table that `--out DIR` writes. The folder also holds `summary.json`
([the JSON object](json.md)) and a [manifest](json.md#the-manifest). Tables are Parquet, or
CSV with `--format csv` (UTF-8 with a mark that Excel reads; a text that begins like a formula gets
a quotation mark in front). Empty means unknown, not yet, or not applicable. Shares lie between 0
and 1. Days are working days, but for those of the clock `calendar_days`. In names, `ZONE`, `LIMIT`,
`PATH` and `GROUP` stand for names of the scenario.
"""

OFFICE: Final = """
name: A small office
calendar: {country: weekdays}
period: {start: 2024-01-01, window: {from: 2024-01-08, to: 2024-01-12}, run_out: 90 cd}
hours: {day: {week: {mon-fri: "9:00-12:00 13:00-17:00"}}, evening: {week: {mon-fri: "18:00-20:00"}}}
departments: {first: {counter: desk}, second: {counter: desk}}
pools: {desk: {}}
staff:
  GROUP:
    serves: [desk]
    count: {value: 2, range: [1, 4]}
    hours: day
    cost: 100000 CNY/year
    overtime: {hours: evening, below_wd: 5, cost: 90 CNY/h}
case_types:
  paper:
    attributes: {ZONE: {shares: {east: 0.5, west: 0.5}}}
    arrivals: {yearly: {volume: {value: 2000, range: [1500, 2500]}}}
    window: {pool: desk, transfer_out: 0 min, transfer_back: 0 min}
    trip: 1 h
    stages: {only: {lead: first}}
    matter_defaults:
      stage: only
      intake: 1 min
      check: 1 min
      promised: 1 wd
      decision: {pool: desk, work: {exponential: 30 min}}
      refusal: {at_decision: 0.2, resubmission: {probability: 1, after: 1 h}}
    matters: {one: {department: first}, two: {department: second}}
clocks: {CLOCK: {start: receipt, stop: decision, unit: wd}}
limits: {LIMIT: {case_type: paper, limit: 1 wd, clock: gross_span, target_share: 0.9}}
report: {by: [ZONE]}
overrides: {more: {staff: {GROUP: {count: 3}}}}
"""
"""A scenario that is simulated in no time, and whose tables have every column."""

MORRIS: Final = "sensitivity office.yaml -n 2 --method morris"
SOBOL: Final = "sensitivity office.yaml -n 2 --method sobol"
COMMANDS: Final = {
    "sim run": "run office.yaml -n 2",
    "sim run of a scenario with preparation": "run yingkou/own_time -n 1 "
    "--set period.window.to=2021-01-31",
    "sim run --uncertain": "run office.yaml -n 4 --uncertain",
    "sim compare": "compare office.yaml --variant staff.GROUP.count=3 -n 2",
    "sim sweep": "sweep office.yaml --vary staff.GROUP.count=2,3 -n 2",
    "sim load-curve": "load-curve office.yaml -n 2 --points 2 --precision 0.9",
    "sim staff": "staff office.yaml -n 8",
    "sim promise": "promise yingkou/base -n 2 --set period.window.to=2021-01-31",
    "sim reforms": "reforms office.yaml --add more -n 2",
    "sim sensitivity": "sensitivity office.yaml -n 2 --parameter staff.GROUP.count",
    "sim sensitivity --method morris": f"{MORRIS} --trajectories 2",
    "sim sensitivity --method sobol": f"{SOBOL} --samples 2 --top 1",
    "sim records judge": "records judge log.parquet --scenario yingkou/base --by zone",
    "sim forecast": "forecast yingkou/base log.parquet --date 2021-06-30 -n 2 "
    "--set case_types.project.matters.PUB=null",
    "sim validate": "validate yingkou/base log/SPGL_XMJBXXB.csv log/SPGL_XMSPSXBLXXB.csv "
    "log/SPGL_XMSPSXBLXXXXB.csv --from 2021-02-01 --to 2021-02-28 -n 99",
}
BEFORE: Final = {
    **dict.fromkeys(
        ("sim records judge", "sim forecast"), "run yingkou/base -n 1 --events log.parquet"
    ),
    "sim validate": "run yingkou/base -n 1 --events log --set period.window.to=2021-02-28",
}
"""Command → what makes the files that it reads."""
FINDINGS: Final[Mapping[str, type[Finding]]] = {
    "sim run": sim.Result,
    "sim compare": sim.Comparison,
    "sim sweep": sim.Sweep,
    "sim load-curve": sim.LoadCurve,
    "sim staff": sim.Staffing,
    "sim promise": sim.ShortestPromises,
    "sim reforms": sim.Reforms,
    "sim sensitivity": sim.Sensitivity,
    "sim records judge": sim.Judged,
    "sim forecast": sim.Forecast,
    "sim validate": sim.Validation,
}
"""Command → what it finds; `row_types` of that declares the tables."""


def tables_page() -> str:
    """Return the page: one section for each command, one table for each of its tables."""
    sections = (f"## {code(command)}\n\n{told}" for command, told in _told())
    return page("The tables of `--out`", INTRODUCTION, sections)


def _told() -> Iterator[tuple[str, str]]:
    for command, finding in FINDINGS.items():
        parts = []
        for name, row in finding.row_types.items():
            rows = [(code(column), plain(meaning)) for column, meaning in columns_of(row)]
            about = plain(inspect.getdoc(row)).replace("One ", "one row per ", 1)
            parts += [f"**{name}**: {about}", table(("column", "meaning"), rows)]
        yield command, "\n\n".join(parts)


def columns_of(row: type) -> Iterator[tuple[str, str]]:
    """Yield the columns that a row declares, as `sim.results.rows.cells` makes them."""
    types = typing.get_type_hints(row)
    meanings = {name: meaning for name, _, meaning in attributes(row)}
    for column in dataclasses.fields(row):
        name, kind = column.name, types[column.name]
        meaning = meanings[name]
        if kind is Estimate:
            prefix = column.metadata.get(PREFIX, f"{name}_")
            yield name, meaning
            yield f"{prefix}low", f"Lower bound of the interval of `{name}`."
            yield f"{prefix}high", f"Upper bound of the interval of `{name}`."
        elif dataclasses.is_dataclass(kind):
            prefix = column.metadata.get(PREFIX, "")
            where = f"{meaning.rstrip('.')}: " if prefix else ""
            for inner, of_inner in columns_of(typing.cast(type, kind)):
                yield f"{prefix}{inner}", f"{where}{of_inner}"
        else:
            for written in column.metadata.get(COLUMNS, (name,)):
                yield written, meaning


def written_columns(command: str) -> dict[str, list[str]]:
    """Run a command on the small office, and return its tables with their columns.

    Names of the scenario are those of the page: `PATH` for a value that is varied, and one column
    for all that hold the standing on own limits.
    """
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("office.yaml").write_text(OFFICE, encoding="utf-8")
        if command in BEFORE:
            CliRunner().invoke(app, shlex.split(BEFORE[command]), catch_exceptions=False)
        arguments = [*shlex.split(COMMANDS[command]), "--out", "out"]
        CliRunner().invoke(app, arguments, catch_exceptions=False)
        return {
            file.stem: [
                *dict.fromkeys(map(_as_on_the_page, pq.read_schema(file).names)),
            ]
            for file in sorted(Path("out").glob("*.parquet"))
        }


def _as_on_the_page(column: str) -> str:
    if re.fullmatch(r"[^/]+/[^/]+/[^/]+/[^/]+\.on_time", column):
        return "STANDARD/OF/CASE_TYPE/NAME.on_time"
    return "PATH" if column == "staff.GROUP.count" else column
