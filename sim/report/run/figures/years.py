"""The on-time shares of a limit by the year, from the worst year to the best."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.experiments import Result
from sim.measures.years import ONE_IN, Years, is_year
from sim.report.drawing.axes import axes_on, grid_along, heading, plain, write_instead
from sim.report.drawing.figure import Figure, Options, chosen_of, per_limit
from sim.report.drawing.intervals import percent_axis, share_axis
from sim.report.drawing.labels import Names
from sim.report.drawing.legends import legend, line_handle, target_handle
from sim.report.drawing.style import GREEN, GREY, RED, SMALL, TARGET, style
from sim.report.drawing.words import SHARED, Words, tell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WORDS: Final[Words] = {
    "title": (
        "{limit}: target kept in {kept} of {years} years",
        "{limit}:{years} 个年度中 {kept} 个达标",
    ),
    "title_window": (
        "{limit}: target kept in {kept} of {years} windows",
        "{limit}:{years} 个时段中 {kept} 个达标",
    ),
    "x": ("Simulated years, from the worst to the best", "模拟年度,由差到好"),
    "x_window": ("Simulated windows, from the worst to the best", "模拟时段,由差到好"),
    "y": ("On-time share of the year", "年度按期率"),
    "kept": ("target kept", "达标"),
    "missed": ("target missed", "未达标"),
    "open": ("depends on open cases", "取决于在办件"),
    "worst": ("worst year in 20: {share}", "二十年一遇最差:{share}"),
    "caption": (
        "{kept} of {years} simulated years keep the target of {target} for “{limit}”: a year keeps "
        "it with a probability of {keeps} (interval {low} to {high}). The worst year in twenty has "
        "{worst} on time; the shares of all lie between {lowest} and {highest}.",
        "{years} 个模拟年度中 {kept} 个达到“{limit}”{target} 的目标:达标概率为 {keeps}"
        "(区间 {low} 至 {high})。二十年一遇的最差年度按期率为 {worst};"
        "各年度在 {lowest} 至 {highest} 之间。",
    ),
    "caption_window": (
        "{kept} of {years} simulated windows keep the target of {target} for “{limit}”: a window "
        "keeps it with a probability of {keeps} (interval {low} to {high}). The worst in twenty "
        "has {worst} on time; the shares of all lie between {lowest} and {highest}.",
        "{years} 个模拟时段中 {kept} 个达到“{limit}”{target} 的目标:达标概率为 {keeps}"
        "(区间 {low} 至 {high})。二十个中最差的一个按期率为 {worst};"
        "各时段在 {lowest} 至 {highest} 之间。",
    ),
}
LOOKS: Final = {
    1: (GREEN, "o", "kept"),
    -1: (RED, "X", "missed"),
    0: (GREY, "D", "open"),
}
"""Whether a year keeps the target → colour, marker, key of the word."""
FEW: Final = 100
"""Years up to which their marks are large."""


@style()
def yearly_shares(
    result: Result, limit: str | None = None, *, ax: Axes | None = None, language: Language = "en"
) -> Axes:
    """Draw the on-time share of one limit in every simulated year, from the worst to the best.

    A cross is a year that misses the target, a dot one that keeps it. A year with open cases is a
    stroke from its share if all of them end late to that if all end on time.
    """
    ax = axes_on(ax, 7)
    years = chosen_of(limit, result.years_of)
    if years is None:
        return write_instead(ax, SHARED["no_limit"], language)
    if years.number == 0:
        return write_instead(ax, SHARED["no_case"], language)
    name = limit or next(iter(result.years_of))
    low, high, keeps = years.from_the_worst
    place = (np.arange(years.number) + 0.5) / years.number
    size = 6.0 if years.number <= FEW else 3.0
    handles = []
    for kept, (colour, marker, word) in LOOKS.items():
        here = keeps == kept
        if here.any():
            ax.vlines(place[here], low[here], high[here], color=colour, linewidth=1.5)
            look: dict[str, Any] = {"color": colour, "marker": marker, "linestyle": "none"}
            ax.plot(place[here], low[here], markersize=size, gid=f"years-{word}", **look)
            handles.append(line_handle(tell(WORDS[word], language), **look))
    ax.axhline(years.target, gid="target", **TARGET)
    _mark_worst(ax, years, language)
    key = "x" if is_year(result.periods) else "x_window"
    ax.set_xlabel(tell(WORDS[key], language))
    ax.set_xlim(-0.01, 1.01)
    percent_axis(ax.xaxis)
    share_axis(ax, min(float(low[0]), years.target), language)
    grid_along(ax, "y")
    handles.append(target_handle(language, years.target))
    heading(ax, _title(result, language, limit=name), rows=legend(ax, handles, 4))
    return ax


def _mark_worst(ax: Axes, years: Years, language: Language) -> None:
    """Mark the worst year in twenty."""
    ax.axvline(1 / ONE_IN, color=GREY, linewidth=0.8, linestyle=":", gid="one-in-twenty")
    text = tell(WORDS["worst"], language, share=percent(years.worst.value))
    ax.annotate(
        text, (1 / ONE_IN, 0), xycoords=("data", "axes fraction"), xytext=(4, 6),
        textcoords="offset points", fontsize=SMALL, color=GREY, bbox=plain(0.1, 0.8),
    )  # fmt: skip


def _title(result: Result, language: Language, *, limit: str) -> str:
    years = result.years_of[limit]
    key = "title" if is_year(result.periods) else "title_window"
    name = Names(result.scenario, language).limit(limit)
    return tell(WORDS[key], language, limit=name, kept=years.kept, years=years.number)


def _caption(result: Result, language: Language, *, limit: str) -> str:
    years = result.years_of[limit]
    lowest, highest = years.range
    return phrase(
        WORDS["caption" if is_year(result.periods) else "caption_window"],
        language,
        limit=Names(result.scenario, language).limit(limit),
        kept=years.kept,
        years=years.number,
        target=percent(years.target, None),
        keeps=percent(years.keeps.value),
        low=percent(years.keeps.low),
        high=percent(years.keeps.high),
        worst=percent(years.worst.value),
        lowest=percent(lowest),
        highest=percent(highest),
    )


def _variants(result: Result) -> Mapping[str, Options]:
    return per_limit("years", result.years_of, lambda name: result.years_of[name].number > 1)


YEARS: Final = Figure("yearly_shares", yearly_shares, _variants, _title, _caption, by_limit=True)
