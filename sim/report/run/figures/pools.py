"""How busy the pools of a run are, and how long items wait, over the whole window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.experiments import PoolSummary, Result
from sim.report.drawing.axes import axes_on, beside, grid_along, heading
from sim.report.drawing.figure import Figure, Options
from sim.report.drawing.intervals import percent_axis, row_labels, text_after_bar, write_instead
from sim.report.drawing.labels import Names, folded, row_height_cm
from sim.report.drawing.style import BLUE, GREY, INK, SKY, styled
from sim.report.drawing.words import Words, tell
from sim.report.language import Language
from sim.report.numbers import percent, rounded
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_POOLS: Final = 15
INSIDE: Final = 0.5
"""Utilisation from which its number stands inside the bar, away from the line of 100 %."""
LABEL: Final = 32
"""Columns of a line of a label."""
WORDS: Final[Words] = {
    "title": ("How busy the pools are", "各岗位的忙碌程度"),
    "title_of": ("The {shown} busiest of {count} pools", "{count} 个岗位中最忙的 {shown} 个"),
    "no_work": ("No pool had work.", "没有岗位办过件。"),
    "utilisation": ("Busy\nshare of rostered time", "忙碌率\n占排班时间"),
    "wait": ("Mean wait\nhours", "平均等待\n小时"),
    "queue": ("Mean queue\nitems", "平均排队\n件"),
    "caption": (
        "The busiest pool is {first}: {busy} of its rostered time, mean wait {wait} h, mean queue "
        "{queue}. The dashed line is the full rostered time.",
        "最忙的岗位是{first}:忙碌率 {busy},平均等待 {wait} 小时,平均排队 {queue} 件。"
        "虚线为全部排班时间。",
    ),
}


def used_pools(result: Result) -> list[PoolSummary]:
    """Return the pools that had work, busiest first."""
    return [pool for pool in result.pool_summaries if pool.items]


@styled
def pool_load(result: Result, *, ax: Axes | None = None, language: Language = "en") -> Axes:
    """Draw how busy the pools are and, beside, mean wait and mean queue, busiest first.

    Returns
    -------
    Axes
        Those of the bars of utilisation.
    """
    used = used_pools(result)
    shown = used[:MOST_POOLS]
    labels = pool_labels(result, shown, language)
    ax = axes_on(ax, 2.0 + row_height_cm(labels) * max(len(shown), 3))
    if not shown:
        return write_instead(ax, tell(WORDS["no_work"], language))
    waits, queues = beside(ax, 0.28, 0.28)
    places = range(len(shown))
    panels = (
        (ax, [pool.utilisation for pool in shown], BLUE, "utilisation"),
        (waits, [pool.mean_wait_h for pool in shown], SKY, "wait"),
        (queues, [pool.mean_queue for pool in shown], GREY, "queue"),
    )
    for panel, values, colour, key in panels:
        known = np.nan_to_num(np.array(values, np.float64))
        panel.barh(places, known, height=0.68, color=colour)
        for place, value in enumerate(values):
            busy = panel is ax
            text = percent(value, 0) if busy else rounded(value, 1)
            text_after_bar(panel, known[place], place, text, inside=busy and value > INSIDE)
        panel.set_xlim(0, max(float(known.max()), 1.0 if busy else 0.1) * 1.2)
        panel.set_xlabel(tell(WORDS[key], language))
        grid_along(panel, "x")
    percent_axis(ax.xaxis, ticks=3)
    ax.axvline(1, color=INK, linewidth=0.8, linestyle=(0, (2, 1)))
    row_labels(ax, labels)
    heading(ax, _title(result, language))
    return ax


def pool_labels(result: Result, pools: Sequence[PoolSummary], language: Language) -> list[str]:
    """Return the labels of pools, folded."""
    names = Names(result.scenario, language)
    return [folded(names.pool(pool.name), LABEL) for pool in pools]


def _variants(result: Result) -> Mapping[str, Options]:
    return {"pools": {}} if used_pools(result) else {}


def _title(result: Result, language: Language) -> str:
    count = len(used_pools(result))
    key = "title" if count <= MOST_POOLS else "title_of"
    return tell(WORDS[key], language, shown=MOST_POOLS, count=count)


def _caption(result: Result, language: Language) -> str:
    first = used_pools(result)[0]
    return phrase(
        WORDS["caption"],
        language,
        first=Names(result.scenario, language).pool(first.name),
        busy=percent(first.utilisation, 0),
        wait=rounded(first.mean_wait_h, 1),
        queue=f"{first.mean_queue:.1f}",
    )


POOL_LOAD: Final = Figure("pool_load", pool_load, _variants, _title, _caption)
