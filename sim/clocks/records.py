"""The tables and scratch arrays of the compiled clocks; `sim.clocks.kernel` reads them."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints

Records = NDArray[np.void]
Small = NDArray[np.int32]

NODE: Final = np.dtype(
    [
        ("pause", np.uint8),  # the bit of its kind of pause, 1 << `Pause`; 0: no clock pauses
        ("running", np.bool_),  # between acceptance and decision of its own matter
        ("before", np.bool_),  # before acceptance
        ("intake", np.bool_),
        ("at_window", np.bool_),  # intake or check
        ("first_check", np.bool_),
        ("window", np.int64),  # nodes that cover the same matters have the same number
        ("first", np.int64),  # it serves the matters served[first:last]
        ("last", np.int64),
    ],
    align=True,
)
MATTER: Final = np.dtype([("known", np.int64)])
"""Matters are numbered stage by stage; `known`: all marks that any node of it carries."""
PART: Final = np.dtype([("first", np.int64), ("last", np.int64), ("standard", np.int64)])
"""A part of a scope: the matters first … last - 1; the standard stage, if it is a stage."""
LEVEL: Final = np.dtype([("first", np.int64), ("last", np.int64)])
"""The parts of a level, a `Level` by its position: parts[first:last]."""
SPAN: Final = np.dtype(
    [
        ("start_mark", np.uint8),
        ("stop_mark", np.uint8),
        ("deemed", np.bool_),  # follows deemed acceptance
        ("rule", np.int64),  # a rule with these events: its state before second 0
        # What follows is of the group at hand.
        ("is_open", np.bool_),
        ("start", np.int64),
        ("until", np.int64),
        ("stop", np.int64),
        ("stop_item", np.int64),
    ],
    align=True,
)
FAMILY: Final = np.dtype(
    [
        ("first", np.int64),  # rules[first:last], which count in the same intervals
        ("last", np.int64),
        ("span", np.int64),
        ("counts", np.int64),  # position in `Counts`
        ("level", np.int64),
        ("pauses", np.uint8),
        ("by_part", np.bool_),
        ("without_refused", np.bool_),
    ],
    align=True,
)
RULE: Final = np.dtype(
    [
        ("number", np.int64),  # its row of the output
        ("hours", np.int64),  # row of hours, or `NO_HOURS`
        ("calendar_days", np.bool_),
        ("summed", np.bool_),
        ("ends_on_working_day", np.bool_),
        ("counts_start", np.bool_),  # the day of the start counts too
        ("round_ends", np.uint8),  # the pauses that end a round; 0: no limit per round
    ],
    align=True,
)
NO_HOURS: Final = -1
DAY: Final = np.dtype(
    [
        ("n", np.int64),  # N(d)
        ("off", np.int64),  # days off up to d, since the last working day
        ("working", np.bool_),
    ],
    align=True,
)
HOURS: Final = np.dtype([("start", np.int64), ("end", np.int64), ("before", np.int64)])
"""An open interval, and the open seconds before it."""
BEFORE: Final = np.dtype(
    [
        ("days", np.int64),
        ("start_day", np.int64),
        ("started", np.bool_),
        ("stopped", np.bool_),
    ],
    align=True,
)
"""As `sim.clocks.span.Before`."""
LOCAL: Final = np.dtype(
    [
        ("number", np.int64),
        ("ready", np.int64),
        ("end", np.int64),
        ("deemed", np.int64),  # the receipt that counts as acceptance, or OPEN
        ("node", np.int64),
        ("application", np.int64),
        ("marks", np.uint8),
        ("pause", np.uint8),
        ("running", np.bool_),
    ],
    align=True,
)
"""An item of the scope and case at hand."""
PAIR: Final = np.dtype([("item", np.int64), ("matter", np.int64)])
STATE: Final = np.dtype(
    [
        ("present", np.bool_),  # a step serves this matter alone
        ("decided", np.bool_),
        ("open", np.bool_),
        ("given_up", np.bool_),
        ("first", np.int64),  # its items are member[first:last]
        ("last", np.int64),
    ],
    align=True,
)
"""A matter of the case at hand."""
PIECE: Final = np.dtype([("begin", np.int64), ("end", np.int64)])


class Given(NamedTuple):
    """One replication: its cases and items as in the workload, the demand and the schedule.

    C cases of one case type, each of A applications that are read apart; S scopes, R rules,
    K = S · C · A.
    """

    cases: Ints
    """[C]"""
    applications: int
    """A"""
    goes_on: Bools
    """[C · A]"""
    first_item: Ints
    case: Small
    """[items] case · A + application read apart."""
    application: NDArray[np.uint8]
    """[items] application, from 1, if `handed_in_again`; else empty."""
    handed_in_again: bool
    """Some cases have several applications, and they are read together."""
    node: Small
    marks: NDArray[np.uint8]
    ready: Ints
    end: Ints
    pred_ptr: Ints
    pred: Ints
    deemed: Bools
    """[items] as in `Demand`; or empty."""
    stopped: int
    before: Records
    """[R · K], or empty."""


class Calendars(NamedTuple):
    """What counts: working days, and the open hours that clocks in hours name."""

    days: Records
    hours_ptr: Ints
    """Row h of the hours is hours[hours_ptr[h] : hours_ptr[h + 1]]."""
    hours: Records


class Plan(NamedTuple):
    """What stays from one replication to the next; S scopes, N nodes, M matters."""

    nodes: Records
    in_scope: Bools
    """[S · N]"""
    known: Ints
    """[S] all marks that any node of the scope carries."""
    served: Ints
    matters: Records
    wanted: Bools
    """[S · M]"""
    parts: Records
    standards: int
    """Number of standard stages."""
    levels: Records
    families: Records
    asked: Bools
    """[S · families] whether the family is to be read in the scope."""
    rules: Records
    deems: bool
    """Some clock follows deemed acceptance."""


class Scratch(NamedTuple):
    """Places for one case at a time; R rules, V spans, M matters."""

    order: Ints
    local: Records
    """Twice the items of a case: as recorded, and with deemed acceptance."""
    member: Ints
    """First 0, 1, 2 …, for a case as a whole; then positions in `local`, matter by matter."""
    pairs: Records
    state: Records
    failed: Bools
    """[M · applications]"""
    spans: Records
    """[V + 1] the last for a part."""
    counted: Records
    paused: Records
    pieces: Records
    standard: Ints
    """[2 · R · standard stages]"""
    sums: Ints
    """[2 · R] value and elapsed seconds of the parts so far."""


class Output(NamedTuple):
    """What the kernel writes; R rules, V spans, K as in `Given`."""

    value: Ints
    """[R · K]"""
    elapsed: Ints
    start: Ints
    """[V · K]"""
    stop: Ints
    stop_item: Ints
    open: Bools
    present: Bools
    """[K] the case has an item in scope."""
    decided: Bools
