"""Workers that are ended from outside while they hand over a result.

Loky notices a worker that has ended, unless a part of a result is in the pipe already: then it
waits for the rest, which nobody will write. `told_of_lost_workers` ends that waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from threading import Event, Thread
from typing import Any, Final

EVERY_S: Final = 1.0
"""How often the workers are looked at."""
GRACE_S: Final = 5.0
"""How long loky may take to notice by itself."""


@contextmanager
def told_of_lost_workers(executor: Any) -> Iterator[None]:
    """See to it that whoever waits for a result of the executor is told of a lost worker.

    Loky then raises its `BrokenProcessPool`, at the latest `EVERY_S` + `GRACE_S` after the loss.
    """
    done = Event()
    watcher = Thread(target=_watch, args=(executor, done), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _watch(executor: Any, done: Event) -> None:
    while not done.wait(EVERY_S):
        lost = _ended(executor)
        if lost and not done.wait(GRACE_S) and lost & _ended(executor):
            _end(executor)
            return


def _ended(executor: Any) -> set[int]:
    """Return the workers, by number, that have ended and that loky still counts on."""
    workers = {worker.sentinel: pid for pid, worker in [*(executor._processes or {}).items()]}
    return {workers[sentinel] for sentinel in wait([*workers], timeout=0)}


def _end(executor: Any) -> None:
    """Close all ends of the pipe of results that are written to: the workers' and our own."""
    from joblib.externals.loky.backend.utils import kill_process_tree

    for worker in [*(executor._processes or {}).values()]:
        kill_process_tree(worker)
    with suppress(AttributeError, OSError):  # loky has noticed meanwhile
        executor._result_queue._writer.close()
