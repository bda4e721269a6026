"""Which parameters matter at all, by their elementary effects (Morris)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sim.experiments import Sensitivity
from sim.measures.contrasts import Estimate
from sim.report.drawing.axes import heading, legend
from sim.report.drawing.figure import Figure, Options, limit_title
from sim.report.drawing.intervals import line_handle, patch_handle, points_axis
from sim.report.drawing.labels import LONG, Names, one_line
from sim.report.drawing.style import BLUE, GREY, INK, ORANGE, styled
from sim.report.drawing.words import Words, tell
from sim.report.language import Language
from sim.report.sensitivity.figures.rows import of_limit, parameter_rows, variants_of
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WORDS: Final[Words] = {
    "title": ("{limit}: which assumptions matter", "{limit}:哪些假设重要"),
    "axis": (
        "Change of the on-time share over the whole range, points",
        "参数走完全范围时按期率的变化,百分点",
    ),
    "up": ("raises it, proven", "提高,已证实"),
    "down": ("lowers it, proven", "降低,已证实"),
    "unknown": ("direction not proven", "方向未证实"),
    "sigma": ("spread σ: interplay, noise", "离散 σ:交互与噪声"),
    "caption": (
        "Over its whole range, {path} moves the on-time share of “{limit}” by {value} points on "
        "average, more than any other parameter.",
        "走完全范围时,{path} 使“{limit}”按期率平均变化 {value} 个百分点,大于其他参数。",
    ),
}
_title = limit_title(WORDS["title"])


@styled
def screening(
    sensitivity: Sensitivity,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the mean size of the elementary effects of each parameter, and their spread (Morris)."""
    screened = of_limit(sensitivity, limit, sensitivity.screened)
    ax, shown = parameter_rows(ax, screened, language)
    if not shown:
        return ax
    for place, finding in enumerate(shown):
        effects = finding.effects
        _bar(ax, place, effects.mu_star, {1: BLUE, -1: ORANGE, 0: GREY}[effects.mu.sign])
        if math.isfinite(effects.sigma.value):
            ax.plot(effects.sigma.value, place, "d", color=INK, markerfacecolor="white")
    points_axis(ax.xaxis)
    longest = max(finding.effects.mu_star.value for finding in shown)
    widest = max(finding.effects.mu_star.high for finding in shown)
    ax.set_xlim(0, 1.1 * max(longest, min(widest, 1.0), 0.001))
    ax.set_xlabel(tell(WORDS["axis"], language))
    handles = [
        patch_handle(tell(WORDS["up"], language), BLUE),
        patch_handle(tell(WORDS["down"], language), ORANGE),
        patch_handle(tell(WORDS["unknown"], language), GREY),
        line_handle(tell(WORDS["sigma"], language), color=INK, marker="d", markerfacecolor="white",
                    linestyle="none"),
    ]  # fmt: skip
    heading(ax, _title(sensitivity, language, limit=shown[0].limit), rows=legend(ax, handles, 3))
    return ax


def _bar(ax: Axes, place: float, estimate: Estimate, colour: str) -> None:
    if not math.isfinite(estimate.value):
        return
    ax.barh(place, estimate.value, height=0.55, color=colour)
    if math.isfinite(estimate.low):
        ax.plot([estimate.low, estimate.high], [place] * 2, color=INK, linewidth=1)


def _variants(sensitivity: Sensitivity) -> Mapping[str, Options]:
    return variants_of(sensitivity, sensitivity.screened, "screening")


def _caption(sensitivity: Sensitivity, language: Language, *, limit: str) -> str:
    first = of_limit(sensitivity, limit, sensitivity.screened)[0]
    return phrase(
        WORDS["caption"],
        language,
        limit=Names(sensitivity.scenario, language).limit(limit),
        path=one_line(first.factor.path, LONG),
        value=f"{100 * first.effects.mu_star.value:.1f}",
    )


SCREENING: Final = Figure("screening", screening, _variants, _title, _caption, by_limit=True)
