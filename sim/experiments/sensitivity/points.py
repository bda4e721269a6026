"""Parameters with a range, and a scenario at many of their values, on the same cases."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from sim.experiments.run import run_all
from sim.measures.checks import Check
from sim.measures.shares import OnTimeCounts, Verdict
from sim.replications.execution import Execution, counted_on
from sim.results.run import Result
from sim.scenario import (
    SECONDS,
    Duration,
    Limit,
    Parameter,
    Problem,
    Scenario,
    ScenarioError,
    nearest,
    vary,
)
from sim.scenario.origin import dotted

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

    def __init__(self, scenario: Scenario, replications: int, seed: int, how: Execution) -> None:
        self.scenario = scenario
        self.replications = replications
        self.seed = seed
        self.failed_checks: list[Check] = []
        self._how = how
        self._known: dict[Point, dict[str, OnTimeCounts]] = {}

    def __getitem__(self, point: Point) -> dict[str, OnTimeCounts]:
        """Return limit → tally of a point that has run."""
        return self._known[point]

    def run(self, points: Sequence[Point]) -> None:
        """Run the points that have not run yet.

        Raises `ScenarioError` before anything is run, if the values of a point do not go together.
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
            self.failed_checks += (check for result in results for check in result.failed_checks)
            self._known.update(zip(new[part], map(_counts, results), strict=True))

    def _scenarios(self, points: Sequence[Point]) -> list[Scenario]:
        made: list[Scenario] = []
        refused: dict[tuple[str, str], Problem] = {}
        for point in points:
            try:
                made.append(vary(self.scenario, settings=point) if point else self.scenario)
            except ScenarioError as error:
                said = f"with {', '.join(point)}"
                for problem in error.problems:
                    refused.setdefault(
                        (problem.key, problem.rule), replace(problem, file=said, line=None)
                    )
        if refused:
            rule = "the ranges allow values that do not go together; narrow them, or leave one out"
            raise ScenarioError([Problem(rule, self.scenario.provenance.origin), *refused.values()])
        return made


def _counts(result: Result) -> dict[str, OnTimeCounts]:
    limits = result.resolved_limits
    return {limit.name: result.on_time_counts(limit.name, limit.clock) for limit in limits}


@dataclass(frozen=True)
class Factor:
    """One parameter with its range."""

    path: str
    """Path of the parameter, as in ``--set``."""
    source: str
    value: float
    """Value in the scenario."""
    low: float
    high: float
    unit: str | None
    """Unit of a duration, as in the scenario; None for a plain number."""
    whole: bool
    """Whether only whole numbers are valid, as for officers and legal periods."""

    def at(self, share: float) -> float:
        """Return the value at a share 0 … 1 of the range.

        Whole numbers have equal parts of 0 … 1, so that a uniform share makes them equally likely.
        """
        if self.whole:
            count = self.high - self.low + 1
            return self.low + min(math.floor(share * count), count - 1)
        return float(f"{self.low + share * (self.high - self.low):.6g}")

    def written(self, value: float) -> str:
        """Write a value as in a scenario file."""
        number = f"{value:.0f}" if self.whole else f"{value:.6g}"
        return number if self.unit is None else f"{number} {self.unit}"

    def setting(self, value: float) -> str:
        """Return the setting that gives the parameter this value."""
        return f"{self.path}={self.written(value)}"

    def point(self, value: float) -> tuple[str, ...]:
        """Return the settings that give this value to the parameter alone."""
        return () if value == self.value else (self.setting(value),)


def factors(scenario: Scenario, chosen: Sequence[str] | None = None) -> tuple[Factor, ...]:
    """Return the parameters that have a range, in file order; with `chosen`, only those.

    A range of a single value does not count. Raises `ScenarioError` if no parameter is left, or a
    chosen one is unknown.
    """
    ranged = filter(None, map(_factor, scenario.provenance.parameters()))
    known = {factor.path: factor for factor in ranged}
    if not known:
        rule = "no parameter has a range; write {value: 200, source: assumed, range: [100, 350]}"
        raise ScenarioError([Problem(rule, scenario.provenance.origin)])
    rule = "no parameter with a range"
    unknown = [path for path in chosen or () if path not in known]
    if unknown:
        raise ScenarioError([Problem(rule + nearest(path, known), key=path) for path in unknown])
    return tuple(known[path] for path in (known if chosen is None else dict.fromkeys(chosen)))


def left_out(scenario: Scenario) -> tuple[str, ...]:
    """Return the paths of ranges that cannot be varied: those of a distribution as a whole."""
    known = scenario.provenance.completed
    return tuple(
        dotted(path)
        for path, annotation in known.annotations.items()
        if annotation.range is not None and isinstance(known.get(path), Mapping)
    )


def _factor(parameter: Parameter) -> Factor | None:
    if parameter.range is None:
        return None
    unit = Duration.parse(parameter.value).unit if isinstance(parameter.value, str) else None
    value, low, high = sizes = [_size(size, unit) for size in (parameter.value, *parameter.range)]
    if not low < high:
        return None
    counted = isinstance(parameter.value, int) or unit in {"wd", "cd"}
    whole = counted and all(size.is_integer() for size in sizes)
    return Factor(dotted(parameter.path), parameter.source.text, value, low, high, unit, whole)


def _size(written: Any, unit: str | None) -> float:
    return float(written) if unit is None else Duration.parse(written).seconds / SECONDS[unit]
