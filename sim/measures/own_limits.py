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


def tally_own_limits(own: OwnLimits, history: History, counting: Counting) -> OwnTallies:
    """Count the measured cases of one replication against own limits, and sets of them.

    `counting` is that of the scenario, for the clocks of the limits.
    """
    standing: dict[str, Standings] = {}
    tallies: dict[str, Tally] = {}
    for (_, rules), limits in _together(own.limits).items():
        scopes = tuple(limits)
        readings = read_stacked(history, scopes, replace(counting, rules=rules))
        shape = len(scopes), -1
        measured = history.demand.workload.measured[readings.case].reshape(shape)[0]
        for number, rule in enumerate(rules):
            on_clock = [of_scope[number] for of_scope in limits.values()]
            days = readings.clocks[rule.name].value.reshape(shape)[:, measured]
            of_limits = _standing(on_clock, rule, readings, history).reshape(shape)[:, measured]
            for limit, own_standing, own_days in zip(on_clock, of_limits, days, strict=True):
                standing[limit.limit.name] = own_standing
                tallies[limit.limit.name] = Tally.of(own_standing, own_days)
    together = {
        limits.key: Tally.of_counts(all_kept(np.array([standing[name] for name in limits.limits])))
        for limits in own.sets
    }
    return OwnTallies(tallies, together)


def _together(
    limits: Sequence[OwnLimit],
) -> dict[tuple[str, tuple[ClockRule, ...]], dict[Scope, list[OwnLimit]]]:
    """Return scope → its limits, by case type and clocks: what can be read in one pass."""
    by_scope: dict[Scope, list[OwnLimit]] = defaultdict(list)
    for own in limits:
        by_scope[own.limit.scope].append(own)
    together: dict[tuple[str, tuple[ClockRule, ...]], dict[Scope, list[OwnLimit]]]
    together = defaultdict(dict)
    for scope, of_scope in by_scope.items():
        rules = tuple(own.limit.rule for own in of_scope)
        together[scope.case_type, rules][scope] = of_scope
    return together


def _standing(
    limits: Sequence[OwnLimit], rule: ClockRule, readings: ClockReadings, history: History
) -> Standings:
    """Return [S * K] the `Standing` of the cases of each limit.

    A decided matter counts, whatever becomes of its case later.
    """
    cases = len(readings.case) // len(limits)
    days = np.repeat([own.limit.ticks for own in limits], cases)
    single = np.repeat([own.kind == "matter" for own in limits], cases)
    outcome = history.demand.outcome[readings.case]
    outcome = np.where(single & readings.decided_here, np.int8(Outcome.DONE), outcome)
    return standing_of(readings, readings.clocks[rule.name], days, outcome)


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
