"""Limits, the part of a case that a limit covers, and the clock behind the due date of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.engine.contract import NO_LIMIT, NO_NOTICE
from sim.limits.clocks import PRESETS, ClockRule, clock_rules
from sim.process.builder import attribute_gates
from sim.process.graph import Attribute, Graph, Node, Pause, Phase, Role
from sim.scenario import (
    USUAL_CLOCK,
    ClockUnit,
    Duration,
    Limit,
    Scenario,
    calendar_of,
    in_hours,
    open_hours,
)

Per: TypeAlias = Literal["application", "case", "round"]
"""What must keep a limit; see `sim.scenario.Limit`."""


@dataclass(frozen=True)
class Scope:
    """The part of a case that a clock measures."""

    case_type: str
    matters: tuple[str, ...] | None = None
    """The matters in scope; None: the whole case."""
    per: Per = "application"
    """What has a clock of its own: each application, or the case, whose clock goes on."""

    def __post_init__(self) -> None:
        """Keep the matters as a tuple, so that a scope can be a key."""
        object.__setattr__(self, "matters", None if self.matters is None else tuple(self.matters))


@dataclass(frozen=True)
class ResolvedLimit:
    """A limit with its scope resolved to matters."""

    name: str
    scope: Scope
    rule: ClockRule
    """The clock that decides."""
    days: float
    """What the limit allows, in the unit of its clock: whole days, or hours."""
    target_share: float
    """The share of the cases that must keep the limit."""
    confidence: float
    """Confidence of the verdict."""
    when: tuple[Attribute, ...] = ()
    """The limit is only for cases with these attribute values."""
    extension_days: float = 0
    """What an extension adds to the limit, in the unit of its clock."""
    extension_share: float = 0.0
    """Probability that a case is extended."""

    @property
    def case_type(self) -> str:
        """The type of the cases for which the limit holds."""
        return self.scope.case_type

    @property
    def clock(self) -> str:
        """The name of the clock that decides."""
        return self.rule.name

    @property
    def unit(self) -> ClockUnit:
        """The unit in which the limit and its clock count."""
        return self.rule.unit

    @property
    def condition(self) -> str:
        """The cases that it is for, as `kind=simple/usual, zone=beihai`; empty: all."""
        return ", ".join(f"{of.name}={'/'.join(of.values)}" for of in self.when)

    def compares(self, rule: ClockRule) -> bool:
        """Whether a clock can be held against the limit: both count days, or both hours."""
        return (rule.unit == "h") == (self.unit == "h")

    @property
    def ticks(self) -> int:
        """The limit in the smallest amounts of its clock: whole days, or seconds."""
        return round(self.days * self.rule.ticks)

    @property
    def extension_ticks(self) -> int:
        """The extension in the smallest amounts of the clock."""
        return round(self.extension_days * self.rule.ticks)


def resolved_limits(scenario: Scenario) -> tuple[ResolvedLimit, ...]:
    """Return all limits of a scenario, in the order of the scenario."""
    clocks = clock_rules(scenario)
    return tuple(
        _resolved(name, limit, scenario, clocks[limit.clock])
        for name, limit in scenario.limits.items()
    )


def _resolved(name: str, limit: Limit, scenario: Scenario, rule: ClockRule) -> ResolvedLimit:
    extension = limit.extension
    return ResolvedLimit(
        name=name,
        scope=Scope(limit.case_type, _matters(limit, scenario), limit.per),
        rule=replace(rule, per_round=limit.per == "round"),
        days=_allowed(limit.limit, rule, scenario),
        target_share=limit.target_share,
        confidence=limit.confidence,
        when=attribute_gates(limit.when),
        extension_days=0 if extension is None else _allowed(extension.days, rule, scenario),
        extension_share=0.0 if extension is None else extension.probability,
    )


def _allowed(amount: Duration, rule: ClockRule, scenario: Scenario) -> float:
    """Return an amount in the unit of a clock."""
    if rule.hours is None:
        return plain(amount)
    hours = in_hours(amount, scenario.hours[rule.hours])
    assert hours is not None
    return plain(Duration(hours, "h"))


def plain(amount: Duration) -> float:
    """Return a number of days or hours in its own unit, a whole one as an integer."""
    return int(amount.value) if amount.value == int(amount.value) else amount.value


def _matters(limit: Limit, scenario: Scenario) -> tuple[str, ...] | None:
    scope = limit.scope
    if not scope.stages and not scope.matters:
        return None
    matters = scenario.case_types[limit.case_type].matters
    return tuple(
        name
        for name, matter in matters.items()
        if name in scope.matters or matter.stage in scope.stages
    )


@dataclass(frozen=True, eq=False)
class DueClock:
    """The clock behind the due dates of one case type, for the N nodes of its graph."""

    limit_wd: int
    """The limit in working days, or `NO_LIMIT`."""
    counted: Bools
    """[N] whether the clock counts the time of the node."""
    rounds: Bools
    """[N] the clock begins anew when an item of the node ends, if it stands still."""
    starts: NDArray[np.uint8]
    """[N] the mark with which an item of the node starts the clock when it ends; 0: none."""
    from_arrival: bool
    """The clock starts when the case arrives."""
    scope: Scope
    """The scope of the limit; the whole case if there is no limit."""
    rule: ClockRule
    """The clock that decides; the usual one if there is no limit."""
    apart: bool
    """Each application has a clock of its own."""
    notice: Ints
    """[N] the node that is the first check of the same papers, if the law deems papers accepted
    that are checked too late; else `NO_NOTICE`."""
    counted_late: Bools
    """[N] `counted` after a check that was too late."""
    rounds_late: Bools
    """[N] `rounds` after a check that was too late."""
    when: tuple[Attribute, ...] = ()
    """It is only for cases with these attribute values."""


def governing_limits(scenario: Scenario, case_type: str) -> tuple[ResolvedLimit, ...]:
    """Return the limits that give cases their due dates, by name.

    A case follows the first that is for its attributes. The list ends with the first limit that
    is for all cases; without one, some cases may have no due date.
    """
    found = []
    for limit in sorted(resolved_limits(scenario), key=lambda limit: limit.name):
        if limit.case_type == case_type:
            found.append(limit)
            if not limit.when:
                break
    return tuple(found)


def due_clocks(scenario: Scenario, graph: Graph) -> tuple[DueClock, ...]:
    """Return the clocks behind due dates, of which each case follows the first that is for it.

    The last is for all cases, if only to say that they have no due date.
    """
    limits = governing_limits(scenario, graph.case_type)
    clocks = tuple(_due_clock(scenario, graph, limit) for limit in limits)
    if limits and not limits[-1].when:
        return clocks
    none = np.zeros(len(graph.nodes), np.uint8)
    no_clock = DueClock(
        limit_wd=NO_LIMIT,
        counted=none > 0,
        rounds=none > 0,
        starts=none,
        from_arrival=False,
        scope=Scope(graph.case_type),
        rule=PRESETS[USUAL_CLOCK],
        apart=False,
        notice=np.full(len(none), NO_NOTICE),
        counted_late=none > 0,
        rounds_late=none > 0,
    )
    return (*clocks, no_clock)


def _due_clock(scenario: Scenario, graph: Graph, limit: ResolvedLimit) -> DueClock:
    """Return a governing limit in terms of nodes, since the engine knows no matters.

    The due date follows the limit's own clock, in two simple forms: it is a working day, so seven
    calendar days of a limit become five working days, and hours become the whole working days that
    they fill; and the clock is suspended while no step is open that it counts. A clock that starts
    with the receipt starts when the case arrives; for a limit on a part of the case, when the first
    receipt there ends. A clock that leaves out what was refused has one clock an application, too.
    """
    rule, matters = limit.rule, limit.scope.matters
    nodes, wanted = graph.nodes, set(matters or ())
    inside = np.array([matters is None or not wanted.isdisjoint(node.serves) for node in nodes])
    apart = limit.scope.per != "case"
    # The time between two applications belongs to neither.
    inside &= ~np.array([apart and node.role is Role.RESUBMISSION for node in nodes])
    counts = np.array([node.pause not in rule.pauses for node in nodes])
    notice = np.where(inside & _follows_notices(scenario, rule), _first_checks(nodes), NO_NOTICE)
    late = Pause.CORRECTION_AFTER_ACCEPTANCE  # what a correction is if the check before was late
    corrected = np.array([node.role is Role.CORRECTION for node in nodes]) & (notice != NO_NOTICE)
    marks = np.array([node.marks & rule.start for node in nodes], np.uint8)
    ends = rule.round_ends(network=not graph.stages) if rule.per_round else frozenset()
    rounds = inside & np.array([node.pause in ends for node in nodes])
    return DueClock(
        limit_wd=max(_working_days(limit, scenario) - scenario.calendar.count_start_day, 0),
        counted=inside & counts,
        rounds=rounds,
        starts=np.where(inside, marks, np.uint8(0)),
        from_arrival=matters is None and not rule.by_acceptance,
        scope=limit.scope,
        rule=rule,
        apart=apart,
        notice=notice,
        counted_late=np.where(corrected, late not in rule.pauses, inside & counts),
        rounds_late=np.where(corrected, late in ends, rounds),
        when=limit.when,
    )


def _follows_notices(scenario: Scenario, rule: ClockRule) -> bool:
    """Whether late notices move due days. Where no pool goes by due days, nobody needs to know."""
    by_due_day = {"earliest_due", "escalate"}
    return (
        rule.deemed_acceptance
        and not scenario.handling.ignore_deemed_acceptance
        and any(pool.rule in by_due_day for pool in scenario.pools.values())
    )


def _first_checks(nodes: Sequence[Node]) -> Ints:
    """Return [N] the first check of the papers that a receipt, check or correction is about.

    `NO_NOTICE` for all other nodes, and for checks after a correction.
    """
    repeats = {node.next_round for node in nodes}
    first: dict[tuple[tuple[str, ...], tuple[int, ...]], int] = {}
    for number, node in enumerate(nodes):
        if node.role is Role.CHECK and node.phase is Phase.BEFORE and number not in repeats:
            first[node.covers, node.handed_in] = number
    checks = np.full(len(nodes), NO_NOTICE)
    for number, node in enumerate(nodes):
        at_window = node.role in {Role.INTAKE, Role.CHECK, Role.CORRECTION}
        if at_window and node.phase is Phase.BEFORE and number not in repeats:
            checks[number] = first.get((node.covers, node.handed_in), NO_NOTICE)
    return checks


def _working_days(limit: ResolvedLimit, scenario: Scenario) -> int:
    """Return a limit in whole working days, rounded down."""
    if limit.unit == "wd":
        return limit.ticks
    if limit.unit == "cd":
        return limit.ticks * 5 // 7
    assert limit.rule.hours is not None
    days = calendar_of(scenario)
    opened = open_hours(scenario, limit.rule.hours, days)
    open_s = int((opened.end - opened.start).sum())
    return limit.ticks * int(days.working.sum()) // max(open_s, 1)
