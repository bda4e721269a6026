"""Running a scenario: a fixed number of replications, or until the question is settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

from sim.engine import Engine
from sim.experiments.model import Model, Replication
from sim.experiments.result import Result
from sim.experiments.summary import Summary, read_limits, summarise_replication
from sim.measures.limits import LimitReading
from sim.measures.shares import confidence_at_look
from sim.measures.tables import cases_table, items_table
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Keep = Literal["summary", "cases", "items"]
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

    Returns
    -------
    Result
        Of the finished replications; also if the run was interrupted after the first.

    Raises
    ------
    ScenarioError
        If a data file of the scenario cannot be used.
    """
    if until is not None and replications is not None:
        raise ValueError("give either replications or until")
    if isinstance(until, float) and not 0 < until < 0.5:
        raise ValueError("until: a precision lies between 0 and 0.5")
    seed = scenario.run.seed if seed is None else seed
    runner = _Runner(Model(scenario), seed, keep, engine)
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
            for name, limit in runner.model.scenario.limits.items()
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
    """Collects replications one after another."""

    def __init__(self, model: Model, seed: int, keep: Keep, engine: Engine | None) -> None:
        self.model = model
        self.seed = seed
        self.keep = keep
        self.engine = engine
        self.summaries: list[Summary] = []
        self.cases: list[pd.DataFrame] = []
        self.items: list[pd.DataFrame] = []
        self.interrupted = False

    def extend(self, planned: int, progress: Progress | None, total: int | None) -> None:
        """Go on to `planned` replications; an interruption keeps what is finished."""
        try:
            while len(self.summaries) < planned:
                self._one(len(self.summaries))
                if progress is not None:
                    progress(len(self.summaries), total)
        except KeyboardInterrupt:
            if not self.summaries:
                raise
            self.interrupted = True

    def _one(self, number: int) -> None:
        replication = self.model.replicate(self.seed, number, engine=self.engine)
        limits = read_limits(self.model, replication)
        summary = summarise_replication(self.model, replication, limits)
        if self.keep != "summary":
            self.cases.append(self._cases(replication, limits))
        if self.keep == "items" or (self.keep == "cases" and number == 0):
            self.items.append(self._items(replication))
        self.summaries.append(summary)

    def _cases(self, replication: Replication, limits: tuple[LimitReading, ...]) -> pd.DataFrame:
        table = cases_table(
            self.model.process,
            replication.demand,
            replication.schedule,
            self.model.scenario.period.start,
            limits,
        )
        table = table[table["measured"]].drop(columns="measured")
        table.insert(0, "replication", replication.number)
        return table

    def _items(self, replication: Replication) -> pd.DataFrame:
        table = items_table(
            self.model.process,
            replication.demand,
            replication.schedule,
            self.model.scenario.period.start,
            self.model.pools.names,
            [officer.name for officer in self.model.supply.officers],
        )
        table.insert(0, "replication", replication.number)
        return table

    def result(self, confidence: dict[str, float]) -> Result:
        """Return the result of what has been collected."""
        import pandas as pd

        kept = {"cases": self.cases, "items": self.items}
        tables = {
            name: pd.concat(parts[: len(self.summaries)], ignore_index=True)
            for name, parts in kept.items()
            if parts
        }
        return Result(
            self.model, self.seed, tuple(self.summaries), confidence, tables, self.interrupted
        )
