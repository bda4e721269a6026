"""How far the clock of a limit was at each instant, case by case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.arrays import Ints
from sim.clocks import Counting, History, clock_so_far, running_intervals
from sim.engine.contract import DAY_S, OPEN
from sim.experiments.replay.minutes import MINUTE_S, minutes
from sim.limits import ResolvedLimit
from sim.measures.limits import LimitReading, as_judged
from sim.scenario import Scenario

NEAR = (4, 5)
"""A clock is near its limit once this part of it (four fifths) is used up."""
HOUR_S = 3600


@dataclass(frozen=True, eq=False)
class LimitClock:
    """The clock that decides a limit, for the K cases of the limit; instants in minutes."""

    limit: ResolvedLimit
    case: Ints
    """[K] numbers of the cases, ascending."""
    allowed: Ints
    """[K] the limit, with an extension, in the smallest amounts of the clock."""
    start: Ints
    """[K] from when the clock is shown; `OPEN`: never."""
    stop: Ints
    """[K] when the clock stops; `OPEN`: not by the end of the run."""
    near: Ints
    """[K] from when at least four fifths of the limit are used up; `OPEN`: never."""
    over: Ints
    """[K] from when more than the limit is used up; `OPEN`: never."""
    first_rise: Ints
    """[K + 1] the rises of case k are rise[first_rise[k]] … rise[first_rise[k + 1] - 1]."""
    rise: Ints
    """The minutes at which a clock shows one more day or hour, in time within each case. Hours are
    seen at full hours of the day."""


def limit_clocks(
    scenario: Scenario, history: History, reading: LimitReading, wanted: Ints, last_s: int
) -> LimitClock:
    """Return the clock of a limit for those of the `wanted` cases that the limit is for.

    `last_s` is the instant after which nothing is shown.
    """
    limit = reading.limit
    (rule,) = as_judged(limit, history, [limit.rule])
    counting = Counting.of(scenario, history, [rule])
    cases, amount_at = clock_so_far(history, limit.scope, rule, counting)
    read = reading.readings.clocks[limit.clock]
    begun = _begun(history, reading, counting, read.start_s)
    allowed = np.full(len(cases), limit.ticks)
    if (extended := history.demand.extended.get(limit.name)) is not None:
        allowed += extended[cases] * limit.extension_ticks
    kept = reading.readings.in_scope & (begun != OPEN) & np.isin(cases, wanted)
    last = np.full(len(cases), min(last_s, history.schedule.stopped_s))
    near, over = (
        np.where(kept, _first(amount_at, least, begun, last), OPEN)
        for least in (-(-allowed * NEAR[0] // NEAR[1]), allowed + 1)
    )
    step, unit = (DAY_S, 1) if rule.hours is None else (HOUR_S, HOUR_S)
    place, rise = _rises(amount_at, unit, step, begun[kept].min(initial=0), last)
    rise = np.maximum(rise, begun[place])
    place, rise = place[kept[place]], rise[kept[place]]
    return LimitClock(
        limit=limit,
        case=cases[kept],
        allowed=allowed[kept],
        start=minutes(begun[kept]),
        stop=minutes(read.stop_s[kept]),
        near=minutes(near[kept]),
        over=minutes(over[kept]),
        first_rise=np.append(0, np.cumsum(np.bincount(place, minlength=len(cases))[kept])),
        rise=minutes(rise),
    )


def _begun(history: History, reading: LimitReading, counting: Counting, start_s: Ints) -> Ints:
    """Return [K] when the clock began: of several applications, that of the first."""
    limit = reading.limit
    begun = start_s.copy()
    case, begin, _ = running_intervals(history, limit.scope, counting.rules[0], counting)
    place = np.searchsorted(reading.readings.case, case)
    np.minimum.at(begun, place, np.where(begun[place] == OPEN, begun[place], begin))
    return begun


def _first(amount_at: Callable[[Ints], Ints], least: Ints, low: Ints, high: Ints) -> Ints:
    """Return [K] the first instant, to the minute, at which a clock shows at least some amount.

    `OPEN` where it does not by `high`. No clock goes back, so halving finds it.
    """
    reached = amount_at(high) >= least
    below, above = np.maximum(low, 0) // MINUTE_S - 1, -(-high // MINUTE_S)
    while (above - below > 1).any():
        middle = (below + above) // 2
        there = amount_at(middle * MINUTE_S) >= least
        narrow = above - below > 1
        above = np.where(there & narrow, middle, above)
        below = np.where(~there & narrow, middle, below)
    return np.where(reached, above * MINUTE_S, OPEN)


def _rises(
    amount_at: Callable[[Ints], Ints], unit: int, step: int, first: int, last: Ints
) -> tuple[Ints, Ints]:
    """Return the place and instant of every rise of a clock by one unit, by place and time.

    The clocks are looked at every `step` seconds. A clock of days rises at midnight only, but for
    the day of its start, so each day is looked at by its end.
    """
    places, instants = [], []
    shown = np.zeros(len(last), np.int64)
    for t in range(int(first) // step * step, int(last.max(initial=0)) + 1, step):
        now = amount_at(np.minimum(t + step - 1 if unit == 1 else t, last)) // unit
        more = np.maximum(now - shown, 0)
        risen = np.repeat(np.arange(len(last)), more)
        places.append(risen)
        instants.append(np.full(len(risen), t))
        shown = np.maximum(shown, now)
    place, instant = (np.concatenate([[], *parts]).astype(np.int64) for parts in (places, instants))
    order = np.argsort(place, kind="stable")
    return place[order], instant[order]
