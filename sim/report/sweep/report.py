"""The report on a sweep, and a sweep as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sim.experiments import Sweep
from sim.report.blocks import Block, Cell, Column, Line, Part, Report, Row, Table, number
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import MARKS, no_limits, verdict_cell
from sim.report.numbers import percent, percent_range, rounded
from sim.report.paths import Paths
from sim.report.plain_data import finding_data
from sim.report.sweep.words import say

if TYPE_CHECKING:
    import pandas as pd

MOST_COLUMNS: Final = 12
"""Most columns of a matrix; a wider one is shown as a list."""
MOST_ROWS: Final = 200


def sweep_report(sweep: Sweep, language: Language) -> Report:
    """Return a matrix of on-time shares for each limit, or a list where there are more axes."""
    labels = Labels(sweep.scenario, language, say)
    parts = [
        Part(tuple(_limit(sweep, str(limit), rows, labels)))
        for limit, rows in sweep.limits.groupby("limit", sort=False)
    ] or [Part((no_limits(language),))]
    parts.append(Part(tuple(_notes(sweep, labels))))
    counts = {"combinations": sweep.combinations, "replications": sweep.replications}
    line = labels.say("line", seed=sweep.seed, **counts)
    return Report(labels.text(sweep.scenario.name), (Line(line, "faint"),), tuple(parts))


def _limit(sweep: Sweep, limit: str, rows: pd.DataFrame, labels: Labels) -> Iterator[Block]:
    name = labels.limit(limit) if limit in sweep.scenario.limits else limit
    if len(sweep.axes) == 2 and len(sweep.axes[1].cells) <= MOST_COLUMNS:
        yield _matrix(sweep, name, rows, labels)
        return
    yield _list(sweep, name, rows, labels)
    left = len(rows) - MOST_ROWS
    if left > 0:
        yield Line(labels.say("more_rows", count=left))


def _matrix(sweep: Sweep, name: str, rows: pd.DataFrame, labels: Labels) -> Table:
    """Return a matrix: the first axis downwards, the second across."""
    down, across = sweep.axes
    named = Paths(labels).named
    cells = {
        (row[down.path], row[across.path]): _share(row, f" {MARKS[row['verdict']]}")
        for row in rows.to_dict("records")
    }
    columns = (
        Column(f"{named(down.path)} ↓  {named(across.path)} →"),
        *map(number, map(str, across.cells)),
    )
    rows_down: tuple[Row, ...] = tuple(
        (str(at), *(cells.get((at, other), "") for other in across.cells)) for at in down.cells
    )
    return Table(columns, rows_down, labels.say("matrix", limit=name))


def _list(sweep: Sweep, name: str, rows: pd.DataFrame, labels: Labels) -> Table:
    """Return one row per combination."""
    say, paths = labels.say, [axis.path for axis in sweep.axes]
    counts = ("cases", "late", "open")
    columns = (
        *map(number, map(Paths(labels).named, paths)),
        Column(say("verdict")),
        *map(number, (say("on_time"), say("interval"), "P50", "P90", *map(say, counts))),
    )
    combinations: tuple[Row, ...] = tuple(
        (
            *(str(row[path]) for path in paths),
            verdict_cell(row["verdict"], labels.language),
            _share(row),
            percent_range(row["ci_low"], row["ci_high"]),
            rounded(row["p50"], 0),
            rounded(row["p90"], 0),
            *(f"{row[key]:,}" for key in counts),
        )
        for row in rows.head(MOST_ROWS).to_dict("records")
    )
    return Table(columns, combinations, name)


def _share(row: Mapping[Any, Any], mark: str = "") -> Cell:
    return Cell(percent(row["on_time_share"]) + mark, row["verdict"])


def _notes(sweep: Sweep, labels: Labels) -> Iterator[Line]:
    if sweep.interrupted:
        counts = {"finished": sweep.finished, "combinations": sweep.combinations}
        yield Line(labels.say("unfinished", **counts), "warning")
    if len(sweep.axes) == 2:
        yield Line(labels.say("marks"), "faint")
    yield Line(labels.say("alone"), "faint")


def sweep_data(sweep: Sweep) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    data = {
        "varied": [{"path": axis.path, "values": axis.cells} for axis in sweep.axes],
        "combinations": sweep.combinations,
        "finished": sweep.finished,
        "interrupted": sweep.interrupted,
        "limits": _rows(sweep, sweep.limits),
        "pools": _rows(sweep, sweep.pools),
    }
    return finding_data(sweep, data)


def _rows(sweep: Sweep, table: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the rows of a table, with their values of the varied parameters under `at`."""
    rows = table.to_dict("records")
    return [{"at": {axis.path: row.pop(axis.path) for axis in sweep.axes}, **row} for row in rows]
