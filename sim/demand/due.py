"""The clocks behind the due dates of cases: each case follows a limit that is for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.engine.contract import NO_NOTICE
from sim.limits import DueClock
from sim.process.graph import Attribute

Holds: TypeAlias = Callable[[tuple[Attribute, ...]], Bools]
"""Condition → [n] whether it holds for a case."""
Flags: TypeAlias = NDArray[np.bool_] | np.bool_
"""[cases], or one value for all."""


@dataclass(frozen=True, eq=False)
class DueClocks:
    """The clock behind the due date of each of n cases of one case type."""

    clocks: Sequence[DueClock]
    own: Ints
    """[n] the position of the case's own clock: the first that is for it."""

    @classmethod
    def of(cls, clocks: Sequence[DueClock], n: int, holds: Holds) -> DueClocks:
        """Give each case its clock; the last clock is for all cases."""
        own = np.full(n, len(clocks) - 1)
        for number in reversed(range(len(clocks) - 1)):
            own[holds(clocks[number].when)] = number
        return cls(clocks, own)

    def at(self, cases: Bools) -> DueClocks:
        """Return the clocks of some of the cases."""
        return DueClocks(self.clocks, self.own[cases])

    @property
    def limit_wd(self) -> Ints:
        """[n] the limit in working days, or `NO_LIMIT`."""
        return np.array([clock.limit_wd for clock in self.clocks], np.int64)[self.own]

    @property
    def from_arrival(self) -> Bools:
        """[n] the own clock starts when the case arrives."""
        return np.array([clock.from_arrival for clock in self.clocks], np.bool_)[self.own]

    def counted(self, node: int, cases: Ints) -> Flags:
        """Return [cases]: the own clock counts the time of a node of the graph."""
        return self._of_node([clock.counted[node] for clock in self.clocks], cases)

    @property
    def apart(self) -> Bools:
        """[n] each application has a clock of its own."""
        return np.array([clock.apart for clock in self.clocks], np.bool_)[self.own]

    @property
    def has_rounds(self) -> bool:
        """Whether the limit of some cases is for each round."""
        return any(bool(clock.rounds.any()) for clock in self.clocks)

    @property
    def has_notices(self) -> bool:
        """Whether late notices move the due dates of some cases."""
        return any(bool((clock.notice != NO_NOTICE).any()) for clock in self.clocks)

    def rounds(self, node: int, cases: Ints) -> Flags:
        """Return [cases]: the own clock, if it stands still, begins anew after the node."""
        return self._of_node([clock.rounds[node] for clock in self.clocks], cases)

    def notices(self, node: int, cases: Ints) -> Iterator[tuple[int, Bools]]:
        """Yield the first checks, as nodes, that a node of the graph hangs on; [cases] for which.

        A case with another own clock may have none.
        """
        of_clocks = np.array([clock.notice[node] for clock in self.clocks])
        for check in np.unique(of_clocks[of_clocks != NO_NOTICE]).tolist():
            yield check, (of_clocks == check)[self.own[cases]]

    def late(self, node: int, cases: Ints) -> tuple[Flags, Flags]:
        """Return `counted` and `rounds` of a node where the first check was too late."""
        counted = [clock.counted_late[node] for clock in self.clocks]
        rounds = [clock.rounds_late[node] for clock in self.clocks]
        return self._of_node(counted, cases), self._of_node(rounds, cases)

    def starts(self, node: int, cases: Ints, marks: NDArray[np.uint8]) -> Flags:
        """Return [cases]: items of a node, with these marks, start the own clock when they end."""
        of_clocks = [clock.starts[node] for clock in self.clocks]
        mark = of_clocks[0] if len(of_clocks) == 1 else np.array(of_clocks)[self.own[cases]]
        return np.asarray((mark & marks) != 0)

    def _of_node(self, of_clocks: Sequence[np.bool_], cases: Ints) -> Flags:
        return of_clocks[0] if len(of_clocks) == 1 else np.array(of_clocks)[self.own[cases]]
