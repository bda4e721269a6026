"""Notes beside the numbers: outcomes, self-checks, assumptions, likely slips."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Final

from sim.bounds import REPLICATIONS
from sim.experiments import Result
from sim.limits import PRESETS
from sim.report.assumptions import arrivals_left_out, quantities, stamps
from sim.report.blocks import Line
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import failed_checks
from sim.report.numbers import percent
from sim.report.run.open_cases import open_case_lines
from sim.report.run.replays import listed_line, opened_lines, replay_lines
from sim.report.words import say
from sim.scenario import Scenario
from sim.scenario.mistakes.idle_dates import exceptions_outside, may_be_simulated
from sim.scenario.mistakes.idle_levers import idle_levers, idle_settings
from sim.scenario.mistakes.pools import unlike_without_take_over
from sim.scenario.mistakes.unclear_steps import seemingly_one_of, unnamed_delays
from sim.scenario.origin import dotted

BACKED: Final = ("measured", "inferred", "published", "policy", "law")
"""Sources that back a number, in the order in which they are named."""
LONG_RUN_IN_DAYS: Final = 366
"""Length above which a run-in is likely to be a slip."""
NOT_OF_THE_LAW: Final = frozenset(PRESETS) - {"statutory"}
"""Clocks of promises and statistics, whose limits art. 42 of the Licensing Law does not extend. Of
a scenario's own clocks it is not known."""
HOURS_SHOWN: Final = 48
"""Times of this many hours or more are shown in days."""


def scenario_notes(scenario: Scenario, language: Language) -> list[str]:
    """Return what is allowed, but probably not intended; first what of a workbook is not read."""
    notes = [*scenario.provenance.completed.remarks]
    for idle in idle_levers(scenario):
        owner = say(f"owner_{idle.owner}", language)
        notes.append(say("idle_lever", language, lever=idle.lever, owner=owner, key=idle.key))
    for setting in idle_settings(scenario):
        notes.append(say(f"idle_{setting.kind}", language, path=dotted(setting.path)))
    for name, group in scenario.staff.items():
        count = group.count if isinstance(group.count, int) else sum(group.count.values())
        for leave in group.leave:
            if leave.officers > count:  # a variant may make a group smaller
                away = {"away": leave.officers, "count": count}
                notes.append(say("everyone_away", language, group=name, **away))
    for pool, speeds in unlike_without_take_over(scenario):
        slow = {"slowest": f"{float(speeds[0]):g}", "fastest": f"{float(speeds[-1]):g}"}
        notes.append(say("slow_officers", language, pool=pool, **slow))
    for name, dates in exceptions_outside(scenario):
        first, last = may_be_simulated(scenario)
        run = {"first": first, "last": last}
        notes.append(say("dates_outside", language, hours=name, dates=dates, **run))
    for case_type, delays in unnamed_delays(scenario):
        steps = ", ".join(delays)
        notes.append(say("unnamed_delays", language, case_type=case_type, steps=steps))
    for alike in seemingly_one_of(scenario):
        key = "one_of_specials" if alike.matter else "one_of_steps"
        shares = {
            "everything": percent(alike.all_share, 0),
            "nothing": percent(alike.none_share, 0),
        }
        place = f"{alike.case_type}.matters.{alike.matter}" if alike.matter else alike.case_type
        notes.append(say(key, language, place=place, names=", ".join(alike.names), **shares))
    for name, limit in scenario.limits.items():
        if limit.extension is not None and limit.clock in NOT_OF_THE_LAW:
            notes.append(say("extended_promise", language, limit=name, clock=limit.clock))
    run_in = (scenario.period.window.first - scenario.period.start).days
    if run_in > LONG_RUN_IN_DAYS:
        notes.append(say("long_run_in", language, days=run_in))
    return notes


def notes_lines(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield the outcomes of the cases, the self-checks, and the assumptions of the result."""
    open_cases = {limit.name for limit in result.verdicts if limit.undetermined}
    undecided = {limit.name for limit in result.verdicts if limit.verdict == "undecided"}
    if result.replications > 1 and undecided - open_cases:
        yield from how_to_decide(result, labels)
    yield from open_case_lines(result, labels)
    yield from outcomes(result, labels)
    yield from checks(result, labels)
    yield from left_out_of(result, labels)


def rests_on(scenario: Scenario, language: Language) -> Iterator[Line]:
    """Yield what backs the numbers of a scenario: how many are assumed, measured, and so on.

    Nothing if none is assumed or without a source, as in a textbook system.
    """
    parameters = quantities(scenario)
    kinds = Counter(parameter.source.kind for parameter in parameters)
    if not (kinds["assumed"] or kinds["none"]):
        return
    unmeasured = (row for row in parameters if row.source.kind in {"assumed", "none"})
    ranged = sum(parameter.range is not None for parameter in unmeasured)
    backed = [f"{kinds[kind]} {say(f'backed_{kind}', language)}" for kind in BACKED if kinds[kind]]
    counts = {"all": len(parameters), "assumed": kinds["assumed"], "bare": kinds["none"]}
    others = say("listing", language).join(backed or [say("backed_nothing", language)])
    yield Line(say("rests_on", language, **counts, ranged=ranged, others=others), "faint")


def how_to_decide(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield how many replications would decide the undecided limits, and how to have them made."""
    for name, number in result.replications_to_decide.items():
        key, count = "too_near", 0
        if number <= REPLICATIONS:
            key, count = "would_decide", at_least(number)
        yield Line(labels.say(key, limit=labels.limit(name), count=count), "notice")
    # A run that looked several times has spent what it was allowed.
    key = "undecided_at_most" if result.confidence_of else "undecided_hint"
    yield Line(labels.say("undecided_doubt" if result.inputs else key), "notice")


def at_least(number: float) -> int:
    """Return the next whole number of two digits, and zeros: 1,234.5 is 1,300."""
    unit = int(10 ** max(0, math.floor(math.log10(number)) - 1))
    return math.ceil(number / unit) * unit


def outcomes(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield the outcomes of the cases of each type, and the backlog at the start."""
    say = labels.say
    for name, states in result.states.items():
        counts = ", ".join(
            f"{say('state_open' if state == 'open' else state)} {count:,}"
            for state, count in states.items()
        )
        hours = result.mean_sojourn_h(name)
        if hours < HOURS_SHOWN:
            counts += f"; {say('sojourn_h', time=hours)}"
        elif not math.isnan(hours):
            counts += f"; {say('sojourn_cd', time=hours / 24)}"
        yield Line(f"{labels.case_type(name)}: {counts}")
    at_start = result.open_at_start
    if at_start is not None:
        key = "at_start_drawn" if result.scenario.backlog.generate else "at_start"
        yield Line(say(key, count=at_start.cases, over=at_start.over))


def checks(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield what weakens the result: an interruption, a single replication, failed self-checks."""
    if result.interrupted:
        yield Line(labels.say("interrupted", count=result.replications), "warning")
    if result.replications == 1 and result.verdicts:
        yield Line(labels.say("one_replication"), "notice")
    yield from failed_checks(result, labels)
    if not result.failed_checks:
        yield Line(labels.say("checks_ok"), "faint")


def left_out_of(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield what was left out of the result, and what is probably not intended."""
    if cut_off := sum(summary.cut_off for summary in result.summaries):
        yield Line(labels.say("cut_off", count=cut_off), "faint")
    yield from replay_lines(result.model, labels)
    yield from listed_line(result.model, arrivals_left_out(result), labels)
    yield from opened_lines(result.model, labels)
    for text in (*stamps(result), *scenario_notes(result.scenario, labels.language)):
        yield Line(labels.say("stamp", text=text), "notice")
