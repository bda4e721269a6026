"""The names of the random streams that the cases of a graph draw from."""

from __future__ import annotations

from collections.abc import Iterable

from sim.process.graph import Attribute, Factor, Gate, Graph, Round


def stream_names(graph: Graph) -> set[str]:
    """Return the name of every stream that a gate, a duration or an end of the graph draws from."""
    names = _Names()
    for node in graph.nodes:
        names.of_gates(node.gates)
        for term in node.terms:
            names.found.add(term.stream)
            names.of_gates(term.gates)
            names.of_factors(term.factors)
        for stop in node.stops:
            names.found.add(stop.stream)
            names.of_gates(stop.gates)
            if stop.again is not None:
                names.found.add(stop.again.chance.stream)
    return names.found


class _Names:
    def __init__(self) -> None:
        self.found: set[str] = set()

    def of_gates(self, gates: Iterable[Gate]) -> None:
        for gate in gates:
            if isinstance(gate, Round):
                for rounds, when in gate.rounds:
                    self.found.add(rounds.stream)
                    self.of_gates(when)
                    self.of_factors(rounds.factors)
            elif not isinstance(gate, Attribute):
                self.found.add(gate.stream)

    def of_factors(self, factors: Iterable[Factor]) -> None:
        for gates, _ in factors:
            self.of_gates(gates)
