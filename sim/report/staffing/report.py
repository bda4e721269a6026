"""The report on a search for staff, and a search as plain data."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, Final

from sim.experiments import Result, Staffing
from sim.experiments.staffing.requirements import JudgedRequirement, Requirement
from sim.experiments.staffing.teams import Plan, Team
from sim.measures.contrasts import Estimate
from sim.measures.days import Category, not_counted
from sim.measures.shares import Verdict
from sim.report.blocks import (
    Block,
    Cell,
    Column,
    Line,
    Part,
    Report,
    Row,
    Table,
    Tone,
    number,
    table_of,
)
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import verdict_cell
from sim.report.numbers import bounded_percent, percent, rounded, yuan, yuan_interval
from sim.report.plain_data import finding_data
from sim.report.run.open_cases import some_open_lines
from sim.report.staffing.words import say
from sim.results.rows import records

TONES: Final[dict[str, Tone]] = {
    "found": "holds",
    "capped": "undecided",
    "unconfirmed": "undecided",
}
"""Tones of outcomes; any other outcome fails."""
SHOWN_WD: Final = 0.05
"""Working days below which a use of time is left out."""


def staff_report(result: Staffing, language: Language) -> Report:
    """Return the plan beside today's staff, its confirmation, the frontier and marginal values."""
    labels = Labels(result.scenario, language, say)
    blocks: list[Block] = [
        answer(result, language),
        *posts(result, labels),
        *money(result, labels),
        _plan_table(result, labels),
    ]
    if result.confirmation is not None:
        confirmed = result.confirmation.judged
        blocks.append(_requirements_table(result, labels, confirmed, "fresh_title"))
        blocks += some_open_lines([result.confirmation.result], labels)
    if result.reach is not None:
        blocks.append(_requirements_table(result, labels, result.reached, "nobody_waits_title"))
        blocks += _late_days(result, result.reach, labels)
    if len(result.points) > 1:
        blocks.append(_frontier_table(result, labels))
    blocks.append(_one_more_table(result, labels))
    counts = {"made": result.replications_made, "replications": result.replications}
    line = labels.say("searched", seed=result.seed, plans=result.plans_tried, **counts)
    parts = (*(Part((block,)) for block in blocks), Part(tuple(_notes(result, labels))))
    return Report(labels.text(result.scenario.name), (Line(line, "faint"),), parts)


def answer(result: Staffing, language: Language) -> Line:
    """Return the outcome of the search in a sentence."""
    heads = 0 if result.plan is None else sum(result.plan)
    today = sum(result.today)
    fresh = 0 if result.confirmation is None else result.confirmation.result.replications
    counts = {"fresh": fresh, "replications": result.plan_replications}
    sentence = say(result.outcome, language, heads=heads, today=today, cap=result.cap, **counts)
    return Line(sentence, TONES.get(result.outcome, "fails"))


def posts(result: Staffing, labels: Labels) -> Iterator[Line]:
    """Yield the posts that go under the plan and those that come, and whose they are."""
    changes = [
        (team, today, planned)
        for team, today, planned in zip(result.teams, result.today, result.plan or (), strict=False)
        if today != planned
    ]
    for key, fewer in (("posts_go", True), ("posts_come", False)):
        named = [
            f"{team_label(team, labels)} {today} → {planned}"
            + (labels.say("of_third_party") if team.third_party else "")
            for team, today, planned in changes
            if (planned < today) == fewer
        ]
        if named:
            yield Line(labels.say(key, posts=labels.say("comma").join(named)))


def money(result: Staffing, labels: Labels) -> Iterator[Line]:
    """Yield what posts and overtime cost today and under the plan, if the scenario gives costs."""
    if not result.in_yuan:
        return
    for place, (at, plan) in enumerate((("today", result.today), ("plan", result.plan))):
        if plan is None:
            continue
        charged = zip(result.teams, plan, strict=True)
        posts_cost = sum(team.cost * heads for team, heads in charged if team.priced)
        key, overtime = f"costs_{at}", 0.0
        if result.overtime:
            key, overtime = f"{key}_overtime", result.overtime[place].value
        values = {"posts": yuan(posts_cost), "total": yuan(posts_cost + overtime)}
        extra = yuan_interval(result.overtime[place]) if result.overtime else ""
        yield Line(labels.say(key, **values, overtime=extra))
    free = [team_label(team, labels) for team in result.teams if not team.priced]
    if free:
        yield Line(labels.say("without_cost", groups=labels.say("listing").join(free)), "faint")


def team_label(team: Team, labels: Labels) -> str:
    """Return a group's label: its own, or that of the first pool it serves."""
    label = labels.group(team.group)
    if team.value is None:
        return label
    first = labels.scenario.staff[team.group].serves[0]
    attribute = labels.scenario.pools[first].per
    return f"{label} · {labels.value(attribute or '', team.value)}"


# --- the plan --------------------------------------------------------------------------------


def _plan_table(result: Staffing, labels: Labels) -> Table:
    """Return each group today and under the plan, and all groups together."""
    say, plan = labels.say, result.plan
    columns: list[tuple[Column, Callable[[int], str | Cell]]] = [
        (Column(say("team")), lambda place: team_label(result.teams[place], labels)),
        (number(say("today")), lambda place: str(result.today[place])),
        (number(say("floor")), lambda place: str(result.lowest[place])),
    ]
    total = [say("all_groups"), str(sum(result.today)), str(sum(result.lowest))]
    busy_today, busy_plan = result.busy_of
    today = (number(say("busy_today")), lambda place: percent(busy_today[place], 0))
    if plan is None:
        columns.append(today)
    else:
        differences = [planned - now for planned, now in zip(plan, result.today, strict=True)]
        changes = [f"{change:+d}" if change else "·" for change in differences]
        columns += [
            (number(say("plan")), lambda place: str(plan[place])),
            (number(say("change")), lambda place: changes[place]),
            today,
            (number(say("busy_plan")), lambda place: percent(busy_plan[place], 0)),
            (Column(say("one_fewer")), lambda place: _one_fewer(result, plan, place, labels)),
        ]
        total += [str(sum(plan)), f"{sum(differences):+d}"]
    teams = table_of(range(len(result.teams)), columns)
    total += [""] * (len(columns) - len(total))
    rows = (*teams.rows, tuple(total))
    return Table(teams.columns, rows, total=True, strong=frozenset({len(rows) - 1}))


def _one_fewer(result: Staffing, plan: Plan, place: int, labels: Labels) -> Cell:
    """Return the worst verdict under the plan with one officer fewer in a team."""
    team = result.teams[place]
    verdicts = {
        step.verdict
        for step in result.one_more
        if (step.at, step.by, step.team) == ("plan", -1, team)
    }
    order: tuple[Verdict, ...] = ("fails", "undecided", "holds")
    for worst in order:
        if worst in verdicts:
            return verdict_cell(worst, labels.language)
    return Cell(labels.say("bounded" if plan[place] == team.least else "below_floor"), "faint")


# --- the requirements ------------------------------------------------------------------------


def _requirement_label(requirement: Requirement, labels: Labels) -> str:
    if requirement.kind == "limit":
        return labels.limit(requirement.name)
    return labels.say("wait_of", pool=labels.pool(requirement.name))


def _value(requirement: Requirement, value: float) -> str:
    return percent(value) if requirement.kind == "limit" else f"{rounded(60 * value, 1)} min"


def _estimate(requirement: Requirement, judged: JudgedRequirement) -> tuple[str, str]:
    """Return a value and its interval."""
    low, high = (_value(requirement, number) for number in (judged.low, judged.high))
    if requirement.kind == "limit":
        return bounded_percent(judged.value, judged.at_best), f"{low} – {high}"
    return _value(requirement, judged.value), f"{low} – {high}"


def _requirements_table(
    result: Staffing, labels: Labels, judged: tuple[JudgedRequirement, ...], title: str
) -> Table:
    """Return the verdict on each requirement under one plan."""
    say = labels.say
    rows = tuple(
        (
            _requirement_label(requirement, labels),
            verdict_cell(judgement.verdict, labels.language),
            *_estimate(requirement, judgement),
            _value(requirement, requirement.target),
        )
        for requirement, judgement in zip(result.requirements, judged, strict=True)
    )
    numbers = (number(say(key)) for key in ("on_time", "interval", "target"))
    return Table((Column(say("promise")), Column(say("verdict")), *numbers), rows, say(title))


def _late_days(result: Staffing, reach: Result, labels: Labels) -> Iterator[Line]:
    """Yield for each missed limit what uses the days of late cases although nobody waits."""
    rule_of = {limit.name: limit.rule for limit in reach.resolved_limits}
    say, comma = labels.say, labels.say("comma")
    for requirement, judgement in zip(result.requirements, result.reached, strict=True):
        limit = requirement.name
        if judgement.verdict == "holds" or requirement.kind != "limit":
            continue
        days = reach.late_days(limit)
        if not days:
            continue
        named = {name: used for name, used in days.items() if used >= SHOWN_WD}
        parts = comma.join(f"{say(name).lower()} {used:.1f}" for name, used in named.items())
        total = f"{reach.late_total_wd(limit):.1f}"
        text = say("time_used", limit=labels.limit(limit), days=total, parts=parts)
        left_out = not_counted(reach.model.process, rule_of[limit])
        uncounted = [say(name).lower() for name in named if Category[name.upper()] in left_out]
        if uncounted:
            text += say("time_not_counted", parts=comma.join(uncounted))
        yield Line(text)


# --- other numbers of officers ---------------------------------------------------------------


def _frontier_table(result: Staffing, labels: Labels) -> Table:
    """Return for each number of officers the worst requirement under the best plan."""
    say = labels.say
    with_cost = any(team.cost != 1 for team in result.teams)
    columns = (
        number(say("officers")),
        *([number(say("cost"))] if with_cost else []),
        Column(say("promise")),
        *(number(say(key)) for key in ("on_time", "interval", "margin")),
        Column(say("verdict")),
    )
    rows: list[Row] = []
    for point in result.points:
        requirement, judgement = result.requirements[point.worst], point.judged[point.worst]
        row: Row = (
            str(point.heads),
            *([yuan(point.total) if result.in_yuan else f"{point.cost:g}"] if with_cost else []),
            _requirement_label(requirement, labels),
            *_estimate(requirement, judgement),
            f"{100 * judgement.margin:+.1f} %",
            verdict_cell(judgement.verdict, labels.language),
        )
        rows.append(row)
    planned = (place for place, point in enumerate(result.points) if point.plan == result.plan)
    return Table(columns, tuple(rows), say("frontier_title"), strong=frozenset(planned))


def _one_more_table(result: Staffing, labels: Labels) -> Table:
    """Return what one more officer in each group changes, today and under the plan."""
    plans = ("today",) if result.plan is None else ("today", "plan")
    changes: dict[tuple[str, str, Requirement], Estimate] = {
        (step.at, step.team.name, step.requirement): step.change
        for step in result.one_more
        if step.by == 1
    }
    columns, cells = [Column(labels.say("team"))], []
    for requirement in result.requirements:
        for at in plans:
            where = labels.say(f"at_{at}")
            columns.append(number(f"{_requirement_label(requirement, labels)}\n{where}"))
            changed = [changes[at, team.name, requirement] for team in result.teams]
            cells.append([_change(requirement, change, labels) for change in changed])
    teams = [team_label(team, labels) for team in result.teams]
    rows = tuple(zip(teams, *cells, strict=True))
    return Table(tuple(columns), rows, labels.say("value_title"))


def _change(requirement: Requirement, change: Estimate, labels: Labels) -> Cell:
    if math.isnan(change.value):
        return Cell("–")
    unit = 100 if requirement.kind == "limit" else 60
    value, low, high = (
        round(unit * bound, 1) + 0.0  # no -0.0
        for bound in (change.value, change.low, change.high)
    )
    text = labels.say("points", value=value, low=low, high=high)
    return Cell(text, "" if change.sign else "faint")


def _notes(result: Staffing, labels: Labels) -> Iterator[Line]:
    yield Line(labels.say("together"), "faint")
    if result.outcome == "found":
        if perhaps := result.perhaps:
            values = {"heads": perhaps.heads, "replications": perhaps.replications}
            yield Line(labels.say("perhaps", **values), "notice")
        yield Line(labels.say("exhausted" if result.exhausted else "local"))
    if result.settings:
        changes = " ".join(f"--set '{setting}'" for setting in result.settings)
        same = f"-n {result.plan_replications} --seed {result.seed}"
        yield Line(f"{labels.say('to_run')} {changes} {same}")
    elif result.plan is not None:
        yield Line(labels.say("unchanged"))


def staff_data(result: Staffing) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    plan, confirmed, perhaps = result.plan, result.confirmation, result.perhaps
    teams, overtime = [team.name for team in result.teams], result.overtime
    data = {
        "outcome": result.outcome,
        "cap": result.cap,
        "plan": None if plan is None else dict(zip(teams, plan, strict=True)),
        "settings": result.settings,
        "heads": None if plan is None else sum(plan),
        "heads_today": sum(result.today),
        "cost": None if plan is None else result.cost(plan),
        "cost_today": result.cost(result.today),
        "overtime_cost": None if plan is None or not overtime else overtime[1].value,
        "overtime_cost_today": overtime[0].value if overtime else None,
        "all_cheaper_tried": result.exhausted,
        "perhaps_heads": None if perhaps is None else perhaps.heads,
        "staff": result.records("staff"),
        "verdicts": result.records("verdicts"),
        "plan_replications": result.plan_replications,
        "fresh_replications": None if confirmed is None else confirmed.result.replications,
        "rejected": [dict(zip(teams, rejected, strict=True)) for rejected in result.rejected],
        "nobody_waits": records(result.reach_rows),
        "frontier": result.records("frontier"),
        "marginal": result.records("marginal"),
        "plans_tried": result.plans_tried,
        "replications_made": result.replications_made,
    }
    return finding_data(result, data)
