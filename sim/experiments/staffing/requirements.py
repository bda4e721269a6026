"""Requirements on a plan: limits at their target share, and mean waits of pools."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from sim.arrays import Floats
from sim.limits import ResolvedLimit
from sim.measures.contrasts import Estimate, mean_contrast
from sim.measures.shares import OnTimeCounts, Verdict, verdict
from sim.process import PoolTable
from sim.replications.summary import Summary
from sim.scenario import Problem, ScenarioError, nearest
from sim.translation import tr

WAIT_CONFIDENCE: Final = 0.95
"""Confidence of verdicts on a mean wait; limits have their own."""
_DIFFERENCE: Final = np.array([1.0, -1.0])


@dataclass(frozen=True)
class JudgedRequirement:
    """One requirement under one plan."""

    value: float
    """On-time share if cases with an unknown end are late; or mean wait in hours. NaN without
    cases."""
    at_best: float
    """`value`, if cases with an unknown end are on time."""
    low: float
    high: float
    verdict: Verdict
    margin: float
    """Distance to the target, positive if it is met: in shares, or in parts of the allowed wait."""
    sure_margin: float
    """`margin` at the worse end of the interval: at least 0 if the requirement holds."""


@dataclass(frozen=True, eq=False)
class Counts:
    """What a requirement is judged by, in R replications: the ratio Σ over ÷ Σ under."""

    over: Floats
    """[R] cases on time; or hours waited."""
    at_best: Floats
    """[R] `over`, and cases whose end is unknown."""
    under: Floats
    """[R] cases judged; or items."""


@dataclass(frozen=True)
class Requirement:
    """A limit or a mean wait, measured as a ratio of two sums over replications."""

    name: str
    """Name of the limit or pool."""
    kind: Literal["limit", "wait"]
    target: float
    """Least on-time share, or longest mean wait in hours."""
    confidence: float

    def counts(self, summary: Summary, clock: str, pool: int) -> tuple[float, float, float]:
        """Return the `Counts` of one replication."""
        if self.kind == "limit":
            tally = summary.tallies[self.name][clock]
            return tally.on_time, tally.on_time_at_best, tally.judged
        items = int(summary.pools.arrived[pool])
        waited_h = float(summary.pools.mean_wait_h[pool]) * items if items else 0.0
        return waited_h, waited_h, items

    def judge(
        self, counts: Counts, confidence: float | None = None, *, for_search: bool = False
    ) -> JudgedRequirement:
        """Judge the requirement.

        `confidence` is by default that of the requirement; for `for_search` see `share_interval`.
        """
        sure = self.confidence if confidence is None else confidence
        if self.kind == "limit":
            columns = (counts.over, counts.at_best, counts.under)
            whole = OnTimeCounts(*(column.astype(np.int64) for column in columns))
            of = whole.share(sure, for_search=for_search)
            margins = (self.margin(of.share), self.margin(of.low))
            said = of.verdict(self.target)
            return JudgedRequirement(of.share, of.at_best, of.low, of.high, said, *margins)
        if counts.under.sum() == 0:  # nobody comes, so nobody waits
            return JudgedRequirement(math.nan, math.nan, 0.0, 0.0, "holds", 1.0, 1.0)
        wait_h = mean_contrast(np.ones(1), linearised(counts.over, counts.under)[None], sure)
        low = max(wait_h.low, 0.0)
        said = verdict(-wait_h.high, -low, -self.target)
        margins = (self.margin(wait_h.value), self.margin(wait_h.high))
        return JudgedRequirement(wait_h.value, wait_h.value, low, wait_h.high, said, *margins)

    def margin(self, value: float) -> float:
        """Return the distance of a value to the target; NaN counts as met."""
        if math.isnan(value):
            return 0.0
        return value - self.target if self.kind == "limit" else 1 - value / self.target

    def margin_difference(self, difference: Estimate) -> Estimate:
        """Turn a difference of values into one of margins."""
        if self.kind == "limit":
            return difference
        slope = -1 / self.target
        return Estimate(difference.value * slope, difference.high * slope, difference.low * slope)


def linearised(over: Floats, under: Floats) -> Floats:
    """Return [R] numbers whose mean and spread are those of the ratio (delta method).

    As in `sim.measures.contrasts.ratio_contrast`: Σ over / Σ under + residual ÷ mean of under.
    """
    total = under.sum()
    if total == 0:
        return np.zeros_like(over)
    ratio = over.sum() / total
    return np.asarray(ratio + (over - ratio * under) * len(over) / total)


def difference(a: Counts, b: Counts, confidence: float, *, of: int = 1) -> Estimate:
    """Estimate how much the ratio is larger in a than in b on common random numbers.

    Cases whose end is unknown count both ways, as in `sim.measures.contrasts.share_contrast`.
    """

    def estimate(over_a: Floats, over_b: Floats) -> Estimate:
        ratios = np.stack([linearised(over_a, a.under), linearised(over_b, b.under)])
        return mean_contrast(_DIFFERENCE, ratios, confidence, of=of)

    found = estimate(a.over, b.over)
    if np.array_equal(a.over, a.at_best) and np.array_equal(b.over, b.at_best):
        return found
    least, most = estimate(a.over, b.at_best), estimate(a.at_best, b.over)
    return Estimate(found.value, least.low, most.high)


def requirements_of(
    limits: Sequence[ResolvedLimit], waits: Mapping[str, float], pools: PoolTable
) -> tuple[Requirement, ...]:
    """Return the requirement of each limit, then of each wait: pool → longest mean wait in hours.

    Raises `ScenarioError` if a pool is unknown, a wait is not positive, or nothing is required.
    """
    problems = []
    for name, hours in waits.items():
        if name not in pools.names:
            rule = tr("no pool of this name{hint}", hint=nearest(name, pools.names))
            problems.append(Problem(rule, "--wait", None, "pools", f"'{name}'"))
        elif not hours > 0:
            problems.append(Problem(tr("must be above 0"), "--wait", None, name, f"{hours:g} h"))
    if not limits and not waits:
        rule = tr("nothing to keep: the scenario has no limits, and no wait is asked for")
        problems.append(Problem(rule))
    if problems:
        raise ScenarioError(problems)
    return (
        *(Requirement(p.name, "limit", p.target_share, p.confidence) for p in limits),
        *(Requirement(name, "wait", hours, WAIT_CONFIDENCE) for name, hours in waits.items()),
    )
