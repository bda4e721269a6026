"""The benchmark process against queueing theory, as far as there is one.

Office hours pause exponential work, which has no memory; so in office hours the process is a
network of queues. One after another, and with the same mean work for all steps of the window, it is
Jackson's (1957): each pool is an M/M/c of its own. The process as it stands has no exact waits, but
exact loads. Intervals as in `test_queueing_theory.py`; the first weeks fill the queues.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.calendars import Intervals
from sim.clocks import History
from sim.engine.contract import OPEN
from sim.replications.model import Model
from tests.build.estimates import SEED, Values, interval
from tests.build.theory import erlang_c

PROCESS = Path(__file__).parents[2] / "benchmarks" / "process.yaml"
GAP_S, SENT_BACK = 720, 0.2
CHECKS = 1 / (1 - SENT_BACK)

# pool → (officers, visits of a case, mean work in seconds)
WINDOW = (8, 2 + CHECKS + SENT_BACK * CHECKS)
OTHERS = {
    "planning": (5, 1, 2700),
    "environment": (6, 1, 3600),
    "fire": (3, 1, 1800),
    "land": (4, 1, 2400),
    "consolidation": (3, 1, 1800),
    "decision": (2, 1, 900),
}
AS_IT_STANDS = {
    "window": (*WINDOW, (2100 + CHECKS * (1800 + SENT_BACK * 900)) / WINDOW[1])
} | OTHERS
JACKSON = {"window": (*WINDOW, 1200)} | OTHERS

SAME_WORK = [
    f"case_types.permit.steps.{step}.work.exponential=1200 s"
    for step in ("intake", "check", "check.rework.via.notice", "issue")
]
FROM_FEBRUARY = "period.window.from=2024-02-05"


@pytest.fixture(scope="module")
def as_it_stands() -> dict[str, Values]:
    return observe(Model(sim.load(PROCESS, settings=[FROM_FEBRUARY])), 30)


@pytest.fixture(scope="module")
def jackson() -> dict[str, Values]:
    settings = [FROM_FEBRUARY, *SAME_WORK]
    return observe(Model(sim.load(PROCESS, overrides=["in_sequence"], settings=settings)), 60)


def observe(model: Model, replications: int) -> dict[str, Values]:
    """Return measure → [replications]."""
    rows = [measures(model, model.replicate(SEED, number)) for number in range(replications)]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def measures(model: Model, replication: History) -> dict[str, float]:
    """Return the number of cases, and by pool the mean wait and work per case, in office hours."""
    workload, schedule = replication.demand.workload, replication.schedule
    assert (schedule.end != OPEN).all()
    assert replication.demand.cut_off.sum() == 0
    measured = workload.measured[replication.demand.case]
    office: Intervals = replication.supply.duty.row(0)
    waited = office.elapsed(schedule.ready, schedule.start)
    worked = office.elapsed(schedule.start, schedule.end)
    found = {"cases": float(len(workload.arrival_s))}
    for number, name in enumerate(model.pools.names):
        items = measured & (workload.pool == number)
        found[f"wait {name}"] = float(waited[items].mean())
        found[f"work {name}"] = float(worked[items].sum()) / workload.measured.sum()
    return found


def test_ten_thousand_cases_come_in(as_it_stands: dict[str, Values]) -> None:
    assert interval(as_it_stands["cases"]).covers(10_000)
    assert interval(as_it_stands["cases"]).half_width < 100


@pytest.mark.parametrize("pool", AS_IT_STANDS)
def test_the_work_of_a_pool_per_case(pool: str, as_it_stands: dict[str, Values]) -> None:
    officers, visits, mean_s = AS_IT_STANDS[pool]
    found = interval(as_it_stands[f"work {pool}"])
    assert found.half_width < 0.02 * visits * mean_s
    assert found.covers(visits * mean_s)
    assert 0.6 < visits * mean_s / GAP_S / officers < 0.85, "loaded, but not too much"


@pytest.mark.parametrize("pool", JACKSON)
def test_the_wait_at_a_pool_in_sequence(pool: str, jackson: dict[str, Values]) -> None:
    officers, visits, mean_s = JACKSON[pool]
    load = visits * mean_s / GAP_S
    exact = erlang_c(load, officers) * mean_s / (officers - load)
    found = interval(jackson[f"wait {pool}"])
    assert found.half_width < 0.1 * exact
    assert found.covers(exact)
