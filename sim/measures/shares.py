"""Shares and quantiles over replications, with intervals and verdicts.

A case whose answer is not known when the run ends counts both ways, wherever a share is formed:
see `OnTimeCounts`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from sim.arrays import Floats, Ints

Verdict: TypeAlias = Literal["holds", "fails", "undecided"]

_ROUNDING = 1e-9  # share * n is a whole number up to this: 0.95 * 20 is not 19 in floats
_STEPS = 100  # of an iteration that needs about five
_NEAR = 1e-5  # its relative error has a squared effect
_FLAT = 1e-12  # instead of 0, by which one cannot divide
_MANY = 1e6  # times as many replications as there are: more than anyone makes


def share_interval(
    on_time: Ints, cases: Ints, confidence: float, *, for_search: bool = False
) -> tuple[float, float, float]:
    """Estimate a share from replications, with a confidence interval.

    Cases of one replication are not independent: a bad month delays many. Replications are. So the
    share is p = Σy / Σn, and its interval comes from the replications alone. Each end leaves room
    for the worst replication that did not occur: see `least_share`.

    Parameters
    ----------
    on_time, cases
        [R] cases that kept the limit, and all cases, by replication; on_time ≤ cases.
    confidence
        Two-sided, such as 0.95; each side may err with half of the rest.
    for_search
        Whether the interval guides a search whose choice is judged again: then it is short and may
        err more often, see `_interval_for_search`.

    Returns
    -------
    share, low, high
        share is NaN without cases. low and high are 0 and 1 (unknown) without cases or
        with fewer than two replications that have any.
    """
    on_time, cases = on_time[cases > 0], cases[cases > 0]
    n = int(cases.sum())
    if n == 0:
        return math.nan, 0.0, 1.0
    share = int(on_time.sum()) / n
    if len(cases) == 1:
        return share, 0.0, 1.0
    if for_search:
        return share, *_interval_for_search(on_time, cases, confidence)
    error = (1 - confidence) / 2
    low = least_share(on_time, cases, error)
    # A share of 1 has no late case, so that both ends are exact.
    return share, low, 1 - least_share(cases - on_time, cases, error)


def least_share(on_time: Ints | Floats, cases: Ints | Floats, error: float) -> float:
    """Return a lower bound of the share of on-time cases that is wrong with at most `error`.

    Gaffke's bound (2005) of the mean of numbers that cannot be negative: to the R replications
    comes the worst that is possible, one of mean size without a case on time; all R + 1 get random
    weights, uniform on the simplex; the bound is the quantile `error` of the weighted share. If
    each replication is good or bad as a whole, that is the exact bound of Clopper and Pearson
    (1934): R good ones leave room for a part 1 - error ** (1 / R) of bad ones. With many
    replications it becomes that of normal theory. In between no case is known in which it errs more
    often than stated, though that is not proven (Learned-Miller and Thomas 2019); what was measured
    stands in `docs/explanation/statistics.md`.
    """
    from scipy.special import ndtri

    if on_time.sum() <= _ROUNDING * cases.sum():
        return 0.0
    size, wanted = float(cases.mean()), -float(ndtri(error))
    seen = _Weighted(np.append(on_time / size, 0.0), np.append(cases / size, 1.0))
    low, high = 0.0, seen.mean  # at `high` half of the weighted shares lie below
    share, part = high * len(cases) / (len(cases) + wanted**2), 0.5
    for _ in range(_STEPS):
        score, slope, part = seen.score_below(share, part)
        low, high = (share, high) if score > wanted else (low, share)
        better = share - (score - wanted) / slope if slope < 0 else low
        better = better if low < better < high else (low + high) / 2
        if abs(better - share) <= _ROUNDING:
            break
        share = better
    return better


@dataclass(frozen=True, eq=False)
class _Weighted:
    """The share of on-time cases in replications with random weights w, uniform on the simplex."""

    y: Floats
    """[R + 1] cases on time, in cases of a mean replication; the last is the worst: 0 of 1."""
    n: Floats
    """[R + 1] all cases."""
    times: float = 1.0
    """How often each replication but the last occurs."""

    @property
    def mean(self) -> float:
        """The share if all weights are equal."""
        return float(self._sum(self.y) / self._sum(self.n))

    def _sum(self, values: Floats) -> float:
        return self.times * float(values[:-1].sum()) + float(values[-1])

    def score_below(self, p: float, part: float = 0.5) -> tuple[float, float, float]:
        """Return z so that the share lies below p as often as a normal number lies above z.

        The weights are exponential variables divided by their sum. So the sign of Σ w (y - p n) is
        that of a sum of exponential variables, whose cumulant function is
        K(s) = -Σ log(1 - s (y - p n)); z is Barndorff-Nielsen's r* (1986) at its saddle point, a
        form of the approximation of Lugannani and Rice (1980): off by a few per cent of the
        probability.

        Parameters
        ----------
        p
            Above 0 and below `mean`.
        part
            Where to look for the saddle point first, as returned for another p.

        Returns
        -------
        score, slope, part
            z; about dz / dp; the saddle point as a part of the smallest possible one.
        """
        residual = self.y - p * self.n
        least = 1 / float(residual.min())
        low, high, s = least, 0.0, part * least
        for _ in range(_STEPS):  # Newton's method within brackets, for K'(s) = 0
            ratio = residual / (1 - s * residual)
            value = self._sum(ratio)
            low, high = (low, s) if value > 0 else (s, high)
            step = value / self._sum(ratio * ratio)
            s = s - step if low < s - step < high else (low + high) / 2
            if abs(step) <= _NEAR * abs(s):
                break
        shrunk = 1 - s * residual
        ratio = residual / shrunk
        w = math.sqrt(2 * max(self._sum(np.log(shrunk)), _FLAT))
        u = -s * math.sqrt(self._sum(ratio * ratio))
        return w + math.log(u / w) / w, s * self._sum(self.n / shrunk) / w, s / least


def replications_to_prove(on_time: Ints, cases: Ints, confidence: float, target: float) -> float:
    """Return how many replications, such as these, prove that the share reaches the target.

    Parameters
    ----------
    on_time, cases, confidence
        As in `share_interval`.
    target
        Below 1.

    Returns
    -------
    float
        Infinite if these do not reach the target themselves, or only just.
    """
    from scipy.special import ndtri

    on_time, cases = on_time[cases > 0], cases[cases > 0]
    if len(cases) < 2 or on_time.sum() <= target * cases.sum():
        return math.inf
    size, wanted = float(cases.mean()), -float(ndtri((1 - confidence) / 2))
    y, n = np.append(on_time / size, 0.0), np.append(cases / size, 1.0)

    def proves(times: float) -> bool:
        seen = _Weighted(y, n, times)
        return seen.mean > target and seen.score_below(target)[0] > wanted

    low, high = 0.0, 1.0
    while not proves(high):
        low, high = high, 2 * high
        if high > _MANY:
            return math.inf
    while high - low > high / 100:
        middle = (low + high) / 2
        low, high = (low, middle) if proves(middle) else (middle, high)
    return high * len(cases)


def _interval_for_search(on_time: Ints, cases: Ints, confidence: float) -> tuple[float, float]:
    """Return the Wilson score interval (1927) of as many independent cases as say the same.

    The variance of the ratio comes from the replications, as if each were a cluster (Cochran,
    *Sampling Techniques*, 1977, §6.3); the design effect (Kish 1965), never below 1, is its ratio
    to that of independent cases. Without late cases it is 1. The bad replications that did not
    occur are left out, so that twenty replications tell plans apart.
    """
    from scipy.special import stdtrit

    n, replications = int(cases.sum()), len(cases)
    share = int(on_time.sum()) / n
    residual = (on_time * n - on_time.sum() * cases) / n  # exact before the division: 0 is 0
    independent = n * share * (1 - share)
    spread = replications / (replications - 1) * float(residual @ residual)
    effect = max(1.0, spread / independent) if independent else 1.0
    z, n_effective = float(stdtrit(replications - 1, (1 + confidence) / 2)), n / effect
    centre = (share + z**2 / (2 * n_effective)) / (1 + z**2 / n_effective)
    half = math.sqrt(share * (1 - share) / n_effective + z**2 / (4 * n_effective**2))
    half *= z / (1 + z**2 / n_effective)
    # At p = 0 and 1 the bounds are 0 and 1, which floats may miss by an ulp.
    low = 0.0 if share == 0 else max(0.0, centre - half)
    return low, 1.0 if share == 1 else min(1.0, centre + half)


def clopper_pearson(share: float, n: float, confidence: float) -> tuple[float, float]:
    """Return the exact interval of Clopper and Pearson (1934) for n independent draws.

    It covers a binomial share at least as often as stated. n need not be whole (Korn and Graubard
    1998).
    """
    from scipy.special import betaincinv

    yes, no, error = n * share, n * (1 - share), (1 - confidence) / 2
    low = 0.0 if share == 0 else float(betaincinv(yes, no + 1, error))
    high = 1.0 if share == 1 else float(betaincinv(yes + 1, no, 1 - error))
    return low, high


def verdict(low: float, high: float, target: float) -> Verdict:
    """Return whether a share reaches a target, from its confidence interval.

    "holds" if low ≥ target, "fails" if high < target, else "undecided".
    """
    if low >= target:
        return "holds"
    return "fails" if high < target else "undecided"


@dataclass(frozen=True, slots=True)
class BoundedShare:
    """An on-time share between its two bounds, with an interval that holds for both.

    Without unknown cases `share` and `at_best` are equal.
    """

    share: float
    """The share if every unknown case ends late; NaN without cases."""
    at_best: float
    """The share if every unknown case ends on time; NaN without cases."""
    low: float
    """Lower end of the confidence interval of `share`; 0 without cases."""
    high: float
    """Upper end of the confidence interval of `at_best`; 1 without cases."""

    def verdict(self, target: float) -> Verdict:
        """Return whether the share reaches a target, however the unknown cases end."""
        return verdict(self.low, self.high, target)


@dataclass(frozen=True, eq=False)
class OnTimeCounts:
    """Cases of R replications, of which some may be unknown: whether they are on time.

    This is the one rule for open cases. An unknown case counts as late for the lower bound and as
    on time for the upper bound, so nothing is proven that its end could overturn.
    """

    surely: Ints
    """[R] cases that are on time."""
    at_best: Ints
    """[R] cases of `surely`, and those that are unknown."""
    judged: Ints
    """[R] cases on time, late and unknown."""

    def share(self, confidence: float, *, for_search: bool = False) -> BoundedShare:
        """Estimate the share; parameters as in `share_interval`."""
        share, low, high = share_interval(
            self.surely, self.judged, confidence, for_search=for_search
        )
        at_best = share
        if self.unknown:
            at_best, _, high = share_interval(
                self.at_best, self.judged, confidence, for_search=for_search
            )
        return BoundedShare(share, at_best, low, high)

    def replications_to_decide(self, confidence: float, target: float) -> float:
        """Return about how many replications, such as these, decide whether the target is reached.

        Infinite if only the ends of the unknown cases decide it, or the share is too near.
        """
        late = self.judged - self.at_best
        return min(
            replications_to_prove(self.surely, self.judged, confidence, target),
            replications_to_prove(late, self.judged, confidence, 1 - target),
        )

    @property
    def unknown(self) -> int:
        """The unknown cases of all replications."""
        return int((self.at_best - self.surely).sum())


def confidence_of_each(confidence: float, count: int) -> float:
    """Return the confidence of each of so many intervals, such that all hold together.

    The error is shared equally (Bonferroni): by the union bound the probability that *any* interval
    misses the truth is at most 1 - confidence, however they depend on each other. For looks at
    growing data it follows that stopping is allowed at every look.
    """
    return 1 - (1 - confidence) / count


def confidence_at_look(confidence: float, k: int) -> float:
    """Return the confidence to use at the k-th look at growing data.

    The error spent at look k is (1 - confidence) · 6 / (π² k²). Over any number of looks that adds
    up to at most 1 - confidence (Σ 1/k² = π²/6), so by the union bound the probability that *any*
    interval misses the truth is at most 1 - confidence, and stopping is allowed at every look.
    The bound is conservative and needs no assumption on how the looks depend on each other
    (Bonferroni; compare Lan and DeMets 1983 on spending an error).

    Parameters
    ----------
    confidence
        Over all looks together.
    k
        1 for the first look.
    """
    if k < 1:
        raise ValueError(f"look {k}: looks are counted from 1")
    return 1 - (1 - confidence) * 6 / (math.pi * k) ** 2


@dataclass(frozen=True, slots=True)
class Quantile:
    """The smallest number of days that at least a share of the cases does not exceed."""

    share: float
    """The share of the cases; 1 gives the maximum."""
    days: float
    """The number of days; NaN without cases."""
    at_least: bool
    """Open cases may still raise the quantile: read it as "this or more"."""


def quantiles(ended: Ints, still_open: Ints, shares: Sequence[float]) -> tuple[Quantile, ...]:
    """Return quantiles of a clock over cases pooled from all replications.

    The quantile is the smallest value v such that at least the share of the cases is ≤ v (numpy's
    "inverted_cdf"): always a number of days that occurred.

    Parameters
    ----------
    ended
        [n] clock of each case that ended.
    still_open
        [m] clock so far of each case that is open. It enters with that value, a lower bound;
        `at_least` marks a quantile that its end may still raise.
    shares
        Each in (0, 1].
    """
    so_far = np.sort(np.concatenate([ended, still_open]))
    if len(so_far) == 0:
        return tuple(Quantile(share, math.nan, at_least=False) for share in shares)
    never = np.iinfo(np.int64).max
    at_worst = np.sort(np.concatenate([ended, np.full_like(still_open, never)]))
    rank = [max(1, math.ceil(share * len(so_far) - _ROUNDING)) - 1 for share in shares]
    return tuple(
        Quantile(share, float(so_far[i]), at_least=bool(at_worst[i] != so_far[i]))
        for share, i in zip(shares, rank, strict=True)
    )
