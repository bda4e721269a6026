"""Results by attribute: a table for each limit, and a sentence on how reliable its ranking is."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.experiments import Groups, Member, Result
from sim.report.blocks import Line, Part, Table, number, table_of
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import judged_table
from sim.report.numbers import percent, rounded
from sim.report.words import say

LOTTERY, MOSTLY_CHANCE, PARTLY_CHANCE = 0.1, 0.5, 0.8
"""Upper ends of the agreement of the ranks of two years, beyond that of equal groups, at which a
ranking is called a lottery, mostly chance, or partly chance."""


def groups_parts(result: Result, labels: Labels) -> Iterator[Part]:
    """Yield a table and a sentence for each limit and attribute of the scenario's `report.by`."""
    for groups in result.reported_groups:
        lines = [Line(worth(groups, result.replications, labels.language))]
        if groups is result.reported_groups[-1]:
            lines.append(Line(say("one_ranking", labels.language), "faint"))
        yield Part((groups_table(groups, labels), *lines))


def groups_table(groups: Groups, labels: Labels) -> Table:
    """Return one limit by the values of an attribute, best first."""
    say, attribute = labels.say, labels.attribute(groups.attribute)
    title = say(
        "by_title",
        promise=labels.limit(groups.limit.name),
        attribute=attribute if labels.language == "zh" else attribute.lower(),
    )
    limits = [
        (labels.value(groups.attribute, member.value), member.limit) for member in groups.members
    ]
    keys = ("verdict", "on_time", "interval", "cases", "P90")
    judged = judged_table(attribute, limits, keys, labels, title, spare=("P90",))
    ranks = table_of(
        groups.members,
        [
            (number(say("mean_rank")), lambda member: rounded(member.place.mean_rank, 1)),
            (number(say("rank_range"), spare=True), _rank_range),
            (
                number(say("in_last", count=groups.ranking.bottom), spare=True),
                lambda member: percent(member.place.bottom_share, 0),
            ),
            (
                number(say("if_alike"), spare=True),
                lambda member: percent(member.place.bottom_if_alike, 0),
            ),
        ],
    )
    rows = (left + right for left, right in zip(judged.rows, ranks.rows, strict=True))
    return Table(judged.columns + ranks.columns, tuple(rows), title)


def worth(groups: Groups, replications: int, language: Language) -> str:
    """Say in a sentence how much of a ranking is chance."""
    signal, alike = groups.ranking.signal, groups.ranking.signal_if_alike
    if replications < 2:
        return say("signal_one", language)
    if math.isnan(signal):
        return say("signal_none", language)
    alike = 0.0 if math.isnan(alike) else alike
    verdict = say(judgement(signal, alike), language)
    shares = {"signal": f"{100 * signal:.0f}", "alike": f"{100 * alike:.0f}"}
    return say("signal", language, **shares, verdict=verdict)


def judgement(signal: float, alike: float) -> str:
    """Return the key of the words for a signal, by its excess over that of equal groups."""
    beyond = max(0.0, signal - alike) / (1 - alike) if alike < 1 else 0.0
    if beyond < LOTTERY:
        return "lottery"
    if beyond < MOSTLY_CHANCE:
        return "mostly_chance"
    return "partly_chance" if beyond < PARTLY_CHANCE else "mostly_real"


def _rank_range(member: Member) -> str:
    low_high = (member.place.rank_low, member.place.rank_high)
    return " – ".join("–" if math.isnan(rank) else f"{rank:g}" for rank in low_high)
