"""Differences between scenarios on common random numbers, and other contrasts, with intervals.

Replication r has the same cases in every scenario, so a difference is more precise than either
share: noise that both have in common cancels within the replication.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from sim.arrays import Floats, Ints
from sim.measures.shares import OnTimeCounts, least_share

Numbers: TypeAlias = Ints | Floats


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its confidence interval; NaN with ± infinity if it is unknown."""

    value: float
    low: float
    high: float

    @property
    def sign(self) -> int:
        """+1 or -1 if the interval lies on one side of 0, else 0."""
        return (self.low > 0) - (self.high < 0)


def ratio_contrast(
    weights: Floats,
    sums: Numbers,
    counts: Numbers,
    confidence: float,
    *,
    of: int = 1,
    draws: Floats | None = None,
) -> Estimate:
    """Estimate Σ w p of a ratio p of several scenarios, such as B - A of shares or mean waits.

    The ratios are estimates Σy / Σn over R replications (see `share_interval`); the contrast
    is linearised in each replication (delta method: Cochran 1977, §6.3), which keeps what the
    scenarios have in common paired, and gets a t interval on R - 1 degrees of freedom. Where every
    n is 1, that is the t interval of a mean.

    Parameters
    ----------
    weights
        [V] weight of each scenario.
    sums, counts
        [V, R] y and n, such as cases that kept the limit and all cases judged; replication r shares
        its random numbers among the scenarios.
    confidence
        Two-sided, such as 0.95.
    of
        The number of contrasts that are to hold together with that confidence (Bonferroni).
    draws
        [P] the contrast of each of P independent draws, if the weights are the mean of draws. Their
        error is added to that of the replications, although the two overlap, and the smaller
        number of degrees of freedom is used: the interval is rather too wide.

    Returns
    -------
    Estimate
        With fewer than two replications, or a scenario without counts, the interval is infinite.
    """
    used = weights != 0
    weights, sums, counts = weights[used], sums[used], counts[used]
    total = counts.sum(axis=1)
    if np.any(total == 0):
        return Estimate(math.nan, -math.inf, math.inf)
    ratio = sums.sum(axis=1) / total
    scale = total / counts.shape[1]  # mean count of a replication
    parts = weights[:, None] * (sums - ratio[:, None] * counts) / scale[:, None]
    return _around(float(weights @ ratio), parts.sum(axis=0), confidence, of, draws)


def share_contrast(
    weights: Floats,
    counts: Sequence[OnTimeCounts],
    confidence: float,
    *,
    of: int = 1,
    draws: Floats | None = None,
) -> Estimate:
    """Estimate Σ w p of the on-time shares p of several scenarios; see `ratio_contrast`.

    The value takes every unknown case as late. The interval reaches from the lower end for the
    smallest contrast that the unknown cases allow to the upper end for the largest: where w > 0,
    they count as late for the smallest and as on time for the largest; where w < 0, the other way
    round. Where it is known, it is cut off at the values that Σ w p cannot exceed.

    Parameters
    ----------
    weights
        [V] weight of each scenario.
    counts
        [V] cases of each scenario; replication r shares its random numbers among them.
    """
    judged = np.array([each.judged for each in counts])
    surely = np.array([each.surely for each in counts])
    at_best = np.array([each.at_best for each in counts])
    up = (weights > 0)[:, None]

    def contrast(on_time: Numbers) -> Estimate:
        return ratio_contrast(weights, on_time, judged, confidence, of=of, draws=draws)

    value = contrast(surely)
    if not math.isfinite(value.low):
        return value
    low, high = value.low, value.high
    if np.any(at_best != surely):
        low = contrast(np.where(up, surely, at_best)).low
        high = contrast(np.where(up, at_best, surely)).high
    least, most = float(weights[weights < 0].sum()), float(weights[weights > 0].sum())
    return Estimate(value.value, max(low, least), min(high, most))


def share_difference(
    reference: OnTimeCounts, other: OnTimeCounts, confidence: float, *, of: int = 1
) -> Estimate:
    """Estimate how much larger the on-time share is in one scenario than in another.

    Each end leaves room for the worst replication that did not occur, as those of a share do (see
    `sim.measures.shares.least_share`): for the lower end, one in which all cases are on time in the
    reference and all late in the other. The difference of a replication lies between -1 and 1, so
    (1 + difference) / 2 is such a share. Unknown cases count as in `share_contrast`.

    Parameters
    ----------
    reference, other
        Replication r shares its random numbers.
    confidence
        Two-sided, such as 0.95.
    of
        The number of differences that are to hold together with that confidence (Bonferroni).

    Returns
    -------
    Estimate
        other - reference; infinite with fewer than two replications that have cases.
    """
    judged = np.array([reference.judged, other.judged])
    total = judged.sum(axis=1)
    if np.any(total == 0):
        return Estimate(math.nan, -math.inf, math.inf)
    value = float(other.surely.sum() / total[1] - reference.surely.sum() / total[0])
    if np.count_nonzero(judged.any(axis=0)) < 2:
        return Estimate(value, -math.inf, math.inf)
    error = (1 - confidence) / 2 / of
    low = _least_difference(reference.at_best, other.surely, judged, error)
    high = -_least_difference(other.at_best, reference.surely, judged[::-1], error)
    return Estimate(value, low, high)


def _least_difference(minus: Ints, plus: Ints, judged: Ints, error: float) -> float:
    """Return a lower bound of a difference of shares that is wrong with at most `error`.

    Where a replication has as many cases in one scenario as in the other, which is the rule on
    common random numbers, both shares have one denominator; else the difference is linearised.

    Parameters
    ----------
    minus, plus
        [R] cases on time.
    judged
        [2, R] all cases of either.
    """
    used = judged.any(axis=0)
    judged, on_time = judged[:, used], np.array([minus, plus])[:, used]
    mean = judged.mean(axis=1)[:, None]
    cases, on_time = judged / mean, on_time / mean
    share = on_time.mean(axis=1)
    size = cases.mean(axis=0)
    residual = on_time - share[:, None] * cases
    difference = residual[1] - residual[0] + (share[1] - share[0]) * size
    return 2 * least_share((size + difference) / 2, size, error) - 1


def mean_contrast(weights: Floats, values: Floats, confidence: float, *, of: int = 1) -> Estimate:
    """Estimate Σ w m of the means m of several scenarios over R replications; see `ratio_contrast`.

    `values`: [V, R] one number of each replication, such as a mean wait or a quantile.
    """
    used = weights != 0
    contrast = weights[used] @ values[used]
    return _around(float(contrast.mean()), contrast - contrast.mean(), confidence, of)


def _around(
    value: float, residual: Floats, confidence: float, of: int, draws: Floats | None = None
) -> Estimate:
    from scipy.stats import t as student

    samples = [residual] if draws is None else [residual, draws - draws.mean()]
    fewest = min(len(sample) for sample in samples)
    if fewest < 2:
        return Estimate(value, -math.inf, math.inf)
    error = math.sqrt(sum(float(x @ x) / (len(x) - 1) / len(x) for x in samples))
    half = float(student.ppf(1 - (1 - confidence) / 2 / of, fewest - 1)) * error
    return Estimate(value, value - half, value + half)
