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
from dataclasses import dataclass, replace

from sim.process.builder import GraphBuilder, gates_of, takes_no_time
from sim.process.effects import add_inspections, with_effects, without_skipped
from sim.process.graph import Gate, Graph, Phase, Role
from sim.process.levers import levers_of, remaining_matters
from sim.process.matter import Desk
from sim.process.resubmission import write_again
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
        matter = self.matters[name]
        results = [node for other in needed for node in other.decided]
        if not matter.at_window:
            decided = self._away_from_windows(name, results)
            return _Handled(decided, decided)
        early = self._reviewed_early(name)

        def decide(builder: GraphBuilder, accepted: Accepted) -> Sequence[int]:
            desk = self._desk(name, builder)
            papers = [accepted.node] if early else [accepted.node, *results]
            arrived = self._transfer(desk, "transfer_out", papers, Phase.RUNNING)
            return desk.decide(arrived, [*(results if early else []), *accepted.papers_of(name)])

        def again(builder: GraphBuilder, after: Sequence[int]) -> Sequence[int]:
            alone = replace(self._general_window(matter.stage), name=name, members={name: matter})
            return decide(builder, replace(alone, builder=builder).accept(after))

        decided = decide(self.builder, self._stage_accepted(matter.stage))
        decided = write_again(self.builder, name, {name: matter}, decided, again)
        returned = self._transfer(self._desk(name), "transfer_back", decided, Phase.AFTER)
        self.returned.setdefault(matter.stage, []).extend(returned)
        return _Handled(decided, decided)

    def _stage_accepted(self, stage: str) -> Accepted:
        """Write the intake of a stage, which opens when its first listed matter may begin."""
        if stage not in self.accepted:
            window = self._general_window(stage)
            first = next(iter(window.members))
            waits = [] if self._reviewed_early(first) else self._waits_for(first)
            accepted = window.accept([n for name in waits for n in self.handled[name].decided])
            self.accepted[stage] = self._accepted_at_last(window, accepted)
        return self.accepted[stage]

    def _accepted_at_last(self, window: Window, accepted: Accepted) -> Accepted:
        """Write the further applications of papers that were handed in together."""
        if len(window.members) == 1:
            return accepted  # the matter is handed in again alone, whatever the reason
        applications = [accepted]

        def again(builder: GraphBuilder, after: Sequence[int]) -> Sequence[int]:
            applications.append(replace(window, builder=builder).accept(after))
            return [applications[-1].node]

        write_again(self.builder, window.name, window.members, [accepted.node], again)
        papers = {
            name: tuple(node for one in applications for node in one.papers_of(name))
            for name in accepted.papers
        }
        return Accepted(applications[-1].node, papers)

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

        There is none if it takes no time, and none for delegated and for online cases.
        """
        distribution, others = getattr(self.case_type.window, way), desk.not_delegated()
        if takes_no_time(distribution) or others is None:
            return after
        gates = (*self.levers.in_person, *others)
        return [desk.delay(Role.TRANSFER, way, distribution, after, phase=phase, gates=gates)]

    # --- one-window intake off ---------------------------------------------------------------

    def _at_own_counter(self, name: str, needed: Sequence[_Handled]) -> _Handled:
        matter = self.matters[name]
        results = [node for other in needed for node in other.in_hand]
        visits = tuple(dict.fromkeys(visit for other in needed for visit in other.visits))
        if not matter.at_window:
            decided = self._away_from_windows(name, results)
            return _Handled(decided, decided, visits)
        pool = self.scenario.departments[matter.department].counter
        assert pool is not None
        counter = Window(self.builder, name, {name: matter}, pool, matter.department, self.levers)
        early = self._reviewed_early(name)

        def apply(builder: GraphBuilder, after: Sequence[int]) -> Sequence[int]:
            accepted = replace(counter, builder=builder).accept(after)
            gate = [*(results if early else []), *accepted.papers_of(name)]
            return self._desk(name, builder).decide([accepted.node], gate)

        visit = [] if early else self._visit(self._desk(name), results, visits)
        decided = apply(self.builder, visit)
        decided = write_again(self.builder, name, {name: matter}, decided, apply)
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

    def _away_from_windows(self, name: str, results: Sequence[int]) -> Sequence[int]:
        """Write a matter that is not handed in at a window, such as a publicity period."""

        def apply(builder: GraphBuilder, after: Sequence[int]) -> Sequence[int]:
            desk = self._desk(name, builder)
            return desk.decide(desk.prepared([*results, *after]), [])

        decided = apply(self.builder, [])
        return write_again(self.builder, name, {name: self.matters[name]}, decided, apply)

    def _desk(self, name: str, builder: GraphBuilder | None = None) -> Desk:
        matter = self.matters[name]
        assessed = self.scenario.handling.area_assessment and matter.area_assessment is not None
        share = matter.area_assessment if assessed else None
        builder = self.builder if builder is None else builder
        return Desk(builder, name, matter, self.levers, 1.0 if share is None else share)
