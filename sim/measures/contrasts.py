"""Differences between scenarios on common random numbers, and other contrasts, with intervals.

Replication r of every scenario meets the same cases, so a difference is known better than either
share: what is noise in both cancels within the replication.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its confidence interval; NaN and ± infinity if nothing is known."""

    value: float
    low: float
    high: float

    @property
    def sign(self) -> int:
        """+1 or -1 if the interval lies on one side of 0, else 0: nothing is proven."""
        return (self.low > 0) - (self.high < 0)


def share_contrast(
    weights: Floats, on_time: Ints, cases: Ints, confidence: float, *, of: int = 1
) -> Estimate:
    """Estimate Σ w p of the on-time shares p of several scenarios, such as B - A.

    The shares are ratio estimates Σy / Σn over R replications (see `share_interval`); the contrast
    is linearised in each replication (delta method: Cochran 1977, §6.3), which keeps what the
    scenarios have in common paired, and gets a t interval on R - 1 degrees of freedom.

    Parameters
    ----------
    weights
        [V] weight of each scenario.
    on_time, cases
        [V, R] cases that kept the limit, and all cases judged; replication r shares its random
        numbers among the scenarios.
    confidence
        Two-sided, such as 0.95.
    of
        The number of contrasts that shall hold together with that confidence (Bonferroni).

    Returns
    -------
    Estimate
        With fewer than two replications, or a scenario without cases, the interval is infinite.
    """
    used = weights != 0
    weights, on_time, cases = weights[used], on_time[used], cases[used]
    total = cases.sum(axis=1)
    if np.any(total == 0):
        return Estimate(math.nan, -math.inf, math.inf)
    share = on_time.sum(axis=1) / total
    scale = total / cases.shape[1]  # mean cases of a replication
    parts = weights[:, None] * (on_time - share[:, None] * cases) / scale[:, None]
    return _around(float(weights @ share), parts.sum(axis=0), confidence, of)


def mean_contrast(weights: Floats, values: Floats, confidence: float, *, of: int = 1) -> Estimate:
    """Estimate Σ w m of the means m of several scenarios over R replications.

    Parameters
    ----------
    weights
        [V] weight of each scenario.
    values
        [V, R] one number of each replication, such as a mean wait or a quantile.
    confidence, of
        As in `share_contrast`.
    """
    used = weights != 0
    each = weights[used] @ values[used]
    return _around(float(each.mean()), each - each.mean(), confidence, of)


def _around(value: float, residual: Floats, confidence: float, of: int) -> Estimate:
    from scipy.stats import t as student

    n = len(residual)
    if n < 2:
        return Estimate(value, -math.inf, math.inf)
    error = math.sqrt(float(residual @ residual) / (n - 1) / n)
    half = float(student.ppf(1 - (1 - confidence) / 2 / of, n - 1)) * error
    return Estimate(value, value - half, value + half)
