"""The chapter of a run: verdicts as cards, then all tables by subject."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from sim.experiments import Result
from sim.measures.limits import LimitJudgement
from sim.measures.periods import Period
from sim.report.blocks import Cell, Column, Line, Table, number
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import JUDGED, judged_table, no_limits, unit_of
from sim.report.numbers import bounded_percent, date_text, month_text, percent
from sim.report.page.answer import answer
from sim.report.page.model import Card, Content, Figure, Ruler, Section
from sim.report.page.replays import replay_section
from sim.report.page.words import say, section
from sim.report.run.costs import cost_blocks
from sim.report.run.doubt import doubt_lines
from sim.report.run.notes import checks, left_out_of, outcomes
from sim.report.run.open_cases import open_case_lines
from sim.report.run.own_limits import free_of_late, league_blocks, own_limits_parts
from sim.report.run.own_time import own_time_table
from sim.report.run.ranking import groups_parts
from sim.report.run.report import (
    BUSIEST,
    accounts_of_all,
    clock_table,
    day_tables,
    pool_table,
    verdict_table,
    worst_periods,
)
from sim.report.run.response import response_table
from sim.report.run.resubmissions import resubmission_parts
from sim.report.run.years import known_by_year, years_blocks

NAMED: Final = 3
"""Most departments or uses of time in one sentence."""
SECTION_OF: Final[Mapping[str, str]] = {
    **{"days": "late", "on-time": "limits", "clock": "limits", "years": "years"},
    **{"matters": "own_limits", "departments": "league", "groups": "groups"},
    **{"periods": "months", "pools": "pools", "pools-over-time": "pools", "queues": "pools"},
    **{"graph": "process", "case": "process"},
}
"""Kind of a figure → the section that it belongs to."""
_NUMBER: Final = re.compile(r"-\d+$")
SMALLEST: Final = 0.05
"""Share of the days below which a sentence does not name them."""


def run_lead(result: Result, language: Language) -> Iterator[Content]:
    """Yield the verdicts, and what makes the result less reliable."""
    labels = Labels(result.scenario, language, say)
    if not result.verdicts:
        yield no_limits(language)
    found = answer(result, labels)
    if found is not None:
        yield found
    for limit in result.verdicts:
        yield _card(result, limit, labels)
    yield from doubt_lines(result, labels)
    yield from (line for line in open_case_lines(result, labels) if line.tone != "faint")
    yield from known_by_year(result, labels)
    yield from free_of_late(result, labels)
    yield from worst_periods(result, labels)
    yield from (line for line in checks(result, labels) if line.tone != "faint")


def run_sections(
    result: Result, figures: Sequence[Figure], name: str, language: Language
) -> Iterator[Section]:
    """Yield the sections of a run, each with its figures first; some may be empty.

    `name` is that of the chapter.
    """
    drawn: dict[str, list[Figure]] = {}
    for figure in figures:
        drawn.setdefault(SECTION_OF[_NUMBER.sub("", figure.name)], []).append(figure)
    for each in _told_sections(result, language):
        subject = "months" if each.name == "weeks" else each.name
        yield replace(each, content=(*drawn.get(subject, ()), *each.content))
        if each.name == "late":
            yield replay_section(result, name, language)


def _told_sections(result: Result, language: Language) -> Iterator[Section]:
    """Yield the sections of a run without figures."""
    labels = Labels(result.scenario, language, say)
    yield section("late", language, *map(Line, _late_sentences(result, labels)))
    verdicts = (verdict_table(result, labels, labels.say("verdicts_caption")),)
    clocks = (clock_table(result, labels), *own_time_table(result, labels))
    limits = (*(verdicts if result.verdicts else ()), *clocks)
    again = (block for part in resubmission_parts(result, labels) for block in part.blocks)
    yield section("limits", language, *limits, *again)
    yield section("years", language, *years_blocks(result, labels))
    own = (block for part in own_limits_parts(result, labels, full=True) for block in part.blocks)
    yield section("own_limits", language, *own)
    yield section("league", language, *league_blocks(result, labels))
    groups = (block for part in groups_parts(result, labels) for block in part.blocks)
    yield section("groups", language, *groups)
    by_week = any(period.kind == "week" for period in result.periods)
    tables = _over_time(result, "week" if by_week else "month", labels)
    yield section("weeks" if by_week else "months", language, *tables)
    pools = (pool_table(result, labels), *response_table(result, labels))
    yield section("pools", language, *pools)
    yield section("costs", language, *cost_blocks(result, labels))
    days = (*day_tables(result, labels), *accounts_of_all(result, labels))
    yield section("days", language, *days)
    passed = (
        line
        for line in (*open_case_lines(result, labels), *checks(result, labels))
        if line.tone == "faint"
    )
    yield section("process", language)
    lines = (*outcomes(result, labels), *passed, *left_out_of(result, labels))
    yield section("outcomes", language, *lines)


# --- verdicts --------------------------------------------------------------------------------


def _card(result: Result, limit: LimitJudgement, labels: Labels) -> Card:
    say, promise = labels.say, limit.limit
    judged = not math.isnan(limit.share)
    is_open = limit.verdict == "undecided" and limit.undetermined
    sentence = say(
        ("card_open" if is_open else f"card_{limit.verdict}") if judged else "no_cases",
        share=bounded_percent(limit.share, limit.share_at_best),
        # Of all looks together, as in the tables; the interval of each look alone has more.
        confidence=percent(promise.confidence, None),
        low=percent(limit.low),
        high=percent(limit.high),
        target=percent(promise.target_share, None),
    )
    facts = [(say("limit"), f"{promise.days} {unit_of(limit, labels.language)}")]
    for key in ("clock", "cases", "late", "open", "spare"):
        facts.append((say(key), str(JUDGED[key](limit, labels.language))))
    ruler = _ruler(limit) if judged else None
    heading = labels.limit(promise.name)
    return Card(limit.verdict, heading, say(limit.verdict), sentence, tuple(facts), ruler)


def _ruler(limit: LimitJudgement) -> Ruler:
    """Return the interval on a ruler that begins at a round share below all its marks."""
    target_share = limit.limit.target_share
    begins = max(0.0, math.floor(10 * min(limit.low, target_share) - 0.5) / 10)
    low, high, share, target = (
        100 * (value - begins) / (1 - begins)
        for value in (limit.low, limit.high, limit.share, target_share)
    )
    return Ruler(low, high, share, target, percent(begins, 0))


def _late_sentences(result: Result, labels: Labels) -> Iterator[str]:
    """Yield for each limit how departments used the days of its late cases."""
    for limit in result.verdicts:
        name = limit.limit.name
        promise, days = labels.limit(name), result.late_days(name)
        if days:
            departments = result.late_days(name, by="department")
            named = [(labels.department(key), used) for key, used in departments.items()]
            kinds = [(labels.say(key).lower(), used) for key, used in days.items()]
            parts = {"names": _listed(named, labels), "kinds": _listed(kinds, labels)}
            total = f"{result.late_total_wd(name):.1f}"
            yield labels.say("late_days", limit=promise, days=total, **parts)
        elif limit.share == 1:
            yield labels.say("none_late", limit=promise)


def _listed(days: Sequence[tuple[str, float]], labels: Labels) -> str:
    """Name the largest parts, with their share of all days."""
    whole = sum(used for _, used in days)
    return labels.say("comma").join(
        labels.say("days_share", name=name, days=f"{used:.1f}", share=percent(used / whole, 0))
        for name, used in days[:NAMED]
        if used / whole >= SMALLEST
    )


# --- over time -------------------------------------------------------------------------------


def _over_time(result: Result, kind: str, labels: Labels) -> Iterator[Table]:
    """Yield each limit, and the utilisation of the busiest pools, by month or week."""
    heading = labels.say(kind)
    periods = [_label(period, labels.language) for period in result.periods]
    cells = [Cell(text, order=place) for place, text in enumerate(periods)]
    keys = ("verdict", "on_time", "interval", "cases", "late", "open", "P90")
    for name, limits in result.limits_over_time.items():
        rows = list(zip(cells, limits, strict=True))
        title = labels.say("months_caption", limit=labels.limit(name))
        yield judged_table(heading, rows, keys, labels, title)
    used = [pool.name for pool in result.pool_summaries if pool.items][:BUSIEST]
    if used:
        columns = (Column(heading), *(number(labels.pool(name)) for name in used))
        busy = zip(*(result.pools_over_time[name].utilisation for name in used), strict=True)
        shares = ([percent(float(share), 0) for share in row] for row in busy)
        table = tuple((text, *row) for text, row in zip(periods, shares, strict=True))
        yield Table(columns, table, labels.say("busiest_months_caption"))


def _label(period: Period, language: Language) -> str:
    writes = date_text if period.kind == "week" else month_text
    return writes(period.first, language)
