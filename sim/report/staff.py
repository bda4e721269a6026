"""The answer to `sim staff`, as text and as data."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final, Literal

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text

from sim.experiments import Staffing
from sim.experiments.staffing.requirements import Judged, Requirement
from sim.experiments.staffing.result import OneMore, judged_row, requirement_row
from sim.experiments.staffing.teams import Team
from sim.experiments.versions import version
from sim.measures.contrasts import Estimate
from sim.measures.days import Category, not_counted
from sim.report.data import plain
from sim.report.labels import Labels
from sim.report.layout import COLOURS, new_table, percent, rounded
from sim.report.words import Language, say

WORDS: Final[dict[str, tuple[str, str]]] = {
    "run_line": (
        "seed {seed} · {plans} plans tried in {made} replications, up to {replications} each",
        "种子 {seed} · 试算 {plans} 个方案,共 {made} 次重复,每方案最多 {replications} 次",
    ),
    "found": (
        "{heads} officers do, where there are {today} today: every requirement holds on fresh "
        "random numbers.",
        "{heads} 人即可(现有 {today} 人):在新的随机数上各项要求均守住。",
    ),
    "unconfirmed": (
        "Not confirmed: the plan with {heads} officers (today {today}) held in the search, but not "
        "on fresh random numbers. Try more replications (-n).",
        "未获确认:{heads} 人方案(现有 {today} 人)在搜索中守住,但在新的随机数上未能守住。"
        "请增加重复次数(-n)。",
    ),
    "capped": (
        "{cap} officers are too few. This is the best staffing found with {heads} (today {today}).",
        "员额 {cap} 人不足。以下为 {heads} 人(现有 {today} 人)时找到的最好配置。",
    ),
    "out_of_reach": (
        "Out of reach: more officers in these groups do not do it. With so many of them (within "
        "the bounds given) that nobody waits for one:",
        "增加这些岗位组的人员无法达到。在(给定界限内)其人员多到无人等候时:",
    ),
    "undecided": (
        "Not proven to be within reach; more replications (-n) may settle it. With so many "
        "officers (within the bounds given) that nobody waits for one:",
        "尚不能证明可以达到,增加重复次数(-n)或可定论。在(给定界限内)人员多到无人等候时:",
    ),
    "no_room": (
        "Impossible: the bounds or the cap leave too few officers to keep up with the work that "
        "arrives. Each group needs at least its floor.",
        "不可行:上下限或员额不足以跟上来件的工作量。各组至少需要下限所列人数。",
    ),
    "perhaps": (
        "{heads} may do as well: with {replications} replications it is undecided; more (-n) may "
        "settle it.",
        "{heads} 人或许也够:{replications} 次重复尚不能定论,增加重复次数(-n)或可定论。",
    ),
    "exhausted": (
        "Fewest: every cheaper plan that keeps up with the work was simulated, and none is shown "
        "to hold.",
        "最少:凡能跟上工作量且更省的方案均已模拟,无一可证实守住。",
    ),
    "local": (
        "With any one officer fewer it is not shown to hold, and no exchange tried is cheaper; "
        "that no other plan is cheaper is not proven.",
        "任减一人均不能证实守住,所试的调换也无更省者;但不能证明没有其他更省的方案。",
    ),
    "team": ("Group", "岗位组"),
    "today": ("Today", "现有"),
    "floor": ("Floor", "下限"),
    "plan": ("Plan", "方案"),
    "change": ("Change", "增减"),
    "busy_today": ("Busy today", "现忙碌率"),
    "busy_plan": ("then", "方案忙碌率"),
    "one_less": ("One fewer", "减一人"),
    "below_floor": ("falls behind", "跟不上"),
    "bounded": ("at its bound", "已达界限"),
    "all": ("Together", "合计"),
    "fresh_title": ("The plan on fresh random numbers", "方案在新随机数上的结果"),
    "room_title": ("With so many officers that nobody waits", "无人等候办理人员时"),
    "frontier_title": (
        "What so many officers keep: the requirement kept worst, under the best plan seen",
        "不同人数下最难守住的一项(已试方案中最好者)",
    ),
    "heads": ("Officers", "人数"),
    "cost": ("Cost", "成本"),
    "margin": ("Margin", "与目标的差距"),
    "value_title": (
        "What one officer more brings (points of on-time share, or minutes of waiting)",
        "增加一人的作用(按期率百分点,或等待分钟数)",
    ),
    "at_today": ("today", "在现有配置上"),
    "at_plan": ("under the plan", "在方案上"),
    "wait_of": ("Mean wait: {pool}", "平均等待:{pool}"),
    "points": (
        "{value:+.1f} ({low:+.1f} to {high:+.1f})",
        "{value:+.1f}({low:+.1f} 至 {high:+.1f})",
    ),
    "used": (
        "{promise}: of {days} working days on the critical branch of a late case, {parts}.",
        "{promise}:超期办件关键路径 {days} 个工作日,其中 {parts}。",
    ),
    "not_counted": (" The clock does not count: {parts}.", "计时不含:{parts}。"),
    "set": ("To run the plan:", "运行该方案:"),
    "same": ("The plan is today's staffing.", "方案即现有配置。"),
    "together": (
        "Intervals of the groups in one column hold together. Proven is what does not reach 0.",
        "同一列各组的区间同时成立;区间不含 0 者方为可证实。",
    ),
}


def _say(key: str, language: Language, **values: object) -> str:
    text = WORDS[key][0 if language == "en" else 1]
    return text.format(**values) if values else text


# --- text ------------------------------------------------------------------------------------


def staff_text(result: Staffing, language: Language) -> RenderableType:
    """Return the plan beside today's staff, its confirmation, the frontier and marginal values."""
    labels = Labels(result.scenario, language)
    parts: list[RenderableType] = [_title(result, labels), _plan(result, labels)]
    if result.confirmation is not None:
        parts.append(_verdicts(result, labels, result.confirmation.judged, "fresh_title"))
    if result.reach is not None:
        parts.append(_verdicts(result, labels, result.reached, "room_title"))
        parts += _what_takes_the_time(result, labels)
    if len(result.points) > 1:
        parts.append(_frontier(result, labels))
    parts += [_values(result, labels), *_notes(result, language)]
    spaced = [each for part in parts for each in (Text(""), part)][1:]
    return Group(*spaced)


def _title(result: Staffing, labels: Labels) -> Text:
    words = labels.language
    line = _say(
        "run_line",
        words,
        seed=result.seed,
        plans=result.plans_tried,
        made=f"{result.replications_made:,}",
        replications=result.replications,
    )
    heads = 0 if result.plan is None else sum(result.plan)
    answer = _say(result.outcome, words, heads=heads, today=sum(result.today), cap=result.cap)
    colour = {"found": "bold green", "capped": "bold yellow", "unconfirmed": "bold yellow"}
    return Text.assemble(
        (labels.text(result.scenario.name), "bold"),
        "\n",
        (line, "dim"),
        "\n\n",
        (answer, colour.get(result.outcome, "bold red")),
    )


def _team(team: Team, labels: Labels) -> str:
    """Return a group's label: its own, or that of the first pool it serves."""
    group = labels.scenario.staff[team.group]
    label = labels.text(group.label) or labels.pool(group.serves[0])
    if team.value is None:
        return escape(label)
    attribute = labels.scenario.pools[group.serves[0]].per
    return escape(f"{label} · {labels.value(attribute or '', team.value)}")


def _plan(result: Staffing, labels: Labels) -> RenderableType:
    words, table = labels.language, new_table()
    table.add_column(_say("team", words))
    planned = result.plan is not None
    keys = ["today", "floor", *(["plan", "change"] if planned else []), "busy_today"]
    for key in [*keys, *(["busy_plan"] if planned else [])]:
        table.add_column(_say(key, words), justify="right")
    if planned:
        table.add_column(_say("one_less", words))
    for number, team in enumerate(result.teams):
        row = [str(team.today), str(result.lowest[number])]
        if result.plan is not None:
            change = result.plan[number] - team.today
            row += [str(result.plan[number]), f"{change:+d}" if change else "·"]
        row.append(percent(result.busy_of[0][number], 0))
        if result.plan is not None:
            row.append(percent(result.busy_of[1][number], 0))
        last = [_one_less(result, number, words)] if planned else []
        table.add_row(_team(team, labels), *row, *last)
    total = [str(sum(result.today)), str(sum(result.lowest))]
    if result.plan is not None:
        change = sum(result.plan) - sum(result.today)
        total += [str(sum(result.plan)), f"{change:+d}"]
    table.add_row(_say("all", words), *total, style="bold")
    return table


def _one_less(result: Staffing, number: int, words: Language) -> Text:
    """Say what becomes of the plan with one officer fewer in a team: the worst verdict."""
    assert result.plan is not None
    team = result.teams[number]
    mine = [
        each.verdict
        for each in result.one_more
        if each.at == "plan" and each.by == -1 and each.team == team
    ]
    if mine:
        worst = next(each for each in ("fails", "undecided", "holds") if each in mine)
        return Text(say(worst, words), COLOURS[worst])
    bounded = result.plan[number] == team.least
    return Text(_say("bounded" if bounded else "below_floor", words), "dim")


def _requirement(each: Requirement, labels: Labels) -> str:
    if each.kind == "limit":
        return escape(labels.limit(each.name))
    return escape(_say("wait_of", labels.language, pool=labels.pool(each.name)))


def _value(each: Requirement, value: float) -> str:
    return percent(value) if each.kind == "limit" else f"{rounded(60 * value, 1)} min"


def _verdicts(
    result: Staffing, labels: Labels, judged: tuple[Judged, ...], title: str
) -> RenderableType:
    words, table = labels.language, new_table(_say(title, labels.language))
    for key in ("promise", "verdict"):
        table.add_column(say(key, words))
    for key in ("on_time", "interval", "target"):
        table.add_column(say(key, words), justify="right")
    for each, found in zip(result.requirements, judged, strict=True):
        table.add_row(
            _requirement(each, labels),
            Text(say(found.verdict, words), COLOURS[found.verdict]),
            *_estimate(each, found),
            _value(each, each.target),
        )
    return table


def _estimate(each: Requirement, found: Judged) -> tuple[str, str]:
    return _value(each, found.value), f"{_value(each, found.low)} – {_value(each, found.high)}"


def _what_takes_the_time(result: Staffing, labels: Labels) -> Iterator[Text]:
    """Say where the days of late cases go although nobody waits, for each limit missed."""
    if result.reach is None:
        return
    words = labels.language
    process = result.reach.model.process
    aside_of = {p.name: not_counted(process, p.clock) for p in result.reach.promises}
    for each, judged in zip(result.requirements, result.reached, strict=True):
        late = [
            account
            for account in result.reach.accounts
            if account.late_only and account.kind == "department" and account.of == each.name
        ]
        if judged.verdict == "holds" or not late:
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
        yield Text(text)


def _frontier(result: Staffing, labels: Labels) -> RenderableType:
    words, table = labels.language, new_table(_say("frontier_title", labels.language))
    table.add_column(_say("heads", words), justify="right")
    with_cost = any(team.cost != 1 for team in result.teams)
    if with_cost:
        table.add_column(_say("cost", words), justify="right")
    table.add_column(say("promise", words))
    for key in ("on_time", "interval"):
        table.add_column(say(key, words), justify="right")
    table.add_column(_say("margin", words), justify="right")
    table.add_column(say("verdict", words))
    for point in result.points:
        each, found = result.requirements[point.worst], point.judged[point.worst]
        table.add_row(
            str(point.heads),
            *([f"{point.cost:g}"] if with_cost else []),
            _requirement(each, labels),
            *_estimate(each, found),
            f"{100 * found.margin:+.1f} %",
            Text(say(found.verdict, words), COLOURS[found.verdict]),
            style="bold" if point.plan == result.plan else "",
        )
    return table


def _values(result: Staffing, labels: Labels) -> RenderableType:
    words, table = labels.language, new_table(_say("value_title", labels.language))
    table.add_column(_say("team", words))
    places: list[Literal["today", "plan"]] = ["today"]
    if result.plan is not None:
        places.append("plan")
    for each in result.requirements:
        for at in places:
            table.add_column(f"{_requirement(each, labels)}\n{_say('at_' + at, words)}")
    found = {(each.at, each.team.name, each.requirement): each.change for each in _more(result)}
    for team in result.teams:
        cells = [
            _change(each, found[at, team.name, each], words)
            for each in result.requirements
            for at in places
        ]
        table.add_row(_team(team, labels), *cells)
    return table


def _more(result: Staffing) -> Iterator[OneMore]:
    return (each for each in result.one_more if each.by == 1)


def _change(each: Requirement, change: Estimate, words: Language) -> Text:
    if math.isnan(change.value):
        return Text("–")
    unit = 100 if each.kind == "limit" else 60
    value, low, high = (
        round(unit * each, 1) + 0.0  # no -0.0
        for each in (change.value, change.low, change.high)
    )
    text = _say("points", words, value=value, low=low, high=high)
    return Text(text, "" if change.sign else "dim")


def _notes(result: Staffing, language: Language) -> Iterator[RenderableType]:
    lines = [Text(_say("together", language), "dim")]
    if result.outcome == "found":
        perhaps = result.perhaps
        if perhaps is not None:
            values = {"heads": perhaps.heads, "replications": perhaps.replications}
            lines.append(Text(_say("perhaps", language, **values), "yellow"))
        lines.append(Text(_say("exhausted" if result.exhausted else "local", language)))
    if result.settings:
        changes = " ".join(f"--set '{each}'" for each in result.settings)
        lines.append(Text(f"{_say('set', language)} {changes}"))
    elif result.plan is not None:
        lines.append(Text(_say("same", language)))
    yield Group(*lines)


# --- data ------------------------------------------------------------------------------------


def staff_data(result: Staffing) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/json.md``."""
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
                {**requirement_row(each), **judged_row(judged)}
                for each, judged in zip(result.requirements, result.reached, strict=False)
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
