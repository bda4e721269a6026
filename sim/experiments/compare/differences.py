"""Differences between two scenarios on the same cases, for every limit and pool of both."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

import numpy as np

from sim.arrays import Floats
from sim.limits import ResolvedLimit
from sim.measures.contrasts import Estimate, ratio_contrast, share_difference
from sim.measures.limits import Tally
from sim.measures.shares import OnTimeCounts, quantiles
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
    """The measure of the reference, cases with an unknown end being late; empty without cases."""
    value: float
    """The measure of the scenario, in the same way; empty without cases."""
    difference: Estimate = field(metadata=CI)
    """`value` − `reference`; no interval with one replication or no cases, and no end of it where
    open cases could move it without bound."""
    proven: int
    """Sign of the difference if its interval excludes 0, else 0."""
    together: int
    """Number of differences of this kind; their intervals hold together."""
    open_cases: bool
    """Whether cases that are still open could change the measure."""


@dataclass(frozen=True, eq=False)
class _Pair:
    """One measure of the reference and of another scenario."""

    measure: Measure
    of: str
    scenario: str
    reference: float
    value: float
    estimate: Callable[[float, int], Estimate]
    """(confidence, number of differences that hold together) → the difference."""
    open_cases: bool = False

    @classmethod
    def of_ratios(
        cls, measure: Measure, of: str, scenario: str, sums: Floats, counts: Floats
    ) -> _Pair:
        """Pair two ratios Σ sums / Σ counts, both [2, R]."""
        reference, value = (
            float(total / count) if count else math.nan
            for total, count in zip(sums.sum(axis=1), counts.sum(axis=1), strict=True)
        )

        def estimate(confidence: float, together: int) -> Estimate:
            return ratio_contrast(DIFFERENCE, sums, counts, confidence, of=together)

        return cls(measure, of, scenario, reference, value, estimate)

    def difference(self, confidence: float, together: int) -> Difference:
        estimate = self.estimate(confidence, together)
        return Difference(
            self.measure,
            self.of,
            self.scenario,
            self.reference,
            self.value,
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
        yield _of_shares(
            limit.name, name, [result.on_time_counts(limit.name, clock) for result, clock in sides]
        )
        days = [result.tallies(limit.name, limit.clock) for result in (reference, other)]
        for measure in QUANTILES:
            yield _of_days(measure, limit.name, name, days)


def _of_shares(limit: str, name: str, counts: Sequence[OnTimeCounts]) -> _Pair:
    """Pair the on-time shares; cases whose end is unknown are late, in the interval both ways."""
    reference, value = (
        int(each.surely.sum()) / int(each.judged.sum()) if each.judged.any() else math.nan
        for each in counts
    )

    def estimate(confidence: float, together: int) -> Estimate:
        return share_difference(counts[0], counts[1], confidence, of=together)

    unknown = any(each.unknown for each in counts)
    return _Pair("on_time_share", limit, name, reference, value, estimate, unknown)


def _of_days(measure: Measure, limit: str, name: str, tallies: Sequence[Sequence[Tally]]) -> _Pair:
    """Pair a quantile of each replication that has cases in both scenarios.

    Open cases count with their days so far. A side whose quantile they may raise has no upper end,
    and so the interval of the difference has none on that side.
    """
    by_result = [
        [quantiles(tally.ended_days, tally.open_days, [QUANTILES[measure]])[0] for tally in side]
        for side in tallies
    ]
    days = np.array([[quantile.days for quantile in side] for side in by_result])
    days = days[:, ~np.isnan(days).any(axis=0)]
    pair = _Pair.of_ratios(measure, limit, name, days, np.ones_like(days))
    of_reference, of_other = (any(quantile.at_least for quantile in side) for side in by_result)

    def estimate(confidence: float, together: int) -> Estimate:
        found = pair.estimate(confidence, together)
        low = -math.inf if of_reference else found.low
        return Estimate(found.value, low, math.inf if of_other else found.high)

    return replace(pair, estimate=estimate, open_cases=of_reference or of_other)


def _of_pools(name: str, reference: Result, other: Result) -> Iterator[_Pair]:
    ours, theirs = pools_of(reference), pools_of(other)
    for pool in ours:
        if pool in theirs:
            sides = ((reference, ours[pool]), (other, theirs[pool]))
            arrived, wait_h, busy = (
                np.array([_of_pool(measure, result, number) for result, number in sides])
                for measure in ("arrived", "mean_wait_h", "utilisation")
            )
            yield _Pair.of_ratios("mean_wait_h", pool, name, wait_h * arrived, arrived)
            yield _Pair.of_ratios("utilisation", pool, name, busy, np.ones_like(busy))


def _of_pool(measure: str, result: Result, number: int) -> Floats:
    """Return [R] one of `PoolMeasures` of a pool; 0 without items or officers."""
    values = [getattr(summary.pools, measure)[number] for summary in result.summaries]
    return np.nan_to_num(np.array(values, np.float64))
