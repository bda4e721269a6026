"""Hand-over (AB角): when an officer lays down what is in hand, and how much of it is left.

The rule stands at the head of `sim.engine`. Here is its arithmetic, for both engines; the compiled
one repeats it in machine code.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Bools, Ints
from sim.calendars import IntervalTable, WorkingDays
from sim.engine.contract import DAY_S, Supply


def away_after(duty: IntervalTable, days: WorkingDays) -> Bools:
    """Return [K] for each duty interval whether a whole working day without duty follows it.

    That is a working date between the date of the interval's last second and the date on which the
    next interval of the row begins. After a row's last interval all dates count, up to the end of
    the calendar; dates past that end are no working days.
    """
    until = np.minimum((duty.end - 1) // DAY_S, len(days) - 1)
    back = np.full(len(duty.end), len(days), np.int64)
    back[:-1] = np.minimum(duty.start[1:] // DAY_S, len(days))
    last = duty.ptr[1:][np.diff(duty.ptr) > 0] - 1
    back[last] = len(days)
    # The working dates after `until` and before `back`; none if both are the same date.
    return days.cumulative[np.maximum(back - 1, until)] > days.cumulative[until]


def overtime_turns(supply: Supply, row: int) -> Ints:
    """Return when overtime begins and ends, in turns, in a row of the duty.

    At these instants what is in hand is laid down. The end of the last duty is none of them: who
    leaves for good finishes first, or hands over as without overtime.
    """
    if supply.conditions is None:
        return np.empty(0, np.int64)
    overtime, duty = supply.conditions.overtime, supply.duty
    place = slice(overtime.ptr[row], overtime.ptr[row + 1])
    turns = np.stack([overtime.start[place], overtime.end[place]], axis=1).ravel()
    last = duty.end[duty.ptr[row] : duty.ptr[row + 1]][-1:]
    return turns[~np.isin(turns, last)]


def rest(amount: int, work: int, seconds: int, num: int, den: int, rework_ppm: int) -> int:
    """Return the work left for whoever goes on, in whole seconds at speed 1, rounded up.

    Parameters
    ----------
    amount, work
        The item's whole work, and what was left of it at the beginning of this part.
    seconds
        Seconds of duty that the part has taken, at the speed num / den.
    rework_ppm
        Millionths of all work done so far that are to be done again.
    """
    left = work - seconds * num // den
    again = -(-(amount - left) * rework_ppm // 1_000_000)
    return left + again
