"""Samplers: a family of distributions and its parameters, as plain numbers for both forms."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Final, Protocol

import numpy as np

from sim.arrays import Floats
from sim.variates import formulas

_NONE: Final = np.empty(0)


class Family(IntEnum):
    """How a value is made; in brackets its parameters in `Sampler.parameters`."""

    CONSTANT = 0
    """(value)."""
    UNIFORM = 1
    """(low, width)."""
    EXPONENTIAL = 2
    """(mean)."""
    LOGNORMAL = 3
    """(mean and standard deviation of the logarithm)."""
    GAMMA = 4
    """(d, c, scale, 1 / shape below shape 1, else 0), after Marsaglia and Tsang (2000)."""
    TRIANGULAR = 5
    """(low, width, share of the values below the mode)."""
    BETA = 6
    """(low, width, a, b), both shapes at least 1."""
    RECORDED = 7
    """Of `Sampler.values`, each as likely as any other."""


class Draws(Protocol):
    """A random stream."""

    def values(self, sampler: Sampler, n: int, /) -> Floats:
        """Return [n] values of a distribution, one per case."""


@dataclass(frozen=True, eq=False)
class Sampler:
    """Draws values of one distribution."""

    family: Family
    parameters: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    values: Floats = field(default_factory=lambda: _NONE)
    """Recorded values; empty for other families."""
    scale: float = 1.0
    """Factor on every value."""

    def __call__(self, stream: Draws, n: int) -> Floats:
        """Return [n] values of a stream, one per case."""
        return stream.values(self, n)

    def scaled(self, factor: float) -> Sampler:
        """Return the sampler of the same values times a factor."""
        return replace(self, scale=self.scale * factor)

    @classmethod
    def constant(cls, value: float) -> Sampler:
        """Return always the same value."""
        return cls(Family.CONSTANT, (value, 0.0, 0.0, 0.0))

    @classmethod
    def uniform(cls, low: float, high: float) -> Sampler:
        """Uniform between two values."""
        return cls(Family.UNIFORM, (low, high - low, 0.0, 0.0))

    @classmethod
    def exponential(cls, mean: float) -> Sampler:
        """Exponential by mean."""
        return cls(Family.EXPONENTIAL, (mean, 0.0, 0.0, 0.0))

    @classmethod
    def lognormal(cls, mu: float, sigma: float) -> Sampler:
        """Lognormal by mean and standard deviation of the logarithm."""
        return cls(Family.LOGNORMAL, (mu, sigma, 0.0, 0.0))

    @classmethod
    def gamma(cls, shape: float, scale: float) -> Sampler:
        """Gamma by shape and scale."""
        d = (shape if shape >= 1 else shape + 1) - 1 / 3
        c = float(1 / np.sqrt(9 * d))
        return cls(Family.GAMMA, (d, c, scale, 0.0 if shape >= 1 else 1 / shape))

    @classmethod
    def triangular(cls, low: float, mode: float, high: float) -> Sampler:
        """Triangular by low < high and the mode."""
        return cls(Family.TRIANGULAR, (low, high - low, (mode - low) / (high - low), 0.0))

    @classmethod
    def beta(cls, low: float, high: float, a: float, b: float) -> Sampler:
        """Beta with shapes a, b ≥ 1 between two values."""
        return cls(Family.BETA, (low, high - low, a, b))

    @classmethod
    def recorded(cls, values: Floats) -> Sampler:
        """Each of the values, at least one, as likely as any other."""
        return cls(Family.RECORDED, values=np.ascontiguousarray(values, np.float64))


def log(x: float) -> float:
    """Return the natural logarithm of a number above 0, with the same bits on every machine."""
    return float(formulas.log(np.array([x]))[0])
