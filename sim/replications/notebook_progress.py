"""A progress bar for notebooks: the default of `progress` there.

The bar is plain HTML that is replaced in place, so it needs neither widgets nor extensions; it
disappears when the work is done, interrupted or broken. IPython is used only if it has been loaded
already; a failure in it stops the bar, never the work.
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
from sim.scenario.calls import checked_call

BETWEEN_S: Final = 0.2
"""Least seconds between two updates: with more of them, the browser falls behind."""
FIRST_S: Final = 0.5
"""Seconds before the bar appears: shorter work needs none."""

P = ParamSpec("P")
T = TypeVar("T")


def with_bar(function: Callable[P, T]) -> Callable[P, T]:
    """Let a function that takes `Execution` show a bar in a notebook unless `progress` is set.

    Its calls are checked, see `checked_call`.
    """
    checked = checked_call(function)

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        if kwargs.get("progress") is not None or not in_notebook():
            return checked(*args, **kwargs)
        with shown_bar() as bar:
            kwargs["progress"] = bar
            return checked(*args, **kwargs)

    return wrapped


def in_notebook() -> bool:
    """Tell whether this runs in the kernel of a notebook, which can show HTML."""
    ipython = sys.modules.get("IPython")
    if ipython is None:
        return False
    try:
        return getattr(ipython.get_ipython(), "kernel", None) is not None
    except Exception:  # half loaded, or another module of this name
        return False


@contextmanager
def shown_bar(clock: Callable[[], float] = time.monotonic) -> Iterator[Progress]:
    """Yield the function that updates a bar; remove the bar at the end, whatever happens."""
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
    """Return the bar as HTML and as text; both hold only numbers of the program."""
    if total is None:
        return f'<progress style="width:20em"></progress> {done:,}', f"{done:,}"
    text = f"{done:,} / {total:,}"
    if done:
        minutes, seconds = divmod(round(passed_s * (total - done) / done), 60)
        text += f" · {minutes}:{seconds:02}"
    return f'<progress value="{done}" max="{total}" style="width:20em"></progress> {text}', text
