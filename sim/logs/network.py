"""A network of steps that was fitted to an event log: routes, officers, hours, durations, delays.

Durations and delays are milliseconds, as they were recorded: nothing is smoothed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from sim.arrays import Ints
from sim.logs.duty import Week

DelayKind: TypeAlias = Literal["working", "clock"]
KINDS: Final[tuple[DelayKind, ...]] = ("working", "clock")


@dataclass(frozen=True, eq=False)
class Delay:
    """What passes before an activity begins that no officer's queue and hours explain."""

    kind: DelayKind
    """working: time on duty after all was ready, then an officer is waited for. clock: by the
    clock, as after recorded events that were ready at a like hour of a like day; the officer then
    has time, so there is no queue."""
    delays: Ints
    """[k] recorded delays."""
    ready: Ints
    """[k] when each began, in milliseconds since Monday 0:00; `clock` alone, else zeros."""


@dataclass(frozen=True, eq=False)
class Activity:
    """A kind of step."""

    name: str
    officers: Mapping[int, int]
    """Officer → how many recorded events of it are his; empty: nobody is recorded."""
    durations: Ints
    """[k] recorded durations: time on duty; by the clock if its delay is."""
    own: Mapping[int, Ints]
    """Officer → his durations, if there are enough of them."""
    delay: Delay | None = None
    """None: it begins as soon as an officer is free and on duty."""


@dataclass(frozen=True)
class Route:
    """The course of a recorded case, shared by `cases` of them."""

    cases: int
    activities: tuple[int, ...]
    after: tuple[tuple[int, ...], ...]
    """For each step, the earlier ones (from 0) that it waits for; none: it begins with the case."""


@dataclass(frozen=True, eq=False)
class Origin:
    """What a network was made of."""

    log: str
    """Name of the log."""
    events: int
    cases: int
    first: dt.datetime
    last: dt.datetime
    used: int
    """How many of the cases were used: the last to arrive."""
    starts_known: bool
    dates_alone: bool
    overlapping: int = 0
    """Pairs of activities that run beside each other."""


@dataclass(frozen=True, eq=False)
class Network:
    """All that a simulated log is drawn from."""

    origin: Origin
    activities: tuple[Activity, ...]
    officers: tuple[str, ...]
    hours: tuple[Week, ...]
    """For each officer."""
    together: Week
    """Hours of all officers: of activities that name none."""
    arrivals: Week
    """Hours in which cases arrive."""
    at_closing: bool
    """Whether a case may arrive with the closing second; else it comes with the next opening."""
    gaps: Ints
    """[k] recorded gaps between arrivals, in milliseconds of those hours."""
    routes: tuple[Route, ...]
    """By their activities."""
