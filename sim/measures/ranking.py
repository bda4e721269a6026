"""Ranking groups by their on-time share, and how much of such a ranking is chance.

The policy rewards and delists zones by rank. Each replication is one year as it could have been, so
the ranks of a zone over the replications show what a single year's ranking is worth.

Two things stir a ranking beside quality. One is chance from year to year. The other is size: a
small zone is more often at the very top or bottom, and where shares are near 100 %, a zone with few
cases more often has no late case at all. So every figure has a companion: what it would be if, in
each year, the late cases were dealt out among the groups at random.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.arrays import Floats, Ints

DEALS = 4000
"""Years dealt at random, at least: the companions are known to about a point."""
DEAL_SEED = 20200422
"""Of the deals. They are a way to compute a number, no part of the simulated world."""


@dataclass(frozen=True, eq=False)
class Ranking:
    """G groups ranked by on-time share in each of R replications; rank 1 is best."""

    mean_rank: Floats
    """[G] over the replications in which the group had a case; NaN if it never had one."""
    low_rank: Floats
    """[G] At least 90 % of its ranks lie from `low_rank` to `high_rank`: the 5th percentile,
    rounded down to a rank that occurred,"""
    high_rank: Floats
    """[G] and the 95th, rounded up."""
    bottom_share: Floats
    """[G] share of replications in which it is among the last `bottom`; ties count in part."""
    bottom_if_alike: Floats
    """[G] the same, if all groups were equally good in every year (late cases dealt at random)."""
    bottom: int
    """How many groups count as last."""
    signal: float
    """How far the ranks of two years agree, 0 … 1: the share of the variance of ranks that lies
    between groups. 0: a lottery; 1: always the same ranking. NaN if no ranks differ, or with fewer
    than two replications."""
    signal_if_alike: float
    """The same, if all groups were equally good: agreement that comes of their sizes alone."""


def rank_groups(on_time: Ints, judged: Ints, bottom: int = 3) -> Ranking:
    """Rank groups in every replication.

    Parameters
    ----------
    on_time, judged
        [R, G] cases on time, and cases judged.
    bottom
        How many groups count as last; at most G - 1.

    Notes
    -----
    Groups without a case in a replication are not ranked in it. Equal shares have the mean of their
    ranks.

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
    bottom = max(min(bottom, on_time.shape[1] - 1), 0)
    rank, in_last = _ranked(on_time, judged, bottom)
    alike_rank, alike_last = _dealt(on_time, judged, bottom)
    return Ranking(
        mean_rank=_means(rank),
        low_rank=_percentiles(rank, 5, "lower"),
        high_rank=_percentiles(rank, 95, "higher"),
        bottom_share=_means(in_last),
        bottom_if_alike=_means(np.concatenate(alike_last)),
        bottom=bottom,
        signal=_cut_off(_agreement(rank)),
        signal_if_alike=_cut_off(_mean([_agreement(each) for each in alike_rank])),
    )


def _ranked(on_time: Ints, judged: Ints, bottom: int) -> tuple[Floats, Floats]:
    """Return [R, G] ranks, and the part with which each group is among the last."""
    share = np.divide(on_time, judged, out=np.full(judged.shape, np.nan), where=judged > 0)
    better = share[:, None, :] > share[:, :, None]
    worse = share[:, None, :] < share[:, :, None]
    equal = (share[:, None, :] == share[:, :, None]).sum(axis=2)
    rank = 1 + better.sum(axis=2) + (equal - 1) / 2
    # A group tied across the edge of the bottom is in it with the part of the tie that is.
    part = np.clip((bottom - worse.sum(axis=2)) / np.maximum(equal, 1), 0, 1)
    unknown = np.isnan(share)
    return np.where(unknown, np.nan, rank), np.where(unknown, np.nan, part)


def _dealt(on_time: Ints, judged: Ints, bottom: int) -> tuple[list[Floats], list[Floats]]:
    """Rank again and again with each year's late cases dealt at random."""
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
    pairs = [_ranked(judged - each, judged, bottom) for each in dealt]
    return [rank for rank, _ in pairs], [last for _, last in pairs]


def _agreement(rank: Floats) -> float:
    """Return how far the ranks of two years agree; every group that has two years counts alike."""
    known = ~np.isnan(rank)
    years = known.sum(axis=0)
    ranked = known.sum(axis=1, keepdims=True)
    centred = np.where(known, rank - (ranked + 1) / 2, 0.0)[:, years > 1]
    years = years[years > 1]
    squares = (centred**2).sum(axis=0)
    products = centred.sum(axis=0) ** 2 - squares  # over all pairs of different years
    total = float((squares / years).sum())
    if total == 0:
        return math.nan
    return float((products / (years * (years - 1))).sum()) / total


def _cut_off(signal: float) -> float:
    return signal if math.isnan(signal) else max(0.0, signal)


def _means(values: Floats) -> Floats:
    count = (~np.isnan(values)).sum(axis=0)
    total: Floats = np.nansum(values, axis=0)
    mean: Floats = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
    return mean


def _mean(values: list[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


def _percentiles(rank: Floats, q: float, method: Literal["lower", "higher"]) -> Floats:
    known = [column[~np.isnan(column)] for column in rank.T]
    return np.array(
        [np.percentile(each, q, method=method) if len(each) else np.nan for each in known]
    )
