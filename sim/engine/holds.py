"""Every time that an officer has an item in hand, held against the contract: for the checks.

As all checks, it shares no arithmetic with the engines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Bools, Ints
from sim.calendars import IntervalTable, WorkingDays
from sim.engine.contract import (
    DAY_S,
    LONGEST,
    NEVER,
    NO_TEAM,
    OPEN,
    Parts,
    Schedule,
    Supply,
    Workload,
)
from sim.engine.moments import Moments
from sim.engine.parts import all_parts


@dataclass(frozen=True, eq=False)
class Holds:
    """n parts of work: what they are, and what is wrong with them."""

    item: Ints
    start: Ints
    serves: Bools
    """[n] whether the officer serves the pool."""
    on_duty: Bools
    """[n] whether the officer was on duty at the start."""
    wrong_end: Bools
    """[n] the part does not end when the item is done, laid down or lapses."""
    wrong_hand_over: Bools
    """[n] laid down though the item was done or went on; or an item in one piece that was not."""

    @classmethod
    def of(cls, workload: Workload, supply: Supply, schedule: Schedule, lapse: Ints) -> Holds:
        """Return all parts of a schedule; `lapse`: [I] instants of tacit consent, or NEVER."""
        parts = all_parts(schedule)
        row = supply.calendar[parts.officer].astype(np.int64)
        begun = Moments.of(supply.duty, row, parts.start)
        exact = _takes_over(supply)[workload.pool[parts.item]]
        whole = len(parts.item) - len(schedule.parts.item)
        unit = np.where(exact, _units(supply)[workload.pool[parts.item]], 1)
        work = np.minimum(workload.amount[parts.item], LONGEST) * unit
        work[whole:] = _work(workload, supply, schedule.parts, unit[whole:])
        num, den = supply.speed_num[parts.officer], supply.speed_den[parts.officer]
        each_second = np.maximum(num * unit // den, 1)  # exact, in pools with take-over
        seconds = np.where(exact, -(-work // each_second), -(-work * den // num))
        at_desk = begun.finish(seconds, goes_on=True)
        own = np.where(supply.finishes_in_hand[parts.officer], parts.start + seconds, at_desk)
        done = np.minimum(own, lapse[parts.item])
        leaves = np.minimum(
            _hand_overs(workload, supply, parts, begun, own), _turns(supply, parts, own)
        )
        expected = np.minimum(done, leaves)
        happens = expected <= schedule.stopped_s
        laid_down = np.zeros(len(own), np.bool_)
        laid_down[whole:] = _laid_down(schedule)
        # At any time before, a faster officer may take over; who does is a matter of dispatch.
        taken_over = exact & laid_down & (parts.start <= parts.end) & (parts.end < expected)
        # When a team ends is checked for the whole team; nobody lays down a seat.
        seat = np.zeros(len(own), np.bool_)
        if workload.team is not None:
            seat = workload.team[parts.item] != NO_TEAM
        return cls(
            item=parts.item,
            start=parts.start,
            serves=_serves(supply)[parts.officer, workload.pool[parts.item]],
            on_duty=begun.inside,
            wrong_end=~seat & ~taken_over & (parts.end != np.where(happens, expected, OPEN)),
            wrong_hand_over=~taken_over & (laid_down != (~seat & happens & (leaves < done))),
        )


def misplaced_parts(workload: Workload, schedule: Schedule, lapse: Ints) -> Bools:
    """Return [I] the items whose parts are out of order, or at odds with the schedule.

    That is: parts overlap; the first does not begin with the item, or was not laid down; the last
    has another officer; or what was laid down last has neither lapsed nor waits.
    """
    parts, n = schedule.parts, len(workload.pool)
    wrong = np.zeros(n, np.bool_)
    if len(parts.item) == 0:
        return wrong
    item, down = parts.item, _laid_down(schedule)
    same = item[1:] == item[:-1]
    first, last = np.append(True, ~same), np.append(~same, True)
    silent = np.where(lapse[item] <= schedule.stopped_s, lapse[item], OPEN)
    for bad in (
        np.append(False, (item[1:] < item[:-1]) | (same & (parts.start[1:] < parts.end[:-1]))),
        first & ((parts.start != schedule.start[item]) | ~down),
        ~last & ~down,
        last & (parts.officer != schedule.officer[item]),
        last & ~down & (parts.end != schedule.end[item]),
        last & down & (schedule.end[item] != silent),
    ):
        wrong[item[bad]] = True
    return wrong


def _laid_down(schedule: Schedule) -> Bools:
    """Return [H] the rows of `parts` after which the item waited again."""
    parts = schedule.parts
    last = np.append(parts.item[1:] != parts.item[:-1], True)[: len(parts.item)]
    down: Bools = ~last | ((parts.end != OPEN) & (parts.end != schedule.end[parts.item]))
    return down


def _takes_over(supply: Supply) -> Bools:
    """Return [P + 1] whether the pool has take-over; at the end, what a delay has: False."""
    none = np.zeros(len(supply.rule) + 1, np.bool_)
    return none if supply.take_over is None else np.append(supply.take_over, False)


def _units(supply: Supply) -> Ints:
    """Return [P + 1] into how many parts a pool divides a second of work, if it has take-over."""
    units = np.ones(len(supply.rule) + 1, np.int64)
    for pool in np.flatnonzero(_takes_over(supply)):
        units[pool] = np.lcm.reduce(supply.speed_den[_serves(supply)[:, pool]], initial=1)
    return units


def _work(workload: Workload, supply: Supply, parts: Parts, unit: Ints) -> Ints:
    """Return [H] the work, at speed 1, that was left when each part of `Schedule.parts` began.

    `unit`: [H] the parts of a second in which it is counted.
    """
    amount = np.minimum(workload.amount[parts.item], LONGEST) * unit
    num, den = supply.speed_num[parts.officer], supply.speed_den[parts.officer]
    done = _seconds(supply, parts) * (num * unit) // den
    work = amount.copy()
    for n in np.flatnonzero(parts.item[1:] == parts.item[:-1]):
        left = int(work[n] - done[n])
        ppm = int(supply.rework_ppm[parts.officer[n]])
        again = -(-(int(amount[n]) - left) * ppm // 1_000_000)
        work[n + 1] = left + again
    return work


def _seconds(supply: Supply, parts: Parts) -> Ints:
    """Return [H] the seconds that the officer has worked in each part; in hand: no meaning."""
    row = supply.calendar[parts.officer].astype(np.int64)
    until, since = (
        Moments.of(supply.duty, row, t).before for t in (np.maximum(parts.end, 0), parts.start)
    )
    # After the last duty, work goes on.
    over = np.maximum(parts.end - np.append(supply.duty.end, 0)[supply.duty.ptr[row + 1] - 1], 0)
    finishes = supply.finishes_in_hand[parts.officer]
    return np.where(finishes, parts.end - parts.start, until - since + over)


def _hand_overs(
    workload: Workload, supply: Supply, parts: Parts, begun: Moments, own: Ints
) -> Ints:
    """Return [n] when each part is laid down at the latest, or NEVER."""
    duty, leaves = supply.duty, np.full(len(own), NEVER)
    able = (supply.hands_over & ~supply.finishes_in_hand)[parts.officer]
    able &= own > np.append(duty.end, NEVER)[begun.first]  # it reaches over the end of a duty
    which = np.flatnonzero(able)
    reached = duty.first_open(begun.row[which], np.minimum(own[which], NEVER - 1))
    # Number of long absences before each interval; few parts reach over any.
    away = np.concatenate([[0], np.cumsum(_long_absences(duty, workload.working_days))])
    far = away[reached] > away[begun.first[which]]
    for n, last in zip(which[far], reached[far], strict=True):
        first = begun.first[n]
        others = _colleagues(supply, int(parts.officer[n]), int(workload.pool[parts.item[n]]))
        for k in first + np.flatnonzero(np.diff(away[first : last + 1])):
            in_row = k + 1 < duty.ptr[begun.row[n] + 1]
            comes_back = duty.start[k + 1] if in_row else NEVER
            someone = any(
                np.any((duty.end[a:b] > duty.end[k]) & (duty.start[a:b] < comes_back))
                for a, b in others
            )
            if duty.end[k] < own[n] and someone:
                leaves[n] = duty.end[k]
                break
    return leaves


def _turns(supply: Supply, parts: Parts, own: Ints) -> Ints:
    """Return [n] when overtime begins or ends in each part, before its own end; or NEVER."""
    turns = np.full(len(own), NEVER)
    if supply.conditions is None:
        return turns
    overtime, duty = supply.conditions.overtime, supply.duty
    row = supply.calendar[parts.officer].astype(np.int64)
    able = ~supply.finishes_in_hand[parts.officer] & (np.diff(overtime.ptr)[row] > 0)
    for n in np.flatnonzero(able):
        here = slice(overtime.ptr[row[n]], overtime.ptr[row[n] + 1])
        last = duty.end[duty.ptr[row[n] + 1] - 1]
        edges = np.concatenate([overtime.start[here], overtime.end[here]])
        within = edges[(edges > parts.start[n]) & (edges < min(own[n], last))]
        turns[n] = within.min(initial=NEVER)
    return turns


def _long_absences(duty: IntervalTable, days: WorkingDays) -> Bools:
    """Return [K] whether a working date without duty follows the interval."""
    dates = np.flatnonzero(days.working)
    back = np.append(duty.start[1:], NEVER)[: len(duty.end)]
    back[duty.ptr[1:][np.diff(duty.ptr) > 0] - 1] = NEVER
    following = np.append(dates, NEVER)[np.searchsorted(dates, (duty.end - 1) // DAY_S, "right")]
    away: Bools = (following < back // DAY_S) & (following != NEVER)
    return away


def _colleagues(supply: Supply, officer: int, pool: int) -> list[tuple[int, int]]:
    """Return the slices of `duty` of the other officers of the pool."""
    of_link = np.repeat(np.arange(len(supply.calendar)), np.diff(supply.pool_ptr))
    others = np.unique(of_link[(supply.pool_of == pool) & (of_link != officer)])
    ptr = supply.duty.ptr
    return [(int(ptr[r]), int(ptr[r + 1])) for r in np.unique(supply.calendar[others])]


def _serves(supply: Supply) -> Bools:
    """Return [O, P]: whether the officer serves the pool."""
    table = np.zeros((len(supply.calendar), len(supply.rule)), dtype=np.bool_)
    officer = np.repeat(np.arange(len(supply.calendar)), np.diff(supply.pool_ptr))
    table[officer, supply.pool_of] = True
    return table
