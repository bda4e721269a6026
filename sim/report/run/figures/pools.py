"""How busy the pools of a run are, and how long items wait, in all and over time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from sim.arrays import Floats
from sim.experiments import PoolSummary, Result
from sim.report.drawing.axes import axes_on, beside, grid_along, heading, rows_on, write_instead
from sim.report.drawing.figure import Figure, Options, choose, titled
from sim.report.drawing.heat_map import heat_map
from sim.report.drawing.intervals import percent_axis, text_after_bar
from sim.report.drawing.labels import Names, folded, one_line, row_height_cm
from sim.report.drawing.legends import legend, line_handle
from sim.report.drawing.style import BLUE, GREY, INK, LINES, MARKERS, SERIES, SKY, style
from sim.report.drawing.time_axis import place_periods
from sim.report.drawing.words import Words, tell
from sim.report.language import Language
from sim.report.numbers import percent, rounded
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_POOLS: Final = 15
MOST_LINES: Final = 6
INSIDE: Final = 0.5
"""Utilisation from which the number is inside the bar, away from the line of 100 %."""
PoolMeasure = Literal["utilisation", "mean_wait_h", "mean_queue"]
WORDS: Final[Words] = {
    "title": ("How busy the pools are", "各岗位的忙碌程度"),
    "title_of": ("The {shown} busiest of {count} pools", "{count} 个岗位中最忙的 {shown} 个"),
    "no_work": ("No pool had work.", "没有岗位办过件。"),
    "busy": ("Busy\nshare of rostered time", "忙碌率\n占排班时间"),
    "wait": ("Mean wait\nhours", "平均等待\n小时"),
    "queue": ("Mean queue\nitems", "平均排队\n件"),
    "caption": (
        "The busiest pool is {first}: {busy} of its rostered time, mean wait {wait} h, mean queue "
        "{queue}. The dashed line is the full rostered time.",
        "最忙的岗位是{first}:忙碌率 {busy},平均等待 {wait} 小时,平均排队 {queue} 件。"
        "虚线为全部排班时间。",
    ),
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
_queues_title = titled(WORDS["queues"])


def _used(result: Result) -> list[PoolSummary]:
    """Return the pools that had work, busiest first."""
    return [pool for pool in result.pool_summaries if pool.items]


def _labels(result: Result, pools: Sequence[PoolSummary], language: Language) -> list[str]:
    names = Names(result.scenario, language)
    return [folded(names.pool(pool.name), 32) for pool in pools]


@style()
def pool_load(result: Result, *, ax: Axes | None = None, language: Language = "en") -> Axes:
    """Draw the utilisation of the pools beside mean wait and mean queue, busiest first.

    The function returns the axes of the utilisation.
    """
    shown = _used(result)[:MOST_POOLS]
    ax = rows_on(ax, _labels(result, shown, language), 0.52, margin=2.0, least=3)
    if not shown:
        return write_instead(ax, WORDS["no_work"], language)
    waits, queues = beside(ax, 0.28, 0.28)
    panels = (
        (ax, "busy", "utilisation", BLUE),
        (waits, "wait", "mean_wait_h", SKY),
        (queues, "queue", "mean_queue", GREY),
    )
    for panel, key, measure, colour in panels:
        values = [float(getattr(pool, measure)) for pool in shown]
        known = np.nan_to_num(np.array(values))
        panel.barh(range(len(shown)), known, height=0.68, color=colour)
        busy = panel is ax
        for place, value in enumerate(values):
            text = percent(value, 0) if busy else rounded(value, 1)
            text_after_bar(panel, known[place], place, text, inside=busy and value > INSIDE)
        panel.set_xlim(0, max(float(known.max()), 1.0 if busy else 0.1) * 1.2)
        panel.set_xlabel(tell(WORDS[key], language))
        grid_along(panel, "x")
    percent_axis(ax.xaxis, ticks=3)
    ax.axvline(1, color=INK, linewidth=0.8, linestyle=(0, (2, 1)))
    heading(ax, _load_title(result, language))
    return ax


def _load_title(result: Result, language: Language) -> str:
    count = len(_used(result))
    key = "title" if count <= MOST_POOLS else "title_of"
    return tell(WORDS[key], language, shown=MOST_POOLS, count=count)


def _load_caption(result: Result, language: Language) -> str:
    first = _used(result)[0]
    return phrase(
        WORDS["caption"], language, first=Names(result.scenario, language).pool(first.name),
        busy=percent(first.utilisation, 0), wait=rounded(first.mean_wait_h, 1),
        queue=f"{first.mean_queue:.1f}",
    )  # fmt: skip


@style()
def pools_heat_map(
    result: Result,
    measure: PoolMeasure = "utilisation",
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw one measure of the busiest pools in every period of the window."""
    shown = _used(result)[:MOST_POOLS]
    rows = _labels(result, shown, language)
    ax = axes_on(ax, 2.4 + row_height_cm(rows) * max(len(shown), 3))
    if not shown:
        return write_instead(ax, WORDS["no_work"], language)
    values = _over_time(result, shown, measure)
    heat_map(
        ax, values, rows, [period.label for period in result.periods], partial(_written, measure),
        tell(WORDS[f"{measure}_scale"], language), low=0.0,
        high=1.0 if measure == "utilisation" and not (values > 1).any() else None,
    )  # fmt: skip
    place_periods(ax, result.periods, language)
    ax.set_xlim(-0.5, len(result.periods) - 0.5)
    heading(ax, _map_title(result, language, measure=measure))
    return ax


def _over_time(result: Result, pools: Sequence[PoolSummary], measure: PoolMeasure) -> Floats:
    return np.array([getattr(result.pools_over_time[pool.name], measure) for pool in pools])


def _written(measure: PoolMeasure, value: float) -> str:
    if not math.isfinite(value):
        return "–"
    if measure == "utilisation":
        return f"{100 * value:.0f}"
    return f"{value:.1f}" if value < 99.95 else f"{value:.0f}"


def _map_variants(result: Result) -> Mapping[str, Options]:
    shown = len(result.periods) > 1 and bool(_used(result))
    return {"pools-over-time": {"measure": "utilisation"}} if shown else {}


def _map_title(_result: Result, language: Language, *, measure: PoolMeasure) -> str:
    return tell(WORDS[measure], language)


def _map_caption(result: Result, language: Language, *, measure: PoolMeasure) -> str:
    pools = _used(result)[:MOST_POOLS]
    values = _over_time(result, pools, measure)
    row, column = np.unravel_index(int(np.argmax(np.nan_to_num(values))), values.shape)
    return phrase(
        WORDS["caption_load"], language, period=result.periods[int(column)].label,
        pool=Names(result.scenario, language).pool(pools[int(row)].name),
        value=percent(float(values[row, column]), 0),
    )  # fmt: skip


@style()
def queue_over_time(
    result: Result,
    pools: Sequence[str] | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the mean queue of some pools in every period of the window.

    The default pools are those with the longest queues, at most `MOST_LINES`.
    """
    for pool in pools or ():
        choose(pool, result.pools_over_time, "pool")
    chosen = longest_queues(result) if pools is None else list(pools)
    ax = axes_on(ax, 7.5)
    if not chosen:
        return write_instead(ax, WORDS["no_work"], language)
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
    ax.set_ylabel(tell(WORDS["queue"], language).replace("\n", ", "))
    ax.set_xlabel(tell(WORDS["period"], language))
    grid_along(ax, "y")
    heading(ax, _queues_title(result, language), rows=legend(ax, handles, 2))
    return ax


def longest_queues(result: Result) -> list[str]:
    """Return the pools with the longest queues over the whole window, at most `MOST_LINES`."""
    used = sorted(_used(result), key=lambda pool: (-pool.mean_queue, pool.name))
    return [pool.name for pool in used if pool.mean_queue > 0][:MOST_LINES]


def _queues_caption(result: Result, language: Language) -> str:
    queue_of = {pool: result.pools_over_time[pool].mean_queue for pool in longest_queues(result)}
    longest = max(queue_of, key=lambda pool: queue_of[pool].max())
    place = int(np.argmax(queue_of[longest]))
    return phrase(
        WORDS["caption_queues"], language, period=result.periods[place].label,
        pool=Names(result.scenario, language).pool(longest),
        most=f"{queue_of[longest][place]:.1f}",
    )  # fmt: skip


POOL_LOAD: Final = Figure(
    "pool_load", pool_load, lambda result: {"pools": {}} if _used(result) else {}, _load_title,
    _load_caption,
)  # fmt: skip
POOLS_HEAT_MAP: Final = Figure(
    "pools_heat_map", pools_heat_map, _map_variants, _map_title, _map_caption
)
QUEUE_OVER_TIME: Final = Figure(
    "queue_over_time", queue_over_time,
    lambda result: {"queues": {}} if len(result.periods) > 1 and longest_queues(result) else {},
    _queues_title, _queues_caption,
)  # fmt: skip
