"""The arrays of a run of the compiled engine, as records."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Ints

Indices = NDArray[np.uint32]
Records = NDArray[np.void]

ITEM: Final = np.dtype(
    [
        ("case", np.uint32),
        ("missing", np.int32),  # predecessors that have not ended yet
        ("successors", np.int32),  # its first link, or `NO_LINK`
        ("awaited", np.bool_),  # the run goes on until it has ended
        ("laid_down", np.bool_),  # waits again, after a hand-over or take-over
        ("parted", np.bool_),  # was laid down at some time: `Run.left` holds what is left
        ("notice", np.uint8),  # of a first check: `NO_PAPERS`, `RECEIVED`, or `LATE`
    ],
    align=True,
)
LINK: Final = np.dtype([("item", np.uint32), ("other", np.int32)])
"""A successor of an item, and the next link of the same item or `NO_LINK`; in no order."""
NO_LINK: Final = -1
NO_PAPERS: Final = 0
RECEIVED: Final = 1
LATE: Final = 2
CASE: Final = np.dtype(
    [
        ("arrival", np.int64),
        ("first", np.uint32),  # its items are first … last - 1
        ("last", np.uint32),
        ("awaited", np.bool_),  # the run goes on until it has ended
    ],
    align=True,
)
CLOCK: Final = np.dtype(
    [
        ("limit_wd", np.int64),
        ("due", np.int64),  # the due day
        ("started_n", np.int64),  # N(day) of its start, or of its beginning if it ran then
        ("paused_n", np.int64),  # N(day) when the suspension began, if in one
        ("open", np.int32),  # counted items that are ready and have not ended
        ("begun", np.bool_),
        ("running", np.bool_),  # it has started
    ],
    align=True,
)
RECEIPT: Final = np.dtype([("check", np.int64), ("n", np.int64)])
"""Papers that were received on a day n = N(day), and the item that is their first check."""
POOL: Final = np.dtype(
    [
        ("rule", np.int8),
        ("alone", np.bool_),  # its officers serve no other pool
        ("alike", np.bool_),  # its officers are of one kind: whoever begins would end alike
        ("touched", np.bool_),  # takes part in the next dispatch
        ("takes_over", np.bool_),  # its slots hold all open items, in hand or not
        ("conditional", np.bool_),  # is searched: its slots are in no order, each has its place
        ("heaped", np.bool_),  # its waiting items have places, from which they can be taken
        ("first_officer", np.uint32),  # its part of `Run.officers_of`
        ("last_officer", np.uint32),
        ("first_place", np.uint32),  # its part of `Run.free`, twice as long as it has officers
        ("last_place", np.uint32),
        ("first_free", np.uint32),  # free[first : last] are not busy, on duty or not
        ("last_free", np.uint32),
        ("head", np.uint32),  # slots[head : tail] wait for it; a heap's head stays where it is
        ("tail", np.uint32),
        ("wake", np.int64),  # when its next free officer comes on duty, if it waits for that
        ("escalate_wd", np.int64),
        ("judged", np.int64),  # N(day) at which an escalating pool's keys were last renewed
    ],
    align=True,
)
OFFICER: Final = np.dtype(
    [
        ("first_pool", np.uint32),  # the pools served: serves[first : last]
        ("last_pool", np.uint32),
        ("duty", np.uint32),  # position of the current or next duty interval
        ("last_duty", np.uint32),  # position behind the last one
        ("on", np.int64),  # that interval; NEVER if there is none
        ("off", np.int64),
        ("speed_num", np.int64),
        ("speed_den", np.int64),
        ("rework_ppm", np.int64),
        ("kind", np.uint32),  # its record in `Run.kinds`
        ("leaf", np.uint32),  # its place in `Run.tree`
        ("since", np.int64),  # free since; -1 if never busy yet
        ("taken", np.int64),  # when it took the item in hand, if it has one
        ("left", np.int64),  # what it will leave of it to others; `DONE`: it will end it
        ("first_turn", np.uint32),  # its overtime: shifts[first : last] are begins and ends
        ("next_turn", np.uint32),  # position of the next one, or of an older one
        ("last_turn", np.uint32),
        ("overtime_below_wd", np.int64),
        ("meets", np.int64),  # when its next appointment begins, or NEVER
        ("finishes_in_hand", np.bool_),
        ("hands_over", np.bool_),
    ],
    align=True,
)
DONE: Final = -1
SEAT: Final = np.dtype(
    [
        ("team", np.int64),  # the first seat, or `NO_TEAM`: no seat
        ("called", np.int64),  # of a first seat: how many seats of its team have had their turn
        ("officer", np.int64),  # who takes it, once that is agreed
        ("begin", np.int64),
        ("end", np.int64),
        ("agreed", np.int64),  # of record n: the n-th seat with an appointment to come
    ]
)
"""What is agreed of an item that is a seat."""
LIMIT: Final = np.dtype([("below_wd", np.int64), ("queue_over", np.int64)])
"""What an officer looks at in a pool, as in `Conditions`."""
TURN: Final = np.dtype(
    [
        ("unit", np.int64),  # the parts of a second in which the work of its pool is counted
        ("pace", np.int64),  # how many of them it does in a second
        ("held", np.int64),  # the item in hand, or `NOWHERE`
        ("given", np.int64),  # the item that this dispatch gives it, or `NOWHERE`
        ("work", np.int64),  # what was left of the item when it took it in hand, in parts
        ("before", np.int64),  # its seconds of duty before that
    ]
)
"""An officer in pools with take-over."""
KIND: Final = np.dtype(
    [
        ("now", np.uint32),  # position of the current or next planned interval, or of an older one
        ("last", np.uint32),  # position behind the last one
        ("speed_num", np.int64),
        ("speed_den", np.int64),
        ("choice", np.int64),  # number of the choice in which one of them was last considered
        ("finishes_in_hand", np.bool_),
    ],
    align=True,
)
"""Officers with the same planned duty and speed: free, all would be done with an item at once."""
NOWHERE: Final = -1
HOURS: Final = np.dtype(
    [
        ("start", np.int64),
        ("end", np.int64),
        ("worked", np.int64),  # open seconds up to the end, all rows laid end to end
    ]
)
ROW: Final = np.dtype([("now", np.uint32), ("last", np.uint32)])
"""A calendar: positions of its current or next interval, and behind its last one."""
PLACE: Final = np.dtype([("key", np.int64), ("slot", np.int64)])
"""An item's place in a heap: the second part of its dispatch key, and its slot or `NOWHERE`."""
PART: Final = np.dtype(
    [("item", np.int64), ("officer", np.int32), ("start", np.int64), ("end", np.int64)], align=True
)
"""A part of an item that was handed over: see `sim.engine.contract.Parts`."""
STATE: Final = np.dtype(
    [
        ("wake", np.int64),  # the earliest of all pools
        ("awaited", np.int64),  # awaited items, and cases without items, that have not ended
        ("ends", np.uint32),  # number of values in `Run.ends`
        ("touched", np.uint32),  # number of pools in `Run.touched`
        ("came", np.uint32),  # number of items of the cases that have arrived
        ("parts", np.uint32),  # number of records in `Run.parts`
        ("agreed", np.uint32),  # number of seats with an appointment to come
        ("meet", np.int64),  # when the next appointment begins, or NEVER; `wake` is no later
        ("choices", np.int64),  # number of choices between officers of several kinds
        ("received", np.int64),  # number of records in `Run.receipts`
        ("judged", np.int64),  # how many of these are known to be checked in time or not
        ("now", np.int64),  # the instant at which more room for parts was asked for
        ("next_case", np.int64),
        ("begun", np.bool_),
    ]
)


class Given(NamedTuple):
    """The items as in `Workload`; read only."""

    pool: NDArray[np.int32]
    amount: Ints
    delay_rule: NDArray[np.int8]
    calendar: NDArray[np.int32]
    priority: NDArray[np.int32]
    counted: NDArray[np.bool_]
    starts_clock: NDArray[np.bool_]
    begins_round: NDArray[np.bool_]
    """[0] if no limit is for each round."""
    tacit_wd: Ints
    """[0] if there are no tacit periods."""
    clock: Ints
    """[0] if each case has one clock."""
    notice: Ints
    """[0] if nothing is deemed accepted."""
    counted_late: NDArray[np.bool_]
    """[0] as `notice`."""
    begins_round_late: NDArray[np.bool_]
    """[0] as `notice`."""
    pred_ptr: NDArray[np.uint64]
    pred: NDArray[np.uint64]


class Run(NamedTuple):
    """The input and state of a run; P pools, I items, E links, L officer-pool links."""

    given: Given
    cases: Records
    clocks: Records
    """[K] clocks behind due days; [0] if no pool's order depends on them."""
    receipts: Records
    """Room for the papers received, by receipt."""
    items: Records
    """[I] records, each written when its case arrives."""
    links: Records
    """[E] links, parallel to `Given.pred`, each written when its case arrives."""
    ready: Ints
    """[I] as in `Schedule`."""
    start: Ints
    """[I] as in `Schedule`."""
    end: Ints
    """[I] as in `Schedule`."""
    officer: NDArray[np.int32]
    """[I] as in `Schedule`."""
    pools: Records
    slots: Indices
    """[I] a slice for each pool: its waiting items."""
    place: Records
    """[I] the place of each item in its pool; [0] if all pools have queues."""
    officers: Records
    turns: Records
    """[O] officers in pools with take-over; [0] if there is none."""
    kinds: Records
    seats: Records
    """[I]; [0] if there are no teams."""
    officers_of: Indices
    """[L] a slice for each pool: its officers."""
    serves: Indices
    """[L] the pools that each officer serves."""
    limits: Records
    """[L] what each officer looks at in each pool."""
    shifts: Ints
    """Begins and ends of overtime, a slice for each row of the duty."""
    free: Indices
    """[2 L] a slice for each pool: its free officers, in the order in which they take items."""
    duty: Records
    """Duty intervals."""
    planned: Records
    """Planned duty intervals."""
    left: Ints
    """[I] work left of an item that was laid down, else without meaning; [0] if none can be."""
    parts: Records
    """Room for the parts that have ended; [0] if no item can be laid down."""
    rows: Records
    """Calendars of delays."""
    hours: Records
    """The intervals of the calendars of delays."""
    n_of: Ints
    """N(day)."""
    nth: Ints
    """The day of the first, second, … working day."""
    tree: Ints
    """[2 × a power of two] leaves: the end of each officer's item in hand, ``t << shift | item``,
    or NEVER; each inner node is the lesser of its two children, so the next end is at 1."""
    ends: Ints
    """[I + 1] heap of the ends of delays, and lapses, ``t << shift | item``; NEVER if empty."""
    touched: Indices
    """[P] the touched pools."""
    state: Records
    """[1] counters of the whole run."""
    shift: int
    horizon: int
    follows_due_days: bool
    """Whether a pool's order depends on due days."""
    has_tacit: bool
    """Whether there are tacit periods."""
    hands_over: bool
    """Whether an item can be laid down: handed over or taken over."""
    takes_over: bool
    """Whether a pool has take-over."""
    has_overtime: bool
    """Whether an officer has overtime."""
