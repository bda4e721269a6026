"""The mean contribution of each lever over all orders (Shapley)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from sim.experiments import Reforms
from sim.measures.contrasts import Estimate
from sim.report.drawing.axes import axes_on, beside, grid_along, heading
from sim.report.drawing.figure import Figure, Options, limit_title
from sim.report.drawing.intervals import (
    points_axis,
    row_labels,
    signed,
    text_at_right,
    write_instead,
)
from sim.report.drawing.labels import folded, row_height_cm
from sim.report.drawing.style import GREEN, INK, RED, SKY, styled
from sim.report.drawing.words import SHARED, Words, tell
from sim.report.language import Language
from sim.report.reforms.figures.effects import (
    LABEL,
    Measure,
    effect_of,
    known_effect,
    largest,
    lever_names,
)
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WORDS: Final[Words] = {
    "title": (
        "{limit}: what each lever brings, mean over all orders",
        "{limit}:各举措的贡献(各种次序平均)",
    ),
    "points": ("Points of on-time share", "按期率,百分点"),
    "days_saved": ("Days saved", "节省天数"),
    "staff": ("Staff hours per case", "每件人员工时,小时"),
    "caption": (
        "On average over all orders, {lever} contributes most: {value} points ({low} to {high}). "
        "Pale bars are not proven. Beside: staff hours per case.",
        "按各种次序平均,{lever}贡献最大:{value} 个百分点({low} 至 {high})。"
        "浅色为未证实。右侧为每件人员工时。",
    ),
}
_title = limit_title(WORDS["title"])


@styled
def reform_bars(
    reforms: Reforms,
    limit: str | None = None,
    measure: Measure = "on_time_share",
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the mean contribution of each lever over all orders (Shapley), staff time beside.

    Raises
    ------
    ValueError
        If there is no such limit or measure.

    Returns
    -------
    Axes
        Those of the contributions to the limit.
    """
    effect = effect_of(reforms, limit, measure)
    labels = [folded(name, LABEL) for name in lever_names(reforms, language)]
    ax = axes_on(ax, 2.6 + row_height_cm(labels, 0.62) * max(len(labels), 2))
    if effect is None:
        return write_instead(ax, tell(SHARED["no_limit"], language))
    case_type = reforms.scenario.limits[effect.of].case_type
    hours = reforms.effect("staff_h_per_case", case_type)
    (side,) = beside(ax, 0.4)
    order = [lever.name for lever in reforms.levers]
    shares = measure == "on_time_share"
    _contributions(ax, [effect.parts["shapley"][name].estimate for name in order], shares)
    _contributions(side, [hours.parts["shapley"][name].estimate for name in order], False, SKY)
    if shares:
        points_axis(ax.xaxis)
    row_labels(ax, labels)
    ax.set_xlabel(tell(WORDS["points" if shares else "days_saved"], language))
    side.set_xlabel(tell(WORDS["staff"], language))
    for panel in (ax, side):
        grid_along(panel, "x")
    heading(ax, _title(reforms, language, limit=effect.of))
    return ax


def _contributions(
    ax: Axes, parts: Sequence[Estimate], shares: bool, colour: str | None = None
) -> None:
    scale = 100 if shares else 1
    for place, part in enumerate(parts):
        if not math.isfinite(part.value):
            continue
        own = colour or (GREEN if part.value >= 0 else RED)
        ax.barh(place, part.value, height=0.6, color=own, alpha=1 if part.sign else 0.45)
        if math.isfinite(part.low):
            ax.plot([part.low, part.high], [place] * 2, color=INK, linewidth=1)
        text_at_right(ax, place, signed(scale * part.value, 1 if scale == 100 else 2))
    ax.axvline(0, color=INK, linewidth=0.8)


def _variants(reforms: Reforms) -> Mapping[str, Options]:
    return {
        f"levers-{number}": {"limit": limit}
        for number, limit in enumerate(reforms.scenario.limits)
        if known_effect(reforms, limit, "on_time_share")
    }


def _caption(reforms: Reforms, language: Language, *, limit: str) -> str:
    effect = effect_of(reforms, limit, "on_time_share")
    assert effect is not None
    name, label = largest(reforms, effect, "shapley", language)
    part = effect.parts["shapley"][name].estimate
    return phrase(
        WORDS["caption"],
        language,
        lever=label,
        value=signed(100 * part.value, 1),
        low=signed(100 * part.low, 1),
        high=signed(100 * part.high, 1),
    )


BARS: Final = Figure("reform_bars", reform_bars, _variants, _title, _caption, by_limit=True)
