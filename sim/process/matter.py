"""One matter at its department: from the papers' arrival on the desk to the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.process.builder import GraphBuilder, gates_of, numbered, reaches, scaled
from sim.process.graph import (
    Chance,
    Combine,
    Factor,
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
from sim.process.levers import Levers
from sim.scenario import Distribution, Matter, Special, Task, Verification


@dataclass(frozen=True)
class Desk:
    """Writes the steps of one matter into a graph."""

    builder: GraphBuilder
    name: str
    matter: Matter
    levers: Levers
    share: float = 1.0
    """Of the effort that is left, where the zone has been assessed as a whole."""
    only: tuple[Gate, ...] = ()
    """The cases that take this way to the decision."""

    def decide(self, begin: Sequence[int], gate: Sequence[int]) -> list[int]:
        """Write everything up to the decision, and what is verified after it.

        Parameters
        ----------
        begin
            Nodes after which the review begins.
        gate
            Nodes that only the decision waits for (pre-review).

        Returns
        -------
        list of int
            The nodes after which the result is known; of several, a case takes one.
        """
        commitment = self.matter.commitment if self.levers.commitment else None
        if commitment is None:
            return self._after_full_review(begin, gate)
        stream, taken = self._stream("commits"), commitment.taken_by
        commits = replace(self, only=(Chance(stream, taken),))
        decided = [commits._on_commitment([*begin, *gate])]
        if taken < 1:
            others = replace(self, only=(Chance(stream, taken, happens=False),))
            decided += others._after_full_review(begin, gate)
        return decided

    @property
    def _own(self) -> tuple[Gate, ...]:
        """The cases that have this matter and take this way."""
        return (*gates_of(self.matter.when), *self.only)

    def _after_full_review(self, begin: Sequence[int], gate: Sequence[int]) -> list[int]:
        """Write the review chain, special procedures, publicity and the decision."""
        last = list(begin)
        for position, step in enumerate(self.matter.review):
            if position == 0:
                last = self._first_review(step, last)
            else:
                last = [self._review(step, 1, last)]
        last = self._done_again(last)
        for name, special in self.matter.special.items():
            last = [self._special(name, special, last)]
        verification, decision = self.matter.verification, self.matter.decision
        later = self.levers.build_first and decision is not None
        if verification is not None and not later:
            last = [self._verify(verification, last)]
        if self.matter.publicity is not None:
            last = [
                self.delay(
                    Role.PUBLICITY, Owner.PUBLICITY, "publicity", self.matter.publicity, last
                )
            ]
        if decision is None:  # a mere publicity period: its end is its result
            return [*last, *gate]
        decided = self._decision(decision, [*last, *gate])
        if verification is not None and later:
            self._verify_later(verification, decision, decided)
        return [decided]

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
        usual = {
            "owner": Owner.THIRD_PARTY if self.matter.third_party else Owner.AUTHORITY,
            "phase": Phase.RUNNING,
            "department": self.builder.department_of(pool) or self.matter.department,
        }
        return self._add(name, work, after, role=role, pool=pool, **(usual | more))

    def _own_work(
        self,
        role: Role,
        name: str,
        pool: str,
        work: Distribution,
        after: Sequence[int],
        **more: Any,
    ) -> int:
        """Add work of the deciding department, or of whom the matter is delegated to."""
        delegated = self.levers.delegated(self.matter)
        if delegated is None:
            return self._work(role, name, pool, scaled(work, self.share), after, **more)
        if not self.levers.in_own_name:
            more["department"] = self.matter.department
        work = scaled(work, self.share * delegated.effort)
        return self._work(role, name, delegated.pool, work, after, **more)

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
            terms=tuple(Term(stream, duration, condition, matter=self.name) for condition in where),
            combine=Combine.MAX,
            after=after,
            gates=(*self._own, *gates),
            **more,
        )

    def _stream(self, *parts: str | int) -> str:
        return self.builder.stream(self.name, *parts)

    # --- review ------------------------------------------------------------------------------

    def _first_review(self, step: str, begin: list[int]) -> list[int]:
        """Write the first review with its corrections, co-reviews beside it, and a meeting."""
        joined = [self._corrected_review(step, begin), *self._co_reviews(begin)]
        meeting = self.matter.meeting
        if not self.levers.meetings or meeting is None:
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
        return self._own_work(
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
        looked_at = (*self._own, *gates_of(self.matter.review[step].when))
        correction = self.matter.review_correction
        if correction is None:
            return last
        rounds = Rounds(
            self._stream("review_rounds"),
            correction.probability,
            correction.again,
            correction.max_rounds,
            with_assistance(self.levers) if self.matter.at_window else (),
            matter=self.name,
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
        meeting = self.matter.meeting if self.levers.meetings else None
        share = 1.0 if meeting is None else meeting.preparation
        return [
            self._work(
                Role.CO_REVIEW,
                f"co_review/{other}",
                task.pool,
                scaled(task.work, share),
                begin,
                gates=gates_of(task.when),
                tacit_wd=(
                    int(task.tacit_after.value)
                    if self.levers.tacit_consent and task.tacit_after is not None
                    else None
                ),
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

    def _decision(self, decision: Task, after: Sequence[int]) -> int:
        return self._own_work(
            Role.DECISION,
            "decision",
            decision.pool,
            decision.work,
            after,
            gates=gates_of(decision.when),
            marks=Mark.DECISION,
            stops=self._refused(),
        )

    def _refused(self) -> tuple[Stop, ...]:
        probability = self.matter.refusal.at_decision
        return stops_with(self._stream("refused"), probability, Outcome.REFUSED)

    def _on_commitment(self, after: Sequence[int]) -> int:
        """Write the decision on the applicant's word, and the verification that follows it."""
        decision, commitment = self.matter.decision, self.matter.commitment
        assert decision is not None
        assert commitment is not None
        decided = self._own_work(
            Role.DECISION,
            "commitment",
            decision.pool,
            commitment.work,
            after,
            gates=gates_of(decision.when),
            marks=Mark.DECISION,
            stops=self._refused(),
        )
        self._verify_later(commitment.verification, decision, decided, "commitment/")
        return decided

    def _done_again(self, after: list[int]) -> list[int]:
        """Write the second review that the errors of a delegated review make necessary."""
        delegated = self.levers.delegated(self.matter)
        if delegated is None or delegated.error == 0 or not self.matter.review:
            return after
        step, task = next(iter(self.matter.review.items()))
        gates = (*gates_of(task.when), Chance(self._stream("erroneous"), delegated.error))
        return [
            self._own_work(
                Role.REVIEW, f"review/{step}/again", task.pool, task.work, after, gates=gates
            )
        ]

    # --- verification ------------------------------------------------------------------------

    def _verify_later(
        self, verification: Verification, decision: Task, decided: int, prefix: str = ""
    ) -> None:
        """Write the verification after the decision: on no clock, but it uses staff."""
        supervised = {"owner": Owner.SUPERVISION, "phase": Phase.AFTER}
        due = self.delay(
            Role.VERIFICATION,
            Owner.SUPERVISION,
            f"{prefix}verification/due",
            verification.after,
            [decided],
            phase=Phase.AFTER,
            gates=gates_of(decision.when),
        )
        wrong = Chance(self._stream("violation"), verification.violation)
        revoked = stops_with(
            self._stream("revoked"), verification.revoked, Outcome.REVOKED, (wrong,)
        )
        gates = gates_of(decision.when)
        self._verify(verification, [due], gates, prefix, stops=revoked, **supervised)

    def _verify(
        self,
        verification: Verification,
        after: Sequence[int],
        gates: tuple[Gate, ...] = (),
        prefix: str = "",
        **more: Any,
    ) -> int:
        """Write a verification; what is wrong is put right and looked at again."""
        step, work = f"{prefix}verification", verification.work
        verified = self._work(
            Role.VERIFICATION, step, verification.pool, work, after, gates=gates, **more
        )
        if verification.violation == 0:
            return verified
        gates = (*gates, Chance(self._stream("violation"), verification.violation))
        more.pop("stops", None)
        rectified = self.delay(
            Role.CORRECTION,
            more.get("owner", Owner.APPLICANT),
            f"{prefix}rectification",
            verification.rectification,
            [verified],
            phase=more.get("phase", Phase.RUNNING),
            gates=gates,
        )
        return self._work(
            Role.VERIFICATION,
            step,
            verification.pool,
            scaled(work, verification.redo),
            [rectified],
            gates=gates,
            number=2,
            **more,
        )


def with_assistance(levers: Levers) -> tuple[Factor, ...]:
    """Return the factor of assisted service on the probability of correction."""
    assistance = levers.assistance
    if assistance is None:
        return ()
    return ((gates_of(assistance.when), assistance.correction),)


def stops_with(
    stream: str, probability: float, outcome: Outcome, gates: tuple[Gate, ...] = ()
) -> tuple[Stop, ...]:
    """Return the stop of that probability; none if it cannot happen."""
    return (Stop(stream, probability, outcome, gates),) if probability > 0 else ()
