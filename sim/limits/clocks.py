"""The clocks as a table: what starts, stops and pauses each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import Final

from sim.process.graph import Mark, Pause
from sim.scenario import PRESETS as PRESET_CLOCKS
from sim.scenario import Clock, ClockUnit, Scenario, StatutoryPeriod, Text, clocks_of
from sim.scenario.preset_clocks import resumes


class Counts(Enum):
    """What a clock counts between its start and its stop."""

    STEPS = "steps"
    """While a step is open that does not pause the clock."""
    RUNNING_STEPS = "running_steps"
    """Of these, the steps between acceptance and decision of their own matter."""
    MATTERS = "matters"
    """While a matter is between its own start and stop, and no step is open that pauses."""
    EVERYTHING = "everything"
    """All time, except while a step is open that pauses."""


class Level(Enum):
    """The parts of a scope that have a clock each."""

    CASE = "case"
    STAGE = "stage"
    MATTER = "matter"


@dataclass(frozen=True, slots=True)
class ClockRule:
    """What one clock measures; for the meaning of each part see `sim.scenario.Clock`."""

    name: str
    label: tuple[str, str]
    """Its name in reports, in English and Chinese."""
    meaning: tuple[str, str]
    """The explanation in reports of what it counts, in English and Chinese; may be empty."""
    start: Mark
    """`ACCEPTANCE`: the end of the first acceptance in scope. `SUBMISSION`: the instant when the
    first submission in scope is ready. Without one: when the first item in scope is ready."""
    stop: Mark
    """`DECISION`: the end of the last decision in scope. `DELIVERY`, or a scope without a decision:
    the end of the last item in scope."""
    pauses: frozenset[Pause]
    unit: ClockUnit
    """Working days, calendar days, or open hours."""
    hours: str | None
    """Name of the duty hours that a clock with the unit `h` counts."""
    counts: Counts
    each: Level
    """A clock runs for each of these parts of a scope."""
    summed: bool
    """The parts' times are added up (of one standard stage: the longest); else the longest
    counts."""
    without_refused: bool
    """Matters that end refused, not accepted, withdrawn or revoked take no time."""
    deemed_acceptance: bool
    """It follows deemed acceptance where that holds."""
    resumes: bool
    """It can go on for a case that was open at the start."""
    ends_on_working_day: bool
    """A period whose last day is a day off ends on the next working day (Civil Code art. 203): the
    days off directly before the end do not count."""
    per_round: bool = False
    """It begins anew with each round of review; the longest round counts."""

    @property
    def by_acceptance(self) -> bool:
        """Whether the clock starts with the acceptance; else with the receipt."""
        return self.start == Mark.ACCEPTANCE

    @property
    def by_part(self) -> bool:
        """Whether it needs to know which matter or stage an item belongs to."""
        return self.each is not Level.CASE or self.counts is Counts.MATTERS or self.without_refused

    def round_ends(self, *, network: bool) -> frozenset[Pause]:
        """Return the pauses that end a round of review: corrections for which it stands still.

        In an open network these are the applicant's steps. Elsewhere the applicant's other time
        (ways to a counter, preparation of papers) ends no round.
        """
        if network:
            return self.pauses & {Pause.APPLICANT}
        ends = {Pause.CORRECTION_AFTER_ACCEPTANCE}
        if not self.by_acceptance:
            ends.add(Pause.CORRECTION_BEFORE_ACCEPTANCE)
        return self.pauses & ends

    @property
    def ticks(self) -> int:
        """The smallest amounts in one unit: a day is one, an hour is 3,600 seconds."""
        return 3600 if self.unit == "h" else 1


_STARTS: Final = {"receipt": Mark.SUBMISSION, "acceptance": Mark.ACCEPTANCE}
_STOPS: Final = {"decision": Mark.DECISION, "delivery": Mark.DELIVERY}
_LEVELS: Final = {
    "union": Level.CASE,
    "longest_matter": Level.MATTER,
    "longest_stage": Level.STAGE,
    "sum_of_stages": Level.STAGE,
}


def _rule(name: str, clock: Clock) -> ClockRule:
    label, meaning = clock.label, clock.meaning
    return ClockRule(
        name=name,
        label=(label.en or label.zh or name, label.zh or label.en or name),
        meaning=(meaning.en or meaning.zh, meaning.zh or meaning.en),
        start=_STARTS[clock.start],
        stop=_STOPS[clock.stop],
        pauses=frozenset(Pause[pause.upper()] for pause in clock.pauses),
        unit=clock.unit,
        hours=clock.hours,
        counts=Counts(clock.counts),
        each=_LEVELS[clock.parts],
        summed=clock.parts == "sum_of_stages",
        without_refused=clock.refused == "left_out",
        deemed_acceptance=clock.deemed_acceptance,
        resumes=resumes(name, clock),
        ends_on_working_day=clock.last_day == "working",
    )


PRESETS: Final[Mapping[str, ClockRule]] = MappingProxyType(
    {name: _rule(name, clock) for name, clock in PRESET_CLOCKS.items()}
)
"""The preset clocks by name, in the order in which reports show them."""


STATE_ITEM: Final = PRESETS["state_item"]
"""The state's statistics: 审批用时 of single items, the longest counts."""
STATE_ITEM_SPAN: Final = replace(STATE_ITEM, name="state_item_span", unit="cd", pauses=frozenset())
"""The state's statistics: 跨度用时 of an item, in calendar days from acceptance."""
STATE_STAGE: Final = PRESETS["state_stage"]
STATE_STAGE_OPEN: Final = replace(STATE_STAGE, name="state_stage_open", pauses=frozenset())
"""The working days on which an item of a stage is between receipt and decision, paused or not."""
STATE_PROJECT: Final = PRESETS["state_project"]
STATE_SPAN: Final = PRESETS["state_span"]
"""The state's statistics: 跨度用时 of a stage or project, in calendar days from receipt."""


def statutory_rule(period: StatutoryPeriod) -> ClockRule:
    """Return the clock of a limit of the law for one matter: the statutory clock, from its event.

    A period in calendar days whose last day is a day off ends on the next working day.
    """
    unit = "wd" if period.limit.unit == "wd" else "cd"
    if unit == "wd" and period.start == "acceptance":
        return PRESETS["statutory"]
    days = ("working days", "工作日") if unit == "wd" else ("calendar days", "自然日")
    since = ("receipt", "收到申请") if period.start == "receipt" else ("acceptance", "受理")
    clock = PRESET_CLOCKS["statutory"].model_copy(
        update={
            "label": Text(
                en=f"statutory, {days[0]} from {since[0]}",
                zh=f"法定时限(自{since[1]}起的{days[1]})",
            ),
            "start": period.start,
            "unit": unit,
            "last_day": "working" if unit == "cd" else "any",
        }
    )
    return _rule(f"statutory_{unit}_from_{period.start}", clock)


_WIDER: Final = (Counts.RUNNING_STEPS, Counts.STEPS, Counts.EVERYTHING)
"""Each counts at least what the one before it counts, over the same steps."""


def never_exceeds(less: ClockRule, more: ClockRule) -> bool:
    """Whether one clock counts only what another counts too, so that it never shows more.

    Between acceptance and receipt as starts that holds if the receipt comes first. Clocks that
    know single matters or stages are not compared.
    """
    if less.by_part or more.by_part:
        return False
    unit = less.unit == more.unit or (less.unit, more.unit) == ("wd", "cd")
    start = less.start == more.start or less.by_acceptance
    stop = less.stop in {more.stop, Mark.DECISION}
    counts = _WIDER.index(less.counts) <= _WIDER.index(more.counts)
    pauses = less.pauses >= more.pauses
    if more.counts is Counts.EVERYTHING and less.counts is not Counts.EVERYTHING:
        pauses = not more.pauses  # a pause of one matter stops it, though another goes on
    alike = less.hours == more.hours and less.deemed_acceptance == more.deemed_acceptance
    whole = not more.ends_on_working_day and (less.per_round or not more.per_round)
    return all((unit, start, stop, counts, pauses, alike, whole))


WHOLE_TIME: Final = "gross_span"
"""The clock by which reports tell the time of a case type without a limit."""


def clock_rules(scenario: Scenario) -> Mapping[str, ClockRule]:
    """Return all clocks that a limit of the scenario may name: the presets, then its own."""
    return {name: _rule(name, clock) for name, clock in clocks_of(scenario).items()}
