"""The computing process: it loses no Ctrl-C, ends with its parent, and reuses its memory."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType
from typing import Final

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4  # parameters of mallopt, <malloc.h>
_KEPT: Final = 2**31 - 1
"""Bytes kept at the end of the heap: the largest value that mallopt accepts."""

WATCH_S: Final = 1.0
"""Seconds between two looks of a worker for its parent."""


@contextmanager
def no_interruption_is_lost() -> Iterator[None]:
    """Raise KeyboardInterrupt at the end if one came in between and other code swallowed it.

    NumPy does so: when it compares an array with a member of an enum, it asks the enum for
    attributes, and takes any exception for "there is none". In a trial, 3 of 100 interruptions
    were lost.
    """
    before = signal.getsignal(signal.SIGINT)
    came = False

    def remember(number: int, frame: FrameType | None) -> None:
        nonlocal came
        came = True
        if callable(before):
            before(number, frame)

    # Only where an interruption calls a handler; it may also be ignored.
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
    """Let processes started meanwhile never see Ctrl-C, which the terminal sends to all processes.

    They inherit the blocked signal; here it arrives at the end, so that it is not lost. Python's
    own tracker of resources must run before: who starts it finds the signal unblocked again
    (Python 3.11).
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent(parent: int) -> None:
    """End this process soon after its parent, however the parent ended.

    A parent that was killed cannot end its workers; they find that another process has adopted
    them, perhaps before they get here: so the worker is told who its parent is. Call it once, when
    the worker starts.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_S)
        os._exit(1)

    threading.Thread(target=watch, name="end with parent", daemon=True).start()


def _set(handler: Callable[[int, FrameType | None], None]) -> bool:
    """Set the handler of interruptions; return False outside the main thread, which cannot."""
    try:
        signal.signal(signal.SIGINT, handler)
    except ValueError:
        return False
    return True


@cache
def reuse() -> None:
    """Let the C library keep freed memory instead of returning it to the system each time.

    If a large array is returned, the next replication needs fresh pages from the system, which
    takes as long as the computing on it. This is done once in a process, and only with glibc; it
    changes nothing but the time.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_MAX, 0)
        mallopt(_TRIM_THRESHOLD, _KEPT)
