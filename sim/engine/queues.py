"""The waiting items of a pool, in the order of its rule.

Keys are compared across pools, so every rule yields the same whole key: (class, key, ready time,
item number). No two are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from typing import Protocol, TypeAlias

from sim.engine.contract import Rule, Supply, Workload, pools_of_teams
from sim.engine.deadlines import Deadlines

Key: TypeAlias = tuple[int, int, int, int]


class Queue(Protocol):
    """The waiting items of one pool."""

    def __len__(self) -> int:
        """Return the number of waiting items."""

    def add(self, item: int, ready: int) -> None:
        """Add an item that became ready at `ready`."""

    def first(self, t: int) -> Key:
        """Return the smallest key at t. There must be one."""

    def remove(self, key: Key) -> None:
        """Remove the item with the key that `first` returned last."""

    def discard(self, item: int) -> None:
        """Remove a waiting item from anywhere in the queue."""


class _FixedQueue(Queue):
    """A heap, for keys that do not change while the item waits.

    A discarded item stays in the heap until it would be the first; so the first always waits.
    """

    def __init__(self, priority: list[int]) -> None:
        self._priority = priority
        self._heap: list[Key] = []
        self._gone: set[int] = set()  # discarded, but still in the heap

    def __len__(self) -> int:
        return len(self._heap) - len(self._gone)

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


class MovingQueue(Queue):
    """Items in no order, where keys change or the first item is not always taken.

    Each look computes all keys again. That keeps the code obviously right; the compiled
    engine has a faster structure.
    """

    def __init__(self, priority: list[int], key: Callable[[int, int], int]) -> None:
        self._priority = priority
        self._key = key
        """(item, t) → the second part of the whole key."""
        self._ready: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._ready)

    def add(self, item: int, ready: int) -> None:
        """Add an item that became ready at `ready`."""
        self._ready[item] = ready

    def keys(self, t: int) -> Iterator[Key]:
        """Yield the keys of all waiting items at t, in no order."""
        priority, key = self._priority, self._key
        return ((priority[i], key(i, t), ready, i) for i, ready in self._ready.items())

    def first(self, t: int) -> Key:
        """Return the smallest key at t."""
        return min(self.keys(t))

    def remove(self, key: Key) -> None:
        """Remove the item with this key."""
        del self._ready[key[3]]

    def discard(self, item: int) -> None:
        """Remove a waiting item."""
        del self._ready[item]


def needs_deadlines(supply: Supply) -> bool:
    """Return whether a pool's order, or what officers may begin, depends on due days."""
    by_rule = (supply.rule == Rule.EARLIEST_DUE) | (supply.rule == Rule.ESCALATE)
    return bool(by_rule.any()) or (supply.conditions is not None and supply.conditions.look_at_days)


def queues(workload: Workload, supply: Supply, deadlines: Deadlines | None) -> list[Queue]:
    """Return an empty queue for each pool; `deadlines` is required if `needs_deadlines`."""
    priority: list[int] = workload.priority.tolist()
    one_class = [0] * len(priority)

    def queue(rule: Rule, escalate_wd: int, searched: bool) -> Queue:
        if rule in (Rule.FIFO, Rule.PRIORITY):
            classes = one_class if rule == Rule.FIFO else priority
            return MovingQueue(classes, lambda item, t: 0) if searched else _FixedQueue(classes)
        assert deadlines is not None
        due, left = deadlines.due, deadlines.left
        if rule == Rule.EARLIEST_DUE:
            return MovingQueue(priority, due)
        return MovingQueue(priority, lambda item, t: int(left(item, t) >= escalate_wd))

    searched = supply.has_conditions | pools_of_teams(workload, supply)
    columns = (supply.rule, supply.escalate_wd, searched)
    return [
        queue(Rule(rule), wd, searched)
        for rule, wd, searched in zip(*(column.tolist() for column in columns), strict=True)
    ]
