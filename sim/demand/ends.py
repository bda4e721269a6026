"""The ends of applications: where cases come to their end, and which are handed in again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools
from sim.process.graph import Node, Outcome, Stop

Happens = Callable[[Stop], tuple[Bools, Bools]]
"""Stop → ([n] an application that gets there ends, [n] the applicant would hand in again)."""


@dataclass(frozen=True, eq=False)
class _End:
    """The applications that come to their end at one node by one of its stops; n cases."""

    node: int
    stop: Stop
    cases: Bools
    """[n] an application of the case ends here."""
    again: Bools
    """[n] the applicant would hand in again; the cap may forbid it."""
    final: Bools
    """[n] the case ends here; cleared where it is handed in again."""


class Ends:
    """The ends of the applications of n cases, filled node by node in the order of the graph."""

    def __init__(self, nodes: tuple[Node, ...], n: int, happens: Happens) -> None:
        self._nodes = nodes
        self._n = n
        self._happens = happens
        self._ends: list[_End] = []
        self._handed_in: dict[int, Bools] = {}
        """Resubmission → [n] the case has it."""

    def come_to(self, number: int, included: Bools) -> None:
        """Let the cases that have a node come to it; the first of its stops that holds counts."""
        left = included
        for stop in self._nodes[number].stops:
            ends, again = self._happens(stop)
            cases = left & ends
            left = left & ~cases
            self._ends.append(_End(number, stop, cases, cases & again, cases.copy()))

    def at(self, number: int) -> Bools:
        """Return [n]: an application of the case ends at the node."""
        cases = np.zeros(self._n, bool)
        for end in self._ends:
            if end.node == number:
                cases |= end.cases
        return cases

    def hand_in_again(self, resubmission: int) -> Bools:
        """Return [n] the cases that have a resubmission; they do not end before it."""
        before = self._before(resubmission)
        handed_in = np.zeros(self._n, bool)
        for end in before:
            handed_in |= end.again
        for end in before:
            np.logical_and(end.final, ~handed_in, out=end.final)
        self._handed_in[resubmission] = handed_in
        return handed_in

    def led_to(self, resubmission: int, node: int) -> Bools:
        """Return [n]: the resubmission follows an end of the case at the node."""
        cases = np.zeros(self._n, bool)
        for end in self._before(resubmission):
            if end.node == node:
                cases |= end.cases
        return cases & self._handed_in[resubmission]

    def _before(self, resubmission: int) -> list[_End]:
        node = self._nodes[resubmission]
        matter = node.terms[0].matter
        return [
            end
            for end in self._ends
            if end.node in node.after
            and end.stop.again is not None
            and end.stop.again.matter == matter
        ]

    def outcome(self) -> NDArray[np.int8]:
        """Return [n] an `Outcome`; of several ends, the first in the order of the graph."""
        outcome = np.full(self._n, Outcome.DONE, np.int8)
        for end in reversed(self._ends):
            outcome[end.final] = end.stop.outcome
        return outcome

    def cut_off(self) -> Bools:
        """Return [n]: the applicant would have handed in again, beyond the cap."""
        cases = np.zeros(self._n, bool)
        for end in self._ends:
            cases |= end.final & end.again
        return cases
