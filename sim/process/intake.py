"""At the window: receipt, check of completeness, correction before acceptance, and delivery.

The same steps serve one matter at its own counter and all matters of a stage at the general
window. At the general window one receipt takes in everything, every matter's papers are checked,
one notice lists everything that is missing, and the applicant comes back once, when the slowest
correction is ready.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.process.builder import GraphBuilder, any_reaches, gates_of, numbered, reaches, scaled
from sim.process.desk import stops_with
from sim.process.graph import Combine, Gate, Mark, Outcome, Owner, Phase, Role, Rounds, Stop, Term
from sim.scenario import Correction, Distribution, Matter, Problem, ScenarioError


@dataclass(frozen=True)
class Window:
    """Writes what happens at one window for the matters that are handed in together."""

    builder: GraphBuilder
    name: str
    """The stage, or the matter where it is alone."""
    members: Mapping[str, Matter]
    pool: str

    def accept(self, after: Sequence[int]) -> int:
        """Write receipt, check and corrections; return the node after which all is accepted."""
        received = self._together(Role.INTAKE, Phase.BEFORE, Mark.SUBMISSION, after)
        last = self._check([received], self._common(), 1)
        sent_back = [
            (rounds, gates_of(self.members[name].when)) for name, rounds in self._rounds().items()
        ]
        for number in range(1, max((rounds.cap for rounds, _ in sent_back), default=0) + 1):
            gates = (*self._common(), any_reaches(sent_back, number))
            corrected = self._correct([last], gates, number)
            again = self._check([corrected], gates, number + 1)
            self.builder.repeated_by(last, again)
            last = again
        return last

    def deliver(self, after: Sequence[int]) -> int:
        """Write the delivery; return the node after which the applicant has the certificates."""
        if all(matter.delivery is None for matter in self.members.values()):
            return after[0]
        return self._together(Role.DELIVERY, Phase.AFTER, Mark.DELIVERY, after)

    def _together(self, role: Role, phase: Phase, marks: Mark, after: Sequence[int]) -> int:
        """Add receipt or delivery: one act for all matters, as long as the longest of them."""
        kind = role.name.lower()
        terms = []
        for name, matter in self.members.items():
            work: Distribution | None = matter.intake if role is Role.INTAKE else matter.delivery
            if work is not None:
                terms.append(Term(self.builder.stream(name, kind), work, gates_of(matter.when)))
        return self._add(
            kind, role, terms, Combine.MAX, after, self._common(), phase=phase, marks=marks
        )

    def _check(self, after: Sequence[int], gates: tuple[Gate, ...], number: int) -> int:
        """Add a check of all papers; from the second on, of those that were sent back."""
        terms, stops = [], list[Stop]()
        for name, matter in self.members.items():
            assert matter.check is not None
            own = gates_of(matter.when)
            stream = self.builder.stream(name, numbered("check", number))
            if number == 1:
                terms.append(Term(stream, matter.check, own))
                stops += stops_with(
                    self.builder.stream(name, "not_accepted"),
                    matter.refusal.at_acceptance,
                    Outcome.NOT_ACCEPTED,
                    own,
                )
            elif matter.correction is not None:
                again = scaled(matter.check, matter.correction.redo)
                terms.append(Term(stream, again, self._sent_back(name, number - 1)))
        return self._add(
            "check",
            Role.CHECK,
            terms,
            Combine.SUM,
            after,
            gates,
            number=number,
            marks=Mark.ACCEPTANCE,
            stops=tuple(stops),
        )

    def _correct(self, after: Sequence[int], gates: tuple[Gate, ...], number: int) -> int:
        """Add the applicant's correction: as long as the slowest matter's."""
        terms, stops = [], list[Stop]()
        for name, correction in self._corrections().items():
            own = self._sent_back(name, number)
            stream = self.builder.stream(name, numbered("correction", number))
            terms.append(Term(stream, correction.turnaround, own))
            stops += stops_with(
                self.builder.stream(name, "withdrawn", number),
                correction.withdrawal,
                Outcome.WITHDRAWN,
                own,
            )
        self._one_calendar([term.distribution for term in terms])
        return self._add(
            "correction",
            Role.CORRECTION,
            terms,
            Combine.MAX,
            after,
            gates,
            number=number,
            owner=Owner.APPLICANT,
            department="",
            pool=None,
            stops=tuple(stops),
        )

    def _add(
        self,
        kind: str,
        role: Role,
        terms: Sequence[Term],
        combine: Combine,
        after: Sequence[int],
        gates: tuple[Gate, ...],
        *,
        number: int = 1,
        **more: Any,
    ) -> int:
        first = next(iter(self.members.values()))
        usual = {
            "owner": Owner.AUTHORITY,
            "phase": Phase.BEFORE,
            "pool": self.pool,
            "department": self.builder.department_of(self.pool) or first.department,
        }
        return self.builder.add(
            name=numbered(f"{self.name}/{kind}", number),
            role=role,
            covers=tuple(self.members),
            terms=tuple(terms),
            combine=combine,
            after=after,
            gates=gates,
            **(usual | more),
        )

    def _common(self) -> tuple[Gate, ...]:
        """Return the conditions that all matters here share: without them nobody comes."""
        conditions = {gates_of(matter.when) for matter in self.members.values()}
        return conditions.pop() if len(conditions) == 1 else ()

    def _corrections(self) -> dict[str, Correction]:
        return {
            name: matter.correction
            for name, matter in self.members.items()
            if matter.correction is not None
        }

    def _rounds(self) -> dict[str, Rounds]:
        return {
            name: Rounds(
                self.builder.stream(name, "rounds"),
                correction.probability,
                correction.again,
                correction.max_rounds,
            )
            for name, correction in self._corrections().items()
        }

    def _sent_back(self, name: str, number: int) -> tuple[Gate, ...]:
        own = gates_of(self.members[name].when)
        return (*own, reaches(self._rounds()[name], number, own))

    def _one_calendar(self, turnarounds: Sequence[Distribution]) -> None:
        if len({_calendar(each) for each in turnarounds}) > 1:
            path = f"case_types.{self.builder.case_type}.stages.{self.name}"
            rule = (
                "the turnarounds of matters handed in together must pass on one calendar: all in "
                "hours or calendar days, all in working days, or all legal periods of one unit"
            )
            raise ScenarioError([Problem(rule, self.builder.origin, None, path)])


def _calendar(turnaround: Distribution) -> str:
    """Say on what a delay passes; only alike ones can be compared before they begin."""
    if turnaround.kind == "legal":
        return f"legal {turnaround.unit}"
    return "wd" if turnaround.unit == "wd" else "elapsed"
