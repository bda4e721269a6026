"""Teams held against the contract: all seats begin and end at once, when the work is done.

As all checks, it shares no arithmetic with the engines: they go from duty to duty, here the time
that all officers have in common is cut out as a set.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.arrays import Bools, Ints
from sim.calendars import Intervals
from sim.engine.contract import (
    LONGEST,
    NEVER,
    NO_OFFICER,
    NO_TEAM,
    OPEN,
    Schedule,
    Supply,
    Workload,
)
from sim.engine.moments import Moments


def in_disorder(workload: Workload, supply: Supply, schedule: Schedule) -> dict[str, Bools]:
    """Return what may be wrong with teams → [I] the first seats of those with which it is."""
    none = np.zeros(len(workload.pool), np.bool_)
    wrong = {
        "the seats do not begin and end at once": none,
        "an officer has two seats": none.copy(),
        "the team does not end when the work is done": none.copy(),
    }
    if workload.team is None:
        return wrong
    apart, twice, undone = wrong.values()
    seats = np.flatnonzero(workload.team != NO_TEAM)
    first = workload.team[seats]
    for times in (schedule.ready, schedule.start, schedule.end):
        apart[first[times[seats] != times[first]]] = True
    begun = seats[(schedule.start[seats] != OPEN) & (schedule.officer[seats] != NO_OFFICER)]
    seat = workload.team[begun] * len(supply.calendar) + schedule.officer[begun]
    twice[workload.team[begun][_repeated(seat)]] = True
    whole = ~apart[workload.team[begun]]
    undone[_undone(workload, supply, schedule, begun[whole])] = True
    return wrong


def _repeated(values: Ints) -> Bools:
    """Return whether each value stands among them more than once."""
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    more: Bools = times[place] > 1
    return more


def _undone(workload: Workload, supply: Supply, schedule: Schedule, seats: Ints) -> Ints:
    """Return the first seats of teams that end too early or too late; `seats`: all that began."""
    if len(seats) == 0:
        return seats
    assert workload.team is not None
    officer, start = schedule.officer[seats].astype(np.int64), schedule.start[seats]
    end = np.where(schedule.end[seats] == OPEN, NEVER, schedule.end[seats])
    num, den = supply.speed_num[officer], supply.speed_den[officer]
    own = -(-np.minimum(workload.amount[seats], LONGEST) * den // num)
    place = np.append(np.flatnonzero(np.diff(workload.team[seats], prepend=-1)), len(seats))
    seconds = np.repeat(np.maximum.reduceat(own, place[:-1]), np.diff(place))
    duty = Moments.of(supply.duty, supply.calendar[officer].astype(np.int64), start)
    closes = np.append(supply.duty.end, 0)[duty.first]
    on_duty = supply.finishes_in_hand[officer] | (duty.inside & (closes >= end))
    simple = np.minimum.reduceat(on_duty & (end == start + seconds), place[:-1])
    wrong = [
        int(workload.team[seats[a]])
        for (a, b), is_simple in zip(pairwise(place.tolist()), simple, strict=True)
        if not is_simple
        and not _is_done(supply, officer[a:b], schedule, int(seats[a]), int(seconds[a]))
    ]
    return np.array(wrong, np.int64)


def _is_done(supply: Supply, officers: Ints, schedule: Schedule, seat: int, seconds: int) -> bool:
    """Return whether a team ends, or goes on at the stop, as the duty of its officers says."""
    start, end = int(schedule.start[seat]), int(schedule.end[seat])
    until = schedule.stopped_s if end == OPEN else end
    together = Intervals.of([(start, max(start, until))])
    for officer in officers[~supply.finishes_in_hand[officers]]:
        row = supply.duty.row(int(supply.calendar[officer]))
        last = int(row.end.max(initial=start))  # after it, work goes on
        later = Intervals.of([(last, max(last, until))])
        together = together.intersect(Intervals.of(_pairs(row) + _pairs(later)))
    done = int(np.sum(together.end - together.start))
    if end == OPEN:
        return done < seconds
    return done == seconds and end == int(together.end.max(initial=start))


def _pairs(intervals: Intervals) -> list[tuple[int, int]]:
    return list(zip(intervals.start.tolist(), intervals.end.tolist(), strict=True))
