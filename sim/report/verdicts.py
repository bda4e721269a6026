"""How reports show verdicts and their confidence."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sim.measures.limits import LimitJudgement
from sim.measures.shares import Verdict
from sim.report.blocks import Cell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.words import say

MARKS: Final[dict[Verdict, str]] = {"holds": "✓", "fails": "✗", "undecided": "?"}


def verdict_cell(verdict: Verdict, language: Language) -> Cell:
    """Return the word for a verdict, in its colour."""
    return Cell(say(verdict, language), verdict)


def interval_heading(limits: Collection[LimitJudgement], language: Language) -> str:
    """Return the heading of a column of intervals, with the confidence if all limits share it."""
    levels = {limit.limit.confidence for limit in limits}
    heading = say("interval", language)
    return f"{percent(levels.pop(), None)} {heading}" if len(levels) == 1 else heading
