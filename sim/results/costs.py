"""What the staff of a run costs: by the year, by case, and by day saved."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from sim.arrays import Bools, Floats
from sim.measures.contrasts import Estimate, mean_contrast, ratio_contrast
from sim.measures.limits import Tally
from sim.replications.summary import Summary
from sim.scenario import Scenario
from sim.supply.prices import Prices, prices_of

CONFIDENCE: Final = 0.95
"""Confidence of the intervals of costs."""
ONE: Final = np.ones(1)


@dataclass(frozen=True, eq=False)
class Costs:
    """What the staff of a scenario costs in R replications; G roster groups, T case types.

    Money is in yuan, and all is a year's: the measured window ÷ its length.
    """

    prices: Sequence[Prices]
    """[R] what officers cost; the same for all, unless inputs were drawn."""
    case_types: tuple[str, ...]
    overtime_h: Floats
    """[R, G] hours of overtime."""
    worked_s: Floats
    """[R, G, T] seconds worked in the window."""
    cases: Floats
    """[R, T] measured cases."""

    @classmethod
    def of(cls, scenarios: Sequence[Scenario], summaries: Sequence[Summary]) -> Costs:
        """Read the work of each replication, of which `scenarios` has what was simulated."""
        prices = [prices_of(scenario) for scenario in scenarios]
        years = np.array([each.years for each in prices])[:, None]
        work = [summary.staff_work for summary in summaries]
        types = tuple(summaries[0].case_types)
        cases = [
            [sum(summary.case_types[name].states.values()) for name in types]
            for summary in summaries
        ]
        return cls(
            prices=prices,
            case_types=types,
            overtime_h=np.array([of.overtime_s for of in work if of]) / 3600 / years,
            worked_s=np.array([of.worked_s for of in work if of], float),
            cases=np.array(cases) / years,
        )

    @property
    def groups(self) -> tuple[str, ...]:
        """The roster groups, in the order of the scenario."""
        return self.prices[0].groups

    @cached_property
    def officers(self) -> Floats:
        """[R, G] officers on the roster, mean over the window."""
        return np.array([each.officers for each in self.prices])

    @cached_property
    def posts(self) -> Floats:
        """[R, G] yuan of the posts; 0 where no cost is given."""
        return np.asarray(np.nan_to_num([each.posts for each in self.prices]))

    @cached_property
    def overtime(self) -> Floats:
        """[R, G] yuan of the overtime; 0 where no cost is given."""
        price = np.nan_to_num(np.array([each.overtime_h for each in self.prices]))
        return np.asarray(price * self.overtime_h)

    @cached_property
    def money(self) -> Floats:
        """[R, G] yuan of posts and overtime."""
        return self.posts + self.overtime

    @property
    def given(self) -> Bools:
        """[G] whether the cost of the group's posts is given, 0 included."""
        return ~np.isnan(self.prices[0].post)

    @property
    def without_posts(self) -> tuple[str, ...]:
        """Groups with officers whose cost is not given."""
        left_out = ~self.given & (self.officers > 0).any(axis=0)
        return tuple(np.array(self.groups)[left_out].tolist())

    @property
    def without_overtime(self) -> tuple[str, ...]:
        """Groups with overtime whose cost is not given."""
        unknown = np.isnan(self.prices[0].overtime_h) & (self.overtime_h > 0).any(axis=0)
        return tuple(np.array(self.groups)[unknown].tolist())

    @property
    def without_cases(self) -> tuple[str, ...]:
        """Groups whose cost falls on no case, since they worked in no replication."""
        idle = ~self.worked_s.any(axis=(0, 2)) & (self.money > 0).any(axis=0)
        return tuple(np.array(self.groups)[idle].tolist())

    @cached_property
    def by_case_type(self) -> Floats:
        """[R, T] yuan by case type: the cost of each group by its working time for each.

        Idle time is in it. The cost of a group that did not work in a replication is in none.
        """
        worked = self.worked_s.sum(axis=2, keepdims=True)
        part = self.worked_s / np.where(worked > 0, worked, 1)
        return np.asarray(np.einsum("rg,rgt->rt", self.money, part))

    @cached_property
    def year(self) -> Estimate:
        """Yuan of all groups."""
        return self.mean(self.money.sum(axis=1))

    def mean(self, values: Floats) -> Estimate:
        """Return the mean of [R] values; exact if nothing random is in any cost."""
        if not self._is_random:
            return Estimate(*[float(values[0])] * 3)
        return mean_contrast(ONE, values[None], CONFIDENCE)

    def per_case(self, number: int) -> Estimate:
        """Return the yuan per case of a case type."""
        money, cases = self.by_case_type[:, number], self.cases[:, number]
        return ratio_contrast(ONE, money[None], cases[None], CONFIDENCE)

    @property
    def _is_random(self) -> bool:
        """Whether overtime has a price, or the staff differs by replication."""
        priced = np.nan_to_num(self.prices[0].overtime_h).any()
        return bool(priced or np.any(self.posts != self.posts[0]))


@dataclass(frozen=True)
class CostRow:
    """One roster group, or all of them: what it costs a year, in yuan.

    Only if the scenario gives costs. A year is the measured window ÷ its length in years.
    """

    group: str
    """Name of the roster group; empty for all together."""
    officers: float
    """Officers on the roster, mean over the window and the replications."""
    posts: float
    """Cost of the posts."""
    overtime_h: Estimate
    """Hours of overtime."""
    overtime: Estimate
    """Cost of the overtime."""
    cost: Estimate
    """Posts and overtime, with the confidence interval."""


@dataclass(frozen=True)
class CaseCostRow:
    """One case type: what a case costs, in yuan; only if the scenario gives costs.

    The cost of each roster group is shared out by its working time, idle time included.
    """

    case_type: str
    """Name of the case type."""
    cases: float
    """Measured cases a year, mean over replications."""
    cost: float
    """Cost of these cases a year."""
    cost_per_case: Estimate
    """Cost per case, with the confidence interval."""


def cost_rows(costs: Costs) -> Iterator[CostRow]:
    """Yield a row per roster group of which a cost is given, and one of all together."""

    def row(name: str, groups: Bools) -> CostRow:
        hours, extra, money = (
            part[:, groups].sum(axis=1) for part in (costs.overtime_h, costs.overtime, costs.money)
        )
        return CostRow(
            group=name,
            officers=float(costs.officers[:, groups].sum(axis=1).mean()),
            posts=float(costs.posts[:, groups].sum(axis=1).mean()),
            overtime_h=mean_contrast(ONE, hours[None], CONFIDENCE),
            overtime=costs.mean(extra),
            cost=costs.mean(money),
        )

    counted = costs.given | costs.overtime.any(axis=0)
    for number in np.flatnonzero(counted):
        yield row(costs.groups[number], np.arange(len(counted)) == number)
    yield row("", counted)


def case_cost_rows(costs: Costs) -> Iterator[CaseCostRow]:
    """Yield a row per case type."""
    for number, name in enumerate(costs.case_types):
        yield CaseCostRow(
            case_type=name,
            cases=float(costs.cases[:, number].mean()),
            cost=float(costs.by_case_type[:, number].mean()),
            cost_per_case=costs.per_case(number),
        )


# --- per day saved ---------------------------------------------------------------------------


@dataclass(frozen=True)
class PerDay:
    """What it costs to save a day: a change of the cost of a year, and the days that it saves."""

    cost: Estimate
    """Change of the cost of a year, in yuan."""
    days: Estimate
    """Days saved a year, in the unit of the clock: fall of its mean × cases that ended."""
    per_day: Estimate
    """`cost` ÷ `days`; NaN unless it is proven that days are saved."""


def ended(tallies: Sequence[Tally], ticks: int, years: float) -> tuple[Floats, Floats]:
    """Return [R] the mean days of the cases that ended, and their number a year."""
    number = np.array([len(tally.ended_days) for tally in tallies])
    days = np.array([float(tally.ended_days.sum()) for tally in tallies]) / ticks
    return days / np.maximum(number, 1), number / years


def per_day(
    cost: Floats, days: Floats, confidence: float, of: int = 1, draws: Floats | None = None
) -> PerDay:
    """Estimate a change of cost, days saved, and cost per day saved, from R replications.

    Parameters
    ----------
    cost, days
        [R] change of the year's cost, and days saved, of replications with the same cases.
    confidence, of
        Confidence of `of` such estimates together (Bonferroni).
    draws
        [2, P] mean cost and days in P independent draws, if weights were drawn.
    """
    drawn = [None, None] if draws is None else list(draws)
    ones = np.ones((1, len(cost)))
    changes = [
        ratio_contrast(ONE, part[None], ones, confidence, of=of, draws=draw)
        for part, draw in zip((cost, days), drawn, strict=True)
    ]
    unknown = Estimate(math.nan, -math.inf, math.inf)
    change, saved = changes
    if not saved.low > 0:
        return PerDay(change, saved, unknown)
    ratio = None
    if draws is not None:
        mean = float(days.mean())
        ratio = (draws[0] - change.value / mean * draws[1]) / mean
    each = ratio_contrast(ONE, cost[None], days[None], confidence, of=of, draws=ratio)
    return PerDay(change, saved, each)
