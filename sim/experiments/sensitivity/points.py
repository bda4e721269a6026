"""A scenario at many points: with other values, on the same cases, each point once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.experiments.run import run_all
from sim.measures.checks import Check
from sim.measures.shares import Verdict, share_interval, verdict
from sim.replications.execution import Execution, counted_on
from sim.results.run import Result
from sim.scenario import Limit, Problem, Scenario, ScenarioError, vary

Point: TypeAlias = tuple[str, ...]
"""Settings; none is the scenario as it is."""

AT_A_TIME: Final = 32
"""Points that are made ready to run together: each takes some memory until it has run."""


@dataclass(frozen=True)
class Judgement:
    """The on-time share of a limit at one point."""

    share: float
    low: float
    high: float
    verdict: Verdict


@dataclass(frozen=True, eq=False)
class Tally:
    """A limit at one point, by replication."""

    on_time: NDArray[np.int64]
    """[R]"""
    cases: NDArray[np.int64]
    """[R] cases judged."""

    def judged(self, limit: Limit) -> Judgement:
        """Return share, interval and verdict."""
        share, low, high = share_interval(self.on_time, self.cases, limit.confidence)
        return Judgement(share, low, high, verdict(low, high, limit.target_share))


class Points:
    """Runs points on common random numbers, and remembers them."""

    def __init__(self, scenario: Scenario, replications: int, seed: int, how: Execution) -> None:
        self.scenario = scenario
        self.replications = replications
        self.seed = seed
        self.failed_checks: list[Check] = []
        self._how = how
        self._known: dict[Point, dict[str, Tally]] = {}

    def __getitem__(self, point: Point) -> dict[str, Tally]:
        """Return limit → tally of a point that has run."""
        return self._known[point]

    def run(self, points: Sequence[Point]) -> None:
        """Run those points that have not run yet.

        Raises
        ------
        ScenarioError
            Before anything is run, if the values of a point do not go together.
        """
        new = [point for point in dict.fromkeys(points) if point not in self._known]
        scenarios = self._scenarios(new)
        planned = (len(self._known) + len(new)) * self.replications
        for first in range(0, len(new), AT_A_TIME):
            part = slice(first, first + AT_A_TIME)
            results = run_all(
                scenarios[part],
                replications=self.replications,
                seed=self.seed,
                **counted_on(self._how, len(self._known) * self.replications, planned),
            )
            self.failed_checks += (check for each in results for check in each.failed_checks)
            self._known.update(zip(new[part], map(_tallies, results), strict=True))

    def _scenarios(self, points: Sequence[Point]) -> list[Scenario]:
        made: list[Scenario] = []
        refused: dict[tuple[str, str], Problem] = {}
        for point in points:
            try:
                made.append(vary(self.scenario, settings=point) if point else self.scenario)
            except ScenarioError as error:
                said = f"with {', '.join(point)}"
                for each in error.problems:
                    refused.setdefault((each.key, each.rule), replace(each, file=said, line=None))
        if refused:
            rule = "the ranges allow values that do not go together; narrow them, or leave one out"
            raise ScenarioError([Problem(rule, self.scenario.provenance.origin), *refused.values()])
        return made


def _tallies(result: Result) -> dict[str, Tally]:
    tallies = {
        each.limit.name: result.tallies(each.limit.name, each.limit.clock)
        for each in result.verdicts
    }
    return {
        name: Tally(
            np.array([each.on_time for each in of_limit]),
            np.array([each.judged for each in of_limit]),
        )
        for name, of_limit in tallies.items()
    }
