"""Results over time: each limit and each pool by month, or week, of the measured window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats, Ints
from sim.limits import ResolvedLimit
from sim.measures.limits import LimitJudgement, summarise
from sim.measures.periods import Period
from sim.measures.pools_over_time import Sums
from sim.replications.model import Model
from sim.replications.summary import Summary
from sim.results.rows import MonthRow, PartRow, PeriodCells, PoolMonthRow


@dataclass(frozen=True, eq=False)
class PoolOverTime:
    """One pool over all replications, in each of B periods."""

    utilisation: Floats
    """[B] worked ÷ rostered time of its officers; NaN where nobody is rostered."""
    mean_queue: Floats
    """[B] items that waited, round the clock, mean over replications."""
    mean_wait_h: Floats
    """[B] hours from ready to start, round the clock, of the items that became ready in the period;
    NaN where there are none."""
    items: Ints
    """[B] items that became ready in the period, all replications together."""


def limits_over_time(
    summaries: Sequence[Summary],
    limits: Sequence[ResolvedLimit],
    confidence_of: Mapping[str, float],
) -> dict[str, tuple[LimitJudgement, ...]]:
    """Judge each limit in each period, on the clock that decides.

    The confidence of a limit is the one given for its last look, where there were several, else its
    own; the intervals of its B periods use 1 - (1 - confidence) / B each, so that all of them hold
    together (Bonferroni).
    """
    judged = {}
    for limit in limits:
        per_period = list(zip(*(each.periods[limit.name] for each in summaries), strict=True))
        confidence = confidence_of.get(limit.name, limit.confidence)
        each_confidence = 1 - (1 - confidence) / len(per_period)
        judged[limit.name] = tuple(
            summarise(limit, tallies, confidence=each_confidence) for tallies in per_period
        )
    return judged


def pools_over_time(model: Model, summaries: Sequence[Summary]) -> dict[str, PoolOverTime]:
    """Return pool → what it was like in each period, in the order of the pools' numbers."""
    parts = [each.pools_over_time for each in summaries]
    seconds = np.diff(model.period_edges_s)
    items = _total(each.arrived for each in parts)
    utilisation = _ratio(
        _total(each.worked_s for each in parts), _total(each.rostered_s for each in parts)
    )
    queue = _total(each.queue_s for each in parts) / (seconds * len(parts))
    wait_h = _ratio(_total(each.waited_s for each in parts), items) / 3600
    return {
        name: PoolOverTime(utilisation[number], queue[number], wait_h[number], items[number])
        for number, name in enumerate(model.pools.names)
    }


def _total(parts: Iterable[Sums]) -> Ints:
    """Return the sum of arrays of one shape, in 64 bits."""
    total: Ints = np.sum(list(parts), axis=0, dtype=np.int64)
    return total


def _ratio(over: Ints, under: Ints) -> Floats:
    return np.where(under > 0, over / np.maximum(under, 1), np.nan)


def limit_rows(
    periods: Sequence[Period], judged: Mapping[str, Sequence[LimitJudgement]]
) -> Iterator[MonthRow]:
    """Yield one row per limit and period."""
    for name, limits in judged.items():
        for period, limit in zip(periods, limits, strict=True):
            yield MonthRow(name, PeriodCells.of(period), PartRow.of(limit))


def pool_rows(
    periods: Sequence[Period], pools: Mapping[str, PoolOverTime]
) -> Iterator[PoolMonthRow]:
    """Yield one row per pool and period; pools that no item reached are left out."""
    for name, pool in pools.items():
        if not pool.items.any():
            continue
        for number, period in enumerate(periods):
            yield PoolMonthRow(
                pool=name,
                period=PeriodCells.of(period),
                utilisation=float(pool.utilisation[number]),
                mean_queue=float(pool.mean_queue[number]),
                mean_wait_h=float(pool.mean_wait_h[number]),
                items=int(pool.items[number]),
            )
