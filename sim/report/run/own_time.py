"""The applicant's own time, and the authority's share of the whole time."""

from __future__ import annotations

from collections.abc import Iterator

from sim.experiments import Result
from sim.report.blocks import Column, Table, number, table_of
from sim.report.labels import Labels
from sim.report.numbers import percent
from sim.results.rows import OwnTimeRow


def own_time_table(result: Result, labels: Labels) -> Iterator[Table]:
    """Yield a table with a row for each limit; nothing if applicants need no time of their own."""
    rows: tuple[OwnTimeRow, ...] = result.rows("own_time")
    say = labels.say

    def name(row: OwnTimeRow) -> str:
        limit = row.of in result.scenario.limits
        return labels.limit(row.of) if limit else labels.case_type(row.of)

    def own(row: OwnTimeRow) -> str:
        return f"{row.own_wd:.1f} ({row.own_low:.1f} – {row.own_high:.1f})"

    def share(row: OwnTimeRow) -> str:
        low, high = percent(row.authority_low), percent(row.authority_high)
        return f"{percent(row.authority_share)} ({low} – {high})"

    if rows:
        yield table_of(
            rows,
            [
                (Column("", meaning=say("promise")), name),
                (number(say("whole_time")), lambda row: f"{row.span_wd:.1f}"),
                (number(say("own_time")), own),
                (number(say("authority_time")), lambda row: f"{row.authority_wd:.1f}"),
                (number(say("authority_share")), share),
            ],
            say("own_time_title"),
        )
