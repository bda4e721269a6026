"""A scenario made ready to run: built once, replicated many times."""

from __future__ import annotations

import copy

from sim.calendars import WorkingDays
from sim.clocks import Counting, History
from sim.demand import DemandSource
from sim.engine import Engine, simulate
from sim.engine.observer import Observer
from sim.measures.periods import edges_s, periods_of
from sim.process import build_process, pool_table
from sim.scenario import Scenario, horizon_s, window_s
from sim.supply import SupplySource


class Model:
    """Process, demand and supply of one scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.process = build_process(scenario)
        self.pools = pool_table(scenario)
        self.demand = DemandSource(scenario, self.process, self.pools)
        self.supply = SupplySource(scenario, self.pools, self.working_days)
        self.counting = Counting.of(scenario, self.working_days)
        self.horizon_s = horizon_s(scenario)
        self.window_s = window_s(scenario)
        self.periods = periods_of(scenario.period.window.first, scenario.period.window.last)
        self.period_edges_s = edges_s(self.periods, scenario.period.start)

    @property
    def working_days(self) -> WorkingDays:
        """The legal calendar of all simulated days."""
        return self.demand.working_days

    def restaffed(self, scenario: Scenario) -> Model:
        """Return the model of a scenario that differs from this one only in its staff.

        Process and demand do not depend on staff, so both models share them.
        """
        other = copy.copy(self)
        other.scenario = scenario
        other.supply = SupplySource(scenario, self.pools, self.working_days)
        return other

    def replicate(
        self,
        seed: int,
        number: int,
        observer: Observer | None = None,
        *,
        engine: Engine | None = None,
    ) -> History:
        """Draw and simulate one replication; see `sim.engine.simulate`."""
        demand = self.demand.draw(seed, number)
        supply = self.supply.draw(seed, number)
        schedule = simulate(demand.workload, supply, self.horizon_s, observer, engine=engine)
        return History(self.process, demand, supply, schedule)
