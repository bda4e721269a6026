"""A summary of a scenario: its subject and its limits."""

from __future__ import annotations

from sim.report.blocks import Column, Line, Part, Report, number, table_of
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import no_limits
from sim.report.numbers import percent
from sim.scenario import Scenario


def scenario_report(scenario: Scenario, language: Language) -> Report:
    """Return the subject of a scenario and its limits."""
    labels = Labels(scenario, language)
    say = labels.say
    about = labels.text(scenario.about).strip()
    under = (Line(about, "faint"),) if about else ()
    limits = table_of(
        scenario.limits.items(),
        [
            (
                Column(labels.say("promise")),
                lambda item: f"{labels.limit(item[0])} · {item[1].limit}",
            ),
            (number(say("target")), lambda item: percent(item[1].target_share, None)),
            (Column(say("clock")), lambda item: labels.clock(item[1].clock)),
        ],
    )
    block = limits if scenario.limits else no_limits(language)
    return Report(labels.text(scenario.name), under, (Part((block,)),))
