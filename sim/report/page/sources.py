"""Where each number of a scenario comes from, as a table: what nothing backs comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sim.experiments import Comparison, Result
from sim.report.assumptions import quantities, stamps
from sim.report.blocks import Column, Line, Row, Table
from sim.report.page.model import Content, Long, Named
from sim.report.page.words import tell
from sim.report.words import Language
from sim.results.finding import Finding
from sim.scenario import Parameter, Source

KINDS: Final = ("assumed", "none", "law", "policy", "published", "measured", "other")
"""Of sources, in the order in which they are listed."""


def sources(named: Named, language: Language) -> Iterator[Content]:
    """Yield the numbers of the scenario; of further ones only what is other than in the first.

    Of a result that was made of others on the page, the first one's are told there.
    """
    found = named.found
    scenarios = found.scenarios
    (first, scenario), *others = scenarios.items()
    parameters = quantities(scenario)
    known = {(each.path, str(each.value), each.source) for each in parameters}
    if not named.derived:
        yield _long(parameters, _calendar(found, language), language)
    for name, other in others:
        changed = [
            each
            for each in quantities(other)
            if (each.path, str(each.value), each.source) not in known
        ]
        if changed:
            title = tell("changed_caption", language, scenario=name, reference=first)
            yield Table(_columns(language), tuple(_rows(changed, language)), title)
        else:
            told = tell("nothing_changed", language, scenario=name, reference=first)
            yield Line(told)


def _long(parameters: Sequence[Parameter], first: Sequence[Row], language: Language) -> Long:
    kinds = [each.source.kind for each in _sorted(parameters)]
    rows = (*first, *_rows(parameters, language))
    assumed = len(first) + kinds.count("assumed")
    title = tell(
        "sources_caption", language, count=len(rows), assumed=assumed, bare=kinds.count("none")
    )
    return Long(
        Table(_columns(language), rows, title),
        frozenset(range(assumed + kinds.count("none"))),
    )


def _columns(language: Language) -> tuple[Column, ...]:
    return tuple(
        Column(tell(key, language)) for key in ("path", "value", "range", "kind", "source")
    )


def _rows(parameters: Sequence[Parameter], language: Language) -> Iterator[Row]:
    for each in _sorted(parameters):
        bounds = "" if each.range is None else f"{each.range[0]} … {each.range[1]}"
        source = _source(each.source, language)
        yield (
            ".".join(map(str, each.path)),
            _value(each.value),
            bounds,
            tell(f"kind_{each.source.kind}", language),
            source if each.note is None else f"{source} — {each.note}",
        )


def _sorted(parameters: Sequence[Parameter]) -> list[Parameter]:
    return sorted(parameters, key=lambda each: KINDS.index(each.source.kind))


def _source(source: Source, language: Language) -> str:
    """Say in the language what this program says of a value without a source."""
    if source.kind != "none":
        return source.text
    return tell("set_in", language, file=source.file) if source.file else tell("set", language)


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _calendar(found: Finding, language: Language) -> list[Row]:
    """Return what the calendar had to assume, where the result tells."""
    results = found.results.values() if isinstance(found, Comparison) else [found]
    told = dict.fromkeys(
        text for each in results if isinstance(each, Result) for text in stamps(each)
    )
    kind = tell("kind_assumed", language)
    return [("calendar", text, "", kind, tell("calendar", language)) for text in told]
