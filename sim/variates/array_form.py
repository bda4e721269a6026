"""Random numbers of many cases at once, with NumPy: the reference of `kernel`."""

from __future__ import annotations

from itertools import count
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats, Ints
from sim.variates import formulas as f
from sim.variates.sampler import Family, Sampler

BOOST: Final = 2**31
"""Number of the draw that turns a gamma value of shape a + 1 into one of shape a."""
SECOND: Final = 2**30
"""Number of the first draw of the second gamma value of a beta value."""
SEARCH_BELOW: Final = 10.0
"""Poisson values of smaller means are searched from 0 on; others are found by rejection."""
MOST_SEARCHED: Final = 100
"""No Poisson value of a mean below `SEARCH_BELOW` is larger: its probability is below 1e-60."""


class Address(NamedTuple):
    """What all random numbers of one stream have in common: 32-bit numbers."""

    key_low: int
    key_high: int
    replication: int
    seed: int


def uniforms(address: Address, cases: NDArray[np.uint64], draw: int) -> tuple[Floats, Floats]:
    """Return the two uniform numbers, each [n], of a draw of these cases."""
    key_low, key_high, replication, seed = (np.uint64(number) for number in address)
    w = f.philox(cases, np.uint64(draw), replication, seed, key_low, key_high)
    return f.uniform(w[0], w[1]), f.uniform(w[2], w[3])


def values(address: Address, cases: NDArray[np.uint64], sampler: Sampler) -> Floats:
    """Return [n] values, one for each of these cases."""
    p = sampler.parameters
    if sampler.family is Family.CONSTANT:
        return np.full(len(cases), p[0] * sampler.scale)
    if sampler.family is Family.GAMMA:
        return _gamma(address, cases, p, 0) * sampler.scale
    if sampler.family is Family.BETA:
        return (p[0] + p[1] * _beta(address, cases, p[2], p[3])) * sampler.scale
    return _inverse(sampler, uniforms(address, cases, 0)[0]) * sampler.scale


def _inverse(sampler: Sampler, u: Floats) -> Floats:
    """Return [n] values by the inverse of the distribution function."""
    p = sampler.parameters
    if sampler.family is Family.UNIFORM:
        return p[0] + p[1] * u
    if sampler.family is Family.EXPONENTIAL:
        return -p[0] * np.asarray(f.log(1.0 - u))
    if sampler.family is Family.LOGNORMAL:
        return np.asarray(f.exp(p[0] + p[1] * normal(u)))
    if sampler.family is Family.TRIANGULAR:
        low, width, below = p[:3]
        rising = low + width * np.sqrt(u * below)
        falling = low + width * (1.0 - np.sqrt((1.0 - u) * (1.0 - below)))
        return np.where(u < below, rising, falling)
    assert sampler.family is Family.RECORDED
    return sampler.values[(u * len(sampler.values)).astype(np.int64)]


def normal(u: Floats) -> Floats:
    """Return [n] the quantiles of the standard normal distribution."""
    q = u - 0.5
    z = np.asarray(f.normal_central(q))
    outside = np.flatnonzero(np.abs(q) > f.CENTRAL)
    r = np.sqrt(-f.log(np.where(q[outside] < 0, u[outside], 1.0 - u[outside])))
    far = np.where(r > f.FAR, f.normal_far(r), f.normal_tail(r))
    z[outside] = np.where(q[outside] < 0, -far, far)
    return z


def _gamma(address: Address, cases: NDArray[np.uint64], p: tuple[float, ...], draw: int) -> Floats:
    """Return [n] gamma values; attempt j takes draw number `draw` + j."""
    d, c, scale, power = p
    found = np.empty(len(cases))
    left = np.arange(len(cases))
    for attempt in count(draw):
        u, test = uniforms(address, cases[left], attempt)
        x = normal(u)
        t = 1.0 + c * x
        v = t * t * t
        square = x * x
        good = test < 1.0 - 0.0331 * (square * square)
        log_v = f.log(np.where(v > 0, v, 1.0))
        good |= f.log(test) < 0.5 * square + d * (1.0 - v + log_v)
        good &= v > 0
        found[left[good]] = d * v[good]
        left = left[~good]
        if len(left) == 0:
            break
    if power > 0:
        found *= f.exp(f.log(uniforms(address, cases, BOOST)[0]) * power)
    return found * scale


def _beta(address: Address, cases: NDArray[np.uint64], a: float, b: float) -> Floats:
    """Return [n] beta values."""
    one, other = (
        _gamma(address, cases, Sampler.gamma(shape, 1.0).parameters, draw)
        for shape, draw in ((a, 0), (b, SECOND))
    )
    return one / (one + other)


def poisson(address: Address, means: Floats) -> Ints:
    """Return [n] Poisson values with these means, below 10^12."""
    cases = np.arange(len(means), dtype=np.uint64)
    found = np.empty(len(means), np.int64)
    small = means < SEARCH_BELOW
    found[small] = _searched(uniforms(address, cases[small], 0)[0], means[small])
    found[~small] = _transformed(address, cases[~small], means[~small])
    return found


def _searched(u: Floats, mean: Floats) -> Ints:
    """Return [n] Poisson values: the inverse of the distribution function."""
    k = np.zeros(len(u), np.int64)
    share = np.asarray(f.exp(-mean))
    sum_ = share.copy()
    for number in range(1, MOST_SEARCHED + 1):
        above = u > sum_
        if not above.any():
            break
        k[above] = number
        share = share * mean / number
        sum_ = sum_ + share
    return k


def _transformed(address: Address, cases: NDArray[np.uint64], means: Floats) -> Ints:
    """Return [n] Poisson values (Hörmann 1993, algorithm PTRS)."""
    found = np.empty(len(cases), np.int64)
    left = np.arange(len(cases))
    for attempt in count():
        if len(left) == 0:
            return found
        mean, (u, v) = means[left], uniforms(address, cases[left], attempt)
        b = 0.931 + 2.53 * np.sqrt(mean)
        a = -0.059 + 0.02483 * b
        u = u - 0.5
        us = 0.5 - np.abs(u)
        k = np.floor((2.0 * a / us + b) * u + mean + 0.43)
        good = (us >= 0.07) & (v <= 0.9277 - 3.6224 / (b - 2.0))
        density = k * f.log(mean) - mean - _log_factorial(np.maximum(k, 0.0))
        inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
        below = f.log(v * inverse_alpha / (a / (us * us) + b)) <= density
        good |= (k >= 0) & ((us >= 0.013) | (v <= us)) & below
        found[left[good]] = k[good]
        left = left[~good]
    raise AssertionError


def _log_factorial(k: Floats) -> Floats:
    table = np.array(f.LOG_FACTORIALS)
    small = table[np.minimum(k, f.STIRLING_FROM - 1).astype(np.int64)]
    x = np.maximum(k, f.STIRLING_FROM) + 1.0
    return np.where(k < f.STIRLING_FROM, small, f.stirling(x, f.log(x)))
