"""How much load the promises bear: on-time shares over a range of load, and where each breaks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Unpack

import numpy as np

from sim.experiments.run import run_all
from sim.measures.checks import Check
from sim.measures.crossing import Crossing, Point, crossing, wide_brackets
from sim.measures.limits import Promise
from sim.measures.shares import share_interval
from sim.replications.execution import How, Progress, teller
from sim.replications.notebook_progress import with_bar
from sim.results.finding import Finding
from sim.results.run import PoolSummary, Result
from sim.scenario import Problem, Scenario, ScenarioError, vary

if TYPE_CHECKING:
    import pandas as pd

RANGE: Final = (0.5, 2.0)
"""Loads that are looked at unless told otherwise: from half to twice the scenario's arrivals."""
POINTS: Final = 7
"""Loads of the curve, evenly spaced on a logarithmic scale."""
PRECISION: Final = 0.01
"""How near to each other, relatively, the loads are between which is interpolated in the end."""
INTERPOLATION: Final = 0.5
"""Part of the error allowed that is kept back for the interpolation between loads."""


@dataclass(frozen=True)
class PoolAtLoad:
    """A pool at the load at which a limit breaks."""

    summary: PoolSummary
    added_queue: float
    """Mean queue there, less that at the lowest load of the curve: by Little's law, the hours that
    are waited in addition in every hour."""
    offered: float
    """Rostered time that the work would need ÷ rostered time: utilisation at the two lowest loads,
    extended in a straight line. Above 1 the pool cannot do the work, however long the queue."""
    full_at: float
    """The load at which `offered` is 1; infinite if the pool has nothing to do with the load."""


@dataclass(frozen=True, eq=False, repr=False)
class LoadCurve(Finding):
    """On-time shares at every load that was simulated, and the load at which each limit breaks.

    A load of 1 is the scenario as it is.
    """

    scenario: Scenario
    case_type: str | None
    """The case type whose arrivals were scaled; None: all."""
    seed: int
    replications: int
    grid: tuple[float, ...]
    """The loads of the curve; the others come of the search."""
    results: Mapping[float, Result]
    """Load → result, by load."""

    @cached_property
    def promises(self) -> tuple[Promise, ...]:
        """The limits."""
        return tuple(each.promise for each in self._any.verdicts)

    @property
    def _any(self) -> Result:
        return self.results[self.grid[0]]

    def points(self, promise: Promise) -> tuple[Point, ...]:
        """Return a limit's on-time share at every load, with the limit's confidence."""
        return _points(self.results, promise, promise.confidence)

    def crossing(self, promise: Promise) -> Crossing:
        """Return the load at which a limit breaks, with the limit's confidence."""
        return crossing(_points(self.results, promise, _confidence(promise)), promise.target_share)

    def pool_load(self, promise: Promise) -> float:
        """Return the simulated load at which the pools are shown.

        It is the one next to where the limit breaks; the lowest where it is broken already, the
        highest where it keeps.
        """
        found = self.crossing(promise)
        if found.status != "breaks":
            return self.grid[-1 if found.status == "keeps" else 0]
        return min(self.results, key=lambda load: (abs(math.log(load / found.load)), load))

    def pools_at(self, promise: Promise) -> tuple[PoolAtLoad, ...]:
        """Return the pools that the limit's cases pass, that which breaks first at the beginning.

        It is the one whose mean queue has grown most since the lowest load; where the limit is
        broken at the lowest load, the one with the longest.
        """
        load = self.pool_load(promise)
        lowest, second = (
            {p.name: p for p in self.results[x].pool_summaries} for x in self.grid[:2]
        )
        passed = _passed(self._any, promise.case_type)
        pools = []
        for pool in self.results[load].pool_summaries:
            if pool.name.partition("[")[0] not in passed or not pool.items:
                continue
            at = lowest[pool.name]
            slope = (second[pool.name].utilisation - at.utilisation) / (self.grid[1] - self.grid[0])
            before = 0.0 if load == self.grid[0] else at.mean_queue
            pools.append(
                PoolAtLoad(
                    pool,
                    added_queue=pool.mean_queue - before,
                    offered=at.utilisation + slope * (load - self.grid[0]),
                    full_at=self.grid[0] + (1 - at.utilisation) / slope if slope > 0 else math.inf,
                )
            )
        return tuple(sorted(pools, key=lambda each: (-each.added_queue, each.summary.name)))

    @property
    def failed_checks(self) -> tuple[Check, ...]:
        """Self-checks that failed at any load; should be empty."""
        return tuple(check for each in self.results.values() for check in each.failed_checks)

    # --- tables ------------------------------------------------------------------------------

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Name → table: the curve, where each limit breaks, and the pools there."""
        return {"curve": self.table, "breaking": self.breaking, "pools": self.pools}

    @property
    def table(self) -> pd.DataFrame:
        """One row per limit and load."""
        return _frame(
            {
                "limit": promise.name,
                "load": point.load,
                "searched": point.load not in self.grid,
                "cases": point.cases,
                "on_time_share": point.share,
                "ci_low": point.low,
                "ci_high": point.high,
                "target_share": promise.target_share,
            }
            for promise in self.promises
            for point in self.points(promise)
        )

    @property
    def breaking(self) -> pd.DataFrame:
        """One row per limit: the load at which it breaks, with its interval."""
        return _frame(breaking_row(self, promise) for promise in self.promises)

    @property
    def pools(self) -> pd.DataFrame:
        """One row per limit and pool at the load at which the limit breaks."""
        return _frame(
            {"limit": promise.name, "load": self.pool_load(promise), **pool_row(each)}
            for promise in self.promises
            for each in self.pools_at(promise)
        )


def breaking_row(curve: LoadCurve, promise: Promise) -> dict[str, Any]:
    """Return where a limit breaks, for tables."""
    found = curve.crossing(promise)
    pools = curve.pools_at(promise)
    return {
        "limit": promise.name,
        "target_share": promise.target_share,
        "status": found.status,
        "proven": found.proven,
        "breaking_load": found.load,
        "ci_low": found.low,
        "ci_high": found.high,
        "confidence": promise.confidence,
        "pool": pools[0].summary.name if pools else None,
    }


def pool_row(each: PoolAtLoad) -> dict[str, Any]:
    """Return a pool at the breaking load, for tables."""
    return {
        "pool": each.summary.name,
        "officers": each.summary.officers,
        "utilisation": each.summary.utilisation,
        "offered": each.offered,
        "full_at": each.full_at,
        "mean_wait_h": each.summary.mean_wait_h,
        "mean_queue": each.summary.mean_queue,
        "added_queue": each.added_queue,
        "max_queue": each.summary.max_queue,
    }


@with_bar
def load_curve(
    scenario: Scenario,
    *,
    between: tuple[float, float] = RANGE,
    points: int = POINTS,
    precision: float = PRECISION,
    case_type: str | None = None,
    replications: int | None = None,
    seed: int | None = None,
    **how: Unpack[How],
) -> LoadCurve:
    """Scale the arrivals, and find the load at which each limit breaks.

    First `points` loads are simulated. Then, wherever a limit's share, or a bound of its interval,
    crosses the target between two loads, the geometric mean of the two is simulated, until they
    are near to each other. Every load meets the same random numbers: the cases of a lower load are
    among those of a higher one (see `factor` of arrivals).

    Parameters
    ----------
    scenario
        From `sim.load`; a load of 1.3 multiplies the factor of its arrivals by 1.3.
    between
        Lowest and highest load.
    points
        Loads of the curve, at least 2.
    precision
        Relative distance, such as 0.01, at which the search ends.
    case_type
        Scale the arrivals of this case type only; default: of all.
    replications, seed
        At each load; default: the scenario's own. At least 2 replications.
    **how
        See `How`. An interruption is passed on; what is finished is in the store.

    Raises
    ------
    ScenarioError
        If a load is impossible, such as more than 1 with recorded arrivals.
    ValueError
        If an argument is out of range.
    """
    low, high = between
    if not 0 < low < high <= 100:
        raise ValueError(f"loads from {low:g} to {high:g}: must be 0 < from < to <= 100")
    if points < 2 or not 0 < precision < 1:
        raise ValueError("at least 2 points are needed, and a precision between 0 and 1")
    number = scenario.run.replications if replications is None else replications
    if number < 2:
        raise ValueError("at least 2 replications are needed for an interval")
    if not scenario.limits:
        raise ScenarioError([_problem(scenario, "no limit is stated that could break", "limits")])
    if case_type is not None and case_type not in scenario.case_types:
        known = ", ".join(scenario.case_types)
        rule = f"no case type '{case_type}'; there are: {known}"
        raise ScenarioError([_problem(scenario, rule, "case_types")])
    grid = tuple(round(float(load), 6) for load in np.geomspace(low, high, points))
    used = scenario.run.seed if seed is None else seed
    search = _Search(scenario, case_type, number, used, how)
    search.simulate(grid)
    while wanted := search.wanted(1 + precision):
        search.simulate(wanted)
    return LoadCurve(scenario, case_type, used, number, grid, search.results)


class _Search:
    """The loads that have been simulated."""

    def __init__(
        self, scenario: Scenario, case_type: str | None, replications: int, seed: int, how: How
    ) -> None:
        self.scenario = scenario
        self.case_type = case_type
        self.replications = replications
        self.seed = seed
        self.how = how
        self.results: dict[float, Result] = {}

    def simulate(self, loads: Iterable[float]) -> None:
        """Simulate these loads, which are new."""
        loads = list(loads)
        how = self.how
        if (tell := teller(how)) is not None:
            how = {**how, "progress": _after(tell, len(self.results) * self.replications)}
        variants = [at_load(self.scenario, load, self.case_type) for load in loads]
        found = run_all(variants, replications=self.replications, seed=self.seed, **how)
        known = self.results | dict(zip(loads, found, strict=True))
        self.results = dict(sorted(known.items()))

    def wanted(self, ratio: float) -> list[float]:
        """Return the loads to look at next; none if all is known near enough."""
        any_result = next(iter(self.results.values()))
        brackets = {
            bracket
            for promise in (each.promise for each in any_result.verdicts)
            for bracket in wide_brackets(
                _points(self.results, promise, _confidence(promise)), promise.target_share, ratio
            )
        }
        middle = {round(math.sqrt(low * high), 6) for low, high in brackets}
        return sorted(middle - self.results.keys())


def _after(tell: Progress, done_before: int) -> Progress:
    """Count on from what earlier rounds did; how many rounds there will be is not known."""
    return lambda done, _: tell(done_before + done, None)


def at_load(scenario: Scenario, load: float, case_type: str | None = None) -> Scenario:
    """Return the scenario with the factor of all arrivals, or of one case type's, × load."""
    settings = []
    for name, spec in scenario.case_types.items():
        if case_type in (None, name):
            streams = {"arrivals": spec.arrivals} | {
                f"more_arrivals.{more}": arrivals for more, arrivals in spec.more_arrivals.items()
            }
            settings += [
                f"case_types.{name}.{where}.factor={arrivals.factor * load:.12g}"
                for where, arrivals in streams.items()
            ]
    return vary(scenario, settings=settings)


def _confidence(promise: Promise) -> float:
    return 1 - (1 - promise.confidence) * (1 - INTERPOLATION)


def _points(
    results: Mapping[float, Result], promise: Promise, confidence: float
) -> tuple[Point, ...]:
    found = []
    for load, result in results.items():
        tallies = [each.tallies[promise.name][promise.clock] for each in result.summaries]
        judged = np.array([tally.judged for tally in tallies], np.int64)
        on_time = np.array([tally.on_time for tally in tallies], np.int64)
        interval = share_interval(on_time, judged, confidence)
        found.append(Point(load, *interval, cases=int(judged.sum())))
    return tuple(found)


def _passed(result: Result, case_type: str) -> set[str]:
    """Return the pools, as declared, that cases of this type pass."""
    graph = next(g for g in result.model.process.graphs if g.case_type == case_type)
    return {node.pool for node in graph.nodes if node.pool}


def _problem(scenario: Scenario, rule: str, key: str) -> Problem:
    return Problem(rule, scenario.provenance.origin, None, key)


def _frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(list(rows))
