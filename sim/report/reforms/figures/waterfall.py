"""The way from the office without the levers to the one with all, lever by lever."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sim.experiments import Reforms
from sim.experiments.reforms.contributions import Effect
from sim.measures.attribution import NOBODY
from sim.measures.contrasts import Estimate
from sim.report.drawing.axes import axes_on, grid_along, heading, legend
from sim.report.drawing.figure import Figure, Options
from sim.report.drawing.intervals import (
    patch_handle,
    percent_axis,
    row_labels,
    signed,
    text_at_right,
    write_instead,
)
from sim.report.drawing.labels import Names, folded, row_height_cm
from sim.report.drawing.style import GREEN, GREY, INK, RED, styled
from sim.report.drawing.words import SHARED, Words, tell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.reforms.figures.effects import (
    LABEL,
    Measure,
    effect_of,
    known_effect,
    largest,
    lever_names,
)
from sim.report.reforms.words import say
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

WORDS: Final[Words] = {
    "gain": ("better", "改善"),
    "loss": ("worse", "变差"),
    "days_axis": ("Mean days on the clock that decides", "判定口径下的平均天数"),
}
TITLES: Final[Mapping[Measure, tuple[str, str]]] = {
    "on_time_share": ("{limit}: on-time share, lever by lever", "{limit}:按期率,逐项举措"),
    "days_saved": ("{limit}: mean days, lever by lever", "{limit}:平均天数,逐项举措"),
}
CAPTIONS: Final[Mapping[Measure, tuple[str, str]]] = {
    "on_time_share": (
        "From {before} on time without these levers to {after} with all of them; the largest step "
        "is {lever}: {value} points.",
        "无这些举措时按期率 {before},全部推行后 {after};最大的一步是{lever}:{value} 个百分点。",
    ),
    "days_saved": (
        "From {before} days on average without these levers to {after} with all of them; the "
        "largest step is {lever}: {value} days saved.",
        "无这些举措时平均 {before} 天,全部推行后 {after} 天;最大的一步是{lever}:节省 {value} 天。",
    ),
}


@styled
def reform_waterfall(
    reforms: Reforms,
    limit: str | None = None,
    measure: Measure = "on_time_share",
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the way from serial counters to today, lever by lever, each added to those before.

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
    names = (first, *lever_names(reforms, language), last)
    labels = [folded(name, LABEL) for name in names]
    ax = axes_on(ax, 2.4 + row_height_cm(labels, 0.62) * len(labels))
    if effect is None or math.isnan(effect.levels[NOBODY].value + effect.total.estimate.value):
        return write_instead(
            ax, tell(SHARED["no_limit" if effect is None else "no_case"], language)
        )
    shares = measure == "on_time_share"
    seen = _steps(ax, reforms, effect, shares)
    row_labels(ax, labels)
    room = 0.06 * max(max(seen) - min(seen), 0.01)
    ax.set_xlim(min(seen) - room, max(seen) + room)
    if shares:
        percent_axis(ax.xaxis)
    axis = SHARED["on_time_axis"] if shares else WORDS["days_axis"]
    ax.set_xlabel(tell(axis, language))
    grid_along(ax, "x")
    title = _title(reforms, language, limit=effect.of, measure=measure)
    heading(ax, title, rows=legend(ax, _handles(effect, language), 2))
    return ax


def ends(reforms: Reforms, language: Language) -> tuple[str, str]:
    """Return the labels of the first level and of the last."""
    start = "without_them" if reforms.chosen.always_on else "with_counters"
    end = "with_all" if any(lever.added for lever in reforms.levers) else "today"
    words = (say(key, language) for key in (start, end))
    first, last = (word[:1].upper() + word[1:] for word in words)
    return first, last


def _steps(ax: Axes, reforms: Reforms, effect: Effect, shares: bool) -> list[float]:
    """Draw both levels and the steps between; return the levels and ends of intervals drawn."""
    level, sign, scale = effect.levels[NOBODY].value, 1 if shares else -1, 100 if shares else 1
    seen = [level]
    _level(ax, 0, level, shares)
    for place, lever in enumerate(reforms.levers, start=1):
        part = effect.parts["stepwise"][lever.name].estimate
        step = sign * part.value
        ax.barh(place, step, left=level, height=0.6, color=GREEN if part.value >= 0 else RED,
                label=lever.name)  # fmt: skip
        _connection(ax, place, level)
        bounds = _bounds(part, level, shares)
        if bounds:
            ax.plot(bounds, [place] * 2, color=INK, linewidth=1)
        level += step
        seen += [*bounds, level]
        text_at_right(ax, place, signed(scale * sign * part.value, 1))
    place = len(reforms.levers) + 1
    _connection(ax, place, level)
    _level(ax, place, effect.levels[reforms.everything].value, shares)
    return seen


def _bounds(part: Estimate, level: float, shares: bool) -> list[float]:
    """Return where the interval of a step from a level lies; [] if it is not known."""
    if not math.isfinite(part.low):
        return []
    if not shares:
        return [level - part.low, level - part.high]
    return [min(max(level + bound, 0.0), 1.0) for bound in (part.low, part.high)]


def _connection(ax: Axes, place: int, level: float) -> None:
    ax.plot([level] * 2, [place - 0.7, place + 0.3], color=GREY, linewidth=0.7)


def _handles(effect: Effect, language: Language) -> list[Artist]:
    gains = {part.estimate.value >= 0 for part in effect.parts["stepwise"].values()}
    return [
        patch_handle(tell(WORDS[key], language), colour)
        for key, colour, gain in (("gain", GREEN, True), ("loss", RED, False))
        if gain in gains
    ]


def _level(ax: Axes, place: int, value: float, shares: bool) -> None:
    ax.plot(value, place, "D", color=INK, markersize=7, label="level")
    text_at_right(ax, place, percent(value) if shares else f"{value:.1f}")


def _variants(reforms: Reforms) -> Mapping[str, Options]:
    variants: dict[str, Options] = {}
    for number, limit in enumerate(reforms.scenario.limits):
        if known_effect(reforms, limit, "on_time_share"):
            variants[f"waterfall-{number}"] = {"limit": limit, "measure": "on_time_share"}
            if known_effect(reforms, limit, "days_saved"):
                variants[f"days-{number}"] = {"limit": limit, "measure": "days_saved"}
    return variants


def _title(reforms: Reforms, language: Language, *, limit: str, measure: Measure) -> str:
    return tell(TITLES[measure], language, limit=Names(reforms.scenario, language).limit(limit))


def _caption(reforms: Reforms, language: Language, *, limit: str, measure: Measure) -> str:
    effect = effect_of(reforms, limit, measure)
    assert effect is not None
    shares = measure == "on_time_share"
    levels = (effect.levels[levers].value for levers in (NOBODY, reforms.everything))
    before, after = (percent(level) if shares else f"{level:.1f}" for level in levels)
    name, label = largest(reforms, effect, "stepwise", language)
    value = effect.parts["stepwise"][name].estimate.value
    return phrase(
        CAPTIONS[measure],
        language,
        before=before,
        after=after,
        lever=label,
        value=signed(100 * value, 1) if shares else f"{value:.1f}",
    )


WATERFALL: Final = Figure(
    "reform_waterfall", reform_waterfall, _variants, _title, _caption, by_limit=True
)
