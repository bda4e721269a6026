"""The limits and case types of a scenario, read in one replication by its rules for days."""

from __future__ import annotations

from sim.clocks import Counting, History, read_clocks
from sim.limits import resolved_limits
from sim.measures.limits import LimitReading, ScopeReading, read_case_type, read_limit
from sim.scenario import Scenario


def unlimited(scenario: Scenario) -> tuple[str, ...]:
    """Return the case types that have no limit."""
    limited = {limit.case_type for limit in resolved_limits(scenario)}
    return tuple(name for name in scenario.case_types if name not in limited)


def read_limits(scenario: Scenario, history: History) -> tuple[LimitReading, ...]:
    """Read every limit in one replication; limits with the same scope share their clocks."""
    counting = Counting.of(scenario, history)
    limits = resolved_limits(scenario)
    of_scope = {
        scope: read_clocks(history, scope, counting)
        for scope in dict.fromkeys(limit.scope for limit in limits)
    }
    return tuple(read_limit(own, history, counting, of_scope[own.scope]) for own in limits)


def read_unlimited(scenario: Scenario, history: History) -> tuple[ScopeReading, ...]:
    """Read the case types without a limit in one replication."""
    counting = Counting.of(scenario, history)
    return tuple(read_case_type(name, history, counting) for name in unlimited(scenario))
