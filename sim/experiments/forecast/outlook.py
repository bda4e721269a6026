"""What becomes of the open cases in one replication, as things are and with each measure tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.clocks import Counting, History
from sim.demand import TooManyCasesError
from sim.demand.demand import Demand
from sim.engine import Engine, simulate
from sim.engine.contract import DAY_S, DELAY, OPEN, Rule, Supply, Workload
from sim.limits import ResolvedLimit, resolved_limits
from sim.measures.forms import facts_of
from sim.measures.limits import Standing, left_out, read_limit_clocks, standing_of
from sim.measures.pools_over_time import PoolsOverTime, measure_over_time
from sim.replications.model import Model
from sim.replications.worker_process import no_interruption_is_lost, reuse

LATE: Final = (Standing.LATE, Standing.OPEN_OVERDUE, Standing.UNDETERMINED)
"""A case that is not decided within the longest run counts as late."""


@dataclass(frozen=True)
class Measure:
    """What might save cases."""

    kind: str
    """`officer`, `overtime` or `priority`."""
    team: str = ""
    """The team that gets an officer, or works longer."""
    pool: int = -1
    """The pool for whose sake; -1: none."""
    case: int = -1
    """The open case that goes first everywhere; -1: none."""


@dataclass(frozen=True, eq=False)
class Outlook:
    """One replication; B open cases, L limits, P pools, V measures."""

    standing: NDArray[np.int8]
    """[L, B] a `Standing`; OUT_OF_SCOPE where the limit is not for the case."""
    end_day: NDArray[np.int32]
    """[L, B] the day on which the clock of the limit stops, from the first simulated one; -1: it
    does not within the run, or the limit is not for the case."""
    spent_s: NDArray[np.float32]
    """[B, P] seconds for which the case waits for each pool, or is in hand there."""
    at_start: Ints
    """[H] case · number of nodes + node, for each item that waits or is under way at the start."""
    pools: PoolsOverTime | None
    """The pools in each period of the window, if they were asked for."""
    late_with: Bools
    """[V, L, B] the case is late with a measure."""


@dataclass(frozen=True, eq=False)
class OutlookTask:
    """How every replication of a forecast is made."""

    model: Model
    seed: int
    cases: int
    """B, the open cases."""
    engine: Engine | None
    loads: int = 0
    """Replications of which the load of pools is measured: the first ones."""
    measures: tuple[tuple[Measure, Model], ...] = ()
    """Measures to try, each with the model of its staff."""

    def replicate(self, number: int) -> Outlook:
        """Make one replication."""
        reuse()
        with no_interruption_is_lost():
            model = self.model
            for run_out in model.run_outs:
                try:
                    history = model.replicate_to(run_out, self.seed, number, engine=self.engine)
                except TooManyCasesError:
                    break
                longest = run_out
                standing, end_day, open_ = self._read(history)
                if not open_:
                    break
            nodes = len(model.process.nodes)
            return Outlook(
                standing=standing,
                end_day=end_day,
                spent_s=self._spent(history),
                at_start=_at_start(history, self.cases, nodes),
                pools=self._pools(history) if number < self.loads else None,
                late_with=np.array(
                    [self._late_with(history, longest, number, *one) for one in self.measures],
                    np.bool_,
                ).reshape(len(self.measures), *standing.shape),
            )

    def _read(self, history: History) -> tuple[NDArray[np.int8], NDArray[np.int32], bool]:
        """Return [L, B] standings and last days, and whether some clock still runs."""
        limits = resolved_limits(self.model.scenario)
        standing = np.full((len(limits), self.cases), Standing.OUT_OF_SCOPE, np.int8)
        end_day = np.full((len(limits), self.cases), -1, np.int32)
        still_open = False
        for row, limit in enumerate(limits):
            case, of, stop_s, open_ = _of_limit(limit, history, self.model, self.cases)
            standing[row, case] = of
            end_day[row, case] = np.where(open_, -1, stop_s // DAY_S)
            still_open |= bool((open_ & np.isin(of, LATE)).any())
        return standing, end_day, still_open

    def _spent(self, history: History) -> NDArray[np.float32]:
        """Return [B, P] the time of each case with each pool."""
        demand, schedule = history.demand, history.schedule
        last = int(demand.workload.first_item[self.cases])
        pool = demand.workload.pool[:last]
        items = np.flatnonzero((pool != DELAY) & (schedule.end[:last] != OPEN))
        pools = len(history.supply.rule)
        spent = (schedule.end[items] - schedule.ready[items]).astype(np.float64)
        key = demand.case[items].astype(np.int64) * pools + pool[items]
        summed = np.bincount(key, spent, self.cases * pools)
        return summed.reshape(self.cases, pools).astype(np.float32)

    def _pools(self, history: History) -> PoolsOverTime:
        shares = self.model.supply.shares
        edges = self.model.period_edges_s
        facts = facts_of(history, history.horizon_s, edges, shares, self.engine)
        return measure_over_time(facts.pools, history.supply)

    def _late_with(
        self, history: History, run_out: int, number: int, measure: Measure, model: Model
    ) -> Bools:
        """Return [L, B] which cases are late with a measure, on the same random numbers."""
        demand, supply = history.demand, history.supply
        if measure.case >= 0:
            demand = replace(demand, workload=first_everywhere(demand, measure.case, supply))
            supply = by_priority(supply)
        else:
            supply = model.supply_to(run_out).draw(self.seed, number)
        schedule = simulate(demand.workload, supply, history.horizon_s, engine=self.engine)
        tried = replace(history, demand=demand, supply=supply, schedule=schedule)
        return np.isin(self._read(tried)[0], LATE)


def _of_limit(
    limit: ResolvedLimit, history: History, model: Model, cases: int
) -> tuple[Ints, NDArray[np.int8], Ints, Bools]:
    """Return the open cases of a limit: numbers, standing, stop of the clock, whether it runs."""
    demand = history.demand
    counting = Counting.of(model.scenario, history, [limit.rule])
    readings = read_limit_clocks(limit, history, counting)
    concerned = demand.matches(limit.when)[readings.case]
    readings = replace(readings, in_scope=readings.in_scope & concerned)
    allowed = np.full(len(readings.case), limit.ticks)
    extended = demand.extended.get(limit.name)
    if extended is not None:
        allowed += extended[readings.case] * limit.extension_ticks
    reading = readings.clocks[limit.clock]
    standing = standing_of(reading, allowed, left_out(readings, demand.outcome[readings.case]))
    mine = slice(0, int(np.searchsorted(readings.case, cases)))  # open cases come first
    return readings.case[mine], standing[mine], reading.stop_s[mine], reading.open[mine]


def _at_start(history: History, cases: int, nodes: int) -> Ints:
    """Return case · nodes + node of the items that are ready at second 0."""
    last = int(history.demand.workload.first_item[cases])
    items = np.flatnonzero(history.schedule.ready[:last] == 0)
    items = items[(history.schedule.end[items] != 0)]
    case, node = history.demand.case[items].astype(np.int64), history.demand.node[items]
    return np.asarray(case * nodes + node, np.int64)


def first_everywhere(demand: Demand, case: int, supply: Supply) -> Workload:
    """Return the workload in which one case goes before all others.

    Where a pool served first come, first served, all others stay alike.
    """
    workload = demand.workload
    fifo = supply.rule[np.maximum(workload.pool, 0)] == Rule.FIFO
    priority = np.where(fifo, 0, workload.priority - workload.priority.min(initial=0)) + 1
    priority[demand.case == case] = 0
    return replace(workload, priority=priority.astype(np.int32))


def by_priority(supply: Supply) -> Supply:
    """Return the supply whose pools look at priority; those with take-over cannot."""
    rule = np.where(supply.rule == Rule.FIFO, np.int8(Rule.PRIORITY), supply.rule)
    if supply.take_over is not None:
        rule = np.where(supply.take_over, supply.rule, rule)
    return replace(supply, rule=rule.astype(np.int8))


def late_share(outlooks: Sequence[Outlook]) -> tuple[Ints, Ints]:
    """Return [L, B] in how many replications a case is late, and in how many a limit binds it."""
    late = sum(np.isin(one.standing, LATE).astype(np.int64) for one in outlooks)
    bound = sum(
        (np.isin(one.standing, (*LATE, Standing.ON_TIME))).astype(np.int64) for one in outlooks
    )
    return np.asarray(late), np.asarray(bound)
