"""Periods of the window along an axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sim.measures.periods import Period
from sim.report.drawing.words import tell
from sim.report.words import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LABELS: Final = 13


def place_periods(ax: Axes, periods: Sequence[Period], language: Language) -> None:
    """Write the names of periods below the axes; of many only some, evenly.

    The year stands below the first month or week, and below the first of a new year.
    """
    every = -(-len(periods) // MOST_LABELS)
    places = range(0, len(periods), every)
    months, labels, year = tell("months", language).split(), [], 0
    for period in (periods[place] for place in places):
        label = f"{period.first:%m-%d}"
        if period.kind == "month":
            label = months[period.first.month - 1]
        labels.append(f"{label}\n{period.first.year}" if period.first.year != year else label)
        year = period.first.year
    ax.set_xticks(list(places), labels)
    ax.set_xlim(-0.6, len(periods) - 0.4)
