"""Which assumptions matter: tornado, screening and shares of the variance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sim.experiments import Sensitivity
from sim.experiments.sensitivity import Swing
from sim.experiments.sensitivity.result import OfLimit
from sim.measures.contrasts import Estimate
from sim.report.drawing.axes import along, axes_on, heading, legend
from sim.report.drawing.intervals import (
    at_right,
    line_handle,
    nothing,
    patch_handle,
    percent_axis,
    percent_limits,
    points_axis,
    target_handle,
)
from sim.report.drawing.labels import LONG, Names, folded, row_cm, tame
from sim.report.drawing.style import BLUE, GREY, INK, ORANGE, SKY, styled
from sim.report.drawing.words import tell
from sim.report.terminal import percent
from sim.report.words import Language

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

Of = TypeVar("Of", bound=OfLimit)
MOST_ROWS: Final = 15
LABEL: Final = 36


def of_limit(found: Sensitivity, limit: str | None, parts: Sequence[Of]) -> tuple[str, list[Of]]:
    """Return the limit's name, and what was found of it; of the first one if none is named.

    Raises
    ------
    ValueError
        If there is no such limit.
    """
    limits = list(found.scenario.limits)
    if limit is not None and limit not in limits:
        raise ValueError(f"no limit '{limit}'; there are: {', '.join(limits) or 'none'}")
    chosen = limit or next(iter(limits), "")
    return chosen, [each for each in parts if each.limit == chosen]


def _canvas(
    found: Sensitivity, ax: Axes | None, limit: str | None, parts: Sequence[Of], language: Language
) -> tuple[Axes, str, list[Of]]:
    """Return axes with a row for each of the parameters that matter most."""
    chosen, all_of = of_limit(found, limit, parts)
    shown = all_of[:MOST_ROWS]
    labels = [folded(tame(each.factor.path, LONG), LABEL) for each in shown]
    ax = axes_on(ax, 2.6 + row_cm(labels, 0.6) * max(len(shown), 2))
    if not shown:
        return nothing(ax, tell("no_such_method", language)), chosen, []
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    along(ax, "x")
    return ax, Names(found.scenario, language).limit(chosen), shown


def _finish(ax: Axes, key: str, label: str, handles: Sequence[Artist], language: Language) -> Axes:
    heading(ax, tell(key, language, limit=label), rows=legend(ax, handles, 3))
    return ax


@styled
def tornado(
    sensitivity: Sensitivity,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the on-time share with one parameter at both ends of its range, widest span first."""
    ax, label, shown = _canvas(sensitivity, ax, limit, sensitivity.swings, language)
    if not shown:
        return ax
    base, target = shown[0].base.share, sensitivity.scenario.limits[shown[0].limit].target_share
    seen = [base, target]
    for place, each in enumerate(shown):
        seen += _swing(ax, each, base, place)
        factor = each.factor
        values = (factor.low, factor.value, factor.high)
        at_right(ax, place, tame(" … ".join(factor.written(value) for value in values), 34))
    known = [value for value in seen if math.isfinite(value)]
    ax.axvline(base, color=INK, linewidth=0.8)
    ax.axvline(target, color=INK, linewidth=1.2, linestyle=(0, (2, 1)))
    percent_limits(ax, max(0.0, min(known)), min(1.0, max(known)))
    percent_axis(ax.xaxis)
    ax.set_xlabel(tell("on_time_axis", language))
    handles = [
        patch_handle(tell("at_low", language), SKY),
        patch_handle(tell("at_high", language), BLUE),
        target_handle(language, target),
        line_handle(tell("as_it_is", language, share=percent(base)), color=INK, linewidth=0.8),
    ]
    return _finish(ax, "tornado_title", label, handles, language)


def _swing(ax: Axes, each: Swing, base: float, place: int) -> list[float]:
    """Draw both ends of one range; return the shares that were drawn."""
    seen = []
    for share, difference, colour, shift in (
        (each.at_low.share, each.low_difference, SKY, -0.17),
        (each.at_high.share, each.high_difference, BLUE, 0.17),
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


@styled
def screening(
    sensitivity: Sensitivity,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the mean size of the elementary effects of each parameter, and their spread (Morris)."""
    ax, label, shown = _canvas(sensitivity, ax, limit, sensitivity.screened, language)
    for place, each in enumerate(shown):
        effects = each.effects
        _bar(ax, place, effects.mu_star, {1: BLUE, -1: ORANGE, 0: GREY}[effects.mu.sign])
        if math.isfinite(effects.sigma.value):
            ax.plot(effects.sigma.value, place, "d", color=INK, markerfacecolor="white")
    if not shown:
        return ax
    points_axis(ax.xaxis)
    longest = max(each.effects.mu_star.value for each in shown)
    widest = max(each.effects.mu_star.high for each in shown)
    ax.set_xlim(0, 1.1 * max(longest, min(widest, 1.0), 0.001))
    ax.set_xlabel(tell("screening_axis", language))
    handles = [
        patch_handle(tell("mu_up", language), BLUE),
        patch_handle(tell("mu_down", language), ORANGE),
        patch_handle(tell("mu_unknown", language), GREY),
        line_handle(tell("sigma", language), color=INK, marker="d", markerfacecolor="white",
                    linestyle="none"),
    ]  # fmt: skip
    return _finish(ax, "screening_title", label, handles, language)


def _bar(ax: Axes, place: float, estimate: Estimate, colour: str) -> None:
    if not math.isfinite(estimate.value):
        return
    ax.barh(place, estimate.value, height=0.55, color=colour)
    if math.isfinite(estimate.low):
        ax.plot([estimate.low, estimate.high], [place] * 2, color=INK, linewidth=1)


@styled
def sobol(
    sensitivity: Sensitivity,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw which share of the variance each parameter explains, alone and with interplay."""
    ax, label, shown = _canvas(sensitivity, ax, limit, sensitivity.explained, language)
    if not shown:
        return ax
    looks: tuple[tuple[str, dict[str, Any], float], ...] = (
        ("first", {"color": BLUE, "marker": "o"}, -0.15),
        ("total", {"color": ORANGE, "marker": "D", "markerfacecolor": "white"}, 0.15),
    )
    for place, each in enumerate(shown):
        for key, look, shift in looks:
            estimate: Estimate = getattr(each.indices, key)
            if math.isfinite(estimate.low):
                bounds = [max(estimate.low, -0.1), min(estimate.high, 1.2)]
                ax.plot(bounds, [place + shift] * 2, color=look["color"], linewidth=1.8, alpha=0.55)
            ax.plot(estimate.value, place + shift, **look)
    ax.axvline(0, color=INK, linewidth=0.8)
    percent_axis(ax.xaxis)
    ax.set_xlabel(tell("variance_axis", language))
    handles = [line_handle(tell(f"sobol_{key}", language), **look) for key, look, _ in looks]
    return _finish(ax, "sobol_title", label, handles, language)
