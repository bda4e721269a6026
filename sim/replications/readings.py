"""The limits and case types of a scenario, read in one replication by its rules for days."""

from __future__ import annotations

from sim.clocks import ClockReadings, Counting, History
from sim.limits import Scope, resolved_limits
from sim.measures.limits import LimitReading, ScopeReading, read_case_type, read_limit, read_scope
from sim.scenario import Scenario


def unlimited(scenario: Scenario) -> tuple[str, ...]:
    """Return the case types that have no limit."""
    limited = {limit.case_type for limit in resolved_limits(scenario)}
    return tuple(name for name in scenario.case_types if name not in limited)


def read_limits(scenario: Scenario, history: History) -> tuple[LimitReading, ...]:
    """Read every limit in one replication; limits with the same scope share their clocks."""
    counting = Counting.of(scenario, history)
    limits = resolved_limits(scenario)
    of_scope: dict[Scope, ClockReadings] = {}
    for own in limits:
        if own.scope not in of_scope:
            of_scope[own.scope] = read_scope(own, history, counting)
    return tuple(read_limit(own, history, counting, of_scope[own.scope]) for own in limits)


def read_unlimited(scenario: Scenario, history: History) -> tuple[ScopeReading, ...]:
    """Read the case types without a limit in one replication."""
    counting = Counting.of(scenario, history)
    return tuple(read_case_type(name, history, counting) for name in unlimited(scenario))
