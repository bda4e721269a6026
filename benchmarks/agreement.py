"""Do two tools find the same? Differences of means over independent runs, with joint intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from process import Run
from scipy.stats import t as student

CONFIDENCE = 0.95
"""Of all intervals of one comparison together (Bonferroni)."""


NARROW = 0.25
"""The largest half-width, relative to the mean, with which agreement is worth a word."""


@dataclass(frozen=True)
class Difference:
    """The mean of one measure, and by how much a peer's is above it."""

    ours: float
    above: float
    half_width: float

    @property
    def agrees(self) -> bool:
        """Whether the interval holds 0."""
        return abs(self.above) <= self.half_width


def differences(ours: list[Run], theirs: list[Run]) -> dict[str, Difference]:
    """Compare the measures of independent runs (Welch), at least two of each."""
    found = {}
    for name in ours[0].measures:
        a, b = (np.array([run.measures[name] for run in runs]) for runs in (ours, theirs))
        parts = np.array([a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)])
        freedom = parts.sum() ** 2 / (parts**2 / [len(a) - 1, len(b) - 1]).sum()
        quantile = student.ppf(1 - (1 - CONFIDENCE) / 2 / len(ours[0].measures), freedom)
        half_width = float(quantile * np.sqrt(parts.sum()))
        found[name] = Difference(float(a.mean()), float(b.mean() - a.mean()), half_width)
    return found


FEWEST_RUNS = 5
"""With fewer of the peer, the spread is too badly known for the interval to be worth its name."""


def outside(found: dict[str, Difference], runs: int) -> list[str]:
    """Return the measures on which a peer disagrees, after so many runs of it."""
    if runs < FEWEST_RUNS:
        return []
    return [name for name, each in found.items() if not each.agrees]


def verdict(found: dict[str, Difference], runs: int) -> str:
    """Say whether a peer agrees."""
    if wrong := outside(found, runs):
        return f"DISAGREES on {', '.join(wrong)}"
    widest = max(each.half_width / each.ours for each in found.values())
    if runs < FEWEST_RUNS or widest > NARROW:
        return "too few runs to tell"
    return f"agrees; the widest interval is ± {widest:.0%} of the mean"
