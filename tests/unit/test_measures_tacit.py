"""Measures of what silence consented to: it waited from ready to end, and nobody worked on it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from sim.engine import simulate
from sim.engine.checks import verify
from sim.engine.contract import DELAY, NO_OFFICER, OPEN, Rule, Schedule, Workload
from sim.measures.days import Category, by_matter, critical_items, days_used
from sim.measures.duty import WorkTimes
from sim.measures.facts import all_waits_s
from sim.measures.pools import PoolActivity, waiting_integral_s
from tests.build import schedules as hand
from tests.build import workloads as engine
from tests.build.random_workloads import tacit_models
from tests.build.schedules import history

DAY, H = engine.DAY, engine.H
CLOSE = DAY - 1
DUTY = engine.Officer(duty=engine.office(range(9)))


def run(*cases: engine.Case, officer: engine.Officer = DUTY) -> tuple[engine.Model, Schedule]:
    model = engine.Model(cases, (officer,), (Rule.FIFO, Rule.FIFO), horizon=3 * DAY)
    return model, simulate(model.workload, model.supply, model.horizon)


def adds_up(workload: Workload, schedule: Schedule, pools: int) -> bool:
    """Little's law holds for every pool."""
    swept = waiting_integral_s(workload, schedule, pools)
    return np.array_equal(swept, all_waits_s(workload, schedule, pools))


CASES = (
    engine.Case(9 * H, (engine.work(9 * H, tacit=0),)),  # in hand 9-24
    engine.Case(10 * H, (engine.work(1 * H, tacit=0),)),  # waits 10-24
    engine.Case(11 * H, (engine.work(1 * H),)),  # waits 11-33, in hand 33-34
)


def test_who_lapses_waited_until_then() -> None:
    model, s = run(*CASES)
    assert s.start.tolist() == [9 * H, CLOSE, 33 * H]
    assert s.end.tolist() == [CLOSE, CLOSE, 34 * H]
    waits = [0, CLOSE - 10 * H, 22 * H]
    got = PoolActivity.of(model.workload, model.supply, s, 0, 2 * DAY).measures()
    assert got.arrived.tolist() == [3, 0]
    assert got.mean_wait_h[0] == pytest.approx(sum(waits) / 3 / H)
    assert waiting_integral_s(model.workload, s, 2).tolist() == [sum(waits), 0]
    assert all_waits_s(model.workload, s, 2).tolist() == [sum(waits), 0]
    assert got.mean_queue[0] == pytest.approx(sum(waits) / (2 * DAY))
    assert got.max_queue[0] == 2
    assert verify(model.workload, model.supply, s, model.horizon) == []


def test_work_counts_up_to_the_lapse_and_only_in_hand() -> None:
    # Item 0: 9-17, 8 h of its 9. Item 1: none. Item 2: 1 h the next day. On duty 2 x 8 h.
    model, s = run(*CASES)
    with_officer = np.flatnonzero(s.officer != NO_OFFICER)
    assert with_officer.tolist() == [0, 2]
    worked = WorkTimes.of(model.supply, s).within(0, 2 * DAY)
    assert worked.tolist() == [8 * H, 1 * H]
    got = PoolActivity.of(model.workload, model.supply, s, 0, 2 * DAY).measures()
    assert got.worked_h.tolist() == [9, 0]
    assert got.served.tolist() == [2, 0]  # item 1 was not
    assert got.mean_work_h[0] == 4.5
    assert got.utilisation[0] == 9 / 16


def test_who_finishes_in_hand_worked_until_the_lapse() -> None:
    # 16:00 to the close without pause; 10 h would have been to 2:00.
    officer = engine.Officer(duty=DUTY.duty, in_hand=True)
    model, s = run(engine.Case(16 * H, (engine.work(10 * H, tacit=0),)), officer=officer)
    assert WorkTimes.of(model.supply, s).within(0, DAY).tolist() == [CLOSE - 16 * H]


def test_a_queue_of_nobody_else_empties_by_lapses() -> None:
    # Pool 1 has no officer: two wait from 1 and 2 on, and lapse together.
    cases = tuple(engine.Case(t, (engine.work(1, pool=1, tacit=0),)) for t in (1, 2))
    model, s = run(*cases)
    got = PoolActivity.of(model.workload, model.supply, s, 0, DAY).measures()
    assert (got.arrived[1], got.served[1], got.max_queue[1]) == (2, 0, 2)
    assert got.mean_wait_h[1] == pytest.approx((2 * CLOSE - 3) / 2 / H)
    assert np.isnan(got.mean_work_h[1])
    assert adds_up(model.workload, s, 2)


def test_who_lapses_as_it_arrives_never_waits() -> None:
    model, s = run(engine.Case(CLOSE, (engine.work(1, tacit=0),)))
    got = PoolActivity.of(model.workload, model.supply, s, 0, DAY).measures()
    assert (got.arrived[0], got.max_queue[0], got.mean_wait_h[0]) == (1, 0, 0)


def test_the_critical_branch_leads_through_a_lapse() -> None:
    # The lead's review ends on day 0 at 11:00, the co-review lapses at the close and is what the
    # join waited for; when both end in the same second, it is the first.
    lead, silent = engine.work(2 * H), engine.work(1, pool=1, tacit=0)
    model, s = run(engine.Case(9 * H, (lead, silent, engine.delay(5, 0, 1))))
    assert critical_items(model.workload, s, np.array([2])).tolist() == [False, True, True]
    both = engine.work(1, pool=1, tacit=0)
    model, s = run(engine.Case(9 * H, (both, silent, engine.delay(5, 0, 1))))
    assert critical_items(model.workload, s, np.array([2])).tolist() == [True, False, True]
    assert critical_items(model.workload, s, np.array([OPEN])).sum() == 0


def test_days_used_by_silence_are_waiting() -> None:
    # From 12:00 on day 0 to the close of day 2: 2.5 days less a second, all of it waiting. In hand
    # from 12:00 on day 1: 1 day waiting, 1.5 days less a second of work.
    process = hand.process(hand.node("co-review"))
    end, noon = 3 * DAY - 1, 12 * H
    silent = hand.Item(0, noon, end, start=end, pool=0)
    in_hand = hand.Item(0, noon, end, start=noon + DAY, pool=0, officer=0)
    for item, waiting, work in ((silent, 2.5 * DAY - 1, 0), (in_hand, DAY, 1.5 * DAY - 1)):
        demand, s = hand.build(process, [hand.Case([item])], stopped=end)
        used = days_used(history(process, demand, s), np.array([True])).by(by_matter(process))
        assert used.total_wd[0, Category.WAITING] * DAY == pytest.approx(waiting)
        assert used.total_wd[0, Category.WORK] * DAY == pytest.approx(work)
        assert used.total_wd.sum() * DAY == pytest.approx(waiting + work)


@settings(max_examples=200, deadline=None)
@given(tacit_models())
def test_measures_hold_with_lapses(model: engine.Model) -> None:
    """Little's law, and what lapsed in hand was worked on for no longer than its work takes."""
    w, supply = model.workload, model.supply
    s = simulate(w, supply, model.horizon)
    assert adds_up(w, s, len(supply.rule))
    times = WorkTimes.of(supply, s)
    assert np.all(times.seconds >= 0)
    num, den = supply.speed_num[times.officer], supply.speed_den[times.officer]
    assert np.all(times.seconds <= -(-w.amount[times.item] * den // num))
    silent = (w.pool != DELAY) & (s.start != OPEN) & (s.officer == NO_OFFICER)
    assert np.all(s.start[silent] == s.end[silent])
