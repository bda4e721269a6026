"""A report that belongs to no simulation, as a page: such as the audit of records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.report.blocks import Report
from sim.report.language import Language
from sim.report.page.chapter import content_of, led
from sim.report.page.model import Chapter, Edition, Facts, Section
from sim.report.page.words import section
from sim.report.words import phrase


@dataclass(frozen=True)
class Document:
    """A report in both languages, and the explanation of its words."""

    question: tuple[str, str]
    """The question that it answers, in English and Chinese."""
    report: Callable[[Language], Report]
    topics: Callable[[Language], tuple[tuple[str, str], ...]]
    """Words of the report, each with its explanation."""


def edition_of(document: Document, language: Language) -> Edition:
    """Return a document in one language, as a page of one chapter."""
    report = document.report(language)
    lead, rest = led(report.parts, language)
    findings = section("findings", language, *content_of(rest))
    chapter = Chapter(
        name="r1",
        kind=phrase(document.question, language),
        title=report.title,
        under=report.under,
        lead=lead,
        rests_on="",
        sections=(findings,) if findings.content else (),
    )
    reading: Section = section("reading", language, Facts(document.topics(language)))
    return Edition(language, report.title, (chapter,), reading)
