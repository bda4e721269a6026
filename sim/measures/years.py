"""Years: how probable it is that a year keeps the target of a limit.

Officials are judged by the year. The share of all cases on time says little of that: of a hundred
years, ninety may be perfect and ten a disaster. Each replication is one year as it could have been,
independent of the others; so the number of years that keep the target is binomial.

A longer window is cut into years (`years_in`). Years of one replication depend on each other: a
backlog is handed on. They count as a cluster, and two years running are then two neighbours of one
replication. With one year in each replication, two years running are any two replications: as if
each year began anew, with the queues of the run-in. Where a bad year leaves a backlog, that is too
kind.

A case that is still open counts both ways, as in `sim.measures.shares.OnTimeCounts`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.measures.periods import Period
from sim.measures.shares import clopper_pearson, share_interval

ONE_IN: Final = 20
"""The worst year in so many."""
ABOUT_A_YEAR_D: Final = (330, 400)
"""A window of so many days is a year."""
YEARS_FOR_LOWER_END: Final = 72
"""Replications from which the worst year in twenty has a lower end at 95 %, since 0.95 ** 72 is
less than 0.025."""
_ROUNDING: Final = 1e-9


def years_in(periods: Sequence[Period]) -> tuple[range, ...]:
    """Return the positions of the months in each whole year of the window.

    Years begin on the day on which the window begins; a month belongs to the year in which it
    begins. Months after the last whole year belong to none. A window of about a year is one. A
    shorter window has no whole year: it counts as a whole, as does one that is cut into weeks.
    """
    first, last = periods[0].first, periods[-1].last
    days = (last - first).days + 1
    if days <= ABOUT_A_YEAR_D[1]:
        return (range(len(periods)),)
    anniversary = [
        (12 * (period.first.year - first.year) + period.first.month - first.month) // 12
        for period in periods
    ]
    years = [
        range(anniversary.index(year), len(anniversary) - anniversary[::-1].index(year))
        for year in dict.fromkeys(anniversary)
    ]
    least = ABOUT_A_YEAR_D[0]
    return tuple(year for year in years if sum(periods[month].days for month in year) >= least)


def is_year(periods: Sequence[Period]) -> bool:
    """Tell whether the window has a whole year; else its share is that of a shorter time."""
    return (periods[-1].last - periods[0].first).days + 1 >= ABOUT_A_YEAR_D[0]


@dataclass(frozen=True, slots=True)
class Probability:
    """A probability between its two bounds, with an interval that holds for both."""

    value: float
    """If every unknown case ends late; NaN without years."""
    at_best: float
    """If every unknown case ends on time."""
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Years:
    """The years of one limit: R replications of Y years each."""

    surely: Ints
    """[R, Y] cases that are on time."""
    at_best: Ints
    """[R, Y] cases of `surely`, and those that are unknown."""
    judged: Ints
    """[R, Y] cases on time, late and unknown."""
    target: float
    """The share of its cases that a year must have on time."""
    confidence: float
    """Two-sided, of each interval by itself."""

    @cached_property
    def known(self) -> Bools:
        """[R, Y] the year has a case to judge; others are left out."""
        return self.judged > 0

    @cached_property
    def shares(self) -> Floats:
        """[years with a case] ascending: on-time shares, unknown cases late."""
        return self._shares(self.surely)

    @cached_property
    def shares_at_best(self) -> Floats:
        """[years with a case] ascending: on-time shares, unknown cases on time."""
        return self._shares(self.at_best)

    def _shares(self, on_time: Ints) -> Floats:
        share: Floats = on_time[self.known] / self.judged[self.known]
        return np.sort(share)

    @property
    def from_the_worst(self) -> tuple[Floats, Floats, Ints]:
        """[years with a case] shares, those at best, and 1 where the year keeps the target.

        -1: it misses it; 0: unknown. Sorted by the share, unknown cases late.
        """
        judged = self.judged[self.known]
        share, at_best = self.surely[self.known] / judged, self.at_best[self.known] / judged
        surely = self._keeps(self.surely)[self.known].astype(np.int64)
        keeps = surely + self._keeps(self.at_best)[self.known] - 1
        order = np.lexsort((at_best, share))
        return share[order], at_best[order], keeps[order]

    @property
    def number(self) -> int:
        """Years with a case to judge."""
        return int(self.known.sum())

    @property
    def range(self) -> tuple[float, float]:
        """The shares of the worst and of the best year, whichever way open cases end."""
        if self.number == 0:
            return math.nan, math.nan
        return float(self.shares[0]), float(self.shares_at_best[-1])

    @property
    def median(self) -> float:
        """The share that half of the years do not exceed."""
        return float(self.shares[(self.number - 1) // 2]) if self.number else math.nan

    @property
    def kept(self) -> int:
        """Years that are known to keep the target."""
        return int(self._keeps(self.surely).sum())

    @property
    def kept_at_best(self) -> int:
        """Years of `kept`, and those that may still keep it."""
        return int(self._keeps(self.at_best).sum())

    def _keeps(self, on_time: Ints) -> Bools:
        """Return [R, Y]: the year keeps the target."""
        enough = on_time >= self.target * self.judged - _ROUNDING
        return np.asarray(self.known & enough)

    @cached_property
    def keeps(self) -> Probability:
        """The probability that a year keeps the target."""
        value, low, _ = self._interval(self._keeps(self.surely), self.known)
        at_best, _, high = self._interval(self._keeps(self.at_best), self.known)
        return Probability(value, at_best, low, high)

    @cached_property
    def fails_twice(self) -> Probability:
        """The probability that two years running miss the target.

        From neighbours in one replication; with one year in each, from pairs of replications: k
        failures in n years are k (k - 1) of n (n - 1) pairs, an estimate without bias of p², with
        the squared interval of p.
        """
        fails = self.known & ~self._keeps(self.surely)
        fails_at_best = self.known & ~self._keeps(self.at_best)
        if self.known.shape[1] == 1:
            value, at_best = (
                twice(fails[:, 0], self.known[:, 0]),
                twice(fails_at_best[:, 0], self.known[:, 0]),
            )
            low, high = 1 - self.keeps.high, 1 - self.keeps.low
            return Probability(value, at_best, low**2, high**2)
        pairs = self.known[:, 1:] & self.known[:, :-1]
        value, _, high = self._interval(fails[:, 1:] & fails[:, :-1], pairs)
        at_best, low, _ = self._interval(fails_at_best[:, 1:] & fails_at_best[:, :-1], pairs)
        return Probability(value, at_best, low, high)

    def _interval(self, yes: Bools, of: Bools) -> tuple[float, float, float]:
        """Return a share and its interval; `yes`: [R, n] among those of `of`: [R, n]."""
        count, cases = (yes & of).sum(axis=1), of.sum(axis=1)
        n = int(cases.sum())
        if n == 0:
            return math.nan, 0.0, 1.0
        if of.shape[1] > 1:
            return share_interval(count, cases, self.confidence)
        share = int(count.sum()) / n
        return share, *clopper_pearson(share, n, self.confidence)

    @cached_property
    def worst(self) -> Probability:
        """The share of the worst year in twenty: at least 5 % of the years are no better.

        The interval inverts that of the probability that a year is no better than some share; with
        one year in each replication it lies between the usual order statistics (Conover, *Practical
        Nonparametric Statistics*, 1999, §3.2). Where there are too few years for a lower end, it
        is 0; for an upper end, 1.
        """
        if self.number == 0:
            return Probability(math.nan, math.nan, 0.0, 1.0)
        rank = max(1, math.ceil(self.number / ONE_IN - _ROUNDING))
        low, _ = self._bounds_of_worst(self.surely)
        _, high = self._bounds_of_worst(self.at_best)
        value, at_best = float(self.shares[rank - 1]), float(self.shares_at_best[rank - 1])
        return Probability(value, at_best, low, high)

    def _bounds_of_worst(self, on_time: Ints) -> tuple[float, float]:
        """Return the ends of the interval of the worst year in twenty.

        The lower end is the smallest share of which it is possible, the upper end the smallest of
        which it is proven, that at least 5 % of the years are no better.
        """
        share = on_time / np.maximum(self.judged, 1)
        low = 0.0 if self._interval(self.known & False, self.known)[2] >= 1 / ONE_IN else None
        for value in np.unique(share[self.known]):
            _, least, most = self._interval(self.known & (share <= value), self.known)
            if low is None and most >= 1 / ONE_IN:
                low = float(value)
            if least >= 1 / ONE_IN:
                return low or 0.0, float(value)
        return low or 0.0, 1.0


def twice(happens: Bools | Floats, known: Bools) -> float:
    """Return the probability that something happens in two independent years.

    Parameters
    ----------
    happens
        [R] whether it does, or in part.
    known
        [R] the year counts. With fewer than two such years the result is NaN.
    """
    own = np.where(known, happens, 0.0)
    pairs = int(known.sum()) * (int(known.sum()) - 1)
    return float(own.sum() ** 2 - (own**2).sum()) / pairs if pairs else math.nan
