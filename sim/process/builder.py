"""Adding nodes to a graph, predecessors first, with correction loops written out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sim.process.graph import Attribute, Gate, Graph, Node, Round, Rounds
from sim.scenario import Condition, Distribution, Problem, Scenario, ScenarioError


class GraphBuilder:
    """Collects the nodes of one case type."""

    def __init__(self, scenario: Scenario, case_type: str, priority: int) -> None:
        self.scenario = scenario
        self.case_type = case_type
        self.priority = priority
        self.nodes: list[Node] = []

    @property
    def origin(self) -> str:
        """The file that errors refer to."""
        return self.scenario.provenance.origin

    def department_of(self, pool: str) -> str:
        """Return whose staff serves the pool; "" if the scenario does not say."""
        return self.scenario.pools[pool].department or ""

    def stream(self, *parts: str | int) -> str:
        """Name the stream of a decision: case type, matter or step, what is decided."""
        return "/".join(str(part) for part in (self.case_type, *parts))

    def add(self, **fields: Any) -> int:
        """Add a node and return its number; `priority` defaults to the case type's."""
        fields.setdefault("priority", self.priority)
        fields["after"] = tuple(sorted(set(fields["after"])))
        self.nodes.append(Node(**fields))
        return len(self.nodes) - 1

    def repeated_by(self, number: int, repeat: int) -> None:
        """Say that a node is repeated by another if the case is sent back."""
        self.nodes[number] = replace(self.nodes[number], next_round=repeat)

    def graph(self) -> Graph:
        """Return what has been collected.

        Raises
        ------
        ScenarioError
            If a name stands for two steps: they would share their random numbers.
        """
        twice = [name for name, n in Counter(node.name for node in self.nodes).items() if n > 1]
        if twice:
            path = f"case_types.{self.case_type}"
            rule = f"two steps would both be called '{twice[0]}'; rename one"
            raise ScenarioError([Problem(rule, self.origin, None, path)])
        return Graph(self.case_type, tuple(self.nodes))


def gates_of(condition: Condition) -> tuple[Gate, ...]:
    """Turn the `if` of a scenario into gates."""
    return tuple(
        Attribute(name, (values,) if isinstance(values, str) else tuple(values))
        for name, values in sorted(condition.items())
    )


def reaches(rounds: Rounds, number: int, gates: tuple[Gate, ...] = ()) -> Round:
    """Gate: these rounds reach this number."""
    return any_reaches([(rounds, gates)], number)


def any_reaches(parts: Iterable[tuple[Rounds, tuple[Gate, ...]]], number: int) -> Round:
    """Gate: at least one of several parts is sent back this often."""
    when = [
        (rounds, tuple(gate for gate in gates if not isinstance(gate, Round)))
        for rounds, gates in parts
    ]
    return Round(tuple(when), number)


def scaled(distribution: Distribution, factor: float) -> Distribution:
    """Return the distribution with every value multiplied."""
    if factor == 1.0:
        return distribution
    return distribution.model_copy(update={"scale": distribution.scale * factor})


def takes_no_time(distribution: Distribution) -> bool:
    """Whether a step would be over at once, so that it need not exist."""
    fixed = distribution.constant or distribution.legal
    return distribution.scale == 0 or (fixed is not None and fixed.seconds == 0)


def numbered(name: str, number: int) -> str:
    """Name the first, second, … time that a step is done: ``check``, ``check/2``."""
    return name if number == 1 else f"{name}/{number}"
