"""Sweeps: the on-time share over the values that were tried."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import numpy as np

from sim.experiments import Sweep
from sim.measures.shares import Verdict
from sim.report.drawing.axes import along, axes_on, heading, legend
from sim.report.drawing.heat_map import heat
from sim.report.drawing.intervals import (
    Row,
    line_handle,
    nothing,
    percent_axis,
    share_rows,
    target_handle,
    verdict_handles,
)
from sim.report.drawing.labels import Names, folded, tame
from sim.report.drawing.style import INK, LINES, MARKERS, SERIES, VERDICTS, styled
from sim.report.drawing.words import tell
from sim.report.terminal import percent
from sim.report.words import Language

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MOST_LINES: Final = 4
"""Values of the second axis up to which each has a line; of more the map is drawn."""
MOST_ROWS: Final = 24
Form = Literal["lines", "map", "list"]


@styled
def sweep(
    result: Sweep,
    limit: str | None = None,
    form: Form | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the on-time share of one limit over the values that were tried.

    Parameters
    ----------
    form
        ``"lines"`` over the first axis, one for each value of the second, with intervals;
        ``"map"`` of two axes; ``"list"`` of combinations, the first `MOST_ROWS`. Default: what
        suits the axes.

    Raises
    ------
    ValueError
        If there is no such limit.
    """
    names = Names(result.scenario, language)
    if result.limits.empty:
        return nothing(axes_on(ax, 4), tell("no_limit", language))
    limits = list(dict.fromkeys(result.limits["limit"]))
    if limit is not None and limit not in limits:
        raise ValueError(f"no limit '{limit}'; there are: {', '.join(limits)}")
    chosen = limit or limits[0]
    rows = result.limits[result.limits["limit"] == chosen]
    draw = {"lines": _lines, "map": _map, "list": _list}[form or _form(result)]
    title = tell("sweep_title", language, limit=names.limit(chosen))
    return draw(result, rows, ax, language, title)


def _form(result: Sweep) -> Form:
    if len(result.axes) > 2:
        return "list"
    few = len(result.axes) == 1 or len(result.axes[1].cells) <= MOST_LINES
    return "lines" if few else "map"


def _values(result: Sweep, number: int) -> tuple[list[Any], list[str]]:
    """Return the values of an axis, and how they are written."""
    cells = list(result.axes[number].cells)
    return cells, [tame(str(cell), 14) for cell in cells]


def _lines(
    result: Sweep, rows: pd.DataFrame, ax: Axes | None, language: Language, title: str
) -> Axes:
    ax = axes_on(ax, 8)
    first, written = _values(result, 0)
    numbers = all(isinstance(cell, int | float) for cell in first)
    x_of = {cell: (float(cell) if numbers else place) for place, cell in enumerate(first)}
    path = result.axes[0].path
    others = _values(result, 1) if len(result.axes) > 1 else ([None], [""])
    gap = min(np.diff(sorted(x_of.values())), default=1.0)
    handles = []
    for number, (value, name) in enumerate(zip(*others, strict=True)):
        mine = rows if value is None else rows[rows[result.axes[1].path] == value]
        shift = (number - (len(others[0]) - 1) / 2) * 0.06 * float(gap)
        x = [x_of[cell] + shift for cell in mine[path]]
        look: dict[str, Any] = {
            "color": SERIES[number % len(SERIES)],
            "linestyle": LINES[number % len(LINES)],
        }
        ax.plot(x, mine["on_time_share"], linewidth=1.2, label=name, **look)
        for place, (_, row) in zip(x, mine.iterrows(), strict=True):
            _point(ax, place, row, look["color"] if value is not None else None, number)
        if value is not None:
            label = f"{tame(result.axes[1].path, 30)} = {name}"
            handles.append(line_handle(label, marker=MARKERS[number % len(MARKERS)], **look))
    if others[0] == [None]:
        handles += verdict_handles(cast("Sequence[Verdict]", rows["verdict"].tolist()), language)
    target = float(rows["target_share"].iloc[0])
    ax.axhline(target, color=INK, linewidth=1.2, linestyle=(0, (2, 1)))
    handles.append(target_handle(language, target))
    least = min(float(rows["ci_low"].min()), target)
    ax.set_ylim(max(-0.02, least - 0.05 * (1 - least) - 0.005), 1 + 0.03 * (1.01 - least))
    ax.set_xticks(list(x_of.values()), written)
    percent_axis(ax.yaxis)
    ax.set_xlabel(tame(path, 60))
    ax.set_ylabel(tell("on_time_axis", language))
    along(ax, "y")
    heading(ax, title, rows=legend(ax, handles, 3))
    return ax


def _point(ax: Axes, place: float, row: pd.Series[Any], colour: str | None, number: int) -> None:
    own, marker, filling = VERDICTS[row["verdict"]]
    if colour is not None:
        own, marker = colour, MARKERS[number % len(MARKERS)]
        filling = own if row["verdict"] == "holds" else "white"
    ax.plot([place] * 2, [row["ci_low"], row["ci_high"]], color=own, linewidth=2, alpha=0.5)
    ax.plot(place, row["on_time_share"], marker=marker, color=own, markerfacecolor=filling)


def _map(
    result: Sweep, rows: pd.DataFrame, ax: Axes | None, language: Language, title: str
) -> Axes:
    if len(result.axes) != 2:
        raise ValueError("a map has two axes")
    (first, down), (second, across) = _values(result, 0), _values(result, 1)
    paths = [axis.path for axis in result.axes]
    values = np.full((len(first), len(second)), np.nan)
    for _, row in rows.iterrows():
        values[first.index(row[paths[0]]), second.index(row[paths[1]])] = row["on_time_share"]
    ax = axes_on(ax, 2.8 + 0.7 * len(first))
    heat(ax, values, down, across, lambda value: percent(value, 1), tell("on_time_axis", language))
    ax.set_xticks(range(len(across)), across)
    ax.set_xlabel(tame(paths[1], 60))
    ax.set_ylabel(folded(tame(paths[0], 60), 30))
    heading(ax, title)
    return ax


def _list(
    result: Sweep, rows: pd.DataFrame, ax: Axes | None, language: Language, title: str
) -> Axes:
    paths = [axis.path for axis in result.axes]
    shown = [
        Row(
            folded(tame(" · ".join(str(row[path]) for path in paths), 60), 34),
            row["on_time_share"], row["ci_low"], row["ci_high"], row["target_share"],
            row["verdict"],
        )
        for _, row in rows.head(MOST_ROWS).iterrows()
    ]  # fmt: skip
    ax = axes_on(ax, 2.6 + 0.6 * len(shown))
    share_rows(ax, shown, language)
    along(ax, "x")
    ax.set_ylabel("\n".join(tame(path, 50) for path in paths))
    handles = [*verdict_handles((row.verdict for row in shown), language), target_handle(language)]
    heading(ax, title, rows=legend(ax, handles, 4))
    return ax
