"""Differences from a reference scenario on the same cases."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from sim.experiments import Comparison, Difference
from sim.experiments.compare.differences import KINDS, Measure
from sim.report.drawing.axes import axes_on, grid_along, heading, legend
from sim.report.drawing.figure import Figure, Options, choose
from sim.report.drawing.intervals import (
    INTERVAL,
    line_handle,
    points_axis,
    row_labels,
    signed,
    text_at_right,
    write_instead,
)
from sim.report.drawing.labels import LONG, Names, folded, one_line, row_height_cm
from sim.report.drawing.style import GREEN, GREY, INK, RED, styled
from sim.report.drawing.words import SHARED, Words, tell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

MOST_ROWS: Final = 20
SHARES: Final = ("on_time_share", "utilisation")
LOOKS: Final = {1: (GREEN, "o", GREEN), -1: (RED, "X", RED), 0: (GREY, "D", "white")}
"""Gain → colour, marker, its filling."""
REPORTED: Final[tuple[Measure, ...]] = ("on_time_share", "p90", "mean_wait_h")
"""The measures that a report shows."""
WORDS: Final[Words] = {
    "title": ("Differences from {reference}", "与{reference}的差异"),
    "none": ("There is nothing to compare.", "没有可比较的内容。"),
    "on_time_share": ("Difference of the on-time share, points", "按期率之差,百分点"),
    "p50": ("Difference of P50, days", "P50 之差,天"),
    "p90": ("Difference of P90, days", "P90 之差,天"),
    "mean_wait_h": ("Difference of the mean wait, hours", "平均等待之差,小时"),
    "utilisation": ("Difference of busy time, points", "忙碌率之差,百分点"),
    "better": ("better, proven", "更好,已证实"),
    "worse": ("worse, proven", "更差,已证实"),
    "more": ("more, proven", "更忙,已证实"),
    "less": ("less, proven", "更闲,已证实"),
    "caption": (
        "{count} differences from {reference} on the same cases, with intervals that hold together "
        "at {confidence}: {better} proven better, {worse} proven worse. The largest is {largest}.",
        "与{reference}在同一批办件上的 {count} 项差异,区间以 {confidence} 的置信度同时成立:"
        "{better} 项证实更好,{worse} 项证实更差。最大者为{largest}。",
    ),
}


def gain(difference: Difference) -> int:
    """Return +1 if the scenario is proven to be better, -1 if worse, else 0.

    A busier pool is neither: it counts as +1, and a pool that is less busy as -1.
    """
    better = 1 if difference.measure in SHARES else -1
    return better * difference.difference.sign


@styled
def differences(
    comparison: Comparison,
    measure: Measure = "on_time_share",
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw every difference of one measure with its interval; all of them hold together.

    Of more than `MOST_ROWS`, the largest are shown.

    Raises
    ------
    ValueError
        If there is no such measure.
    """
    choose(measure, KINDS, "measure")
    shown = differences_of(comparison, measure)
    labels = [folded(_label(comparison, difference, language), 34) for difference in shown]
    ax = axes_on(ax, 2.6 + row_height_cm(labels, 0.62) * max(len(shown), 2))
    if not shown:
        return write_instead(ax, tell(WORDS["none"], language))
    scale = 100 if measure in SHARES else 1
    for place, difference in enumerate(shown):
        _interval(ax, place, difference)
        text_at_right(ax, place, signed(scale * difference.difference.value, 1))
    ax.axvline(0, color=INK, linewidth=1)
    row_labels(ax, labels)
    if measure in SHARES:
        points_axis(ax.xaxis)
    ax.set_xlabel(tell(WORDS[measure], language))
    grid_along(ax, "x")
    title = tell(WORDS["title"], language, reference=one_line(comparison.reference))
    heading(ax, title, rows=legend(ax, _handles(shown, measure, language), 3))
    return ax


def _interval(ax: Axes, place: int, difference: Difference) -> None:
    colour, marker, filling = LOOKS[gain(difference)]
    low, value, high = (getattr(difference.difference, end) for end in ("low", "value", "high"))
    if math.isfinite(low):
        ax.plot([low, high], [place] * 2, color=colour, **INTERVAL)
    ax.plot(value, place, marker=marker, color=colour, markerfacecolor=filling, markersize=6.5)


def _handles(shown: Sequence[Difference], measure: Measure, language: Language) -> list[Artist]:
    busy = measure == "utilisation"
    words = {
        1: WORDS["more" if busy else "better"],
        -1: WORDS["less" if busy else "worse"],
        0: SHARED["not_proven"],
    }
    gains = {gain(difference) for difference in shown}
    return [
        line_handle(
            tell(words[sign], language), color=colour, marker=marker, markerfacecolor=filling
        )
        for sign, (colour, marker, filling) in LOOKS.items()
        if sign in gains
    ]


def differences_of(comparison: Comparison, measure: Measure) -> list[Difference]:
    """Return the differences that are shown, by limit or pool: the `MOST_ROWS` largest."""
    known = [
        difference
        for difference in comparison.differences
        if difference.measure == measure and math.isfinite(difference.difference.value)
    ]
    largest = sorted(known, key=lambda difference: -abs(difference.difference.value))[:MOST_ROWS]
    order = list(dict.fromkeys(difference.of for difference in known))
    return sorted(
        (difference for difference in known if difference in largest),
        key=lambda difference: order.index(difference.of),
    )


def _subject(comparison: Comparison, difference: Difference, language: Language) -> str:
    """Return the label of the pool or limit of a difference."""
    names = Names(comparison.results[comparison.reference].scenario, language)
    of_pool = difference.measure in {"mean_wait_h", "utilisation"}
    return names.pool(difference.of) if of_pool else names.limit(difference.of)


def _label(comparison: Comparison, difference: Difference, language: Language) -> str:
    subject = _subject(comparison, difference, language)
    return one_line(f"{one_line(difference.scenario, 30)}: {subject}", LONG + 20)


def _variants(comparison: Comparison) -> Mapping[str, Options]:
    return {
        f"differences-{measure.replace('_', '-')}": {"measure": measure}
        for measure in REPORTED
        if differences_of(comparison, measure)
    }


def _title(comparison: Comparison, language: Language, *, measure: Measure) -> str:
    title = tell(WORDS["title"], language, reference=one_line(comparison.reference))
    return f"{title} · {tell(WORDS[measure], language)}"


def _caption(comparison: Comparison, language: Language, *, measure: Measure) -> str:
    shown = differences_of(comparison, measure)
    largest = max(shown, key=lambda difference: abs(difference.difference.value))
    value = signed((100 if measure in SHARES else 1) * largest.difference.value, 1)
    gains = Counter(gain(difference) for difference in shown)
    subject = _subject(comparison, largest, language)
    return phrase(
        WORDS["caption"],
        language,
        count=len(shown),
        reference=one_line(comparison.reference),
        confidence=percent(comparison.confidence, None),
        better=gains[1],
        worse=gains[-1],
        largest=f"{value} ({one_line(largest.scenario, 30)}, {subject})",
    )


DIFFERENCES: Final = Figure("differences", differences, _variants, _title, _caption)
