"""A comparison as text and as plain data."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text

from sim.experiments import Comparison, Difference, Result
from sim.experiments.differences import Measure
from sim.experiments.versions import version
from sim.report.compare_words import TERMS, WORDS
from sim.report.data import plain
from sim.report.labels import Labels
from sim.report.layout import COLOURS, Fitting, new_table, percent, rounded
from sim.report.words import Language, phrase, say

MOST_POOLS: Final = 8
"""How many pools are shown of each scenario."""

SHARES: Final = ("on_time_share", "utilisation")
"""Measures that are shown in per cent; their differences in points."""


def comparison_text(comparison: Comparison, language: Language) -> RenderableType:
    """Return what is better or worse than the reference, in sentences and tables."""
    text = _Text(comparison, language)
    parts: list[RenderableType] = [text.title()]
    if text.limits:
        parts.append(Group(*text.sentences()))
    else:
        parts.append(Text(say("no_limits", language)))
    parts += [*text.tables(), Group(*text.notes())]
    spaced = [each for part in parts for each in (part, Text(""))]
    return Group(*spaced[:-1])


class _Text:
    """The parts of a comparison's text."""

    def __init__(self, comparison: Comparison, language: Language) -> None:
        self.comparison = comparison
        self.language = language
        self.reference = comparison.results[comparison.reference]
        self.labels = Labels(self.reference.scenario, language)
        self.found = {(d.measure, d.of, d.scenario): d for d in comparison.differences}
        self.limits = [each.promise.name for each in self.reference.verdicts]

    def say(self, key: str, **values: object) -> str:
        return phrase(WORDS[key], self.language, **values)

    def title(self) -> Text:
        title = self.say("title", reference=self.comparison.reference)
        result = self.reference
        line = self.say("line", seed=result.seed, replications=result.replications)
        return Text.assemble((title, "bold"), "\n", (line, "dim"))

    def sentences(self) -> Iterator[Text]:
        """Yield one sentence for each difference of an on-time share."""
        for limit in self.limits:
            for scenario in self.comparison.others:
                if each := self.found.get(("on_time_share", limit, scenario)):
                    yield Text(self.sentence(each), _colour(each))

    def sentence(self, each: Difference) -> str:
        low, high = each.difference.low, each.difference.high
        key = {1: "better", -1: "worse", 0: "unproven"}[each.difference.sign]
        if math.isinf(low):
            key = "unknown"
        elif low == high == 0:
            key = "same"
        bounds = (-high, -low) if key == "worse" else (low, high)
        form = "+.1f" if key == "unproven" else ".1f"
        return self.say(
            key,
            limit=self.labels.limit(each.of),
            scenario=each.scenario,
            low=format(100 * bounds[0], form),
            high=format(100 * bounds[1], form),
            before=percent(each.reference),
            after=percent(each.value),
        )

    def tables(self) -> Iterator[RenderableType]:
        """Yield on-time shares and days of every limit, and the pools that differ most."""
        limits = [(limit, self.labels.limit(limit)) for limit in self.limits]
        if limits:
            verdict = say("verdict", self.language)
            yield self.table(
                None, say("promise", self.language), limits, ["on_time_share"], verdict
            )
            yield self.table(None, say("promise", self.language), limits, ["p90", "p50"])
        waits = [each for each in self.comparison.differences if each.measure == "mean_wait_h"]
        pools = sorted({each.of for each in waits}, key=lambda pool: self.largest(waits, pool))
        shown = [(pool, self.labels.pool(pool)) for pool in pools[:MOST_POOLS]]
        title = self.say("pools", shown=len(shown), all=len(pools))
        yield self.table(title, say("pool", self.language), shown, ["mean_wait_h", "utilisation"])

    def table(
        self,
        title: str | None,
        heading: str,
        shown: Sequence[tuple[str, str]],
        measures: Sequence[Measure],
        verdict: str | None = None,
    ) -> Fitting:
        """Return limits or pools, with their labels, in all scenarios.

        On a narrow terminal only the first measure is shown.
        """
        table = new_table(title)
        table.add_column(heading)
        table.add_column(self.say("scenario"))
        if verdict is not None:
            table.add_column(verdict)
        headings = [self.say(measure) for measure in measures]
        for name in headings:
            table.add_column(name, justify="right")
            table.add_column(f"Δ {name}", justify="right")
        for of, label in shown:
            first = escape(label)
            for scenario, result in self.comparison.results.items():
                cells = [cell for each in measures for cell in self.cells(each, of, scenario)]
                if any(cells):
                    judged = [] if verdict is None else [self.verdict(result, of)]
                    table.add_row(first, escape(scenario), *judged, *cells)
                    first = ""
        return Fitting(table, {name for each in headings[1:] for name in (each, f"Δ {each}")})

    def verdict(self, result: Result, limit: str) -> Text:
        (verdict,) = (each.verdict for each in result.verdicts if each.promise.name == limit)
        return Text(say(verdict, self.language), COLOURS[verdict])

    def cells(self, measure: Measure, of: str, scenario: str) -> tuple[Text | str, ...]:
        """Return value and difference; empty where there is none."""
        scale = 100 if measure in SHARES else 1
        if scenario == self.comparison.reference:
            same = [d for d in self.comparison.differences if (d.measure, d.of) == (measure, of)]
            return (_number(same[0].reference, scale), "") if same else ("", "")
        each = self.found.get((measure, of, scenario))
        if each is None:
            return "", ""
        value, low, high = (
            f"{round(scale * number, 1) + 0.0:+.1f}"  # no -0.0
            for number in (each.difference.value, each.difference.low, each.difference.high)
        )
        mark = "*" if each.open_cases else ""
        text = self.say("range", value=value, low=low, high=high)
        return _number(each.value, scale) + mark, Text(text, _colour(each))

    @staticmethod
    def largest(waits: list[Difference], pool: str) -> tuple[float, str]:
        """Return a sort key: the largest difference first."""
        return -max(abs(each.difference.value) for each in waits if each.of == pool), pool

    def notes(self) -> Iterator[Text]:
        """Yield how the numbers are to be read, and what was not compared."""
        language, found = self.language, self.comparison.differences
        for altered in self.comparison.altered:
            values = {
                "term": phrase(TERMS[altered.term], language),
                "before": _term(altered.reference, language),
                "after": _term(altered.value, language),
            }
            label = self.labels.limit(altered.limit)
            yield Text(
                self.say("altered", limit=label, scenario=altered.scenario, **values), "yellow"
            )
        for (kind, found_in, missing_in), names in self.unmatched().items():
            key = f"unmatched_{kind}"
            line = self.say(key, found=found_in, missing=missing_in, names=", ".join(names))
            yield Text(line, "yellow")
        confidence = percent(self.comparison.confidence, 0)
        yield Text(self.say("together", confidence=confidence), "dim")
        if self.limits:
            yield Text(self.say("days_are_means", reference=self.comparison.reference), "dim")
        if any(each.open_cases for each in found):
            yield Text(self.say("open_cases"), "yellow")

    def unmatched(self) -> dict[tuple[str, str, str], dict[str, None]]:
        """Return what is in one scenario alone; the pools of all zones under one name."""
        grouped: dict[tuple[str, str, str], dict[str, None]] = {}
        for each in self.comparison.unmatched:
            names = grouped.setdefault((each.kind, each.found_in, each.missing_in), {})
            declared, bracket, _ = each.name.partition("[")
            names[f"{declared}[…]" if bracket else declared] = None
        return grouped


def _colour(each: Difference) -> str:
    """Return green for better, red for worse; more work is neither."""
    good = {"on_time_share": 1, "utilisation": 0}.get(each.measure, -1)
    return {1: "green", -1: "red", 0: ""}[good * each.difference.sign]


def _number(value: float, scale: int) -> str:
    return percent(value) if scale == 100 else rounded(value, 1)


def _term(value: object, language: Language) -> str:
    if value is None:
        return say("total", language)
    if isinstance(value, tuple):
        return " + ".join(value)
    return say(value, language) if isinstance(value, str) else str(value)


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/json.md``."""
    reference = comparison.results[comparison.reference]
    data: dict[str, Any] = plain(
        {
            "reference": comparison.reference,
            "seed": reference.seed,
            "replications": reference.replications,
            "version": version(),
            "confidence": comparison.confidence,
            "scenarios": [
                {
                    "id": name,
                    "scenario": str(result.scenario.name),
                    "scenario_sha256": result.scenario.sha256(),
                }
                for name, result in comparison.results.items()
            ],
            "differences": comparison.table.to_dict("records"),
            "altered_limits": [vars(each) for each in comparison.altered],
            "unmatched": [vars(each) for each in comparison.unmatched],
        }
    )
    return data
