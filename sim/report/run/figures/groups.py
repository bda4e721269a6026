"""The on-time share of a limit by the values of an attribute, such as districts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sim.experiments import Groups, Result
from sim.report.drawing.figure import Figure, Options, choose
from sim.report.drawing.intervals import Row, share_chart
from sim.report.drawing.labels import Names, folded, one_line
from sim.report.drawing.style import styled
from sim.report.drawing.words import Words, tell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.run.figures.limits import judged
from sim.report.run.ranking import worth
from sim.report.words import phrase
from sim.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WORDS: Final[Words] = {
    "title": ("{limit}: by {attribute}", "{limit}:按{attribute}"),
    "rank": ("  rank {low}–{high}", "  名次 {low}–{high}"),
    "caption": (
        "Best mean rank: {best} ({best_share} on time); last: {worst} ({worst_share}). {worth}",
        "平均名次最好的是{best}(按期率 {best_share}),最后的是{worst}({worst_share})。{worth}",
    ),
}


@styled
def on_time_by_group(
    groups: Groups,
    *,
    scenario: Scenario | None = None,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the on-time share of one limit by the values of an attribute, best mean rank first.

    Parameters
    ----------
    groups
        One of `Result.groups_by`.
    scenario
        Where the labels are; default: names are shown.
    """
    names = None if scenario is None else Names(scenario, language)
    rows = [
        Row.of(
            folded(
                one_line(group.value)
                if names is None
                else names.value(groups.attribute, group.value),
                30,
            ),
            group.limit,
            _rank(group.rank_low, group.rank_high, language),
        )
        for group in groups.members
    ]
    return share_chart(ax, rows, _title_of(groups, names, language), language)


def _rank(low: float, high: float, language: Language) -> str:
    if math.isnan(low + high):
        return ""
    return tell(WORDS["rank"], language, low=f"{low:g}", high=f"{high:g}")


def _title_of(groups: Groups, names: Names | None, language: Language) -> str:
    limit, attribute = groups.limit.name, groups.attribute
    return tell(
        WORDS["title"],
        language,
        limit=one_line(limit) if names is None else names.limit(limit),
        attribute=one_line(attribute) if names is None else names.attribute(attribute),
    )


def _draw(
    result: Result,
    attribute: str | None = None,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw one limit by an attribute; by default the first that the scenario reports by, or has."""
    groups = _groups(result, attribute, limit)
    return on_time_by_group(groups, scenario=result.scenario, ax=ax, language=language)


def _groups(result: Result, attribute: str | None, limit: str | None) -> Groups:
    reported = result.scenario.report.by
    chosen = attribute or next(iter((*reported, *sorted(result.model.demand.attribute_values))), "")
    if chosen in reported:
        by_limit = {
            groups.limit.name: groups
            for groups in result.reported_groups
            if groups.attribute == chosen
        }
    else:
        by_limit = {groups.limit.name: groups for groups in result.groups_by(chosen)}
    name = choose(limit, by_limit, "limit")
    assert name is not None
    return by_limit[name]


def _variants(result: Result) -> Mapping[str, Options]:
    if not any(judged(judgement) for judgement in result.verdicts):
        return {}
    return {
        f"groups-{number}": {"attribute": groups.attribute, "limit": groups.limit.name}
        for number, groups in enumerate(result.reported_groups)
        if any(not math.isnan(group.mean_rank) for group in groups.members)
    }


def _title(result: Result, language: Language, *, attribute: str, limit: str) -> str:
    groups = _groups(result, attribute, limit)
    return _title_of(groups, Names(result.scenario, language), language)


def _caption(result: Result, language: Language, *, attribute: str, limit: str) -> str:
    groups = _groups(result, attribute, limit)
    ranked = [group for group in groups.members if not math.isnan(group.mean_rank)]
    names = Names(result.scenario, language)
    best, worst = ranked[0], ranked[-1]
    return phrase(
        WORDS["caption"],
        language,
        best=names.value(attribute, best.value),
        best_share=percent(best.limit.share),
        worst=names.value(attribute, worst.value),
        worst_share=percent(worst.limit.share),
        worth=worth(groups, result.replications, language),
    )


BY_GROUP: Final = Figure("on_time_by_group", _draw, _variants, _title, _caption)
FIGURES: Final = (Figure("on_time_by_group", on_time_by_group),)
"""Of `Groups` by themselves."""
