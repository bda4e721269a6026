"""The clocks behind the due dates of cases: each case follows a limit that is for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from sim.arrays import Bools, Ints
from sim.limits import DueClock
from sim.process.graph import Attribute

Holds: TypeAlias = Callable[[tuple[Attribute, ...]], Bools]
"""Condition → [n] whether it holds for a case."""


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

    def at(self, cases: Bools | slice) -> DueClocks:
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

    @property
    def apart(self) -> Bools:
        """[n] each application has a clock of its own."""
        return np.array([clock.apart for clock in self.clocks], np.bool_)[self.own]
