"""Rounds of review: a limit per round starts its clock anew with each.

A round ends where the clock stands still for the applicant's correction; the next begins where it
runs again after the papers were handed in. Other pauses, such as publicity, end no round; nor does
the correction of one matter while the clock goes on for another.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Bools, Ints


def first_of_round(group: Ints, begin: Ints, end: Ints, corrected: Ints, handed_in: Ints) -> Bools:
    """Return [n] whether an interval of a clock is the first of a round.

    Parameters
    ----------
    group, begin, end
        [n] the intervals in which the clock ran, sorted by group and time, apart in each group.
    corrected, handed_in
        [m] corrections: their group, and when the papers were handed in again; in any order.
    """
    first = np.ones(len(group), np.bool_)
    same = group[1:] == group[:-1]
    # Groups are laid end to end on one axis.
    length = 1 + max((int(t.max()) for t in (end, handed_in) if len(t)), default=0)
    ends = np.sort(corrected * length + handed_in)
    stood, ran = (group * length + end)[:-1], (group * length + begin)[1:]
    in_between = np.searchsorted(ends, ran, "right") - np.searchsorted(ends, stood, "right")
    first[1:] = ~same | (in_between > 0)
    return first


def longest_round(group: Ints, first: Bools, amount: Ints, used: Ints) -> Ints:
    """Return [groups] the largest sum of a round's amounts.

    Parameters
    ----------
    group, amount
        [n] group and amount of each interval, sorted by group and time.
    first
        [n] whether the interval is the first of a round, as from `first_of_round`.
    used
        [groups] what was used up before the first interval: part of the first round.
    """
    longest = used.copy()
    if len(group):
        starts = np.flatnonzero(first)
        of_round, rounds = group[starts], np.add.reduceat(amount, starts)
        is_first = np.append(True, of_round[1:] != of_round[:-1])
        rounds += np.where(is_first, used[of_round], 0)
        np.maximum.at(longest, of_round, rounds)
    return longest
