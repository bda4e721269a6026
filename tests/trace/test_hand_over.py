"""Hand-over (AB角), worked out by hand. Day 0 is a Monday; times are h(day, hour)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from sim.engine import simulate
from sim.engine.contract import DAY_S, NO_OFFICER, OPEN, Rule, Schedule
from sim.engine.observer import EventKind
from tests.build.both_engines import checked
from tests.build.workloads import (
    DAY,
    WEEK,
    WEEKDAYS,
    Case,
    H,
    Model,
    Officer,
    h,
    office,
    work,
)


def clerk(*days_away: int, **more: object) -> Officer:
    """An officer from Monday to Friday, 9:00 to 17:00, who hands over."""
    duty = office([d for d in WEEKDAYS if d not in days_away])
    return replace(Officer(duty=duty, hands_over=True), **more)


def run(*cases: Case, officers: tuple[Officer, ...], **more: object) -> Schedule:
    model = replace(Model(cases, officers, working=WEEK, horizon=42 * DAY - 1), **more)
    return checked(model)


def parts(s: Schedule) -> list[tuple[int, int, int, int]]:
    """Return item, officer, start and end of the parts."""
    columns = (s.parts.item, s.parts.officer, s.parts.start, s.parts.end)
    return list(zip(*(column.tolist() for column in columns), strict=True))


TWO_WEEKS: Final = tuple(range(7, 19))


def test_leave_in_the_middle_of_an_item() -> None:
    # Friday 13:00 and 14:00, 6 h each; officer 1 is on leave from Monday 11 on for two weeks. By
    # planned duty, the first goes to officer 0 (Monday 11:00). The second: officer 1, who works
    # 14-17 on Friday (3 h) and leaves; officer 0 is free on Monday at 11 and takes the 3 h left.
    six = work(6 * H)
    s = run(Case(h(4, 13), (six,)), Case(h(4, 14), (six,)), officers=(clerk(), clerk(*TWO_WEEKS)))
    assert parts(s) == [(1, 1, h(4, 14), h(4, 17)), (1, 0, h(7, 11), h(7, 14))]
    assert (s.start.tolist(), s.end.tolist()) == ([h(4, 13), h(4, 14)], [h(7, 11), h(7, 14)])
    assert s.officer.tolist() == [0, 0]


def test_switched_off_it_waits_for_its_officer() -> None:
    six = work(6 * H)
    away = clerk(*TWO_WEEKS, hands_over=False)
    s = run(Case(h(4, 13), (six,)), Case(h(4, 14), (six,)), officers=(clerk(), away))
    assert (s.officer[1], s.end[1]) == (1, h(21, 12))  # back on Monday 25, 3 h left
    assert parts(s) == []


def test_rework_is_a_share_of_what_was_done() -> None:
    # 6 h from Monday 13:00 on: 4 h done, 2 h left, and a tenth of the 4 h again: 2 h 24 min.
    ill = clerk(1, planned=office(WEEKDAYS), rework_ppm=100_000)
    s = run(Case(h(0, 13), (work(6 * H),)), officers=(ill, clerk(0)))
    assert parts(s) == [(0, 0, h(0, 13), h(0, 17)), (0, 1, h(1, 9), h(1, 11.4))]


def test_rework_counts_all_that_was_done_by_all() -> None:
    # 12 h. Monday: 8 h done by officer 0, 4 left, and half of the 8 again: 8. Officer 1 on Tuesday
    # from 13:00 on: 4 h, so 4 are left and 8 done, 4 of them again: 8 left for officer 0 on
    # Wednesday.
    first = clerk(1, 3, rework_ppm=500_000)
    second = clerk(0, 2, 3, duty=((h(1, 13), h(1, 17)), *office(range(28, 32))), rework_ppm=500_000)
    s = run(Case(h(0, 9), (work(12 * H),)), officers=(first, second))
    assert parts(s) == [
        (0, 0, h(0, 9), h(0, 17)),
        (0, 1, h(1, 13), h(1, 17)),
        (0, 0, h(2, 9), h(2, 17)),
    ]


def test_the_rest_is_work_at_speed_one_rounded_up() -> None:
    slow, fast = clerk(1, 2, speed=333, planned=office(WEEKDAYS)), clerk(0, speed=2000)
    s = run(Case(h(0, 9), (work(19_200),)), officers=(slow, fast))
    # 8 h at 0.333 are 9,590.4 s of the 19,200: 9,609.6 are left, so 9,610, which take 4,805 s.
    assert parts(s)[1] == (0, 1, h(1, 9), h(1, 9) + 4805)


@pytest.mark.parametrize(
    ("days_away", "handed_over"),
    [((), False), ((7,), True), ((5, 6), False), ((7, 8, 9), True)],
    ids=["weekend", "Monday off", "no duty on days off", "longer"],
)
def test_a_whole_working_day_away(days_away: tuple[int, ...], handed_over: bool) -> None:
    # 3 h from Friday 15:00 on, of which 2 on Friday.
    ill = clerk(*days_away, planned=office(WEEKDAYS))
    s = run(Case(h(4, 15), (work(3 * H),)), officers=(ill, clerk(0, 1, 2, 3, 4)))
    assert (len(s.parts.item) > 0) == handed_over
    assert s.end[0] == h(7, 10)


def test_a_public_holiday_is_no_working_day_away() -> None:
    closed = tuple(working and day != 7 for day, working in enumerate(WEEK))
    s = run(
        Case(h(4, 15), (work(3 * H),)),
        officers=(clerk(7), clerk(0, 1, 2, 3, 4, 7)),
        working=closed,
    )
    assert parts(s) == []
    assert s.end[0] == h(8, 10)


def test_days_of_duty_end_before_midnight() -> None:
    """A duty until 24:00 belongs to its own date, and the next one at 0:00 to the next."""
    always = Officer(duty=((0, DAY), (2 * DAY, 42 * DAY)), hands_over=True)
    late = Officer(duty=((h(1, 12), h(1, 13)), (30 * DAY, 31 * DAY)))
    s = run(Case(h(0, 20), (work(5 * H),)), officers=(always, late))
    assert parts(s)[0] == (0, 0, h(0, 20), DAY)  # Tuesday lies between
    night = Officer(
        duty=tuple((d * DAY + 18 * H, (d + 1) * DAY) for d in WEEKDAYS), hands_over=True
    )
    s = run(Case(h(0, 20), (work(5 * H),)), officers=(night, late))
    assert parts(s) == []


def test_what_ends_with_the_duty_is_not_handed_over() -> None:
    s = run(Case(h(4, 15), (work(2 * H),)), officers=(clerk(7), clerk()))
    assert (s.end[0], parts(s)) == (h(4, 17), [])


def only(*days: int, opens: int = 9 * H, closes: int = 17 * H) -> Officer:
    return Officer(duty=office(days, opens, closes), hands_over=True)


def test_without_a_colleague_it_waits_for_its_officer() -> None:
    # Two officers on Tuesdays: nobody is there until the next one, as at a weekly meeting. An item
    # that came later does not overtake what is in hand, even if it is urgent.
    tuesdays = only(1, 8, 15)
    cases = (Case(h(1, 16), (work(2 * H),)), Case(h(1, 16), (work(2 * H),)))
    urgent = Case(h(2, 9), (work(2 * H, priority=-1),))
    s = run(*cases, urgent, officers=(tuesdays, tuesdays), rules=(Rule.PRIORITY,))
    assert parts(s) == []
    assert s.end.tolist() == [h(8, 10), h(8, 10), h(8, 12)]


def test_a_colleague_of_another_pool_does_not_count() -> None:
    s = run(
        Case(h(1, 16), (work(2 * H),)),
        officers=(only(1, 8), clerk(pools=(1,))),
        rules=(Rule.FIFO, Rule.FIFO),
    )
    assert (s.end[0], parts(s)) == (h(8, 10), [])


def test_a_colleague_who_comes_when_the_officer_is_back_does_not_count() -> None:
    # The colleague's duty begins at the second at which the officer's does; or one hour before.
    for hour, handed_over in ((9, False), (8, True)):
        colleague = only(8, opens=hour * H)
        s = run(Case(h(1, 16), (work(2 * H),)), officers=(only(1, 8), colleague))
        assert (len(s.parts.item) > 0) == handed_over


def test_the_officer_takes_it_up_again_if_the_colleague_has_no_time() -> None:
    # The colleague is busy from Tuesday 9:00 to Wednesday 17:00; on Wednesday at 9:00 the officer
    # is back, and what was laid down goes before what came since.
    ill, colleague = clerk(1, planned=office(WEEKDAYS)), clerk(0)
    s = run(
        Case(h(0, 8), (work(10 * H),)),
        Case(h(0, 18), (work(16 * H),)),
        Case(h(1, 10), (work(1 * H),)),
        officers=(ill, replace(colleague, pools=(1, 0))),
        rules=(Rule.FIFO, Rule.FIFO),
    )
    # The first: 8 h on Monday. On Tuesday at 9:00 it has the smaller key, so the colleague has it.
    assert parts(s) == [(0, 0, h(0, 9), h(0, 17)), (0, 1, h(1, 9), h(1, 11))]
    s = run(
        Case(h(0, 8), (work(16 * H, pool=1),)),  # keeps the colleague busy
        Case(h(0, 8), (work(10 * H),)),
        Case(h(1, 10), (work(1 * H),)),
        officers=(ill, replace(colleague, pools=(1, 0))),
        rules=(Rule.FIFO, Rule.FIFO),
    )
    assert parts(s) == [(1, 0, h(0, 9), h(0, 17)), (1, 0, h(2, 9), h(2, 11))]
    assert s.start[2] == h(2, 11)


def test_the_old_key_goes_before_what_came_later_and_after_what_is_urgent() -> None:
    # Tuesday 9:00: the rest of item 0, and items 1 and 2, which came on Monday evening.
    ill, colleague = clerk(1, 2, planned=office(WEEKDAYS)), clerk(0)
    cases = [Case(h(0, 15), (work(3 * H),)), *(Case(h(0, 20), (work(2 * H),)) for _ in range(2))]
    s = run(*cases, officers=(ill, colleague))
    assert s.end.tolist() == [h(1, 10), h(1, 12), h(1, 14)]
    cases[2] = Case(h(0, 20), (work(2 * H, priority=-1),))
    s = run(*cases, officers=(ill, colleague), rules=(Rule.PRIORITY,))
    assert s.end.tolist() == [h(1, 12), h(1, 14), h(1, 11)]


def test_who_finishes_in_hand_does_not_hand_over() -> None:
    s = run(Case(h(0, 16), (work(3 * H),)), officers=(clerk(1, in_hand=True), clerk(0)))
    assert (s.officer[0], s.end[0], parts(s)) == (0, h(0, 19), [])


def test_who_leaves_for_good_hands_over_or_else_finishes() -> None:
    leaver = only(0)
    s = run(Case(h(0, 16), (work(3 * H),)), officers=(leaver, clerk(0)))
    assert parts(s) == [(0, 0, h(0, 16), h(0, 17)), (0, 1, h(1, 9), h(1, 11))]
    s = run(Case(h(0, 16), (work(3 * H),)), officers=(leaver,))
    assert (s.end[0], parts(s)) == (h(0, 19), [])


def test_part_time_hands_over_every_other_evening() -> None:
    # Mondays, Wednesdays and Fridays beside a full-time officer, who is busy on Monday.
    part_time, full = only(0, 2, 4, 7, 9, 11), clerk()
    s = run(
        Case(h(0, 9), (work(6 * H),)),
        Case(h(0, 10), (work(10 * H),)),
        officers=(full, part_time),
    )
    # Item 1: officer 1 on Monday 10-17 (7 h); Tuesday lies between: officer 0 on Tuesday 9-12.
    assert parts(s) == [(1, 1, h(0, 10), h(0, 17)), (1, 0, h(1, 9), h(1, 12))]


def close(day: int) -> int:
    return day * DAY_S + DAY_S - 1


def test_silence_about_what_was_laid_down() -> None:
    # Ready on Monday, one working day: until the close of Tuesday. Officer 0 has it on Monday and
    # is away; the colleague comes on Wednesday only. It lapses while it waits again.
    officers = (clerk(1, 2, planned=office(WEEKDAYS)), only(2, 3))
    s = run(Case(h(0, 16), (work(3 * H, tacit=1),)), officers=officers)
    assert (s.start[0], s.end[0], s.officer[0]) == (h(0, 16), close(1), 0)
    assert parts(s) == [(0, 0, h(0, 16), h(0, 17))]
    # In the hand of the colleague on Tuesday: 1 h from 23:00 to the close.
    late = Officer(duty=((h(1, 23), h(2, 10)),))
    s = run(Case(h(0, 16), (work(5 * H, tacit=1),)), officers=(officers[0], late))
    assert parts(s) == [(0, 0, h(0, 16), h(0, 17)), (0, 1, h(1, 23), close(1))]
    assert (s.end[0], s.officer[0]) == (close(1), 1)


def test_a_lapse_at_the_end_of_the_duty_comes_before_the_hand_over() -> None:
    until_close = Officer(duty=((h(0, 9), close(0)), (h(5), h(6))), hands_over=True)
    s = run(Case(h(0, 10), (work(20 * H, tacit=0),)), officers=(until_close, clerk(0)))
    assert (s.end[0], s.officer[0], parts(s)) == (close(0), 0, [])


@pytest.mark.parametrize(
    ("stop", "expected"),
    [
        (h(0, 16.5), []),
        (h(0, 17), [(0, 0, h(0, 16), h(0, 17))]),
        (h(1, 8), [(0, 0, h(0, 16), h(0, 17))]),
        (h(1, 9), [(0, 0, h(0, 16), h(0, 17)), (0, 1, h(1, 9), OPEN)]),
        (h(1, 11), [(0, 0, h(0, 16), h(0, 17)), (0, 1, h(1, 9), h(1, 11))]),
    ],
)
def test_where_the_run_stops(stop: int, expected: list[tuple[int, int, int, int]]) -> None:
    officers = (clerk(1, planned=office(WEEKDAYS)), clerk(0))
    s = run(Case(h(0, 16), (work(3 * H),)), officers=officers, horizon=stop)
    assert parts(s) == expected
    assert s.end[0] == (h(1, 11) if stop == h(1, 11) else OPEN)


def test_the_observer_is_told() -> None:
    told: list[tuple[int, str, int]] = []

    class Log:
        def event(self, t: int, kind: EventKind, case: int, item: int, officer: int) -> None:
            if item >= 0:
                told.append((t, kind.name, officer))

    model = Model(
        (Case(h(0, 16), (work(3 * H),)),),
        (clerk(1, planned=office(WEEKDAYS)), clerk(0)),
        working=WEEK,
        horizon=42 * DAY - 1,
    )
    simulate(model.workload, model.supply, model.horizon, Log())
    assert told == [
        (h(0, 16), "READY", NO_OFFICER),
        (h(0, 16), "START", 0),
        (h(0, 17), "HAND_OVER", 0),
        (h(1, 9), "START", 1),
        (h(1, 11), "END", 1),
    ]
