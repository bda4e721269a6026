"""Limits and pools by month, or week, as tables."""

from __future__ import annotations

from collections.abc import Iterator

from sim.experiments import Result
from sim.report.blocks import Cell, Column, Row, Table
from sim.report.labels import Labels
from sim.report.page.dates import month
from sim.report.page.words import tell
from sim.report.run.report import BUSIEST
from sim.report.terminal import interval_heading, judged, percent, rounded
from sim.report.words import say


def by_week(result: Result) -> bool:
    """Tell whether the periods of a result are weeks."""
    return result.periods[0].kind == "week"


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
                Cell(month(period.label, words), order=number),
                judged(each.verdict, words),
                percent(each.share),
                f"{percent(each.low)} – {percent(each.high)}",
                f"{each.measured:,}",
                f"{each.late + each.open_overdue:,}",
                f"{each.open:,}",
                rounded(each.quantiles[1].days, 0) + ("+" if each.quantiles[1].at_least else ""),
            )
            for number, (period, each) in enumerate(zip(result.periods, limits, strict=True))
        )
        yield Table(columns, rows, tell("months_caption", words, limit=labels.limit(name)))


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
            month(period.label, words),
            *(percent(float(result.pools_over_time[name].utilisation[number]), 0) for name in used),
        )
        for number, period in enumerate(result.periods)
    )
    yield Table(columns, rows, tell("busiest_months_caption", words))


def _period(result: Result, labels: Labels) -> Column:
    return Column(tell("week" if by_week(result) else "month", labels.language))
