"""Numba, set up once for the whole project: what `compiled` decorates runs as machine code.

Machine code is kept beside the source file, or in the user's cache folder where that cannot be
written to; where neither can, each process compiles anew. A damaged file counts as none.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
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


@cache
def _sources(folder: Path) -> str:
    """Return a hash of all modules of a folder."""
    files = sorted(folder.glob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


class _Cache(FunctionCache):
    """Numba's cache on disk, which a full disk or a damaged file does not stop."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        # Numba looks at the function's own file, but constants of its neighbours are compiled in.
        folder = Path(function.__code__.co_filename).parent
        self._cache_file._source_stamp = (self._cache_file._source_stamp, _sources(folder))

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the machine code for a signature, or None: then it is compiled."""
        found = None
        try:
            found = super().load_overload(sig, target_context)
        except Exception:  # whatever reading a damaged file may raise
            with suppress(Exception):
                self.flush()  # else an index that cannot be read would never be written again
        if found is None and _listeners:
            _listeners.pop()()
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the machine code for a signature, if that can be done."""
        with suppress(Exception):  # a full disk, say
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
