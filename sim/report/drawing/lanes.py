"""Lanes for bars that overlap in time, as few as possible."""

from __future__ import annotations

from collections.abc import Sequence


def lanes(spans: Sequence[tuple[float, float]]) -> list[int]:
    """Return for each span, ordered by begin, the first lane that is free at its begin."""
    free_from: list[float] = []
    lane_of = []
    for begin, end in spans:
        lane = next((n for n, free in enumerate(free_from) if free <= begin), len(free_from))
        free_from[lane : lane + 1] = [end]
        lane_of.append(lane)
    return lane_of
