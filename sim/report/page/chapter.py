"""One result as a chapter of a page: its report, its figures, and where its numbers come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.experiments import Result
from sim.report.blocks import Line, Part
from sim.report.kinds import kind_of
from sim.report.language import Language
from sim.report.page.model import Chapter, Content, Named, Under
from sim.report.page.provenance import basis
from sim.report.page.run import run_lead, run_sections
from sim.report.page.svg_check import figures
from sim.report.page.words import say, section
from sim.report.words import phrase


def chapter_of(named: Named, name: str, language: Language) -> Chapter:
    """Return the chapter of a result; its name is the prefix of its ids."""
    finding = named.finding
    kind = kind_of(finding)
    report = kind.report(finding, language)
    drawn = section("figures", language, *figures(finding, name, language))
    lead: tuple[Content, ...]
    if isinstance(finding, Result):
        lead = tuple(run_lead(finding, language))
        sections = tuple(run_sections(finding, drawn, language))
    else:
        lead, rest = _led(report.parts, language)
        sections = (drawn, section("findings", language, *_content(rest)))
    return Chapter(
        name=name,
        kind=phrase(kind.question, language),
        title=report.title,
        under=report.under,
        lead=lead,
        sections=(*(part for part in sections if part.content), *basis(named, language)),
    )


def _led(parts: Sequence[Part], language: Language) -> tuple[tuple[Line, ...], Sequence[Part]]:
    """Return the sentences that come first, and the parts that follow.

    A report begins with a part of sentences; or it has sentences for each limit, of which the first
    are taken.
    """
    first, *others = parts
    lines = tuple(block for block in first.blocks if isinstance(block, Line))
    if len(lines) == len(first.blocks) and not first.heading:
        return lines, others
    firsts = (
        Line(say("of_limit", language, limit=part.heading, sentence=line.text), line.tone)
        for part in parts
        if part.heading
        for line in [block for block in part.blocks if isinstance(block, Line)][:1]
    )
    return tuple(firsts), parts


def _content(parts: Sequence[Part]) -> Iterator[Content]:
    for part in parts:
        if part.heading:
            yield Under(part.heading)
        yield from part.blocks
