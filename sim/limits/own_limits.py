"""The limits of single matters and stages, and the sets of matters of which none may be late.

A matter has the days that the authority `promised`, and the `statutory` days of the law; a stage
has its `budget`. They are limits like those of a scenario, judged as `own_limits` says.

A matter is late if it exceeds the days promised for it; where none are promised, those of the law.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from sim.limits.clocks import PRESETS, statutory_rule
from sim.limits.limit import ResolvedLimit, Scope, plain, resolved_limits
from sim.process.levers import remaining_matters
from sim.scenario import Matter, Scenario, has_backlog
from sim.scenario.schema.quantities import Duration

OwnRule: TypeAlias = Literal["promised", "statutory", "budget"]
"""The key of the scenario that states the days."""
LAW: Final[OwnRule] = "statutory"
"""The rule of the law."""

CLOCK_OF: Final[Mapping[OwnRule, str]] = MappingProxyType(
    {"promised": "promised", "statutory": "statutory", "budget": "promised"}
)
"""Rule → the clock that counts its days. The first that a matter has decides whether it is late."""


@dataclass(frozen=True)
class OwnLimit:
    """The limit of one matter, or one stage, by itself."""

    kind: Literal["matter", "stage"]
    name: str
    """The matter or stage."""
    rule: OwnRule
    department: str
    """The department that decides the matter; the lead department of the stage."""
    stage: str
    """The stage, also that of the matter."""
    limit: ResolvedLimit
    """Its days and its clock; its name is unique among the own limits of a scenario."""


@dataclass(frozen=True)
class MatterSet:
    """Matters of one case type of which none may be late."""

    of: Literal["case_type", "limit", "stage"]
    name: str
    """The case type, limit or stage that they belong to."""
    case_type: str
    limits: tuple[str, ...]
    """Names of the own limits that must all be kept: one of each matter that has any."""


def own_limits(scenario: Scenario) -> tuple[OwnLimit, ...]:
    """Return all own limits: by stage, the stage first, then its matters in serial order."""
    found: list[OwnLimit] = []
    for case_type, spec in scenario.case_types.items():
        matters = remaining_matters(scenario, spec)
        for stage, about in spec.stages.items():
            inside = {name: matter for name, matter in matters.items() if matter.stage == stage}
            scope = Scope(case_type, tuple(inside))
            if about.budget is not None and inside:
                limit = _resolved(scenario, "budget", stage, scope, about.budget)
                found.append(OwnLimit("stage", stage, "budget", about.lead, stage, limit))
            for name, matter in inside.items():
                found += _of_matter(scenario, Scope(case_type, (name,)), name, matter)
    return tuple(found)


def _of_matter(scenario: Scenario, scope: Scope, name: str, matter: Matter) -> Iterator[OwnLimit]:
    if matter.promised is not None and matter.promised.unit == "wd":
        limit = _resolved(scenario, "promised", name, scope, matter.promised)
        yield OwnLimit("matter", name, "promised", matter.department, matter.stage, limit)
    if matter.statutory is not None:
        rule = statutory_rule(matter.statutory)
        if not rule.resumes and has_backlog(scenario, scope.case_type):
            return
        limit = _resolved(scenario, "statutory", name, scope, matter.statutory.limit)
        limit = replace(limit, rule=rule)
        yield OwnLimit("matter", name, "statutory", matter.department, matter.stage, limit)


def _resolved(
    scenario: Scenario, rule: OwnRule, part: str, scope: Scope, days: Duration
) -> ResolvedLimit:
    return ResolvedLimit(
        name=f"{scope.case_type}/{part}/{rule}",
        scope=scope,
        rule=PRESETS[CLOCK_OF[rule]],
        days=plain(days),
        target_share=scenario.own_limits.target_share,
        confidence=scenario.own_limits.confidence,
    )


def that_make_late(limits: Sequence[OwnLimit]) -> tuple[OwnLimit, ...]:
    """Return the limits that decide whether a matter is late: one of each matter that has any."""
    decides = {
        (own.limit.case_type, own.name): own
        for own in sorted(limits, key=lambda own: -list(CLOCK_OF).index(own.rule))
        if own.kind == "matter"
    }
    return tuple(own for own in limits if decides.get((own.limit.case_type, own.name)) is own)


def matter_sets(scenario: Scenario, limits: Sequence[OwnLimit]) -> tuple[MatterSet, ...]:
    """Return the sets of matters to judge together: of each limit, case type and stage.

    Sets without an own limit are left out, and a limit whose matters are those of a limit before
    it, or of its case type.
    """
    of_matters = that_make_late(limits)
    sets: list[MatterSet] = []
    for case_type, spec in scenario.case_types.items():
        own = [limit for limit in of_matters if limit.limit.case_type == case_type]
        names = {limit.name: limit.limit.name for limit in own}
        known = {frozenset(names.values())}
        for limit in resolved_limits(scenario):
            inside = _named(names, limit.scope.matters or tuple(names))
            if limit.case_type == case_type and frozenset(inside) not in known:
                known.add(frozenset(inside))
                sets.append(MatterSet("limit", limit.name, case_type, inside))
        sets.append(MatterSet("case_type", case_type, case_type, tuple(names.values())))
        for stage in spec.stages:
            inside = tuple(limit.limit.name for limit in own if limit.stage == stage)
            sets.append(MatterSet("stage", stage, case_type, inside))
    return tuple(matters for matters in sets if matters.limits)


def _named(names: dict[str, str], matters: Sequence[str]) -> tuple[str, ...]:
    return tuple(names[matter] for matter in matters if matter in names)
