"""A sweep as text and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text

from sim.experiments import Sweep
from sim.experiments.versions import version
from sim.report.data import plain
from sim.report.labels import Labels
from sim.report.layout import COLOURS, Fitting, new_table, percent, rounded
from sim.report.words import Language, phrase, say

if TYPE_CHECKING:
    import pandas as pd

MOST_COLUMNS: Final = 12
"""A wider matrix is shown as a list."""
MOST_ROWS: Final = 200
MARKS: Final = {"holds": "✓", "fails": "✗", "undecided": "?"}

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
    labels = Labels(sweep.scenario, language)
    parts: list[RenderableType] = [_title(sweep, labels)]
    if sweep.limits.empty:
        parts.append(Text(say("no_limits", language)))
    else:
        for limit, rows in sweep.limits.groupby("limit", sort=False):
            parts.append(_limit(sweep, str(limit), rows, labels))
    parts.append(Group(*_notes(sweep, language)))
    spaced = [each for part in parts for each in (part, Text(""))]
    return Group(*spaced[:-1])


def _title(sweep: Sweep, labels: Labels) -> Text:
    counts = {"combinations": sweep.combinations, "replications": sweep.replications}
    line = phrase(WORDS["line"], labels.language, seed=sweep.seed, **counts)
    return Text.assemble((labels.text(sweep.scenario.name), "bold"), "\n", (line, "dim"))


def _limit(sweep: Sweep, limit: str, rows: pd.DataFrame, labels: Labels) -> RenderableType:
    name = labels.limit(limit) if limit in sweep.scenario.limits else limit
    if len(sweep.axes) == 2 and len(sweep.axes[1].cells) <= MOST_COLUMNS:
        return _matrix(sweep, name, rows, labels.language)
    return _list(sweep, name, rows, labels.language)


def _matrix(sweep: Sweep, name: str, rows: pd.DataFrame, language: Language) -> Fitting:
    """Return the first axis downwards, the second across."""
    down, across = sweep.axes
    cells = {
        (row[down.path], row[across.path]): _share(row, f" {MARKS[row['verdict']]}")
        for row in rows.to_dict("records")
    }
    table = new_table(escape(phrase(WORDS["matrix"], language, limit=name)))
    table.add_column(escape(f"{down.path} ↓  {across.path} →"))
    for cell in across.cells:
        table.add_column(escape(str(cell)), justify="right")
    for at in down.cells:
        found = [cells.get((at, other), Text("")) for other in across.cells]
        table.add_row(escape(str(at)), *found)
    return Fitting(table)


def _list(sweep: Sweep, name: str, rows: pd.DataFrame, language: Language) -> RenderableType:
    """Return one row per combination."""
    table = new_table(escape(name))
    for axis in sweep.axes:
        table.add_column(escape(axis.path), justify="right")
    table.add_column(say("verdict", language))
    for heading in ("on_time", "interval"):
        table.add_column(say(heading, language), justify="right")
    for heading in ("P50", "P90", *(say(key, language) for key in ("cases", "late", "open"))):
        table.add_column(heading, justify="right")
    for row in rows.head(MOST_ROWS).to_dict("records"):
        table.add_row(
            *(escape(str(row[axis.path])) for axis in sweep.axes),
            Text(say(row["verdict"], language), COLOURS[row["verdict"]]),
            _share(row),
            f"{percent(row['ci_low'])} – {percent(row['ci_high'])}",
            rounded(row["p50"], 0),
            rounded(row["p90"], 0),
            *(f"{row[key]:,}" for key in ("cases", "late", "open")),
        )
    left = len(rows) - MOST_ROWS
    more = [Text(phrase(WORDS["more"], language, count=left))] if left > 0 else []
    return Group(Fitting(table), *more)


def _share(row: Mapping[Any, Any], mark: str = "") -> Text:
    return Text(percent(row["on_time_share"]) + mark, COLOURS[row["verdict"]])


def _notes(sweep: Sweep, language: Language) -> Iterator[Text]:
    if sweep.interrupted:
        counts = {"finished": sweep.finished, "combinations": sweep.combinations}
        yield Text(phrase(WORDS["interrupted"], language, **counts), "bold yellow")
    if len(sweep.axes) == 2:
        yield Text(phrase(WORDS["marks"], language), "dim")
    yield Text(phrase(WORDS["alone"], language), "dim")


def sweep_data(sweep: Sweep) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/json.md``."""
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
