"""Effects of attributes on the course of a case, for example the start-up variants.

Effects scale the finished graph. So they know nothing of windows, counters and levers, and every
draw keeps its stream: the same number is multiplied, or not used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sim.process.builder import GraphBuilder, gates_of, numbered
from sim.process.graph import (
    Chance,
    Combine,
    Factor,
    Gate,
    Graph,
    Mark,
    Node,
    Owner,
    Phase,
    Role,
    Round,
    Term,
)
from sim.scenario import CaseType, Effect, Inspection, Matter

_KINDS: Mapping[Role, str] = {
    Role.INTAKE: "intake",
    Role.CHECK: "check",
    Role.REVIEW: "review",
    Role.CO_REVIEW: "review",
    Role.MEETING: "review",
    Role.DECISION: "decision",
    Role.DELIVERY: "delivery",
}


def without_skipped(case_type: CaseType) -> CaseType:
    """Return the case type with skipped matters limited to the other values of the attribute."""
    matters = dict(case_type.matters)
    for effect in case_type.effects:
        for name in effect.skip:
            ((attribute, stated),) = effect.when.items()
            skipped = {stated} if isinstance(stated, str) else set(stated)
            here = matters[name].when.get(attribute, tuple(case_type.attributes[attribute].shares))
            left = tuple(sorted({here} - skipped if isinstance(here, str) else {*here} - skipped))
            when = {**matters[name].when, attribute: left}
            matters[name] = matters[name].model_copy(update={"when": when})
    return case_type.model_copy(update={"matters": matters})


def add_inspections(
    builder: GraphBuilder, effects: Sequence[Effect], matters: Mapping[str, Matter]
) -> None:
    """Add the inspections of `effects` after the decisions of the remaining `matters`."""
    numbers = dict.fromkeys(matters, 0)
    for effect in effects:
        inspection = effect.inspection
        if inspection is not None and inspection.matter in matters:
            name = inspection.matter
            numbers[name] += 1
            gates = (*gates_of(matters[name].when), *gates_of(effect.when))
            _add_inspection(builder, inspection, numbers[name], gates)


def _add_inspection(
    builder: GraphBuilder, inspection: Inspection, number: int, gates: tuple[Gate, ...]
) -> None:
    name, matter = numbered("inspection", number), inspection.matter
    decided = [
        number
        for number, node in enumerate(builder.nodes)
        if node.covers == (matter,) and Mark.DECISION in node.marks
    ]
    if inspection.probability < 1:
        gates += (Chance(builder.stream(matter, name, "held"), inspection.probability),)
    department = builder.department_of(inspection.pool) or inspection.pool
    last: Sequence[int] = decided
    for part, duration, seats in (
        (f"{name}/later", inspection.after, ()),
        (name, inspection.work, inspection.seats),
    ):
        last = [
            builder.add(
                name=f"{matter}/{part}",
                role=Role.VERIFICATION,
                owner=Owner.SUPERVISION,
                phase=Phase.AFTER,
                covers=(matter,),
                department=department,
                pool=seats[0] if seats else None,
                seats=seats,
                terms=(Term(builder.stream(matter, part), duration, matter=matter),),
                combine=Combine.SUM,
                after=last,
                gates=gates,
            )
        ]


def with_effects(graph: Graph, effects: Sequence[Effect]) -> Graph:
    """Return the graph with the factors of all effects on efforts and corrections."""
    scaling = _Scaling(tuple(effects))
    return replace(graph, nodes=tuple(map(scaling.node, graph.nodes)))


@dataclass(frozen=True)
class _Scaling:
    effects: tuple[Effect, ...]

    def node(self, node: Node) -> Node:
        return replace(
            node,
            gates=self._gates(node.gates),
            terms=tuple(self._term(node, term) for term in node.terms),
            stops=tuple(replace(stop, gates=self._gates(stop.gates)) for stop in node.stops),
        )

    def _term(self, node: Node, term: Term) -> Term:
        factors = (*term.factors, *self._efforts(node, term))
        return replace(term, gates=self._gates(term.gates), factors=factors)

    def _efforts(self, node: Node, term: Term) -> tuple[Factor, ...]:
        """Return the factors on work; assistance and supervision have none."""
        if node.pool is None or node.role is Role.ASSISTANCE or node.owner is Owner.SUPERVISION:
            return ()
        keys = (_KINDS.get(node.role, ""), term.matter)
        return tuple(
            (gates_of(effect.when), effect.work[key])
            for effect in self.effects
            for key in keys
            if effect.work.get(key, 1) != 1
        )

    def _gates(self, gates: tuple[Gate, ...]) -> tuple[Gate, ...]:
        return tuple(self._round(gate) if isinstance(gate, Round) else gate for gate in gates)

    def _round(self, gate: Round) -> Round:
        factors = tuple(
            (gates_of(effect.when), effect.correction)
            for effect in self.effects
            if effect.correction != 1
        )
        scaled = tuple(
            (replace(rounds, factors=(*rounds.factors, *factors)), when)
            for rounds, when in gate.rounds
        )
        return replace(gate, rounds=scaled)
