"""Inputs with a range: what may lie between two ends, and a scenario with other values of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from sim.scenario.files.range_rules import centre, is_shape, range_rule
from sim.scenario.load import with_values
from sim.scenario.origin import Annotation, KeyPath, Parameter, Tree, dotted
from sim.scenario.schema.model import Scenario
from sim.scenario.schema.quantities import SECONDS, Duration

Kind: TypeAlias = Literal["value", "scale", "shape"]
_NORMS: Final = frozenset({"promised", "statutory", "budget"})
_MONEY: Final = frozenset({"cost", "cost_factor"})
"""Keys of roster groups, and of their overtime, that no time depends on."""
_JUDGED_BY: Final = frozenset({"limits", "own_limits"})
_DIGITS: Final = 6
_DIGITS_OF_SHARES: Final = 12
"""Shares must add up to 1 after they are written."""


@dataclass(frozen=True)
class Factor:
    """One parameter with its range."""

    path: str
    """Path of the parameter, as in ``--set``."""
    source: str
    value: float
    """Value in the scenario; of a shape, 0."""
    low: float
    """Low end; of a shape, -1, or 0 if it is the value itself."""
    high: float
    """High end; of a shape, 1, or 0 if it is the value itself."""
    unit: str | None
    """Unit of a duration, as in the scenario; None for a plain number."""
    whole: bool
    """Whether only whole numbers are valid, as for officers and legal periods."""
    kind: Kind = "value"
    """What varies: a single value; a distribution as a whole, by a factor on all its times; or a
    shape of several numbers, on the straight lines from the low end to the value and on to the
    high end."""
    scale: float = 1.0
    """Of a distribution: the factor in the scenario."""
    keys: tuple[str, ...] = ()
    """Of a shape that is a mapping: its keys."""
    shapes: tuple[tuple[float, ...], ...] = ()
    """Of a shape: its numbers at the low end, in the scenario, and at the high end; rounded on the
    way if they are counts."""
    counts: bool = False
    """Of a shape: whether its numbers are counts, as of officers by zone."""

    @property
    def judges_parts(self) -> bool:
        """Whether it is what a matter or a stage is held against; no limit depends on it."""
        return not _NORMS.isdisjoint(self.path.split(".")[1:])

    @property
    def is_norm(self) -> bool:
        """Whether it is a promise or a limit: what cases are held against, not what happens."""
        return self.judges_parts or self.path.split(".")[0] in _JUDGED_BY

    def at(self, share: float) -> float:
        """Return the value at a share 0 … 1 of the range.

        Whole numbers have equal parts of 0 … 1, so that a uniform share makes them equally likely.
        """
        if self.whole:
            count = self.high - self.low + 1
            return self.low + min(math.floor(share * count), count - 1)
        return float(f"{self.low + share * (self.high - self.low):.{_DIGITS}g}")

    def triangular(self, share: float) -> float:
        """Return the quantile of the triangular distribution on the range, its mode the value.

        A whole number stands for all that is rounded to it, so that both ends can occur.
        """
        half = 0.5 if self.whole else 0.0
        low, high = self.low - half, self.high + half
        below, above = self.value - low, high - self.value
        if share * (high - low) < below:
            drawn = low + math.sqrt(share * (high - low) * below)
        else:
            drawn = high - math.sqrt((1 - share) * (high - low) * above)
        if self.whole:
            return min(max(float(math.floor(drawn + 0.5)), self.low), self.high)
        return float(f"{drawn:.{_DIGITS}g}")

    def written(self, value: float) -> str:
        """Write a value as in a scenario file; of a shape, how far it lies from the scenario's."""
        if self.kind == "shape":
            return f"{value:+.2g}" if value else "0"
        number = f"{value:.0f}" if self.whole else f"{value:.{_DIGITS}g}"
        return number if self.unit is None else f"{number} {self.unit}"

    def change(self, value: float) -> tuple[str, Any]:
        """Return the path and the plain value in a file that give the parameter this value."""
        if self.kind == "scale":
            factor = self.scale * value / self.value
            return f"{self.path}.scale", float(f"{factor:.{_DIGITS}g}")
        if self.kind == "shape":
            numbers = self._shape(value)
            keyed = dict(zip(self.keys, numbers, strict=True)) if self.keys else numbers
            return self.path, keyed
        if self.unit is not None:
            return self.path, self.written(value)
        return self.path, int(value) if self.whole else value

    def setting(self, value: float) -> str:
        """Return the setting that gives the parameter this value."""
        path, plain = self.change(value)
        return f"{path}={_flow(plain)}"

    def point(self, value: float) -> tuple[str, ...]:
        """Return the settings that give this value to the parameter alone."""
        return () if value == self.value else (self.setting(value),)

    def _shape(self, position: float) -> list[float] | list[int]:
        low, here, high = self.shapes
        towards, part = (low, -position) if position < 0 else (high, position)
        numbers = [a + part * (b - a) for a, b in zip(here, towards, strict=True)]
        if self.counts:
            return [math.floor(number + 0.5) for number in numbers]
        return [round(number, _DIGITS_OF_SHARES) for number in numbers]


def _flow(value: Any) -> str:
    """Write a plain value in one line of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}": {_flow(child)}' for key, child in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return f"{value:.{_DIGITS_OF_SHARES}g}" if isinstance(value, float) else str(value)


def factors_of(scenario: Scenario) -> tuple[Factor, ...]:
    """Return the inputs with a range that can be varied, in file order.

    A range of a single value does not count, nor does that of a cost, which changes no time.
    """
    sources = _Sources(scenario)
    made = (
        _factor(path, of, sources)
        for path, of in _ranges(scenario.provenance.completed)
        if not is_money(path)
    )
    return tuple(factor for factor in made if factor is not None and factor.low < factor.high)


def is_money(path: KeyPath) -> bool:
    """Whether the value at a path of a scenario is what officers cost."""
    return path[:1] == ("staff",) and len(path) > 2 and path[-1] in _MONEY


def unvaried(scenario: Scenario) -> tuple[str, ...]:
    """Return the paths of ranges that cannot be varied: distributions without a centre."""
    known = scenario.provenance.completed
    return tuple(
        dotted(path)
        for path, _ in _ranges(known)
        if isinstance(value := known.get(path), Mapping)
        and not is_shape(value)
        and centre(value) is None
    )


def at_values(scenario: Scenario, values: Mapping[Factor, float]) -> Scenario:
    """Return the scenario with these values of its inputs; `ScenarioError` if they do not go."""
    return with_values(scenario, dict(factor.change(value) for factor, value in values.items()))


def parameters_of(scenario: Scenario) -> list[Parameter]:
    """Return every value with its source and range, see `Provenance.parameters`.

    A time of a distribution that has a range as a whole has the range that follows for it, and so
    has a number of a shape; the coefficient of variation of a distribution has not.
    """
    known = scenario.provenance.completed
    inner = {
        path: within
        for around, annotation in _ranges(known)
        for path, within in _inner(around, known.get(around), annotation)
    }
    return [
        replace(parameter, range=inner[parameter.path])
        if parameter.range is None and parameter.path in inner
        else parameter
        for parameter in scenario.provenance.parameters()
    ]


def _ranges(known: Tree) -> Iterator[tuple[KeyPath, Annotation]]:
    """Yield every range in file order; one of `matter_defaults` once.

    A range of a whole falls away where another file has changed a part so that it no longer fits.
    """
    ranged = [path for path, of in known.annotations.items() if of.range is not None]
    defaulted = known.defaulted
    own = (p for p in ranged if not any(p[:n] in defaulted for n in range(1, len(p) + 1)))
    order = {path: place for place, path in enumerate(_paths((), known.value))}
    for path in sorted(own, key=lambda path: order.get(path, len(order))):
        annotation = known.annotations[path]
        assert annotation.range is not None
        if path in order and range_rule(list(annotation.range), known.get(path)) is None:
            yield path, annotation


def _paths(path: KeyPath, value: Any) -> Iterator[KeyPath]:
    yield path
    children: Any = ()
    if isinstance(value, Mapping):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    for key, child in children:
        yield from _paths((*path, key), child)


class _Sources:
    """The sources of values, and of what is below them."""

    def __init__(self, scenario: Scenario) -> None:
        self.known = scenario.provenance.completed
        self._by_path = {each.path: each.source.text for each in scenario.provenance.parameters()}

    def of(self, path: KeyPath) -> str:
        length = len(path)
        below = (text for at, text in self._by_path.items() if at[:length] == path)
        return self._by_path.get(path) or next(below, "")


def _factor(path: KeyPath, annotation: Annotation, sources: _Sources) -> Factor | None:
    value, source = sources.known.get(path), sources.of(path)
    assert annotation.range is not None
    if is_shape(value):
        return _shape(path, value, annotation.range, source)
    middle = centre(value)
    if middle is not None:
        size = sources.known.get((*path, *middle))
        plain = _plain(path, size, annotation.range, source)
        scale = sources.known.get((*path, "scale"))
        return replace(plain, whole=False, kind="scale", scale=1.0 if scale is None else scale)
    return None if isinstance(value, Mapping) else _plain(path, value, annotation.range, source)


def _plain(path: KeyPath, written: Any, bounds: tuple[Any, Any], source: str) -> Factor:
    unit = Duration.parse(written).unit if isinstance(written, str) else None
    value, low, high = sizes = [_size(size, unit) for size in (written, *bounds)]
    counted = isinstance(written, int) or unit in {"wd", "cd"}
    whole = counted and all(size.is_integer() for size in sizes)
    return Factor(dotted(path), source, value, low, high, unit, whole)


def _shape(path: KeyPath, value: Any, bounds: tuple[Any, Any], source: str) -> Factor:
    keys = tuple(map(str, value)) if isinstance(value, Mapping) else ()
    ends = (bounds[0], value, bounds[1])
    shapes = tuple(
        tuple(float(end[key]) for key in value)
        if isinstance(value, Mapping)
        else tuple(map(float, end))
        for end in ends
    )
    low, here, high = shapes
    reach = (0.0 if low == here else -1.0, 0.0 if high == here else 1.0)
    name, counts = dotted(path), path[-1] == "count"
    return Factor(name, source, 0.0, *reach, None, False, "shape", 1.0, keys, shapes, counts)


def _size(written: Any, unit: str | None) -> float:
    return float(written) if unit is None else Duration.parse(written).seconds / SECONDS[unit]


def _inner(
    path: KeyPath, value: Any, annotation: Annotation
) -> Iterator[tuple[KeyPath, tuple[Any, Any]]]:
    """Yield the ranges that a range of a whole gives to its parts."""
    bounds = annotation.range
    assert bounds is not None
    if is_shape(value) and isinstance(value, Mapping):
        for key in value:
            yield (*path, key), (min(end[key] for end in bounds), max(end[key] for end in bounds))
        return
    middle = centre(value)
    if middle is None:
        return
    times = value[middle[0]] if len(middle) > 1 else {None: value[middle[0]]}
    centre_s = Duration.parse(times[middle[-1] if len(middle) > 1 else None]).seconds
    low, high = (Duration.parse(end).seconds / centre_s for end in bounds)
    for name, time in times.items():
        if isinstance(time, str):
            of = Duration.parse(time)
            at = (*path, middle[0]) if name is None else (*path, middle[0], name)
            yield at, tuple(f"{of.value * part:.3g} {of.unit}" for part in (low, high))  # type: ignore[misc]
