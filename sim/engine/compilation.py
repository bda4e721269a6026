"""Numba, set up once for the whole project: what `compiled` decorates runs as machine code.

Machine code is kept beside the source file, or in the user's cache folder where that cannot be
written to; where neither can, each process compiles anew. A damaged file counts as none.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import numba
from numba.core.caching import FunctionCache

OPTIONS: Final[dict[str, Any]] = {
    "_nrt": False,  # nothing is allocated inside, so no reference is counted: twice as fast
    "error_model": "numpy",  # nothing is divided by what may be zero
}


_listeners: list[Callable[[], None]] = []


def announce(tell: Callable[[], None]) -> None:
    """Call `tell` once, if something has to be compiled: that takes seconds."""
    _listeners[:] = [tell]


class _Cache(FunctionCache):
    """Numba's cache on disk, which a full disk or a damaged file does not stop."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the machine code for a signature, or None: then it is compiled."""
        found = None
        with suppress(Exception):  # whatever reading a damaged file may raise
            found = super().load_overload(sig, target_context)
        if found is None and _listeners:
            _listeners.pop()()
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the machine code for a signature, if that can be done."""
        with suppress(Exception):  # a full disk, or an index that cannot be read
            super().save_overload(sig, data)


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that allocates nothing, when it is first called."""
    dispatcher: Any = numba.njit(function, **OPTIONS)
    with suppress(RuntimeError):  # no folder to write to
        dispatcher._cache = _Cache(function)
    result: Callable[..., Any] = dispatcher
    return result


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function into those of the same file that call it."""
    result: Callable[..., Any] = numba.njit(function, forceinline=True, **OPTIONS)
    return result
