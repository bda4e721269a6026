"""One history against simulated ones: whether it could be one of them.

If a scenario is right, what was recorded is one more replication: R simulated histories and the
recorded one are exchangeable, so each of the R + 1 is as likely as any other to be the strangest.
That alone makes the tests exact, whatever the statistics are and however they depend on each other
(Barnard 1963; for many statistics at once Myllymäki et al. 2017, "Global envelope tests").
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.arrays import Bools, Floats, Ints

_LEAST_DEFINED: Final = 0.5
"""Share of the histories in which a statistic must be defined; else it tells nothing."""


@dataclass(frozen=True, eq=False)
class JointTest:
    """The largest deviations of S statistics, against those of R simulated histories."""

    score: Floats
    """[S] deviation of the observed history in standard deviations, on the side that counts."""
    centre: Floats
    """[S] mean over all R + 1 histories."""
    scale: Floats
    """[S] their standard deviation, at least the floor."""
    critical: Floats
    """[S] what the score of any of them exceeds with at most the stated error if the scenario is
    right; the same for all statistics of a family."""
    p_value: float
    """Share of the R + 1 histories that are at least as strange."""

    @property
    def exceeds(self) -> Bools:
        """[S] the statistics that tell the observed history apart; none if `p_value` > error."""
        return np.asarray(self.score > self.critical)


def joint_test(
    observed: Floats,
    simulated: Floats,
    floor: Floats,
    side: Floats,
    family: Ints,
    error: float,
) -> JointTest:
    """Test all statistics at once.

    In each family the histories are ranked by their largest score, the strangest first; a history
    is as strange as its best rank in any family. So a family with wild statistics, in which large
    scores are usual, does not drown the others.

    Parameters
    ----------
    observed
        [S] statistics of the history, on a scale on which their spread hardly depends on their
        size; NaN: not defined there.
    simulated
        [R, S] the same of the simulated histories.
    floor
        [S] least standard deviation: what chance alone leaves, so that rare events in a statistic
        that is nearly always the same do not count as many standard deviations.
    side
        [S] 1: only larger values count; -1: only smaller ones; 0: both.
    family
        [S] 0, 1 …: the family of each statistic.
    error
        Probability to reject a scenario that is right; with fewer replications than `needed` says,
        the test may never reject.
    """
    every = np.vstack([simulated, observed])
    histories, families = len(every), int(family.max(initial=0)) + 1
    score, centre, scale = _scores(every, floor, side)
    largest = np.stack(
        [score[:, family == number].max(axis=1, initial=0.0) for number in range(families)]
    )
    rank = (largest[:, :, None] <= largest[:, None, :]).sum(axis=2)  # [families, R + 1]
    best = rank.min(axis=0)
    allowed = math.floor(error * histories + 1e-9)
    rejected = int(np.sort(best)[allowed]) - 1 if allowed < histories else histories
    others = -np.sort(-largest[:, :-1], axis=1)
    limit = others[:, rejected - 1] if rejected >= 1 else np.full(families, np.inf)
    p_value = float((best <= best[-1]).mean())
    return JointTest(score[-1], centre, scale, limit[family], p_value)


def _scores(every: Floats, floor: Floats, side: Floats) -> tuple[Floats, Floats, Floats]:
    """Return [R + 1, S] scores, and [S] means and standard deviations over all histories."""
    known = np.isfinite(every)
    count = np.maximum(known.sum(axis=0), 1)
    centre = np.where(known, every, 0.0).sum(axis=0) / count
    away = np.where(known, every - centre, 0.0)
    scale = np.maximum(np.sqrt((away**2).sum(axis=0) / count), floor)
    useful = (known.mean(axis=0) >= _LEAST_DEFINED) & (scale > 1e-9)
    z = np.divide(away, scale, out=np.zeros_like(away), where=useful)
    return np.where(side == 0, np.abs(z), np.maximum(z * side, 0.0)), centre, scale


def needed(error: float, families: int) -> int:
    """Return the fewest replications with which a test of this error rejects the strangest."""
    return math.ceil(families / error - 1e-9) - 1


def prediction_interval(simulated: Floats, level: float) -> tuple[Floats, Floats]:
    """Return ends [S] between which one more history lies with at least the level.

    `simulated`: [R, S]; those not defined (NaN) are left out. The ends are order statistics, so
    that the level holds exactly for histories that are exchangeable; infinite where there are too
    few for it.
    """
    ordered = np.sort(simulated, axis=0)  # NaN come last
    count = np.isfinite(simulated).sum(axis=0)
    rank = np.floor((count + 1) * (1 - level) / 2 + 1e-9).astype(np.int64)
    enough = rank >= 1
    column = np.arange(simulated.shape[1])
    low = ordered[np.where(enough, rank - 1, 0), column]
    high = ordered[np.where(enough, count - rank, 0), column]
    return np.where(enough, low, -np.inf), np.where(enough, high, np.inf)


def distribution_distances(days: list[np.ndarray]) -> Floats:
    """Return [H] how far the distribution of each history lies from that of all, in days.

    It is the area between the two distribution functions (the mean distance between the days of
    one and those of all, put in order). `days`: of each history, whole numbers; NaN without cases.
    """
    shares, has = distribution_functions(days)
    if not has.any():
        return np.full(len(days), math.nan)
    distance = np.abs(shares - shares[has].mean(axis=0)).sum(axis=1)
    return np.where(has, distance, math.nan)


def distribution_functions(days: list[np.ndarray]) -> tuple[Floats, Bools]:
    """Return [H, D] the share of the cases with at most 0, 1 … days, and [H] who has any case."""
    most = max((int(one.max()) for one in days if len(one)), default=0)
    has = np.array([len(one) > 0 for one in days], np.bool_)
    counts = np.array([np.bincount(one, minlength=most + 1) for one in days], np.float64)
    total = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return np.cumsum(counts, axis=1) / total, has
