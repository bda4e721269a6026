"""The figures of a sensitivity analysis: one per method, with a row for each parameter."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sim.experiments import Sensitivity
from sim.experiments.sensitivity.result import OfLimit, Swing
from sim.report.drawing.axes import heading, rows_on, write_instead
from sim.report.drawing.figure import Figure, Options, choose, per_limit, titled
from sim.report.drawing.intervals import (
    interval,
    percent_axis,
    percent_limits,
    points_axis,
    text_at_right,
)
from sim.report.drawing.labels import LONG, Names, folded, one_line
from sim.report.drawing.legends import legend, line_handle, patch_handle, target_handle
from sim.report.drawing.style import BLUE, GREY, INK, ORANGE, SKY, TARGET, style
from sim.report.drawing.words import SHARED, Words, tell
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.paths import Paths
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Finding = TypeVar("Finding", bound=OfLimit)
MOST_ROWS: Final = 15
WORDS: Final[Words] = {
    "no_such_method": ("Not looked for by this method.", "该方法未作此项分析。"),
    "tornado": ("{limit}: one assumption at a time", "{limit}:逐一变动假设"),
    "at_low": ("at the low end", "低值时"),
    "at_high": ("at the high end", "高值时"),
    "as_it_is": ("as it is: {share}", "现状:{share}"),
    "caption_tornado": (
        "With one parameter at a time at the ends of its range, {path} moves the on-time share of "
        "“{limit}” most: {low_share} at {low}, {high_share} at {high}; {base} as it is.",
        "逐一取范围两端时,{path} 对“{limit}”按期率影响最大:取 {low} 时 {low_share},"
        "取 {high} 时 {high_share};现状 {base}。",
    ),
    "screening": ("{limit}: which assumptions matter", "{limit}:哪些假设重要"),
    "screening_axis": (
        "Change of the on-time share over the whole range, points",
        "参数走完全范围时按期率的变化,百分点",
    ),
    "up": ("raises it, proven", "提高,已证实"),
    "down": ("lowers it, proven", "降低,已证实"),
    "unknown": ("direction not proven", "方向未证实"),
    "sigma": ("spread σ: interplay, noise", "离散 σ:交互与噪声"),
    "caption_screening": (
        "Over its whole range, {path} moves the on-time share of “{limit}” by {value} points on "
        "average, more than any other parameter.",
        "走完全范围时,{path} 使“{limit}”按期率平均变化 {value} 个百分点,大于其他参数。",
    ),
    "sobol": ("{limit}: shares of the variance", "{limit}:方差份额"),
    "sobol_axis": ("Share of the variance of the on-time share", "占按期率方差的份额"),
    "first": ("alone (S1)", "单独(S1)"),
    "total": ("with interplay (ST)", "含交互(ST)"),
    "caption_sobol": (
        "{path} explains most of the variance of “{limit}”: {first} alone, {total} with interplay.",
        "{path} 解释“{limit}”的方差最多:单独 {first},含交互 {total}。",
    ),
}
_tornado_title, _screening_title, _sobol_title = (
    titled(WORDS[method]) for method in ("tornado", "screening", "sobol")
)


def _of_limit(
    sensitivity: Sensitivity, limit: str | None, findings: Sequence[Finding]
) -> list[Finding]:
    """Return the findings about a limit, by default the first limit; the greatest come first."""
    chosen = choose(limit, sensitivity.scenario.limits, "limit")
    return [finding for finding in findings if finding.limit == chosen]


def _rows(
    ax: Axes | None,
    sensitivity: Sensitivity,
    limit: str | None,
    findings: Sequence[Finding],
    language: Language,
) -> tuple[Axes, list[Finding]]:
    """Return axes with a row for each of the parameters that matter most, and their findings."""
    shown = _of_limit(sensitivity, limit, findings)[:MOST_ROWS]
    named = _named(sensitivity, language)
    ax = rows_on(ax, [folded(one_line(named(of.factor.path), LONG), 36) for of in shown])
    if not shown:
        write_instead(ax, WORDS["no_such_method"], language)
    return ax, shown


def _named(sensitivity: Sensitivity, language: Language) -> Callable[[str], str]:
    """Return path → name of the parameter."""
    return Paths(Labels(sensitivity.scenario, language)).named


def _variants(sensitivity: Sensitivity, method: str, attribute: str) -> Mapping[str, Options]:
    known = {finding.limit for finding in getattr(sensitivity, attribute)}
    return per_limit(method, sensitivity.scenario.limits, known.__contains__)


def _caption(
    method: str, sensitivity: Sensitivity, language: Language, most: OfLimit, /, **values: object
) -> str:
    path = _named(sensitivity, language)(most.factor.path)
    return phrase(
        WORDS[f"caption_{method}"], language, path=one_line(path, LONG),
        limit=Names(sensitivity.scenario, language).limit(most.limit), **values,
    )  # fmt: skip


@style()
def tornado(
    sensitivity: Sensitivity,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the on-time share with one parameter at both ends of its range, widest span first."""
    ax, shown = _rows(ax, sensitivity, limit, sensitivity.swings, language)
    if not shown:
        return ax
    chosen = shown[0].limit
    base, target = shown[0].base.share, sensitivity.scenario.limits[chosen].target_share
    seen = [base, target]
    for place, swing in enumerate(shown):
        seen += _swing(ax, swing, base, place)
        factor = swing.factor
        written = map(factor.written, (factor.low, factor.value, factor.high))
        text_at_right(ax, place, one_line(" … ".join(written), 34))
    known = [value for value in seen if math.isfinite(value)]
    ax.axvline(base, color=INK, linewidth=0.8)
    ax.axvline(target, **TARGET)
    percent_limits(ax, max(0.0, min(known)), min(1.0, max(known)))
    percent_axis(ax.xaxis)
    ax.set_xlabel(tell(SHARED["on_time_axis"], language))
    as_it_is = tell(WORDS["as_it_is"], language, share=percent(base))
    handles = [
        patch_handle(tell(WORDS["at_low"], language), SKY),
        patch_handle(tell(WORDS["at_high"], language), BLUE),
        target_handle(language, target),
        line_handle(as_it_is, color=INK, linewidth=0.8),
    ]
    heading(ax, _tornado_title(sensitivity, language, limit=chosen), rows=legend(ax, handles, 3))
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


def _tornado_caption(sensitivity: Sensitivity, language: Language, *, limit: str) -> str:
    first = _of_limit(sensitivity, limit, sensitivity.swings)[0]
    return _caption(
        "tornado", sensitivity, language, first, base=percent(first.base.share),
        low=first.factor.written(first.factor.low), low_share=percent(first.at_low.share),
        high=first.factor.written(first.factor.high), high_share=percent(first.at_high.share),
    )  # fmt: skip


@style()
def screening(
    sensitivity: Sensitivity,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the mean size of the elementary effects of each parameter, and their spread (Morris)."""
    ax, shown = _rows(ax, sensitivity, limit, sensitivity.screened, language)
    if not shown:
        return ax
    hollow: dict[str, Any] = {"marker": "d", "markerfacecolor": "white", "linestyle": "none"}
    for place, finding in enumerate(shown):
        effects, mean = finding.effects, finding.effects.mu_star
        if math.isfinite(mean.value):
            colour = {1: BLUE, -1: ORANGE, 0: GREY}[effects.mu.sign]
            ax.barh(place, mean.value, height=0.55, color=colour)
            interval(ax, place, mean.low, mean.high, color=INK, linewidth=1)
        if math.isfinite(effects.sigma.value):
            ax.plot(effects.sigma.value, place, color=INK, **hollow)
    points_axis(ax.xaxis)
    longest = max(finding.effects.mu_star.value for finding in shown)
    widest = max(finding.effects.mu_star.high for finding in shown)
    ax.set_xlim(0, 1.1 * max(longest, min(widest, 1.0), 0.001))
    ax.set_xlabel(tell(WORDS["screening_axis"], language))
    colours = (("up", BLUE), ("down", ORANGE), ("unknown", GREY))
    handles = [patch_handle(tell(WORDS[key], language), colour) for key, colour in colours]
    handles.append(line_handle(tell(WORDS["sigma"], language), color=INK, **hollow))
    title = _screening_title(sensitivity, language, limit=shown[0].limit)
    heading(ax, title, rows=legend(ax, handles, 3))
    return ax


def _screening_caption(sensitivity: Sensitivity, language: Language, *, limit: str) -> str:
    first = _of_limit(sensitivity, limit, sensitivity.screened)[0]
    value = f"{100 * first.effects.mu_star.value:.1f}"
    return _caption("screening", sensitivity, language, first, value=value)


@style()
def sobol(
    sensitivity: Sensitivity,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the share of the variance that each parameter explains, alone and with interactions."""
    ax, shown = _rows(ax, sensitivity, limit, sensitivity.explained, language)
    if not shown:
        return ax
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "first": (-0.15, {"color": BLUE, "marker": "o"}),
        "total": (0.15, {"color": ORANGE, "marker": "D", "markerfacecolor": "white"}),
    }
    for place, finding in enumerate(shown):
        for key, (shift, look) in looks.items():
            estimate = getattr(finding.indices, key)
            if math.isfinite(estimate.low):
                bounds = [max(estimate.low, -0.1), min(estimate.high, 1.2)]
                ax.plot(bounds, [place + shift] * 2, color=look["color"], linewidth=1.8, alpha=0.55)
            ax.plot(estimate.value, place + shift, **look)
    ax.axvline(0, color=INK, linewidth=0.8)
    percent_axis(ax.xaxis)
    ax.set_xlabel(tell(WORDS["sobol_axis"], language))
    handles = [line_handle(tell(WORDS[key], language), **look) for key, (_, look) in looks.items()]
    title = _sobol_title(sensitivity, language, limit=shown[0].limit)
    heading(ax, title, rows=legend(ax, handles, 3))
    return ax


def _sobol_caption(sensitivity: Sensitivity, language: Language, *, limit: str) -> str:
    first = _of_limit(sensitivity, limit, sensitivity.explained)[0]
    alone, total = (percent(share.value, 0) for share in (first.indices.first, first.indices.total))
    return _caption("sobol", sensitivity, language, first, first=alone, total=total)


FIGURES: Final = tuple(
    Figure(
        draw.__name__, draw, partial(_variants, method=draw.__name__, attribute=attribute),
        title, caption, by_limit=True,
    )
    for draw, attribute, title, caption in (
        (tornado, "swings", _tornado_title, _tornado_caption),
        (screening, "screened", _screening_title, _screening_caption),
        (sobol, "explained", _sobol_title, _sobol_caption),
    )
)  # fmt: skip
