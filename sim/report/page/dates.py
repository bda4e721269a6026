"""Dates and numbers as each language writes them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from sim.report.page.words import MONTHS
from sim.report.words import Language

_PERCENT: Final = re.compile(r"(?<=\d) %")
_HAN: Final = "\u3007\u4e00-\u9fff\u201c\u201d"
"""Chinese characters and quotation marks."""
_STOP: Final = re.compile(rf"(?<=[{_HAN}\uff09%])([,:;?!]) ?|([,:;?!]) ?(?=[{_HAN}])")
_BRACKETS: Final = re.compile(rf" ?\(([^()]*[{_HAN}][^()]*)\)|(?<=[{_HAN}]) ?\(([^()]*)\)")
_WIDE: Final = {"\x2c": "\uff0c", ":": "\uff1a", ";": "\uff1b", "?": "\uff1f", "!": "\uff01"}
_DATE: Final = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")


def typeset(text: str, language: Language) -> str:
    """Set signs as the language does.

    English: a space that does not break before a sign of per cent. Chinese: no such space, and
    stops and brackets of full width beside Chinese characters.
    """
    if language == "en":
        return _PERCENT.sub("\N{NO-BREAK SPACE}%", text)
    text = _PERCENT.sub("%", text)
    text = _BRACKETS.sub(lambda found: f"\uff08{found[1] or found[2] or ''}\uff09", text)
    return _STOP.sub(lambda found: _WIDE[found[1] or found[2]], text)


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
