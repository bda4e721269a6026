"""Machine code: Numba, set up once for all rooms.

Three decorators say what becomes of a function:

- `entry_point`: Python calls it. It is compiled at its first call and kept on disk. It runs without
  the interpreter's lock, so other threads go on meanwhile.
- `helper`: entry points and other helpers call it, in any file; Python cannot, nor what plain
  `numba.njit` makes. What would make it callable took more time to compile than all else.
- `inlined`: a helper that becomes part of each function that calls it. For what is short, or called
  once.

What all of them keep to:

- Nothing is allocated: a caller passes the arrays to write to, and scratch arrays. Without
  reference counting, access to an array of a tuple is thirty times as fast.
- No divisor is zero.
- Integers are int64. Numba makes floats of a uint64 beside an int64. Smaller unsigned types are for
  positions, since a signed index is tested for counting from the end; each further type of an
  argument compiles the function once more.
- A constant that a helper is given is written ``np.int64(0)``: a plain 0 is a type of its own, too.
- Many arrays go in as one named tuple. The entry point takes it `by_reference` and hands it on.

Files named `kernel.py` hold compiled functions; Numba finds the types. `linking` says how helpers
become part of entry points, `references` what `by_reference` is, `cache` where machine code is.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import numba
from numba.core import config

from sim.machine_code.cache import Cache, announce
from sim.machine_code.linking import EntryPointCompiler, HelperCompiler
from sim.machine_code.references import by_reference
from sim.translation import tr

__all__ = ["announce", "by_reference", "entry_point", "helper", "inlined"]

_OPTIONS: Final[dict[str, Any]] = {
    "_nrt": False,  # no reference counting
    "error_model": "numpy",  # no test for a divisor of zero
    "no_cfunc_wrapper": True,  # not callable from C
}
_HELPER: Final[dict[str, Any]] = _OPTIONS | {
    "no_cpython_wrapper": True,  # not callable from Python
    "pipeline_class": HelperCompiler,
}

_njit: Any = numba.njit  # its stubs lack the options for experts


def entry_point(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function, to be compiled at its first call or fetched from disk.

    Raises `OSError` if the environment forbids machine code: as Python, it would not work.
    """
    if getattr(config, "DISABLE_JIT"):  # noqa: B009 - set when it is imported, unknown to mypy
        rule = tr("the compiled engine needs machine code: unset it, or take the engine simpy")
        raise OSError(tr("NUMBA_DISABLE_JIT is set: {rule}", rule=rule))
    dispatcher = _njit(function, nogil=True, pipeline_class=EntryPointCompiler, **_OPTIONS)
    with suppress(RuntimeError):  # no folder to write to
        dispatcher._cache = cache = Cache(function)
        dispatcher.compile = cache.one_at_a_time(dispatcher.compile)
    result: Callable[..., Any] = dispatcher
    return result


def helper(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function for other compiled functions to call; Python cannot call it."""
    result: Callable[..., Any] = _njit(function, **_HELPER)
    return result


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a helper that is compiled into each function that calls it."""
    result: Callable[..., Any] = _njit(function, forceinline=True, **_HELPER)
    return result
