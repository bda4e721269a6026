"""Words that the figures of several questions share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from sim.report.language import Language, typeset
from sim.report.words import phrase

Words: TypeAlias = Mapping[str, tuple[str, str]]
"""Key → English text, Chinese text."""

SHARED: Final[Words] = {
    "on_time_axis": ("On-time share of cases", "办件按期率"),
    "target": ("target", "目标"),
    "today": ("today", "现状"),
    "not_proven": ("not proven", "未证实"),
    "working_days": ("working days", "工作日"),
    "calendar_days": ("calendar days", "自然日"),
    "hours": ("hours", "小时"),
    "no_case": ("No case could be judged.", "没有可判定的办件。"),
    "no_limit": ("The scenario states no limits.", "该情景未设时限。"),
}


def tell(text: tuple[str, str], language: Language, /, **values: object) -> str:
    """Return a text in the language, with values filled in."""
    filled = phrase(text, language, **values)
    return filled if language == "en" else typeset(filled, language)


def days_unit(unit: str, language: Language) -> str:
    """Return the unit of a clock, `"wd"`, `"cd"` or `"h"`, in full."""
    return tell(SHARED[_UNITS[unit]], language)


_UNITS: Final = {"wd": "working_days", "cd": "calendar_days", "h": "hours"}


def joined(parts: Iterable[str], language: Language) -> str:
    """Join the items of an enumeration."""
    return (", " if language == "en" else "、").join(parts)
