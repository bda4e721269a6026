"""Pools: how busy they are, what waits before them, and how that changes over the window."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from sim.experiments import PoolSummary, Result
from sim.report.drawing.axes import along, axes_on, beside, heading, legend
from sim.report.drawing.heat_map import heat
from sim.report.drawing.intervals import at_end, line_handle, nothing, percent_axis
from sim.report.drawing.labels import Names, folded, row_cm, tame
from sim.report.drawing.periods import place_periods
from sim.report.drawing.style import BLUE, GREY, INK, LINES, MARKERS, SERIES, SKY, styled
from sim.report.drawing.words import tell
from sim.report.terminal import percent, rounded
from sim.report.words import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_POOLS: Final = 15
MOST_LINES: Final = 6
INSIDE: Final = 0.5
"""From so busy on, the number stands in the bar: behind it, it would meet the line of 100 %."""
LABEL: Final = 32
"""Columns of a line of a label."""
PoolMeasure = Literal["utilisation", "mean_wait_h", "mean_queue"]


def used_pools(result: Result) -> list[PoolSummary]:
    """Return the pools that had work, busiest first."""
    return [pool for pool in result.pool_summaries if pool.items]


@styled
def pool_load(result: Result, *, ax: Axes | None = None, language: Language = "en") -> Axes:
    """Draw how busy the pools are, and beside it mean wait and mean queue, busiest first.

    Returns
    -------
    Axes
        Those of the bars of utilisation.
    """
    used = used_pools(result)
    shown = used[:MOST_POOLS]
    labels = _labels(result, shown, language)
    ax = axes_on(ax, 2.0 + row_cm(labels) * max(len(shown), 3))
    if not shown:
        return nothing(ax, tell("no_work", language))
    waits, queues = beside(ax, 0.28, 0.28)
    places = range(len(shown))
    panels = (
        (ax, [each.utilisation for each in shown], BLUE, "utilisation_axis"),
        (waits, [each.mean_wait_h for each in shown], SKY, "wait_axis"),
        (queues, [each.mean_queue for each in shown], GREY, "queue_axis"),
    )
    for panel, values, colour, key in panels:
        known = np.nan_to_num(np.array(values, np.float64))
        panel.barh(places, known, height=0.68, color=colour)
        for place, value in enumerate(values):
            busy = panel is ax
            text = percent(value, 0) if busy else rounded(value, 1)
            at_end(panel, known[place], place, text, inside=busy and value > INSIDE)
        panel.set_xlim(0, max(float(known.max()), 1.0 if busy else 0.1) * 1.2)
        panel.set_xlabel(tell(key, language))
        along(panel, "x")
    percent_axis(ax.xaxis, ticks=3)
    ax.axvline(1, color=INK, linewidth=0.8, linestyle=(0, (2, 1)))
    ax.set_yticks(places, labels)
    ax.set_ylim(len(shown) - 0.4, -0.6)
    heading(ax, pools_title(len(shown), len(used), language))
    return ax


def _labels(result: Result, pools: Sequence[PoolSummary], language: Language) -> list[str]:
    names = Names(result.scenario, language)
    return [folded(names.pool(each.name), LABEL) for each in pools]


def pools_title(shown: int, used: int, language: Language) -> str:
    """Say of how many pools the figure is."""
    key = "pools_title" if shown == used else "pools_title_of"
    return tell(key, language, shown=shown, all=used)


@styled
def queue_over_time(
    result: Result,
    pools: Sequence[str] | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the mean queue of some pools in every period of the window.

    Parameters
    ----------
    pools
        Their names; default: those with the longest queues, at most `MOST_LINES`.

    Raises
    ------
    ValueError
        If there is no such pool.
    """
    chosen = _chosen(result, pools)
    ax = axes_on(ax, 7.5)
    if not chosen:
        return nothing(ax, tell("no_work", language))
    names = Names(result.scenario, language)
    handles = []
    for number, name in enumerate(chosen):
        look: dict[str, Any] = {
            "color": SERIES[number % len(SERIES)],
            "marker": MARKERS[number % len(MARKERS)],
            "linestyle": LINES[number // len(SERIES) % len(LINES)],
        }
        queue = result.pools_over_time[name].mean_queue
        ax.plot(range(len(queue)), queue, label=name, **look)
        handles.append(line_handle(tame(names.pool(name), 38), **look))
    place_periods(ax, result.periods, language)
    ax.set_ylim(bottom=0)
    ax.set_ylabel(tell("queue_axis", language).replace("\n", ", "))
    ax.set_xlabel(tell("period", language))
    along(ax, "y")
    heading(ax, tell("queue_title", language), rows=legend(ax, handles, 2))
    return ax


def _chosen(result: Result, pools: Sequence[str] | None) -> list[str]:
    known = result.pools_over_time
    if pools is not None:
        unknown = [name for name in pools if name not in known]
        if unknown:
            raise ValueError(f"no pool '{unknown[0]}'; there are: {', '.join(known)}")
        return list(pools)
    return longest_queues(result)


def longest_queues(result: Result) -> list[str]:
    """Return the pools with the longest queues over the whole window, at most `MOST_LINES`."""
    used = sorted(used_pools(result), key=lambda pool: (-pool.mean_queue, pool.name))
    return [pool.name for pool in used if pool.mean_queue > 0][:MOST_LINES]


@styled
def pools_heat_map(
    result: Result,
    measure: PoolMeasure = "utilisation",
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw one measure of the busiest pools in every period of the window."""
    used = used_pools(result)
    shown = used[:MOST_POOLS]
    rows = _labels(result, shown, language)
    ax = axes_on(ax, 2.4 + row_cm(rows) * max(len(shown), 3))
    if not shown:
        return nothing(ax, tell("no_work", language))
    values = np.array([getattr(result.pools_over_time[each.name], measure) for each in shown])
    heat(
        ax, values, rows, [each.label for each in result.periods], _written(measure),
        tell(f"{measure}_scale", language), low=0.0,
        high=1.0 if measure == "utilisation" and not (values > 1).any() else None,
    )  # fmt: skip
    place_periods(ax, result.periods, language)
    ax.set_xlim(-0.5, len(result.periods) - 0.5)
    heading(ax, tell(f"{measure}_title", language))
    return ax


def _written(measure: PoolMeasure) -> Callable[[float], str]:
    def write(value: float) -> str:
        if not math.isfinite(value):
            return "–"
        if measure == "utilisation":
            return f"{100 * value:.0f}"
        return f"{value:.1f}" if value < 99.95 else f"{value:.0f}"

    return write
