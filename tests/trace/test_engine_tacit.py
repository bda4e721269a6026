"""Tacit consent, worked out by hand. Day 0 is a Monday; times are h(day, hour), closes close(day).

A work item with a tacit period of n days that has not ended by close(the n-th working day after the
date on which it became ready) ends there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sim.calendars import working_days
from sim.engine import simulate
from sim.engine.checks import verify
from sim.engine.contract import (
    NO_OFFICER,
    NO_TACIT,
    OPEN,
    DelayRule,
    Rule,
    Schedule,
    Supply,
    Workload,
)
from sim.engine.observer import EventKind
from tests.build.replay import check_dispatch
from tests.build.workloads import DAY, Case, H, Item, Model, Officer, delay, office, work, workload

WEEKDAYS = [d for d in range(21) if d % 7 < 5]
WORKING = tuple(d % 7 < 5 for d in range(30))
NINE_TO_FIVE = Officer(duty=office(WEEKDAYS))
ALWAYS = Officer()


def h(day: int, hour: float = 0) -> int:
    return round(day * DAY + hour * H)


def close(day: int) -> int:
    return (day + 1) * DAY - 1


def checked(w: Workload, supply: Supply, horizon: int) -> Schedule:
    schedule = simulate(w, supply, horizon)
    assert verify(w, supply, schedule, horizon) == []
    assert check_dispatch(w, supply, schedule) == []
    return schedule


def run(*cases: Case, officers: tuple[Officer, ...] = (NINE_TO_FIVE,), **more: object) -> Schedule:
    model = replace(Model(cases, officers, working=WORKING, horizon=h(20)), **more)
    return checked(model.workload, model.supply, model.horizon)


# While waiting


def test_who_waits_too_long_is_consented_to_and_never_served() -> None:
    # Item 0 takes 28 h from Monday 9:00: 8 on Monday, Tuesday, Wednesday, 4 on Thursday: 13:00.
    # Item 1, ready on Monday 10:00, n = 2: Tuesday, Wednesday; lapses at Wednesday's close, and
    # makes item 2 ready. Item 3, ready on Monday 11:00 without a period, goes next, on Thursday
    # 13-14; then item 2, 14-15.
    s = run(
        Case(h(0, 9), (work(28 * H),)),
        Case(h(0, 10), (work(5 * H, tacit=2), work(1 * H, 0))),
        Case(h(0, 11), (work(1 * H),)),
    )
    assert s.ready.tolist() == [h(0, 9), h(0, 10), close(2), h(0, 11)]
    assert s.start.tolist() == [h(0, 9), close(2), h(3, 14), h(3, 13)]
    assert s.end.tolist() == [h(3, 13), close(2), h(3, 15), h(3, 14)]
    assert s.officer.tolist() == [0, NO_OFFICER, 0, 0]


@pytest.mark.parametrize(
    ("ready", "n", "last"),
    [
        (h(0, 9), 0, 0),  # the same Monday
        (h(0, 9), 1, 1),
        (h(0), 1, 1),  # from its first second
        (close(0), 1, 1),  # to its last
        (close(0), 0, 0),  # at once
        (h(3, 9), 2, 7),  # Thursday: Friday, Monday
        (h(5, 9), 0, 5),  # a Saturday is a date too
        (h(5, 9), 1, 7),  # but not a working day: Monday
        (h(6, 9), 2, 8),
    ],
)
def test_the_close_of_the_nth_working_day(ready: int, n: int, last: int) -> None:
    s = run(Case(ready, (work(1 * H, tacit=n),)), officers=())
    assert (s.ready[0], s.start[0], s.end[0]) == (ready, close(last), close(last))
    assert s.officer[0] == NO_OFFICER


@pytest.mark.parametrize(
    ("n", "last"),
    [
        (0, date(2024, 9, 27)),
        (1, date(2024, 9, 29)),  # a Sunday made up for the holiday
        (2, date(2024, 9, 30)),
        (3, date(2024, 10, 8)),  # National Day, 1-7 October
        (6, date(2024, 10, 11)),
        (7, date(2024, 10, 12)),  # a make-up Saturday
        (8, date(2024, 10, 14)),
    ],
)
def test_a_period_over_a_holiday_with_make_up_days(n: int, last: date) -> None:
    """From Friday 2024-09-27, 10:00; the State Council's calendar of 2024."""
    days = working_days("CN", date(2024, 9, 27), date(2024, 12, 1))
    w = workload((Case(10 * H, (work(1, tacit=n), delay(5, 0))),), ((),), days)
    s = checked(w, Model((), ()).supply, 60 * DAY)
    lapse = close((last - days.origin).days)
    assert s.end.tolist() == [lapse, lapse + 5]


def test_what_lapses_leaves_the_others_in_their_order() -> None:
    # Nobody is there until Thursday. Items 1 and 3 lapse on Monday and on Tuesday, wherever they
    # stand: in the middle, and first. By priority 2, 0, 4 are left; by ready time 0, 2, 4.
    priority, periods = (1, 0, 0, -1, 2), (NO_TACIT, 0, NO_TACIT, 1, NO_TACIT)
    cases = tuple(
        Case(i, (work(1, priority=p, tacit=n),), limit=10 - 3 * p)
        for i, (p, n) in enumerate(zip(priority, periods, strict=True))
    )
    thursday = h(3, 9)
    by_class = [thursday + 1, close(0), thursday, close(1), thursday + 2]
    by_ready = [thursday, close(0), thursday + 1, close(1), thursday + 2]
    officer = Officer(duty=office([3]))
    for rule in Rule:
        s = run(*cases, officers=(officer,), rules=(rule,), escalate=(5,))
        assert s.start.tolist() == (by_ready if rule == Rule.FIFO else by_class)


def test_what_lapses_behind_the_first_is_gone_when_its_turn_comes() -> None:
    # The officer is busy from 0 to day 2. Items 1, 2, 3 wait; 2 lapses on day 0, then 1 on day 1,
    # which was before it; 3 begins on day 2. Nobody else is left: item 4 finds an idle officer.
    s = run(
        Case(0, (work(2 * DAY),)),
        Case(1, (work(1, tacit=1),)),
        Case(2, (work(1, tacit=0),)),
        Case(3, (work(1),)),
        Case(h(4), (work(1),)),
        officers=(ALWAYS,),
    )
    assert s.start.tolist() == [0, close(1), close(0), h(2), h(4)]


def test_a_lapsed_item_behind_the_one_that_begins() -> None:
    # Item 2 lapses behind item 1, which goes on day 1; then nobody is left but item 3.
    s = run(
        Case(0, (work(DAY),)),
        Case(1, (work(10),)),
        Case(2, (work(10, tacit=0),)),
        Case(3, (work(10),)),
        officers=(ALWAYS,),
    )
    assert s.start.tolist() == [0, h(1), close(0), h(1) + 10]
    assert s.end.tolist() == [h(1), h(1) + 10, close(0), h(1) + 20]


def test_the_period_counts_from_when_the_item_is_ready() -> None:
    # Not from the arrival: after a day's delay item 1 is ready on Tuesday at 9:00, n = 1, nobody
    # serves its pool: Wednesday's close. Nor from the start: item 2, ready on Monday at 10:00, n =
    # 1, is begun on Tuesday at 16:00, and lapses in hand that night, not on Wednesday.
    s = run(
        Case(h(0, 9), (delay(DAY), work(1, 0, pool=1, tacit=1))),
        Case(h(0, 10), (work(8 * H, tacit=1),)),
        officers=(Officer(duty=office(WEEKDAYS[1:], 16 * H)),),
        rules=(Rule.FIFO, Rule.FIFO),
    )
    assert s.start.tolist() == [h(0, 9), close(2), h(1, 16)]
    assert s.end.tolist() == [h(1, 9), close(2), close(1)]


# In hand


def test_in_hand_the_officer_is_free_at_the_next_duty() -> None:
    # Monday 16:00, 3 h of work, n = 0: one hour is done at 17:00; lapses at 24:00 off duty. Item 1,
    # waiting since 16:30, begins on Tuesday at 9:00, not at 11:00.
    s = run(Case(h(0, 16), (work(3 * H, tacit=0),)), Case(h(0, 16.5), (work(1 * H),)))
    assert s.start.tolist() == [h(0, 16), h(1, 9)]
    assert s.end.tolist() == [close(0), h(1, 10)]
    assert s.officer.tolist() == [0, 0]


@pytest.mark.parametrize("in_hand", [False, True])
def test_in_hand_the_officer_on_duty_takes_the_next_at_that_second(in_hand: bool) -> None:
    # The officer's next item is of another pool.
    officer = Officer((0, 1), in_hand=in_hand)
    s = run(
        Case(h(0, 16), (work(3 * DAY, tacit=1),)),
        Case(h(0, 17), (work(5, pool=1),)),
        officers=(officer,),
        rules=(Rule.FIFO, Rule.FIFO),
    )
    assert s.start.tolist() == [h(0, 16), close(1)]
    assert s.end.tolist() == [close(1), close(1) + 5]


def test_who_finishes_in_hand_after_hours_stops_at_the_lapse() -> None:
    # From 16:00 without pause, 10 h would end at 2:00; lapses at 24:00. The next item: 9:00.
    officer = replace(NINE_TO_FIVE, in_hand=True)
    s = run(
        Case(h(0, 16), (work(10 * H, tacit=0),)), Case(h(0, 17), (work(1),)), officers=(officer,)
    )
    assert s.end.tolist() == [close(0), h(1, 9) + 1]


def test_the_officer_is_free_since_the_lapse() -> None:
    # At 0 officers 0, 1, 2 begin items 0, 1, 2; they end at 86,398, by lapse at 86,399, at 86,400.
    # At 90,000 three items come: officers 0, 1, 2, the longest free first.
    first = (work(DAY - 2), work(5 * DAY, tacit=0), work(DAY))
    later = tuple(Case(90_000, (work(10),)) for _ in range(3))
    s = run(*(Case(0, (i,)) for i in first), *later, officers=(ALWAYS,) * 3)
    assert s.end.tolist()[:3] == [DAY - 2, DAY - 1, DAY]
    assert s.officer.tolist() == [0, 1, 2, 0, 1, 2]
    # The other way round: ends at 86,400, lapses at 86,399, ends at 86,398.
    s = run(*(Case(0, (i,)) for i in reversed(first)), *later, officers=(ALWAYS,) * 3)
    assert s.officer.tolist() == [0, 1, 2, 2, 1, 0]


@pytest.mark.parametrize(
    ("amount", "end"),
    [(DAY - 2, close(0) - 1), (DAY - 1, close(0)), (DAY, close(0)), (2 * DAY, close(0))],
)
def test_just_in_time(amount: int, end: int) -> None:
    # From second 0: done one second before the close, at the close, and cut off there. The next
    # item begins in that second, whichever it is.
    s = run(Case(0, (work(amount, tacit=0), work(7, 0))), officers=(ALWAYS,))
    assert s.end.tolist() == [end, end + 7]
    assert s.officer.tolist() == [0, 0]


def test_speed_and_pauses_come_before_the_lapse() -> None:
    # 4 h at speed 0.5 are 8 h: done at 17:00 on Monday. At speed 0.4 they are 10 h: Tuesday 11:00,
    # so silence on Monday.
    for speed, end in ((500, h(0, 17)), (400, close(0))):
        s = run(
            Case(h(0, 9), (work(4 * H, tacit=0),)), officers=(replace(NINE_TO_FIVE, speed=speed),)
        )
        assert s.end[0] == end


# One instant


class Log:
    """An observer that keeps everything."""

    def __init__(self) -> None:
        self.events: list[tuple[int, str, int, int, int]] = []

    def event(self, t: int, kind: EventKind, case: int, item: int, officer: int) -> None:
        self.events.append((t, kind.name, case, item, officer))


def test_lapses_are_ends_by_item_number_before_arrivals_duty_and_dispatch() -> None:
    # At Monday's close: item 0 lapses waiting (nobody serves pool 2), item 1 in hand, item 3 ends
    # by itself, 4 lapses waiting, item 6 arrives, officer 1 comes on duty for item 5. Then item
    # 5 begins with officer 1, and item 6 with officer 0, who has just been freed.
    cases = (
        Case(0, (work(1, pool=2, tacit=0),)),
        Case(0, (work(9 * DAY, tacit=0), delay(3, 0))),
        Case(0, (delay(DAY - 1),)),
        Case(1, (work(1, tacit=0),)),
        Case(2, (work(2, pool=1),)),
        Case(close(0), (work(1),)),
    )
    officers = (ALWAYS, Officer((1,), duty=((close(0), h(2)),)))
    model = Model(cases, officers, (Rule.FIFO,) * 3, working=WORKING)
    log = Log()
    simulate(model.workload, model.supply, close(0), log)
    assert [e[1:] for e in log.events if e[0] == close(0)] == [
        ("START", 0, 0, -1),
        ("END", 0, 0, -1),
        ("END", 1, 1, 0),
        ("READY", 1, 2, -1),
        ("START", 1, 2, -1),
        ("END", 2, 3, -1),
        ("START", 3, 4, -1),
        ("END", 3, 4, -1),
        ("ARRIVAL", 5, -1, -1),
        ("READY", 5, 6, -1),
        ("WAKE", -1, -1, 1),
        ("START", 4, 5, 1),  # waited since 2
        ("START", 5, 6, 0),
    ]


def test_two_lapse_at_once_and_a_third_is_taken() -> None:
    # Item 0 in hand, item 1 waiting, both lapse at Monday's close; item 2 begins in that second.
    s = run(
        Case(0, (work(3 * DAY, tacit=0),)),
        Case(1, (work(1, tacit=0),)),
        Case(2, (work(1),)),
        officers=(ALWAYS,),
    )
    assert s.start.tolist() == [0, close(0), close(0)]
    assert s.end.tolist() == [close(0), close(0), close(0) + 1]
    assert s.officer.tolist() == [0, NO_OFFICER, 0]


def test_silence_comes_before_an_idle_officer_at_the_same_second() -> None:
    # n = 0. One second before the close the officer takes it, even if there is nothing to do. At
    # the close, it lapses as it arrives; so does what there is nothing to do for.
    for amount in (0, 1, 2):
        s = run(Case(close(0) - 1, (work(amount, tacit=0),)), officers=(ALWAYS,))
        end = close(0) - 1 + min(amount, 1)
        assert (s.start[0], s.end[0], s.officer[0]) == (close(0) - 1, end, 0)
        s = run(Case(close(0), (work(amount, tacit=0),)), officers=(ALWAYS,))
        assert (s.start[0], s.end[0], s.officer[0]) == (close(0), close(0), NO_OFFICER)
        assert s.stopped_s == close(0)


def test_a_duty_that_begins_at_the_lapse_is_too_late() -> None:
    for begins, officer in ((close(0) - 1, 0), (close(0), NO_OFFICER)):
        s = run(Case(0, (work(5, tacit=0),)), officers=(Officer(duty=((begins, h(9)),)),))
        assert (s.start[0], s.end[0], s.officer[0]) == (begins, close(0), officer)


def test_rounds_of_dispatch_and_silence_within_one_second() -> None:
    # All at Monday's close: item 0 (no period, nothing to do) is dispatched and ends; items 1 and 2
    # (n = 0) lapse one after the other in the next round; item 3 (no period) is dispatched; item 4
    # (n = 1) is ready when it ends, on Tuesday, and waits for nobody.
    items = (work(0), work(5, 0, tacit=0), work(0, 1, tacit=0), work(3, 2), work(4, 3, tacit=1))
    s = run(Case(close(0), items), officers=(ALWAYS,))
    at = close(0)
    assert s.ready.tolist() == [at, at, at, at, at + 3]
    assert s.start.tolist() == [at, at, at, at, at + 3]
    assert s.end.tolist() == [at, at, at, at + 3, at + 7]
    assert s.officer.tolist() == [0, NO_OFFICER, NO_OFFICER, 0, 0]


def test_a_duty_awaited_for_what_has_lapsed() -> None:
    # Item 0 waits on Monday 18:00 for Tuesday 9:00, and lapses at the close. The duty passes
    # without effect. Item 1 comes on Tuesday 18:00, for which Wednesday's duty is awaited.
    cases = (Case(h(0, 18), (work(1 * H, tacit=0),)), Case(h(1, 18), (work(1 * H),)))
    assert run(*cases).start.tolist() == [close(0), h(2, 9)]
    # If item 1 comes in between, the duty was not awaited in vain.
    cases = (cases[0], Case(h(1, 8), (work(1 * H),)))
    assert run(*cases).start.tolist() == [close(0), h(1, 9)]
    # And if a new item is there before the first one lapses.
    cases = (cases[0], Case(h(0, 19), (work(1 * H),)))
    assert run(*cases).start.tolist() == [close(0), h(1, 9)]


# What follows from an end


START = delay(0, starts_clock=True, counted=False)


def silent(n: int, *after: int, counted: bool = False, starts_clock: bool = False) -> Item:
    """Work of a pool that nobody serves."""
    return work(1, *after, pool=1, tacit=n, counted=counted, starts_clock=starts_clock)


@pytest.mark.parametrize(
    ("items", "due"),
    [
        # Every day is a working day, N(day) = day + 1; the case arrives on day 0 with limit 3.
        pytest.param((START, silent(2, 0)), 1 + 3, id="nothing counted follows"),
        pytest.param(
            (START, silent(2, 0), delay(0, 1)), 1 + 3 + 2, id="a lapse ends a suspension: 0-2"
        ),
        pytest.param(
            (START, silent(1, counted=True), delay(2 * DAY, 1, counted=False), delay(0, 2)),
            1 + 3 + 2,
            id="a lapse begins a suspension: 1-3",
        ),
        pytest.param(
            (START, silent(3, counted=True), delay(DAY, counted=False), delay(0, 2)),
            1 + 3,
            id="open until it lapses: no suspension",
        ),
        pytest.param((silent(2, starts_clock=True),), 3 + 3, id="a lapse starts the clock: day 2"),
    ],
)
def test_a_lapse_moves_the_due_day(items: tuple[Item, ...], due: int) -> None:
    """A race shows the due day: rival k is due on N = 1 + k, and goes first when equal.

    All wait for the officer of day 8, so 1 + k rivals go before a case due on N = 1 + k, one
    second each. The case's own work waits for nothing and is not counted; it is ready at 1 s.
    """
    runner = Case(1, (*items, work(1, counted=False)), limit=3)
    rivals = tuple(Case(0, (work(1, counted=False),), limit=k) for k in range(12))
    s = run(
        *rivals,
        runner,
        officers=(Officer(duty=((h(8), h(9)),)),),
        rules=(Rule.EARLIEST_DUE, Rule.FIFO),
        working=(True,) * 30,
    )
    assert s.start[-1] - h(8) == due


def test_a_join_waits_for_the_later_of_consent_and_work() -> None:
    # Two co-reviews from Monday 9:00, n = 1: pool 1 has nobody, so Tuesday's close. The lead's own
    # review takes 2 h; with 20 h it takes until Wednesday 13:00.
    for own, joined in ((2 * H, close(1)), (20 * H, h(2, 13))):
        s = run(Case(h(0, 9), (work(own), silent(1), delay(5, 0, 1))), rules=(Rule.FIFO, Rule.FIFO))
        assert s.ready[2] == joined


def test_the_run_stops_with_a_lapse_after_that_seconds_dispatch() -> None:
    # The measured case lapses in hand at Monday's close; the officer still begins the other.
    s = run(
        Case(0, (work(3 * DAY, tacit=0),)),
        Case(1, (work(5), delay(0, 0)), measured=False),
        officers=(ALWAYS,),
    )
    assert s.stopped_s == close(0)
    assert s.start.tolist() == [0, close(0), OPEN]
    assert s.end.tolist() == [close(0), OPEN, OPEN]


def test_a_lapse_after_the_horizon_has_not_happened() -> None:
    cases = (Case(0, (work(9 * DAY, tacit=1),)), Case(5, (work(1, tacit=1), delay(0, 0))))
    s = run(*cases, officers=(ALWAYS,), horizon=close(1) - 1)
    assert s.ready.tolist() == [0, 5, OPEN]
    assert s.start.tolist() == [0, OPEN, OPEN]
    assert s.end.tolist() == [OPEN, OPEN, OPEN]
    assert s.officer.tolist() == [0, NO_OFFICER, NO_OFFICER]
    assert s.stopped_s == close(1) - 1
    s = run(*cases, officers=(ALWAYS,), horizon=close(1))
    assert s.ready.tolist() == [0, 5, close(1)]
    assert s.start.tolist() == [0, close(1), close(1)]
    assert s.end.tolist() == [close(1), close(1), close(1)]
    assert s.stopped_s == close(1)


def test_a_period_past_the_calendars_end_never_lapses() -> None:
    # The table ends with day 6, a Sunday; its last working day is Friday, day 4: n = 4 from Monday.
    cases = tuple(Case(0, (work(1, tacit=n),)) for n in (4, 5, 6))
    s = run(*cases, officers=(), working=WORKING[:7], horizon=close(6))
    assert s.end.tolist() == [close(4), OPEN, OPEN]
    # n = 0 on the last day lapses; it asks for no other day. In hand, too, the table's end counts.
    s = run(
        Case(h(6), (work(1, tacit=0),)),
        Case(h(6), (work(5 * DAY, tacit=1),)),
        officers=(Officer(duty=((h(6, 1), h(9)),)),),
        rules=(Rule.PRIORITY,),
        working=WORKING[:7],
        horizon=close(6),
    )
    assert s.end.tolist() == [h(6, 1) + 1, OPEN]
    s = run(Case(h(6), (work(1, tacit=0),)), officers=(), working=WORKING[:7], horizon=close(6))
    assert s.end.tolist() == [close(6)]


# Without


def test_a_delay_has_no_tacit_period() -> None:
    items = (
        replace(delay(3 * DAY), tacit=0),
        replace(delay(2, rule=DelayRule.WORKING_DAYS), tacit=1),
        replace(delay(9 * H, rule=DelayRule.ON_CALENDAR), tacit=0),
    )
    s = run(Case(0, items), officers=(), calendars=(office(WEEKDAYS),))
    assert s.end.tolist() == [h(3), close(2), h(1, 10)]


def test_no_tacit_for_all_is_the_same_as_none() -> None:
    cases = (Case(0, (work(5 * DAY), work(1, 0))), Case(5, (work(1),)))
    model = Model(cases, (NINE_TO_FIVE,))
    assert model.workload.tacit_wd is None
    all_without = replace(model.workload, tacit_wd=np.full(3, NO_TACIT))
    one, other = (checked(w, model.supply, h(30)) for w in (model.workload, all_without))
    for name in ("ready", "start", "end", "officer"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()
