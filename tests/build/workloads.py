"""Small workloads and supplies, written the way one thinks of them; arrays come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from sim.calendars import Intervals, IntervalTable, WorkingDays
from sim.engine.contract import (
    ANY_TIME,
    DELAY,
    NO_LIMIT,
    NO_NOTICE,
    NO_TACIT,
    NO_TEAM,
    Conditions,
    DelayRule,
    Rule,
    Supply,
    Workload,
)

MONDAY = date(2024, 1, 1)
DAY = 86_400
H = 3_600
WEEK = tuple(day % 7 < 5 for day in range(42))  # the working days of six weeks
WEEKDAYS = [day for day, working in enumerate(WEEK) if working]
FOREVER = ((0, 10_000 * DAY),)

Pairs = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Item:
    """`after` holds positions within the case."""

    pool: int = DELAY
    amount: int = 0
    after: tuple[int, ...] = ()
    rule: DelayRule = DelayRule.ELAPSED
    calendar: int = 0
    priority: int = 0
    counted: bool = True
    starts_clock: bool = False
    tacit: int = NO_TACIT
    begins_round: bool = False
    application: int = 1
    """The clocks of a case have numbers from 1 on."""
    check: int | None = None
    """Position of the first check of the same papers, within the case."""
    counted_late: bool = False
    begins_round_late: bool = False
    team: int | None = None
    """Position of the first seat of its team, within the case; None: no seat."""


@dataclass(frozen=True)
class Case:
    arrival: int
    items: tuple[Item, ...] = ()
    measured: bool = True
    limit: int = NO_LIMIT
    due: int | None = None  # None: N(arrival) + limit
    runs: bool = False  # the clock, before the case arrives


@dataclass(frozen=True)
class Officer:
    pools: tuple[int, ...] = (0,)
    duty: tuple[tuple[int, int], ...] = FOREVER
    speed: int = 1000  # permille
    in_hand: bool = False
    planned: tuple[tuple[int, int], ...] | None = None  # None: as the duty
    hands_over: bool = False
    rework_ppm: int = 0
    below: tuple[int, ...] = ()  # days left, for each of its pools; (): any
    queue_over: tuple[int, ...] = ()  # for each of its pools; (): 0
    overtime: tuple[tuple[int, int], ...] = ()  # within the duty
    overtime_below: int = ANY_TIME


@dataclass(frozen=True)
class Model:
    """Prints itself in full when a property test fails."""

    cases: tuple[Case, ...]
    officers: tuple[Officer, ...]
    rules: tuple[Rule, ...] = (Rule.FIFO,)
    escalate: tuple[int, ...] = ()
    take_over: tuple[bool, ...] = ()  # of each pool; (): none has it
    calendars: tuple[tuple[tuple[int, int], ...], ...] = field(default=((),))
    working: tuple[bool, ...] = (True,) * 400
    horizon: int = 300 * DAY

    @property
    def workload(self) -> Workload:
        return workload(self.cases, self.calendars, WorkingDays(MONDAY, np.array(self.working)))

    @property
    def supply(self) -> Supply:
        plain = supply(self.rules, self.officers, self.escalate)
        plain = replace(plain, conditions=_conditions(self.officers, plain))
        return replace(plain, take_over=np.array(self.take_over)) if self.take_over else plain


def work(
    amount: int,
    *after: int,
    pool: int = 0,
    priority: int = 0,
    tacit: int = NO_TACIT,
    **more: bool,
) -> Item:
    return Item(pool, amount, after, priority=priority, tacit=tacit, **more)


def together(
    amount: int, *after: int, at: int = 0, pools: Sequence[int] = (0, 0), priority: int = 0
) -> tuple[Item, ...]:
    """Return the seats of a team, one for each of the pools; `at`: position of the first one."""
    return tuple(Item(pool, amount, after, priority=priority, team=at) for pool in pools)


def delay(
    amount: int,
    *after: int,
    rule: DelayRule = DelayRule.ELAPSED,
    calendar: int = 0,
    counted: bool = True,
    starts_clock: bool = False,
    begins_round: bool = False,
) -> Item:
    item = Item(DELAY, amount, after, rule, calendar, 0, counted, starts_clock)
    return replace(item, begins_round=begins_round)


def workload(cases: Sequence[Case], calendars: Sequence[Pairs], days: WorkingDays) -> Workload:
    first = [0, *accumulate(len(c.items) for c in cases)]
    items = [i for c in cases for i in c.items]
    pred = [f + a for f, c in zip(first, cases, strict=False) for i in c.items for a in i.after]
    tacit = np.array([i.tacit for i in items], dtype=np.int64)
    rounds = np.array([i.begins_round for i in items], dtype=np.bool_)
    clock, of_case = _clocks(cases)
    notice = [
        NO_NOTICE if i.check is None else f + i.check
        for f, c in zip(first, cases, strict=False)
        for i in c.items
    ]
    team = [
        NO_TEAM if i.team is None else f + i.team
        for f, c in zip(first, cases, strict=False)
        for i in c.items
    ]
    late = any(n != NO_NOTICE for n in notice)
    due, runs = _due(cases, days), np.array([c.runs for c in cases], dtype=np.bool_)
    return Workload(
        arrival_s=np.array([c.arrival for c in cases], dtype=np.int64),
        first_item=np.array(first, dtype=np.int64),
        measured=np.array([c.measured for c in cases], dtype=np.bool_),
        limit_wd=np.array([c.limit for c in cases], dtype=np.int64)[of_case],
        pool=np.array([i.pool for i in items], dtype=np.int32),
        amount=np.array([i.amount for i in items], dtype=np.int64),
        delay_rule=np.array([i.rule for i in items], dtype=np.int8),
        calendar=np.array([i.calendar for i in items], dtype=np.int32),
        priority=np.array([i.priority for i in items], dtype=np.int32),
        counted=np.array([i.counted for i in items], dtype=np.bool_),
        starts_clock=np.array([i.starts_clock for i in items], dtype=np.bool_),
        pred_ptr=np.array([0, *accumulate(len(i.after) for i in items)], dtype=np.int64),
        pred=np.array(pred, dtype=np.int64),
        calendars=table(calendars),
        working_days=days,
        tacit_wd=tacit if np.any(tacit != NO_TACIT) else None,
        begins_round=rounds if rounds.any() else None,
        due_wd=due[of_case] if any(c.due is not None for c in cases) else None,
        clock_runs=runs[of_case] if runs.any() else None,
        clock=np.array(clock, np.int64) if len(of_case) > len(cases) else None,
        notice=np.array(notice, np.int64) if late else None,
        counted_late=np.array([i.counted_late for i in items], np.bool_) if late else None,
        begins_round_late=np.array([i.begins_round_late for i in items], np.bool_)
        if late
        else None,
        team=np.array(team, np.int64) if any(n != NO_TEAM for n in team) else None,
    )


def _clocks(cases: Sequence[Case]) -> tuple[list[int], list[int]]:
    """Return the clock of each item, and the case of each clock: the first ones come first."""
    of_case = list(range(len(cases)))
    clock = []
    for number, case in enumerate(cases):
        before = len(of_case)
        of_case += [number] * (max((i.application for i in case.items), default=1) - 1)
        clock += [number if i.application == 1 else before + i.application - 2 for i in case.items]
    return clock, of_case


def _due(cases: Sequence[Case], days: WorkingDays) -> NDArray[np.int64]:
    last = len(days) - 1
    due = [days.cumulative[min(c.arrival // DAY, last)] + c.limit for c in cases]
    return np.array(
        [d if c.due is None else c.due for c, d in zip(cases, due, strict=True)], dtype=np.int64
    )


def supply(rules: Sequence[Rule], officers: Sequence[Officer], escalate: Sequence[int]) -> Supply:
    # Shared rows, as in real input.
    duties = list(dict.fromkeys((o.duty, o.overtime) for o in officers))
    plan = [o.duty if o.planned is None else o.planned for o in officers]
    plans = list(dict.fromkeys(plan))
    return Supply(
        rule=np.array(rules, dtype=np.int8),
        escalate_wd=np.array(escalate or [0] * len(rules), dtype=np.int64),
        pool_ptr=np.array([0, *accumulate(len(o.pools) for o in officers)], dtype=np.int64),
        pool_of=np.array([p for o in officers for p in o.pools], dtype=np.int32),
        calendar=np.array([duties.index((o.duty, o.overtime)) for o in officers], dtype=np.int32),
        planned_calendar=np.array([plans.index(duty) for duty in plan], dtype=np.int32),
        speed_num=np.array([o.speed for o in officers], dtype=np.int64),
        speed_den=np.full(len(officers), 1000, dtype=np.int64),
        finishes_in_hand=np.array([o.in_hand for o in officers], dtype=np.bool_),
        hands_over=np.array([o.hands_over for o in officers], dtype=np.bool_),
        rework_ppm=np.array([o.rework_ppm for o in officers], dtype=np.int64),
        duty=table([duty for duty, _ in duties]),
        planned=table(plans),
    )


def _conditions(officers: Sequence[Officer], plain: Supply) -> Conditions | None:
    if not any(o.below or o.queue_over or o.overtime for o in officers):
        return None
    of_row = {row: o.overtime for o, row in zip(officers, plain.calendar.tolist(), strict=True)}
    below = [o.below or (ANY_TIME,) * len(o.pools) for o in officers]
    over = [o.queue_over or (0,) * len(o.pools) for o in officers]
    return Conditions(
        helps=np.array([len(o.below + o.queue_over) > 0 for o in officers for _ in o.pools]),
        below_wd=np.array([b for each in below for b in each], dtype=np.int64),
        queue_over=np.array([n for each in over for n in each], dtype=np.int64),
        overtime=table([of_row[row] for row in range(len(of_row))]),
        overtime_below_wd=np.array([o.overtime_below for o in officers], dtype=np.int64),
    )


def h(day: int, hour: float = 0) -> int:
    """Return the instant of this hour on day 0, a Monday, or later."""
    return round(day * DAY + hour * H)


def table(sets: Sequence[Pairs]) -> IntervalTable:
    return IntervalTable.of([Intervals.of(list(s)) for s in sets])


def office(days: Sequence[int], opens: int = 9 * H, closes: int = 17 * H) -> tuple:
    """Duty from `opens` to `closes` on each of these days."""
    return tuple((d * DAY + opens, d * DAY + closes) for d in days)
