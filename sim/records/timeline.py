"""The steps of recorded cases in columns: what clocks read, whoever recorded it.

A step is a stretch of time in which a case was with somebody, or an event that takes no time. Steps
come from the events of a register (`from_events`), or from its own table of steps (`from_steps`);
`history` makes of them what `sim.clocks` reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.engine.contract import OPEN, Parts
from sim.process.graph import Combine, Mark, Node, Outcome, Owner, Phase, Role

OF_ROLE: Final = {Role.DECISION: Mark.DECISION, Role.DELIVERY: Mark.DELIVERY}
"""What every step of a role marks in some case, whether or not a recorded one came so far."""

TOGETHER: Final = ","
"""Separator between the matters of a step that serves several, and between marks; no name of a
scenario holds one."""
PUBLICITY: Final = "公示"
"""In the name of a special procedure: it is a period of publicity."""
_FAILED_AT: Final = {
    Role.CHECK: Outcome.NOT_ACCEPTED,
    Role.DECISION: Outcome.REFUSED,
    Role.VERIFICATION: Outcome.REVOKED,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of step: of a case type, for some matters."""

    case_type: int
    """Number of the case type."""
    name: str
    matters: tuple[str, ...]
    role: Role
    owner: Owner
    phase: Phase
    department: str = ""
    pool: str | None = None

    def node(self, marks: Mark, next_round: int | None = None) -> Node:
        """Return the node of the process that stands for it."""
        return Node(
            name=self.name,
            role=self.role,
            owner=self.owner,
            phase=self.phase,
            covers=self.matters,
            department=self.department,
            pool=self.pool,
            terms=(),
            combine=Combine.SUM,
            after=(),
            marks=marks,
            next_round=next_round,
        )

    @property
    def failed_as(self) -> Outcome:
        """How a case ends that fails at a step of it."""
        if self.role is Role.CORRECTION:
            return Outcome.LAPSED if self.owner is Owner.DEFERRED else Outcome.WITHDRAWN
        return _FAILED_AT.get(self.role, Outcome.WITHDRAWN)

    @property
    def always_marks(self) -> Mark:
        """What its steps mark, if not all in every case."""
        if self.role is Role.CHECK and self.phase is Phase.BEFORE:
            return Mark.ACCEPTANCE
        return OF_ROLE.get(self.role, Mark.NONE)


@dataclass(frozen=True, eq=False)
class Timeline:
    """N steps, by case; within a case so that each follows those that it waited for."""

    kinds: tuple[Kind, ...]
    repeats: dict[int, int]
    """Kind of a check → the kind that repeats it when papers come back."""
    case: Ints
    """[N] row of the case in the register, not decreasing."""
    kind: Ints
    """[N] number of the kind."""
    marks: NDArray[np.uint8]
    """[N] `Mark`s."""
    application: Ints
    """[N] the application that it belongs to, from 1."""
    ready: Ints
    """[N] second, or `OPEN`: still to come."""
    start: Ints
    end: Ints
    is_work: Bools
    """[N] it is work of an officer; else a delay."""
    officer: NDArray[np.int32]
    """[N] number of the officer, or `NO_OFFICER`."""
    before: tuple[Ints, Ints]
    """Pairs of a step and a step that it waited for, both numbers of steps."""
    parts: Parts = field(default_factory=Parts)
    """The parts of steps that were handed over."""

    def __len__(self) -> int:
        """Return N."""
        return len(self.case)


def first_seen(key: Ints) -> tuple[Ints, Ints]:
    """Return the place of each distinct key, by first occurrence, and [n] which of them each is."""
    _, where, which = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(where)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return where[order], rank[which]


def seconds(at: NDArray[np.datetime64], origin: np.datetime64) -> Ints:
    """Return whole seconds since an instant, `OPEN` for NaT."""
    since = (at - origin).astype("timedelta64[s]").astype(np.int64)
    return np.where(np.isnat(at), np.int64(OPEN), since)
