"""The report on levers, and their contributions as plain data."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from sim.experiments import Reforms
from sim.experiments.reforms.contributions import Effect, Rule
from sim.experiments.reforms.contributions import Part as Contribution
from sim.experiments.reforms.levers import Lever
from sim.measures.attribution import NOBODY, apportioned
from sim.measures.contrasts import Estimate
from sim.report.blocks import Block, Column, Line, Part, Report, Table, number, table_of
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import failed_checks, how_made
from sim.report.numbers import days_saved, percent, signed, yuan_interval
from sim.report.plain_data import DIGITS, finding_data
from sim.report.reforms.words import lever_label, say

ADDING_UP: tuple[Rule, Rule] = ("stepwise", "shapley")
UNITS = {"on_time_share": 100, "days_saved": 1, "staff_h_per_case": 1}
"""Units: points, days, hours."""
SHOWN_DIGITS = {"on_time_share": 1, "days_saved": 1, "staff_h_per_case": 2}


def reforms_report(reforms: Reforms, language: Language) -> Report:
    """Return a table and sentences for each limit, a table of staff time, and how to read them."""
    return _Reading(reforms, language).report()


class _Reading:
    """The parts of the report on one result in one language."""

    def __init__(self, reforms: Reforms, language: Language) -> None:
        self.reforms = reforms
        self.language = language
        self.labels = Labels(reforms.scenario, language, say)
        self.say = self.labels.say
        self.start = self.say("without_them" if reforms.chosen.always_on else "with_counters")
        beyond = any(lever.added for lever in reforms.levers)
        self.end = self.say("with_all" if beyond else "today")

    def lever(self, lever: Lever) -> str:
        return lever_label(self.reforms, lever, self.language)

    def report(self) -> Report:
        replications = self.say("replications_made", count=self.reforms.replications)
        scenario, seed = self.reforms.scenario, self.reforms.seed
        line = how_made(scenario, seed, replications, self.language)
        return Report(self.labels.text(scenario.name), (line,), tuple(self.parts()))

    def parts(self) -> Iterator[Part]:
        for name in self.reforms.scenario.limits:
            share = self.reforms.effect("on_time_share", name)
            days = self.reforms.effect("days_saved", name)
            sentences = (Line(self.sentence(share, lever)) for lever in self.reforms.levers)
            table = self.table([share, days], share)
            told = (Line(self.headline(share)), *self.clocks(name))
            blocks: tuple[Block, ...] = (*told, table, *sentences, *self.costs(name))
            yield Part(blocks, self.labels.limit(name))
        staff = [effect for effect in self.reforms.effects if effect.kind == "staff_h_per_case"]
        yield Part((*(Line(self.staff_line(effect)) for effect in staff), self.table(staff)))
        yield Part(tuple(self.notes()))

    def headline(self, share: Effect) -> str:
        before, after = share.levels[NOBODY], share.levels[self.reforms.everything]
        return self.say(
            "headline",
            start=self.start,
            end=self.end,
            before=percent(before.value),
            after=percent(after.value),
            change=self.change(share.total.estimate),
        )

    def clocks(self, limit: str) -> Iterator[Line]:
        """Yield in one sentence what the levers did to the promised clock and to the gross span."""
        parts = [
            self.say(
                "clock_change",
                clock=self.say(f"clock_{of.clock}"),
                before=f"{of.before.value:.1f}",
                after=f"{of.after.value:.1f}",
                change=signed(of.change.value, 1),
                low=signed(of.change.low, 1),
                high=signed(of.change.high, 1),
            )
            for of in self.reforms.clock_changes
            if of.limit == limit and not math.isnan(of.change.value)
        ]
        if parts:
            yield Line(self.say("clock_changes", parts=self.say("and").join(parts)), "strong")

    def costs(self, limit: str) -> Iterator[Block]:
        """Yield what each lever costs, over all orders, and what the staff costs as it is."""
        say, names = self.say, {lever.name: self.lever(lever) for lever in self.reforms.levers}
        rows = [
            row
            for row in self.reforms.rows("costs")
            if row.limit == limit and row.rule in {"shapley", "total"}
        ]
        if rows:
            yield table_of(
                rows,
                [
                    (Column(say("lever")), lambda row: _begun(names.get(row.lever, say("total")))),
                    (number(f"Δ {say('cost_both')}"), lambda row: yuan_interval(row.cost)),
                    (number(say("days_saved_a_year")), lambda row: days_saved(row.days_saved)),
                    (number(say("cost_per_day")), lambda row: yuan_interval(row.cost_per_day)),
                ],
                say("lever_costs"),
            )
            yield Line(say("cost_per_day_note"), "faint")

    def change(self, points: Estimate, prefix: str = "") -> str:
        """Say what is proven of a difference of shares; `prefix` begins the keys of the words."""
        low, high = (signed(100 * bound, 1) for bound in (points.low, points.high))
        if points.sign == 0:
            same = points.low == points.high == 0
            return self.say(prefix + ("same" if same else "unproven"), low=low, high=high)
        low, high = (f"{100 * bound:.1f}" for bound in sorted((abs(points.low), abs(points.high))))
        size = f"{100 * abs(points.value):.1f}"
        key = prefix + ("gain" if points.sign > 0 else "loss")
        return self.say(key, size=size, low=low, high=high)

    def sentence(self, share: Effect, lever: Lever) -> str:
        without = share.levels[self.reforms.everything - {lever.name}]
        return self.say(
            "sentence",
            lever=self.lever(lever),
            share=percent(without.value),
            last=self.change(share.parts["last"][lever.name].estimate, "lever_"),
            mean=self.change(share.parts["shapley"][lever.name].estimate, "lever_"),
        )

    def staff_line(self, hours: Effect) -> str:
        return self.say(
            "staff_line",
            case_type=self.labels.case_type(hours.of),
            start=self.start,
            end=self.end,
            before=f"{hours.levels[NOBODY].value:.1f}",
            after=f"{hours.levels[self.reforms.everything].value:.1f}",
            change=_with_interval(hours.total.estimate, hours, self.say("to")),
        )

    def table(self, effects: Sequence[Effect], levels: Effect | None = None) -> Table:
        """Return one row per lever and a total; the numbers shown add up to it."""
        columns, cells = [Column(self.say("lever"))], []
        for effect in effects:
            of_staff = effect.kind == "staff_h_per_case"
            what = self.labels.case_type(effect.of) if of_staff else self.say(effect.kind)
            for rule in ADDING_UP:
                columns.append(number(f"{what}\n{self.say(rule)}"))
                cells.append(_column(effect, list(effect.parts[rule].values())))
        if levels is not None:
            columns.append(number(self.say("without")))
            without = (self.reforms.everything - {name} for name in self.reforms.chosen.names)
            cells.append([*(percent(levels.levels[rest].value) for rest in without), ""])
        levers = [self.lever(lever) for lever in self.reforms.levers]
        names = [_begun(name) for name in (*levers, self.say("total"))]
        return Table(tuple(columns), tuple(zip(names, *cells, strict=True)), total=True)

    def notes(self) -> Iterator[Line]:
        yield Line(self.say("how_to_read"), "faint")
        if self.reforms.pairs is not None:
            yield Line(self.say("drawn", pairs=self.reforms.pairs), "faint")
        if self.reforms.replications == 1:
            yield Line(self.say("no_interval"), "notice")
        yield from failed_checks(self.reforms, self.labels)


def _begun(name: str) -> str:
    return name[:1].upper() + name[1:]


def shown_parts(effect: Effect, parts: Sequence[Contribution]) -> list[float]:
    """Return the contributions and their total in their unit, rounded so that they add up.

    Tables and figures show these, so that both say the same.
    """
    unit = UNITS[effect.kind]
    exact = [None if part.exact is None else unit * part.exact for part in parts]
    return _adding_up(exact, SHOWN_DIGITS[effect.kind])


def _column(effect: Effect, parts: Sequence[Contribution]) -> list[str]:
    digits = SHOWN_DIGITS[effect.kind]
    return [
        f"{signed(value, digits)} ({_bounds(part.estimate, effect, ' … ')})"
        for value, part in zip(shown_parts(effect, parts), (*parts, effect.total), strict=True)
    ]


def _with_interval(estimate: Estimate, effect: Effect, to: str) -> str:
    value = signed(UNITS[effect.kind] * estimate.value, SHOWN_DIGITS[effect.kind])
    return f"{value} ({_bounds(estimate, effect, to)})"


def _bounds(estimate: Estimate, effect: Effect, to: str) -> str:
    unit, digits = UNITS[effect.kind], SHOWN_DIGITS[effect.kind]
    return to.join(signed(unit * bound, digits) for bound in (estimate.low, estimate.high))


# --- data ------------------------------------------------------------------------------------


def reforms_data(reforms: Reforms) -> dict[str, Any]:
    """Return the stable JSON object of ``sim reforms``; see ``docs/reference/json.md``."""
    data = {
        "levers": [
            {"id": lever.name, "switches": lever.switches, "added": lever.added}
            for lever in reforms.levers
        ],
        "always_on": sorted(reforms.chosen.always_on),
        "pairs": reforms.pairs,
        "effects": [_effect(reforms, effect) for effect in reforms.effects],
        "clocks": reforms.records("clocks"),
        **({"costs": costs} if (costs := reforms.records("costs")) else {}),
        "failed_checks": [{"name": c.name, "detail": c.detail} for c in reforms.failed_checks],
    }
    return finding_data(reforms, data)


def _effect(reforms: Reforms, effect: Effect) -> dict[str, Any]:
    names, everything = reforms.chosen.names, reforms.everything
    levers: list[dict[str, Any]] = [{"id": name} for name in names]
    total = _interval(effect.total.estimate)
    for rule, parts in effect.parts.items():
        for lever, name in zip(levers, names, strict=True):
            lever[rule] = _interval(parts[name].estimate)
        if rule in ADDING_UP:
            shown = _adding_up([part.exact for part in parts.values()], DIGITS)
            for entry, value in zip(
                [*(lever[rule] for lever in levers), total], shown, strict=True
            ):
                entry["value"] = value
    for lever in levers:
        lever["level_without"] = _interval(effect.levels[everything - {lever["id"]}])
    return {
        "measure": effect.kind,
        "of": effect.of,
        "confidence": effect.confidence,
        "before": _interval(effect.levels[NOBODY]),
        "after": _interval(effect.levels[everything]),
        "total": total,
        "levers": levers,
    }


def _adding_up(exact: Sequence[Fraction | None], digits: int) -> list[float]:
    """Return parts and their total, rounded so that they add up; NaN if a part is unknown."""
    known = [part for part in exact if part is not None]
    if len(known) < len(exact):
        return [math.nan] * (len(exact) + 1)
    parts = apportioned(known, digits)
    return [float(part) for part in (*parts, sum(parts))]


def _interval(estimate: Estimate) -> dict[str, float]:
    return {"value": estimate.value, "ci_low": estimate.low, "ci_high": estimate.high}
