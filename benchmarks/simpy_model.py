"""The benchmark process as a SimPy user would write it by hand.

A process per case, which starts one per department and waits for all of them; a `Resource` per
pool. Office hours are no events: when work begun now is done is computed. Every number is drawn
when it is needed, as in SimPy's own examples.
"""

from __future__ import annotations

import gc
from collections.abc import Generator
from random import Random
from typing import Any

import numpy as np
import simpy
from process import (
    CLOSES_S,
    DAY_S,
    DEPARTMENTS,
    LAST_STEPS,
    OPEN_S,
    OPENS_S,
    Process,
    Run,
    clock,
    measures,
    working_s,
)

Steps = Generator[simpy.Event, Any, None]


def finish(t: float, work: float) -> float:
    """Return when `work` seconds begun at t, in office hours, are done; it pauses at closing."""
    left = CLOSES_S - t % DAY_S
    if work <= left:
        return t + work
    days, rest = divmod(work - left, OPEN_S)
    weeks, weekday = divmod(t // DAY_S % 7 + 1 + days, 5)
    return (t // DAY_S // 7 * 7 + weeks * 7 + weekday) * DAY_S + OPENS_S + rest


class Office:
    """The simulation."""

    def __init__(self, process: Process, seed: int) -> None:
        self.process = process
        self.random = Random(seed)
        self.env = simpy.Environment(initial_time=OPENS_S)
        self.pools = {
            name: simpy.Resource(self.env, officers) for name, officers in process.officers.items()
        }
        self.items: list[tuple[str, float, float, float]] = []
        self.cases: list[tuple[float, float]] = []

    def lapse(self, mean: float) -> simpy.Timeout:
        """Let an exponential time pass in office hours."""
        now = self.env.now
        return self.env.timeout(finish(now, self.random.expovariate(1 / mean)) - now)

    def arrivals(self) -> Steps:
        """Let the cases come in."""
        for _ in range(self.process.cases):
            yield self.lapse(self.process.gap_s)
            self.env.process(self.case())

    def case(self) -> Steps:
        """Go through the process."""
        arrived = self.env.now
        yield from self.step("intake")
        yield from self.step("check")
        while self.random.random() < self.process.sent_back:
            yield from self.step("notice")
            yield from self.step("check")
        yield self.env.all_of([self.env.process(self.step(name)) for name in DEPARTMENTS])
        for name in LAST_STEPS:
            yield from self.step(name)
        self.cases.append((arrived, self.env.now))

    def step(self, name: str) -> Steps:
        """Wait for an officer, who does the work."""
        pool, mean = self.process.steps[name]
        ready = self.env.now
        with self.pools[pool].request() as officer:
            yield officer
            start = self.env.now
            yield self.lapse(mean)
        self.items.append((pool, ready, start, self.env.now))


def simulate(process: Process, seed: int) -> Run:
    """Time one simulation."""
    gc.collect()
    begin = clock()
    office = Office(process, seed)
    office.env.process(office.arrivals())
    office.env.run()
    seconds = clock() - begin
    pool = [item[0] for item in office.items]
    times = working_s(np.array([item[1:] for item in office.items]))
    found = measures(process, pool, times, working_s(np.array(office.cases)))
    return Run(seconds, process.cases, len(pool), found)
