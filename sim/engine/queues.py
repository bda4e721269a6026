"""The waiting items of a pool, in the order of its rule.

Keys are compared across pools, so every rule yields the same whole key: (class, key, ready time,
item number). No two are equal.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Protocol, TypeAlias

from sim.engine.contract import Rule, Supply, Workload
from sim.engine.deadlines import Deadlines

Key: TypeAlias = tuple[int, int, int, int]


class Queue(Protocol):
    """The waiting items of one pool."""

    def __bool__(self) -> bool:
        """Return whether an item waits."""

    def add(self, item: int, ready: int) -> None:
        """Add an item that became ready at `ready`."""

    def first(self, t: int) -> Key:
        """Return the smallest key at t. There must be one."""

    def remove(self, key: Key) -> None:
        """Remove the item with the key that `first` returned last."""

    def discard(self, item: int) -> None:
        """Remove a waiting item from anywhere in the queue."""


class _FixedQueue:
    """A heap, for keys that do not change while the item waits.

    A discarded item stays in the heap until it would be the first; so the first always waits.
    """

    def __init__(self, priority: list[int]) -> None:
        self._priority = priority
        self._heap: list[Key] = []
        self._gone: set[int] = set()  # discarded, but still in the heap

    def __bool__(self) -> bool:
        return bool(self._heap)

    def add(self, item: int, ready: int) -> None:
        heappush(self._heap, (self._priority[item], 0, ready, item))

    def first(self, t: int) -> Key:
        return self._heap[0]

    def remove(self, key: Key) -> None:
        heappop(self._heap)
        if self._gone:
            self._drop_gone()

    def discard(self, item: int) -> None:
        self._gone.add(item)
        self._drop_gone()

    def _drop_gone(self) -> None:
        while self._gone and self._heap[0][3] in self._gone:
            self._gone.remove(heappop(self._heap)[3])


class _MovingQueue:
    """Items in no order, for keys that change with the date or the due day.

    Each look computes all keys again. That keeps the code obviously right; the compiled
    engine has a faster structure.
    """

    def __init__(self, priority: list[int], key: Callable[[int, int], int]) -> None:
        self._priority = priority
        self._key = key
        """(item, t) → the second part of the whole key."""
        self._ready: dict[int, int] = {}

    def __bool__(self) -> bool:
        return bool(self._ready)

    def add(self, item: int, ready: int) -> None:
        self._ready[item] = ready

    def first(self, t: int) -> Key:
        priority, key = self._priority, self._key
        return min((priority[i], key(i, t), ready, i) for i, ready in self._ready.items())

    def remove(self, key: Key) -> None:
        del self._ready[key[3]]

    def discard(self, item: int) -> None:
        del self._ready[item]


def needs_deadlines(supply: Supply) -> bool:
    """Return whether a pool's order depends on due days."""
    return bool(((supply.rule == Rule.EARLIEST_DUE) | (supply.rule == Rule.ESCALATE)).any())


def queues(workload: Workload, supply: Supply, deadlines: Deadlines | None) -> list[Queue]:
    """Return an empty queue for each pool; `deadlines` is required if `needs_deadlines`."""
    priority: list[int] = workload.priority.tolist()
    one_class = [0] * len(priority)

    def queue(rule: Rule, escalate_wd: int) -> Queue:
        if rule == Rule.FIFO:
            return _FixedQueue(one_class)
        if rule == Rule.PRIORITY:
            return _FixedQueue(priority)
        assert deadlines is not None
        due, left = deadlines.due, deadlines.left
        if rule == Rule.EARLIEST_DUE:
            return _MovingQueue(priority, due)
        return _MovingQueue(priority, lambda item, t: int(left(item, t) >= escalate_wd))

    return [
        queue(Rule(rule), wd)
        for rule, wd in zip(supply.rule.tolist(), supply.escalate_wd.tolist(), strict=True)
    ]
