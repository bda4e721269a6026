"""A comparison, or any other experiment, as a chapter: its report with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.experiments import (
    Comparison,
    LoadCurve,
    Reforms,
    Sensitivity,
    Staffing,
    Sweep,
)
from sim.report.blocks import Line, Part, Report
from sim.report.compare.report import comparison_report
from sim.report.load_curve.report import load_curve_report
from sim.report.page.dates import dated
from sim.report.page.model import Chapter, Content, Named, Section, Under
from sim.report.page.provenance import basis
from sim.report.page.svg_check import figures
from sim.report.page.words import tell
from sim.report.reforms.report import reforms_report
from sim.report.sensitivity.report import sensitivity_report
from sim.report.staffing.report import staff_report
from sim.report.sweep.report import sweep_report
from sim.report.words import Language
from sim.results.finding import Finding


def experiment_chapter(named: Named, name: str, language: Language) -> Chapter:
    """Return the chapter of an experiment.

    Parameters
    ----------
    name
        Of the chapter: what its ids begin with.
    """
    report, kind = _report(named.found, language)
    lead, rest = _led(report.parts, language)
    sections = (
        Section("figures", tell("figures", language), tuple(figures(named.found, name, language))),
        Section("findings", tell("findings", language), tuple(_content(rest))),
    )
    return Chapter(
        name=name,
        kind=tell(f"kind_{kind}", language),
        title=report.title,
        under=tuple(Line(dated(each.text, language), each.tone) for each in report.under),
        lead=lead,
        sections=(*(each for each in sections if each.content), *basis(named, language)),
    )


def _report(found: Finding, language: Language) -> tuple[Report, str]:
    """Return what is said of an experiment, and which kind it is."""
    if isinstance(found, Comparison):
        return comparison_report(found, language), "compare"
    if isinstance(found, Reforms):
        return reforms_report(found, language), "reforms"
    if isinstance(found, LoadCurve):
        return load_curve_report(found, language), "load"
    if isinstance(found, Staffing):
        return staff_report(found, language), "staff"
    if isinstance(found, Sensitivity):
        return sensitivity_report(found, language), "sensitivity"
    if isinstance(found, Sweep):
        return sweep_report(found, language), "sweep"
    raise TypeError("a run has a chapter of its own")


def _led(parts: Sequence[Part], language: Language) -> tuple[tuple[Line, ...], Sequence[Part]]:
    """Return the sentences that come first, and the parts that follow.

    A report begins with its sentences; or it has them by limit, and the first of each is said.
    """
    first, *others = parts
    lines = tuple(block for block in first.blocks if isinstance(block, Line))
    if len(lines) == len(first.blocks) and not first.heading:
        return lines, others
    said = (
        Line(tell("of_limit", language, limit=part.heading, sentence=line.text), line.tone)
        for part in parts
        if part.heading
        for line in [block for block in part.blocks if isinstance(block, Line)][:1]
    )
    return tuple(said), parts


def _content(parts: Sequence[Part]) -> Iterator[Content]:
    for part in parts:
        if part.heading:
            yield Under(part.heading)
        yield from part.blocks
