"""A small city whose register is cut at a date, and what really happened to its open cases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

import numpy as np

import sim
from sim.measures.limits import Standing
from sim.records.register import Register
from sim.records.simulated import register_of
from sim.replications.model import Model
from sim.replications.readings import read_limits
from sim.scenario import Scenario
from tests.build.backlogs import DRAWN, HAND

CITY = """
limits:
  all: {case_type: project, limit: 6 wd}
  net: {case_type: network, limit: 1 wd}
period: {start: 2021-08-02, window: {from: 2021-08-02, to: 2021-10-31}, run_out: 120 cd}
"""
SETTINGS = (
    *(f"{path}={value}" for path, value in DRAWN[2:]),
    "case_types.project.arrivals={at: null, every: {exponential: 19 h}}",
    "case_types.network.arrivals={at: null, every: {exponential: 19 h}}",
    "case_types.network.steps.b.delay={lognormal: {median: 40 h, p90: 120 h}}",
)
DATE = dt.date(2021, 9, 22)


@cache
def city(folder) -> Scenario:
    """Return the scenario, written into a folder."""
    (folder / "hand.yaml").write_text(HAND, encoding="utf-8")
    (folder / "city.yaml").write_text(f"extends: hand.yaml\n{CITY}", encoding="utf-8")
    return sim.load(folder / "city.yaml", settings=SETTINGS)


@dataclass(frozen=True)
class Truth:
    """A register, and for each limit the cases that a limit bound: whether they were late."""

    register: Register
    late: dict[tuple[str, str], bool]
    """(limit, number of the case) → late."""
    received: dict[str, dt.date]
    """Number of the case → date of receipt."""


def happened(scenario: Scenario, seed: int, model: Model | None = None) -> Truth:
    """Simulate a city; return what its offices recorded, and how its cases ended."""
    model = Model(scenario) if model is None else model
    done = model.replicate(seed, 0)
    officers = [officer.name for officer in model.supply.officers]
    register = register_of(scenario, done, officers=officers, pools=model.pools.names)
    late = {}
    for reading in read_limits(scenario, done):
        standing = reading.standing[reading.clock]
        for case, of in zip(reading.readings.case.tolist(), standing.tolist(), strict=True):
            if of in (Standing.LATE, Standing.OPEN_OVERDUE, Standing.ON_TIME):
                late[reading.name, f"{case + 1:06d}"] = of != Standing.ON_TIME
    start = scenario.period.start
    days = (done.demand.workload.arrival_s // 86_400).tolist()
    received = {f"{n + 1:06d}": start + dt.timedelta(days=day) for n, day in enumerate(days)}
    return Truth(register, late, received)


def brier(predicted: np.ndarray, late: np.ndarray) -> float:
    """Return the mean squared error of probabilities."""
    return float(np.mean((predicted - late) ** 2))
