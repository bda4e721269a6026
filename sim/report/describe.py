"""A scenario as text: its process graph, and every parameter with its source."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from sim.process import Attribute, Chance, Combine, Gate, Graph, Node, build_process
from sim.report.labels import Labels
from sim.report.words import Language
from sim.scenario import Scenario


def scenario_text(scenario: Scenario, language: Language) -> RenderableType:
    """Return what happens to a case of each type, and where each number comes from."""
    labels = Labels(scenario, language)
    parts: list[RenderableType] = [Text(labels.text(scenario.name), "bold")]
    if about := labels.text(scenario.about):
        parts.append(Text(about.strip()))
    for graph in build_process(scenario).graphs:
        parts += [Text(""), _graph(graph, labels)]
    parts += [Text(""), _parameters(scenario)]
    return Group(*parts)


def _graph(graph: Graph, labels: Labels) -> Tree:
    """Return the steps in order; rounds of correction are told once, at the step they repeat."""
    tree = Tree(Text(f"{labels.case_type(graph.case_type)} ({graph.case_type})", "bold"))
    repeats = {number for node in graph.nodes if (number := node.next_round) is not None}
    in_a_round = {
        number
        for number, node in enumerate(graph.nodes)
        if any(not isinstance(gate, Attribute | Chance) for gate in node.gates)
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
            yield f"with probability {gate.probability:g}"


def _rounds(gates: Iterable[Gate]) -> str:
    for gate in gates:
        if not isinstance(gate, Attribute | Chance):
            return "sent back: " + "; ".join(
                f"{rounds.stream.split('/')[1]} {rounds.first:g}, again {rounds.again:g}"
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
