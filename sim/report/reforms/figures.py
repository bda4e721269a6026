"""The figures of reforms: from no lever to all, and what each lever contributes on average."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal

from sim.experiments import Reforms
from sim.experiments.reforms.contributions import Effect
from sim.measures.attribution import NOBODY
from sim.measures.contrasts import Estimate
from sim.report.drawing.axes import beside, grid_along, heading, rows_on, write_instead
from sim.report.drawing.figure import Figure, Options, choose, per_limit, titled
from sim.report.drawing.intervals import interval, percent_axis, points_axis, signed, text_at_right
from sim.report.drawing.labels import Names, folded, one_line
from sim.report.drawing.legends import legend, patch_handle
from sim.report.drawing.style import GREEN, GREY, INK, RED, SKY, style
from sim.report.drawing.words import SHARED, Words, tell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.reforms.report import SHOWN_DIGITS, shown_parts
from sim.report.reforms.words import lever_label, say
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Measure = Literal["on_time_share", "days_saved"]
LABEL: Final = 30
"""Width of a line of a label, in columns."""
WORDS: Final[Words] = {
    "gain": ("better", "改善"),
    "loss": ("worse", "变差"),
    "days_axis": ("Mean days on the clock that decides", "判定口径下的平均天数"),
    "points": ("Points of on-time share", "按期率,百分点"),
    "days_saved": ("Days saved", "节省天数"),
    "staff": ("Staff hours per case", "每件人员工时,小时"),
    "title_bars": (
        "{limit}: what each lever brings, mean over all orders",
        "{limit}:各举措的贡献(各种次序平均)",
    ),
    "caption_bars": (
        "On average over all orders, {lever} contributes most: {value} points ({low} to {high}). "
        "Pale bars are not proven. Beside: staff hours per case.",
        "按各种次序平均,{lever}贡献最大:{value} 个百分点({low} 至 {high})。"
        "浅色为未证实。右侧为每件人员工时。",
    ),
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
_bars_title = titled(WORDS["title_bars"])


@style()
def reform_waterfall(
    reforms: Reforms,
    limit: str | None = None,
    measure: Measure = "on_time_share",
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the on-time share from serial counters to today, adding one lever after the other.

    With ``measure="days_saved"``, draw the mean days on the clock that decides.
    """
    effect = _effect(reforms, limit, measure)
    first, last = _ends(reforms, language)
    names = (first, *_lever_names(reforms, language), last)
    ax = rows_on(ax, [folded(name, LABEL) for name in names], 0.62, margin=2.4)
    if effect is None or math.isnan(effect.levels[NOBODY].value + effect.total.estimate.value):
        return write_instead(ax, SHARED["no_limit" if effect is None else "no_case"], language)
    shares = measure == "on_time_share"
    seen = _steps(ax, reforms, effect, shares)
    room = 0.06 * max(max(seen) - min(seen), 0.01)
    ax.set_xlim(min(seen) - room, max(seen) + room)
    if shares:
        percent_axis(ax.xaxis)
    ax.set_xlabel(tell(SHARED["on_time_axis"] if shares else WORDS["days_axis"], language))
    gains = {part.estimate.value >= 0 for part in effect.parts["stepwise"].values()}
    handles = [
        patch_handle(tell(WORDS[key], language), colour)
        for key, colour, gain in (("gain", GREEN, True), ("loss", RED, False))
        if gain in gains
    ]
    title = _waterfall_title(reforms, language, limit=effect.of, measure=measure)
    heading(ax, title, rows=legend(ax, handles, 2))
    return ax


def _effect(reforms: Reforms, limit: str | None, measure: Measure) -> Effect | None:
    """Return the effect of the levers on a limit, by default on the first; None without limits."""
    choose(measure, ("on_time_share", "days_saved"), "measure")
    chosen = choose(limit, reforms.scenario.limits, "limit")
    return None if chosen is None else reforms.effect(measure, chosen)


def _known(reforms: Reforms, limit: str, measure: Measure) -> bool:
    return not math.isnan(reforms.effect(measure, limit).total.estimate.value)


def _lever_names(reforms: Reforms, language: Language) -> list[str]:
    labels = [one_line(lever_label(reforms, lever, language)) for lever in reforms.levers]
    return [label[:1].upper() + label[1:] for label in labels]


def _ends(reforms: Reforms, language: Language) -> tuple[str, str]:
    """Return the labels of the first level and of the last."""
    start = "without_them" if reforms.chosen.always_on else "with_counters"
    end = "with_all" if any(lever.added for lever in reforms.levers) else "today"
    first, last = (say(key, language) for key in (start, end))
    return first[:1].upper() + first[1:], last[:1].upper() + last[1:]


def _steps(ax: Axes, reforms: Reforms, effect: Effect, shares: bool) -> list[float]:
    """Draw both levels and the steps between; return all levels and ends of intervals."""
    level, sign = effect.levels[NOBODY].value, 1 if shares else -1
    shown = _shown(effect, "stepwise")
    seen = [level]
    _level(ax, 0, level, shares)
    for place, lever in enumerate(reforms.levers, start=1):
        part = effect.parts["stepwise"][lever.name].estimate
        step = sign * part.value
        ax.barh(place, step, left=level, height=0.6, color=GREEN if part.value >= 0 else RED,
                label=lever.name)  # fmt: skip
        _connection(ax, place, level)
        bounds = []
        if math.isfinite(part.low):
            bounds = [level + sign * bound for bound in (part.low, part.high)]
            bounds = [min(max(bound, 0.0), 1.0) for bound in bounds] if shares else bounds
            ax.plot(bounds, [place] * 2, color=INK, linewidth=1)
        level += step
        seen += [*bounds, level]
        text_at_right(ax, place, signed(sign * shown[lever.name], 1))
    place = len(reforms.levers) + 1
    _connection(ax, place, level)
    _level(ax, place, effect.levels[reforms.everything].value, shares)
    return seen


def _connection(ax: Axes, place: int, level: float) -> None:
    ax.plot([level] * 2, [place - 0.7, place + 0.3], color=GREY, linewidth=0.7)


def _level(ax: Axes, place: int, value: float, shares: bool) -> None:
    ax.plot(value, place, "D", color=INK, markersize=7, label="level")
    text_at_right(ax, place, percent(value) if shares else f"{value:.1f}")


def _waterfall_variants(reforms: Reforms) -> Mapping[str, Options]:
    variants: dict[str, Options] = {}
    for number, limit in enumerate(reforms.scenario.limits):
        if _known(reforms, limit, "on_time_share"):
            variants[f"waterfall-{number}"] = {"limit": limit, "measure": "on_time_share"}
            if _known(reforms, limit, "days_saved"):
                variants[f"days-{number}"] = {"limit": limit, "measure": "days_saved"}
    return variants


def _waterfall_title(reforms: Reforms, language: Language, *, limit: str, measure: Measure) -> str:
    return tell(TITLES[measure], language, limit=Names(reforms.scenario, language).limit(limit))


def _waterfall_caption(
    reforms: Reforms, language: Language, *, limit: str, measure: Measure
) -> str:
    effect, shares = reforms.effect(measure, limit), measure == "on_time_share"
    levels = (effect.levels[levers].value for levers in (NOBODY, reforms.everything))
    before, after = (percent(level) if shares else f"{level:.1f}" for level in levels)
    lever, part, _ = _largest(reforms, effect, "stepwise", language)
    value = signed(part, 1) if shares else f"{part:.1f}"
    return phrase(CAPTIONS[measure], language, before=before, after=after, lever=lever, value=value)


def _largest(
    reforms: Reforms, effect: Effect, rule: Literal["stepwise", "shapley"], language: Language
) -> tuple[str, float, Estimate]:
    """Return the label of the lever with the largest part of an effect, and that part.

    The part as it is shown, and with its interval.
    """
    parts = {name: part.estimate for name, part in effect.parts[rule].items()}
    known = {name: part for name, part in parts.items() if math.isfinite(part.value)} or parts
    name = max(known, key=lambda name: known[name].value)
    label = _lever_names(reforms, language)[reforms.chosen.names.index(name)]
    return label, _shown(effect, rule)[name], known[name]


def _shown(effect: Effect, rule: Literal["stepwise", "shapley"]) -> dict[str, float]:
    """Return lever → its part of an effect, as the table shows it."""
    parts = effect.parts[rule]
    return dict(zip(parts, shown_parts(effect, list(parts.values())), strict=False))


@style()
def reform_bars(
    reforms: Reforms,
    limit: str | None = None,
    measure: Measure = "on_time_share",
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the mean contribution of each lever over all orders (Shapley), beside its staff time.

    The function returns the axes of the contributions to the limit.
    """
    effect = _effect(reforms, limit, measure)
    ax = rows_on(ax, [folded(name, LABEL) for name in _lever_names(reforms, language)], 0.62)
    if effect is None:
        return write_instead(ax, SHARED["no_limit"], language)
    hours = reforms.effect("staff_h_per_case", reforms.scenario.limits[effect.of].case_type)
    (side,) = beside(ax, 0.4)
    shares = measure == "on_time_share"
    for panel, drawn, colour in ((ax, effect, None), (side, hours, SKY)):
        parts = [drawn.parts["shapley"][lever.name].estimate for lever in reforms.levers]
        values = _shown(drawn, "shapley")
        shown = [signed(values[lever.name], SHOWN_DIGITS[drawn.kind]) for lever in reforms.levers]
        _contributions(panel, parts, shown, colour)
    if shares:
        points_axis(ax.xaxis)
    ax.set_xlabel(tell(WORDS["points" if shares else "days_saved"], language))
    side.set_xlabel(tell(WORDS["staff"], language))
    grid_along(side, "x")
    heading(ax, _bars_title(reforms, language, limit=effect.of))
    return ax


def _contributions(
    ax: Axes, parts: Sequence[Estimate], shown: Sequence[str], colour: str | None
) -> None:
    for place, part in enumerate(parts):
        if math.isfinite(part.value):
            own = colour or (GREEN if part.value >= 0 else RED)
            ax.barh(place, part.value, height=0.6, color=own, alpha=1 if part.sign else 0.45)
            interval(ax, place, part.low, part.high, color=INK, linewidth=1)
            text_at_right(ax, place, shown[place])
    ax.axvline(0, color=INK, linewidth=0.8)


def _bars_variants(reforms: Reforms) -> Mapping[str, Options]:
    return per_limit(
        "levers", reforms.scenario.limits, lambda limit: _known(reforms, limit, "on_time_share")
    )


def _bars_caption(reforms: Reforms, language: Language, *, limit: str) -> str:
    effect = reforms.effect("on_time_share", limit)
    lever, shown, part = _largest(reforms, effect, "shapley", language)
    value = signed(shown, 1)
    low, high = (signed(100 * bound, 1) for bound in (part.low, part.high))
    return phrase(WORDS["caption_bars"], language, lever=lever, value=value, low=low, high=high)


FIGURES: Final[tuple[Figure, ...]] = (
    Figure(
        "reform_waterfall", reform_waterfall, _waterfall_variants, _waterfall_title,
        _waterfall_caption, by_limit=True,
    ),
    Figure(
        "reform_bars", reform_bars, _bars_variants, _bars_title, _bars_caption, by_limit=True
    ),
)  # fmt: skip
