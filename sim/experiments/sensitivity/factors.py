"""The parameters of a scenario that have a range, as numbers between two bounds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.scenario import SECONDS, Duration, Parameter, Problem, Scenario, ScenarioError, nearest
from sim.scenario.origin import dotted


@dataclass(frozen=True)
class Factor:
    """One parameter with its range."""

    path: str
    """As in ``--set``."""
    source: str
    value: float
    """What the scenario says."""
    low: float
    high: float
    unit: str | None
    """Of a duration, that of the scenario's value; None for a plain number."""
    whole: bool
    """Only whole numbers mean something: officers, or legal periods that count dates."""

    def at(self, share: float) -> float:
        """Return the value at a share 0 … 1 of the range.

        Of a whole number every value has an equal part of 0 … 1, so that a uniform share makes all
        equally likely.
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
    """Return the parameters that have a range, in file order; or those of them that are chosen.

    A range of one value alone is none.

    Raises
    ------
    ScenarioError
        If there is none, or a chosen one is not among them.
    """
    known = {each.path: each for each in _all(scenario.provenance.parameters())}
    if not known:
        rule = "no parameter has a range; write {value: 200, source: assumed, range: [100, 350]}"
        raise ScenarioError([Problem(rule, scenario.provenance.origin)])
    unknown = [path for path in chosen or () if path not in known]
    if unknown:
        raise ScenarioError(
            [
                Problem(f"no parameter with a range{nearest(path, known)}", key=path)
                for path in unknown
            ]
        )
    return tuple(known[path] for path in (known if chosen is None else dict.fromkeys(chosen)))


def left_out(scenario: Scenario) -> tuple[str, ...]:
    """Return the paths of ranges that cannot be varied: those of a distribution as a whole."""
    known = scenario.provenance.completed
    return tuple(
        dotted(path)
        for path, annotation in known.annotations.items()
        if annotation.range is not None and isinstance(known.get(path), Mapping)
    )


def _all(parameters: Iterable[Parameter]) -> Iterable[Factor]:
    for parameter in parameters:
        if parameter.range is not None and (factor := _factor(parameter, parameter.range)):
            yield factor


def _factor(parameter: Parameter, bounds: tuple[Any, Any]) -> Factor | None:
    unit = Duration.parse(parameter.value).unit if isinstance(parameter.value, str) else None
    value, low, high = sizes = [_size(each, unit) for each in (parameter.value, *bounds)]
    if not low < high:
        return None
    counted = isinstance(parameter.value, int) or unit in {"wd", "cd"}
    whole = counted and all(size.is_integer() for size in sizes)
    return Factor(dotted(parameter.path), parameter.source.text, value, low, high, unit, whole)


def _size(written: Any, unit: str | None) -> float:
    return float(written) if unit is None else Duration.parse(written).seconds / SECONDS[unit]
