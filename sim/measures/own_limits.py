"""Matters and stages against their own limits, and cases without any late matter.

A case counts for a matter only if it has the matter: it has a decision in it, to come or past. A
case that is refused or withdrawn later has had the matter; one that never came to it is left out.

A case has no late matter if it kept the limits of all its matters. It counts as late as soon as one
is known to be late, and as unknown while one may still be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.clocks import ClockReadings, Counting, History, read_each
from sim.limits import ClockRule, Scope
from sim.limits.own_limits import OwnLimit, OwnLimits
from sim.measures.limits import BINDS, Standing, Tally, left_out, standing_of

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


def read_own_limits(
    own: OwnLimits,
    history: History,
    counting: Counting,
    allowed: Mapping[str, Ints] | None = None,
) -> OwnStandings:
    """Hold every case of one replication against own limits, and sets of them.

    Parameters
    ----------
    counting
        That of the scenario, for the clocks of the limits.
    allowed
        Own limit → [C] what it allows each case, in the smallest amounts of its clock, where cases
        were promised different days, or below 0: nothing; default: what the limit says.
    """
    allowed = {} if allowed is None else allowed
    case: dict[str, Ints] = {}
    standing: dict[str, Standings] = {}
    days: dict[str, Ints] = {}
    for case_type, asked in scopes_of(own.limits).items():
        read = read_each(history, asked, counting)
        case[case_type] = read[next(iter(asked))].case
        outcome = history.demand.outcome[case[case_type]]
        for limit in own.limits:
            if limit.limit.case_type == case_type:
                name, readings = limit.limit.name, read[limit.limit.scope]
                ticks = allowed[name][readings.case] if name in allowed else limit.limit.ticks
                standing[name] = _standing(limit, readings, ticks, outcome)
                days[name] = readings.clocks[limit.limit.clock].value
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


def scopes_of(limits: Sequence[OwnLimit]) -> dict[str, dict[Scope, tuple[ClockRule, ...]]]:
    """Return case type → scope → the clocks of its limits."""
    asked: dict[str, dict[Scope, tuple[ClockRule, ...]]] = defaultdict(dict)
    for own in limits:
        scopes, scope = asked[own.limit.case_type], own.limit.scope
        scopes[scope] = (*scopes.get(scope, ()), own.limit.rule)
    return asked


def _standing(
    own: OwnLimit, readings: ClockReadings, ticks: Ints | int, outcome: NDArray[np.int8]
) -> Standings:
    """Return [K] the `Standing` of the cases with a limit; `ticks`: what it allows.

    A decided matter counts, whatever becomes of its case later. On a clock that leaves out what was
    refused, so does what exceeds its limit: the state's rule calls it overdue even so.
    """
    reading = readings.clocks[own.limit.clock]
    unbound = left_out(readings, outcome)
    counts = np.zeros_like(readings.in_scope)
    if own.kind == "matter":
        counts |= readings.decided_here
    if own.limit.rule.without_refused:
        counts |= reading.value > ticks
    unbound[counts & readings.in_scope] = BINDS
    unbound[np.asarray(ticks) < 0] = Standing.OUT_OF_SCOPE
    return standing_of(reading, ticks, unbound)


def all_kept(standing: Standings) -> Standings:
    """Return [K] the `Standing` of each case with all limits, from [L, K] that with each.

    The first of these that the case has with any limit: late (open or not), undetermined, on time,
    withdrawn, no decision; else no limit binds it.
    """
    first = _RANK[standing].min(axis=0)
    found = _FOUND[first]
    return np.where(found == _OPEN_OVERDUE, _LATE, found)


_ORDER = (
    Standing.LATE,
    Standing.OPEN_OVERDUE,
    Standing.UNDETERMINED,
    Standing.ON_TIME,
    Standing.WITHDRAWN,
    Standing.NO_DECISION,
    Standing.OUT_OF_SCOPE,
)
_RANK = np.array([_ORDER.index(case) for case in Standing], np.int8)
_FOUND = np.array(_ORDER, np.int8)
_LATE, _OPEN_OVERDUE = np.int8(Standing.LATE), np.int8(Standing.OPEN_OVERDUE)
