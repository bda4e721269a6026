"""Runs of scenarios: a fixed number of replications, or until the question is settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, Unpack

from sim import bounds
from sim.bounds import check_count
from sim.limits import resolved_limits
from sim.measures.shares import confidence_of_each
from sim.replications.execution import Execution, make_replications
from sim.replications.inputs import Inputs
from sim.replications.model import Model
from sim.replications.notebook_progress import with_bar
from sim.replications.workers import Finished, Keep, Task
from sim.results.run import Result
from sim.scenario import Problem, Scenario, ScenarioError
from sim.translation import tr

if TYPE_CHECKING:
    import pandas as pd

FIRST_LOOK: Final = 60
"""Replications before the first of several looks; their number doubles from look to look. Fewer
prove next to nothing: see `share_interval`."""
REPLICATIONS: Final = 100
"""Replications of a scenario in an experiment that judges several, if the file states none: with 72
or fewer, no share is proven to reach 95 %."""
REPLICATIONS_OF_DIFFERENCES: Final = 20
"""The same where only differences count, on common random numbers; and where nothing is judged."""


@with_bar
def run(
    scenario: Scenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    until: Literal["decided"] | float | None = None,
    max_replications: int = bounds.BUDGET,
    keep: Keep = "cases",
    uncertain: bool = False,
    on_look: Callable[[Result], None] | None = None,
    **how: Unpack[Execution],
) -> Result:
    """Simulate a scenario and judge its limits.

    Parameters
    ----------
    scenario
        From `sim.load`.
    replications
        Default: the scenario's own; without one, the run goes on as with ``until="decided"``, or
        makes 20 if there is no limit. Not together with `until`.
    seed
        Seed of all random streams; default: the scenario's own.
    until
        ``"decided"``: until no limit is undecided; a number h: until every on-time share is known
        to ± h. The run looks after 60, 120, 240, … replications; the looks share the error.
    max_replications
        Most replications of a run with `until`; it sets the number of looks, and so the
        confidence of each.
    keep
        ``"limits"``: statistics of limits and pools. ``"summary"``: also of single matters and
        stages. ``"cases"``: also the table of measured cases, and the items of the first
        replication. ``"items"``: also the items of all.
    uncertain
        Draw the inputs with a range anew for each replication, by default 100; each is made twice.
        The limits are judged under that doubt: see `Result.doubts`. Not together with `until`.
    on_look
        Called with the result so far at each look after which the run goes on.
    **how
        See `Execution`. They change no number of the result.

    Returns the result of the finished replications, even if it was interrupted after the first.

    Raises
    ------
    ScenarioError
        If a data file of the scenario cannot be used.
    ClusterError, OSError
        If the cluster cannot be used, or the store cannot be written to.
    """
    _refuse(scenario, replications, until, max_replications, uncertain=uncertain)
    if until is None and not uncertain and decides(scenario, replications):
        until = "decided"
    default = REPLICATIONS if uncertain else REPLICATIONS_OF_DIFFERENCES
    planned, seed = planned_runs(scenario, replications, seed, default)
    runner = _Runner(_task(scenario, seed, keep, how, uncertain=uncertain), how)
    if until is not None:
        return _until_settled(runner, until, max_replications, on_look)
    runner.extend(planned, planned)
    return runner.result({})


def _refuse(
    scenario: Scenario,
    replications: int | None,
    until: str | float | None,
    most: int,
    *,
    uncertain: bool,
) -> None:
    _refuse_other(scenario)
    if uncertain and until is not None:
        raise ValueError(tr("uncertain: give replications, not until"))
    if until is not None and replications is not None:
        raise ValueError(tr("give either replications or until"))
    if not (until is None or isinstance(until, str) or 0 < until < 0.5):
        raise ValueError(tr("until: a precision lies between 0 and 0.5"))
    check_count("max_replications", most, bounds.REPLICATIONS, 2)


def decides(scenario: Scenario, replications: int | None) -> bool:
    """Tell whether a run without `until` goes on until every limit is decided."""
    stated = (replications, scenario.run.replications)
    return stated == (None, None) and bool(scenario.limits)


def planned_runs(
    scenario: Scenario, replications: int | None, seed: int | None, default: int = REPLICATIONS
) -> tuple[int, int]:
    """Return replications and seed; those not given are the scenario's own, or the default."""
    _refuse_other(scenario)
    number = next(n for n in (replications, scenario.run.replications, default) if n is not None)
    check_count("replications", number, bounds.REPLICATIONS)
    return number, scenario.run.seed if seed is None else seed


def run_all(
    scenarios: Sequence[Scenario],
    *,
    replications: int,
    seed: int,
    first: int = 0,
    **how: Unpack[Execution],
) -> list[Result]:
    """Simulate several scenarios on common random numbers; keep statistics of limits and pools.

    `first` is the number of the first replication; another one gives fresh random numbers. An
    interruption is passed on; finished replications are in the store.
    """
    return list(run_each(scenarios, replications=replications, seed=seed, first=first, **how))


def run_each(
    scenarios: Sequence[Scenario],
    *,
    replications: int,
    seed: int,
    first: int = 0,
    **how: Unpack[Execution],
) -> Iterator[Result]:
    """Yield the results of `run_all` one by one, so that not all are in memory at once."""
    tasks = [_task(scenario, seed, "limits", how) for scenario in scenarios]
    numbers = range(first, first + replications)
    wanted = [(task, number) for task in tasks for number in numbers]
    made = make_replications(wanted, how, total=len(wanted))
    for task in tasks:
        yield _result(task, [next(made) for _ in numbers], confidence={}, interrupted=False)


def _refuse_other(scenario: object) -> None:
    if not isinstance(scenario, Scenario):
        raise TypeError(tr("needs a Scenario; use sim.load({scenario!r})", scenario=scenario))


def _task(
    scenario: Scenario, seed: int, keep: Keep, how: Execution, *, uncertain: bool = False
) -> Task:
    _refuse_other(scenario)
    task = Task(Model(scenario), seed, keep, how.get("engine"))
    return _uncertain(task) if uncertain else task


def _uncertain(task: Task) -> Task:
    """Return the task with inputs that are drawn; `ScenarioError` if none has a range."""
    inputs = Inputs(task.model.scenario)
    if not inputs.factors:
        rule = tr("no input has a range; write {value: 200, source: assumed, range: [100, 350]}")
        raise ScenarioError([Problem(rule, task.model.scenario.provenance.origin)])
    return replace(task, inputs=inputs)


def _until_settled(
    runner: _Runner, until: str | float, most: int, on_look: Callable[[Result], None] | None
) -> Result:
    model = runner.task.model
    limits = [*resolved_limits(model.scenario), *(own.limit for own in model.own_limits.limits)]
    planned = looks(most)
    confidence = {
        limit.name: confidence_of_each(limit.confidence, len(planned)) for limit in limits
    }
    for number in planned:
        runner.extend(number, number)
        result = runner.result(confidence)
        if runner.interrupted or settled(result, until):
            break
        if on_look is not None and number < most:
            on_look(result)
    return result


def looks(most: int, first: int = FIRST_LOOK) -> tuple[int, ...]:
    """Return the numbers of replications of the looks: `first`, twice as many … and `most`."""
    planned, counts = first, []
    while planned < most:
        counts.append(planned)
        planned *= 2
    return (*counts, most)


def settled(result: Result, until: str | float) -> bool:
    """Tell whether a run with `until` has reached its goal."""
    if isinstance(until, float):
        return all(judgement.high - judgement.low <= 2 * until for judgement in result.verdicts)
    return all(judgement.verdict != "undecided" for judgement in result.verdicts)


@dataclass
class _Runner:
    """Collects the replications of one run."""

    task: Task
    how: Execution
    finished: list[Finished] = field(default_factory=list)
    interrupted: bool = False

    def extend(self, planned: int, total: int | None) -> None:
        """Go on to `planned` replications; an interruption keeps what is finished."""
        done = len(self.finished)
        wanted = [(self.task, number) for number in range(done, planned)]
        try:
            self.finished.extend(make_replications(wanted, self.how, total, done))
        except KeyboardInterrupt:
            if not self.finished:
                raise
            self.interrupted = True

    def result(self, confidence: dict[str, float]) -> Result:
        return _result(self.task, self.finished, confidence, self.interrupted)


def _result(
    task: Task, finished: Sequence[Finished], confidence: dict[str, float], interrupted: bool
) -> Result:
    tables = {
        "cases": [replication.cases for replication in finished if replication.cases is not None],
        "items": [replication.items for replication in finished if replication.items is not None],
    }
    return Result(
        task.model,
        task.seed,
        tuple(replication.summary for replication in finished),
        confidence,
        {name: _joined(parts) for name, parts in tables.items() if parts},
        interrupted,
        () if task.inputs is None else task.inputs.factors,
        tuple(made.twin for made in finished if made.twin is not None),
    )


def _joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd  # here, since most runs keep no table

    return pd.concat(parts, ignore_index=True)
