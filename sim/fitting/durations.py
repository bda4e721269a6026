"""Durations from spans that may be censored: the family by likelihood with a penalty (AIC).

A span is known to lie between two numbers: equal for an exact one, 0 and an upper bound if the
begin is not known (censored on the left), a lower bound and infinity if it had not ended, two dates
if only dates were recorded. Every family is described by its mean and its coefficient of variation
(cv), as scenario files write them.

The intervals come from the curvature of the log-likelihood in log mean and log cv. A weak prior on
log cv (normal, around a cv of 0.8, spread 1) and the quantiles of Student's t keep those of few
spans wide: with one span, the cv is hardly known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from scipy import special
from scipy.optimize import minimize

from sim.arrays import Bools, Floats
from sim.fitting.measured import CONFIDENCE, Measured, bounded, rounded

_PRIOR: Final = (np.log(0.8), 1.0)
"""Centre and spread of log cv."""
_LEAST: Final = 1e-12
_CV_MOST: Final = 9.5


@dataclass(frozen=True, eq=False)
class Spans:
    """n durations between `low` and `high`, in one unit."""

    low: Floats
    high: Floats

    @classmethod
    def exact(cls, values: Floats) -> Spans:
        """Return spans that are known exactly."""
        values = np.asarray(values, np.float64)
        return cls(values, values)

    def __len__(self) -> int:
        """Return n."""
        return len(self.low)

    @property
    def known(self) -> Bools:
        """[n] known exactly."""
        return np.asarray(self.low == self.high)

    def joined(self, other: Spans) -> Spans:
        """Return both together."""
        return Spans(np.concatenate([self.low, other.low]), np.concatenate([self.high, other.high]))

    def taken(self, rows: Any) -> Spans:
        """Return some of them."""
        return Spans(self.low[rows], self.high[rows])


@dataclass(frozen=True)
class Family:
    """A fitted distribution."""

    name: str
    mean: float
    cv: float
    mean_range: tuple[float, float]
    cv_range: tuple[float, float]
    n: int
    """Spans, censored ones too."""
    exact: int
    """Of these, known exactly."""
    aic: float
    misfit: float
    """Largest difference between its distribution and that of the exact spans."""

    def quantile(self, q: float) -> float:
        """Return the value below which a share q lies."""
        if self.name == "exponential":
            return float(-self.mean * np.log1p(-q))
        if self.name == "gamma":
            return float(special.gammaincinv(self.cv**-2, q) * self.mean * self.cv**2)
        mu, sigma = _log_parameters(self.mean, self.cv)
        return float(np.exp(mu + sigma * special.ndtri(q)))

    def scaled(self, factor: float) -> Family:
        """Return it in a unit that is smaller by a factor."""
        low, high = self.mean_range
        return replace(self, mean=self.mean * factor, mean_range=(low * factor, high * factor))

    def rougher(self, low: float, high: float) -> Family:
        """Return it with a wider range of its mean."""
        ends = self.mean_range
        return replace(self, mean_range=(ends[0] * low, ends[1] * high))

    def without(self, part: float, most: float) -> Family:
        """Return it without work that was counted in: a part of it, and at most another."""
        low, high = self.mean_range
        return replace(self, mean=self.mean / (1 + part), mean_range=(low / (1 + most), high))

    def wider(self, factor: float) -> Family:
        """Return it with a cv that is larger by a factor."""
        low, high = self.cv_range
        return replace(self, cv=self.cv * factor, cv_range=(low * factor, high * factor))

    def written(self, unit: str, *, how: str = "measured", note: str = "") -> dict[str, Any]:
        """Return it as a scenario has it, with ranges; `unit`: of its numbers."""
        mean = _time(self.mean, *self.mean_range, unit, self.n, how, note)
        if self.name == "exponential":
            return {"exponential": mean}
        cv = bounded(
            min(max(self.cv, 0.01), _CV_MOST),
            min(max(self.cv_range[0], 0.01), _CV_MOST),
            min(max(self.cv_range[1], 0.01), 10.0),
            self.n,
            how=how,
        )
        return {self.name: {"mean": mean, "cv": cv}}


def _time(
    value: float, low: float, high: float, unit: str, n: int, how: str, note: str
) -> Measured:
    at = max(rounded(value), 0.001)
    ends = max(min(rounded(low), at), 0.001), max(rounded(high), at)
    return Measured(
        f"{at:g} {unit}", f"{min(ends[0], at):g} {unit}", f"{ends[1]:g} {unit}", n, how, note
    )


@dataclass(frozen=True)
class Law:
    """A family of distributions of mean `mean` and variation `cv`."""

    log_density: Callable[[Floats, float, float], Floats]
    survival: Callable[[Floats, float, float], Floats]
    """P(X > x); 0 at infinity."""


def _log_parameters(mean: float, cv: float) -> tuple[float, float]:
    variance = float(np.log1p(cv * cv))
    return float(np.log(mean)) - variance / 2, float(np.sqrt(variance))


def _lognormal_density(x: Floats, mean: float, cv: float) -> Floats:
    mu, sigma = _log_parameters(mean, cv)
    z = (np.log(x) - mu) / sigma
    return np.asarray(-0.5 * z * z - np.log(x * sigma) - 0.5 * np.log(2 * np.pi))


def _lognormal_survival(x: Floats, mean: float, cv: float) -> Floats:
    mu, sigma = _log_parameters(mean, cv)
    return np.asarray(special.ndtr((mu - np.log(np.maximum(x, _LEAST))) / sigma))


def _gamma_density(x: Floats, mean: float, cv: float) -> Floats:
    shape, scale = cv**-2, mean * cv * cv
    return np.asarray(
        (shape - 1) * np.log(x) - x / scale - shape * np.log(scale) - special.gammaln(shape)
    )


def _gamma_survival(x: Floats, mean: float, cv: float) -> Floats:
    return np.asarray(special.gammaincc(cv**-2, np.maximum(x, 0.0) / (mean * cv * cv)))


LAWS: Final[dict[str, Law]] = {
    "lognormal": Law(_lognormal_density, _lognormal_survival),
    "gamma": Law(_gamma_density, _gamma_survival),
    "exponential": Law(
        lambda x, mean, _: -x / mean - np.log(mean), lambda x, mean, _: np.exp(-x / mean)
    ),
}


def fit_spans(spans: Spans) -> Family | None:
    """Return the family with the best penalised likelihood; None without any usable span."""
    usable = (spans.high > 0) & (spans.low < np.inf) & (spans.low <= spans.high)
    usable &= ~((spans.low <= 0) & np.isinf(spans.high))
    spans = spans.taken(usable)
    if not len(spans):
        return None
    found = [_fitted(name, spans) for name in LAWS]
    return min(found, key=lambda family: family.aic)


def _start(spans: Spans) -> tuple[float, float]:
    middle = np.where(np.isinf(spans.high), spans.low * 1.5, (spans.low + spans.high) / 2)
    middle = np.maximum(middle, _LEAST)
    mean = float(middle.mean())
    cv = float(middle.std() / mean) if len(middle) > 1 else 0.8
    return float(np.log(mean)), float(np.log(np.clip(cv, 0.05, 3.0)))


def _fitted(name: str, spans: Spans) -> Family:
    fixed = name == "exponential"
    minus = _loss(LAWS[name], spans, fixed=fixed)
    start = np.array(_start(spans)[: 1 if fixed else 2])
    found = minimize(minus, start, method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-4})
    x = np.asarray(found.x)
    spread = np.sqrt(np.diag(np.linalg.pinv(_curvature(minus, x))))
    exact = int(spans.known.sum())
    t = float(special.stdtrit(max(exact - 1, 1), (1 + CONFIDENCE) / 2))
    wide = np.minimum(t * spread, np.log(100.0))
    mean, cv = float(np.exp(x[0])), 1.0 if fixed else float(np.exp(min(x[1], np.log(_CV_MOST))))
    ends = [(float(np.exp(a - w)), float(np.exp(a + w))) for a, w in zip(x, wide, strict=True)]
    return Family(
        name, mean, cv, ends[0], (1.0, 1.0) if fixed else ends[1], len(spans), exact,
        2 * float(found.fun) + 2 * len(x), _misfit(LAWS[name], mean, cv, spans.low[spans.known]),
    )  # fmt: skip


def _loss(law: Law, spans: Spans, *, fixed: bool) -> Callable[[Floats], float]:
    """Return minus the log-likelihood, with the prior on log cv, of (log mean, log cv)."""
    known = spans.known
    exact = np.maximum(spans.low[known], _LEAST)
    low, high = spans.low[~known], spans.high[~known]
    pairs, count = np.unique(np.stack([low, high], axis=1), axis=0, return_counts=True)
    low, high = pairs.T

    def minus(x: Floats) -> float:
        cv = 1.0 if fixed else float(np.exp(np.clip(x[1], -5.0, np.log(_CV_MOST))))
        mean = float(np.exp(np.clip(x[0], -50.0, 50.0)))
        value = float(law.log_density(exact, mean, cv).sum()) if len(exact) else 0.0
        if len(low):
            ends = law.survival(low, mean, cv), law.survival(high, mean, cv)
            inside = np.maximum(ends[0] - ends[1], 1e-300)
            value += float((count * np.log(inside)).sum())
        if not fixed:
            value -= 0.5 * ((float(x[1]) - _PRIOR[0]) / _PRIOR[1]) ** 2
        return -value if np.isfinite(value) else 1e12

    return minus


def _curvature(function: Callable[[Floats], float], x: Floats, step: float = 1e-2) -> Floats:
    """Return the matrix of second derivatives, by differences."""
    size = len(x)
    found = np.zeros((size, size))
    unit = np.eye(size) * step
    for i in range(size):
        for j in range(i + 1):
            a, b = unit[i], unit[j]
            value = (
                function(x + a + b) - function(x + a - b) - function(x - a + b)
                + function(x - a - b)
            ) / (4 * step * step)  # fmt: skip
            found[i, j] = found[j, i] = value
    values, vectors = np.linalg.eigh(found)
    return np.asarray(vectors @ np.diag(np.maximum(values, 1e-3)) @ vectors.T)


def _misfit(law: Law, mean: float, cv: float, exact: Floats) -> float:
    """Return the distance of Kolmogorov and Smirnov."""
    if not len(exact):
        return float("nan")
    values = np.sort(exact)
    at = 1 - law.survival(values, mean, cv)
    steps = np.arange(len(values) + 1) / len(values)
    return float(max(np.abs(at - steps[:-1]).max(), np.abs(at - steps[1:]).max()))


def legal_period(days: Floats, share: float = 0.6) -> int | None:
    """Return the number of days that most periods last, if at least `share` of them do."""
    if not len(days):
        return None
    values, count = np.unique(days.astype(np.int64), return_counts=True)
    most = int(count.argmax())
    return int(values[most]) if count[most] >= share * len(days) and values[most] > 0 else None
