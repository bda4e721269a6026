"""What the report on a sweep says, and a sweep as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sim.experiments import Sweep
from sim.report.blocks import Block, Cell, Column, Line, Part, Report, Row, Table
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import MARKS, no_limits, verdict_cell
from sim.report.numbers import percent, percent_range, rounded
from sim.report.plain_data import finding_data
from sim.report.sweep.words import say

if TYPE_CHECKING:
    import pandas as pd

MOST_COLUMNS: Final = 12
"""A wider matrix is shown as a list."""
MOST_ROWS: Final = 200


def sweep_report(sweep: Sweep, language: Language) -> Report:
    """Return a matrix of on-time shares for each limit, or a list where there are more axes."""
    labels = Labels(sweep.scenario, language)
    if sweep.limits.empty:
        parts = [Part((no_limits(language),))]
    else:
        parts = [
            Part(tuple(_limit(sweep, str(limit), rows, labels)))
            for limit, rows in sweep.limits.groupby("limit", sort=False)
        ]
    parts.append(Part(tuple(_notes(sweep, language))))
    counts = {"combinations": sweep.combinations, "replications": sweep.replications}
    line = say("line", language, seed=sweep.seed, **counts)
    return Report(labels.text(sweep.scenario.name), (Line(line, "faint"),), tuple(parts))


def _limit(sweep: Sweep, limit: str, rows: pd.DataFrame, labels: Labels) -> Iterator[Block]:
    name = labels.limit(limit) if limit in sweep.scenario.limits else limit
    if len(sweep.axes) == 2 and len(sweep.axes[1].cells) <= MOST_COLUMNS:
        yield _matrix(sweep, name, rows, labels.language)
    else:
        yield from _list(sweep, name, rows, labels.language)


def _matrix(sweep: Sweep, name: str, rows: pd.DataFrame, language: Language) -> Table:
    """Return the first axis downwards, the second across."""
    down, across = sweep.axes
    cells = {
        (row[down.path], row[across.path]): _share(row, f" {MARKS[row['verdict']]}")
        for row in rows.to_dict("records")
    }
    columns = (
        Column(f"{down.path} ↓  {across.path} →"),
        *(Column(str(cell), number=True) for cell in across.cells),
    )
    rows_down: tuple[Row, ...] = tuple(
        (str(at), *(cells.get((at, other), "") for other in across.cells)) for at in down.cells
    )
    return Table(columns, rows_down, say("matrix", language, limit=name))


def _list(sweep: Sweep, name: str, rows: pd.DataFrame, language: Language) -> Iterator[Block]:
    """Yield one row per combination."""
    numbers = (
        *(say(key, language) for key in ("on_time", "interval")),
        *("P50", "P90"),
        *(say(key, language) for key in ("cases", "late", "open")),
    )
    columns = (
        *(Column(axis.path, number=True) for axis in sweep.axes),
        Column(say("verdict", language)),
        *(Column(heading, number=True) for heading in numbers),
    )
    combinations: tuple[Row, ...] = tuple(
        (
            *(str(row[axis.path]) for axis in sweep.axes),
            verdict_cell(row["verdict"], language),
            _share(row),
            percent_range(row["ci_low"], row["ci_high"]),
            rounded(row["p50"], 0),
            rounded(row["p90"], 0),
            *(f"{row[key]:,}" for key in ("cases", "late", "open")),
        )
        for row in rows.head(MOST_ROWS).to_dict("records")
    )
    yield Table(columns, combinations, name)
    left = len(rows) - MOST_ROWS
    if left > 0:
        yield Line(say("more_rows", language, count=left))


def _share(row: Mapping[Any, Any], mark: str = "") -> Cell:
    return Cell(percent(row["on_time_share"]) + mark, row["verdict"])


def _notes(sweep: Sweep, language: Language) -> Iterator[Line]:
    if sweep.interrupted:
        counts = {"finished": sweep.finished, "combinations": sweep.combinations}
        yield Line(say("unfinished", language, **counts), "warning")
    if len(sweep.axes) == 2:
        yield Line(say("marks", language), "faint")
    yield Line(say("alone", language), "faint")


def sweep_data(sweep: Sweep) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    paths = [axis.path for axis in sweep.axes]
    return finding_data(
        sweep,
        {
            "varied": [{"path": axis.path, "values": axis.cells} for axis in sweep.axes],
            "combinations": sweep.combinations,
            "finished": sweep.finished,
            "interrupted": sweep.interrupted,
            "limits": [_row(row, paths) for row in sweep.limits.to_dict("records")],
            "pools": [_row(row, paths) for row in sweep.pools.to_dict("records")],
        },
    )


def _row(row: Mapping[Any, Any], paths: list[str]) -> dict[str, Any]:
    """Return a row with its values of the varied parameters under `at`."""
    rest = {str(key): value for key, value in row.items() if key not in paths}
    return {"at": {path: row[path] for path in paths}, **rest}
