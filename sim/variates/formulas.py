"""Formulas without branches, for arrays as well as, compiled, for single numbers.

Integers are 64-bit without sign in `philox` and `uniform`, and with a sign elsewhere; the two are
never mixed, since that makes floats of them. Numba wants a type before each `view`; for arrays it
changes nothing.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

_M0: Final = np.uint64(0xD2511F53)
_M1: Final = np.uint64(0xCD9E8D57)
_W0: Final = np.uint64(0x9E3779B9)
_W1: Final = np.uint64(0xBB67AE85)
_WORD: Final = np.uint64(0xFFFFFFFF)
_BITS: Final = np.uint64(32)
_ROUNDS: Final = 10


def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> tuple[Any, Any, Any, Any]:
    """Return the four words of Philox4x32-10 for a counter and a key (Salmon et al., SC 2011).

    Words are 32-bit numbers in 64-bit integers without sign.
    """
    for _ in range(_ROUNDS):
        p0, p1 = c0 * _M0, c2 * _M1
        c0, c1, c2, c3 = (p1 >> _BITS) ^ c1 ^ k0, p1 & _WORD, (p0 >> _BITS) ^ c3 ^ k1, p0 & _WORD
        k0, k1 = (k0 + _W0) & _WORD, (k1 + _W1) & _WORD
    return c0, c1, c2, c3


_HIGH: Final = np.uint64(20)
_LOW: Final = np.uint64(12)
_ONE_BITS: Final = np.uint64(0x3FF0000000000000)
_BELOW_ONE: Final = 1.0 - 2.0**-53


def uniform(high: Any, low: Any) -> Any:
    """Return a number in (0, 1) from two words: (k + 1/2) / 2^52 for a whole k of 52 bits."""
    return np.uint64(_ONE_BITS | (high << _HIGH) | (low >> _LOW)).view(np.float64) - _BELOW_ONE


# --- natural logarithm and exponential (as in fdlibm, e_log.c and e_exp.c) -----------------------

_LN2_HI: Final = 6.93147180369123816490e-01
_LN2_LO: Final = 1.90821492927058770002e-10
_SQRT_HALF_BITS: Final = 0x3FE6A09E << 32
_TO_SQRT_HALF: Final = (0x3FF00000 << 32) - _SQRT_HALF_BITS
_MANTISSA: Final = 2**52 - 1


def log(x: Any) -> Any:
    """Return the natural logarithm of normal numbers above 0, to less than one last bit."""
    bits = np.float64(x).view(np.int64) + _TO_SQRT_HALF
    k = (bits >> 52) - 1023
    f = np.int64((bits & _MANTISSA) + _SQRT_HALF_BITS).view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    odd = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332))
    even = z * (
        0.6666666666666735130
        + w * (0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591))
    )
    half = 0.5 * f * f
    return k * _LN2_HI - ((half - (s * (half + (odd + even)) + k * _LN2_LO)) - f)


_PER_LN2: Final = 1.44269504088896338700
_TO_WHOLE: Final = 1.5 * 2.0**52
"""A number so large that adding it rounds to whole numbers, found in the last bits of the sum."""
_FARTHEST: Final = 700.0


def exp(x: Any) -> Any:
    """Return e^x, to less than one last bit; x is cut at ± 700."""
    x = np.minimum(np.maximum(x, -_FARTHEST), _FARTHEST)
    shifted = x * _PER_LN2 + _TO_WHOLE
    k = shifted - _TO_WHOLE
    hi = x - k * _LN2_HI
    lo = k * _LN2_LO
    r = hi - lo
    t = r * r
    c = r - t * (
        1.66666666666666019037e-01
        + t
        * (
            -2.77777777770155933842e-03
            + t
            * (
                6.61375632143793436117e-05
                + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08)
            )
        )
    )
    y = 1.0 - ((lo - (r * c) / (2.0 - c)) - hi)
    return np.int64(np.float64(y).view(np.int64) + (np.float64(shifted).view(np.int64) << 52)).view(
        np.float64
    )


# --- quantile of the normal distribution (Wichura 1988, algorithm AS 241, PPND16) ----------------

CENTRAL: Final = 0.425
"""`normal_central` is for probabilities up to this distance from 1/2."""
FAR: Final = 5.0
"""`normal_far` is for r above this number, `normal_tail` for others."""


def normal_central(q: Any) -> Any:
    """Return the quantile for the probability 1/2 + q, |q| ≤ `CENTRAL`."""
    r = CENTRAL * CENTRAL - q * q
    above = 2.5090809287301226727e3 * r + 3.3430575583588128105e4
    above = (above * r + 6.7265770927008700853e4) * r + 4.5921953931549871457e4
    above = (above * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3
    above = (above * r + 1.3314166789178437745e2) * r + 3.3871328727963666080e0
    below = 5.2264952788528545610e3 * r + 2.8729085735721942674e4
    below = (below * r + 3.9307895800092710610e4) * r + 2.1213794301586595867e4
    below = (below * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2
    below = (below * r + 4.2313330701600911252e1) * r + 1.0
    return q * above / below


def normal_tail(r: Any) -> Any:
    """Return the quantile for 1 - p, where r = √(-ln p)."""
    r = r - 1.6
    above = 7.74545014278341407640e-4 * r + 2.27238449892691845833e-2
    above = (above * r + 2.41780725177450611770e-1) * r + 1.27045825245236838258e0
    above = (above * r + 3.64784832476320460504e0) * r + 5.76949722146069140550e0
    above = (above * r + 4.63033784615654529590e0) * r + 1.42343711074968357734e0
    below = 1.05075007164441684324e-9 * r + 5.47593808499534494600e-4
    below = (below * r + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1
    below = (below * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0
    below = (below * r + 2.05319162663775882187e0) * r + 1.0
    return above / below


def normal_far(r: Any) -> Any:
    """Return the quantile for 1 - p, where r = √(-ln p) > `FAR`."""
    r = r - 5.0
    above = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5
    above = (above * r + 1.24266094738807843860e-3) * r + 2.65321895265761230930e-2
    above = (above * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0
    above = (above * r + 5.46378491116411436990e0) * r + 6.65790464350110377720e0
    below = 2.04426310338993978564e-15 * r + 1.42151175831644588870e-7
    below = (below * r + 1.84631831751005468180e-5) * r + 7.86869131145613259100e-4
    below = (below * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1
    below = (below * r + 5.99832206555887937690e-1) * r + 1.0
    return above / below


# --- logarithm of a factorial --------------------------------------------------------------------

_HALF_LN_2PI: Final = 0.91893853320467274178
STIRLING_FROM: Final = 10
"""`stirling` is for factorials of numbers from here on."""
LOG_FACTORIALS: Final = (
    0.0,
    0.0,
    0.69314718055994530942,
    1.79175946922805500081,
    3.17805383034794561965,
    4.78749174278204599425,
    6.57925121201010099506,
    8.52516136106541430017,
    10.60460290274525022842,
    12.80182748008146961121,
)
"""ln k! below `STIRLING_FROM`."""


def stirling(x: Any, log_x: Any) -> Any:
    """Return ln (x - 1)! for whole x > `STIRLING_FROM`, by Stirling's series."""
    r = 1.0 / x
    s = r * r
    rest = 1.0 / 12.0 - s * (1.0 / 360.0 - s * (1.0 / 1260.0 - s * (1.0 / 1680.0)))
    return (x - 0.5) * log_x - x + _HALF_LN_2PI + r * rest
