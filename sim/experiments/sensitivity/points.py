"""Parameters with a range, and a scenario at many of their values, on the same cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from sim.experiments.run import run_all
from sim.measures.checks import Check
from sim.measures.shares import OnTimeCounts, Verdict
from sim.replications.execution import Execution, counted_on
from sim.results.run import Result
from sim.scenario import (
    Factor,
    Limit,
    Problem,
    Scenario,
    ScenarioError,
    factors_of,
    nearest,
    vary,
)
from sim.translation import tr

Point: TypeAlias = tuple[str, ...]
"""Settings of a point; without any, it is the scenario as it is."""

AT_A_TIME: Final = 32
"""Most points that are made ready at a time, which bounds the memory."""


@dataclass(frozen=True)
class Judgement:
    """The on-time share of a limit at one point, see `sim.measures.shares.BoundedShare`."""

    share: float
    low: float
    high: float
    verdict: Verdict


def judged(counts: OnTimeCounts, limit: Limit) -> Judgement:
    """Return the share, interval and verdict of a limit at one point."""
    of = counts.share(limit.confidence)
    return Judgement(of.share, of.low, of.high, of.verdict(limit.target_share))


class Points:
    """Runs points on common random numbers, and keeps their counts."""

    def __init__(
        self, scenario: Scenario, replications: int, seed: int, how: Execution, before: int = 0
    ) -> None:
        """`before`: replications of other points that were made before, for the progress."""
        self.scenario = scenario
        self.replications = replications
        self.seed = seed
        self.failed_checks: list[Check] = []
        self.how = how
        self._before = before
        self._known: dict[Point, dict[str, OnTimeCounts]] = {}

    def __getitem__(self, point: Point) -> dict[str, OnTimeCounts]:
        """Return limit → tally of a point that has run."""
        return self._known[point]

    @property
    def made(self) -> int:
        """Replications made so far, with those before."""
        return self._before + len(self._known) * self.replications

    def run(self, points: Sequence[Point]) -> None:
        """Run the points that have not run yet.

        Raises `ScenarioError` before anything is run, if the values of a point do not go together.
        """
        new = [point for point in dict.fromkeys(points) if point not in self._known]
        scenarios = self._scenarios(new)
        planned = self.made + len(new) * self.replications
        for first in range(0, len(new), AT_A_TIME):
            part = slice(first, first + AT_A_TIME)
            results = run_all(
                scenarios[part],
                replications=self.replications,
                seed=self.seed,
                **counted_on(self.how, self.made, planned),
            )
            self.failed_checks += (check for result in results for check in result.failed_checks)
            self._known.update(zip(new[part], map(_counts, results), strict=True))

    def _scenarios(self, points: Sequence[Point]) -> list[Scenario]:
        made: list[Scenario] = []
        refused: dict[tuple[str, str], Problem] = {}
        for point in points:
            try:
                made.append(vary(self.scenario, settings=point) if point else self.scenario)
            except ScenarioError as error:
                said = tr("with {point}", point=", ".join(point))
                for problem in error.problems:
                    refused.setdefault(
                        (problem.key, problem.rule), replace(problem, file=said, line=None)
                    )
        if refused:
            rule = tr(
                "the ranges allow values that do not go together; narrow them, or leave one out"
            )
            raise ScenarioError([Problem(rule, self.scenario.provenance.origin), *refused.values()])
        return made


def _counts(result: Result) -> dict[str, OnTimeCounts]:
    limits = result.resolved_limits
    return {limit.name: result.on_time_counts(limit.name, limit.clock) for limit in limits}


def factors(scenario: Scenario, chosen: Sequence[str] | None = None) -> tuple[Factor, ...]:
    """Return the parameters that have a range, in file order; with `chosen`, only those.

    Without `chosen`, what matters and stages are held against is left out. A range of a single
    value does not count. Raises `ScenarioError` if no parameter is left, or one is unknown.
    """
    known = {factor.path: factor for factor in factors_of(scenario)}
    if not known:
        rule = tr(
            "no parameter has a range; write {value: 200, source: assumed, range: [100, 350]}"
        )
        raise ScenarioError([Problem(rule, scenario.provenance.origin)])
    rule = tr("no parameter with a range")
    unknown = [path for path in chosen or () if path not in known]
    if unknown:
        raise ScenarioError([Problem(rule + nearest(path, known), key=path) for path in unknown])
    if chosen is None:
        return tuple(factor for factor in known.values() if not factor.judges_parts)
    return tuple(known[path] for path in dict.fromkeys(chosen))
