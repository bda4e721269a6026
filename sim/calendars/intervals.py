"""Sets of seconds as sorted half-open intervals, and work that pauses outside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.arrays import Bools

Seconds: TypeAlias = NDArray[np.int64]

_DAY_S: Final = 86_400


@dataclass(frozen=True, eq=False)
class Intervals:
    """K half-open intervals [start, end), sorted, none empty, with a gap between any two.

    `Intervals.of` sorts and joins any pairs; the constructor refuses intervals in another form.
    Methods take ints or int64 arrays, which broadcast; ints give an int (or bool).
    """

    start: Seconds
    """[K] first second of each interval."""
    end: Seconds
    """[K] first second after each interval."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", np.asarray(self.start, dtype=np.int64))
        object.__setattr__(self, "end", np.asarray(self.end, dtype=np.int64))
        if self.start.ndim != 1 or self.start.shape != self.end.shape:
            raise ValueError(f"start {self.start.shape} and end {self.end.shape} must be [K] each")
        if not _in_form(self.start, self.end, np.array([0, self.start.size])):
            raise ValueError("intervals must be sorted, not empty and apart; use Intervals.of")

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]] | Seconds) -> Intervals:
        """Make intervals of (start, end) pairs, or an array [K, 2], in any order.

        Overlapping or touching pairs become one interval; empty pairs are dropped. ValueError if a
        pair ends before it starts.
        """
        array = pairs if isinstance(pairs, np.ndarray) else np.array(list(pairs), dtype=np.int64)
        start, end = np.asarray(array, dtype=np.int64).reshape(-1, 2).T
        if np.any(end < start):
            i = int(np.argmax(end < start))
            raise ValueError(f"interval [{start[i]}, {end[i]}) ends before it starts")
        order = np.argsort(start[end > start], kind="stable")
        return cls(*_merged(start[end > start][order], end[end > start][order]))

    def __len__(self) -> int:
        """Return K, the number of intervals."""
        return int(self.start.size)

    @cached_property
    def _before(self) -> Seconds:
        """[K + 1] seconds in all intervals before interval k; the last is the total."""
        return np.concatenate(([0], np.cumsum(self.end - self.start)))

    @overload
    def contains(self, t: int) -> bool: ...
    @overload
    def contains(self, t: Seconds) -> Bools: ...
    def contains(self, t: int | Seconds) -> bool | Bools:
        """Tell whether instant t (seconds) lies in an interval; an interval's end does not."""
        # t is inside if one more interval has started than has ended.
        inside = np.searchsorted(self.start, t, "right") > np.searchsorted(self.end, t, "right")
        return bool(inside) if np.ndim(t) == 0 else np.asarray(inside)

    @overload
    def finish(self, t: int, w: int) -> int: ...
    @overload
    def finish(self, t: Seconds, w: int | Seconds) -> Seconds: ...
    @overload
    def finish(self, t: int, w: Seconds) -> Seconds: ...
    def finish(self, t: int | Seconds, w: int | Seconds) -> int | Seconds:
        """Return when w seconds of work begun at t are done, pausing outside the intervals.

        With w = 0 that is at t. Work that ends exactly when an interval ends is done then,
        not at the next opening. After the last interval work goes on without a
        pause, as the engine expects of `Supply.duty`. ValueError if w < 0.
        """
        if np.any(np.less(w, 0)):
            raise ValueError(f"work of {int(np.min(w))} s: must be 0 or more")
        if len(self) == 0:
            return _plain(np.add(t, w))
        goal = self._until(t) + w
        i = np.searchsorted(self._before[1:-1], goal, "left")  # the last interval takes the rest
        paused = self.start[i] + goal - self._before[i]
        past = np.greater_equal(t, self.end[-1])
        return _plain(np.where(past, np.add(t, w), np.where(np.equal(w, 0), t, paused)))

    @overload
    def elapsed(self, a: int, b: int) -> int: ...
    @overload
    def elapsed(self, a: Seconds, b: int | Seconds) -> Seconds: ...
    @overload
    def elapsed(self, a: int, b: Seconds) -> Seconds: ...
    def elapsed(self, a: int | Seconds, b: int | Seconds) -> int | Seconds:
        """Return the open seconds within [a, b); if b < a, minus the open seconds within [b, a).

        Unlike in `finish`, the time after the last interval does not count.
        """
        return _plain(self._until(b) - self._until(a))

    def _until(self, t: int | Seconds) -> Seconds:
        """Return the seconds of the intervals before t."""
        begun = np.searchsorted(self.start, t, "right")
        if len(self) == 0:
            return np.zeros(np.shape(t), dtype=np.int64)
        # The last interval that has begun may not be over at t.
        ahead = np.maximum(self.end[begun - 1] - t, 0)
        return np.where(begun == 0, 0, self._before[begun] - ahead)

    def intersect(self, other: Intervals) -> Intervals:
        """Return the seconds in both sets."""
        return self._combine(other, np.logical_and)

    def minus(self, other: Intervals) -> Intervals:
        """Return the seconds in this set and not in `other`."""
        return self._combine(other, np.greater)

    def clip(self, a: int, b: int) -> Intervals:
        """Return the intervals cut to [a, b); none if b ≤ a."""
        return self.intersect(Intervals.of([(a, max(a, b))]))

    def _combine(self, other: Intervals, keep: Callable[[Bools, Bools], Bools]) -> Intervals:
        # Neither set changes between two neighbouring cuts: testing the first second is enough.
        cuts = np.unique(np.concatenate((self.start, self.end, other.start, other.end)))
        first = cuts[:-1]
        kept = keep(self.contains(first), other.contains(first))
        return Intervals(*_merged(first[kept], cuts[1:][kept]))


@dataclass(frozen=True, eq=False)
class IntervalTable:
    """K sets of intervals in one pair of arrays, for the compiled engine."""

    ptr: Seconds
    """[K + 1] set k has start[ptr[k] : ptr[k + 1]] and end[ptr[k] : ptr[k + 1]]."""
    start: Seconds
    """[ptr[K]] first second of each interval, one set after another."""
    end: Seconds
    """[ptr[K]] first second after each interval, one set after another."""

    def __post_init__(self) -> None:
        for name in ("ptr", "start", "end"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.int64))
        ptr = self.ptr
        if ptr.ndim != 1 or ptr.size == 0 or ptr[0] != 0 or np.any(np.diff(ptr) < 0):
            raise ValueError("ptr must rise from 0 and have one entry more than there are sets")
        if self.start.shape != (ptr[-1],) or self.end.shape != (ptr[-1],):
            raise ValueError(
                f"start {self.start.shape} and end {self.end.shape} must be [{ptr[-1]}] as ptr says"
            )
        if not _in_form(self.start, self.end, ptr):
            raise ValueError("the intervals of a set must be sorted, not empty and apart")

    @classmethod
    def of(cls, sets: Sequence[Intervals]) -> IntervalTable:
        """Join sets of intervals; row k is `sets[k]`."""
        none = np.empty(0, dtype=np.int64)  # concatenate needs at least one array
        return cls(
            np.cumsum([0, *(len(intervals) for intervals in sets)]),
            np.concatenate([none, *(intervals.start for intervals in sets)]),
            np.concatenate([none, *(intervals.end for intervals in sets)]),
        )

    def row(self, k: int) -> Intervals:
        """Return set k; IndexError unless 0 ≤ k < K."""
        if not 0 <= k < len(self):
            raise IndexError(f"set {k} of {len(self)}")
        which = slice(self.ptr[k], self.ptr[k + 1])
        return Intervals(self.start[which], self.end[which])

    @cached_property
    def before(self) -> Seconds:
        """[ptr[K] + 1] seconds in all intervals before interval i; the last is the total."""
        return np.concatenate(([0], np.cumsum(self.end - self.start)))

    def first_open(self, k: Seconds, t: Seconds) -> Seconds:
        """Return [n] for each (set k, instant t) the set's first interval that ends after t.

        It is a position in the table; without such an interval, `ptr[k + 1]`.
        """
        first, days = self._first_on_day
        at = first[k * days + np.clip(t // _DAY_S, 0, days - 1)].astype(np.int64)
        # Some intervals of that day may be over at t; two or three steps pass nearly all of them.
        stop, ends = self.ptr[k + 1], np.append(self.end, 0)
        over = np.flatnonzero((at < stop) & (ends[at] <= t))
        while len(over):
            at[over] += 1
            over = over[(at[over] < stop[over]) & (ends[at[over]] <= t[over])]
        return at

    @cached_property
    def _first_on_day(self) -> tuple[NDArray[np.int32], int]:
        """Return each set's first interval that ends on day d or later, and the number of days."""
        last_day = (self.end - 1) // _DAY_S
        days = int(last_day.max(initial=0)) + 1
        of_set = np.repeat(np.arange(len(self)), np.diff(self.ptr))
        ends = np.bincount(of_set * days + np.maximum(last_day, 0), minlength=len(self) * days)
        return (np.cumsum(ends) - ends).astype(np.int32), days

    def __len__(self) -> int:
        """Return K, the number of sets."""
        return int(self.ptr.size - 1)


def _in_form(start: Seconds, end: Seconds, ptr: Seconds) -> bool:
    """Tell whether every set is sorted, with gaps between its intervals and none empty."""
    apart = np.ones(start.size + 1, dtype=np.bool_)
    apart[1:-1] = start[1:] > end[:-1]
    apart[ptr] = True  # nothing links the end of one set and the start of the next
    return bool(np.all(start < end) and np.all(apart))


def _merged(start: Seconds, end: Seconds) -> tuple[Seconds, Seconds]:
    """Join overlapping and touching intervals, given in order of start and not empty."""
    if start.size == 0:
        return start, end
    reach = np.maximum.accumulate(end)
    new = np.concatenate(([True], start[1:] > reach[:-1]))
    return start[new], reach[np.concatenate((new[1:], [True]))]


def _plain(seconds: ArrayLike) -> int | Seconds:
    array = np.asarray(seconds, dtype=np.int64)
    return int(array) if array.ndim == 0 else array
