"""Promises for all matters of a case together: chosen on some replications, proven on others.

A set of promises is chosen because many cases keep it, so those cases flatter it. Therefore the
choice sees the replications with even numbers only, and the proof those with odd numbers only.

The sets, from the longest critical path to the shortest, are tested on the fresh cases one after
another, each with the full confidence, until one does not hold; the last that held is the answer.
As their order was fixed before the fresh cases were seen, the chance that the share of cases that
keep the answer does not reach the target is at most (1 - confidence) / 2 for any number of sets
(fixed-sequence tests: Maurer, Hothorn and Lehmacher 1995). The price: a set that fails by chance
ends the test. The confidence holds for the answer of one target at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from sim.measures.joint_promises import NEVER, Dependencies, joint_promises
from sim.measures.shares import OnTimeCounts
from sim.measures.shortest_promise import NOT_BOUND, ROUNDING, shown_days, still_open


@dataclass(frozen=True)
class JointSet:
    """A promise for each matter, and the share of cases that keep all of them."""

    days: tuple[int, ...]
    """Promised days of each matter."""
    path_days: int
    """Length of the critical path."""
    path: tuple[int, ...]
    """The matters on the critical path, in order."""
    share_chosen: float
    """Share of the cases that keep it in the replications that chose it; biased upwards."""
    share: float
    """Share of the fresh cases that keep it; open cases count as keeping none."""
    low: float
    """Lower end of the confidence interval of `share`, with open cases counted as keeping none."""
    high: float
    """Upper end of the interval, with open cases counted as if they ended at once."""
    cases: int
    """Fresh cases."""


def joint_sets(
    codes: Sequence[NDArray[np.int32]],
    dependencies: Dependencies,
    share: float,
    confidence: float,
) -> tuple[JointSet, ...]:
    """Choose sets of promises, and judge them on fresh cases.

    Parameters
    ----------
    codes
        By replication: [cases, M] days of each matter, as `shortest_promise.encode` returns them.
    dependencies
        Dependencies between the M matters.
    share
        Least share of the cases in the choice that must keep a set.
    confidence
        Two-sided confidence of each interval.

    Returns
    -------
    tuple[JointSet, ...]
        The sets, from the longest critical path to the shortest; see `joint_promises`.
    """
    bound = [code[(code != NOT_BOUND).any(axis=1)] for code in codes]
    seen, fresh = bound[::2], bound[1::2]
    if not seen or not fresh:
        return ()
    needs = _needs(np.concatenate(seen))
    judged = []
    for days in joint_promises(needs, dependencies, share):
        of_fresh, low, high = _interval(fresh, days, confidence)
        judged.append(
            JointSet(
                days=tuple(days.tolist()),
                path_days=dependencies.path_days(days),
                path=dependencies.critical_path(days),
                share_chosen=float((needs <= days).all(axis=1).mean()),
                share=of_fresh,
                low=low,
                high=high,
                cases=sum(map(len, fresh)),
            )
        )
    return tuple(judged)


def estimated(sets: Sequence[JointSet], target: float) -> JointSet | None:
    """Return the shortest set that reached the target where it was chosen; None if none did."""
    return next((s for s in reversed(sets) if s.share_chosen >= target - ROUNDING), None)


def proven(sets: Sequence[JointSet], target: float) -> JointSet | None:
    """Return the shortest set that fresh cases prove to reach the target; None if none is proven.

    It is no shorter than the estimated one.
    """
    candidates = takewhile(lambda s: s.share_chosen >= target - ROUNDING, sets)
    held = list(takewhile(lambda s: s.low >= target, candidates))
    return held[-1] if held else None


def _interval(
    codes: Sequence[NDArray[np.int32]], days: NDArray[np.int64], confidence: float
) -> tuple[float, float, float]:
    """Return the share of cases that keep all promises, and its interval."""
    cases = np.array([len(code) for code in codes], np.int64)
    surely = np.array([(_needs(code) <= days).all(axis=1).sum() for code in codes], np.int64)
    at_best = np.array([(shown_days(code) <= days).all(axis=1).sum() for code in codes], np.int64)
    of = OnTimeCounts(surely, at_best, cases).share(confidence)
    return of.share, of.low, of.high


def _needs(code: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the days that a promise must have: 0 if it does not bind, `NEVER` for open cases."""
    return np.where(still_open(code), NEVER, np.maximum(code, 0)).astype(np.int64)
