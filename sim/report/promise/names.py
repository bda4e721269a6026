"""Labels of what is promised, and its days in words."""

from __future__ import annotations

from typing import Final

from sim.experiments.promise.days import Kind
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.promise.words import say


def name_of(kind: Kind, case_type: str, name: str, labels: Labels) -> str:
    """Return the label of a limit, case type, stage or matter."""
    if kind == "limit":
        return labels.limit(name)
    spec = labels.scenario.case_types[case_type]
    if kind == "case_type":
        return labels.case_type(name)
    return labels.text((spec.stages if kind == "stage" else spec.matters)[name].label, name)


_UNITS: Final = {"wd": "working_days", "cd": "calendar_days", "h": "hours"}


def days_text(days: float, unit: str, language: Language) -> str:
    """Return a number of days or hours in words."""
    return say(_UNITS[unit], language, count=days)
