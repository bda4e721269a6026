"""Reads the data of a replay as the script of the page does, and tells what they show."""

from __future__ import annotations

import json
from itertools import islice

import numpy as np

from sim.report.replay.encoding import SIGNS

NEVER = -1
NONE, GOOD, NEAR, OVER = -1, 0, 1, 2


def unpacked(text: str) -> list[int]:
    numbers, number, worth = [], 0, 1
    for sign in text:
        digit = SIGNS.index(sign)
        number += digit % 32 * worth
        worth *= 32
        if digit < 32:
            numbers.append(number)
            number, worth = 0, 1
    return numbers


class Shown:
    """What a page has of a replay; instants in minutes."""

    def __init__(self, text: str) -> None:
        self.data = json.loads(text)
        cases = np.array(unpacked(self.data["cases"]), np.int64).reshape(-1, 6)
        items = np.array(unpacked(self.data["items"]), np.int64).reshape(-1, 5)
        self.number, self.arrival = cases[:, 0].cumsum(), cases[:, 2].cumsum()
        self.type, self.outcome = cases[:, 1], cases[:, 4]
        self.end = np.where(cases[:, 3] > 0, self.arrival + cases[:, 3] - 1, NEVER)
        self.of = np.repeat(np.arange(len(cases)), cases[:, 5])
        self.node, self.pool = items[:, 0], items[:, 1] - 1
        self.ready = self.arrival[self.of] + np.concatenate(
            [part.cumsum() for part in np.split(items[:, 2], cases[:, 5].cumsum())]
        )
        self.start = np.where(items[:, 3] > 0, self.ready + items[:, 3] - 1, NEVER)
        self.ended = np.where(items[:, 4] > 0, self.start + items[:, 4] - 1, NEVER)
        again = np.array(unpacked(self.data["again"]), np.int64).reshape(-1, 3)
        self.again = again[:, 0].cumsum()
        self.again_begin = self.ready[self.again] + again[:, 1]
        self.again_end = self.again_begin + again[:, 2]
        self.clocks = [dict(_clocks(unpacked(limit["cases"]))) for limit in self.data["limits"]]

    def open_items(self, t: int) -> np.ndarray:
        return (self.ready <= t) & ((self.ended == NEVER) | (self.ended > t))

    def waiting(self, t: int) -> np.ndarray:
        """Return the pool of every item that waits."""
        waits = self.open_items(t) & (self.pool >= 0) & ((self.start == NEVER) | (self.start > t))
        waits[self.again[(self.again_begin <= t) & (t < self.again_end)]] = True
        return self.pool[waits]

    def open_cases(self, t: int) -> np.ndarray:
        return (self.arrival <= t) & ((self.end == NEVER) | (self.end > t))

    def colour(self, limit: int, place: int, t: int) -> int:
        clock = self.clocks[limit].get(place)
        if clock is None or clock["start"] > t:
            return NONE
        if NEVER < clock["over"] <= t:
            return OVER
        return NEAR if NEVER < clock["near"] <= t else GOOD

    def worst(self, place: int, t: int) -> int:
        """Return the colour of a case: a clock that stopped in time is good again."""
        colours = [NONE]
        for number, clock in enumerate(self.clocks):
            colour = self.colour(number, place, t)
            stopped = colour == NEAR and NEVER < clock[place]["stop"] <= t
            colours.append(GOOD if stopped else colour)
        return max(colours)

    def used(self, limit: int, place: int, t: int) -> int:
        return sum(rise <= t for rise in self.clocks[limit][place]["rises"])


def _clocks(numbers: list[int]):
    stream, place = iter(numbers), 0
    for later in stream:
        place += later
        allowed, start, *after, rises = islice(stream, 6)
        stop, near, over = (start + each - 1 if each else NEVER for each in after)
        risen = np.cumsum([start, *islice(stream, rises)])[1:].tolist()
        yield place, {"allowed": allowed, "start": start, "stop": stop, "near": near,
                      "over": over, "rises": risen}  # fmt: skip
