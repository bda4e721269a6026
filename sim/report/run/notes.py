"""What a reader must know beside the numbers: outcomes, assumptions, and what changes nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.experiments import Result
from sim.measures.backlog import open_at_start
from sim.report.assumptions import arrivals_left_out, assumptions, count_assumed, stamps
from sim.report.blocks import Line
from sim.report.labels import Labels
from sim.report.words import Language, say
from sim.scenario import Scenario
from sim.scenario.mistakes.idle_levers import idle_levers

LONG_RUN_IN_DAYS = 366
"""A run-in of more than a year is more likely a slip than wanted."""
HOURS_SHOWN = 48
"""Hours from which a time is told in days."""


def scenario_notes(scenario: Scenario, language: Language) -> list[str]:
    """Return what in a scenario is allowed, and still probably not what its writer meant."""
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
    """Tell leaves of more officers than there are; no error, since a group may be made smaller."""
    for name, group in scenario.staff.items():
        count = group.count if isinstance(group.count, int) else sum(group.count.values())
        for leave in group.leave:
            if leave.officers > count:
                away = leave.officers
                yield say("everyone_away", language, group=name, away=away, count=count)


def notes_lines(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield what became of the cases, the self-checks, and what the result rests on."""
    if result.replications > 1 and any(each.verdict == "undecided" for each in result.verdicts):
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
    backlog = result.scenario.backlog
    if backlog.file is not None or backlog.generate:
        yield _at_start(result, language)


def _at_start(result: Result, language: Language) -> Line:
    """Tell the backlog of the first replication; one from a file is the same in all."""
    scenario = result.scenario
    at_start = open_at_start(
        result.model.demand.draw(result.seed, result.summaries[0].number),
        result.resolved_limits,
        count_start_day=scenario.calendar.count_start_day,
    )
    key = "at_start_drawn" if scenario.backlog.generate else "at_start"
    return Line(say(key, language, count=at_start.cases, over=at_start.over))


def _sojourn(hours: float, language: Language) -> str:
    if hours < HOURS_SHOWN:
        return say("sojourn_h", language, time=hours)
    return say("sojourn_cd", language, time=hours / 24)


def checks(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield what limits the worth of the result: few replications, failed self-checks."""
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
    """Yield what was left out of the result, or is probably not meant."""
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
    """Yield how many numbers no source backs."""
    language = labels.language
    found = assumptions(result.scenario)
    if found:
        assumed = count_assumed(found)
        text = say("assumed", language, count=assumed, bare=len(found) - assumed)
        yield Line(text, "faint")
