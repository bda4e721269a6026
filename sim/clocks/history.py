"""What was drawn and what happened in one replication."""

from __future__ import annotations

from dataclasses import dataclass

from sim.demand.demand import Demand
from sim.engine.contract import Schedule, Supply
from sim.process.table import Process


@dataclass(frozen=True, eq=False)
class History:
    """One replication: the process, its cases, the staff, and what became of every item."""

    process: Process
    demand: Demand
    supply: Supply
    schedule: Schedule
