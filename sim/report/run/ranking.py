"""Results by attribute: a table per limit, and what its ranking is worth in a sentence."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.experiments import Groups, Member, Result
from sim.report.blocks import Column, Line, Part, Row, Table
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.numbers import percent, percent_range, rounded
from sim.report.verdicts import interval_heading, verdict_cell
from sim.report.words import say

LOTTERY, MOSTLY_CHANCE, PARTLY_CHANCE = 0.1, 0.5, 0.8
"""Agreement of the ranks of two years, beyond that of equal groups, below which a ranking is called
a lottery, mostly chance, or partly chance."""


def groups_parts(result: Result, labels: Labels) -> Iterator[Part]:
    """Yield a table and a sentence for each limit and attribute of the scenario's `report.by`."""
    for groups in result.reported_groups:
        lines = [Line(worth(groups, result.replications, labels.language))]
        if groups is result.reported_groups[-1]:
            lines.append(Line(say("one_ranking", labels.language), "faint"))
        yield Part((groups_table(groups, labels), *lines))


def groups_table(groups: Groups, labels: Labels) -> Table:
    """Return one limit by the values of an attribute, best first."""
    words = labels.language
    attribute = labels.attribute(groups.attribute)
    title = say(
        "by_title",
        words,
        promise=labels.limit(groups.limit.name),
        attribute=attribute if words == "zh" else attribute.lower(),
    )
    columns = (
        Column(attribute),
        Column(say("verdict", words)),
        Column(say("on_time", words), number=True),
        Column(interval_heading([member.limit for member in groups.members], words), number=True),
        Column(say("cases", words), number=True),
        Column("P90", number=True, spare=True),
        Column(say("mean_rank", words), number=True),
        Column(say("rank_range", words), number=True, spare=True),
        Column(say("in_last", words, count=groups.ranking.bottom), number=True, spare=True),
        Column(say("if_alike", words), number=True, spare=True),
    )
    return Table(columns, tuple(_row(groups, member, labels) for member in groups.members), title)


def _row(groups: Groups, member: Member, labels: Labels) -> Row:
    limit = member.limit
    p90 = limit.quantiles[1]
    return (
        labels.value(groups.attribute, member.value),
        verdict_cell(limit.verdict, labels.language),
        percent(limit.share),
        percent_range(limit.low, limit.high),
        f"{limit.measured:,}",
        rounded(p90.days, 0) + ("+" if p90.at_least else ""),
        rounded(member.mean_rank, 1),
        f"{_rank(member.rank_low)} – {_rank(member.rank_high)}",
        percent(member.bottom_share, 0),
        percent(member.bottom_if_alike, 0),
    )


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
    """Return the key of the words for a signal, by how far it exceeds that of equal groups."""
    beyond = max(0.0, signal - alike) / (1 - alike) if alike < 1 else 0.0
    if beyond < LOTTERY:
        return "lottery"
    if beyond < MOSTLY_CHANCE:
        return "mostly_chance"
    return "partly_chance" if beyond < PARTLY_CHANCE else "mostly_real"


def _rank(rank: float) -> str:
    return "–" if math.isnan(rank) else f"{rank:g}"
