"""Numba, set up once for the whole project: what `compiled` decorates runs as machine code.

Machine code is kept beside the source file, else in the user's cache folder; if neither is
writable, each process compiles again. A damaged file is ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numba
from numba.core import config
from numba.core.caching import FunctionCache

OPTIONS: Final[dict[str, Any]] = {
    "_nrt": False,  # no allocation inside, so no reference counting: twice as fast
    "error_model": "numpy",  # no divisor is ever zero
}


_listeners: list[Callable[[], None]] = []


def announce(tell: Callable[[], None]) -> None:
    """Call `tell` once, before the first compilation, which takes seconds."""
    _listeners[:] = [tell]


@cache
def _sources(folder: Path) -> str:
    """Return a hash of all modules of a folder."""
    files = sorted(folder.glob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


class _Cache(FunctionCache):
    """Numba's cache on disk; a full disk or a damaged file causes no error."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        # Numba checks the function's own file only, but compiles in constants of its neighbours.
        folder = Path(function.__code__.co_filename).parent
        self._cache_file._source_stamp = (self._cache_file._source_stamp, _sources(folder))

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the machine code for a signature; None: it has to be compiled."""
        code = None
        try:
            code = super().load_overload(sig, target_context)
        except Exception:  # a damaged file may raise anything
            with suppress(Exception):
                self.flush()  # an unreadable index would never be rewritten
        if code is None and _listeners:
            _listeners.pop()()
        return code

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the machine code for a signature, if it can be written."""
        with suppress(Exception):  # such as a full disk
            super().save_overload(sig, data)


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that allocates nothing, to be compiled at its first call.

    Raises `OSError` if the environment forbids machine code: as Python, it would not work.
    """
    if getattr(config, "DISABLE_JIT"):  # noqa: B009 - set when it is imported, unknown to mypy
        rule = "the compiled engine needs machine code: unset it, or take the engine simpy"
        raise OSError(f"NUMBA_DISABLE_JIT is set: {rule}")
    dispatcher: Any = numba.njit(function, **OPTIONS)
    with suppress(RuntimeError):  # no folder to write to
        dispatcher._cache = _Cache(function)
    result: Callable[..., Any] = dispatcher
    return result


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that is compiled into its callers in the same file."""
    result: Callable[..., Any] = numba.njit(function, forceinline=True, **OPTIONS)
    return result
