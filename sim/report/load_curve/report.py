"""What the report on a load curve says, and a load curve as plain data."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

from sim.experiments import LoadCurve
from sim.limits import ResolvedLimit
from sim.measures.crossing import Crossing
from sim.report.blocks import Cell, Column, Line, Part, Report, Table
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import how_made
from sim.report.load_curve.words import say
from sim.report.numbers import percent, percent_range, rounded
from sim.report.plain_data import finding_data

POOLS: Final = 5
"""Pools shown for each limit."""


def load_curve_report(curve: LoadCurve, language: Language) -> Report:
    """Return the curve, and for each limit where it breaks and which pools with it."""
    labels = Labels(curve.scenario, language)
    parts = [Part((_curve(curve, labels),))]
    for limit in curve.resolved_limits:
        lines = (Line(line) for line in load_sentences(curve, limit, labels))
        parts.append(Part((*lines, _pools(curve, limit, labels)), labels.limit(limit.name)))
    parts.append(Part((Line(say("legend", labels.language), "faint"),)))
    return Report(labels.text(curve.scenario.name), tuple(_under(curve, labels)), tuple(parts))


def _under(curve: LoadCurve, labels: Labels) -> Iterator[Line]:
    language = labels.language
    replications = say("replications_made", language, count=curve.replications)
    yield how_made(curve.scenario, curve.seed, replications, language)
    if curve.case_type is None:
        yield Line(say("all_scaled", language), "faint")
    else:
        case_type = labels.case_type(curve.case_type)
        yield Line(say("one_scaled", language, case_type=case_type), "faint")


def _curve(curve: LoadCurve, labels: Labels) -> Table:
    columns = [Column(say("load", labels.language), number=True)]
    for limit in curve.resolved_limits:
        columns.append(Column(labels.limit(limit.name), number=True))
        columns.append(Column(say("interval", labels.language), number=True))
    of_limit = [
        {point.load: point for point in curve.points(limit)} for limit in curve.resolved_limits
    ]
    rows = []
    for load in curve.grid:
        cells: list[str | Cell] = []
        for limit, points in zip(curve.resolved_limits, of_limit, strict=True):
            point = points[load]
            broken = point.high < limit.target_share
            cells += [
                Cell(percent(point.share), "bad" if broken else ""),
                percent_range(point.low, point.high),
            ]
        rows.append((f"× {load:.2f}", *cells))
    return Table(tuple(columns), tuple(rows))


def load_sentences(curve: LoadCurve, limit: ResolvedLimit, labels: Labels) -> Iterator[str]:
    """Yield where a limit breaks, how surely, and which pool breaks first."""
    crossing = curve.crossing(limit)
    at = {point.load: point for point in curve.points(limit)}[curve.pool_load(limit)]
    yield say(
        crossing.status,
        labels.language,
        load=f"{crossing.load:.2f}",
        low=f"{crossing.low:.2f}",
        high="∞" if math.isinf(crossing.high) else f"{crossing.high:.2f}",
        confidence=percent(limit.confidence, 0),
        lowest=f"{curve.grid[0]:.2f}",
        highest=f"{curve.grid[-1]:.2f}",
        share=percent(at.share),
        target=percent(limit.target_share, 0),
    )
    if not crossing.proven and crossing.status != "no_cases":
        yield _unproven(crossing, labels.language)
    if crossing.status in {"breaks", "broken"} and (pools := curve.pools_at(limit)):
        yield say(
            "first_pool" if crossing.status == "breaks" else "longest_queue",
            labels.language,
            pool=labels.pool(pools[0].summary.name),
            queue=f"{pools[0].added_queue:.1f}",
            lowest=f"{curve.grid[0]:.2f}",
        )


def _unproven(crossing: Crossing, language: Language) -> str:
    """Say what is not proven of a breaking load."""
    key = "unsure"
    if crossing.status == "broken" and math.isfinite(crossing.high):
        key = "broken_unproven"
    elif crossing.status == "keeps" and crossing.low > 0:
        key = "keeps_unproven"
    return say(key, language, low=f"{crossing.low:.2f}", high=f"{crossing.high:.2f}")


def _pools(curve: LoadCurve, limit: ResolvedLimit, labels: Labels) -> Table:
    words = labels.language
    keys = ("officers", "busy", "offered", "full_at", "wait", "mean_queue", "added")
    rows = tuple(
        (
            labels.pool(pool.summary.name),
            str(pool.summary.officers),
            percent(pool.summary.utilisation, 0),
            percent(pool.offered, 0),
            "–" if math.isinf(pool.full_at) else f"× {pool.full_at:.2f}",
            f"{rounded(pool.summary.mean_wait_h, 1)} h",
            f"{pool.summary.mean_queue:.1f}",
            f"{pool.added_queue:+.1f}",
        )
        for pool in curve.pools_at(limit)[:POOLS]
    )
    columns = (Column(say("pool", words)), *(Column(say(key, words), number=True) for key in keys))
    title = say("pools_title", words, load=f"{curve.pool_load(limit):.2f}")
    return Table(columns, rows, title)


def load_curve_data(curve: LoadCurve) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    data = {
        "case_type": curve.case_type,
        "breaking": curve.records("breaking"),
        "curve": curve.records("curve"),
        "pools": curve.records("pools"),
    }
    return finding_data(curve, data)
