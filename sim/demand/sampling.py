"""Drawing from the distributions of a scenario."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.scenario import SECONDS, Distribution, Problem, ScenarioError

if TYPE_CHECKING:
    from pathlib import Path

Floats = NDArray[np.float64]
Sampler = Callable[[np.random.Generator, int], Floats]

LONGEST_S = 10**12
"""No drawn value is longer: 30,000 years, and a thousand times it still fits an int64."""
Z90 = 1.2815515655446004
"""The 90th percentile of the standard normal distribution."""


def sampler(distribution: Distribution, recorded: Callable[[str, str], Floats]) -> Sampler:
    """Return a function (stream, n) → [n] values in seconds of the distribution's own calendar.

    A legal period yields whole days instead of seconds.

    Parameters
    ----------
    distribution
        What to draw from.
    recorded
        (file, column) → recorded values, for empirical distributions.
    """
    draw = _unscaled(distribution, recorded)
    scale = distribution.scale
    return draw if scale == 1.0 else lambda rng, n: scale * draw(rng, n)


def _unscaled(d: Distribution, recorded: Callable[[str, str], Floats]) -> Sampler:  # noqa: PLR0911
    if d.legal is not None:
        days = d.legal.value
        return lambda rng, n: np.full(n, days)
    if d.constant is not None:
        value = d.constant.seconds
        return lambda rng, n: np.full(n, value)
    if d.exponential is not None:
        mean = d.exponential.seconds
        return lambda rng, n: rng.exponential(mean, n)
    if d.gamma is not None:
        shape, scale = d.gamma.cv**-2, d.gamma.mean.seconds * d.gamma.cv**2
        return lambda rng, n: rng.gamma(shape, scale, n)
    if d.lognormal is not None:
        mu, sigma = _lognormal_parameters(d)
        return lambda rng, n: rng.lognormal(mu, sigma, n)
    if d.uniform is not None:
        low, high = d.uniform.low.seconds, d.uniform.high.seconds
        return lambda rng, n: rng.uniform(low, high, n)
    if d.triangular is not None:
        return _triangular(*(getattr(d.triangular, p).seconds for p in ("low", "mode", "high")))
    if d.pert is not None:
        return _pert(*(getattr(d.pert, p).seconds for p in ("low", "mode", "high")))
    assert d.empirical is not None
    values = recorded(d.empirical.file, d.empirical.column) * SECONDS[d.empirical.unit]
    return lambda rng, n: values[rng.integers(0, len(values), n)]


def _lognormal_parameters(d: Distribution) -> tuple[float, float]:
    spec = d.lognormal
    assert spec is not None
    if spec.mean is not None and spec.cv is not None:
        variance = math.log1p(spec.cv**2)
        return math.log(spec.mean.seconds) - variance / 2, math.sqrt(variance)
    assert spec.median is not None
    assert spec.p90 is not None
    median, p90 = spec.median.seconds, spec.p90.seconds
    return math.log(median), math.log(p90 / median) / Z90


def _triangular(low: float, mode: float, high: float) -> Sampler:
    if low == high:
        return lambda rng, n: np.full(n, low)
    return lambda rng, n: rng.triangular(low, mode, high, n)


def _pert(low: float, mode: float, high: float) -> Sampler:
    """Beta-PERT: a beta distribution with mean (low + 4 mode + high) / 6."""
    if low == high:
        return lambda rng, n: np.full(n, low)
    span = high - low
    a, b = 1 + 4 * (mode - low) / span, 1 + 4 * (high - mode) / span
    return lambda rng, n: low + span * rng.beta(a, b, n)


def whole_seconds(values: Floats) -> NDArray[np.int64]:
    """Round to whole seconds, halves up; what outlasts every horizon is cut to `LONGEST_S`."""
    return np.floor(np.minimum(values, LONGEST_S) + 0.5).astype(np.int64)


class RecordedValues:
    """Columns of data files, each read once."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.files = files
        self._columns: dict[tuple[str, str], Floats] = {}

    def __call__(self, file: str, column: str) -> Floats:
        """Return a column of non-negative numbers; raise ScenarioError if it is anything else."""
        if (file, column) not in self._columns:
            self._columns[file, column] = self._read(file, column)
        return self._columns[file, column]

    def _read(self, file: str, column: str) -> Floats:
        from sim.demand.files import read_columns

        table = read_columns(self.files.get(file), file, [column])
        try:
            values = table[column].dropna().to_numpy(np.float64)
        except (TypeError, ValueError):
            rule = f"column '{column}' must hold numbers only"
            raise ScenarioError([Problem(rule, file)]) from None
        if len(values) == 0 or not np.isfinite(values).all() or (values < 0).any():
            rule = f"column '{column}' must hold at least one number, and none below 0"
            raise ScenarioError([Problem(rule, file)])
        return values
