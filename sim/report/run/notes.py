"""What a reader must know beside the numbers: outcomes, self-checks, assumptions, likely slips."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from sim.experiments import Result
from sim.report.assumptions import arrivals_left_out, assumptions, count_assumed, stamps
from sim.report.blocks import Line
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.words import say
from sim.scenario import Scenario
from sim.scenario.mistakes.idle_levers import idle_levers

LONG_RUN_IN_DAYS: Final = 366
"""A longer run-in is more likely a slip than intended."""
HOURS_SHOWN: Final = 48
"""Times of this many hours or more are shown in days."""


def scenario_notes(scenario: Scenario, language: Language) -> list[str]:
    """Return warnings of what is allowed in a scenario, but probably not intended."""
    notes = [
        say(
            "idle_lever",
            language,
            lever=idle.lever,
            owner=say(f"owner_{idle.owner}", language),
            key=idle.key,
        )
        for idle in idle_levers(scenario)
    ]
    notes += _everyone_away(scenario, language)
    run_in = (scenario.period.window.first - scenario.period.start).days
    if run_in > LONG_RUN_IN_DAYS:
        notes.append(say("long_run_in", language, days=run_in))
    return notes


def _everyone_away(scenario: Scenario, language: Language) -> Iterator[str]:
    """Yield each leave of more officers than the group has: a variant may make a group smaller."""
    for name, group in scenario.staff.items():
        count = group.count if isinstance(group.count, int) else sum(group.count.values())
        for leave in group.leave:
            if leave.officers > count:
                away = leave.officers
                yield say("everyone_away", language, group=name, away=away, count=count)


def notes_lines(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield what became of the cases, the self-checks, and what the result rests on."""
    if result.replications > 1 and any(limit.verdict == "undecided" for limit in result.verdicts):
        yield Line(say("undecided_hint", labels.language), "notice")
    yield from outcomes(result, labels)
    yield from checks(result, labels)
    yield from left_out_of(result, labels)
    yield from unsourced(result, labels)


def outcomes(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield what became of the cases of each type, and the backlog at the start."""
    language = labels.language
    for name, states in result.states.items():
        counts = ", ".join(
            f"{say('state_open' if state == 'open' else state, language)} {count:,}"
            for state, count in states.items()
        )
        hours = result.mean_sojourn_h(name)
        sojourn = "" if math.isnan(hours) else f"; {_sojourn(hours, language)}"
        yield Line(f"{labels.case_type(name)}: {counts}{sojourn}")
    at_start = result.open_at_start
    if at_start is not None:
        key = "at_start_drawn" if result.scenario.backlog.generate else "at_start"
        yield Line(say(key, language, count=at_start.cases, over=at_start.over))


def _sojourn(hours: float, language: Language) -> str:
    if hours < HOURS_SHOWN:
        return say("sojourn_h", language, time=hours)
    return say("sojourn_cd", language, time=hours / 24)


def checks(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield what weakens the result: an interruption, a single replication, failed self-checks."""
    language = labels.language
    if result.interrupted:
        yield Line(say("interrupted", language, count=result.replications), "warning")
    if result.replications == 1 and result.verdicts:
        yield Line(say("one_replication", language), "notice")
    failed = [check for check in result.checks if not check.ok]
    for check in failed:
        text = say("check_failed", language, name=check.name, detail=check.detail)
        yield Line(text, "error")
    if not failed:
        yield Line(say("checks_ok", language), "faint")


def left_out_of(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield what was left out of the result, and what is probably not intended."""
    language = labels.language
    cut_off = sum(summary.cut_off for summary in result.summaries)
    if cut_off:
        yield Line(say("cut_off", language, count=cut_off), "faint")
    left_out = arrivals_left_out(result)
    if left_out:
        yield Line(say("left_out", language, count=left_out), "notice")
    for text in (*stamps(result), *scenario_notes(result.scenario, language)):
        yield Line(say("stamp", language, text=text), "notice")


def unsourced(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield how many numbers have no source."""
    language = labels.language
    parameters = assumptions(result.scenario)
    if parameters:
        assumed = count_assumed(parameters)
        text = say("assumed", language, count=assumed, bare=len(parameters) - assumed)
        yield Line(text, "faint")
