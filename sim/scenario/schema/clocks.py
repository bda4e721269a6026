"""Clocks: what starts, stops and pauses each, its unit, and how its parts are put together."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic.types import Strict

from sim.scenario.schema.base import Flag, HoursName, Labelled, Text, require
from sim.scenario.schema.marks import RefersTo, Wiring
from sim.translation import tr

ClockUnit: TypeAlias = Literal["wd", "cd", "h"]
"""Working days, calendar days, or hours in which an office is open."""
PauseName: TypeAlias = Literal[
    "applicant",
    "correction_before_acceptance",
    "correction_after_acceptance",
    "special_procedure",
    "publicity",
    "third_party",
    "missing_papers",
]
Counts: TypeAlias = Literal["steps", "running_steps", "matters", "everything"]
Parts: TypeAlias = Literal["union", "longest_matter", "longest_stage", "sum_of_stages"]

USUAL_CLOCK: Final = "promised"
"""The clock of a limit that names none."""

ClockName = Annotated[str, Strict(), RefersTo("clocks")]
"""A clock of the scenario, or a preset."""


class Clock(Labelled):
    """A clock: the time that a limit is compared with."""

    meaning: Text = Text()
    """What it counts, in words; reports explain it so."""
    start: Annotated[Literal["receipt", "acceptance"], Wiring()] = "acceptance"
    """`acceptance` 受理: the end of the first acceptance in scope, or its receipt if that counts as
    acceptance. `receipt` 接件: the applicant hands in. A scope that has no such event starts
    when its first step can begin."""
    stop: Annotated[Literal["decision", "delivery"], Wiring()] = "decision"
    """`decision` 办结: the end of the last decision in scope. `delivery`, and a scope without a
    decision: the end of the last step in scope."""
    pauses: Annotated[tuple[PauseName, ...], Wiring()] = ()
    """What stops the clock for a time. `applicant`: ways to a counter, preparation of papers, the
    applicant's steps in an open network. `correction_before_acceptance` and
    `correction_after_acceptance` 补正. `special_procedure` 特别程序: hearing, expert review,
    inspection. `publicity` 公示. `third_party`. `missing_papers`: papers that follow a conditional
    acceptance 容缺."""
    unit: Annotated[ClockUnit, Wiring()] = "wd"
    """Working days, calendar days, or hours of an office."""
    hours: HoursName | None = None
    """With the unit `h`: the duty hours that it counts."""
    counts: Annotated[Counts, Wiring()] = "steps"
    """What counts between start and stop. `steps`: while a step in scope is open that does not
    pause the clock; the pause of one matter stops it only if no other matter goes on.
    `running_steps`: of these, the steps between acceptance and decision of their own matter.
    `matters`: while a matter is between its own start and stop; the pause of any stops the clock.
    `everything`: all time, gaps included; the pause of any stops the clock."""
    parts: Annotated[Parts, Wiring()] = "union"
    """How the parts of a scope are put together. `union`: one clock for the whole scope, on which
    parallel time counts once. `longest_matter`, `longest_stage`: a clock for each, and the longest
    counts. `sum_of_stages`: a clock for each stage, added up; of several stages with the same
    `standard`, the longest."""
    last_day: Annotated[Literal["any", "working"], Wiring()] = "any"
    """With the unit `cd`: `working`, if a limit whose last day is a day off ends on the next
    working day, as periods of the law do (Civil Code art. 203). Then the days off directly before
    the end do not count. `any`: the days that passed, as in statistics and most promises."""
    refused: Annotated[Literal["counted", "left_out"], Wiring()] = "counted"
    """`left_out`: a matter that ends refused, not accepted, withdrawn or revoked takes no time."""
    deemed_acceptance: Annotated[Flag, Wiring()] = True
    """Whether the clock follows deemed acceptance 逾期视为受理. No: it takes the acceptance as
    recorded."""

    def _check(self) -> None:
        in_hours = self.unit == "h"
        rule = tr("a clock in h counts the open time of an office: name its 'hours'")
        require(self.hours is not None or not in_hours, rule, at="hours")
        rule = tr("only a clock with the unit h has hours; this one counts {unit}", unit=self.unit)
        require(self.hours is None or in_hours, rule, at="hours")
        rule = tr(
            "only a clock with the unit cd can end on a day off; this one counts {unit}",
            unit=self.unit,
        )
        require(self.last_day == "any" or self.unit == "cd", rule, at="last_day")
        once = len(set(self.pauses)) == len(self.pauses)
        require(once, tr("a pause is named twice"), at="pauses")

    @property
    def by_part(self) -> bool:
        """Whether it needs to know which matter or stage a step belongs to."""
        return self.parts != "union" or self.counts == "matters" or self.refused == "left_out"
