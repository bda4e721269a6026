"""The load at which a share crosses its target, with a confidence interval.

The interval is found by inverting pointwise intervals: a load belongs to it unless the share there
is proven to lie above the target, or below it. At the true load the share *is* the target, and its
own interval misses it with the error allowed, whatever the shares at other loads and however they
depend on each other. So it does not matter that all loads share their random numbers, nor that the
loads were chosen by looking.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

Bracket: TypeAlias = tuple[float, float]
Status: TypeAlias = Literal["breaks", "broken", "keeps", "no_cases"]


@dataclass(frozen=True, slots=True)
class Point:
    """An on-time share at one load, with its interval; see `sim.measures.shares.BoundedShare`."""

    load: float
    share: float
    low: float
    high: float
    cases: int
    """Cases judged; a point without any is ignored."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """The load at which the share falls below the target."""

    status: Status
    """``"breaks"``: the share falls below the target within the range; ``"broken"``: it is below
    at the lowest load; ``"keeps"``: it is not below at the highest; ``"no_cases"``: none judged."""
    load: float
    """Load at the crossing; NaN unless the share breaks within the range."""
    low: float
    """Lower end of the interval of the load; 0 if the lowest load does not bound it."""
    high: float
    """Upper end of the interval; infinite if the highest load does not bound it."""

    proven: bool
    """Whether the interval confirms the status: bounded on both sides if the share breaks, else
    outside the range."""


def crossing(points: Sequence[Point], target: float) -> Crossing:
    """Return where the share crosses the target; between points, by interpolation in log load.

    Points are sorted by load, ascending. Where chance lets a curve cross twice, the estimate is the
    first crossing of the share, and the interval reaches from the first crossing of the lower bound
    to the last one of the upper bound.
    """
    points = [point for point in points if point.cases]
    if not points:
        return Crossing("no_cases", math.nan, 0.0, math.inf, proven=False)
    lowest, highest = points[0].load, points[-1].load
    load = _first(points, [point.share for point in points], target)
    low = _first(points, [point.low for point in points], target)
    high = _last(points, [point.high for point in points], target)
    at_least = highest if low is None else 0.0 if low == lowest else low
    at_most = lowest if high is None else math.inf if high == highest else high
    if load is None:
        return Crossing("keeps", math.nan, at_least, at_most, proven=low is None)
    if load == lowest:
        return Crossing("broken", math.nan, at_least, at_most, proven=high is None)
    bounded = at_least > 0 and math.isfinite(at_most)
    return Crossing("breaks", load, at_least, at_most, proven=bounded)


def wide_brackets(points: Sequence[Point], target: float, ratio: float) -> list[Bracket]:
    """Return neighbouring loads between which a curve crosses, if their ratio is above `ratio`.

    `points`: sorted by load, ascending.
    """
    points = [point for point in points if point.cases]
    brackets = set()
    for curve, last in (("share", False), ("low", False), ("high", True)):
        values = [getattr(point, curve) for point in points]
        pairs = [
            (before.load, after.load)
            for (before, after), (v, w) in zip(pairwise(points), pairwise(values), strict=True)
            if v >= target > w
        ]
        brackets.update(pairs[-1:] if last else pairs[:1])
    return sorted(pair for pair in brackets if pair[1] / pair[0] > ratio)


def _first(points: Sequence[Point], values: Sequence[float], target: float) -> float | None:
    """Return the first load from which on the values lie below; None: nowhere."""
    below = [number for number, value in enumerate(values) if value < target]
    if not below:
        return None
    return points[0].load if below[0] == 0 else _between(points, values, below[0], target)


def _last(points: Sequence[Point], values: Sequence[float], target: float) -> float | None:
    """Return the last load up to which the values do not lie below; None: nowhere."""
    above = [number for number, value in enumerate(values) if value >= target]
    if not above:
        return None
    at_the_end = above[-1] == len(values) - 1
    return points[-1].load if at_the_end else _between(points, values, above[-1] + 1, target)


def _between(points: Sequence[Point], values: Sequence[float], after: int, target: float) -> float:
    a, b = points[after - 1].load, points[after].load
    v, w = values[after - 1], values[after]
    return float(a * (b / a) ** ((v - target) / (v - w)))
