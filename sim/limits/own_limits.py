"""The limits of single matters and stages, and the sets of them that are kept together.

A matter has the days that the authority `promised`, and the `statutory` days of the law; a stage
has its `budget`. They are limits like those of a scenario, judged as `own_limits` says.

A matter is late if it exceeds the days promised for it; where none are promised, those of the law.

By the rule of the state's statistics, a stage is overdue if its days exceed its limit or if any
item in it is overdue; a project, if any item is (public code of two vendors' builds of the national
approval system, 工程建设项目审批管理系统).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from sim.limits.clocks import ClockRule, clock_rules, statutory_rule
from sim.limits.limit import ResolvedLimit, Scope, plain, resolved_limits
from sim.process.graph import Pause
from sim.process.levers import remaining_matters
from sim.scenario import Matter, Scenario, has_backlog
from sim.scenario.schema.quantities import Duration

OwnRule: TypeAlias = Literal["promised", "statutory", "budget"]
"""The key of the scenario that states the days."""
LAW: Final[OwnRule] = "statutory"
"""The rule of the law."""
Standard: TypeAlias = Literal["no_late_matter", "state_rule"]
"""What a set of limits is to keep: no matter is late; for a stage by the state's rule, neither a
matter nor the stage itself."""


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
    decides: bool
    """Whether the matter is late if it exceeds these days; False for a stage."""
    limit: ResolvedLimit
    """Its days and its clock; its name is unique among the own limits of a scenario."""


@dataclass(frozen=True)
class LimitSet:
    """Own limits of one case type that must all be kept together."""

    of: Literal["case_type", "limit", "stage"]
    name: str
    """The case type, limit or stage that they belong to."""
    standard: Standard
    case_type: str
    limits: tuple[str, ...]
    """Names of the own limits: one of each matter that has any; by the state's rule also that of
    the stage."""

    @property
    def key(self) -> str:
        """A name that is unique among the sets of a scenario."""
        return f"{self.standard}/{self.of}/{self.case_type}/{self.name}"


@dataclass(frozen=True)
class OwnLimits:
    """The own limits of a scenario."""

    limits: tuple[OwnLimit, ...]
    """By stage, the stage first, then its matters in serial order."""
    sets: tuple[LimitSet, ...]

    @classmethod
    def of(cls, scenario: Scenario) -> OwnLimits:
        """Return the own limits of a scenario.

        Where open cases are taken over, limits are left out whose clocks cannot go on for them,
        such as those in hours: a backlog tells days.
        """
        limits = tuple(
            own
            for own in _limits(scenario)
            if own.limit.rule.resumes or not has_backlog(scenario, own.limit.case_type)
        )
        return cls(limits, tuple(_sets(scenario, limits)))

    @property
    def rules(self) -> frozenset[ClockRule]:
        """The clocks that count their days."""
        return frozenset(own.limit.rule for own in self.limits)

    @property
    def decisive(self) -> tuple[OwnLimit, ...]:
        """Those that decide whether a matter is late: one of each matter that has any."""
        return tuple(own for own in self.limits if own.decides)


# --- single limits -----------------------------------------------------------------------------


def _limits(scenario: Scenario) -> Iterator[OwnLimit]:
    clocks = clock_rules(scenario)
    for case_type, spec in sorted(scenario.case_types.items()):
        matters = remaining_matters(scenario, spec)
        for stage, about in spec.stages.items():
            inside = {name: matter for name, matter in matters.items() if matter.stage == stage}
            if about.budget is not None and inside:
                scope = Scope(case_type, tuple(inside))
                rule = _in_unit(clocks[scenario.own_limits.stage_clock], about.budget)
                limit = _resolved(scenario, "budget", stage, scope, about.budget, rule)
                yield OwnLimit("stage", stage, "budget", about.lead, stage, False, limit)
            for name, matter in inside.items():
                decides = True
                for which, days, rule in _of_matter(scenario, matter, clocks):
                    limit = _resolved(scenario, which, name, Scope(case_type, (name,)), days, rule)
                    yield OwnLimit("matter", name, which, matter.department, stage, decides, limit)
                    decides = False


def _of_matter(
    scenario: Scenario, matter: Matter, clocks: Mapping[str, ClockRule]
) -> Iterator[tuple[OwnRule, Duration, ClockRule]]:
    """Yield rule, days and clock of each limit of a matter; the first decides if it is late."""
    if matter.promised is not None:
        rule = _in_unit(clocks[scenario.own_limits.matter_clock], matter.promised)
        if matter.third_party:  # who promises the days of a third party counts them
            name = f"{rule.name}_third_party"
            rule = replace(rule, name=name, pauses=rule.pauses - {Pause.THIRD_PARTY})
        if rule.unit == "h" and rule.hours is None:
            hours = hours_of(scenario, matter)
            rule = replace(rule, name=f"{rule.name}_{hours}", hours=hours, resumes=False)
        yield "promised", matter.promised, rule
    if matter.statutory is not None:
        yield "statutory", matter.statutory.limit, statutory_rule(matter.statutory)


def _in_unit(rule: ClockRule, days: Duration) -> ClockRule:
    """Return the clock in the unit of the days."""
    if days.unit == rule.unit:
        return rule
    unit: Literal["wd", "cd", "h"] = (
        "h" if days.unit == "h" else "cd" if days.unit == "cd" else "wd"
    )
    return replace(rule, name=f"{rule.name}_{unit}", unit=unit, hours=None)


def hours_of(scenario: Scenario, matter: Matter) -> str:
    """Return the duty hours that a promise in hours counts: of those who decide the matter.

    Of several groups that serve their pool, the first in the scenario.
    """
    tasks = [*matter.review.values(), *filter(None, [matter.decision])]
    pool = tasks[-1].pool if tasks else ""
    serving = (staff.hours for staff in scenario.staff.values() if pool in staff.serves)
    return next(serving, next(iter(scenario.hours)))


def _resolved(
    scenario: Scenario, which: OwnRule, part: str, scope: Scope, days: Duration, rule: ClockRule
) -> ResolvedLimit:
    return ResolvedLimit(
        name=f"{scope.case_type}/{part}/{which}",
        scope=scope,
        rule=rule,
        days=plain(days),
        target_share=scenario.own_limits.target_share,
        confidence=scenario.own_limits.confidence,
    )


# --- sets --------------------------------------------------------------------------------------


def _sets(scenario: Scenario, limits: Sequence[OwnLimit]) -> Iterator[LimitSet]:
    """Yield the sets of each case type: of its limits, of all its matters, and of its stages.

    Sets without an own limit are left out, and a limit whose matters are those of a limit before
    it, or of its case type.
    """
    for case_type, spec in sorted(scenario.case_types.items()):
        own = [one for one in limits if one.limit.case_type == case_type]
        items = {one.name: one.limit.name for one in own if one.decides}
        if not items:
            continue
        known = {frozenset(items), frozenset()}
        for limit in resolved_limits(scenario):
            inside = [name for name in items if name in (limit.scope.matters or items)]
            if limit.case_type == case_type and frozenset(inside) not in known:
                known.add(frozenset(inside))
                names = tuple(items[name] for name in inside)
                yield LimitSet("limit", limit.name, "no_late_matter", case_type, names)
        yield LimitSet("case_type", case_type, "no_late_matter", case_type, tuple(items.values()))
        for stage in spec.stages:
            of_stage = [one for one in own if one.stage == stage]
            yield from _of_stage(of_stage, case_type, stage, project=spec.levers == "project")


def _of_stage(
    own: Sequence[OwnLimit], case_type: str, stage: str, *, project: bool
) -> Iterator[LimitSet]:
    """Yield the sets of a stage; the state's rule is for projects, where they have a budget."""
    items = tuple(one.limit.name for one in own if one.decides)
    budget = tuple(one.limit.name for one in own if one.kind == "stage")
    if items:
        yield LimitSet("stage", stage, "no_late_matter", case_type, items)
        if budget and project:
            yield LimitSet("stage", stage, "state_rule", case_type, items + budget)
