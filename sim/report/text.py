"""A result as text that a person can read at a glance."""

from __future__ import annotations

import math
from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from sim.experiments import Account, Result
from sim.measures.limits import LimitSummary
from sim.report.facts import arrivals_left_out, assumptions, count_assumed, stamps
from sim.report.labels import Labels
from sim.report.layout import COLOURS, Fitting, new_table, percent, rounded
from sim.report.ranking import groups_text
from sim.report.words import Language, say

BUSIEST = 8
"""How many pools are shown."""


def result_text(result: Result, language: Language) -> RenderableType:
    """Return verdicts, clocks, busiest pools and what used the days."""
    labels = Labels(result.scenario, language)
    parts: list[RenderableType] = [_title(result, labels)]
    if result.verdicts:
        parts.append(_verdicts(result, labels))
    else:
        parts.append(Text(say("no_limits", language)))
    parts += groups_text(result, labels)
    parts += [_clocks(result, labels), _pools(result, labels), *_days(result, labels)]
    parts += _notes(result, language)
    shown = [Fitting(part) if isinstance(part, Table) else part for part in parts]
    return Group(*_spaced(shown))


def show(renderable: RenderableType, *, width: int | None = None) -> None:
    """Print to standard output; lines are as long as they need to be where it is no terminal."""
    console = Console(width=width, soft_wrap=False)
    if not console.is_terminal:
        console = Console(width=width or 160)
    console.print(renderable)


def _spaced(parts: Iterable[RenderableType]) -> Iterable[RenderableType]:
    for number, part in enumerate(parts):
        if number:
            yield Text("")
        yield part


def _title(result: Result, labels: Labels) -> Text:
    window = result.scenario.period.window
    line = say(
        "run_line",
        labels.language,
        seed=result.seed,
        replications=result.replications,
        first=window.first,
        last=window.last,
    )
    return Text.assemble((labels.text(result.scenario.name), "bold"), "\n", (line, "dim"))


def _verdicts(result: Result, labels: Labels) -> Fitting:
    words = labels.language
    table = new_table()
    table.add_column(say("promise", words))
    table.add_column(say("verdict", words))
    for key in ("on_time", "interval", "target", "cases", "late", "open", "spare"):
        table.add_column(say(key, words), justify="right")
    table.add_column(say("clock", words))
    for each in result.verdicts:
        unit = say("cd" if each.clock == "calendar_days" else "wd", words)
        table.add_row(
            escape(labels.limit(each.promise.name)),
            Text(say(each.verdict, words), COLOURS[each.verdict]),
            percent(each.share),
            f"{percent(each.low)} – {percent(each.high)}",
            percent(each.promise.target_share, 0),
            f"{each.measured:,}",
            f"{each.late + each.open_overdue:,}",
            f"{each.open:,}",
            f"{rounded(each.spare_days, 0)} {unit}",
            say(each.clock, words),
        )
    return Fitting(table, {say("target", words), say("clock", words)})


def _clocks(result: Result, labels: Labels) -> Table:
    words = labels.language
    table = new_table(say("clocks_title", words))
    table.add_column("")
    table.add_column(say("clock", words))
    for heading in (say("mean", words), "P50", "P90", "P95", say("max", words)):
        table.add_column(heading, justify="right")
    table.add_column("")
    table.add_column(say("on_time", words), justify="right")
    table.add_column("")
    previous = ""
    for each in result.on_every_clock:
        limited = each.promise.name in result.scenario.limits
        name = labels.limit(each.promise.name) if limited else labels.case_type(each.promise.name)
        values = [rounded(q.days, 0) + ("+" if q.at_least else "") for q in each.quantiles]
        table.add_row(
            escape(name) if name != previous else "",
            say(each.clock, words),
            rounded(result.mean_days(each.promise.name, each.clock), 1),
            *values,
            say("cd" if each.clock == "calendar_days" else "wd", words),
            percent(each.share) if limited else "",
            f"← {say('decides', words)}" if limited and each.decides else "",
        )
        previous = name
    return table


def _pools(result: Result, labels: Labels) -> Table:
    words = labels.language
    table = new_table(say("pools_title", words))
    table.add_column(say("pool", words))
    for key in ("officers", "busy", "wait", "queue"):
        table.add_column(say(key, words), justify="right")
    used = [pool for pool in result.pool_summaries if pool.items]
    for pool in used[:BUSIEST]:
        table.add_row(
            escape(labels.pool(pool.name)),
            str(pool.officers),
            percent(pool.utilisation, 0),
            f"{rounded(pool.mean_wait_h, 1)} h",
            str(pool.max_queue),
        )
    return table


def _days(result: Result, labels: Labels) -> Iterable[Table]:
    for each in result.verdicts:
        late = _accounts(result, each.promise.name, late_only=True)
        if late:
            title = f"{labels.limit(each.promise.name)}: {say('used_title', labels.language)}"
            yield _accounts_table(title, late, labels)
        else:
            everyone = _accounts(result, each.promise.case_type, late_only=False)
            title = f"{labels.case_type(each.promise.case_type)}: " + say(
                "used_all_title", labels.language
            )
            if everyone:
                yield _accounts_table(title, everyone, labels)


def _accounts(result: Result, of: str, *, late_only: bool) -> list[Account]:
    accounts = [
        each
        for each in result.accounts
        if each.kind == "department" and each.late_only == late_only and each.of == of
    ]
    return sorted(accounts, key=lambda account: -account.total_wd)


def _accounts_table(title: str, accounts: list[Account], labels: Labels) -> Table:
    words = labels.language
    table = new_table(escape(title))
    table.add_column(say("department", words))
    table.add_column(say("total", words), justify="right")
    categories = [
        key
        for key in accounts[0].days_wd
        if any(account.days_wd[key] >= 0.005 for account in accounts)
    ]
    for category in categories:
        table.add_column(say(category, words), justify="right")
    for account in accounts:
        table.add_row(
            escape(labels.department(account.name)),
            f"{account.total_wd:.1f}",
            *(
                f"{account.days_wd[key]:.1f}" if account.days_wd[key] >= 0.05 else "·"
                for key in categories
            ),
        )
    return table


def _notes(result: Result, language: Language) -> Iterable[RenderableType]:
    lines: list[Text] = []
    for name, states in result.states.items():
        label = Labels(result.scenario, language).case_type(name)
        counts = ", ".join(f"{say(state, language)} {count:,}" for state, count in states.items())
        hours = result.mean_sojourn_h(name)
        sojourn = "" if math.isnan(hours) else "; " + say("sojourn", language, hours=hours)
        lines.append(Text(f"{label}: {counts}{sojourn}"))
    if result.interrupted:
        lines.append(Text(say("interrupted", language, count=result.replications), "bold yellow"))
    if result.replications == 1 and result.verdicts:
        lines.append(Text(say("one_replication", language), "yellow"))
    failed = [check for check in result.checks if not check.ok]
    for check in failed:
        text = say("check_failed", language, name=check.name, detail=check.detail)
        lines.append(Text(text, "bold red"))
    if not failed:
        lines.append(Text(say("checks_ok", language), "dim"))
    cut_off = sum(summary.cut_off for summary in result.summaries)
    if cut_off:
        lines.append(Text(say("cut_off", language, count=cut_off), "dim"))
    left_out = arrivals_left_out(result)
    if left_out:
        lines.append(Text(say("left_out", language, count=left_out), "yellow"))
    lines += [Text(say("stamp", language, text=text), "yellow") for text in stamps(result)]
    assumed = count_assumed(assumptions(result.scenario))
    if assumed:
        lines.append(Text(say("assumed", language, count=assumed), "dim"))
    yield Group(*lines)


__all__ = ["LimitSummary", "result_text", "show"]
