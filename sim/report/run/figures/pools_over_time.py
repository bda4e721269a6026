"""How load, queues and waiting of the pools change from period to period."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from sim.experiments import Result
from sim.report.drawing.axes import axes_on, grid_along, heading, legend
from sim.report.drawing.figure import Figure, Options, choose, fixed_title
from sim.report.drawing.heat_map import heat_map
from sim.report.drawing.intervals import line_handle, write_instead
from sim.report.drawing.labels import Names, one_line, row_height_cm
from sim.report.drawing.periods import place_periods
from sim.report.drawing.style import LINES, MARKERS, SERIES, styled
from sim.report.drawing.words import Words, tell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.run.figures.pools import MOST_POOLS, pool_labels, used_pools
from sim.report.run.figures.pools import WORDS as POOL_WORDS
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LINES: Final = 6
PoolMeasure = Literal["utilisation", "mean_wait_h", "mean_queue"]
WORDS: Final[Words] = {
    "period": ("Period", "时段"),
    "queues": ("The longest queues over time", "最长队列的变化"),
    "utilisation": ("How busy the pools are over time", "各岗位忙碌率的变化"),
    "mean_wait_h": ("Waiting before the pools over time", "各岗位等待的变化"),
    "mean_queue": ("Queues before the pools over time", "各岗位排队的变化"),
    "utilisation_scale": ("Busy, %", "忙碌率,%"),
    "mean_wait_h_scale": ("Mean wait, hours", "平均等待,小时"),
    "mean_queue_scale": ("Mean queue, items", "平均排队,件"),
    "caption_queues": (
        "The longest queue is before {pool} in {period}: {most} items on average.",
        "最长的队列在{pool},{period} 平均 {most} 件。",
    ),
    "caption_load": (
        "Of the pools and periods shown, {pool} in {period} is the busiest: {value} of its "
        "rostered time.",
        "所列岗位与时段中,{pool}在 {period} 最忙:忙碌率 {value}。",
    ),
}
_queues_title = fixed_title(WORDS["queues"])


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
    for pool in pools or ():
        choose(pool, result.pools_over_time, "pool")
    chosen = longest_queues(result) if pools is None else list(pools)
    ax = axes_on(ax, 7.5)
    if not chosen:
        return write_instead(ax, tell(POOL_WORDS["no_work"], language))
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
        handles.append(line_handle(one_line(names.pool(name), 38), **look))
    place_periods(ax, result.periods, language)
    ax.set_ylim(bottom=0)
    ax.set_ylabel(tell(POOL_WORDS["queue"], language).replace("\n", ", "))
    ax.set_xlabel(tell(WORDS["period"], language))
    grid_along(ax, "y")
    heading(ax, _queues_title(result, language), rows=legend(ax, handles, 2))
    return ax


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
    rows = pool_labels(result, shown, language)
    ax = axes_on(ax, 2.4 + row_height_cm(rows) * max(len(shown), 3))
    if not shown:
        return write_instead(ax, tell(POOL_WORDS["no_work"], language))
    values = np.array([getattr(result.pools_over_time[pool.name], measure) for pool in shown])
    heat_map(
        ax, values, rows, [period.label for period in result.periods], _written(measure),
        tell(WORDS[f"{measure}_scale"], language), low=0.0,
        high=1.0 if measure == "utilisation" and not (values > 1).any() else None,
    )  # fmt: skip
    place_periods(ax, result.periods, language)
    ax.set_xlim(-0.5, len(result.periods) - 0.5)
    heading(ax, _map_title(result, language, measure=measure))
    return ax


def _written(measure: PoolMeasure) -> Callable[[float], str]:
    def write(value: float) -> str:
        if not math.isfinite(value):
            return "–"
        if measure == "utilisation":
            return f"{100 * value:.0f}"
        return f"{value:.1f}" if value < 99.95 else f"{value:.0f}"

    return write


def _map_variants(result: Result) -> Mapping[str, Options]:
    shown = len(result.periods) > 1 and bool(used_pools(result))
    return {"pools-over-time": {"measure": "utilisation"}} if shown else {}


def _map_title(_result: Result, language: Language, *, measure: PoolMeasure) -> str:
    return tell(WORDS[measure], language)


def _map_caption(result: Result, language: Language, *, measure: PoolMeasure) -> str:
    pools = [pool.name for pool in used_pools(result)[:MOST_POOLS]]
    values = np.array([getattr(result.pools_over_time[pool], measure) for pool in pools])
    row, column = np.unravel_index(int(np.argmax(np.nan_to_num(values))), values.shape)
    return phrase(
        WORDS["caption_load"],
        language,
        pool=Names(result.scenario, language).pool(pools[int(row)]),
        period=result.periods[int(column)].label,
        value=percent(float(values[row, column]), 0),
    )


def _queues_variants(result: Result) -> Mapping[str, Options]:
    return {"queues": {}} if len(result.periods) > 1 and longest_queues(result) else {}


def _queues_caption(result: Result, language: Language) -> str:
    queue_of = {pool: result.pools_over_time[pool].mean_queue for pool in longest_queues(result)}
    longest = max(queue_of, key=lambda pool: queue_of[pool].max())
    place = int(np.argmax(queue_of[longest]))
    return phrase(
        WORDS["caption_queues"],
        language,
        pool=Names(result.scenario, language).pool(longest),
        period=result.periods[place].label,
        most=f"{queue_of[longest][place]:.1f}",
    )


POOLS_HEAT_MAP: Final = Figure(
    "pools_heat_map", pools_heat_map, _map_variants, _map_title, _map_caption
)
QUEUE_OVER_TIME: Final = Figure(
    "queue_over_time", queue_over_time, _queues_variants, _queues_title, _queues_caption
)
