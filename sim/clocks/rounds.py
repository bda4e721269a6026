"""Rounds of review: a limit per round starts its clock anew with each.

A round ends where the clock stands still for the applicant's correction, and the next begins where
it runs again. Other pauses, such as publicity, end no round; nor does the correction of one matter
while the clock goes on for another.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Bools, Ints


def first_of_round(
    group: Ints, begin: Ints, end: Ints, corrected: Ints, sent_back: Ints, handed_in: Ints
) -> Bools:
    """Return [n] whether an interval of a clock is the first of a round.

    Parameters
    ----------
    group, begin, end
        [n] the intervals in which the clock ran, sorted by group and time, apart in each group.
    corrected, sent_back, handed_in
        [m] corrections: their group, and when the applicant began and ended them; in any order.
    """
    first = np.ones(len(group), np.bool_)
    same = group[1:] == group[:-1]
    # Laid end to end on one axis, all that belongs to earlier groups has begun and ended.
    length = 1 + max((int(t.max()) for t in (end, handed_in) if len(t)), default=0)
    begun = np.sort(corrected * length + sent_back)
    ended = np.sort(corrected * length + handed_in)
    stood, ran = (group * length + end)[:-1], (group * length + begin)[1:]
    in_hand = np.searchsorted(begun, ran, "left") - np.searchsorted(ended, stood, "right")
    first[1:] = ~same | (in_hand > 0)
    return first


def longest_round(group: Ints, first: Bools, amount: Ints, groups: int) -> Ints:
    """Return [groups] the largest sum of a round's amounts; 0 for a group without intervals.

    `group`, `amount`: [n] group and amount of each interval, sorted by group and time; `first`: as
    from `first_of_round`.
    """
    longest = np.zeros(groups, np.int64)
    if len(group):
        starts = np.flatnonzero(first)
        np.maximum.at(longest, group[starts], np.add.reduceat(amount, starts))
    return longest
