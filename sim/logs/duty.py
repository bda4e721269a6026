"""Weekly hours of duty, as events show them, and the time worked in them.

A week begins on Monday and has 336 half hours. Instants are milliseconds of local time since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.logs.event_log import DAY_MS, EventLog

SLOT_MS: Final = 1_800_000
SLOTS: Final = 336
"""Half hours of a week."""
WEEK_MS: Final = SLOTS * SLOT_MS
MONDAY_MS: Final = 4 * DAY_MS
"""From 1970-01-01, a Thursday, to the first Monday."""
LEAST_SHARE: Final = 0.1
"""Share of the weeks in which a half hour must hold stamps."""
UNEXPLAINED: Final = 7.0
"""Stamps that are expected where none is: chance leaves so long a gap once in 1,100 times."""


@dataclass(frozen=True, eq=False)
class Week:
    """Hours of duty that repeat every week."""

    open: Bools
    """[336] whether each half hour is on duty; at least one is."""

    @cached_property
    def before(self) -> Ints:
        """[337] milliseconds of duty in the week before each half hour."""
        return np.append(0, np.cumsum(self.open.astype(np.int64) * SLOT_MS))

    @property
    def total(self) -> int:
        """Milliseconds of duty in a week."""
        return int(self.before[-1])

    def worked(self, at: Ints) -> Ints:
        """Return the milliseconds of duty before each instant, counted from some Monday."""
        weeks, rest = np.divmod(at - MONDAY_MS, WEEK_MS)
        slot = rest // SLOT_MS
        before: Ints = weeks * self.total + self.before[slot]
        before += self.open[slot] * (rest - slot * SLOT_MS)
        return before

    @cached_property
    def _open_slots(self) -> list[int]:
        return [int(slot) for slot in np.flatnonzero(self.open)]

    @cached_property
    def _next(self) -> list[int]:
        """[336] milliseconds from each half hour's begin to that of the next one on duty."""
        twice = np.flatnonzero(np.tile(self.open, 2))
        at = twice[np.searchsorted(twice, np.arange(SLOTS))]
        return [int(ahead) * SLOT_MS for ahead in at - np.arange(SLOTS)]

    def on_duty(self, at: int) -> int:
        """Return the first instant on duty, not before `at`."""
        slot, rest = divmod((at - MONDAY_MS) % WEEK_MS, SLOT_MS)
        ahead = self._next[slot]
        return at if ahead == 0 else at - rest + ahead

    def begin(self, at: int) -> int:
        """Return when work can begin, not before `at`: on duty, or with the closing second."""
        slot, rest = divmod((at - MONDAY_MS) % WEEK_MS, SLOT_MS)
        return at if rest == 0 and self._next[slot - 1] == 0 else self.on_duty(at)

    def closes(self, at: Ints) -> Bools:
        """Return whether each instant is the closing second: off duty, right after duty."""
        slot, rest = np.divmod((at - MONDAY_MS) % WEEK_MS, SLOT_MS)
        found: Bools = (rest == 0) & ~self.open[slot] & self.open[slot - 1]
        return found

    def finish(self, at: int, work: int) -> int:
        """Return when work begun at an instant is done; it pauses off duty. No work: at once.

        Work that is done with the closing second ends then, not with the next opening.
        """
        if work <= 0:
            return at
        weeks, rest = divmod(at - MONDAY_MS, WEEK_MS)
        slot = rest // SLOT_MS
        done = int(self.before[slot]) + (rest - slot * SLOT_MS if self.open[slot] else 0)
        more, left = divmod(done + work - 1, self.total)
        found = self._open_slots[left // SLOT_MS]
        return MONDAY_MS + (weeks + more) * WEEK_MS + found * SLOT_MS + left % SLOT_MS + 1


ALWAYS: Final = Week(np.ones(SLOTS, np.bool_))


def week_of(starts: Ints, ends: Ints, weeks: int) -> Week | None:
    """Return the half hours in which stamps fell in enough of the weeks; None: in none of them.

    An end at a half hour's first instant belongs to the half hour that it closes. A start there
    counts for the one that it opens only if any later stamp falls into that one: an activity may
    begin at the closing second, to be worked on the next morning.

    `weeks`: how many the stamps could have fallen into.
    """
    stamps = np.concatenate([starts, ends - 1])
    week, rest = np.divmod(stamps - MONDAY_MS, WEEK_MS)
    slot = rest // SLOT_MS
    inside = np.concatenate([rest[: len(starts)] % SLOT_MS > 0, np.ones(len(ends), np.bool_)])
    seen = np.unique(week * SLOTS + slot)
    times = np.bincount((seen % SLOTS), minlength=SLOTS)
    later = np.bincount(slot[inside], minlength=SLOTS) > 0
    open_ = (times > 0) & (times >= LEAST_SHARE * weeks) & later
    return Week(open_) if open_.any() else None


def weeks_of(log: EventLog) -> tuple[Week, list[Week]]:
    """Return the hours in which anybody left stamps, and those of each officer.

    An officer's hours are those of all, without the stretches in which he would have left stamps
    if he had been on duty like the others: so many are expected there that chance does not
    explain that none came. What few stamps cannot tell is thus taken from all officers together.
    """
    weeks = int((log.end.max() - log.start.min()) // WEEK_MS) + 1
    together = week_of(log.start, log.end, weeks) or ALWAYS
    if log.dates_alone:
        return ALWAYS, [ALWAYS] * len(log.officers)
    counts = np.bincount(_slots(log.start), minlength=SLOTS) * together.open
    share = counts / max(counts.sum(), 1)
    found = []
    for officer in range(len(log.officers)):
        own = log.officer == officer
        seen = week_of(log.start[own], log.end[own], weeks)
        open_ = np.bincount(_slots(log.start[own]), minlength=SLOTS) > 0
        open_ &= together.open
        if seen is not None:
            open_ |= seen.open
        found.append(_with_unexplained_gaps(open_, together, share * own.sum()))
    return together, found


def _with_unexplained_gaps(open_: Bools, together: Week, expected: Floats) -> Week:
    """Return the hours of all without the stretches that chance does not explain."""
    at = np.flatnonzero(together.open | open_)
    missing = ~open_[at]
    run = np.cumsum(np.append(True, missing[1:] != missing[:-1])[: len(at)])
    in_run = np.bincount(run, weights=expected[at])[run]
    kept = at[~(missing & (in_run > UNEXPLAINED))]
    filled = np.zeros(SLOTS, np.bool_)
    filled[kept] = True
    return Week(filled) if filled.any() else together


def _slots(at: Ints) -> Ints:
    return (at - MONDAY_MS) % WEEK_MS // SLOT_MS
