"""Machine code: Numba, set up once for all rooms.

Three decorators say what becomes of a function:

- `entry_point`: Python calls it. It is compiled at its first call and kept on disk. It runs without
  the interpreter's lock, so other threads go on meanwhile.
- `helper`: entry points and other helpers call it, in any file; Python cannot. What would make it
  callable from Python took more time to compile than all else.
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
- Many arrays go in as one named tuple, and are handed on whole.

Files named `kernel.py` hold compiled functions; Numba finds the types.

Machine code is kept beside the source file, else in the user's cache folder; if neither is
writable, each process compiles again. A damaged file is ignored. Numba notices when the file of an
entry point has changed; here also what that file imports from this package, since constants and
helpers are compiled in. Of several processes that begin together, one compiles; the others wait for
what it keeps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numba
from numba.core import config
from numba.core.caching import FunctionCache

from sim.translation import tr

_OPTIONS: Final[dict[str, Any]] = {
    "_nrt": False,  # no reference counting
    "error_model": "numpy",  # no test for a divisor of zero
    "no_cfunc_wrapper": True,  # not callable from C
}
_PACKAGE: Final = Path(__file__).parent
_IMPORT: Final = re.compile(
    r"^(?:from|import) (sim[\w.]*)(?: import (\([^)]*\)|.*))?", re.MULTILINE
)

_njit: Any = numba.njit  # its stubs lack the options for experts

_listeners: list[Callable[[], None]] = []


def announce(tell: Callable[[], None]) -> None:
    """Call `tell` once, before the first compilation, which takes seconds."""
    _listeners[:] = [tell]


def entry_point(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function, to be compiled at its first call or fetched from disk.

    Raises `OSError` if the environment forbids machine code: as Python, it would not work.
    """
    if getattr(config, "DISABLE_JIT"):  # noqa: B009 - set when it is imported, unknown to mypy
        rule = tr("the compiled engine needs machine code: unset it, or take the engine simpy")
        raise OSError(tr("NUMBA_DISABLE_JIT is set: {rule}", rule=rule))
    dispatcher = _njit(function, nogil=True, **_OPTIONS)
    with suppress(RuntimeError):  # no folder to write to
        dispatcher._cache = cache = _Cache(function)
        dispatcher.compile = cache.one_at_a_time(dispatcher.compile)
    result: Callable[..., Any] = dispatcher
    return result


def helper(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function for other compiled functions to call; Python cannot call it."""
    result: Callable[..., Any] = _njit(function, no_cpython_wrapper=True, **_OPTIONS)
    return result


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a helper that is compiled into each function that calls it."""
    result: Callable[..., Any] = _njit(
        function, no_cpython_wrapper=True, forceinline=True, **_OPTIONS
    )
    return result


class _Cache(FunctionCache):
    """Numba's cache on disk; a full disk or a damaged file causes no error."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self._source = Path(function.__code__.co_filename)
        sources = _sources(self._source)
        self._cache_file._source_stamp = (self._cache_file._source_stamp, sources)
        self._turn = ExitStack()

    def one_at_a_time(self, compiled: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Return Numba's `compiled`; after it, this process's turn to compile is over."""

        def in_turn(signature: Any) -> Any:
            with self._turn:
                return compiled(signature)

        return in_turn

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the machine code for a signature; None: it has to be compiled, by this process."""
        code = self._kept(sig, target_context)
        if code is None:
            if _listeners:
                _listeners.pop()()
            self._turn.enter_context(_turn_to_compile(self._source))
            code = self._kept(sig, target_context)  # another process may have compiled it by now
        return code

    def _kept(self, sig: Any, target_context: Any) -> Any:
        code = None
        try:
            code = super().load_overload(sig, target_context)
        except Exception:  # a damaged file may raise anything
            with suppress(Exception):
                self.flush()  # an unreadable index would never be rewritten
        return code

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the machine code for a signature, if it can be written."""
        with suppress(Exception):  # such as a full disk
            super().save_overload(sig, data)


_turns: set[Path] = set()
"""Files of which this process compiles an entry point; one may call another of the same file."""


@contextmanager
def _turn_to_compile(source: Path) -> Iterator[None]:
    """Wait until no other process compiles an entry point of this file; then it is ours.

    The turn of a process that is killed ends with it. Where files cannot be locked, nobody waits.
    """
    if source in _turns:
        yield
        return
    with ExitStack() as held:
        with suppress(ImportError, OSError):
            import fcntl  # not on Windows

            fcntl.flock(held.enter_context(source.open("rb")), fcntl.LOCK_EX)
        _turns.add(source)
        held.callback(_turns.discard, source)
        yield


@cache
def _sources(file: Path) -> str:
    """Return a hash of a file and of all that it imports from this package, however far."""
    texts: dict[Path, bytes] = {}
    to_read = [file]
    while to_read:
        path = to_read.pop()
        if path not in texts and path.is_file():
            texts[path] = path.read_bytes()
            to_read += _imported(texts[path].decode())
    return sha256(b"".join(texts[path] for path in sorted(texts))).hexdigest()


def _imported(text: str) -> list[Path]:
    """Return the files that a module of this text may import from this package; some are none."""
    found = []
    for module, names in _IMPORT.findall(text):
        place = _PACKAGE.joinpath(*module.split(".")[1:])
        # A name may be a module of the package, or something in it.
        for path in (place, *(place / name for name in re.findall(r"\w+", names))):
            found += [path.with_suffix(".py"), path / "__init__.py"]
    return found
