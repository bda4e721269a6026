"""The benchmark process in Ciw: a network of queues, in working seconds.

Ciw has no parallel branches, so a case goes through the departments one after another; it is
compared with the scenario's override `in_sequence`. Everybody works the same hours, so it needs
none: its clock counts office hours alone.
"""

from __future__ import annotations

import gc
import math

import ciw
import numpy as np
from process import DEPARTMENTS, LAST_STEPS, Process, Run, clock, measures

WINDOW_STEPS = ("intake", "check", "notice", "issue")
"""The steps of the window. A customer class tells which is next; `issue` also when none is."""


def simulate(process: Process, seed: int) -> Run:
    """Time one simulation."""
    gc.collect()
    begin = clock()
    ciw.seed(seed)
    simulation = ciw.Simulation(_network(process))
    simulation.simulate_until_max_customers(process.cases, method="Finish")
    seconds = clock() - begin
    pools, records = list(process.officers), simulation.get_all_records()
    times = np.array([(r.arrival_date, r.service_start_date, r.service_end_date) for r in records])
    person = np.array([record.id_number for record in records])
    first, last = np.full(person.max() + 1, math.inf), np.zeros(person.max() + 1)
    np.minimum.at(first, person, times[:, 0])
    np.maximum.at(last, person, times[:, 2])
    pool = [pools[record.node - 1] for record in records]
    cases = np.column_stack([first, last])[np.unique(person)]
    return Run(seconds, process.cases, len(pool), measures(process, pool, times, cases))


class _Arrivals(ciw.dists.Exponential):  # type: ignore[misc]
    """Exponential gaps between so many arrivals."""

    def __init__(self, gap_s: float, cases: int) -> None:
        super().__init__(1 / gap_s)
        self.left = cases

    def sample(self, t: float | None = None, ind: object = None) -> float:
        self.left -= 1
        return math.inf if self.left < 0 else float(super().sample(t, ind))


def _network(process: Process) -> ciw.network.Network:
    """Return the network: a node per pool, a customer class per step of the window.

    A class is changed at the end of a service, and the new class tells where to go. From the
    window, `issue` goes to the departments if the check is passed and leaves if all is done; so
    the class of those who are between the two is called by a name of its own.
    """
    pools = list(process.officers)
    window = pools.index("window")
    away = "away"
    classes = (*WINDOW_STEPS, away)
    path = [process.steps[step][0] for step in (*DEPARTMENTS, *LAST_STEPS[:-1])]

    def service(name: str) -> list[ciw.dists.Distribution]:
        means = {pool: mean for pool, mean in process.steps.values() if pool != "window"}
        means["window"] = process.steps[name if name != away else "issue"][1]
        return [ciw.dists.Exponential(1 / means[pool]) for pool in pools]

    def routing(name: str) -> list[list[float]]:
        to = np.zeros((len(pools), len(pools)))
        if name == away:
            for a, b in zip(["window", *path], path, strict=False):
                to[pools.index(a), pools.index(b)] = 1
        elif name != "issue":
            to[window, window] = 1
        else:
            to[pools.index(path[-1]), window] = 1
        return to.tolist()

    def changes(pool: str) -> dict[str, dict[str, float]]:
        to = {a: {b: float(a == b) for b in classes} for a in classes}
        if pool == "window":
            to["intake"] |= {"intake": 0.0, "check": 1.0}
            to["check"] |= {"check": 0.0, "notice": process.sent_back}
            to["check"] |= {away: 1 - process.sent_back}
            to["notice"] |= {"notice": 0.0, "check": 1.0}
        elif pool == path[-1]:
            to[away] |= {away: 0.0, "issue": 1.0}
        return to

    return ciw.create_network(
        arrival_distributions={
            name: [
                _Arrivals(process.gap_s, process.cases)
                if name == "intake" and pool == "window"
                else None
                for pool in pools
            ]
            for name in classes
        },
        service_distributions={name: service(name) for name in classes},
        routing={name: routing(name) for name in classes},
        class_change_matrices=[changes(pool) for pool in pools],
        number_of_servers=[process.officers[pool] for pool in pools],
    )
