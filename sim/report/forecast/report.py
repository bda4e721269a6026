"""The report on a forecast, and a forecast as plain data."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from sim.experiments import Forecast
from sim.experiments.forecast.rows import CaseForecastRow, MeasureRow, NotTakenRow, PoolLoadRow
from sim.report.blocks import Block, Cell, Column, Line, Part, Report, Table, number, table_of
from sim.report.clocks import amount_text
from sim.report.forecast.words import say
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.numbers import date_text, percent, percent_range, rounded, signed
from sim.report.plain_data import finding_data

SHOWN: Final = 50
"""Rows of the list in a report."""
TOLD: Final = 20
"""Values that could not be taken over, in a report."""
PERIODS: Final = 8
"""Periods of the load of pools in a report."""
LIKELY: Final = 0.5
"""Probability to be late from which on a case stands out."""


def forecast_report(forecast: Forecast, language: Language) -> Report:
    """Return the ranked list, what would help, and the load of the pools."""
    labels = Labels(forecast.scenario, language, say)
    parts = (
        Part(tuple(_summary(forecast, labels))),
        Part(tuple(_list(forecast, labels))),
        Part(tuple(_measures(forecast, labels))),
        Part(tuple(_load(forecast, labels))),
        Part(tuple(_notes(forecast, labels))),
    )
    arrivals = labels.say("with_arrivals" if forecast.arrivals else "no_arrivals")
    line = labels.say(
        "line",
        open=forecast.open_cases,
        date=date_text(forecast.date, language),
        received=forecast.received,
        replications=forecast.replications,
        seed=forecast.seed,
        arrivals=arrivals,
    )
    title = f"{labels.say('title')} · {labels.text(forecast.scenario.name)}"
    return Report(title, (Line(line, "faint"),), tuple(part for part in parts if part.blocks))


def _summary(forecast: Forecast, labels: Labels) -> Iterator[Line]:
    limits = dict.fromkeys(row.limit for row in forecast.case_rows)
    if not limits:
        yield Line(labels.say("none"))
    for limit in limits:
        cases = sum(row.limit == limit for row in forecast.case_rows)
        late = forecast.expected_late(limit)
        yield Line(
            labels.say("expected_late", limit=labels.limit(limit), cases=cases, late=late), "strong"
        )


def _list(forecast: Forecast, labels: Labels) -> Iterator[Block]:
    rows, word = forecast.case_rows[:SHOWN], labels.say
    if not rows:
        return
    table = table_of(
        rows,
        [
            (number(word("rank")), lambda row: f"{row.rank}"),
            (Column(word("case")), lambda row: row.case),
            (Column(word("promise"), folds=True), lambda row: labels.limit(row.limit)),
            (number(word("late_share")), _late),
            (
                number(word("interval95"), spare=True),
                lambda row: percent_range(row.late.low, row.late.high),
            ),
            (number(word("left")), lambda row: _left(row, labels)),
            (Column(word("due"), spare=True), lambda row: _date(row.due)),
            (Column(word("expected"), spare=True), lambda row: _date(row.expected)),
            (Column(word("latest")), lambda row: _date(row.latest)),
            (
                Column(word("holder"), folds=True),
                lambda row: _joined(row.department, labels.department),
            ),
            (Column(word("step"), spare=True), lambda row: _joined(row.step, labels.step)),
            (
                Column(word("slowest"), spare=True),
                lambda row: labels.pool(row.slowest_pool) if row.slowest_pool else "–",
            ),
            (Column(word("saved_by"), folds=True), lambda row: _saved_by(row, labels)),
        ],
        word("list_title"),
    )
    more = len(forecast.case_rows) - len(rows)
    note = word("list_more", shown=len(rows), rows=len(forecast.case_rows)) if more else ""
    yield replace(table, note=note)


def _late(row: CaseForecastRow) -> Cell:
    return Cell(percent(row.late.value), "bad" if row.late.value >= LIKELY else "")


def _left(row: CaseForecastRow, labels: Labels) -> str:
    if math.isnan(row.left_days):
        return "–"
    if row.left_days < 0:
        return f"{amount_text(row.left_days, row.unit)} {labels.say('over')}"
    return f"{amount_text(row.left_days, row.unit)} {labels.say(row.unit)}"


def _date(date: dt.date | None) -> str:
    return "–" if date is None else date.isoformat()


def _joined(names: str, label: Callable[[str], str]) -> str:
    return " + ".join(label(name) for name in names.split(" + ")) if names else "–"


def _saved_by(row: CaseForecastRow, labels: Labels) -> str:
    if not row.saved_by:
        return "–"
    measure = _measure(row.saved_by, row.saved_where, labels)
    return labels.say("then", measure=measure, share=percent(row.late_if_saved))


def _measure(kind: str, team: str, labels: Labels) -> str:
    return labels.say(kind, team=team) if team else labels.say(kind)


def _measures(forecast: Forecast, labels: Labels) -> Iterator[Table]:
    rows, word = forecast.measure_rows, labels.say
    useful = [row for row in rows if row.late or row.late_then]
    if not useful:
        return
    useful.sort(key=lambda row: (row.limit, -row.saved.value))

    def interval(row: MeasureRow) -> str:
        return f"{signed(row.saved.low, 1)} – {signed(row.saved.high, 1)}"

    table = table_of(
        useful,
        [
            (Column(word("promise")), lambda row: labels.limit(row.limit)),
            (
                Column(word("measure"), folds=True),
                lambda row: _measure(row.measure, row.team, labels),
            ),
            (number(word("late_now")), lambda row: rounded(row.late, 1)),
            (number(word("late_then")), lambda row: rounded(row.late_then, 1)),
            (number(word("saved")), lambda row: rounded(row.saved.value, 1)),
            (number(word("interval95")), interval),
        ],
        word("measures_title"),
    )
    yield replace(table, grouped=True, note=word("measures_note", tried=forecast.tried))


def _load(forecast: Forecast, labels: Labels) -> Iterator[Table]:
    periods = list(dict.fromkeys(row.first for row in forecast.load_rows))[:PERIODS]
    of_pool: dict[str, dict[dt.date, PoolLoadRow]] = {}
    for row in forecast.load_rows:
        of_pool.setdefault(row.pool, {})[row.first] = row

    def busiest(pool: str) -> float:
        used = [r.utilisation for r in of_pool[pool].values() if not math.isnan(r.utilisation)]
        return max(used, default=0.0)

    pools = sorted(of_pool, key=busiest, reverse=True)
    if not periods:
        return

    def cell(first: dt.date) -> Callable[[str], str | Cell]:
        def shown(pool: str) -> str | Cell:
            share = of_pool[pool][first].utilisation
            return Cell(percent(share), "bad" if share >= 1 else "")

        return shown

    last = periods[-1]
    table = table_of(
        pools,
        [
            (Column(labels.say("pool")), labels.pool),
            *((number(f"{first:%m-%d}"), cell(first)) for first in periods),
            (
                number(labels.say("queue")),
                lambda pool: rounded(of_pool[pool][last].mean_queue, 1),
            ),
        ],
        labels.say("load_title"),
    )
    yield replace(table, note=labels.say("load_note"))


def _notes(forecast: Forecast, labels: Labels) -> Iterator[Block]:
    word = labels.say
    yield Line(word("by_steps" if forecast.by_steps else "by_states"), "faint")
    if any(row.ends_otherwise > 0 for row in forecast.case_rows):
        yield Line(word("otherwise"), "faint")
    if forecast.failed:
        yield Line(word("failed", count=forecast.failed), "notice")
    if forecast.left_out:
        yield Line(word("left_out", count=forecast.left_out), "warning")
    told = forecast.not_taken_rows
    if told:
        yield table_of(
            told[:TOLD],
            [
                (Column(word("file")), _place),
                (Column(word("column"), folds=True), lambda row: row.column),
                (Column(word("value"), folds=True), lambda row: row.value),
                (Column(word("why"), folds=True), lambda row: row.rule),
            ],
            word("not_taken", count=len(told)),
        )


def _place(row: NotTakenRow) -> str:
    return row.file if row.row is None else f"{row.file}:{row.row}"


def forecast_data(forecast: Forecast) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    return finding_data(
        forecast,
        {
            "date": forecast.date,
            "to": forecast.to,
            "arrivals": forecast.arrivals,
            "received": forecast.received,
            "open_cases": forecast.open_cases,
            "left_out": forecast.left_out,
            "failed": forecast.failed,
            "by_steps": forecast.by_steps,
            "tried": forecast.tried,
            **{name: forecast.records(name) for name in forecast.row_tables},
        },
    )
