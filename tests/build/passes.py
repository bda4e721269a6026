"""The passes of machine code on a schedule of a small model."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np

from sim.clocks import History
from sim.demand.demand import Demand
from sim.engine.contract import DAY_S, Schedule
from sim.measures.passes import passed_over
from sim.process.graph import Outcome
from tests.build.schedules import node, process
from tests.build.workloads import Model

PROCESS = process(*(node(name) for name in "abc"))


def history_of(model: Model, schedule: Schedule, seed: int = 0) -> History:
    """Return what happened in a model, with random nodes and outcomes."""
    workload, random = model.workload, np.random.default_rng(seed)
    per_case = np.diff(workload.first_item)
    demand = Demand(
        workload=workload,
        case_type=np.zeros(len(per_case), np.int32),
        attributes={},
        attribute_values={},
        outcome=random.integers(0, len(Outcome), len(per_case)).astype(np.int8),
        case=np.repeat(np.arange(len(per_case)), per_case).astype(np.int32),
        node=random.integers(0, 3, len(workload.pool)).astype(np.int32),
        marks=np.zeros(len(workload.pool), np.uint8),
        cut_off=np.zeros(len(per_case), np.bool_),
    )
    return History(PROCESS, demand, model.supply, schedule)


def found_by_passes(model: Model, schedule: Schedule) -> list[str]:
    """Return what the passes find wrong by themselves, without `verify`."""
    edges, shares = np.array([0, DAY_S]), np.ones(len(model.officers))
    with patch("sim.measures.passes.verify", return_value=[]):
        facts = passed_over(history_of(model, schedule), model.horizon, edges, shares)
    return list(facts.problems)
