"""What a sensitivity analysis says, and the same as plain data."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from rich.console import RenderableType

from sim.experiments.sensitivity import Design, Flip, Sensitivity, Swing
from sim.measures.contrasts import Estimate
from sim.report.blocks import Column, Line, Part, Report, Table
from sim.report.labels import Labels
from sim.report.run.data import plain
from sim.report.sensitivity.words import WORDS
from sim.report.terminal import percent, rounded, written
from sim.report.words import Language, phrase, say
from sim.storage.versions import version

BAR: Final = 20
"""Characters of a bar from 0 to 100 % on time."""


def sensitivity_text(found: Sensitivity, language: Language) -> RenderableType:
    """Return which parameters turn a verdict round, and tables by limit."""
    return written(sensitivity_report(found, language))


def sensitivity_report(found: Sensitivity, language: Language) -> Report:
    """Return which parameters turn a verdict round, and tables by limit."""
    return _Reading(found, language).report()


class _Reading:
    """The parts of the report."""

    def __init__(self, found: Sensitivity, language: Language) -> None:
        self.found = found
        self.language = language
        self.labels = Labels(found.scenario, language)
        self.limits = found.scenario.limits

    def say(self, key: str, **values: object) -> str:
        return phrase(WORDS[key], self.language, **values)

    def report(self) -> Report:
        found = self.found
        line = self.say(
            "line",
            seed=found.seed,
            replications=found.replications,
            count=len(found.factors),
        )
        name = self.labels.text(found.scenario.name)
        parts = [*self.one_at_a_time(), *self.screening(), *self.sobol(), *self.notes()]
        return Report(name, (Line(line, "faint"),), tuple(parts))

    # --- one at a time ---------------------------------------------------------------------------

    def one_at_a_time(self) -> Iterator[Part]:
        if not self.found.swings:
            return
        yield Part(tuple(self.sentences()))
        for limit in self.limits:
            yield from self.tornado(limit, _of(limit, self.found.swings))
        confidences = sorted({limit.confidence for limit in self.limits.values()})
        shown = ", ".join(percent(each, 0) for each in confidences)
        yield Part((Line(self.say("together", confidence=shown), "faint"),))

    def sentences(self) -> Iterator[Line]:
        """Yield one sentence for each flip, or one that there is none."""
        for limit in self.limits:
            flips = _of(limit, self.found.flips)
            for each in flips:
                yield Line(self.flip(each), "notice" if each.proven else "")
            if not flips:
                verdict = _of(limit, self.found.swings)[0].base.verdict
                said = say(verdict, self.language)
                yield Line(self.say("steady", limit=self.labels.limit(limit), verdict=said))

    def flip(self, each: Flip) -> str:
        factor = each.factor
        exact = factor.whole and abs(each.after - each.before) <= 1
        value = factor.written(each.value if factor.whole else float(f"{each.value:.3g}"))
        return self.say(
            "kept" if each.kept_at_end else "broken",
            limit=self.labels.limit(each.limit),
            path=factor.path,
            base=factor.written(factor.value),
            value=value if exact else self.say("about", value=value),
            bounds=self.bounds(each),
        )

    def bounds(self, each: Flip) -> str:
        before, after = each.surely_before, each.surely_after
        if before is None and after is None:
            return self.say("unproven")
        if before is None:
            return self.say("proven_after", after=each.factor.written(after or 0))
        if after is None:
            return self.say("proven_before", before=each.factor.written(before))
        if each.factor.whole and abs(after - before) <= 1:
            return self.say("proven")
        written = each.factor.written
        return self.say("between", before=written(before), after=written(after))

    def tornado(self, limit: str, swings: Sequence[Swing]) -> Iterator[Part]:
        """Yield the table of those with a proven effect or that turn it, and name the others."""
        turning = {each.factor.path for each in _of(limit, self.found.flips)}
        proven = [
            each
            for each in swings
            if each.low_difference.sign or each.high_difference.sign or each.factor.path in turning
        ]
        if proven:
            yield Part((self.swings(limit, proven),))
        if len(proven) < len(swings):
            paths = ", ".join(each.factor.path for each in swings if each not in proven)
            limited = "" if proven else f"{self.labels.limit(limit)}: "
            yield Part((Line(limited + self.say("no_effect", paths=paths), "faint"),))

    def swings(self, limit: str, shown: Sequence[Swing]) -> Table:
        share = percent(shown[0].base.share)
        title = self.say("tornado_title", limit=self.labels.limit(limit), share=share)
        keys = ("range", "at_low", "difference", "at_high", "difference")
        bar = Column("0 … 100 %", spare=True, drawn=True)
        rows = (
            (
                each.factor.path,
                " … ".join(
                    each.factor.written(value)
                    for value in (each.factor.low, each.factor.value, each.factor.high)
                ),
                percent(each.at_low.share),
                _points(each.low_difference, "+.1f"),
                percent(each.at_high.share),
                _points(each.high_difference, "+.1f"),
                _bar(each),
            )
            for each in shown
        )
        return Table((*self.columns(keys), bar), tuple(rows), title)

    # --- designs ---------------------------------------------------------------------------------

    def screening(self) -> Iterator[Part]:
        if self.found.screening is None:
            return
        yield Part(tuple(Line(line) for limit in self.limits for line in self.directions(limit)))
        for limit in self.limits:
            rows = (
                (
                    each.factor.path,
                    _points(each.effects.mu_star, ".1f"),
                    _points(each.effects.mu, "+.1f"),
                    _points(each.effects.sigma, ".1f"),
                )
                for each in _of(limit, self.found.screened)
            )
            title = self.design_title("screening_title", limit, self.found.screening)
            table = Table(self.columns(("mu_star", "mu", "sigma")), tuple(rows), title)
            yield Part((table,))
        yield self.noise(self.found.screening)

    def directions(self, limit: str) -> Iterator[str]:
        """Yield what the signed means prove; sizes alone are above 0 from noise, too."""
        label, screened = self.labels.limit(limit), _of(limit, self.found.screened)
        signs = {each.factor.path: each.effects.mu.sign for each in screened}
        if not any(signs.values()):
            yield self.say("no_direction", limit=label)
        for key, wanted in (("lowers", -1), ("raises", 1)):
            if paths := [path for path, sign in signs.items() if sign == wanted]:
                yield self.say(key, limit=label, paths=", ".join(paths))

    def explanations(self, limit: str) -> Iterator[str]:
        """Yield what the first indices prove; total ones are above 0 from noise, too."""
        label, proven = self.labels.limit(limit), False
        for each in _of(limit, self.found.explained):
            first = each.indices.first
            if first.sign > 0:
                proven = True
                low, high = percent(first.low, 0), percent(min(1.0, first.high), 0)
                path = each.factor.path
                yield self.say("explains", limit=label, path=path, low=low, high=high)
        if not proven:
            yield self.say("explains_nothing", limit=label)

    def sobol(self) -> Iterator[Part]:
        if self.found.sampling is None:
            return
        yield Part(tuple(Line(line) for limit in self.limits for line in self.explanations(limit)))
        for limit in self.limits:
            rows = (
                (each.factor.path, _share(each.indices.first), _share(each.indices.total))
                for each in _of(limit, self.found.explained)
            )
            title = self.design_title("sobol_title", limit, self.found.sampling)
            yield Part((Table(self.columns(("first", "total")), tuple(rows), title),))
        yield self.noise(self.found.sampling)

    def columns(self, keys: Iterable[str]) -> tuple[Column, ...]:
        numbers = (Column(self.say(key), number=True) for key in keys)
        return Column(self.say("parameter")), *numbers

    def design_title(self, key: str, limit: str, design: Design) -> str:
        return self.say(key, limit=self.labels.limit(limit), points=design.points)

    def noise(self, design: Design) -> Part:
        lines = [
            self.say("noise_unknown", limit=self.labels.limit(limit))
            if math.isnan(share)
            else self.say("noise", limit=self.labels.limit(limit), share=percent(share))
            for limit, share in design.noise.items()
        ]
        return Part((*map(Line, lines), Line(self.say("each_alone"), "faint")))

    def notes(self) -> Iterator[Part]:
        if self.found.replications == 1:
            yield Part((Line(self.say("one_replication"), "notice"),))
        if self.found.left_out:
            paths = ", ".join(self.found.left_out)
            yield Part((Line(self.say("left_out", paths=paths), "notice"),))


def _of(limit: str, found: Sequence[Any]) -> list[Any]:
    return [each for each in found if each.limit == limit]


def _points(each: Estimate, form: str) -> str:
    """Write a difference of shares in points, with its interval."""
    if math.isnan(each.value):
        return "–"
    value = format(100 * each.value, form)
    if math.isinf(each.low) or each.low == each.high:
        return value
    return f"{value} ({format(100 * each.low, form)} – {format(100 * each.high, form)})"


def _share(each: Estimate) -> str:
    if math.isinf(each.low):
        return rounded(each.value, 2)
    return f"{each.value:.2f} ({each.low:.2f} – {each.high:.2f})"


def _bar(each: Swing) -> str:
    """Draw the span of the shares; the mark is the scenario as it is."""
    shares = [each.base.share, each.at_low.share, each.at_high.share]
    if any(map(math.isnan, shares)):
        return ""
    mark, *ends = (min(BAR - 1, int(BAR * share)) for share in shares)
    first, last = min(mark, *ends), max(mark, *ends)
    return "".join(
        "│" if here == mark else "█" if first <= here <= last else "·" for here in range(BAR)
    )


def sensitivity_data(found: Sensitivity) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    data = {
        "scenario": str(found.scenario.name),
        "seed": found.seed,
        "replications": found.replications,
        "version": version(),
        "scenario_sha256": found.scenario.sha256(),
        "method": found.method,
        "parameters": [asdict(factor) for factor in found.factors],
        "left_out": list(found.left_out),
        "tornado": found.rows["tornado"],
        "flips": found.rows["flips"],
        "screening": _design(found.screening, found.rows["screening"]),
        "sobol": _design(found.sampling, found.rows["sobol"]),
    }
    numbers: dict[str, Any] = plain(data)
    return numbers


def _design(design: Design | None, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    if design is None:
        return None
    return {"points": design.points, "noise_share": dict(design.noise), "parameters": list(rows)}
