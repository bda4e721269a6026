"""The course of a case: the matters of an approval, or the steps of an open network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field, Strict, model_validator

from sim.scenario.schema.arrivals import Arrivals, AttributeShares, MoreArrivals
from sim.scenario.schema.base import (
    Block,
    Condition,
    DepartmentName,
    Factor,
    Flag,
    Labelled,
    MatterName,
    Name,
    NonNegative,
    PoolName,
    Probability,
    StageName,
    StepName,
    Word,
    require,
    short_form,
)
from sim.scenario.schema.distributions import Distribution, Work
from sim.scenario.schema.marks import RefersTo, Wiring
from sim.scenario.schema.quantities import Allowed, Days, Duration
from sim.translation import tr

KINDS_OF_WORK: Final = ("intake", "check", "review", "decision", "delivery")
"""Steps with an effort that effects can change; `review` includes opinions and meetings."""

NO_STEP: Final = "none"
"""In a choice between steps: none of them."""

MaxRounds = Annotated[int, Strict(), Field(ge=1, le=20)]


Seats = Annotated[int, Strict(), Field(ge=1, le=20)]


class Together(Block):
    """Work that may take several officers at the same time, from begin to end.

    It begins when all of them are free and on duty; until then each does other work.
    """

    pool: PoolName | None = None
    officers: Seats = 1
    """Officers of the pool who do the work together, such as 2 for an inspection on the spot
    (Licensing Law art. 34); all are busy as long as the work takes."""
    others: tuple[PoolName, ...] | Mapping[PoolName, Seats] = Field(default=(), alias="with")
    """Further pools that join in (联合踏勘): one officer of each, as in `[fire, planners]`, or the
    number of each, as in `{fire: 1, planners: 2}`. No officer may serve two of the pools."""

    def _check(self) -> None:
        alone = self.officers == 1 and not self.others
        rule = tr("officers and 'with' go with a pool and its work")
        require(self.pool is not None or alone, rule)
        rule = tr("is the pool of the work itself; write how many of it come under 'officers'")
        require(self.pool not in self.joining, rule, at="with")
        once = len(self.joining) == len(self.others)
        rule = tr("a pool is named twice; write how many of it come: {pool: 2}")
        require(once, rule, at="with")

    @property
    def joining(self) -> Mapping[str, int]:
        """The further pools, and how many officers of each."""
        given = self.others
        return given if isinstance(given, Mapping) else dict.fromkeys(given, 1)

    @property
    def seats(self) -> tuple[str, ...]:
        """The pools of all officers in turn, those of the work itself first; () for a delay."""
        if self.pool is None:
            return ()
        joining = sorted(self.joining.items())
        return (self.pool,) * self.officers + tuple(p for p, n in joining for _ in range(n))


class Task(Together):
    """Work of officers of a pool."""

    pool: PoolName
    """The pool whose officers do the work."""
    work: Work
    """Effort."""
    when: Condition = Field(default={}, alias="if")
    """Only for cases with these attribute values."""
    tacit_after: Duration | None = None
    """Only for a co-review, with `handling.tacit_consent`: if it is not done by the close of this
    number of working days, it counts as consent."""

    def _check(self) -> None:
        super()._check()
        _whole_working_days(self.tacit_after, "tacit_after")
        rule = tr("silence is one department's: a step that several do together has no tacit_after")
        require(len(self.seats) == 1 or self.tacit_after is None, rule, at="tacit_after")


def _whole_working_days(period: Duration | None, name: str) -> None:
    known = period is None or (period.unit == "wd" and period.is_legal_period)
    require(known, tr("{name} is a whole number of wd", name=name), at=name)


class Correction(Block):
    """Rounds of correction (补正): sent back, corrected by the applicant, examined again."""

    probability: Probability
    """Probability that the first examination finds something to correct."""
    again: Probability = 0.05
    """Probability that a corrected submission needs another round. The one-off notice of Licensing
    Law art. 32 forbids repeated requests, so it should be small."""
    max_rounds: MaxRounds = 3
    """Largest number of rounds; reports state the share of cases cut off there."""
    turnaround: Distribution
    """Time that the applicant takes."""
    redo: NonNegative = 0.5
    """Effort of examining again, as a share of the first examination."""
    withdrawal: Probability = 0.0
    """Probability that a case sent back is withdrawn instead of corrected."""


class Activity(Together):
    """Work of officers, or a duration without work."""

    pool: PoolName | None = None
    """The pool whose officers do the work; goes with `work`."""
    work: Work | None = None
    """Effort; goes with `pool`."""
    delay: Distribution | None = None
    """Duration without work of an officer; excludes `pool` and `work`."""

    def _check(self) -> None:
        given = [part is not None for part in (self.delay, self.pool, self.work)]
        rule = tr("give either delay, or pool and work (null takes away what a base file gives)")
        require(given in ([True, False, False], [False, True, True]), rule)
        super()._check()


class Special(Activity):
    """A special procedure (hearing, expert review, inspection); excluded by law (art. 45)."""

    probability: Probability = 1.0
    """Probability that the procedure is held."""
    when: Condition = Field(default={}, alias="if")
    """Only for cases with these attribute values."""


class Deficiency(Block):
    """Conditional acceptance 容缺受理 (`handling.conditional_acceptance`)."""

    minor: Probability
    """Share of the submissions sent back that lack minor papers only."""
    deadline: Duration = Duration(20, "wd")
    """When the missing papers are due, or the acceptance lapses (Shenzhen 2019: at most 20 wd)."""

    def _check(self) -> None:
        _whole_working_days(self.deadline, "deadline")


class Verification(Together):
    """A verification on the spot: before the decision, or after it (`handling.build_first`)."""

    pool: PoolName
    """The pool that verifies."""
    work: Work
    """Its effort."""
    after: Distribution = Distribution.model_validate({"uniform": {"low": "0 wd", "high": "60 wd"}})
    """Time from decision to verification (Zhejiang, 最多跑一次规定 art. 14: within 60 wd)."""
    violation: Probability = 0.0
    """Probability of a violation."""
    revoked: Probability = 0.0
    """Share of the violations found after the decision for which the permit is revoked."""
    rectification: Distribution = Distribution.model_validate({"constant": "10 wd"})
    """Time that the applicant takes to remedy a violation."""
    redo: Factor = 0.5
    """Effort of verifying again, as a share of the first time."""


class Commitment(Block):
    """Commitment 告知承诺 (`handling.commitment`): decided on the applicant's word."""

    work: Work
    """Effort of deciding on a commitment, by the pool of the decision."""
    taken_by: Probability = 1.0
    """Share of the applicants who commit themselves; the others have the full review."""
    when: Condition = Field(default={}, alias="if")
    """Cases with these values of one attribute commit themselves, instead of a share `taken_by`:
    the same cases in every matter that says so."""
    verification: Verification
    """The verification that follows the decision."""

    def _check(self) -> None:
        either = not self.when or self.taken_by == 1
        rule = tr(
            "give 'if' or 'taken_by': with 'if', the shares of the attribute say how many commit"
        )
        require(either, rule, at="taken_by")


class Delegated(Block):
    """Handling of a delegated matter (`handling.delegation`)."""

    pool: PoolName
    """The pool that reviews and decides: the zone's own, or city staff stationed there."""
    effort: Factor = 1.0
    """Factor on the effort of review and decision."""
    error: Probability = 0.0
    """Probability that the review must be done again before the decision."""
    when: Condition = Field(default={}, alias="if")
    """Only for cases with these values of one attribute, such as the zones that have the power; the
    department decides the others. Default: all cases."""


class Assistance(Block):
    """Assisted service 帮办代办 (`handling.assisted_service`): before each submission."""

    pool: PoolName
    """The pool of the assistants."""
    work: Work
    """Effort of the assistants for the papers of one submission."""
    correction: Factor = 0.3
    """Factor on the probability of correction, before acceptance and in the review."""
    preparation: Factor = 1.0
    """Factor on the time in which the applicant prepares papers that are handed in at a window:
    counselling before the application."""
    when: Condition = Field(default={}, alias="if")
    """Only for cases with these attribute values."""


class Online(Block):
    """Online channel 全链通 (`handling.online_share`)."""

    hours: Mapping[str, NonNegative] = Field(default={"0:00-24:00": 1.0}, min_length=1)
    """Weights of the stretches of the day in which cases come in online."""


class Meeting(Block):
    """A joint review meeting; with `handling.joint_meeting` it replaces full co-reviews."""

    pool: PoolName
    """Pool of the meeting: its officers are agenda slots, its duty hours those of the meeting."""
    work: Work
    """Time of one case on the agenda."""
    preparation: NonNegative = 0.5
    """Effort of the co-reviewers before the meeting, as a share of a full co-review."""


class Resubmission(Block):
    """Handing in again (退件重报): the applicant files a new application for the matter.

    It goes through the whole course of the matter once more. If papers are handed in together and
    not accepted, all of them are handed in again.
    """

    probability: Probability
    """Probability that an application that was not accepted, was refused, or whose acceptance
    lapsed is handed in again."""
    withdrawn: Probability | None = None
    """Probability that an application that the applicant withdrew (撤件) is handed in again;
    default: `probability`."""
    after: Distribution
    """Time from the end of an application to the next; it belongs to the applicant."""
    max_times: MaxRounds = 3
    """Largest number of times; reports state how many cases are cut off there."""


class Refusal(Block):
    """Negative outcomes."""

    at_acceptance: Probability = 0.0
    """Probability that the case is not accepted (不予受理) after the check."""
    at_decision: Probability = 0.0
    """Probability that the decision is a refusal (不予许可)."""
    resubmission: Resubmission | None = None
    """Handing in again after a negative outcome, withdrawal included."""


class StatutoryPeriod(Block):
    """The limit of the law for one matter; a bare `20 wd` counts from acceptance.

    Periods of the Licensing Law are working days from acceptance (arts. 42, 82). Another law may
    count from receipt, and in calendar days: 7 days after receipt for the construction permit
    (Construction Law art. 8) is `{limit: 7 cd, from: receipt}`. The clock stands still as the
    statutory clock does. A period in calendar days whose last day is a day off ends on the next
    working day (Civil Code art. 203).
    """

    limit: Days
    """Working days (wd) or calendar days (cd)."""
    start: Annotated[Literal["acceptance", "receipt"], Wiring()] = Field(
        default="acceptance", alias="from"
    )
    """The event from which the days count: acceptance 受理, or receipt of the papers 收到申请."""

    model_config = short_form(like="limit")

    @model_validator(mode="before")
    @classmethod
    def _bare_days(cls, value: Any) -> Any:
        return value if isinstance(value, dict | StatutoryPeriod) else {"limit": value}

    def _check(self) -> None:
        rule = tr("a period of the law is a whole number of wd or cd, such as '20 wd'")
        require(self.limit.is_legal_period, rule, at="limit")


class Matter(Labelled):
    """One approval item of one department, in the order in which it is handled."""

    department: DepartmentName
    """The department that decides."""
    stage: StageName
    """The stage it belongs to."""
    requires: tuple[MatterName, ...] = ()
    """Matters that must be decided before this one: true dependencies only."""
    when: Condition = Field(default={}, alias="if")
    """Only for cases with these attribute values."""
    at_window: Flag = True
    """Whether it is handed in at a window or counter (no: publicity, a third party's review)."""
    third_party: Flag = False
    """Whether a third party reviews it. Its time counts for no authority."""
    preparation: Distribution | None = None
    """The applicant's own time 建设单位合理化用时 before the first application: drawings,
    contractor, contract, funds. It begins when all that the matter requires is decided. Papers that
    are handed in together wait for the slowest. Default: none."""
    intake: Work | None = None
    """Receiving the papers."""
    check: Work | None = None
    """Check of completeness."""
    correction: Correction | None = None
    """Correction before acceptance: the clock has not started."""
    review: Mapping[Name, Task] = {}
    """Review chain, in this order."""
    co_review: Mapping[Name, Task] = {}
    """Opinions of other departments, beside the first step of the review."""
    meeting: Meeting | None = None
    """Joint review meeting, held with `handling.joint_meeting`."""
    review_correction: Correction | None = None
    """Correction asked for by the first reviewer after acceptance: the clock pauses."""
    special: Mapping[Name, Special] = {}
    """Special procedures, after the review."""
    publicity: Distribution | None = None
    """Publicity period before the decision; excluded from promised limits."""
    decision: Task | None = None
    """Sign-off: the clock stops when it ends."""
    deficiency: Deficiency | None = None
    """Minor deficiencies, for `handling.conditional_acceptance`."""
    verification: Verification | None = None
    """A verification on the spot."""
    commitment: Commitment | None = None
    """Decision on a commitment, for `handling.commitment`."""
    delegation: Mapping[Literal["devolved", "authorised", "entrusted", "stationed"], Delegated] = {}
    """Form of delegation → its handling: 下放 devolved and 授权 authorised (the zone
    decides in its own name), 委托 entrusted (in the name of the department), 派驻 stationed (staff
    of the department in the zone)."""
    area_assessment: Annotated[float, Strict(), Field(ge=0, le=1)] | None = None
    """Share of the effort left where the zone was assessed as a whole; at 0 the matter vanishes."""
    refusal: Refusal = Refusal()
    """Probabilities of negative outcomes."""
    delivery: Work | None = None
    """Handing over the certificate."""
    pre_review: Flag = True
    """Whether its review can begin before the matters that it requires are decided."""
    statutory: StatutoryPeriod | None = None
    """Limit of the law 法定时限; see `own_limits`."""
    promised: Allowed | None = None
    """Limit promised by the authority 承诺时限: whole days, or hours in which those who decide are
    on duty; see `own_limits`."""

    def _check(self) -> None:
        decided, reviewed = self.decision is not None, bool(self.review)
        in_review = self.co_review or self.meeting or self.review_correction
        require(decided or not reviewed, tr("a matter with a review needs a decision"))
        require(
            reviewed or not in_review, tr("co_review, meeting and review_correction need a review")
        )
        something = decided or self.publicity or self.special
        require(something, tr("nothing happens here: give a decision"))
        # missing papers take the turnaround, which must run on the calendar of their deadline
        in_days = self.correction and self.correction.turnaround.unit == "wd"
        rule = tr("deficiency needs a correction whose turnaround is in wd, as its deadline is")
        require(in_days or self.deficiency is None, rule)
        require(decided or self.commitment is None, tr("commitment needs a decision"))
        if self.promised is not None:
            known = self.promised.is_legal_period or self.promised.unit == "h"
            rule = tr(
                "a promise is a whole number of wd or cd, or hours, such as '4 h' for half a day"
            )
            require(known, rule, at="promised")
        received = self.intake and self.check
        require(received or not self.at_window, tr("intake and check are needed at a window"))


class Inspection(Together):
    """An inspection after the decision (事后监管): on no clock, but it uses staff."""

    matter: MatterName
    """The inspection follows the decision of this matter."""
    probability: Probability = 1.0
    """Probability that the case is inspected (双随机: at random)."""
    after: Distribution
    """Time from decision to inspection."""
    pool: PoolName
    """The pool that inspects."""
    work: Work
    """Its effort."""


class Effect(Block):
    """Effect of an attribute on the course of a case; several effects multiply.

    All draws keep their streams: the same numbers are scaled, or not used.
    """

    when: Annotated[Condition, Field(min_length=1)] = Field(alias="if")
    """Only for cases with these attribute values."""
    correction: Factor = 1.0
    """Factor on the probability of correction, before acceptance and in the review (at most 1 in
    the end)."""
    work: Mapping[Annotated[str, RefersTo("work")], Factor] = {}
    """Kind of step (`intake`, `check`, `review`, `decision`, `delivery`) or matter → factor on its
    effort; for a matter, on all work up to its delivery."""
    skip: tuple[MatterName, ...] = ()
    """Matters that do not take place."""
    inspection: Inspection | None = None
    """An inspection after the decision of a matter."""
    priority: Annotated[int, Strict(), Field(ge=-1000, le=1000)] = 0
    """Added to the priority class of the case, in pools that serve by priority; a negative number
    goes first (绿色通道)."""

    def _check(self) -> None:
        changes = self.correction != 1 or self.work or self.skip or self.priority
        rule = tr("changes nothing: give correction, work, skip, inspection or priority")
        require(changes or self.inspection is not None, rule)


class Stage(Labelled):
    """A stage with its lead department and its budget of days."""

    lead: DepartmentName
    """Lead department (牵头部门): accounts for the general window, if that has no department."""
    budget: Days | None = None
    """Whole days planned for the stage; see `own_limits`."""

    def _check(self) -> None:
        known = self.budget is None or self.budget.is_legal_period
        require(known, tr("a budget is a whole number of wd or cd, such as '5 wd'"), at="budget")

    standard: Word | None = None
    """The standard stage 标准审批阶段 to which it belongs, if several stages belong to one: clocks
    that add up stages count the longest of them. Default: it stands for itself."""


class Window(Block):
    """The general window (综合窗口), used where one-window intake is on."""

    pool: PoolName
    """The pool of the general windows."""
    transfer_out: Distribution
    """Circulation from the window to a department."""
    transfer_back: Distribution
    """Return of the result to the window."""


class LoopStep(Activity):
    """A step on the way back."""

    owner: Annotated[
        Literal["authority", "applicant", "third_party", "special", "publicity"], Wiring()
    ] = "authority"
    """The party that its time belongs to."""
    department: DepartmentName | None = None
    """The department that accounts for a delay; the department of work is that of its pool."""

    def _check(self) -> None:
        super()._check()
        rule = tr("is for a delay; the department of work is that of its pool (pools.…department)")
        require(self.department is None or self.delay is not None, rule, at="department")
        rule = tr("the applicant's time is no department's; leave it out, or give another owner")
        require(self.department is None or self.owner != "applicant", rule, at="department")


class Rework(Block):
    """A loop in an open network: after this step, back through `via`, then `redo` once more."""

    probability: Probability
    """Probability that the first pass is sent back."""
    again: Probability | None = None
    """Probability that a further pass is sent back; default: `probability`."""
    max_rounds: MaxRounds = 3
    """Largest number of rounds; reports state the share of cases cut off there."""
    via: Mapping[Name, LoopStep] = {}
    """Steps of the way back, in this order."""
    redo: tuple[StepName, ...] = ()
    """Earlier steps to be done again, in this order, before this one; default: this one alone."""


class Step(LoopStep):
    """A step of an open network."""

    after: tuple[StepName, ...] = ()
    """Steps that must have ended: an AND-join where there are several."""
    when: Condition = Field(default={}, alias="if")
    """Only for cases with these attribute values."""
    probability: Probability = 1.0
    """Probability that it takes place."""
    priority: Annotated[int, Strict(), Field(ge=-1000, le=1000)] | None = None
    """Priority class, smaller first; default: that of the case type."""
    rework: Rework | None = None
    """Loop that may follow the step."""


class CaseType(Labelled):
    """A type of case: its arrivals and its course (matters, or steps)."""

    arrivals: Arrivals
    """How cases arrive."""
    more_arrivals: Mapping[Name, MoreArrivals] = {}
    """Further streams of arrivals, by name. They change no draw of the first stream."""
    attributes: Mapping[Name, AttributeShares] = {}
    """Attributes of a case, sampled independently."""
    effects: tuple[Effect, ...] = ()
    """Effects of attributes on the course of a case; only with matters."""
    priority: Annotated[int, Strict(), Field(ge=-1000, le=1000)] = 0
    """Priority class in pools that serve by priority; smaller first."""
    levers: Annotated[Literal["project", "startup"], Wiring()] = "project"
    """The levers that govern it: one window and parallel approval, or integrated start-up."""
    window: Window | None = None
    """The general window; needed with matters."""
    assistance: Assistance | None = None
    """Assisted service, for `handling.assisted_service`."""
    online: Online = Online()
    """The online channel, for `handling.online_share`."""
    trip: Distribution | None = None
    """Time before each further visit of the applicant, without one-window intake."""
    stages: Mapping[Name, Stage] = {}
    """Stages, in order."""
    matter_defaults: Mapping[str, Any] = {}
    """Values for every matter that does not state its own."""
    matters: Mapping[Name, Matter] = {}
    """Matters by name."""
    serial_order: tuple[MatterName, ...] = ()
    """Order of the matters without parallel approval; default: as written in the file."""
    steps: Mapping[Name, Step] = {}
    """Steps of an open network, instead of matters."""
    one_of: Mapping[
        Name, Mapping[Annotated[str, Strict(), RefersTo("alternatives")], Probability]
    ] = {}
    """Name of a choice → step → share: each case takes exactly one of these steps, in
    `{route: {simple: 0.3, full: 0.7}}`. The shares add up to 1; `none` is the share of the cases
    that take none of the steps."""

    def _check(self) -> None:
        require(bool(self.matters) != bool(self.steps), tr("give either matters or steps"))
        complete = self.stages and self.window is not None and self.trip is not None
        require(self.steps or complete, tr("matters need stages, window and trip"))
        rule = tr("effects change matters; a step has an 'if' of its own")
        require(self.matters or not self.effects, rule, at="effects")
