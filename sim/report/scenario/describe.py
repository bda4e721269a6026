"""A scenario as text: its process graph, and every parameter with its source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from sim.process import build_process
from sim.process.graph import (
    Again,
    Attribute,
    Chance,
    Choice,
    Combine,
    Factor,
    Gate,
    Graph,
    Node,
    Role,
    Round,
)
from sim.report.assumptions import count_assumed, quantities, source_text
from sim.report.labels import Labels
from sim.report.language import Language, typeset
from sim.report.terminal import WIDE, new_table
from sim.report.words import TIMES_ZH, say
from sim.scenario import (
    Distribution,
    Parameter,
    Scenario,
    last_day,
    library_names,
    parameters_of,
    summary_of,
)
from sim.scenario import Text as Label

_WORD: Final = re.compile("[a-z]+")


def scenario_text(scenario: Scenario, language: Language) -> RenderableType:
    """Return what happens to a case of each type, and where each number comes from."""
    labels = Labels(scenario, language)
    parts: list[RenderableType] = [Text(_set(labels.text(scenario.name), language), "bold")]
    if about := labels.text(scenario.about):
        parts.append(Text(_set(about.strip(), language)))
    for graph in build_process(scenario).graphs:
        parts += [Text(""), _tree(graph, labels)]
        parts += _volumes(scenario, graph.case_type, language)
    parts += [Text(""), _Parameters(scenario, language)]
    return Group(*parts)


def _volumes(scenario: Scenario, case_type: str, language: Language) -> Iterator[Text]:
    """Yield the expected cases of every simulated year, for arrivals given by year."""
    spec = scenario.case_types[case_type]
    for name, arrivals in {"": spec.arrivals, **spec.more_arrivals}.items():
        if arrivals.yearly is not None:
            measured = scenario.period.window.first.year
            years = range(scenario.period.start.year, last_day(scenario).year + 1)
            expected = {y: arrivals.factor * arrivals.yearly.expected(y, measured) for y in years}
            volumes = [f"{year} {cases:,.0f}" for year, cases in expected.items()]
            what = say("cases_a_year", language) + (f" ({name})" if name else "")
            yield Text(_set(f"{what}: {', '.join(volumes)}", language))


def library_table(language: Language) -> Table:
    """Return the scenarios of the library, one per line."""
    table = new_table()
    for column in ("scenario", "title", "overrides"):
        table.add_column(_set(say(column, language), language), overflow="fold")
    table.columns[0].no_wrap = True
    for name in library_names():
        name_of, overrides = summary_of(name)
        title = _set(Labels.choose(name_of, language), language)
        table.add_row(name, escape(title), escape(", ".join(overrides)))
    return table


def _set(text: str, language: Language) -> str:
    """Return a text with the punctuation of Chinese; English as it is."""
    return text if language == "en" else typeset(text, language)


class _Parameters:
    """Every parameter, as a table if the terminal is wide enough, else line by line."""

    def __init__(self, scenario: Scenario, language: Language) -> None:
        self.title = Text(say("parameters", language), "bold")
        self.table = new_table()
        for column in ("parameter", "value", "range", "source"):
            self.table.add_column(say(column, language), no_wrap=True)
        for row in _rows(parameters_of(scenario), language):
            self.table.add_row(*map(escape, row))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the parameters for this width; paths are never broken."""
        yield self.title
        wide = options.update(max_width=WIDE, width=WIDE)
        if Measurement.get(console, wide, self.table).maximum <= options.max_width:
            yield self.table
            return
        for row in zip(*(column.cells for column in self.table.columns), strict=True):
            yield Text.from_markup("  ".join(cell for cell in row if cell))


def _rows(
    parameters: Iterable[Parameter], language: Language
) -> Iterator[tuple[str, str, str, str]]:
    """Yield path, value, range and source."""
    for parameter in parameters:
        low_high = parameter.range
        bounds = "" if low_high is None else f"{low_high[0]} – {low_high[1]}"
        path = ".".join(map(str, parameter.path))
        yield path, str(parameter.value), bounds, source_text(parameter, language)


def parameters_markdown(scenario: Scenario) -> str:
    """Return the parameter table as a page: every quantity with its value, range and source."""
    rows = (f"| {' | '.join(map(_cell, row))} |" for row in _rows(quantities(scenario), "en"))
    lines = (
        f"# Parameters of {scenario.provenance.origin}",
        "",
        "Generated by `sim show --markdown`; do not edit. A source begins with law, policy,",
        "published, measured, inferred or assumed.",
        "",
        "| parameter | value | range | source |",
        "|---|---|---|---|",
        *rows,
        "",
        f"{count_assumed(quantities(scenario))} of them are assumed.",
        "",
        *_names_markdown(scenario),
    )
    return "\n".join(lines)


def _names_markdown(scenario: Scenario) -> Iterator[str]:
    """Yield the names in a scenario with their labels in both languages."""
    yield from ("## What the names mean", "", "| | name | English | 中文 |", "|---|---|---|---|")
    written = set()
    for kind, name, label in _labelled(scenario):
        if (label.en or label.zh) and (kind, name) not in written:
            written.add((kind, name))
            yield f"| {kind} | `{name}` | {_cell(label.en)} | {_cell(label.zh)} |"
    yield ""


def _labelled(scenario: Scenario) -> Iterator[tuple[str, str, Label]]:
    for name, limit in scenario.limits.items():
        yield "limit", name, limit.label
    for name, case_type in scenario.case_types.items():
        yield "case type", name, case_type.label
        for stage, spec in case_type.stages.items():
            yield f"stage of {name}", stage, spec.label
        for matter, rules in case_type.matters.items():
            yield f"matter of {name}", matter, rules.label
        for attribute, shares in case_type.attributes.items():
            for value, label in shares.labels.items():
                yield attribute, value, label
    for name, department in scenario.departments.items():
        yield "department", name, department.label
    for name, pool in scenario.pools.items():
        yield "pool", name, pool.label


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


# --- the course of a case -----------------------------------------------------------------------


def _tree(graph: Graph, labels: Labels) -> Tree:
    """Return the steps by matter or stage.

    Rounds of correction, and applications handed in again, are told at the step that leads to them.
    """
    tree = Tree(Text(f"{labels.case_type(graph.case_type)} ({graph.case_type})", "bold"))
    repeats = {number for node in graph.nodes if (number := node.next_round) is not None}
    branches: dict[str, Tree] = {}
    for number, node in enumerate(graph.nodes):
        repeated = number in repeats or any(isinstance(gate, Round) for gate in node.gates)
        again = node.handed_in or node.role is Role.RESUBMISSION
        if repeated or again or node.seat_of is not None:
            continue
        unit, _, rest = node.name.partition("/")
        heading = labels.unit(graph.case_type, unit)
        if heading and unit not in branches:
            branches[unit] = tree.add(Text(heading, "bold"))
        branch = branches[unit] if heading else tree
        branch.add(_Node(graph, labels).text(node, rest if heading else node.name))
    return tree


class _Node:
    """A writer of the steps of one graph."""

    def __init__(self, graph: Graph, labels: Labels) -> None:
        self.graph = graph
        self.labels = labels

    def say(self, key: str, /, **values: object) -> str:
        return _set(self.labels.say(key, **values), self.labels.language)

    def time(self, distribution: Distribution) -> str:
        """Return a distribution as a file writes it; in Chinese with its words."""
        text = str(distribution)
        if self.labels.language == "en":
            return text
        return typeset(_WORD.sub(lambda word: TIMES_ZH.get(word[0], word[0]), text), "zh")

    def text(self, node: Node, name: str) -> Text:
        text = Text(self.labels.step(name))
        where = self._officers(node) if node.pool else self.say("delay")
        text.append(f"  {where}", "cyan" if node.pool else "dim")
        text.append(f"  {self._duration(node)}", "dim")
        for word in self._factors(factor for term in node.terms for factor in term.factors):
            text.append(f"  {word}", "yellow")
        if node.after:
            names = ", ".join(map(self.labels.step, dict.fromkeys(self._before(node))))
            text.append(f"  {self.say('after', names=names)}", "dim")
        for word in self._conditions(node.gates):
            text.append(f"  {word}", "yellow")
        if node.next_round is not None:
            text.append(f"  {self._rounds(self.graph.nodes[node.next_round].gates)}", "magenta")
        for stop in node.stops:
            outcome = self.say(stop.outcome.name.lower())
            text.append(f"  {outcome} {stop.probability:g}", "red")
        for again in dict.fromkeys(stop.again for stop in node.stops if stop.again is not None):
            text.append(f"  {self._again(again)}", "magenta")
        return text

    def _officers(self, node: Node) -> str:
        """Return who does the work: the pool, or the pools and officers who do it together."""
        first = self.graph.nodes.index(node)
        team = self.graph.nodes[first : first + node.seats]
        pools = Counter(self.labels.pool(seat.pool) for seat in team if seat.pool)
        return " + ".join(name if n == 1 else f"{n} × {name}" for name, n in pools.items())

    def _before(self, node: Node) -> Iterator[str]:
        """Yield the steps before a node, as they are called in the first application."""
        for before in (self.graph.nodes[number] for number in node.after):
            if before.handed_in:  # unit/resubmission/2/…, or unit/resubmission/stage/2/…
                unit, _, what, *rest = before.name.split("/")
                yield "/".join((unit, *(rest if what.isdigit() else rest[1:])))
            elif before.role is not Role.RESUBMISSION:
                yield before.name

    def _again(self, again: Again) -> str:
        matter = self.labels.scenario.case_types[self.graph.case_type].matters[again.matter]
        rule = matter.refusal.resubmission
        assert rule is not None
        share, time = f"{again.chance.probability:g}", self.time(rule.after)
        return self.say("handed_in_again", share=share, time=time, most=rule.max_times)

    def _duration(self, node: Node) -> str:
        texts = list(dict.fromkeys(self.time(term.distribution) for term in node.terms))
        if len(node.terms) <= 1 or (len(texts) == 1 and node.combine is Combine.MAX):
            return texts[0] if texts else self.say("no_time")
        key = "sum_of" if node.combine is Combine.SUM else "longest_of"
        return self.say(key, number=len(node.terms), times="; ".join(texts))

    def _conditions(self, gates: Iterable[Gate]) -> Iterator[str]:
        for gate in gates:
            if isinstance(gate, Attribute):
                values = self.say("or").join(
                    self.labels.value(gate.name, value) for value in gate.values
                )
                yield self.say("if_is", name=self.labels.attribute(gate.name), values=values)
            elif isinstance(gate, Chance):
                share = gate.probability if gate.happens else 1 - gate.probability
                yield self.say("with_probability", share=f"{share:g}")

            elif isinstance(gate, Choice):
                yield self.say("chosen", choice=gate.name, share=f"{gate.high - gate.low:g}")

    def _factors(self, factors: Iterable[Factor]) -> list[str]:
        """Return every factor once, even if several matters at one window share it."""
        joined = self.say("and")
        texts = (f"× {by:g} {joined.join(self._conditions(gates))}" for gates, by in factors)
        return list(dict.fromkeys(text.rstrip() for text in texts))

    def _rounds(self, gates: Iterable[Gate]) -> str:
        gate = next(gate for gate in gates if isinstance(gate, Round))
        chances = (
            self.say(
                "round",
                matter=rounds.matter,
                first=", ".join((f"{rounds.first:g}", *self._factors(rounds.factors))),
                again=f"{rounds.again:g}",
            )
            for rounds, _ in gate.rounds
        )
        return self.say("sent_back", rounds="; ".join(chances))
