"""Bars that overlap in time, in as few lanes as hold them."""

from __future__ import annotations

from collections.abc import Sequence


def lanes(spans: Sequence[tuple[float, float]]) -> list[int]:
    """Return for each span, given by begin, the first lane that is free by then."""
    free_from: list[float] = []
    found = []
    for begin, end in spans:
        lane = next((n for n, free in enumerate(free_from) if free <= begin), len(free_from))
        free_from[lane : lane + 1] = [end]
        found.append(lane)
    return found
