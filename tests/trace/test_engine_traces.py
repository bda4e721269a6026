"""Whole schedules worked out by hand. Day 0 is a Monday; times are h(day, hour)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sim.calendars import working_days
from sim.engine import simulate
from sim.engine.checks import verify
from sim.engine.contract import NO_OFFICER, OPEN, DelayRule, Rule, Schedule
from sim.engine.observer import EventKind
from tests.build.workloads import (
    DAY,
    FOREVER,
    Case,
    H,
    Item,
    Model,
    Officer,
    delay,
    office,
    work,
    workload,
)

WEEKDAYS = [d for d in range(21) if d % 7 < 5]
NINE_TO_FIVE = office(WEEKDAYS)


def h(day: int, hour: float = 0) -> int:
    return round(day * DAY + hour * H)


def run(model: Model) -> Schedule:
    schedule = simulate(model.workload, model.supply, model.horizon)
    assert verify(model.workload, model.supply, schedule, model.horizon) == []
    return schedule


def one(case: Case, **more: object) -> Schedule:
    return run(replace(Model((case,), (Officer(duty=NINE_TO_FIVE),)), **more))


class Log:
    """An observer that keeps everything."""

    def __init__(self) -> None:
        self.events: list[tuple[int, str, int, int, int]] = []

    def event(self, t: int, kind: EventKind, case: int, item: int, officer: int) -> None:
        self.events.append((t, kind.name, case, item, officer))


# Duty


def test_work_pauses_over_the_weekend_and_ends_with_the_duty() -> None:
    # Friday 15-17 is 2 h, Monday 9-17 the other 8: done on Monday at 17, not on Tuesday at 9.
    s = one(Case(h(4, 15), (work(10 * H),)))
    assert (s.start[0], s.end[0]) == (h(4, 15), h(7, 17))


def test_one_second_more_takes_until_the_next_morning() -> None:
    s = one(Case(h(4, 15), (work(10 * H + 1),)))
    assert s.end[0] == h(8, 9) + 1


def test_duty_is_half_open() -> None:
    # At 17:00:00 nobody begins; at 9:00:00 somebody does.
    s = one(Case(h(0, 17), (work(1 * H),)))
    assert (s.start[0], s.end[0]) == (h(1, 9), h(1, 10))
    s = one(Case(h(0, 17) - 1, (work(1 * H),)))
    assert (s.start[0], s.end[0]) == (h(0, 17) - 1, h(1, 10) - 1)


def test_who_finishes_in_hand_does_so_past_closing_and_takes_nothing_new() -> None:
    # 16:30 + 2 h = 18:30 without pause. The second, ready at 17:10, waits for the morning.
    cases = (Case(h(0, 16.5), (work(2 * H),)), Case(h(0, 17) + 600, (work(1 * H),)))
    s = run(Model(cases, (Officer(duty=NINE_TO_FIVE, in_hand=True),)))
    assert s.end.tolist() == [h(0, 18.5), h(1, 10)]
    assert s.start[1] == h(1, 9)


def test_who_leaves_for_good_finishes_what_is_in_hand() -> None:
    # Duty only on day 0. 15-17 is 2 h, and the other 8 follow without pause: day 1, 1:00. Then
    # nobody ever takes the second, and the run goes on to its horizon.
    cases = (Case(h(0, 15), (work(10 * H),)), Case(h(0, 16), (work(1 * H),)))
    s = run(Model(cases, (Officer(duty=office([0])),), horizon=h(5)))
    assert s.end.tolist() == [h(1, 1), OPEN]
    assert s.start.tolist() == [h(0, 15), OPEN]
    assert s.stopped_s == h(5)


def test_speed_rounds_up() -> None:
    # 10 s at speed 0.3 are 33.3 s: 34. At speed 3 they are 3.3 s: 4.
    cases = (Case(0, (work(10),)),)
    assert run(Model(cases, (Officer(speed=300),))).end[0] == 34
    assert run(Model(cases, (Officer(speed=3000),))).end[0] == 4


def test_a_duty_wakes_the_pool_only_when_something_waits() -> None:
    log = Log()
    model = Model((Case(h(0, 8), (work(1 * H),)),), (Officer(duty=NINE_TO_FIVE),) * 2)
    simulate(model.workload, model.supply, model.horizon, log)
    assert log.events == [
        (h(0, 8), "ARRIVAL", 0, -1, -1),
        (h(0, 8), "READY", 0, 0, -1),
        (h(0, 9), "WAKE", -1, -1, 0),
        (h(0, 9), "START", 0, 0, 0),
        (h(0, 10), "END", 0, 0, 0),
    ]


def test_the_second_officer_comes_on_duty_later() -> None:
    # Three items at 8. The first officer comes at 9, the second at 10: 9-12, 10-13, 12-15.
    cases = (Case(h(0, 8), (work(3 * H),)),) * 3
    s = run(Model(cases, (Officer(duty=office([0], 9 * H)), Officer(duty=office([0], 10 * H)))))
    assert s.start.tolist() == [h(0, 9), h(0, 10), h(0, 12)]
    assert s.officer.tolist() == [0, 1, 0]


def test_a_pool_that_loses_its_officer_to_another_waits_for_the_next_duty() -> None:
    # At 9 the shared officer takes the older item, of pool 0, until 17. Pool 1 had hoped for the
    # same officer, and gets its own at 10.
    cases = (Case(h(0, 7), (work(8 * H),)), Case(h(0, 8), (work(1 * H, pool=1),)))
    officers = (Officer((0, 1), office([0])), Officer((1,), office([0], 10 * H)))
    s = run(Model(cases, officers, (Rule.FIFO, Rule.FIFO)))
    assert s.start.tolist() == [h(0, 9), h(0, 10)]
    assert s.officer.tolist() == [0, 1]


def test_a_duty_that_begins_at_the_horizon_still_begins() -> None:
    s = one(Case(h(0, 8), (work(1 * H),)), horizon=h(0, 9))
    assert (s.start[0], s.end[0], s.officer[0]) == (h(0, 9), OPEN, 0)


# One instant


def test_what_takes_no_time_is_done_within_the_instant() -> None:
    # delay 0 → work 0 → delay 0 → work 5, all at 100: two rounds of dispatch in one instant.
    items = (delay(0), work(0, 0), delay(0, 1), work(5, 2), work(0, 3))
    s = one(Case(100, items), officers=(Officer(),))
    assert s.ready.tolist() == [100, 100, 100, 100, 105]
    assert s.end.tolist() == [100, 100, 100, 105, 105]
    assert s.officer.tolist() == [NO_OFFICER, 0, NO_OFFICER, 0, 0]


def test_ends_then_arrivals_then_duty_then_dispatch() -> None:
    # At 10 the first case's item ends and makes its delay ready; the second case arrives; officer
    # 1 comes on duty, for whom item 2 has been waiting since 5; only then is work handed out.
    cases = (
        Case(0, (work(10), work(1, 0))),
        Case(5, (work(3, pool=1),)),
        Case(10, (work(2),)),
    )
    officers = (Officer((0,)), Officer((1,), duty=((10, 20),)))
    model = Model(cases, officers, (Rule.FIFO, Rule.FIFO))
    log = Log()
    simulate(model.workload, model.supply, 100, log)
    assert [e for e in log.events if e[0] == 10] == [
        (10, "END", 0, 0, 0),
        (10, "READY", 0, 1, -1),
        (10, "ARRIVAL", 2, -1, -1),
        (10, "READY", 2, 3, -1),
        (10, "WAKE", -1, -1, 1),
        (10, "START", 1, 2, 1),  # ready since 5
        (10, "START", 0, 1, 0),  # ready at 10, as item 3, and before it in case-then-item order
    ]


def test_who_arrives_as_an_officer_becomes_free_can_be_first() -> None:
    # At 10: item 0 ends, item 1 (class 1) becomes ready, item 2 (class 0) arrives, and is first.
    cases = (Case(0, (work(10, priority=1), work(4, 0, priority=1))), Case(10, (work(5),)))
    s = run(Model(cases, (Officer(),), (Rule.PRIORITY,)))
    assert s.start.tolist() == [0, 15, 10]


def test_same_ready_time_goes_by_case_then_item() -> None:
    cases = (Case(0, (work(10), work(1, 0))), Case(3, (delay(7), work(1, 0), work(1, 0))))
    s = run(Model(cases, (Officer(),)))
    assert s.ready.tolist() == [0, 10, 3, 10, 10]
    assert s.start.tolist() == [0, 10, 3, 11, 12]


def test_a_join_counts_each_predecessor() -> None:
    # 1 → 3 and 0, 2 → 4: successors must not be mixed up. 0 ends at 5, 1 at 1, 2 at 2.
    items = (delay(5), delay(1), delay(2), delay(1, 1), delay(1, 0, 2))
    assert one(Case(0, items)).end.tolist() == [5, 1, 2, 2, 6]


def test_a_duty_looks_at_all_pools_of_the_officer() -> None:
    # Items wait in pools 0 and 1; the officer comes at 10; each looks after its own pool too.
    cases = (Case(0, (work(1, pool=1),)), Case(0, (work(1, pool=2),)))
    officers = (Officer((0, 1, 2), duty=((10, 99),)),)
    s = run(Model(cases, officers, (Rule.FIFO,) * 3))
    assert s.start.tolist() == [10, 11]


# Who takes it


def test_the_officer_with_fewest_pools_takes_it() -> None:
    officers = (Officer((0, 1)), Officer((0,)))
    s = run(Model((Case(0, (work(5),)),) * 2, officers, (Rule.FIFO, Rule.FIFO)))
    assert s.officer.tolist() == [1, 0]


def test_then_who_is_free_the_longest_then_the_roster() -> None:
    # Nobody has worked: roster order 0, 1, 2 at t = 0. They end at 9, 4, 6. At 20 four items come
    # to three officers: 1 (free since 4), 2 (6), 0 (9), and the fourth waits.
    first = tuple(Case(0, (work(w),)) for w in (9, 4, 6))
    s = run(Model((*first, *(Case(20, (work(5),)),) * 3), (Officer(),) * 3))
    assert s.officer.tolist() == [0, 1, 2, 1, 2, 0]


def test_who_never_worked_goes_before_who_ended_at_second_0() -> None:
    cases = (Case(0, (work(0),)), Case(5, (work(1),)))
    s = run(Model(cases, (Officer(), Officer())))
    assert s.officer.tolist() == [0, 1]


def test_a_shared_officer_follows_the_smallest_key_of_all_pools() -> None:
    # Pool 0 fifo, pool 1 by priority; the one officer serves both and is busy until 10. Keys:
    # item 1 (1, 0, 1) · item 2 (0, 0, 5) fifo ignores its class 7 · item 3 (0, 0, 3).
    cases = (
        Case(0, (work(10),)),
        Case(1, (work(1, pool=1, priority=1),)),
        Case(3, (work(1, pool=1, priority=0),)),
        Case(5, (work(1, pool=0, priority=7),)),
    )
    s = run(Model(cases, (Officer((0, 1)),), (Rule.FIFO, Rule.PRIORITY)))
    assert s.start.tolist() == [0, 12, 10, 11]


# Due days


def test_earliest_due_with_a_suspension_across_a_holiday() -> None:
    """Day 2 is a holiday: N = 1, 2, 2, 3, 4 … on days 0, 1, 2, 3, 4 …

    - A: limit 5, clock starts on day 0: due 1 + 5 = 6. Suspended until day 3: + N(3) - N(0) = 2,
      so 8. (With calendar days it would be 9, without suspension 6.)
    - B: limit 6 from day 0: due 7.
    - C: limit 7, clock not started: due N(0) + 7 = 8, ready an hour after A.

    The officer comes on day 3 at noon: B, then A before C by ready time.
    """
    start = delay(0, starts_clock=True)
    a = Case(0, (start, delay(3 * DAY, 0, counted=False), work(10, 1)), limit=5)
    b = Case(0, (start, work(10, 0)), limit=6)
    c = Case(0, (delay(h(3, 1)), work(10, 0)), limit=7)
    working = tuple(d != 2 for d in range(30))
    model = Model(
        (a, b, c), (Officer(duty=((h(3, 12), h(4)),)),), (Rule.EARLIEST_DUE,), working=working
    )
    noon = h(3, 12)
    s = run(model)
    assert s.start[[4, 2, 6]].tolist() == [noon, noon + 10, noon + 20]


def test_the_start_of_the_clock_replaces_the_provisional_due_day() -> None:
    # A arrives on day 0 with limit 3 (due 1 + 3 = 4), B on day 1 with limit 3 (due 5): A is first.
    # But A is accepted only on day 2 (due 3 + 3 = 6): then B is.
    def model(accepted: bool) -> Model:
        a = Case(0, (delay(2 * DAY, starts_clock=accepted), work(10, 0)), limit=3)
        b = Case(h(1), (work(10),), limit=3)
        return Model((a, b), (Officer(duty=((h(2, 9), h(3)),)),), (Rule.EARLIEST_DUE,))

    assert run(model(False)).start[[1, 2]].tolist() == [h(2, 9), h(2, 9) + 10]
    assert run(model(True)).start[[1, 2]].tolist() == [h(2, 9) + 10, h(2, 9)]


START = delay(0, starts_clock=True, counted=False)


def days_off(n: int, *after: int, **more: bool) -> Item:
    return delay(n * DAY, *after, counted=False, **more)


def round_of(n: int, *after: int) -> Item:
    return days_off(n, *after, begins_round=True)


@pytest.mark.parametrize(
    ("items", "due"),
    [
        # Every day is a working day, N(day) = day + 1; the case arrives on day 0 with limit 3.
        pytest.param((days_off(4),), 1 + 3, id="no clock yet: provisional"),
        pytest.param((days_off(2, starts_clock=True),), 3 + 3, id="clock from day 2"),
        pytest.param(
            (START, days_off(2, 0, starts_clock=True)), 1 + 3, id="it starts once, on day 0"
        ),
        pytest.param(
            (START, days_off(2, 0), delay(DAY, 1)), 1 + 3 + 2, id="suspended from its very start"
        ),
        pytest.param(
            (days_off(1), delay(DAY, 0), days_off(2, starts_clock=True), delay(0, 1, 2)),
            3 + 3,
            id="what was before the clock's start is no suspension",
        ),
        pytest.param(
            (START, delay(3 * DAY), delay(1 * DAY), days_off(4), delay(0, 3)),
            1 + 3 + 1,
            id="open 0-3 (one ends at 1, no matter), suspended 3-4",
        ),
        pytest.param(
            (START, delay(DAY), days_off(2, 1), delay(DAY, 2), days_off(1, 3), delay(DAY, 4)),
            1 + 3 + 2 + 1,
            id="suspended twice, 1-3 and 4-5",
        ),
        pytest.param(
            (START, delay(DAY), days_off(6, 1)), 1 + 3, id="a suspension that goes on moves nothing"
        ),
        pytest.param(
            (START, delay(DAY), days_off(1, 1), delay(0, 2), days_off(1, 3), delay(0, 4)),
            1 + 3 + 1 + 1,
            id="a counted item of no time splits a suspension, and adds nothing",
        ),
        pytest.param(
            (START, delay(DAY), round_of(2, 1), delay(DAY, 2)),
            4 + 3,
            id="suspended 1-3, and a round begins on day 3",
        ),
        pytest.param(
            (START, delay(DAY), round_of(2, 1), days_off(1, 2), delay(DAY, 3)),
            4 + 3 + 1,
            id="a round begins on day 3, and its clock runs from day 4 on",
        ),
        pytest.param(
            (START, delay(5 * DAY), round_of(2), delay(DAY, 2)),
            1 + 3,
            id="no round begins while the clock runs",
        ),
        pytest.param(
            (round_of(2), days_off(3, starts_clock=True)),
            4 + 3,
            id="nor before the clock has started",
        ),
    ],
)
def test_due_days(items: tuple[Item, ...], due: int) -> None:
    """A race shows the due day: rival k is due on N = 1 + k, and goes first when equal.

    All wait for the officer of day 8, so 1 + k rivals go before a case due on N = 1 + k, one
    second each. The case's own work waits for nothing and is not counted; it is ready at 1 s.
    """
    runner = Case(1, (*items, work(1, counted=False)), limit=3)
    rivals = tuple(Case(0, (work(1, counted=False),), limit=k) for k in range(12))
    officer = Officer(duty=((8 * DAY, 9 * DAY),))
    s = run(Model((*rivals, runner), (officer,), (Rule.EARLIEST_DUE,)))
    assert s.start[-1] - 8 * DAY == due


def test_a_suspension_does_not_give_a_due_day_to_a_case_without_a_limit() -> None:
    # Both without limit, so by ready time: 2 s, then 3 s. Clocks and suspensions do not matter.
    items = (START, days_off(2, 0), delay(0, 1), delay(2, counted=False), work(1, 3, counted=False))
    cases = (Case(0, items), Case(3, (work(1),)), Case(4, (work(1),), limit=300))
    s = run(Model(cases, (Officer(duty=((8 * DAY, 9 * DAY),)),), (Rule.EARLIEST_DUE,)))
    assert s.start[4:].tolist() == [8 * DAY + 1, 8 * DAY + 2, 8 * DAY]


def test_classes_come_before_due_days() -> None:
    cases = (
        Case(0, (work(1, priority=1),), limit=1),
        Case(0, (work(1, priority=0),), limit=9),
    )
    for rule in (Rule.EARLIEST_DUE, Rule.ESCALATE):
        s = run(Model(cases, (Officer(),), (rule,), escalate=(5,)))
        assert s.start.tolist() == [1, 0]


def test_escalation_comes_overnight() -> None:
    """One item a day; escalated with fewer than 2 working days left.

    U has limit 3 from day 0: due 4; left 3, 2, 1 on days 0, 1, 2. So it goes on day 2, before X2
    and X3, which came earlier, and not on day 1, when 2 are left.
    """
    x = tuple(Case(h(0, 8), (work(1 * H),)) for _ in range(4))
    u = Case(h(0, 8.5), (work(1 * H),), limit=3)
    officer = Officer(duty=office(range(9), 9 * H, 10 * H))
    model = Model((*x, u), (officer,), (Rule.ESCALATE,), escalate=(2,))
    assert run(model).start.tolist() == [h(0, 9), h(1, 9), h(3, 9), h(4, 9), h(2, 9)]


def test_a_case_without_a_limit_is_never_escalated_and_last_by_due_day() -> None:
    cases = (Case(0, (work(10),)), Case(1, (work(10),), limit=300))
    later = (Officer(duty=((50, DAY),)),)
    by_due = run(Model(cases, later, (Rule.EARLIEST_DUE,)))
    assert by_due.start.tolist() == [60, 50]
    assert run(Model(cases, later, (Rule.ESCALATE,), escalate=(400,))).start.tolist() == [60, 50]
    assert run(Model(cases, later, (Rule.ESCALATE,), escalate=(1,))).start.tolist() == [50, 60]


# Delays


@pytest.mark.parametrize(
    ("n", "last"),
    [
        (0, None),
        (1, date(2024, 9, 29)),  # a Sunday made up for the holiday
        (2, date(2024, 9, 30)),
        (3, date(2024, 10, 8)),  # National Day, 1-7 October
        (6, date(2024, 10, 11)),
        (7, date(2024, 10, 12)),  # a make-up Saturday
        (8, date(2024, 10, 14)),
    ],
)
def test_legal_working_days_over_a_holiday_with_make_up_days(n: int, last: date | None) -> None:
    """From Friday 2024-09-27, 10:00; the State Council's calendar of 2024."""
    days = working_days("CN", date(2024, 9, 27), date(2024, 12, 1))
    items = (delay(n, rule=DelayRule.WORKING_DAYS),)
    w = workload((Case(10 * H, items),), ((),), days)
    s = simulate(w, Model((), ()).supply, 60 * DAY)
    assert verify(w, Model((), ()).supply, s, 60 * DAY) == []
    close = 10 * H if last is None else ((last - days.origin).days + 1) * DAY - 1
    assert s.end[0] == close


def test_delays_by_every_rule() -> None:
    """Ready on Friday at 15:00, weekends off, calendar 9-17."""
    items = (
        delay(3 * H),
        delay(3 * H, rule=DelayRule.ON_CALENDAR),  # 2 h on Friday, 1 h on Monday
        delay(2, rule=DelayRule.CALENDAR_DAYS),  # Saturday, Sunday
        delay(2, rule=DelayRule.WORKING_DAYS),  # Monday, Tuesday
        delay(0, rule=DelayRule.CALENDAR_DAYS),
        delay(0, rule=DelayRule.WORKING_DAYS),
        delay(2, rule=DelayRule.LEGAL_CALENDAR_DAYS),  # Sunday is a day off: Monday
        delay(3, rule=DelayRule.LEGAL_CALENDAR_DAYS),  # Monday
        delay(0, rule=DelayRule.LEGAL_CALENDAR_DAYS),
        delay(25, rule=DelayRule.LEGAL_CALENDAR_DAYS),  # day 29, a Tuesday, the last known
    )
    working = tuple(d % 7 < 5 for d in range(30))
    s = one(Case(h(4, 15), items), calendars=(NINE_TO_FIVE,), working=working, officers=())
    at_once = h(4, 15)
    ends = [h(4, 18), h(7, 10), h(7) - 1, h(9) - 1, at_once, at_once]
    ends += [h(8) - 1, h(8) - 1, at_once, h(30) - 1]
    assert s.end.tolist() == ends
    assert set(s.start.tolist()) == {at_once}


def test_a_delay_outside_its_calendar() -> None:
    # Saturday: an hour of it is done on Monday at 10; none of it at once.
    items = tuple(delay(n, rule=DelayRule.ON_CALENDAR) for n in (1 * H, 0))
    s = one(Case(h(5, 12), items), calendars=(NINE_TO_FIVE,))
    assert s.end.tolist() == [h(7, 10), h(5, 12)]


def test_a_delay_after_the_end_of_its_calendar_stays_open() -> None:
    s = one(
        Case(h(0, 18), (delay(1, rule=DelayRule.ON_CALENDAR),)),
        calendars=(office([0]),),
        horizon=h(9),
    )
    assert s.end[0] == OPEN


def test_a_delay_that_its_calendar_is_too_short_for_stays_open() -> None:
    items = (
        delay(9 * H, rule=DelayRule.ON_CALENDAR),
        delay(3, rule=DelayRule.WORKING_DAYS),
        delay(8 * H, rule=DelayRule.ON_CALENDAR),
        delay(2, rule=DelayRule.WORKING_DAYS),
    )
    s = one(Case(0, items), calendars=(office([0]),), working=(True,) * 3, horizon=3 * DAY - 1)
    assert s.end.tolist() == [OPEN, OPEN, h(0, 17), h(3) - 1]
    assert s.stopped_s == 3 * DAY - 1


# Where the run stops


def test_open_marks_at_the_horizon() -> None:
    # One officer, horizon 20. Case 0: done at 20, just in time, and its successor begins at 20.
    # Case 1: waits. Case 2 arrives at 20 and its delay of 0 ends; case 3 would arrive at 21.
    cases = (
        Case(0, (work(20), work(5, 0), work(5, 1))),
        Case(20, (work(5),)),
        Case(20, (delay(0), delay(1, 0))),
        Case(21, (delay(0),)),
    )
    s = run(Model(cases, (Officer(),), horizon=20))
    assert s.ready.tolist() == [0, 20, OPEN, 20, 20, 20, OPEN]
    assert s.start.tolist() == [0, 20, OPEN, OPEN, 20, 20, OPEN]
    assert s.end.tolist() == [20, OPEN, OPEN, OPEN, 20, OPEN, OPEN]
    assert s.officer.tolist() == [0, 0, NO_OFFICER, NO_OFFICER, NO_OFFICER, NO_OFFICER, NO_OFFICER]
    assert s.stopped_s == 20


def test_stops_with_the_last_measured_case_after_that_instants_dispatch() -> None:
    # Case 0 is measured and ends at 10; at 10 the officer still begins case 1, and case 2 arrives.
    cases = (
        Case(0, (work(10),)),
        Case(3, (work(10),), measured=False),
        Case(10, (delay(0), delay(5, 0)), measured=False),
        Case(11, (delay(0),), measured=False),
    )
    s = run(Model(cases, (Officer(),)))
    assert s.stopped_s == 10
    assert s.start.tolist() == [0, 10, 10, 10, OPEN]
    assert s.end.tolist() == [10, OPEN, 10, OPEN, OPEN]


def test_a_case_without_items_ends_as_it_arrives() -> None:
    cases = (Case(0, (delay(5),)), Case(7), Case(9, (delay(0),), measured=False))
    s = run(Model(cases, ()))
    assert s.stopped_s == 7
    assert s.end.tolist() == [5, OPEN]


def test_without_measured_cases_all_are_awaited() -> None:
    cases = (Case(0, (delay(5),), measured=False), Case(3, measured=False))
    assert run(Model(cases, ())).stopped_s == 5
    in_vain = (*cases, Case(4, (work(1),), measured=False))
    assert run(Model(in_vain, (), horizon=DAY)).stopped_s == DAY


def test_without_cases_nothing_happens() -> None:
    s = run(Model((), (Officer(duty=FOREVER),)))
    assert s.stopped_s == 0
    assert len(s.ready) == 0


def test_a_negative_horizon_is_refused() -> None:
    with pytest.raises(ValueError, match="horizon_s = -1"):
        run(Model((), (), horizon=-1))
