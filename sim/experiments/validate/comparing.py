"""From R simulated histories and the recorded one to the rows of a validation."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from sim.arrays import Floats
from sim.experiments.validate.aspects import (
    AT_START,
    WHOLE,
    Aspect,
    Statistic,
    Tested,
    clocks,
    statistics,
)
from sim.experiments.validate.observed import OF_MATTERS, TICK_H, Instrument, Observed
from sim.experiments.validate.rows import ClockFitRow, ComparisonRow, DistributionRow
from sim.limits import ClockRule
from sim.measures.contrasts import Estimate
from sim.measures.exchangeable import (
    JointTest,
    distribution_functions,
    joint_test,
    prediction_interval,
)
from sim.measures.periods import Period

POINTS: Final = 120
"""Most numbers of days at which a distribution is kept."""
START: Final = "start"
"""Stands for the month of the cases that were open at the start."""
NAN: Final = math.nan


@dataclass(frozen=True, eq=False)
class Comparing:
    """R simulated histories and the recorded one, the last, compared in all statistics at once."""

    instrument: Instrument
    histories: Sequence[Observed]
    periods: tuple[Period, ...]
    drawn: bool
    """Arrivals are drawn, and so are compared; else they are those recorded."""
    level: float
    error: float

    @cached_property
    def statistics(self) -> tuple[Statistic, ...]:
        """All statistics; those that chance cannot move in any history are left out by the test."""
        return tuple(statistics(self.instrument, self.histories, drawn=self.drawn))

    @cached_property
    def test(self) -> JointTest:
        """The test of all statistics together."""
        tested = [one for of in self.statistics for one in of.tested]
        values = np.array([one.values for one in tested]).T
        floor = np.array([one.floor for one in tested])
        side = np.array([one.side for one in tested], np.float64)
        family = np.array([of.aspect.family for of in self.statistics for _ in of.tested])
        return joint_test(values[-1], values[:-1], floor, side, family, self.error)

    @cached_property
    def _first(self) -> list[int]:
        """The number of the first tested form of each statistic."""
        count = [len(one.tested) for one in self.statistics]
        return [int(first) for first in np.cumsum([0, *count[:-1]])]

    # --- rows --------------------------------------------------------------------------------

    def comparisons(self) -> Iterator[ComparisonRow]:
        """Yield a row per share on time and count."""
        for number, one in enumerate(self.statistics):
            recorded = float(one.values[-1])
            if one.aspect.kind != "days" and math.isfinite(recorded):
                yield self._comparison(number, one, recorded)

    def _comparison(self, number: int, one: Statistic, recorded: float) -> ComparisonRow:
        aspect = one.aspect
        best = one.values if one.at_best is None else one.at_best
        low, high = max(self._interval(one.values)[0], 0.0), self._interval(best)[1]
        high = min(high, 1.0) if aspect.kind == "on_time" else high
        together, score, differs = self._together(number, one.tested)
        label, first, last = self._period(aspect)
        return ComparisonRow(
            kind=aspect.kind, of=aspect.of, name=aspect.name, case_type=aspect.case_type,
            department=aspect.department, period=label, first=first, last=last, recorded=recorded,
            recorded_at_best=float(best[-1]),
            simulated=Estimate(float(np.nanmean(one.values[:-1])), low, high),
            inside=bool(low <= recorded and float(best[-1]) <= high),
            together_low=together[0], together_high=together[1], score=score, differs=differs,
        )  # fmt: skip

    def _interval(self, values: Floats) -> tuple[float, float]:
        low, high = prediction_interval(values[:-1, None], self.level)
        return float(low[0]), float(high[0])

    def _together(
        self, number: int, tested: Sequence[Tested]
    ) -> tuple[tuple[float, float], float, str]:
        """Return the interval that holds together with all others, the score, and the side."""
        low, high, score, differs = -math.inf, math.inf, 0.0, ""
        for place, one in enumerate(tested, self._first[number]):
            centre, scale = self.test.centre[place], self.test.scale[place]
            reach = scale * self.test.critical[place] if scale > 0 else 0.0
            if one.side <= 0:
                low = one.back(centre - reach)
            if one.side >= 0:
                high = one.back(centre + reach)
            if self.test.score[place] > score:
                score = float(self.test.score[place])
                above = one.values[-1] > centre
                differs = ("high" if above else "low") if self.test.exceeds[place] else ""
        return (low, high), score, differs

    def _period(self, aspect: Aspect) -> tuple[str, dt.date, dt.date]:
        whole = self.periods[0].first, self.periods[-1].last
        if aspect.period == WHOLE:
            return "", *whole
        if aspect.kind == "on_time" and aspect.period == AT_START:
            return START, *whole
        period = self.periods[aspect.period - (aspect.kind == "on_time")]
        return period.label, period.first, period.last

    # --- days --------------------------------------------------------------------------------

    def clocks(self) -> Iterator[ClockFitRow]:
        """Yield a row per clock on which a recorded case ended."""
        for number, one in enumerate(self.statistics):
            if one.aspect.kind == "days" and math.isfinite(one.values[-1]):
                yield self._clock(number, one)

    def _clock(self, number: int, one: Statistic) -> ClockFitRow:
        aspect, rule = one.aspect, self._rule(one.aspect.clock)
        unit = TICK_H / 3600 if rule.unit == "h" else 1.0
        days = [history.days[aspect.clock] * unit for history in self.histories]
        mean, p50, p90 = (
            np.array([of(each) if len(each) else NAN for each in days])
            for of in (_mean, _quantile(0.5), _quantile(0.9))
        )
        low, high = self._interval(mean)
        (_, largest), score, differs = self._together(number, one.tested)
        if differs:
            differs = "longer" if mean[-1] > high else "shorter" if mean[-1] < low else "other"
        return ClockFitRow(
            of=aspect.of, name=aspect.name, case_type=aspect.case_type,
            department=aspect.department, clock=rule.name, unit=rule.unit, cases=len(days[-1]),
            mean=float(mean[-1]), p50=float(p50[-1]), p90=float(p90[-1]),
            simulated_mean=Estimate(float(np.nanmean(mean[:-1])), low, high),
            simulated_p50=float(np.nanmean(p50[:-1])), simulated_p90=float(np.nanmean(p90[:-1])),
            distance=float(one.values[-1]) * unit,
            usual_distance=float(np.nanmedian(one.values[:-1])) * unit,
            largest_distance=largest * unit, score=score, differs=differs,
        )  # fmt: skip

    def _rule(self, clock: int) -> ClockRule:
        limits = self.instrument.limits
        return limits[clock].rule if clock < len(limits) else OF_MATTERS

    def distributions(self) -> Iterator[DistributionRow]:
        """Yield the distribution functions of the clocks, at `POINTS` numbers of days at most."""
        for clock, (of, name, case_type, _) in enumerate(clocks(self.instrument)):
            shares, has = distribution_functions([one.days[clock] for one in self.histories])
            if not has[-1] or has[:-1].sum() < 2:
                continue
            unit = TICK_H / 3600 if self._rule(clock).unit == "h" else 1.0
            low, high = prediction_interval(shares[:-1][has[:-1]], self.level)
            mean = shares[:-1][has[:-1]].mean(axis=0)
            step = -(-shares.shape[1] // POINTS)
            for at in range(0, shares.shape[1], step):
                band = Estimate(float(mean[at]), float(low[at]), float(high[at]))
                yield DistributionRow(of, name, case_type, at * unit, float(shares[-1, at]), band)


def _mean(values: Any) -> float:
    return float(values.mean())


def _quantile(share: float) -> Callable[[Any], float]:
    """Return a function to the smallest value that at least this share does not exceed."""
    return lambda values: float(np.quantile(values, share, method="inverted_cdf"))
