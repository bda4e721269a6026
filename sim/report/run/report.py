"""The report on a run: verdicts, clocks, pools, and what used the days."""

from __future__ import annotations

from collections.abc import Iterator

from sim.experiments import Account, Result
from sim.limits import ClockRule
from sim.measures.days import Category, not_counted
from sim.measures.limits import LimitJudgement
from sim.report.blocks import Block, Column, Line, Part, Report, Table, number, table_of
from sim.report.clocks import quantile_text
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import how_made, judged_table, no_limits, unit_of
from sim.report.numbers import bounded_percent, date_text, percent, rounded
from sim.report.run.costs import cost_blocks
from sim.report.run.doubt import doubt_lines
from sim.report.run.notes import notes_lines, rests_on
from sim.report.run.own_limits import free_of_late, league_blocks, own_limits_parts
from sim.report.run.own_time import own_time_table
from sim.report.run.ranking import groups_parts
from sim.report.run.response import response_table
from sim.report.run.resubmissions import resubmission_parts
from sim.report.run.years import known_by_year, years_blocks
from sim.report.words import say

BUSIEST = 8
"""Number of pools shown in the terminal."""
SHOWN_WD = 0.05
"""Working days below which a table of days shows a dot."""
VERDICT_KEYS = (
    *("verdict", "on_time", "interval", "target"),
    *("cases", "late", "open", "spare", "clock"),
)


def result_report(result: Result, language: Language) -> Report:
    """Return verdicts, clocks, busiest pools and what used the days."""
    labels = Labels(result.scenario, language)
    verdicts: tuple[Block, ...] = (no_limits(language),)
    if result.verdicts:
        verdicts = (
            verdict_table(result, labels),
            *doubt_lines(result, labels),
            *known_by_year(result, labels),
            *free_of_late(result, labels),
            *worst_periods(result, labels),
        )
    parts = [
        Part(verdicts),
        *resubmission_parts(result, labels),
        Part(tuple(years_blocks(result, labels))),
        *own_limits_parts(result, labels),
        Part(tuple(league_blocks(result, labels))),
        *groups_parts(result, labels),
        Part((clock_table(result, labels), *own_time_table(result, labels))),
        Part((pool_table(result, labels, BUSIEST), *response_table(result, labels))),
        Part(tuple(cost_blocks(result, labels))),
        *(Part((table,)) for table in day_tables(result, labels)),
        Part(tuple(notes_lines(result, labels))),
    ]
    shown = tuple(part for part in parts if part.blocks)
    under = (_run_line(result, language), *rests_on(result.scenario, language))
    return Report(labels.text(result.scenario.name), under, shown)


def _run_line(result: Result, language: Language) -> Line:
    """Say how the result was made; its tables count the cases of all replications together."""
    count = result.replications
    cases = sum(sum(states.values()) for states in result.states.values())
    key = "replications_made" if count == 1 else "replications_of"
    replications = say(key, language, count=count, mean=f"{cases / count:,.0f}")
    return how_made(result.scenario, result.seed, replications, language)


def verdict_table(result: Result, labels: Labels, title: str = "") -> Table:
    """Return one row per limit, on the clock that decides."""
    rows = [(labels.limit(limit.limit.name), limit) for limit in result.verdicts]
    spare = ("target", "clock")
    return judged_table(labels.say("promise"), rows, VERDICT_KEYS, labels, title, spare)


def worst_periods(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield a sentence for each limit that fails in a period, but not over the whole window."""
    for whole in result.verdicts:
        over_time = zip(result.periods, result.limits_over_time[whole.limit.name], strict=True)
        failing = [(period, limit) for period, limit in over_time if limit.verdict == "fails"]
        if whole.verdict == "fails" or not failing:
            continue
        period, limit = min(failing, key=lambda pair: pair[1].share)
        text = labels.say(
            "worst_period",
            limit=labels.limit(whole.limit.name),
            first=date_text(period.first, labels.language),
            last=date_text(period.last, labels.language),
            share=bounded_percent(limit.share, limit.share_at_best),
            low=percent(limit.low),
            high=percent(limit.high),
        )
        yield Line(text, "fails")


def clock_table(result: Result, labels: Labels) -> Table:
    """Return the days on every clock, for each limit and each case type without a limit."""
    headings = (labels.say("mean"), "P50", "P90", "P95", labels.say("max"))
    columns = (
        Column("", meaning=labels.say("promise")),
        Column(labels.say("clock")),
        *map(number, headings),
        Column("", meaning=labels.say("unit")),
        number(labels.say("on_time")),
        Column("", meaning=labels.say("decides")),
    )
    rows = []
    for days in result.on_every_clock:
        judgement = days if isinstance(days, LimitJudgement) else None
        decides = judgement is not None and judgement.decides
        row = (
            labels.limit(days.name)
            if days.name in result.scenario.limits
            else labels.case_type(days.name),
            labels.clock(days.clock),
            rounded(result.mean_days(days.name, days.clock), 1),
            *(quantile_text(quantile, days.unit) for quantile in days.quantiles),
            unit_of(days, labels.language),
            "" if judgement is None else bounded_percent(judgement.share, judgement.share_at_best),
            f"← {labels.say('decides')}" if decides else "",
        )
        rows.append(row)
    return Table(columns, tuple(rows), labels.say("clocks_title"), grouped=True)


def pool_table(result: Result, labels: Labels, most: int | None = None) -> Table:
    """Return the pools that had work, busiest first."""
    say = labels.say
    return table_of(
        [pool for pool in result.pool_summaries if pool.items][:most],
        [
            (Column(say("pool")), lambda pool: labels.pool(pool.name)),
            (number(say("officers")), lambda pool: str(pool.officers)),
            (number(say("busy")), lambda pool: percent(pool.utilisation, 0)),
            (number(say("wait")), lambda pool: f"{rounded(pool.mean_wait_h, 1)} h"),
            (number(say("queue")), lambda pool: str(pool.max_queue)),
        ],
        say("pools_title" if most is not None else "all_pools_title"),
    )


def day_tables(result: Result, labels: Labels) -> Iterator[Table]:
    """Yield for each limit what used the days of its late cases; if none is late, of all cases."""
    for limit in result.verdicts:
        promise = limit.limit
        late = _accounts(result, promise.name, late_only=True)
        if late:
            title = f"{labels.limit(promise.name)}: {labels.say('used_title')}"
            yield _accounts_table(result, limit.rule, title, late, labels)
        elif _accounts(result, promise.case_type, late_only=False):
            yield _days_of_all(result, limit, labels)


def accounts_of_all(result: Result, labels: Labels) -> Iterator[Table]:
    """Yield what used the days of all cases, for each case type of a limit with late cases."""
    with_late: dict[str, LimitJudgement] = {}
    for limit in result.verdicts:
        if _accounts(result, limit.limit.name, late_only=True):
            with_late.setdefault(limit.limit.case_type, limit)
    for limit in with_late.values():
        yield _days_of_all(result, limit, labels)


def _days_of_all(result: Result, limit: LimitJudgement, labels: Labels) -> Table:
    case_type = limit.limit.case_type
    accounts = _accounts(result, case_type, late_only=False)
    title = f"{labels.case_type(case_type)}: {labels.say('used_all_title')}"
    return _accounts_table(result, limit.rule, title, accounts, labels)


def _accounts(result: Result, name: str, *, late_only: bool) -> list[Account]:
    """Return the departments that used days of a limit's late cases, or of a case type's cases."""
    accounts = [
        account
        for account in result.accounts
        if (account.kind, account.late_only, account.of) == ("department", late_only, name)
        and max(account.days_wd.values()) >= SHOWN_WD
    ]
    return sorted(accounts, key=lambda account: -account.total_wd)


def _accounts_table(
    result: Result, rule: ClockRule, title: str, accounts: list[Account], labels: Labels
) -> Table:
    """Return days by department and category; brackets mark what the clock does not count."""
    say = labels.say
    left_out = not_counted(result.model.process, rule) | {Category.SUPERVISION}
    used = {
        category.name.lower(): category in left_out
        for category in Category
        if any(account.days_wd[category.name.lower()] >= SHOWN_WD for account in accounts)
    }
    headings = [f"({say(key)})" if uncounted else say(key) for key, uncounted in used.items()]
    columns = (Column(say("department")), *map(number, (say("total"), *headings)))
    rows = tuple(
        (
            labels.department(account.name),
            f"{account.total_wd:.1f}",
            *(_days(account.days_wd[key]) for key in used),
        )
        for account in accounts
    )
    note = say("uncounted", clock=labels.clock(rule.name)) if any(used.values()) else ""
    return Table(columns, rows, title, note)


def _days(days: float) -> str:
    return f"{days:.1f}" if days >= SHOWN_WD else "·"
