"""The facts of one replication by passes of machine code: arrays in, facts out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Floats, Ints
from sim.calendars import IntervalTable
from sim.clocks import History, Reading
from sim.demand.demand import Demand
from sim.engine.checks import verify
from sim.engine.contract import DELAY, NEVER, OPEN, Schedule, Supply, Workload
from sim.engine.records import PART, Records
from sim.measures.days import Charge
from sim.measures.duty import overtime_before
from sim.measures.facts import CaseFacts, Facts
from sim.measures.kernel import blame, pass_over
from sim.measures.pools import PoolSums, response_s
from sim.measures.records import (
    ARRIVED,
    CASE,
    DIGIT,
    IN_HAND,
    OFFICER,
    ON_DUTY,
    POOL,
    PROBLEMS,
    QUEUED,
    RECENT,
    RUN,
    SEEN,
    UNFINISHED,
    WAITED,
    WORKED,
    Days,
    Events,
    Items,
    Sums,
    Table,
    Times,
)
from sim.measures.together import with_the_missing


def passed_over(history: History, horizon_s: int, edges: Ints, shares: Floats) -> Facts:
    """Find the facts of one replication; see `sim.measures.forms.facts_of`."""
    workload, supply, schedule = history.demand.workload, history.supply, history.schedule
    run, cases, officers = _run(history), _cases(workload), _officers(supply, shares)
    pools, sums = np.zeros(len(supply.rule), POOL), _sums(history, edges)
    pass_over(
        run,
        cases,
        _items(history.demand),
        _times(schedule),
        _table(supply.duty, run["days"][0]),
        _table(workload.calendars, run["days"][0]),
        _days(workload),
        officers,
        pools,
        _of(supply.pool_of, np.int32),
        sums,
        _events(workload, schedule),
    )
    of_cases = CaseFacts(
        seen=(cases["flags"] & SEEN) > 0,
        in_hand=(cases["flags"] & IN_HAND) > 0,
        unfinished=(cases["flags"] & UNFINISHED) > 0,
        last_end=cases["last_end"],
        staff_s=cases["staff_s"],
    )
    problems = [PROBLEMS[kind] for kind in np.flatnonzero(sums.problems)]
    if schedule.stopped_s != min(_last_awaited(workload, of_cases), horizon_s):
        problems.append(f"stopped at {schedule.stopped_s}")
    takes_over = supply.take_over is not None and bool(supply.take_over.any())
    teams = workload.team is not None
    if takes_over or teams or supply.conditions is not None:  # the passes do not know these rules
        problems = verify(workload, supply, schedule, horizon_s)
    elif problems:  # the readable form names the items
        problems = verify(workload, supply, schedule, horizon_s) or problems
    by_period = sums.of_pool[:, :, 1:-1].copy()
    return Facts(
        problems=problems,
        cases=of_cases,
        pools=PoolSums(
            worked_s=sums.of_officer[WORKED, :, :-1],
            rostered_s=np.diff(sums.of_officer[ON_DUTY] - overtime_before(supply, edges)),
            worked_for_s=pools["worked_s"],
            arrived=by_period[ARRIVED],
            waited_s=by_period[WAITED],
            served=pools["served"].copy(),
            served_s=pools["served_s"],
            longest=pools["longest"].copy(),
            queue_s=by_period[QUEUED],
            **response_s(workload, supply, schedule, int(edges[0]), int(edges[-1])),
        ),
        swept_s=sums.of_pool[QUEUED].sum(axis=1),
        waited_s=pools["waited_s"],
        node_s=sums.of_node,
    )


def _last_awaited(workload: Workload, cases: CaseFacts) -> int:
    """Return when the cases had ended that the run waits for; NEVER if one had not."""
    awaited = workload.measured | ~workload.measured.any()
    ended = np.where(cases.unfinished, NEVER, cases.last_end)
    happens = np.where(np.diff(workload.first_item) == 0, workload.arrival_s, ended)
    return int(happens[awaited].max(initial=0))


def blamed_by_passes(
    history: History, readings: Sequence[tuple[Ints, Reading, Bools]]
) -> list[Charge]:
    """Return what made cases late, for each of several limits; see `sim.measures.forms.blamed`."""
    late = [late & (reading.stop_item != OPEN) for _, reading, late in readings]
    of_late = [
        np.stack([reading.stop_item, reading.start_s, reading.stop_s])[:, which]
        for (_, reading, _), which in zip(readings, late, strict=True)
    ]
    cases = [each.shape[1] for each in of_late]
    node_s = np.zeros((len(readings), 2, 2 * len(history.process.nodes)), np.int64)
    if sum(cases):
        blame(
            _run(history),
            _items(with_the_missing(history).demand),
            _times(history.schedule),
            _days(history.demand.workload),
            np.concatenate(of_late, axis=1),
            np.repeat(np.arange(len(readings)), cases),
            node_s,
        )
    return [
        Charge.of(history.process, of_limit, n) for of_limit, n in zip(node_s, cases, strict=True)
    ]


# The arrays of a history, each of one fixed type, so that Numba compiles once.


def _of(values: NDArray[Any], kind: type) -> NDArray[Any]:
    """Return the values as a contiguous, writable array of type `kind`."""
    return np.require(values, kind, ["C", "W"])


def _run(history: History) -> Records:
    demand, schedule = history.demand, history.schedule
    run = np.zeros(1, RUN)
    run["stopped"] = schedule.stopped_s
    run["nodes"] = len(history.process.nodes)
    run["days"] = len(demand.workload.working_days)
    run["pool_bits"] = len(history.supply.rule).bit_length()
    run["item_bits"] = (len(demand.case) + len(schedule.parts.item)).bit_length()
    return run


def _cases(workload: Workload) -> Records:
    cases = np.zeros(len(workload.arrival_s), CASE)
    cases["arrival"], cases["last"] = workload.arrival_s, workload.first_item[1:]
    cases["last_end"] = np.where(np.diff(workload.first_item) == 0, 0, OPEN)
    cases["measured"] = workload.measured
    return cases


def _items(demand: Demand) -> Items:
    workload = demand.workload
    tacit = np.empty(0, np.int64) if workload.tacit_wd is None else workload.tacit_wd
    return Items(
        case=_of(demand.case, np.int32),
        node=_of(demand.node, np.int32),
        pool=_of(workload.pool, np.int32),
        amount=_of(workload.amount, np.int64),
        delay_rule=_of(workload.delay_rule, np.int8),
        calendar=_of(workload.calendar, np.int32),
        tacit_wd=_of(tacit, np.int64),
        pred_ptr=_of(workload.pred_ptr, np.int64),
        pred=_of(workload.pred, np.int64),
    )


def _times(schedule: Schedule) -> Times:
    parts = np.empty(len(schedule.parts.item), PART)
    for name in ("item", "officer", "start", "end"):
        parts[name] = getattr(schedule.parts, name)
    return Times(
        ready=_of(schedule.ready, np.int64),
        start=_of(schedule.start, np.int64),
        end=_of(schedule.end, np.int64),
        officer=_of(schedule.officer, np.int32),
        parts=parts,
    )


def _table(table: IntervalTable, days: int) -> Table:
    return Table(
        ptr=_of(table.ptr, np.int64),
        start=_of(table.start, np.int64),
        end=_of(table.end, np.int64),
        before=_of(table.before, np.int64),
        on=np.empty(len(table) * days, np.int32),
    )


def _days(workload: Workload) -> Days:
    days = workload.working_days
    return Days(
        working=_of(days.working, np.bool_),
        n_of=_of(days.cumulative, np.int64),
        nth=np.flatnonzero(days.working),
    )


def _officers(supply: Supply, shares: Floats) -> Records:
    officers = np.zeros(len(supply.calendar), OFFICER)
    officers["row"] = supply.calendar
    officers["first_pool"], officers["last_pool"] = supply.pool_ptr[:-1], supply.pool_ptr[1:]
    for name in ("speed_num", "speed_den", "rework_ppm", "finishes_in_hand", "hands_over"):
        officers[name] = getattr(supply, name)
    officers["share"] = shares
    officers["busy"] = officers["taken"] = OPEN
    return officers


def _sums(history: History, edges: Ints) -> Sums:
    supply, periods = history.supply, len(edges) - 1
    return Sums(
        problems=np.zeros(len(PROBLEMS), np.int64),
        edges=_of(edges, np.int64),
        period_at=np.empty((history.schedule.stopped_s >> RECENT) + 1, np.int32),
        of_officer=np.zeros((3, len(supply.calendar), periods + 1), np.int64),
        of_pool=np.zeros((3, len(supply.rule), periods + 2), np.int64),
        of_node=np.zeros((2, 2 * len(history.process.nodes)), np.int64),
    )


def _events(workload: Workload, schedule: Schedule) -> Events:
    most = int(np.count_nonzero(workload.pool != DELAY)) + len(schedule.parts.item)
    return Events(
        wait_begin=np.empty(most, np.int64),
        wait_end=np.empty(most, np.int64),
        held=np.empty(most, np.int64),
        spare=np.empty(most, np.int64),
        counts=np.empty(1 << DIGIT, np.int64),
    )
