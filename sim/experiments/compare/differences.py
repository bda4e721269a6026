"""Differences between two scenarios on the same cases, for every limit and pool of both."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import numpy as np

from sim.arrays import Floats
from sim.limits import ResolvedLimit
from sim.measures.contrasts import Estimate, ratio_contrast
from sim.measures.limits import Tally
from sim.measures.shares import quantiles
from sim.results.rows import CI
from sim.results.run import Result

Measure: TypeAlias = Literal["on_time_share", "p50", "p90", "mean_wait_h", "utilisation"]

KINDS: Final[Mapping[Measure, str]] = {
    "on_time_share": "on_time_share",
    "p50": "days",
    "p90": "days",
    "mean_wait_h": "mean_wait_h",
    "utilisation": "utilisation",
}
"""Measure → its kind; the intervals of one kind hold together."""
QUANTILES: Final[Mapping[Measure, float]] = {"p50": 0.5, "p90": 0.9}
DIFFERENCE: Final = np.array([-1.0, 1.0])


@dataclass(frozen=True)
class Difference:
    """One difference, see [Compare](../how-to/compare.md); by measure, scenario, limit or pool."""

    measure: Measure
    """`on_time_share`, `p50`, `p90` (days; means over replications of the quantile of the
    reference's clock), `mean_wait_h`, `utilisation`."""
    of: str
    """The limit or pool."""
    scenario: str
    """Name of the scenario that is compared with the reference."""
    reference: float
    """The measure of the reference; empty without cases."""
    value: float
    """The measure of the scenario; empty without cases."""
    difference: Estimate = field(metadata=CI)
    """`value` − `reference`; no interval with one replication or no cases."""
    proven: int
    """Sign of the difference if its interval excludes 0, else 0."""
    together: int
    """Number of differences of this kind; their intervals hold together."""
    open_cases: bool
    """Whether cases that are still open could change the measure."""


@dataclass(frozen=True, eq=False)
class _Pair:
    """One measure of the reference and of another scenario, as ratios Σ sums / Σ counts."""

    measure: Measure
    of: str
    scenario: str
    sums: Floats
    """[2, R]"""
    counts: Floats
    """[2, R]"""
    open_cases: bool = False

    def difference(self, confidence: float, together: int) -> Difference:
        estimate = ratio_contrast(DIFFERENCE, self.sums, self.counts, confidence, of=together)
        if self.measure == "on_time_share" and math.isfinite(estimate.low):
            estimate = Estimate(estimate.value, max(estimate.low, -1.0), min(estimate.high, 1.0))
        reference, value = (
            float(total / count) if count else math.nan
            for total, count in zip(self.sums.sum(axis=1), self.counts.sum(axis=1), strict=True)
        )
        return Difference(
            self.measure,
            self.of,
            self.scenario,
            reference,
            value,
            estimate,
            estimate.sign,
            together,
            self.open_cases,
        )


def differences(
    reference: Result, others: Mapping[str, Result], confidence: float
) -> tuple[Difference, ...]:
    """Return every difference: by measure, then scenario, then limit or pool.

    All results are on common random numbers. `confidence` is that of all intervals of a kind
    together: each of m has 1 - (1 - confidence) / m (Bonferroni).
    """
    pairs = [
        pair
        for name, other in others.items()
        for pair in (*_of_limits(name, reference, other), *_of_pools(name, reference, other))
    ]
    together = Counter(KINDS[pair.measure] for pair in pairs)
    order = list(KINDS)
    return tuple(
        pair.difference(confidence, together[KINDS[pair.measure]])
        for pair in sorted(pairs, key=lambda pair: order.index(pair.measure))
    )


def limits_of(result: Result) -> dict[tuple[str, str], ResolvedLimit]:
    """Return (name, case type) → limit; limits with the same key are comparable."""
    limits = (judgement.limit for judgement in result.verdicts)
    return {(limit.name, limit.case_type): limit for limit in limits}


def pools_of(result: Result) -> dict[str, int]:
    """Return pool → number, for the pools that had work."""
    used = {pool.name for pool in result.pool_summaries if pool.items}
    return {name: number for number, name in enumerate(result.model.pools.names) if name in used}


def _of_limits(name: str, reference: Result, other: Result) -> Iterator[_Pair]:
    theirs = limits_of(other)
    for key, limit in limits_of(reference).items():
        if key not in theirs:
            continue
        sides = ((reference, limit.clock), (other, theirs[key].clock))
        counts = [result.on_time_counts(limit.name, clock) for result, clock in sides]
        on_time, judged = np.array(counts, np.float64).swapaxes(0, 1)
        left_out = _left_out([result.tallies(limit.name, clock) for result, clock in sides])
        yield _Pair("on_time_share", limit.name, name, on_time, judged, left_out)
        days = [result.tallies(limit.name, limit.clock) for result in (reference, other)]
        for measure in QUANTILES:
            yield _of_days(measure, limit.name, name, days)


def _of_days(measure: Measure, limit: str, name: str, tallies: Sequence[Sequence[Tally]]) -> _Pair:
    """Pair a quantile of each replication that has cases in both scenarios."""
    by_result = [
        [quantiles(tally.ended_days, tally.overdue_days, [QUANTILES[measure]])[0] for tally in side]
        for side in tallies
    ]
    days = np.array([[quantile.days for quantile in side] for side in by_result])
    days = days[:, ~np.isnan(days).any(axis=0)]
    censored = any(quantile.at_least for side in by_result for quantile in side)
    return _Pair(measure, limit, name, days, np.ones_like(days), censored or _left_out(tallies))


def _left_out(tallies: Sequence[Sequence[Tally]]) -> bool:
    """Tell whether some open cases are not overdue, and thus in neither share nor quantiles."""
    return any(tally.open > tally.open_overdue for side in tallies for tally in side)


def _of_pools(name: str, reference: Result, other: Result) -> Iterator[_Pair]:
    ours, theirs = pools_of(reference), pools_of(other)
    for pool in ours:
        if pool in theirs:
            sides = ((reference, ours[pool]), (other, theirs[pool]))
            arrived, wait_h, busy = (
                np.array([_of_pool(measure, result, number) for result, number in sides])
                for measure in ("arrived", "mean_wait_h", "utilisation")
            )
            yield _Pair("mean_wait_h", pool, name, wait_h * arrived, arrived)
            yield _Pair("utilisation", pool, name, busy, np.ones_like(busy))


def _of_pool(measure: str, result: Result, number: int) -> Floats:
    """Return [R] one of `PoolMeasures` of a pool; 0 without items or officers."""
    values = [getattr(summary.pools, measure)[number] for summary in result.summaries]
    return np.nan_to_num(np.array(values, np.float64))
