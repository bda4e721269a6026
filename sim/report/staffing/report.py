"""The answer to `sim staff`, as text and as data."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Literal

from rich.console import RenderableType

from sim.experiments import Staffing
from sim.experiments.staffing.requirements import Judged, Requirement
from sim.experiments.staffing.result import OneMore, judged_row, requirement_row
from sim.experiments.staffing.teams import Team
from sim.measures.contrasts import Estimate
from sim.measures.days import Category, not_counted
from sim.measures.shares import Verdict
from sim.report.blocks import Cell, Column, Line, Part, Report, Row, Table, Tone
from sim.report.labels import Labels
from sim.report.run.data import plain
from sim.report.staffing.words import WORDS
from sim.report.terminal import judged, percent, rounded, written
from sim.report.words import Language, say
from sim.storage.versions import version


def _say(key: str, language: Language, **values: object) -> str:
    text = WORDS[key][0 if language == "en" else 1]
    return text.format(**values) if values else text


# --- report ----------------------------------------------------------------------------------


def staff_text(result: Staffing, language: Language) -> RenderableType:
    """Return the plan beside today's staff, its confirmation, the frontier and marginal values."""
    return written(staff_report(result, language))


def staff_report(result: Staffing, language: Language) -> Report:
    """Return the plan beside today's staff, its confirmation, the frontier and marginal values."""
    labels = Labels(result.scenario, language)
    parts = [Part((answer(result, language),)), Part((_plan(result, labels),))]
    if result.confirmation is not None:
        judged_again = _verdicts(result, labels, result.confirmation.judged, "fresh_title")
        parts.append(Part((judged_again,)))
    if result.reach is not None:
        parts.append(Part((_verdicts(result, labels, result.reached, "room_title"),)))
        parts += [Part((line,)) for line in _what_takes_the_time(result, labels)]
    if len(result.points) > 1:
        parts.append(Part((_frontier(result, labels),)))
    parts += [Part((_values(result, labels),)), Part(tuple(_notes(result, language)))]
    line = _say(
        "run_line",
        language,
        seed=result.seed,
        plans=result.plans_tried,
        made=f"{result.replications_made:,}",
        replications=result.replications,
    )
    return Report(labels.text(result.scenario.name), (Line(line, "faint"),), tuple(parts))


def answer(result: Staffing, language: Language) -> Line:
    """Say in a sentence what was found."""
    heads = 0 if result.plan is None else sum(result.plan)
    said = _say(result.outcome, language, heads=heads, today=sum(result.today), cap=result.cap)
    tones: dict[str, Tone] = {
        "found": "holds",
        "capped": "undecided",
        "unconfirmed": "undecided",
    }
    return Line(said, tones.get(result.outcome, "fails"))


def _team(team: Team, labels: Labels) -> str:
    """Return a group's label: its own, or that of the first pool it serves."""
    group = labels.scenario.staff[team.group]
    label = labels.text(group.label) or labels.pool(group.serves[0])
    if team.value is None:
        return label
    attribute = labels.scenario.pools[group.serves[0]].per
    return f"{label} · {labels.value(attribute or '', team.value)}"


def _plan(result: Staffing, labels: Labels) -> Table:
    words = labels.language
    planned = result.plan is not None
    keys = ["today", "floor", *(["plan", "change"] if planned else []), "busy_today"]
    keys += ["busy_plan"] if planned else []
    columns = [
        Column(_say("team", words)),
        *(Column(_say(key, words), number=True) for key in keys),
    ]
    if planned:
        columns.append(Column(_say("one_less", words)))
    rows = [_of_team(result, number, labels) for number in range(len(result.teams))]
    total = [str(sum(result.today)), str(sum(result.lowest))]
    if result.plan is not None:
        change = sum(result.plan) - sum(result.today)
        total += [str(sum(result.plan)), f"{change:+d}"]
    blank = [""] * (len(columns) - 1 - len(total))
    rows.append((_say("all", words), *total, *blank))
    last = frozenset({len(rows) - 1})
    return Table(tuple(columns), tuple(rows), total=True, strong=last)


def _of_team(result: Staffing, number: int, labels: Labels) -> Row:
    team = result.teams[number]
    row: list[str | Cell] = [_team(team, labels), str(team.today), str(result.lowest[number])]
    if result.plan is None:
        return *row, percent(result.busy_of[0][number], 0)
    change = result.plan[number] - team.today
    return (
        *row,
        str(result.plan[number]),
        f"{change:+d}" if change else "·",
        percent(result.busy_of[0][number], 0),
        percent(result.busy_of[1][number], 0),
        _one_less(result, number, labels.language),
    )


def _one_less(result: Staffing, number: int, words: Language) -> Cell:
    """Say what becomes of the plan with one officer fewer in a team: the worst verdict."""
    assert result.plan is not None
    team = result.teams[number]
    mine = [
        each.verdict
        for each in result.one_more
        if each.at == "plan" and each.by == -1 and each.team == team
    ]
    order: tuple[Verdict, ...] = ("fails", "undecided", "holds")
    for worst in order:
        if worst in mine:
            return judged(worst, words)
    bounded = result.plan[number] == team.least
    return Cell(_say("bounded" if bounded else "below_floor", words), "faint")


def _requirement(each: Requirement, labels: Labels) -> str:
    if each.kind == "limit":
        return labels.limit(each.name)
    return _say("wait_of", labels.language, pool=labels.pool(each.name))


def _value(each: Requirement, value: float) -> str:
    return percent(value) if each.kind == "limit" else f"{rounded(60 * value, 1)} min"


def _verdicts(result: Staffing, labels: Labels, found: tuple[Judged, ...], title: str) -> Table:
    words = labels.language
    columns = (
        *(Column(say(key, words)) for key in ("promise", "verdict")),
        *(Column(say(key, words), number=True) for key in ("on_time", "interval", "target")),
    )
    rows = tuple(
        (
            _requirement(each, labels),
            judged(one.verdict, words),
            *_estimate(each, one),
            _value(each, each.target),
        )
        for each, one in zip(result.requirements, found, strict=True)
    )
    return Table(columns, rows, _say(title, words))


def _estimate(each: Requirement, found: Judged) -> tuple[str, str]:
    return _value(each, found.value), f"{_value(each, found.low)} – {_value(each, found.high)}"


def _what_takes_the_time(result: Staffing, labels: Labels) -> Iterator[Line]:
    """Say where the days of late cases go although nobody waits, for each limit missed."""
    if result.reach is None:
        return
    words = labels.language
    process = result.reach.model.process
    aside_of = {p.name: not_counted(process, p.clock) for p in result.reach.promises}
    for each, found in zip(result.requirements, result.reached, strict=True):
        late = [
            account
            for account in result.reach.accounts
            if account.late_only and account.kind == "department" and account.of == each.name
        ]
        if found.verdict == "holds" or not late:
            continue
        days: dict[str, float] = {}
        for account in late:
            for category, used in account.days_wd.items():
                days[category] = days.get(category, 0.0) + used
        listed = sorted(days.items(), key=lambda pair: -pair[1])
        parts = [f"{say(name, words).lower()} {used:.1f}" for name, used in listed if used >= 0.05]
        aside = [
            say(name, words).lower()
            for name, used in listed
            if used >= 0.05 and Category[name.upper()] in aside_of[each.name]
        ]
        comma = ", " if words == "en" else "、"
        text = _say(
            "used",
            words,
            promise=labels.limit(each.name),
            days=f"{sum(days.values()):.1f}",
            parts=comma.join(parts),
        )
        if aside:
            text += _say("not_counted", words, parts=comma.join(aside))
        yield Line(text)


def _frontier(result: Staffing, labels: Labels) -> Table:
    words = labels.language
    with_cost = any(team.cost != 1 for team in result.teams)
    columns = (
        Column(_say("heads", words), number=True),
        *([Column(_say("cost", words), number=True)] if with_cost else []),
        Column(say("promise", words)),
        *(Column(say(key, words), number=True) for key in ("on_time", "interval")),
        Column(_say("margin", words), number=True),
        Column(say("verdict", words)),
    )
    rows: list[Row] = []
    for point in result.points:
        each, found = result.requirements[point.worst], point.judged[point.worst]
        rows.append(
            (
                str(point.heads),
                *([f"{point.cost:g}"] if with_cost else []),
                _requirement(each, labels),
                *_estimate(each, found),
                f"{100 * found.margin:+.1f} %",
                judged(found.verdict, words),
            )
        )
    planned = (number for number, point in enumerate(result.points) if point.plan == result.plan)
    return Table(columns, tuple(rows), _say("frontier_title", words), strong=frozenset(planned))


def _values(result: Staffing, labels: Labels) -> Table:
    words = labels.language
    places: list[Literal["today", "plan"]] = ["today"]
    if result.plan is not None:
        places.append("plan")
    headings = (
        f"{_requirement(each, labels)}\n{_say('at_' + at, words)}"
        for each in result.requirements
        for at in places
    )
    found = {(each.at, each.team.name, each.requirement): each.change for each in _more(result)}
    rows: Iterator[Row] = (
        (
            _team(team, labels),
            *(
                _change(each, found[at, team.name, each], words)
                for each in result.requirements
                for at in places
            ),
        )
        for team in result.teams
    )
    columns = (Column(_say("team", words)), *(Column(each, number=True) for each in headings))
    return Table(columns, tuple(rows), _say("value_title", words))


def _more(result: Staffing) -> Iterator[OneMore]:
    return (each for each in result.one_more if each.by == 1)


def _change(each: Requirement, change: Estimate, words: Language) -> Cell:
    if math.isnan(change.value):
        return Cell("–")
    unit = 100 if each.kind == "limit" else 60
    value, low, high = (
        round(unit * each, 1) + 0.0  # no -0.0
        for each in (change.value, change.low, change.high)
    )
    text = _say("points", words, value=value, low=low, high=high)
    return Cell(text, "" if change.sign else "faint")


def _notes(result: Staffing, language: Language) -> Iterator[Line]:
    yield Line(_say("together", language), "faint")
    if result.outcome == "found":
        perhaps = result.perhaps
        if perhaps is not None:
            values = {"heads": perhaps.heads, "replications": perhaps.replications}
            yield Line(_say("perhaps", language, **values), "notice")
        yield Line(_say("exhausted" if result.exhausted else "local", language))
    if result.settings:
        changes = " ".join(f"--set '{each}'" for each in result.settings)
        yield Line(f"{_say('set', language)} {changes}")
    elif result.plan is not None:
        yield Line(_say("same", language))


# --- data ------------------------------------------------------------------------------------


def staff_data(result: Staffing) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    names = [team.name for team in result.teams]
    plan = None if result.plan is None else dict(zip(names, result.plan, strict=True))
    data: dict[str, Any] = plain(
        {
            "scenario": str(result.scenario.name),
            "seed": result.seed,
            "replications": result.replications,
            "version": version(),
            "scenario_sha256": result.scenario.sha256(),
            "outcome": result.outcome,
            "cap": result.cap,
            "plan": plan,
            "settings": list(result.settings),
            "heads": None if result.plan is None else sum(result.plan),
            "heads_today": sum(result.today),
            "cost": None if result.plan is None else result.cost(result.plan),
            "cost_today": result.cost(result.today),
            "all_cheaper_tried": result.exhausted,
            "perhaps_heads": None if result.perhaps is None else result.perhaps.heads,
            "groups": _records(result.table),
            "verdicts": _records(result.verdicts),
            "fresh_replications": (
                None if result.confirmation is None else result.confirmation.result.replications
            ),
            "rejected": [dict(zip(names, each, strict=True)) for each in result.rejected],
            "nobody_waits": [
                {**requirement_row(each), **judged_row(found)}
                for each, found in zip(result.requirements, result.reached, strict=False)
            ],
            "frontier": _records(result.frontier),
            "marginal": _records(result.marginal),
            "plans_tried": result.plans_tried,
            "replications_made": result.replications_made,
        }
    )
    return data


def _records(table: Any) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = table.to_dict("records")
    return records
