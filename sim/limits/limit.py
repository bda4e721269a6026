"""Limits, the part of a case that a limit covers, and the clock behind the due date of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from sim.arrays import Bools
from sim.engine.contract import NO_LIMIT
from sim.limits.clocks import CLOCKS, ClockRule
from sim.process.builder import attribute_gates
from sim.process.graph import Attribute, Graph, Mark
from sim.scenario import Limit, Scenario

Per: TypeAlias = Literal["application", "case", "round"]
"""What must keep a limit; see `sim.scenario.Limit`."""


@dataclass(frozen=True)
class Scope:
    """The part of a case that a clock measures."""

    case_type: str
    matters: tuple[str, ...] | None = None
    """The matters in scope; None: the whole case."""
    per: Per = "application"
    """What has a clock of its own: each application, or the case, whose clock goes on."""


@dataclass(frozen=True)
class ResolvedLimit:
    """A limit with its scope resolved to matters."""

    name: str
    scope: Scope
    clock: str
    """The clock that decides, one of `CLOCKS`."""
    days: int
    """The days that the limit allows, in the unit of its clock."""
    target_share: float
    """The share of the cases that must keep the limit."""
    confidence: float
    """Confidence of the verdict."""
    when: tuple[Attribute, ...] = ()
    """The limit is only for cases with these attribute values."""
    extension_days: int = 0
    """Days by which an extension lengthens the limit, in the unit of its clock."""
    extension_share: float = 0.0
    """Probability that a case is extended."""

    @property
    def case_type(self) -> str:
        """The type of the cases for which the limit holds."""
        return self.scope.case_type


def resolved_limits(scenario: Scenario) -> tuple[ResolvedLimit, ...]:
    """Return all limits of a scenario, in the order of the scenario."""
    return tuple(_resolved(name, limit, scenario) for name, limit in scenario.limits.items())


def _resolved(name: str, limit: Limit, scenario: Scenario) -> ResolvedLimit:
    extension = limit.extension
    return ResolvedLimit(
        name=name,
        scope=Scope(limit.case_type, _matters(limit, scenario), limit.per),
        clock=limit.clock,
        days=int(limit.limit.value),
        target_share=limit.target_share,
        confidence=limit.confidence,
        when=attribute_gates(limit.when),
        extension_days=0 if extension is None else int(extension.days.value),
        extension_share=0.0 if extension is None else extension.probability,
    )


def _matters(limit: Limit, scenario: Scenario) -> tuple[str, ...] | None:
    scope = limit.scope
    if not scope.stages and not scope.matters:
        return None
    matters = scenario.case_types[limit.case_type].matters
    return tuple(
        name
        for name, matter in matters.items()
        if name in scope.matters or matter.stage in scope.stages
    )


@dataclass(frozen=True, eq=False)
class DueClock:
    """The clock behind the due dates of one case type, for the N nodes of its graph."""

    limit_wd: int
    """The limit in working days, or `NO_LIMIT`."""
    counted: Bools
    """[N] whether the clock counts the time of the node."""
    starts: Bools
    """[N] whether acceptance at the node may start the clock."""
    scope: Scope
    """The scope of the limit; the whole case if there is no limit."""
    rule: ClockRule
    """The clock that decides; the promised clock if there is no limit."""
    when: tuple[Attribute, ...] = ()
    """It is only for cases with these attribute values."""


def governing_limits(scenario: Scenario, case_type: str) -> tuple[ResolvedLimit, ...]:
    """Return the limits that give cases their due dates, by name.

    A case follows the first that is for its attributes. The list ends with the first limit that
    is for all cases; without one, some cases may have no due date.
    """
    found = []
    for limit in sorted(resolved_limits(scenario), key=lambda limit: limit.name):
        if limit.case_type == case_type:
            found.append(limit)
            if not limit.when:
                break
    return tuple(found)


def due_clocks(scenario: Scenario, graph: Graph) -> tuple[DueClock, ...]:
    """Return the clocks behind due dates, of which each case follows the first that is for it.

    The last is for all cases, if only to say that they have no due date.
    """
    limits = governing_limits(scenario, graph.case_type)
    clocks = tuple(_due_clock(scenario, graph, limit) for limit in limits)
    if limits and not limits[-1].when:
        return clocks
    none = np.zeros(len(graph.nodes), np.bool_)
    return (*clocks, DueClock(NO_LIMIT, none, none, Scope(graph.case_type), CLOCKS["promised"]))


def _due_clock(scenario: Scenario, graph: Graph, limit: ResolvedLimit) -> DueClock:
    """Return a governing limit in terms of nodes, since the engine knows no matters.

    The due date follows the limit's own clock. Seven calendar days of a limit become five
    working days.
    """
    rule, matters = CLOCKS[limit.clock], limit.scope.matters
    nodes, wanted = graph.nodes, set(matters or ())
    inside = np.array([matters is None or not wanted.isdisjoint(node.covers) for node in nodes])
    counts = np.array([rule.whole_span or node.owner not in rule.pauses_for for node in nodes])
    accepts = np.array([Mark.ACCEPTANCE in node.marks for node in nodes])
    limit_wd = limit.days * 5 // 7 if rule.unit == "cd" else limit.days
    if scenario.calendar.count_start_day:
        limit_wd = max(limit_wd - 1, 0)
    return DueClock(limit_wd, inside & counts, inside & accepts, limit.scope, rule, limit.when)
