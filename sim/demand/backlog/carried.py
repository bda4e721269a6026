"""What open cases bring along: days on their clocks before the first simulated day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.demand.backlog.cases import Layout, OpenCases, any_of
from sim.demand.backlog.past import NOT_YET, Past


@dataclass(frozen=True, eq=False)
class Carried:
    """The cases of one case type that were open at the start; B cases, M matters.

    An open network has one matter without a name.
    """

    case: Ints
    """[B] case numbers; they stand in the order of submission, cases in that of their turns."""
    name: tuple[str, ...]
    """[B] their names in the backlog."""
    submitted_s: Ints
    """[B] instant of submission, before second 0."""
    waits_since_s: Ints
    """[B] instant since when the case waits where it stands: its turn among the open cases."""
    matters: tuple[str, ...]
    has_acceptance: Bools
    """[M] the matter is accepted at a window or counter (a publicity period is not)."""
    has_decision: Bools
    """[M] the matter is decided (a publicity period is not)."""
    missing: Bools
    """[B, M] the case does not have the matter."""
    handed_in: Ints
    """[B, M] the day on which the matter was handed in, or NOT_YET."""
    running: Ints
    """[B, M] the day on which the matter's clock started, or NOT_YET: that of its acceptance, if it
    is accepted."""
    deemed: Ints
    """[B, M] the day since when the matter counts as accepted, whose papers were not checked in
    time; or NOT_YET."""
    decided: Bools
    """[B, M] decided before second 0."""
    paused: Mapping[str, Ints]
    """Clock → [B] working days from its start to day -1 that did not count; missing: 0."""
    past: Past

    def started(
        self, matters: Collection[str] | None, *, by_acceptance: bool, deemed: bool
    ) -> Ints:
        """Return [B] the day on which the clocks of a scope started, or NOT_YET.

        `deemed`: they follow deemed acceptance.

        The first acceptance (or submission) in the scope starts them; in a scope without
        acceptances, the first step. The same holds for cases that arrive later.
        """
        scope = self._scope(matters)
        accepted_on = np.minimum(self.running, self.deemed) if deemed else self.running
        day = (accepted_on if by_acceptance else self.handed_in)[:, scope]
        present: Bools = ~self.missing[:, scope]
        accepted: Bools = present & self.has_acceptance[scope]
        starts = np.where(np.any(accepted, axis=1)[:, None], accepted, present)
        first: Ints = np.where(starts, day, NOT_YET).min(axis=1, initial=NOT_YET)
        return first

    def used_wd(self, clock: str, started: Ints) -> Ints:
        """Return [B] the working days on a clock in the morning of day 0; 0 if it has not started.

        Pauses are known for one scope only; in a scope that began later they may exceed the days
        passed, and the result is then 0.
        """
        days = self.past.count(np.minimum(started, -1)) - self.paused.get(clock, 0)
        return np.where(started == NOT_YET, 0, np.maximum(days, 0))

    def is_decided(self, matters: Collection[str] | None) -> Bools:
        """Return [B]: all decisions of a scope were taken before second 0."""
        scope = self._scope(matters)
        has: Bools = ~self.missing[:, scope] & self.has_decision[scope]
        undecided = has & ~self.decided[:, scope]
        return np.asarray(np.any(has, axis=1) & ~np.any(undecided, axis=1))

    def any_decided(self, matters: Collection[str] | None) -> Bools:
        """Return [B]: some decision of a scope was taken before second 0."""
        scope = self._scope(matters)
        return np.asarray(np.any(self.decided[:, scope], axis=1))

    def of(self, cases: slice | Ints) -> Carried:
        """Return what some of the cases bring along."""
        isinstance(cases, slice)
        return Carried(
            case=self.case[cases],
            name=(
                self.name[cases]
                if isinstance(cases, slice)
                else tuple(self.name[k] for k in cases.tolist())
            ),
            submitted_s=self.submitted_s[cases],
            waits_since_s=self.waits_since_s[cases],
            matters=self.matters,
            has_acceptance=self.has_acceptance,
            has_decision=self.has_decision,
            missing=self.missing[cases],
            handed_in=self.handed_in[cases],
            running=self.running[cases],
            deemed=self.deemed[cases],
            decided=self.decided[cases],
            paused={clock: days[cases] for clock, days in self.paused.items()},
            past=self.past,
        )

    def _scope(self, matters: Collection[str] | None) -> Bools:
        return np.array([matters is None or name in matters for name in self.matters], bool)


def carried(
    layout: Layout, cases: OpenCases, over: Bools, ready: Bools, missing: Bools, past: Past
) -> Carried:
    """Return what open cases bring along.

    `over`: [B, N] nodes that are over; `ready`: [B, N] nodes that wait for nothing, where the case
    stands when the simulation begins; `missing`: [B, M] matters that a case does not have.
    """
    has_acceptance = layout.of_matters(layout.accepts)
    has_decision = layout.of_matters(layout.decides)
    begun = over | ready
    accepted = cases.accepted | cases.decided | layout.none_left(layout.accepts, over)
    running = np.where(has_acceptance, accepted, any_of(begun, layout.covers)) & ~missing
    decided = (cases.decided | layout.none_left(layout.decides, over)) & has_decision
    handed_in = running | (any_of(begun & layout.handed_in, layout.covers) & ~missing)
    return Carried(
        case=np.arange(len(cases.name)),
        name=cases.name,
        submitted_s=cases.submitted_s,
        waits_since_s=cases.waits_since_s,
        matters=layout.matters,
        has_acceptance=has_acceptance,
        has_decision=has_decision,
        missing=missing,
        handed_in=np.where(handed_in, cases.handed_in, NOT_YET),
        running=np.where(running, cases.since, NOT_YET),
        deemed=np.where(missing, NOT_YET, cases.deemed),
        decided=decided & ~missing,
        paused=cases.paused,
        past=past,
    )


def joined(parts: Sequence[Carried]) -> Carried:
    """Return what the cases of several parts of one case type bring along, in their order."""

    def column(of: Callable[[Carried], NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate([of(part) for part in parts])

    return replace(
        parts[0],
        case=column(lambda part: part.case),
        name=tuple(chain.from_iterable(part.name for part in parts)),
        submitted_s=column(lambda part: part.submitted_s),
        waits_since_s=column(lambda part: part.waits_since_s),
        missing=column(lambda part: part.missing),
        handed_in=column(lambda part: part.handed_in),
        running=column(lambda part: part.running),
        deemed=column(lambda part: part.deemed),
        decided=column(lambda part: part.decided),
        paused={
            clock: np.concatenate([part.paused[clock] for part in parts])
            for clock in parts[0].paused
        },
    )
