"""How the numbers of a simulation depend on its parameters, and which parameters explain some.

The number for each parameter is a cubic polynomial of all parameters plus noise. The variance of
the noise is log-linear in the parameters, its correlation the same everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Final

import numpy as np

from sim.arrays import Floats, Ints

WHOLE: Final = 5
"""Parameters up to which a cubic polynomial has all its terms; else products of two only."""
_RIDGE: Final = 1e-3
_LOG_CHI2: Final = 1.27
"""Minus the mean of the logarithm of a squared standard normal."""


@dataclass(frozen=True, eq=False)
class Emulator:
    """Mean and noise of P numbers, at parameters between `low` and `high`, [P] each."""

    low: Floats
    high: Floats
    terms: tuple[tuple[int, ...], ...]
    mean: Floats
    """[F, P]"""
    variance: Floats
    """[P + 1, P] of the logarithm."""
    precision: Floats
    """[P, P] inverse correlation of the noise."""
    log_determinant: float

    @classmethod
    def of(cls, low: Floats, high: Floats, theta: Floats, numbers: Floats) -> Emulator:
        """Fit numbers [N, P] at parameters [N, P]."""
        p = theta.shape[1]
        terms = _terms(p)
        u = _unit(theta, low, high)
        x = _features(u, terms)
        solve = np.linalg.solve(x.T @ x + _RIDGE * np.eye(x.shape[1]), x.T)
        mean = solve @ numbers
        leverage = np.minimum((x * solve.T).sum(axis=1), 0.9)
        left = (numbers - x @ mean) / (1 - leverage)[:, None]
        z = np.concatenate([np.ones((len(u), 1)), u], axis=1)
        log = np.log(left**2 + 1e-12) + _LOG_CHI2
        variance = np.linalg.solve(z.T @ z + _RIDGE * np.eye(p + 1), z.T @ log)
        scaled = left / np.exp(0.5 * (z @ variance))
        variance[0] += np.log((scaled**2).mean(axis=0))
        scaled /= np.sqrt((scaled**2).mean(axis=0))
        correlation = scaled.T @ scaled / len(u)
        correlation += 0.01 * np.eye(p)
        return cls(low, high, terms, mean, variance, np.linalg.inv(correlation),
                   float(np.linalg.slogdet(correlation)[1]))  # fmt: skip

    def log_likelihood(self, theta: Floats, numbers: Floats) -> Floats:
        """Return [M] of numbers [M, P] at parameters [M, P]; minus infinity outside the bounds."""
        u = _unit(theta, self.low, self.high)
        inside = (np.abs(u) <= 1).all(axis=1)
        u = np.clip(u, -1, 1)
        z = np.concatenate([np.ones((len(u), 1)), u], axis=1)
        log_variance = z @ self.variance
        miss = (numbers - _features(u, self.terms) @ self.mean) / np.exp(0.5 * log_variance)
        value = -0.5 * ((miss @ self.precision) * miss).sum(axis=1) - 0.5 * log_variance.sum(axis=1)
        return np.where(inside, value, -np.inf)


def posterior(
    emulator: Emulator,
    numbers: Floats,
    rng: np.random.Generator,
    *,
    chains: int = 24,
    steps: int = 500,
) -> Floats:
    """Return [B, D, P] draws of the parameters that explain numbers [B, P]: random-walk Metropolis.

    The chains of one begin anywhere within the bounds, and half of each is dropped.
    """
    batch, p = numbers.shape
    width = emulator.high - emulator.low
    given = np.repeat(numbers, chains, axis=0)
    at = emulator.low + width * rng.random((len(given), p))
    at = _best_start(emulator, given, at, rng)
    value = emulator.log_likelihood(at, given)
    size = np.full(len(at), 1.0)
    kept = []
    for step in range(steps):
        # the difference of two other chains has the shape of the posterior (ter Braak 2006)
        apart = at[_partners(batch, chains, rng)] - at[_partners(batch, chains, rng)]
        jump = size[:, None] * (2.38 / np.sqrt(2 * p)) * apart
        new = at + jump + 0.003 * width * rng.standard_normal(at.shape)
        proposed = emulator.log_likelihood(new, given)
        taken = np.log(rng.random(len(at))) < proposed - value
        at, value = np.where(taken[:, None], new, at), np.where(taken, proposed, value)
        if step < steps // 2:
            size = np.clip(size * np.where(taken, 1.05, 0.98), 0.1, 2.0)
        else:
            kept.append(at.reshape(batch, chains, p))
    return np.concatenate(kept, axis=1)


def _best_start(
    emulator: Emulator, given: Floats, at: Floats, rng: np.random.Generator, tries: int = 60
) -> Floats:
    """Return starts near where the likelihood is large: each the best of some."""
    value = emulator.log_likelihood(at, given)
    width = emulator.high - emulator.low
    for _ in range(tries):
        new = emulator.low + width * rng.random(at.shape)
        proposed = emulator.log_likelihood(new, given)
        better = proposed > value
        at, value = np.where(better[:, None], new, at), np.where(better, proposed, value)
    return at


def _partners(batch: int, chains: int, rng: np.random.Generator) -> Ints:
    """Return for each chain another one of the same numbers."""
    pick = rng.integers(0, chains, (batch, chains))
    return (pick + np.arange(batch)[:, None] * chains).ravel()


def _unit(theta: Floats, low: Floats, high: Floats) -> Floats:
    return np.asarray(2 * (theta - low) / (high - low) - 1)


def _terms(p: int) -> tuple[tuple[int, ...], ...]:
    """Return the terms of a cubic polynomial of p parameters."""
    found = [t for n in range(4) for t in combinations_with_replacement(range(p), n)]
    if p > WHOLE:
        found = [t for t in found if len(t) < 3 or len(set(t)) == 1]
    return tuple(found)


def _features(u: Floats, terms: tuple[tuple[int, ...], ...]) -> Floats:
    x = np.ones((len(u), len(terms)))
    for at, term in enumerate(terms):
        for which in term:
            x[:, at] *= u[:, which]
    return x
