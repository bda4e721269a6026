"""What the tools are given of the benchmark process, and what is read off their runs.

Times are compared in working seconds: seconds of office hours, Monday to Friday 9 to 17, since the
start. Nothing here needs `sim`, so that a tool in an environment of its own can use it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.arrays import Floats

DAY_S = 86_400
OPENS_S, CLOSES_S = 9 * 3600, 17 * 3600
OPEN_S = CLOSES_S - OPENS_S

DEPARTMENTS = ("planning", "environment", "fire", "land")
LAST_STEPS = ("consolidate", "decide", "issue")


clock = time.process_time
"""Seconds of the processor: others on the machine disturb them least. All tools use one core."""


@dataclass(frozen=True)
class Process:
    """The numbers of `process.yaml`."""

    steps: dict[str, tuple[str, float]]
    """Step → its pool, and the mean of its exponential work in seconds."""
    officers: dict[str, int]
    """Pool → how many."""
    sent_back: float
    """Probability that a check sends the case back, to a notice and another check."""
    gap_s: float
    """Mean of the exponential gaps between arrivals, in working seconds."""
    cases: int


def process_of(scenario: Any) -> Process:
    """Read the numbers of the benchmark process off its scenario."""
    case_type, window = scenario.case_types["permit"], scenario.period.window
    rework = case_type.steps["check"].rework
    year = window.first.year
    working_days = int(np.busday_count(f"{year}-01-01", f"{year + 1}-01-01"))
    gap_s = OPEN_S * working_days / case_type.arrivals.yearly.volume
    days = int(np.busday_count(window.first, window.last)) + 1
    return Process(
        {
            name: (step.pool, float(step.work.exponential.seconds))
            for name, step in (case_type.steps | rework.via).items()
        },
        {group.serves[0]: group.count for group in scenario.staff.values()},
        float(rework.probability),
        gap_s,
        round(days * OPEN_S / gap_s),
    )


@dataclass(frozen=True)
class Run:
    """One run of a tool."""

    seconds: float
    """Time it took."""
    cases: int
    items: int
    measures: dict[str, float] = field(default_factory=dict)
    """What came out; see `measures`."""
    parts: dict[str, float] = field(default_factory=dict)
    """Part of the run → seconds."""


def measures(
    process: Process,
    pool: list[str] | NDArray[np.str_],
    times: ArrayLike,
    cases: ArrayLike,
) -> dict[str, float]:
    """Return what is compared: the mean sojourn, each pool's mean wait (hours) and utilisation.

    Parameters
    ----------
    pool
        [I] the pool of each work item.
    times
        [I, 3] when it was ready, began and ended, in working seconds.
    cases
        [C, 2] arrival and end of each case, in working seconds.
    """
    pool, times, cases = np.asarray(pool), np.asarray(times, float), np.asarray(cases, float)
    found = {"sojourn": float((cases[:, 1] - cases[:, 0]).mean()) / 3600}
    ready, start, end = times.T
    for name, officers in process.officers.items():
        of_pool = pool == name
        found[f"wait {name}"] = float((start - ready)[of_pool].mean()) / 3600
        found[f"use {name}"] = float((end - start)[of_pool].sum() / officers / end.max())
    return found


def working_s(t: ArrayLike) -> Floats:
    """Return the working seconds before t, seconds since midnight of a Monday."""
    day, second = np.divmod(np.asarray(t, float), DAY_S)
    week, weekday = np.divmod(day, 7)
    today = np.where(weekday < 5, np.clip(second - OPENS_S, 0, OPEN_S), 0)
    return (week * 5 + np.minimum(weekday, 5)) * OPEN_S + today


def calendar_s(worked: ArrayLike) -> Floats:
    """Return the instant by which so many working seconds have passed; see `working_s`."""
    day, second = np.divmod(np.asarray(worked, float), OPEN_S)
    week, weekday = np.divmod(day, 5)
    return (week * 7 + weekday) * DAY_S + OPENS_S + second
