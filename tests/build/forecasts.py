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


def random_city(number: int, folder) -> tuple[Scenario, dt.date]:
    """Return a city with a load, staff, work and limits of its own, and a date of its forecast.

    Each limit lies where the middle half of the city's cases end, so that most open ones may still
    go either way.
    """
    draw = np.random.default_rng(number)
    median, work = draw.uniform(16, 60), draw.uniform(1, 4)
    staff = int(draw.integers(1, 4))
    gap = (work + 1) * draw.uniform(6, 9) / staff  # officers are busy for 64 to 96 % of their time
    settings = [
        f"case_types.project.arrivals={{at: null, every: {{exponential: {gap} h}}}}",
        f"case_types.network.arrivals={{at: null, every: {{exponential: {3 * gap} h}}}}",
        f"case_types.project.matters.A.review.handle.work={{exponential: {work} h}}",
        f"case_types.project.matters.A.correction.probability={draw.uniform(0, 0.6)}",
        "case_types.network.steps.b.delay="
        f"{{lognormal: {{median: {median} h, p90: {median * draw.uniform(1.5, 4)} h}}}}",
        "case_types.project.matters.A.decision.work=10 min",
        f"staff.handlers.count={staff}",
        f"staff.windows.count={staff + 1}",
    ]
    scenario = sim.vary(city(folder), settings=settings)
    for reading in read_limits(scenario, Model(scenario).replicate(number, 1)):
        clock = reading.readings.clocks[reading.clock]
        days = np.quantile(clock.value[~clock.open & clock.started], draw.uniform(0.4, 0.9))
        settings.append(f"limits.{reading.name}.limit={max(1, round(days))} wd")
    date = dt.date(2021, 8, 30) + dt.timedelta(days=int(draw.integers(0, 46)))
    return sim.vary(city(folder), settings=settings), date


@dataclass(frozen=True)
class Truth:
    """A register, and for each limit the cases that a limit bound: whether they were late."""

    register: Register
    late: dict[tuple[str, str], bool]
    """(limit, number of the case) → late."""
    received: dict[str, dt.date]
    """Number of the case → date of receipt."""
    stopped: dict[tuple[str, str], dt.date]
    """(limit, number of the case) → date on which its clock stopped, if it did."""


def happened(scenario: Scenario, seed: int, model: Model | None = None) -> Truth:
    """Simulate a city; return what its offices recorded, and how its cases ended."""
    model = Model(scenario) if model is None else model
    done = model.replicate(seed, 0)
    officers = [officer.name for officer in model.supply.officers]
    register = register_of(scenario, done, officers=officers, pools=model.pools.names)
    late, stopped = {}, {}
    start = scenario.period.start
    for reading in read_limits(scenario, done):
        standing, clock = reading.standing[reading.clock], reading.readings.clocks[reading.clock]
        for case, of, is_open, stop_s in zip(
            reading.readings.case.tolist(),
            standing.tolist(),
            clock.open.tolist(),
            clock.stop_s.tolist(),
            strict=True,
        ):
            if of in (Standing.LATE, Standing.OPEN_OVERDUE, Standing.ON_TIME):
                key = reading.name, f"{case + 1:06d}"
                late[key] = of != Standing.ON_TIME
                if not is_open:
                    stopped[key] = start + dt.timedelta(days=stop_s // 86_400)
    days = (done.demand.workload.arrival_s // 86_400).tolist()
    received = {f"{n + 1:06d}": start + dt.timedelta(days=day) for n, day in enumerate(days)}
    return Truth(register, late, received, stopped)


def month_before(truth: Truth, limit: str, date: dt.date) -> float:
    """Return the share of late cases among those whose clock stopped in the 30 days up to a date.

    Half a case of each kind is added, so that it is never certain.
    """
    late = [
        truth.late[key]
        for key, day in truth.stopped.items()
        if key[0] == limit and 0 <= (date - day).days < 30
    ]
    return (sum(late) + 0.5) / (len(late) + 1)
