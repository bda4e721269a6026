"""Flips: the parameter values at which a verdict changes, by bisection along each parameter."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from sim.experiments.sensitivity.points import Judgement, Points, judged
from sim.measures.shares import Verdict
from sim.scenario import Factor

STEPS: Final = 64
"""The search ends when a value is known to 1 / `STEPS` of the range, or to a whole number."""


@dataclass(frozen=True)
class Flip:
    """Between the scenario's value and one end of the range, a limit's share crosses its target."""

    factor: Factor
    limit: str
    end: float
    """The end of the range towards which the share crosses."""
    before: float
    """The crossing lies between this value and `after`."""
    after: float
    """The crossing lies between `before` and this value."""
    surely_before: float | None
    """Up to this value the scenario's verdict is proven; None if it is not proven at all."""
    surely_after: float | None
    """From this value on the opposite is proven; None if it is not, even at the end."""
    kept_at_end: bool
    """Whether the estimated share reaches the target at the end of the range."""
    verdict: Verdict
    """Verdict at the scenario's own value."""
    verdict_at_end: Verdict

    @property
    def value(self) -> float:
        """The value at which the share crosses; of whole numbers, the first beyond the crossing."""
        if self.factor.whole and abs(self.after - self.before) <= 1:
            return self.after
        return (self.before + self.after) / 2

    @property
    def proven(self) -> bool:
        """Whether both the verdict and its opposite are proven within the range."""
        return self.surely_before is not None and self.surely_after is not None


Kind: TypeAlias = Callable[[Judgement], bool]


@dataclass
class _Bracket:
    """Two values of a factor between which a property of the limit changes."""

    factor: Factor
    limit: str
    kind: Kind
    before: float
    after: float

    @property
    def middle(self) -> float | None:
        """The value to try next; None if the bracket is narrow enough."""
        gap = abs(self.after - self.before)
        span = self.factor.high - self.factor.low
        if gap <= max(span / STEPS, 1 if self.factor.whole else 0):
            return None
        middle = (self.before + self.after) / 2
        return float(math.floor(middle)) if self.factor.whole else float(f"{middle:.6g}")


def find_flips(factors: Sequence[Factor], points: Points) -> tuple[Flip, ...]:
    """Return every flip between the scenario's values and the ends of their ranges.

    The scenario and the ends must have run. Three values are searched together: the crossings of
    the target by the estimated share, and by each bound of its interval. The latter two are a
    confidence interval of the first, at the limit's confidence: a value lies outside if the verdict
    there is proven (inversion of the test, as in Fieller's theorem). If the share goes up and down
    along a parameter, one of its crossings is found.
    """
    crossings: list[tuple[Factor, str, float, tuple[_Bracket | None, ...]]] = []
    for name in points.scenario.limits:
        for factor in factors:
            for end in (factor.low, factor.high):
                brackets = _brackets(factor, name, end, points)
                if brackets is not None:
                    crossings.append((factor, name, end, brackets))
    known = [bracket for *_, brackets in crossings for bracket in brackets if bracket is not None]
    _narrow(known, points)
    return tuple(_flip(*crossing, points) for crossing in crossings)


def _judged(factor: Factor, limit: str, value: float, points: Points) -> Judgement:
    return judged(points[factor.point(value)][limit], points.scenario.limits[limit])


def _brackets(
    factor: Factor, limit: str, end: float, points: Points
) -> tuple[_Bracket | None, ...] | None:
    """Return brackets of the crossing and the bounds of its interval; None without a crossing."""
    target = points.scenario.limits[limit].target_share
    here, there = (_judged(factor, limit, value, points) for value in (factor.value, end))
    if math.isnan(here.share + there.share):
        return None
    kept = here.share >= target
    if kept == (there.share >= target):
        return None
    own: Verdict = "holds" if kept else "fails"
    opposite: Verdict = "fails" if kept else "holds"
    kinds: tuple[Kind, ...] = (
        lambda judgement: judgement.share >= target,
        lambda judgement: judgement.verdict == own,
        lambda judgement: judgement.verdict == opposite,
    )
    return tuple(
        _Bracket(factor, limit, kind, factor.value, end) if kind(here) != kind(there) else None
        for kind in kinds
    )


def _narrow(brackets: Sequence[_Bracket], points: Points) -> None:
    """Halve all brackets together, so that the points of a round run at once."""
    while to_try := [
        (bracket, middle) for bracket in brackets if (middle := bracket.middle) is not None
    ]:
        points.run([bracket.factor.point(middle) for bracket, middle in to_try])
        for bracket, middle in to_try:
            before, here = (
                bracket.kind(_judged(bracket.factor, bracket.limit, value, points))
                for value in (bracket.before, middle)
            )
            if here == before:
                bracket.before = middle
            else:
                bracket.after = middle


def _flip(
    factor: Factor, limit: str, end: float, brackets: tuple[_Bracket | None, ...], points: Points
) -> Flip:
    crossing, own, opposite = brackets
    assert crossing is not None
    here, there = (_judged(factor, limit, value, points) for value in (factor.value, end))
    return Flip(
        factor=factor,
        limit=limit,
        end=end,
        before=crossing.before,
        after=crossing.after,
        surely_before=own.before if own else None,
        surely_after=opposite.after if opposite else None,
        kept_at_end=crossing.kind(there),
        verdict=here.verdict,
        verdict_at_end=there.verdict,
    )
