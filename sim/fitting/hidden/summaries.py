"""What stretches left, in a few numbers: spans in hours of duty, and what lies between two stamps.

- *Span*, of each chain of tasks: from hand-over to the stamp. Mean, spread and quantiles of its
  logarithm, and the slope on the logarithm of what was open in the pool at the hand-over.
- *Gap in the pool*: from the c-th last stamp before it, or the hand-over if that is later. With c
  officers who are always busy it is a work time, the shortest of c.
- *Gap of the officer*, where officers are recorded: from his own last stamp. Nearly the work.
- *Ended*: how many of the stretches had their stamp when the records end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.calendars import Intervals
from sim.fitting.hidden.simulated import Stamps, Workshop
from sim.fitting.lives import DAY_S, NOBODY
from sim.records.from_events import NEVER

FEW: Final = 5
"""Numbers below which nothing is told of them."""
_MINUTE_H: Final = 1 / 60
_QUANTILES: Final = (0.1, 0.5, 0.9)
_TRIMMED: Final = 0.03
"""Share of the lowest, and of the highest numbers that are left out of mean and spread."""
_COUNTS: Final = (1, 2, 4)
"""Officers that are tried where none is recorded."""
_WARM_UP: Final = 0.1
"""Share of the stretches that are left out at the begin, where older cases are not recorded."""


class Summary:
    """Tells stamps of a workshop's stretches in K numbers; NaN where too few tell."""

    def __init__(self, shop: Workshop) -> None:
        self.shop, self.stretches = shop, shop.stretches
        s, recorded = self.stretches, shop.recorded
        at = {pool: number for number, pool in enumerate(shop.pools)}
        used = sorted(set(s.chain.tolist()))
        first = {c: at[shop.pool_of[s.chains[c][0][0]]] for c in used}
        last = {c: at[shop.pool_of[s.chains[c][-1][0]]] for c in used}
        self._first = np.array([first[c] for c in s.chain.tolist()])
        self._last = np.array([last[c] for c in s.chain.tolist()])
        self._chains = used
        self._task = np.array([[s.chains[c][0][0], s.chains[c][-1][0]] for c in s.chain.tolist()])
        self._duty = [shop.work.supply.duty[pool] for pool in shop.pools]
        self._counted = np.arange(len(s)) >= _WARM_UP * len(s)
        self._clock = [_clock(duty) for duty in self._duty]
        self._there = self._arrived()
        self._there_h = [self._hours(pool, self._there) for pool in (self._first, self._last)]
        self._before = [
            [np.sort(self._there[pool == number]) for number in range(len(self._duty))]
            for pool in (self._first, self._last)
        ]
        """Hand-overs of each pool, sorted."""
        self._shown = [self._told(recorded.begin < NEVER), self._told(recorded.end < NEVER)]
        """Stretches of chains whose begin, and end, is stamped in the records."""
        self._named = [
            self._told((t < NEVER) & (who != NOBODY), t < NEVER)
            for t, who in ((recorded.begin, recorded.began_by), (recorded.end, recorded.ended_by))
        ]

    def _arrived(self) -> Ints:
        """Return [S] when the papers were likely there: handed over, and brought."""
        s = self.stretches
        days = np.array([0.0 if way is None else way.mean for way in self.shop.ways])
        on_the_way = np.where(s.way >= 0, days[s.way], 0.0) * DAY_S
        whole = self.shop.calendar
        brought = np.asarray(whole.finish(s.ready, on_the_way.astype(np.int64)))
        return np.asarray(np.maximum(brought, s.ready + s.held))

    def _told(self, some: Bools, of: Bools | None = None) -> Bools:
        """Return [S]: in at least half of the stretches of its chain, or of those in `of`."""
        among = np.ones(len(some), np.bool_) if of is None else of
        chain = self.stretches.chain
        size = len(self.stretches.chains)
        count = np.bincount(chain[some & among], minlength=size)
        every = np.bincount(chain[among], minlength=size)
        least = 0.5 if of is not None else 0.1
        return np.asarray((count >= least * np.maximum(every, 1))[chain] & (every > 0)[chain])

    def _hours(self, pool: Ints, t: Ints) -> Floats:
        """Return [n] hours of duty of each pool before an instant."""
        found = np.zeros(len(t))
        for number, clock in enumerate(self._clock):
            mine = pool == number
            found[mine] = np.interp(t[mine], *clock)
        return found

    def of(self, stamps: Stamps) -> Floats:
        """Return [K] the summary."""
        begin = np.where(self._shown[0], stamps.begin, NEVER)
        end = np.where(self._shown[1], stamps.end, NEVER)
        found = [*self._spans(begin, end)]
        for pool in range(len(self._duty)):
            found += self._in_pool(pool, begin, end)
        found += self._of_officers(stamps, begin, end)
        return np.array(found)

    def _spans(self, begin: Ints, end: Ints) -> Iterator[float]:
        s = self.stretches
        for which, (stamp, pool) in enumerate(((begin, self._first), (end, self._last))):
            spans = self._hours(pool, stamp) - self._there_h[which]
            open_ = self._open(which, pool, stamp)
            for chain in self._chains:
                mine = (s.chain == chain) & self._counted & self._shown[which]
                if not mine.any():
                    continue
                ended = mine & (stamp < NEVER)
                yield float(np.log(ended.sum() + 0.5) - np.log(mine.sum() + 0.5))
                logs = _logs(spans[ended])
                yield from _told(logs)
                yield _slope(np.log1p(open_[ended]), logs)

    def _open(self, which: int, pool: Ints, stamp: Ints) -> Floats:
        """Return [S] how many others of the pool were there and not stamped at the hand-over."""
        found = np.zeros(len(stamp))
        for number, there in enumerate(self._before[which]):
            mine = np.flatnonzero(pool == number)
            at, left = self._there[mine], np.sort(stamp[mine])
            found[mine] = np.searchsorted(there, at, "left") - np.searchsorted(left, at, "right")
        return np.maximum(found, 0.0)

    def _in_pool(self, pool: int, begin: Ints, end: Ints) -> Iterator[float]:
        """Yield gaps between the stamps of a pool: its ends, and its begins."""
        members = sum(
            g.count for g in self.shop.groups if g.known and self.shop.pools[pool] in g.serves
        )
        for stamp, of, ends in ((end, self._last, True), (begin, self._first, False)):
            mine = np.flatnonzero((of == pool) & (stamp < NEVER))
            mine = mine[np.argsort(stamp[mine], kind="stable")]
            at = np.interp(stamp[mine], *self._clock[pool])
            there = self._there_h[ends][mine]
            for count in (members,) if members else _COUNTS:
                before = np.concatenate([np.full(min(count, len(at)), -1.0), at[:-count]])
                waited = ends | (there <= before)
                use = self._counted[mine] & waited & (before >= 0)
                gaps = at - (np.maximum(there, before) if ends else before)
                yield from _told(_logs(gaps[use]))

    def _of_officers(self, stamps: Stamps, begin: Ints, end: Ints) -> Iterator[float]:
        """Yield gaps between the stamps of each officer, by task."""
        n = len(begin)
        time = np.concatenate([begin, end])
        officer = np.concatenate([
            np.where(named, who, NOBODY)
            for named, who in zip(self._named, (stamps.began_by, stamps.ended_by), strict=True)
        ])  # fmt: skip
        kind = np.repeat([0, 1], n)
        row = np.tile(np.arange(n), 2)
        known = np.flatnonzero((time < NEVER) & (officer != NOBODY))
        order = known[np.lexsort((kind[known], time[known], officer[known]))]
        one, then = order[:-1], order[1:]
        same = officer[one] == officer[then]
        one, then = one[same], then[same]
        pool = np.where(kind[then] == 0, self._first[row[then]], self._last[row[then]])
        before, at = (self._hours(pool, t) for t in (time[one], time[then]))
        there = np.where(kind[then] == 0, *(h[row[then]] for h in self._there_h))
        counted = self._counted[row[then]]
        ended = (kind[then] == 1) & counted
        waited = (kind[one] == 0) & (kind[then] == 0) & counted
        for task in sorted({t for c in self._chains for t, _ in self.stretches.chains[c]}):
            mine = ended & (self._task[row[then], 1] == task)
            yield from _told(_logs((at - np.maximum(there, before))[mine]))
            mine = waited & (self._task[row[one], 0] == task)
            yield from _told(_logs((at - before)[mine & (there <= before)]))
            yield from _told(_logs((at - before)[mine]))


def _clock(duty: Intervals) -> tuple[Floats, Floats]:
    """Return instants, and the hours of duty before each; in between they are linear."""
    at = np.stack([duty.start, duty.end], axis=1).ravel()
    hours = np.asarray(duty.elapsed(0, at)) / 3600
    return np.append(0.0, at), np.append(0.0, hours)


def _logs(hours: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(hours, 0.0) + _MINUTE_H))


def _told(values: Floats) -> list[float]:
    """Return mean and spread of all but the extremes, which may be slips, and quantiles."""
    n = len(values)
    if n < FEW:
        return [float("nan")] * (2 + len(_QUANTILES))
    values = np.sort(values)
    cut = int(_TRIMMED * n)
    middle = values[cut : n - cut]
    mean = middle.sum() / len(middle)
    left = middle - mean
    spread = np.sqrt(left @ left / len(middle))
    return [mean, spread, *(values[int(q * (n - 1))] for q in _QUANTILES)]


def _slope(x: Floats, y: Floats) -> float:
    if len(x) < 2 * FEW:
        return float("nan")
    x = x - x.sum() / len(x)
    return float(x @ y / (x @ x + 0.01 * len(x)))
