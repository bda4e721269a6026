"""How reports write numbers."""

from __future__ import annotations

import math


def percent(share: float, digits: int | None = 1) -> str:
    """Write a share in per cent; NaN as a dash.

    Parameters
    ----------
    digits
        Decimals; None: as many as the number needs.
    """
    if math.isnan(share):
        return "–"
    return f"{100 * share:g} %" if digits is None else f"{100 * share:.{digits}f} %"


def percent_range(low: float, high: float) -> str:
    """Write an interval of shares in per cent."""
    return f"{percent(low)} – {percent(high)}"


def rounded(value: float, digits: int) -> str:
    """Write a number with a fixed number of decimals; NaN as a dash."""
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def signed(value: float, digits: int) -> str:
    """Write a number with its sign, zero without; an unknown number as a dash."""
    if not math.isfinite(value):
        return "–"
    shown = round(value, digits)
    return f"{shown:+.{digits}f}" if shown else f"{0:.{digits}f}"
