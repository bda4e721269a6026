"""Steps of several officers at once, worked out by hand. Day 0 is a Monday; times in hours.

`team` is a step whose officers come from the pools named; its items are its seats.
"""

from __future__ import annotations

import pytest

from sim.engine.checks import verify
from sim.engine.contract import Rule, Schedule
from tests.build.both_engines import simulate_both
from tests.build.workloads import (
    DAY,
    WEEK,
    WEEKDAYS,
    Case,
    H,
    Model,
    Officer,
    office,
    together,
    work,
)
from tests.build.workloads import h as at

OFFICE = office(WEEKDAYS)


def plain(hour: float, hours: float, pool: int = 0, priority: int = 0) -> Case:
    return Case(round(hour * H), (work(round(hours * H), pool=pool, priority=priority),))


def team(hour: float, hours: float, *pools: int, priority: int = 0) -> Case:
    return Case(round(hour * H), together(round(hours * H), pools=pools, priority=priority))


def run(*cases: Case, officers: tuple[Officer, ...], rules: tuple[Rule, ...]) -> Schedule:
    model = Model(cases, officers, rules=rules, working=WEEK, horizon=42 * DAY - 1)
    schedule = simulate_both(model.workload, model.supply, model.horizon)
    assert verify(model.workload, model.supply, schedule, model.horizon) == []
    return schedule


def hours(s: Schedule) -> list[tuple[float, float, int]]:
    """Return begin, end and officer of each item."""
    return [
        (start / H, end / H, officer)
        for start, end, officer in zip(
            *(x.tolist() for x in (s.start, s.end, s.officer)), strict=True
        )
    ]


def test_until_the_second_officer_is_free_the_first_does_what_fits() -> None:
    # At 1 officer 1 is free and the team has its turn: officer 0 is busy until 4, so they meet at
    # 4. Until then officer 1 has no time for 5 hours, but for 1 hour. 5 hours begin after the team.
    s = run(
        plain(0, 4),
        plain(0, 1),
        team(0.5, 2, 0, 0),
        plain(0.7, 5),
        plain(0.8, 1),
        officers=(Officer(), Officer()),
        rules=(Rule.FIFO,),
    )
    assert hours(s) == [(0, 4, 0), (0, 1, 1), (4, 6, 1), (4, 6, 0), (6, 11, 0), (1, 2, 1)]


def test_who_comes_later_overtakes_no_appointment_whatever_his_priority() -> None:
    # As above; at 2 an urgent case of 3 hours comes. At 4 the team begins, at 6 the urgent case.
    s = run(
        plain(0, 4),
        plain(0, 1),
        team(0.5, 2, 0, 0, priority=5),
        plain(0.7, 5, priority=5),
        plain(2, 3, priority=1),
        officers=(Officer(), Officer()),
        rules=(Rule.PRIORITY,),
    )
    assert hours(s)[2:] == [(4, 6, 1), (4, 6, 0), (6, 11, 1), (6, 9, 0)]


def test_a_case_of_higher_priority_goes_before_a_team_that_has_not_had_its_turn() -> None:
    # Both officers are busy until 4; the urgent case comes at 2 and takes the first of them, so at
    # 4 the team agrees with him on 7. The other one is free until then.
    s = run(
        plain(0, 4),
        plain(0, 4),
        team(0.5, 2, 0, 0, priority=5),
        plain(2, 3, priority=1),
        plain(3, 2, priority=7),
        officers=(Officer(), Officer()),
        rules=(Rule.PRIORITY,),
    )
    assert hours(s)[2:] == [(7, 9, 1), (7, 9, 0), (4, 7, 0), (4, 6, 1)]


def test_two_teams_in_opposite_order_do_not_wait_for_each_other() -> None:
    # Pool 0 takes team B first, by priority; pool 1 takes team A first, as it came. At 3 officer 0
    # is free, so both teams have had their turn there, and nothing holds him. At 4 officer 1 is
    # free: A has its last turn and begins. At 5 the same happens to B.
    s = run(
        plain(0, 3, pool=0),
        plain(0, 4, pool=1),
        team(1, 1, 0, 1, priority=1),
        team(2, 1, 0, 1),
        officers=(Officer((0,)), Officer((1,))),
        rules=(Rule.PRIORITY, Rule.FIFO),
    )
    assert hours(s)[2:] == [(4, 5, 0), (4, 5, 1), (5, 6, 0), (5, 6, 1)]


def test_two_teams_share_an_officer_in_turn() -> None:
    # At 1 officer 0 is free; both teams have their turn in pool 0, and at 2 the first with officer
    # 1. They begin at once. Officer 2 is free at 3: team B finds officer 0 busy until 5.
    s = run(
        plain(0, 1, pool=0),
        plain(0, 2, pool=1),
        plain(0, 3, pool=2),
        team(0.5, 3, 0, 1),
        team(0.6, 1, 0, 2),
        plain(0.7, 3, pool=2),
        plain(0.8, 2, pool=2),
        officers=(Officer((0,)), Officer((1,)), Officer((2,))),
        rules=(Rule.FIFO,) * 3,
    )
    # Officer 2 has 2 hours until 5: the case of 3 hours, which came first, does not fit.
    assert hours(s)[3:] == [(2, 5, 0), (2, 5, 1), (5, 6, 0), (5, 6, 2), (6, 9, 2), (3, 5, 2)]


def test_at_the_end_of_the_duty_of_one_all_pause() -> None:
    # Officer 1 is on duty from 8 to 12. They begin on Monday at 11; an hour later they pause until
    # both are there, on Tuesday at 9. Both are busy all the time: the other case waits for that.
    s = run(
        Case(at(0, 11), together(2 * H, pools=(0, 1))),
        Case(at(0, 13), (work(H),)),
        officers=(Officer((0,), OFFICE), Officer((1,), office(WEEKDAYS, 8 * H, 12 * H))),
        rules=(Rule.FIFO, Rule.FIFO),
    )
    assert s.start.tolist() == [at(0, 11), at(0, 11), at(1, 10)]
    assert s.end.tolist() == [at(1, 10), at(1, 10), at(1, 11)]


def test_nobody_is_held_by_a_partner_who_is_not_there_yet() -> None:
    # Officer 1 comes on Tuesday. Until then officer 0 begins what he likes, such as 10 hours on
    # Monday at 10. On Tuesday at 9 the team agrees on 12, when they are done; meanwhile officer 1
    # has time for 2 hours.
    s = run(
        Case(at(0, 9), together(H, pools=(0, 1))),
        Case(at(0, 10), (work(10 * H),)),
        Case(at(0, 11), (work(2 * H, pool=1),)),
        officers=(Officer((0,), OFFICE), Officer((1,), office([1]))),
        rules=(Rule.FIFO, Rule.FIFO),
    )
    assert s.start.tolist() == [at(1, 12), at(1, 12), at(0, 10), at(1, 9)]
    assert s.end.tolist() == [at(1, 13), at(1, 13), at(1, 12), at(1, 11)]


@pytest.mark.parametrize("hands_over", [False, True])
def test_a_team_hands_nothing_over(hands_over: bool) -> None:
    # Officer 0 is away on Tuesday. The team has done 8 of 10 hours on Monday, and goes on on
    # Wednesday, though officer 2 could go on with work of officer 0.
    away = Officer((0,), office([0, 2, 3]), hands_over=hands_over)
    s = run(
        Case(at(0, 9), together(10 * H, pools=(0, 1))),
        officers=(away, Officer((1,), OFFICE), Officer((0,), office([1, 2]))),
        rules=(Rule.FIFO, Rule.FIFO),
    )
    assert (s.end.tolist(), len(s.parts.item)) == ([at(2, 11)] * 2, 0)


def test_the_slowest_decides_and_who_is_done_first_comes() -> None:
    # In pool 0 the officer at full speed comes; in pool 1 there is one at half speed: 2 h take 4.
    s = run(
        team(1, 2, 0, 1),
        officers=(Officer((0,), speed=500), Officer((1,), speed=500), Officer((0,))),
        rules=(Rule.FIFO, Rule.FIFO),
    )
    assert hours(s) == [(1, 5, 2), (1, 5, 1)]


def test_a_helper_takes_a_seat_only_while_his_condition_holds() -> None:
    # Officer 1 helps in pool 0 while more than two items wait, the seat included. At 1 the second
    # officer of pool 0 is away until 9: the helper would come, had the queue been longer.
    helper = Officer((0, 1), queue_over=(2, 0))
    late = Officer((0,), duty=((9 * H, 99 * H),))
    short = [team(1, 2, 0, 0)]
    s = run(*short, officers=(Officer(), helper, late), rules=(Rule.FIFO, Rule.FIFO))
    assert hours(s) == [(9, 11, 0), (9, 11, 2)]
    longer = [team(1, 2, 0, 0), plain(1, 1), plain(1, 1)]
    s = run(*longer, officers=(Officer(), helper, late), rules=(Rule.FIFO, Rule.FIFO))
    assert hours(s)[:2] == [(1, 3, 0), (1, 3, 1)]


def test_an_overloaded_pool_does_not_starve_a_team() -> None:
    # Two officers, three hours of work an hour, and never both free at once: one begins on the
    # hour, the other at half past. The team came at 4.6, when 10 cases were there before it; it
    # has its turn when those have begun, and begins when the other officer is done.
    cases = [plain(0, 0.5), *(plain(n / 3, 1) for n in range(13)), team(4.6, 1, 0, 0)]
    cases += [plain(5 + n / 3, 1) for n in range(60)]
    s = run(*cases, officers=(Officer(), Officer()), rules=(Rule.FIFO,))
    first = len(cases) - 61
    turn = max(s.start[:first].tolist())
    assert s.start[first] == s.start[first + 1]
    assert 0 < s.start[first] - turn <= H
    assert s.ready[first] < turn
    # What was there before has begun before, what came after begins after.
    assert s.start[first + 2 :].min() > s.start[first]


def test_what_takes_no_time_begins_and_ends_at_once() -> None:
    cases = [team(2, 0, 0, 1), team(2, 0, 0, 1), plain(2, 1)]
    s = run(*cases, officers=(Officer((0,)), Officer((1,))), rules=(Rule.FIFO, Rule.FIFO))
    assert hours(s) == [(2, 2, 0), (2, 2, 1), (2, 2, 0), (2, 2, 1), (2, 3, 0)]
