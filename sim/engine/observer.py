"""Watching a run as it happens, without touching it."""

from __future__ import annotations

from enum import IntEnum
from typing import Protocol


class EventKind(IntEnum):
    """What happened. In brackets: the arguments of `Observer.event` that apply; the rest is -1."""

    ARRIVAL = 0
    """A case arrived (case)."""
    READY = 1
    """Its case has arrived and all predecessors have ended (case, item)."""
    START = 2
    """Work began (case, item, officer), or a delay did (case, item). Work that lapses while it
    waits starts without an officer (case, item), and ends next."""
    END = 3
    """Work ended, or lapsed in hand (case, item, officer); or a delay ended, or work that lapsed
    while it waited (case, item)."""
    WAKE = 4
    """The duty began for which waiting work was waiting (officer). Not every duty: only those at
    which the engine had to look. It may find nothing: what waited has gone to another officer or
    has lapsed."""


class Observer(Protocol):
    """Is told of every event in the order in which they happen."""

    def event(self, t: int, kind: EventKind, case: int, item: int, officer: int) -> None:
        """Take note of one event at second t; where an argument does not apply it is -1."""
