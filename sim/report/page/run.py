"""One run as a chapter of a page."""

from __future__ import annotations

from collections.abc import Iterator

from sim.experiments import Result
from sim.report.blocks import Line, Table
from sim.report.labels import Labels
from sim.report.page.dates import dated
from sim.report.page.model import Chapter, Content, Named, Section
from sim.report.page.over_time import by_week, limits_over_time, pools_over_time
from sim.report.page.provenance import basis
from sim.report.page.svg_check import figures
from sim.report.page.verdict_cards import cards, late_sentences
from sim.report.page.words import tell
from sim.report.run.notes import checks, left_out_of, outcomes
from sim.report.run.over_time import worst_periods
from sim.report.run.ranking import groups_parts
from sim.report.run.report import (
    accounts_of_all,
    clock_table,
    day_tables,
    no_limits,
    pool_table,
    run_line,
    verdict_table,
)
from sim.report.words import Language


def run_chapter(named: Named, result: Result, name: str, language: Language) -> Chapter:
    """Return the chapter of a run.

    Parameters
    ----------
    name
        Of the chapter: what its ids begin with.
    """
    labels = Labels(result.scenario, language)
    line = run_line(result, language)
    return Chapter(
        name=name,
        kind=tell("kind_run", language),
        title=labels.text(result.scenario.name),
        under=(Line(dated(line.text, language), line.tone),),
        lead=tuple(_lead(result, labels)),
        sections=(
            *(section for section in _sections(result, labels, name) if section.content),
            *basis(named, language),
        ),
    )


def _lead(result: Result, labels: Labels) -> Iterator[Content]:
    if not result.verdicts:
        yield no_limits(labels.language)
    yield from cards(result, labels)
    for line in worst_periods(result, labels):
        yield Line(dated(line.text, labels.language), line.tone)
    yield from (line for line in checks(result, labels) if line.tone != "faint")


def _sections(result: Result, labels: Labels, name: str) -> Iterator[Section]:
    def section(key: str, *content: Content) -> Section:
        return Section(key, tell(key, labels.language), content)

    yield section("late", *map(Line, late_sentences(result, labels)))
    yield section("figures", *figures(result, name, labels.language))
    yield section("limits", *_limits(result, labels))
    yield section("groups", *_groups(result, labels))
    over_time = "weeks" if by_week(result) else "months"
    tables = (*limits_over_time(result, labels), *pools_over_time(result, labels))
    yield section(over_time, *tables)
    yield section("pools", pool_table(result, labels))
    yield section("days", *day_tables(result, labels), *accounts_of_all(result, labels))
    yield section("outcomes", *_outcomes(result, labels))


def _limits(result: Result, labels: Labels) -> Iterator[Content]:
    if result.verdicts:
        table = verdict_table(result, labels)
        title = tell("verdicts_caption", labels.language)
        yield Table(table.columns, table.rows, title)
    yield clock_table(result, labels)


def _groups(result: Result, labels: Labels) -> Iterator[Content]:
    for part in groups_parts(result, labels):
        yield from part.blocks


def _outcomes(result: Result, labels: Labels) -> Iterator[Content]:
    yield from outcomes(result, labels)
    yield from (line for line in checks(result, labels) if line.tone == "faint")
    yield from left_out_of(result, labels)
