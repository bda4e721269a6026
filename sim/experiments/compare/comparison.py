"""Comparisons of scenarios on the same cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Final, Literal, Unpack

from sim.experiments.compare.differences import Difference, differences, limits_of, pools_of
from sim.experiments.run import planned_runs, run_all
from sim.measures.checks import Check
from sim.measures.contrasts import Estimate
from sim.replications.execution import Execution
from sim.replications.notebook_progress import with_bar
from sim.results.costs import ended, per_day
from sim.results.finding import Finding, table_of
from sim.results.rows import LimitRow, PoolSummary
from sim.results.run import Result
from sim.scenario import Scenario
from sim.translation import tr

TERMS: Final = (
    *("condition", "scope.matters", "scope.per", "clock", "days"),
    *("extension_days", "extension_share"),
)
"""Terms of a limit: they decide whether a case keeps it."""


@dataclass(frozen=True)
class Unmatched:
    """A limit or pool that cannot be compared, since one of two scenarios lacks it."""

    kind: Literal["limit", "pool"]
    name: str
    found_in: str
    missing_in: str


@dataclass(frozen=True)
class Altered:
    """A limit with other terms than in the reference; it is compared nevertheless."""

    limit: str
    scenario: str
    term: str
    reference: object
    value: object


@dataclass(frozen=True)
class ScenarioLimitRow:
    """One scenario, limit and clock."""

    scenario: str
    """Name of the scenario in the comparison."""
    judged: LimitRow
    """The limit in this scenario."""


@dataclass(frozen=True)
class ScenarioPoolRow:
    """One scenario and pool."""

    scenario: str
    """Name of the scenario in the comparison."""
    pool: PoolSummary
    """The pool in this scenario."""


@dataclass(frozen=True)
class CostDifference:
    """One scenario and limit: what the staff costs, and what a day saved costs.

    Only of scenarios that give costs. In yuan, of a year; the intervals of all rows of a column
    hold together.
    """

    scenario: str
    """Name of the scenario that is compared with the reference."""
    limit: str
    """The limit; empty without limits."""
    unit: str
    """Unit of its days."""
    reference: float
    """Cost of a year in the reference."""
    value: float
    """Cost of a year in the scenario."""
    cost: Estimate
    """`value` − `reference`."""
    days_saved: Estimate
    """Days saved a year on the clock that decides: fall of its mean over the cases that ended × the
    number of these cases."""
    cost_per_day: Estimate
    """`cost` ÷ `days_saved`; below 0: cheaper, and days are saved. Empty unless it is proven that
    days are saved."""


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Finding):
    """Results on common random numbers, and their differences from the first."""

    results: Mapping[str, Result]
    """Name → result; the first is the reference."""
    confidence: float
    """Confidence of all intervals of a kind together."""

    @property
    def reference(self) -> str:
        """Name of the scenario that the others are compared with."""
        return next(iter(self.results))

    @property
    def scenario(self) -> Scenario:
        """The scenario of the reference."""
        return self._first.scenario

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """Name → scenario."""
        return {name: result.scenario for name, result in self.results.items()}

    @property
    def seed(self) -> int:
        """The seed of all random numbers."""
        return self._first.seed

    @property
    def replications(self) -> int:
        """Finished replications of each scenario."""
        return self._first.replications

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every self-check of every scenario."""
        return tuple(check for result in self.results.values() for check in result.checks)

    @property
    def failed_checks(self) -> tuple[Check, ...]:
        """Self-checks that failed in any replication of any scenario; should be empty."""
        return tuple(check for check in self.checks if not check.ok)

    @property
    def _first(self) -> Result:
        return self.results[self.reference]

    @property
    def others(self) -> Mapping[str, Result]:
        """Name → result, without the reference."""
        return {name: result for name, result in self.results.items() if name != self.reference}

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Every difference: by measure, then scenario, then limit or pool."""
        return differences(self._first, self.others, self.confidence)

    @cached_property
    def cost_differences(self) -> tuple[CostDifference, ...]:
        """Costs of every scenario and limit against the reference, where both give costs."""
        pairs = [
            (name, result, limit)
            for name, result in self.others.items()
            if result.money is not None and self._first.money is not None
            for limit in sorted({key[0] for key in limits_of(self._first)})
            if any(key[0] == limit for key in limits_of(result))
        ]
        return tuple(self._costs(*pair, of=len(pairs)) for pair in pairs)

    @property
    def without_costs(self) -> tuple[str, ...]:
        """The scenarios that give no costs, if any other gives some."""
        without = tuple(name for name, result in self.results.items() if result.money is None)
        return without if len(without) < len(self.results) else ()

    def _costs(self, name: str, other: Result, limit: str, of: int) -> CostDifference:
        both = (self._first, other)
        clock = next(rule for key, rule in limits_of(self._first).items() if key[0] == limit).rule
        money = [result.money for result in both]
        yuan = [each.money.sum(axis=1) for each in money if each is not None]
        (before, _), (after, cases) = (
            ended(result.tallies(limit, clock.name), clock.ticks, each.prices[0].years)
            for result, each in zip(both, money, strict=True)
            if each is not None
        )
        change = per_day(yuan[1] - yuan[0], (before - after) * cases, self.confidence, of)
        return CostDifference(
            scenario=name,
            limit=limit,
            unit=clock.unit,
            reference=float(yuan[0].mean()),
            value=float(yuan[1].mean()),
            cost=change.cost,
            days_saved=change.days,
            cost_per_day=change.per_day,
        )

    @cached_property
    def unmatched(self) -> tuple[Unmatched, ...]:
        """Limits, and pools that had work, that only one of two scenarios has."""
        return tuple(
            Unmatched(kind, key, found_in, missing_in)
            for name in self.others
            for found_in, missing_in in ((self.reference, name), (name, self.reference))
            for kind, key in _lacking(self.results[found_in], self.results[missing_in])
        )

    @cached_property
    def altered(self) -> tuple[Altered, ...]:
        """Terms of limits that differ from those of the reference."""
        ours = limits_of(self._first)
        return tuple(
            Altered(limit.name, name, term.removeprefix("scope."), value(ours[key]), value(limit))
            for name, result in self.others.items()
            for key, limit in limits_of(result).items()
            if key in ours
            for term, value in ((term, attrgetter(term)) for term in TERMS)
            if value(limit) != value(ours[key])
        )

    @table_of(Difference, "differences")
    def table(self) -> Iterable[Difference]:
        """One row per difference; `proven` is +1 or -1 if its sign is proven, else 0."""
        return self.differences

    @table_of(CostDifference, optional=True)
    def costs(self) -> Iterable[CostDifference]:
        """One row per scenario and limit, if costs are given."""
        return self.cost_differences

    @table_of(ScenarioLimitRow)
    def limits(self) -> Iterator[ScenarioLimitRow]:
        """`Result.limits` of every scenario."""
        for name, result in self.results.items():
            yield from (ScenarioLimitRow(name, row) for row in result.rows("limits"))

    @table_of(ScenarioPoolRow)
    def pools(self) -> Iterator[ScenarioPoolRow]:
        """`Result.pools` of every scenario."""
        for name, result in self.results.items():
            yield from (ScenarioPoolRow(name, pool) for pool in result.pool_summaries)


@with_bar
def compare(
    scenarios: Mapping[str, Scenario],
    *,
    replications: int | None = None,
    seed: int | None = None,
    confidence: float = 0.95,
    **how: Unpack[Execution],
) -> Comparison:
    """Compare scenarios on common random numbers.

    Replication r of every scenario meets the same cases, so chance cancels out of differences.

    Parameters
    ----------
    scenarios
        Name → scenario, two or more; the first is the reference.
    replications, seed
        The same for all; default: the reference's own, else 100.
    confidence
        With which all differences of a kind (on-time shares; days; waits; utilisations) hold
        together: each of m gets an interval at 1 - (1 - confidence) / m (Bonferroni).
    **how
        See `Execution`. An interruption is passed on; what is finished is in the store.

    Returns
    -------
    Comparison
        `table` has the differences, `unmatched` what could not be compared.

    Raises
    ------
    ScenarioError
        If a data file of a scenario cannot be used.
    """
    _refuse("scenarios", len(scenarios), confidence)
    replications, seed = planned_runs(next(iter(scenarios.values())), replications, seed)
    results = run_all(list(scenarios.values()), replications=replications, seed=seed, **how)
    return Comparison(dict(zip(scenarios, results, strict=True)), confidence)


def compare_results(results: Mapping[str, Result], confidence: float = 0.95) -> Comparison:
    """Compare finished runs, two or more; the first is the reference.

    Raises `ValueError` if they have different seeds or replications: chance would not cancel out.
    """
    _refuse("results", len(results), confidence)
    if not comparable(results.values()):
        raise ValueError(tr("the results are not on the same seed and replications"))
    return Comparison(results, confidence)


def comparable(results: Iterable[Result]) -> bool:
    """Tell whether results have the same seed and replications."""
    runs = {(run.seed, tuple(summary.number for summary in run.summaries)) for run in results}
    return len(runs) <= 1


def _refuse(what: str, count: int, confidence: float) -> None:
    if count < 2:
        raise ValueError(tr("at least two {what} are needed", what=what))
    if not 0 < confidence < 1:
        raise ValueError(tr("confidence lies between 0 and 1"))


def _lacking(present: Result, missing: Result) -> Iterator[tuple[Literal["limit", "pool"], str]]:
    """Yield the limits and pools that `missing` lacks; a limit for another case type is another."""
    theirs, their_pools = limits_of(missing), pools_of(missing)
    yield from (("limit", key[0]) for key in limits_of(present) if key not in theirs)
    yield from (("pool", pool) for pool in pools_of(present) if pool not in their_pools)
