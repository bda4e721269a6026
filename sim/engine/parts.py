"""When work was in hand and when it waited, read from a schedule; an item may have parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Ints
from sim.engine.contract import DELAY, NO_OFFICER, OPEN, Parts, Schedule, Workload


def all_parts(schedule: Schedule) -> Parts:
    """Return every time that an officer had an item in hand, with `OPEN` ends for the stop.

    First the items in one piece, by item; then the parts of those that were handed over.
    """
    parts = schedule.parts
    whole = (schedule.officer != NO_OFFICER) & (schedule.start != OPEN)
    whole[parts.item] = False
    items = np.flatnonzero(whole)
    return Parts(
        item=np.concatenate([items, parts.item]),
        officer=np.concatenate([schedule.officer[items], parts.officer]),
        start=np.concatenate([schedule.start[items], parts.start]),
        end=np.concatenate([schedule.end[items], parts.end]),
    )


@dataclass(frozen=True, eq=False)
class Waits:
    """W waits for an officer, each within the run; none of them empty."""

    item: Ints
    """[W] an item that waits after a hand-over has several."""
    begin: Ints
    end: Ints
    """[W] when an officer took the item in hand, it lapsed, or the run stopped."""


def waits_again(schedule: Schedule) -> Waits:
    """Return the waits between the parts of items that were handed over, by item and begin."""
    parts = schedule.parts
    item, begin = parts.item, parts.end
    ended = schedule.end[item]
    end = np.where(ended == OPEN, schedule.stopped_s, ended)  # of a last part: none goes on
    next_one = item[1:] == item[:-1]
    end[:-1][next_one] = parts.start[1:][next_one]
    waits = (begin != OPEN) & (begin < end)
    return Waits(item[waits], begin[waits], end[waits])


def waits(workload: Workload, schedule: Schedule) -> Waits:
    """Return all waits of work items: before they began, by item, and then those between parts."""
    ready, start = schedule.ready, schedule.start
    until = np.where(start == OPEN, schedule.stopped_s, start)
    items = np.flatnonzero((workload.pool != DELAY) & (ready != OPEN) & (ready < until))
    again = waits_again(schedule)
    return Waits(
        item=np.concatenate([items, again.item]),
        begin=np.concatenate([ready[items], again.begin]),
        end=np.concatenate([until[items], again.end]),
    )
