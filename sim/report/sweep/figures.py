"""The figures of a sweep: the on-time share over the values that were tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from sim.experiments import Sweep
from sim.report.drawing.axes import axes_on, heading, write_instead
from sim.report.drawing.figure import Figure, Options, choose, per_limit, titled
from sim.report.drawing.heat_map import heat_map
from sim.report.drawing.intervals import Row, share_axis, share_rows
from sim.report.drawing.labels import Names, folded, one_line
from sim.report.drawing.legends import legend, line_handle, share_handles, target_handle
from sim.report.drawing.style import LINES, MARKERS, SERIES, TARGET, VERDICTS, style
from sim.report.drawing.words import SHARED, Words, tell
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.paths import Paths
from sim.report.words import phrase

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

MOST_LINES: Final = 4
"""Most values of the second axis that are drawn as lines; more are drawn as a map."""
MOST_ROWS: Final = 24
WORDS: Final[Words] = {
    "title": ("{limit}: on-time share over the values tried", "{limit}:各取值下的按期率"),
    "caption": (
        "The on-time share of “{limit}” over {count} combinations: from {least} to {most}; {holds} "
        "hold the target of {target}, {fails} fail it, {undecided} are undecided.",
        "“{limit}”在 {count} 个组合下的按期率:{least} 至 {most};目标 {target},"
        "其中 {holds} 个守住,{fails} 个守不住,{undecided} 个未定。",
    ),
}
Form = Literal["lines", "map", "list"]
_title = titled(WORDS["title"])


@style()
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
        ``"map"`` of two axes; ``"list"`` of the first `MOST_ROWS` combinations. Default: the form
        that suits the axes.
    """
    if result.limits.empty:
        return write_instead(axes_on(ax, 4), SHARED["no_limit"], language)
    chosen = choose(limit, _limits(result), "limit")
    assert chosen is not None
    rows = result.limits[result.limits["limit"] == chosen]
    draw = {"lines": _lines, "map": _map, "list": _list}[form or _form(result)]
    return draw(result, rows, ax, language, _title(result, language, limit=chosen))


def _limits(result: Sweep) -> list[str]:
    return [] if result.limits.empty else list(dict.fromkeys(result.limits["limit"]))


def _form(result: Sweep) -> Form:
    if len(result.axes) > 2:
        return "list"
    few = len(result.axes) == 1 or len(result.axes[1].cells) <= MOST_LINES
    return "lines" if few else "map"


def _names(result: Sweep, language: Language, width: int) -> list[str]:
    """Return what each axis varies, in at most `width` columns."""
    named = Paths(Labels(result.scenario, language)).named
    return [one_line(named(axis.path), width) for axis in result.axes]


def _values(result: Sweep, number: int) -> tuple[list[Any], list[str]]:
    """Return the values of an axis, and their texts."""
    cells = list(result.axes[number].cells)
    return cells, [one_line(str(cell), 14) for cell in cells]


def _lines(
    result: Sweep, rows: pd.DataFrame, ax: Axes | None, language: Language, title: str
) -> Axes:
    ax = axes_on(ax, 8)
    first, written = _values(result, 0)
    numbers = all(isinstance(cell, int | float) for cell in first)
    x_of = {cell: (float(cell) if numbers else place) for place, cell in enumerate(first)}
    target = float(rows["target_share"].iloc[0])
    if len(result.axes) > 1:
        handles = _lines_of_values(ax, result, rows, x_of, language)
        handles.append(target_handle(language, target))
    else:
        _line(ax, rows, [x_of[cell] for cell in rows[result.axes[0].path]], 0)
        handles = share_handles(rows["verdict"], language, target)
    ax.axhline(target, **TARGET)
    share_axis(ax, min(float(rows["ci_low"].min()), target), language)
    ax.set_xticks(list(x_of.values()), written)
    ax.set_xlabel(_names(result, language, 60)[0])
    heading(ax, title, rows=legend(ax, handles, 3))
    return ax


def _lines_of_values(
    ax: Axes, result: Sweep, rows: pd.DataFrame, x_of: Mapping[Any, float], language: Language
) -> list[Artist]:
    """Draw a line for each value of the second axis, slightly apart; return their legend."""
    first, second = (axis.path for axis in result.axes)
    values, written = _values(result, 1)
    gap = float(min(np.diff(sorted(x_of.values())), default=1.0))
    handles: list[Artist] = []
    for number, (value, name) in enumerate(zip(values, written, strict=True)):
        own = rows[rows[second] == value]
        shift = (number - (len(values) - 1) / 2) * 0.06 * gap
        _line(ax, own, [x_of[cell] + shift for cell in own[first]], number, name)
        label = f"{_names(result, language, 30)[1]} = {name}"
        handles.append(line_handle(label, marker=MARKERS[number % len(MARKERS)], **_look(number)))
    return handles


def _look(number: int) -> dict[str, Any]:
    return {"color": SERIES[number % len(SERIES)], "linestyle": LINES[number % len(LINES)]}


def _line(
    ax: Axes, rows: pd.DataFrame, x: Sequence[float], number: int, name: str | None = None
) -> None:
    """Draw the shares of rows as a line; without a name, the points have verdict colours."""
    look = _look(number)
    ax.plot(x, rows["on_time_share"], linewidth=1.2, label=name or "", **look)
    for place, (_, row) in zip(x, rows.iterrows(), strict=True):
        colour, marker, filling = VERDICTS[row["verdict"]]
        if name is not None:
            colour, marker = look["color"], MARKERS[number % len(MARKERS)]
            filling = colour if row["verdict"] == "holds" else "white"
        ax.plot([place] * 2, [row["ci_low"], row["ci_high"]], color=colour, linewidth=2, alpha=0.5)
        ax.plot(place, row["on_time_share"], marker=marker, color=colour, markerfacecolor=filling)


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
    heat_map(ax, values, down, across, percent, tell(SHARED["on_time_axis"], language))
    ax.set_xticks(range(len(across)), across)
    named = _names(result, language, 60)
    ax.set_xlabel(named[1])
    ax.set_ylabel(folded(named[0], 30))
    heading(ax, title)
    return ax


def _list(
    result: Sweep, rows: pd.DataFrame, ax: Axes | None, language: Language, title: str
) -> Axes:
    paths = [axis.path for axis in result.axes]
    shown = [
        Row(
            folded(one_line(" · ".join(str(row[path]) for path in paths), 60), 34),
            row["on_time_share"], row["ci_low"], row["ci_high"], row["target_share"],
            row["verdict"],
        )
        for _, row in rows.head(MOST_ROWS).iterrows()
    ]  # fmt: skip
    ax = axes_on(ax, 2.6 + 0.6 * len(shown))
    share_rows(ax, shown, language)
    ax.set_ylabel("\n".join(_names(result, language, 50)))
    handles = share_handles((row.verdict for row in shown), language)
    heading(ax, title, rows=legend(ax, handles, 4))
    return ax


def _variants(result: Sweep) -> Mapping[str, Options]:
    return per_limit("sweep", _limits(result))


def _caption(result: Sweep, language: Language, *, limit: str) -> str:
    rows = result.limits[result.limits["limit"] == limit]
    verdicts = Counter(rows["verdict"])
    shares = rows["on_time_share"]
    return phrase(
        WORDS["caption"], language, limit=Names(result.scenario, language).limit(limit),
        count=len(rows), least=percent(float(shares.min())), most=percent(float(shares.max())),
        target=percent(float(rows["target_share"].iloc[0]), None), holds=verdicts["holds"],
        fails=verdicts["fails"], undecided=verdicts["undecided"],
    )  # fmt: skip


FIGURES: Final = (Figure("sweep", sweep, _variants, _title, _caption, by_limit=True),)
