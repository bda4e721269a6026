"""The scenario: all that a simulation depends on, except the seed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, Strict

from sim.bounds import REPLICATIONS
from sim.scenario.display import shown_by
from sim.scenario.origin import KeyPath, Provenance
from sim.scenario.schema.arrivals import Backlog
from sim.scenario.schema.base import (
    Block,
    CaseTypeName,
    Condition,
    Count,
    Date,
    DepartmentName,
    Flag,
    HoursName,
    Labelled,
    MatterName,
    Name,
    PoolName,
    Probability,
    StageName,
    Text,
    Word,
    refusal,
    refusals,
    require,
)
from sim.scenario.schema.clocks import USUAL_CLOCK, Clock, ClockName
from sim.scenario.schema.marks import Wiring
from sim.scenario.schema.matters import CaseType
from sim.scenario.schema.quantities import Allowed, Days, HourlyCost, YearlyCost
from sim.scenario.schema.timing import Calendar, DateRange, Hours, Period
from sim.translation import tr


def _whole_posts(value: Any) -> Any:
    """Say how a part of a post is written."""
    if isinstance(value, float) and 0 < value < 10_000:
        whole, part = int(value), round(value % 1, 6)
        if not part:
            raise refusal(tr("must be a whole number; write {whole}", whole=whole))
        written = tr("a group of its own with count: 1, share: {part:g}", part=part)
        raise refusal(
            tr("must be a whole number; {value:g} posts are ", value=value)
            + (
                tr("count: {whole} here and {written}", whole=whole, written=written)
                if whole
                else tr("count: 1 with share: {part:g}", part=part)
            )
        )
    return value


Officers = Annotated[int, Strict(), Field(ge=0, le=10_000)]
Posts = Annotated[Officers, BeforeValidator(_whole_posts)]
Share = Annotated[float, Strict(), Field(gt=0, lt=1, allow_inf_nan=False)]


class Department(Labelled):
    """A department, an agency, or another body that takes part."""

    counter: PoolName | None = None
    """The pool of its counter, for cases without one-window intake."""


class Pool(Labelled):
    """A queue of work, served by officers."""

    department: DepartmentName | None = None
    """The department to which its officers belong."""
    per: Word | None = None
    """Attribute with one pool per value, e.g. `zone`; a case goes to the pool of its value."""
    rule: Literal["fifo", "priority", "earliest_due", "escalate"] = "fifo"
    """The order in which the queue is served."""
    escalate_below_wd: Annotated[int, Strict(), Field(ge=0, le=1000)] = 3
    """For `escalate`: cases with fewer working days left go first."""
    take_over: Flag = False
    """Take-over: the cases first in the queue are always with the fastest officers on duty (speed ×
    share), who take them over from slower colleagues and from those who are off duty. Needs `rule:
    fifo`, and officers who serve no other pool. Then no case ends later for one more officer."""

    def _check(self) -> None:
        rule = tr("take-over follows the order in which work came: it needs 'rule: fifo'")
        require(not self.take_over or self.rule == "fifo", rule, at="take_over")


class Leave(Block):
    """Planned leave of some officers of a group."""

    dates: DateRange
    """Dates of the leave, both ends included."""
    officers: Officers
    """Number of officers on leave, from the end of the roster."""


WorkingDaysLeft = Annotated[int, Strict(), Field(ge=0, le=1000)]


class Overtime(Block):
    """Overtime 加班: hours beside those of duty, for the cases that are near their limit."""

    hours: HoursName
    """Hours of the overtime. What of them lies within the hours of duty is no overtime."""
    below_wd: WorkingDaysLeft
    """Only items of cases with fewer working days left are begun then, by the due date that
    `earliest_due` follows."""
    cost: HourlyCost | None = None
    """Cost of an hour of overtime, such as `90 CNY/h`."""
    cost_factor: Annotated[float, Strict(), Field(ge=0, le=100, allow_inf_nan=False)] | None = None
    """Instead of `cost`: cost of an hour of overtime ÷ that of an hour of duty. That is the `cost`
    of the officer ÷ 2088 hours: 12 months of 21.75 paid days of 8 hours."""

    def _check(self) -> None:
        once = self.cost is None or self.cost_factor is None
        require(once, tr("give either the cost of an hour or a factor"), at="cost_factor")


class Help(Block):
    """Help in a pool that is not the officer's own: both conditions must hold."""

    queue_over: Count = 0
    """Only while more items than this wait in the pool."""
    below_wd: WorkingDaysLeft | None = None
    """Only items of cases with fewer working days left, by the due date that `earliest_due`
    follows. Default: any item."""

    def _check(self) -> None:
        rule = tr("give queue_over, below_wd or both; who always helps serves the pool: 'serves'")
        require(self.queue_over > 0 or self.below_wd is not None, rule)


class Learning(Block):
    """Learning of new officers, from their first day on.

    Of each day's hours of duty, the first part is for cases, the rest for learning; the part grows
    evenly from `share` on the first day to the whole.
    """

    share: Share
    """Part of the hours of duty that is for cases on the first day."""
    over: Days
    """Calendar days (cd) after which nothing is left to learn."""

    def _check(self) -> None:
        whole = self.over.unit == "cd" and self.over.is_legal_period and self.over.value > 0
        require(whole, tr("is a whole number of cd, such as '180 cd'"), at="over")


class Staff(Labelled):
    """A roster group: officers who are alike."""

    serves: tuple[PoolName, ...] = Field(min_length=1)
    """The pools they serve; several for cross-trained staff."""
    helps: Mapping[PoolName, Help] = {}
    """Further pools in which they help on a condition: colleagues of other departments above a
    length of the queue, leaders near the limit."""
    count: Posts | Mapping[str, Posts]
    """Number of officers. With pools per attribute value, a single number is a roving group that
    serves all values; a mapping value → number is one group per value."""
    hours: HoursName
    """Duty hours of the officers."""
    first_day: Date | None = Field(default=None, alias="from")
    """First day of duty."""
    learning: Learning | None = None
    """Learning of officers who are new on the first day of duty."""
    last_day: Date | None = Field(default=None, alias="until")
    """Last day of duty. An item then in hand is handed over; without a colleague or without
    hand-over, it is still finished."""
    leave: tuple[Leave, ...] = ()
    """Planned leave."""
    absence: Probability = 0.0
    """Probability that an officer is absent on a working day, independently of the others."""
    absence_spell_wd: Annotated[float, Strict(), Field(ge=1, le=1000)] | None = None
    """Mean length of an absence, in working days: the absent days come in spells, as in an illness,
    and are as many as without. Default: each day by itself."""
    overtime: Overtime | None = None
    """Overtime, in which only cases near their limit are begun."""
    share: Annotated[float, Strict(), Field(ge=0.001, le=1, allow_inf_nan=False)] = 1.0
    """Share of the working time for this work: an item takes 1/share as long."""
    speed: Annotated[float, Strict(), Field(ge=0.001, le=1000, allow_inf_nan=False)] = 1.0
    """Work done per unit of time. An item takes its work ÷ (speed × share), rounded up to the
    second; exact for a product with up to six decimals."""
    cost: YearlyCost | None = None
    """Cost of an officer with all of the working time, such as `120000 CNY/year`; with a `share`,
    that part of it is counted. It changes no time. Default: costs of the group are not counted."""
    closing: Literal["pause", "finish"] = "pause"
    """Treatment of the item in hand at closing time: `pause` leaves it until the next duty,
    `finish` completes it first, as at counters."""
    hand_over: Flag = True
    """Hand-over AB角: an officer who will then be away for a whole working day or longer lays down
    the item in hand, and a colleague goes on with it. Without a colleague on duty meanwhile, and
    with `closing: finish`, there is none."""
    rework: Probability = 0.0
    """Share of the work done so far that is done again after a hand-over, by whoever goes on."""

    def _check(self) -> None:
        ordered = not (self.first_day and self.last_day) or self.first_day <= self.last_day
        require(ordered, tr("'from' must not lie after 'until'"), at="until")
        once = len(set(self.serves)) == len(self.serves)
        require(once, tr("a pool is named twice"), at="serves")
        meant = self.hand_over or self.rework == 0
        require(
            meant, tr("there is no rework without hand-over; leave one of the two out"), at="rework"
        )
        twice = tr("these officers serve this pool anyway; leave it out here or in 'serves'")
        slips: list[tuple[KeyPath, str]] = [
            (("helps", pool), twice) for pool in self.helps if pool in self.serves
        ]
        if slips:
            raise refusals(slips)
        self._check_response()

    def _check_response(self) -> None:
        joins = self.learning is None or self.first_day is not None
        rule = tr("who learns is new on a day: give the first day of duty, 'from'")
        require(joins, rule, at="learning")
        empty_hands = self.overtime is None or (self.hand_over and self.rework == 0)
        rule = tr(
            "overtime begins and ends with empty hands, day by day: it needs "
            "hand_over, and no rework"
        )
        require(empty_hands, rule, at="overtime")
        priced = self.overtime is None or self.overtime.cost_factor is None or self.cost is not None
        rule = tr("the factor is one on the cost of the officers: give that, 'cost', too")
        require(priced, rule, at="overtime")
        if self.absence_spell_wd is None:
            return
        least = self.absence / (1 - self.absence) if self.absence < 1 else float("inf")
        rule = tr(
            "with absence {absence:g} a spell lasts {least:.4g} working days or more "
            "on average; write a larger number",
            absence=self.absence,
            least=least,
        )
        require(self.absence_spell_wd >= least, rule, at="absence_spell_wd")
        rule = tr("there are no spells without absence; give 'absence', too")
        require(self.absence > 0, rule, at="absence_spell_wd")


class Handling(Block):
    """The levers of the reform, one switch for each (model page §4)."""

    one_window: Flag = True
    """One-window intake 一窗受理: one general window accepts, checks and delivers for all matters
    of a stage. Off: each matter has its department's counter."""
    parallel_approval: Flag = True
    """Parallel approval 并联审批: only true dependencies order matters. Off: the listed order."""
    pre_review: Flag = False
    """With parallel approval: matters are reviewed before what they require is decided, and
    decided when that arrives."""
    joint_meeting: Flag = False
    """With parallel approval: joint review meetings where matters name one."""
    integrated_startup: Flag = True
    """Integrated start-up 企业开办集成: one form, the rest in parallel once the licence is
    issued. Off: everything applied for one by one."""
    online_share: Probability = 0.0
    """Online channel 全链通: share of the cases that are handed in online, at any hour, without a
    counter and without paper on its way. 0 is off."""
    conditional_acceptance: Flag = False
    """Conditional acceptance 容缺受理: minor deficiencies do not block acceptance; the clock runs,
    the missing papers are due within a deadline, and the decision waits for them."""
    commitment: Flag = False
    """Commitment 告知承诺: matters that name one are decided on the applicant's commitment, and
    verified later."""
    build_first: Flag = False
    """Build first, verify later 先建后验: verifications move behind the decision."""
    delegation: Literal["none", "devolved", "authorised", "entrusted", "stationed"] = "none"
    """Delegation 下放 / 授权 / 委托 / 派驻: who decides the matters that name this form."""
    area_assessment: Flag = False
    """Area-wide assessment 区域评估: assessments that the zone has made once vanish or shrink."""
    assisted_service: Flag = False
    """Assisted service 帮办代办: assistants prepare the papers; fewer corrections."""
    tacit_consent: Flag = False
    """Tacit consent 超时默认: a co-review that is not done in time counts as consent."""
    ignore_deemed_acceptance: Flag = False
    """Ignore deemed acceptance 逾期视为受理. By law (Licensing Law art. 32), papers count as
    accepted on the day of receipt, and the clock starts then, if the notice of what is missing
    comes later than five working days after it. On: the clock starts at the acceptance all the
    same."""


ALL_OFF: Final = Handling(one_window=False, parallel_approval=False, integrated_startup=False)
"""Serial counters: every lever is off."""


class Scope(Block):
    """The part of a case that a limit covers; without keys, the whole case."""

    stages: tuple[StageName, ...] = ()
    """All matters of these stages."""
    matters: tuple[MatterName, ...] = ()
    """These matters."""


class Extension(Block):
    """Extension by decision (Licensing Law art. 42).

    The law extends its own limits: 20 working days by 10, the 45 of joint handling by 15. It does
    not extend what a city promises.
    """

    days: Allowed
    """Days (or hours) by which the limit grows, in the unit of the limit."""
    probability: Probability
    """Share of the cases that get the extension."""


class Limit(Labelled):
    """A promised number of days or hours, to be kept for a target share of the cases."""

    case_type: CaseTypeName
    """The type of the cases for which the limit holds."""
    scope: Scope = Scope()
    """The part of the case that the limit covers."""
    when: Condition = Field(default={}, alias="if")
    """Only for cases with these attribute values; the limit judges no other case."""
    limit: Allowed
    """The promise, in the unit of its clock: whole wd or cd; or h. On a clock in hours, `0.5 wd` is
    half of the office's day."""
    clock: ClockName = USUAL_CLOCK
    """The clock that is compared with the limit: a preset, or one of `clocks`."""
    per: Annotated[Literal["application", "case", "round"], Wiring()] = "application"
    """What must keep the limit. `application`: each application by itself, so that the clock begins
    anew when a case is handed in again after a refusal (退件重报); `case`: all applications of a
    case together, on a clock that goes on; `round`: each round of review, so that the clock also
    begins anew when corrected papers are handed in. Of several, the longest is compared with the
    limit."""
    extension: Extension | None = None
    """Extension of the limit for some cases, by decision of the head of the agency."""
    target_share: Share = 0.95
    """The share of cases that must keep the limit."""
    confidence: Share = 0.95
    """Confidence with which the verdict must hold."""


class OwnLimits(Block):
    """How the limits of single matters and stages are judged.

    These are the `promised` and `statutory` days of each matter, and the `budget` of each stage.
    """

    target_share: Share = 0.95
    """The share of the cases with the matter, or the stage, that must keep its days."""
    confidence: Share = 0.95
    """Confidence with which each verdict must hold."""
    matter_clock: ClockName = USUAL_CLOCK
    """The clock that counts the `promised` days of a matter; `state_item` is that of the state's
    statistics. A third party's matter counts the third party's time, too."""
    stage_clock: ClockName = USUAL_CLOCK
    """The clock that counts the days of a stage; `state_stage` is that of the state's
    statistics."""


class Report(Block):
    """Contents of a report beside the verdicts."""

    by: tuple[Word, ...] = ()
    """Attributes, such as `zone`: results and a ranking for each of their values."""


class RunDefaults(Block):
    """Number of replications and seed of a run that names no others."""

    replications: Annotated[int, Strict(), Field(ge=1, le=REPLICATIONS)] | None = None
    """Number of replications. Without it, `sim run` goes on until every limit is decided, and
    other experiments take 100 for each scenario, or 20 where only differences count."""
    seed: Annotated[int, Strict(), Field(ge=0, le=2**63 - 1)] = 1
    """Seed of all random streams."""


class Scenario(Block):
    """One frozen scenario."""

    name: Text
    """Its name."""
    about: Text = Text()
    """What the scenario is about."""
    calendar: Annotated[Calendar, Wiring()] = Calendar()
    """Working days."""
    period: Period
    """The simulated dates, and those that are measured."""
    hours: Mapping[Name, Hours]
    """Duty hours by name."""
    departments: Mapping[Name, Department] = {}
    """Departments by name."""
    pools: Mapping[Name, Pool]
    """Pools by name."""
    staff: Mapping[Name, Staff]
    """Roster groups by name."""
    case_types: Mapping[Name, CaseType] = Field(min_length=1)
    """Case types by name."""
    backlog: Backlog = Backlog()
    """Cases that are open when the simulation begins."""
    handling: Handling = Handling()
    """The levers of the reform: how the authorities work."""
    clocks: Mapping[Name, Clock] = {}
    """The scenario's own clocks by name, beside the presets."""
    limits: Mapping[Name, Limit] = {}
    """Limits by name."""
    own_limits: Annotated[OwnLimits, Wiring()] = OwnLimits()
    """How the limits of single matters and stages are judged."""
    report: Annotated[Report, Wiring()] = Report()
    """Contents of a report beside the verdicts."""
    run: Annotated[RunDefaults, Wiring()] = RunDefaults()
    """Number of replications and seed of a run that names no others."""

    _provenance: Provenance = PrivateAttr(default_factory=Provenance)

    def __repr__(self) -> str:
        """Return the name and the size; `sim show` prints all values."""
        types, limits = len(self.case_types), len(self.limits)
        return tr(
            "Scenario({name!r}, {types} case types, {limits} limits)",
            name=str(self.name),
            types=types,
            limits=limits,
        )

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """Return the subject and the limits, for notebooks."""
        text: str = shown_by("notebook", "html", self)
        return text

    @property
    def provenance(self) -> Provenance:
        """Files, places and sources of its values."""
        return self._provenance

    def with_provenance(self, provenance: Provenance) -> Scenario:
        """Return the same scenario with this provenance."""
        known = self.model_copy()
        known._provenance = provenance
        return known

    def sha256(self) -> str:
        """Return a hash of all that the results depend on, except the seed.

        The order of pools, staff or case types does not matter; an order with a meaning (reviews,
        serial order) does. Data files count by their content.
        """
        content = _canonical(self.model_dump(mode="json", by_alias=True), ())
        files = {
            name: hashlib.sha256(path.read_bytes()).hexdigest()
            for name, path in self.provenance.data_files.items()
        }
        text = json.dumps([content, files], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


_ORDERED = frozenset({"review", "via", "matters"})


def _canonical(value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        items = [[key, _canonical(child, (*path, key))] for key, child in value.items()]
        return items if path and path[-1] in _ORDERED else sorted(items)
    if isinstance(value, list):
        return [_canonical(child, path) for child in value]
    return value
