"""Deemed acceptance: who is told too late what is missing counts as accepted since the receipt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.arrays import Bools
from sim.clocks.history import History
from sim.clocks.items import ScopeItems
from sim.demand.demand import Demand
from sim.engine.contract import DAY_S, OPEN
from sim.limits import NOTICE_WD
from sim.process.graph import Phase, Role
from sim.process.table import Process


def with_deemed_acceptance(history: History, items: ScopeItems) -> ScopeItems:
    """Find the first checks that came too late, and when their papers had been received."""
    process, demand, schedule = history.process, history.demand, history.schedule
    days = demand.workload.working_days
    received = items.ready.copy()
    has_one = np.diff(demand.workload.pred_ptr)[items.number] > 0
    before = demand.workload.pred[demand.workload.pred_ptr[items.number[has_one]]]
    is_intake = process.role[demand.node[before]] == Role.INTAKE
    received[np.flatnonzero(has_one)[is_intake]] = schedule.ready[before[is_intake]]
    told = np.where(items.end == OPEN, items.stopped_s, items.end)
    first_check = process.first_check[demand.node[items.number]] & (received != OPEN)
    waited = days.count(np.maximum(received, 0) // DAY_S, told // DAY_S)
    late = first_check & (waited > NOTICE_WD)
    return replace(
        items,
        deemed_s=np.where(late, received, OPEN),
        running=items.running | _at_window_since(late, process, demand, items),
    )


def _at_window_since(late: Bools, process: Process, demand: Demand, items: ScopeItems) -> Bools:
    """Return [J]: receipt or check of a submission that counts as accepted since its receipt."""
    numbers: dict[tuple[str, ...], int] = {}
    window = np.array([numbers.setdefault(node.covers, len(numbers)) for node in process.nodes])
    node = demand.node[items.number]
    submission = items.case * len(numbers) + window[node]
    at_window = np.isin(process.role[node], (Role.INTAKE, Role.CHECK))
    before = process.phase[node] == Phase.BEFORE
    return np.asarray(at_window & before & np.isin(submission, submission[late]))
