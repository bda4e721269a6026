"""Where each number of a scenario comes from, as a table: assumed and unsourced numbers first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sim.experiments import Comparison, Result
from sim.report.assumptions import quantities, stamps
from sim.report.blocks import Column, Line, Row, Table
from sim.report.language import Language
from sim.report.page.model import Content, Long, Named
from sim.report.page.words import say
from sim.results.finding import Finding
from sim.scenario import Parameter

ORDER: Final = ("assumed", "none", "law", "policy", "published", "measured", "other")
"""The order in which kinds of sources are listed."""


def sources(named: Named, language: Language) -> Iterator[Content]:
    """Yield the numbers of the first scenario, and what differs from it in each further one.

    A result that was made of others on the page leaves out the first scenario, which is there.
    """
    (reference, scenario), *others = named.finding.scenarios.items()
    parameters = quantities(scenario)
    known = set(map(_identity, parameters))
    if not named.derived:
        yield _long(parameters, _calendar(named.finding, language), language)
    for name, other in others:
        names = {"scenario": name, "reference": reference}
        changed = [number for number in quantities(other) if _identity(number) not in known]
        if changed:
            title = say("changed_caption", language, **names)
            yield Table(_columns(language), tuple(_rows(changed, language)), title)
        else:
            yield Line(say("nothing_changed", language, **names))


def _identity(parameter: Parameter) -> tuple[object, ...]:
    return parameter.path, str(parameter.value), parameter.source.text


def _long(parameters: Sequence[Parameter], first: Sequence[Row], language: Language) -> Long:
    kinds = [parameter.source.kind for parameter in parameters]
    rows = (*first, *_rows(parameters, language))
    assumed, bare = len(first) + kinds.count("assumed"), kinds.count("none")
    title = say("sources_caption", language, count=len(rows), assumed=assumed, bare=bare)
    return Long(Table(_columns(language), rows, title), frozenset(range(assumed + bare)))


def _columns(language: Language) -> tuple[Column, ...]:
    return tuple(
        Column(say(f"source_{key}", language)) for key in ("path", "value", "range", "kind", "text")
    )


def _rows(parameters: Sequence[Parameter], language: Language) -> Iterator[Row]:
    for parameter in sorted(parameters, key=lambda number: ORDER.index(number.source.kind)):
        low_high = parameter.range
        source = parameter.source
        text = source.text
        if source.kind == "none":
            text = say("set_in" if source.file else "set", language, file=source.file)
        yield (
            ".".join(map(str, parameter.path)),
            _value(parameter.value),
            "" if low_high is None else f"{low_high[0]} … {low_high[1]}",
            say(f"kind_{source.kind}", language),
            text if parameter.note is None else f"{text} — {parameter.note}",
        )


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _calendar(finding: Finding, language: Language) -> list[Row]:
    """Return what the calendar had to assume, where the result knows it."""
    results = finding.results.values() if isinstance(finding, Comparison) else [finding]
    fallbacks = dict.fromkeys(
        text for result in results if isinstance(result, Result) for text in stamps(result)
    )
    kind = say("kind_assumed", language)
    return [("calendar", text, "", kind, say("calendar", language)) for text in fallbacks]
