"""Ctrl-C: it ends a run, in this process alone, and is never lost."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def none_is_lost() -> Iterator[None]:
    """Raise KeyboardInterrupt at the end, if one came in between and somebody passed over it.

    NumPy does: comparing an array with a member of an enum, it asks the enum for attributes, and
    takes whatever is raised meanwhile for "there is none". Of a hundred interruptions, that
    swallowed three.
    """
    before = signal.getsignal(signal.SIGINT)
    came = False

    def remember(number: int, frame: FrameType | None) -> None:
        nonlocal came
        came = True
        if callable(before):
            before(number, frame)

    # Not where interruptions are ignored, or mean something else than an exception.
    watched = callable(before) and _set(remember)
    try:
        yield
    finally:
        if watched:
            signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


@contextmanager
def children_ignore_them() -> Iterator[None]:
    """Start processes that leave Ctrl-C, which reaches all processes of a terminal, to this one."""
    before = signal.getsignal(signal.SIGINT)
    watched = _set(signal.SIG_IGN)
    try:
        yield
    finally:
        if watched:
            signal.signal(signal.SIGINT, before)


def _set(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> bool:
    """Set who handles interruptions; only the main thread, which alone is interrupted, can."""
    try:
        signal.signal(signal.SIGINT, handler)
    except ValueError:
        return False
    return True
