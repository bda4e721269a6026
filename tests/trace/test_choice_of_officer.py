"""Who takes an item: schedules worked out by hand. Day 0 is a Monday; times are h(day, hour)."""

from __future__ import annotations

from sim.engine.contract import Rule, Schedule
from tests.build.both_engines import checked
from tests.build.workloads import FOREVER, WEEKDAYS, Case, H, Item, Model, Officer, h, office, work

FULL = Officer(duty=office(WEEKDAYS))


def taken(*items: tuple[int, Item], officers: tuple[Officer, ...], pools: int = 1) -> Schedule:
    cases = tuple(Case(t, (item,)) for t, item in items)
    return checked(Model(cases, officers, (Rule.FIFO,) * pools))


def test_not_to_a_fifth_of_an_officer_while_another_is_idle() -> None:
    # Monday 10:00, 4 h: the full-time officer is done at 14:00, the helper, first in the roster,
    # would take 20 h of duty: until Wednesday 14:00. The same on Wednesday.
    helper = Officer(duty=office(WEEKDAYS), speed=200)
    s = taken((h(0, 10), work(4 * H)), (h(2, 10), work(4 * H)), officers=(helper, FULL))
    assert s.officer.tolist() == [1, 1]
    assert s.end.tolist() == [h(0, 14), h(2, 14)]


def test_who_is_free_takes_it_even_if_another_would_be_done_sooner() -> None:
    # The full-time officer is busy until 14:00; at 13:59 the helper begins, for 5 h of duty.
    helper = Officer(duty=office(WEEKDAYS), speed=200)
    s = taken((h(0, 10), work(4 * H)), (h(0, 14) - 60, work(1 * H)), officers=(helper, FULL))
    assert s.officer.tolist() == [1, 0]
    # Until 17:00, 3 h and 1 min of the 5 h; the rest on Tuesday from 9:00 on.
    assert s.end[1] == h(1, 9) + 2 * H - 60


def test_by_hours_of_duty() -> None:
    # Two hours a day or eight: 3 h from 9:00 on end on Tuesday at 10:00 or on Monday at 12:00.
    mornings = Officer(duty=office(WEEKDAYS, closes=11 * H))
    s = taken((h(0, 9), work(3 * H)), officers=(mornings, FULL))
    assert (s.officer[0], s.end[0]) == (1, h(0, 12))
    # 2 h end at 11:00 for both: the first in the roster.
    s = taken((h(0, 9), work(2 * H)), officers=(mornings, FULL))
    assert (s.officer[0], s.end[0]) == (0, h(0, 11))


def test_who_finishes_in_hand_needs_no_second_day() -> None:
    stays = Officer(duty=office(WEEKDAYS), in_hand=True)
    s = taken((h(0, 16), work(2 * H)), officers=(FULL, stays))
    assert (s.officer[0], s.end[0]) == (1, h(0, 18))
    s = taken((h(0, 16), work(1 * H)), officers=(FULL, stays))
    assert (s.officer[0], s.end[0]) == (0, h(0, 17))


def test_leave_is_known_ahead_but_not_illness() -> None:
    # Monday 16:00, 2 h. Officer 0 is on leave on Tuesday; officer 1 would be done on Tuesday at 10.
    without_tuesday = office([d for d in WEEKDAYS if d != 1])
    on_leave = Officer(duty=without_tuesday)
    s = taken((h(0, 16), work(2 * H)), officers=(on_leave, FULL))
    assert (s.officer[0], s.end[0]) == (1, h(1, 10))
    # Officer 0 falls ill on Tuesday, which nobody knows on Monday.
    ill = Officer(duty=without_tuesday, planned=office(WEEKDAYS))
    s = taken((h(0, 16), work(2 * H)), officers=(ill, FULL))
    assert (s.officer[0], s.end[0]) == (0, h(2, 10))


def test_among_equals_the_fewest_pools_then_free_the_longest_then_the_roster() -> None:
    both, one = Officer((0, 1), office(WEEKDAYS)), Officer((0,), office(WEEKDAYS))
    s = taken((h(0, 9), work(1 * H)), officers=(both, one), pools=2)
    assert s.officer[0] == 1
    # Officer 2 was never busy at 9:00, officer 1 is free since 10:00, officer 2 since 10:30.
    begins = (h(0, 9), h(0, 9.5), h(0, 11), h(0, 11))
    s = taken(*((t, work(1 * H)) for t in begins), officers=(both, one, one), pools=2)
    assert s.officer.tolist() == [1, 2, 1, 2]


def test_an_earlier_end_counts_more_than_fewer_pools() -> None:
    fast_in_both = Officer((0, 1), FOREVER, speed=1001)
    s = taken((0, work(2002)), officers=(Officer((0,), FOREVER), fast_in_both), pools=2)
    assert (s.officer[0], s.end[0]) == (1, 2000)
    # One second: 1000/1001 s, rounded up, are one second, too.
    s = taken((0, work(1)), officers=(Officer((0,), FOREVER), fast_in_both), pools=2)
    assert (s.officer[0], s.end[0]) == (0, 1)


def test_nothing_to_do_goes_to_the_first_in_order() -> None:
    s = taken((h(0, 9), work(0)), officers=(Officer(duty=office(WEEKDAYS), speed=1), FULL))
    assert (s.officer[0], s.end[0]) == (0, h(0, 9))


def test_the_smallest_key_comes_first_then_its_officer_is_chosen() -> None:
    # Both pools have an item at 9:00. Item 0 goes first, to the faster officer, who serves both.
    fast, slow = Officer((0, 1), office(WEEKDAYS), speed=2000), Officer((0,), office(WEEKDAYS))
    items = ((h(0, 9), work(2 * H)), (h(0, 9), work(2 * H, pool=1)))
    s = taken(*items, officers=(slow, fast), pools=2)
    assert s.officer.tolist() == [1, 1]
    assert s.end.tolist() == [h(0, 10), h(0, 11)]
