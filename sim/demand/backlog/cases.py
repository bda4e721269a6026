"""Open cases as arrays, and the nodes of a graph that are over for them."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.demand.backlog.past import NOT_YET
from sim.demand.backlog.table import PAUSES
from sim.demand.course import CaseDraws
from sim.engine.contract import DAY_S
from sim.process.graph import Gate, Graph, Mark, Phase, Role, Round
from sim.scenario import Scenario, attributes_of


class Layout:
    """A graph as backlogs see it; N nodes, M matters. A network is one matter without a name."""

    def __init__(self, graph: Graph, scenario: Scenario) -> None:
        self.graph = graph
        self.case_type = case_type = scenario.case_types[graph.case_type]
        self.attributes = attributes_of(scenario, case_type)
        self.matters = tuple(case_type.matters) or ("",)
        self.columns = {stage: self._of_stage(stage) for stage in case_type.stages}
        """Stage or matter → the positions of its matters."""
        self.columns |= {name: [column] for column, name in enumerate(case_type.matters)}
        first: Bools = np.array([not node.handed_in for node in graph.nodes], bool)
        """[N] the node is in the first application: an open case that was handed in again counts
        as submitted on that day."""
        steps = [node.role is not Role.RESUBMISSION for node in graph.nodes] & first
        self.seat_of = [
            number if node.seat_of is None else node.seat_of
            for number, node in enumerate(graph.nodes)
        ]
        """[N] officers who do a step together are in it or over it together: its first node."""
        steps &= np.arange(len(graph.nodes)) == self.seat_of
        self.number = {graph.nodes[n].name: int(n) for n in np.flatnonzero(steps)}
        position = {name: column for column, name in enumerate(self.matters)}
        self.covers: Bools = np.zeros((len(graph.nodes), len(self.matters)), bool)
        for number, node in enumerate(graph.nodes):
            self.covers[number, [position[name] for name in node.covers or self.matters[:1]]] = True
        self.before: Bools = steps & [node.phase is Phase.BEFORE for node in graph.nodes]
        self.decides: Bools = np.array([Mark.DECISION in node.marks for node in graph.nodes], bool)
        self.accepts: Bools = first & [Mark.ACCEPTANCE in node.marks for node in graph.nodes]
        self.papers: Bools = first & [node.phase is Phase.BEFORE for node in graph.nodes]
        """[N] the node comes before the acceptance of the first application."""
        self.deems = not scenario.handling.ignore_deemed_acceptance
        """Papers that are checked too late count as accepted."""
        on_the_way = {Role.TRIP, Role.ASSISTANCE, Role.PREPARATION}
        self.handed_in: Bools = np.array([node.role not in on_the_way for node in graph.nodes])
        """[N] the node comes after the submission."""
        self._repeats: dict[Round, Bools] = {}

    def _of_stage(self, stage: str) -> list[int]:
        matters = self.case_type.matters.values()
        return [column for column, matter in enumerate(matters) if matter.stage == stage]

    def ended_with(self, name: str) -> list[int]:
        """Return the nodes that are over when the step or node of this name is over.

        A step ends together with its loops, a decision with all other decisions of its matter.
        """
        if name in self.case_type.steps:
            loops = f"{name}/"
            return [k for node, k in self.number.items() if node == name or node.startswith(loops)]
        number = self.number[name]
        if not self.decides[number]:
            return [number]
        alike = (self.covers & self.covers[number]).any(axis=1)
        return [int(node) for node in np.flatnonzero(self.decides & alike)]

    @cached_property
    def kin(self) -> Bools:
        """[N, N] node i is over when node j is: i comes before j, and they share a matter."""
        n = len(self.graph.nodes)
        before = np.zeros((n, n), bool)
        for number, node in enumerate(self.graph.nodes):
            for earlier in node.after:
                before[:, number] |= before[:, earlier]
                before[earlier, number] = True
        return np.asarray(before & any_of(self.covers, self.covers.T))

    def repeats(self, gate: Round) -> Bools:
        """Return [N] the node belongs to the round of the gate, or to a later one."""
        if gate not in self._repeats:
            self._repeats[gate] = np.array(
                [repeats(node.gates, (gate,)) for node in self.graph.nodes], bool
            )
        return self._repeats[gate]

    def of_matters(self, nodes: Bools) -> Bools:
        """Return [M]: at least one of these nodes covers the matter."""
        return np.asarray(np.any(self.covers[nodes], axis=0))

    def none_left(self, nodes: Bools, over: Bools) -> Bools:
        """Return [B, M]: one or more of these nodes cover the matter, and all that do are over."""
        return self.of_matters(nodes) & ~any_of(nodes & ~over, self.covers)

    def of_deemed(self, deemed: Ints) -> Bools | None:
        """Return [B, N]: the node is before acceptance, of papers that count as accepted.

        `deemed`: [B, M] as in `OpenCases`. None: there are no such papers.
        """
        counts = deemed != NOT_YET
        return self.papers & any_of(counts, self.covers.T) if counts.any() else None

    def missing(self, draws: CaseDraws) -> Bools:
        """Return [B, M]: the case does not have the matter."""
        present = np.zeros((draws.n, len(self.matters)), bool)
        for number in np.flatnonzero(self.covers.sum(axis=1) == 1):
            column = int(np.argmax(self.covers[number]))
            present[:, column] |= draws.takes_place(self.graph.nodes[number])
        return ~present

    def over_in_each(self, cases: OpenCases, missing: Bools) -> Bools:
        """Return [R · B, N] as `over` does, for the same cases in R replications in turn.

        They differ in nothing but the matters that they lack: `missing`, [R · B, M].
        """
        times = len(missing) // max(len(cases.name), 1)
        first = missing[: len(cases.name)]
        over = np.tile(self.over(cases, first), (times, 1))
        other = np.flatnonzero(np.any(missing != np.tile(first, (times, 1)), axis=1))
        if len(other):
            over[other] = self.over(cases.repeated(times).some(other), missing[other])
        return over

    def over(self, cases: OpenCases, missing: Bools) -> Bools:
        """Return [B, N]: the node is over for the case.

        These are nodes that serve decided matters alone; nodes before acceptance that serve
        accepted matters alone; steps named as done; and all earlier nodes of the same matter.
        """
        decided, accepted = cases.decided, cases.accepted | cases.decided
        over = self._all_of(decided | missing) & any_of(decided, self.covers.T)
        over |= self.before & self._all_of(accepted | missing) & any_of(accepted, self.covers.T)
        over |= cases.finished
        over |= any_of(over | cases.under_way, self.kin.T)
        return np.asarray(over[:, self.seat_of])

    def _all_of(self, true: Bools) -> Bools:
        """Return [B, N]: all matters that the node covers are true."""
        return ~any_of(~true, self.covers.T)


def repeats(gates: tuple[Gate, ...], again: tuple[Gate, ...]) -> bool:
    """Return whether `gates` belong to the round of `again`, or to a later one."""
    return any(
        isinstance(gate, Round)
        and isinstance(round_, Round)
        and gate.rounds == round_.rounds
        and gate.number >= round_.number
        for gate in gates
        for round_ in again
    )


def any_of(left: Bools, right: Bools) -> Bools:
    """Return the boolean matrix product: or over the inner axis of left and right.

    Equal rows are multiplied once: cases that stand alike, in one replication or in several.
    """
    distinct, row = _distinct_rows(left)
    result = np.empty((len(distinct), right.shape[1]), bool)
    factor = right.astype(np.float32)
    for first in range(0, len(distinct), _ROWS):  # numbers take four times as much memory
        rows = slice(first, first + _ROWS)
        result[rows] = left[distinct[rows]].astype(np.float32) @ factor > 0
    return result[row]


def _distinct_rows(rows: Bools) -> tuple[Ints, Ints]:
    """Return the number of one row of each kind, and [n] the kind of every row."""
    packed = np.packbits(rows, axis=1)
    width = packed.shape[1]
    if width == 0:
        return np.zeros(min(len(rows), 1), np.int64), np.zeros(len(rows), np.int64)
    whole = np.ascontiguousarray(packed).view(np.dtype((np.void, width))).ravel()
    _, first, kind = np.unique(whole, return_index=True, return_inverse=True)
    return first, kind


_ROWS = 4096


@dataclass(frozen=True, eq=False)
class OpenCases:
    """The open cases of one case type, by submission and name; B cases, M matters, N nodes."""

    name: tuple[str, ...]
    submitted_s: Ints
    """[B] instant of submission, before second 0."""
    waits_since_s: Ints
    """[B] instant since when the case waits where it stands; by default the submission."""
    decided: Bools
    """[B, M] the matter is decided: all that serves decided matters alone is over."""
    accepted: Bools
    """[B, M] the matter is accepted: its intake and check are over."""
    finished: Bools
    """[B, N] steps named one by one as done."""
    delays: array[int]
    """[3 D] the delays under way, one after another: case, node, and the instant of the begin."""
    handed_in: Ints
    """[B, M] the day on which the matter was handed in, if it was."""
    since: Ints
    """[B, M] the day on which the matter's clock started, if it runs."""
    deemed: Ints
    """[B, M] the day of receipt of papers that were not checked in time, since when they count as
    accepted; else NOT_YET. They may have been accepted later."""
    paused: Mapping[str, Ints]
    """Clock → [B] working days that did not count; clocks that are missing have none."""
    attributes: Mapping[str, NDArray[np.object_]]
    """Attribute → [B] its values; "" where none is stated."""

    @classmethod
    def just_submitted(
        cls, layout: Layout, name: Sequence[str], submitted_s: Sequence[int] | Ints
    ) -> OpenCases:
        """Return cases with a submission and nothing else; the caller fills in the rest."""
        submitted = np.array(submitted_s, np.int64)
        matters, nodes = (len(name), len(layout.matters)), (len(name), len(layout.graph.nodes))
        first_day = np.broadcast_to(submitted[:, None] // DAY_S, matters)
        return cls(
            name=tuple(name),
            submitted_s=submitted,
            waits_since_s=submitted.copy(),
            decided=np.zeros(matters, bool),
            accepted=np.zeros(matters, bool),
            finished=np.zeros(nodes, bool),
            delays=array("q"),
            handed_in=first_day.copy(),
            since=first_day.copy(),
            deemed=np.full(matters, NOT_YET),
            paused={clock: np.zeros_like(submitted) for clock in PAUSES.values()},
            attributes={key: np.full(len(name), "", object) for key in layout.attributes},
        )

    @property
    def under_way(self) -> Bools:
        """[B, N] the node is a delay that is under way."""
        under_way = np.zeros_like(self.finished)
        case, node, _ = self._delays
        under_way[case, node] = True
        return under_way

    def begun_s(self, node: int) -> Ints:
        """Return [B] the instant at which the delay of a node began, if it is under way."""
        case, of, begun_s = self._delays
        begun = np.zeros(len(self.name), np.int64)
        begun[case[of == node]] = begun_s[of == node]
        return begun

    @property
    def _delays(self) -> Ints:
        """[3, D] case, node and begin of the delays under way."""
        return np.array(self.delays, np.int64).reshape(-1, 3).T

    def repeated(self, times: int) -> OpenCases:
        """Return the cases so many times, one after another."""
        if times == 1:
            return self
        delays = np.array(self.delays, np.int64).reshape(-1, 3)
        cases = np.array([len(self.name), 0, 0])
        moved = [delays + n * cases for n in range(times)]

        def rows(column: NDArray[Any]) -> NDArray[Any]:
            return np.concatenate([column] * times)

        return OpenCases(
            name=self.name * times,
            submitted_s=rows(self.submitted_s),
            waits_since_s=rows(self.waits_since_s),
            decided=rows(self.decided),
            accepted=rows(self.accepted),
            finished=rows(self.finished),
            delays=array("q", np.concatenate(moved).ravel().tolist()),
            handed_in=rows(self.handed_in),
            since=rows(self.since),
            deemed=rows(self.deemed),
            paused={clock: rows(days) for clock, days in self.paused.items()},
            attributes={name: rows(values) for name, values in self.attributes.items()},
        )

    def by_parts(self) -> Iterator[tuple[int, OpenCases]]:
        """Yield all cases, some at a time, each time with the number of the first."""
        for first in range(0, len(self.name), _ROWS):
            yield first, self.some(np.arange(first, min(first + _ROWS, len(self.name))))

    def some(self, cases: Ints) -> OpenCases:
        """Return some of the cases, given by number, ascending."""
        delays = self._by_case
        of = np.searchsorted(delays[:, 0], cases), np.searchsorted(delays[:, 0], cases, "right")
        each = of[1] - of[0]
        at = np.repeat(of[0] - np.cumsum(each) + each, each) + np.arange(each.sum())
        its = np.column_stack([np.repeat(np.arange(len(cases)), each), delays[at, 1:]])
        return OpenCases(
            name=tuple(self.name[case] for case in cases),
            submitted_s=self.submitted_s[cases],
            waits_since_s=self.waits_since_s[cases],
            decided=self.decided[cases],
            accepted=self.accepted[cases],
            finished=self.finished[cases],
            delays=array("q", its.astype(np.int64).tobytes()),
            handed_in=self.handed_in[cases],
            since=self.since[cases],
            deemed=self.deemed[cases],
            paused={clock: days[cases] for clock, days in self.paused.items()},
            attributes={key: values[cases] for key, values in self.attributes.items()},
        )

    @cached_property
    def _by_case(self) -> Ints:
        """[D, 3] the delays, by case; asked for when all are known."""
        delays = np.array(self.delays, np.int64).reshape(-1, 3)
        return delays[np.argsort(delays[:, 0], kind="stable")]

    def put(self, place: Ints, cases: OpenCases) -> None:
        """Write what is known of some cases in their places among these."""
        for mine, its in zip(self._columns, cases._columns, strict=True):
            mine[place] = its
        delays = np.array(cases.delays, np.int64).reshape(-1, 3)
        delays[:, 0] = place[delays[:, 0]]
        self.delays.frombytes(delays.tobytes())

    @property
    def _columns(self) -> list[NDArray[Any]]:
        """All arrays but the submission and the delays."""
        of_matters = (self.decided, self.accepted, self.handed_in, self.since, self.deemed)
        others = (*self.paused.values(), *self.attributes.values())
        return [self.waits_since_s, self.finished, *of_matters, *others]
