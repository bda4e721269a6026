"""A scenario made ready to run: built once, replicated many times."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np

from sim.calendars import WorkingDays
from sim.clocks import CLOCKS
from sim.demand import Demand, DemandSource, DueClock
from sim.engine import NO_LIMIT, Engine, Observer, Schedule, Supply, simulate
from sim.measures.limits import Promise, promises
from sim.measures.periods import edges_s, periods_of
from sim.process import Graph, Mark, build_process, pool_table
from sim.scenario import Scenario, horizon_s, window_s
from sim.supply import SupplySource


@dataclass(frozen=True, eq=False)
class Replication:
    """What was drawn and what happened, once."""

    seed: int
    number: int
    demand: Demand
    supply: Supply
    schedule: Schedule


class Model:
    """Process, demand and supply of one scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.process = build_process(scenario)
        self.pools = pool_table(scenario)
        due = [_due_clock(scenario, graph) for graph in self.process.graphs]
        self.demand = DemandSource(scenario, self.process, self.pools, due)
        self.supply = SupplySource(scenario, self.pools, self.working_days)
        self.horizon_s = horizon_s(scenario)
        self.window_s = window_s(scenario)
        self.periods = periods_of(scenario.period.window.first, scenario.period.window.last)
        self.period_edges_s = edges_s(self.periods, scenario.period.start)

    @property
    def working_days(self) -> WorkingDays:
        """The legal calendar of all simulated days."""
        return self.demand.working_days

    def restaffed(self, scenario: Scenario) -> Model:
        """Return the model of a scenario that differs from this one in its staff alone.

        Process and demand know no staff, so they are shared instead of being built anew.
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
    ) -> Replication:
        """Draw and simulate one replication; see `sim.engine.simulate`."""
        demand = self.demand.draw(seed, number)
        supply = self.supply.draw(seed, number)
        schedule = simulate(demand.workload, supply, self.horizon_s, observer, engine=engine)
        return Replication(seed, number, demand, supply, schedule)


def governing_limit(scenario: Scenario, case_type: str) -> Promise | None:
    """Return the limit that gives cases their due date: the first by name."""
    limits = sorted(promises(scenario), key=lambda promise: promise.name)
    return next((limit for limit in limits if limit.case_type == case_type), None)


def _due_clock(scenario: Scenario, graph: Graph) -> DueClock:
    """Translate the governing limit for the engine, which knows nodes and no matters.

    The due date follows the limit's own clock. A clock of calendar days is followed at five
    working days to seven.
    """
    nodes = graph.nodes
    limit = governing_limit(scenario, graph.case_type)
    if limit is None:
        none = np.zeros(len(nodes), bool)
        return DueClock(NO_LIMIT, none, none)
    rule = CLOCKS[limit.clock]
    inside = np.array(
        [limit.matters is None or not set(limit.matters).isdisjoint(node.covers) for node in nodes]
    )
    counts = np.array([rule.whole_span or node.owner not in rule.pauses_for for node in nodes])
    accepts = np.array([Mark.ACCEPTANCE in node.marks for node in nodes])
    limit_wd = limit.days * 5 // 7 if rule.unit == "cd" else limit.days
    if scenario.calendar.count_start_day:
        limit_wd = max(limit_wd - 1, 0)
    return DueClock(
        limit_wd,
        inside & counts,
        inside & accepts,
        matters=limit.matters,
        clock=limit.clock,
        by_acceptance=rule.start == Mark.ACCEPTANCE,
    )
