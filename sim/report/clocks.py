"""Clocks in words: their names, their meaning, and amounts of time on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sim.limits import ClockRule
from sim.measures.shares import Quantile
from sim.report.language import Language
from sim.report.numbers import rounded

_DIGITS: Final = {"wd": 0, "cd": 0, "h": 1}


def clock_label(rule: ClockRule, language: Language) -> str:
    """Return the name of a clock."""
    return rule.label[0 if language == "en" else 1]


def clock_meanings(rules: Iterable[ClockRule], language: Language) -> str:
    """Return what each clock counts, in sentences; an own clock without a meaning has none."""
    which = 0 if language == "en" else 1
    told = [(rule.label[which], rule.meaning[which]) for rule in rules if rule.meaning[which]]
    if language == "en":
        return "".join(f"{label[:1].upper()}{label[1:]}: {meaning}. " for label, meaning in told)
    return ";".join(f"{label}:{meaning}" for label, meaning in told)


def amount_text(value: float, unit: str) -> str:
    """Write whole days, or hours to one decimal; NaN as a dash."""
    return rounded(value, _DIGITS[unit])


def quantile_text(quantile: Quantile, unit: str) -> str:
    """Write a quantile of a clock; a plus if open cases may still push it up."""
    return amount_text(quantile.days, unit) + ("+" if quantile.at_least else "")
