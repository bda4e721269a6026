"""Ranking groups by their on-time share, and how much of such a ranking is chance.

The policy rewards and delists zones by rank. Each replication is one year as it could have been, so
the ranks of a zone over the replications show what a single year's ranking is worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ranking:
    """G groups ranked by on-time share in each of R replications; rank 1 is best."""

    mean_rank: Floats
    """[G] NaN for a group that never had a case."""
    low_rank: Floats
    """[G] 5th percentile of its rank over the replications."""
    high_rank: Floats
    """[G] 95th percentile."""
    bottom_share: Floats
    """[G] share of replications in which it is among the last `bottom`; ties count in part."""
    bottom: int
    """How many groups count as last."""
    signal: float
    """Share of the variance of yearly on-time shares that lies between groups; the rest is chance
    from year to year. 0: the ranking is a lottery; 1: it is always the same. NaN if nothing
    varies."""


def rank_groups(on_time: Ints, judged: Ints, bottom: int = 3) -> Ranking:
    """Rank groups in every replication.

    Parameters
    ----------
    on_time, judged
        [R, G] cases on time, and cases judged.
    bottom
        How many groups count as last; at most G.

    Notes
    -----
    Groups without a case in a replication are not ranked in it. Equal shares have the mean of their
    ranks. `signal` is the intraclass correlation of a one-way random-effects analysis of variance
    (Shrout and Fleiss 1979, ICC(1,1)), cut off at 0.
    """
    share = np.divide(on_time, judged, out=np.full(judged.shape, np.nan), where=judged > 0)
    rank = np.array([_ranks(row) for row in share])
    bottom = min(bottom, share.shape[1])
    # A group tied across the edge of the bottom is in it with the part of the tie that is.
    last = np.array([_in_bottom(row, bottom) for row in share])
    with np.errstate(invalid="ignore", divide="ignore"):
        counts = np.sum(~np.isnan(rank), axis=0)
        mean = np.where(counts > 0, np.nansum(rank, axis=0) / counts, np.nan)
        in_last = np.where(counts > 0, np.nansum(last, axis=0) / counts, np.nan)
    low, high = (_percentiles(rank, q) for q in (5, 95))
    return Ranking(mean, low, high, in_last, bottom, _intraclass_correlation(share))


def _ranks(share: Floats) -> Floats:
    """Return ranks, 1 for the largest share; ties have their mean rank, NaN stays NaN."""
    better = share[None, :] > share[:, None]
    equal = share[None, :] == share[:, None]
    rank = 1 + better.sum(axis=1) + (equal.sum(axis=1) - 1) / 2
    return np.where(np.isnan(share), np.nan, rank)


def _in_bottom(share: Floats, bottom: int) -> Floats:
    """Return the part with which each group is among the last."""
    worse = (share[None, :] < share[:, None]).sum(axis=1)
    equal = (share[None, :] == share[:, None]).sum(axis=1)
    part = np.clip((bottom - worse) / np.maximum(equal, 1), 0, 1)
    return np.where(np.isnan(share), np.nan, part)


def _percentiles(rank: Floats, q: float) -> Floats:
    known = [column[~np.isnan(column)] for column in rank.T]
    return np.array([np.percentile(each, q) if len(each) else np.nan for each in known])


def _intraclass_correlation(share: Floats) -> float:
    complete = share[:, ~np.isnan(share).any(axis=0)]
    years, groups = complete.shape
    if years < 2 or groups < 2:
        return float("nan")
    means = complete.mean(axis=0)
    between = years * float(np.var(means, ddof=1))
    within = float(np.mean(np.var(complete, axis=0, ddof=1)))
    total = between + (years - 1) * within
    return max(0.0, (between - within) / total) if total > 0 else float("nan")
