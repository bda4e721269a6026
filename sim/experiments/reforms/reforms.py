"""Reforms: the contribution of each lever on the way from serial counters to today's handling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Final, Unpack

from sim import bounds
from sim.bounds import check_count
from sim.experiments.reforms.contributions import (
    ClockChange,
    Effect,
    Kind,
    LeverCost,
    Part,
    Weightings,
    clock_changes,
    effect_on,
    lever_costs,
    measures,
)
from sim.experiments.reforms.levers import Lever, LeverSet, choose_levers
from sim.experiments.run import REPLICATIONS_OF_DIFFERENCES, planned_runs, run_all
from sim.limits import clock_rules
from sim.limits.clocks import WHOLE_TIME
from sim.measures.attribution import NOBODY, Coalition
from sim.measures.checks import Check
from sim.measures.contrasts import Estimate
from sim.replications.execution import Execution
from sim.replications.notebook_progress import with_bar
from sim.results.costs import PerDay
from sim.results.finding import Finding, table_of
from sim.results.rows import CI
from sim.scenario import USUAL_CLOCK, Scenario
from sim.streams import generator

EXACT_UP_TO: Final = 8
"""Most levers k for which all 2^k sets are simulated."""
TOLD: Final = (USUAL_CLOCK, WHOLE_TIME)
"""The clocks of which it is told what the levers did to them: the promise, and the whole way."""
PAIRS: Final = 16
"""Pairs of orders that are drawn for more levers than `EXACT_UP_TO`."""


@dataclass(frozen=True)
class ContributionRow:
    """One measure, rule and lever; see [Reforms](../how-to/reforms.md)."""

    measure: str
    """`on_time_share`; `days_saved`, mean over the cases that ended, positive where they fall;
    `staff_h_per_case`."""
    of: str
    """The limit; for staff time the case type."""
    rule: str
    """`stepwise`, `shapley`, `first`, `last`; `total`: all levers together."""
    lever: str
    """The lever; empty for the total."""
    value: Estimate = field(metadata=CI)
    """Contribution; the intervals of all levers of a rule hold together."""
    confidence: float
    """Confidence of the intervals."""


@dataclass(frozen=True)
class StateRow:
    """One measure and simulated set of levers."""

    measure: str
    """`on_time_share`, `mean_days` (of the deciding clock), `staff_h_per_case`."""
    of: str
    """The limit; for staff time the case type."""
    levers: str
    """Levers that are on, joined by ` + `."""
    value: Estimate = field(metadata=CI)
    """The level."""
    confidence: float
    """Confidence of the interval."""


@dataclass(frozen=True)
class ClockChangeRow:
    """What all levers together did to one clock; means over the cases that ended."""

    limit: str
    """The limit whose cases are meant."""
    clock: str
    """`promised` or `gross_span`."""
    unit: str
    """Unit of the clock."""
    before: Estimate
    """Mean with all levers off."""
    after: Estimate
    """Mean with all levers on."""
    change: Estimate
    """After minus before; each interval holds by itself."""


@dataclass(frozen=True)
class LeverCostRow:
    """One limit, rule and lever: what it costs a year, and per day saved, in yuan.

    Only if the scenario gives costs.
    """

    limit: str
    """The limit whose days are meant."""
    rule: str
    """`stepwise`, `shapley`, `first`, `last`; `total`: all levers together."""
    lever: str
    """The lever; empty for the total."""
    cost: Estimate
    """Change of the cost of a year; the intervals of all levers of a rule hold together."""
    days_saved: Estimate
    """Days saved a year on the clock that decides: mean over the cases that ended × these cases."""
    cost_per_day: Estimate
    """`cost` ÷ `days_saved`; empty unless it is proven that the lever saves days."""


@dataclass(frozen=True, eq=False, repr=False)
class Reforms(Finding):
    """The contributions of the levers; see `reforms`."""

    made_of: ClassVar[tuple[type, ...]] = (
        *(LeverSet, Lever, Effect, Part, Estimate, ClockChange, LeverCost, PerDay),
    )

    chosen: LeverSet
    seed: int
    replications: int
    pairs: int | None
    """Pairs of orders that the Shapley values are estimated from; None: all orders."""
    effects: tuple[Effect, ...]
    """On-time share and days saved of each limit, then staff time of each case type."""
    clock_changes: tuple[ClockChange, ...] = ()
    """What all levers together did to the promised clock and to the gross span, by limit."""
    lever_costs: tuple[LeverCost, ...] = ()
    """What each lever costs, by limit and rule; empty without costs."""
    failed_checks: tuple[Check, ...] = ()
    """Self-checks that failed in any replication; should be empty."""

    @property
    def scenario(self) -> Scenario:
        """The scenario that the levers were taken from."""
        return self.chosen.today

    @property
    def levers(self) -> tuple[Lever, ...]:
        """The levers, in the order of the stepwise attribution."""
        return self.chosen.levers

    @cached_property
    def start(self) -> Scenario:
        """The scenario with all of the levers off."""
        return self.chosen.scenario(NOBODY)

    @property
    def everything(self) -> Coalition:
        """All of the levers."""
        return frozenset(self.chosen.names)

    def effect(self, kind: Kind, of: str) -> Effect:
        """Return the effect on one measure of a limit or case type."""
        return next(effect for effect in self.effects if (effect.kind, effect.of) == (kind, of))

    @table_of(ContributionRow, "contributions")
    def table(self) -> Iterator[ContributionRow]:
        """One row per measure, rule and lever: its contribution with interval.

        The rule `total`, without a lever, is the contribution of all of them together.
        """
        for effect in self.effects:
            for rule, parts in (*effect.parts.items(), ("total", {"": effect.total})):
                for lever, part in parts.items():
                    yield ContributionRow(
                        effect.kind, effect.of, rule, lever, part.estimate, effect.confidence
                    )

    @table_of(ClockChangeRow)
    def clocks(self) -> Iterator[ClockChangeRow]:
        """One row per limit and told clock: what all levers together did to it."""
        units = clock_rules(self.scenario)
        for of in self.clock_changes:
            unit = units[of.clock].unit
            yield ClockChangeRow(of.limit, of.clock, unit, of.before, of.after, of.change)

    @table_of(LeverCostRow, optional=True)
    def costs(self) -> Iterator[LeverCostRow]:
        """One row per limit, rule and lever, if costs are given."""
        for of in self.lever_costs:
            parts = (of.change.cost, of.change.days, of.change.per_day)
            yield LeverCostRow(of.limit, of.rule, of.lever, *parts)

    @table_of(StateRow)
    def states(self) -> Iterator[StateRow]:
        """One row per measure and simulated set of levers: its level with interval."""
        for effect in self.effects:
            measure = "mean_days" if effect.kind == "days_saved" else effect.kind
            for on, level in effect.levels.items():
                levers = " + ".join(name for name in self.chosen.names if name in on)
                yield StateRow(measure, effect.of, levers, level, effect.confidence)


@with_bar
def reforms(
    scenario: Scenario,
    *,
    levers: Sequence[str] | None = None,
    add: Sequence[str] = (),
    order: Sequence[str] | None = None,
    pairs: int | None = None,
    replications: int | None = None,
    seed: int | None = None,
    **how: Unpack[Execution],
) -> Reforms:
    """Attribute the way from serial counters to today's handling to its levers.

    All sets of levers meet the same cases. Up to `EXACT_UP_TO` levers every set is simulated; for
    more, Shapley values are estimated from antithetic pairs of random orders, drawn from the seed;
    their intervals include this error.

    Parameters
    ----------
    scenario
        Today's scenario, from `sim.load`.
    levers
        Switches of `handling`, or named overrides of the scenario; default: all switches that are
        on today and act on something.
    add
        Further levers, which are off today: the attribution then goes beyond today.
    order
        Order of the stepwise attribution; default: that of the model page.
    pairs
        Number of pairs of orders to draw, even for few levers; at least 2.
    replications, seed
        Default: the scenario's own, else 20.
    **how
        See `Execution`.

    Raises
    ------
    ScenarioError
        If levers do not exist or do not go together, or a set of them makes no valid scenario.
    """
    chosen = choose_levers(scenario, levers, add, order)
    replications, seed = planned_runs(scenario, replications, seed, REPLICATIONS_OF_DIFFERENCES)
    pairs = _pairs_of_orders(pairs, len(chosen.levers))
    weightings = Weightings.of(chosen, pairs, generator(seed, "reforms/orders"))
    needed = {weightings.stands_for[on]: None for on in weightings.coalitions}
    scenarios = [chosen.scenario(on) for on in needed]
    results = run_all(scenarios, replications=replications, seed=seed, **how)
    by_coalition = dict(zip(needed, results, strict=True))
    start, end = (weightings.stands_for[on] for on in (NOBODY, frozenset(chosen.names)))
    return Reforms(
        chosen,
        seed,
        replications,
        pairs,
        tuple(effect_on(measure, weightings, by_coalition) for measure in measures(scenario)),
        tuple(clock_changes(by_coalition[start], by_coalition[end], TOLD)),
        tuple(lever_costs(weightings, by_coalition)),
        tuple(check for result in results for check in result.checks if not check.ok),
    )


def _pairs_of_orders(asked: int | None, levers: int) -> int | None:
    """Return the number of pairs to draw; None: every order counts."""
    if asked is not None:
        check_count("pairs", asked, bounds.PAIRS, 2)  # two, to know the error
    return PAIRS if asked is None and levers > EXACT_UP_TO else asked
