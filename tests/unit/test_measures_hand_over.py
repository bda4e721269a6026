"""Measures of what was handed over, worked out by hand: parts of work, and a wait between them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from sim.engine import simulate
from sim.engine.checks import verify
from sim.engine.contract import OPEN, Parts, Schedule
from sim.engine.parts import all_parts, waits, waits_again
from sim.experiments import case_life
from sim.experiments import run as run_scenario
from sim.measures.days import Category, by_matter, days_used
from sim.measures.duty import WorkTimes
from sim.measures.facts import all_waits_s
from sim.measures.pools import PoolActivity, waiting_integral_s
from sim.measures.pools_over_time import measure_over_time
from tests.build import schedules as hand
from tests.build.random_workloads import absence_models
from tests.build.stories import scenario
from tests.build.workloads import DAY, Case, H, Model, Officer, office, work

# Ready on day 0 at 14:00, 3 h. Officer 0 has another item until 15:00, works 15-17 (2 h), and is
# away on day 1. Officer 1 comes on day 1 at 10:00 and works for an hour.
FIRST = Officer(duty=office([0, 2, 3]), hands_over=True)
SECOND = Officer(duty=office([1, 2, 3], 10 * H, 18 * H))
MODEL = Model(
    (Case(9 * H, (work(6 * H),)), Case(14 * H, (work(3 * H),))), (FIRST, SECOND), horizon=4 * DAY
)


@pytest.fixture
def run() -> Schedule:
    return simulate(MODEL.workload, MODEL.supply, MODEL.horizon)


def test_parts_and_waits(run: Schedule) -> None:
    parts = all_parts(run)
    assert parts.item.tolist() == [0, 1, 1]
    assert parts.officer.tolist() == [0, 0, 1]
    assert parts.start.tolist() == [9 * H, 15 * H, DAY + 10 * H]
    assert parts.end.tolist() == [15 * H, 17 * H, DAY + 11 * H]
    found = waits(MODEL.workload, run)
    assert found.item.tolist() == [1, 1]
    assert found.begin.tolist() == [14 * H, 17 * H]
    assert found.end.tolist() == [15 * H, DAY + 10 * H]


def test_what_is_open_waits_or_is_in_hand_up_to_the_stop() -> None:
    for stop, wait in ((DAY, [(17 * H, DAY)]), (DAY + 10 * H, [(17 * H, DAY + 10 * H)])):
        schedule = simulate(MODEL.workload, MODEL.supply, stop)
        again = waits_again(schedule)
        assert list(zip(again.begin.tolist(), again.end.tolist(), strict=True)) == wait
        assert np.array_equal(
            waiting_integral_s(MODEL.workload, schedule, 1),
            all_waits_s(MODEL.workload, schedule, 1),
        )
    assert WorkTimes.of(MODEL.supply, schedule).seconds.tolist() == [6 * H, 2 * H, 0]


def test_utilisation_and_waiting(run: Schedule) -> None:
    got = PoolActivity.of(MODEL.workload, MODEL.supply, run, 0, 2 * DAY).measures()
    assert got.worked_h[0] == 9
    assert got.utilisation[0] == 9 / 16  # 8 h on day 0 and 8 h on day 1
    assert got.served[0] == 2
    assert got.mean_work_h[0] == 4.5
    assert got.mean_wait_h[0] == (1 + 17) / 2
    assert got.max_queue[0] == 1
    assert got.mean_queue[0] == 18 / 48
    second_day = PoolActivity.of(MODEL.workload, MODEL.supply, run, DAY, 2 * DAY).measures()
    assert second_day.utilisation[0] == 1 / 8
    assert (second_day.served[0], second_day.mean_work_h[0]) == (1, 3)
    assert second_day.mean_queue[0] == 10 / 24


def test_over_time(run: Schedule) -> None:
    activity = PoolActivity.of(MODEL.workload, MODEL.supply, run, 0, 2 * DAY)
    got = measure_over_time(activity.sums(np.array([0, DAY, 2 * DAY])), MODEL.supply)
    assert got.worked_s.tolist() == [[8 * H, 1 * H]]
    assert got.queue_s.tolist() == [[8 * H, 10 * H]]
    assert got.waited_s.tolist() == [[18 * H, 0]]


def test_days_are_waiting_between_the_parts() -> None:
    # Ready at 0, begun at 1 h, laid down at 3 h, taken up at 20 h, ended at 24 h.
    process = hand.process(hand.node("work"))
    item = hand.Item(0, 0, DAY, start=1 * H, pool=0, officer=1)
    other = hand.Item(0, 0, DAY, start=4 * H, pool=0, officer=0)
    demand, schedule = hand.build(process, [hand.Case([other]), hand.Case([item])], stopped=DAY)
    parts = Parts(
        np.array([1, 1]),
        np.array([0, 1], np.int32),
        np.array([1 * H, 20 * H]),
        np.array([3 * H, DAY]),
    )
    history = hand.history(process, demand, replace(schedule, parts=parts))

    def used(of_case: list[bool]) -> tuple[float, float]:
        total = days_used(history, np.array(of_case)).by(by_matter(process)).total_wd[0] * 24
        return total[Category.WAITING], total[Category.WORK]

    assert used([False, True]) == (1 + 17, 2 + 4)
    assert used([True, False]) == (4, 20)
    assert used([True, True]) == (22, 26)


OFFICE = """
name: leave in the middle
calendar: {country: weekdays}
period: {start: 2024-03-04, window: {from: 2024-03-04, to: 2024-03-08}, run_out: 60 cd}
hours: {office: {week: {mon-fri: "9:00-17:00"}}}
pools: {desk: {}}
staff:
  clerk:
    serves: [desk]
    count: 2
    hours: office
    share: 0.5
    rework: 0.25
    leave: [{dates: {from: 2024-03-11, to: 2024-03-22}, officers: 1}]
case_types:
  c:
    arrivals: {at: [2024-03-08 13:00:00, 2024-03-08 14:00:00]}
    steps: {w: {pool: desk, work: 3 h}}
limits: {five: {case_type: c, limit: 5 wd, clock: gross_span}}
"""


def test_a_case_told_as_it_was() -> None:
    # 3 h at half the time are 6 h. Case 0: Friday 13-17, Monday 9-11. Case 1: Friday 14-17, that is
    # 1.5 h of the work, so 1.5 h are left and a quarter of 1.5 h again: 1.875 h, 3 h 45 min of
    # duty, on Monday from 11:00 on.
    life = case_life(scenario(OFFICE), 1)
    instants = [(f"{life.instant(e.t):%a %H:%M}", e.name, e.officer) for e in life.events]
    assert instants == [
        ("Fri 14:00", "arrival", None),
        ("Fri 14:00", "start", "clerk/2"),
        ("Fri 17:00", "hand_over", "clerk/2"),
        ("Mon 11:00", "start", "clerk/1"),
        ("Mon 14:45", "end", "clerk/1"),
    ]
    (step,) = life.steps
    assert step.officer == "clerk/1"
    assert step.waits_again == ((4 * DAY + 17 * H, 7 * DAY + 11 * H),)


def test_staff_time_is_that_of_all_parts() -> None:
    (summary,) = run_scenario(scenario(OFFICE), replications=1).summaries
    # 6 h, 3 h and 3 h 45 min, half of it for this work.
    assert summary.case_types["c"].staff_s == (6 + 3 + 3.75) * H / 2


@settings(max_examples=80, deadline=None)
@given(absence_models())
def test_measures_hold_with_hand_overs(model: Model) -> None:
    """Little's law; each officer's parts follow one another; all work is done, or is still open."""
    workload, supply = model.workload, model.supply
    schedule = simulate(workload, supply, model.horizon)
    assert np.array_equal(
        waiting_integral_s(workload, schedule, len(supply.rule)),
        all_waits_s(workload, schedule, len(supply.rule)),
    )
    assert verify(workload, supply, schedule, model.horizon) == []
    times = WorkTimes.of(supply, schedule)
    assert np.all(times.seconds >= 0)
    speed = supply.speed_num[times.officer] / supply.speed_den[times.officer]
    done = np.bincount(times.item, times.seconds * speed, len(workload.pool))
    kept = workload.tacit_wd is None
    ended = (schedule.end != OPEN) & kept
    assert np.all(done[ended] >= workload.amount[ended] - 1e-6)
