"""A progress bar for notebooks: what `progress` is there, unless something else is asked for.

Plain HTML that is replaced in place, so that neither widgets nor extensions are needed, and gone
when the work is done, interrupted or broken. IPython is looked at only if it has been loaded by
others; whatever fails in it stops the bar, and never the work.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from sim.replications.execution import Progress

BETWEEN_S: Final = 0.2
"""Seconds between two updates, at least: more often, the browser falls behind."""
FIRST_S: Final = 0.5
"""Seconds before the bar appears: what is done sooner needs none."""

P = ParamSpec("P")
T = TypeVar("T")


def with_bar(function: Callable[P, T]) -> Callable[P, T]:
    """Let a function that takes `Execution` show a bar in a notebook, unless told otherwise."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        if kwargs.get("progress") is not None or not in_notebook():
            return function(*args, **kwargs)
        with shown_bar() as bar:
            kwargs["progress"] = bar
            return function(*args, **kwargs)

    return wrapped


def in_notebook() -> bool:
    """Tell whether this runs in a kernel of a notebook, which shows more than text."""
    ipython = sys.modules.get("IPython")
    if ipython is None:
        return False
    try:
        return getattr(ipython.get_ipython(), "kernel", None) is not None
    except Exception:  # half loaded, or something else of this name
        return False


@contextmanager
def shown_bar(clock: Callable[[], float] = time.monotonic) -> Iterator[Progress]:
    """Yield what updates a bar; in the end there is none, whatever happens."""
    bar = _Bar(clock)
    try:
        yield bar.tell
    finally:
        if bar.handle is not None:
            with suppress(Exception):
                bar.show("", "")


class _Bar:
    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.began = clock()
        self.next_s = self.began + FIRST_S
        self.handle: Any = None
        self.broken = False

    def tell(self, done: int, total: int | None) -> None:
        now = self.clock()
        if self.broken or now < self.next_s:
            return
        self.next_s = now + BETWEEN_S
        try:
            self.show(*_drawn(done, total, now - self.began))
        except Exception:  # a notebook that cannot show it is no reason to stop
            self.broken = True

    def show(self, html: str, text: str) -> None:
        shown = {"text/html": html, "text/plain": text}
        if self.handle is None:
            display = importlib.import_module("IPython.display").display
            self.handle = display(shown, raw=True, display_id=True)
        else:
            self.handle.update(shown, raw=True)


def _drawn(done: int, total: int | None, passed_s: float) -> tuple[str, str]:
    """Return the bar as HTML and as text; its numbers are the program's own."""
    if total is None:
        return f'<progress style="width:20em"></progress> {done:,}', f"{done:,}"
    text = f"{done:,} / {total:,}"
    if done:
        minutes, seconds = divmod(round(passed_s * (total - done) / done), 60)
        text += f" · {minutes}:{seconds:02}"
    return f'<progress value="{done}" max="{total}" style="width:20em"></progress> {text}', text
