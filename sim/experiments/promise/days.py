"""The days of every case on the clock of every limit, case type, stage and matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Ints
from sim.clocks import ClockReadings, History, read_clocks
from sim.limits import CLOCKS, ResolvedLimit, Scope, resolved_limits
from sim.measures.limits import ScopeReading, bound
from sim.measures.shortest_promise import NOT_BOUND, encode
from sim.process.levers import remaining_matters
from sim.replications.workers import Task
from sim.scenario import Scenario
from sim.scenario.schema.quantities import Duration

if TYPE_CHECKING:
    import pandas as pd

Kind: TypeAlias = Literal["limit", "case_type", "stage", "matter"]


@dataclass(frozen=True)
class Part:
    """What can be promised by itself: a limit, a whole case, a stage or a matter."""

    kind: Kind
    name: str
    scope: Scope
    """The steps whose days count."""
    clock: str
    """The clock that decides, one of `CLOCKS`."""
    promised_now: int | None
    """Days promised in the scenario; None: none are, or in another unit than the clock's."""
    limit: ResolvedLimit | None = None
    """The limit; for a case with an extension, the days beyond it count. None for other parts."""

    @property
    def case_type(self) -> str:
        """Case type of the cases that it concerns."""
        return self.scope.case_type

    @property
    def unit(self) -> Literal["wd", "cd"]:
        """Unit of the clock: working days or calendar days."""
        return CLOCKS[self.clock].unit


def parts_of(scenario: Scenario, clock: str) -> tuple[Part, ...]:
    """Return everything that can be promised, case type by case type, matters in serial order.

    Parameters
    ----------
    scenario
        The scenario.
    clock
        The clock of case types, stages and matters; a limit has its own.
    """
    parts: list[Part] = []
    for case_type, spec in scenario.case_types.items():
        parts += [
            Part("limit", limit.name, limit.scope, limit.clock, limit.days, limit)
            for limit in resolved_limits(scenario)
            if limit.case_type == case_type
        ]
        parts.append(Part("case_type", case_type, Scope(case_type), clock, None))
        matters = remaining_matters(scenario, spec)
        for stage, about in spec.stages.items():
            members = tuple(name for name, matter in matters.items() if matter.stage == stage)
            if members:
                budget = _days(about.budget, clock)
                parts.append(Part("stage", stage, Scope(case_type, members), clock, budget))
        for name, matter in matters.items():
            promised = _days(matter.promised, clock)
            parts.append(Part("matter", name, Scope(case_type, (name,)), clock, promised))
    return tuple(parts)


def _days(stated: Duration | None, clock: str) -> int | None:
    same_unit = stated is not None and stated.unit == CLOCKS[clock].unit
    return int(stated.value) if stated is not None and same_unit else None


def read_days(parts: Sequence[Part], scenario: Scenario, history: History) -> NDArray[np.int32]:
    """Read the days of every measured case of one replication.

    Returns
    -------
    NDArray[np.int32]
        [measured cases, parts] encoded by `shortest_promise.encode`. A part does not bind cases of
        other types, and those that are left out of a limit on it (`sim.measures.limits.bound`).
    """
    codes = np.full((len(history.demand.case_type), len(parts)), NOT_BOUND, np.int32)
    for column, part in enumerate(parts):
        readings = read_clocks(
            history,
            part.scope,
            count_start_day=scenario.calendar.count_start_day,
            deemed_acceptance=not scenario.handling.ignore_deemed_acceptance,
        )
        reading = readings.clocks[part.clock]
        days = np.maximum(0, reading.value - _extension_days(part, history, readings))
        binds = bound(readings, history.demand.outcome[readings.case])
        if part.limit is not None:
            binds &= history.demand.matches(part.limit.when)[readings.case]
        codes[readings.case, column] = encode(days, reading.open, binds)
    return codes[history.demand.workload.measured]


def _extension_days(part: Part, history: History, readings: ClockReadings) -> Ints:
    """Return [K] the days by which the limit of each case is extended."""
    extended = None if part.limit is None else history.demand.extended.get(part.name)
    if part.limit is None or extended is None:
        return np.zeros(len(readings.case), np.int64)
    return extended[readings.case] * np.int64(part.limit.extension_days)


@dataclass(frozen=True, eq=False, kw_only=True)
class DaysTask(Task):
    """Makes replications whose table of cases holds the days of the parts."""

    parts: tuple[Part, ...]
    clock: str
    """Clock of case types, stages and matters; with the scenario, it determines the parts."""

    @property
    def kept_as(self) -> str:
        """Ending of the folder in a store: the days on this clock."""
        return f"-days-{self.clock}"

    @property
    def wants_cases(self) -> bool:
        """True: the cases of every replication are kept."""
        return True

    def _cases(
        self, number: int, history: History, readings: Sequence[ScopeReading]
    ) -> pd.DataFrame:
        import pandas as pd

        codes = read_days(self.parts, self.model.scenario, history)
        return pd.DataFrame(codes, columns=[str(column) for column in range(len(self.parts))])
