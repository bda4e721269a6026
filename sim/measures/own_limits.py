"""Matters and stages against their own limits, and cases without any late matter.

A case counts for a matter only if it has the matter: it has a decision in it, to come or past. A
case that is refused or withdrawn later has had the matter; one that never came to it is left out.

A case has no late matter if it kept the limits of all its matters. It counts as late as soon as one
is known to be late, and as unknown while one may still be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.clocks import ClockReadings, Counting, History, read_stacked
from sim.limits import ClockRule, Scope
from sim.limits.own_limits import OwnLimit, OwnLimits
from sim.measures.limits import Standing, Tally, standing_of
from sim.process.graph import Outcome

Standings = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class OwnTallies:
    """The measured cases of one replication against own limits."""

    limits: Mapping[str, Tally]
    """Own limit → counts and days."""
    sets: Mapping[str, Tally]
    """Key of a set of limits → counts alone."""


@dataclass(frozen=True, eq=False)
class OwnStandings:
    """The K cases of each case type in one replication, each against its own limits."""

    case: Mapping[str, Ints]
    """Case type → [K] case numbers, ascending."""
    limits: Mapping[str, Standings]
    """Own limit → [K]."""
    days: Mapping[str, Ints]
    """Own limit → [K] amount on its clock."""
    sets: Mapping[str, Standings]
    """Key of a set of limits → [K]: that with all of them; see `all_kept`."""


def read_own_limits(own: OwnLimits, history: History, counting: Counting) -> OwnStandings:
    """Hold every case of one replication against own limits, and sets of them.

    `counting` is that of the scenario, for the clocks of the limits.
    """
    case: dict[str, Ints] = {}
    standing: dict[str, Standings] = {}
    days: dict[str, Ints] = {}
    for (case_type, rules), limits in together(own.limits).items():
        scopes = tuple(limits)
        readings = read_stacked(history, scopes, replace(counting, rules=rules))
        shape = len(scopes), -1
        case[case_type] = readings.case.reshape(shape)[0]
        for number, rule in enumerate(rules):
            on_clock = [of_scope[number] for of_scope in limits.values()]
            of_limits = _standing(on_clock, rule, readings, history).reshape(shape)
            amounts = readings.clocks[rule.name].value.reshape(shape)
            for limit, own_standing, amount in zip(on_clock, of_limits, amounts, strict=True):
                standing[limit.limit.name] = own_standing
                days[limit.limit.name] = amount
    all_of = {
        limits.key: all_kept(np.array([standing[name] for name in limits.limits]))
        for limits in own.sets
    }
    return OwnStandings(case, standing, days, all_of)


def tally_own_limits(own: OwnLimits, standings: OwnStandings, measured: Bools) -> OwnTallies:
    """Count the measured cases of one replication; `measured`: [C]."""
    counted = {name: measured[case] for name, case in standings.case.items()}
    tallies = {}
    for limit in own.limits:
        name, of_type = limit.limit.name, counted[limit.limit.case_type]
        tallies[name] = Tally.of(standings.limits[name][of_type], standings.days[name][of_type])
    all_of = {
        limits.key: Tally.of_counts(standings.sets[limits.key][counted[limits.case_type]])
        for limits in own.sets
    }
    return OwnTallies(tallies, all_of)


def together(
    limits: Sequence[OwnLimit],
) -> dict[tuple[str, tuple[ClockRule, ...]], dict[Scope, list[OwnLimit]]]:
    """Return scope → its limits, by case type and clocks: what can be read in one pass."""
    by_scope: dict[Scope, list[OwnLimit]] = defaultdict(list)
    for own in limits:
        by_scope[own.limit.scope].append(own)
    stacks: dict[tuple[str, tuple[ClockRule, ...]], dict[Scope, list[OwnLimit]]]
    stacks = defaultdict(dict)
    for scope, of_scope in by_scope.items():
        rules = tuple(own.limit.rule for own in of_scope)
        stacks[scope.case_type, rules][scope] = of_scope
    return stacks


def _standing(
    limits: Sequence[OwnLimit], rule: ClockRule, readings: ClockReadings, history: History
) -> Standings:
    """Return [S * K] the `Standing` of the cases of each limit.

    A decided matter counts, whatever becomes of its case later. On a clock that leaves out what was
    refused, so does what exceeds its limit: the state's rule calls it overdue even so.
    """
    cases = len(readings.case) // len(limits)
    reading = readings.clocks[rule.name]
    days = np.repeat([own.limit.ticks for own in limits], cases)
    single = np.repeat([own.kind == "matter" for own in limits], cases)
    counts = single & readings.decided_here
    if rule.without_refused:
        counts |= reading.value > days
    outcome = history.demand.outcome[readings.case]
    outcome = np.where(counts, np.int8(Outcome.DONE), outcome)
    return standing_of(readings, reading, days, outcome)


def all_kept(standing: Standings) -> Standings:
    """Return [K] the `Standing` of each case with all limits, from [L, K] that with each.

    The first of these that the case has with any limit: late (open or not), undetermined, on time,
    withdrawn, no decision; else no limit binds it.
    """
    rank = np.array([_ORDER.index(Standing(case)) for case in range(len(Standing))], np.int8)
    first = rank[standing].min(axis=0)
    found = np.array(_ORDER, np.int8)[first]
    return np.where(found == Standing.OPEN_OVERDUE, np.int8(Standing.LATE), found)


_ORDER = (
    Standing.LATE,
    Standing.OPEN_OVERDUE,
    Standing.UNDETERMINED,
    Standing.ON_TIME,
    Standing.WITHDRAWN,
    Standing.NO_DECISION,
    Standing.OUT_OF_SCOPE,
)
