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

from sim.clocks import DEFAULT, ClockReadings, Counting, History, read_stacked
from sim.limits.own_limits import MatterSet, OwnLimit
from sim.measures.limits import Standing, Tally, standing_of
from sim.process.graph import Outcome

Standings = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class OwnTallies:
    """The measured cases of one replication against own limits."""

    limits: Mapping[str, Tally]
    """Own limit → counts and days."""
    sets: Mapping[tuple[str, str], Tally]
    """(kind, name) of a set of matters → counts alone."""


def tally_own_limits(
    limits: Sequence[OwnLimit],
    sets: Sequence[MatterSet],
    history: History,
    counting: Counting = DEFAULT,
) -> OwnTallies:
    """Count the measured cases of one replication against own limits, and sets of matters."""
    by_type: dict[str, list[OwnLimit]] = defaultdict(list)
    for own in limits:
        by_type[own.limit.case_type].append(own)
    standing: dict[str, Standings] = {}
    tallies: dict[str, Tally] = {}
    for of_type in by_type.values():
        scopes = tuple(dict.fromkeys(own.limit.scope for own in of_type))
        rules = tuple(dict.fromkeys(own.limit.rule for own in of_type))
        readings = read_stacked(history, scopes, replace(counting, rules=rules))
        measured = history.demand.workload.measured[readings.case].reshape(len(scopes), -1)[0]
        for clock in readings.clocks:
            on_clock = {own.limit.scope: own for own in of_type if own.limit.clock == clock}
            days = readings.clocks[clock].value.reshape(len(scopes), -1)
            of_scopes = _standing(
                [on_clock.get(scope) for scope in scopes], clock, readings, history
            )
            for scope, own in on_clock.items():
                row = scopes.index(scope)
                standing[own.limit.name] = of_scopes[row, measured]
                tallies[own.limit.name] = Tally.of(of_scopes[row, measured], days[row, measured])
    together = {
        (str(matters.of), matters.name): Tally.of_counts(
            none_late(np.array([standing[name] for name in matters.limits]))
        )
        for matters in sets
    }
    return OwnTallies(tallies, together)


def _standing(
    limits: Sequence[OwnLimit | None], clock: str, readings: ClockReadings, history: History
) -> Standings:
    """Return [S, K] `Standing` of S scopes, each with its limit or without one.

    A decided matter counts, whatever becomes of its case later.
    """
    per_scope = len(readings.case) // len(limits)
    days = np.repeat([own.limit.ticks if own else 0 for own in limits], per_scope)
    single = np.repeat([own is not None and own.kind == "matter" for own in limits], per_scope)
    outcome = history.demand.outcome[readings.case]
    outcome = np.where(single & readings.decided_here, np.int8(Outcome.DONE), outcome)
    standing = standing_of(readings, readings.clocks[clock], days, outcome)
    return standing.reshape(len(limits), per_scope)


def none_late(standing: Standings) -> Standings:
    """Return [K] the `Standing` of each case with all its matters, from [M, K] those of each.

    The first of these that a matter of the case has: late (open or not), undetermined, on time,
    withdrawn, no decision; else the case has none of the matters.
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
