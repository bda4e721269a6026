"""The graph of an approval: its matters, ordered by the handling of the scenario.

Two levers decide the graph:

- One-window intake: the applicant hands in at one general window per stage; without it, at the
  counter of each department, visit after visit.
- Parallel approval: a matter waits for its true dependencies; without it, for the matter listed
  before.

Integrated start-up switches both on for start-up cases. Stream names are the same under every
handling, so that a lever changes only the draws of the steps that it touches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.process.builder import GraphBuilder, gates_of, takes_no_time
from sim.process.effects import add_inspections, with_effects, without_skipped
from sim.process.graph import Gate, Graph, Phase, Role
from sim.process.levers import levers_of, remaining_matters
from sim.process.matter import Desk
from sim.process.window import Accepted, Window
from sim.scenario import CaseType, Scenario


def approval_graph(scenario: Scenario, name: str, case_type: CaseType) -> Graph:
    """Return the graph of a case type with matters, under the handling of the scenario."""
    graph = _Approval(scenario, name, without_skipped(case_type)).build()
    return with_effects(graph, case_type.effects)


@dataclass(frozen=True, slots=True)
class _Handled:
    """A matter already in the graph."""

    decided: Sequence[int]
    """The nodes after which the result is known; a case has one of them."""
    in_hand: Sequence[int]
    """The nodes after which the applicant can carry the result to the next counter."""
    visits: tuple[tuple[Gate, ...], ...] = ()
    """The conditions of the visits up to here; the applicant makes those that hold."""


class _Approval:
    def __init__(self, scenario: Scenario, name: str, case_type: CaseType) -> None:
        self.scenario = scenario
        self.case_type = case_type
        self.builder = GraphBuilder(scenario, name, case_type.priority)
        self.levers = levers_of(scenario, case_type)
        self.matters = remaining_matters(scenario, case_type)
        self.order = tuple(self.matters)
        self.handled: dict[str, _Handled] = {}
        self.accepted: dict[str, Accepted] = {}
        """Stage → the acceptance at its general window."""
        self.returned: dict[str, list[int]] = {}
        """Stage → the nodes after which its results are back at the general window."""

    def build(self) -> Graph:
        for name in self.order:  # a matter comes after everything that it waits for
            needed = [self.handled[before] for before in self._waits_for(name)]
            write = self._at_general_window if self.levers.single_window else self._at_own_counter
            self.handled[name] = write(name, needed)
        for stage, results in self.returned.items():
            self._general_window(stage).deliver(results)
        add_inspections(self.builder, self.case_type.effects, self.matters)
        return self.builder.graph()

    # --- what waits for what -----------------------------------------------------------------

    def _waits_for(self, name: str) -> list[str]:
        """Return the matters that must be decided first: requirements, or the one listed before."""
        if self.levers.parallel:
            return sorted(self.matters[name].requires, key=self.order.index)
        position = self.order.index(name)
        return [self.order[position - 1]] if position else []

    def _reviewed_early(self, name: str) -> bool:
        matter = self.matters[name]
        return self.levers.pre_review and matter.pre_review and matter.decision is not None

    # --- one-window intake on ----------------------------------------------------------------

    def _at_general_window(self, name: str, needed: Sequence[_Handled]) -> _Handled:
        matter, desk = self.matters[name], self._desk(name)
        results = [node for other in needed for node in other.decided]
        if not matter.at_window:
            decided = desk.decide(results, [])
            return _Handled(decided, decided)
        accepted = self._stage_accepted(matter.stage)
        early = self._reviewed_early(name)
        papers = [accepted.node] if early else [accepted.node, *results]
        arrived = self._transfer(desk, "transfer_out", papers, Phase.RUNNING)
        gate = [*(results if early else []), *_papers_of(name, accepted)]
        decided = desk.decide(arrived, gate)
        returned = self._transfer(desk, "transfer_back", decided, Phase.AFTER)
        self.returned.setdefault(matter.stage, []).extend(returned)
        return _Handled(decided, decided)

    def _stage_accepted(self, stage: str) -> Accepted:
        """Write the intake of a stage, which opens when its first listed matter may begin."""
        if stage not in self.accepted:
            window = self._general_window(stage)
            first = next(iter(window.members))
            waits = [] if self._reviewed_early(first) else self._waits_for(first)
            self.accepted[stage] = window.accept(
                [node for name in waits for node in self.handled[name].decided]
            )
        return self.accepted[stage]

    def _general_window(self, stage: str) -> Window:
        assert self.case_type.window is not None
        members = {
            name: matter
            for name, matter in self.matters.items()
            if matter.stage == stage and matter.at_window
        }
        pool, lead = self.case_type.window.pool, self.case_type.stages[stage].lead
        return Window(self.builder, stage, members, pool, lead, self.levers)

    def _transfer(self, desk: Desk, way: str, after: Sequence[int], phase: Phase) -> Sequence[int]:
        """Write the transfer of papers between window and department.

        There is none if it takes no time or the matter is delegated, and none for online cases.
        """
        distribution = getattr(self.case_type.window, way)
        if takes_no_time(distribution) or self.levers.delegated(desk.matter) is not None:
            return after
        gates = self.levers.in_person
        return [desk.delay(Role.TRANSFER, way, distribution, after, phase=phase, gates=gates)]

    # --- one-window intake off ---------------------------------------------------------------

    def _at_own_counter(self, name: str, needed: Sequence[_Handled]) -> _Handled:
        matter, desk = self.matters[name], self._desk(name)
        results = [node for other in needed for node in other.in_hand]
        visits = tuple(dict.fromkeys(visit for other in needed for visit in other.visits))
        if not matter.at_window:
            decided = desk.decide(results, [])
            return _Handled(decided, decided, visits)
        pool = self.scenario.departments[matter.department].counter
        assert pool is not None
        early = self._reviewed_early(name)
        counter = Window(self.builder, name, {name: matter}, pool, matter.department, self.levers)
        accepted = counter.accept([] if early else self._visit(desk, results, visits))
        gate = [*(results if early else []), *_papers_of(name, accepted)]
        decided = desk.decide([accepted.node], gate)
        visits = (*visits, gates_of(matter.when))
        return _Handled(decided, counter.deliver(decided), visits)

    def _visit(
        self, desk: Desk, after: Sequence[int], visits: tuple[tuple[Gate, ...], ...]
    ) -> Sequence[int]:
        """Write the gap before the next visit; the first visit of a case has none."""
        if not visits:
            return after
        trip = self.case_type.trip
        assert trip is not None
        gates, where = self.levers.in_person, ((),) if () in visits else visits
        return [
            desk.delay(Role.TRIP, "trip", trip, after, phase=Phase.BEFORE, gates=gates, where=where)
        ]

    def _desk(self, name: str) -> Desk:
        matter = self.matters[name]
        assessed = self.scenario.handling.area_assessment and matter.area_assessment is not None
        share = matter.area_assessment if assessed else None
        return Desk(self.builder, name, matter, self.levers, 1.0 if share is None else share)


def _papers_of(name: str, accepted: Accepted) -> list[int]:
    """Return the nodes of missing papers, for which the decision of a matter waits."""
    return [accepted.papers[name]] if name in accepted.papers else []
