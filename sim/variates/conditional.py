"""Distributions given that a value exceeds what has passed: how long a delay under way still takes.

With F the distribution function and S = 1 - F, a value X given X > t has the quantile function
S⁻¹((1 - u) · S(t)). Families without a closed form take the special functions of SciPy, whose last
bit may differ between machines; delays are rounded to whole seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from sim.arrays import Floats
from sim.variates import formulas as f
from sim.variates.sampler import Family, Sampler

_TINY: Final = float(np.finfo(np.float64).tiny)
_Parameters = tuple[float, ...]


def share_above(sampler: Sampler, than: Floats) -> Floats:
    """Return [n] the probability of a value above each of `than`."""
    t = than / sampler.scale
    if sampler.family is Family.RECORDED:
        ordered = np.sort(sampler.values)
        above_t = len(ordered) - np.searchsorted(ordered, t, side="right")
        return np.asarray(above_t / len(ordered))
    return np.asarray(_SHARE_ABOVE[sampler.family](sampler.parameters, t), np.float64)


def above(sampler: Sampler, than: Floats, u: Floats) -> Floats:
    """Return [n] values given that they exceed `than`; NaN where none does.

    `u`: [n] uniform numbers between 0 and 1.
    """
    share = share_above(sampler, than)
    possible = share > 0
    left = np.where(possible, share, 1.0) * (1.0 - u)  # the share above the value that is drawn
    t = than / sampler.scale
    if sampler.family is Family.RECORDED:
        value = _recorded(sampler.values, t, u)
    elif sampler.family is Family.EXPONENTIAL:  # it has no memory
        value = np.maximum(t, 0.0) - sampler.parameters[0] * np.asarray(f.log(1.0 - u))
    elif sampler.family is Family.LOGNORMAL:
        value = _lognormal(sampler.parameters, t, u)
    else:
        value = _EXCEEDED_BY[sampler.family](sampler.parameters, left)
    return np.where(possible, value * sampler.scale, np.nan)


# --- the share above a value -------------------------------------------------------------------


def _share_lognormal(p: _Parameters, t: Floats) -> Floats:
    from scipy.special import ndtr

    return np.where(t > 0, ndtr(-_standard(p, t)), 1.0)


def _share_gamma(p: _Parameters, t: Floats) -> Floats:
    from scipy.special import gammaincc

    return np.asarray(gammaincc(_shape(p), np.maximum(t, 0.0) / p[2]))


def _share_triangular(p: _Parameters, t: Floats) -> Floats:
    x = _within(p, t)
    rising, falling = x * x / max(p[2], _TINY), (1.0 - x) * (1.0 - x) / max(1.0 - p[2], _TINY)
    return np.where(x < p[2], 1.0 - rising, falling)


def _share_beta(p: _Parameters, t: Floats) -> Floats:
    from scipy.special import betaincc

    return np.asarray(betaincc(p[2], p[3], _within(p, t)))


_SHARE_ABOVE: Final[Mapping[Family, Callable[[_Parameters, Floats], Floats]]] = {
    Family.CONSTANT: lambda p, t: np.asarray(p[0] > t),
    Family.UNIFORM: lambda p, t: 1.0 - _within(p, t),
    Family.EXPONENTIAL: lambda p, t: np.asarray(f.exp(-np.maximum(t, 0.0) / p[0])),
    Family.LOGNORMAL: _share_lognormal,
    Family.GAMMA: _share_gamma,
    Family.TRIANGULAR: _share_triangular,
    Family.BETA: _share_beta,
}

# --- the value above which a share lies --------------------------------------------------------


def _gamma(p: _Parameters, left: Floats) -> Floats:
    from scipy.special import gammainccinv

    return np.asarray(gammainccinv(_shape(p), left) * p[2])


def _triangular(p: _Parameters, left: Floats) -> Floats:
    rising = np.sqrt(np.maximum(1.0 - left, 0.0) * p[2])
    falling = 1.0 - np.sqrt(left * (1.0 - p[2]))
    return p[0] + p[1] * np.where(left > 1.0 - p[2], rising, falling)


def _beta(p: _Parameters, left: Floats) -> Floats:
    from scipy.special import betainccinv

    return np.asarray(p[0] + p[1] * betainccinv(p[2], p[3], left))


_EXCEEDED_BY: Final[Mapping[Family, Callable[[_Parameters, Floats], Floats]]] = {
    Family.CONSTANT: lambda p, left: np.full(len(left), p[0]),
    Family.UNIFORM: lambda p, left: p[0] + p[1] * (1.0 - left),
    Family.GAMMA: _gamma,
    Family.TRIANGULAR: _triangular,
    Family.BETA: _beta,
}


def _lognormal(p: _Parameters, t: Floats, u: Floats) -> Floats:
    """Return [n] values above t, exact far in the tail, where the share above is no number."""
    from scipy.special import log_ndtr, ndtri_exp

    if p[1] == 0:
        return np.full(len(t), np.exp(p[0]))
    from_t = np.where(t > 0, log_ndtr(-_standard(p, t)), 0.0)
    z = -np.asarray(ndtri_exp(np.minimum(from_t + np.log1p(-u), -_TINY)))
    return np.asarray(np.exp(p[0] + p[1] * z))


def _recorded(values: Floats, t: Floats, u: Floats) -> Floats:
    ordered = np.sort(values)
    first = np.searchsorted(ordered, t, side="right")
    place = first + (u * (len(ordered) - first)).astype(np.int64)
    return np.asarray(ordered[np.minimum(place, len(ordered) - 1)])


def _within(p: _Parameters, t: Floats) -> Floats:
    """Return [n] the place of t between the bounds, from 0 to 1."""
    return np.clip((t - p[0]) / p[1], 0.0, 1.0) if p[1] > 0 else np.where(t < p[0], 0.0, 1.0)


def _standard(p: _Parameters, t: Floats) -> Floats:
    log = np.asarray(f.log(np.maximum(t, _TINY)))
    return (log - p[0]) / p[1] if p[1] > 0 else np.where(log < p[0], -np.inf, np.inf)


def _shape(p: _Parameters) -> float:
    """Return the shape of a gamma sampler from its parameters, see `Family.GAMMA`."""
    return 1.0 / p[3] if p[3] > 0 else p[0] + 1.0 / 3.0
