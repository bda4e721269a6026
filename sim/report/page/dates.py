"""Dates as each language writes them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from sim.report.page.words import MONTHS
from sim.report.words import Language

_DATE: Final = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")


def day(date: dt.date, language: Language) -> str:
    """Write a date out."""
    if language == "en":
        return f"{date.day} {MONTHS[date.month - 1]} {date.year}"
    return f"{date.year}年{date.month}月{date.day}日"


def month(label: str, language: Language) -> str:
    """Write the label of a period: a month such as ``2021-03``, else a date."""
    if found := _MONTH.fullmatch(label):
        year, number = map(int, found.groups())
        if language == "en":
            return f"{MONTHS[number - 1]} {year}"
        return f"{year}年{number}月"
    return dated(label, language)


def dated(text: str, language: Language) -> str:
    """Write out the dates in a sentence of this program."""

    def written(found: re.Match[str]) -> str:
        try:
            return day(dt.date.fromisoformat(found[0]), language)
        except ValueError:
            return found[0]

    return _DATE.sub(written, text)
