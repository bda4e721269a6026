"""The share of the variance that each parameter explains (Sobol)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from sim.experiments import Sensitivity
from sim.measures.contrasts import Estimate
from sim.report.drawing.axes import heading, legend
from sim.report.drawing.figure import Figure, Options, limit_title
from sim.report.drawing.intervals import line_handle, percent_axis
from sim.report.drawing.labels import LONG, Names, one_line
from sim.report.drawing.style import BLUE, INK, ORANGE, styled
from sim.report.drawing.words import Words, tell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.sensitivity.figures.rows import of_limit, parameter_rows, variants_of
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WORDS: Final[Words] = {
    "title": ("{limit}: shares of the variance", "{limit}:方差份额"),
    "axis": ("Share of the variance of the on-time share", "占按期率方差的份额"),
    "first": ("alone (S1)", "单独(S1)"),
    "total": ("with interplay (ST)", "含交互(ST)"),
    "caption": (
        "{path} explains most of the variance of “{limit}”: {first} alone, {total} with interplay.",
        "{path} 解释“{limit}”的方差最多:单独 {first},含交互 {total}。",
    ),
}
_title = limit_title(WORDS["title"])


@styled
def sobol(
    sensitivity: Sensitivity,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the share of the variance that each parameter explains, alone and with interplay."""
    explained = of_limit(sensitivity, limit, sensitivity.explained)
    ax, shown = parameter_rows(ax, explained, language)
    if not shown:
        return ax
    looks: tuple[tuple[str, dict[str, Any], float], ...] = (
        ("first", {"color": BLUE, "marker": "o"}, -0.15),
        ("total", {"color": ORANGE, "marker": "D", "markerfacecolor": "white"}, 0.15),
    )
    for place, finding in enumerate(shown):
        for key, look, shift in looks:
            estimate: Estimate = getattr(finding.indices, key)
            if math.isfinite(estimate.low):
                bounds = [max(estimate.low, -0.1), min(estimate.high, 1.2)]
                ax.plot(bounds, [place + shift] * 2, color=look["color"], linewidth=1.8, alpha=0.55)
            ax.plot(estimate.value, place + shift, **look)
    ax.axvline(0, color=INK, linewidth=0.8)
    percent_axis(ax.xaxis)
    ax.set_xlabel(tell(WORDS["axis"], language))
    handles = [line_handle(tell(WORDS[key], language), **look) for key, look, _ in looks]
    heading(ax, _title(sensitivity, language, limit=shown[0].limit), rows=legend(ax, handles, 3))
    return ax


def _variants(sensitivity: Sensitivity) -> Mapping[str, Options]:
    return variants_of(sensitivity, sensitivity.explained, "sobol")


def _caption(sensitivity: Sensitivity, language: Language, *, limit: str) -> str:
    first = of_limit(sensitivity, limit, sensitivity.explained)[0]
    return phrase(
        WORDS["caption"],
        language,
        limit=Names(sensitivity.scenario, language).limit(limit),
        path=one_line(first.factor.path, LONG),
        first=percent(first.indices.first.value, 0),
        total=percent(first.indices.total.value, 0),
    )


SOBOL: Final = Figure("sobol", sobol, _variants, _title, _caption, by_limit=True)
