"""The report on a validation, and a validation as plain data."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from sim.experiments import Validation
from sim.experiments.validate.comparing import START
from sim.experiments.validate.rows import ClockFitRow, ComparisonRow
from sim.report.blocks import Block, Cell, Column, Line, Part, Report, Table, number, table_of
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.numbers import bounded_percent, date_text, percent, percent_range, rounded
from sim.report.plain_data import finding_data
from sim.report.validate.words import say

NAMED: Final = 3
"""Differences that the first sentence names."""
LISTED: Final = 12
"""Differences in the list below it."""


def validation_report(validation: Validation, language: Language) -> Report:
    """Return the answer, where both differ, and what was compared."""
    teller = _Teller(validation, language)
    scenario = say("fitted" if validation.fitted else "given", language)
    if validation.uncertain:
        scenario = say("uncertain", language, scenario=scenario)
    line = say(
        "line",
        language,
        first=date_text(validation.first, language),
        last=date_text(validation.last, language),
        received=validation.received,
        open=validation.open_cases,
        replications=validation.replications,
        seed=validation.seed,
        scenario=scenario,
        arrivals=say(validation.arrivals, language),
    )
    parts = [Part(tuple(teller.answer()))]
    for told in (teller.differing, teller.on_time, teller.days, teller.flows, teller.notes):
        parts += [Part((block,)) for block in told()]
    title = f"{say('title', language)} · {teller.labels.text(validation.scenario.name)}"
    return Report(title, (Line(line, "faint"),), tuple(parts))


class _Teller:
    def __init__(self, validation: Validation, language: Language) -> None:
        self.validation, self.language = validation, language
        self.labels = Labels(validation.scenario, language, say)
        self.level = percent(validation.level, None)

    def word(self, key: str, /, **values: object) -> str:
        return self.labels.say(key, **values)

    # --- the answer --------------------------------------------------------------------------

    def answer(self) -> Iterator[Line]:
        of = self.validation
        if of.fits:
            yield Line(self.word("fits", p=of.p_value), "holds")
        else:
            where = [self._where(row) for row in of.differing[:NAMED]]
            more = len(of.differing) - len(where)
            where += [self.word("more", count=more)] if more > 0 else []
            text = self.word("does_not_fit", p=of.p_value, where=self.word("join").join(where))
            yield Line(text, "fails")
        yield Line(self.word("meaning", error=percent(of.error, None)), "faint")
        inside, count = of.coverage
        if count:
            told = self.word("coverage", level=self.level, inside=inside, count=count)
            yield Line(told, "faint")

    def _where(self, row: ComparisonRow | ClockFitRow) -> str:
        """Return where and in which direction both differ."""
        if isinstance(row, ClockFitRow):
            return self.word(
                "where_days",
                name=self.name(row),
                how=self.word(row.differs),
                recorded=rounded(row.mean, 1),
                predicted=rounded(row.simulated_mean.value, 1),
                unit=self.word(row.unit),
            )
        period = "" if not row.period else self.word("in_period", period=self.period(row))
        return self.word(
            "where",
            kind=self.word(row.kind),
            name=self.name(row),
            period=period,
            how=self.word(row.differs),
            recorded=self._recorded(row),
            predicted=self._mean(row),
        )

    def differing(self) -> Iterator[Table]:
        rows = self.validation.differing
        if not rows:
            return
        word = self.word
        yield table_of(
            rows[:LISTED],
            [
                (
                    Column(word("kind")),
                    lambda row: word("days" if isinstance(row, ClockFitRow) else row.kind),
                ),
                (Column(word("whose")), self.name),
                (
                    Column(word("month")),
                    lambda row: "" if isinstance(row, ClockFitRow) else self.period(row),
                ),
                (number(word("recorded")), self._recorded_of),
                (number(word("predicted")), self._predicted_of),
                (number(word("together")), self._together_of),
            ],
            word("differing_title"),
        )

    def _recorded_of(self, row: ComparisonRow | ClockFitRow) -> str:
        return rounded(row.mean, 1) if isinstance(row, ClockFitRow) else self._recorded(row)

    def _predicted_of(self, row: ComparisonRow | ClockFitRow) -> str:
        if isinstance(row, ClockFitRow):
            return rounded(row.simulated_mean.value, 1)
        return self._mean(row)

    def _together_of(self, row: ComparisonRow | ClockFitRow) -> str:
        if isinstance(row, ClockFitRow):
            return f"± {rounded(row.largest_distance, 1)}"
        if row.kind == "on_time":
            return percent_range(row.together_low, row.together_high)
        return _range(row.together_low, row.together_high)

    # --- names and numbers -------------------------------------------------------------------

    def name(self, row: Any) -> str:
        """Return the label of what a row is about."""
        if row.of == "limit":
            return self.labels.limit(row.name)
        if row.of == "matter":
            return self.labels.matter(row.case_type, row.name)
        if row.of == "case_type":
            return self.labels.case_type(row.name)
        return self.labels.department(row.name)

    def period(self, row: ComparisonRow) -> str:
        """Return the month; what stands for all of them, or for those open at the start."""
        if row.period == START:
            return self.word("start")
        if row.period:
            return row.period
        return self.word("mean_of_months" if row.kind == "open" else "all")

    def _recorded(self, row: ComparisonRow) -> str:
        if row.kind == "on_time":
            return bounded_percent(row.recorded, row.recorded_at_best)
        return rounded(row.recorded, 0 if row.period or row.kind != "open" else 1)

    def _mean(self, row: ComparisonRow) -> str:
        if row.kind == "on_time":
            return percent(row.simulated.value)
        return rounded(row.simulated.value, 1)

    def _interval(self, row: ComparisonRow) -> str:
        low, high = row.simulated.low, row.simulated.high
        return percent_range(low, high) if row.kind == "on_time" else _range(low, high)

    def _mark(self, row: ComparisonRow | ClockFitRow) -> Cell:
        if row.differs:
            return Cell(self.word("differs"), "bad")
        if isinstance(row, ComparisonRow) and not row.inside:
            return Cell(self.word("outside"))
        return Cell("")

    # --- tables ------------------------------------------------------------------------------

    def on_time(self) -> Iterator[Block]:
        """Yield a table by month for each limit, and one of the matters' own days."""
        rows = [row for row in self.validation.comparison_rows if row.kind == "on_time"]
        limits = dict.fromkeys(row.name for row in rows if row.of == "limit")
        for name in limits:
            of = [row for row in rows if row.of == "limit" and row.name == name]
            by_month = [*(row for row in of if row.period), *(row for row in of if not row.period)]
            title = self.word("on_time_title", name=self.labels.limit(name))
            table = self._shares(by_month, title, Column(self.word("month")), self.period)
            yield replace(table, total=True, note=self.word("open_both_ways"))
        own = [row for row in rows if row.of == "matter" and not row.period]
        if own:
            first = Column(self.word("whose"))
            yield self._shares(own, self.word("own_title"), first, self.name)

    def _shares(self, rows: Sequence[ComparisonRow], title: str, first: Column, of: Any) -> Table:
        word = self.word
        return table_of(
            rows,
            [
                (first, of),
                (number(word("recorded")), self._recorded),
                (number(word("predicted")), self._mean),
                (number(word("interval", level=self.level)), self._interval),
                (number(word("together"), spare=True), self._together_of),
                (Column("", meaning=word("differs")), self._mark),
            ],
            title,
        )

    def days(self) -> Iterator[Table]:
        """Yield the table of clocks."""
        rows, word = self.validation.clock_rows, self.word
        if not rows:
            return
        table = table_of(
            rows,
            [
                (Column(word("whose_days")), self.name),
                (number(word("cases")), lambda row: f"{row.cases:,}"),
                (number(word("mean")), lambda row: rounded(row.mean, 1)),
                (number(word("predicted_mean")), lambda row: rounded(row.simulated_mean.value, 1)),
                (number(word("P90")), lambda row: rounded(row.p90, 0)),
                (number(word("predicted_mean")), lambda row: rounded(row.simulated_p90, 1)),
                (Column(word("unit")), lambda row: word(row.unit)),
                (number(word("distance")), lambda row: rounded(row.distance, 1)),
                (number(word("usual"), spare=True), lambda row: rounded(row.usual_distance, 1)),
                (number(word("at_most")), lambda row: rounded(row.largest_distance, 1)),
                (Column("", meaning=word("differs")), self._mark),
            ],
            word("days_title"),
        )
        yield replace(table, note=word("days_note"))

    def flows(self) -> Iterator[Table]:
        """Yield received, ended and open cases by month, and a table of the departments."""
        rows = self.validation.comparison_rows
        for name in dict.fromkeys(row.name for row in rows if row.of == "case_type"):
            of = [row for row in rows if row.of == "case_type" and row.name == name]
            title = self.word("flow_title", name=self.labels.case_type(name), level=self.level)
            yield self._beside(
                of, Column(self.word("month")), lambda row: row.period or self.word("all"), title
            )
        departments = [row for row in rows if row.of == "department" and not row.period]
        if departments:
            first = Column(self.word("department"))
            yield self._beside(departments, first, self.name, self.word("departments_title"))

    def _beside(self, rows: Sequence[ComparisonRow], first: Column, key: Any, title: str) -> Table:
        """Return a table with a row for each key, and two columns for each kind of number."""
        kinds = list(dict.fromkeys(row.kind for row in rows))
        found = {(key(row), row.kind): row for row in rows}
        keys = list(dict.fromkeys(key(row) for row in sorted(rows, key=lambda row: not row.period)))

        def recorded(kind: str) -> Any:
            return lambda of: self._tinted(found[of, kind]) if (of, kind) in found else "–"

        def interval(kind: str) -> Any:
            return lambda of: self._interval(found[of, kind]) if (of, kind) in found else "–"

        columns = [
            column
            for kind in kinds
            for column in (
                (number(self.word(kind)), recorded(kind)),
                (number(self.word("predicted")), interval(kind)),
            )
        ]
        return table_of(keys, [(first, lambda of: of), *columns], title)

    def _tinted(self, row: ComparisonRow) -> Cell:
        return Cell(self._recorded(row), "bad" if row.differs else "")

    def notes(self) -> Iterator[Block]:
        """Yield what a reader should know."""
        of, word = self.validation, self.word
        if not of.by_steps:
            yield Line(word("states"), "faint")
        if of.left_out:
            yield Line(word("left_out", count=of.left_out), "warning")
        if of.left_out_rows:
            yield table_of(
                of.left_out_rows,
                [
                    (Column(word("whose")), self.name),
                    (Column(word("why")), lambda r: word(r.reason)),
                ],
                word("not_compared_title"),
            )


def _range(low: float, high: float) -> str:
    return f"{_end(low)} – {_end(high)}"


def _end(value: float) -> str:
    return f"{value:.0f}" if math.isfinite(value) else "∞" if value > 0 else "−∞"


def validation_data(validation: Validation) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    inside, count = validation.coverage
    return finding_data(
        validation,
        {
            "fits": validation.fits,
            "p_value": validation.p_value,
            "error": validation.error,
            "level": validation.level,
            "from": validation.first,
            "to": validation.last,
            "fitted": validation.fitted,
            "uncertain": validation.uncertain,
            "arrivals": validation.arrivals,
            "received": validation.received,
            "open_cases": validation.open_cases,
            "left_out": validation.left_out,
            "by_steps": validation.by_steps,
            "months_inside": inside,
            "months": count,
            **{name: validation.records(name) for name in validation.row_tables},
        },
    )
