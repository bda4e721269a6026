"""Watching a run as it happens, without touching it."""

from __future__ import annotations

from enum import IntEnum
from typing import Protocol


class EventKind(IntEnum):
    """Kinds of events. In brackets: the arguments of `Observer.event` that apply; others are -1."""

    ARRIVAL = 0
    """A case arrived (case)."""
    READY = 1
    """Its case has arrived and all predecessors have ended (case, item)."""
    START = 2
    """An officer took work in hand (case, item, officer), or a delay began (case, item). Work that
    lapses before it begins starts without an officer (case, item), and its END follows."""
    END = 3
    """Work ended, or lapsed in hand (case, item, officer); or a delay ended, or work that lapsed
    while it waited (case, item)."""
    WAKE = 4
    """A duty began for which a pool was waiting (officer). Other duties are not reported. The
    waiting work may be gone by then: taken by another officer, or lapsed."""
    HAND_OVER = 5
    """An officer laid down the work in hand, for others to go on with, or since another takes it
    over (case, item, officer)."""


class Observer(Protocol):
    """Receives every event, in the order in which events happen."""

    def event(self, t: int, kind: EventKind, case: int, item: int, officer: int) -> None:
        """Take note of one event at second t; where an argument does not apply it is -1."""
