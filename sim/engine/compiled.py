"""The compiled engine: the contract in Numba, for speed.

It returns the same integers as the reference engine. It is fast for these reasons:

- Items are read and written in place; the state of a run is one record for each item, case, pool
  and officer. Nothing is allocated while it runs.
- Ends are packed integers ``t << shift | item``, which sorts them by instant and then by item, as
  the contract does: those of work in a tree over the officers, those of delays in a binary heap.
  Arrivals are sorted already. The next duty that a pool waits for is one number of the pool.
- Items that wait for a pool lie in the pool's own slice of one array, as long as the pool has
  items. Under `Rule.FIFO` it is a queue, since items come in the order of their keys, except for
  ties of one instant; else a heap with the slot of each item, so that keys may change.
- Officers and calendars remember the interval they are in: time never goes back.
- A pool whose officers serve no other competes with none, so it is dispatched by itself.
- Only a pool with conditions, or with officers who have appointments, is searched for an item that
  may begin: its items lie in no order.
- Who would be done first is computed once for each kind of officers; in a pool of one kind, never.
- When an officer takes an item in hand, it is known whether and when it is handed over: that is
  the end in the tree. Under take-over, the slots of a pool hold its items in hand, too.

This module turns the contract's arrays into a `Run`; `sim.engine.kernel` executes it.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.calendars import IntervalTable
from sim.engine.contract import (
    ANY_TIME,
    DAY_S,
    NEVER,
    NO_LIMIT,
    NO_OFFICER,
    OPEN,
    Parts,
    Rule,
    Schedule,
    Supply,
    Workload,
    pools_of_teams,
)
from sim.engine.deadlines import NO_DUE
from sim.engine.hand_over import overtime_turns
from sim.engine.kernel import run_on
from sim.engine.queues import needs_deadlines
from sim.engine.records import (
    CASE,
    CLOCK,
    DONE,
    HOURS,
    ITEM,
    KIND,
    LIMIT,
    LINK,
    NOWHERE,
    OFFICER,
    PART,
    PLACE,
    POOL,
    RECEIPT,
    ROW,
    SEAT,
    STATE,
    TURN,
    Given,
    Indices,
    Records,
    Run,
)
from sim.engine.take_over import units

_MORE_PARTS: Final = 8
"""Room for so many parts of each officer at first; it doubles when it is used up."""


def simulate(workload: Workload, supply: Supply, horizon_s: int) -> Schedule:
    """Run one replication, as `sim.engine` specifies it."""
    if horizon_s < 0:
        raise ValueError(f"horizon_s = {horizon_s}: the run cannot stop before it begins at 0")
    n = len(workload.pool)
    shift = n.bit_length()
    if max(n, len(workload.pred)) >= 2**31 or horizon_s << shift >= NEVER:
        raise ValueError(f"{n} items over {horizon_s} s are too many to number their instants")
    run = _run(workload, supply, horizon_s)
    while (stopped := run_on(run)) == OPEN:
        run = run._replace(parts=np.concatenate([run.parts, np.empty_like(run.parts)]))
    return _schedule(run, int(stopped))


def _run(workload: Workload, supply: Supply, horizon_s: int) -> Run:
    """Return the run before it begins."""
    n = len(workload.pool)
    searched = supply.has_conditions | pools_of_teams(workload, supply)
    heaped = (supply.rule != Rule.FIFO) | searched
    place = np.empty(n if heaped.any() else 0, PLACE)
    place["slot"] = NOWHERE
    ends = np.empty(n + 1, np.int64)
    ends[0] = NEVER
    turns = _turns(supply)
    hands_over = len(turns) > 0 or bool((supply.hands_over & ~supply.finishes_in_hand).any())
    kinds, kind_of = _kinds(supply)
    shifts, shift_ptr = _shifts(supply)
    follows = needs_deadlines(supply)
    return Run(
        given=_given(workload),
        cases=_cases(workload),
        clocks=_clocks(workload) if follows else np.empty(0, CLOCK),
        receipts=np.empty(_checks(workload), RECEIPT),
        items=np.empty(n, ITEM),  # unused pages take no memory
        links=np.empty(len(workload.pred), LINK),
        ready=np.empty(n, np.int64),
        start=np.empty(n, np.int64),
        end=np.empty(n, np.int64),
        officer=np.empty(n, np.int32),
        pools=_pools(supply, kind_of, searched, heaped),
        slots=np.empty(n, np.uint32),
        place=place,
        officers=_officers(supply, kind_of, shift_ptr),
        turns=turns,
        kinds=kinds,
        seats=_seats(workload),
        officers_of=_officers_of(supply),
        serves=_of(supply.pool_of, np.uint32),
        limits=_limits(supply),
        shifts=shifts,
        free=_all_free(supply),
        duty=_hours(supply.duty),
        planned=_hours(supply.planned),
        left=np.empty(n if hands_over else 0, np.int64),
        parts=np.empty(_MORE_PARTS * len(supply.calendar) if hands_over else 0, PART),
        rows=_rows(workload.calendars),
        hours=_hours(workload.calendars),
        n_of=_of(workload.working_days.cumulative, np.int64),
        nth=np.flatnonzero(workload.working_days.working),
        tree=np.full(2 * _leaves(supply), NEVER, np.int64),
        ends=ends,
        touched=np.empty(len(supply.rule), np.uint32),
        state=_state(),
        shift=n.bit_length(),
        horizon=horizon_s,
        follows_due_days=follows,
        has_tacit=workload.tacit_wd is not None,
        hands_over=hands_over,
        takes_over=len(turns) > 0,
        has_overtime=len(shifts) > 0,
    )


def _schedule(run: Run, stopped_s: int) -> Schedule:
    """Return what happened; nothing did to the items of cases that have not come."""
    came = int(run.state["came"][0])
    run.ready[came:] = run.start[came:] = run.end[came:] = OPEN
    run.officer[came:] = NO_OFFICER
    return Schedule(run.ready, run.start, run.end, run.officer, stopped_s, _parts(run))


def _parts(run: Run) -> Parts:
    """Return the parts of the items handed over, with those in hand at the stop."""
    n = int(run.state["parts"][0])
    if n == 0:
        return Parts()
    done = run.parts[:n]
    item, officer, start, end = (done[name] for name in ("item", "officer", "start", "end"))
    held = np.unique(item)
    held = held[(run.end[held] == OPEN) & ~run.items["laid_down"][held]]
    by = run.officer[held]
    item = np.concatenate([item, held])
    officer = np.concatenate([officer, by])
    start = np.concatenate([start, run.officers["taken"][by]])
    end = np.concatenate([end, np.full(len(held), OPEN)])
    order = np.lexsort((start, item))
    return Parts(item[order], officer[order], start[order], end[order])


# The contract's arrays as records, each of one fixed type, so that Numba compiles once.


_NONE = np.empty(0)


def _of(values: NDArray[Any], kind: type) -> NDArray[Any]:
    """Return the values as a contiguous, writable array of type `kind`."""
    return np.require(values, kind, ["C", "W"])


def _cases(workload: Workload) -> Records:
    cases = np.zeros(len(workload.arrival_s), CASE)
    cases["arrival"] = workload.arrival_s
    cases["first"] = workload.first_item[:-1]
    cases["last"] = workload.first_item[1:]
    cases["awaited"] = workload.measured | ~workload.measured.any()
    return cases


def _clocks(workload: Workload) -> Records:
    cumulative = workload.working_days.cumulative
    clocks = np.zeros(len(workload.limit_wd), CLOCK)
    first = clocks[: len(workload.arrival_s)]
    # Arrivals past the calendar's last day are past the horizon: their day does not matter.
    first["paused_n"] = cumulative[np.minimum(workload.arrival_s // DAY_S, len(cumulative) - 1)]
    first["started_n"] = first["paused_n"]
    first["begun"] = True
    due = clocks["paused_n"] + workload.limit_wd if workload.due_wd is None else workload.due_wd
    clocks["limit_wd"] = workload.limit_wd
    clocks["due"] = np.where(workload.limit_wd == NO_LIMIT, NO_DUE, due)
    if workload.clock_runs is not None:
        clocks["running"] = workload.clock_runs
    return clocks


def _checks(workload: Workload) -> int:
    """Return the number of first checks."""
    notice = workload.notice
    return 0 if notice is None else int(np.sum(notice == np.arange(len(notice))))


def _given(workload: Workload) -> Given:
    tacit, rounds = workload.tacit_wd, workload.begins_round
    clock, notice = workload.clock, workload.notice
    counted_late, rounds_late = workload.counted_late, workload.begins_round_late
    return Given(
        pool=_of(workload.pool, np.int32),
        amount=_of(workload.amount, np.int64),
        delay_rule=_of(workload.delay_rule, np.int8),
        calendar=_of(workload.calendar, np.int32),
        priority=_of(workload.priority, np.int32),
        counted=_of(workload.counted, np.bool_),
        starts_clock=_of(workload.starts_clock, np.bool_),
        begins_round=_of(_NONE if rounds is None else rounds, np.bool_),
        tacit_wd=_of(_NONE if tacit is None else tacit, np.int64),
        clock=_of(_NONE if clock is None else clock, np.int64),
        notice=_of(_NONE if notice is None else notice, np.int64),
        counted_late=_of(_NONE if counted_late is None else counted_late, np.bool_),
        begins_round_late=_of(_NONE if rounds_late is None else rounds_late, np.bool_),
        pred_ptr=_of(workload.pred_ptr, np.int64).view(np.uint64),
        pred=_of(workload.pred, np.int64).view(np.uint64),
    )


def _state() -> Records:
    state = np.zeros(1, STATE)
    state["wake"] = state["meet"] = NEVER
    return state


def _seats(workload: Workload) -> Records:
    seats = np.zeros(0 if workload.team is None else len(workload.team), SEAT)
    seats["officer"] = NO_OFFICER
    if workload.team is not None:
        seats["team"] = workload.team
    return seats


def _limits(supply: Supply) -> Records:
    """Return [L] what each officer looks at in each pool."""
    limits = np.zeros(len(supply.pool_of), LIMIT)
    limits["below_wd"] = ANY_TIME
    if supply.conditions is not None:
        limits["below_wd"] = supply.conditions.below_wd
        limits["queue_over"] = supply.conditions.queue_over
    return limits


def _turns(supply: Supply) -> Records:
    takes_over = supply.take_over is not None and supply.take_over.any()
    turns = np.zeros(len(supply.calendar) if takes_over else 0, TURN)
    if takes_over:
        unit = np.ones(len(turns), np.int64)
        officer = np.repeat(np.arange(len(turns)), np.diff(supply.pool_ptr))
        np.maximum.at(unit, officer, units(supply)[supply.pool_of])
        turns["unit"], turns["pace"] = unit, supply.speed_num * unit // supply.speed_den
        turns["held"] = turns["given"] = NOWHERE
    return turns


def _kinds(supply: Supply) -> tuple[Records, Ints]:
    """Return the kinds of officers, and [O] the kind of each."""
    traits = (supply.planned_calendar, supply.speed_num, supply.speed_den, supply.finishes_in_hand)
    # np.unique over rows takes ten times as long.
    each = list(zip(*(trait.tolist() for trait in traits), strict=True))
    number = {kind: place for place, kind in enumerate(dict.fromkeys(each))}
    kinds = np.zeros(len(number), KIND)
    row, *rest = np.array(list(number), np.int64).reshape(-1, len(traits)).T
    kinds["now"], kinds["last"] = supply.planned.ptr[row], supply.planned.ptr[row + 1]
    for name, values in zip(("speed_num", "speed_den", "finishes_in_hand"), rest, strict=True):
        kinds[name] = values
    return kinds, np.array([number[kind] for kind in each], np.int64)


def _shifts(supply: Supply) -> tuple[Ints, Ints]:
    """Return when overtime begins and ends, row by row of the duty, and the slice of each row."""
    of_row = [overtime_turns(supply, row) for row in range(len(supply.duty))]
    ptr = np.cumsum([0, *(len(turns) for turns in of_row)])
    return np.concatenate([np.empty(0, np.int64), *of_row]), ptr


def _pools(supply: Supply, kind_of: Ints, searched: Bools, heaped: Bools) -> Records:
    n = len(supply.rule)
    served = np.diff(supply.pool_ptr)
    officers = _starts(supply.pool_of, n)
    pools = np.zeros(n, POOL)
    pools["rule"] = supply.rule
    pools["takes_over"] = False if supply.take_over is None else supply.take_over
    pools["conditional"], pools["heaped"] = searched, heaped
    pools["alone"] = ~searched
    pools["alone"][supply.pool_of[np.repeat(served > 1, served)]] = False
    kinds = np.repeat(kind_of, served)
    lowest, highest = np.full(n, NEVER), np.full(n, -1)
    np.minimum.at(lowest, supply.pool_of, kinds)
    np.maximum.at(highest, supply.pool_of, kinds)
    pools["alike"] = (lowest >= highest) & ~searched
    pools["first_officer"], pools["last_officer"] = officers[:-1], officers[1:]
    pools["first_place"], pools["last_place"] = 2 * officers[:-1], 2 * officers[1:]
    pools["first_free"] = pools["first_place"]
    pools["last_free"] = pools["first_place"] + np.diff(officers)
    pools["wake"] = NEVER
    pools["escalate_wd"] = supply.escalate_wd
    pools["judged"] = -1
    return pools


def _starts(group: NDArray[np.int32], groups: int) -> Ints:
    """Return [groups + 1] the position of each group's first member in group order."""
    return np.concatenate([[0], np.cumsum(np.bincount(group, minlength=groups))]).astype(np.int64)


def _officers_of(supply: Supply) -> Indices:
    """Return [L] the officers of each pool, pool after pool."""
    officer = np.repeat(np.arange(len(supply.calendar)), np.diff(supply.pool_ptr))
    return _of(officer[np.argsort(supply.pool_of, kind="stable")], np.uint32)


def _all_free(supply: Supply) -> Indices:
    """Return [2 L] the officers of each pool, pool after pool, by pools served and then roster.

    After the officers of each pool follow as many empty places.
    """
    served = np.diff(supply.pool_ptr)
    officer = np.repeat(np.arange(len(served), dtype=np.int32), served)
    order = np.lexsort((officer, served[officer], supply.pool_of))
    free = np.zeros(2 * len(officer), np.uint32)
    before = _starts(supply.pool_of, len(supply.rule))[supply.pool_of[order]]
    free[before + np.arange(len(officer))] = officer[order]
    return free


def _leaves(supply: Supply) -> int:
    """Return the least power of two that is no less than the number of officers."""
    return 1 << max(len(supply.calendar) - 1, 0).bit_length()


def _officers(supply: Supply, kind_of: Ints, shift_ptr: Ints) -> Records:
    officers = np.zeros(len(supply.calendar), OFFICER)
    officers["first_pool"], officers["last_pool"] = supply.pool_ptr[:-1], supply.pool_ptr[1:]
    officers["duty"] = supply.duty.ptr[supply.calendar]
    officers["last_duty"] = supply.duty.ptr[supply.calendar + 1]
    officers["on"] = officers["off"] = -1  # not looked up yet
    officers["speed_num"], officers["speed_den"] = supply.speed_num, supply.speed_den
    officers["rework_ppm"] = supply.rework_ppm
    officers["kind"] = kind_of
    officers["leaf"] = _leaves(supply) + np.arange(len(officers))
    officers["since"] = -1
    officers["left"] = DONE
    officers["first_turn"] = officers["next_turn"] = shift_ptr[supply.calendar]
    officers["last_turn"] = shift_ptr[supply.calendar + 1]
    if supply.conditions is not None:
        officers["overtime_below_wd"] = supply.conditions.overtime_below_wd
    officers["meets"] = NEVER
    officers["finishes_in_hand"] = supply.finishes_in_hand
    officers["hands_over"] = supply.hands_over & ~supply.finishes_in_hand
    return officers


def _rows(table: IntervalTable) -> Records:
    rows = np.empty(len(table.ptr) - 1, ROW)
    rows["now"], rows["last"] = table.ptr[:-1], table.ptr[1:]
    return rows


def _hours(table: IntervalTable) -> Records:
    hours = np.empty(len(table.start), HOURS)
    hours["start"], hours["end"] = table.start, table.end
    hours["worked"] = np.cumsum(table.end - table.start)
    return hours
