"""One schedule from both engines, looked through by the checks and by the replay."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from sim.engine import simulate
from sim.engine.checks import verify
from sim.engine.contract import Schedule, Supply, Workload
from tests.build.replay import check_dispatch
from tests.build.workloads import Model


def simulate_both(workload: Workload, supply: Supply, horizon: int) -> Schedule:
    """Demand the same arrays of both engines, of the types that the contract names."""
    ours, reference = (
        simulate(workload, supply, horizon, engine=engine) for engine in ("compiled", "simpy")
    )
    assert ours.stopped_s == reference.stopped_s
    for mine, its in ((ours, reference), (ours.parts, reference.parts)):
        for field in fields(its):
            if field.name != "parts":
                a, b = getattr(mine, field.name), getattr(its, field.name)
                np.testing.assert_array_equal(a, b, err_msg=field.name, strict=True)
    return ours


def checked(model: Model) -> Schedule:
    """Return the schedule, which is as the contract says."""
    schedule = simulate_both(model.workload, model.supply, model.horizon)
    assert verify(model.workload, model.supply, schedule, model.horizon) == []
    assert check_dispatch(model.workload, model.supply, schedule) == []
    return schedule
