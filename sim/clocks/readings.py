"""The input and the output of clocks: a history and its readings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.demand.demand import Demand
from sim.engine import Engine
from sim.engine.contract import DAY_S, Schedule, Supply
from sim.limits import ClockRule
from sim.process.graph import Outcome
from sim.process.table import Process

NO_TYPE: Final = -1
"""In place of the case type of a case that no clock reads."""


@dataclass(frozen=True, eq=False)
class History:
    """One replication: the process, its cases, the staff, and the schedule of every item."""

    process: Process
    demand: Demand
    supply: Supply
    schedule: Schedule
    engine: Engine | None = None
    """The engine that made it; clocks are read by the form of the same name."""

    @property
    def horizon_s(self) -> int:
        """The last second that the run may reach: that of the last day of the calendar."""
        return len(self.demand.workload.working_days) * DAY_S - 1

    @cached_property
    def by_case(self) -> Mapping[str, Ints]:
        """Case type → the numbers of its items, by case and then by the instant of being ready."""
        demand, ready = self.demand, self.schedule.ready
        order = np.argsort(ready + demand.case * np.int64(self.schedule.stopped_s + 2))
        case_type = demand.case_type[demand.case[order]]
        return {name: order[case_type == n] for n, name in enumerate(self.process.case_types)}

    def only(self, first: int, last: int) -> History:
        """Return the replication of which clocks read the cases from `first` up to `last` alone.

        `last` is not included. The others belong to no case type; all keep their numbers.
        """
        case_type = np.full_like(self.demand.case_type, NO_TYPE)
        case_type[first:last] = self.demand.case_type[first:last]
        backlog = {}
        for name, carried in self.demand.backlog.items():
            read = (carried.case >= first) & (carried.case < last)
            backlog[name] = carried if read.all() else carried.of(np.flatnonzero(read))
        return replace(self, demand=replace(self.demand, case_type=case_type, backlog=backlog))

    @cached_property
    def applications(self) -> int:
        """The largest number of applications of a case: 1 if none was handed in again."""
        number = self.demand.application
        return 1 if number is None else int(number.max(initial=1))

    @cached_property
    def apart(self) -> History:
        """The replication as clocks see it if each application is a case.

        Its number is case · `applications` + number of the application - 1, in all that clocks read
        of the demand; the workload keeps the cases.
        """
        demand, most = self.demand, self.applications
        if demand.application is None or most == 1:
            return self
        last = np.ones(len(demand.case_type), np.int64)
        np.maximum.at(last, demand.case, demand.application)
        before_last = np.arange(1, most + 1) < last[:, None]
        refused = before_last & np.isin(demand.outcome, (Outcome.DONE, Outcome.REVOKED))[:, None]
        apart = replace(
            demand,
            case_type=np.repeat(demand.case_type, most),
            outcome=np.where(refused, Outcome.REFUSED, demand.outcome[:, None]).ravel(),
            case=demand.case * np.int64(most) + demand.application - 1,
            application=None,
            backlog={
                name: replace(carried, case=carried.case * most)
                for name, carried in demand.backlog.items()
            },
        )
        return replace(self, demand=apart)


@dataclass(frozen=True, eq=False)
class Reading:
    """One clock for K cases. An instant that has not come, or never will, is `OPEN`."""

    rule: ClockRule
    """The clock."""
    value: Ints
    """[K] amount on the clock: working or calendar days, or seconds of open hours for the unit h.
    For an open case, the amount when the run stopped; 0 if the clock never started."""
    elapsed_s: Ints
    """[K] seconds on the clock, round the clock: for comparison with theory. For a case that was
    open at the start, they count from second 0 on."""
    started: Bools
    """[K] the start event has happened."""
    open: Bools
    """[K] the stop event is still to come."""
    start_s: Ints
    """[K] instant of the start event; 0 if it was before second 0."""
    stop_s: Ints
    """[K] instant of the stop event; 0 if it was before second 0."""
    stop_item: Ints
    """[K] the item whose end is the stop event; the smallest number if several end then; OPEN if
    the clock stopped before second 0."""

    @property
    def shown(self) -> Ints | Floats:
        """[K] `value` in the unit of the clock: whole days, or hours."""
        return self.value if self.rule.ticks == 1 else self.value / self.rule.ticks


@dataclass(frozen=True, eq=False)
class ClockReadings:
    """All clocks of one scope, for the K cases of its case type."""

    case: Ints
    """[K] case numbers, ascending."""
    in_scope: Bools
    """[K] the case has an item in scope; and, if the scope names matters, one of these matters."""
    decided_here: Bools
    """[K] the scope can decide this case: it has a decision in scope (to come or past), or the
    scope's steps have no decisions at all, as in an open network."""
    clocks: Mapping[str, Reading]
    """The readings by the names of the clocks, in the order in which reports show them."""
