"""The price of responding: hours of overtime, and of help in other pools."""

from __future__ import annotations

from collections.abc import Iterator

from sim.experiments import Result
from sim.report.blocks import Column, Table, number, table_of
from sim.report.labels import Labels
from sim.report.numbers import percent
from sim.results.rows import ResponseRow


def response_table(result: Result, labels: Labels) -> Iterator[Table]:
    """Yield a table of the pools with overtime or help; nothing if there was none."""
    rows: tuple[ResponseRow, ...] = result.rows("response")
    say = labels.say
    if rows:
        yield table_of(
            rows,
            [
                (Column(say("pool")), lambda row: labels.pool(row.pool)),
                (number(say("overtime")), lambda row: f"{row.overtime_h:,.0f} h"),
                (number(say("most_overtime")), lambda row: f"{row.overtime_most_h:,.0f} h"),
                (number(say("help")), lambda row: f"{row.help_h:,.0f} h"),
                (number(say("most_help")), lambda row: f"{row.help_most_h:,.0f} h"),
                (number(say("share_of_work")), lambda row: percent(row.share_of_work)),
            ],
            say("response_title"),
        )
