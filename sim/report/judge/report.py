"""The report on recorded cases, and recorded cases as plain data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from sim.experiments import Judged
from sim.experiments.judge.rows import RecordedLimitRow, RecordedPartRow, StateRow
from sim.limits import ClockRule, clock_rules
from sim.limits.clocks import PRESETS
from sim.measures.days import OWNER_PREFIX, Category
from sim.report.blocks import Block, Cell, Column, Line, Part, Report, Table, number, table_of
from sim.report.clocks import amount_text, clock_label
from sim.report.judge.words import say
from sim.report.language import Language
from sim.report.lines import verdict_cell
from sim.report.numbers import bounded_percent, date_text, percent, percent_range, rounded
from sim.report.plain_data import plain
from sim.results.rows import AccountRow, Counts, Share
from sim.storage.versions import version

SHOWN_WD: Final = 0.05
"""Working days below which a table of days shows a dot, and leaves out an account."""


class Names:
    """The labels of what was recorded, in one language; without a label, the name."""

    def __init__(self, judged: Judged, language: Language) -> None:
        self.judged, self.language = judged, language
        self.which = 0 if language == "en" else 1
        own = {} if judged.given is None else clock_rules(judged.given)
        self.clocks: dict[str, ClockRule] = {**PRESETS, **own}

    def of(self, kind: str, name: str) -> str:
        """Return the label of a limit, case type, stage, matter or department; "" has none."""
        if not name:
            return self.say("no_name")
        return self.judged.labels.get(f"{kind}/{name}", (name, name))[self.which]

    def clock(self, name: str) -> str:
        """Return the label of a clock."""
        return clock_label(self.clocks[name], self.language) if name in self.clocks else name

    def say(self, key: str, /, **values: object) -> str:
        """Return a word or sentence."""
        return say(key, self.language, **values)

    def account(self, name: str) -> str:
        """Return the label of a department, or of time that no department accounts for."""
        if name.startswith(OWNER_PREFIX):
            return self.say(f"of_{name.removeprefix(OWNER_PREFIX)}")
        return self.of("department", name)


def judged_report(judged: Judged, language: Language) -> Report:
    """Return verdicts, matters, departments, the state's statistics and what used the days."""
    names = Names(judged, language)
    parts = (
        Part(tuple(_verdicts(judged, names))),
        *_matter_parts(judged, names),
        Part(tuple(_departments(judged, names))),
        Part(tuple(_state(judged, names))),
        Part(tuple(_years(judged, names))),
        Part(tuple(_months(judged, names))),
        Part(tuple(_groups(judged, names))),
        Part((_clocks(judged, names),)),
        Part(tuple(_accounts(judged, names))),
        Part(tuple(_notes(judged, names))),
    )
    dates = {"first": judged.first, "last": judged.last, "until": judged.until.date()}
    under = names.say(
        "line",
        measured=judged.measured,
        recorded=judged.recorded,
        **{key: date_text(date, language) for key, date in dates.items()},
    )
    title = names.say("title")
    if judged.given is not None:
        name = judged.given.name
        title += f" · {name.en or name.zh if language == 'en' else name.zh or name.en}"
    elif judged.files:
        title += f" · {judged.files[0]}" + (" …" if len(judged.files) > 1 else "")
    shown = tuple(part for part in parts if part.blocks)
    return Report(title, (Line(under, "faint"),), shown)


Columns = list[tuple[Column, Callable[[Any], str | Cell]]]


def _share(names: Names, of: Callable[[Any], tuple[Share, Counts]]) -> Columns:
    """Return verdict, on-time share, interval, cases, late and open ones."""

    def shown(make: Callable[[Share, Counts], str | Cell]) -> Callable[[Any], str | Cell]:
        return lambda row: make(*of(row))

    word, language = names.say, names.language
    return [
        (Column(word("verdict")), shown(lambda s, _: verdict_cell(s.verdict, language))),
        (
            number(word("on_time")),
            shown(lambda s, _: bounded_percent(s.on_time_share.value, s.on_time_share_at_best)),
        ),
        (
            number(word("interval")),
            shown(lambda s, _: percent_range(s.on_time_share.low, s.on_time_share.high)),
        ),
        (number(word("cases")), shown(lambda _, c: f"{c.cases:,}")),
        (number(word("late")), shown(lambda _, c: f"{c.late + c.open_overdue:,}")),
        (number(word("open")), shown(lambda _, c: f"{c.open:,}")),
    ]


def _verdicts(judged: Judged, names: Names) -> Iterator[Block]:
    if not judged.verdicts:
        yield Line(names.say("own_rules" if judged.given is None else "no_limits"))
        return
    spare = number(names.say("spare"))
    yield table_of(
        judged.verdicts,
        [
            (Column(names.say("promise")), lambda row: names.of("limit", row.limit)),
            *_share(names, lambda row: (row.share, row.counts)),
            (number(names.say("target"), spare=True), lambda row: percent(row.target_share, None)),
            (spare, lambda row: _spare(row, names)),
            (Column(names.say("clock"), spare=True), lambda row: names.clock(row.clock)),
        ],
    )


def _spare(row: RecordedLimitRow, names: Names) -> str:
    most = "≤ " if "spare_days" in row.at_least.split() else ""
    return f"{most}{amount_text(row.spare_days, row.unit)} {names.say(row.unit)}"


# --- matters, departments, statistics ----------------------------------------------------------


def _matter_parts(judged: Judged, names: Names) -> Iterator[Part]:
    for case_type in dict.fromkeys(row.case_type for row in judged.part_rows):
        rows = [row for row in judged.part_rows if row.case_type == case_type and row.counts.cases]
        if not rows:
            continue
        title = names.say("parts_title", case_type=names.of("case_type", case_type))
        table = table_of(
            rows,
            [
                (Column(names.say("part")), lambda row: _part_name(row, names)),
                (Column(names.say("standard")), lambda row: _standard(row, names)),
                *_share(names, lambda row: (row.share, row.counts)),
                (number("P95", spare=True), lambda row: amount_text(row.p95, row.unit or "wd")),
            ],
            title,
        )
        strong = frozenset(n for n, row in enumerate(rows) if row.kind != "matter")
        yield Part((replace(table, strong=strong),))


def _part_name(row: RecordedPartRow, names: Names) -> str:
    if row.kind == "case_type":
        return names.say("all_matters")
    label = names.of(row.kind, row.name)
    return f"· {label}" if row.kind == "matter" else label


def _standard(row: RecordedPartRow, names: Names) -> str:
    if not row.clock:
        return names.say(row.standard)
    days = f"{row.limit_days:g} {names.say(row.unit)}"
    return names.say(f"days_{row.standard}", days=days)


def _departments(judged: Judged, names: Names) -> Iterator[Table]:
    if judged.department_rows:
        columns = _share(names, lambda row: (row.share, row.counts))
        first = (Column(names.say("department")), lambda row: names.account(row.department))
        yield table_of(judged.department_rows, [first, *columns], names.say("departments_title"))


def _state(judged: Judged, names: Names) -> Iterator[Table]:
    if not judged.state_rows:
        return
    word = names.say
    table = table_of(
        judged.state_rows,
        [
            (Column("", meaning=word("part")), lambda row: _state_name(row, names)),
            (number(word("cases")), lambda row: f"{row.cases:,}"),
            (number(word("open")), lambda row: f"{row.open:,}"),
            (number(word("overdue")), lambda row: f"{row.overdue:,}"),
            (number(word("days_mean")), lambda row: rounded(row.days_mean, 1)),
            (number(word("max")), lambda row: rounded(row.days_max, 0)),
            (number(word("span_mean")), lambda row: rounded(row.span_mean, 1)),
            (number(word("applicant_mean")), lambda row: rounded(row.applicant_mean, 1)),
        ],
        word("state_title"),
    )
    strong = frozenset(n for n, row in enumerate(judged.state_rows) if row.kind != "item")
    yield replace(table, strong=strong, note=word("state_note"))


def _state_name(row: StateRow, names: Names) -> str:
    kind = {"item": "matter", "stage": "stage", "project": "case_type"}[row.kind]
    label = names.of(kind, row.name)
    return f"· {label}" if row.kind == "item" else label


# --- time and groups ---------------------------------------------------------------------------


def _years(judged: Judged, names: Names) -> Iterator[Table]:
    if not judged.year_rows:
        return
    word, language = names.say, names.language

    def dates(first: dt.date, last: dt.date) -> str:
        return f"{date_text(first, language)} – {date_text(last, language)}"

    yield table_of(
        judged.year_rows,
        [
            (Column(word("promise")), lambda row: names.of("limit", row.limit)),
            (Column(word("year")), lambda row: dates(row.first, row.last)),
            (Column(word("kept")), lambda row: word(f"kept_{row.kept}")),
            (number(word("on_time")), lambda row: percent(row.on_time_share.value)),
            (
                number(word("interval")),
                lambda row: percent_range(row.on_time_share.low, row.on_time_share.high),
            ),
            (number(word("cases")), lambda row: f"{row.cases:,}"),
        ],
        word("years_title"),
    )


def _months(judged: Judged, names: Names) -> Iterator[Table]:
    first = (Column(names.say("month")), lambda row: row.period.period)
    columns = _share(names, lambda row: (row.judged.share, row.judged.counts))
    for limit in dict.fromkeys(row.limit for row in judged.month_rows):
        rows = [row for row in judged.month_rows if row.limit == limit]
        title = names.say("months_title", limit=names.of("limit", limit))
        yield table_of(rows, [first, *columns], title)


def _groups(judged: Judged, names: Names) -> Iterator[Table]:
    columns = _share(names, lambda row: (row.judged.share, row.judged.counts))
    keys = dict.fromkeys((row.limit, row.attribute) for row in judged.group_rows)
    for limit, attribute in keys:
        rows = [r for r in judged.group_rows if (r.limit, r.attribute) == (limit, attribute)]
        title = names.say("groups_title", limit=names.of("limit", limit), attribute=attribute)
        yield table_of(rows, [(Column(attribute), lambda row: row.value), *columns], title)


def _clocks(judged: Judged, names: Names) -> Table:
    word = names.say

    def days(value: float, key: str, row: RecordedLimitRow) -> str:
        return amount_text(value, row.unit) + ("+" if key in row.at_least.split() else "")

    def quantile(key: str) -> Callable[[RecordedLimitRow], str]:
        return lambda row: days(getattr(row, key), key, row)

    def subject(row: RecordedLimitRow) -> str:
        return names.of("limit", row.limit) if row.limit else names.of("case_type", row.case_type)

    def on_time(row: RecordedLimitRow) -> str:
        share = row.share
        return bounded_percent(share.on_time_share.value, share.on_time_share_at_best)

    table = table_of(
        judged.limit_rows,
        [
            (Column("", meaning=word("promise")), subject),
            (Column(word("clock")), lambda row: names.clock(row.clock)),
            (number(word("mean")), lambda row: rounded(row.mean, 1)),
            (number("P50"), quantile("p50")),
            (number("P90"), quantile("p90")),
            (number("P95"), quantile("p95")),
            (number(word("max")), quantile("max")),
            (Column("", meaning=word("unit")), lambda row: word(row.unit)),
            (number(word("on_time")), lambda row: on_time(row) if row.limit else ""),
            (
                Column("", meaning=word("decides")),
                lambda row: f"← {word('decides')}" if row.decides else "",
            ),
        ],
        word("clocks_title"),
    )
    return replace(table, grouped=True)


# --- what used the days ------------------------------------------------------------------------


def _accounts(judged: Judged, names: Names) -> Iterator[Table]:
    """Yield what used the days of each limit's late cases; where none was late, of all cases."""
    by_department = [row for row in judged.account_rows if row.kind == "department"]
    of_late = {row.of for row in by_department if row.late_only}
    for row in judged.verdicts:
        if row.limit in of_late:
            title = names.say("used_title", name=names.of("limit", row.limit))
            late = [a for a in by_department if a.late_only and a.of == row.limit]
            yield _account_table(late, title, names)
    for case_type in dict.fromkeys(row.of for row in by_department if not row.late_only):
        title = names.say("used_all_title", name=names.of("case_type", case_type))
        every = [a for a in by_department if not a.late_only and a.of == case_type]
        yield _account_table(every, title, names)


def _account_table(accounts: Sequence[AccountRow], title: str, names: Names) -> Table:
    rows = sorted(
        (row for row in accounts if row.total_wd >= SHOWN_WD), key=lambda row: -row.total_wd
    )
    used = [
        category for category in Category if any(_of(row, category) >= SHOWN_WD for row in rows)
    ]

    def days(category: Category) -> Callable[[AccountRow], str]:
        return lambda row: rounded(_of(row, category), 1) if _of(row, category) >= SHOWN_WD else "·"

    return table_of(
        rows,
        [
            (Column(names.say("account")), lambda row: names.account(row.name)),
            (number(names.say("total")), lambda row: rounded(row.total_wd, 1)),
            *((number(names.say(f"category_{c.name.lower()}")), days(c)) for c in used),
        ],
        title,
    )


def _of(row: AccountRow, category: Category) -> float:
    return float(getattr(row, f"{category.name.lower()}_wd"))


# --- what to know ------------------------------------------------------------------------------


def _notes(judged: Judged, names: Names) -> Iterator[Line]:
    yield Line(names.say(f"interval_{judged.interval}"), "faint")
    yield Line(names.say("by_steps" if judged.by_steps else "by_events"), "faint")
    if judged.strangers:
        joined = names.say("comma").join(names.of("matter", one) for one in judged.strangers)
        yield Line(names.say("strangers", names=joined), "notice")
    if judged.left_out:
        yield Line(names.say("without_event", count=judged.left_out), "notice")
    if judged.without_limit:
        yield Line(names.say("without_limit", count=judged.without_limit), "notice")
    for stamp in judged.stamps:
        yield Line(names.say("calendar_stamp", text=stamp), "notice")


def judged_data(judged: Judged) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    given = judged.given
    data: dict[str, Any] = {
        "scenario": None if given is None else str(given.name),
        "scenario_sha256": None if given is None else given.sha256(),
        "version": version(),
        "files": list(judged.files),
        "first": judged.first,
        "last": judged.last,
        "until": judged.until.isoformat(),
        "recorded": judged.recorded,
        "measured": judged.measured,
        "items_without_event": judged.left_out,
        "items_without_limit": judged.without_limit,
        "by_steps": judged.by_steps,
        "interval": judged.interval,
        "unknown_matters": list(judged.strangers),
        **{name: judged.records(name) for name in judged.row_tables},
    }
    return {key: plain(value) for key, value in data.items()}
