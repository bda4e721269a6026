"""Recorded courses of cases: which activity waits for which others of its case."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.arrays import Bools, Ints
from sim.logs.event_log import EventLog

FARTHEST: Final = 40
"""How many events back in its case an event may look for what it waited for."""
OVERLAPPING: Final = 0.10
"""Share of pairs of two activities that overlap in time, from which on neither waits."""
SELDOM_OVERLAPPING: Final = 0.02
"""Enough, if each of the two also comes first in `COMMON` of the pairs or more."""
COMMON: Final = 0.10


def concurrent(log: EventLog) -> Bools:
    """Return [A, A] whether two activities run beside each other, so neither waits for the other.

    Counted over the pairs of events in one case, at most `FARTHEST` events apart.
    """
    kinds = len(log.activities)
    pairs, overlaps, firsts = (np.zeros((kinds, kinds)) for _ in range(3))
    for later, earlier in _pairs(log):
        a, b = log.activity[earlier], log.activity[later]
        np.add.at(pairs, (a, b), 1)
        np.add.at(overlaps, (a, b), log.end[earlier] > log.start[later])
        np.add.at(firsts, (a, b), log.end[earlier] <= log.start[later])
    both = pairs + pairs.T - np.diag(pairs.diagonal())
    share = (overlaps + overlaps.T - np.diag(overlaps.diagonal())) / np.maximum(both, 1)
    fewer = np.minimum(firsts, firsts.T) / np.maximum(both, 1)
    np.fill_diagonal(fewer, 0)
    return (share > OVERLAPPING) | ((share > SELDOM_OVERLAPPING) & (fewer >= COMMON))


def waited_for(log: EventLog) -> tuple[list[tuple[int, ...]], Ints]:
    """Return what each event waited for, and [n] when all of that had ended.

    Each event: places in its case, of the last ones only (what they waited for is left out). An
    event that waits for none was ready when its case began.
    """
    beside = concurrent(log)
    ready = log.arrival[log.case].copy()
    before: list[list[int]] = [[] for _ in range(len(log))]
    for later, earlier in _pairs(log):
        waits = (log.end[earlier] <= log.start[later]) & ~beside[
            log.activity[earlier], log.activity[later]
        ]
        waiting, awaited = later[waits], earlier[waits]
        ready[waiting] = np.maximum(ready[waiting], log.end[awaited])
        for one, other in zip(waiting.tolist(), awaited.tolist(), strict=True):
            before[one].append(other)
    return _last_ones(before, log.first[log.case].tolist()), ready


def _last_ones(before: list[list[int]], first: list[int]) -> list[tuple[int, ...]]:
    """Return the places of predecessors that no other predecessor waited for."""
    above: list[int] = []
    found = []
    for event, earlier in enumerate(before):
        known = 0
        kept = []
        for other in earlier:  # the nearest first
            bit = 1 << (other - first[event])
            if not known & bit:
                kept.append(other - first[event])
            known |= bit | above[other]
        above.append(known)
        found.append(tuple(sorted(kept)))
    return found


def _pairs(log: EventLog) -> list[tuple[Ints, Ints]]:
    """Return, for each distance in events, the later and the earlier events of one case."""
    found = []
    for apart in range(1, min(FARTHEST, int(np.diff(log.first).max()) - 1) + 1):
        later = np.flatnonzero(log.case[apart:] == log.case[:-apart]) + apart
        found.append((later, later - apart))
    return found
