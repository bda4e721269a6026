"""Load curves: on-time shares over a range of load, and the load at which each limit breaks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Unpack

import numpy as np

from sim.experiments.run import planned_runs, run_all
from sim.limits import ResolvedLimit
from sim.measures.checks import Check
from sim.measures.contrasts import Estimate
from sim.measures.crossing import Crossing, Point, Status, crossing, wide_brackets
from sim.replications.execution import Execution, counted_on
from sim.replications.notebook_progress import with_bar
from sim.results.finding import Finding, table_of
from sim.results.rows import CI, PoolSummary
from sim.results.run import Result
from sim.scenario import Problem, Scenario, ScenarioError, vary
from sim.translation import tr

RANGE: Final = (0.5, 2.0)
"""Default range of loads: from half to twice the scenario's arrivals."""
POINTS: Final = 7
"""Default number of loads of the curve, evenly spaced on a logarithmic scale."""
PRECISION: Final = 0.01
"""Default relative distance of the two loads between which the search interpolates."""
INTERPOLATION: Final = 0.5
"""Part of the allowed error that is reserved for the interpolation between loads."""


@dataclass(frozen=True)
class PoolAtLoad:
    """A pool at the load at which a limit breaks."""

    summary: PoolSummary
    added_queue: float
    """Mean queue minus that at the lowest load of the curve; by Little's law, the additional hours
    of waiting per hour."""
    offered: float
    """Rostered time that the work would need ÷ rostered time: utilisation at the two lowest loads,
    extended in a straight line. Above 1 the pool cannot do the work, however long the queue."""
    full_at: float
    """The load at which `offered` is 1; infinite if it does not depend on the load."""


@dataclass(frozen=True)
class BreakingRow:
    """One limit."""

    limit: str
    """Name of the limit."""
    target_share: float
    """Share that must keep it."""
    status: Status
    """`breaks` within the range, `broken` already at the lowest load, `keeps` up to the highest,
    `no_cases`."""
    proven: bool
    """Whether the interval proves the status."""
    breaking_load: Estimate = field(metadata=CI)
    """Load at which the limit breaks; 1 is the scenario. Empty if it does not break. If the range
    does not bound it, its interval begins at 0, or has no upper bound."""
    confidence: float
    """Confidence of the intervals."""
    pool: str | None
    """Pool that breaks first; empty if no pool had work."""


@dataclass(frozen=True)
class CurveRow:
    """One limit and load."""

    limit: str
    """Name of the limit."""
    load: float
    """Factor on the arrivals."""
    searched: bool
    """Whether the search chose the load; false for the loads of the curve."""
    cases: int
    """Cases that are judged."""
    on_time_share: Estimate = field(metadata=CI)
    """On time ÷ cases; those with an unknown end count as late, in the interval both ways."""
    target_share: float
    """Share that must keep the limit."""


@dataclass(frozen=True)
class LoadedPoolRow:
    """One limit and pool that its cases pass, largest added queue first."""

    limit: str
    """Name of the limit."""
    load: float
    """The simulated load of the row: the nearest to the load at which the limit breaks."""
    pool: str
    """Name of the pool."""
    officers: int
    """Officers who serve it, alone or among others."""
    utilisation: float
    """Worked ÷ rostered time of those officers."""
    offered: float
    """Arriving work ÷ rostered time."""
    full_at: float
    """Load at which `offered` reaches 1; empty: never."""
    mean_wait_h: float
    """Hours from ready to start, round the clock."""
    mean_queue: float
    """Mean number waiting, round the clock."""
    added_queue: float
    """Growth of the mean queue since the lowest load."""
    max_queue: int
    """Most items that waited at one instant."""


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
    """The loads of the curve; the search added the others."""
    results: Mapping[float, Result]
    """Load → result, by load."""

    @cached_property
    def resolved_limits(self) -> tuple[ResolvedLimit, ...]:
        """The limits."""
        return self._any.resolved_limits

    @property
    def _any(self) -> Result:
        return self.results[self.grid[0]]

    def points(self, limit: ResolvedLimit) -> tuple[Point, ...]:
        """Return a limit's on-time share at every load, with the limit's confidence."""
        return _points(self.results, limit, limit.confidence)

    def crossing(self, limit: ResolvedLimit) -> Crossing:
        """Return the load at which a limit breaks, with the limit's confidence."""
        return crossing(_points(self.results, limit, _confidence(limit)), limit.target_share)

    def pool_load(self, limit: ResolvedLimit) -> float:
        """Return the simulated load at which the pools are shown.

        It is the nearest to the load at which the limit breaks; the lowest if the limit is broken
        already, the highest if it keeps.
        """
        breaking = self.crossing(limit)
        if breaking.status != "breaks":
            return self.grid[-1 if breaking.status == "keeps" else 0]
        return min(self.results, key=lambda load: (abs(math.log(load / breaking.load)), load))

    def pools_at(self, limit: ResolvedLimit) -> tuple[PoolAtLoad, ...]:
        """Return the pools that the limit's cases pass; the one that breaks first comes first.

        Its mean queue has grown most since the lowest load; if the limit is broken at the lowest
        load, its mean queue is the longest.
        """
        load = self.pool_load(limit)
        lowest, second = (
            {p.name: p for p in self.results[x].pool_summaries} for x in self.grid[:2]
        )
        graphs = self._any.model.process.graphs
        (graph,) = (graph for graph in graphs if graph.case_type == limit.case_type)
        passed = {node.pool for node in graph.nodes if node.pool}
        by_name = self._any.model.pools.by_name
        pools = []
        for pool in self.results[load].pool_summaries:
            if by_name[pool.name].declared not in passed or not pool.items:
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
        return tuple(sorted(pools, key=lambda pool: (-pool.added_queue, pool.summary.name)))

    @property
    def failed_checks(self) -> tuple[Check, ...]:
        """Self-checks that failed at any load; should be empty."""
        return tuple(check for result in self.results.values() for check in result.failed_checks)

    @table_of(CurveRow, "curve")
    def table(self) -> Iterator[CurveRow]:
        """One row per limit and load."""
        for limit in self.resolved_limits:
            for point in self.points(limit):
                yield CurveRow(
                    limit=limit.name,
                    load=point.load,
                    searched=point.load not in self.grid,
                    cases=point.cases,
                    on_time_share=Estimate(point.share, point.low, point.high),
                    target_share=limit.target_share,
                )

    @table_of(BreakingRow)
    def breaking(self) -> Iterator[BreakingRow]:
        """One row per limit: the load at which it breaks, with its interval."""
        for limit in self.resolved_limits:
            breaks, pools = self.crossing(limit), self.pools_at(limit)
            yield BreakingRow(
                limit=limit.name,
                target_share=limit.target_share,
                status=breaks.status,
                proven=breaks.proven,
                breaking_load=Estimate(breaks.load, breaks.low, breaks.high),
                confidence=limit.confidence,
                pool=pools[0].summary.name if pools else None,
            )

    @table_of(LoadedPoolRow)
    def pools(self) -> Iterator[LoadedPoolRow]:
        """One row per limit and pool at the load at which the limit breaks."""
        for limit in self.resolved_limits:
            for pool in self.pools_at(limit):
                yield LoadedPoolRow(
                    limit=limit.name,
                    load=self.pool_load(limit),
                    pool=pool.summary.name,
                    officers=pool.summary.officers,
                    utilisation=pool.summary.utilisation,
                    offered=pool.offered,
                    full_at=pool.full_at,
                    mean_wait_h=pool.summary.mean_wait_h,
                    mean_queue=pool.summary.mean_queue,
                    added_queue=pool.added_queue,
                    max_queue=pool.summary.max_queue,
                )


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
    **how: Unpack[Execution],
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
        At each load; default: the scenario's own, else 100. At least 2 replications.
    **how
        See `Execution`. An interruption is passed on; what is finished is in the store.

    Raises
    ------
    ScenarioError
        If a load is impossible, such as more than 1 with recorded arrivals.
    ValueError
        If an argument is out of range.
    """
    low, high = between
    if not 0 < low < high <= 100:
        raise ValueError(
            tr("loads from {low:g} to {high:g}: must be 0 < from < to <= 100", low=low, high=high)
        )
    if points < 2 or not 0 < precision < 1:
        raise ValueError(tr("at least 2 points are needed, and a precision between 0 and 1"))
    replications, seed = planned_runs(scenario, replications, seed)
    if replications < 2:
        raise ValueError(tr("at least 2 replications are needed for an interval"))
    _refuse_unknown(scenario, case_type)
    grid = tuple(round(float(load), 6) for load in np.geomspace(low, high, points))
    search = _Search(scenario, case_type, replications, seed, how)
    search.simulate(grid)
    while wanted := search.wanted(1 + precision):
        search.simulate(wanted)
    return LoadCurve(scenario, case_type, seed, replications, grid, search.results)


def _refuse_unknown(scenario: Scenario, case_type: str | None) -> None:
    origin = scenario.provenance.origin
    if not scenario.limits:
        rule = tr("no limit is stated that could break")
        raise ScenarioError([Problem(rule, origin, key="limits")])
    if case_type is not None and case_type not in scenario.case_types:
        rule = tr(
            "no case type '{case_type}'; there are: {case_types}",
            case_type=case_type,
            case_types=", ".join(scenario.case_types),
        )
        raise ScenarioError([Problem(rule, origin, key="case_types")])


@dataclass
class _Search:
    """The simulated loads, and those that the search wants next."""

    scenario: Scenario
    case_type: str | None
    replications: int
    seed: int
    how: Execution
    results: dict[float, Result] = field(default_factory=dict)

    def simulate(self, loads: Iterable[float]) -> None:
        loads = list(loads)
        how = counted_on(self.how, len(self.results) * self.replications)
        variants = [at_load(self.scenario, load, self.case_type) for load in loads]
        results = run_all(variants, replications=self.replications, seed=self.seed, **how)
        known = self.results | dict(zip(loads, results, strict=True))
        self.results = dict(sorted(known.items()))

    def wanted(self, ratio: float) -> list[float]:
        """Return the loads to simulate next; none if all brackets are narrow enough."""
        any_result = next(iter(self.results.values()))
        brackets = {
            bracket
            for limit in any_result.resolved_limits
            for bracket in wide_brackets(
                _points(self.results, limit, _confidence(limit)), limit.target_share, ratio
            )
        }
        middle = {round(math.sqrt(low * high), 6) for low, high in brackets}
        return sorted(middle - self.results.keys())


def at_load(scenario: Scenario, load: float, case_type: str | None = None) -> Scenario:
    """Return the scenario with the arrivals of all case types, or of one, multiplied by `load`."""
    settings = []
    for name, spec in scenario.case_types.items():
        if case_type in (None, name):
            more = {f"more_arrivals.{extra}": flow for extra, flow in spec.more_arrivals.items()}
            settings += [
                f"case_types.{name}.{where}.factor={flow.factor * load:.12g}"
                for where, flow in {"arrivals": spec.arrivals, **more}.items()
            ]
    return vary(scenario, settings=settings)


def _confidence(limit: ResolvedLimit) -> float:
    return 1 - (1 - limit.confidence) * (1 - INTERPOLATION)


def _points(
    results: Mapping[float, Result], limit: ResolvedLimit, confidence: float
) -> tuple[Point, ...]:
    points = []
    for load, result in results.items():
        counts = result.on_time_counts(limit.name, limit.clock)
        of = counts.share(confidence)
        points.append(Point(load, of.share, of.low, of.high, cases=int(counts.judged.sum())))
    return tuple(points)
