"""How replications are computed: who makes them, and where they are kept. It changes no number."""

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
    """Processes; default: one, or one for each core where it pays."""
    cluster: str | None
    """Address of a Dask scheduler, such as ``tcp://10.0.0.1:8786``, whose workers do the work."""
    store: Path | None
    """Folder that keeps finished replications: what is there already is not made again, so that
    an interrupted run goes on."""
    engine: Engine | None
    """``"compiled"`` or ``"simpy"``; default: what the environment variable `SIM_ENGINE` says,
    else the compiled one."""
    progress: Progress | Literal[False] | None
    """Called after each replication. Default: in a notebook a bar, which False switches off."""


def progress_of(how: Execution) -> Progress | None:
    """Return what is to be called after each replication, if anything is."""
    return how.get("progress") or None


def counted_on(how: Execution, done: int, total: int | None = None) -> Execution:
    """Return the same keywords, with a progress that counts on from earlier rounds.

    `done` replications came before; `total` are planned in all rounds, if that is known.
    """
    progress = progress_of(how)
    if progress is None:
        return how
    return {**how, "progress": lambda more, _: progress(done + more, total)}


def make_replications(
    wanted: Wanted, how: Execution, total: int | None = None, done: int = 0
) -> Iterator[Finished]:
    """Yield these replications in their order: from the store, or made now and stored.

    For `progress`: `total` are planned, if that is known, and `done` came before these.
    """
    folder, progress = how.get("store"), progress_of(how)
    tasks = {task for task, _ in wanted}
    stores = {} if folder is None else {task: Store.of(folder, task) for task in tasks}
    missing = [task not in stores or not stores[task].has(number) for task, number in wanted]
    made = replicate(list(compress(wanted, missing)), how.get("jobs"), how.get("cluster"))
    for (task, number), is_missing in zip(wanted, missing, strict=True):
        finished = None if is_missing else stores[task].load(task, number)
        if finished is None:
            finished = next(made) if is_missing else task.replicate(number)  # it is damaged
            if task in stores:
                stores[task].save(number, finished)
        done += 1
        if progress is not None:
            progress(done, total)
        yield finished
