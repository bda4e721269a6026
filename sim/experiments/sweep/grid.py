"""A grid: values to try at several places of a scenario, and all their combinations."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import Any, Final, TypeAlias

from sim import bounds
from sim.scenario import Mistakes, Problem, Scenario, ScenarioError, shorten, vary
from sim.translation import tr

Value: TypeAlias = int | float | str | bool | Sequence[Any] | Mapping[str, Any] | None
Cell: TypeAlias = int | float | str
Values: TypeAlias = Sequence[Value] | str
"""Values, or a text that `values_in` reads."""

MOST_VALUES: Final = 10_000
"""Most values of a range; a longer one is taken for a mistake."""
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_RANGE: Final = re.compile(
    rf"({_NUMBER.pattern})\.\.({_NUMBER.pattern})(?:/({_NUMBER.pattern}))?( *[A-Za-z%]*)"
)


@dataclass(frozen=True)
class Axis:
    """One place of a scenario, and the values to try there."""

    path: str
    """Path of the place, such as `staff.planners.count`."""
    values: tuple[Value, ...]
    """Values to try; a text is read like a value of a scenario file: `"3 wd"`."""

    @classmethod
    def of(cls, path: str, values: Values) -> Axis:
        """Return an axis; raise `ScenarioError` with all mistakes in it."""
        said_in = f"--vary {path}"
        try:
            axis = cls(path, values_in(values) if isinstance(values, str) else tuple(values))
        except ValueError as error:
            raise ScenarioError([Problem(str(error), said_in, None, "", shorten(values))]) from None
        mistakes = Mistakes()
        if not axis.values:
            mistakes.add([Problem(tr("no value is given"), said_in)])
        texts = [axis.setting(value) for value in axis.values]
        for value, text in zip(axis.values, texts, strict=True):
            if texts.count(text) > 1:
                mistakes.add([Problem(tr("is given twice"), said_in, None, "", shorten(value))])
        mistakes.tell()
        return axis

    def setting(self, value: Value) -> str:
        """Return the setting, for `sim.vary`, of a value."""
        text = value if isinstance(value, str) else _json(value)
        return f"{self.path}={text}"

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The values as cells of a table."""
        return tuple(map(_cell, self.values))


@dataclass(frozen=True)
class Grid:
    """All combinations of the values of some axes."""

    axes: tuple[Axis, ...]

    @classmethod
    def of(cls, given: Mapping[str, Values], mistakes: Mistakes | None = None) -> Grid:
        """Return the grid of path → values.

        Raises `ScenarioError` with all mistakes, including those in `mistakes`.
        """
        mistakes, axes = Mistakes() if mistakes is None else mistakes, []
        for path, values in given.items():
            with mistakes.noted():
                axes.append(Axis.of(path, values))
        mistakes.tell()
        if not axes:
            raise ScenarioError([Problem(tr("nothing is varied: give path=values"), "--vary")])
        grid = cls(tuple(axes))
        if len(grid) > bounds.COMBINATIONS:
            rule = tr(
                "{count:,} combinations: at most {combinations:,}; vary less at a time",
                count=len(grid),
                combinations=bounds.COMBINATIONS,
            )
            raise ScenarioError([Problem(rule, "--vary")])
        return grid

    @classmethod
    def parse(cls, texts: Sequence[str]) -> Grid:
        """Return the grid of texts `path=values`; raise as `of` does."""
        mistakes, given = Mistakes(), dict[str, Values]()
        for text in texts:
            path, equals, values = text.partition("=")
            if not equals or not path.strip():
                rule = tr("must be path=values, such as staff.planners.count=4..8")
                mistakes.add([Problem(rule, "--vary", None, "", shorten(text))])
            elif path.strip() in given:
                mistakes.add([Problem(tr("this path is varied twice"), f"--vary {path.strip()}")])
            else:
                given[path.strip()] = values
        return cls.of(given, mistakes)

    def __len__(self) -> int:
        return math.prod(len(axis.values) for axis in self.axes)

    def __iter__(self) -> Iterator[tuple[Value, ...]]:
        """Yield all combinations, the last axis changing fastest."""
        return product(*(axis.values for axis in self.axes))

    def every_value(self) -> Iterator[tuple[Value, ...]]:
        """Yield a few combinations in which every value occurs."""
        for number in range(max((len(axis.values) for axis in self.axes), default=1)):
            yield tuple(axis.values[number % len(axis.values)] for axis in self.axes)

    def cells(self, values: Sequence[Value]) -> dict[str, Cell]:
        """Return path → cell of a table, for one combination."""
        pairs = zip(self.axes, values, strict=True)
        return {axis.path: _cell(value) for axis, value in pairs}

    def variant(self, scenario: Scenario, values: Sequence[Value]) -> Scenario:
        """Return the scenario with one combination; raise as `sim.vary` does."""
        pairs = zip(self.axes, values, strict=True)
        return vary(scenario, settings=[axis.setting(value) for axis, value in pairs])

    def at_its_axis(self, problem: Problem) -> Problem:
        """Return a problem of a variant with its axis as place, if its setting belongs to one."""
        path = problem.file.removeprefix("--set ").partition("=")[0].strip()
        if path in {axis.path for axis in self.axes}:
            return replace(problem, file=f"--vary {path}")
        return problem


def values_in(text: str) -> tuple[Value, ...]:
    """Read a list `a,b,c` or a range `1..5`, `1..9/2` (every second), `10..30/5 wd`.

    Commas in brackets or quotes do not separate. Raises `ValueError` if it is neither.
    """
    if match := _RANGE.fullmatch(text.strip()):
        first, last, step = (Decimal(number or "1") for number in match.groups()[:3])
        return tuple(_number(f"{number}{match[4]}") for number in _steps(first, last, step))
    values = [part.strip() for part in _split(text)]
    if not all(values):
        raise ValueError(tr("a value is missing: must be a,b,c or a range such as 1..5 or 1..9/2"))
    return tuple(map(_number, values))


def _cell(value: Value) -> Cell:
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        return value
    return _json(value)


def _json(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _steps(first: Decimal, last: Decimal, step: Decimal) -> Iterator[Decimal]:
    if step <= 0 or last < first:
        raise ValueError(tr("a range goes up: FROM..TO or FROM..TO/STEP"))
    count = int((last - first) / step) + 1
    if count > MOST_VALUES:
        raise ValueError(
            tr(
                "{count} values: a range has at most {most_values}",
                count=count,
                most_values=MOST_VALUES,
            )
        )
    return (first + number * step for number in range(count))


def _number(text: str) -> Cell:
    if _NUMBER.fullmatch(text) is None:
        return text
    return float(text) if "." in text else int(text)


def _split(text: str) -> Iterator[str]:
    """Split at commas outside brackets and quotes."""
    depth, quote, begin = 0, "", 0
    for place, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == "," and depth == 0:
            yield text[begin:place]
            begin = place + 1
        else:
            depth += (char in "[{") - (char in "]}")
    yield text[begin:]
