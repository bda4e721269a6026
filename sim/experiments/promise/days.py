"""The days of every case on the clock of every limit, case type, stage and matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Ints
from sim.clocks import ClockReadings, Counting, History, read_clocks
from sim.limits import ClockRule, ResolvedLimit, Scope, clock_rules, resolved_limits
from sim.measures.limits import ScopeReading, bound
from sim.measures.own_limits import OwnStandings
from sim.measures.shortest_promise import NOT_BOUND, encode
from sim.process.levers import remaining_matters
from sim.replications.workers import Task
from sim.scenario import ClockUnit, Scenario
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
    rule: ClockRule
    """The clock that decides."""
    promised_now: float | None
    """Days (or hours) promised in the scenario; None: none are, or in another unit than the
    clock's."""
    limit: ResolvedLimit | None = None
    """The limit; for a case with an extension, the days beyond it count. None for other parts."""

    @property
    def case_type(self) -> str:
        """Case type of the cases that it concerns."""
        return self.scope.case_type

    @property
    def clock(self) -> str:
        """Name of the clock."""
        return self.rule.name

    @property
    def unit(self) -> ClockUnit:
        """Unit of the clock: working days, calendar days or hours."""
        return self.rule.unit


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
    rule = clock_rules(scenario)[clock]
    for case_type, spec in scenario.case_types.items():
        parts += [
            Part("limit", limit.name, limit.scope, limit.rule, limit.days, limit)
            for limit in resolved_limits(scenario)
            if limit.case_type == case_type
        ]
        parts.append(Part("case_type", case_type, Scope(case_type), rule, None))
        matters = remaining_matters(scenario, spec)
        for stage, about in spec.stages.items():
            members = tuple(name for name, matter in matters.items() if matter.stage == stage)
            if members:
                budget = _stated(about.budget, rule)
                parts.append(Part("stage", stage, Scope(case_type, members), rule, budget))
        for name, matter in matters.items():
            promised = _stated(matter.promised, rule)
            parts.append(Part("matter", name, Scope(case_type, (name,)), rule, promised))
    return tuple(parts)


def _stated(stated: Duration | None, rule: ClockRule) -> float | None:
    if stated is None or stated.unit != rule.unit:
        return None
    return int(stated.value) if rule.ticks == 1 else stated.value


def read_days(parts: Sequence[Part], counting: Counting, history: History) -> NDArray[np.int32]:
    """Read the days of every measured case of one replication; started hours count in full.

    Returns
    -------
    NDArray[np.int32]
        [measured cases, parts] encoded by `shortest_promise.encode`. A part does not bind cases of
        other types, and those that are left out of a limit on it (`sim.measures.limits.bound`).
    """
    codes = np.full((len(history.demand.case_type), len(parts)), NOT_BOUND, np.int32)
    for column, part in enumerate(parts):
        readings = read_clocks(history, part.scope, replace(counting, rules=(part.rule,)))
        reading = readings.clocks[part.clock]
        amount = np.maximum(0, reading.value - _extension(part, history, readings))
        days = -(-amount // part.rule.ticks)
        binds = bound(readings, history.demand.outcome[readings.case])
        if part.limit is not None:
            binds &= history.demand.matches(part.limit.when)[readings.case]
        codes[readings.case, column] = encode(days, reading.open, binds)
    return codes[history.demand.workload.measured]


def _extension(part: Part, history: History, readings: ClockReadings) -> Ints:
    """Return [K] the smallest amounts of the clock by which the limit of each case is extended."""
    extended = None if part.limit is None else history.demand.extended.get(part.name)
    if part.limit is None or extended is None:
        return np.zeros(len(readings.case), np.int64)
    return extended[readings.case] * np.int64(part.limit.extension_ticks)


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
        self,
        number: int,
        history: History,
        readings: Sequence[ScopeReading],
        own: OwnStandings | None,
    ) -> pd.DataFrame:
        import pandas as pd

        codes = read_days(self.parts, Counting.of(self.model.scenario, history), history)
        return pd.DataFrame(codes, columns=[str(column) for column in range(len(self.parts))])
