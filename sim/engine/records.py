"""The arrays of a run of the compiled engine: what belongs together lies together."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Records = NDArray[np.void]

ITEM: Final = np.dtype(
    [
        ("amount", np.int64),  # as in `Workload`, like the next seven
        ("tacit_wd", np.int32),
        ("pool", np.int32),
        ("priority", np.int32),
        ("calendar", np.int32),
        ("delay_rule", np.int8),
        ("counted", np.bool_),
        ("starts_clock", np.bool_),
        ("awaited", np.bool_),  # the run goes on until it has ended
        ("case", np.int32),
        ("missing", np.int32),  # predecessors that have not ended yet
        ("officer", np.int32),  # as in `Schedule`, like the next three
        ("ready", np.int64),
        ("start", np.int64),
        ("end", np.int64),
    ],
    align=True,
)
CASE: Final = np.dtype(
    [
        ("arrival", np.int64),
        ("first", np.int64),  # its items are first … last - 1
        ("last", np.int64),
        ("limit_wd", np.int64),
        ("due", np.int64),  # the due day, kept up to date if a pool's order depends on it
        ("paused_n", np.int64),  # N(day) when the suspension began, if in one
        ("open", np.int32),  # counted items that are ready and have not ended
        ("running", np.bool_),  # the clock behind the due day has started
        ("awaited", np.bool_),  # the run goes on until it has ended
    ],
    align=True,
)
POOL: Final = np.dtype(
    [
        ("rule", np.int8),
        ("alone", np.bool_),  # its officers serve no other pool
        ("touched", np.bool_),  # to be looked at in the next dispatch
        ("first_officer", np.int64),  # where its part of `Run.free` begins
        ("free", np.int64),  # how many of its officers are not busy, on duty or not
        ("head", np.int64),  # slots[head : tail] wait for it; a heap's head stays where it is
        ("tail", np.int64),
        ("wake", np.int64),  # when its next free officer comes on duty, if it waits for that
        ("escalate_wd", np.int64),
        ("judged", np.int64),  # N(day) at which an escalating pool's keys were last looked at
    ],
    align=True,
)
OFFICER: Final = np.dtype(
    [
        ("first_pool", np.int64),  # the pools served: serves[first : last]
        ("last_pool", np.int64),
        ("duty", np.int64),  # position of the current duty interval, or of the next one
        ("last_duty", np.int64),  # position behind the last one
        ("on", np.int64),  # that interval; NEVER if there is none
        ("off", np.int64),
        ("speed_permille", np.int64),
        ("since", np.int64),  # free since; -1 if never busy yet
        ("finishes_in_hand", np.bool_),
    ],
    align=True,
)
HOURS: Final = np.dtype(
    [
        ("start", np.int64),
        ("end", np.int64),
        ("worked", np.int64),  # open seconds up to the end, all rows laid end to end
    ]
)
ROW: Final = np.dtype([("now", np.int64), ("last", np.int64)])
"""A calendar: the positions of its current or next interval, and behind its last one."""
PLACE: Final = np.dtype([("key", np.int64), ("slot", np.int64)])
"""Where an item lies in a heap: the second part of its dispatch key, and its slot or `NOWHERE`."""
NOWHERE: Final = -1
LONGEST: Final = 2**43
"""More than that, in seconds or days, is past every horizon; times 86,400 it fits an int64."""
LONGEST_WD: Final = 2**31 - 1
"""Likewise of tacit periods, which are kept as int32."""
ENDS, TOUCHED, AWAITED, WAKE, CAME = 0, 1, 2, 3, 4
"""Positions in `number`: how many ends, touched pools, awaited items (and cases without any); the
earliest wake; and how many items belong to cases that have arrived."""


class Given(NamedTuple):
    """The items as in `Workload`; read only."""

    pool: NDArray[np.int32]
    amount: Ints
    delay_rule: NDArray[np.int8]
    calendar: NDArray[np.int32]
    priority: NDArray[np.int32]
    counted: NDArray[np.bool_]
    starts_clock: NDArray[np.bool_]
    tacit_wd: Ints
    """[0] if there are no tacit periods."""
    pred_ptr: Ints
    pred: Ints


class Run(NamedTuple):
    """Everything that a run knows and keeps; P pools, I items, L officer-pool links."""

    given: Given
    cases: Records
    items: Records
    """Each written when its case arrives."""
    succ_ptr: NDArray[np.int32]
    """[I + 1] the successors of item k are succ[succ_ptr[k] : succ_ptr[k + 1]]."""
    succ: NDArray[np.int32]
    pools: Records
    slots: NDArray[np.int32]
    """[work items] a slice for each pool: what waits for it."""
    place: Records
    """[I] where each item lies in the heap of its pool; [0] if all pools have queues."""
    officers: Records
    serves: NDArray[np.int32]
    """[L] the pools that each officer serves."""
    free: NDArray[np.int32]
    """[L] a part for each pool: who is free, in the order in which they take items."""
    duty: Records
    """Duty intervals."""
    rows: Records
    """Calendars of delays."""
    hours: Records
    """Their intervals."""
    n_of: Ints
    """N(day)."""
    nth: Ints
    """The day of the first, second, … working day."""
    ends: Ints
    """[2 I + 1] heap of the ends and lapses to come, each ``t << shift | item``."""
    touched: Ints
    """[P] the touched pools."""
    number: Ints
    """How many there are of several things: see `ENDS`."""
    shift: int
    horizon: int
    follows_due_days: bool
    """Whether a pool's order depends on due days."""
    has_tacit: bool
    """Whether there are tacit periods."""
