"""Every matter, stage and department judged, and cases without any late matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sim.limits.own_limits import LAW, OwnRule, Standard
from sim.measures.limits import (
    LimitJudgement,
    ShareJudgement,
    joined,
    judge_share,
    summarise,
)
from sim.measures.ranking import Place, Ranking
from sim.replications.model import Model
from sim.replications.summary import Summary
from sim.results.parts import best_first, ranking_of
from sim.results.rows import Counts, DaysCells, DepartmentRow, OwnLimitRow, Share


@dataclass(frozen=True)
class JudgedPart:
    """A matter or stage against its own limit, or a set of matters of which none may be late."""

    kind: Literal["matter", "stage", "limit", "case_type"]
    """What is judged; a limit or case type stands for the matters in it."""
    name: str
    case_type: str
    stage: str
    """The stage, also that of a matter; empty for others."""
    department: str
    """The department that decides the matter, or leads the stage; empty for others."""
    standard: OwnRule | Standard
    """What is to be kept: a key of the scenario, that no matter is late, or the state's rule."""
    decides: bool
    """Whether the matter is late if it exceeds these days; False for what is no matter."""
    judged: ShareJudgement
    """A `LimitJudgement` if the standard is a number of days."""

    @property
    def by_days(self) -> LimitJudgement | None:
        """The judgement against a number of days; None if no matter may be late."""
        return self.judged if isinstance(self.judged, LimitJudgement) else None

    @property
    def by_law(self) -> bool:
        """Whether the days are those of the law."""
        return self.standard == LAW

    @property
    def row(self) -> OwnLimitRow:
        """The part as a row of a table."""
        return OwnLimitRow(
            kind=self.kind,
            name=self.name,
            case_type=self.case_type,
            stage=self.stage,
            department=self.department,
            standard=self.standard,
            decides=self.decides,
            days=DaysCells.of(self.by_days),
            share=Share.of(self.judged),
            counts=Counts.of(self.judged),
        )


def judged_parts(
    model: Model, summaries: Sequence[Summary], confidence: float
) -> tuple[JudgedPart, ...]:
    """Judge every set of matters and every own limit: each case type as a whole, then by stage.

    Each interval has the confidence by itself, as that of a limit has.
    """
    parts = [*_sets(model, summaries, confidence), *_own(model, summaries, confidence)]
    case_types = model.scenario.case_types
    position = {
        (name, stage): (number, place)
        for number, (name, spec) in enumerate(sorted(case_types.items()))
        for place, stage in enumerate(("", *spec.stages))
    }
    return tuple(sorted(parts, key=lambda part: position[part.case_type, part.stage]))


def _sets(model: Model, summaries: Sequence[Summary], confidence: float) -> Iterator[JudgedPart]:
    target = model.scenario.own_limits.target_share
    for matters in model.own_limits.sets:
        stages = model.scenario.case_types[matters.case_type].stages
        stage = matters.name if matters.of == "stage" else ""
        tallies = [summary.limit_sets[matters.key] for summary in summaries]
        yield JudgedPart(
            kind=matters.of,
            name=matters.name,
            case_type=matters.case_type,
            stage=stage,
            department=stages[stage].lead if stage else "",
            standard=matters.standard,
            decides=False,
            judged=judge_share(tallies, target, confidence),
        )


def _own(model: Model, summaries: Sequence[Summary], confidence: float) -> Iterator[JudgedPart]:
    for own in model.own_limits.limits:
        tallies = [summary.own_limits[own.limit.name] for summary in summaries]
        yield JudgedPart(
            kind=own.kind,
            name=own.name,
            case_type=own.limit.case_type,
            stage=own.stage,
            department=own.department,
            standard=own.rule,
            decides=own.decides,
            judged=summarise(own.limit, tallies, confidence=confidence),
        )


@dataclass(frozen=True, eq=False)
class LeagueMember:
    """A department with all its matters that have an own limit."""

    department: str
    matters: tuple[str, ...]
    judged: ShareJudgement
    """Of its items, each a matter of a case; the intervals of all departments hold together."""
    place: Place


@dataclass(frozen=True, eq=False)
class League:
    """The departments by the on-time share of their matters, best mean rank first."""

    members: tuple[LeagueMember, ...]
    ranking: Ranking

    @property
    def rows(self) -> Iterator[DepartmentRow]:
        """One row per department."""
        for member in self.members:
            yield DepartmentRow(
                department=member.department,
                matters=" ".join(member.matters),
                share=Share.of(member.judged),
                counts=Counts.of(member.judged),
                place=member.place,
                bottom=self.ranking.bottom,
                signal=self.ranking.signal,
                signal_if_alike=self.ranking.signal_if_alike,
            )


def league_of(model: Model, summaries: Sequence[Summary], confidence: float) -> League | None:
    """Rank the departments by the on-time share of their matters; None with fewer than two.

    A matter of a case is on time as in `sim.limits.own_limits`. The intervals of D departments use
    1 - (1 - confidence) / D each, so that all hold together (Bonferroni).
    """
    by_department: dict[str, list[str]] = {}
    limits = model.own_limits.decisive
    for own in limits:
        by_department.setdefault(own.department, []).append(own.limit.name)
    if len(by_department) < 2:
        return None
    tallies = [
        [joined([summary.own_limits[name] for name in names]) for names in by_department.values()]
        for summary in summaries
    ]
    ranking = ranking_of(tallies)
    each_confidence = 1 - (1 - confidence) / len(by_department)
    members = [
        LeagueMember(
            department=department,
            matters=tuple(own.name for own in limits if own.department == department),
            judged=judge_share(
                [row[number] for row in tallies],
                model.scenario.own_limits.target_share,
                each_confidence,
            ),
            place=place,
        )
        for number, (department, place) in enumerate(
            zip(by_department, ranking.places, strict=True)
        )
    ]
    members.sort(key=lambda member: best_first(member.place, member.department))
    return League(tuple(members), ranking)
