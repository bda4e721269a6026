"""Rules between clocks, the limits that name them, and the case types that they measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.scenario.answers import has_backlog, in_hours, normal_day_h
from sim.scenario.errors import Problem
from sim.scenario.origin import KeyPath, Tree
from sim.scenario.preset_clocks import (
    IN_PROCEDURE,
    PAUSE_COLUMNS,
    PRESETS,
    clocks_of,
    resumes,
)
from sim.scenario.schema.clocks import Clock
from sim.scenario.schema.model import Limit, Scenario
from sim.scenario.schema.quantities import Duration
from sim.scenario.schema.timing import Hours
from sim.translation import tr


def clock_problems(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield clocks that hide a preset, and limits that their clock cannot measure."""
    for name in scenario.clocks:
        if name in {*PRESETS, IN_PROCEDURE}:
            yield tree.problem(("clocks", name), tr("is a preset clock: call this one otherwise"))
    clocks = clocks_of(scenario)
    for name, limit in scenario.limits.items():
        if limit.clock in clocks:  # else the name itself is reported
            yield from _limit(tree, ("limits", name), limit, clocks[limit.clock], scenario)


def _limit(
    tree: Tree, path: KeyPath, limit: Limit, clock: Clock, scenario: Scenario
) -> Iterator[Problem]:
    if not _counts_in(limit.limit, clock, scenario.hours):
        rule = tr(
            "a limit on the clock '{clock}' is {amount_on}",
            clock=limit.clock,
            amount_on=_amount_on(clock),
        )
        yield tree.problem((*path, "limit"), rule + _instead(limit.limit, clock, scenario.hours))
    if limit.extension is not None and not _counts_in(limit.extension.days, clock, scenario.hours):
        rule = tr("an extension is {amount_on}, as its limit is", amount_on=_amount_on(clock))
        yield tree.problem((*path, "extension"), rule)
    case_type = scenario.case_types.get(limit.case_type)
    if case_type is not None and case_type.steps and clock.by_part:
        rule = tr(
            "the clock '{clock}' counts by matter or stage, and '{case_type}' has "
            "neither; for such a case a clock needs 'parts: union' and counts steps "
            "or everything",
            clock=limit.clock,
            case_type=limit.case_type,
        )
        yield tree.problem((*path, "clock"), rule)
    if case_type is not None and limit.per == "round":
        yield from _rounds(tree, path, limit.clock, clock, network=bool(case_type.steps))
    if has_backlog(scenario, limit.case_type) and not resumes(limit.clock, clock):
        rule = tr(
            "the clock '{clock}' cannot go on for open cases, since a backlog does "
            "not tell all that it counts; these can: {pause_columns}, and own clocks "
            "in wd without pauses and parts",
            clock=limit.clock,
            pause_columns=", ".join(PAUSE_COLUMNS),
        )
        yield tree.problem((*path, "clock"), rule)


def _rounds(
    tree: Tree, path: KeyPath, name: str, clock: Clock, *, network: bool
) -> Iterator[Problem]:
    """Yield a limit per round on a clock that stands still for no correction."""
    ends = "applicant" if network else "correction_after_acceptance"
    before = clock.start == "receipt" and "correction_before_acceptance" in clock.pauses
    if ends not in clock.pauses and (network or not before):
        rule = tr(
            "a round ends where the clock stands still for a correction, and "
            "'{name}' does not ('{ends}' is not among its pauses); 'promised' does",
            name=name,
            ends=ends,
        )
        yield tree.problem((*path, "per"), rule, value=True)


def _counts_in(amount: Duration, clock: Clock, known: Mapping[str, Hours]) -> bool:
    """Whether a clock can reach this amount exactly: whole days, or hours in whole seconds."""
    if clock.hours is None:
        return amount.unit == clock.unit and amount.is_legal_period
    hours = in_hours(amount, known[clock.hours])
    return hours is not None and (hours * 3600).is_integer()


def _amount_on(clock: Clock) -> str:
    if clock.unit == "h":
        return tr("a number of h or min, or of wd where all days are equally long")
    return tr("a whole number of {unit}", unit=clock.unit)


def _instead(amount: Duration, clock: Clock, hours: Mapping[str, Hours]) -> str:
    """Return what to write instead, if it is known."""
    if clock.hours is not None and amount.unit == "wd" and clock.hours in hours:
        of_day = normal_day_h(hours[clock.hours])
        if of_day is not None:
            instead = f"{amount.value * of_day:g} h"
            return tr(
                "; '{hours}' is open for {of_day:g} h on a normal day: write '{instead}'",
                hours=clock.hours,
                of_day=of_day,
                instead=instead,
            )
    if clock.unit == "wd" and amount.unit in {"h", "wd"}:
        office = "office" if "office" in hours else next(iter(hours), "NAME")
        return tr(
            "; for hours or part of a day name a clock in hours, such as clocks: "
            "{{office_hours: {{start: receipt, counts: everything, unit: h, hours: "
            "{office}}}}}",
            office=office,
        )
    return ""
