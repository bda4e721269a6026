"""Random numbers in machine code: bit by bit those of `array_form`.

Cases, draws and the parts of an address are 64-bit integers without sign from the entry points on;
they are only compared and counted up, never mixed with others.
"""

from __future__ import annotations

import numpy as np

from sim.machine_code import entry_point, helper, inlined
from sim.variates import formulas
from sim.variates.array_form import BOOST, MOST_SEARCHED, SEARCH_BELOW, SECOND
from sim.variates.formulas import CENTRAL, FAR, LOG_FACTORIALS, STIRLING_FROM
from sim.variates.sampler import Family

_philox = inlined(formulas.philox)
_uniform = inlined(formulas.uniform)
_log = inlined(formulas.log)
_exp = inlined(formulas.exp)
_normal_central = inlined(formulas.normal_central)
_normal_tail = inlined(formulas.normal_tail)
_normal_far = inlined(formulas.normal_far)
_stirling = inlined(formulas.stirling)

_FIRST = np.uint64(0)
_NEXT = np.uint64(1)
_BOOST = np.uint64(BOOST)
_SECOND = np.uint64(SECOND)
_CONSTANT = int(Family.CONSTANT)
_UNIFORM = int(Family.UNIFORM)
_EXPONENTIAL = int(Family.EXPONENTIAL)
_LOGNORMAL = int(Family.LOGNORMAL)
_GAMMA = int(Family.GAMMA)
_TRIANGULAR = int(Family.TRIANGULAR)
_BETA = int(Family.BETA)
_LOG_FACTORIALS = np.array(LOG_FACTORIALS)


@inlined
def _pair(case, draw, k0, k1, replication, seed):
    w0, w1, w2, w3 = _philox(case, draw, replication, seed, k0, k1)
    return _uniform(w0, w1), _uniform(w2, w3)


@inlined
def uniform(case, k0, k1, replication, seed):
    """Return the uniform number of a case."""
    w0, w1, _, _ = _philox(case, _FIRST, replication, seed, k0, k1)
    return _uniform(w0, w1)


@helper
def _normal_outside(u):
    below = u < 0.5
    r = np.sqrt(-_log(u if below else 1.0 - u))
    z = _normal_far(r) if r > FAR else _normal_tail(r)
    return -z if below else z


@inlined
def normal(u):
    """Return a quantile of the standard normal distribution."""
    q = u - 0.5
    return _normal_central(q) if abs(q) <= CENTRAL else _normal_outside(u)


@helper
def _gamma(d, c, draw, case, k0, k1, replication, seed):
    while True:
        u, test = _pair(case, draw, k0, k1, replication, seed)
        x = normal(u)
        t = 1.0 + c * x
        v = t * t * t
        if v > 0.0:
            square = x * x
            if test < 1.0 - 0.0331 * (square * square) or _log(test) < 0.5 * square + d * (
                1.0 - v + _log(v)
            ):
                return d * v
        draw += _NEXT


@inlined
def _standard_gamma(shape, draw, case, k0, k1, replication, seed):
    d = shape - 1.0 / 3.0
    return _gamma(d, 1.0 / np.sqrt(9.0 * d), draw, case, k0, k1, replication, seed)


@helper
def rejected(family, p0, p1, p2, p3, case, k0, k1, replication, seed):
    """Return a value of a family that rejects some of its draws."""
    if family == _GAMMA:
        value = _gamma(p0, p1, _FIRST, case, k0, k1, replication, seed)
        if p3 > 0.0:
            u, _ = _pair(case, _BOOST, k0, k1, replication, seed)
            value *= _exp(_log(u) * p3)
        return value * p2
    one = _standard_gamma(p2, _FIRST, case, k0, k1, replication, seed)
    other = _standard_gamma(p3, _SECOND, case, k0, k1, replication, seed)
    return p0 + p1 * (one / (one + other))


@inlined
def inverse(family, p0, p1, p2, recorded, u):
    """Return the value of a family without rejection that belongs to a uniform number."""
    if family == _LOGNORMAL:
        return _exp(p0 + p1 * normal(u))
    if family == _EXPONENTIAL:
        return -p0 * _log(1.0 - u)
    if family == _UNIFORM:
        return p0 + p1 * u
    if family == _TRIANGULAR:
        if u < p2:
            return p0 + p1 * np.sqrt(u * p2)
        return p0 + p1 * (1.0 - np.sqrt((1.0 - u) * (1.0 - p2)))
    return recorded[np.int64(u * len(recorded))]


@helper
def value(family, p0, p1, p2, p3, recorded, case, k0, k1, replication, seed):
    """Return the value of a case."""
    if family == _CONSTANT:
        return p0
    if family in (_GAMMA, _BETA):
        return rejected(family, p0, p1, p2, p3, case, k0, k1, replication, seed)
    u = uniform(case, k0, k1, replication, seed)
    return inverse(family, p0, p1, p2, recorded, u)


@inlined
def _fill_uniform(k0, k1, replication, seed, first, out):
    for i in range(len(out)):
        out[i] = uniform(np.uint64(first + i), k0, k1, replication, seed)


@entry_point
def fill_uniform(key_low, key_high, replication, seed, first, each, out):
    """Write uniform numbers to `out`: cases from `first` on, `each` of them a replication."""
    k0, k1, s = np.uint64(key_low), np.uint64(key_high), np.uint64(seed)
    r = np.uint64(replication)
    for begin in range(0, len(out), each):
        _fill_uniform(k0, k1, r, s, first, out[begin : begin + each])
        r += _NEXT


@entry_point
def fill(family, parameters, recorded, scale, key_low, key_high, replication, seed, first, out):
    """Write values of the cases from `first` on to `out`."""
    p0, p1, p2, p3 = parameters
    k0, k1 = np.uint64(key_low), np.uint64(key_high)
    r, s = np.uint64(replication), np.uint64(seed)
    if family == _CONSTANT:
        for i in range(len(out)):
            out[i] = scale * p0
    elif family in (_GAMMA, _BETA):
        for i in range(len(out)):
            case = np.uint64(first + i)
            out[i] = scale * rejected(family, p0, p1, p2, p3, case, k0, k1, r, s)
    else:
        _fill_uniform(k0, k1, r, s, first, out)
        for i in range(len(out)):
            out[i] = scale * inverse(family, p0, p1, p2, recorded, out[i])


@entry_point
def fill_rows(
    family,
    parameters,
    recorded,
    scale,
    key_low,
    key_high,
    replication,
    seed,
    first,
    each,
    rows,
    out,
):
    """Write values of some rows to `out`: cases from `first` on, `each` of them a replication."""
    p0, p1, p2, p3 = parameters
    k0, k1 = np.uint64(key_low), np.uint64(key_high)
    s = np.uint64(seed)
    for i in range(len(rows)):
        later = rows[i] // each
        case, r = np.uint64(first + rows[i] - later * each), np.uint64(replication + later)
        out[i] = scale * value(family, p0, p1, p2, p3, recorded, case, k0, k1, r, s)


@helper
def _searched(u, mean):
    share = _exp(-mean)
    total = share
    k = 0
    while u > total and k < MOST_SEARCHED:
        k += 1
        share = share * mean / k
        total = total + share
    return k


@inlined
def _log_factorial(k):
    if k < STIRLING_FROM:
        return _LOG_FACTORIALS[np.int64(k)]
    return _stirling(k + 1.0, _log(k + 1.0))


@helper
def _transformed(mean, case, k0, k1, replication, seed):
    b = 0.931 + 2.53 * np.sqrt(mean)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    log_mean = _log(mean)
    draw = _FIRST
    while True:
        u, v = _pair(case, draw, k0, k1, replication, seed)
        u = u - 0.5
        us = 0.5 - abs(u)
        k = np.floor((2.0 * a / us + b) * u + mean + 0.43)
        if us >= 0.07 and v <= 0.9277 - 3.6224 / (b - 2.0):
            return np.int64(k)
        if k >= 0.0 and (us >= 0.013 or v <= us):
            density = k * log_mean - mean - _log_factorial(k)
            if _log(v * inverse_alpha / (a / (us * us) + b)) <= density:
                return np.int64(k)
        draw += _NEXT


@entry_point
def fill_poisson(means, key_low, key_high, replication, seed, out):
    """Write Poisson values with these means, of the cases from 0 on, to `out`."""
    k0, k1 = np.uint64(key_low), np.uint64(key_high)
    r, s = np.uint64(replication), np.uint64(seed)
    for i in range(len(out)):
        case, mean = np.uint64(i), means[i]
        if mean < SEARCH_BELOW:
            out[i] = _searched(uniform(case, k0, k1, r, s), mean)
        else:
            out[i] = _transformed(mean, case, k0, k1, r, s)
