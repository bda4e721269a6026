"""The effect of inputs on an output: Morris screening and Sobol indices, with intervals.

Inputs are on a unit scale: 0 and 1 are the bounds of each input. SALib provides the samples and
estimators of Sobol indices; this module adds the intervals. An output is a mean over replications
of a simulation, so design and replications are both samples, and both are resampled.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sim.arrays import Floats, Ints
from sim.measures.contrasts import Estimate, Numbers

LEVELS: Final = 4
"""Levels of the grid of the Morris design: 0, 1/3, 2/3 and 1; a step is 2/3 (Morris 1991)."""
RESAMPLES: Final = 400


@dataclass(frozen=True, eq=False)
class Outputs:
    """An output at every point of a design, as a ratio of sums over replications.

    Replication r has the same random numbers at all points.
    """

    sums: Numbers
    """[P, R] numerators, such as cases that kept the limit."""
    counts: Numbers
    """[P, R] denominators, such as cases judged."""

    def means(self, weights: Numbers | None = None) -> Floats:
        """Return [P] the output; [R] weights say how often each replication counts.

        NaN where nothing is counted.
        """
        used = np.ones(self.sums.shape[1]) if weights is None else weights
        with np.errstate(invalid="ignore", divide="ignore"):
            means: Floats = (self.sums @ used) / (self.counts @ used)
        return means


# --- Morris: screening -----------------------------------------------------------------------


@dataclass(frozen=True)
class Effects:
    """Elementary effects of one input: changes of the output per full range of the input."""

    mu_star: Estimate
    """Mean of the absolute effects (Campolongo, Cariboni and Saltelli 2007): the importance."""
    mu: Estimate
    """Mean of the effects: the direction."""
    sigma: Estimate
    """Standard deviation of the effects: nonlinearity, interaction with other inputs, noise."""


def morris_design(inputs: int, trajectories: int, rng: np.random.Generator) -> Floats:
    """Return [trajectories, inputs + 1, inputs] points; neighbours differ in one input."""
    from SALib.sample.morris import sample

    points: Floats = sample(_problem(inputs), trajectories, num_levels=LEVELS, seed=rng)
    return points.reshape(trajectories, inputs + 1, inputs)


def elementary_effects(
    design: Floats, outputs: Outputs, confidence: float, rng: np.random.Generator
) -> tuple[Effects, ...]:
    """Return the effects of every input, with intervals that hold each by itself.

    The design is one of `morris_design`, with inputs as they were rounded: an effect is the change
    of the output divided by the step that was really made. The outputs are in the order of its
    points.
    """
    trajectories, points, _ = design.shape
    steps = np.diff(design, axis=1)
    changed = np.argmax(steps != 0, axis=2)
    step = np.take_along_axis(steps, changed[..., None], axis=2)[..., 0]
    order = np.argsort(changed, axis=1)

    def statistics(means: Floats, drawn: Ints) -> Floats:
        effects = np.diff(means.reshape(trajectories, points), axis=1) / step
        of_input = np.take_along_axis(effects, order, axis=1)[drawn]
        sigma = of_input.std(axis=0, ddof=1) if trajectories > 1 else np.full(points - 1, math.nan)
        return np.array([abs(of_input).mean(axis=0), of_input.mean(axis=0), sigma])

    estimates = _resampled(statistics, outputs, trajectories, confidence, rng)
    return tuple(
        Effects(_not_negative(mu_star), mu, _not_negative(sigma))
        for mu_star, mu, sigma in zip(*estimates, strict=True)
    )


# --- Sobol: shares of the variance -----------------------------------------------------------


@dataclass(frozen=True)
class Indices:
    """The share of the output's variance due to an input, if all inputs vary independently."""

    first: Estimate
    """S1: the share of the input by itself."""
    total: Estimate
    """ST: the share of the input with all its interactions."""


def sobol_design(inputs: int, samples: int, rng: np.random.Generator) -> Floats:
    """Return [samples, inputs + 2, inputs] points: A, A with one input of B at a time, B.

    `samples` is a power of 2, which keeps the sequence balanced.
    """
    from SALib.sample.sobol import sample

    points: Floats = sample(_problem(inputs), samples, calc_second_order=False, seed=rng)
    return points.reshape(samples, inputs + 2, inputs)


def sobol_indices(
    inputs: int, outputs: Outputs, confidence: float, rng: np.random.Generator
) -> tuple[Indices, ...]:
    """Return the indices of every input; estimators of Saltelli et al. (2010) and Jansen (1999).

    Estimates may lie a little outside of 0 … 1. All are NaN if the output does not vary. Each
    interval holds by itself. The outputs are in the order of the points of `sobol_design`.
    """
    from SALib.analyze.sobol import first_order, total_order

    samples = len(outputs.sums) // (inputs + 2)

    def statistics(means: Floats, drawn: Ints) -> Floats:
        y = means.reshape(samples, inputs + 2)[drawn]
        y = y - y[:, [0, -1]].mean()  # the estimator of S1 is more precise for a centred output
        a, b = y[:, 0], y[:, -1]
        if np.ptp(np.concatenate([a, b])) == 0:
            return np.full((2, inputs), math.nan)
        with warnings.catch_warnings():  # SALib warns of a variance that is almost 0
            warnings.simplefilter("ignore")
            mixed = [y[:, number] for number in range(1, inputs + 1)]
            return np.array([[of(a, ab, b) for ab in mixed] for of in (first_order, total_order)])

    estimates = _resampled(statistics, outputs, samples, confidence, rng)
    return tuple(
        Indices(first, _not_negative(total)) for first, total in zip(*estimates, strict=True)
    )


def noise_share(outputs: Outputs) -> float:
    """Return the share of simulation noise in the variance between the points of a design.

    The outputs of point p in replication r are taken as f(p) + g(r) + e(p, r). Common random
    numbers keep g(r), the luck of a replication that all points share, out of every comparison of
    points; the rest of the noise, e, has the variance of the interaction in a two-way table
    (Scheffé 1959, ch. 4), divided by R in a mean of R replications. The ratio is linearised as in
    `ratio_contrast`. NaN with one replication, or if the output does not vary.
    """
    points, replications = outputs.sums.shape
    means = outputs.means()
    spread = float(means.var(ddof=1)) if points > 1 else 0.0
    if replications < 2 or not spread > 0:
        return math.nan
    scale = outputs.counts.mean(axis=1, keepdims=True)
    parts = (outputs.sums - means[:, None] * outputs.counts) / scale
    parts = parts - parts.mean(axis=0)
    noise = float((parts**2).sum()) / ((points - 1) * (replications - 1))
    return float(min(1.0, noise / replications / spread))


# --- both ------------------------------------------------------------------------------------


def _problem(inputs: int) -> dict[str, object]:
    names = [str(number) for number in range(inputs)]
    return {"num_vars": inputs, "names": names, "bounds": [[0.0, 1.0]] * inputs}


def _resampled(
    statistics: Callable[[Floats, Ints], Floats],
    outputs: Outputs,
    rows: int,
    confidence: float,
    rng: np.random.Generator,
) -> list[list[Estimate]]:
    """Estimate statistics, [S, K] each, with intervals.

    Rows of the design and replications are resampled with replacement, independently: the
    "pigeonhole bootstrap" (Owen 2007), which overstates the error rather than understates it. The
    interval is ± t standard errors; the degrees of freedom are those of the smaller sample. With
    one replication it covers the error of the design alone.
    """
    from scipy.stats import t as student

    replications = outputs.sums.shape[1]
    equal = np.full(replications, 1 / replications)

    def resampled() -> Floats:
        means = outputs.means(rng.multinomial(replications, equal))
        return statistics(means, rng.integers(rows, size=rows))

    values = statistics(outputs.means(), np.arange(rows))
    drawn = np.array([resampled() for _ in range(RESAMPLES)])
    fewest = rows if replications == 1 else min(rows, replications)
    if fewest < 2:
        half = np.full_like(values, math.inf)
    else:
        half = float(student.ppf((1 + confidence) / 2, fewest - 1)) * drawn.std(axis=0, ddof=1)
    return [
        [_estimate(float(value), float(width)) for value, width in zip(*row, strict=True)]
        for row in zip(values, half, strict=True)
    ]


def _estimate(value: float, half: float) -> Estimate:
    """Return value ± half; infinite where resamples left the statistic undefined."""
    if not (math.isfinite(value) and math.isfinite(half)):
        return Estimate(value, -math.inf, math.inf)
    return Estimate(value, value - half, value + half)


def _not_negative(estimate: Estimate) -> Estimate:
    """Cut the interval of a quantity that cannot be negative at 0."""
    return estimate if math.isinf(estimate.low) else replace(estimate, low=max(0.0, estimate.low))
