"""What the report on a run says: verdicts, clocks, pools, and what used the days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.experiments import Account, Result
from sim.limits import CLOCKS
from sim.measures.days import Category, not_counted
from sim.measures.limits import ClockDays, LimitJudgement
from sim.process import Process
from sim.report.blocks import Block, Column, Line, Part, Report, Table
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import how_made, no_limits
from sim.report.numbers import percent, percent_range, rounded
from sim.report.run.notes import notes_lines
from sim.report.run.over_time import worst_periods
from sim.report.run.ranking import groups_parts
from sim.report.verdicts import interval_heading, verdict_cell
from sim.report.words import say

BUSIEST = 8
"""Pools shown in the terminal."""
SHOWN_WD = 0.05
"""Working days below which a table of days shows a dot."""


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


def run_line(result: Result, language: Language) -> Line:
    """Say how the result was made; tables count the cases of all replications together."""
    count = result.replications
    cases = sum(sum(states.values()) for states in result.states.values())
    key = "replications_made" if count == 1 else "replications_of"
    replications = say(key, language, count=count, mean=f"{cases / count:,.0f}")
    return how_made(result.scenario, result.seed, replications, language)


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
            labels.limit(limit.limit.name),
            verdict_cell(limit.verdict, words),
            percent(limit.share),
            percent_range(limit.low, limit.high),
            percent(limit.limit.target_share, 0),
            f"{limit.measured:,}",
            f"{limit.late + limit.open_overdue:,}",
            f"{limit.open:,}",
            f"{rounded(limit.spare_days, 0)} {unit_of(limit, words)}",
            say(limit.clock, words),
        )
        for limit in result.verdicts
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
    rows = tuple(_clock_row(result, days, labels) for days in result.on_every_clock)
    return Table(columns, rows, say("clocks_title", words), grouped=True)


def _clock_row(result: Result, days: ClockDays, labels: Labels) -> tuple[str, ...]:
    words = labels.language
    judgement = days if isinstance(days, LimitJudgement) else None
    return (
        labels.case_type(days.name) if judgement is None else labels.limit(days.name),
        say(days.clock, words),
        rounded(result.mean_days(days.name, days.clock), 1),
        *(rounded(q.days, 0) + ("+" if q.at_least else "") for q in days.quantiles),
        unit_of(days, words),
        "" if judgement is None else percent(judgement.share),
        f"← {say('decides', words)}" if judgement is not None and judgement.decides else "",
    )


def unit_of(days: ClockDays, language: Language) -> str:
    """Return the abbreviation of working or calendar days, as the clock counts them."""
    return say(CLOCKS[days.clock].unit, language)


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
    for limit in result.verdicts:
        promise = limit.limit
        late = department_accounts(result, promise.name, late_only=True)
        if late:
            title = f"{labels.limit(promise.name)}: {say('used_title', labels.language)}"
            yield _accounts_table(title, late, result.model.process, limit.clock, labels)
        elif department_accounts(result, promise.case_type, late_only=False):
            yield _days_of_all(result, limit, labels)


def accounts_of_all(result: Result, labels: Labels) -> Iterator[Table]:
    """Yield for each case type of a limit with late cases what used the days of all its cases."""
    with_late: dict[str, LimitJudgement] = {}
    for limit in result.verdicts:
        if department_accounts(result, limit.limit.name, late_only=True):
            with_late.setdefault(limit.limit.case_type, limit)
    for limit in with_late.values():
        yield _days_of_all(result, limit, labels)


def _days_of_all(result: Result, limit: LimitJudgement, labels: Labels) -> Table:
    """Return what used the days of all cases of a limit's case type."""
    case_type = limit.limit.case_type
    accounts = department_accounts(result, case_type, late_only=False)
    title = f"{labels.case_type(case_type)}: {say('used_all_title', labels.language)}"
    return _accounts_table(title, accounts, result.model.process, limit.clock, labels)


def department_accounts(result: Result, of: str, *, late_only: bool) -> list[Account]:
    """Return the departments that used days, the most first.

    Parameters
    ----------
    of
        A limit, whose late cases are looked at; or a case type, all cases of which are.
    """
    accounts = [
        account
        for account in result.accounts
        if account.kind == "department"
        and account.late_only == late_only
        and account.of == of
        and max(account.days_wd.values()) >= SHOWN_WD
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
        *(Column(heading, number=True) for heading in (say("total", words), *headings)),
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
