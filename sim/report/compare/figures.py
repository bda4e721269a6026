"""Differences from a reference scenario on the same cases."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from sim.experiments import Comparison, Difference
from sim.experiments.compare.differences import KINDS, Measure
from sim.report.drawing.axes import along, axes_on, heading, legend
from sim.report.drawing.intervals import at_right, line_handle, nothing, points_axis, signed
from sim.report.drawing.labels import LONG, Names, folded, row_cm, tame
from sim.report.drawing.style import GREEN, GREY, INK, RED, styled
from sim.report.drawing.words import tell
from sim.report.words import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_ROWS: Final = 20
SHARES: Final = ("on_time_share", "utilisation")
LOOKS: Final = {1: (GREEN, "o", GREEN), -1: (RED, "X", RED), 0: (GREY, "D", "white")}
"""Better, worse, not proven: colour, marker, its filling."""


def gain(each: Difference) -> int:
    """Return +1 if the scenario is proven to be better, -1 if worse, else 0.

    Of how busy a pool is neither is better: that more is proven counts as +1.
    """
    better = 1 if each.measure in SHARES else -1
    return better * each.difference.sign


@styled
def differences(
    comparison: Comparison,
    measure: Measure = "on_time_share",
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw every difference of one measure with its interval; all of them hold together.

    Of more than `MOST_ROWS`, the largest are shown.

    Raises
    ------
    ValueError
        If there is no such measure.
    """
    if measure not in KINDS:
        raise ValueError(f"no measure '{measure}'; there are: {', '.join(KINDS)}")
    shown = differences_of(comparison, measure)
    labels = [folded(_label(comparison, each, language), 34) for each in shown]
    ax = axes_on(ax, 2.6 + row_cm(labels, 0.62) * max(len(shown), 2))
    if not shown:
        return nothing(ax, tell("no_difference", language))
    shares = measure in SHARES
    for place, each in enumerate(shown):
        colour, marker, filling = LOOKS[gain(each)]
        if math.isfinite(each.difference.low):
            ax.plot([each.difference.low, each.difference.high], [place] * 2, color=colour,
                    linewidth=2.2, alpha=0.55, solid_capstyle="round")  # fmt: skip
        ax.plot(each.difference.value, place, marker=marker, color=colour, markerfacecolor=filling,
                markersize=6.5)  # fmt: skip
        at_right(ax, place, signed((100 if shares else 1) * each.difference.value, 1))
    ax.axvline(0, color=INK, linewidth=1)
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    if shares:
        points_axis(ax.xaxis)
    ax.set_xlabel(tell(f"difference_{measure}", language))
    along(ax, "x")
    keys = {1: "proven_better", -1: "proven_worse", 0: "not_proven"}
    if measure == "utilisation":
        keys |= {1: "proven_more", -1: "proven_less"}
    signs = {gain(each) for each in shown}
    handles = [
        line_handle(
            tell(keys[sign], language), color=colour, marker=marker, markerfacecolor=filling
        )
        for sign, (colour, marker, filling) in LOOKS.items()
        if sign in signs
    ]
    title = tell("differences_title", language, reference=tame(comparison.reference))
    heading(ax, title, rows=legend(ax, handles, 3))
    return ax


def differences_of(comparison: Comparison, measure: Measure) -> list[Difference]:
    """Return the differences that are shown, by limit or pool; of too many the largest."""
    found = [
        each
        for each in comparison.differences
        if each.measure == measure and math.isfinite(each.difference.value)
    ]
    order = list(dict.fromkeys(each.of for each in found))
    largest = sorted(found, key=lambda each: -abs(each.difference.value))[:MOST_ROWS]
    return [each for of in order for each in found if each.of == of and each in largest]


def _label(comparison: Comparison, each: Difference, language: Language) -> str:
    names = Names(comparison.results[comparison.reference].scenario, language)
    of_pool = each.measure in {"mean_wait_h", "utilisation"}
    of = names.pool(each.of) if of_pool else names.limit(each.of)
    return tame(f"{tame(each.scenario, 30)}: {of}", LONG + 20)
