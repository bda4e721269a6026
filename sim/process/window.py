"""At the window: receipt, check of completeness, correction before acceptance, and delivery.

The same steps serve one matter at its own counter and all matters of a stage at the general
window. At the general window one receipt covers all matters, the check covers the papers of every
matter, one notice lists all that is missing, and the applicant comes back once, when the slowest
correction is ready.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from sim.process.builder import GraphBuilder, any_reaches, gates_of, numbered, reaches, scaled
from sim.process.graph import (
    Chance,
    Combine,
    Factor,
    Gate,
    Longer,
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
from sim.process.matter import stops_with, with_assistance
from sim.process.resubmission import another_application
from sim.scenario import Correction, Deficiency, Distribution, Matter, Problem, ScenarioError
from sim.translation import noted, tr

APPLICANT: Final[Mapping[str, Any]] = MappingProxyType(
    {"owner": Owner.APPLICANT, "pool": None, "department": ""}
)
"""Whose the applicant's time is: nobody works on it, and no department accounts for it."""


@dataclass(frozen=True)
class Accepted:
    """The end of the intake at a window."""

    node: int
    """The node after which all matters are accepted."""
    papers: Mapping[str, tuple[int, ...]]
    """Matter → the nodes after which its missing papers are complete; a case has at most one."""

    def papers_of(self, name: str) -> tuple[int, ...]:
        """Return the nodes of missing papers, for which the decision of a matter waits."""
        return self.papers.get(name, ())


@dataclass(frozen=True)
class Window:
    """Writes the steps at one window for the matters that are handed in together."""

    builder: GraphBuilder
    name: str
    """The stage; the matter, if it is handed in alone."""
    members: Mapping[str, Matter]
    pool: str
    department: str
    """The department that accounts for the steps if the pool belongs to none."""
    levers: Levers

    def accept(self, after: Sequence[int]) -> Accepted:
        """Write preparation, assistance, receipt, check and corrections."""
        helped = self._assist(self._prepare(after))
        received = self._together(Role.INTAKE, Phase.BEFORE, Mark.SUBMISSION, helped)
        notice = last = self._check([received], self._common(), 1)
        sent_back = [(rounds, self._major(name)) for name, rounds in self._rounds().items()]
        for number in range(1, max((rounds.cap for rounds, _ in sent_back), default=0) + 1):
            gates = (*self._common(), any_reaches(sent_back, number))
            corrected = self._correct([last], gates, number)
            again = self._check([corrected], gates, number + 1)
            self.builder.repeated_by(last, again)
            last = again
        papers = {name: (self._papers(name, notice, last),) for name in self._deficient()}
        return Accepted(last, papers)

    def deliver(self, after: Sequence[int]) -> Sequence[int]:
        """Write the delivery; return the nodes after which the applicant has the certificates."""
        if all(matter.delivery is None for matter in self.members.values()):
            return after
        return [self._together(Role.DELIVERY, Phase.AFTER, Mark.DELIVERY, after)]

    def _prepare(self, after: Sequence[int]) -> Sequence[int]:
        """Write the applicant's own time before the first application, as long as the slowest's."""
        factors: tuple[Factor, ...] = ()
        if (assistance := self.levers.assistance) is not None and assistance.preparation != 1:
            factors = ((gates_of(assistance.when), assistance.preparation),)
        terms = [
            Term(
                self.builder.stream(name, "preparation"),
                matter.preparation,
                gates_of(matter.when),
                factors,
                matter=name,
            )
            for name, matter in self.members.items()
            if matter.preparation is not None
        ]
        if not terms or self.builder.application is not None:
            return after
        self._one_calendar(noted("preparations"), [term.distribution for term in terms])
        return [
            self._add("preparation", Role.PREPARATION, terms, after, self._common(), **APPLICANT)
        ]

    def _assist(self, after: Sequence[int]) -> Sequence[int]:
        """Write assisted service 帮办代办, before the papers are handed in."""
        assistance = self.levers.assistance
        if assistance is None:
            return after
        stream = self.builder.stream(self.name, "assistance")
        conditions = dict.fromkeys(gates_of(matter.when) for matter in self.members.values())
        terms = [Term(stream, assistance.work, condition) for condition in conditions]
        gates = (*self._common(), *gates_of(assistance.when))
        return [
            self._add(
                "assistance",
                Role.ASSISTANCE,
                terms,
                after,
                gates,
                pool=assistance.pool,
                owner=Owner.APPLICANT,
                department=self.builder.department_of(assistance.pool),
            )
        ]

    def _together(self, role: Role, phase: Phase, marks: Mark, after: Sequence[int]) -> int:
        """Add receipt or delivery: one step for all matters, as long as for the slowest matter."""
        kind = role.name.lower()
        terms = []
        for name, matter in self.members.items():
            work: Distribution | None = matter.intake if role is Role.INTAKE else matter.delivery
            if work is not None:
                stream, own = self.builder.stream(name, kind), gates_of(matter.when)
                terms.append(Term(stream, work, own, matter=name))
        gates = (*self._common(), *self.levers.in_person)
        return self._add(kind, role, terms, after, gates, phase=phase, marks=marks)

    def _check(self, after: Sequence[int], gates: tuple[Gate, ...], number: int) -> int:
        """Add a check: the first of all papers, the others of the papers sent back."""
        terms, stops = [], list[Stop]()
        for name, matter in self.members.items():
            assert matter.check is not None
            own = gates_of(matter.when)
            stream = self.builder.stream(name, numbered("check", number))
            if number == 1:
                terms.append(Term(stream, matter.check, own, matter=name))
                stops += stops_with(
                    self.builder.stream(name, "not_accepted"),
                    matter.refusal.at_acceptance,
                    Outcome.NOT_ACCEPTED,
                    own,
                    again=another_application(self.builder, name, matter),
                )
            elif matter.correction is not None:
                again = scaled(matter.check, matter.correction.redo)
                own = self._sent_back(name, number - 1)
                terms.append(Term(stream, again, own, matter=name))
        # Online cases have no receipt: the first check is their first step.
        submitted = Mark.SUBMISSION if self.levers.online and number == 1 else Mark.NONE
        marks = Mark.ACCEPTANCE | submitted
        return self._add(
            "check", Role.CHECK, terms, after, gates, number=number, marks=marks, stops=tuple(stops)
        )

    def _correct(self, after: Sequence[int], gates: tuple[Gate, ...], number: int) -> int:
        """Add the correction by the applicant, as long as for the slowest matter."""
        terms, stops = [], list[Stop]()
        for name, correction in self._corrections().items():
            own = self._sent_back(name, number)
            stream = self.builder.stream(name, numbered("correction", number))
            terms.append(Term(stream, correction.turnaround, own, matter=name))
            stream = self.builder.stream(name, "withdrawn", number)
            stops += stops_with(
                stream,
                correction.withdrawal,
                Outcome.WITHDRAWN,
                own,
                again=another_application(self.builder, name, self.members[name], withdrawn=True),
            )
        self._one_calendar(noted("turnarounds"), [term.distribution for term in terms])
        return self._add(
            "correction", Role.CORRECTION, terms, after, gates, number=number, stops=tuple(stops)
        )

    def _add(
        self,
        kind: str,
        role: Role,
        terms: Sequence[Term],
        after: Sequence[int],
        gates: tuple[Gate, ...],
        *,
        number: int = 1,
        matter: str | None = None,
        **more: Any,
    ) -> int:
        """Add a step: a check lasts the sum of its terms, any other step the longest term."""
        usual: dict[str, Any] = {
            "covers": tuple(self.members),
            "owner": Owner.AUTHORITY,
            "phase": Phase.BEFORE,
            "pool": self.pool,
            "department": self.builder.department_of(self.pool) or self.department,
        }
        if role is Role.CORRECTION:
            usual |= APPLICANT
        return self.builder.add(
            name=numbered(f"{matter or self.name}/{kind}", number),
            role=role,
            terms=tuple(terms),
            combine=Combine.SUM if role is Role.CHECK else Combine.MAX,
            after=after,
            gates=gates,
            **(usual | more),
        )

    def _common(self) -> tuple[Gate, ...]:
        """Return the gates that all matters share; a case that fails them does not come."""
        conditions = {gates_of(matter.when) for matter in self.members.values()}
        return conditions.pop() if len(conditions) == 1 else ()

    def _corrections(self) -> dict[str, Correction]:
        corrections = {name: matter.correction for name, matter in self.members.items()}
        return {
            name: correction for name, correction in corrections.items() if correction is not None
        }

    def _rounds(self) -> dict[str, Rounds]:
        return {
            name: Rounds(
                self.builder.stream(name, "rounds"),
                correction.probability,
                correction.again,
                correction.max_rounds,
                with_assistance(self.levers),
                matter=name,
            )
            for name, correction in self._corrections().items()
        }

    def _sent_back(self, name: str, number: int) -> tuple[Gate, ...]:
        own = self._major(name)
        return (*own, reaches(self._rounds()[name], number, own))

    # --- conditional acceptance 容缺受理 ------------------------------------------------------

    def _deficient(self) -> dict[str, Deficiency]:
        """Return the matters that may be accepted with papers missing."""
        return {
            name: matter.deficiency
            for name, matter in self.members.items()
            if self.levers.conditional and matter.deficiency is not None
        }

    def _minor(self, name: str, *, happens: bool) -> Chance:
        return Chance(self.builder.stream(name, "minor"), self._deficient()[name].minor, happens)

    def _major(self, name: str) -> tuple[Gate, ...]:
        """Return the gates of the cases that a matter does not accept without all papers."""
        own = gates_of(self.members[name].when)
        return (*own, self._minor(name, happens=False)) if name in self._deficient() else own

    def _papers(self, name: str, notice: int, accepted: int) -> int:
        """Write the delivery and the check of missing papers, while the clock runs.

        They take the time of a correction, from the notice on, even if the papers of another
        matter delay the acceptance. After the deadline the acceptance lapses.
        """
        matter, deadline = self.members[name], self._deficient()[name].deadline
        correction = matter.correction
        assert correction is not None
        assert matter.check is not None
        lacks = (*gates_of(matter.when), self._minor(name, happens=True))
        gates = (*lacks, reaches(self._rounds()[name], 1, lacks))
        stream, turnaround = self.builder.stream(name, "correction"), correction.turnaround
        latest = int(deadline.value if turnaround.kind == "legal" else deadline.seconds)
        too_late = Longer(stream, turnaround, latest)
        another = another_application(self.builder, name, matter)
        lapsed = self.builder.stream(name, "lapsed")
        lapses = Stop(lapsed, 1.0, Outcome.LAPSED, (too_late,), again=another)
        missing: dict[str, Any] = {"covers": (name,), "phase": Phase.RUNNING, "matter": name}
        brought = self._add(
            "papers",
            Role.CORRECTION,
            [Term(stream, turnaround, at_most_s=latest, matter=name)],
            [notice],
            gates,
            owner=Owner.DEFERRED,
            stops=(lapses,),
            **missing,
        )
        again = scaled(matter.check, correction.redo)
        checked = Term(self.builder.stream(name, "check/2"), again, matter=name)
        after = [brought, accepted]
        return self._add("papers/check", Role.CHECK, [checked], after, gates, **missing)

    def _one_calendar(self, what: str, times: Sequence[Distribution]) -> None:
        if len({_calendar(time) for time in times}) > 1:
            path = f"case_types.{self.builder.case_type}.stages.{self.name}"
            rule = tr(
                "the {what} of matters handed in together must pass on one calendar: all in "
                "hours or calendar days, all in working days, or all legal periods of one unit",
                what=tr(what),
            )
            raise ScenarioError([Problem(rule, self.builder.origin, None, path)])


def _calendar(time: Distribution) -> str:
    """Return the calendar of a delay; only delays on one calendar can be compared in advance."""
    if time.kind == "legal":
        return f"legal {time.unit}"
    return "wd" if time.unit == "wd" else "elapsed"
