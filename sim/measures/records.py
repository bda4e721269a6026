"""What the passes of machine code over a schedule are given, and what they write to."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.engine.records import Records

PROBLEMS: Final = (
    "ready is not the latest of arrival and predecessors' ends",
    "began before it was ready",
    "ended before it began",
    "began after the stop",
    "delay with an officer",
    "delay that did not start when it was ready",
    "delay does not end as its rule says",
    "work without an officer",
    "an officer but no start",
    "the officer does not serve the pool",
    "begun while the officer was off duty",
    "laid down without need, or not in time",
    "work does not end when it is done or lapses",
    "begun by an officer though silence counts as consent",
    "the parts are not those of the item",
    "waits though silence counts as consent",
    "silence does not end as it lapses",
    "the officer was busy with another item",
    "an officer number is out of range",
    "an officer number of a part is out of range",
    "an item number of a part is out of range",
)
"""What can be wrong with an item, in the words of `sim.engine.checks`."""
(
    NOT_READY,
    BEGAN_EARLY,
    ENDED_EARLY,
    BEGAN_LATE,
    DELAY_WITH_OFFICER,
    DELAYED_DELAY,
    WRONG_DELAY,
    UNMANNED,
    IDLE_OFFICER,
    WRONG_POOL,
    OFF_DUTY,
    WRONG_HAND_OVER,
    WRONG_END,
    SILENT_AND_BEGUN,
    MISPLACED,
    SILENCE_IGNORED,
    SILENCE_LATE,
    BUSY_TWICE,
    NO_SUCH_OFFICER,
    NO_OFFICER_OF_PART,
    NO_SUCH_ITEM,
) = range(len(PROBLEMS))

SEEN, IN_HAND, UNFINISHED = 1, 2, 4
"""In `CASE.flags`: an item of the case became ready; is ready and has not ended; has not ended."""
DIGIT: Final = 11
"""Bits by which one pass of a sort sorts."""
RECENT: Final = 15
"""`Sums.period_at` has an entry for each 2^15 s."""
MILLION: Final = 1_000_000


RUN: Final = np.dtype(
    [
        ("stopped", np.int64),
        ("nodes", np.int64),  # N
        ("days", np.int64),  # of `Table.on`
        ("pool_bits", np.int64),  # an event of a pool at t is ``t << pool_bits | pool``
        # What an officer takes in hand at t is ``t << item_bits | n``: n is an item, or the number
        # of items and a part.
        ("item_bits", np.int64),
    ]
)
CASE: Final = np.dtype(
    [
        ("arrival", np.int64),
        ("last", np.int64),  # its items end before this one
        ("last_end", np.int64),  # found, as the next two: see `CaseFacts`
        ("staff_s", np.float64),
        ("flags", np.int8),  # `SEEN`, `IN_HAND`, `UNFINISHED`
        ("measured", np.bool_),
    ],
    align=True,
)
OFFICER: Final = np.dtype(
    [
        ("row", np.int64),
        ("first_pool", np.int64),  # the pools served: pool_of[first : last]
        ("last_pool", np.int64),
        ("speed_num", np.int64),
        ("speed_den", np.int64),
        ("rework_ppm", np.int64),
        ("share", np.float64),  # of the time given to this work
        ("busy", np.int64),  # for the sweep: busy until then,
        ("taken", np.int64),  # with what was taken in hand then
        ("finishes_in_hand", np.bool_),
        ("hands_over", np.bool_),
    ],
    align=True,
)
POOL: Final = np.dtype(
    [
        ("worked_s", np.int64),  # `PoolSums.worked_for_s`
        ("served", np.int64),  # as in `PoolSums`, and the next two
        ("served_s", np.int64),
        ("longest", np.int64),
        ("waited_s", np.int64),  # by all items in the whole run
        ("waiting", np.int64),  # for the sweep: how many wait now,
        ("since", np.int64),  # and until when this was added up
    ]
)
WORKED, CLOCK, ON_DUTY = range(3)
"""Of an officer: seconds worked in a period, the own clock and seconds of duty as it begins."""
ARRIVED, WAITED, QUEUED = range(3)
"""Of a pool in a period, as in `PoolSums`."""


class Items(NamedTuple):
    """I items, as in `Workload` and `Demand`; read only."""

    case: NDArray[np.int32]
    node: NDArray[np.int32]
    pool: NDArray[np.int32]
    amount: Ints
    delay_rule: NDArray[np.int8]
    calendar: NDArray[np.int32]
    tacit_wd: Ints
    """[0] if there are no tacit periods."""
    pred_ptr: Ints
    pred: Ints


class Times(NamedTuple):
    """As in `Schedule`; read only."""

    ready: Ints
    start: Ints
    end: Ints
    officer: NDArray[np.int32]
    parts: Records
    """[H] records of `sim.engine.records.PART`."""


class Table(NamedTuple):
    """An `IntervalTable`."""

    ptr: Ints
    start: Ints
    end: Ints
    before: Ints
    on: NDArray[np.int32]
    """[rows · days] written: the row's first interval that ends on a day or later."""


class Days(NamedTuple):
    """D days of the legal calendar."""

    working: Bools
    n_of: Ints
    """N(day)."""
    nth: Ints
    """The day of the first, second, … working day."""


class Sums(NamedTuple):
    """What is added up, from 0; the window is cut into B periods."""

    problems: Ints
    """[kinds] how often each of `PROBLEMS` was found."""
    edges: Ints
    """[B + 1] the periods; read only."""
    period_at: NDArray[np.int32]
    """[instants / 2^`RECENT`] the number of edges up to each 2^15 s."""
    of_officer: Ints
    """[3, O, B + 1] `WORKED`, `CLOCK` and `ON_DUTY`."""
    of_pool: Ints
    """[3, P, B + 2] `ARRIVED`, `WAITED` and `QUEUED`, with the time before and after the window."""
    of_node: Ints
    """[2, 2 N] as `Facts.node_s`."""


class Events(NamedTuple):
    """What is sorted by time, and scratch arrays for sorting; each as long as there may be."""

    wait_begin: Ints
    wait_end: Ints
    held: Ints
    spare: Ints
    counts: Ints
    """[2^`DIGIT`]"""
