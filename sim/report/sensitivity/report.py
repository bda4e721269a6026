"""The report on a sensitivity analysis, and the analysis as plain data."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from sim.experiments.sensitivity.flips import Flip
from sim.experiments.sensitivity.result import (
    Design,
    Explained,
    OfLimit,
    Screened,
    Sensitivity,
    Swing,
)
from sim.experiments.sensitivity.study import SCREENING, SMALL
from sim.measures.contrasts import Estimate
from sim.report.blocks import Column, Line, Part, Report, Table, number, table_of
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.numbers import percent, rounded
from sim.report.paths import Paths
from sim.report.plain_data import finding_data
from sim.report.sensitivity.words import say

BAR: Final = 20
"""Width of a bar from 0 to 100 % on time, in characters."""


def sensitivity_report(result: Sensitivity, language: Language) -> Report:
    """Return which parameters change a verdict, and tables by limit."""
    return _Reading(result, language).report()


class _Reading:
    """The parts of the report on one analysis in one language."""

    def __init__(self, result: Sensitivity, language: Language) -> None:
        self.result = result
        self.labels = Labels(result.scenario, language, say)
        self.say = self.labels.say
        self.named = Paths(self.labels).named
        self.limits = result.scenario.limits

    def report(self) -> Report:
        result = self.result
        counts = {"replications": result.replications, "count": len(result.factors)}
        line = self.say("line", seed=result.seed, **counts)
        name = self.labels.text(result.scenario.name)
        parts = [*self.one_at_a_time(), *self.screening(), *self.sobol(), *self.notes()]
        return Report(name, (Line(line, "faint"),), tuple(parts))

    # --- one at a time ---------------------------------------------------------------------------

    def one_at_a_time(self) -> Iterator[Part]:
        if not self.result.swings:
            return
        yield Part(tuple(self.most()))
        yield Part(tuple(self.sentences()))
        for limit in self.limits:
            yield from self.tornado(limit, _of(limit, self.result.swings))
        confidences = sorted({limit.confidence for limit in self.limits.values()})
        shown = ", ".join(percent(confidence, None) for confidence in confidences)
        yield Part((Line(self.say("together", confidence=shown), "faint"),))

    def most(self) -> Iterator[Line]:
        """Yield the parameters that matter most, each with the values at which verdicts turn."""
        for place, factor in enumerate(self.result.weightiest, 1):
            flips = [flip for flip in self.result.flips if flip.factor == factor]
            turns = [
                self.say(
                    "turns_at", limit=self.labels.limit(flip.limit), value=self.turning_value(flip)
                )
                for flip in flips
            ]
            yield Line(
                self.say(
                    "matters",
                    place=place,
                    path=self.named(factor.path),
                    base=factor.written(factor.value),
                    low=factor.written(factor.low),
                    high=factor.written(factor.high),
                    turns=self.say("semicolon").join(turns) or self.say("turns_none"),
                ),
                "strong",
            )

    def list_of(self, paths: Iterable[str]) -> str:
        return self.say("listing").join(map(self.named, paths))

    def turning_value(self, flip: Flip) -> str:
        """Write the value at which a verdict turns; of a number that is not whole, about."""
        factor = flip.factor
        value = factor.written(flip.value if factor.whole else float(f"{flip.value:.3g}"))
        exact = factor.whole and abs(flip.after - flip.before) <= 1
        return value if exact else self.say("about", value=value)

    def sentences(self) -> Iterator[Line]:
        """Yield one sentence for each flip, or the sentence that there is none."""
        for limit in self.limits:
            flips = _of(limit, self.result.flips)
            for flip in flips:
                yield Line(self.flip(flip), "notice" if flip.proven else "")
            if not flips:
                word = self.say(_of(limit, self.result.swings)[0].base.verdict)
                yield Line(self.say("steady", limit=self.labels.limit(limit), verdict=word))

    def flip(self, flip: Flip) -> str:
        factor = flip.factor
        return self.say(
            "kept" if flip.kept_at_end else "broken",
            limit=self.labels.limit(flip.limit),
            path=self.named(factor.path),
            base=factor.written(factor.value),
            value=self.turning_value(flip),
            bounds=self.bounds(flip),
        )

    def bounds(self, flip: Flip) -> str:
        before, after = flip.surely_before, flip.surely_after
        if before is None and after is None:
            return self.say("unproven")
        if before is None:
            return self.say("proven_after", after=flip.factor.written(after or 0))
        if after is None:
            return self.say("proven_before", before=flip.factor.written(before))
        if flip.factor.whole and abs(after - before) <= 1:
            return self.say("proven")
        written = flip.factor.written
        return self.say("between", before=written(before), after=written(after))

    def tornado(self, limit: str, swings: Sequence[Swing]) -> Iterator[Part]:
        """Yield the table of parameters with a proven effect or flip, and name the others."""
        flipping = {flip.factor.path for flip in _of(limit, self.result.flips)}
        proven = [
            swing
            for swing in swings
            if swing.low_difference.sign
            or swing.high_difference.sign
            or swing.factor.path in flipping
        ]
        if proven:
            yield Part((self.swings(limit, proven),))
        if len(proven) < len(swings):
            paths = self.list_of(swing.factor.path for swing in swings if swing not in proven)
            limited = "" if proven else f"{self.labels.limit(limit)}: "
            yield Part((Line(limited + self.say("no_effect", paths=paths), "faint"),))

    def swings(self, limit: str, shown: Sequence[Swing]) -> Table:
        share = percent(shown[0].base.share)
        title = self.say("tornado_title", limit=self.labels.limit(limit), share=share)
        difference = number(self.say("difference"))
        return table_of(
            shown,
            [
                self.parameter,
                (number(self.say("low_today_high")), _values),
                (number(self.say("at_low")), lambda swing: percent(swing.at_low.share)),
                (difference, lambda swing: _points(swing.low_difference, "+.1f")),
                (number(self.say("at_high")), lambda swing: percent(swing.at_high.share)),
                (difference, lambda swing: _points(swing.high_difference, "+.1f")),
                (Column("0 … 100 %", spare=True, drawn=True), _bar),
            ],
            title,
        )

    @property
    def parameter(self) -> tuple[Column, Callable[[OfLimit], str]]:
        """The first column of each table."""
        return Column(self.say("varied")), lambda row: self.named(row.factor.path)

    # --- designs ---------------------------------------------------------------------------------

    def screening(self) -> Iterator[Part]:
        columns: list[tuple[Column, Callable[[Screened], str]]] = [
            (number(self.say("mu_star")), lambda row: _points(row.effects.mu_star, ".1f")),
            (number(self.say("mu")), lambda row: _points(row.effects.mu, "+.1f")),
            (number(self.say("sigma")), lambda row: _points(row.effects.sigma, ".1f")),
        ]
        result = self.result
        yield from self.design(
            "screening_title", result.screening, self.directions, result.screened, columns
        )

    def sobol(self) -> Iterator[Part]:
        columns: list[tuple[Column, Callable[[Explained], str]]] = [
            (number(self.say("alone")), lambda row: _share(row.indices.first)),
            (number(self.say("with_interplay")), lambda row: _share(row.indices.total)),
        ]
        result = self.result
        yield from self.design(
            "sobol_title", result.sampling, self.explanations, result.explained, columns
        )

    def design(
        self,
        title: str,
        design: Design | None,
        sentences: Callable[[str], Iterator[str]],
        rows: Sequence[Any],
        columns: Sequence[tuple[Column, Callable[[Any], str]]],
    ) -> Iterator[Part]:
        """Yield what a method proves in sentences, its tables by limit, and its noise."""
        if design is None:
            return
        yield Part(tuple(Line(text) for limit in self.limits for text in sentences(limit)))
        for limit in self.limits:
            heading = self.say(title, limit=self.labels.limit(limit), points=design.points)
            table = table_of(_of(limit, rows), [self.parameter, *columns], heading)
            yield Part((table,))
        lines = [
            self.say("noise_unknown", limit=self.labels.limit(limit))
            if math.isnan(share)
            else self.say("noise", limit=self.labels.limit(limit), share=percent(share))
            for limit, share in design.noise.items()
        ]
        yield Part((*map(Line, lines), Line(self.say("each_alone"), "faint")))

    def directions(self, limit: str) -> Iterator[str]:
        """Yield what the signed means prove; absolute means exceed 0 from noise alone."""
        label, screened = self.labels.limit(limit), _of(limit, self.result.screened)
        signs = {parameter.factor.path: parameter.effects.mu.sign for parameter in screened}
        if not any(signs.values()):
            yield self.say("no_direction", limit=label)
        for key, wanted in (("lowers", -1), ("raises", 1)):
            if paths := [path for path, sign in signs.items() if sign == wanted]:
                yield self.say(key, limit=label, paths=self.list_of(paths))

    def explanations(self, limit: str) -> Iterator[str]:
        """Yield what the first-order indices prove; total indices exceed 0 from noise alone."""
        label, proven = self.labels.limit(limit), False
        for parameter in _of(limit, self.result.explained):
            first = parameter.indices.first
            if first.sign > 0:
                proven = True
                low, high = percent(first.low, 0), percent(min(1.0, first.high), 0)
                path = self.named(parameter.factor.path)
                yield self.say("explains", limit=label, path=path, low=low, high=high)
        if not proven:
            yield self.say("explains_nothing", limit=label)

    def notes(self) -> Iterator[Part]:
        if self.result.replications == 1:
            yield Part((Line(self.say("noise_unseen"), "notice"),))
        if self.result.minor:
            paths = self.list_of(self.result.minor)
            small = {"count": len(self.result.minor), "points": f"{100 * SMALL:.0f}"}
            line = self.say("minor", paths=paths, replications=SCREENING, **small)
            yield Part((Line(line, "faint"),))
        if any(factor.kind == "shape" for factor in self.result.factors):
            yield Part((Line(self.say("shapes"), "faint"),))
        if self.result.left_out:
            paths = self.list_of(self.result.left_out)
            yield Part((Line(self.say("not_varied", paths=paths), "notice"),))


def _of(limit: str, rows: Sequence[Any]) -> list[Any]:
    return [row for row in rows if row.limit == limit]


def _values(swing: Swing) -> str:
    factor = swing.factor
    return " … ".join(map(factor.written, (factor.low, factor.value, factor.high)))


def _points(estimate: Estimate, form: str) -> str:
    """Write a difference of shares in points, with its interval."""
    if math.isnan(estimate.value):
        return "–"
    value = format(100 * estimate.value, form)
    if math.isinf(estimate.low) or estimate.low == estimate.high:
        return value
    return f"{value} ({format(100 * estimate.low, form)} – {format(100 * estimate.high, form)})"


def _share(estimate: Estimate) -> str:
    if math.isinf(estimate.low):
        return rounded(estimate.value, 2)
    return f"{estimate.value:.2f} ({estimate.low:.2f} – {estimate.high:.2f})"


def _bar(swing: Swing) -> str:
    """Draw the span of the shares; the mark is the scenario as it is."""
    shares = [swing.base.share, swing.at_low.share, swing.at_high.share]
    if any(map(math.isnan, shares)):
        return ""
    mark, *ends = (min(BAR - 1, int(BAR * share)) for share in shares)
    first, last = min(mark, *ends), max(mark, *ends)
    return "".join(
        "│" if here == mark else "█" if first <= here <= last else "·" for here in range(BAR)
    )


def sensitivity_data(result: Sensitivity) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    data = {
        "method": result.method,
        "parameters": [asdict(factor) for factor in result.factors],
        "left_out": list(result.left_out),
        "minor": list(result.minor),
        "weightiest": [factor.path for factor in result.weightiest],
        "tornado": result.records("tornado"),
        "flips": result.records("flips"),
        "screening": _design(result.screening, result.records("screening")),
        "sobol": _design(result.sampling, result.records("sobol")),
    }
    return finding_data(result, data)


def _design(design: Design | None, rows: Sequence[Any]) -> dict[str, Any] | None:
    if design is None:
        return None
    return {"points": design.points, "noise_share": dict(design.noise), "parameters": rows}
