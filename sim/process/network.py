"""Open networks: steps with AND-joins, conditions and loops, without matters."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import TopologicalSorter
from itertools import accumulate

from sim.process.builder import GraphBuilder, gates_of, numbered, reaches
from sim.process.graph import Chance, Choice, Combine, Gate, Graph, Owner, Phase, Role, Rounds, Term
from sim.scenario import NO_STEP, CaseType, LoopStep, Scenario, Step


def network_graph(scenario: Scenario, name: str, case_type: CaseType) -> Graph:
    """Return the graph of a case type with steps."""
    return _Network(scenario, name, case_type).build()


class _Network:
    def __init__(self, scenario: Scenario, name: str, case_type: CaseType) -> None:
        self.steps = case_type.steps
        self.builder = GraphBuilder(scenario, name, case_type.priority)
        self.choices: dict[str, Choice] = {}
        """Step → the choice in which it stands."""
        for choice, shares in case_type.one_of.items():
            self.choices |= _choices(
                self.builder.stream("one_of", choice, "choice"), choice, shares
            )
        self.exit: dict[str, int] = {}
        """Step → the node that ends it, after all its loops."""

    def build(self) -> Graph:
        order = TopologicalSorter({name: step.after for name, step in self.steps.items()})
        position = {name: index for index, name in enumerate(self.steps)}
        order.prepare()
        while order.is_active():
            for name in sorted(order.get_ready(), key=position.__getitem__):
                self._step(name, self.steps[name])
                order.done(name)
        return self.builder.graph()

    def _step(self, name: str, step: Step) -> None:
        gates = self._gates(name, step)
        node = self._node(name, 1, step, gates, tuple(self.exit[before] for before in step.after))
        self.exit[name] = node if step.rework is None else self._loop(name, step, gates, node)

    def _gates(self, name: str, step: Step) -> tuple[Gate, ...]:
        gates = gates_of(step.when)
        if name in self.choices:
            gates += (self.choices[name],)
        if step.probability < 1:
            gates += (Chance(self.builder.stream(name, "takes_place"), step.probability),)
        return gates

    def _loop(self, name: str, step: Step, gates: tuple[Gate, ...], last: int) -> int:
        rework = step.rework
        assert rework is not None
        again = rework.probability if rework.again is None else rework.again
        stream = self.builder.stream(name, "rounds")
        rounds = Rounds(stream, rework.probability, again, rework.max_rounds, matter=name)
        for number in range(1, rework.max_rounds + 1):
            sent_back = (*gates, reaches(rounds, number, gates))
            before = last
            for via, loop_step in rework.via.items():
                last = self._node(f"{name}/{via}", number, loop_step, sent_back, (last,))
            for again_name in dict.fromkeys((*rework.redo, name)):
                redone = self.steps[again_name]
                redone_gates = (*sent_back, *self._gates(again_name, redone))
                step_id = again_name if again_name == name else f"{name}/{again_name}"
                last = self._node(step_id, number + 1, redone, redone_gates, (last,))
            self.builder.repeated_by(before, last)
        return last

    def _node(
        self,
        name: str,
        number: int,
        step: LoopStep,
        gates: tuple[Gate, ...],
        after: tuple[int, ...],
    ) -> int:
        duration = step.work or step.delay
        assert duration is not None
        full_name = numbered(name, number)
        priority = getattr(step, "priority", None)
        return self.builder.add(
            name=full_name,
            role=Role.STEP,
            owner=Owner[step.owner.upper()],
            phase=Phase.RUNNING,
            covers=(),
            department=self._department(step),
            pool=step.pool,
            seats=step.seats,
            terms=(Term(self.builder.stream(full_name), duration),),
            combine=Combine.SUM,
            after=after,
            gates=gates,
            **({} if priority is None else {"priority": priority}),
        )

    def _department(self, step: LoopStep) -> str:
        """Return who accounts for a step: its pool's department, or the one that a delay names."""
        if step.pool is None:
            return step.department or ""
        return self.builder.department_of(step.pool) or step.pool


def _choices(stream: str, choice: str, shares: Mapping[str, float]) -> dict[str, Choice]:
    """Return step → its part of the uniform numbers; the order in the file has no meaning."""
    steps = sorted(shares, key=lambda step: (step == NO_STEP, step))
    edges = [0.0, *accumulate(shares[step] for step in steps)]
    # Sums of shares may miss 1 by a rounding error: whatever lies above belongs to the last one.
    edges = [1.0 if edge >= edges[-1] else edge for edge in edges]
    return {
        step: Choice(stream, edges[number], edges[number + 1], -1.0 - number, choice)
        for number, step in enumerate(steps)
    }
