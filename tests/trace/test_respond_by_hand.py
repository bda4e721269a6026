"""Overtime and help on conditions, worked out by hand. Day 0 is a Monday; times are h(day, hour).

The due day of a case is N(its arrival) + its limit, as no clock starts: on the day of its arrival,
a working day, it has its limit left, and one day less on each further working day.
"""

from __future__ import annotations

from dataclasses import replace

from sim.engine.contract import NO_LIMIT, OPEN, Schedule
from tests.build.both_engines import checked
from tests.build.workloads import (
    DAY,
    FOREVER,
    WEEK,
    WEEKDAYS,
    Case,
    H,
    Model,
    Officer,
    office,
    work,
)
from tests.build.workloads import h as at

OFFICE = Officer(duty=office(WEEKDAYS))
EVENINGS = office(WEEKDAYS, 17 * H, 19 * H)


def with_overtime(below: int, **more: object) -> Officer:
    """An officer from 9 to 17, with overtime up to 19."""
    duty = office(WEEKDAYS, 9 * H, 19 * H)
    plain = Officer(duty=duty, overtime=EVENINGS, overtime_below=below, hands_over=True)
    return replace(plain, **more)


def case(day: int, hour: float, hours: float, limit: int = NO_LIMIT, pool: int = 0) -> Case:
    return Case(at(day, hour), (work(round(hours * H), pool=pool),), limit=limit)


def run(*cases: Case, officers: tuple[Officer, ...], pools: int = 1) -> Schedule:
    plain = Model(cases, officers, working=WEEK, horizon=42 * DAY - 1)
    return checked(replace(plain, rules=plain.rules * pools))


def parts(s: Schedule) -> list[tuple[int, int, int, int]]:
    """Return item, officer, start and end of the parts."""
    columns = (s.parts.item, s.parts.officer, s.parts.start, s.parts.end)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_in_overtime_only_the_urgent_case_is_begun() -> None:
    # Case 0 (10 h) is in hand from 9 to 17: 2 h are left, and it has 10 days. In the evening case 1
    # (3 h), with a day left, is begun: by 19, an hour is left. On Tuesday case 0 goes first again.
    s = run(case(0, 9, 10, 10), case(0, 10, 3, 1), officers=(with_overtime(2),))
    assert parts(s) == [
        (0, 0, at(0, 9), at(0, 17)),
        (0, 0, at(1, 9), at(1, 11)),
        (1, 0, at(0, 17), at(0, 19)),
        (1, 0, at(1, 11), at(1, 12)),
    ]
    assert s.end.tolist() == [at(1, 11), at(1, 12)]


def test_without_overtime_both_wait_for_the_morning() -> None:
    s = run(case(0, 9, 10, 10), case(0, 10, 3, 1), officers=(OFFICE,))
    assert s.end.tolist() == [at(1, 11), at(1, 14)]


def test_an_urgent_case_in_hand_goes_on_in_the_evening() -> None:
    # Laid down at 17 and taken up again at once, by whoever is next: here there is one officer.
    s = run(case(0, 9, 9, 1), officers=(with_overtime(2),))
    assert parts(s) == [(0, 0, at(0, 9), at(0, 17)), (0, 0, at(0, 17), at(0, 18))]
    assert s.end.tolist() == [at(0, 18)]


def test_work_that_ends_at_closing_time_is_not_laid_down() -> None:
    s = run(case(0, 9, 8, 9), officers=(with_overtime(2),))
    assert (parts(s), s.end.tolist()) == ([], [at(0, 17)])


def test_a_case_becomes_urgent_over_night() -> None:
    # On Wednesday case 1 has two days left, on Thursday one: it is begun on Thursday evening.
    # Case 0 is in hand from Wednesday morning to Friday noon, but for the evenings.
    s = run(case(2, 9, 19, 9), case(2, 10, 1, 2), officers=(with_overtime(2),))
    assert s.start.tolist() == [at(2, 9), at(3, 17)]
    assert s.end.tolist() == [at(4, 12), at(3, 18)]


def test_a_case_without_a_limit_is_never_urgent() -> None:
    s = run(case(0, 16, 2), officers=(with_overtime(1000),))
    assert s.end.tolist() == [at(1, 10)]


def test_on_saturday_there_is_overtime_alone() -> None:
    # Case 0 waits for Monday, though it came first; case 1 has 1 day left from Friday on.
    saturday = ((at(5, 9), at(5, 12)),)
    duty = tuple(sorted((*office(WEEKDAYS), *saturday)))
    officer = Officer(duty=duty, overtime=saturday, overtime_below=2, hands_over=True)
    s = run(case(4, 18, 2, 9), case(4, 19, 2, 1), officers=(officer,))
    assert s.end.tolist() == [at(7, 11), at(5, 11)]


def test_overtime_ends_for_good_with_the_last_duty() -> None:
    # Of 12 h, 8 are done by 17 and 2 by 19; the officer leaves for good and finishes first.
    officer = Officer(
        duty=((at(0, 9), at(0, 19)),),
        overtime=((at(0, 17), at(0, 19)),),
        overtime_below=2,
        hands_over=True,
    )
    s = run(case(0, 9, 12, 1), officers=(officer,))
    assert parts(s) == [(0, 0, at(0, 9), at(0, 17)), (0, 0, at(0, 17), at(0, 21))]


def test_help_comes_above_a_length_of_the_queue() -> None:
    # At 9 three wait: the first goes to the pool's own officer. Two wait, more than one: the helper
    # takes the second. One waits, no more than one: it waits for the own officer, till 13.
    own, helper = OFFICE, replace(OFFICE, pools=(0, 1), queue_over=(1, 0))
    s = run(*(case(0, 9, 4) for _ in range(3)), officers=(own, helper), pools=2)
    assert s.officer.tolist() == [0, 1, 0]
    assert s.end.tolist() == [at(0, 13), at(0, 13), at(0, 17)]


def test_a_helper_does_not_leave_the_own_queue_behind() -> None:
    # Own work is taken like that of others: by who came first. The case of the own pool came later.
    helper = replace(OFFICE, pools=(0, 1), queue_over=(1, 0))
    cases = (case(0, 8, 1), case(0, 8, 1), case(0, 8.5, 1, pool=1))
    s = run(*cases, officers=(helper,), pools=2)
    assert s.end.tolist() == [at(0, 10), OPEN, at(0, 11)]


def test_a_leader_steps_in_near_the_limit() -> None:
    # Case 1 came before case 2, but has five days left: the leader passes it over.
    leader = replace(OFFICE, pools=(0, 1), below=(2, 1000))
    cases = (case(0, 9, 8, 5), case(0, 9.5, 2, 5), case(0, 10, 3, 1))
    s = run(*cases, officers=(OFFICE, leader), pools=2)
    assert s.officer.tolist() == [0, 0, 1]
    assert s.start.tolist() == [at(0, 9), at(1, 9), at(0, 10)]


def test_days_left_change_at_midnight() -> None:
    # Somebody who is always there begins a case with less than three days left: on Tuesday, 0:00.
    s = run(case(0, 9, 1, 3), officers=(Officer(duty=FOREVER, below=(3,)),))
    assert s.start.tolist() == [at(1, 0)]
