"""The smallest number of days that a share of the cases keeps, with a confidence interval.

Days are counted in whole numbers, so a promise is a whole number: the smallest d such that at least
the target share of the cases needs no more than d days. The interval is found by inverting the
interval of the share (`sim.measures.shares.share_interval`, as for a limit) at every number of days
that occurred:

- `low` is the first d at which the share may reach the target: at every shorter promise it is
  proven to lie below the target;
- `high` is the first d from which on every share is proven to reach the target: promising `high`
  days is safe.

The true promise lies below `low` only if the interval of the share at the true promise misses the
truth, and above `high` only if the interval one day before it does. Either happens with probability
(1 - confidence) / 2 at most, whatever the shares at other days and however they depend on each
other: so `low` to `high` covers the true promise with the stated confidence, and `high` alone is
safe with (1 + confidence) / 2. Each interval holds by itself; that several hold
together is less probable.

A case that is open when the run ends may still take any time. For `days` and `high` it keeps no
promise; for `at_best` and `low` it ends with its days so far.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.measures.shares import BoundedShare, OnTimeCounts

NOT_BOUND: Final = -1
"""Stands for days: the case is not bound by the promise, and is left out."""

ROUNDING: Final = 1e-9
"""Tolerance of shares: 0.95 · 20 is not exactly 19 in floats."""


def encode(days: Ints, is_open: Bools, bound: Bools) -> NDArray[np.int32]:
    """Return days, openness and whether a case is bound in one number for each of K cases.

    A case that ended has its days ≥ 0; an open case with d days so far has -2 - d; a case that is
    not bound has `NOT_BOUND`. `shown_days` and `still_open` read it.
    """
    code = np.where(bound, np.where(is_open, -2 - days, days), NOT_BOUND)
    return code.astype(np.int32)


def still_open(code: NDArray[np.int32]) -> Bools:
    """Return which cases, as encoded by `encode`, are open and may take longer than shown."""
    return np.asarray(code < NOT_BOUND)


def shown_days(code: NDArray[np.int32]) -> Ints:
    """Return the days of each case, as encoded by `encode`; the days so far of an open case.

    A case that is not bound has `NOT_BOUND`.
    """
    return np.where(still_open(code), -2 - code, code).astype(np.int64)


@dataclass(frozen=True, slots=True)
class ShortestPromise:
    """The shortest promise that reaches one target share, in whole days.

    None in place of days means: longer than any case that ended, by an unknown number of days.
    """

    target: float
    """Share of the cases that must keep the promise."""
    days: int | None
    """The shortest promise if open cases keep none; None also if there are no cases."""
    at_best: int | None
    """The shortest promise if every open case ends with its days so far; equal to `days`
    without open cases, None only if there are no cases."""
    low: int
    """Lower end of the confidence interval: no shorter promise can reach the target."""
    high: int | None
    """Upper end of the interval: this promise is proven to reach the target; None if none."""


def shortest_promises(
    codes: Sequence[NDArray[np.int32]], targets: Sequence[float], confidence: float
) -> tuple[ShortestPromise, ...]:
    """Return the shortest promise for each target share.

    Parameters
    ----------
    codes
        By replication: the measured cases, as encoded by `encode`.
    targets
        Shares in (0, 1).
    confidence
        Of each interval, two-sided, such as 0.95. At most one replication with cases gives no
        interval: `low` is 0 and `high` None.
    """
    kept = _KeptCases.of(codes)
    if kept.total == 0:
        return tuple(ShortestPromise(target, None, None, 0, None) for target in targets)
    share, at_best = kept.surely.sum(axis=0) / kept.total, kept.at_best.sum(axis=0) / kept.total
    positions = range(len(kept.days))

    @cache
    def interval(position: int) -> BoundedShare:
        return kept.share(position, confidence)

    def first(target: float, end: Callable[[BoundedShare], float]) -> int:
        # The share and both its bounds only grow from one promise to a longer one.
        return bisect_left(positions, target, key=lambda position: end(interval(position)))

    return tuple(
        ShortestPromise(
            target,
            kept.day(int(np.searchsorted(share, target - ROUNDING))),
            kept.day(int(np.searchsorted(at_best, target - ROUNDING))),
            int(kept.days[first(target, attrgetter("high"))]),
            kept.day(first(target, attrgetter("low"))),
        )
        for target in targets
    )


@dataclass(frozen=True, eq=False)
class _KeptCases:
    """Numbers of cases that would keep each of D promises, in each of R replications."""

    days: Ints
    """[D] 0 and every number of days that occurred, ascending: shares change nowhere else."""
    cases: Ints
    """[R] cases that are bound."""
    surely: Ints
    """[R, D] cases that ended within the promise."""
    at_best: Ints
    """[R, D] cases of `surely`, and open cases still within the promise."""

    @classmethod
    def of(cls, codes: Sequence[NDArray[np.int32]]) -> _KeptCases:
        """Count the cases, as encoded by `encode`, one array for each replication."""
        bound = [code[code != NOT_BOUND] for code in codes]
        cases = np.array([len(code) for code in bound], np.int64)
        code = np.concatenate([np.empty(0, np.int32), *bound])
        shown, ended = shown_days(code), ~still_open(code)
        days = np.unique(np.append(shown, 0))
        cell = np.repeat(np.arange(len(cases)), cases) * len(days) + np.searchsorted(days, shown)

        def up_to(counted: Bools) -> Ints:
            number = np.bincount(cell[counted], minlength=len(cases) * len(days))
            return number.reshape(len(cases), len(days)).cumsum(axis=1)

        return cls(days, cases, up_to(ended), up_to(np.ones_like(ended)))

    @property
    def total(self) -> int:
        """Cases of all replications."""
        return int(self.cases.sum())

    def day(self, position: int) -> int | None:
        """Return the days at a position; None past the end."""
        return int(self.days[position]) if position < len(self.days) else None

    def share(self, position: int, confidence: float) -> BoundedShare:
        """Return the share of the cases that keep the promise at a position."""
        surely, at_best = self.surely[:, position], self.at_best[:, position]
        return OnTimeCounts(surely, at_best, self.cases).share(confidence)
