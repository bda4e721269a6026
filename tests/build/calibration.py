"""Whether predicted probabilities agree with what happened, where cases share a city's luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SAMPLES = 4000
"""Resampled sets of cities."""


@dataclass(frozen=True)
class Tenth:
    """The cases whose predicted probability lies in a tenth."""

    low: float
    cases: int
    cities: int
    predicted: float
    """Mean of the predicted probabilities."""
    observed: float
    """Share of the cases that were late."""
    interval: tuple[float, float]
    """Of the observed share less the predicted one, moved to the predicted one, at 99 %: cities are
    resampled. The predictions are calibrated where it holds `observed`'s own expectation,
    `predicted`."""

    @property
    def holds(self) -> bool:
        """Whether the predicted share lies in the interval of the observed one."""
        return self.interval[0] <= self.predicted <= self.interval[1]


def tenths(
    predicted: Sequence[float], late: Sequence[bool], city: Sequence[int], level: float = 0.99
) -> list[Tenth]:
    """Return the tenths that hold cases; each argument has one entry a case."""
    p, y, of = np.array(predicted, float), np.array(late, float), np.array(city)
    tenth = np.minimum((p * 10 + 1e-9).astype(int), 9)
    draw = np.random.default_rng(0)
    found = []
    for number in np.unique(tenth).tolist():
        here = tenth == number
        names, position = np.unique(of[here], return_inverse=True)
        cases, sums = np.bincount(position), np.bincount(position, y[here] - p[here])
        weight = draw.multinomial(len(names), np.full(len(names), 1 / len(names)), SAMPLES)
        beyond = (weight @ sums) / (weight @ cases)
        low, high = np.quantile(beyond, [(1 - level) / 2, (1 + level) / 2])
        mean = float(p[here].mean())
        found.append(
            Tenth(
                low=number / 10,
                cases=int(here.sum()),
                cities=len(names),
                predicted=mean,
                observed=float(y[here].mean()),
                interval=(mean + float(low), mean + float(high)),
            )
        )
    return found


def brier(predicted: Sequence[float], late: Sequence[bool]) -> float:
    """Return the mean squared error of probabilities."""
    return float(np.mean((np.array(predicted, float) - np.array(late, float)) ** 2))
