"""Large random input, drawn by NumPy: thousands of cases, every rule, ties on purpose.

What the small models of `strategies.py` cannot have: long queues in heaps whose keys move, many
officers, and weeks in which officers are busy.
"""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from numpy.random import Generator

from sim.arrays import Ints
from sim.calendars import Intervals, IntervalTable, WorkingDays
from sim.engine.contract import DELAY, NO_LIMIT, NO_TACIT, DelayRule, Rule, Supply, Workload
from tests.build.workloads import DAY, MONDAY, H

DAYS = 100
QUARTER = H // 4


def large(seed: int) -> tuple[Workload, Supply, int]:
    """Return a valid workload of some ten thousand items, a supply, and a horizon."""
    rng = np.random.default_rng(seed)
    supply = _supply(rng, pools=int(rng.integers(2, 9)))
    workload = _workload(rng, supply, cases=int(rng.integers(1000, 3000)))
    horizons = [DAYS * DAY - 1, DAYS * DAY - 1, 61 * DAY, 45 * DAY + 10 * H]
    return workload, supply, int(rng.choice(horizons))


def _supply(rng: Generator, pools: int) -> Supply:
    officers = int(rng.integers(pools, 4 * pools))
    shared = rng.choice([0.0, 0.2, 0.7])  # what part of the officers serves several pools
    served = [
        rng.choice(
            pools, size=rng.integers(2, pools + 1) if rng.random() < shared else 1, replace=False
        )
        for _ in range(officers)
    ]
    served[-1] = served[-1][:0]  # serves nothing
    weeks = [d for d in range(DAYS) if d % 7 < 5]
    odd = np.unique(rng.integers(0, DAYS * 24, size=200)) * H
    duty = [
        [(d * DAY + 9 * H, d * DAY + 17 * H) for d in weeks],
        [
            p
            for d in weeks
            for p in ((d * DAY + 8 * H, d * DAY + 12 * H), (d * DAY + 13 * H, d * DAY + 17 * H))
        ],
        [(d * DAY - 1, d * DAY + 6 * H) for d in weeks[1:]],
        [(0, DAYS * DAY)],
        list(zip(odd[:-1:2].tolist(), odd[1::2].tolist(), strict=True)),
        [(d * DAY + 9 * H, d * DAY + 17 * H) for d in weeks[: len(weeks) // 2]],
        [],
    ]
    # Some officers are absent on days that nobody planned.
    planned = [Intervals.of(d) for d in duty]
    absent = [
        Intervals.of([(d * DAY, (d + 1) * DAY) for d in rng.integers(0, DAYS, 9)]) for d in duty
    ]
    row = rng.integers(0, len(duty), size=officers, dtype=np.int32)
    return Supply(
        rule=rng.choice(np.array(Rule, np.int8), size=pools),
        escalate_wd=rng.integers(-2, 8, size=pools),
        pool_ptr=np.array([0, *accumulate(map(len, served))]),
        pool_of=np.concatenate(served).astype(np.int32),
        calendar=row + len(duty) * rng.integers(0, 2, size=officers, dtype=np.int32),
        planned_calendar=row,
        speed_num=rng.choice([1, 1, 1, 7, 2000], size=officers),
        speed_den=rng.choice([1, 1, 3, 9, 1000], size=officers),
        finishes_in_hand=rng.random(officers) < 0.3,
        hands_over=rng.random(officers) < rng.choice([0.0, 0.8]),
        rework_ppm=rng.choice([0, 0, 100_000, 333_333], size=officers),
        duty=IntervalTable.of(
            [*planned, *(p.minus(a) for p, a in zip(planned, absent, strict=True))]
        ),
        planned=IntervalTable.of(planned),
    )


def _workload(rng: Generator, supply: Supply, cases: int) -> Workload:
    sizes = rng.integers(0, 15, size=cases)
    first = np.concatenate([[0], np.cumsum(sizes)])
    n = int(first[-1])
    position = np.arange(n) - np.repeat(first[:-1], sizes)
    links = np.minimum(rng.integers(0, 3, size=n), position)
    pred = [i - 1 - rng.choice(position[i], size=links[i], replace=False) for i in range(n)]
    pool = rng.integers(0, len(supply.rule), size=n)
    pool[rng.random(n) < 0.3] = DELAY
    delay_rule = rng.choice(np.array(DelayRule, np.int8), size=n)
    elapsed = np.isin(delay_rule, (DelayRule.ELAPSED, DelayRule.ON_CALENDAR))
    legal = (pool == DELAY) & ~elapsed
    # As much work as all officers together can do in two months, or somewhat more or less.
    mean = 60 * 7 * H * len(supply.calendar) / n * rng.choice([0.3, 0.6, 0.9, 1.5])
    work = np.round(rng.exponential(mean, size=n) / QUARTER).astype(np.int64) * QUARTER
    working = rng.random(DAYS) < 5 / 7
    arrival = np.sort(_instants(rng, cases, until=70 * DAY))
    limit = rng.choice([NO_LIMIT, 1, 5, 10, 30], size=cases)
    carried = rng.random() < 0.5
    return Workload(
        arrival_s=arrival,
        first_item=first,
        measured=(rng.random(cases) < 0.5) & (arrival > 20 * DAY) & (arrival < 50 * DAY),
        limit_wd=limit,
        pool=pool.astype(np.int32),
        amount=np.where(legal, rng.integers(0, 15, size=n), work),
        delay_rule=delay_rule,
        calendar=rng.integers(0, len(supply.duty), size=n, dtype=np.int32),
        priority=rng.integers(-1, 2, size=n, dtype=np.int32),
        counted=rng.random(n) < 0.6,
        starts_clock=rng.random(n) < 0.2,
        pred_ptr=np.concatenate([[0], np.cumsum(links)]),
        pred=np.concatenate(pred).astype(np.int64),
        calendars=supply.duty,
        working_days=WorkingDays(MONDAY, working),
        tacit_wd=rng.choice([NO_TACIT, NO_TACIT, 0, 1, 5], size=n) if rng.random() < 0.5 else None,
        due_wd=np.cumsum(working)[arrival // DAY] + rng.integers(-5, 20, size=cases)
        if carried
        else None,
        clock_runs=rng.random(cases) < 0.5 if carried else None,
    )


def _instants(rng: Generator, n: int, until: int) -> Ints:
    """Return [n] instants, half of them at six o'clock or noon or midnight."""
    t = rng.integers(0, until, size=n)
    grid = rng.random(n) < 0.5
    t[grid] -= t[grid] % (6 * H)
    return t
