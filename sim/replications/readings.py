"""The limits and case types of a scenario, read in one replication by its rules for days."""

from __future__ import annotations

from sim.clocks import Counting, History
from sim.limits import resolved_limits
from sim.limits.own_limits import OwnLimits
from sim.measures.limits import (
    LimitReading,
    ScopeReading,
    judge_limit,
    read_case_type,
    read_limit_clocks,
)
from sim.measures.own_limits import OwnStandings, read_own_limits
from sim.scenario import Scenario


def unlimited(scenario: Scenario) -> tuple[str, ...]:
    """Return the case types that have no limit."""
    limited = {limit.case_type for limit in resolved_limits(scenario)}
    return tuple(name for name in scenario.case_types if name not in limited)


def read_limits(scenario: Scenario, history: History) -> tuple[LimitReading, ...]:
    """Read every limit in one replication; limits on the same scope share its clocks."""
    counting, limits = Counting.of(scenario, history), resolved_limits(scenario)
    read = {
        (limit.scope, limit.rule.per_round): read_limit_clocks(limit, history, counting)
        for limit in {(limit.scope, limit.rule.per_round): limit for limit in limits}.values()
    }
    return tuple(
        judge_limit(limit, history, read[limit.scope, limit.rule.per_round]) for limit in limits
    )


def read_unlimited(scenario: Scenario, history: History) -> tuple[ScopeReading, ...]:
    """Read the case types without a limit in one replication."""
    counting = Counting.of(scenario, history)
    return tuple(read_case_type(name, history, counting) for name in unlimited(scenario))


def read_own(scenario: Scenario, own: OwnLimits, history: History) -> OwnStandings:
    """Hold the cases of one replication against the own limits of matters and stages."""
    return read_own_limits(own, history, Counting.of(scenario, history, own.rules))
