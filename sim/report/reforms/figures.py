"""What the levers of a reform brought: step by step, and by their mean over all orders."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal

from sim.experiments import Reforms
from sim.experiments.reforms.contributions import Effect
from sim.measures.attribution import NOBODY
from sim.measures.contrasts import Estimate
from sim.report.drawing.axes import along, axes_on, beside, heading, legend
from sim.report.drawing.intervals import (
    at_right,
    nothing,
    patch_handle,
    percent_axis,
    points_axis,
    signed,
)
from sim.report.drawing.labels import Names, folded, row_cm, tame
from sim.report.drawing.style import GREEN, GREY, INK, RED, SKY, styled
from sim.report.drawing.words import tell
from sim.report.reforms.words import lever_label, say
from sim.report.terminal import percent
from sim.report.words import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Measure = Literal["on_time_share", "days_saved"]
LABEL: Final = 30


def effect_of(reforms: Reforms, limit: str | None, measure: Measure) -> Effect | None:
    """Return what the levers do to a limit; to the first one if none is named.

    Raises
    ------
    ValueError
        If there is no such limit, or no such measure.
    """
    limits = list(reforms.scenario.limits)
    if measure not in ("on_time_share", "days_saved"):
        raise ValueError(f"no measure '{measure}'; there are: on_time_share, days_saved")
    if limit is not None and limit not in limits:
        raise ValueError(f"no limit '{limit}'; there are: {', '.join(limits) or 'none'}")
    return reforms.effect(measure, limit or limits[0]) if limits else None


def lever_names(reforms: Reforms, language: Language) -> list[str]:
    """Return what the levers are called, in their order."""
    found = [tame(lever_label(reforms, each, language)) for each in reforms.levers]
    return [each[:1].upper() + each[1:] for each in found]


def ends(reforms: Reforms, language: Language) -> tuple[str, str]:
    """Return what is at the beginning of the way, and at its end."""
    start = "without_them" if reforms.chosen.always_on else "with_counters"
    end = "with_all" if any(lever.added for lever in reforms.levers) else "today"
    words = (say(key, language) for key in (start, end))
    first, last = (word[:1].upper() + word[1:] for word in words)
    return first, last


@styled
def reform_waterfall(
    reforms: Reforms,
    limit: str | None = None,
    measure: Measure = "on_time_share",
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the way from serial counters to today, lever by lever, each on top of those before.

    Parameters
    ----------
    measure
        ``"on_time_share"``; or ``"days_saved"``: mean days on the clock that decides.

    Raises
    ------
    ValueError
        If there is no such limit or measure.
    """
    effect = effect_of(reforms, limit, measure)
    first, last = ends(reforms, language)
    labels = [folded(each, LABEL) for each in (first, *lever_names(reforms, language), last)]
    ax = axes_on(ax, 2.4 + row_cm(labels, 0.62) * len(labels))
    if effect is None or math.isnan(effect.levels[NOBODY].value + effect.total.estimate.value):
        return nothing(ax, tell("no_limit" if effect is None else "no_case", language))
    level = effect.levels[NOBODY].value
    shares, sign = measure == "on_time_share", 1 if measure == "on_time_share" else -1
    scale = 100 if shares else 1
    seen = [level]
    _level(ax, 0, level, shares)
    for place, lever in enumerate(reforms.levers, start=1):
        part = effect.parts["stepwise"][lever.name].estimate
        step = sign * part.value
        ax.barh(place, step, left=level, height=0.6, color=GREEN if part.value >= 0 else RED,
                label=lever.name)  # fmt: skip
        ax.plot([level] * 2, [place - 0.7, place + 0.3], color=GREY, linewidth=0.7)
        if math.isfinite(part.low):
            bounds = [level + sign * part.low, level + sign * part.high]
            if shares:
                bounds = [min(max(bound, 0.0), 1.0) for bound in bounds]
            ax.plot(bounds, [place] * 2, color=INK, linewidth=1)
            seen += bounds
        level += step
        seen.append(level)
        at_right(ax, place, signed(scale * sign * part.value, 1))
    place = len(labels) - 1
    ax.plot([level] * 2, [place - 0.7, place + 0.3], color=GREY, linewidth=0.7)
    _level(ax, place, effect.levels[reforms.everything].value, shares)
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    room = 0.06 * max(max(seen) - min(seen), 0.01)
    ax.set_xlim(min(seen) - room, max(seen) + room)
    if shares:
        percent_axis(ax.xaxis)
    ax.set_xlabel(tell("on_time_axis" if shares else "mean_days_axis", language))
    along(ax, "x")
    handles = [
        patch_handle(tell(key, language), colour)
        for key, colour, wanted in (("lever_gain", GREEN, True), ("lever_loss", RED, False))
        if any((part.estimate.value >= 0) is wanted for part in effect.parts["stepwise"].values())
    ]
    label = Names(reforms.scenario, language).limit(effect.of)
    title = tell(f"waterfall_{measure}", language, limit=label)
    heading(ax, title, rows=legend(ax, handles, 2))
    return ax


def _level(ax: Axes, place: int, value: float, shares: bool) -> None:
    ax.plot(value, place, "D", color=INK, markersize=7, label="level")
    at_right(ax, place, percent(value) if shares else f"{value:.1f}")


@styled
def reform_bars(
    reforms: Reforms,
    limit: str | None = None,
    measure: Measure = "on_time_share",
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw what each lever contributes on average over all orders (Shapley), staff time beside.

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
    labels = [folded(each, LABEL) for each in lever_names(reforms, language)]
    ax = axes_on(ax, 2.6 + row_cm(labels, 0.62) * max(len(labels), 2))
    if effect is None:
        return nothing(ax, tell("no_limit", language))
    names = Names(reforms.scenario, language)
    case_type = reforms.scenario.limits[effect.of].case_type
    hours = reforms.effect("staff_h_per_case", case_type)
    (side,) = beside(ax, 0.4)
    order = [lever.name for lever in reforms.levers]
    shares = measure == "on_time_share"
    _contributions(ax, [effect.parts["shapley"][name].estimate for name in order], shares)
    _contributions(side, [hours.parts["shapley"][name].estimate for name in order], False, SKY)
    if shares:
        points_axis(ax.xaxis)
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_xlabel(tell("points_axis" if shares else "days_saved_axis", language))
    side.set_xlabel(tell("staff_axis", language, case_type=names.case_type(case_type)))
    for panel in (ax, side):
        along(panel, "x")
    heading(ax, tell("shapley_title", language, limit=names.limit(effect.of)))
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
        at_right(ax, place, signed(scale * part.value, 1 if scale == 100 else 2))
    ax.axvline(0, color=INK, linewidth=0.8)
