"""Sweeps: every combination of some values of a scenario, on the same cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, Final, Unpack

from sim.experiments.run import planned_runs, run_each
from sim.experiments.sweep.grid import Axis, Cell, Grid, Value, Values
from sim.measures.checks import Check
from sim.replications.execution import Execution, counted_on
from sim.replications.model import Model
from sim.replications.notebook_progress import with_bar
from sim.results.finding import Finding
from sim.results.rows import COLUMNS, LimitRow, PoolSummary, frame
from sim.results.run import Result
from sim.scenario import Mistakes, Scenario, ScenarioError

if TYPE_CHECKING:
    import pandas as pd

BLOCK: Final = 32
"""Most combinations that are made ready at a time, which bounds the memory."""
ROWS_AT_ONCE: Final = 1000


@dataclass(frozen=True)
class SweptLimitRow:
    """One combination and limit, on the clock that decides."""

    at: Mapping[str, Cell] = field(metadata={COLUMNS: ("PATH",)})
    """The value tried; a column for each path."""
    judged: LimitRow
    """The limit under this combination."""


@dataclass(frozen=True)
class SweptPoolRow:
    """One combination and pool."""

    at: Mapping[str, Cell] = field(metadata={COLUMNS: ("PATH",)})
    """The value tried; a column for each path."""
    pool: PoolSummary
    """The pool under this combination."""


@dataclass(frozen=True, eq=False, repr=False)
class Sweep(Finding):
    """The limits and pools of every combination, in the order of the grid."""

    made_of: ClassVar[tuple[type, ...]] = (Axis,)
    row_types: ClassVar[Mapping[str, type]] = {"limits": SweptLimitRow, "pools": SweptPoolRow}

    scenario: Scenario
    """The scenario before anything is varied."""
    axes: tuple[Axis, ...]
    seed: int
    replications: int
    """Replications of each combination."""
    finished: int
    """Finished combinations."""
    limits: pd.DataFrame
    """One row per combination and limit: a column for each path, then as in `Result.limits` on the
    clock that decides. Each interval holds by itself."""
    pools: pd.DataFrame
    """One row per combination and pool: a column for each path, then as in `Result.pools`."""
    failed_checks: tuple[Check, ...] = ()
    """Self-checks that failed in any replication; should be empty."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Name → table: the limits and pools of every combination."""
        return {"limits": self.limits, "pools": self.pools}

    @property
    def combinations(self) -> int:
        """Number of combinations in the grid."""
        return len(Grid(self.axes))

    @property
    def interrupted(self) -> bool:
        """Whether combinations at the end of the grid are missing."""
        return self.finished < self.combinations


@with_bar
def sweep(
    scenario: Scenario,
    axes: Mapping[str, Values] | Grid,
    *,
    replications: int | None = None,
    seed: int | None = None,
    **how: Unpack[Execution],
) -> Sweep:
    """Simulate every combination of some values on common random numbers.

    Every combination is checked before anything runs. The result keeps rows of tables only.

    Parameters
    ----------
    scenario
        From `sim.load` or `sim.vary`.
    axes
        Path → values, such as ``{"staff.planners.count": [4, 5, 6]}``; or a text:
        ``"4..6"``, ``"10..30/5 wd"``, ``"fifo,earliest_due"``.
    replications, seed
        For every combination; default: the scenario's own, else 100.
    **how
        See `Execution`.

    Returns
    -------
    Sweep
        The finished combinations, even if the sweep was interrupted after the first.

    Raises
    ------
    ScenarioError
        With every mistake in the values.
    """
    grid = axes if isinstance(axes, Grid) else Grid.of(axes)
    planned, seed = planned_runs(scenario, replications, seed)
    check_grid(scenario, grid)
    limits, pools, finished = _Table(), _Table(), 0
    failed: list[Check] = []
    try:
        for values, result in _results(scenario, grid, planned, seed, how):
            at = grid.cells(values)
            limits.extend(SweptLimitRow(at, row) for row in result.rows("limits") if row.decides)
            pools.extend(SweptPoolRow(at, pool) for pool in result.pool_summaries)
            failed += result.failed_checks
            finished += 1
    except KeyboardInterrupt:
        if not finished:
            raise
    return Sweep(
        scenario, grid.axes, seed, planned, finished, limits.frame(), pools.frame(), tuple(failed)
    )


def check_grid(scenario: Scenario, grid: Grid) -> None:
    """Raise `ScenarioError` with all mistakes, if some combination cannot run.

    It first checks a few combinations in which every value occurs, with their data files, so that
    the mistakes of all values are reported together and soon; then all combinations, for values
    that do not go together.
    """
    for combinations, complete in ((grid.every_value(), True), (iter(grid), False)):
        mistakes = Mistakes()
        for values in combinations:
            try:
                variant = grid.variant(scenario, values)
                if complete:
                    Model(variant)
            except ScenarioError as error:
                mistakes.add(grid.at_its_axis(problem) for problem in error.problems)
        mistakes.tell()


def _results(
    scenario: Scenario, grid: Grid, replications: int, seed: int, how: Execution
) -> Iterator[tuple[tuple[Value, ...], Result]]:
    combinations = iter(grid)
    done, total = 0, len(grid) * replications
    while block := list(islice(combinations, BLOCK)):
        variants = [grid.variant(scenario, values) for values in block]
        results = run_each(
            variants, replications=replications, seed=seed, **counted_on(how, done, total)
        )
        yield from zip(block, results, strict=True)
        done += len(block) * replications


class _Table:
    """A table that grows by rows, and keeps them in columns, which take much less memory."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self.parts: list[pd.DataFrame] = []

    def extend(self, rows: Iterable[Any]) -> None:
        self.rows.extend(rows)
        if len(self.rows) >= ROWS_AT_ONCE:
            self._pack()

    def frame(self) -> pd.DataFrame:
        import pandas as pd

        if self.rows or not self.parts:
            self._pack()
        return pd.concat(self.parts, ignore_index=True)

    def _pack(self) -> None:
        self.parts.append(frame(self.rows))
        self.rows = []
