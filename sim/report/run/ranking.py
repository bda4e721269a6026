"""Results by attribute: a table for each limit, and a sentence on how reliable its ranking is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Protocol

from sim.experiments import Groups, Result
from sim.measures.ranking import Place, Ranking
from sim.report.blocks import Cell, Column, Line, Part, Table, number, table_of
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import judged_table
from sim.report.numbers import percent, rounded
from sim.report.run.words import say

LOTTERY, MOSTLY_CHANCE, PARTLY_CHANCE = 0.1, 0.5, 0.8
"""Upper ends of the agreement of the ranks of two years, beyond that of equal groups, at which a
ranking is called a lottery, mostly chance, or partly chance."""


DELISTED: Final = 3
"""Zones that count as last by the policy; with fewer groups its rule says nothing."""


def groups_parts(result: Result, labels: Labels) -> Iterator[Part]:
    """Yield a table and a sentence for each limit and attribute of the scenario's `report.by`."""
    for groups in result.reported_groups:
        ranking_worth = worth(groups.ranking, result.replications, labels.language)
        lines = [Line(ranking_worth), *twice_in_last(groups, labels)]
        if groups is result.reported_groups[-1]:
            lines.append(Line(say("one_ranking", labels.language), "faint"))
            if any(one.ranking.bottom >= DELISTED for one in result.reported_groups):
                lines.append(Line(say("delisting_policy", labels.language), "faint"))
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
    ranks = table_of(groups.members, rank_columns(groups.ranking.bottom, labels.language))
    rows = (left + right for left, right in zip(judged.rows, ranks.rows, strict=True))
    return Table(judged.columns + ranks.columns, tuple(rows), title)


class Placed(Protocol):
    """What has a place in a ranking: a zone, or a department."""

    @property
    def place(self) -> Place:
        """Its place."""


def rank_columns(
    bottom: int, language: Language
) -> list[tuple[Column, Callable[[Placed], str | Cell]]]:
    """Return the columns of a place; `bottom`: how many count as last."""
    last = say("in_last", language, count=bottom)
    return [
        (number(say("mean_rank", language)), lambda it: rounded(it.place.mean_rank, 1)),
        (number(say("rank_range", language), spare=True), lambda it: _rank_range(it.place)),
        (number(last, spare=True), lambda it: percent(it.place.bottom_share, 0)),
        (
            number(say("if_alike", language), spare=True),
            lambda it: percent(it.place.bottom_if_alike, 0),
        ),
        (
            number(say("twice", language), spare=True),
            lambda it: percent(it.place.bottom_twice.value, 0),
        ),
    ]


def twice_in_last(groups: Groups, labels: Labels) -> Iterator[Line]:
    """Yield how many groups are among the last in two years running, which the policy delists."""
    language, bottom = labels.language, groups.ranking.bottom
    likely = [one for one in groups.members if one.place.bottom_twice.value > 0]
    if bottom < DELISTED or not likely:
        return
    likely.sort(key=lambda one: -one.place.bottom_twice.value)
    names = say("comma", language).join(
        say(
            "delisted",
            language,
            name=labels.value(groups.attribute, one.value),
            share=percent(one.place.bottom_twice.value, 0),
            low=percent(one.place.bottom_twice.low, 0),
            high=percent(one.place.bottom_twice.high, 0),
        )
        for one in likely[:bottom]
    )
    places = groups.ranking.places
    yield Line(
        say(
            "delisting",
            language,
            bottom=bottom,
            groups=len(groups.members),
            expected=f"{_sum(place.bottom_twice.value for place in places):.1f}",
            alike=f"{_sum(place.bottom_twice_if_alike for place in places):.1f}",
            names=names,
        )
    )


def _sum(values: Iterable[float]) -> float:
    """Return the sum of the known values."""
    return sum(value for value in values if not math.isnan(value))


def worth(ranking: Ranking, replications: int, language: Language) -> str:
    """Say in a sentence how much of a ranking is chance."""
    signal, alike = ranking.signal, ranking.signal_if_alike
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


def _rank_range(place: Place) -> str:
    low_high = (place.rank_low, place.rank_high)
    return " – ".join("–" if math.isnan(rank) else f"{rank:g}" for rank in low_high)
