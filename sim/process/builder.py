"""The builder of a graph: adds nodes, predecessors first, and makes gates."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sim.process.graph import Attribute, Gate, Graph, Mark, Node, Round, Rounds
from sim.scenario import Condition, Distribution, Problem, Scenario, ScenarioError
from sim.translation import tr

RESUBMISSION: Final = "resubmission"
"""In the name of a step: it belongs to an application after the first one."""

WITH: Final = "with"
"""In the name of a node: the seat of a further officer who does the step together with others."""


@dataclass(frozen=True, slots=True)
class Application:
    """An application after the first one: papers that are handed in again."""

    of: str
    """The stage or matter that is handed in again."""
    number: int
    """2 for the second application."""
    handed_in: tuple[int, ...]
    """The nodes that lead to it, of which a case has one."""


class GraphBuilder:
    """Collects the nodes of one case type."""

    application: Application | None = None
    """The application whose nodes are added; None: the first one."""

    def __init__(self, scenario: Scenario, case_type: str, priority: int) -> None:
        self.scenario = scenario
        self.case_type = case_type
        self.priority = priority
        self.nodes: list[Node] = []

    @property
    def origin(self) -> str:
        """The file named in errors."""
        return self.scenario.provenance.origin

    def department_of(self, pool: str) -> str:
        """Return the department of a pool; "" if the scenario does not name one."""
        return self.scenario.pools[pool].department or ""

    def stream(self, *parts: str | int) -> str:
        """Return the name of a random stream: case type, matter or step, what is drawn.

        An application that is handed in again has streams of its own.
        """
        return "/".join(str(part) for part in (self.case_type, *self._named(*parts)))

    def _named(self, unit: str | int, *rest: str | int) -> tuple[str | int, ...]:
        """Return the parts of the name of a step of the application that is written."""
        again = self.application
        if again is None:
            return unit, *rest
        whose = () if unit == again.of else (again.of,)
        return unit, RESUBMISSION, *whose, again.number, *rest

    def handed_in_again(self, of: str, number: int, handed_in: Sequence[int]) -> GraphBuilder:
        """Return a builder that adds the nodes of an `Application` to the same graph."""
        builder = copy.copy(self)
        builder.application = Application(of, number, tuple(handed_in))
        return builder

    def add(self, *, seats: Sequence[str] = (), **fields: Any) -> int:
        """Add a node and return its number; `priority` defaults to the case type's.

        `seats`: the pools of the officers who do the work together, the first that of the node.
        """
        fields.setdefault("priority", self.priority)
        fields["after"] = tuple(sorted(set(fields["after"])))
        if self.application is not None:
            fields["name"] = "/".join(map(str, self._named(*fields["name"].split("/"))))
            fields["handed_in"] = self.application.handed_in
        number = len(self.nodes)
        self.nodes.append(Node(**fields, seats=max(len(seats), 1)))
        self.nodes += self._seats(number, seats[1:])
        return number

    def _seats(self, first: int, pools: Sequence[str]) -> list[Node]:
        """Return the nodes of the further officers of a team: the same work, at the same time.

        What follows the step waits for the first node alone, since all end together.
        """
        node = self.nodes[first]
        seen = Counter([node.pool])
        seats = []
        for pool in pools:
            seen[pool] += 1
            seats.append(
                replace(
                    node,
                    name=numbered(f"{node.name}/{WITH}/{pool}", seen[pool]),
                    pool=pool,
                    department=self.department_of(pool) or node.department,
                    marks=Mark.NONE,
                    stops=(),
                    seats=1,
                    seat_of=first,
                )
            )
        return seats

    def repeated_by(self, number: int, repeat: int) -> None:
        """Record that node `repeat` repeats node `number` if the case is sent back."""
        self.nodes[number] = replace(self.nodes[number], next_round=repeat)

    def graph(self) -> Graph:
        """Return the graph of all nodes added.

        Raises
        ------
        ScenarioError
            If no step is left, or two have the same name: they would share their random numbers.
        """
        path, rule = f"case_types.{self.case_type}", ""
        twice = [name for name, n in Counter(node.name for node in self.nodes).items() if n > 1]
        if twice:
            rule = tr("two steps would both be called '{twice}'; rename one", twice=twice[0])
        if not self.nodes:
            rule = tr(
                "area-wide assessment leaves no step of it; leave out the case type or the lever"
            )
        if rule:
            raise ScenarioError([Problem(rule, self.origin, None, path)])
        case_type = self.scenario.case_types[self.case_type]
        return Graph(
            self.case_type,
            tuple(self.nodes),
            stages={name: matter.stage for name, matter in case_type.matters.items()},
            standards={
                name: stage.standard
                for name, stage in case_type.stages.items()
                if stage.standard is not None
            },
        )


def gates_of(condition: Condition) -> tuple[Gate, ...]:
    """Return the gates of an `if` in a scenario."""
    return attribute_gates(condition)


def attribute_gates(condition: Condition) -> tuple[Attribute, ...]:
    """Return the attributes, with their values, of an `if` in a scenario."""
    return tuple(
        Attribute(name, (values,) if isinstance(values, str) else tuple(values))
        for name, values in sorted(condition.items())
    )


def reaches(rounds: Rounds, number: int, gates: tuple[Gate, ...] = ()) -> Round:
    """Return the gate: `rounds` reach round `number`."""
    return any_reaches([(rounds, gates)], number)


def any_reaches(parts: Iterable[tuple[Rounds, tuple[Gate, ...]]], number: int) -> Round:
    """Return the gate: at least one of several parts reaches round `number`."""
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
    """Whether a step of this duration always takes no time, so that the graph can leave it out."""
    fixed = distribution.constant or distribution.legal
    return distribution.scale == 0 or (fixed is not None and fixed.seconds == 0)


def numbered(name: str, number: int) -> str:
    """Return the name of a step in its n-th round: ``check``, ``check/2``."""
    return name if number == 1 else f"{name}/{number}"
