"""The course of many cases through a graph at once: draws, included nodes and links.

All arrays run over the n cases of one case type; loops run over the nodes of the graph.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Floats, Ints
from sim.demand.ends import Ends
from sim.demand.sampling import whole_seconds
from sim.process.graph import (
    Attribute,
    Chance,
    Choice,
    Combine,
    Factor,
    Gate,
    Graph,
    Longer,
    Mark,
    Node,
    Role,
    Round,
    Rounds,
    Stop,
    Term,
)
from sim.streams import ManyStreams, Streams
from sim.variates import Sampler


class CaseDraws:
    """All random draws of n cases: each named stream is drawn once, in case order."""

    least_share: ClassVar[float] = 0.0
    """Least probability of a round of corrections."""

    def __init__(
        self,
        streams: Streams | ManyStreams,
        n: int,
        attributes: Mapping[str, tuple[tuple[str, ...], NDArray[np.int32]]],
        sampler_of: Callable[[Term], Sampler],
    ) -> None:
        self.streams = streams
        self.n = n
        self.attributes = attributes
        self.sampler_of = sampler_of
        self._uniform: dict[str, Floats] = {}
        self._gates: dict[Gate, Bools] = {}
        self.everyone: Bools = np.ones(n, bool)

    def uniform(self, stream: str) -> Floats:
        """Return one uniform number per case."""
        if stream not in self._uniform:
            self._uniform[stream] = self.streams(stream).uniform(self.n)
        return self._uniform[stream]

    def holds(self, gates: tuple[Gate, ...]) -> Bools:
        """Return [n]: all gates hold."""
        if not gates:
            return self.everyone
        result = self._gate(gates[0])
        for gate in gates[1:]:
            result = result & self._gate(gate)
        return result

    def _gate(self, gate: Gate) -> Bools:
        holds = self._gates.get(gate)
        if holds is None:
            holds = self._gates[gate] = self._judge(gate)
        return holds

    def _judge(self, gate: Gate) -> Bools:
        if isinstance(gate, Attribute):
            values, codes = self.attributes[gate.name]
            return np.isin(codes, [values.index(value) for value in gate.values])
        if isinstance(gate, Chance):
            drawn: Bools = self.uniform(gate.stream) < gate.probability
            return drawn if gate.happens else ~drawn
        if isinstance(gate, Choice):
            u = self.uniform(gate.stream)
            return np.asarray(((u >= gate.low) & (u < gate.high)) | (u == gate.sign))
        if isinstance(gate, Longer):
            return np.asarray(self._duration(Term(gate.stream, gate.distribution)) > gate.than_s)
        result = np.zeros(self.n, bool)
        for rounds, when in gate.rounds:
            if gate.number <= rounds.cap:
                result |= self._at_least(rounds, gate.number) & self.holds(when)
        return result

    def _at_least(self, rounds: Rounds, number: int) -> Bools:
        """Return [n]: the case has at least `number` rounds; one uniform number decides all."""
        return self.uniform(rounds.stream) < self._share(rounds, number)

    def _share(self, rounds: Rounds, number: int) -> Floats:
        """Return [n] P(at least `number` rounds) = first · again^(number - 1)."""
        first = np.clip(rounds.first * self._factor(rounds.factors), self.least_share, 1.0)
        return np.asarray(first * max(rounds.again, self.least_share) ** (number - 1))

    def _factor(self, factors: tuple[Factor, ...], cases: Ints | None = None) -> Floats | float:
        """Return [n], or [cases], the product of the factors that apply; 1 if there are none."""
        product: Floats | float = 1.0
        for gates, factor in factors:
            product = np.where(self._of(cases, self.holds(gates)), product * factor, product)
        return product

    @staticmethod
    def _of(cases: Ints | None, column: Bools) -> Bools:
        return column if cases is None else column[cases]

    def _duration(self, term: Term, cases: Ints | None = None) -> Ints:
        """Return [n] drawn durations, equal on every call: seconds, or days if legal.

        `cases`: those of some cases alone, by number, ascending.
        """
        sampler, stream = self.sampler_of(term), self.streams(term.stream)
        if cases is None:
            drawn = sampler(stream, self.n)
        else:
            drawn = stream.values_of(sampler, cases, self.n)
        if term.factors:
            drawn = drawn * self._factor(term.factors, cases)
        whole = whole_seconds(drawn)
        return whole if term.at_most_s is None else np.minimum(whole, term.at_most_s)

    def cut_off(self, gates: tuple[Gate, ...]) -> Bools:
        """Return [n]: the gates admit the last round allowed, and another would have followed."""
        result = np.zeros(self.n, bool)
        for gate in gates:
            if isinstance(gate, Round):
                for rounds, when in gate.rounds:
                    if gate.number == rounds.cap:
                        result |= self._at_least(rounds, rounds.cap + 1) & self.holds(when)
        return result

    def ends(self, stop: Stop) -> tuple[Bools, Bools]:
        """Return [n]: the case ends where it comes to the stop; and it is handed in again."""
        drawn = self.uniform(stop.stream) < stop.probability
        again = np.zeros(self.n, bool) if stop.again is None else self._gate(stop.again.chance)
        return drawn & self.holds(stop.gates), again

    def takes_place(self, node: Node) -> Bools:
        """Return [n]: all gates hold, and something of the node is left to do."""
        all_hold = self.holds(node.gates)
        if not all(term.gates for term in node.terms):
            return all_hold  # every case has a term without gates
        anything = np.zeros(self.n, bool)
        for term in node.terms:
            anything |= self.holds(term.gates)
        return all_hold & anything

    def amount(self, node: Node, cases: Ints) -> Ints:
        """Return [cases] the node's duration in some cases: seconds, or days for a legal period.

        `cases`: their numbers, ascending.
        """
        total = np.zeros(len(cases), np.int64)
        for term in node.terms:
            drawn = self._duration(term, cases)
            if term.gates:
                drawn = drawn * self.holds(term.gates)[cases]
            total = total + drawn if node.combine is Combine.SUM else np.maximum(total, drawn)
        return total


@dataclass(frozen=True, eq=False)
class Course:
    """Which nodes each case goes through; n cases, N nodes of the graph."""

    included: Bools
    """[n, N] the case goes through the node."""
    marks: NDArray[np.uint8]
    """[n, N] the marks that count in this case."""
    outcome: NDArray[np.int8]
    """[n] an `Outcome`."""
    links: list[tuple[int, int, Bools]]
    """(successor, predecessor, [n] cases in which the successor waits directly for it)."""
    cut_off: Bools
    """[n] a number of rounds or of applications was cut off at its cap."""
    application: NDArray[np.uint8] | None = None
    """[n, N] the application that the node belongs to: 1, and one more after each resubmission
    on the way to it. None: no case can be handed in again."""

    @property
    def ready_at_once(self) -> Bools:
        """[n, N] nodes that wait for no other."""
        waits = np.zeros_like(self.included)
        for later, _, which in self.links:
            waits[which, later] = True
        return self.included & ~waits

    def of(self, cases: Bools | slice) -> Course:
        """Return the course of some of the cases."""
        return Course(
            included=self.included[cases],
            marks=self.marks[cases],
            outcome=self.outcome[cases],
            links=[(later, earlier, which[cases]) for later, earlier, which in self.links],
            cut_off=self.cut_off[cases],
            application=None if self.application is None else self.application[cases],
        )


def course(graph: Graph, draws: CaseDraws, gone: Bools | None = None) -> Course:
    """Return the nodes that each case goes through, and the links between them.

    `gone`: [n, N] nodes that are over before the case arrives; None: none.
    """
    nodes = graph.nodes
    included = np.zeros((len(nodes), draws.n), bool)
    over = np.zeros((len(nodes), draws.n), bool)
    """Cases that come to their end at the node or before it."""
    ends = Ends(nodes, draws.n, draws.ends)
    cut_off = np.zeros(draws.n, bool)
    for number, node in enumerate(nodes):
        ended_before = over[list(node.after)].any(axis=0)
        if node.role is Role.RESUBMISSION:
            included[number] = again = ends.hand_in_again(number)
            over[number] = ended_before
            over[_same_application(nodes, number)] &= ~again
            continue
        included[number] = draws.takes_place(node) & ~ended_before
        if node.handed_in:
            included[number] &= included[list(node.handed_in)].any(axis=0)
        if gone is not None:
            included[number] &= ~gone[:, number]
        ends.come_to(number, included[number])
        stopped = ends.at(number)
        over[number] = ended_before | stopped
        cut_off |= included[number] & ~stopped & draws.cut_off(node.gates)
    return Course(
        included=included.T,
        marks=_marks(nodes, included, ends, draws).T,
        outcome=ends.outcome(),
        links=_links(nodes, included, ends),
        cut_off=cut_off | ends.cut_off(),
        application=_applications(nodes, included),
    )


def _same_application(nodes: tuple[Node, ...], resubmission: int) -> list[int]:
    """Return a resubmission and the nodes before it of the matters that are handed in again."""
    covers = set(nodes[resubmission].covers)
    return [n for n in range(resubmission + 1) if covers.issuperset(nodes[n].covers)]


def _marks(
    nodes: tuple[Node, ...], included: Bools, ends: Ends, draws: CaseDraws
) -> NDArray[np.uint8]:
    """Return [N, n] the marks that count: no acceptance where the case is sent back or ends.

    A step at which the case, or an application of it, ends without success is the failure.

    A case that is sent back and then withdrawn is not accepted either: the next round is drawn,
    although the case never reaches it.
    """
    marks = included * np.array([node.marks for node in nodes], np.uint8)[:, None]
    for number, node in enumerate(nodes):
        if Mark.ACCEPTANCE in node.marks:
            not_yet = ends.at(number)
            if node.next_round is not None:
                not_yet = not_yet | draws.takes_place(nodes[node.next_round])
            marks[number, not_yet] &= ~np.uint8(Mark.ACCEPTANCE)
        marks[number, ends.at(number)] |= np.uint8(Mark.FAILURE)
    return marks


def _applications(nodes: tuple[Node, ...], included: Bools) -> NDArray[np.uint8] | None:
    """Return [n, N] the application that each node belongs to; None: there is only one."""
    if all(node.role is not Role.RESUBMISSION for node in nodes):
        return None
    application = np.ones(included.shape, np.uint8)
    for number, node in enumerate(nodes):
        application[number] = application[list(node.after)].max(axis=0, initial=1)
        if node.role is Role.RESUBMISSION:
            application[number] += included[number]
    return application.T


def _links(nodes: tuple[Node, ...], included: Bools, ends: Ends) -> list[tuple[int, int, Bools]]:
    """Return direct links; a node that a case lacks hands on its own predecessors.

    A resubmission waits only for the nodes at which the application before it came to its end.
    """
    always: Bools = np.asarray(included.all(axis=1))
    ever: Bools = np.asarray(included.any(axis=1))
    sources: list[dict[int, Bools]] = []
    links: list[tuple[int, int, Bools]] = []
    for number, node in enumerate(nodes):
        direct: dict[int, Bools] = {}
        resubmission = node.role is Role.RESUBMISSION and ever[number]
        for before in node.after:
            if ever[before]:
                here = included[before]
                if resubmission:
                    here = np.where(included[number], ends.led_to(number, before), here)
                _add(direct, before, here)
            if not always[before]:
                lacking = ~(
                    included[before] | included[number] if resubmission else included[before]
                )
                for origin, cases in sources[before].items():
                    _add(direct, origin, cases & lacking if ever[before] or resubmission else cases)
        sources.append(direct)
        if ever[number]:
            links += [
                (number, origin, both)
                for origin, cases in direct.items()
                if (both := cases & included[number]).any()
            ]
    return links


def _add(sources: dict[int, Bools], origin: int, cases: Bools) -> None:
    if origin in sources:
        sources[origin] = sources[origin] | cases
    elif cases.any():
        sources[origin] = cases
