"""Dates as each language writes them."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sim.report.language import Language

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


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
