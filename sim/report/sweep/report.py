"""What a sweep says, and a sweep as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from rich.console import RenderableType

from sim.experiments import Sweep
from sim.report.blocks import Block, Cell, Column, Line, Part, Report, Row, Table
from sim.report.labels import Labels
from sim.report.run.data import plain
from sim.report.terminal import MARKS, judged, percent, rounded, written
from sim.report.words import Language, phrase, say
from sim.storage.versions import version

if TYPE_CHECKING:
    import pandas as pd

MOST_COLUMNS: Final = 12
"""A wider matrix is shown as a list."""
MOST_ROWS: Final = 200

WORDS: Final = {
    "line": (
        "seed {seed}, {combinations} combinations × {replications} replications; each meets the "
        "same cases",
        "种子 {seed},{combinations} 个组合 × {replications} 次重复;各组合面对同一批办件",
    ),
    "matrix": ("{limit}: on-time share", "{limit}:按期率"),
    "marks": (
        "✓ holds, ✗ fails, ? undecided, each at the limit's confidence.",
        "✓ 守住,✗ 守不住,? 未定;各按该时限的置信度。",
    ),
    "alone": (
        "Each interval and verdict stands for itself. The best of many is partly lucky: run what "
        "you choose again with another --seed.",
        "各区间与结论单独成立。多中选优难免带有运气,选定后请换 --seed 再验证。",
    ),
    "more": (
        "… {count} more rows: --out DIR writes them all.",
        "…… 另有 {count} 行:--out 可全部写出。",
    ),
    "interrupted": (
        "Interrupted: {finished} of {combinations} combinations are finished.",
        "已中断:{combinations} 个组合中完成了 {finished} 个。",
    ),
}


def sweep_text(sweep: Sweep, language: Language) -> RenderableType:
    """Return a matrix of on-time shares for each limit, or a list where there are more axes."""
    return written(sweep_report(sweep, language))


def sweep_report(sweep: Sweep, language: Language) -> Report:
    """Return a matrix of on-time shares for each limit, or a list where there are more axes."""
    labels = Labels(sweep.scenario, language)
    if sweep.limits.empty:
        parts = [Part((Line(say("no_limits", language)),))]
    else:
        parts = [
            Part(tuple(_limit(sweep, str(limit), rows, labels)))
            for limit, rows in sweep.limits.groupby("limit", sort=False)
        ]
    parts.append(Part(tuple(_notes(sweep, language))))
    counts = {"combinations": sweep.combinations, "replications": sweep.replications}
    line = phrase(WORDS["line"], language, seed=sweep.seed, **counts)
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
    found: tuple[Row, ...] = tuple(
        (str(at), *(cells.get((at, other), "") for other in across.cells)) for at in down.cells
    )
    return Table(columns, found, phrase(WORDS["matrix"], language, limit=name))


def _list(sweep: Sweep, name: str, rows: pd.DataFrame, language: Language) -> Iterator[Block]:
    """Yield one row per combination."""
    numbers = (
        *(say(heading, language) for heading in ("on_time", "interval")),
        *("P50", "P90"),
        *(say(key, language) for key in ("cases", "late", "open")),
    )
    columns = (
        *(Column(axis.path, number=True) for axis in sweep.axes),
        Column(say("verdict", language)),
        *(Column(heading, number=True) for heading in numbers),
    )
    found: tuple[Row, ...] = tuple(
        (
            *(str(row[axis.path]) for axis in sweep.axes),
            judged(row["verdict"], language),
            _share(row),
            f"{percent(row['ci_low'])} – {percent(row['ci_high'])}",
            rounded(row["p50"], 0),
            rounded(row["p90"], 0),
            *(f"{row[key]:,}" for key in ("cases", "late", "open")),
        )
        for row in rows.head(MOST_ROWS).to_dict("records")
    )
    yield Table(columns, found, name)
    left = len(rows) - MOST_ROWS
    if left > 0:
        yield Line(phrase(WORDS["more"], language, count=left))


def _share(row: Mapping[Any, Any], mark: str = "") -> Cell:
    return Cell(percent(row["on_time_share"]) + mark, row["verdict"])


def _notes(sweep: Sweep, language: Language) -> Iterator[Line]:
    if sweep.interrupted:
        counts = {"finished": sweep.finished, "combinations": sweep.combinations}
        yield Line(phrase(WORDS["interrupted"], language, **counts), "warning")
    if len(sweep.axes) == 2:
        yield Line(phrase(WORDS["marks"], language), "faint")
    yield Line(phrase(WORDS["alone"], language), "faint")


def sweep_data(sweep: Sweep) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    paths = [axis.path for axis in sweep.axes]
    data: dict[str, Any] = plain(
        {
            "scenario": str(sweep.scenario.name),
            "seed": sweep.seed,
            "replications": sweep.replications,
            "version": version(),
            "scenario_sha256": sweep.scenario.sha256(),
            "varied": [{"path": axis.path, "values": axis.cells} for axis in sweep.axes],
            "combinations": sweep.combinations,
            "finished": sweep.finished,
            "interrupted": sweep.interrupted,
            "limits": [_row(row, paths) for row in sweep.limits.to_dict("records")],
            "pools": [_row(row, paths) for row in sweep.pools.to_dict("records")],
        }
    )
    return data


def _row(row: Mapping[Any, Any], paths: list[str]) -> dict[str, Any]:
    """Return a row with its place in the grid apart."""
    rest = {str(key): value for key, value in row.items() if key not in paths}
    return {"at": {path: row[path] for path in paths}, **rest}
