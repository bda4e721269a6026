"""Dates and times along an axis, in round steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.engine.contract import DAY_S
from sim.report.drawing.fonts import families

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def time_axis(ax: Axes, first: int, last: int, instant_of: Callable[[int], dt.datetime]) -> None:
    """Write dates and times below the axes, about seven of them.

    Parameters
    ----------
    first, last
        Seconds from the first simulated midnight; the axis counts days.
    instant_of
        Returns the local date and time of such a second.
    """
    room = 0.015 * (last - first)
    ax.set_xlim((first - room) / DAY_S, (last + room) / DAY_S)
    step = _step((last - first) / 6)
    ticks = range(-(-first // step) * step, last + 1, step)
    labels, before = [], ""
    for tick in ticks:
        instant = instant_of(tick)
        within_a_day = step < DAY_S
        label, below = (
            (f"{instant:%H:%M}", f"{instant:%Y-%m-%d}")
            if within_a_day
            else (f"{instant:%m-%d}", f"{instant:%Y}")
        )
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
