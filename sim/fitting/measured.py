"""A fitted value: what was measured, its interval, and of how many cases it was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

CONFIDENCE: Final = 0.9
"""Confidence of the range of each value."""
Z: Final = 1.6448536269514722
"""The standard normal quantile of `CONFIDENCE`, both sides."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One value for a scenario, with what is known of it."""

    value: Any
    """As a scenario file has it: a number, or a text such as ``5 wd``."""
    low: Any = None
    """Lower end of the range, in the same form; None: no range."""
    high: Any = None
    n: int = 0
    """Records of which it was made."""
    how: str = "measured"
    """`measured`; `inferred` from the order or shape of records; `simulated`: inferred by
    simulation; `assumed`: they do not tell."""
    note: str = ""
    """What a reader should know of it."""


def assumed(value: Any, low: Any = None, high: Any = None, note: str = "") -> Measured:
    """Return a value that the records do not tell."""
    return Measured(value, low, high, 0, "assumed", note)


def rounded(x: float, digits: int = 3) -> float | int:
    """Return a number with so many significant digits; whole if it is."""
    plain = float(f"{x:.{digits}g}")
    return int(plain) if plain == int(plain) and abs(plain) < 1e15 else plain


def bounded(
    value: float, low: float, high: float, n: int, *, how: str = "measured", note: str = ""
) -> Measured:
    """Return a rounded number in a rounded range that holds it."""
    at = rounded(value)
    ends = min(rounded(low), at), max(rounded(high), at)
    return Measured(at, *ends, n, how, note)


def share(k: int, n: int, *, note: str = "") -> Measured:
    """Return a share of k in n with its interval: the equal-tailed one of Jeffreys."""
    from scipy.special import betaincinv

    tail = (1 - CONFIDENCE) / 2
    low = 0.0 if k == 0 else float(betaincinv(k + 0.5, n - k + 0.5, tail))
    high = 1.0 if k == n else float(betaincinv(k + 0.5, n - k + 0.5, 1 - tail))
    return bounded(k / n if n else 0.0, low, high, n, note=note)
