"""A scenario in short: what it is about, and what it promises."""

from __future__ import annotations

from sim.report.blocks import Block, Column, Line, Part, Report, Table
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.words import say
from sim.scenario import Scenario


def scenario_report(scenario: Scenario, language: Language) -> Report:
    """Return what a scenario is about, and its limits."""
    labels = Labels(scenario, language)
    about = labels.text(scenario.about).strip()
    limits: Block = _limits(labels) if scenario.limits else Line(say("no_limits", language))
    under = (Line(about, "faint"),) if about else ()
    return Report(labels.text(scenario.name), under, (Part((limits,)),))


def _limits(labels: Labels) -> Table:
    language = labels.language
    columns = (
        Column(say("promise", language)),
        Column(say("target", language), number=True),
        Column(say("clock", language)),
    )
    rows = tuple(
        (
            f"{labels.limit(name)} · {limit.limit}",
            percent(limit.target_share, 0),
            say(limit.clock, language),
        )
        for name, limit in labels.scenario.limits.items()
    )
    return Table(columns, rows)
