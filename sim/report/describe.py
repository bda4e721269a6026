"""A scenario as text: its process graph, and every parameter with its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from sim.process import Attribute, Chance, Combine, Factor, Gate, Graph, Node, Round, build_process
from sim.report.facts import quantities
from sim.report.labels import Labels
from sim.report.words import Language
from sim.scenario import Scenario, last_day


def scenario_text(scenario: Scenario, language: Language) -> RenderableType:
    """Return what happens to a case of each type, and where each number comes from."""
    labels = Labels(scenario, language)
    parts: list[RenderableType] = [Text(labels.text(scenario.name), "bold")]
    if about := labels.text(scenario.about):
        parts.append(Text(about.strip()))
    for graph in build_process(scenario).graphs:
        parts += [Text(""), _graph(graph, labels)]
        parts += _volumes(scenario, graph.case_type)
    parts += [Text(""), _parameters(scenario)]
    return Group(*parts)


def _volumes(scenario: Scenario, case_type: str) -> Iterator[Text]:
    """Tell what the yearly volumes come to, in every year that is simulated."""
    spec = scenario.case_types[case_type]
    for name, arrivals in {"": spec.arrivals, **spec.more_arrivals}.items():
        if arrivals.yearly is not None:
            measured = scenario.period.window.first.year
            years = range(scenario.period.start.year, last_day(scenario).year + 1)
            expected = {y: arrivals.factor * arrivals.yearly.expected(y, measured) for y in years}
            volumes = [f"{year} {cases:,.0f}" for year, cases in expected.items()]
            what = f"cases a year ({name})" if name else "cases a year"
            yield Text(f"{what}: {', '.join(volumes)}")


def _graph(graph: Graph, labels: Labels) -> Tree:
    """Return the steps in order; rounds of correction are told once, at the step they repeat."""
    tree = Tree(Text(f"{labels.case_type(graph.case_type)} ({graph.case_type})", "bold"))
    repeats = {number for node in graph.nodes if (number := node.next_round) is not None}
    in_a_round = {
        number
        for number, node in enumerate(graph.nodes)
        if any(isinstance(gate, Round) for gate in node.gates)
    }
    for number, node in enumerate(graph.nodes):
        if number not in repeats | in_a_round:
            tree.add(_node(graph, node, labels))
    return tree


def _node(graph: Graph, node: Node, labels: Labels) -> Text:
    text = Text(node.name)
    where = labels.pool(node.pool) if node.pool else "delay"
    text.append(f"  {where}", "cyan" if node.pool else "dim")
    text.append(f"  {_duration(node)}", "dim")
    for word in _factors(factor for term in node.terms for factor in term.factors):
        text.append(f"  {word}", "yellow")
    if node.after:
        names = ", ".join(graph.nodes[before].name for before in node.after)
        text.append(f"  after {names}", "dim")
    for word in _conditions(node.gates):
        text.append(f"  {word}", "yellow")
    if node.next_round is not None:
        text.append(f"  {_rounds(graph.nodes[node.next_round].gates)}", "magenta")
    for stop in node.stops:
        text.append(f"  {stop.outcome.name.lower()} {stop.probability:g}", "red")
    return text


def _duration(node: Node) -> str:
    texts = list(dict.fromkeys(str(term.distribution) for term in node.terms))
    if len(node.terms) <= 1 or (len(texts) == 1 and node.combine is Combine.MAX):
        return texts[0] if texts else "no time"
    word = "sum of" if node.combine is Combine.SUM else "longest of"
    return f"{word} {len(node.terms)}: " + "; ".join(texts)


def _conditions(gates: Iterable[Gate]) -> Iterable[str]:
    for gate in gates:
        if isinstance(gate, Attribute):
            yield f"if {gate.name} is {' or '.join(gate.values)}"
        elif isinstance(gate, Chance):
            yield f"with probability {gate.probability if gate.happens else 1 - gate.probability:g}"


def _factors(factors: Iterable[Factor]) -> list[str]:
    """Tell each factor once: several matters at one window may share it."""
    texts = (f"× {factor:g} {' and '.join(_conditions(gates))}" for gates, factor in factors)
    return list(dict.fromkeys(text.rstrip() for text in texts))


def _rounds(gates: Iterable[Gate]) -> str:
    for gate in gates:
        if isinstance(gate, Round):
            return "sent back: " + "; ".join(
                ", ".join(
                    (
                        f"{rounds.stream.split('/')[1]} {rounds.first:g}",
                        *_factors(rounds.factors),
                        f"again {rounds.again:g}",
                    )
                )
                for rounds, _ in gate.rounds
            )
    return ""


def _parameters(scenario: Scenario) -> Table:
    table = Table(
        box=None,
        pad_edge=False,
        header_style="dim",
        padding=(0, 2, 0, 0),
        title="Parameters",
        title_justify="left",
        title_style="bold",
    )
    for column in ("parameter", "value", "range", "source"):
        table.add_column(column, overflow="fold")
    for parameter in scenario.provenance.parameters():
        bounds = "" if parameter.range is None else f"{parameter.range[0]} – {parameter.range[1]}"
        table.add_row(
            escape(".".join(map(str, parameter.path))),
            escape(str(parameter.value)),
            escape(bounds),
            escape(parameter.source),
        )
    return table


def parameters_markdown(scenario: Scenario) -> str:
    """Return the parameter table as a page: every quantity with its value, range and source."""
    lines = [
        f"# Parameters of {scenario.provenance.origin}",
        "",
        "Generated by `sim show --markdown`; do not edit. A source begins with law, policy,",
        "published, measured or assumed.",
        "",
        "| parameter | value | range | source |",
        "|---|---|---|---|",
    ]
    for parameter in quantities(scenario):
        bounds = "" if parameter.range is None else f"{parameter.range[0]} – {parameter.range[1]}"
        cells = (".".join(map(str, parameter.path)), parameter.value, bounds, parameter.source)
        lines.append("| " + " | ".join(_cell(str(cell)) for cell in cells) + " |")
    assumed = [each for each in quantities(scenario) if each.source.startswith("assumed")]
    lines += ["", f"{len(assumed)} of them are assumed.", ""]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
