"""The events of one case, in the order in which the engine met them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from sim.clocks import History
from sim.engine.contract import DAY_S, DELAY, NO_OFFICER
from sim.engine.delays import Tacit
from sim.engine.observer import EventKind
from sim.process.graph import Mark
from sim.replications.model import Model

EventName: TypeAlias = Literal[
    "arrival", "ready", "start", "end", "acceptance", "decision", "delivery", "silence"
]
"""What happened. The last four are ends of steps: the case was accepted, decided or delivered, or
the silence of an authority counted as its consent."""

_KINDS: Final[dict[EventKind, EventName]] = {
    EventKind.ARRIVAL: "arrival",
    EventKind.READY: "ready",
    EventKind.START: "start",
    EventKind.END: "end",
}
_ENDS: Final[dict[Mark, EventName]] = {
    Mark.ACCEPTANCE: "acceptance",
    Mark.DECISION: "decision",
    Mark.DELIVERY: "delivery",
}


@dataclass(frozen=True)
class CaseEvent:
    """One event of a case."""

    t: int
    """Seconds from the first simulated midnight."""
    name: EventName
    working_day: int
    """Working days since the day of arrival."""
    step: str | None
    """Name of the step; None: the event is of the whole case."""
    pool: str | None
    """Where the step is done; None: it is a delay."""
    officer: str | None
    """Who has the step in hand."""


@dataclass
class _EventLog:
    """An observer that remembers the events of one case."""

    of: int
    events: list[tuple[int, EventKind, int, int]] = field(default_factory=list)

    def event(self, t: int, kind: EventKind, case: int, item: int, officer: int) -> None:
        """Remember an event of the case."""
        if case == self.of:
            self.events.append((t, kind, item, officer))


def case_events(model: Model, seed: int, replication: int, case: int) -> tuple[CaseEvent, ...]:
    """Simulate a replication again and return the events of one case.

    A wait of no time is left out; so is the start of a step that nobody works on, because silence
    ends it.
    """
    log = _EventLog(case)
    run = model.replicate(seed, replication, log)
    arrival_day = int(run.demand.workload.arrival_s[case]) // DAY_S
    return tuple(
        CaseEvent(
            t=t,
            name=_name(run, kind, item, t),
            working_day=model.working_days.count(arrival_day, t // DAY_S),
            step=model.process.nodes[int(run.demand.node[item])].name if item >= 0 else None,
            pool=_pool(model, run, item),
            officer=model.supply.officers[officer].name if officer >= 0 else None,
        )
        for t, kind, item, officer in log.events
        if not _is_empty(run, kind, item, officer, t)
    )


def _is_empty(run: History, kind: EventKind, item: int, officer: int, t: int) -> bool:
    if kind is EventKind.READY:
        return int(run.schedule.start[item]) == t
    is_work = item >= 0 and int(run.demand.workload.pool[item]) != DELAY
    return kind is EventKind.START and is_work and officer == NO_OFFICER


def _name(run: History, kind: EventKind, item: int, t: int) -> EventName:
    if kind is not EventKind.END:
        return _KINDS[kind]
    if t == _silence_s(run, item):
        return "silence"
    marks = Mark(int(run.demand.marks[item]))
    return next((name for mark, name in _ENDS.items() if mark in marks), "end")


def _silence_s(run: History, item: int) -> int | None:
    """Return the instant at which silence about an item counts as consent, if it can.

    Work that ends in that very second counts as silence: what follows is the same.
    """
    workload = run.demand.workload
    if workload.tacit_wd is None or int(workload.pool[item]) == DELAY:
        return None
    return Tacit(workload).lapse(item, int(run.schedule.ready[item]))


def _pool(model: Model, run: History, item: int) -> str | None:
    pool = int(run.demand.workload.pool[item]) if item >= 0 else DELAY
    return model.pools.names[pool] if pool >= 0 else None
