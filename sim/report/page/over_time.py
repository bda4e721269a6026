"""Limits and pools by month, or week, as tables."""

from __future__ import annotations

from collections.abc import Iterator

from sim.experiments import Result
from sim.measures.periods import Period
from sim.report.blocks import Cell, Column, Row, Table
from sim.report.dates import date_text, month_text
from sim.report.labels import Labels
from sim.report.numbers import percent, percent_range, rounded
from sim.report.page.words import say
from sim.report.run.report import BUSIEST
from sim.report.verdicts import interval_heading, verdict_cell


def by_week(result: Result) -> bool:
    """Tell whether the periods of a result are weeks."""
    return any(period.kind == "week" for period in result.periods)


def limits_over_time(result: Result, labels: Labels) -> Iterator[Table]:
    """Yield each limit by period."""
    words = labels.language
    for name, limits in result.limits_over_time.items():
        columns = (
            _period(result, labels),
            Column(say("verdict", words)),
            Column(say("on_time", words), number=True),
            Column(interval_heading(limits, words), number=True),
            *(Column(say(key, words), number=True) for key in ("cases", "late", "open")),
            Column("P90", number=True),
        )
        rows: tuple[Row, ...] = tuple(
            (
                Cell(_label(period, labels), order=number),
                verdict_cell(limit.verdict, words),
                percent(limit.share),
                percent_range(limit.low, limit.high),
                f"{limit.measured:,}",
                f"{limit.late + limit.open_overdue:,}",
                f"{limit.open:,}",
                rounded(limit.quantiles[1].days, 0) + ("+" if limit.quantiles[1].at_least else ""),
            )
            for number, (period, limit) in enumerate(zip(result.periods, limits, strict=True))
        )
        yield Table(columns, rows, say("months_caption", words, limit=labels.limit(name)))


def pools_over_time(result: Result, labels: Labels) -> Iterator[Table]:
    """Yield how busy the busiest pools were in each period."""
    words = labels.language
    used = [pool.name for pool in result.pool_summaries if pool.items][:BUSIEST]
    if not used:
        return
    columns = (
        _period(result, labels),
        *(Column(labels.pool(name), number=True) for name in used),
    )
    rows = tuple(
        (
            _label(period, labels),
            *(percent(float(result.pools_over_time[name].utilisation[number]), 0) for name in used),
        )
        for number, period in enumerate(result.periods)
    )
    yield Table(columns, rows, say("busiest_months_caption", words))


def _period(result: Result, labels: Labels) -> Column:
    return Column(say("week" if by_week(result) else "month", labels.language))


def _label(period: Period, labels: Labels) -> str:
    if period.kind == "week":
        return date_text(period.first, labels.language)
    return month_text(period.first, labels.language)
