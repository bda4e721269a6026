"""The report on a load curve, and a load curve as plain data."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

from sim.experiments import LoadCurve
from sim.limits import ResolvedLimit
from sim.report.blocks import Cell, Column, Line, Part, Report, Table, Tone, number, table_of
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import how_made
from sim.report.load_curve.words import say
from sim.report.numbers import percent, percent_range, rounded
from sim.report.plain_data import finding_data
from sim.report.run.open_cases import some_open_lines

POOLS: Final = 5
"""Number of pools shown for each limit."""


def load_curve_report(curve: LoadCurve, language: Language) -> Report:
    """Return the curve, and for each limit the load at which it and its pools break."""
    labels = Labels(curve.scenario, language, say)
    replications = labels.say("replications_made", count=curve.replications)
    scaled = labels.say("all_scaled")
    if curve.case_type is not None:
        scaled = labels.say("one_scaled", case_type=labels.case_type(curve.case_type))
    made = how_made(curve.scenario, curve.seed, replications, language)
    parts = [Part((_curve(curve, labels),))]
    for limit in curve.resolved_limits:
        lines = map(Line, load_sentences(curve, limit, labels))
        parts.append(Part((*lines, _pools(curve, limit, labels)), labels.limit(limit.name)))
    parts.append(Part(tuple(some_open_lines(curve.results.values(), labels))))
    parts.append(Part((Line(labels.say("legend"), "faint"),)))
    return Report(labels.text(curve.scenario.name), (made, Line(scaled, "faint")), tuple(parts))


def _curve(curve: LoadCurve, labels: Labels) -> Table:
    columns = [number(labels.say("load"))]
    cells: list[list[str | Cell]] = [[f"× {load:.2f}" for load in curve.grid]]
    for limit in curve.resolved_limits:
        columns += [number(labels.limit(limit.name)), number(labels.say("interval"))]
        at = {point.load: point for point in curve.points(limit)}
        points = [at[load] for load in curve.grid]
        tones: list[Tone] = ["bad" if point.high < limit.target_share else "" for point in points]
        cells.append([Cell(percent(p.share), tone) for p, tone in zip(points, tones, strict=True)])
        cells.append([percent_range(point.low, point.high) for point in points])
    return Table(tuple(columns), tuple(zip(*cells, strict=True)))


def load_sentences(curve: LoadCurve, limit: ResolvedLimit, labels: Labels) -> Iterator[str]:
    """Yield the load at which a limit breaks, how certain it is, and the pool that breaks first."""
    crossing, say = curve.crossing(limit), labels.say
    at = {point.load: point for point in curve.points(limit)}[curve.pool_load(limit)]
    low, lowest = f"{crossing.low:.2f}", f"{curve.grid[0]:.2f}"
    high = "∞" if math.isinf(crossing.high) else f"{crossing.high:.2f}"
    sentence = say(
        crossing.status,
        load=f"{crossing.load:.2f}",
        low=low,
        high=high,
        confidence=percent(limit.confidence, None),
        lowest=lowest,
        highest=f"{curve.grid[-1]:.2f}",
        share=percent(at.share),
        target=percent(limit.target_share, None),
    )
    cases = cases_sentence(curve, limit, labels)
    yield f"{sentence}{say('gap')}{cases}" if cases else sentence
    if not crossing.proven and crossing.status != "no_cases":
        key = "unsure"
        if crossing.status == "broken" and math.isfinite(crossing.high):
            key = "broken_unproven"
        elif crossing.status == "keeps" and crossing.low > 0:
            key = "keeps_unproven"
        yield say(key, low=low, high=high)
    if crossing.status in {"breaks", "broken"} and (pools := curve.pools_at(limit)):
        key = "first_pool" if crossing.status == "breaks" else "longest_queue"
        pool, queue = labels.pool(pools[0].summary.name), f"{pools[0].added_queue:.1f}"
        yield say(key, pool=pool, queue=queue, lowest=lowest)


def cases_sentence(curve: LoadCurve, limit: ResolvedLimit, labels: Labels) -> str:
    """Return the load at which a limit breaks, in cases a year; "" where none are stated.

    Of a limit that does not break: the lowest or highest load that was simulated.
    """
    case_type, crossing = limit.case_type, curve.crossing(limit)
    yearly = curve.scenario.case_types[case_type].arrivals.yearly
    if yearly is None or curve.case_type not in {None, case_type}:
        return ""
    year = curve.scenario.period.window.first.year
    today = yearly.expected(year, year)
    loads = {"breaks": crossing.load, "broken": curve.grid[0], "keeps": curve.grid[-1]}
    if crossing.status not in loads:
        return ""
    bounded = crossing.status == "breaks" and crossing.low > 0 and math.isfinite(crossing.high)
    return labels.say(
        "in_cases_within" if bounded else "in_cases",
        case_type=labels.case_type(case_type),
        cases=f"{today * loads[crossing.status]:,.0f}",
        today=f"{today:,.0f}",
        low=f"{today * crossing.low:,.0f}",
        high=f"{today * crossing.high:,.0f}",
    )


def _pools(curve: LoadCurve, limit: ResolvedLimit, labels: Labels) -> Table:
    say = labels.say
    return table_of(
        curve.pools_at(limit)[:POOLS],
        [
            (Column(say("pool")), lambda pool: labels.pool(pool.summary.name)),
            (number(say("officers")), lambda pool: str(pool.summary.officers)),
            (number(say("busy")), lambda pool: percent(pool.summary.utilisation, 0)),
            (number(say("offered")), lambda pool: percent(pool.offered, 0)),
            (number(say("full_at")), lambda pool: _times(pool.full_at)),
            (number(say("wait")), lambda pool: f"{rounded(pool.summary.mean_wait_h, 1)} h"),
            (number(say("mean_queue")), lambda pool: f"{pool.summary.mean_queue:.1f}"),
            (number(say("added")), lambda pool: f"{pool.added_queue:+.1f}"),
        ],
        say("pools_title", load=f"{curve.pool_load(limit):.2f}"),
    )


def _times(load: float) -> str:
    return "–" if math.isinf(load) else f"× {load:.2f}"


def load_curve_data(curve: LoadCurve) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    data = {
        "case_type": curve.case_type,
        "breaking": curve.records("breaking"),
        "curve": curve.records("curve"),
        "pools": curve.records("pools"),
    }
    return finding_data(curve, data)
