"""How replications are computed and where they are kept; none of it changes a number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import compress
from pathlib import Path
from typing import Literal, TypeAlias, TypedDict

from sim.engine import Engine
from sim.replications.store import Store
from sim.replications.workers import Finished, Wanted, replicate

Progress: TypeAlias = Callable[[int, int | None], None]
"""Called after each replication with the number done and the number planned, if known."""


class Execution(TypedDict, total=False):
    """Keywords that `run` and every experiment take."""

    jobs: int | None
    """Number of processes; default: one, or one for each core where that is faster."""
    cluster: str | None
    """Address of a Dask scheduler, such as ``tcp://10.0.0.1:8786``, whose workers do the work."""
    store: Path | None
    """Folder that keeps finished replications; they are not made again, so that an interrupted
    run can go on."""
    engine: Engine | None
    """``"compiled"`` or ``"simpy"``; default: the value of the environment variable `SIM_ENGINE`,
    else ``"compiled"``."""
    progress: Progress | Literal[False] | None
    """Called after each replication. Default: in a notebook, a bar; False: nothing."""


def progress_of(how: Execution) -> Progress | None:
    """Return the function to call after each replication; None if there is none."""
    return how.get("progress") or None


def counted_on(how: Execution, done: int, total: int | None = None) -> Execution:
    """Return the keywords with a `progress` that counts on from earlier rounds.

    `done` is the number of earlier replications; `total` that of all rounds, if it is known.
    """
    progress = progress_of(how)
    if progress is None:
        return how
    return {**how, "progress": lambda more, _: progress(done + more, total)}


def make_replications(
    wanted: Wanted, how: Execution, total: int | None = None, done: int = 0
) -> Iterator[Finished]:
    """Yield the wanted replications in their order: from the store, or made now and stored.

    For `progress`, `total` is the number planned, if it is known, and `done` that of earlier ones.
    """
    folder, progress = how.get("store"), progress_of(how)
    tasks = {task for task, _ in wanted}
    stores = {} if folder is None else {task: Store.of(folder, task) for task in tasks}
    missing = [task not in stores or not stores[task].has(number) for task, number in wanted]
    made = replicate(list(compress(wanted, missing)), how.get("jobs"), how.get("cluster"))
    for (task, number), is_missing in zip(wanted, missing, strict=True):
        finished = None if is_missing else stores[task].load(task, number)
        if finished is None:
            finished = next(made) if is_missing else task.replicate(number)  # damaged
            if task in stores:
                stores[task].save(number, finished)
        done += 1
        if progress is not None:
            progress(done, total)
        yield finished
