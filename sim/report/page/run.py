"""What the chapter of a run has: verdicts as cards, then all tables by subject."""

from __future__ import annotations

from collections.abc import Iterator

from sim.experiments import Result
from sim.report.blocks import Line, Table
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import no_limits
from sim.report.page.model import Content, Section
from sim.report.page.over_time import by_week, limits_over_time, pools_over_time
from sim.report.page.sections import section
from sim.report.page.verdict_cards import cards, late_sentences
from sim.report.page.words import say
from sim.report.run.notes import checks, left_out_of, outcomes
from sim.report.run.over_time import worst_periods
from sim.report.run.ranking import groups_parts
from sim.report.run.report import (
    accounts_of_all,
    clock_table,
    day_tables,
    pool_table,
    verdict_table,
)


def run_lead(result: Result, language: Language) -> Iterator[Content]:
    """Yield the verdicts, and what limits the worth of the result."""
    labels = Labels(result.scenario, language)
    if not result.verdicts:
        yield no_limits(language)
    yield from cards(result, labels)
    yield from worst_periods(result, labels)
    yield from (line for line in checks(result, labels) if line.tone != "faint")


def run_sections(result: Result, figures: Section, language: Language) -> Iterator[Section]:
    """Yield the sections of a run; some may be empty."""
    labels = Labels(result.scenario, language)
    yield section("late", language, *map(Line, late_sentences(result, labels)))
    yield figures
    yield section("limits", language, *_limits(result, labels))
    groups = (block for part in groups_parts(result, labels) for block in part.blocks)
    yield section("groups", language, *groups)
    over_time = "weeks" if by_week(result) else "months"
    tables = (*limits_over_time(result, labels), *pools_over_time(result, labels))
    yield section(over_time, language, *tables)
    yield section("pools", language, pool_table(result, labels))
    days = (*day_tables(result, labels), *accounts_of_all(result, labels))
    yield section("days", language, *days)
    yield section("outcomes", language, *_outcomes(result, labels))


def _limits(result: Result, labels: Labels) -> Iterator[Table]:
    if result.verdicts:
        table = verdict_table(result, labels)
        yield Table(table.columns, table.rows, say("verdicts_caption", labels.language))
    yield clock_table(result, labels)


def _outcomes(result: Result, labels: Labels) -> Iterator[Line]:
    yield from outcomes(result, labels)
    yield from (line for line in checks(result, labels) if line.tone == "faint")
    yield from left_out_of(result, labels)
