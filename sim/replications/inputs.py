"""Inputs drawn anew for each replication from the ranges that the scenario states for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from typing import Final

from sim.replications.model import Model
from sim.scenario import Factor, Problem, Scenario, ScenarioError, at_values, factors_of
from sim.streams import Streams, whole_name
from sim.translation import tr

OF_INPUTS: Final = "#inputs"
"""Set of the random streams of inputs; no name of a scenario holds a '#'."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """The inputs of a scenario that are in doubt: those with a range, except promises and limits.

    Each is drawn from the triangular distribution between the ends of its range, its mode the value
    in the scenario, independently of the others. That is the simplest distribution that uses all
    three numbers; a uniform one would take the value for no better than the ends.
    """

    scenario: Scenario

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """The inputs, in file order."""
        return in_doubt(self.scenario)

    @property
    def digest(self) -> str:
        """A short hash of the ranges, on which the results depend beside the scenario."""
        return blake2b(repr(self.factors).encode(), digest_size=8).hexdigest()

    def model(self, seed: int, number: int) -> Model:
        """Return the model with the inputs of a replication; `ScenarioError` if they clash."""
        try:
            return Model(at_values(self.scenario, drawn(self.factors, seed, number)))
        except ScenarioError as error:
            rule = tr(
                "draw {number} of the inputs gives values that do not go together; narrow the "
                "ranges",
                number=number,
            )
            origin = self.scenario.provenance.origin
            told = [replace(problem, line=None) for problem in error.problems]
            raise ScenarioError([Problem(rule, origin), *told]) from None


def in_doubt(scenario: Scenario) -> tuple[Factor, ...]:
    """Return the inputs of a scenario that are drawn: what is promised is no input."""
    return tuple(factor for factor in factors_of(scenario) if not factor.is_norm)


def drawn(factors: tuple[Factor, ...], seed: int, number: int) -> dict[Factor, float]:
    """Return input → its value in a replication; it depends on seed, number and path alone."""
    streams = Streams(seed, number, compiled=False)
    return {
        factor: factor.triangular(float(streams(whole_name(OF_INPUTS, factor.path)).uniform(1)[0]))
        for factor in factors
    }
