"""Checks of every run: conservation, Little's law, the engine's contract, the clocks' order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints, over_items
from sim.clocks import ClockReadings, History
from sim.demand.demand import Demand
from sim.engine.contract import OPEN, Schedule
from sim.limits import ClockRule, never_exceeds
from sim.measures.facts import CaseFacts, Facts
from sim.measures.forms import facts_of
from sim.process.graph import Outcome

NOT_ARRIVED = "not_arrived"
STILL_OPEN = "open"
STATES = (*(outcome.name.lower() for outcome in Outcome), STILL_OPEN, NOT_ARRIVED)
"""States of a case; `case_states` returns positions in this tuple."""


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check of one run."""

    name: str
    ok: bool
    detail: str
    """The numbers compared, or the mistakes."""


def run_checks(
    history: History,
    horizon_s: int,
    readings: Sequence[ClockReadings] = (),
    facts: Facts | None = None,
) -> tuple[Check, ...]:
    """Run all checks on one replication with the horizon `horizon_s`; `facts`: if found already."""
    if facts is None:
        shares = np.ones(len(history.supply.calendar))
        facts = facts_of(history, horizon_s, np.array([0, horizon_s + 1]), shares)
    return (
        check_conservation(history.demand, history.schedule, facts.cases),
        check_little(facts.swept_s, facts.waited_s),
        check_contract(facts.problems),
        *(check_clocks(reading) for reading in readings),
    )


def case_states(demand: Demand, schedule: Schedule) -> NDArray[np.int8]:
    """Return [C] the state of each case: a position in `STATES`.

    A case has its outcome when all its items have ended; until then it is open.
    """
    first_item = demand.workload.first_item
    unfinished = over_items(np.logical_or, schedule.end == OPEN, first_item, False)
    return states_of(demand, unfinished, schedule.stopped_s)


def states_of(demand: Demand, unfinished: Bools, stopped_s: int) -> NDArray[np.int8]:
    """Return [C] the state of each case; `unfinished`: [C] an item of it has not ended."""
    state = np.where(unfinished, STATES.index(STILL_OPEN), demand.outcome)
    arrived = demand.workload.arrival_s <= stopped_s
    return np.where(arrived, state, STATES.index(NOT_ARRIVED)).astype(np.int8)


def check_conservation(demand: Demand, schedule: Schedule, facts: CaseFacts) -> Check:
    """Check that arrived = done + refused + withdrawn + not accepted + open.

    The left side comes from the arrivals; on the right, a case counts if one of its items was
    ready, and is open if one of its items is waiting or in hand. The check thus finds cases that
    are lost on the way (nothing in hand, yet not ended) and cases that never arrived.
    """
    came = demand.workload.arrival_s <= schedule.stopped_s
    empty = np.diff(demand.workload.first_item) == 0
    ended = (facts.seen | (empty & came)) & ~facts.unfinished
    by_outcome = np.bincount(demand.outcome[ended], minlength=len(Outcome))
    parts = [f"{n} {outcome.name.lower()}" for outcome, n in zip(Outcome, by_outcome, strict=True)]
    detail = f"{came.sum()} arrived; {', '.join(parts)}, {facts.in_hand.sum()} open"
    wrong = np.flatnonzero(came != (ended | facts.in_hand))
    if len(wrong):
        detail += f"; {len(wrong)} cases do not add up, first case {wrong[0]}"
    return Check("conservation", len(wrong) == 0, detail)


def check_little(swept: Ints, summed: Ints) -> Check:
    """Check Little's law on the sample path: for each pool, ∫ queue dt = Σ waiting times.

    The left side is swept over time, the right side summed over items; both are whole seconds and
    must be equal (Little 1961; on a finite path an identity: Stidham 1974).
    """
    wrong = np.flatnonzero(swept != summed)
    if len(wrong) == 0:
        return Check("Little's law", True, f"{int(summed.sum())} s waited in {len(summed)} pools")
    p = int(wrong[0])
    detail = f"pool {p}: ∫ queue = {swept[p]} s, Σ waits = {summed[p]} s"
    return Check("Little's law", False, f"{detail}; {len(wrong)} pools in all")


def check_contract(problems: Sequence[str]) -> Check:
    """Check the engine's contract, except for the order of dispatch: see `sim.engine.checks`.

    So no officer is busy twice or begins off duty, and ready ≤ start ≤ end.
    """
    return Check("engine contract", not problems, "; ".join(problems) or "as the contract says")


def check_clocks(readings: ClockReadings) -> Check:
    """Check the order of the clocks of one scope, in their amounts and in seconds.

    No clock is negative, and a clock that counts a part of what another counts never exceeds it
    (`never_exceeds`); if they start with acceptance and receipt, that holds for cases that were
    submitted before they were accepted.
    """
    clocks = readings.clocks
    problems = [
        f"{name} < 0: case {readings.case[np.argmin(clock.value)]}"
        for name, clock in clocks.items()
        if np.any(clock.value < 0) or np.any(clock.elapsed_s < 0)
    ]
    for less, more in _ordered(tuple(clock.rule for clock in clocks.values())):
        a, b = clocks[less], clocks[more]
        wrong = (a.value > b.value) | (a.elapsed_s > b.elapsed_s)
        if a.rule.start != b.rule.start:
            wrong &= b.started & (b.start_s <= a.start_s)
        if np.any(wrong):
            problems.append(f"{less} > {more}: case {readings.case[np.argmax(wrong)]}")
    return Check("clocks", not problems, "; ".join(problems) or f"{len(readings.case)} cases")


@cache
def _ordered(rules: tuple[ClockRule, ...]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of clocks of which the first never exceeds the second."""
    return tuple((a.name, b.name) for a, b in permutations(rules, 2) if never_exceeds(a, b))
