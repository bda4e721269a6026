"""What becomes of the open cases in one replication, as things are and with each measure tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.clocks import ClockReadings, Counting, History, read_each
from sim.demand import TooManyCasesError
from sim.demand.demand import Demand
from sim.engine import Engine, simulate
from sim.engine.contract import DAY_S, DELAY, NEVER, OPEN, Rule, Supply, Workload
from sim.limits import ClockRule, ResolvedLimit, Scope, resolved_limits
from sim.measures.forms import facts_of
from sim.measures.limits import Standing, as_judged, left_out, standing_of
from sim.measures.pools_over_time import PoolsOverTime, measure_over_time
from sim.replications.model import Model
from sim.replications.worker_process import no_interruption_is_lost, reuse

LATE: Final = (Standing.LATE, Standing.OPEN_OVERDUE, Standing.UNDETERMINED)
"""A case that is not decided within the longest run counts as late."""
BINDS: Final = (*LATE, Standing.ON_TIME)
"""The limit binds the case."""


STRIDE: Final = 2
"""Steps by which a run is made longer when all cases are decided, and clocks still run: long."""


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


@dataclass(frozen=True)
class Begin:
    """The run-outs with which replications begin, as positions in `Model.run_outs`.

    They cost time, and change nothing: a case that is decided, or has ended, within a run is so
    in a longer one.
    """

    decided: int = 0
    """Of those that go on until all open cases are decided."""
    ended: int = 0
    """Of those that go on until all their clocks have stopped."""
    least: int = 0
    """Of those in which measures are tried: the least that was enough, for with many measures it
    pays to find out what is."""


@dataclass(frozen=True, eq=False)
class Outlook:
    """One replication; B open cases, L limits, P pools, V measures."""

    standing: NDArray[np.int8]
    """[L, B] a `Standing`; OUT_OF_SCOPE where the limit is not for the case."""
    end_day: NDArray[np.int32]
    """[L, B] the day on which the clock of the limit stops, from the first simulated one; -1: it
    does not within the run, or the limit is not for the case."""
    at_start: Ints
    """[H] case · number of nodes + node, for each item that waits or is under way at the start."""
    needed: Begin
    """The run-outs that were long enough: no shorter ones than it began with."""
    spent_s: NDArray[np.float32] | None
    """[B, P] seconds for which the case waits for each pool, or is in hand there; None: the run
    ended when all cases were decided."""
    pools: PoolsOverTime | None
    """The pools in each period of the window, if they were asked for."""
    late_with: Bools
    """[V, L, B] the case is late with a measure; of one for a single case, that case alone."""


@dataclass(frozen=True, eq=False)
class OutlookTask:
    """How every replication of a forecast is made."""

    model: Model
    seed: int
    cases: int
    """B, the open cases."""
    engine: Engine | None
    dated: int = 0
    """Replications that go on until all clocks have stopped: the first ones. The others end when
    all cases are decided."""
    loads: int = 0
    """Replications of which the load of pools is measured: the first ones."""
    measures: tuple[tuple[Measure, Model], ...] = ()
    """Measures to try, each with the model of its staff."""
    begin: Begin = Begin()
    stride: int = 1
    """Steps by which a run is made longer until all cases are decided."""

    @cached_property
    def _limits(self) -> Sequence[ResolvedLimit]:
        """[L] the limits."""
        return resolved_limits(self.model.scenario)

    @cached_property
    def _together(self) -> Sequence[Sequence[int]]:
        """The limits whose clocks are read in one go, by number."""
        alike: dict[tuple[str, str], list[int]] = {}
        for row, limit in enumerate(self._limits):
            alike.setdefault((limit.case_type, limit.scope.per), []).append(row)
        return tuple(alike.values())

    def replicate(self, number: int) -> Outlook:
        """Make one replication."""
        reuse()
        with no_interruption_is_lost():
            run = self._run(number, dated=number < self.dated)
            late_with = [self._late_with(run, number, *one) for one in self.measures]
            shape = (len(self.measures), *run.standing.shape)
            return Outlook(
                standing=run.standing,
                end_day=run.end_day,
                at_start=_at_start(run.history, self.cases, len(self.model.process.nodes)),
                needed=run.needed,
                spent_s=self._spent(run) if number < self.dated else None,
                pools=self._pools(run.history) if number < self.loads else None,
                late_with=np.array(late_with, np.bool_).reshape(shape),
            )

    def _run(self, number: int, *, dated: bool) -> _Run:
        """Go on until all open cases are decided; if `dated`, until all their clocks stop."""
        begin = self.begin.ended if dated else self.begin.decided
        try:
            run = self._run_to(begin, number)
        except TooManyCasesError:
            if begin == 0:
                raise
            return replace(self, begin=Begin())._run(number, dated=dated)
        decided, last = self.begin.decided, len(self.model.run_outs) - 1
        while not run.ends(dated=dated) and run.at < last:
            longer = min(run.at + (STRIDE if run.ends(dated=False) else self.stride), last)
            if not run.ends(dated=False):
                decided = longer
            try:
                run = self._run_to(longer, number)
            except TooManyCasesError:
                break
        return replace(run, needed=Begin(decided, run.at if dated else self.begin.ended))

    def _run_to(self, at: int, number: int) -> _Run:
        run_out = self.model.run_outs[at]
        history = self.model.replicate_to(run_out, self.seed, number, engine=self.engine)
        return _Run(at, history, *self._read(history, 0, self.cases))

    def _read(
        self, history: History, first: int, last: int
    ) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
        """Return [L, B] standings and last days; of other cases, those out of scope."""
        standing = np.full((len(self._limits), self.cases), Standing.OUT_OF_SCOPE, np.int8)
        end_day = np.full((len(self._limits), self.cases), -1, np.int32)
        read = history.only(first, last)
        types = np.unique(history.demand.case_type[first:last])
        present = {history.process.case_types[kind] for kind in types.tolist()}
        for rows in self._together:
            limits = [self._limits[row] for row in rows]
            if limits[0].case_type not in present:
                continue
            for row, limit, readings in zip(rows, limits, self._clocks(limits, read), strict=True):
                case, reading = readings.case, readings.clocks[limit.clock]
                standing[row, case] = _standing(limit, read.demand, readings)
                end_day[row, case] = np.where(reading.open, -1, reading.stop_s // DAY_S)
        return standing, end_day

    def _clocks(self, limits: Sequence[ResolvedLimit], history: History) -> Iterator[ClockReadings]:
        """Yield the clocks of each limit's scope, read in one go."""
        asked: dict[Scope, tuple[ClockRule, ...]] = {}
        for limit in limits:
            rules = (*asked.get(limit.scope, ()), *as_judged(limit, history, [limit.rule]))
            asked[limit.scope] = tuple(dict.fromkeys(rules))
        counting = Counting.of(self.model.scenario, history, chain.from_iterable(asked.values()))
        read = read_each(history, asked, counting)
        for limit in limits:
            yield read[limit.scope]

    def _spent(self, run: _Run) -> NDArray[np.float32]:
        """Return [B, P] the time of each case with each pool until the last of its clocks stops."""
        demand, schedule = run.history.demand, run.history.schedule
        stop_day = np.where(np.isin(run.standing, BINDS), run.end_day.astype(np.int64), -1)
        stop_day[np.isin(run.standing, LATE) & (run.end_day < 0)] = NEVER // DAY_S
        last = int(demand.workload.first_item[self.cases])
        pool, end = demand.workload.pool[:last], schedule.end[:last]
        case = demand.case[:last].astype(np.int64)
        counts = (end != OPEN) & (end // DAY_S <= stop_day.max(axis=0, initial=-1)[case])
        items = np.flatnonzero((pool != DELAY) & counts)
        pools = len(run.history.supply.rule)
        spent = (end[items] - schedule.ready[items]).astype(np.float64)
        summed = np.bincount(case[items] * pools + pool[items], spent, self.cases * pools)
        return summed.reshape(self.cases, pools).astype(np.float32)

    def _pools(self, history: History) -> PoolsOverTime:
        """Return the load of the pools up to the end of the window, whoever still is open then."""
        shares, edges = self.model.supply.shares, self.model.period_edges_s
        workload, last_s = history.demand.workload, int(edges[-1])
        demand = replace(
            history.demand,
            workload=replace(workload, measured=np.ones(len(workload.measured), np.bool_)),
        )
        schedule = simulate(demand.workload, history.supply, last_s, engine=self.engine)
        whole = replace(history, demand=demand, schedule=schedule)
        facts = facts_of(whole, last_s, edges, shares, self.engine)
        return measure_over_time(facts.pools, history.supply)

    def _late_with(self, run: _Run, number: int, measure: Measure, model: Model) -> Bools:
        """Return [L, B] which cases are late with a measure, on the same random numbers.

        Of a measure for a single case, that case alone.
        """
        one = measure.case >= 0
        cases = (measure.case, measure.case + 1) if one else (0, self.cases)
        for at in range(run.at, len(self.model.run_outs)):
            run_out = self.model.run_outs[at]
            demand, supply = run.history.demand, run.history.supply
            if at > run.at:
                demand = self.model.demand_to(run_out).draw(self.seed, number)
            if at > run.at or not one:
                supply = model.supply_to(run_out).draw(self.seed, number)
            if one:
                demand = replace(demand, workload=first_everywhere(demand, measure.case, supply))
                supply = by_priority(supply)
            last_s = len(demand.workload.working_days) * DAY_S - 1
            schedule = simulate(demand.workload, supply, last_s, engine=self.engine)
            tried = replace(run.history, demand=demand, supply=supply, schedule=schedule)
            standing, _ = self._read(tried, *cases)
            if not (standing == Standing.UNDETERMINED).any():
                break
        return np.isin(standing, LATE)


@dataclass(frozen=True, eq=False)
class _Run:
    """A replication up to the end of a run-out, and what clocks read of its open cases."""

    at: int
    """Position of the run-out."""
    history: History
    standing: NDArray[np.int8]
    end_day: NDArray[np.int32]
    """Both as in `Outlook`."""
    needed: Begin = Begin()

    def ends(self, *, dated: bool) -> bool:
        """Whether every case is decided; if `dated`, every clock of a bound case has stopped."""
        if dated:
            return not (np.isin(self.standing, LATE) & (self.end_day < 0)).any()
        return not (self.standing == Standing.UNDETERMINED).any()


def _standing(limit: ResolvedLimit, demand: Demand, readings: ClockReadings) -> NDArray[np.int8]:
    """Return the standing of the cases of a limit."""
    concerned = demand.matches(limit.when)[readings.case]
    readings = replace(readings, in_scope=readings.in_scope & concerned)
    allowed = np.full(len(readings.case), limit.ticks)
    extended = demand.extended.get(limit.name)
    if extended is not None:
        allowed += extended[readings.case] * limit.extension_ticks
    excluded = left_out(readings, demand.outcome[readings.case])
    return standing_of(readings.clocks[limit.clock], allowed, excluded)


def _at_start(history: History, cases: int, nodes: int) -> Ints:
    """Return case · nodes + node of the items that are ready at second 0."""
    last = int(history.demand.workload.first_item[cases])
    items = np.flatnonzero(history.schedule.ready[:last] == 0)
    items = items[(history.schedule.end[items] != 0)]
    case, node = history.demand.case[items].astype(np.int64), history.demand.node[items]
    return np.asarray(case * nodes + node, np.int64)


def first_everywhere(demand: Demand, case: int, supply: Supply) -> Workload:
    """Return the workload in which one case goes before all others, and alone is measured.

    Where a pool served first come, first served, all others stay alike.
    """
    workload = demand.workload
    fifo = supply.rule[np.maximum(workload.pool, 0)] == Rule.FIFO
    priority = np.where(fifo, 0, workload.priority - workload.priority.min(initial=0)) + 1
    priority[workload.first_item[case] : workload.first_item[case + 1]] = 0
    measured = np.arange(len(workload.measured)) == case
    return replace(workload, priority=priority.astype(np.int32), measured=measured)


def by_priority(supply: Supply) -> Supply:
    """Return the supply whose pools look at priority; those with take-over cannot."""
    rule = np.where(supply.rule == Rule.FIFO, np.int8(Rule.PRIORITY), supply.rule)
    if supply.take_over is not None:
        rule = np.where(supply.take_over, supply.rule, rule)
    return replace(supply, rule=rule.astype(np.int8))


def late_share(outlooks: Sequence[Outlook]) -> tuple[Ints, Ints]:
    """Return [L, B] in how many replications a case is late, and in how many a limit binds it."""
    late = sum(np.isin(one.standing, LATE).astype(np.int64) for one in outlooks)
    bound = sum(np.isin(one.standing, BINDS).astype(np.int64) for one in outlooks)
    return np.asarray(late), np.asarray(bound)
