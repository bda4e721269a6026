"""Plain means over independent replications, with a t interval.

One value per replication: the mean over the cases or items of the measured window. The first
simulated months only fill the queues (`period.window` begins later), so that the empty start does
not bias the means. Times are in hours, the time unit of the exact values; rounding to seconds
changes them by about 0.0001.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.clocks import History
from sim.engine.checks import verify
from sim.engine.contract import OPEN
from sim.replications.model import Model
from sim.scenario import load

SEED = 1917
HOUR_S = 3600
CONFIDENCE = 0.999

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """A t interval for a mean."""

    mean: float
    half_width: float

    def covers(self, value: float) -> bool:
        return abs(self.mean - value) <= self.half_width


def interval(values: Values) -> Interval:
    """Return the t interval over independent replications at `CONFIDENCE`."""
    n = len(values)
    t = float(stats.t.ppf((1 + CONFIDENCE) / 2, n - 1))
    return Interval(float(values.mean()), t * float(values.std(ddof=1)) / n**0.5)


@dataclass(frozen=True)
class System:
    """A textbook scenario, as tested."""

    scenario: str
    replications: int
    overrides: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "+".join((self.scenario, *self.overrides))


@cache
def observe(system: System) -> dict[str, Values]:
    """Return measure → [replications]; every replication is run once and serves all measures."""
    scenario = load(
        f"textbook/{system.scenario}", overrides=system.overrides, settings=system.settings
    )
    model = Model(scenario)
    rows = []
    for number in range(system.replications):
        replication = model.replicate(SEED, number)
        if number == 0:
            workload, supply = replication.demand.workload, replication.supply
            assert verify(workload, supply, replication.schedule, replication.horizon_s) == []
        rows.append(measures(model, replication))
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def measures(model: Model, replication: History) -> dict[str, float]:
    """Return the means of one replication, by case type and by pool.

    ``W`` time from ready to end (of a case: from arrival to the end of its last item), ``Wq``
    waiting of an item, ``P`` share of items that wait at all, ``Lq`` time average of the number
    that waits.
    """
    demand, schedule = replication.demand, replication.schedule
    workload = demand.workload
    assert demand.cut_off.sum() == 0
    measured = workload.measured[demand.case]
    assert (schedule.end[measured] != OPEN).all()
    found: dict[str, float] = {}
    last_end = np.maximum.reduceat(schedule.end, workload.first_item[:-1])
    for number, name in enumerate(model.process.case_types):
        cases = workload.measured & (demand.case_type == number)
        found[f"{name} W"] = float((last_end - workload.arrival_s)[cases].mean()) / HOUR_S
        items = measured & (demand.case_type[demand.case] == number) & (workload.pool >= 0)
        found |= _of_items(name, replication, items)
    for name in model.scenario.pools:
        pool = model.pools.numbers(name)[0]
        found |= _of_items(name, replication, measured & (workload.pool == pool))
        found[f"{name} W"] = _mean_h(
            schedule.end - schedule.ready, measured & (workload.pool == pool)
        )
        found[f"{name} Lq"] = _mean_queue(replication, workload.pool == pool, model.window_s)
    return found


def _of_items(name: str, replication: History, items: NDArray[np.bool_]) -> dict[str, float]:
    wait = replication.schedule.start - replication.schedule.ready
    return {f"{name} Wq": _mean_h(wait, items), f"{name} P": float((wait[items] > 0).mean())}


def _mean_h(seconds: NDArray[np.int64], chosen: NDArray[np.bool_]) -> float:
    return float(seconds[chosen].mean()) / HOUR_S


def _mean_queue(replication: History, items: NDArray[np.bool_], window: tuple[int, int]) -> float:
    """Waiting time spent within the window, by whomever, divided by the window's length."""
    schedule, (begin, until) = replication.schedule, window
    came = items & (schedule.ready != OPEN)
    start = np.where(schedule.start == OPEN, schedule.stopped_s, schedule.start)
    waited = np.minimum(start, until)[came] - np.maximum(schedule.ready, begin)[came]
    return float(np.maximum(waited, 0).sum()) / (until - begin)
