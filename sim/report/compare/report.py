"""What a comparison says, and a comparison as plain data."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from rich.console import RenderableType

from sim.experiments import Comparison, Difference, Result
from sim.experiments.compare.differences import Measure
from sim.report.blocks import Cell, Column, Line, Part, Report, Table, Tone
from sim.report.compare.words import TERMS, WORDS
from sim.report.labels import Labels
from sim.report.run.data import plain
from sim.report.terminal import judged, percent, rounded, written
from sim.report.words import Language, phrase, say
from sim.storage.versions import version

MOST_POOLS: Final = 8
"""How many pools are shown of each scenario."""

SHARES: Final = ("on_time_share", "utilisation")
"""Measures that are shown in per cent; their differences in points."""


def comparison_text(comparison: Comparison, language: Language) -> RenderableType:
    """Return what is better or worse than the reference, in sentences and tables."""
    return written(comparison_report(comparison, language))


def comparison_report(comparison: Comparison, language: Language) -> Report:
    """Return what is better or worse than the reference, in sentences and tables."""
    return _Reading(comparison, language).report()


class _Reading:
    """The parts of a comparison's report."""

    def __init__(self, comparison: Comparison, language: Language) -> None:
        self.comparison = comparison
        self.language = language
        self.reference = comparison.results[comparison.reference]
        self.labels = Labels(self.reference.scenario, language)
        self.found = {(d.measure, d.of, d.scenario): d for d in comparison.differences}
        self.limits = [each.promise.name for each in self.reference.verdicts]

    def say(self, key: str, **values: object) -> str:
        return phrase(WORDS[key], self.language, **values)

    def report(self) -> Report:
        result = self.reference
        line = self.say("line", seed=result.seed, replications=result.replications)
        said = tuple(self.sentences()) if self.limits else (Line(say("no_limits", self.language)),)
        return Report(
            self.say("title", reference=self.comparison.reference),
            (Line(line, "faint"),),
            (Part(said), *(Part((table,)) for table in self.tables()), Part(tuple(self.notes()))),
        )

    def sentences(self) -> Iterator[Line]:
        """Yield one sentence for each difference of an on-time share."""
        for limit in self.limits:
            for scenario in self.comparison.others:
                if each := self.found.get(("on_time_share", limit, scenario)):
                    yield Line(self.sentence(each), _tone(each))

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

    def tables(self) -> Iterator[Table]:
        """Yield on-time shares and days of every limit, and the pools that differ most."""
        limits = [(limit, self.labels.limit(limit)) for limit in self.limits]
        if limits:
            verdict = say("verdict", self.language)
            yield self.table("", say("promise", self.language), limits, ["on_time_share"], verdict)
            yield self.table("", say("promise", self.language), limits, ["p90", "p50"])
        waits = [each for each in self.comparison.differences if each.measure == "mean_wait_h"]
        pools = sorted({each.of for each in waits}, key=lambda pool: self.largest(waits, pool))
        shown = [(pool, self.labels.pool(pool)) for pool in pools[:MOST_POOLS]]
        title = self.say("pools", shown=len(shown), all=len(pools))
        yield self.table(title, say("pool", self.language), shown, ["mean_wait_h", "utilisation"])

    def table(
        self,
        title: str,
        heading: str,
        shown: Sequence[tuple[str, str]],
        measures: Sequence[Measure],
        verdict: str | None = None,
    ) -> Table:
        """Return limits or pools, with their labels, in all scenarios.

        On a narrow terminal only the first measure is shown.
        """
        columns = [Column(heading), Column(self.say("scenario"))]
        if verdict is not None:
            columns.append(Column(verdict))
        for number, measure in enumerate(measures):
            name, spare = self.say(measure), number > 0
            columns += [Column(name, True, spare), Column(f"Δ {name}", True, spare)]
        rows = []
        for of, label in shown:
            for scenario, result in self.comparison.results.items():
                cells = [cell for each in measures for cell in self.cells(each, of, scenario)]
                if any(cells):
                    words = [] if verdict is None else [self.verdict(result, of)]
                    rows.append((label, scenario, *words, *cells))
        return Table(tuple(columns), tuple(rows), title, grouped=True)

    def verdict(self, result: Result, limit: str) -> Cell:
        (verdict,) = (each.verdict for each in result.verdicts if each.promise.name == limit)
        return judged(verdict, self.language)

    def cells(self, measure: Measure, of: str, scenario: str) -> tuple[Cell | str, ...]:
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
        known = math.isfinite(each.difference.low)
        text = self.say("range", value=value, low=low, high=high) if known else value
        return _number(each.value, scale) + mark, Cell(text, _tone(each))

    @staticmethod
    def largest(waits: list[Difference], pool: str) -> tuple[float, str]:
        """Return a sort key: the largest difference first."""
        return -max(abs(each.difference.value) for each in waits if each.of == pool), pool

    def notes(self) -> Iterator[Line]:
        """Yield how the numbers are to be read, and what was not compared."""
        language, found = self.language, self.comparison.differences
        for altered in self.comparison.altered:
            values = {
                "term": phrase(TERMS[altered.term], language),
                "before": _term(altered.reference, language),
                "after": _term(altered.value, language),
            }
            label = self.labels.limit(altered.limit)
            line = self.say("altered", limit=label, scenario=altered.scenario, **values)
            yield Line(line, "notice")
        for (kind, found_in, missing_in), names in self.unmatched().items():
            key = f"unmatched_{kind}"
            line = self.say(key, found=found_in, missing=missing_in, names=", ".join(names))
            yield Line(line, "notice")
        confidence = percent(self.comparison.confidence, 0)
        yield Line(self.say("together", confidence=confidence), "faint")
        if self.limits:
            yield Line(self.say("days_are_means", reference=self.comparison.reference), "faint")
        if any(each.open_cases for each in found):
            yield Line(self.say("open_cases"), "notice")

    def unmatched(self) -> dict[tuple[str, str, str], dict[str, None]]:
        """Return what is in one scenario alone; the pools of all zones under one name."""
        grouped: dict[tuple[str, str, str], dict[str, None]] = {}
        for each in self.comparison.unmatched:
            names = grouped.setdefault((each.kind, each.found_in, each.missing_in), {})
            declared, bracket, _ = each.name.partition("[")
            names[f"{declared}[…]" if bracket else declared] = None
        return grouped


def _tone(each: Difference) -> Tone:
    """Tell better from worse; more work is neither."""
    good = {"on_time_share": 1, "utilisation": 0}.get(each.measure, -1)
    tones: dict[int, Tone] = {1: "good", -1: "bad", 0: ""}
    return tones[good * each.difference.sign]


def _number(value: float, scale: int) -> str:
    return percent(value) if scale == 100 else rounded(value, 1)


def _term(value: object, language: Language) -> str:
    if value is None:
        return say("total", language)
    if isinstance(value, tuple):
        return " + ".join(value)
    return say(value, language) if isinstance(value, str) else str(value)


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
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
