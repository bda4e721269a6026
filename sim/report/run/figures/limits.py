"""The on-time share of every limit of a run, against its target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sim.experiments import Result
from sim.measures.limits import LimitJudgement
from sim.report.drawing.figure import Figure, Options, choose, fixed_title
from sim.report.drawing.intervals import Row, share_chart
from sim.report.drawing.labels import Names, folded
from sim.report.drawing.style import styled
from sim.report.drawing.words import Words, joined
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.words import phrase, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WORDS: Final[Words] = {
    "title": ("Are the promises kept?", "承诺能否兑现?"),
    "caption": (
        "On-time share of every promise with its confidence interval, against the target: "
        "{shares}.",
        "各项承诺的按期率、置信区间与目标:{shares}。",
    ),
    "share": ("“{name}” {share} ({verdict})", "“{name}”{share}({verdict})"),
}
_title = fixed_title(WORDS["title"])


@styled
def on_time(result: Result, *, ax: Axes | None = None, language: Language = "en") -> Axes:
    """Draw the on-time share of every limit against its target."""
    names = Names(result.scenario, language)
    rows = [
        Row.of(folded(names.limit(judgement.limit.name), 30), judgement)
        for judgement in result.verdicts
    ]
    return share_chart(ax, rows, _title(result, language), language)


def judgement_of(result: Result, limit: str | None) -> LimitJudgement | None:
    """Return the judgement of a limit, by default the first; None without limits.

    Raises
    ------
    ValueError
        If there is no such limit.
    """
    judgements = {judgement.limit.name: judgement for judgement in result.verdicts}
    chosen = choose(limit, judgements, "limit")
    return None if chosen is None else judgements[chosen]


def judged(judgement: LimitJudgement) -> int:
    """Return the number of cases that could be judged."""
    return judgement.on_time + judgement.late + judgement.open_overdue


def variants_by_limit(result: Result, name: str) -> dict[str, Options]:
    """Return a variant for each limit with judged cases: the name with its number."""
    limits = [judgement.limit.name for judgement in result.verdicts if judged(judgement)]
    return {f"{name}-{number}": {"limit": limit} for number, limit in enumerate(limits)}


def share_of(name: str, judgement: LimitJudgement, language: Language) -> str:
    """Return a part of a caption: whose share, the share and the verdict."""
    verdict = say(judgement.verdict, language)
    return phrase(
        WORDS["share"], language, name=name, share=percent(judgement.share), verdict=verdict
    )


def _variants(result: Result) -> Mapping[str, Options]:
    return {"on-time": {}} if result.verdicts else {}


def _caption(result: Result, language: Language) -> str:
    names = Names(result.scenario, language)
    shares = [
        share_of(names.limit(judgement.limit.name), judgement, language)
        for judgement in result.verdicts
    ]
    return phrase(WORDS["caption"], language, shares=joined(shares, language))


ON_TIME: Final = Figure("on_time", on_time, _variants, _title, _caption)
