"""Ranks groups by their on-time share, and measures how much of the ranking is chance.

The policy rewards and delists zones by rank. Each replication is one possible year, so the ranks of
a zone over the replications show how reliable the ranking of a single year is.

Two things affect a ranking besides quality. One is chance from year to year. The other is size: a
small zone is more often at the very top or bottom, and where shares are near 100 %, a zone with few
cases more often has no late case at all. So every figure has a companion: its value if the
late cases of each year were dealt out among the groups at random.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.arrays import Floats, Ints
from sim.measures.contrasts import Estimate
from sim.measures.shares import clopper_pearson
from sim.measures.years import twice

DEALS = 4000
"""Years dealt at random, at least: the companions are known to about a point."""
DEAL_SEED = 20200422
"""Seed of the deals, which are numerical integration and no part of the simulated world."""


@dataclass(frozen=True)
class Place:
    """How one group ranks, each replication being one year as it could have been."""

    mean_rank: float
    """Mean rank over the replications in which the group had cases; 1 is best."""
    rank_low: float
    """At least 90 % of its yearly ranks lie between this and `rank_high`."""
    rank_high: float
    """At least 90 % of its yearly ranks lie between `rank_low` and this."""
    bottom_share: float
    """Share of the replications in which it was among the last."""
    bottom_if_alike: float
    """`bottom_share`, if all groups were equally good."""
    bottom_twice: Estimate
    """Probability that it is among the last in two years running: from pairs of replications, with
    a confidence interval; empty with one replication."""
    bottom_twice_if_alike: float
    """`bottom_twice`, if all groups were equally good."""


@dataclass(frozen=True, eq=False)
class Ranking:
    """G groups ranked by on-time share in each of R replications; rank 1 is best."""

    mean_rank: Floats
    """[G] mean rank over the replications in which the group had a case; NaN if none."""
    low_rank: Floats
    """[G] 5th percentile of the ranks, rounded down to a rank that occurred; at least 90 % of the
    ranks lie from `low_rank` to `high_rank`."""
    high_rank: Floats
    """[G] 95th percentile of the ranks, rounded up to a rank that occurred."""
    bottom_share: Floats
    """[G] share of replications with the group among the last `bottom`; ties count in part."""
    bottom_if_alike: Floats
    """[G] `bottom_share` if all groups were equally good (late cases dealt at random)."""
    bottom_twice: tuple[Estimate, ...]
    """[G] probability that the group is among the last in two years running, which are any two
    replications: the squared interval of `bottom_share`, each by itself."""
    bottom_twice_if_alike: Floats
    """[G] `bottom_twice` if all groups were equally good."""
    bottom: int
    """Number of groups that count as last."""
    signal: float
    """Agreement of the ranks of two years, 0 … 1: the share of the variance of ranks that lies
    between groups. 0: a lottery; 1: always the same ranking. NaN if no ranks differ, or with fewer
    than two replications."""
    signal_if_alike: float
    """`signal` if all groups were equally good: agreement due to their sizes alone."""

    @property
    def places(self) -> tuple[Place, ...]:
        """[G] how each group ranks."""
        return tuple(
            Place(
                mean_rank=float(self.mean_rank[group]),
                rank_low=float(self.low_rank[group]),
                rank_high=float(self.high_rank[group]),
                bottom_share=float(self.bottom_share[group]),
                bottom_if_alike=float(self.bottom_if_alike[group]),
                bottom_twice=self.bottom_twice[group],
                bottom_twice_if_alike=float(self.bottom_twice_if_alike[group]),
            )
            for group in range(len(self.mean_rank))
        )


def rank_groups(
    on_time: Ints,
    judged: Ints,
    bottom: int = 3,
    *,
    at_best: Ints | None = None,
    confidence: float = 0.95,
) -> Ranking:
    """Rank groups in every replication.

    Parameters
    ----------
    on_time, judged
        [R, G] cases on time, and cases judged.
    bottom
        How many groups count as last; at most G - 1.
    at_best
        [R, G] `on_time`, and cases whose end is unknown; default: all are known. For `low_rank`
        those of the group are on time and those of the others late, for `high_rank` the other way
        round. Everywhere else they are late.
    confidence
        Of `bottom_twice`, two-sided, for each group by itself.

    Notes
    -----
    Groups without a case in a replication are not ranked in it. Groups with equal shares get the
    mean of their ranks.

    Ranks, not shares, are compared between years: a year that is bad for all changes no rank, and
    a share near 100 % squeezes differences that a ranking spreads out again. `signal` is
    the mean product of a group's centred ranks in two different years ÷ its mean square. With all
    groups in all years this is the intraclass correlation ICC(C,1) of a two-way layout (McGraw and
    Wong 1996), without ties also the mean Spearman correlation of two years, (R W - 1) / (R - 1)
    with Kendall's W. Years in which a group is missing are left out for that group alone. It is
    cut off at 0.

    The companions deal each year's late cases to the groups without replacement (multivariate
    hypergeometric), keeping the year's total and every group's number of cases. Late cases of a
    group come in clusters, which dealing breaks up; so a signal somewhat above its companion is no
    proof of a difference in quality.
    """
    at_best = on_time if at_best is None else at_best
    bottom = max(min(bottom, on_time.shape[1] - 1), 0)
    rank, in_last = _ranked(on_time, judged, bottom)
    alike_rank, alike_last = _dealt(on_time, judged, bottom)
    least, most = _share(on_time, judged), _share(at_best, judged)
    return Ranking(
        mean_rank=_means(rank),
        low_rank=_percentiles(_ranks(most, least), 5, "lower"),
        high_rank=_percentiles(_ranks(least, most), 95, "higher"),
        bottom_share=_means(in_last),
        bottom_if_alike=_means(alike_last.reshape(-1, alike_last.shape[-1])),
        bottom_twice=tuple(_twice(column, confidence) for column in in_last.T),
        bottom_twice_if_alike=_twice_if_alike(alike_last),
        bottom=bottom,
        signal=_cut_off(float(_agreement(rank))),
        signal_if_alike=_cut_off(_mean(_agreement(alike_rank))),
    )


def _ranked(on_time: Ints, judged: Ints, bottom: int) -> tuple[Floats, Floats]:
    """Return [R, G] ranks, and [R, G] the part of each group that is among the last."""
    share = _share(on_time, judged)
    worse = share[:, None, :] < share[:, :, None]
    equal = (share[:, None, :] == share[:, :, None]).sum(axis=2)
    # Groups tied across the edge of the bottom share the places that are left in it.
    part = np.clip((bottom - worse.sum(axis=2)) / np.maximum(equal, 1), 0, 1)
    return _ranks(share, share), np.where(np.isnan(share), np.nan, part)


def _share(on_time: Ints, judged: Ints) -> Floats:
    """Return [R, G] on-time shares; NaN without cases."""
    share: Floats = np.divide(on_time, judged, out=np.full(judged.shape, np.nan), where=judged > 0)
    return share


def _ranks(own: Floats, others: Floats) -> Floats:
    """Return [R, G] the rank of each group with its `own` share beside those of the others."""
    other = ~np.eye(own.shape[1], dtype=np.bool_)
    better = ((others[:, None, :] > own[:, :, None]) & other).sum(axis=2)
    equal = ((others[:, None, :] == own[:, :, None]) & other).sum(axis=2)
    return np.where(np.isnan(own), np.nan, 1 + better + equal / 2)


def _dealt(on_time: Ints, judged: Ints, bottom: int) -> tuple[Floats, Floats]:
    """Return [times, R, G] `_ranked` with each year's late cases dealt at random, many times."""
    rng = np.random.default_rng(DEAL_SEED)
    times = math.ceil(DEALS / max(len(judged), 1))
    late = (judged - on_time).sum(axis=1)
    dealt = np.stack(
        [
            rng.multivariate_hypergeometric(cases, int(n), size=times, method="marginals")
            for cases, n in zip(judged, late, strict=True)
        ],
        axis=1,
    )
    groups = judged.shape[1]
    rank, in_last = _ranked(
        (judged - dealt).reshape(-1, groups), np.tile(judged, (times, 1)), bottom
    )
    return rank.reshape(dealt.shape), in_last.reshape(dealt.shape)


def _twice(in_last: Floats, confidence: float) -> Estimate:
    """Return the probability of being last in two independent years; [R] parts, NaN: not ranked."""
    known = ~np.isnan(in_last)
    years = int(known.sum())
    if years == 0:
        return Estimate(math.nan, 0.0, 1.0)
    once = float(np.nansum(in_last)) / years
    low, high = clopper_pearson(once, years, confidence)
    return Estimate(twice(in_last, known), low**2, high**2)


def _twice_if_alike(in_last: Floats) -> Floats:
    """Return [G] the same where each year is dealt on its own; [times, R, G] parts."""
    each_year = in_last.mean(axis=0)
    return np.array([twice(column, ~np.isnan(column)) for column in each_year.T])


def _agreement(rank: Floats) -> Floats:
    """Return [...] the agreement of the ranks of two years; groups with two years count equally.

    `rank`: [..., R, G]; which groups are ranked in a year is the same throughout.
    """
    known = ~np.isnan(rank)
    years = known.reshape(-1, *rank.shape[-2:])[0].sum(axis=0)
    ranked = known.sum(axis=-1, keepdims=True)
    centred = np.where(known, rank - (ranked + 1) / 2, 0.0)[..., years > 1]
    years = years[years > 1]
    squares = (centred**2).sum(axis=-2)
    products = centred.sum(axis=-2) ** 2 - squares  # over all pairs of different years
    total = np.asarray((squares / years).sum(axis=-1))
    between = (products / (years * (years - 1))).sum(axis=-1)
    agreement: Floats = np.full(total.shape, np.nan)
    np.divide(between, total, out=agreement, where=total != 0)
    return agreement


def _cut_off(signal: float) -> float:
    return signal if math.isnan(signal) else max(0.0, signal)


def _means(values: Floats) -> Floats:
    count = (~np.isnan(values)).sum(axis=0)
    total: Floats = np.nansum(values, axis=0)
    mean: Floats = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
    return mean


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return sum(known.tolist()) / len(known) if len(known) else math.nan


def _percentiles(rank: Floats, q: float, method: Literal["lower", "higher"]) -> Floats:
    known = [column[~np.isnan(column)] for column in rank.T]
    return np.array(
        [np.percentile(ranks, q, method=method) if len(ranks) else np.nan for ranks in known]
    )
