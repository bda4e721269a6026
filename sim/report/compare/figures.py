"""The figures of a comparison: differences on the same cases, and one limit in every scenario."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from sim.experiments import Comparison, Difference, Result
from sim.experiments.compare.differences import KINDS, Measure
from sim.measures.limits import LimitJudgement
from sim.report.clocks import quantile_text
from sim.report.drawing.axes import heading, rows_on, write_instead
from sim.report.drawing.figure import Figure, Options, choose, per_limit
from sim.report.drawing.intervals import (
    Row,
    interval,
    points_axis,
    share_chart,
    signed,
    text_at_right,
)
from sim.report.drawing.labels import LONG, Names, folded, one_line
from sim.report.drawing.legends import legend, line_handle
from sim.report.drawing.style import GREEN, GREY, INK, INTERVAL, RED, style
from sim.report.drawing.words import SHARED, Words, joined, tell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.run.figures.clock import WORDS as CLOCK_WORDS
from sim.report.run.figures.clock import clock_distribution
from sim.report.run.figures.limits import judgement_of, share_text
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_ROWS: Final = 20
SHARES: Final = ("on_time_share", "utilisation")
LOOKS: Final = {1: (GREEN, "o", GREEN), -1: (RED, "X", RED), 0: (GREY, "D", "white")}
"""Gain → colour, marker, filling of the marker."""
REPORTED: Final[tuple[Measure, ...]] = ("on_time_share", "p90", "mean_wait_h")
"""The measures that a report shows."""
WORDS: Final[Words] = {
    "title": ("Differences from {reference}", "与{reference}的差异"),
    "title_of_one": ("{other}, compared with {reference}", "{other}:与{reference}比较"),
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
    "shares": ("{limit}: on-time share by scenario", "{limit}:各情景按期率"),
    "caption_shares": (
        "On-time share of “{limit}” in each scenario, with its own interval: {shares}.",
        "“{limit}”在各情景下的按期率及各自区间:{shares}。",
    ),
    "caption_clock": (
        "Days on the clock that decides, in all scenarios; half of the cases of “{limit}” end "
        "within: {medians}.",
        "各情景在判定口径下的用时;“{limit}”的办件半数办结所需天数:{medians}。",
    ),
    "median": ("“{name}” {days}", "“{name}”{days}"),
}


def _gain(difference: Difference) -> int:
    """Return +1 if the scenario is proven to be better, -1 if worse, else 0.

    A busier pool is neither: it counts as +1, and a pool that is less busy as -1.
    """
    return (1 if difference.measure in SHARES else -1) * difference.difference.sign


@style()
def differences(
    comparison: Comparison,
    measure: Measure = "on_time_share",
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw every difference of one measure with its simultaneous interval.

    Only the `MOST_ROWS` largest are shown.
    """
    choose(measure, KINDS, "measure")
    shown = _largest(comparison, measure)
    labels = [folded(_label(comparison, difference, language), 34) for difference in shown]
    ax = rows_on(ax, labels, 0.62)
    if not shown:
        return write_instead(ax, WORDS["none"], language)
    for place, difference in enumerate(shown):
        colour, marker, filling = LOOKS[_gain(difference)]
        estimate = difference.difference
        interval(ax, place, estimate.low, estimate.high, color=colour, **INTERVAL)
        ax.plot(estimate.value, place, marker=marker, color=colour, markerfacecolor=filling,
                markersize=6.5)  # fmt: skip
        text_at_right(ax, place, _value(difference))
    ax.axvline(0, color=INK, linewidth=1)
    if measure in SHARES:
        points_axis(ax.xaxis)
    ax.set_xlabel(tell(WORDS[measure], language))
    better, worse = ("more", "less") if measure == "utilisation" else ("better", "worse")
    words = {1: WORDS[better], -1: WORDS[worse], 0: SHARED["not_proven"]}
    gains = {_gain(difference) for difference in shown}
    handles = [
        line_handle(tell(words[sign], language), color=colour, marker=marker, markerfacecolor=fill)
        for sign, (colour, marker, fill) in LOOKS.items()
        if sign in gains
    ]
    title = _title_of(comparison, language)
    heading(ax, title, rows=legend(ax, handles, 3))
    return ax


def _largest(comparison: Comparison, measure: Measure) -> list[Difference]:
    """Return the `MOST_ROWS` largest differences, by limit or pool."""
    known = [
        difference
        for difference in comparison.differences
        if difference.measure == measure and math.isfinite(difference.difference.value)
    ]
    largest = sorted(known, key=lambda difference: -abs(difference.difference.value))[:MOST_ROWS]
    order = list(dict.fromkeys(difference.of for difference in known))
    shown = [difference for difference in known if difference in largest]
    return sorted(shown, key=lambda difference: order.index(difference.of))


def _value(difference: Difference) -> str:
    return signed((100 if difference.measure in SHARES else 1) * difference.difference.value, 1)


def _names(comparison: Comparison, language: Language) -> Names:
    return Names(comparison.results[comparison.reference].scenario, language)


def _subject(comparison: Comparison, difference: Difference, language: Language) -> str:
    names = _names(comparison, language)
    of_pool = difference.measure in {"mean_wait_h", "utilisation"}
    return names.pool(difference.of) if of_pool else names.limit(difference.of)


def _title_of(comparison: Comparison, language: Language) -> str:
    reference, *others = map(one_line, comparison.results)
    if len(others) == 1:
        return tell(WORDS["title_of_one"], language, reference=reference, other=others[0])
    return tell(WORDS["title"], language, reference=reference)


def _label(comparison: Comparison, difference: Difference, language: Language) -> str:
    """Return what differs, and of which scenario if there are several."""
    subject = _subject(comparison, difference, language)
    if len(comparison.results) == 2:
        return one_line(subject, LONG)
    return one_line(f"{one_line(difference.scenario, 30)}: {subject}", LONG + 20)


def _variants(comparison: Comparison) -> Mapping[str, Options]:
    return {
        f"differences-{measure.replace('_', '-')}": {"measure": measure}
        for measure in REPORTED
        if _largest(comparison, measure)
    }


def _title(comparison: Comparison, language: Language, *, measure: Measure) -> str:
    title = _title_of(comparison, language)
    return f"{title} · {tell(WORDS[measure], language)}"


def _caption(comparison: Comparison, language: Language, *, measure: Measure) -> str:
    shown = _largest(comparison, measure)
    largest = max(shown, key=lambda difference: abs(difference.difference.value))
    gains = Counter(map(_gain, shown))
    where = f"{one_line(largest.scenario, 30)}, {_subject(comparison, largest, language)}"
    return phrase(
        WORDS["caption"], language, count=len(shown), reference=one_line(comparison.reference),
        confidence=percent(comparison.confidence, None), better=gains[1], worse=gains[-1],
        largest=f"{_value(largest)} ({where})",
    )  # fmt: skip


@style()
def on_time_by_scenario(
    results: Mapping[str, Result] | Comparison,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the on-time share of one limit in several scenarios, in the order given.

    Scenarios without that limit are left out.
    """
    by_name = results.results if isinstance(results, Comparison) else results
    chosen = limit or next(
        (judgement.limit.name for run in by_name.values() for judgement in run.verdicts), ""
    )
    shown = _judgements(by_name, chosen)
    if limit is not None and not shown:
        judgement_of(next(iter(by_name.values())), limit)
    rows = [Row.of(folded(one_line(name, 60), 30), judged) for name, judged in shown.items()]
    label = next((Names(by_name[name].scenario, language).limit(chosen) for name in shown), "")
    return share_chart(ax, rows, tell(WORDS["shares"], language, limit=label), language)


def _judgements(results: Mapping[str, Result], limit: str) -> dict[str, LimitJudgement]:
    """Return the judgement of the limit in each scenario that has it."""
    return {
        name: judgement
        for name, run in results.items()
        for judgement in run.verdicts
        if judgement.limit.name == limit
    }


def _draw_clock(
    comparison: Comparison,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the days on the clock of a limit in the scenarios that have it."""
    chosen = judgement_of(comparison.results[comparison.reference], limit)
    shown = {} if chosen is None else _judgements(comparison.results, chosen.limit.name)
    runs = {name: comparison.results[name] for name in shown}
    return clock_distribution(runs, limit, ax=ax, language=language)


def _limit_variants(comparison: Comparison, name: str) -> Mapping[str, Options]:
    verdicts = comparison.results[comparison.reference].verdicts
    return per_limit(name, [judgement.limit.name for judgement in verdicts])


def _limit_title(
    comparison: Comparison, language: Language, text: tuple[str, str], *, limit: str
) -> str:
    return tell(text, language, limit=_names(comparison, language).limit(limit))


def _shares_caption(comparison: Comparison, language: Language, *, limit: str) -> str:
    judgements = _judgements(comparison.results, limit).items()
    shares = [share_text(one_line(name), judgement, language) for name, judgement in judgements]
    label = _names(comparison, language).limit(limit)
    return phrase(WORDS["caption_shares"], language, limit=label, shares=joined(shares, language))


def _clock_caption(comparison: Comparison, language: Language, *, limit: str) -> str:
    judgements = _judgements(comparison.results, limit).items()
    medians = [
        phrase(
            WORDS["median"],
            language,
            name=one_line(name),
            days=quantile_text(judged.quantiles[0], judged.unit),
        )
        for name, judged in judgements
    ]
    label = _names(comparison, language).limit(limit)
    return phrase(WORDS["caption_clock"], language, limit=label, medians=joined(medians, language))


FIGURES: Final[tuple[Figure, ...]] = (
    Figure("differences", differences, _variants, _title, _caption),
    Figure(
        "on_time_by_scenario", on_time_by_scenario, partial(_limit_variants, name="on-time"),
        partial(_limit_title, text=WORDS["shares"]), _shares_caption, by_limit=True,
    ),
    Figure(
        "clock_distribution", _draw_clock, partial(_limit_variants, name="clock"),
        partial(_limit_title, text=CLOCK_WORDS["title"]), _clock_caption, by_limit=True,
    ),
)  # fmt: skip
