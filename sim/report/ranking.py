"""Results by attribute as text: a table per limit, and what its ranking is worth in a sentence."""

from __future__ import annotations

import math
from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text

from sim.experiments import Groups, Result
from sim.report.labels import Labels
from sim.report.layout import (
    COLOURS,
    Fitting,
    interval_heading,
    new_table,
    percent,
    rounded,
)
from sim.report.words import Language, say

LOTTERY, MOSTLY_CHANCE, PARTLY_CHANCE = 0.1, 0.5, 0.8
"""Below so much agreement of the ranks of two years, beyond that of groups that are alike."""


def groups_text(result: Result, labels: Labels) -> Iterable[RenderableType]:
    """Yield a table and a sentence for each limit and attribute of the scenario's `report.by`."""
    for groups in result.reported_groups:
        lines = [Text(worth(groups, result.replications, labels.language))]
        if groups is result.reported_groups[-1]:
            lines.append(Text(say("one_ranking", labels.language), "dim"))
        yield Group(_table(groups, labels), *lines)


def _table(groups: Groups, labels: Labels) -> Fitting:
    words = labels.language
    attribute = labels.attribute(groups.attribute)
    title = say(
        "by_title",
        words,
        promise=labels.limit(groups.promise.name),
        attribute=attribute if words == "zh" else attribute.lower(),
    )
    table = new_table(escape(title))
    table.add_column(escape(attribute))
    table.add_column(say("verdict", words))
    last = say("in_last", words, count=groups.ranking.bottom)
    table.add_column(say("on_time", words), justify="right")
    table.add_column(
        interval_heading([each.limit for each in groups.members], words), justify="right"
    )
    table.add_column(say("cases", words), justify="right")
    table.add_column("P90", justify="right")
    for key in ("mean_rank", "rank_range"):
        table.add_column(say(key, words), justify="right")
    table.add_column(last, justify="right")
    table.add_column(say("if_alike", words), justify="right")
    for each in groups.members:
        p90 = each.limit.quantiles[1]
        table.add_row(
            escape(labels.value(groups.attribute, each.value)),
            Text(say(each.limit.verdict, words), COLOURS[each.limit.verdict]),
            percent(each.limit.share),
            f"{percent(each.limit.low)} – {percent(each.limit.high)}",
            f"{each.limit.measured:,}",
            rounded(p90.days, 0) + ("+" if p90.at_least else ""),
            rounded(each.mean_rank, 1),
            f"{_rank(each.rank_low)} – {_rank(each.rank_high)}",
            percent(each.bottom_share, 0),
            percent(each.bottom_if_alike, 0),
        )
    return Fitting(table, {"P90", last, say("rank_range", words), say("if_alike", words)})


def worth(groups: Groups, replications: int, language: Language) -> str:
    """Say in a sentence how much of a ranking is chance."""
    signal, alike = groups.ranking.signal, groups.ranking.signal_if_alike
    if replications < 2:
        return say("signal_one", language)
    if math.isnan(signal):
        return say("signal_none", language)
    alike = 0.0 if math.isnan(alike) else alike
    verdict = say(judgement(signal, alike), language)
    return say(
        "signal",
        language,
        signal=f"{100 * signal:.0f}",
        alike=f"{100 * alike:.0f}",
        verdict=verdict,
    )


def judgement(signal: float, alike: float) -> str:
    """Return the word for a signal: what is beyond the agreement of groups that are all alike."""
    beyond = max(0.0, signal - alike) / (1 - alike) if alike < 1 else 0.0
    if beyond < LOTTERY:
        return "lottery"
    if beyond < MOSTLY_CHANCE:
        return "mostly_chance"
    return "partly_chance" if beyond < PARTLY_CHANCE else "mostly_real"


def _rank(rank: float) -> str:
    return "–" if math.isnan(rank) else f"{rank:g}"
