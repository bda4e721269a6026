"""Take-over, worked out by hand. Day 0 is a Monday; times are h(day, hour)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.engine import simulate
from sim.engine.contract import Schedule
from sim.engine.observer import EventKind
from tests.build.both_engines import checked
from tests.build.workloads import DAY, WEEK, WEEKDAYS, Case, H, Model, Officer, h, office, work


def clerk(speed: int = 1000, opens: int = 9, closes: int = 17, **more: object) -> Officer:
    """An officer from Monday to Friday."""
    duty = office(WEEKDAYS, opens * H, closes * H)
    return replace(Officer(duty=duty, speed=speed), **more)


def model(*cases: Case, officers: tuple[Officer, ...]) -> Model:
    return Model(cases, officers, take_over=(True,), working=WEEK, horizon=42 * DAY - 1)


def run(*cases: Case, officers: tuple[Officer, ...]) -> Schedule:
    return checked(model(*cases, officers=officers))


def parts(s: Schedule) -> list[tuple[int, int, int, int]]:
    """Return item, officer, start and end of the parts."""
    columns = (s.parts.item, s.parts.officer, s.parts.start, s.parts.end)
    return list(zip(*(column.tolist() for column in columns), strict=True))


FULL, HALF = clerk(), clerk(speed=500)


def test_a_half_time_helper_lays_down_what_a_colleague_can_do_sooner() -> None:
    # Case 0 (2 h) is with the full-time officer from 9 to 11. Case 1 (4 h) begins at 10 with the
    # helper: by 11 half an hour of it is done. The officer takes it over, 3.5 h are left: 14:30.
    # Case 2 (1 h) waits since 10:30, is with the helper from 11 on, and done at 13:00.
    cases = (Case(h(0, 9), (work(2 * H),)), Case(h(0, 10), (work(4 * H),)))
    s = run(*cases, Case(h(0, 10.5), (work(H),)), officers=(FULL, HALF))
    assert parts(s) == [(1, 1, h(0, 10), h(0, 11)), (1, 0, h(0, 11), h(0, 14.5))]
    assert s.start.tolist() == [h(0, 9), h(0, 10), h(0, 11)]
    assert s.end.tolist() == [h(0, 11), h(0, 14.5), h(0, 13)]
    assert s.officer.tolist() == [0, 0, 1]


def test_without_the_rule_the_helper_keeps_it() -> None:
    cases = (Case(h(0, 9), (work(2 * H),)), Case(h(0, 10), (work(4 * H),)))
    plain = replace(model(*cases, officers=(FULL, HALF)), take_over=())
    assert checked(plain).end.tolist() == [h(0, 11), h(1, 10)]  # 8 h from 10:00 on


def test_who_goes_home_leaves_the_first_case_to_who_stays() -> None:
    # The full-time officer goes at 12 with 1 h of case 0 left. The helper stays till 17: takes it
    # (2 h, until 14:00), and lays down case 1 (3 h; 1.5 h done since 9). At 14 he goes on with it:
    # 1.5 h left are 3 h, until 17:00.
    early = clerk(closes=12)
    cases = (Case(h(0, 9), (work(4 * H),)), Case(h(0, 9), (work(3 * H),)))
    s = run(*cases, officers=(early, HALF))
    assert parts(s) == [
        (0, 0, h(0, 9), h(0, 12)),
        (0, 1, h(0, 12), h(0, 14)),
        (1, 1, h(0, 9), h(0, 12)),
        (1, 1, h(0, 14), h(0, 17)),
    ]
    assert s.end.tolist() == [h(0, 14), h(0, 17)]


def test_over_night_a_case_stays_with_its_officer() -> None:
    s = run(Case(h(0, 16), (work(2 * H),)), officers=(FULL, FULL))
    assert parts(s) == []
    assert (s.officer.tolist(), s.end.tolist()) == ([0], [h(1, 10)])


def test_nothing_is_rounded_on_the_way() -> None:
    # At 7 / 1000 of the speed, a second does 0.007 s of work. Case 1 (10 s) begins at 9:00:00 with
    # the slow officer; the fast one has case 0 (1 s) and takes over at 9:00:01: 9.993 s are left.
    # At full speed that ends within the 10th second from there.
    slow = clerk(speed=7)
    s = run(Case(h(0, 9), (work(1),)), Case(h(0, 9), (work(10),)), officers=(FULL, slow))
    assert s.end.tolist() == [h(0, 9) + 1, h(0, 9) + 11]
    # 143 s at 0.007 do 1.001 s: 8.999 s are left, a second less.
    s = run(Case(h(0, 9), (work(143),)), Case(h(0, 9), (work(10),)), officers=(FULL, slow))
    assert s.end.tolist() == [h(0, 9) + 143, h(0, 9) + 143 + 9]


def test_rework_is_a_share_of_all_that_was_done() -> None:
    # As in the first test, but a tenth of the half hour is done again: 3.55 h from 11 on.
    cases = (Case(h(0, 9), (work(2 * H),)), Case(h(0, 10), (work(4 * H),)))
    s = run(*cases, officers=(FULL, replace(HALF, rework_ppm=100_000)))
    assert s.end.tolist() == [h(0, 11), h(0, 11 + 3.55)]


def test_who_finishes_in_hand_goes_on_unless_a_faster_one_is_on_duty() -> None:
    # 3 h from 16 on: until 19 past closing time, beside a slower colleague who comes at 17, too.
    # One at twice the speed needs one hour for the two that are left at 17.
    finisher, long = clerk(in_hand=True), Case(h(0, 16), (work(3 * H),))
    assert run(long, officers=(finisher, clerk(500, 17, 20))).end.tolist() == [h(0, 19)]
    s = run(long, officers=(finisher, clerk(2000, 17, 20)))
    assert (s.officer.tolist(), s.end.tolist()) == ([1], [h(0, 18)])


def test_observers_hear_of_a_take_over() -> None:
    heard = []

    class Ear:
        def event(self, t: int, kind: EventKind, case: int, item: int, officer: int) -> None:
            if kind in (EventKind.START, EventKind.HAND_OVER):
                heard.append((t, kind, item, officer))

    cases = (Case(h(0, 9), (work(2 * H),)), Case(h(0, 10), (work(4 * H),)))
    m = model(*cases, officers=(FULL, HALF))
    simulate(m.workload, m.supply, m.horizon, Ear())
    assert heard == [
        (h(0, 9), EventKind.START, 0, 0),
        (h(0, 10), EventKind.START, 1, 1),
        (h(0, 11), EventKind.HAND_OVER, 1, 1),
        (h(0, 11), EventKind.START, 1, 0),
    ]


@pytest.mark.parametrize("officers", [1, 2, 5])
def test_more_parts_than_there_is_room_for_at_first(officers: int) -> None:
    """Each case goes through many hands: who is faster comes an hour after who is slower."""
    crew = tuple(clerk(100 * (n + 1), 8 + n, 20) for n in range(officers))
    cases = tuple(Case(h(day, 8), (work(9 * H),)) for day in range(20))
    s = run(*cases, officers=crew)
    assert officers == 1 or len(s.parts.item) > 8 * officers
