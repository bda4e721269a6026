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


def share_interval(
    on_time: Ints, cases: Ints, confidence: float, *, heavy_tails: bool = True
) -> tuple[float, float, float]:
    """Estimate a share from replications, with a confidence interval.

    Cases of one replication are not independent: a bad week delays many. So the variance of the
    ratio estimate p = Σy / Σn comes from the replications, as if each were a cluster (Cochran,
    *Sampling Techniques*, 1977, §6.3), and the design effect (Kish 1965), its ratio to the
    variance p (1 - p) / Σn of independent cases, shrinks the sample size of a Wilson score interval
    (Wilson 1927; with an effective sample size: Korn and Graubard 1998, and Dean and Pagano 2015).
    Unlike p ± t s, it stays within [0, 1] and is not empty at p = 1. A t quantile takes the place
    of the normal one, because the design effect is estimated; where a few bad replications make
    most late cases, the estimate is less precise than R - 1 degrees of freedom imply, and t gets
    fewer: see `_degrees_of_freedom`. No interval is wider than for R cases: at the strongest
    dependence, all cases of a replication have the same result, and it counts as one case.

    Parameters
    ----------
    on_time, cases
        [R] cases that kept the limit, and all cases, by replication; on_time ≤ cases.
    confidence
        Two-sided, such as 0.95.
    heavy_tails
        Whether a few bad replications may make most late cases. False: t has R - 1 degrees of
        freedom; for a search with a choice that is judged again, where a short interval does no
        harm.

    Returns
    -------
    share, low, high
        share is NaN without cases. low and high are 0 and 1 (unknown) without cases or
        with fewer than two replications that have any.

    Notes
    -----
    The design effect is never taken below 1: replications that look more alike than independent
    cases are a coincidence. At p = 0 or 1 it cannot be estimated and is taken as 1, so the interval
    there is that of independent cases: rather too short if the cases depend strongly. No correction
    is made for bad replications that did not occur: the interval still lies too high more often
    than too low if they are rare. `docs/explanation/statistics.md` has the measured coverage.
    """
    from scipy.special import stdtrit

    on_time, cases = on_time[cases > 0], cases[cases > 0]
    n, replications = int(cases.sum()), len(cases)
    if n == 0:
        return math.nan, 0.0, 1.0
    share = int(on_time.sum()) / n
    if replications == 1:
        return share, 0.0, 1.0
    residual = (on_time * n - on_time.sum() * cases) / n  # exact before the division: 0 is 0
    effect = _design_effect(residual, share, n)
    degrees = _degrees_of_freedom(residual, share, n, effect) if heavy_tails else replications - 1
    t = float(stdtrit(degrees, (1 + confidence) / 2))
    low, high = _wilson(share, n / max(1.0, effect), t)
    # At worst all cases of a replication have the same result, and it counts as one case.
    worst_low, worst_high = clopper_pearson(share, n**2 / float(cases @ cases), confidence)
    return share, max(low, worst_low), min(high, worst_high)


def _design_effect(residual: Floats, share: float, n: int) -> float:
    independent = n * share * (1 - share)
    if independent == 0:
        return 1.0
    replications = len(residual)
    return replications / (replications - 1) * float(residual @ residual) / independent


def _degrees_of_freedom(residual: Floats, share: float, n: int, effect: float) -> float:
    """Return the degrees of freedom of the estimated variance; at most R - 1.

    A variance v on ν degrees of freedom has the relative variance Var(v) / v² = 2 / ν
    (Satterthwaite 1946); so heavy tails, which make v uncertain, leave fewer than R - 1 (for
    variances of survey estimates: Valliant and Rust 2010). Var(v) is estimated without bias from
    Fisher's k-statistics (1930) as (2 R k₂² + (R - 1) k₄) / (R (R + 1)), so that with the excess
    kurtosis g = k₄ / k₂²

        ν = 2 R (R + 1) / (2 R + (R - 1) g).

    If one replication makes all the spread, g is R and ν is 2. Light tails, g < 0, are a
    coincidence and taken as 0.

    Parameters
    ----------
    residual
        [R] y - p n, R ≥ 2; they add up to 0.
    share, n
        p and Σn.
    effect
        The design effect as estimated. Below 1 the variance of independent cases stands in for v,
        and v is uncertain only in relation to that.
    """
    replications = len(residual)
    if replications < 4 or effect == 0 or share in (0, 1):
        return replications - 1  # k₄ needs four; with three, R - 1 is the least there is: 2
    # Rare late cases are kurtotic though independent; Wilson's interval allows for that.
    variance = share * (1 - share)
    independent = (1 - 6 * variance) / (variance * n / replications)
    g = max(0.0, _kurtosis(residual) - independent)
    degrees = 2 * replications * (replications + 1) / (2 * replications + (replications - 1) * g)
    return min(replications - 1, degrees / min(1.0, effect) ** 2)


def _kurtosis(residual: Floats) -> float:
    """Return k₄ / k₂² of at least four numbers with the mean 0, not all of them 0."""
    r, squares = len(residual), residual * residual
    ratio = r * float(squares @ squares) / float(squares.sum()) ** 2
    return (r - 1) / ((r - 2) * (r - 3)) * ((r + 1) * ratio - 3 * (r - 1))


def _wilson(share: float, n: float, z: float) -> tuple[float, float]:
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    # At p = 0 and 1 the bounds are 0 and 1, which floats may miss by an ulp.
    low = 0.0 if share == 0 else max(0.0, centre - half)
    high = 1.0 if share == 1 else min(1.0, centre + half)
    return low, high


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

    def share(self, confidence: float, *, heavy_tails: bool = True) -> BoundedShare:
        """Estimate the share; parameters as in `share_interval`."""
        share, low, high = share_interval(
            self.surely, self.judged, confidence, heavy_tails=heavy_tails
        )
        at_best = share
        if self.unknown:
            at_best, _, high = share_interval(
                self.at_best, self.judged, confidence, heavy_tails=heavy_tails
            )
        return BoundedShare(share, at_best, low, high)

    @property
    def unknown(self) -> int:
        """The unknown cases of all replications."""
        return int((self.at_best - self.surely).sum())


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
