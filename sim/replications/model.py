"""A scenario made ready to run: built once, replicated many times."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Final

import numpy as np

from sim.arrays import over_items
from sim.calendars import WorkingDays
from sim.clocks import History
from sim.demand import DemandSource, TooManyCasesError
from sim.demand.backlog import GivenRow
from sim.engine import Engine, chosen, simulate
from sim.engine.contract import DAY_S, OPEN
from sim.engine.observer import Observer
from sim.limits.own_limits import OwnLimits
from sim.measures.days import by_department, by_matter
from sim.measures.periods import edges_s, periods_of
from sim.process import build_process, pool_table
from sim.records.backlog import backlog_of_records, no_case_fits
from sim.replications.readings import read_limits
from sim.scenario import (
    PATIENCE,
    Problem,
    Scenario,
    ScenarioError,
    calendar_of,
    run_outs,
    window_s,
    with_run_out,
)
from sim.streams import equal_hashes
from sim.supply import SupplySource
from sim.translation import tr

STEPS: Final = (0, 12, 26, 42, 60, 80, 100, 140, 160, 180, 200, 220, 300, 380, 600, 760, 1200, 1500)
"""Calendar days after the window that a forecast may go on besides `LENGTHS`: in small steps, since
it makes few of them."""


class Model:
    """Process, demand and supply of one scenario.

    Demand and supply are drawn up to the end of the run-out. Where the scenario states none, each
    replication takes the shortest of `run_outs` that is long enough for its measured cases. The
    cases that it had with a shorter one, and their draws, stay the same: later cases only follow.
    """

    def __init__(self, scenario: Scenario, backlog: Sequence[GivenRow] | None = None) -> None:
        """`backlog`: open cases instead of the scenario's backlog; they alone are measured."""
        self.scenario = scenario
        self.backlog = backlog
        self.process = build_process(scenario)
        self.opened = backlog_of_records(scenario, self.process) if backlog is None else None
        """The open cases of the records that the scenario names; None: it names none."""
        self.pools = pool_table(scenario)
        self.run_outs = run_outs(scenario)
        if backlog is not None and scenario.period.run_out is None:
            steps = {days for days in STEPS if days < self.run_outs[-1]}
            self.run_outs = tuple(sorted({*steps, *self.run_outs}))
        """The run-outs that a replication may need, in calendar days, ascending."""
        self._demand: dict[int, DemandSource] = {}
        self._supply: dict[int, SupplySource] = {}
        self._like: Model | None = None
        """A model with the same calendar and period, whose duty this one may take."""
        self.window_s = window_s(scenario)
        self.periods = periods_of(scenario.period.window.first, scenario.period.window.last)
        self.own_limits = OwnLimits.of(scenario)
        self.period_edges_s = edges_s(self.periods, scenario.period.start)
        self.groupings = {
            "matter": by_matter(self.process),
            "department": by_department(self.process),
        }
        """Kind of account → the accounts to which days are charged."""
        self.demand_to(self.run_outs[0])  # data files are read, and refused, here
        if self.opened is not None and self.demand.backlog.given is None:
            raise no_case_fits(scenario, self.demand.backlog.left_out)

    @property
    def demand(self) -> DemandSource:
        """The demand up to the end of the shortest run-out."""
        return self.demand_to(self.run_outs[0])

    @property
    def supply(self) -> SupplySource:
        """The supply up to the end of the shortest run-out."""
        return self.supply_to(self.run_outs[0])

    @property
    def working_days(self) -> WorkingDays:
        """The legal calendar up to the end of the shortest run-out."""
        return self.demand.working_days

    @property
    def horizon_s(self) -> int:
        """The last second of the shortest run-out."""
        return len(self.working_days) * DAY_S - 1

    def demand_to(self, run_out: int) -> DemandSource:
        """Return the demand up to the end of a run-out; it is built once.

        ScenarioError if a data file cannot be used, or two streams would draw the same numbers.
        """
        if run_out not in self._demand:
            scenario = with_run_out(self.scenario, run_out)
            if self._demand:
                shared: DemandSource | WorkingDays = next(iter(self._demand.values()))
            else:
                shared = calendar_of(with_run_out(self.scenario, self.run_outs[-1]))
            rows = self.backlog if self.opened is None else self.opened.rows
            alone = self.backlog is not None
            demand = DemandSource(scenario, self.process, self.pools, rows, shared, alone=alone)
            _refuse_equal_streams(scenario, demand.stream_names())
            self._demand[run_out] = demand
        return self._demand[run_out]

    def supply_to(self, run_out: int) -> SupplySource:
        """Return the supply up to the end of a run-out; it is built once."""
        if run_out not in self._supply:
            scenario, days = with_run_out(self.scenario, run_out), self.demand_to(run_out)
            like = None if self._like is None else self._like.supply_to(run_out)
            supply = SupplySource(scenario, self.pools, days.working_days, like)
            _refuse_equal_streams(scenario, chain(supply.stream_names(), days.stream_names()))
            self._supply[run_out] = supply
        return self._supply[run_out]

    def restaffed(self, scenario: Scenario) -> Model:
        """Return the model of a scenario that differs from this one only in its staff.

        Process and demand do not depend on staff, so both models share them.
        """
        other = copy.copy(self)
        other.scenario = scenario
        other._supply = {}
        other._like = self
        return other

    def kept_to(self, run_outs: Collection[int]) -> Model:
        """Return the model with no more in hand than these run-outs need; others are built anew.

        So it is soon handed to another process.
        """
        other = copy.copy(self)
        wanted = {self.run_outs[0], *run_outs}
        other._demand = {one: of for one, of in self._demand.items() if one in wanted}
        other._supply = {one: of for one, of in self._supply.items() if one in run_outs}
        return other

    def alike(self, scenario: Scenario) -> Model:
        """Return the model of a scenario with the same calendar, period and backlog.

        Officers' duty that is equal in both is not worked out again.
        """
        other = Model(scenario, self.backlog)
        other._like = self
        return other

    def replicate(
        self,
        seed: int,
        number: int,
        observer: Observer | None = None,
        *,
        engine: Engine | None = None,
    ) -> History:
        """Draw and simulate one replication; see `sim.engine.simulate`.

        The run goes on until every measured case has ended or, from `PATIENCE` days on, is decided
        for every limit; but not beyond the longest run-out.
        """
        run_out = self.run_outs[0]
        history = self.replicate_to(run_out, seed, number, engine=engine)
        for longer in self.run_outs[1:]:
            if _all_ended(history) or (run_out >= PATIENCE and self._all_decided(history)):
                break
            try:
                history = self.replicate_to(longer, seed, number, engine=engine)
            except TooManyCasesError:
                break
            run_out = longer
        if observer is not None:
            return self.replicate_to(run_out, seed, number, observer, engine=engine)
        return history

    def replicate_to(
        self,
        run_out: int,
        seed: int,
        number: int,
        observer: Observer | None = None,
        *,
        engine: Engine | None = None,
    ) -> History:
        """Draw and simulate one replication with a given run-out, in calendar days."""
        compiled = observer is None and chosen(engine) == "compiled"
        demand = self.demand_to(run_out).draw(seed, number, compiled=compiled)
        supply = self.supply_to(run_out).draw(seed, number, compiled=compiled)
        horizon_s = len(demand.workload.working_days) * DAY_S - 1
        schedule = simulate(demand.workload, supply, horizon_s, observer, engine=engine)
        return History(self.process, demand, supply, schedule, engine)

    def _all_decided(self, history: History) -> bool:
        """Tell whether it is known of every measured case whether it keeps every limit."""
        return not any(
            reading.tallies[reading.clock].undetermined
            for reading in read_limits(self.scenario, history)
        )


def _refuse_equal_streams(scenario: Scenario, names: Iterable[str]) -> None:
    """Raise ScenarioError if two random streams have the same hash, and so the same numbers."""
    equal = equal_hashes(names)
    if equal is not None:
        one, other = equal
        rule = tr(
            "'{one}' and '{other}' would draw the same random numbers; rename a part of one",
            one=one,
            other=other,
        )
        raise ScenarioError([Problem(rule, scenario.provenance.origin)])


def _all_ended(history: History) -> bool:
    """Tell whether every measured case has ended."""
    workload, schedule = history.demand.workload, history.schedule
    unfinished = over_items(np.logical_or, schedule.end == OPEN, workload.first_item, False)
    return not np.any(unfinished & workload.measured)
