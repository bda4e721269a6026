"""Memory that one replication has used, for the next one."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Final

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4  # parameters of mallopt, <malloc.h>
_KEPT: Final = 2**31 - 1
"""Bytes at the end of the heap that are kept: as many as mallopt can be told."""


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
