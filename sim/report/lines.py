"""Lines that several reports have."""

from __future__ import annotations

from sim.report.blocks import Line
from sim.report.dates import date_text
from sim.report.language import Language
from sim.report.words import say
from sim.scenario import Scenario


def how_made(scenario: Scenario, seed: int, replications: str, language: Language) -> Line:
    """Say with which seed and replications a result was made, and of which cases."""
    window = scenario.period.window
    line = say(
        "run_line",
        language,
        seed=seed,
        replications=replications,
        first=date_text(window.first, language),
        last=date_text(window.last, language),
    )
    return Line(line, "faint")


def no_limits(language: Language) -> Line:
    """Say that the scenario has no limits."""
    return Line(say("no_limits", language))
