"""On-time share against load, and the load at which a promise breaks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.experiments import LoadCurve
from sim.limits import ResolvedLimit
from sim.measures.crossing import Crossing, Point, Status
from sim.report.drawing.axes import axes_on, heading, write_instead
from sim.report.drawing.figure import Figure, Options, chosen_of, per_limit
from sim.report.drawing.intervals import share_axis
from sim.report.drawing.labels import Names
from sim.report.drawing.legends import legend, line_handle, patch_handle, target_handle
from sim.report.drawing.style import BLUE, GREY, RED, TARGET, style
from sim.report.drawing.words import SHARED, Words, tell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

BAND: Final = "#CFE3F1"
BROKEN: Final = "#F6D5C3"
WORDS: Final[Words] = {
    "on_time": ("on time", "按期率"),
    "interval": ("{confidence} interval", "{confidence} 置信区间"),
    "axis": ("Load: arrivals × today's", "负荷:到达量相对现状的倍数"),
    "breaks_at": ("breaks at × {load} ({low}–{high})", "失守于 × {load}({low}–{high})"),
}
TITLES: Final[Mapping[Status, tuple[str, str]]] = {
    "breaks": ("{limit}: breaks at × {load}", "{limit}:负荷 × {load} 时失守"),
    "broken": ("{limit}: broken already at × {lowest}", "{limit}:负荷 × {lowest} 时已失守"),
    "keeps": (
        "{limit}: kept at every load up to × {highest}",
        "{limit}:直至负荷 × {highest} 均守住",
    ),
    "no_cases": ("{limit}: no case could be judged", "{limit}:没有可判定的办件"),
}
CAPTIONS: Final[Mapping[Status, tuple[str, str]]] = {
    "breaks": (
        "“{limit}” breaks at {load} times today's load ({low} to {high} at {confidence} "
        "confidence).",
        "“{limit}”在现状负荷的 {load} 倍时失守({confidence} 置信区间 {low} 至 {high})。",
    ),
    "broken": (
        "“{limit}” is broken already at {lowest} times today's load: {share} on time, target "
        "{target}.",
        "“{limit}”在现状负荷的 {lowest} 倍时已失守:按期率 {share},目标 {target}。",
    ),
    "keeps": (
        "“{limit}” is kept up to {highest} times today's load, the highest looked at: {share} on "
        "time there, target {target}.",
        "“{limit}”直至所试最高负荷(现状的 {highest} 倍)均守住:该处按期率 {share},目标 {target}。",
    ),
}


@style()
def load_curve(
    curve: LoadCurve, limit: str | None = None, *, ax: Axes | None = None, language: Language = "en"
) -> Axes:
    """Draw the on-time share of one limit at every load that was simulated.

    The load at which the share crosses the target is marked with its interval, if it lies within
    the range. A load of 1 is the scenario as it is.
    """
    from matplotlib.ticker import NullLocator

    resolved = _resolved(curve, limit)
    ax = axes_on(ax, 8)
    if resolved is None:
        return write_instead(ax, SHARED["no_limit"], language)
    points = [point for point in curve.points(resolved) if point.cases]
    if not points:
        return write_instead(ax, SHARED["no_case"], language)
    crossing = curve.crossing(resolved)
    loads, shares = [point.load for point in points], [point.share for point in points]
    lows, highs = [point.low for point in points], [point.high for point in points]
    ax.fill_between(loads, lows, highs, color=BAND, linewidth=0)
    ax.plot(loads, shares, "o-", color=BLUE, markersize=4.5, label="share")
    ax.axhline(resolved.target_share, **TARGET)
    confidence = percent(resolved.confidence, None)
    handles = [
        line_handle(tell(WORDS["on_time"], language), color=BLUE, marker="o", markersize=4.5),
        patch_handle(tell(WORDS["interval"], language, confidence=confidence), BAND),
        target_handle(language, resolved.target_share),
        *_breaking(ax, crossing, points, language),
    ]
    ax.set_xscale("log")
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xticks(curve.grid, [f"× {load:{'.2g' if load < 10 else '.0f'}}" for load in curve.grid])
    ax.set_xlim(loads[0] / 1.02, loads[-1] * 1.02)
    share_axis(ax, min(*lows, resolved.target_share), language)
    ax.set_xlabel(tell(WORDS["axis"], language))
    title = _title(curve, language, limit=resolved.name)
    heading(ax, title, rows=legend(ax, handles, 3))
    return ax


def _resolved(curve: LoadCurve, limit: str | None) -> ResolvedLimit | None:
    return chosen_of(limit, {resolved.name: resolved for resolved in curve.resolved_limits})


def _breaking(
    ax: Axes, crossing: Crossing, points: Sequence[Point], language: Language
) -> list[Artist]:
    handles: list[Artist] = []
    lowest, highest = points[0].load, points[-1].load
    if lowest <= 1 <= highest:
        look: dict[str, Any] = {"color": GREY, "linewidth": 1, "linestyle": ":"}
        ax.axvline(1, **look)
        handles.append(line_handle(tell(SHARED["today"], language), **look))
    if crossing.status == "breaks":
        low, high = max(crossing.low, lowest), min(crossing.high, highest)
        ax.axvspan(low, high, color=BROKEN, linewidth=0, zorder=0, label="interval of the load")
        ax.axvline(crossing.load, color=RED, linewidth=1.4, label="breaks")
        text = tell(WORDS["breaks_at"], language, **_written(crossing))
        handles.append(line_handle(text, color=RED, linewidth=1.4))
    return handles


def _written(crossing: Crossing) -> dict[str, str]:
    """Return the load at which a limit breaks and its interval, as words."""
    high = "∞" if math.isinf(crossing.high) else f"{crossing.high:.2f}"
    return {"load": f"{crossing.load:.2f}", "low": f"{crossing.low:.2f}", "high": high}


def _variants(curve: LoadCurve) -> Mapping[str, Options]:
    status = {limit.name: curve.crossing(limit).status for limit in curve.resolved_limits}
    return per_limit("load", status, lambda limit: status[limit] != "no_cases")


def _values(curve: LoadCurve, limit: str, language: Language) -> dict[str, str]:
    """Return the values that titles and captions of a limit name."""
    label = Names(curve.scenario, language).limit(limit)
    return {"limit": label, "lowest": f"{curve.grid[0]:.2f}", "highest": f"{curve.grid[-1]:.2f}"}


def _title(curve: LoadCurve, language: Language, *, limit: str) -> str:
    resolved = _resolved(curve, limit)
    assert resolved is not None
    crossing = curve.crossing(resolved)
    values = _values(curve, limit, language) | _written(crossing)
    return tell(TITLES[crossing.status], language, **values)


def _caption(curve: LoadCurve, language: Language, *, limit: str) -> str:
    resolved = _resolved(curve, limit)
    assert resolved is not None
    crossing = curve.crossing(resolved)
    points = {point.load: point for point in curve.points(resolved)}
    return phrase(
        CAPTIONS[crossing.status], language, **_values(curve, limit, language),
        **_written(crossing), confidence=percent(resolved.confidence, None),
        share=percent(points[curve.pool_load(resolved)].share),
        target=percent(resolved.target_share, None),
    )  # fmt: skip


FIGURES: Final = (Figure("load_curve", load_curve, _variants, _title, _caption, by_limit=True),)
