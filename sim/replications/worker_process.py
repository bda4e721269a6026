"""The process that computes: Ctrl-C, which is never lost, and memory, which is used again."""

from __future__ import annotations

import ctypes
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType
from typing import Final

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4  # parameters of mallopt, <malloc.h>
_KEPT: Final = 2**31 - 1
"""Bytes at the end of the heap that are kept: as many as mallopt can be told."""


@contextmanager
def no_interruption_is_lost() -> Iterator[None]:
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
def children_ignore_interruptions() -> Iterator[None]:
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


@cache
def reuse() -> None:
    """Let the C library keep what is freed, instead of handing it back to the system each time.

    A large array that is handed back costs the system fresh pages in the next replication, which
    takes as long as all the computing on it. Done once for the process; without glibc nothing is
    done, and nothing but time depends on it.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_MAX, 0)
        mallopt(_TRIM_THRESHOLD, _KEPT)
