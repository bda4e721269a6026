"""One matter at its department, from the arrival of the papers to the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sim.process.builder import GraphBuilder, gates_of, numbered, reaches, scaled
from sim.process.graph import (
    Again,
    Attribute,
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
from sim.process.resubmission import another_application
from sim.scenario import Condition, Delegated, Distribution, Matter, Special, Task, Verification

_DELAYED_BY: Final = {
    Role.TRANSFER: Owner.AUTHORITY,
    Role.SPECIAL: Owner.SPECIAL,
    Role.PUBLICITY: Owner.PUBLICITY,
    Role.VERIFICATION: Owner.SUPERVISION,
}
"""Role → owner of a delay; the delays of other roles are time of the applicant."""


@dataclass(frozen=True)
class Desk:
    """Writes the steps of one matter into a graph."""

    builder: GraphBuilder
    name: str
    matter: Matter
    levers: Levers
    share: float = 1.0
    """Share of the effort that remains under area-wide assessment."""
    only: tuple[Gate, ...] = ()
    """Gates of the cases that take this way to the decision."""
    delegated: Delegated | None = None
    """How the matter is handled on this way, if it is delegated."""
    way: str = ""
    """In the names of steps of a delegation that is for some cases only."""

    def decide(self, begin: Sequence[int], gate: Sequence[int]) -> list[int]:
        """Write all steps up to the decision, and the verification after it.

        The review begins after the nodes `begin`; only the decision waits for the nodes `gate`
        (pre-review). Return the nodes after which the result is known; a case has one of them.
        """
        return [node for desk in self._deciders() for node in desk._decided(begin, gate)]

    def not_delegated(self) -> tuple[Gate, ...] | None:
        """Return the gates of the cases that the department decides; None: it decides none."""
        how = self.levers.delegated(self.matter)
        if how is None:
            return ()
        return self._otherwise(how.when) if how.when else None

    def _deciders(self) -> list[Desk]:
        """Return the desk of the department, that of the zones with the power, or both."""
        how = self.levers.delegated(self.matter)
        others = self.not_delegated()
        if how is None or others is None:
            return [replace(self, delegated=how)]
        zones = replace(
            self,
            delegated=how,
            way=self.levers.delegation,
            only=(*self.only, *gates_of(how.when)),
        )
        return [zones, replace(self, only=(*self.only, *others))]

    def _decided(self, begin: Sequence[int], gate: Sequence[int]) -> list[int]:
        """Write the commitment of those who commit themselves, and the review of the others."""
        commitment = self.matter.commitment if self.levers.commitment else None
        if commitment is None:
            return self._after_full_review(begin, gate)
        stream, taken = self._stream("commits"), commitment.taken_by
        who: tuple[Gate, ...] = (Chance(stream, taken),)
        rest: tuple[Gate, ...] | None = (Chance(stream, taken, happens=False),)
        if commitment.when:
            who, rest = gates_of(commitment.when), self._otherwise(commitment.when)
        commits = replace(self, only=(*self.only, *who))
        decided = [commits._on_commitment([*begin, *gate])]
        if rest is not None and (taken < 1 or commitment.when):
            others = replace(self, only=(*self.only, *rest))
            decided += others._after_full_review(begin, gate)
        return decided

    def _otherwise(self, condition: Condition) -> tuple[Gate, ...] | None:
        """Return the gates of the cases with another value of the one attribute of a condition.

        None: it has no other value.
        """
        ((name, stated),) = condition.items()
        chosen = {stated} if isinstance(stated, str) else set(stated)
        case_type = self.builder.scenario.case_types[self.builder.case_type]
        values = tuple(sorted(set(case_type.attributes[name].shares) - chosen))
        return (Attribute(name, values),) if values else None

    def prepared(self, after: Sequence[int]) -> Sequence[int]:
        """Write the applicant's own time before papers that go to no window, and no authority."""
        preparation = self.matter.preparation
        if preparation is None or self.builder.application is not None:
            return after
        phase = Phase.BEFORE
        return [self.delay(Role.PREPARATION, "preparation", preparation, after, phase=phase)]

    @property
    def _own(self) -> tuple[Gate, ...]:
        """Gates of the cases that have this matter and take this way."""
        return (*gates_of(self.matter.when), *self.only)

    def _after_full_review(self, begin: Sequence[int], gate: Sequence[int]) -> list[int]:
        """Write the review chain, special procedures, publicity and the decision."""
        last = list(begin)
        for position, step in enumerate(self.matter.review):
            first = position == 0
            last = self._first_review(step, last) if first else [self._review(step, 1, last)]
        last = self._done_again(last)
        for name, special in self.matter.special.items():
            last = [self._special(name, special, last)]
        verification, decision = self.matter.verification, self.matter.decision
        later = self.levers.build_first and decision is not None
        if verification is not None and not later:
            last = [self._verify(verification, last)]
        if self.matter.publicity is not None:
            last = [self.delay(Role.PUBLICITY, "publicity", self.matter.publicity, last)]
        if decision is None:  # the matter is a publicity period: its end is the result
            return [*last, *gate]
        decided = self._decision("decision", decision.work, [*last, *gate])
        if verification is not None and later:
            self._verify_later(verification, decision, decided)
        return [decided]

    def delay(
        self,
        role: Role,
        name: str,
        distribution: Distribution,
        after: Sequence[int],
        *,
        owner: Owner | None = None,
        **more: Any,
    ) -> int:
        """Add a delay of this matter: ``matter/name``, with the stream of the same name."""
        owner = _DELAYED_BY.get(role, Owner.APPLICANT) if owner is None else owner
        usual: dict[str, Any] = {
            "phase": Phase.RUNNING,
            "department": "" if owner is Owner.APPLICANT else self.matter.department,
        }
        return self._add(name, distribution, after, role=role, owner=owner, **(usual | more))

    def _work(
        self,
        role: Role,
        name: str,
        seats: Sequence[str],
        work: Distribution,
        after: Sequence[int],
        **more: Any,
    ) -> int:
        """Add work on this matter; the work of a third party is its own time.

        `seats`: the pools of all officers who do it together.
        """
        pool = seats[0]
        usual = {
            "owner": Owner.THIRD_PARTY if self.matter.third_party else Owner.AUTHORITY,
            "phase": Phase.RUNNING,
            "department": self.builder.department_of(pool) or self.matter.department,
        }
        return self._add(name, work, after, role=role, pool=pool, seats=seats, **(usual | more))

    def _own_work(
        self,
        role: Role,
        name: str,
        task: Task,
        work: Distribution,
        after: Sequence[int],
        *,
        gates: tuple[Gate, ...] = (),
        **more: Any,
    ) -> int:
        """Add work of the deciding department, or of the pool to which the matter is delegated."""
        seats, share = task.seats, self.share
        if self.delegated is not None:
            whose, effort = self.delegated.pool, self.delegated.effort
            seats = tuple(whose if pool == task.pool else pool for pool in seats)
            if not self.way:
                share *= effort
            elif effort != 1:  # the department's way has the same stream, so the same distribution
                more["factors"] = (((), effort),)
            if not self.levers.in_own_name:
                more["department"] = self.matter.department
        gates = (*gates_of(task.when), *gates)
        return self._work(role, name, seats, scaled(work, share), after, gates=gates, **more)

    def _add(
        self,
        name: str,
        duration: Distribution,
        after: Sequence[int],
        *,
        gates: tuple[Gate, ...] = (),
        where: Sequence[tuple[Gate, ...]] = ((),),
        number: int = 1,
        pool: str | None = None,
        factors: tuple[Factor, ...] = (),
        **more: Any,
    ) -> int:
        """Add a step for cases that meet all `gates` and at least one element of `where`."""
        full_name = numbered(name, number)
        stream = self._stream(full_name)
        return self.builder.add(
            name="/".join(filter(None, (self.name, self.way, full_name))),
            covers=(self.name,),
            terms=tuple(
                Term(stream, duration, condition, factors, matter=self.name) for condition in where
            ),
            combine=Combine.MAX,
            after=after,
            gates=(*self._own, *gates),
            pool=pool,
            **more,
        )

    def _stream(self, *parts: str | int) -> str:
        return self.builder.stream(self.name, *parts)

    # --- review ------------------------------------------------------------------------------

    def _first_review(self, step: str, begin: list[int]) -> list[int]:
        """Write the first review and its corrections, the co-reviews beside it, and the meeting."""
        joined = [self._corrected_review(step, begin), *self._co_reviews(begin)]
        meeting = self.matter.meeting
        if not self.levers.meetings or meeting is None:
            return joined
        return [self._work(Role.MEETING, "meeting", [meeting.pool], meeting.work, joined)]

    def _review(
        self,
        step: str,
        number: int,
        after: Sequence[int],
        gates: tuple[Gate, ...] = (),
        share: float = 1.0,
    ) -> int:
        task = self.matter.review[step]
        work = scaled(task.work, share)
        return self._own_work(
            Role.REVIEW, f"review/{step}", task, work, after, gates=gates, number=number
        )

    def _corrected_review(self, step: str, begin: Sequence[int]) -> int:
        """Write the first review and its rounds of correction, which pause the clock."""
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
            stream = self._stream("review_withdrawn", number)
            corrected = self.delay(
                Role.CORRECTION,
                "review_correction",
                correction.turnaround,
                [last],
                gates=(sent_back,),
                number=number,
                stops=stops_with(
                    stream,
                    correction.withdrawal,
                    Outcome.WITHDRAWN,
                    again=another_application(self.builder, self.name, self.matter, withdrawn=True),
                ),
            )
            again = self._review(step, number + 1, [corrected], (sent_back,), correction.redo)
            self.builder.repeated_by(last, again)
            last = again
        return last

    def _co_reviews(self, begin: Sequence[int]) -> list[int]:
        """Write the co-reviews of other departments; before a meeting they only prepare."""
        meeting = self.matter.meeting if self.levers.meetings else None
        share = 1.0 if meeting is None else meeting.preparation
        return [
            self._work(
                Role.CO_REVIEW,
                f"co_review/{other}",
                task.seats,
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
            return self.delay(Role.SPECIAL, step, special.delay, after, gates=gates)
        assert special.work is not None
        return self._work(
            Role.SPECIAL, step, special.seats, special.work, after, gates=gates, owner=Owner.SPECIAL
        )

    def _decision(self, name: str, work: Distribution, after: Sequence[int]) -> int:
        decision, probability = self.matter.decision, self.matter.refusal.at_decision
        assert decision is not None
        another = another_application(self.builder, self.name, self.matter)
        refused = stops_with(self._stream("refused"), probability, Outcome.REFUSED, again=another)
        return self._own_work(
            Role.DECISION, name, decision, work, after, marks=Mark.DECISION, stops=refused
        )

    def _on_commitment(self, after: Sequence[int]) -> int:
        """Write the decision on a commitment, and the verification that follows."""
        decision, commitment = self.matter.decision, self.matter.commitment
        assert decision is not None
        assert commitment is not None
        decided = self._decision("commitment", commitment.work, after)
        self._verify_later(commitment.verification, decision, decided, "commitment/")
        return decided

    def _done_again(self, after: list[int]) -> list[int]:
        """Write the second review, which repairs errors of a delegated review."""
        delegated = self.delegated
        if delegated is None or delegated.error == 0 or not self.matter.review:
            return after
        step, task = next(iter(self.matter.review.items()))
        gates = (Chance(self._stream("erroneous"), delegated.error),)
        again = f"review/{step}/again"
        return [self._own_work(Role.REVIEW, again, task, task.work, after, gates=gates)]

    # --- verification ------------------------------------------------------------------------

    def _verify_later(
        self, verification: Verification, decision: Task, decided: int, prefix: str = ""
    ) -> None:
        """Write the verification after the decision: on no clock, but it uses staff."""
        gates = gates_of(decision.when)
        supervised: dict[str, Any] = {"owner": Owner.SUPERVISION, "phase": Phase.AFTER}
        step, later = f"{prefix}verification/due", verification.after
        due = self.delay(Role.VERIFICATION, step, later, [decided], gates=gates, **supervised)
        wrong = Chance(self._stream("violation"), verification.violation)
        stream = self._stream("revoked")
        revoked = stops_with(stream, verification.revoked, Outcome.REVOKED, (wrong,))
        self._verify(verification, [due], gates, prefix, stops=revoked, **supervised)

    def _verify(
        self,
        verification: Verification,
        after: Sequence[int],
        gates: tuple[Gate, ...] = (),
        prefix: str = "",
        **more: Any,
    ) -> int:
        """Write a verification; violations are remedied and verified again."""
        step, work = f"{prefix}verification", verification.work
        verified = self._work(
            Role.VERIFICATION, step, verification.seats, work, after, gates=gates, **more
        )
        if verification.violation == 0:
            return verified
        more["gates"] = (*gates, Chance(self._stream("violation"), verification.violation))
        more.pop("stops", None)
        name, time = f"{prefix}rectification", verification.rectification
        rectified = self.delay(Role.CORRECTION, name, time, [verified], **more)
        again = scaled(work, verification.redo)
        return self._work(
            Role.VERIFICATION, step, verification.seats, again, [rectified], number=2, **more
        )


def with_assistance(levers: Levers) -> tuple[Factor, ...]:
    """Return the factor of assisted service on the probability of correction."""
    assistance = levers.assistance
    if assistance is None:
        return ()
    return ((gates_of(assistance.when), assistance.correction),)


def stops_with(
    stream: str,
    probability: float,
    outcome: Outcome,
    gates: tuple[Gate, ...] = (),
    *,
    again: Again | None = None,
) -> tuple[Stop, ...]:
    """Return the stop with this probability; () if it is 0."""
    return (Stop(stream, probability, outcome, gates, again),) if probability > 0 else ()
