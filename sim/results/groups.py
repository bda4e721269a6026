"""Results by attribute: each limit for every zone, and what a ranking of the zones is worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.limits import ResolvedLimit, resolved_limits
from sim.measures.limits import LimitJudgement, Tally, joined, summarise
from sim.measures.ranking import Ranking, rank_groups
from sim.replications.model import Model
from sim.replications.summary import Summary
from sim.results.rows import GroupRow, PartRow
from sim.scenario import united


@dataclass(frozen=True, eq=False)
class Member:
    """One group of cases, such as a zone, under one limit."""

    value: str
    """Value of the attribute, or the name of several sites."""
    limit: LimitJudgement
    """Of its cases. The intervals of all groups of a limit hold together (Bonferroni)."""
    mean_rank: float
    """1 is best."""
    rank_low: float
    rank_high: float
    """At least 90 % of its yearly ranks lie between."""
    bottom_share: float
    """Probability to be among the last."""
    bottom_if_alike: float
    """The same, if all groups were equally good."""


@dataclass(frozen=True, eq=False)
class Groups:
    """One limit by the values of one attribute."""

    attribute: str
    limit: ResolvedLimit
    members: tuple[Member, ...]
    """Best mean rank first; of equal ones by value."""
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
                mean_rank=member.mean_rank,
                rank_low=member.rank_low,
                rank_high=member.rank_high,
                bottom_share=member.bottom_share,
                bottom_if_alike=member.bottom_if_alike,
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

    The confidence of a limit is the one given for its last look, where there were several, else its
    own; the intervals of its G groups use 1 - (1 - confidence) / G each.
    """
    values = model.demand.attribute_values.get(attribute)
    if values is None:
        return
    position = {value: number for number, value in enumerate(values)}
    parts = united(model.scenario, attribute)
    for limit in resolved_limits(model.scenario):
        per_summary = [each.groups[limit.name].get(attribute) for each in summaries]
        tallies = [
            [joined([each[position[value]] for value in sites]) for sites in parts.values()]
            for each in per_summary
            if each is not None
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
    ranking = rank_groups(
        np.array([[tally.on_time for tally in each] for each in tallies], np.int64),
        np.array([[tally.judged for tally in each] for each in tallies], np.int64),
    )
    each_confidence = 1 - (1 - confidence) / len(names)
    members = [
        Member(
            value=name,
            limit=summarise(limit, [each[number] for each in tallies], confidence=each_confidence),
            mean_rank=float(ranking.mean_rank[number]),
            rank_low=float(ranking.low_rank[number]),
            rank_high=float(ranking.high_rank[number]),
            bottom_share=float(ranking.bottom_share[number]),
            bottom_if_alike=float(ranking.bottom_if_alike[number]),
        )
        for number, name in enumerate(names)
    ]
    # A group that never had a case has no rank and comes last.
    members.sort(key=lambda m: (bool(np.isnan(m.mean_rank)), m.mean_rank, m.value))
    return Groups(attribute, limit, tuple(members), ranking)
