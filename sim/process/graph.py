"""The graph of steps of one case type, with every repetition written out.

A `Graph` is the longest course of a case: it has all correction rounds up to their cap and all
conditional steps. The draws of a case decide which nodes it has (`Gate`). If a case lacks a node,
the successors of the node wait for its predecessors instead.

A case that comes to its end (`Stop`) and is handed in again (`Role.RESUBMISSION`) lacks what was
left of that application, has the nodes of the next one, and then goes on as any other case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum, IntFlag
from typing import Final

from sim.scenario import Distribution


class Owner(IntEnum):
    """The party that the time of a step belongs to (model page §8)."""

    AUTHORITY = 0
    APPLICANT = 1
    THIRD_PARTY = 2
    SPECIAL = 3
    """Hearing, expert review, inspection: excluded by Administrative Licensing Law art. 45."""
    PUBLICITY = 4
    """Excluded from promised limits where local rules say so (e.g. Binzhou 2020 art. 19)."""
    DEFERRED = 5
    """The applicant brings missing papers after conditional acceptance; the clock runs on."""
    SUPERVISION = 6
    """Verification after the decision (事后监管): on no clock, but it uses staff."""


class Pause(IntEnum):
    """The kinds of time for which a clock may pause; a scenario names them in small letters."""

    APPLICANT = 0
    """The applicant's time other than corrections: preparation, ways to a counter, steps of an
    open network."""
    CORRECTION_BEFORE_ACCEPTANCE = 1
    CORRECTION_AFTER_ACCEPTANCE = 2
    SPECIAL_PROCEDURE = 3
    PUBLICITY = 4
    THIRD_PARTY = 5
    MISSING_PAPERS = 6


_PAUSE_OF: Final = {
    Owner.THIRD_PARTY: Pause.THIRD_PARTY,
    Owner.SPECIAL: Pause.SPECIAL_PROCEDURE,
    Owner.PUBLICITY: Pause.PUBLICITY,
    Owner.DEFERRED: Pause.MISSING_PAPERS,
}


class Role(IntEnum):
    """What a step is in the anatomy of a matter (model page §4)."""

    TRIP = 0
    INTAKE = 1
    CHECK = 2
    CORRECTION = 3
    TRANSFER = 4
    REVIEW = 5
    CO_REVIEW = 6
    MEETING = 7
    SPECIAL = 8
    PUBLICITY = 9
    DECISION = 10
    DELIVERY = 11
    STEP = 12
    """A step of an open network, outside the anatomy of a matter."""
    ASSISTANCE = 13
    """An assistant prepares the papers, before they are handed in."""
    VERIFICATION = 14
    """Verification on the spot, before the decision or after it."""
    RESUBMISSION = 15
    """After a negative outcome, until the applicant hands in again (退件重报)."""
    PREPARATION = 16
    """The applicant prepares the papers (建设单位合理化用时), before they are handed in."""


class Phase(IntEnum):
    """The position of a step relative to the clock of its own matter."""

    BEFORE = 0
    """Before acceptance."""
    RUNNING = 1
    """From acceptance to decision."""
    AFTER = 2
    """After the decision."""


class Mark(IntFlag):
    """The events on which clocks start and stop."""

    NONE = 0
    SUBMISSION = 1
    """The applicant hands in when this step becomes ready."""
    ACCEPTANCE = 2
    """Accepted (受理) when this step ends, unless another round of correction follows."""
    DECISION = 4
    """Decided when this step ends."""
    DELIVERY = 8
    """Certificate handed over when this step ends."""
    FAILURE = 16
    """The case ends here without success, when this step ends: refused, withdrawn, revoked …"""


class Outcome(IntEnum):
    """How a case ends."""

    DONE = 0
    REFUSED = 1
    """By a decision."""
    WITHDRAWN = 2
    """By the applicant, instead of a correction."""
    NOT_ACCEPTED = 3
    """Refused at the check, before acceptance (不予受理)."""
    LAPSED = 4
    """Accepted conditionally, and the missing papers did not come in time."""
    REVOKED = 5
    """Decided on a commitment that proved false (撤销)."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """Gate: the case's attribute has one of these values."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chance:
    """Gate: an independent event with this probability, drawn from the stream."""

    stream: str
    probability: float
    happens: bool = True
    """False: the gate holds where the event does not happen."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Gate: a choice between steps that exclude each other falls on this step.

    One uniform number of the stream decides for all steps of the choice: it falls on the step
    whose interval from `low` up to `high` it lies in, or, for an open case that is known to have
    gone there, is the `sign` of the step.
    """

    stream: str
    low: float
    high: float
    sign: float
    """A negative number, another one for each step."""
    name: str
    """The name of the choice."""


@dataclass(frozen=True, slots=True)
class Longer:
    """Gate: the duration drawn from the stream exceeds `than_s` (days for a legal period)."""

    stream: str
    distribution: Distribution
    than_s: int


Factor = tuple[tuple["Gate", ...], float]
"""(gates, factor): the factor applies to cases for which all gates hold."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """A number of correction rounds: 0, 1, … `cap`, drawn from one uniform of the stream.

    P(≥ 1) = first; each further round follows with probability `again`; cut off at `cap`.
    """

    stream: str
    first: float
    again: float
    cap: int
    factors: tuple[Factor, ...] = ()
    """Factors on `first`; those that apply are multiplied, and the result is at most 1."""
    matter: str = ""
    """The matter, or the step of an open network, that is sent back."""


@dataclass(frozen=True, slots=True)
class Round:
    """Gate: at least one of the `rounds` reaches round `number` (1 = the first correction).

    `rounds` are pairs (rounds, conditions); a pair counts only if its conditions hold, so that a
    matter that a case does not have sends nothing back.
    """

    rounds: tuple[tuple[Rounds, tuple[Attribute | Chance | Choice | Longer, ...]], ...]
    number: int


Gate = Attribute | Chance | Choice | Longer | Round


class Combine(Enum):
    """How the terms of one node make its duration."""

    SUM = "sum"
    MAX = "max"


@dataclass(frozen=True, slots=True)
class Term:
    """One drawn duration, which counts only if all its gates hold.

    A node without a term that counts does not take place: a case with none of the matters of a
    window does not go there.
    """

    stream: str
    distribution: Distribution
    gates: tuple[Gate, ...] = ()
    factors: tuple[Factor, ...] = ()
    """Factors on the duration; those that apply are multiplied."""
    at_most_s: int | None = None
    """Upper bound of the duration."""
    matter: str = ""
    """The matter of the duration; "" for a whole stage, and in an open network."""


@dataclass(frozen=True, slots=True)
class Again:
    """The applicant hands in again after the end of an application."""

    matter: str
    """The matter that came to a negative outcome."""
    chance: Chance


@dataclass(frozen=True, slots=True)
class Stop:
    """With this probability the case ends here: no successor of the node takes place."""

    stream: str
    probability: float
    outcome: Outcome
    gates: tuple[Gate, ...] = ()
    """All must hold: a case without the matter cannot be refused."""
    again: Again | None = None
    """None: the applicant never hands in again."""


@dataclass(frozen=True, slots=True)
class Node:
    """One step of the graph."""

    name: str
    """Unique within the case type: ``matter/role[/detail][/round]``."""
    role: Role
    owner: Owner
    phase: Phase
    covers: tuple[str, ...]
    """The matters of the step: one, or all of a stage at a single window; () in open networks."""
    department: str
    """The department that accounts for the days used; "" if there is none."""
    pool: str | None
    """The pool that does the work; None for a delay."""
    terms: tuple[Term, ...]
    combine: Combine
    after: tuple[int, ...]
    """Numbers of the predecessors in the graph, all smaller than the number of the node."""
    gates: tuple[Gate, ...] = ()
    marks: Mark = Mark.NONE
    next_round: int | None = None
    """The node that repeats this node if the case is sent back; None if no node does."""
    handed_in: tuple[int, ...] = ()
    """The resubmissions before this node: a case has the node only if it has one of them. ():
    the node is in the first application."""
    stops: tuple[Stop, ...] = ()
    seats: int = 1
    """Officers who do the work together; the nodes of the further ones follow this node."""
    seat_of: int | None = None
    """Of a further officer of a team (`sim.engine`): the node that the seats belong to."""
    tacit_wd: int | None = None
    """At the close of this number of working days silence counts as consent; None: never."""
    priority: int = 0

    @property
    def serves(self) -> tuple[str, ...]:
        """The matters whose time it is. Preparation lies between matters: no matter has begun."""
        return () if self.role is Role.PREPARATION else self.covers

    @property
    def pause(self) -> Pause | None:
        """The kind of pause that its time is; None: no clock pauses for it."""
        if self.owner is not Owner.APPLICANT:
            return _PAUSE_OF.get(self.owner)
        if self.role is not Role.CORRECTION:
            return Pause.APPLICANT
        before = self.phase is Phase.BEFORE
        return Pause.CORRECTION_BEFORE_ACCEPTANCE if before else Pause.CORRECTION_AFTER_ACCEPTANCE


@dataclass(frozen=True, slots=True)
class Graph:
    """All nodes of one case type, predecessors first."""

    case_type: str
    nodes: tuple[Node, ...]
    stages: Mapping[str, str] = field(default_factory=dict)
    """Matter → its stage; a matter without one stands for a stage of its own."""
    standards: Mapping[str, str] = field(default_factory=dict)
    """Stage → the standard stage to which it belongs; without one, it stands for itself."""
