"""A limit whose inputs are in doubt: how often it is kept, and where the doubt comes from.

Each draw of the inputs is simulated twice, with independent random numbers. What two such twins
differ by is chance; what the draws differ by beyond that is due to the inputs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.arrays import Floats
from sim.measures.contrasts import Estimate
from sim.measures.shares import OnTimeCounts, Verdict, clopper_pearson

RESAMPLES: Final = 2000


@dataclass(frozen=True)
class Parts:
    """Where the variance of the on-time share of a replication comes from."""

    from_inputs: Estimate
    """Share of the variance that is due to the inputs, 0 … 1; NaN if nothing varies."""
    sd_inputs: float
    """Standard deviation of the share that the inputs alone would cause."""
    sd_chance: float
    """Standard deviation that chance alone would cause."""


@dataclass(frozen=True)
class Doubt:
    """One limit over K draws of its inputs."""

    draws: int
    """Draws with cases to judge in both twins."""
    kept: Estimate
    """Share of the draws whose long-run on-time share reaches the target."""
    parts: Parts
    verdict: Verdict
    """It holds if at least the stated confidence of what the inputs may be keeps the target, it
    fails if at most the rest does; both must be proven by the interval of `kept`."""


def doubt_of(
    first: OnTimeCounts,
    second: OnTimeCounts,
    target: float,
    confidence: float,
    rng: np.random.Generator,
) -> Doubt:
    """Judge a limit under the doubt about its inputs.

    Parameters
    ----------
    first, second
        Of K draws each: the two twins of a draw. A case whose end is unknown counts as late.
    target, confidence
        Of the limit. What counts as kept depends on the target, all intervals on the confidence.
    rng
        Draws the resamples.
    """
    known = (first.judged > 0) & (second.judged > 0)
    shares = np.array(
        [twin.surely[known] / twin.judged[known] for twin in (first, second)], dtype=float
    ).T
    draws = len(shares)
    if draws < 2:
        nothing = Estimate(math.nan, -math.inf, math.inf)
        return Doubt(
            draws, Estimate(math.nan, 0, 1), Parts(nothing, math.nan, math.nan), "undecided"
        )
    kept = float(np.mean(long_run(shares) >= target))
    low, high = clopper_pearson(kept, draws, confidence)
    verdict: Verdict = "undecided"
    if low >= confidence:
        verdict = "holds"
    elif high <= 1 - confidence:
        verdict = "fails"
    return Doubt(draws, Estimate(kept, low, high), parts_of(shares, confidence, rng), verdict)


def components(shares: Floats) -> tuple[Floats, Floats]:
    """Return the variances due to inputs and due to chance; `shares`: [..., K, 2] twins of K draws.

    Analysis of variance with one random factor (Searle, Casella and McCulloch, *Variance
    Components*, 1992, §3.3): chance is half the mean square of the twins' differences; inputs are
    the variance of the draws' means less half of that. Unbiased, so that the latter may come out
    below 0.
    """
    chance = np.mean(np.diff(shares, axis=-1)[..., 0] ** 2, axis=-1) / 2
    of_means = np.var(shares.mean(axis=-1), axis=-1, ddof=1)
    return of_means - chance / 2, chance


def parts_of(shares: Floats, confidence: float, rng: np.random.Generator) -> Parts:
    """Return where the variance comes from; its interval from resampled draws, with both twins."""
    inputs, chance = (float(part) for part in components(shares))
    drawn = rng.integers(len(shares), size=(RESAMPLES, len(shares)))
    resampled = _share(*components(shares[drawn]))
    value = float(_share(np.array(inputs), np.array(chance)))
    known = resampled[~np.isnan(resampled)]
    low, high = -math.inf, math.inf
    if len(known) and not math.isnan(value):
        low, high = np.quantile(known, [(1 - confidence) / 2, (1 + confidence) / 2])
    sd_inputs, sd_chance = math.sqrt(max(inputs, 0.0)), math.sqrt(chance)
    return Parts(Estimate(value, float(low), float(high)), sd_inputs, sd_chance)


def _share(inputs: Floats, chance: Floats) -> Floats:
    positive = np.maximum(inputs, 0.0)
    with np.errstate(invalid="ignore"):
        share: Floats = positive / (positive + chance)
    return share


def long_run(shares: Floats) -> Floats:
    """Return [K] the share of each draw over many replications, estimated from its [K, 2] twins.

    The mean of two twins varies more than what it estimates, by chance. It is drawn towards the
    mean of all, so far that the variance of the estimates is that of the inputs (Louis 1984,
    Ghosh 1992: constrained Bayes). Counts of draws beyond a target are then not inflated by chance.
    """
    means = shares.mean(axis=1)
    of_means = float(np.var(means, ddof=1))
    inputs = max(float(components(shares)[0]), 0.0)
    part = math.sqrt(inputs / of_means) if of_means > 0 else 0.0
    centre = float(means.mean())
    estimated: Floats = centre + part * (means - centre)
    return estimated
