"""What every chapter ends with: the manifest, how to repeat it, how to read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.experiments import Comparison, Result
from sim.report.blocks import Line
from sim.report.files import PROGRAM
from sim.report.labels import Labels
from sim.report.page.dates import day
from sim.report.page.model import Command, Content, Facts, Named, Section
from sim.report.page.sources import sources
from sim.report.page.words import tell
from sim.report.words import Language
from sim.results.finding import Finding
from sim.storage.versions import libraries, version

TOPICS: Final = ("verdict", "interval", "clocks", "branch", "pools", "sources")


def basis(named: Named, language: Language) -> Iterator[Section]:
    """Yield the sections that say what a result rests on."""
    found = named.found
    yield Section("sources", tell("sources", language), tuple(sources(named, language)))
    if named.derived:
        yield Section("repeat", tell("repeat", language), (Line(tell("repeat_derived", language)),))
        return
    yield Section("manifest", tell("manifest", language), (manifest(found, language),))
    repeat: tuple[Content, ...] = (Line(tell("repeat_unknown", language)),)
    if named.command is not None:
        repeat = (Line(tell("repeat_how", language)), Command(named.command))
    yield Section("repeat", tell("repeat", language), repeat)


def reading(language: Language) -> Section:
    """Return what the words of a page mean."""
    topics = tuple(
        (tell(f"read_{topic}", language), tell(f"read_{topic}_text", language)) for topic in TOPICS
    )
    return Section("reading", tell("reading", language), (Facts(topics),))


def manifest(found: Finding, language: Language) -> Facts:
    """Return what is needed to repeat a result: the same gives the same numbers."""
    python, *others = libraries().items()
    rows = [
        (tell("program", language), f"{PROGRAM} {version()}"),
        (tell("libraries", language), ", ".join(f"{n} {v}" for n, v in (python, *others))),
    ]
    for name, scenario in found.scenarios.items():
        shown = name or Labels.choose(scenario.name, language)
        window = scenario.period.window
        rows += [
            (tell("scenario", language), shown),
            (tell("scenario_file", language), scenario.provenance.origin or "–"),
            (tell("fingerprint", language), scenario.sha256()),
            (
                tell("window", language),
                tell(
                    "from_to",
                    language,
                    first=day(window.first, language),
                    last=day(window.last, language),
                ),
            ),
        ]
    rows += [
        (tell("seed", language), str(found.seed)),
        (tell("replications", language), str(found.replications)),
        *_state(found, language),
    ]
    return Facts(tuple(rows), literal=True)


def _state(found: Finding, language: Language) -> Iterator[tuple[str, str]]:
    checks = found.checks if isinstance(found, Result | Comparison) else found.failed_checks
    if checks:
        passed = {check.name: check.ok for check in checks}
        passed |= {check.name: False for check in checks if not check.ok}
        told = tell(
            "checks_passed",
            language,
            count=sum(passed.values()),
            all=len(passed),
            names=", ".join(f"{name} {'✓' if ok else '✗'}" for name, ok in passed.items()),
        )
        yield tell("checks", language), told
    else:
        yield tell("checks", language), tell("checks_none_failed", language)
    if found.interrupted:
        yield tell("state", language), tell("interrupted", language)
