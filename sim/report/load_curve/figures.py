"""On-time share against load, and the load at which a promise breaks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.experiments import LoadCurve
from sim.limits import ResolvedLimit
from sim.measures.crossing import Crossing, Point
from sim.report.drawing.axes import along, axes_on, heading, legend
from sim.report.drawing.intervals import (
    line_handle,
    nothing,
    patch_handle,
    percent_axis,
    target_handle,
)
from sim.report.drawing.labels import Names
from sim.report.drawing.style import BLUE, GREY, INK, RED, styled
from sim.report.drawing.words import tell
from sim.report.terminal import percent
from sim.report.words import Language

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

BAND = "#CFE3F1"
BROKEN = "#F6D5C3"


@styled
def load_curve(
    curve: LoadCurve,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the on-time share of one limit at every load that was simulated.

    Where the share crosses the target within the range, that load is marked with its interval.
    A load of 1 is the scenario as it is.

    Raises
    ------
    ValueError
        If there is no such limit.
    """
    chosen = chosen_limit(curve.resolved_limits, limit)
    ax = axes_on(ax, 8)
    points = [] if chosen is None else [each for each in curve.points(chosen) if each.cases]
    if chosen is None or not points:
        return nothing(ax, tell("no_limit" if chosen is None else "no_case", language))
    found = curve.crossing(chosen)
    handles = _lines(ax, points, chosen, language) + _breaking(ax, found, points, language)
    _axes(ax, points, curve.grid, chosen, language)
    label = Names(curve.scenario, language).limit(chosen.name)
    heading(ax, load_title(label, found, curve, language), rows=legend(ax, handles, 3))
    return ax


def chosen_limit(limits: Sequence[ResolvedLimit], limit: str | None) -> ResolvedLimit | None:
    """Return the limit of this name; the first if none is named; None if there are none.

    Raises
    ------
    ValueError
        If there is no such limit.
    """
    if limit is None:
        return next(iter(limits), None)
    found = {each.name: each for each in limits}
    if limit not in found:
        raise ValueError(f"no limit '{limit}'; there are: {', '.join(found) or 'none'}")
    return found[limit]


def load_title(label: str, found: Crossing, curve: LoadCurve, language: Language) -> str:
    """Say where the limit breaks."""
    return tell(
        f"load_{found.status}",
        language,
        limit=label,
        load=f"{found.load:.2f}",
        lowest=f"{curve.grid[0]:.2f}",
        highest=f"{curve.grid[-1]:.2f}",
    )


def _lines(
    ax: Axes, points: Sequence[Point], chosen: ResolvedLimit, language: Language
) -> list[Artist]:
    loads = [each.load for each in points]
    ax.fill_between(
        loads,
        [each.low for each in points],
        [each.high for each in points],
        color=BAND,
        linewidth=0,
    )
    ax.plot(loads, [each.share for each in points], "o-", color=BLUE, markersize=4.5, label="share")
    ax.axhline(chosen.target_share, color=INK, linewidth=1.2, linestyle=(0, (2, 1)))
    return [
        line_handle(tell("on_time", language), color=BLUE, marker="o", markersize=4.5),
        patch_handle(tell("interval", language, confidence=percent(chosen.confidence, None)), BAND),
        target_handle(language, chosen.target_share),
    ]


def _breaking(
    ax: Axes, found: Crossing, points: Sequence[Point], language: Language
) -> list[Artist]:
    handles: list[Artist] = []
    lowest, highest = points[0].load, points[-1].load
    if lowest <= 1 <= highest:
        ax.axvline(1, color=GREY, linewidth=1, linestyle=":")
        handles.append(line_handle(tell("today", language), color=GREY, linewidth=1, linestyle=":"))
    if found.status == "breaks":
        low, high = max(found.low, lowest), min(found.high, highest)
        ax.axvspan(low, high, color=BROKEN, linewidth=0, zorder=0, label="interval of the load")
        ax.axvline(found.load, color=RED, linewidth=1.4, label="breaks")
        high_text = "∞" if math.isinf(found.high) else f"{found.high:.2f}"
        text = tell(
            "breaks_at", language, load=f"{found.load:.2f}", low=f"{found.low:.2f}", high=high_text
        )
        handles.append(line_handle(text, color=RED, linewidth=1.4))
    return handles


def _axes(
    ax: Axes,
    points: Sequence[Point],
    grid: Sequence[float],
    chosen: ResolvedLimit,
    language: Language,
) -> None:
    from matplotlib.ticker import NullLocator

    ax.set_xscale("log")
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xticks(list(grid), [f"× {load:.2g}" if load < 10 else f"× {load:.0f}" for load in grid])
    ax.set_xlim(points[0].load / 1.02, points[-1].load * 1.02)
    least = min(*(each.low for each in points), chosen.target_share)
    ax.set_ylim(max(-0.02, least - 0.05 * (1 - least) - 0.005), 1 + 0.03 * (1.01 - least))
    percent_axis(ax.yaxis)
    ax.set_xlabel(tell("load_axis", language))
    ax.set_ylabel(tell("on_time_axis", language))
    along(ax, "y")
