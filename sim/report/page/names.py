"""Titles of scenarios, and what tells one from another: never the names of their files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sim.report.assumptions import quantities
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.page.words import say
from sim.report.paths import Paths
from sim.scenario import Scenario

SHOWN: Final = 3
"""Most changes that are written out."""


def titles(scenarios: Sequence[Scenario], language: Language) -> list[str]:
    """Return a title for each scenario; those with one title are told apart by what differs."""
    plain = [Labels.choose(scenario.name, language) for scenario in scenarios]
    times = Counter(plain)
    first = dict(reversed(list(zip(plain, scenarios, strict=True))))
    told = []
    for title, scenario in zip(plain, scenarios, strict=True):
        changed = changes(first[title], scenario, language) if times[title] > 1 else ""
        told.append(f"{title} ({changed})" if changed else title)
    again = Counter(told)
    return [
        f"{title} {number}" if again[title] > 1 else title
        for number, title in enumerate(told, start=1)
    ]


def changes(reference: Scenario, other: Scenario, language: Language) -> str:
    """Return the numbers of a scenario that differ from those of another; "" if none does."""
    before = {row.path: str(row.value) for row in quantities(reference)}
    after = {row.path: str(row.value) for row in quantities(other)}
    parts = list(_changes(before, after, Labels(other, language)))
    if len(parts) > SHOWN + 1:
        parts = [*parts[:SHOWN], say("more_changes", language, count=len(parts) - SHOWN)]
    return say("semicolon", language).join(parts)


def _changes(
    before: Mapping[tuple[str | int, ...], str],
    after: Mapping[tuple[str | int, ...], str],
    labels: Labels,
) -> Iterator[str]:
    for path in dict.fromkeys([*before, *after]):
        if before.get(path) != after.get(path):
            words = {"before": before.get(path, "–"), "after": after.get(path, "–")}
            yield say("change", labels.language, name=Paths(labels).words(path), **words)
