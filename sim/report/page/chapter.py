"""One result as a chapter of a page: its report, its figures, and where its numbers come from."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from typing import Final

from sim.experiments import Result
from sim.report.blocks import Line, Part
from sim.report.figures import plates, to_svg
from sim.report.kinds import kind_of
from sim.report.language import Language
from sim.report.page.model import Chapter, Content, Figure, Named, Under
from sim.report.page.provenance import basis, measured, rests_on
from sim.report.page.run import run_lead, run_sections
from sim.report.page.words import say, section
from sim.report.words import phrase
from sim.results.finding import Finding

SHOWN: Final = 4
"""Figures that are shown before the tables; the others are folded."""
_SVG: Final = "{http://www.w3.org/2000/svg}"
_HREFS: Final = ("href", "{http://www.w3.org/1999/xlink}href")
_ELEMENTS: Final = frozenset(
    f"{_SVG}{name}"
    for name in (
        *("svg", "g", "defs", "use", "title", "desc", "clipPath", "pattern"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
    )
)
_ELSEWHERE: Final = re.compile(r"url\((?!['\"]?#)|@import|expression|javascript:", re.IGNORECASE)


def chapter_of(named: Named, name: str, language: Language) -> Chapter:
    """Return the chapter of a result, with the name of the result as the prefix of its ids."""
    finding = named.finding
    kind = kind_of(finding)
    report = kind.report(finding, language)
    drawn = tuple(figures(finding, name, language))
    lead: tuple[Content, ...]
    if isinstance(finding, Result):
        lead = tuple(run_lead(finding, language))
        sections = tuple(run_sections(finding, drawn, name, language))
    else:
        lead, rest = led(report.parts, language)
        sections = (
            section("figures", language, *drawn[:SHOWN]),
            section("findings", language, *content_of(rest)),
            section("more_figures", language, *drawn[SHOWN:]),
        )
    return Chapter(
        name=name,
        kind=phrase(kind.question, language),
        title=report.title,
        under=measured(finding, language),
        lead=lead,
        rests_on=rests_on(named, language),
        sections=(
            *(part for part in sections if part.content),
            *basis(named, report.under, language),
        ),
    )


def led(parts: Sequence[Part], language: Language) -> tuple[tuple[Line, ...], Sequence[Part]]:
    """Return the sentences that come first, and the parts that follow.

    A report begins with a part of sentences, or has sentences for each limit: then the first limit
    leads.
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


def content_of(parts: Sequence[Part]) -> Iterator[Content]:
    """Yield what stands in the parts of a report, with their headings."""
    for part in parts:
        if part.heading:
            yield Under(part.heading)
        yield from part.blocks


def figures(finding: Finding, name: str, language: Language) -> Iterator[Figure]:
    """Yield the figures of a result; their ids begin with the language and the chapter's name."""
    for plate in plates(finding, language):
        svg = to_svg(plate.draw(), f"{language}-{name}-{plate.name}")
        yield Figure(plate.name, plate.title, plate.caption, checked_svg(svg))


def checked_svg(svg: str) -> str:
    """Return a drawing unchanged if it is safe to embed.

    ValueError: an element is not for drawing, handles events, or refers to an outside address.
    """
    for element in ET.fromstring(svg).iter():
        if element.tag not in _ELEMENTS:
            raise ValueError(f"a drawing must not contain {element.tag}")
        for key, value in element.attrib.items():
            away = key in _HREFS and not value.startswith("#")
            if key.lower().startswith("on") or away or _ELSEWHERE.search(value):
                raise ValueError(f"a drawing must not contain {key}={value[:40]!r}")
    return svg
