"""Matters and departments by their own limits: on-time shares with intervals, the worst first."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sim.experiments import Result
from sim.report.drawing.axes import axes_on, write_instead
from sim.report.drawing.figure import Figure, Options, choose
from sim.report.drawing.intervals import Row, share_chart
from sim.report.drawing.labels import Names, folded
from sim.report.drawing.style import style
from sim.report.drawing.words import Words, joined, tell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.run.own_limits import NAMED, SETS, deciding, part_name, standard_text
from sim.report.run.ranking import worth
from sim.report.words import phrase
from sim.results.own_limits import JudgedPart

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WORDS: Final[Words] = {
    "title": (
        "{case_type}: does every matter keep its own days?",
        "{case_type}:各事项能否守住自身时限?",
    ),
    "caption": (
        "{free} of the cases have no late matter at all. Most often late: {late}. The target is "
        "{target}.",
        "全部事项均未超期的办件占 {free}。超期最多的事项:{late}。目标为 {target}。",
    ),
    "caption_none": (
        "{free} of the cases have no late matter at all. The target is {target}.",
        "全部事项均未超期的办件占 {free}。目标为 {target}。",
    ),
    "late": ("{name} ({share} late)", "{name}(超期 {share})"),
    "none_late": ("No matter late: {name}", "各事项均未超期:{name}"),
    "no_own": ("No matter has days of its own.", "各事项均未设自身时限。"),
    "league_title": ("Departments: are their matters on time?", "各部门:事项是否按期?"),
    "league_caption": (
        "Best mean rank: {best} ({best_share} of its items on time); last: {worst} "
        "({worst_share}). {worth}",
        "平均名次最好的是{best}(事项按期率 {best_share}),最后的是{worst}({worst_share})。{worth}",
    ),
    "rank": ("  rank {low:g}–{high:g}", "  名次 {low:g}–{high:g}"),
}


@style()
def matters_on_time(
    result: Result,
    case_type: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the on-time share of every matter of a case type by its own days, the worst first.

    Above them, the share of the cases without any late matter.
    """
    chosen = choose(case_type, _case_types(result), "case type with own limits")
    if chosen is None:
        return write_instead(axes_on(ax, 4), WORDS["no_own"], language)
    names, target = Names(result.scenario, language), result.scenario.own_limits.target_share
    rows = [
        _row(tell(WORDS["none_late"], language, name=part_name(part, names)), part, target)
        for part in result.own_limits_judged
        if part.case_type == chosen and part.kind in SETS
    ]
    rows += [
        _row(part_name(part, names), part, target, f"  {standard_text(part, language)}")
        for part in deciding(result, chosen)
    ]
    return share_chart(ax, rows, _title(result, language, case_type=chosen), language)


def _row(label: str, part: JudgedPart, target: float, note: str = "") -> Row:
    own = part.judged
    return Row(folded(label, 34), own.share, own.low, own.high, target, own.verdict, note)


def _case_types(result: Result) -> list[str]:
    return list(dict.fromkeys(part.case_type for part in result.own_limits_judged if part.decides))


def _variants(result: Result) -> Mapping[str, Options]:
    return {
        f"matters-{number}": {"case_type": name}
        for number, name in enumerate(_case_types(result))
        if len(deciding(result, name)) > 1
    }


def _title(result: Result, language: Language, *, case_type: str) -> str:
    name = Names(result.scenario, language).case_type(case_type)
    return tell(WORDS["title"], language, case_type=name)


def _caption(result: Result, language: Language, *, case_type: str) -> str:
    names = Names(result.scenario, language)
    (whole,) = (
        part
        for part in result.own_limits_judged
        if (part.kind, part.name) == ("case_type", case_type)
    )
    late = [
        phrase(
            WORDS["late"],
            language,
            name=part_name(part, names),
            share=percent(1 - part.judged.share),
        )
        for part in deciding(result, case_type)[:NAMED]
        if part.judged.verdict != "holds"
    ]
    return phrase(
        WORDS["caption" if late else "caption_none"],
        language,
        free=percent(whole.judged.share),
        late=joined(late, language),
        target=percent(result.scenario.own_limits.target_share, None),
    )


@style()
def departments_on_time(
    result: Result, *, ax: Axes | None = None, language: Language = "en"
) -> Axes:
    """Draw the on-time share of the matters of every department, best mean rank first."""
    league = result.league
    if league is None:
        return write_instead(axes_on(ax, 4), WORDS["no_own"], language)
    names, target = Names(result.scenario, language), result.scenario.own_limits.target_share
    rows = []
    for one in league.members:
        own, low, high = one.judged, one.place.rank_low, one.place.rank_high
        rank = "" if math.isnan(low) else tell(WORDS["rank"], language, low=low, high=high)
        label = folded(names.department(one.department), 30)
        rows.append(Row(label, own.share, own.low, own.high, target, own.verdict, rank))
    return share_chart(ax, rows, tell(WORDS["league_title"], language), language)


def _league_caption(result: Result, language: Language) -> str:
    names, league = Names(result.scenario, language), result.league
    assert league is not None
    ranked = [one for one in league.members if not math.isnan(one.place.mean_rank)]
    best, worst = ranked[0], ranked[-1]
    return phrase(
        WORDS["league_caption"],
        language,
        best=names.department(best.department),
        best_share=percent(best.judged.share),
        worst=names.department(worst.department),
        worst_share=percent(worst.judged.share),
        worth=worth(league.ranking, result.replications, language),
    )


def _league_variants(result: Result) -> Mapping[str, Options]:
    league = result.league
    ranked = league is not None and any(
        not math.isnan(one.place.mean_rank) for one in league.members
    )
    return {"departments": {}} if ranked else {}


MATTERS: Final = Figure("matters_on_time", matters_on_time, _variants, _title, _caption)
DEPARTMENTS: Final = Figure(
    "departments_on_time", departments_on_time, _league_variants,
    lambda _result, language: tell(WORDS["league_title"], language), _league_caption,
)  # fmt: skip
