"""What the report on a search for staff says."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final, Literal

from sim.experiments import Staffing
from sim.experiments.staffing.requirements import Judged, Requirement
from sim.experiments.staffing.result import Point
from sim.experiments.staffing.teams import Team
from sim.measures.contrasts import Estimate
from sim.measures.days import Category, not_counted
from sim.measures.shares import Verdict
from sim.report.blocks import Cell, Column, Line, Part, Report, Row, Table, Tone
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.numbers import percent, rounded
from sim.report.staffing.words import say
from sim.report.verdicts import verdict_cell

TONES: Final[dict[str, Tone]] = {
    "found": "holds",
    "capped": "undecided",
    "unconfirmed": "undecided",
}
"""Of outcomes; any other one fails."""
SHOWN_WD: Final = 0.05
"""Working days below which a use of time is not named."""


def staff_report(result: Staffing, language: Language) -> Report:
    """Return the plan beside today's staff, its confirmation, the frontier and marginal values."""
    labels = Labels(result.scenario, language)
    parts = [Part((answer(result, language),)), Part((_plan_table(result, labels),))]
    if result.confirmation is not None:
        confirmed = result.confirmation.judged
        parts.append(Part((_requirements_table(result, labels, confirmed, "fresh_title"),)))
    if result.reach is not None:
        reached = _requirements_table(result, labels, result.reached, "nobody_waits_title")
        parts += [Part((reached,)), *(Part((line,)) for line in _late_days(result, labels))]
    if len(result.points) > 1:
        parts.append(Part((_frontier_table(result, labels),)))
    parts += [Part((_one_more_table(result, labels),)), Part(tuple(_notes(result, language)))]
    line = say(
        "searched",
        language,
        seed=result.seed,
        plans=result.plans_tried,
        made=result.replications_made,
        replications=result.replications,
    )
    return Report(labels.text(result.scenario.name), (Line(line, "faint"),), tuple(parts))


def answer(result: Staffing, language: Language) -> Line:
    """Say in a sentence what was found."""
    heads = 0 if result.plan is None else sum(result.plan)
    today = sum(result.today)
    sentence = say(result.outcome, language, heads=heads, today=today, cap=result.cap)
    return Line(sentence, TONES.get(result.outcome, "fails"))


def team_label(team: Team, labels: Labels) -> str:
    """Return a group's label: its own, or that of the first pool it serves."""
    group = labels.scenario.staff[team.group]
    label = labels.text(group.label) or labels.pool(group.serves[0])
    if team.value is None:
        return label
    attribute = labels.scenario.pools[group.serves[0]].per
    return f"{label} · {labels.value(attribute or '', team.value)}"


# --- the plan --------------------------------------------------------------------------------


def _plan_table(result: Staffing, labels: Labels) -> Table:
    """Return each group today and under the plan, and all groups together."""
    words = labels.language
    planned = ("plan", "change") if result.plan is not None else ()
    keys = ("today", "floor", *planned, "busy_today", *(("busy_plan",) if planned else ()))
    columns = [Column(say("team", words)), *(Column(say(key, words), number=True) for key in keys)]
    total = [say("all_groups", words), str(sum(result.today)), str(sum(result.lowest))]
    if result.plan is not None:
        columns.append(Column(say("one_fewer", words)))
        total += [str(sum(result.plan)), f"{sum(result.plan) - sum(result.today):+d}"]
    total += [""] * (len(columns) - len(total))
    rows = (*(_team_row(result, number, labels) for number in range(len(result.teams))), (*total,))
    return Table(tuple(columns), rows, total=True, strong=frozenset({len(rows) - 1}))


def _team_row(result: Staffing, number: int, labels: Labels) -> Row:
    team = result.teams[number]
    busy = [percent(busiest[number], 0) for busiest in result.busy_of if busiest]
    row = (team_label(team, labels), str(team.today), str(result.lowest[number]))
    if result.plan is None:
        return *row, busy[0]
    change = result.plan[number] - team.today
    return (
        *row,
        str(result.plan[number]),
        f"{change:+d}" if change else "·",
        *busy,
        _one_fewer(result, result.plan[number], team, labels.language),
    )


def _one_fewer(result: Staffing, planned: int, team: Team, language: Language) -> Cell:
    """Say what becomes of the plan with one officer fewer in a team: the worst verdict."""
    verdicts = {
        step.verdict
        for step in result.one_more
        if step.at == "plan" and step.by == -1 and step.team == team
    }
    order: tuple[Verdict, ...] = ("fails", "undecided", "holds")
    for worst in order:
        if worst in verdicts:
            return verdict_cell(worst, language)
    return Cell(say("bounded" if planned == team.least else "below_floor", language), "faint")


# --- the requirements ------------------------------------------------------------------------


def _requirement_label(requirement: Requirement, labels: Labels) -> str:
    if requirement.kind == "limit":
        return labels.limit(requirement.name)
    return say("wait_of", labels.language, pool=labels.pool(requirement.name))


def _value(requirement: Requirement, value: float) -> str:
    return percent(value) if requirement.kind == "limit" else f"{rounded(60 * value, 1)} min"


def _estimate(requirement: Requirement, judged: Judged) -> tuple[str, str]:
    """Return a value and its interval."""
    value, low, high = (
        _value(requirement, number) for number in (judged.value, judged.low, judged.high)
    )
    return value, f"{low} – {high}"


def _requirements_table(
    result: Staffing, labels: Labels, judged: tuple[Judged, ...], title: str
) -> Table:
    """Return the verdict on each requirement under one plan."""
    words = labels.language
    columns = (
        *(Column(say(key, words)) for key in ("promise", "verdict")),
        *(Column(say(key, words), number=True) for key in ("on_time", "interval", "target")),
    )
    rows = tuple(
        (
            _requirement_label(requirement, labels),
            verdict_cell(judgement.verdict, words),
            *_estimate(requirement, judgement),
            _value(requirement, requirement.target),
        )
        for requirement, judgement in zip(result.requirements, judged, strict=True)
    )
    return Table(columns, rows, say(title, words))


def _late_days(result: Staffing, labels: Labels) -> Iterator[Line]:
    """Say for each limit missed where the days of late cases go although nobody waits."""
    reach = result.reach
    if reach is None:
        return
    clock_of = {limit.name: limit.clock for limit in reach.resolved_limits}
    words = labels.language
    for requirement, judgement in zip(result.requirements, result.reached, strict=True):
        limit = requirement.name
        if judgement.verdict == "holds" or requirement.kind != "limit":
            continue
        days = reach.late_days(limit)
        if not days:
            continue
        comma = say("comma", words)
        named = {category: used for category, used in days.items() if used >= SHOWN_WD}
        text = say(
            "time_used",
            words,
            limit=labels.limit(limit),
            days=f"{reach.late_total_wd(limit):.1f}",
            parts=comma.join(
                f"{say(name, words).lower()} {used:.1f}" for name, used in named.items()
            ),
        )
        left_out = not_counted(reach.model.process, clock_of[limit])
        uncounted = [
            say(name, words).lower() for name in named if Category[name.upper()] in left_out
        ]
        if uncounted:
            text += say("time_not_counted", words, parts=comma.join(uncounted))
        yield Line(text)


# --- other numbers of officers ---------------------------------------------------------------


def _frontier_table(result: Staffing, labels: Labels) -> Table:
    """Return for each number of officers the requirement kept worst, under the best plan."""
    words = labels.language
    with_cost = any(team.cost != 1 for team in result.teams)
    columns = (
        Column(say("officers", words), number=True),
        *([Column(say("cost", words), number=True)] if with_cost else []),
        Column(say("promise", words)),
        *(Column(say(key, words), number=True) for key in ("on_time", "interval", "margin")),
        Column(say("verdict", words)),
    )
    rows = tuple(_frontier_row(result, point, labels, with_cost) for point in result.points)
    planned = (number for number, point in enumerate(result.points) if point.plan == result.plan)
    return Table(columns, rows, say("frontier_title", words), strong=frozenset(planned))


def _frontier_row(result: Staffing, point: Point, labels: Labels, with_cost: bool) -> Row:
    requirement, judgement = result.requirements[point.worst], point.judged[point.worst]
    return (
        str(point.heads),
        *([f"{point.cost:g}"] if with_cost else []),
        _requirement_label(requirement, labels),
        *_estimate(requirement, judgement),
        f"{100 * judgement.margin:+.1f} %",
        verdict_cell(judgement.verdict, labels.language),
    )


def _one_more_table(result: Staffing, labels: Labels) -> Table:
    """Return what one more officer in each group changes, today and under the plan."""
    words = labels.language
    plans: tuple[Literal["today", "plan"], ...] = ("today", "plan")
    if result.plan is None:
        plans = ("today",)
    changes = {
        (step.at, step.team.name, step.requirement): step.change
        for step in result.one_more
        if step.by == 1
    }
    places = [(requirement, at) for requirement in result.requirements for at in plans]
    headings = (f"{_requirement_label(of, labels)}\n{say('at_' + at, words)}" for of, at in places)
    rows: tuple[Row, ...] = tuple(
        (
            team_label(team, labels),
            *(_change(of, changes[at, team.name, of], words) for of, at in places),
        )
        for team in result.teams
    )
    columns = (Column(say("team", words)), *(Column(text, number=True) for text in headings))
    return Table(columns, rows, say("value_title", words))


def _change(requirement: Requirement, change: Estimate, language: Language) -> Cell:
    if math.isnan(change.value):
        return Cell("–")
    unit = 100 if requirement.kind == "limit" else 60
    value, low, high = (
        round(unit * number, 1) + 0.0  # no -0.0
        for number in (change.value, change.low, change.high)
    )
    text = say("points", language, value=value, low=low, high=high)
    return Cell(text, "" if change.sign else "faint")


def _notes(result: Staffing, language: Language) -> Iterator[Line]:
    yield Line(say("together", language), "faint")
    if result.outcome == "found":
        perhaps = result.perhaps
        if perhaps is not None:
            values = {"heads": perhaps.heads, "replications": perhaps.replications}
            yield Line(say("perhaps", language, **values), "notice")
        yield Line(say("exhausted" if result.exhausted else "local", language))
    if result.settings:
        changes = " ".join(f"--set '{setting}'" for setting in result.settings)
        yield Line(f"{say('to_run', language)} {changes}")
    elif result.plan is not None:
        yield Line(say("unchanged", language))
