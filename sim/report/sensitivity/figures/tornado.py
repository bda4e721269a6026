"""The on-time share with one parameter at a time at both ends of its range."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sim.experiments import Sensitivity
from sim.experiments.sensitivity.result import Swing
from sim.report.drawing.axes import heading, legend
from sim.report.drawing.figure import Figure, Options, limit_title
from sim.report.drawing.intervals import (
    TARGET,
    line_handle,
    patch_handle,
    percent_axis,
    percent_limits,
    target_handle,
    text_at_right,
)
from sim.report.drawing.labels import LONG, Names, one_line
from sim.report.drawing.style import BLUE, INK, SKY, styled
from sim.report.drawing.words import SHARED, Words, tell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.sensitivity.figures.rows import of_limit, parameter_rows, variants_of
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WORDS: Final[Words] = {
    "title": ("{limit}: one assumption at a time", "{limit}:逐一变动假设"),
    "at_low": ("at the low end", "低值时"),
    "at_high": ("at the high end", "高值时"),
    "as_it_is": ("as it is: {share}", "现状:{share}"),
    "caption": (
        "With one parameter at a time at the ends of its range, {path} moves the on-time share of "
        "“{limit}” most: {low_share} at {low}, {high_share} at {high}; {base} as it is.",
        "逐一取范围两端时,{path} 对“{limit}”按期率影响最大:取 {low} 时 {low_share},"
        "取 {high} 时 {high_share};现状 {base}。",
    ),
}
_title = limit_title(WORDS["title"])


@styled
def tornado(
    sensitivity: Sensitivity,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the on-time share with one parameter at both ends of its range, widest span first."""
    swings = of_limit(sensitivity, limit, sensitivity.swings)
    ax, shown = parameter_rows(ax, swings, language)
    if not shown:
        return ax
    chosen = shown[0].limit
    base, target = shown[0].base.share, sensitivity.scenario.limits[chosen].target_share
    seen = [base, target]
    for place, swing in enumerate(shown):
        seen += _swing(ax, swing, base, place)
        factor = swing.factor
        values = (factor.low, factor.value, factor.high)
        text_at_right(
            ax, place, one_line(" … ".join(factor.written(value) for value in values), 34)
        )
    known = [value for value in seen if math.isfinite(value)]
    ax.axvline(base, color=INK, linewidth=0.8)
    ax.axvline(target, **TARGET)
    percent_limits(ax, max(0.0, min(known)), min(1.0, max(known)))
    percent_axis(ax.xaxis)
    ax.set_xlabel(tell(SHARED["on_time_axis"], language))
    handles = [
        patch_handle(tell(WORDS["at_low"], language), SKY),
        patch_handle(tell(WORDS["at_high"], language), BLUE),
        target_handle(language, target),
        line_handle(
            tell(WORDS["as_it_is"], language, share=percent(base)), color=INK, linewidth=0.8
        ),
    ]
    heading(ax, _title(sensitivity, language, limit=chosen), rows=legend(ax, handles, 3))
    return ax


def _swing(ax: Axes, swing: Swing, base: float, place: int) -> list[float]:
    """Draw both ends of one range; return the shares that were drawn."""
    seen = []
    for share, difference, colour, shift in (
        (swing.at_low.share, swing.low_difference, SKY, -0.17),
        (swing.at_high.share, swing.high_difference, BLUE, 0.17),
    ):
        if not math.isfinite(share):
            continue
        ax.barh(place + shift, share - base, left=base, height=0.32, color=colour)
        seen.append(share)
        if math.isfinite(difference.low):
            bounds = [max(base + difference.low, 0.0), min(base + difference.high, 1.0)]
            ax.plot(bounds, [place + shift] * 2, color=INK, linewidth=0.9)
            seen += bounds
    return seen


def _variants(sensitivity: Sensitivity) -> Mapping[str, Options]:
    return variants_of(sensitivity, sensitivity.swings, "tornado")


def _caption(sensitivity: Sensitivity, language: Language, *, limit: str) -> str:
    first = of_limit(sensitivity, limit, sensitivity.swings)[0]
    factor = first.factor
    return phrase(
        WORDS["caption"],
        language,
        limit=Names(sensitivity.scenario, language).limit(limit),
        path=one_line(factor.path, LONG),
        low=factor.written(factor.low),
        high=factor.written(factor.high),
        low_share=percent(first.at_low.share),
        high_share=percent(first.at_high.share),
        base=percent(first.base.share),
    )


TORNADO: Final = Figure("tornado", tornado, _variants, _title, _caption, by_limit=True)
