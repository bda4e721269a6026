"""How reports write numbers and dates."""

from __future__ import annotations

import datetime as dt
import math
from typing import Final

from sim.measures.contrasts import Estimate
from sim.report.language import Language

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


SHARE_DIGITS: Final = 6
"""Decimals of a share that are looked at. JSON keeps as many, so that whoever rounds its numbers
gets the percentages of the reports."""


def percent(share: float, digits: int | None = 1) -> str:
    """Write a share in per cent; NaN as a dash.

    `digits` None: with all its decimals, for a share that was stated, such as a target.
    """
    if math.isnan(share):
        return "–"
    number = 100 * round(share, SHARE_DIGITS)
    return f"{number:g} %" if digits is None else f"{number:.{digits}f} %"


def bounded_percent(share: float, at_best: float) -> str:
    """Write a share that cases with an unknown end may raise: one percentage, or its two bounds."""
    bounds = percent(share), percent(at_best)
    return bounds[0] if bounds[0] == bounds[1] else " – ".join(bounds)


def percent_range(low: float, high: float) -> str:
    """Write an interval of shares in per cent."""
    return f"{percent(low)} – {percent(high)}"


def rounded(value: float, digits: int) -> str:
    """Write a number with a fixed number of decimals; NaN as a dash."""
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def bound(value: float, digits: int) -> str:
    """Write an end of an interval with its sign; ∞ if there is none."""
    if math.isinf(value):
        return "+∞" if value > 0 else "−∞"
    return f"{round(value, digits) + 0.0:+.{digits}f}"  # no -0.0


def signed(value: float, digits: int) -> str:
    """Write a number with its sign; 0 has none, and an unknown number is a dash."""
    if not math.isfinite(value):
        return "–"
    shown = round(value, digits)
    return f"{shown:+.{digits}f}" if shown else f"{0:.{digits}f}"


def yuan(amount: float) -> str:
    """Write an amount of money in whole yuan, from 100 yuan on; less with two decimals."""
    if not math.isfinite(amount):
        return "–"
    digits = 0 if abs(amount) >= 100 or amount == 0 else 2
    return f"{round(amount, digits) + 0.0:,.{digits}f}"


def yuan_interval(amount: Estimate) -> str:
    """Write an amount of money with its interval, if it has one."""
    if not math.isfinite(amount.low) or amount.low == amount.high:
        return yuan(amount.value)
    return f"{yuan(amount.value)} ({yuan(amount.low)} – {yuan(amount.high)})"


def days_saved(days: Estimate) -> str:
    """Write a number of days saved a year, with its interval."""
    if not math.isfinite(days.low):
        return f"{days.value:+,.0f}" if math.isfinite(days.value) else "–"
    return f"{days.value:+,.0f} ({days.low:+,.0f} – {days.high:+,.0f})"


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
