"""Sets of promises for several matters: kept together by many cases, short on the whole.

A case keeps a set of promises if it keeps the promise of every matter that it has. The length of a
set is its *critical path*: the longest chain of matters that wait for each other, each with its
promised days. For every length there is a best set, kept by the largest number of cases; that
number grows with the length.

To find the best sets is to choose which cases may be late, a covering problem that no fast method
solves exactly. Here, as in the time-cost trade-off of project plans (Kelley 1961; Phillips and
Dessouky 1977), the critical path is shortened day by day from the longest that was seen, each time
in those matters where it costs the fewest cases: a minimal cut of the critical matters, found as a
maximal flow. Days left idle elsewhere go to the matters where they keep more cases. Then days are
moved between matters as long as more cases keep the set.
`tests/unit/test_joint_promises.py` compares the answers with an exhaustive search.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from typing import Final

import numpy as np

from sim.arrays import Ints
from sim.measures.shortest_promise import ROUNDING

NEVER: Final = np.iinfo(np.int32).max
"""Days of a matter that is open when the run ends: no promise counts as kept."""
STEPS: Final = 3
"""Smaller numbers of days that are tried for a matter, to the benefit of others."""


@dataclass(frozen=True)
class Dependencies:
    """The requirements among M numbered matters; circles are not allowed."""

    requires: tuple[tuple[int, ...], ...]
    """[M] the matters that must be decided before each matter."""

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The matters, each after the matters that it requires."""
        return tuple(TopologicalSorter(dict(enumerate(self.requires))).static_order())

    @cached_property
    def required_by(self) -> tuple[tuple[int, ...], ...]:
        """[M] the matters that require each matter."""
        return tuple(
            tuple(other for other, needed in enumerate(self.requires) if matter in needed)
            for matter in range(len(self.requires))
        )

    def earliest_ends(self, days: Ints) -> Ints:
        """Return [M] the length of the longest chain that ends with each matter."""
        ends = np.zeros(len(days), np.int64)
        for matter in self.order:
            ends[matter] = days[matter] + max((ends[m] for m in self.requires[matter]), default=0)
        return ends

    def path_days(self, days: Ints) -> int:
        """Return the length of the critical path: the longest chain."""
        return int(self.earliest_ends(days).max(initial=0))

    def slack(self, days: Ints, path_days: int) -> Ints:
        """Return [M] the days by which each matter alone may grow within `path_days`."""
        follow = np.zeros(len(days), np.int64)
        for matter in reversed(self.order):
            after = self.required_by[matter]
            follow[matter] = max((follow[m] + days[m] for m in after), default=0)
        return path_days - self.earliest_ends(days) - follow

    def critical_path(self, days: Ints) -> tuple[int, ...]:
        """Return the matters of the longest chain, in order; the first of several.

        A matter without days is on it only between others; it neither begins nor ends the chain.
        """
        ends = self.earliest_ends(days)
        path: list[int] = []
        candidates: Sequence[int] = range(len(days))
        wanted = self.path_days(days)
        while wanted > 0:
            matter = min(m for m in candidates if ends[m] == wanted)
            path.append(matter)
            wanted -= int(days[matter])
            candidates = self.requires[matter]
        return tuple(reversed(path))

    def cheapest_cut(self, days: Ints, cost: Ints) -> tuple[int, ...]:
        """Return the matters that shorten every longest chain at the least cost in all.

        Parameters
        ----------
        days, cost
            [M] days, and the cost of shortening each matter by a day. Matters without days
            cannot be shortened.

        Returns
        -------
        tuple[int, ...]
            Matters, ascending; none if the longest chain has no days.
        """
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import breadth_first_order, maximum_flow

        count, ends = len(days), self.earliest_ends(days)
        path_days = self.path_days(days)
        if path_days == 0:
            return ()
        critical = self.slack(days, path_days) == 0
        unlimited = int(cost.sum()) + count + 1
        source, sink = 2 * count, 2 * count + 1
        capacity = np.zeros((2 * count + 2, 2 * count + 2), np.int32)
        for matter in np.flatnonzero(critical):
            entry, way_out = matter, count + matter
            # One more than the cost: of equally cheap cuts, the one with the fewest matters.
            capacity[entry, way_out] = cost[matter] + 1 if days[matter] else unlimited
            if ends[matter] == days[matter]:
                capacity[source, entry] = unlimited
            if ends[matter] == path_days:
                capacity[way_out, sink] = unlimited
            for after in self.required_by[matter]:
                if critical[after] and ends[after] - days[after] == ends[matter]:
                    capacity[way_out, after] = unlimited
        flow = maximum_flow(csr_array(capacity), source, sink).flow.toarray()
        reached = np.zeros(2 * count + 2, bool)
        reached[breadth_first_order(capacity - flow, source)[0]] = True
        cut = critical & reached[:count] & ~reached[count : 2 * count]
        return tuple(int(matter) for matter in np.flatnonzero(cut))


def joint_promises(needs: Ints, dependencies: Dependencies, share: float) -> list[Ints]:
    """Return, for each length of the critical path, promises that many cases keep together.

    Parameters
    ----------
    needs
        [C, M] days that each matter of each case took; 0 for a matter that the case does not have,
        which every promise keeps; `NEVER` for a matter that is still open.
    dependencies
        Which matters wait for which others.
    share
        Least share of the cases that keep all promises of a set; other sets are left out.

    Returns
    -------
    list[Ints]
        [M] whole days of each set, each with a critical path shorter than that of the set before
        it: the first keeps all cases that ended, the last is the shortest that reaches the share.
        A matter off the critical path is promised as many days as lengthen no chain, but no more
        than any case needed. Empty if there are no cases, or too many open ones. The same cases
        give the same promises, in whatever order they come.
    """
    search = _Search(*np.unique(needs, axis=0, return_counts=True), dependencies)
    least = math.ceil(share * len(needs) - ROUNDING)
    sets: list[Ints] = []
    for days in search.shorter_and_shorter():
        if len(needs) == 0 or search.kept(days) < least:
            break
        sets.append(search.filled(days))
    return sets


@dataclass(frozen=True, eq=False)
class _Search:
    """The search for sets of promises, [M] days each."""

    needs: Ints
    """[U, M] distinct days of cases."""
    weight: Ints
    """[U] number of cases with each row of days."""
    dependencies: Dependencies

    @cached_property
    def longest(self) -> Ints:
        """[M] longest days of each matter among those that ended."""
        ended = np.where(self.needs == NEVER, 0, self.needs)
        return np.asarray(ended.max(axis=0, initial=0), np.int64)

    def kept(self, days: Ints) -> int:
        """Return how many cases keep all promises."""
        return int(self.weight[(self.needs <= days).all(axis=1)].sum())

    def shorter_and_shorter(self) -> Iterator[Ints]:
        """Yield sets of promises, each with a critical path that is a day shorter.

        Each starts from the best of three: the set before it, made a day shorter where that costs
        least; the same quantile for every matter; and the days of the quickest cases.
        """
        ladders = (self._quantiles(), self._quickest())
        days = self.longest
        yield days
        for path_days in reversed(range(self.dependencies.path_days(days))):
            starts = [self._shorter(days), *(self._last(rungs, path_days) for rungs in ladders)]
            days = max((self.regained(start, path_days) for start in starts), key=self.kept)
            while (better := self._moved(days, path_days)) is not None:
                days = better
            yield days

    def _quantiles(self) -> Ints:
        """Return sets of promises, ascending: the k-th smallest number of days of every matter."""
        return np.minimum(np.sort(self.needs, axis=0), self.longest)

    def _quickest(self) -> Ints:
        """Return sets of promises, ascending: the days that the k quickest cases need."""
        paths = [self.dependencies.path_days(case) for case in self.needs]
        quickest_first = self.needs[np.argsort(paths, kind="stable")]
        return np.minimum(np.maximum.accumulate(quickest_first), self.longest)

    def _last(self, rungs: Ints, path_days: int) -> Ints:
        """Return the last of ascending sets with a critical path ≤ `path_days`, or zeros."""
        fits = bisect_right(rungs, path_days, key=self.dependencies.path_days)
        return rungs[fits - 1] if fits else np.zeros_like(self.longest)

    def _shorter(self, days: Ints) -> Ints:
        """Shorten the critical path by a day, where that costs the fewest cases."""
        kept = (self.needs <= days).all(axis=1)
        cost = self.weight[kept] @ (self.needs[kept] == days)
        shorter = days.copy()
        shorter[list(self.dependencies.cheapest_cut(days, cost))] -= 1
        return shorter

    def _moved(self, days: Ints, path_days: int) -> Ints | None:
        """Return promises that more cases keep, with days moved from one matter to others."""
        lower = [self._lower(matter, days) for matter in range(len(days))]
        least = np.array([min(steps, default=days[m]) for m, steps in enumerate(lower)])
        certain = (self.needs <= least).all(axis=1)  # kept by all promises tried here
        others = _Search(self.needs[~certain], self.weight[~certain], self.dependencies)
        best, most = None, others.kept(days)
        slack = self.dependencies.slack(days, path_days)
        for matter, steps in enumerate(lower):
            for fewer in steps:
                at_most = days + slack + (days[matter] - fewer)
                at_most[matter] = fewer
                if others.kept(at_most) <= most:
                    continue
                moved = days.copy()
                moved[matter] = fewer
                moved = others.regained(moved, path_days, but=matter)
                if (kept := others.kept(moved)) > most:
                    best, most = moved, kept
        return best

    def _lower(self, matter: int, days: Ints) -> list[int]:
        """Return the next smaller numbers of days that a matter took, descending."""
        took = self.needs[:, matter]
        smaller = np.unique(took[took < days[matter]])
        return [int(fewer) for fewer in smaller[::-1][:STEPS]]

    def regained(self, days: Ints, path_days: int, but: int | None = None) -> Ints:
        """Lengthen promises where that keeps more cases, within a critical path of `path_days`.

        Each step lengthens the matter that wins most cases back by itself; `but` is not changed.
        """
        days = days.copy()
        while True:
            slack = self.dependencies.slack(days, path_days)
            if but is not None:
                slack[but] = 0
            missed = self.needs > days
            alone = np.flatnonzero(missed.sum(axis=1) == 1)
            possible = missed[alone] & (self.needs[alone] <= days + slack)
            gain = self.weight[alone] @ possible
            matter = int(np.argmax(gain))
            if gain[matter] == 0:
                return days
            days[matter] = self.needs[alone[possible[:, matter]], matter].max()

    def filled(self, days: Ints) -> Ints:
        """Lengthen each matter as far as no chain grows, first those that others wait for."""
        path_days = self.dependencies.path_days(days)
        days = days.copy()
        for matter in self.dependencies.order:
            slack = self.dependencies.slack(days, path_days)[matter]
            days[matter] = max(days[matter], min(days[matter] + slack, self.longest[matter]))
        return days
