"""The on-time share of the limits of a run: in all, over time, and by group."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sim.experiments import Groups, Result
from sim.measures.limits import LimitJudgement
from sim.report.drawing.axes import axes_on, heading, write_instead
from sim.report.drawing.figure import Figure, Options, chosen_of, per_limit, titled
from sim.report.drawing.intervals import Row, share_axis, share_chart, share_column
from sim.report.drawing.labels import Names, folded, one_line
from sim.report.drawing.legends import legend, share_handles
from sim.report.drawing.style import TARGET, style
from sim.report.drawing.time_axis import place_periods
from sim.report.drawing.words import SHARED, Words, joined, tell
from sim.report.language import Language
from sim.report.numbers import bounded_percent, percent
from sim.report.run.ranking import worth
from sim.report.words import phrase, say
from sim.scenario import Scenario

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
    "by_period": ("{limit}: on-time share over time", "{limit}:按期率的变化"),
    "arrived": ("Period in which the case arrived", "办件提交的时段"),
    "caption_by_period": (
        "The on-time share of “{limit}” is lowest for cases of {lowest}: {least} (interval {low} "
        "to {high}), and highest for those of {highest}: {most}; the target is {target}.",
        "“{limit}”的按期率以 {lowest} 提交的办件最低:{least}(区间 {low} 至 {high}),"
        "{highest} 最高:{most};目标为 {target}。",
    ),
    "caption_alike": (
        "The on-time share of “{limit}” is {most} in every period; the target is {target}.",
        "“{limit}”的按期率各时段均为 {most};目标为 {target}。",
    ),
    "by_group": ("{limit}: by {attribute}", "{limit}:按{attribute}"),
    "rank": ("  rank {low:g}–{high:g}", "  名次 {low:g}–{high:g}"),
    "caption_by_group": (
        "Best mean rank: {best} ({best_share} on time); last: {worst} ({worst_share}). {worth}",
        "平均名次最好的是{best}(按期率 {best_share}),最后的是{worst}({worst_share})。{worth}",
    ),
}
_title, _period_title = titled(WORDS["title"]), titled(WORDS["by_period"])


@style()
def on_time(result: Result, *, ax: Axes | None = None, language: Language = "en") -> Axes:
    """Draw the on-time share of every limit against its target."""
    names = Names(result.scenario, language)
    rows = [
        Row.of(folded(names.limit(judgement.limit.name), 30), judgement)
        for judgement in result.verdicts
    ]
    return share_chart(ax, rows, _title(result, language), language)


def judgement_of(result: Result, limit: str | None) -> LimitJudgement | None:
    """Return the judgement of a limit, by default the first; None without limits."""
    return chosen_of(limit, {judgement.limit.name: judgement for judgement in result.verdicts})


def judged(judgement: LimitJudgement) -> bool:
    """Return whether any case could be judged."""
    return not math.isnan(judgement.share)


def variants_by_limit(result: Result, name: str) -> dict[str, Options]:
    """Return a variant for each limit with judged cases, named by `name` and its number."""
    return per_limit(name, [verdict.limit.name for verdict in result.verdicts if judged(verdict)])


def share_text(name: str, judgement: LimitJudgement, language: Language) -> str:
    """Return a part of a caption: the subject, its share and the verdict."""
    share = bounded_percent(judgement.share, judgement.share_at_best)
    verdict = say(judgement.verdict, language)
    return phrase(WORDS["share"], language, name=name, share=share, verdict=verdict)


def _caption(result: Result, language: Language) -> str:
    names = Names(result.scenario, language)
    shares = (share_text(names.limit(own.limit.name), own, language) for own in result.verdicts)
    return phrase(WORDS["caption"], language, shares=joined(shares, language))


@style()
def on_time_by_period(
    result: Result, limit: str | None = None, *, ax: Axes | None = None, language: Language = "en"
) -> Axes:
    """Draw the on-time share of one limit in every period of the window."""
    ax = axes_on(ax, 7)
    judgement = judgement_of(result, limit)
    if judgement is None:
        return write_instead(ax, SHARED["no_limit"], language)
    name, target = judgement.limit.name, judgement.limit.target_share
    periods = {
        place: period
        for place, period in enumerate(result.limits_over_time[name])
        if judged(period)
    }
    for place, period in periods.items():
        share_column(
            ax, place, period.share, period.low, period.high, period.verdict, f"share-{place}"
        )
    ax.axhline(target, **TARGET)
    place_periods(ax, result.periods, language)
    ax.set_xlabel(tell(WORDS["arrived"], language))
    share_axis(ax, min([*(period.low for period in periods.values()), target]), language)
    handles = share_handles((period.verdict for period in periods.values()), language, target)
    heading(ax, _period_title(result, language, limit=name), rows=legend(ax, handles, 4))
    return ax


def _period_caption(result: Result, language: Language, *, limit: str) -> str:
    judgements = zip(result.periods, result.limits_over_time[limit], strict=True)
    known = [(period.label, judgement) for period, judgement in judgements if judged(judgement)]
    lowest, least = min(known, key=lambda pair: pair[1].share)
    highest, most = max(known, key=lambda pair: pair[1].share)
    return phrase(
        WORDS["caption_alike" if least.share == most.share else "caption_by_period"], language,
        limit=Names(result.scenario, language).limit(limit), lowest=lowest,
        least=percent(least.share), low=percent(least.low), high=percent(least.high),
        highest=highest, most=percent(most.share), target=percent(least.limit.target_share, None),
    )  # fmt: skip


@style()
def on_time_by_group(
    groups: Groups,
    *,
    scenario: Scenario | None = None,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the on-time share of one limit by the values of an attribute, best mean rank first.

    The groups are one of `Result.groups_by`. Without a label of the scenario, a value is shown by
    its name.
    """
    names = None if scenario is None else Names(scenario, language)
    rows = []
    for group in groups.members:
        own = names.value(groups.attribute, group.value) if names else one_line(group.value)
        low, high = group.place.rank_low, group.place.rank_high
        ranked = not math.isnan(low + high)
        rank = tell(WORDS["rank"], language, low=low, high=high) if ranked else ""
        rows.append(Row.of(folded(own, 30), group.limit, rank))
    return share_chart(ax, rows, _group_title_of(groups, names, language), language)


def _group_title_of(groups: Groups, names: Names | None, language: Language) -> str:
    limit, attribute = groups.limit.name, groups.attribute
    limit_label = names.limit(limit) if names else one_line(limit)
    label = names.attribute(attribute) if names else one_line(attribute)
    return tell(WORDS["by_group"], language, limit=limit_label, attribute=label)


def _draw_group(
    result: Result,
    attribute: str | None = None,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw one limit by an attribute; default: the first of `report.by`, else of the scenario."""
    groups = _groups(result, attribute, limit)
    return on_time_by_group(groups, scenario=result.scenario, ax=ax, language=language)


def _groups(result: Result, attribute: str | None, limit: str | None) -> Groups:
    reported = result.scenario.report.by
    chosen = attribute or next(iter((*reported, *sorted(result.model.demand.attribute_values))), "")
    known = result.reported_groups if chosen in reported else result.groups_by(chosen)
    by_limit = {groups.limit.name: groups for groups in known if groups.attribute == chosen}
    groups = chosen_of(limit, by_limit)
    assert groups is not None
    return groups


def _group_variants(result: Result) -> Mapping[str, Options]:
    if not any(map(judged, result.verdicts)):
        return {}
    return {
        f"groups-{number}": {"attribute": groups.attribute, "limit": groups.limit.name}
        for number, groups in enumerate(result.reported_groups)
        if any(not math.isnan(group.place.mean_rank) for group in groups.members)
    }


def _group_title(result: Result, language: Language, *, attribute: str, limit: str) -> str:
    groups = _groups(result, attribute, limit)
    return _group_title_of(groups, Names(result.scenario, language), language)


def _group_caption(result: Result, language: Language, *, attribute: str, limit: str) -> str:
    groups = _groups(result, attribute, limit)
    names = Names(result.scenario, language)
    ranked = [group for group in groups.members if not math.isnan(group.place.mean_rank)]
    best, worst = ranked[0], ranked[-1]
    return phrase(
        WORDS["caption_by_group"], language, best=names.value(attribute, best.value),
        best_share=percent(best.limit.share), worst=names.value(attribute, worst.value),
        worst_share=percent(worst.limit.share),
        worth=worth(groups.ranking, result.replications, language),
    )  # fmt: skip


ON_TIME: Final = Figure(
    "on_time", on_time, lambda result: {"on-time": {}} if result.verdicts else {}, _title, _caption
)
BY_PERIOD: Final = Figure(
    "on_time_by_period", on_time_by_period,
    lambda result: variants_by_limit(result, "periods") if len(result.periods) > 1 else {},
    _period_title, _period_caption, by_limit=True,
)  # fmt: skip
BY_GROUP: Final = Figure(
    "on_time_by_group", _draw_group, _group_variants, _group_title, _group_caption
)
OF_GROUPS: Final = (Figure("on_time_by_group", on_time_by_group),)
"""The figure of `Groups`."""
