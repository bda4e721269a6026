"""Checks a schedule against the engine's contract; cheap enough for every replication.

The checks share no arithmetic with the engines: they use whole arrays, the engines go instant by
instant. They leave out the *order of dispatch*: it needs the whole history, and has a test
(`tests/build/replay.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.calendars import WorkingDays
from sim.engine.contract import (
    DAY_S,
    DELAY,
    NEVER,
    NO_OFFICER,
    NO_TACIT,
    OPEN,
    DelayRule,
    Schedule,
    Supply,
    Workload,
)
from sim.engine.holds import Holds, misplaced_parts
from sim.engine.moments import Moments
from sim.engine.parts import all_parts
from sim.engine.together.checks import in_disorder

_SHOWN = 3  # offenders named in a message; the number of all is given too


def verify(workload: Workload, supply: Supply, schedule: Schedule, horizon_s: int) -> list[str]:
    """Check a schedule against the contract, except for the order of dispatch.

    Return one sentence per kind of problem, with the first items concerned.
    """
    n = len(workload.pool)
    for name in ("ready", "start", "end", "officer"):
        if getattr(schedule, name).shape != (n,):
            return [f"{name} has shape {getattr(schedule, name).shape} for {n} items"]
    if np.any((schedule.officer < NO_OFFICER) | (schedule.officer >= len(supply.calendar))):
        return ["an officer number is out of range"]
    parts = schedule.parts
    if np.any((parts.officer < 0) | (parts.officer >= len(supply.calendar))):
        return ["an officer number of a part is out of range"]
    if np.any((parts.item < 0) | (parts.item >= n)):
        return ["an item number of a part is out of range"]
    facts = _Facts.of(workload, schedule)
    return [
        *_ready(workload, schedule, facts),
        *_marks(schedule, facts),
        *_delays(workload, schedule, facts),
        *_work(workload, supply, schedule, facts),
        *_silence(schedule, facts),
        *_busy_twice(schedule, facts),
        *_teams(workload, supply, schedule),
        *_stop(workload, schedule, facts, horizon_s),
    ]


@dataclass(frozen=True, eq=False)
class _Facts:
    """Inputs of several checks: [I] masks, the case of each item, and its lapse or NEVER."""

    case: Ints
    is_delay: Bools
    is_ready: Bools
    began: Bools
    ended: Bools
    lapse: Ints

    @classmethod
    def of(cls, workload: Workload, schedule: Schedule) -> _Facts:
        per_case = np.diff(workload.first_item)
        return cls(
            case=np.repeat(np.arange(len(per_case)), per_case),
            is_delay=workload.pool == DELAY,
            is_ready=schedule.ready != OPEN,
            began=schedule.start != OPEN,
            ended=schedule.end != OPEN,
            lapse=_lapses(workload, schedule),
        )


def _lapses(workload: Workload, schedule: Schedule) -> Ints:
    """Return [I] the instant of tacit consent for work that is ready; else NEVER."""
    lapse = np.full(len(workload.pool), NEVER)
    if workload.tacit_wd is not None:
        has = (workload.tacit_wd != NO_TACIT) & (workload.pool != DELAY) & (schedule.ready != OPEN)
        days = workload.working_days
        lapse[has] = _closes(days, schedule.ready[has], workload.tacit_wd[has])
    return lapse


def _ready(workload: Workload, schedule: Schedule, facts: _Facts) -> list[str]:
    """Check ready = max(arrival, ends of the predecessors), if these have happened."""
    expected = workload.arrival_s[facts.case]
    successor = np.repeat(np.arange(len(expected)), np.diff(workload.pred_ptr))
    ended = np.where(facts.ended, schedule.end, NEVER)
    np.maximum.at(expected, successor, ended[workload.pred])
    return _problem(
        "ready is not the latest of arrival and predecessors' ends",
        schedule.ready != _if_by(schedule.stopped_s, expected),
        schedule.ready,
    )


def _marks(schedule: Schedule, facts: _Facts) -> list[str]:
    """Check that ready, start and end happen in this order, and that none is skipped.

    Then each item is in exactly one state (to come, waiting, in hand, done): conservation.
    """
    ready, start, end = schedule.ready, schedule.start, schedule.end
    in_time = facts.is_ready & (ready <= start)
    return [
        *_problem("began before it was ready", facts.began & ~in_time, start),
        *_problem("ended before it began", facts.ended & ~(facts.began & (start <= end)), end),
        *_problem("began after the stop", start > schedule.stopped_s, start),
    ]


def _delays(workload: Workload, schedule: Schedule, facts: _Facts) -> list[str]:
    delay = facts.is_delay
    has_officer = delay & (schedule.officer != NO_OFFICER)
    late = delay & (schedule.start != schedule.ready)
    items = np.flatnonzero(delay & facts.began)
    expected = _delay_ends(workload, items, schedule.start[items])
    return [
        *_problem("delay with an officer", has_officer, schedule.officer),
        *_problem("delay that did not start when it was ready", late, schedule.start),
        *_ends(schedule, items, expected, "delay does not end as its rule says"),
    ]


def _delay_ends(workload: Workload, items: Ints, t: Ints) -> Ints:
    """Return [n] the instants at which these delays, begun at t, end."""
    amount, rule = workload.amount[items], workload.delay_rule[items]
    last = t // DAY_S + amount
    end = np.where(rule == DelayRule.ELAPSED, t + amount, last * DAY_S + DAY_S - 1)
    wd = rule == DelayRule.WORKING_DAYS
    days = workload.working_days
    end[wd] = _closes(days, t[wd], amount[wd])
    legal = (rule == DelayRule.LEGAL_CALENDAR_DAYS) & (amount > 0)
    day_before = np.minimum(last[legal], len(days)) - 1
    end[legal] = _closes(days, day_before * DAY_S, np.array(1))
    on = rule == DelayRule.ON_CALENDAR
    row = workload.calendar[items[on]].astype(np.int64)
    end[on] = Moments.of(workload.calendars, row, t[on]).finish(amount[on], goes_on=False)
    return np.where(amount == 0, t, end)


def _closes(days: WorkingDays, t: Ints, n: Ints) -> Ints:
    """Return the close of the n-th working day after the date of t; of that date if n is 0."""
    day = t // DAY_S
    nth = days.cumulative[day] + n
    working = np.append(np.flatnonzero(days.working), NEVER // DAY_S - 1)  # too short: never
    # nth is 0 for n = 0 before the first working day; that case is replaced below.
    last = np.where(n == 0, day, working[np.clip(nth, 1, len(working)) - 1])
    return last * DAY_S + DAY_S - 1


def _work(workload: Workload, supply: Supply, schedule: Schedule, facts: _Facts) -> Iterator[str]:
    """Check who had which item in hand, and that it was ended, laid down or lapsed in time."""
    alone = facts.began & ~facts.is_delay & (schedule.officer == NO_OFFICER)
    unmanned = alone & (schedule.start != facts.lapse)
    idle = ~facts.began & (schedule.officer != NO_OFFICER)
    yield from _problem("work without an officer", unmanned, schedule.start)
    yield from _problem("an officer but no start", idle, schedule.officer)
    holds = Holds.of(workload, supply, schedule, facts.lapse)
    of_delay = facts.is_delay[holds.item]
    wrong = {
        "the officer does not serve the pool": ~holds.serves & ~of_delay,
        "begun while the officer was off duty": ~holds.on_duty,
        "laid down without need, or not in time": holds.wrong_hand_over,
        "work does not end when it is done or lapses": holds.wrong_end,
        "begun by an officer though silence counts as consent": holds.start
        >= facts.lapse[holds.item],
    }
    for what, which in wrong.items():
        yield from _problem(what, _at(holds.item, which, len(facts.ended)), schedule.start)
    yield from _problem(
        "the parts are not those of the item",
        misplaced_parts(workload, schedule, facts.lapse),
        schedule.start,
    )


def _teams(workload: Workload, supply: Supply, schedule: Schedule) -> Iterator[str]:
    """Check that the officers of a team begin and end together, when their work is done."""
    for what, which in in_disorder(workload, supply, schedule).items():
        yield from _problem(what, which, schedule.start)


def _silence(schedule: Schedule, facts: _Facts) -> list[str]:
    """Check that no item that has not begun waits past its lapse: it ends there."""
    waits = facts.is_ready & ~facts.began & (facts.lapse <= schedule.stopped_s)
    silent = np.flatnonzero(schedule.start == facts.lapse)
    return [
        *_problem("waits though silence counts as consent", waits, schedule.ready),
        *_ends(schedule, silent, facts.lapse[silent], "silence does not end as it lapses"),
    ]


def _busy_twice(schedule: Schedule, facts: _Facts) -> list[str]:
    """Check that what each officer had in hand follows one another, touching at most."""
    parts = all_parts(schedule)
    items, officer, start = parts.item, parts.officer.astype(np.int64), parts.start
    end = np.where(parts.end == OPEN, NEVER, parts.end)
    # Sort by officer, then start, then parts without duration first; packed, which is faster.
    order = np.argsort((officer * (int(start.max(initial=0)) + 1) + start) * 2 + (end > start))
    officer, start, end = officer[order], start[order], end[order]
    overlap = (officer[1:] == officer[:-1]) & (start[1:] < end[:-1])
    return _problem(
        "the officer was busy with another item",
        _at(items[order[1:]], overlap, len(facts.ended)),
        schedule.start,
    )


def _stop(workload: Workload, schedule: Schedule, facts: _Facts, horizon_s: int) -> list[str]:
    """Check that the run stopped when the awaited cases had ended, or at the horizon."""
    awaited = workload.measured | ~workload.measured.any()
    items = awaited[facts.case]
    empty = awaited & (np.diff(workload.first_item) == 0)
    happens = np.concatenate(
        [[0], workload.arrival_s[empty], np.where(facts.ended, schedule.end, NEVER)[items]]
    )
    expected = min(int(happens.max()), horizon_s)
    if schedule.stopped_s == expected:
        return []
    return [f"stopped at {schedule.stopped_s}, not at {expected}"]


def _ends(schedule: Schedule, items: Ints, expected: Ints, what: str) -> list[str]:
    expected = _if_by(schedule.stopped_s, expected)
    wrong = _at(items, schedule.end[items] != expected, len(schedule.end))
    return _problem(what, wrong, schedule.end)


def _if_by(stopped_s: int, t: Ints) -> Ints:
    """Return t where it is not after the stop, else OPEN."""
    return np.where(t <= stopped_s, t, OPEN)


def _at(items: Ints, wrong: Bools, n: int) -> Bools:
    """Spread a mask over some items to a mask over all n."""
    mask = np.zeros(n, dtype=np.bool_)
    mask[items[wrong]] = True
    return mask


def _problem(what: str, wrong: Bools, value: Ints | NDArray[np.int32]) -> list[str]:
    items = np.flatnonzero(wrong)
    if len(items) == 0:
        return []
    shown = ", ".join(f"item {i} ({value[i]})" for i in items[:_SHOWN])
    return [f"{what}: {shown}" + (f" and {len(items) - _SHOWN} more" * (len(items) > _SHOWN))]
