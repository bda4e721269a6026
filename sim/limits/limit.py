"""Limits, with the part of a case that each covers resolved to matters."""

from __future__ import annotations

from dataclasses import dataclass

from sim.scenario import Limit, Scenario


@dataclass(frozen=True)
class Scope:
    """The part of a case that a clock looks at."""

    case_type: str
    matters: tuple[str, ...] | None = None
    """The matters in scope; None is the whole case."""


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
    """The share of the cases that must keep it."""
    confidence: float
    """Confidence of the verdict."""
    extension_days: int = 0
    """By how much the limit of an extended case is longer."""
    extension_share: float = 0.0
    """Probability that a case is extended."""

    @property
    def case_type(self) -> str:
        """The cases that the limit holds for."""
        return self.scope.case_type


def resolved_limits(scenario: Scenario) -> tuple[ResolvedLimit, ...]:
    """Return all limits of a scenario, in the order in which it names them."""
    return tuple(_resolved(name, limit, scenario) for name, limit in scenario.limits.items())


def _resolved(name: str, limit: Limit, scenario: Scenario) -> ResolvedLimit:
    extension = limit.extension
    return ResolvedLimit(
        name=name,
        scope=Scope(limit.case_type, _matters(limit, scenario)),
        clock=limit.clock,
        days=int(limit.limit.value),
        target_share=limit.target_share,
        confidence=limit.confidence,
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
