"""Exact schedules that the test suites of other simulators state, under our rules.

Numbers from the suites named in each docstring (facts only), as collected in
`deterministic_cases.json`; times there are in hours here, so that halves are whole seconds.
"""

from __future__ import annotations

from sim.engine import simulate
from sim.engine.checks import verify
from sim.engine.contract import OPEN, Rule, Schedule
from tests.build.workloads import FOREVER, Case, H, Model, Officer, delay, work


def h(*hours: float) -> list[int]:
    return [round(x * H) for x in hours]


def run(model: Model) -> Schedule:
    schedule = simulate(model.workload, model.supply, model.horizon)
    assert verify(model.workload, model.supply, schedule, model.horizon) == []
    return schedule


def duty(*pairs: tuple[float, float]) -> tuple[tuple[int, int], ...]:
    return tuple((round(a * H), round(b * H)) for a, b in pairs)


def test_shift_pauses_and_resumes() -> None:
    """Ciw tests/test_scheduling.py: test_preemptive_schedules_resume_options.

    Ciw records the last segment (start 9, end 15). Here the item starts once, at 1: 4 h until the
    duty ends at 5, the other 6 from 9 on: 15.
    """
    s = run(Model((Case(1 * H, (work(10 * H),)),), (Officer(duty=duty((0, 5), (9, 100))),)))
    assert s.start.tolist() == h(1)
    assert s.end.tolist() == h(15)


def test_shift_splits_the_third_item() -> None:
    """Ciw tests/test_node.py: test_data_records_for_interrupted_individuals.

    Arrivals at 7, 14, 21, 28, 4 h each; duty 0-24 and 29-37. The third works 21-24 and 29-30; the
    fourth arrives at 28, off duty, and waits for the third until 30.
    """
    cases = tuple(Case(t, (work(4 * H),)) for t in h(7, 14, 21, 28))
    s = run(Model(cases, (Officer(duty=duty((0, 24), (29, 37))),)))
    assert s.start.tolist() == h(7, 14, 21, 30)
    assert s.end.tolist() == h(11, 18, 30, 34)


def test_committee_slots_are_officers() -> None:
    """Ciw tests/test_scheduling.py: test_slotted_services.

    Slots of 3, 2, 5, 3 at 1, 2, 3, 4: officer k is on duty for the first second of each slot that
    is larger than k, and finishes in hand. The item of 3.1 is too late for the slot at 3, which
    has two officers to spare.
    """
    sizes = {1: 3, 2: 2, 3: 5, 4: 3}
    officers = tuple(
        Officer(duty=tuple((t * H, t * H + 1) for t, n in sizes.items() if n > k), in_hand=True)
        for k in range(5)
    )
    arrivals = h(0.3, 0.5, 0.7, 1.2, 1.3, 1.8, 2.6, 2.7, 3.1)
    s = run(Model(tuple(Case(t, (work(H // 2),)) for t in arrivals), officers))
    assert s.start.tolist() == h(1, 1, 1, 2, 2, 3, 3, 3, 4)
    assert s.end.tolist() == h(1.5, 1.5, 1.5, 2.5, 2.5, 3.5, 3.5, 3.5, 4.5)


def test_first_in_first_out() -> None:
    """Ciw tests/test_simulation.py: test_first_in_first_out.

    Arrivals every 1 h, 1.5 h of service: one after another from 1 on. At 9 the sixth is in hand
    (begun at 8.5), the seventh to ninth wait.
    """
    cases = tuple(Case(t * H, (work(3 * H // 2),)) for t in range(1, 10))
    s = run(Model(cases, (Officer(),), horizon=9 * H))
    assert s.end.tolist()[:5] == h(2.5, 4, 5.5, 7, 8.5)
    assert s.start.tolist() == [*h(1, 2.5, 4, 5.5, 7, 8.5), OPEN, OPEN, OPEN]
    assert s.end.tolist()[5:] == [OPEN] * 4


def test_utilisation() -> None:
    """Ciw tests/test_node.py: test_server_utilisation. Busy 2-3 and 5-11: 7 of 14 hours."""
    cases = (Case(2 * H, (work(1 * H),)), Case(5 * H, (work(6 * H),)))
    s = run(Model(cases, (Officer(),), horizon=14 * H))
    assert s.end.tolist() == h(3, 11)
    assert (s.end - s.start).sum() / (14 * H) == 0.5


def test_join_waits_for_the_last_branch() -> None:
    """simmer tests/testthat/test-trajectory-clone-synchronize.R: 1, 2, 3 then 0.5 ends at 3.5."""
    branches = (delay(1 * H), delay(2 * H), delay(3 * H))
    s = run(Model((Case(0, (*branches, delay(H // 2, 0, 1, 2))),), ()))
    assert s.end.tolist() == h(1, 2, 3, 3.5)


def test_priority_overtakes_but_does_not_interrupt() -> None:
    """simmer tests/testthat/test-simmer-resource-priorities.R.

    Two low items at 0, a high one at 1, 2 h each: low 0-2, high 2-4, low 4-6.
    """
    low, high = work(2 * H, priority=1), work(2 * H, priority=0)
    cases = (Case(0, (low,)), Case(0, (low,)), Case(1 * H, (high,)))
    s = run(Model(cases, (Officer(duty=FOREVER),), (Rule.PRIORITY,)))
    assert s.end.tolist() == h(2, 6, 4)
