"""Machine code on disk.

It is kept beside the source file, else in the user's cache folder; if neither is writable, each
process compiles again. A damaged file is ignored. Numba notices when the file of an entry point has
changed; here also what that file imports from this package, since constants and helpers are
compiled in. Of several processes that begin together, one compiles; the others wait for what it
keeps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from numba.core.caching import FunctionCache

_PACKAGE: Final = Path(__file__).parents[1]
_IMPORT: Final = re.compile(
    r"^(?:from|import) (sim[\w.]*)(?: import (\([^)]*\)|.*))?", re.MULTILINE
)

_listeners: list[Callable[[], None]] = []


def announce(tell: Callable[[], None]) -> None:
    """Call `tell` once, before the first compilation, which takes seconds."""
    _listeners[:] = [tell]


class Cache(FunctionCache):
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
