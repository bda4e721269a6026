"""One matter at its department: from the papers' arrival on the desk to the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.process.builder import GraphBuilder, gates_of, numbered, reaches, scaled
from sim.process.graph import (
    Chance,
    Combine,
    Gate,
    Mark,
    Outcome,
    Owner,
    Phase,
    Role,
    Rounds,
    Stop,
    Term,
)
from sim.scenario import Distribution, Matter, Special


@dataclass(frozen=True)
class Desk:
    """Writes the steps of one matter into a graph."""

    builder: GraphBuilder
    name: str
    matter: Matter
    holds_meetings: bool
    """Whether joint review meetings are held at all."""

    def decide(self, begin: Sequence[int], gate: Sequence[int]) -> int:
        """Write the review chain, special procedures, publicity and the decision.

        Parameters
        ----------
        begin
            Nodes after which the review begins.
        gate
            Nodes that only the decision waits for (pre-review).

        Returns
        -------
        int
            The node after which the result is known.
        """
        last = list(begin)
        for position, step in enumerate(self.matter.review):
            if position == 0:
                last = self._first_review(step, last)
            else:
                last = [self._review(step, 1, last)]
        for name, special in self.matter.special.items():
            last = [self._special(name, special, last)]
        if self.matter.publicity is not None:
            last = [
                self.delay(
                    Role.PUBLICITY, Owner.PUBLICITY, "publicity", self.matter.publicity, last
                )
            ]
        return self._decision([*last, *gate])

    def delay(
        self,
        role: Role,
        owner: Owner,
        name: str,
        distribution: Distribution,
        after: Sequence[int],
        *,
        phase: Phase = Phase.RUNNING,
        **more: Any,
    ) -> int:
        """Add a delay of this matter: ``matter/name``, with the stream of the same name."""
        department = "" if owner is Owner.APPLICANT else self.matter.department
        return self._add(
            name,
            distribution,
            after,
            role=role,
            owner=owner,
            phase=phase,
            department=department,
            pool=None,
            **more,
        )

    def _work(
        self,
        role: Role,
        name: str,
        pool: str,
        work: Distribution,
        after: Sequence[int],
        **more: Any,
    ) -> int:
        """Add work on this matter; done by a third party, it is the third party's time."""
        usual = Owner.THIRD_PARTY if self.matter.third_party else Owner.AUTHORITY
        owner = more.pop("owner", usual)
        department = self.builder.department_of(pool) or self.matter.department
        return self._add(
            name,
            work,
            after,
            role=role,
            owner=owner,
            phase=Phase.RUNNING,
            department=department,
            pool=pool,
            **more,
        )

    def _add(
        self,
        name: str,
        duration: Distribution,
        after: Sequence[int],
        *,
        gates: tuple[Gate, ...] = (),
        where: Sequence[tuple[Gate, ...]] = ((),),
        number: int = 1,
        **more: Any,
    ) -> int:
        """Add a step that takes place where all `gates` hold, and all of one of `where`."""
        full_name = numbered(name, number)
        stream = self._stream(full_name)
        return self.builder.add(
            name=f"{self.name}/{full_name}",
            covers=(self.name,),
            terms=tuple(Term(stream, duration, condition) for condition in where),
            combine=Combine.MAX,
            after=after,
            gates=(*gates_of(self.matter.when), *gates),
            **more,
        )

    def _stream(self, *parts: str | int) -> str:
        return self.builder.stream(self.name, *parts)

    # --- review ------------------------------------------------------------------------------

    def _first_review(self, step: str, begin: list[int]) -> list[int]:
        """Write the first review with its corrections, co-reviews beside it, and a meeting."""
        joined = [self._corrected_review(step, begin), *self._co_reviews(begin)]
        meeting = self.matter.meeting
        if not self.holds_meetings or meeting is None:
            return joined
        return [self._work(Role.MEETING, "meeting", meeting.pool, meeting.work, joined)]

    def _review(
        self,
        step: str,
        number: int,
        after: Sequence[int],
        gates: tuple[Gate, ...] = (),
        share: float = 1.0,
    ) -> int:
        task = self.matter.review[step]
        return self._work(
            Role.REVIEW,
            f"review/{step}",
            task.pool,
            scaled(task.work, share),
            after,
            gates=(*gates_of(task.when), *gates),
            number=number,
        )

    def _corrected_review(self, step: str, begin: Sequence[int]) -> int:
        """Write the first review and the rounds in which the applicant corrects (clock paused)."""
        last = self._review(step, 1, begin)
        looked_at = (*gates_of(self.matter.when), *gates_of(self.matter.review[step].when))
        correction = self.matter.review_correction
        if correction is None:
            return last
        rounds = Rounds(
            self._stream("review_rounds"),
            correction.probability,
            correction.again,
            correction.max_rounds,
        )
        for number in range(1, correction.max_rounds + 1):
            sent_back = reaches(rounds, number, looked_at)
            corrected = self.delay(
                Role.CORRECTION,
                Owner.APPLICANT,
                "review_correction",
                correction.turnaround,
                [last],
                gates=(sent_back,),
                number=number,
                stops=stops_with(
                    self._stream("review_withdrawn", number),
                    correction.withdrawal,
                    Outcome.WITHDRAWN,
                ),
            )
            again = self._review(step, number + 1, [corrected], (sent_back,), correction.redo)
            self.builder.repeated_by(last, again)
            last = again
        return last

    def _co_reviews(self, begin: Sequence[int]) -> list[int]:
        """Write the other departments' opinions; before a meeting they only prepare."""
        meeting = self.matter.meeting if self.holds_meetings else None
        share = 1.0 if meeting is None else meeting.preparation
        return [
            self._work(
                Role.CO_REVIEW,
                f"co_review/{other}",
                task.pool,
                scaled(task.work, share),
                begin,
                gates=gates_of(task.when),
            )
            for other, task in self.matter.co_review.items()
        ]

    # --- procedures and decision -------------------------------------------------------------

    def _special(self, name: str, special: Special, after: Sequence[int]) -> int:
        step = f"special/{name}"
        gates = gates_of(special.when)
        if special.probability < 1:
            gates += (Chance(self._stream(step, "held"), special.probability),)
        if special.delay is not None:
            return self.delay(Role.SPECIAL, Owner.SPECIAL, step, special.delay, after, gates=gates)
        assert special.pool is not None
        assert special.work is not None
        return self._work(
            Role.SPECIAL, step, special.pool, special.work, after, gates=gates, owner=Owner.SPECIAL
        )

    def _decision(self, after: Sequence[int]) -> int:
        decision = self.matter.decision
        if decision is None:  # a mere publicity period: its end is its result
            return after[0]
        return self._work(
            Role.DECISION,
            "decision",
            decision.pool,
            decision.work,
            after,
            gates=gates_of(decision.when),
            marks=Mark.DECISION,
            stops=stops_with(
                self._stream("refused"), self.matter.refusal.at_decision, Outcome.REFUSED
            ),
        )


def stops_with(
    stream: str, probability: float, outcome: Outcome, gates: tuple[Gate, ...] = ()
) -> tuple[Stop, ...]:
    """Return the stop of that probability; none if it cannot happen."""
    return (Stop(stream, probability, outcome, gates),) if probability > 0 else ()
