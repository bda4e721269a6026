"""Running a scenario: a fixed number of replications, or until the question is settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from sim.engine import Engine
from sim.experiments.model import Model
from sim.experiments.result import Result
from sim.experiments.store import Store
from sim.experiments.workers import Finished, Keep, Task, Workers, replicate
from sim.measures.shares import confidence_at_look
from sim.scenario import Scenario

Progress = Callable[[int, int | None], None]
"""Called after each replication with the number done and the number planned, if known."""

FIRST_LOOK = 10
"""Replications before the first look of a run that goes on until something is settled."""
MAX_REPLICATIONS = 1000


def run(
    scenario: Scenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    until: Literal["decided"] | float | None = None,
    max_replications: int = MAX_REPLICATIONS,
    keep: Keep = "cases",
    progress: Progress | None = None,
    engine: Engine | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    store: Path | None = None,
) -> Result:
    """Simulate a scenario and judge its limits.

    Parameters
    ----------
    scenario
        From `sim.load`.
    replications
        How many; default: the scenario's own number. Not together with `until`.
    seed
        Of all random streams; default: the scenario's own.
    until
        ``"decided"``: until no limit is undecided; a number h: until every on-time share is known
        to ± h. Looked at after 10, 20, 40, … replications, with the error spread over the looks,
        so that looking repeatedly does not inflate it.
    max_replications
        Where a run with `until` ends at the latest.
    keep
        ``"summary"``: statistics only. ``"cases"``: also the table of measured cases of all
        replications, and the items of the first. ``"items"``: also the items of all.
    progress
        Called after each replication.
    engine
        ``"compiled"`` or ``"simpy"``; default: what the environment variable `SIM_ENGINE` says,
        else the compiled one. The results are the same.
    jobs
        Processes; default: one, or one for each core where it pays. The results are the same.
    cluster
        Address of a Dask scheduler, such as ``tcp://10.0.0.1:8786``, whose workers make the
        replications instead. The results are the same.
    store
        Folder that keeps finished replications: what is there already is not made again, so that
        an interrupted run goes on. The results are the same.

    Returns
    -------
    Result
        Of the finished replications; also if the run was interrupted after the first.

    Raises
    ------
    ScenarioError
        If a data file of the scenario cannot be used.
    ClusterError
        If the cluster cannot be used.
    OSError
        If the store cannot be written to.
    """
    if until is not None and replications is not None:
        raise ValueError("give either replications or until")
    if isinstance(until, float) and not 0 < until < 0.5:
        raise ValueError("until: a precision lies between 0 and 0.5")
    seed = scenario.run.seed if seed is None else seed
    task = Task(Model(scenario), seed, keep, engine)
    runner = _Runner(task, Workers(jobs, cluster), None if store is None else Store.of(store, task))
    if until is None:
        planned = scenario.run.replications if replications is None else replications
        if planned < 1:
            raise ValueError("at least one replication is needed")
        runner.extend(planned, progress, planned)
        return runner.result({})
    return _until_settled(runner, until, max_replications, progress)


def _until_settled(
    runner: _Runner, until: str | float, most: int, progress: Progress | None
) -> Result:
    for look, planned in enumerate(_looks(most), start=1):
        runner.extend(planned, progress, None)
        confidence = {
            name: confidence_at_look(limit.confidence, look)
            for name, limit in runner.task.model.scenario.limits.items()
        }
        result = runner.result(confidence)
        if runner.interrupted or _settled(result, until):
            break
    return result


def _looks(most: int) -> Iterator[int]:
    planned = FIRST_LOOK
    while planned < most:
        yield planned
        planned *= 2
    yield most


def _settled(result: Result, until: str | float) -> bool:
    if isinstance(until, float):
        return all(each.high - each.low <= 2 * until for each in result.verdicts)
    return all(each.verdict != "undecided" for each in result.verdicts)


class _Runner:
    """Collects replications."""

    def __init__(self, task: Task, workers: Workers, store: Store | None) -> None:
        self.task = task
        self.workers = workers
        self.store = store
        self.finished: list[Finished] = []
        self.interrupted = False

    def extend(self, planned: int, progress: Progress | None, total: int | None) -> None:
        """Go on to `planned` replications; an interruption keeps what is finished."""
        try:
            for each in self._next(planned):
                self.finished.append(each)
                if progress is not None:
                    progress(len(self.finished), total)
        except KeyboardInterrupt:
            if not self.finished:
                raise
            self.interrupted = True

    def _next(self, planned: int) -> Iterator[Finished]:
        """Yield what is missing of the planned replications: from the store, or made now."""
        numbers = range(len(self.finished), planned)
        if self.store is None:
            yield from replicate(self.task, numbers, self.workers)
            return
        kept = {number: self.store.load(self.task, number) for number in numbers}
        missing = [number for number in numbers if kept[number] is None]
        made = replicate(self.task, missing, self.workers)
        for number in numbers:
            found = kept.pop(number)
            if found is None:
                found = next(made)
                self.store.save(number, found)
            yield found

    def result(self, confidence: dict[str, float]) -> Result:
        """Return the result of what has been collected."""
        import pandas as pd

        kept = {
            "cases": [each.cases for each in self.finished if each.cases is not None],
            "items": [each.items for each in self.finished if each.items is not None],
        }
        return Result(
            self.task.model,
            self.task.seed,
            tuple(each.summary for each in self.finished),
            confidence,
            {name: pd.concat(parts, ignore_index=True) for name, parts in kept.items() if parts},
            self.interrupted,
        )
