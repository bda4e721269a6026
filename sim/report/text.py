"""A result as text that a person can read at a glance."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from sim.experiments import Account, Result
from sim.measures.days import Category, not_counted
from sim.process import Process
from sim.report.labels import Labels
from sim.report.layout import (
    COLOURS,
    WIDE,
    Fitting,
    interval_heading,
    new_table,
    percent,
    rounded,
)
from sim.report.notes import notes_text
from sim.report.over_time import worst_periods
from sim.report.ranking import groups_text
from sim.report.words import Language, say

BUSIEST = 8
"""How many pools are shown."""
SHOWN_WD = 0.05
"""Working days below which an account shows a dot."""


def result_text(result: Result, language: Language) -> RenderableType:
    """Return verdicts, clocks, busiest pools and what used the days."""
    labels = Labels(result.scenario, language)
    parts: list[RenderableType] = [_title(result, labels)]
    if result.verdicts:
        parts.append(Group(_verdicts(result, labels), *worst_periods(result, labels)))
    else:
        parts.append(Text(say("no_limits", language)))
    parts += groups_text(result, labels)
    parts += [_clocks(result, labels), _pools(result, labels), *_days(result, labels)]
    parts.append(notes_text(result, labels))
    shown = [Fitting(part) if isinstance(part, Table) else part for part in parts]
    return Group(*_spaced(shown))


def show(renderable: RenderableType, *, width: int | None = None) -> None:
    """Print to standard output; lines are as long as they need to be where it is no terminal."""
    console = Console(width=width)
    if console.is_terminal:
        console.print(renderable)
        return
    written = Console(width=width or WIDE, file=io.StringIO())
    written.print(renderable)
    lines = written.file.getvalue().splitlines()  # type: ignore[attr-defined]
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in lines))


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
        replications=_replications(result, labels.language),
        first=window.first,
        last=window.last,
    )
    return Text.assemble((labels.text(result.scenario.name), "bold"), "\n", (line, "dim"))


def _replications(result: Result, language: Language) -> str:
    """Say how many there are, and of how many cases: tables count those of all together."""
    count = result.replications
    cases = sum(sum(states.values()) for states in result.states.values())
    if count == 1:
        return say("replications_of_one", language, count=cases)
    mean = f"{cases / count:,.0f}"
    return say("replications_of", language, replications=count, mean=mean)


def _verdicts(result: Result, labels: Labels) -> Fitting:
    words = labels.language
    table = new_table()
    table.add_column(say("promise", words))
    table.add_column(say("verdict", words))
    table.add_column(say("on_time", words), justify="right")
    table.add_column(interval_heading(result.verdicts, words), justify="right")
    for key in ("target", "cases", "late", "open", "spare"):
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
    process = result.model.process
    for each in result.verdicts:
        late = _accounts(result, each.promise.name, late_only=True)
        if late:
            title = f"{labels.limit(each.promise.name)}: {say('used_title', labels.language)}"
            yield _accounts_table(title, late, process, each.clock, labels)
        else:
            everyone = _accounts(result, each.promise.case_type, late_only=False)
            title = f"{labels.case_type(each.promise.case_type)}: " + say(
                "used_all_title", labels.language
            )
            if everyone:
                yield _accounts_table(title, everyone, process, each.clock, labels)


def _accounts(result: Result, of: str, *, late_only: bool) -> list[Account]:
    accounts = [
        each
        for each in result.accounts
        if each.kind == "department"
        and each.late_only == late_only
        and each.of == of
        and max(each.days_wd.values()) >= SHOWN_WD
    ]
    return sorted(accounts, key=lambda account: -account.total_wd)


def _accounts_table(
    title: str, accounts: list[Account], process: Process, clock: str, labels: Labels
) -> Table:
    """Return days by department and category; brackets mark what the clock does not count."""
    words = labels.language
    categories = [
        category
        for category in Category
        if any(account.days_wd[category.name.lower()] >= SHOWN_WD for account in accounts)
    ]
    left_out = not_counted(process, clock) | {Category.SUPERVISION}
    uncounted = left_out.intersection(categories)
    if uncounted:
        title += "\n" + say("uncounted", words, clock=say(clock, words))
    table = new_table(escape(title))
    table.add_column(say("department", words))
    table.add_column(say("total", words), justify="right")
    for category in categories:
        heading = say(category.name.lower(), words)
        table.add_column(f"({heading})" if category in uncounted else heading, justify="right")
    for account in accounts:
        days = [account.days_wd[category.name.lower()] for category in categories]
        table.add_row(
            escape(labels.department(account.name)),
            f"{account.total_wd:.1f}",
            *(f"{each:.1f}" if each >= SHOWN_WD else "·" for each in days),
        )
    return table
