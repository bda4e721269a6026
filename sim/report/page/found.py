"""What a page is made of: results of any kind, each with a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.experiments import (
    Comparison,
    Found,
    LoadCurve,
    Reforms,
    Result,
    Sensitivity,
    Staffing,
    Sweep,
)
from sim.measures.checks import Check
from sim.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Named:
    """A result, and what is known of how it was made."""

    name: str
    """By which it is told from the other results of a page."""
    found: Found
    command: str | None = None
    """The command that makes it again; None if that is not known."""
    derived: bool = False
    """It was made of the other results of the page."""


def scenarios_of(found: Found) -> Mapping[str, Scenario]:
    """Return the scenarios of a result by name; one alone has the name ""."""
    if isinstance(found, Comparison):
        return {name: result.scenario for name, result in found.results.items()}
    return {"": found.scenario}


def seed_of(found: Found) -> int:
    """Return the seed of all random numbers."""
    return _first(found).seed


def replications_of(found: Found) -> int:
    """Return the replications: of each scenario, point or plan."""
    return _first(found).replications


def checks_of(found: Found) -> tuple[Check, ...] | None:
    """Return the self-checks that the result tells of: all, or those that failed; or None."""
    if isinstance(found, Result):
        return found.checks
    if isinstance(found, Comparison):
        return tuple(check for each in found.results.values() for check in each.checks)
    return found.failed_checks if isinstance(found, Reforms) else None


def _first(
    found: Found,
) -> Result | Reforms | LoadCurve | Staffing | Sensitivity | Sweep:
    return found.results[found.reference] if isinstance(found, Comparison) else found
