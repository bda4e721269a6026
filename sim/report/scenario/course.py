"""The course of a case as a tree: its matters, and the steps of every matter in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.text import Text
from rich.tree import Tree

from sim.process.graph import Attribute, Chance, Combine, Factor, Gate, Graph, Node, Round
from sim.report.labels import Labels
from sim.report.words import say


def graph_tree(graph: Graph, labels: Labels) -> Tree:
    """Return the steps by matter or stage; rounds of correction stand once, where they begin."""
    tree = Tree(Text(f"{labels.case_type(graph.case_type)} ({graph.case_type})", "bold"))
    repeats = {number for node in graph.nodes if (number := node.next_round) is not None}
    branches: dict[str, Tree] = {}
    for number, node in enumerate(graph.nodes):
        if number in repeats or any(isinstance(gate, Round) for gate in node.gates):
            continue
        unit, _, rest = node.name.partition("/")
        heading = labels.unit(graph.case_type, unit)
        if heading and unit not in branches:
            branches[unit] = tree.add(Text(heading, "bold"))
        branch = branches[unit] if heading else tree
        branch.add(_Node(graph, labels).text(node, rest if heading else node.name))
    return tree


class _Node:
    """Writes the steps of one graph."""

    def __init__(self, graph: Graph, labels: Labels) -> None:
        self.graph = graph
        self.labels = labels

    def _say(self, key: str, **values: object) -> str:
        return say(key, self.labels.language, **values)

    def text(self, node: Node, name: str) -> Text:
        text = Text(self.labels.step(name))
        where = self.labels.pool(node.pool) if node.pool else self._say("delay")
        text.append(f"  {where}", "cyan" if node.pool else "dim")
        text.append(f"  {self._duration(node)}", "dim")
        for word in self._factors(factor for term in node.terms for factor in term.factors):
            text.append(f"  {word}", "yellow")
        if node.after:
            names = ", ".join(self.labels.step(self.graph.nodes[n].name) for n in node.after)
            text.append(f"  {self._say('after', names=names)}", "dim")
        for word in self._conditions(node.gates):
            text.append(f"  {word}", "yellow")
        if node.next_round is not None:
            text.append(f"  {self._rounds(self.graph.nodes[node.next_round].gates)}", "magenta")
        for stop in node.stops:
            outcome = self._say(stop.outcome.name.lower())
            text.append(f"  {outcome} {stop.probability:g}", "red")
        return text

    def _duration(self, node: Node) -> str:
        texts = list(dict.fromkeys(str(term.distribution) for term in node.terms))
        if len(node.terms) <= 1 or (len(texts) == 1 and node.combine is Combine.MAX):
            return texts[0] if texts else self._say("no_time")
        key = "sum_of" if node.combine is Combine.SUM else "longest_of"
        return self._say(key, number=len(node.terms), times="; ".join(texts))

    def _conditions(self, gates: Iterable[Gate]) -> Iterator[str]:
        for gate in gates:
            if isinstance(gate, Attribute):
                values = self._say("or").join(
                    self.labels.value(gate.name, value) for value in gate.values
                )
                yield self._say("if_is", name=self.labels.attribute(gate.name), values=values)
            elif isinstance(gate, Chance):
                share = gate.probability if gate.happens else 1 - gate.probability
                yield self._say("with_probability", share=f"{share:g}")

    def _factors(self, factors: Iterable[Factor]) -> list[str]:
        """Return every factor once: several matters at one window may share it."""
        joined = self._say("and")
        texts = (f"× {by:g} {joined.join(self._conditions(gates))}" for gates, by in factors)
        return list(dict.fromkeys(text.rstrip() for text in texts))

    def _rounds(self, gates: Iterable[Gate]) -> str:
        gate = next(gate for gate in gates if isinstance(gate, Round))
        chances = (
            self._say(
                "round",
                matter=rounds.matter,
                first=", ".join((f"{rounds.first:g}", *self._factors(rounds.factors))),
                again=f"{rounds.again:g}",
            )
            for rounds, _ in gate.rounds
        )
        return self._say("sent_back", rounds="; ".join(chances))
