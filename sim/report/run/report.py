"""A result as text that a person can read at a glance."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType

from sim.experiments import Account, Result
from sim.limits import CLOCKS
from sim.measures.days import Category, not_counted
from sim.measures.limits import ClockDays, LimitJudgement
from sim.process import Process
from sim.report.blocks import Block, Column, Line, Part, Report, Table
from sim.report.labels import Labels
from sim.report.run.notes import notes_lines
from sim.report.run.over_time import worst_periods
from sim.report.run.ranking import groups_parts
from sim.report.terminal import WIDE, interval_heading, judged, percent, rounded, written
from sim.report.words import Language, say

BUSIEST = 8
"""How many pools are shown."""
SHOWN_WD = 0.05
"""Working days below which an account shows a dot."""


def result_text(result: Result, language: Language) -> RenderableType:
    """Return verdicts, clocks, busiest pools and what used the days."""
    return written(result_report(result, language))


def show(renderable: RenderableType, *, width: int | None = None) -> None:
    """Print to standard output; lines are as long as they need to be where it is no terminal."""
    console = Console(width=width)
    if console.is_terminal:
        console.print(renderable)
        return
    buffer = io.StringIO()
    Console(width=width or WIDE, file=buffer).print(renderable)
    lines = buffer.getvalue().splitlines()
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in lines))


def result_report(result: Result, language: Language) -> Report:
    """Return verdicts, clocks, busiest pools and what used the days."""
    labels = Labels(result.scenario, language)
    verdicts: tuple[Block, ...] = (no_limits(language),)
    if result.verdicts:
        verdicts = (verdict_table(result, labels), *worst_periods(result, labels))
    parts = [
        Part(verdicts),
        *groups_parts(result, labels),
        Part((clock_table(result, labels),)),
        Part((pool_table(result, labels, BUSIEST),)),
        *(Part((table,)) for table in day_tables(result, labels)),
        Part(tuple(notes_lines(result, labels))),
    ]
    return Report(labels.text(result.scenario.name), (run_line(result, language),), tuple(parts))


def no_limits(language: Language) -> Line:
    """Say that there is nothing to keep."""
    return Line(say("no_limits", language))


def run_line(result: Result, language: Language) -> Line:
    """Say how the result was made."""
    window = result.scenario.period.window
    line = say(
        "run_line",
        language,
        seed=result.seed,
        replications=_replications(result, language),
        first=window.first,
        last=window.last,
    )
    return Line(line, "faint")


def _replications(result: Result, language: Language) -> str:
    """Say how many there are, and of how many cases: tables count those of all together."""
    count = result.replications
    cases = sum(sum(states.values()) for states in result.states.values())
    if count == 1:
        return say("replications_of_one", language, count=cases)
    mean = f"{cases / count:,.0f}"
    return say("replications_of", language, replications=count, mean=mean)


def verdict_table(result: Result, labels: Labels) -> Table:
    """Return one row per limit, on the clock that decides."""
    words = labels.language
    columns = (
        Column(say("promise", words)),
        Column(say("verdict", words)),
        Column(say("on_time", words), number=True),
        Column(interval_heading(result.verdicts, words), number=True),
        Column(say("target", words), number=True, spare=True),
        *(Column(say(key, words), number=True) for key in ("cases", "late", "open", "spare")),
        Column(say("clock", words), spare=True),
    )
    rows = tuple(
        (
            labels.limit(each.limit.name),
            judged(each.verdict, words),
            percent(each.share),
            f"{percent(each.low)} – {percent(each.high)}",
            percent(each.limit.target_share, 0),
            f"{each.measured:,}",
            f"{each.late + each.open_overdue:,}",
            f"{each.open:,}",
            f"{rounded(each.spare_days, 0)} {_unit(each.clock, words)}",
            say(each.clock, words),
        )
        for each in result.verdicts
    )
    return Table(columns, rows)


def clock_table(result: Result, labels: Labels) -> Table:
    """Return the days of every limit, or case type without one, on each of the five clocks."""
    words = labels.language
    columns = (
        Column("", meaning=say("promise", words)),
        Column(say("clock", words)),
        Column(say("mean", words), number=True),
        *(Column(name, number=True) for name in ("P50", "P90", "P95")),
        Column(say("max", words), number=True),
        Column("", meaning=say("unit", words)),
        Column(say("on_time", words), number=True),
        Column("", meaning=say("decides", words)),
    )
    rows = tuple(_on_clock(result, each, labels) for each in result.on_every_clock)
    return Table(columns, rows, say("clocks_title", words), grouped=True)


def _on_clock(result: Result, each: ClockDays, labels: Labels) -> tuple[str, ...]:
    words = labels.language
    judged = each if isinstance(each, LimitJudgement) else None
    return (
        labels.case_type(each.name) if judged is None else labels.limit(each.name),
        say(each.clock, words),
        rounded(result.mean_days(each.name, each.clock), 1),
        *(rounded(q.days, 0) + ("+" if q.at_least else "") for q in each.quantiles),
        _unit(each.clock, words),
        "" if judged is None else percent(judged.share),
        f"← {say('decides', words)}" if judged is not None and judged.decides else "",
    )


def _unit(clock: str, language: Language) -> str:
    return say(CLOCKS[clock].unit, language)


def pool_table(result: Result, labels: Labels, most: int | None = None) -> Table:
    """Return the pools that had work, busiest first."""
    words = labels.language
    columns = (
        Column(say("pool", words)),
        *(Column(say(key, words), number=True) for key in ("officers", "busy", "wait", "queue")),
    )
    rows = tuple(
        (
            labels.pool(pool.name),
            str(pool.officers),
            percent(pool.utilisation, 0),
            f"{rounded(pool.mean_wait_h, 1)} h",
            str(pool.max_queue),
        )
        for pool in result.pool_summaries
        if pool.items
    )
    title = say("pools_title" if most is not None else "all_pools_title", words)
    return Table(columns, rows[:most], title)


def day_tables(result: Result, labels: Labels) -> Iterator[Table]:
    """Yield for each limit what used the days of late cases; of all cases where none is late."""
    process = result.model.process
    for each in result.verdicts:
        late = department_accounts(result, each.limit.name, late_only=True)
        if late:
            title = f"{labels.limit(each.limit.name)}: {say('used_title', labels.language)}"
            yield _accounts_table(title, late, process, each.clock, labels)
        else:
            everyone = department_accounts(result, each.limit.case_type, late_only=False)
            title = f"{labels.case_type(each.limit.case_type)}: " + say(
                "used_all_title", labels.language
            )
            if everyone:
                yield _accounts_table(title, everyone, process, each.clock, labels)


def accounts_of_all(result: Result, labels: Labels) -> Iterator[Table]:
    """Yield for each case type of a limit with late cases what used the days of all its cases."""
    told = set()
    for each in result.verdicts:
        case_type = each.limit.case_type
        if case_type in told or not department_accounts(result, each.limit.name, late_only=True):
            continue
        told.add(case_type)
        title = f"{labels.case_type(case_type)}: {say('used_all_title', labels.language)}"
        accounts = department_accounts(result, case_type, late_only=False)
        yield _accounts_table(title, accounts, result.model.process, each.clock, labels)


def department_accounts(result: Result, of: str, *, late_only: bool) -> list[Account]:
    """Return the departments that used days of a limit's late cases, or of a case type's."""
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
    note = say("uncounted", words, clock=say(clock, words)) if uncounted else ""
    headings = [
        f"({say(category.name.lower(), words)})"
        if category in uncounted
        else say(category.name.lower(), words)
        for category in categories
    ]
    columns = (
        Column(say("department", words)),
        *(Column(each, number=True) for each in (say("total", words), *headings)),
    )
    rows = tuple(
        (labels.department(account.name), f"{account.total_wd:.1f}", *_days(account, categories))
        for account in accounts
    )
    return Table(columns, rows, title, note)


def _days(account: Account, categories: Sequence[Category]) -> Iterator[str]:
    for category in categories:
        days = account.days_wd[category.name.lower()]
        yield f"{days:.1f}" if days >= SHOWN_WD else "·"
