"""Periods of the window along an axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sim.measures.periods import Period
from sim.report.drawing.words import Words, tell
from sim.report.language import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LABELS: Final = 13
_MONTH: Final = len("2021-03")
WORDS: Final[Words] = {
    "months": (
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
    ),
}


def place_periods(ax: Axes, periods: Sequence[Period], language: Language) -> None:
    """Write the names of periods below the axes, at most `MOST_LABELS` evenly spaced ones.

    The year stands below the first month or week, and below the first of a new year.
    """
    every = -(-len(periods) // MOST_LABELS)
    places = range(0, len(periods), every)
    months, labels, year = tell(WORDS["months"], language).split(), [], 0
    for period in (periods[place] for place in places):
        label = f"{period.first:%m-%d}"
        if period.kind == "month":
            label = months[period.first.month - 1]
        labels.append(f"{label}\n{period.first.year}" if period.first.year != year else label)
        year = period.first.year
    ax.set_xticks(list(places), labels)
    ax.set_xlim(-0.6, len(periods) - 0.4)
