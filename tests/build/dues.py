"""The due days of a replication, kept from what is observed while it runs."""

from __future__ import annotations

from sim.clocks import History
from sim.engine.contract import Workload
from sim.engine.deadlines import Deadlines
from sim.engine.observer import EventKind
from sim.replications.model import Model


class Dues:
    """Keeps the engine's due days up to date."""

    def __init__(self, workload: Workload) -> None:
        self.deadlines = Deadlines(workload)
        self.at_ready: dict[int, int] = {}
        """Item → its due day as it is ready."""
        self.at_end: dict[int, int] = {}
        """Item → its due day as it ends."""

    def event(self, t: int, kind: EventKind, case: int, item: int, officer: int) -> None:
        """Follow the event."""
        if kind is EventKind.READY:
            self.deadlines.item_ready(item, t)
            self.at_ready[item] = self.deadlines.due(item, t)
        elif kind is EventKind.END:
            self.deadlines.item_ended(item, t)
            self.at_end[item] = self.deadlines.due(item, t)


def with_dues(model: Model, seed: int = 1) -> tuple[History, Dues]:
    """Simulate one replication with the reference engine, and follow its due days."""
    dues = Dues(model.demand.draw(seed, 0).workload)
    return model.replicate(seed, 0, dues), dues
