"""Matters, stages and departments by their own limits: sentences and tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final, Protocol

from sim.experiments import Result
from sim.measures.limits import ShareJudgement
from sim.report.blocks import Block, Cell, Column, Line, Part, Table, number, table_of
from sim.report.clocks import quantile_text
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import unit_of, verdict_cell
from sim.report.numbers import bounded_percent, percent, percent_range
from sim.report.run.ranking import rank_columns, worth
from sim.report.run.words import say
from sim.results.own_limits import JudgedPart

NAMED: Final = 3
"""Most matters in one sentence."""
SETS: Final = ("limit", "case_type")
"""Kinds of parts that stand for all their matters."""


class Judged(Protocol):
    """What has an on-time share: a matter or stage, or a department."""

    @property
    def judged(self) -> ShareJudgement:
        """Its judgement."""


def free_of_late(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield how many cases have no late matter, for each limit and case type that falls short."""
    whole = {limit.limit.name: limit for limit in result.verdicts}
    for part in result.own_limits_judged:
        if part.kind not in SETS or part.judged.verdict == "holds":
            continue
        text = say(
            "free_of_late" if part.kind == "limit" else "free_of_late_all",
            labels.language,
            name=part_name(part, labels),
            share=_share(whole[part.name]) if part.kind == "limit" else "",
            free=_share(part.judged),
            low=percent(part.judged.low),
            high=percent(part.judged.high),
            matters=_most_late(result, part, labels),
        )
        yield Line(text, "fails" if part.judged.verdict == "fails" else "notice")


def _share(limit: ShareJudgement) -> str:
    return bounded_percent(limit.share, limit.share_at_best)


def _most_late(result: Result, whole: JudgedPart, labels: Labels) -> str:
    """Name the matters of a limit or case type that are late most often, with their late share."""
    scope = None
    if whole.kind == "limit":
        (scope,) = (own.scope.matters for own in result.resolved_limits if own.name == whole.name)
    worst = [
        part
        for part in deciding(result, whole.case_type)
        if (scope is None or part.name in scope) and part.judged.late + part.judged.open_overdue
    ]
    return labels.say("comma").join(
        f"{part_name(part, labels)} {percent(1 - part.judged.share, 0)}" for part in worst[:NAMED]
    )


def deciding(result: Result, case_type: str) -> list[JudgedPart]:
    """Return the matters of a case type by the limits that make them late, the worst first."""
    parts = (part for part in result.own_limits_judged if part.decides)
    judged = (part for part in parts if not math.isnan(part.judged.share))
    return sorted(
        (part for part in judged if part.case_type == case_type),
        key=lambda part: part.judged.share,
    )


def part_name(part: JudgedPart, labels: Labels) -> str:
    """Return the label of what is judged."""
    if part.kind == "matter":
        return labels.matter(part.case_type, part.name)
    if part.kind == "stage":
        return labels.stage(part.case_type, part.name)
    return labels.limit(part.name) if part.kind == "limit" else labels.case_type(part.name)


def own_limits_parts(result: Result, labels: Labels, *, full: bool = False) -> Iterator[Part]:
    """Yield for each case type every matter and stage by its own limit.

    Unless `full`, matters that no case has are left out, periods of the law that hold are only
    counted, and a case type in which all hold is told in a sentence.
    """
    note = say("own_note", labels.language)
    for case_type in result.scenario.case_types:
        parts = [
            part
            for part in result.own_limits_judged
            if part.case_type == case_type and (full or not math.isnan(part.judged.share))
        ]
        if not parts:
            continue
        if not full and all(part.judged.verdict == "holds" for part in parts):
            name = labels.case_type(case_type)
            yield Part((Line(say("all_own_hold", labels.language, case_type=name)),))
            continue
        shown = [part for part in parts if full or not _law_that_holds(part)]
        blocks: list[Block] = [replace(_own_table(shown, case_type, labels), note=note)]
        note = ""  # once is enough
        if left := len(parts) - len(shown):
            blocks.append(Line(say("law_holds", labels.language, count=left), "faint"))
        yield Part(tuple(blocks))


def _law_that_holds(part: JudgedPart) -> bool:
    return part.by_law and part.judged.verdict == "holds"


def _own_table(parts: Sequence[JudgedPart], case_type: str, labels: Labels) -> Table:
    language = labels.language
    table = table_of(
        parts,
        [
            (Column(say("part", language)), lambda part: _heading(part, labels)),
            (Column(say("standard", language)), lambda part: standard_text(part, language)),
            *share_columns(labels),
            (number(say("P95", language), spare=True), lambda part: _p95(part, language)),
        ],
        say("own_title", language, case_type=labels.case_type(case_type)),
    )
    strong = frozenset(n for n, part in enumerate(parts) if part.kind != "matter")
    return replace(table, strong=strong)


def share_columns(labels: Labels) -> list[tuple[Column, Callable[[Judged], str | Cell]]]:
    """Return verdict, on-time share, interval and late cases."""
    language = labels.language
    confidence = percent(labels.scenario.own_limits.confidence, None)
    interval = number(f"{confidence} {say('interval', language)}")
    return [
        (Column(say("verdict", language)), lambda it: verdict_cell(it.judged.verdict, language)),
        (number(say("on_time", language)), lambda it: _share(it.judged)),
        (interval, lambda it: percent_range(it.judged.low, it.judged.high)),
        (number(say("late", language)), lambda it: f"{it.judged.late + it.judged.open_overdue:,}"),
    ]


def _heading(part: JudgedPart, labels: Labels) -> str:
    """Return the first cell of a part; the matters of a stage stand below it, after a dot."""
    if part.kind == "case_type":
        return say("all_matters", labels.language)
    name = part_name(part, labels)
    if part.kind == "stage":
        return say("stage", labels.language, stage=name)
    return f"· {name}" if part.kind == "matter" else name


def standard_text(part: JudgedPart, language: Language) -> str:
    """Return what a part is to keep: such as `promised 3 wd`."""
    limit = part.by_days
    if limit is None:
        return say(part.standard, language)
    days = f"{limit.limit.days} {unit_of(limit, language)}"
    return say(f"{part.standard}_days", language, days=days)


def _p95(part: JudgedPart, language: Language) -> str:
    limit = part.by_days
    if limit is None or math.isnan(limit.share):
        return "–"
    return f"{quantile_text(limit.quantiles[2], limit.unit)} {unit_of(limit, language)}"


def league_blocks(result: Result, labels: Labels) -> Iterator[Block]:
    """Yield the departments by the on-time share of their matters, and what the order is worth."""
    league, language = result.league, labels.language
    if league is None:
        return
    yield table_of(
        league.members,
        [
            (Column(say("department", language)), lambda one: labels.department(one.department)),
            *share_columns(labels),
            (number(say("items", language), spare=True), lambda one: f"{one.judged.measured:,}"),
            *rank_columns(league.ranking.bottom, language),
        ],
        say("league_title", language),
    )
    yield Line(worth(league.ranking, result.replications, language))
    yield Line(say("league_note", language), "faint")
