"""How reports write numbers and dates."""

from __future__ import annotations

import datetime as dt
import math
from typing import Final

from sim.report.language import Language

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def percent(share: float, digits: int | None = 1) -> str:
    """Write a share in per cent, with all its decimals if `digits` is None; NaN as a dash."""
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
    """Write a number with its sign; 0 has none, and an unknown number is a dash."""
    if not math.isfinite(value):
        return "–"
    shown = round(value, digits)
    return f"{shown:+.{digits}f}" if shown else f"{0:.{digits}f}"


def date_text(date: dt.date, language: Language) -> str:
    """Write a date, such as ``1 March 2021``."""
    if language == "en":
        return f"{date.day} {MONTHS[date.month - 1]} {date.year}"
    return f"{date.year}年{date.month}月{date.day}日"


def month_text(date: dt.date, language: Language) -> str:
    """Write the month of a date, such as ``March 2021``."""
    if language == "en":
        return f"{MONTHS[date.month - 1]} {date.year}"
    return f"{date.year}年{date.month}月"
