"""Parts of a result: each limit and pool by month or week, and each limit by attribute."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from sim.arrays import Floats, Ints
from sim.limits import ResolvedLimit, resolved_limits
from sim.measures.limits import LimitJudgement, Tally, joined, summarise
from sim.measures.pools_over_time import Sums
from sim.measures.ranking import Place, Ranking, rank_groups
from sim.measures.shares import confidence_of_each
from sim.replications.model import Model
from sim.replications.summary import Summary
from sim.results.rows import GroupRow, PartRow
from sim.scenario import united


@dataclass(frozen=True, eq=False)
class PoolOverTime:
    """One pool over all replications, in each of B periods."""

    utilisation: Floats
    """[B] worked ÷ rostered time of its officers; NaN where nobody is rostered."""
    mean_queue: Floats
    """[B] items that waited, round the clock, mean over replications."""
    mean_wait_h: Floats
    """[B] hours from ready to start, round the clock, of the items that became ready in the period;
    NaN where there are none."""
    items: Ints
    """[B] items that became ready in the period, all replications together."""


def limits_over_time(
    summaries: Sequence[Summary],
    limits: Sequence[ResolvedLimit],
    confidence_of: Mapping[str, float],
) -> dict[str, tuple[LimitJudgement, ...]]:
    """Judge each limit in each period, on the clock that decides.

    The confidence of a limit is the one in `confidence_of`, for its last look, else its own;
    the intervals of its B periods share the error, so that all of them hold
    together (Bonferroni).
    """
    judged = {}
    for limit in limits:
        per_period = list(zip(*(summary.periods[limit.name] for summary in summaries), strict=True))
        confidence = confidence_of.get(limit.name, limit.confidence)
        each_confidence = confidence_of_each(confidence, len(per_period))
        judged[limit.name] = tuple(
            summarise(limit, tallies, confidence=each_confidence) for tallies in per_period
        )
    return judged


def pools_over_time(model: Model, summaries: Sequence[Summary]) -> dict[str, PoolOverTime]:
    """Return pool → its load, queue and waiting by period, in the order of the pools' numbers."""
    parts = [part.pools_over_time for part in summaries]
    seconds = np.diff(model.period_edges_s)
    items = _total(part.arrived for part in parts)
    utilisation = _ratio(
        _total(part.worked_s for part in parts), _total(part.rostered_s for part in parts)
    )
    queue = _total(part.queue_s for part in parts) / (seconds * len(parts))
    wait_h = _ratio(_total(part.waited_s for part in parts), items) / 3600
    return {
        name: PoolOverTime(utilisation[number], queue[number], wait_h[number], items[number])
        for number, name in enumerate(model.pools.names)
    }


def _total(parts: Iterable[Sums]) -> Ints:
    total: Ints = np.sum(list(parts), axis=0, dtype=np.int64)
    return total


def _ratio(over: Ints, under: Ints) -> Floats:
    return np.where(under > 0, over / np.maximum(under, 1), np.nan)


@dataclass(frozen=True, eq=False)
class Member:
    """One group of cases, such as a zone, under one limit."""

    value: str
    """Value of the attribute, or the name of several sites."""
    limit: LimitJudgement
    """Judgement of its cases; the intervals of all groups of a limit hold together (Bonferroni)."""
    place: Place


@dataclass(frozen=True, eq=False)
class Groups:
    """One limit by the values of one attribute."""

    attribute: str
    limit: ResolvedLimit
    members: tuple[Member, ...]
    """The groups, best mean rank first, equal ones by value."""
    ranking: Ranking

    @property
    def rows(self) -> tuple[GroupRow, ...]:
        """One row per group."""
        return tuple(
            GroupRow(
                limit=self.limit.name,
                attribute=self.attribute,
                value=member.value,
                judged=PartRow.of(member.limit),
                place=member.place,
                bottom=self.ranking.bottom,
                signal=self.ranking.signal,
                signal_if_alike=self.ranking.signal_if_alike,
            )
            for member in self.members
        )


def groups_by(
    model: Model, summaries: Sequence[Summary], confidence_of: Mapping[str, float], attribute: str
) -> Iterator[Groups]:
    """Yield each limit whose case type has the attribute, by its values.

    The confidence of a limit is the one in `confidence_of`, for its last look, else its own;
    the intervals of its G groups share the error (`confidence_of_each`).
    """
    values = model.demand.attribute_values.get(attribute)
    if values is None:
        return
    position = {value: number for number, value in enumerate(values)}
    parts = united(model.scenario, attribute)
    for limit in resolved_limits(model.scenario):
        per_summary = [summary.groups[limit.name].get(attribute) for summary in summaries]
        tallies = [
            [joined([per_value[position[value]] for value in sites]) for sites in parts.values()]
            for per_value in per_summary
            if per_value is not None
        ]
        if tallies:
            confidence = confidence_of.get(limit.name, limit.confidence)
            yield _groups(attribute, limit, tuple(parts), tallies, confidence)


def _groups(
    attribute: str,
    limit: ResolvedLimit,
    names: tuple[str, ...],
    tallies: list[list[Tally]],
    confidence: float,
) -> Groups:
    ranking = ranking_of(tallies)
    each_confidence = confidence_of_each(confidence, len(names))
    members = [
        Member(
            value=name,
            limit=summarise(limit, [row[number] for row in tallies], confidence=each_confidence),
            place=place,
        )
        for number, (name, place) in enumerate(zip(names, ranking.places, strict=True))
    ]
    members.sort(key=lambda member: best_first(member.place, member.value))
    return Groups(attribute, limit, tuple(members), ranking)


def ranking_of(tallies: Sequence[Sequence[Tally]]) -> Ranking:
    """Rank groups by their tallies, of each replication and then of each group."""
    on_time, judged, at_best = (
        np.array([[count(tally) for tally in row] for row in tallies], np.int64)
        for count in (
            attrgetter("on_time"),
            attrgetter("judged"),
            attrgetter("on_time_at_best"),
        )
    )
    return rank_groups(on_time, judged, at_best=at_best)


def best_first(place: Place, name: str) -> tuple[bool, float, str]:
    """Return the sort key of a group: a group without any case has no rank and comes last."""
    return math.isnan(place.mean_rank), place.mean_rank, name
