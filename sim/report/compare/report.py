"""The report on a comparison, and a comparison as plain data."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sim.experiments import Comparison, Difference, Result
from sim.experiments.compare.comparison import Unmatched
from sim.experiments.compare.differences import Measure
from sim.limits import PRESETS
from sim.report.blocks import (
    Block,
    Cell,
    Column,
    Line,
    Part,
    Report,
    Table,
    Tone,
    number,
    table_of,
)
from sim.report.clocks import clock_label
from sim.report.compare.words import PER, TERMS, say
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import no_limits, verdict_cell
from sim.report.numbers import bound, days_saved, percent, rounded, yuan, yuan_interval
from sim.report.plain_data import plain
from sim.report.words import phrase
from sim.storage.versions import version

MOST_POOLS: Final = 8
"""Number of pools shown of each scenario."""

SHARES: Final = ("on_time_share", "utilisation")
"""Measures shown in per cent, and their differences in points."""


def comparison_report(comparison: Comparison, language: Language) -> Report:
    """Return what is better or worse than the reference, in sentences and tables."""
    return _Reading(comparison, language).report()


class _Reading:
    """The parts of the report on one comparison in one language."""

    def __init__(self, comparison: Comparison, language: Language) -> None:
        self.comparison = comparison
        self.language = language
        self.reference = comparison.results[comparison.reference]
        self.labels = Labels(self.reference.scenario, language, say)
        self.say = self.labels.say
        self.differences = {
            (difference.measure, difference.of, difference.scenario): difference
            for difference in comparison.differences
        }
        self.limits = [limit.limit.name for limit in self.reference.verdicts]

    def report(self) -> Report:
        result = self.reference
        line = self.say("line", seed=result.seed, replications=result.replications)
        sentences = tuple(self.sentences()) if self.limits else (no_limits(self.language),)
        tables = (Part((table,)) for table in self.tables())
        title = self.say("compared_with", reference=self.comparison.reference)
        costs = Part(tuple(self.costs()))
        parts = (Part(sentences), *tables, *([costs] if costs.blocks else []))
        parts += (Part(tuple(self.notes())),)
        return Report(title, (Line(line, "faint"),), parts)

    def sentences(self) -> Iterator[Line]:
        """Yield one sentence for each difference of an on-time share."""
        for limit in self.limits:
            for scenario in self.comparison.others:
                if change := self.differences.get(("on_time_share", limit, scenario)):
                    yield Line(self.sentence(change), _tone(change))

    def sentence(self, change: Difference) -> str:
        low, high = change.difference.low, change.difference.high
        key = {1: "better", -1: "worse", 0: "unproven"}[change.difference.sign]
        if math.isinf(low):
            key = "unknown"
        elif low == high == 0:
            key = "same"
        if key == "worse":
            low, high = -high, -low
        form = "+.1f" if key == "unproven" else ".1f"
        bounds = {"low": format(100 * low, form), "high": format(100 * high, form)}
        shares = {"before": percent(change.reference), "after": percent(change.value)}
        limit = self.labels.limit(change.of)
        return self.say(key, limit=limit, scenario=change.scenario, **bounds, **shares)

    def tables(self) -> Iterator[Table]:
        """Yield on-time shares and days of every limit, and the pools that differ most."""
        limits = [(limit, self.labels.limit(limit)) for limit in self.limits]
        if limits:
            verdict = self.say("verdict")
            yield self.table("", self.say("promise"), limits, ["on_time_share"], verdict)
            yield self.table("", self.say("promise"), limits, ["p90", "p50"])
        changes: dict[str, float] = {}
        for change in self.comparison.differences:
            if change.measure == "mean_wait_h":
                size = abs(change.difference.value)
                changes[change.of] = max(size, changes.get(change.of, 0.0))
        pools = sorted(changes, key=lambda pool: (-changes[pool], pool))
        shown = [(pool, self.labels.pool(pool)) for pool in pools[:MOST_POOLS]]
        title = self.say("most_changed", shown=len(shown), all=len(pools))
        yield self.table(title, self.say("pool"), shown, ["mean_wait_h", "utilisation"])

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
        columns = [Column(heading), Column(self.say("scenario_name"))]
        if verdict is not None:
            columns.append(Column(verdict))
        for place, measure in enumerate(measures):
            name, spare = self.say(measure), place > 0
            columns += [Column(name, True, spare), Column(f"Δ {name}", True, spare)]
        rows = []
        for name, label in shown:
            for scenario, result in self.comparison.results.items():
                cells = [cell for key in measures for cell in self.cells(key, name, scenario)]
                if any(cells):
                    words = [] if verdict is None else [self.verdict(result, name)]
                    rows.append((label, scenario, *words, *cells))
        return Table(tuple(columns), tuple(rows), title, grouped=True)

    def costs(self) -> Iterator[Block]:
        """Yield what the staff costs in each scenario, and what a day saved costs."""
        say = self.say
        rows = self.comparison.cost_differences
        if rows:
            yield table_of(
                rows,
                [
                    (Column(say("promise")), lambda row: self.labels.limit(row.limit)),
                    (Column(say("scenario_name")), lambda row: row.scenario),
                    (number(say("cost_both")), lambda row: yuan(row.value)),
                    (number(f"Δ {say('cost_both')}"), lambda row: yuan_interval(row.cost)),
                    (number(say("days_saved_a_year")), lambda row: days_saved(row.days_saved)),
                    (number(say("cost_per_day")), lambda row: yuan_interval(row.cost_per_day)),
                ],
                say("costs_compared", reference=self.comparison.reference),
            )
            yield Line(say("cost_per_day_note"), "faint")
        if self.comparison.without_costs:
            names = say("listing").join(self.comparison.without_costs)
            yield Line(say("costs_lacking", scenarios=names), "notice")

    def verdict(self, result: Result, limit: str) -> Cell:
        (verdict,) = (judged.verdict for judged in result.verdicts if judged.limit.name == limit)
        return verdict_cell(verdict, self.language)

    def cells(self, measure: Measure, name: str, scenario: str) -> tuple[Cell | str, ...]:
        """Return value and difference, each empty if there is none."""
        scale = 100 if measure in SHARES else 1
        if scenario == self.comparison.reference:
            same = [d for d in self.comparison.differences if (d.measure, d.of) == (measure, name)]
            return (_number(same[0].reference, scale), "") if same else ("", "")
        change = self.differences.get((measure, name, scenario))
        if change is None:
            return "", ""
        difference = change.difference
        value, low, high = (
            bound(scale * number, 1)
            for number in (difference.value, difference.low, difference.high)
        )
        mark = "*" if change.open_cases else ""
        known = math.isfinite(difference.low) or math.isfinite(difference.high)
        text = self.say("with_interval", value=value, low=low, high=high) if known else value
        return _number(change.value, scale) + mark, Cell(text, _tone(change))

    def notes(self) -> Iterator[Line]:
        """Yield how to read the numbers, and what was not compared."""
        for altered in self.comparison.altered:
            values = {
                "limit": self.labels.limit(altered.limit),
                "term": phrase(TERMS[altered.term], self.language),
                "before": _term(altered.term, altered.reference, self.language),
                "after": _term(altered.term, altered.value, self.language),
            }
            yield Line(self.say("altered", scenario=altered.scenario, **values), "notice")
        unmatched: dict[tuple[str, str, str], dict[str, None]] = {}
        for single in self.comparison.unmatched:
            group = (single.kind, single.found_in, single.missing_in)
            unmatched.setdefault(group, {})[self.unmatched_name(single)] = None
        for (kind, found_in, missing_in), names in unmatched.items():
            where = {"found": found_in, "missing": missing_in}
            text = self.say(f"unmatched_{kind}", **where, names=", ".join(names))
            yield Line(text, "notice")
        confidence = percent(self.comparison.confidence, None)
        yield Line(self.say("together", confidence=confidence), "faint")
        if self.limits:
            yield Line(self.say("days_are_means", reference=self.comparison.reference), "faint")
        if any(change.open_cases for change in self.comparison.differences):
            yield Line(self.say("open_cases"), "notice")

    def unmatched_name(self, single: Unmatched) -> str:
        """Return the label of a limit or pool; the pools of all zones share one."""
        if single.kind == "limit":
            return single.name
        pool = self.comparison.results[single.found_in].model.pools.by_name[single.name]
        return pool.declared if pool.value is None else f"{pool.declared}[…]"


def _tone(change: Difference) -> Tone:
    """Return the tone of a difference: better, worse, or neither, as for more work."""
    good = {"on_time_share": 1, "utilisation": 0}.get(change.measure, -1)
    tones: dict[int, Tone] = {1: "good", -1: "bad", 0: ""}
    return tones[good * change.difference.sign]


def _number(value: float, scale: int) -> str:
    return percent(value) if scale == 100 else rounded(value, 1)


def _term(term: str, value: object, language: Language) -> str:
    """Return the value of a term of a limit in words."""
    if value is None:
        return say("total", language)
    if isinstance(value, tuple):
        return " + ".join(value)
    if term == "per":
        return phrase(PER[str(value)], language)
    if term == "clock" and value in PRESETS:
        return clock_label(PRESETS[str(value)], language)
    return str(value) or say("all_cases", language)


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    scenarios = [
        {"id": name, "scenario": str(scenario.name), "scenario_sha256": scenario.sha256()}
        for name, scenario in comparison.scenarios.items()
    ]
    data: dict[str, Any] = {
        "reference": comparison.reference,
        "seed": comparison.seed,
        "replications": comparison.replications,
        "version": version(),
        "confidence": comparison.confidence,
        "scenarios": scenarios,
        "differences": comparison.records("differences"),
        **({"costs": costs} if (costs := comparison.records("costs")) else {}),
        "altered_limits": [vars(altered) for altered in comparison.altered],
        "unmatched": [vars(single) for single in comparison.unmatched],
    }
    return {key: plain(value) for key, value in data.items()}
