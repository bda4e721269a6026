"""How much load the promises bear, as text in two languages and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

from rich.console import RenderableType

from sim.experiments import LoadCurve
from sim.experiments.load_curve.curve import breaking_row, pool_row
from sim.measures.limits import Promise
from sim.report.blocks import Cell, Column, Line, Part, Report, Table
from sim.report.labels import Labels
from sim.report.run.data import plain
from sim.report.terminal import percent, rounded, written
from sim.report.words import Language, say
from sim.storage.versions import version

POOLS = 5
"""How many pools are shown for each limit."""

WORDS: Final[dict[str, tuple[str, str]]] = {
    "all": (
        "Load × 1 is the scenario; the arrivals of all case types are scaled.",
        "负荷 × 1 即原情景;所有事项的到达量一并缩放。",
    ),
    "one": (
        "Load × 1 is the scenario; the arrivals of {case_type} alone are scaled.",
        "负荷 × 1 即原情景;仅缩放“{case_type}”的到达量。",
    ),
    "load": ("Load", "负荷"),
    "breaks": (
        "Breaks at load × {load} ({low} to {high} at {confidence} confidence).",
        "负荷达 × {load} 时失守({confidence} 置信区间 {low} 至 {high})。",
    ),
    "unsure": (
        "The lowest load is not proven to keep it, or the highest not to break it: "
        "look further with --from or --to, or use more replications.",
        "最低负荷未证实守住,或最高负荷未证实失守:请以 --from 或 --to 扩大范围,或增加重复次数。",
    ),
    "broken": (
        "Broken already at the lowest load, × {lowest}: {share} on time, target {target}.",
        "在最低负荷 × {lowest} 下已失守:按期率 {share},目标 {target}。",
    ),
    "broken_unproven": (
        "Not proven: it may bear up to × {high}.",
        "尚未证实:或可承受至 × {high}。",
    ),
    "keeps": (
        "Kept at every load up to × {highest}: {share} on time there, target {target}.",
        "直至最高负荷 × {highest} 均守住:该处按期率 {share},目标 {target}。",
    ),
    "keeps_unproven": (
        "Not proven: it may break from × {low} on.",
        "尚未证实:或自 × {low} 起失守。",
    ),
    "no_cases": ("No case could be judged.", "没有可判定的办件。"),
    "first": (
        "First to break: {pool}. Of the pools that its cases pass, their queue has grown most, by "
        "{queue} on average since load × {lowest}.",
        "最先失守的岗位是{pool}:在此类办件经过的岗位中,其队列增长最多,"
        "自负荷 × {lowest} 起平均增加 {queue} 件。",
    ),
    "longest": (
        "Longest queue of the pools that its cases pass: {pool}, {queue} on average.",
        "在此类办件经过的岗位中,{pool}的队列最长:平均 {queue} 件。",
    ),
    "pools_title": ("Pools at load × {load}", "负荷 × {load} 时的岗位"),
    "offered": ("Offered", "需求率"),
    "full_at": ("Full at", "满负荷于"),
    "mean_queue": ("Mean queue", "平均队列"),
    "added": ("Added", "增加"),
    "legend": (
        "Offered: work that comes in ÷ rostered time, a straight line through the two lowest "
        "loads; full at: the load at which it is 100 %. A promise mostly breaks before its pools "
        "are full.",
        "需求率:到来的工作量 ÷ 排班时间,由最低两个负荷线性外推;"
        "满负荷于:其达到 100 % 的负荷。时限多在岗位满负荷之前即已失守。",
    ),
}


def load_curve_text(curve: LoadCurve, language: Language) -> RenderableType:
    """Return the curve, and for each limit where it breaks and which pools with it."""
    return written(load_curve_report(curve, language))


def load_curve_report(curve: LoadCurve, language: Language) -> Report:
    """Return the curve, and for each limit where it breaks and which pools with it."""
    labels = Labels(curve.scenario, language)
    parts = [Part((_curve(curve, labels),))]
    for promise in curve.promises:
        lines = (Line(line) for line in load_sentences(curve, promise, labels))
        parts.append(Part((*lines, _pools(curve, promise, labels)), labels.limit(promise.name)))
    parts.append(Part((Line(_say("legend", labels), "faint"),)))
    return Report(labels.text(curve.scenario.name), tuple(_under(curve, labels)), tuple(parts))


def _say(key: str, labels: Labels, **values: object) -> str:
    return WORDS[key][0 if labels.language == "en" else 1].format(**values)


def _under(curve: LoadCurve, labels: Labels) -> Iterator[Line]:
    window = curve.scenario.period.window
    line = say(
        "run_line",
        labels.language,
        seed=curve.seed,
        replications=say("replications_made", labels.language, count=curve.replications),
        first=window.first,
        last=window.last,
    )
    yield Line(line, "faint")
    if curve.case_type is None:
        yield Line(_say("all", labels), "faint")
    else:
        yield Line(_say("one", labels, case_type=labels.case_type(curve.case_type)), "faint")


def _curve(curve: LoadCurve, labels: Labels) -> Table:
    columns = [Column(_say("load", labels), number=True)]
    for promise in curve.promises:
        columns.append(Column(labels.limit(promise.name), number=True))
        columns.append(Column(say("interval", labels.language), number=True))
    of_limit = [{p.load: p for p in curve.points(promise)} for promise in curve.promises]
    rows = []
    for load in curve.grid:
        cells: list[str | Cell] = []
        for promise, points in zip(curve.promises, of_limit, strict=True):
            point = points[load]
            broken = point.high < promise.target_share
            cells += [
                Cell(percent(point.share), "bad" if broken else ""),
                f"{percent(point.low)} – {percent(point.high)}",
            ]
        rows.append((f"× {load:.2f}", *cells))
    return Table(tuple(columns), tuple(rows))


def load_sentences(curve: LoadCurve, promise: Promise, labels: Labels) -> Iterator[str]:
    """Yield where a limit breaks, how surely, and which pool breaks first."""
    found = curve.crossing(promise)
    at = {point.load: point for point in curve.points(promise)}[curve.pool_load(promise)]
    yield _say(
        found.status,
        labels,
        load=f"{found.load:.2f}",
        low=f"{found.low:.2f}",
        high="∞" if math.isinf(found.high) else f"{found.high:.2f}",
        confidence=percent(promise.confidence, 0),
        lowest=f"{curve.grid[0]:.2f}",
        highest=f"{curve.grid[-1]:.2f}",
        share=percent(at.share),
        target=percent(promise.target_share, 0),
    )
    if not found.proven:
        key = {"broken": "broken_unproven", "keeps": "keeps_unproven", "breaks": "unsure"}
        if found.status in key:
            bounded = math.isfinite(found.high) if found.status == "broken" else found.low > 0
            chosen = key[found.status] if bounded else "unsure"
            yield _say(chosen, labels, low=f"{found.low:.2f}", high=f"{found.high:.2f}")
    if found.status in {"breaks", "broken"} and (pools := curve.pools_at(promise)):
        yield _say(
            "first" if found.status == "breaks" else "longest",
            labels,
            pool=labels.pool(pools[0].summary.name),
            queue=f"{pools[0].added_queue:.1f}",
            lowest=f"{curve.grid[0]:.2f}",
        )


def _pools(curve: LoadCurve, promise: Promise, labels: Labels) -> Table:
    words = labels.language
    headings = (
        say("officers", words),
        say("busy", words),
        _say("offered", labels),
        _say("full_at", labels),
        say("wait", words),
        _say("mean_queue", labels),
        _say("added", labels),
    )
    rows = tuple(
        (
            labels.pool(each.summary.name),
            str(each.summary.officers),
            percent(each.summary.utilisation, 0),
            percent(each.offered, 0),
            "–" if math.isinf(each.full_at) else f"× {each.full_at:.2f}",
            f"{rounded(each.summary.mean_wait_h, 1)} h",
            f"{each.summary.mean_queue:.1f}",
            f"{each.added_queue:+.1f}",
        )
        for each in curve.pools_at(promise)[:POOLS]
    )
    columns = (Column(say("pool", words)), *(Column(each, number=True) for each in headings))
    title = _say("pools_title", labels, load=f"{curve.pool_load(promise):.2f}")
    return Table(columns, rows, title)


def load_curve_data(curve: LoadCurve) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    data: dict[str, Any] = {
        "scenario": str(curve.scenario.name),
        "case_type": curve.case_type,
        "seed": curve.seed,
        "replications": curve.replications,
        "version": version(),
        "scenario_sha256": curve.scenario.sha256(),
        "limits": [_limit(curve, promise) for promise in curve.promises],
    }
    rounded_data: dict[str, Any] = plain(data)
    return rounded_data


def _limit(curve: LoadCurve, promise: Promise) -> dict[str, Any]:
    row = breaking_row(curve, promise)
    return {
        "id": row.pop("limit"),
        **row,
        "curve": [
            {
                "load": point.load,
                "searched": point.load not in curve.grid,
                "cases": point.cases,
                "on_time_share": point.share,
                "ci_low": point.low,
                "ci_high": point.high,
            }
            for point in curve.points(promise)
        ],
        "pools_load": curve.pool_load(promise),
        "pools": [pool_row(each) for each in curve.pools_at(promise)],
    }
