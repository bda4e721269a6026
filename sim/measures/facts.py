"""The facts of one replication that measures and checks are made of, found with whole arrays.

This form is to be read; `sim.measures.passes` finds the same numbers in machine code: integers are
equal, and floats are added in the order that is stated. `sim.measures.forms` takes one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.arrays import Bools, Floats, Ints, over_items, total
from sim.clocks import History
from sim.engine.checks import verify
from sim.engine.contract import DELAY, OPEN, Schedule, Workload
from sim.engine.parts import waits_again
from sim.measures.days import node_seconds
from sim.measures.duty import WorkTimes
from sim.measures.pools import PoolActivity, PoolSums, waiting_integral_s


@dataclass(frozen=True, eq=False)
class CaseFacts:
    """C cases of one replication."""

    seen: Bools
    """[C] an item of the case became ready."""
    in_hand: Bools
    """[C] an item of the case is ready and has not ended."""
    unfinished: Bools
    """[C] an item of the case has not ended, ready or not."""
    last_end: Ints
    """[C] the last end of the case's items; 0 for a case without items, `OPEN` if none ended."""
    staff_s: Floats
    """[C] seconds of staff time of measured cases, else 0: the seconds of each part times the share
    of time that its officer has, added item after item, and then the parts of what was handed
    over."""

    @classmethod
    def of(cls, history: History, shares: Floats) -> CaseFacts:
        """Find the facts with whole arrays."""
        demand, ready, end = history.demand, history.schedule.ready, history.schedule.end
        first_item = demand.workload.first_item
        seen, in_hand, unfinished = (
            over_items(np.logical_or, true, first_item, False)
            for true in (ready != OPEN, (ready != OPEN) & (end == OPEN), end == OPEN)
        )
        times = WorkTimes.of(history.supply, history.schedule)
        case = demand.case[times.item]
        given_s = times.seconds * shares[times.officer] * demand.workload.measured[case]
        return cls(
            seen,
            in_hand,
            unfinished,
            over_items(np.maximum, end, first_item, 0),
            np.bincount(case, given_s, len(demand.case_type)).astype(np.float64),
        )


@dataclass(frozen=True, eq=False)
class Facts:
    """One replication with N nodes and P pools."""

    problems: Sequence[str]
    """How the schedule breaks the engine's contract; see `sim.engine.checks.verify`."""
    cases: CaseFacts
    pools: PoolSums
    swept_s: Ints
    """[P] the time integral of each queue over the whole run, by a sweep over time."""
    waited_s: Ints
    """[P] the seconds that all items waited in the whole run, added up item by item."""
    node_s: Ints
    """[2, 2 N] the time of the measured cases' items that ended; see `days.node_seconds`."""

    @classmethod
    def of(cls, history: History, horizon_s: int, edges: Ints, shares: Floats) -> Facts:
        """Find the facts of a replication; see `sim.measures.forms.facts_of`."""
        demand, supply, schedule = history.demand, history.supply, history.schedule
        workload, pools = demand.workload, len(history.supply.rule)
        items = np.flatnonzero(workload.measured[demand.case] & (schedule.end != OPEN))
        times = (t[items] for t in (schedule.ready, schedule.start, schedule.end))
        window = int(edges[0]), int(edges[-1])
        return cls(
            problems=verify(workload, supply, schedule, horizon_s),
            cases=CaseFacts.of(history, shares),
            pools=PoolActivity.of(workload, supply, schedule, *window).sums(edges),
            swept_s=waiting_integral_s(workload, schedule, pools),
            waited_s=all_waits_s(workload, schedule, pools),
            node_s=node_seconds(history, items, *times),
        )


def all_waits_s(workload: Workload, schedule: Schedule, pools: int) -> Ints:
    """Return [P] the seconds that all items of each pool waited in the whole run."""
    items = np.flatnonzero((workload.pool != DELAY) & (schedule.ready != OPEN))
    start = schedule.start[items]
    wait = np.where(start == OPEN, schedule.stopped_s, start) - schedule.ready[items]
    again = waits_again(schedule)
    summed = total(workload.pool[items], wait, pools)
    return summed + total(workload.pool[again.item], again.end - again.begin, pools)
