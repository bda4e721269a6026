"""A replay as text for a page: whole numbers as differences, in a few signs each.

Numbers are written in base 32, the lowest digit first; a sign of the second half of `SIGNS` says
that more digits follow. Lists follow each other without separators, since the reader knows how
many numbers make a record; an instant that did not come is 0, all others are 1 more. The script
of the page (`replay.js`) reads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from sim.arrays import Ints
from sim.calendars import WorkingDays
from sim.engine.contract import OPEN
from sim.experiments.replay.clocks import LimitClock
from sim.experiments.replay.minutes import DAY_MIN
from sim.experiments.replay.replay import Replay
from sim.scenario import calendar_of

SIGNS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def packed(numbers: Iterable[int]) -> str:
    """Write whole numbers ≥ 0."""
    signs = []
    for number in numbers:
        rest = int(number)
        while rest >= 32:
            signs.append(SIGNS[32 + rest % 32])
            rest //= 32
        signs.append(SIGNS[rest])
    return "".join(signs)


def data_of(replay: Replay) -> dict[str, Any]:
    """Return what the script draws, without words: the same in every language."""
    return {
        "first": replay.first,
        "last": replay.last,
        "midnight": replay.model.scenario.period.start.isoformat(),
        "off": packed(_days_off(replay)),
        "cases": packed(_cases(replay).ravel()),
        "items": packed(_items(replay).ravel()),
        "again": packed(_again(replay).ravel()),
        "limits": [
            {"hours": clock.limit.unit == "h", "ticks": clock.limit.rule.ticks,
             "cases": packed(_clock(clock, replay))}
            for clock in replay.clocks
        ],
        "usual": replay.usual,
    }  # fmt: skip


def _days_off(replay: Replay) -> Ints:
    """Return the days that are no working days, each as the distance to the one before."""
    days: WorkingDays = calendar_of(replay.model.scenario, last=replay.date(replay.last).date())
    shown = np.arange(replay.first // DAY_MIN, replay.last // DAY_MIN + 1)
    off = shown[~days.working[shown]]
    return np.diff(off, prepend=0)


def _after(t: Ints, before: Ints) -> Ints:
    """Return how long after another instant each one comes, and 1; 0 if it does not come."""
    return np.where(t == OPEN, 0, t - before + 1)


def _cases(replay: Replay) -> Ints:
    """Return [C, 6] number, type, arrival, length, outcome and number of items of each case."""
    items = np.bincount(replay.items.case, minlength=len(replay.case))
    number, arrival = (np.diff(part, prepend=0) for part in (replay.case, replay.arrival))
    length = _after(replay.end, replay.arrival)
    return np.stack([number, replay.case_type, arrival, length, replay.outcome, items], axis=1)


def _items(replay: Replay) -> Ints:
    """Return [I, 5] node, pool, and when each item was ready, began and ended, one by the other."""
    items = replay.items
    before = np.append(0, items.ready[:-1])
    first = np.append(True, items.case[1:] != items.case[:-1])[: len(items.case)]
    before = np.where(first, replay.arrival[items.case], before[: len(items.case)])
    ready = items.ready - before
    start, end = _after(items.start, items.ready), _after(items.end, items.start)
    return np.stack([items.node, items.pool + 1, ready, start, end], axis=1)


def _again(replay: Replay) -> Ints:
    """Return [W, 3] item, begin and length of every wait after a hand-over."""
    items = replay.items
    order = np.argsort(items.again, kind="stable")
    item, begin, end = items.again[order], items.again_begin[order], items.again_end[order]
    return np.stack([np.diff(item, prepend=0), begin - items.ready[item], end - begin], axis=1)


def _clock(clock: LimitClock, replay: Replay) -> list[int]:
    """Return the records of the clock, case after case; rises stand at the end of each."""
    place = np.searchsorted(replay.case, clock.case)
    records = np.stack(
        [
            np.diff(place, prepend=0),
            clock.allowed,
            clock.start,
            *(_after(t, clock.start) for t in (clock.stop, clock.near, clock.over)),
            np.diff(clock.first_rise),
        ],
        axis=1,
    )
    numbers: list[int] = []
    for row, record in enumerate(records.tolist()):
        rises = clock.rise[clock.first_rise[row] : clock.first_rise[row + 1]]
        numbers += record
        numbers += np.diff(rises, prepend=clock.start[row]).tolist()
    return numbers
