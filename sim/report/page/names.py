"""Titles of scenarios, and what tells one from another: never the names of their files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sim.report.assumptions import quantities
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.page.words import say
from sim.scenario import Scenario

SHOWN: Final = 3
"""Most changes that are written out."""
KEYS_ZH: Final[Mapping[str, str]] = {
    **{"count": "人数", "share": "投入比例", "speed": "速度", "volume": "年件数", "hours": "时间"},
    **{"limit": "时限", "target_share": "目标", "staff": "人员", "pools": "岗位"},
    **{"case_types": "事项类别", "arrivals": "到达", "yearly": "年度", "handling": "办理方式"},
}


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
            yield say("change", labels.language, name=_path(path, labels), **words)


def _path(path: tuple[str | int, ...], labels: Labels) -> str:
    """Return where a number stands, in words as far as there are labels."""
    parts = [str(part) for part in path]
    named = {
        "staff": labels.scenario.staff,
        "case_types": labels.scenario.case_types,
        "limits": labels.scenario.limits,
    }.get(parts[0])
    if named is not None and len(parts) > 1 and parts[1] in named:
        read = {"staff": labels.officer, "case_types": labels.case_type, "limits": labels.limit}
        parts = [read[parts[0]](parts[1]), *parts[2:]]
    if labels.language == "zh":
        parts = [KEYS_ZH.get(part, part) for part in parts]
    return " · ".join(parts)
