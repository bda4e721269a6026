"""What every chapter ends with: its sources, its manifest, how to repeat it and how to read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.experiments import Comparison, Result
from sim.report.blocks import Line
from sim.report.dates import date_text
from sim.report.files import PROGRAM
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.page.model import Command, Content, Facts, Named, Section
from sim.report.page.sections import section
from sim.report.page.sources import sources
from sim.report.page.words import say
from sim.results.finding import Finding
from sim.storage.versions import libraries, version

TOPICS: Final = ("verdict", "interval", "clocks", "branch", "pools", "sources")


def basis(named: Named, language: Language) -> Iterator[Section]:
    """Yield the sections that say what a result rests on, and how to repeat it."""
    yield section("sources", language, *sources(named, language))
    if named.derived:
        yield section("repeat", language, Line(say("repeat_derived", language)))
        return
    yield section("manifest", language, manifest(named.finding, language))
    repeat: tuple[Content, ...] = (Line(say("repeat_unknown", language)),)
    if named.command is not None:
        repeat = (Line(say("repeat_how", language)), Command(named.command))
    yield section("repeat", language, *repeat)


def reading(language: Language) -> Section:
    """Return the explanation of a page's words."""
    topics = tuple(
        (say(f"read_{topic}", language), say(f"read_{topic}_text", language)) for topic in TOPICS
    )
    return section("reading", language, Facts(topics))


def manifest(finding: Finding, language: Language) -> Facts:
    """Return what is needed to repeat a result: the same gives the same numbers."""
    rows = [
        (say("program", language), f"{PROGRAM} {version()}"),
        (say("libraries", language), ", ".join(f"{n} {v}" for n, v in libraries().items())),
    ]
    for name, scenario in finding.scenarios.items():
        window = scenario.period.window
        first, last = date_text(window.first, language), date_text(window.last, language)
        rows += [
            (say("scenario_name", language), name or Labels.choose(scenario.name, language)),
            (say("scenario_file", language), scenario.provenance.origin or "–"),
            (say("fingerprint", language), scenario.sha256()),
            (say("window", language), say("from_to", language, first=first, last=last)),
        ]
    rows += [
        (say("seed", language), str(finding.seed)),
        (say("replications", language), str(finding.replications)),
        (say("checks", language), _checks(finding, language)),
    ]
    if finding.interrupted:
        rows.append((say("state", language), say("was_interrupted", language)))
    return Facts(tuple(rows), literal=True)


def _checks(finding: Finding, language: Language) -> str:
    """Say which self-checks passed; of some results only those that failed are known."""
    checks = finding.failed_checks
    if isinstance(finding, Result | Comparison):
        checks = finding.checks
    if not checks:
        return say("checks_none_failed", language)
    passed = {check.name: check.ok for check in checks}
    passed |= {check.name: False for check in checks if not check.ok}
    return say(
        "checks_passed",
        language,
        count=sum(passed.values()),
        all=len(passed),
        names=", ".join(f"{name} {'✓' if ok else '✗'}" for name, ok in passed.items()),
    )
