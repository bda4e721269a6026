"""The tools that are compared, all of one form: the number of a run → `Run`."""

from __future__ import annotations

import datetime as dt
import gc
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import prosimos_model
import simpy_model
from process import Process, Run, clock, measures, working_s

import sim
from sim.clocks import History
from sim.engine import compiled
from sim.replications.model import Model
from sim.replications.readings import read_limits, read_own, read_unlimited
from sim.replications.summary import summarise_replication

HERE = Path(__file__).parent
PROCESS = HERE / "process.yaml"
BASE = HERE.parent / "scenarios" / "yingkou" / "base.yaml"

MOST_CASES = 900_000
"""Of one stream of arrivals; a scenario with over 10⁶ is refused."""

Tool = Callable[[int], Run]


def scenario_of(weeks: int = 50, people: int = 1, overrides: Sequence[str] = ()) -> sim.Scenario:
    """Return the benchmark process with arrivals in so many weeks, by default as it stands.

    `people`: times the cases and officers.
    """
    base = sim.load(PROCESS)
    yearly = base.case_types["permit"].arrivals.yearly
    assert yearly is not None
    end = base.period.start + dt.timedelta(weeks=weeks)
    none = f"{{dates: {{from: {end}, to: {end + dt.timedelta(days=400)}}}, factor: 0}}"
    streams = 1 + (weeks * 200 * people > MOST_CASES)
    volume = yearly.volume * people / streams
    arrivals = f"{{yearly: {{volume: {volume}, surges: [{none}], hours: {{'9:00-17:00': 1}}}}}}"
    settings = [
        f"period.window.to={end - dt.timedelta(days=3)}",
        f"case_types.permit.arrivals={arrivals}",
        *(f"staff.{name}.count={group.count * people}" for name, group in base.staff.items()),
    ]
    if streams == 2:
        settings.append(f"case_types.permit.more_arrivals={{more: {arrivals}}}")
    return sim.load(PROCESS, overrides=overrides, settings=settings)


def timed(action: Callable[[], Any], clock: Callable[[], float] = clock) -> tuple[float, Any]:
    """Return the seconds of one call, which begins without garbage, and its result."""
    gc.collect()
    begin = clock()
    result = action()
    return clock() - begin, result


def pairs(a: Tool, b: Tool, n: int) -> list[tuple[Run, Run]]:
    """Run A B A B …: n pairs after one warm-up."""
    return [(a(number), b(number)) for number in range(n + 1)][1:]


def replicate(model: Model, number: int, *, whole: bool = False) -> tuple[Run, History]:
    """Time a replication: drawing, engine, clocks and limits; `whole`: and all that follows."""
    seed = model.scenario.run.seed
    gc.collect()
    times = [clock()]
    demand, supply = model.demand.draw(seed, number), model.supply.draw(seed, number)
    times.append(clock())
    schedule = compiled.simulate(demand.workload, supply, model.horizon_s)
    times.append(clock())
    replication = History(model.process, demand, supply, schedule)
    limits = read_limits(model.scenario, replication)
    others = read_unlimited(model.scenario, replication) if whole else ()
    times.append(clock())
    names = ["drawing", "engine", "clocks and limits"]
    if whole:
        own = read_own(model.scenario, model.own_limits, replication)
        times.append(clock())
        summarise_replication(model, number, replication, limits, others, own)
        times.append(clock())
        names += ["own limits", "measures and checks"]
    parts = {name: b - a for name, (a, b) in zip(names, pairwise(times), strict=True)}
    cases, items = len(demand.workload.arrival_s), len(demand.workload.pool)
    return Run(times[-1] - times[0], cases, items, parts=parts), replication


def ours(model: Model, process: Process) -> Tool:
    """Return this project's replication of the benchmark process."""

    def run(number: int) -> Run:
        run, replication = replicate(model, number)
        workload, schedule = replication.demand.workload, replication.schedule
        pool = np.array(model.pools.names)[workload.pool]
        times = np.column_stack([schedule.ready, schedule.start, schedule.end])
        ends = np.maximum.reduceat(schedule.end, workload.first_item[:-1])
        cases = np.column_stack([workload.arrival_s, ends])
        found = measures(process, pool, working_s(times), working_s(cases))
        return Run(run.seconds, run.cases, run.items, found, run.parts)

    return run


def by_hand(process: Process) -> Tool:
    """Return the hand-written SimPy model."""
    return lambda number: simpy_model.simulate(process, number)


def in_ciw(process: Process) -> Tool | None:
    """Return the model in Ciw, if it is installed."""
    if find_spec("ciw") is None:
        return None
    import ciw_model

    return lambda number: ciw_model.simulate(process, number)


@contextmanager
def in_prosimos(process: Process, *, install: bool) -> Iterator[Tool | None]:
    """Give the model in Prosimos, if it is installed or can be."""
    if install and not prosimos_model.PYTHON.exists():
        try:
            prosimos_model.install()
        except (OSError, subprocess.CalledProcessError):
            yield None
            return
    if not prosimos_model.PYTHON.exists():
        yield None
        return
    prosimos = prosimos_model.Prosimos(process)
    try:
        yield prosimos.run
    finally:
        prosimos.close()
