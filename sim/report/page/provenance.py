"""The end of every chapter: sources of its numbers, manifest, and how to repeat it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sim.experiments import Comparison, Judged, Result
from sim.limits import ClockRule, clock_rules
from sim.report.assumptions import note_text, quantities, source_text, stamps
from sim.report.blocks import Column, Line, Row, Table
from sim.report.clocks import clock_meanings
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import check_name
from sim.report.numbers import date_text
from sim.report.page.model import Command, Content, Facts, Long, Named, Section
from sim.report.page.words import say, section
from sim.report.paths import Paths
from sim.results.finding import Finding
from sim.scenario import Parameter, Scenario
from sim.storage.versions import PROGRAM, libraries, version

ORDER: Final = ("assumed", "none", "law", "policy", "published", "measured", "inferred", "other")
"""The order in which kinds of sources are listed."""
SIMULATED: Final = ("verdict", "interval", "clocks", "branch", "pools", "sources")
RECORDED: Final = ("verdict", "recorded", "clocks", "sources")
"""Words that need an explanation, on simulated and on recorded cases."""
JUDGING: Final = frozenset({"limits", "clocks", "calendar", "promised", "statutory", "budget"})
"""Keys of a scenario whose numbers count where recorded cases are judged."""


def measured(finding: Finding, language: Language) -> tuple[Line, ...]:
    """Return which cases a result of one scenario measures."""
    if isinstance(finding, Judged) or not finding.scenarios:
        return ()
    window = finding.scenario.period.window
    first, last = date_text(window.first, language), date_text(window.last, language)
    return (Line(say("cases_of", language, first=first, last=last)),)


def rests_on(named: Named, language: Language) -> str:
    """Return how many numbers behind a result are assumed; "" where its chapter lists none."""
    if named.derived or not named.finding.scenarios:
        return ""
    kinds = [parameter.source.kind for parameter in _behind(named.finding)]
    bare = kinds.count("none")
    return say(
        "rests_on_all",
        language,
        assumed=kinds.count("assumed"),
        count=len(kinds),
        bare=say("rests_on_bare", language, count=bare) if bare else "",
    )


def basis(named: Named, made: Sequence[Line], language: Language) -> Iterator[Section]:
    """Yield the sections on the sources of a result, and on how to repeat it.

    `made` says how the result was made: its seed and replications.
    """
    if named.finding.scenarios:
        yield section("sources", language, *_sources(named, language))
    if named.derived:
        yield section("repeat", language, Line(say("repeat_derived", language)))
        return
    yield section("manifest", language, *made, _manifest(named.finding, language))
    repeat: tuple[Content, ...] = (Line(say("repeat_unknown", language)),)
    if named.command is not None:
        repeat = (Line(say("repeat_how", language)), Command(named.command))
    yield section("repeat", language, *repeat)


def reading(shown: Sequence[Named], language: Language) -> Section:
    """Return the explanation of a page's words, and of the clocks of all its scenarios."""
    scenarios = (scenario for named in shown for scenario in named.finding.scenarios.values())
    clocks: dict[str, ClockRule] = {}
    for scenario in scenarios:
        clocks |= clock_rules(scenario)
    told = clock_meanings(clocks.values(), language)
    recorded = [isinstance(named.finding, Judged) for named in shown]
    asked = dict.fromkeys((*RECORDED * any(recorded), *SIMULATED * (not all(recorded))))
    pairs = ((f"read_{topic}", f"read_{topic}_text") for topic in asked)
    topics = tuple(
        (say(topic, language), say(text, language, clocks=told)) for topic, text in pairs
    )
    return section("reading", language, Facts(topics))


def _manifest(finding: Finding, language: Language) -> Facts:
    """Return the scenario, seed and versions that give the same numbers again."""
    rows = [
        ("program", f"{PROGRAM} {version()}"),
        ("libraries", ", ".join(f"{name} {number}" for name, number in libraries().items())),
    ]
    for name, scenario in finding.scenarios.items():
        measured = finding if isinstance(finding, Judged) else scenario.period.window
        first, last = date_text(measured.first, language), date_text(measured.last, language)
        rows += [
            ("scenario_name", name or Labels.choose(scenario.name, language)),
            ("scenario_file", scenario.provenance.origin or "–"),
            ("fingerprint", scenario.sha256()),
            ("window", say("from_to", language, first=first, last=last)),
        ]
    if isinstance(finding, Judged):
        rows.append(("files", ", ".join(finding.files) or "–"))
    else:
        rows += [
            ("seed", str(finding.seed)),
            ("replications", str(finding.replications)),
            ("checks", _checks(finding, language)),
        ]
    if finding.interrupted:
        rows.append(("state", say("was_interrupted", language)))
    return Facts(tuple((say(key, language), value) for key, value in rows), literal=True)


def _checks(finding: Finding, language: Language) -> str:
    """List the self-checks that passed or failed; some results record only failed ones."""
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
        names=", ".join(
            f"{check_name(name, language)} {'✓' if ok else '✗'}" for name, ok in passed.items()
        ),
    )


# --- sources ------------------------------------------------------------------------------------


def _sources(named: Named, language: Language) -> Iterator[Content]:
    """Yield the numbers of the first scenario, and how every other scenario differs from it.

    A result made from others on the page leaves out the first scenario: their chapters show it.
    """
    (reference, scenario), *others = named.finding.scenarios.items()
    parameters = _behind(named.finding)
    known = set(map(_identity, parameters))
    if not named.derived:
        first = _calendar(named.finding, language)
        yield _long(parameters, first, scenario, language)
    for name, other in others:
        names = {"scenario": name, "reference": reference}
        changed = [number for number in quantities(other) if _identity(number) not in known]
        if changed:
            title = say("changed_caption", language, **names)
            yield Table(_columns(language), tuple(_rows(changed, other, language)), title)
        else:
            yield Line(say("nothing_changed", language, **names))


def _behind(finding: Finding) -> list[Parameter]:
    """Return the numbers of the first scenario that a result rests on."""
    parameters = quantities(next(iter(finding.scenarios.values())))
    if isinstance(finding, Judged):
        return [one for one in parameters if not JUDGING.isdisjoint(one.path)]
    return parameters


def _identity(parameter: Parameter) -> tuple[object, ...]:
    return parameter.path, str(parameter.value), parameter.source.text


def _long(
    parameters: Sequence[Parameter], first: Sequence[Row], scenario: Scenario, language: Language
) -> Long:
    kinds = [parameter.source.kind for parameter in parameters]
    rows = (*first, *_rows(parameters, scenario, language))
    assumed, bare = len(first) + kinds.count("assumed"), kinds.count("none")
    title = say("sources_caption", language, count=len(rows), assumed=assumed, bare=bare)
    return Long(Table(_columns(language), rows, title), frozenset(range(assumed + bare)))


def _columns(language: Language) -> tuple[Column, ...]:
    return tuple(
        Column(say(f"source_{key}", language)) for key in ("path", "value", "range", "kind", "text")
    )


def _rows(parameters: Sequence[Parameter], scenario: Scenario, language: Language) -> Iterator[Row]:
    paths = Paths(Labels(scenario, language))
    for parameter in sorted(parameters, key=lambda number: ORDER.index(number.source.kind)):
        low_high = parameter.range
        source, note = parameter.source, note_text(parameter, language)
        text = source_text(parameter, language)
        if source.kind == "none":
            text = say("set_in" if source.file else "set", language, file=source.file)
        yield (
            _place(".".join(map(str, parameter.path)), paths),
            _value(parameter.value),
            "" if low_high is None else f"{low_high[0]} … {low_high[1]}",
            say(f"kind_{source.kind}", language),
            f"{text} — {note}" if note else text,
        )


def _place(path: str, paths: Paths) -> str:
    """Return a path, in Chinese behind its words: who changes the number needs it."""
    words = paths.named(path)
    return path if words == path else f"{words} ({path})"


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _calendar(finding: Finding, language: Language) -> list[Row]:
    """Return what the calendar had to assume, if the result records it."""
    results = finding.results.values() if isinstance(finding, Comparison) else [finding]
    fallbacks = dict.fromkeys(
        text for result in results if isinstance(result, Result) for text in stamps(result)
    )
    kind = say("kind_assumed", language)
    return [("calendar", text, "", kind, say("calendar", language)) for text in fallbacks]
