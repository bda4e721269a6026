"""Work that several officers do together: for whom a case has waited."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.arrays import Ints
from sim.clocks import History
from sim.engine.contract import NO_OFFICER, NO_TEAM, OPEN
from sim.engine.moments import Moments
from sim.engine.parts import all_parts


def with_the_missing(history: History) -> History:
    """Return a history in which a step of several officers is that of the pool that was missing.

    The seats of a team wait from the same instant to the same instant, so the wait belongs to one
    of them: to the pool whose officer could come last. He could come since the end of what he had
    in hand before, or since the begin of his duty, whichever is later.
    """
    demand, workload = history.demand, history.demand.workload
    if workload.team is None:
        return history
    begun = (workload.team != NO_TEAM) & (history.schedule.start != OPEN)
    seats = np.flatnonzero(begun & (history.schedule.officer != NO_OFFICER))
    if len(seats) == 0:
        return history
    last = seats[_last_of_each(workload.team[seats], _could_come(history, seats))]
    node = demand.node.copy()
    node[workload.team[last]] = history.process.first_of_pool[demand.node[last]]
    return replace(history, demand=replace(demand, node=node))


def _last_of_each(team: Ints, since: Ints) -> Ints:
    """Return the position of each team's seat that could be taken last; the first of equals."""
    order = np.lexsort((-np.arange(len(team)), since, team))
    is_last = np.append(team[order][1:] != team[order][:-1], True)
    return np.asarray(order[is_last], np.int64)


def _could_come(history: History, seats: Ints) -> Ints:
    """Return since when the officer of each seat, who has taken it, could have come."""
    supply, schedule = history.supply, history.schedule
    parts = all_parts(schedule)
    order = np.lexsort((parts.end, parts.start, parts.officer))
    before = np.full(len(order), OPEN, np.int64)
    officer = parts.officer[order]
    same = np.append(False, officer[1:] == officer[:-1])[: len(order)]
    before[order[same]] = parts.end[order[np.flatnonzero(same) - 1]]
    place = np.full(len(schedule.start), OPEN, np.int64)
    place[parts.item] = np.arange(len(order))  # nobody lays down a seat: it has one part
    row = supply.calendar[schedule.officer[seats]].astype(np.int64)
    duty = Moments.of(supply.duty, row, schedule.start[seats])
    return np.maximum(before[place[seats]], duty.start)
