"""Replications one after another, on all cores, or on a cluster, with the same numbers.

A replication depends only on the scenario, the seed and its number, not on where and in which
order it is made. Results come back in the order of the numbers.
"""

from __future__ import annotations

import logging
import os
import time
import warnings
from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeVar

from sim.bounds import PROCESSES, check_count
from sim.clocks import History
from sim.engine import Engine
from sim.measures.limits import ScopeReading
from sim.measures.own_limits import OwnStandings
from sim.measures.tables import cases_table, items_table
from sim.replications.inputs import Inputs
from sim.replications.lost_workers import told_of_lost_workers
from sim.replications.model import Model
from sim.replications.readings import read_limits, read_own, read_unlimited
from sim.replications.summary import Summary, summarise_replication
from sim.replications.worker_process import (
    children_ignore_interruptions,
    end_with_parent,
    no_interruption_is_lost,
    reuse,
)
from sim.translation import noted, tr

if TYPE_CHECKING:
    import pandas as pd

Keep = Literal["limits", "summary", "cases", "items"]
"""What is kept of a replication, each with all before it; see `sim.run`."""

WORTH_STARTING_S: Final = 8.0
"""Least seconds of work for which further processes are started by default."""
PARTS_PER_JOB: Final = 8
"""Parts of the work for each process: enough to share it evenly and to show progress."""
LARGEST_PART: Final = 16
"""Most replications in one part: an interruption loses the parts that have begun."""
CONNECT_S: Final = 10
"""Seconds in which a scheduler must answer."""


TWIN: Final = 2**31
"""What is added to the number of a replication for the random numbers of its twin."""
LOST_S: Final = 20
"""Seconds without scheduler or workers after which a run on a cluster is given up."""
GO_ON: Final = noted("with --store, the same command goes on with what was finished")


class ClusterError(ConnectionError):
    """The cluster cannot be used, or was lost; the message says why."""


class WorkersLostError(ChildProcessError):
    """A process that computes was ended from outside."""


@dataclass(frozen=True, eq=False)
class Finished:
    """One finished replication: its summary and tables."""

    summary: Summary
    cases: pd.DataFrame | None
    """Its measured cases, if asked for."""
    items: pd.DataFrame | None
    """All its items, if asked for."""
    twin: Summary | None = None
    """Of drawn inputs: another replication with the same inputs, to tell chance from doubt."""


@dataclass(frozen=True, eq=False)
class Task:
    """How every replication of a run is made."""

    model: Model
    seed: int
    keep: Keep
    engine: Engine | None = None
    inputs: Inputs | None = None
    """What is drawn anew for each replication; None: nothing."""

    def replicate(self, number: int) -> Finished:
        """Make one replication; where inputs are drawn, with a twin."""
        if self.inputs is None:
            return self._made(number)
        model = self.inputs.model(self.seed, number)
        drawn = replace(self, model=model, inputs=None)
        twin = replace(drawn, keep="limits")._made(number + TWIN)
        return replace(drawn._made(number), twin=twin.summary)

    def _made(self, number: int) -> Finished:
        reuse()
        with no_interruption_is_lost():
            history = self.model.replicate(self.seed, number, engine=self.engine)
            limits = read_limits(self.model.scenario, history)
            others = read_unlimited(self.model.scenario, history)
            own = self._own(history)
            return Finished(
                summarise_replication(
                    self.model, number, history, limits, others, own, self.engine
                ),
                self._cases(number, history, (*limits, *others), own) if self.wants_cases else None,
                self._items(number, history) if self.wants_items(number) else None,
            )

    @property
    def kept_as(self) -> str:
        """Ending of the folder in a store; it separates tasks with different results."""
        return "" if self.inputs is None else f"-inputs-{self.inputs.digest}"

    @property
    def wants_own_limits(self) -> bool:
        """Whether matters and stages are counted against their own limits."""
        return self.keep != "limits"

    @property
    def wants_cases(self) -> bool:
        """Whether the cases of every replication are kept."""
        return self.keep in {"cases", "items"}

    def wants_items(self, number: int) -> bool:
        """Tell whether the items of a replication are kept."""
        return self.keep == "items" or (self.keep == "cases" and number == 0)

    def _own(self, history: History) -> OwnStandings | None:
        if not self.wants_own_limits:
            return None
        return read_own(self.model.scenario, self.model.own_limits, history)

    def _cases(
        self,
        number: int,
        history: History,
        readings: Sequence[ScopeReading],
        own: OwnStandings | None,
    ) -> pd.DataFrame:
        sets = {}
        if own is not None:
            for one in self.model.own_limits.sets:
                sets[one.key] = own.case[one.case_type], own.sets[one.key]
        table = cases_table(history, self.model.scenario.period.start, readings, sets)
        table = table[table["measured"]].drop(columns="measured")
        table.insert(0, "replication", number)
        return table

    def _items(self, number: int, history: History) -> pd.DataFrame:
        table = items_table(
            history,
            self.model.scenario.period.start,
            self.model.pools.names,
            [officer.name for officer in self.model.supply.officers],
        )
        table.insert(0, "replication", number)
        return table


Wanted = Sequence[tuple[Task, int]]
"""Replications of one or several runs, by number."""
Made = TypeVar("Made")
Made_co = TypeVar("Made_co", covariant=True)


class Maker(Hashable, Protocol[Made_co]):
    """What makes replications, such as a `Task`."""

    def replicate(self, number: int, /) -> Made_co:
        """Make one replication."""


def replicate(
    wanted: Sequence[tuple[Maker[Made], int]], jobs: int | None, cluster: str | None
) -> Iterator[Made]:
    """Yield the wanted replications in their order, as soon as all earlier ones are finished.

    A caller that stops early loses only the replications under way. Raises `ClusterError` if the
    cluster cannot be reached, lacks a package or workers, or is lost; `WorkersLostError` if a
    process is ended from outside; `ValueError` if `jobs` is below 1.
    """
    if jobs is not None:
        check_count("jobs", jobs, PROCESSES)
    if cluster is not None:
        yield from _on_cluster(wanted, cluster)
        return
    for task, number in wanted[:1]:  # this process compiles for the others
        yield task.replicate(number)
    begin = time.perf_counter()
    for task, number in wanted[1:2]:
        yield task.replicate(number)
    expected_s = (time.perf_counter() - begin) * len(wanted[2:])
    jobs = jobs or (cores() if expected_s > WORTH_STARTING_S else 1)
    # More processes than cores or work only cost memory.
    jobs = min(jobs, max(2, cores()), len(wanted[2:]))
    if jobs < 2:
        yield from (task.replicate(number) for task, number in wanted[2:])
    else:
        yield from _in_parallel(wanted[2:], jobs)


def _in_parallel(wanted: Sequence[tuple[Maker[Made], int]], jobs: int) -> Iterator[Made]:
    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import BrokenProcessPool

    # The parts have the right size: batches of joblib would only delay them.
    parallel = Parallel(
        n_jobs=jobs,
        return_as="generator",
        batch_size=1,
        pre_dispatch="3*n_jobs",
        initializer=end_with_parent,
        initargs=(os.getpid(),),
    )
    with children_ignore_interruptions():
        made = parallel(delayed(_part)(_packed(task), part) for task, part in _parts(wanted, jobs))
    with told_of_lost_workers(parallel._backend._workers), _closed_quietly(made) as finished:
        try:
            for part in finished:
                yield from part
        except BrokenProcessPool:
            rule = tr("a process that computes was ended from outside, perhaps for want of memory")
            raise WorkersLostError(
                tr("{rule}; {go_on}, with fewer --jobs", rule=rule, go_on=tr(GO_ON))
            ) from None


@contextmanager
def _closed_quietly(made: Any) -> Iterator[Any]:
    """Close the generator at the end, without joblib's warning about what it gives up."""
    try:
        yield made
    finally:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=UserWarning, module=r"joblib\.parallel")
            made.close()


def _parts(
    wanted: Sequence[tuple[Maker[Made], int]], jobs: int
) -> Iterator[tuple[Maker[Made], list[int]]]:
    """Yield the parts of the work for so many processes: numbers of one task each."""
    size = max(1, min(LARGEST_PART, len(wanted) // (jobs * PARTS_PER_JOB)))
    for _, group in groupby(wanted, key=lambda pair: id(pair[0])):
        pairs = list(group)
        for first in range(0, len(pairs), size):
            part = pairs[first : first + size]
            yield part[0][0], [number for _, number in part]


@lru_cache(maxsize=4)
def _packed(task: Maker[Any]) -> bytes:
    """Return a task as bytes; it is packed once for all its parts."""
    import cloudpickle

    return bytes(cloudpickle.dumps(task))


@lru_cache(maxsize=4)
def _unpacked(packed: bytes) -> Maker[Any]:
    """Return the task from its bytes; it is unpacked once in each process."""
    import pickle

    task: Maker[Any] = pickle.loads(packed)
    return task


def _part(packed: bytes, numbers: Sequence[int]) -> list[Any]:
    task = _unpacked(packed)
    return [task.replicate(number) for number in numbers]


def cores() -> int:
    """Return the number of processes that this machine can run at once."""
    from joblib import cpu_count

    return int(cpu_count())


def _on_cluster(wanted: Sequence[tuple[Maker[Made], int]], address: str) -> Iterator[Made]:
    """Yield the replications that the workers of a Dask scheduler make."""
    try:
        from dask.distributed import Client
    except ImportError:
        rule = tr("a cluster needs a further package: pip install 'approval-sim[cluster]'")
        raise ClusterError(rule) from None
    try:
        client: Any = Client(address, timeout=CONNECT_S)
    except (OSError, ValueError) as error:
        raise ClusterError(
            tr("{address}: no Dask scheduler answers there ({error})", address=address, error=error)
        ) from None
    with _closed(client):
        threads = _threads(client)
        if threads == 0:
            raise ClusterError(tr("{address}: the scheduler has no workers", address=address))
        parts = _parts(wanted, threads)
        waiting: deque[Any] = deque()
        while True:
            for task, numbers in islice(parts, 3 * threads - len(waiting)):
                waiting.append(client.submit(_part, _packed(task), numbers, pure=False))
            if not waiting:
                return
            yield from _result(client, waiting.popleft(), address)


def _result(client: Any, future: Any, address: str) -> list[Any]:
    """Return a part once it is finished.

    Raises `ClusterError` if for `LOST_S` seconds there was nobody to work on it.
    """
    from dask.distributed import CancelledError, KilledWorker

    seen = time.monotonic()
    while time.monotonic() - seen < LOST_S:
        try:
            part: list[Any] = future.result(timeout=1)
        except TimeoutError:
            if _threads(client) > 0:
                seen = time.monotonic()
        except (CancelledError, KilledWorker):
            break
        else:
            return part
    raise ClusterError(
        tr(
            "{address}: the scheduler or all of its workers were lost; {go_on}",
            address=address,
            go_on=tr(GO_ON),
        )
    )


def _threads(client: Any) -> int:
    """Return how many replications the workers can make at once; 0 without a scheduler."""
    if client.status != "running":
        return 0
    try:
        return sum(client.nthreads().values())
    except (OSError, TimeoutError):
        return 0


@contextmanager
def _closed(client: Any) -> Iterator[None]:
    """Close the client at the end, without the messages of a connection that was lost."""
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        client.close(timeout=CONNECT_S)
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
