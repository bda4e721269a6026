"""One limit in several scenarios: its on-time share, and the days on its clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sim.experiments import Comparison, Result
from sim.measures.limits import LimitJudgement
from sim.report.drawing.figure import Figure, Options
from sim.report.drawing.intervals import Row, share_chart
from sim.report.drawing.labels import Names, folded, one_line
from sim.report.drawing.style import styled
from sim.report.drawing.words import Words, joined, tell
from sim.report.language import Language
from sim.report.numbers import rounded
from sim.report.run.figures.clock import WORDS as CLOCK_WORDS
from sim.report.run.figures.clock import clock_distribution
from sim.report.run.figures.limits import judgement_of, share_of
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WORDS: Final[Words] = {
    "title": ("{limit}: on-time share by scenario", "{limit}:各情景按期率"),
    "caption": (
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


@styled
def on_time_by_scenario(
    results: Mapping[str, Result] | Comparison,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the on-time share of one limit in several scenarios, in the order given.

    Scenarios without that limit are left out.

    Raises
    ------
    ValueError
        If no scenario has such a limit.
    """
    by_name = results.results if isinstance(results, Comparison) else results
    chosen = limit or next(
        (judgement.limit.name for run in by_name.values() for judgement in run.verdicts), ""
    )
    shown = _with_limit(by_name, chosen)
    if limit is not None and not shown:
        judgement_of(next(iter(by_name.values())), limit)
    rows = [
        Row.of(folded(one_line(name, 60), 30), judgement) for name, (_, judgement) in shown.items()
    ]
    label = next((Names(run.scenario, language).limit(chosen) for run, _ in shown.values()), "")
    return share_chart(ax, rows, tell(WORDS["title"], language, limit=label), language)


def _with_limit(
    results: Mapping[str, Result], limit: str
) -> dict[str, tuple[Result, LimitJudgement]]:
    """Return the runs that have the limit, by name, with their judgement of it."""
    return {
        name: (run, judgement)
        for name, run in results.items()
        for judgement in run.verdicts
        if judgement.limit.name == limit
    }


def _variants(comparison: Comparison, name: str) -> Mapping[str, Options]:
    verdicts = comparison.results[comparison.reference].verdicts
    return {
        f"{name}-{number}": {"limit": judgement.limit.name}
        for number, judgement in enumerate(verdicts)
    }


def _share_variants(comparison: Comparison) -> Mapping[str, Options]:
    return _variants(comparison, "on-time")


def _label(comparison: Comparison, limit: str, language: Language) -> str:
    return Names(comparison.results[comparison.reference].scenario, language).limit(limit)


def _title(comparison: Comparison, language: Language, *, limit: str) -> str:
    return tell(WORDS["title"], language, limit=_label(comparison, limit, language))


def _caption(comparison: Comparison, language: Language, *, limit: str) -> str:
    shares = [
        share_of(one_line(name), judgement, language)
        for name, (_, judgement) in _with_limit(comparison.results, limit).items()
    ]
    label = _label(comparison, limit, language)
    return phrase(WORDS["caption"], language, limit=label, shares=joined(shares, language))


BY_SCENARIO: Final = Figure(
    "on_time_by_scenario", on_time_by_scenario, _share_variants, _title, _caption, by_limit=True
)


def _draw_clock(
    comparison: Comparison,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the days on the clock of a limit in the scenarios that have it."""
    chosen = judgement_of(comparison.results[comparison.reference], limit)
    shown = {} if chosen is None else _with_limit(comparison.results, chosen.limit.name)
    runs = {name: run for name, (run, _) in shown.items()}
    return clock_distribution(runs, limit, ax=ax, language=language)


def _clock_variants(comparison: Comparison) -> Mapping[str, Options]:
    return _variants(comparison, "clock")


def _clock_title(comparison: Comparison, language: Language, *, limit: str) -> str:
    return tell(CLOCK_WORDS["title"], language, limit=_label(comparison, limit, language))


def _clock_caption(comparison: Comparison, language: Language, *, limit: str) -> str:
    medians = []
    for name, (_, judgement) in _with_limit(comparison.results, limit).items():
        median = judgement.quantiles[0]
        days = rounded(median.days, 0) + ("+" if median.at_least else "")
        medians.append(phrase(WORDS["median"], language, name=one_line(name), days=days))
    label = _label(comparison, limit, language)
    return phrase(WORDS["caption_clock"], language, limit=label, medians=joined(medians, language))


CLOCK_BY_SCENARIO: Final = Figure(
    "clock_distribution", _draw_clock, _clock_variants, _clock_title, _clock_caption, by_limit=True
)
