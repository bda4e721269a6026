"""Time along an axis: dates in round steps, periods, and lanes for what overlaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from sim.engine.contract import DAY_S
from sim.measures.periods import Period
from sim.report.drawing.axes import room_pt
from sim.report.drawing.fonts import families
from sim.report.drawing.words import tell
from sim.report.language import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LABELS: Final = 13
LABEL_PT: Final = 21
"""Width of the name of a month and the gap after it."""
MONTHS: Final = (
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
)


def time_axis(ax: Axes, first: int, last: int, instant_of: Callable[[int], dt.datetime]) -> None:
    """Write dates and times below the axes, about seven of them.

    `first` and `last` are seconds from the first simulated midnight; `instant_of` turns seconds
    into the local date and time. The axis counts days.
    """
    room = 0.015 * (last - first)
    ax.set_xlim((first - room) / DAY_S, (last + room) / DAY_S)
    step = _step((last - first) / 6)
    ticks = range(-(-first // step) * step, last + 1, step)
    labels, before = [], ""
    for tick in ticks:
        instant = instant_of(tick)
        short, long = ("%H:%M", "%Y-%m-%d") if step < DAY_S else ("%m-%d", "%Y")
        label, below = f"{instant:{short}}", f"{instant:{long}}"
        labels.append(label if below == before else f"{label}\n{below}")
        before = below
    ax.set_xticks([tick / DAY_S for tick in ticks], labels)
    ax.tick_params(labelfontfamily=list(families()))


def _step(seconds: float) -> int:
    """Return a round number of seconds between ticks: minutes, hours, days or weeks."""
    steps = (
        *(60 * minutes for minutes in (5, 10, 15, 30, 60, 120, 180, 360, 720)),
        *(DAY_S * days for days in (1, 2, 7, 14, 28, 56, 91, 182)),
    )
    return next((step for step in steps if step >= seconds), 364 * DAY_S)


def place_periods(ax: Axes, periods: Sequence[Period], language: Language) -> None:
    """Write the names of periods below the axes, at most `MOST_LABELS` evenly spaced ones.

    The year stands below the first month or week, and below the first of a new year.
    """
    every = -(-len(periods) // MOST_LABELS)
    while len(periods) * LABEL_PT > every * room_pt(ax):
        every += 1
    places = range(0, len(periods), every)
    months, labels, year = tell(MONTHS, language).split(), [], 0
    for period in (periods[place] for place in places):
        month = months[period.first.month - 1]
        label = month if period.kind == "month" else f"{period.first:%m-%d}"
        labels.append(f"{label}\n{period.first.year}" if period.first.year != year else label)
        year = period.first.year
    ax.set_xticks(list(places), labels)
    ax.set_xlim(-0.6, len(periods) - 0.4)


def lanes(spans: Sequence[tuple[float, float]]) -> list[int]:
    """Return for each span, ordered by start, the first lane that is free at its start."""
    free_from: list[float] = []
    lane_of = []
    for begin, end in spans:
        lane = next((n for n, free in enumerate(free_from) if free <= begin), len(free_from))
        free_from[lane : lane + 1] = [end]
        lane_of.append(lane)
    return lane_of
