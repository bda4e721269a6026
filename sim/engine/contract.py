"""The engine's input and output: plain arrays, nothing else.

``Workload`` and ``Supply`` go in, a ``Schedule`` comes out. The arrays are read only. All times
are whole seconds (int64) from local midnight of the first simulated day.

Items are numbered in case order, and within a case so that every predecessor has a smaller
number than its successor. "In case-then-item order" therefore means "by item number".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calendars import IntervalTable, WorkingDays

DAY_S: Final = 86_400
"""Seconds in a day; the date of instant t is day number ``t // DAY_S``."""

OPEN: Final = -1
"""In a `Schedule`: the event did not happen before the run stopped."""

NEVER: Final = 2**62
"""An instant that no run reaches. A duration can be added to it without overflow."""

NO_OFFICER: Final = -1
"""In a `Schedule`: the item is a delay, or work that no officer had in hand."""

LONGEST: Final = 2**43
"""Seconds or days, past every horizon: a longer amount counts as this long."""

DELAY: Final = -1
"""In `Workload.pool`: this item is a delay, not work."""

NO_LIMIT: Final = -1
"""In `Workload.limit_wd`: no limit governs this case."""

NOTICE_WD: Final = 5
"""Working days that the department has to say what is missing; after them the papers count as
accepted on the day of receipt (Licensing Law art. 32)."""

NO_NOTICE: Final = -1
"""In `Workload.notice`: no late notice changes anything for the item."""

NO_TACIT: Final = -1
"""In `Workload.tacit_wd`: silence about this item never counts as consent."""

NO_TEAM: Final = -1
"""In `Workload.team`: one officer does the item alone."""

ANY_TIME: Final = 2**61
"""In `Conditions`: an item may be begun however many days its clock has left."""


class DelayRule(IntEnum):
    """How a delay item ends, given the instant t at which it becomes ready."""

    ELAPSED = 0
    """At t + amount seconds."""
    ON_CALENDAR = 1
    """When `amount` seconds of the item's calendar have passed, pausing outside its intervals."""
    CALENDAR_DAYS = 2
    """At the close (last second) of the amount-th date after the date of t."""
    WORKING_DAYS = 3
    """Legal period: at the close (last second) of the amount-th working day after that date."""
    LEGAL_CALENDAR_DAYS = 4
    """As `CALENDAR_DAYS`; if that date is not a working day, at the close of the next one."""


class Rule(IntEnum):
    """How a pool orders its waiting items: the first two parts of the dispatch key.

    The whole key is (class, key, ready time, item number); the smallest goes first.
    """

    FIFO = 0
    """(0, 0): by ready time alone; priority classes are ignored."""
    PRIORITY = 1
    """(priority class, 0)."""
    EARLIEST_DUE = 2
    """(priority class, the due working day of the item's clock)."""
    ESCALATE = 3
    """(priority class, 0 if the clock has fewer than `escalate_wd` working days left, else 1)."""


@dataclass(frozen=True, eq=False)
class Workload:
    """Every case and item of one replication. C cases, I items, E predecessor links, K clocks.

    Clocks stand behind due dates. Clock c < C begins as case c arrives. A further clock, such as
    that of a second application, belongs to some items of one case, and begins when the first of
    them is ready.
    """

    arrival_s: NDArray[np.int64]
    """[C] instant of arrival, not decreasing."""
    first_item: NDArray[np.int64]
    """[C + 1] the items of case c are first_item[c] … first_item[c + 1] - 1."""
    measured: NDArray[np.bool_]
    """[C] the run goes on until every measured case has ended (all its items)."""
    limit_wd: NDArray[np.int64]
    """[K] limit on the clock, in working days, or `NO_LIMIT`."""
    pool: NDArray[np.int32]
    """[I] the pool that does the work, or `DELAY`."""
    amount: NDArray[np.int64]
    """[I] work in seconds at speed 1; or the delay: seconds, or days for a legal period. ≥ 0."""
    delay_rule: NDArray[np.int8]
    """[I] a `DelayRule`; meaningless for work."""
    calendar: NDArray[np.int32]
    """[I] row of `calendars` for `ON_CALENDAR` delays; else meaningless."""
    priority: NDArray[np.int32]
    """[I] priority class, smaller first."""
    counted: NDArray[np.bool_]
    """[I] the item's clock runs while a counted item is open (ready → end)."""
    starts_clock: NDArray[np.bool_]
    """[I] the item's clock starts when the first such item ends."""
    pred_ptr: NDArray[np.int64]
    """[I + 1] the predecessors of item i are pred[pred_ptr[i] : pred_ptr[i + 1]]."""
    pred: NDArray[np.int64]
    """[E] item numbers, each smaller than its successor and of the same case."""
    calendars: IntervalTable
    """The calendars of `ON_CALENDAR` delays."""
    working_days: WorkingDays
    """The legal working-day calendar; covers the horizon."""
    tacit_wd: NDArray[np.int64] | None = None
    """[I] tacit consent: a work item that has not ended by the close (last second) of this many
    working days after the date on which it became ready ends then; 0: by the close of that date,
    working day or not. `NO_TACIT`: never. Meaningless for a delay. None: no item has a period."""
    due_wd: NDArray[np.int64] | None = None
    """[K] the due working day as the case arrives, a number on N(day), of any sign; meaningless
    without a limit, and for further clocks. None: N(arrival) + limit for every case."""
    clock_runs: NDArray[np.bool_] | None = None
    """[K] the clock has started when it begins: no item starts it anew, and suspensions move the
    due day from then on. None: no clock has started."""
    begins_round: NDArray[np.bool_] | None = None
    """[I] the item's clock, if it has started and stands still, begins anew when the item ends: the
    limit is for each round. None: no item begins a round."""
    clock: NDArray[np.int64] | None = None
    """[I] the clock of the item. None: that of its case; there are no further ones."""
    notice: NDArray[np.int64] | None = None
    """[I] deemed acceptance: the item that is the first check of the same papers, or `NO_NOTICE`.
    The papers are received when the first item up to the check is ready; if the check has not ended
    after `NOTICE_WD` working days, its clock started with the receipt, unless it started before.
    Items up to the check count and follow one another, later ones wait for it, and all have its
    clock. None: nothing is deemed."""
    counted_late: NDArray[np.bool_] | None = None
    """[I] `counted` of an item after its check, such as a correction, if the check was late.
    Given if `notice` is."""
    begins_round_late: NDArray[np.bool_] | None = None
    """[I] the same for `begins_round`."""
    team: NDArray[np.int64] | None = None
    """[I] the first item of the team that the item is a seat of, or `NO_TEAM`. The seats of a team
    are consecutive work items of a case with the same predecessors and amount, and no tacit period:
    one step that several officers do together, one for each seat (see `sim.engine`). Their pools
    have no take-over, and no officer serves two of these pools. None: there are no teams."""


@dataclass(frozen=True, eq=False)
class Conditions:
    """What officers wait for before they begin an item. O officers, L officer-pool links.

    A pool has conditions if a link to it has one, or one of its officers has overtime. Such a pool
    has no take-over.
    """

    helps: NDArray[np.bool_]
    """[L] the pool is not the officer's own; for measures, without meaning for the engine."""
    below_wd: NDArray[np.int64]
    """[L] the officer begins an item of the pool only if its clock has fewer working days left than
    this (see `sim.engine`, due day), or `ANY_TIME`."""
    queue_over: NDArray[np.int64]
    """[L] … and only if more items than this wait in the pool, the item itself included. ≥ 0."""
    overtime: IntervalTable
    """Overtime, row by row within `Supply.duty`. Officers with overtime hand over."""
    overtime_below_wd: NDArray[np.int64]
    """[O] in overtime the officer begins only items whose clock has fewer working days left."""

    @property
    def look_at_days(self) -> bool:
        """Whether a condition depends on due days."""
        in_overtime = len(self.overtime.start) > 0 and bool(
            (self.overtime_below_wd < ANY_TIME).any()
        )
        return in_overtime or bool((self.below_wd < ANY_TIME).any())


@dataclass(frozen=True, eq=False)
class Supply:
    """Officers and their duty. P pools, O officers in roster order, L officer-pool links."""

    rule: NDArray[np.int8]
    """[P] a `Rule`."""
    escalate_wd: NDArray[np.int64]
    """[P] for `Rule.ESCALATE`: cases with fewer working days left than this go first."""
    pool_ptr: NDArray[np.int64]
    """[O + 1] officer o serves the pools pool_of[pool_ptr[o] : pool_ptr[o + 1]]."""
    pool_of: NDArray[np.int32]
    """[L] pool numbers."""
    calendar: NDArray[np.int32]
    """[O] row of `duty` with the officer's duty intervals."""
    planned_calendar: NDArray[np.int32]
    """[O] row of `planned` with the officer's planned duty, which contains the duty."""
    speed_num: NDArray[np.int64]
    """[O] speed = num / den, from 10^-6 to 1000: w seconds of work occupy ceil(w * den / num)."""
    speed_den: NDArray[np.int64]
    """[O] from 1 to 10^6."""
    finishes_in_hand: NDArray[np.bool_]
    """[O] the officer goes on past the end of duty with the item in hand, without pause."""
    hands_over: NDArray[np.bool_]
    """[O] before a whole working day away, the officer lays down the item in hand for others to
    go on with; without meaning for an officer who finishes in hand."""
    rework_ppm: NDArray[np.int64]
    """[O] 0 … 10^6: millionths of the work done that have to be done again after a hand-over."""
    duty: IntervalTable
    """Duty intervals. Past an officer's last interval the item in hand is finished without pause
    (unless it is handed over, an officer who leaves for good first finishes it), so the duty of an
    officer who stays must reach beyond the horizon."""
    planned: IntervalTable
    """Duty intervals without random absence: what is known when officers are chosen."""
    take_over: NDArray[np.bool_] | None = None
    """[P] the first items are always with the fastest officers on duty, who take them over from
    slower ones. Such a pool has `Rule.FIFO`, its officers serve no other pool, and the least common
    multiple of their `speed_den` is at most 10^6. None: no pool has take-over."""
    conditions: Conditions | None = None
    """What officers wait for before they begin an item. None: no pool has conditions."""

    @property
    def has_conditions(self) -> NDArray[np.bool_]:
        """[P] whether the pool has conditions."""
        some = np.zeros(len(self.rule), np.bool_)
        if self.conditions is not None:
            of_link = np.repeat(np.arange(len(self.calendar)), np.diff(self.pool_ptr))
            overtime = np.diff(self.conditions.overtime.ptr)[self.calendar] > 0
            limited = overtime[of_link] | (self.conditions.below_wd < ANY_TIME)
            some[self.pool_of[limited | (self.conditions.queue_over > 0)]] = True
        return some


def pools_of_teams(workload: Workload, supply: Supply) -> NDArray[np.bool_]:
    """Return [P] whether an officer of the pool may have an appointment, since a team needs him."""
    some = np.zeros(len(supply.rule), np.bool_)
    if workload.team is not None:
        some[workload.pool[workload.team != NO_TEAM]] = True
        of_link = np.repeat(np.arange(len(supply.calendar)), np.diff(supply.pool_ptr))
        some[supply.pool_of[np.isin(of_link, of_link[some[supply.pool_of]])]] = True
    return some


def _no_seconds() -> NDArray[np.int64]:
    return np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of items that were handed over or taken over; H rows, by item and in time.

    An item has a row for each officer in turn: the last one for whoever ended it or has it in hand;
    if it waits, or lapsed while it waited, for whoever laid it down last.
    """

    item: NDArray[np.int64] = field(default_factory=_no_seconds)
    officer: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    start: NDArray[np.int64] = field(default_factory=_no_seconds)
    """[H] the instant at which the officer took the item in hand."""
    end: NDArray[np.int64] = field(default_factory=_no_seconds)
    """[H] when the officer laid it down or ended it; `OPEN` if it is in hand at the stop."""


@dataclass(frozen=True, eq=False)
class Schedule:
    """The engine's whole output; `OPEN` for events that had not happened by `stopped_s`."""

    ready: NDArray[np.int64]
    """[I] the case has arrived and all predecessors have ended."""
    start: NDArray[np.int64]
    """[I] work began, its first part if it was handed over; a delay starts when it is ready. For
    work that lapsed before it began: the second of the lapse, as in `end`."""
    end: NDArray[np.int64]
    """[I] the item is done, or lapses by tacit consent."""
    officer: NDArray[np.int32]
    """[I] the officer who did the work, the last part if it was handed over, or had it in hand when
    it lapsed; or `NO_OFFICER`."""
    stopped_s: int
    """The instant after which nothing was simulated."""
    parts: Parts = field(default_factory=Parts)
    """The parts of the items that were handed over or taken over."""
