"""From roster groups to officers with duty: dates, leave, absence, hours, speeds, pools."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.calendars import Intervals
from sim.engine.contract import Rule, Supply
from sim.replications.model import Model
from sim.scenario import ScenarioError
from tests.build.stories import run, scenario

DAY = 86_400
H = 3600

# 2021: Mon 13 Sep to Sun 26 Sep; 20 and 21 off (Mid-Autumn), Sat 18 and Sun 26 work (make-up)
BASE = """
name: Supply
period: {start: 2021-09-13, window: {from: 2021-09-13, to: 2021-09-26}, run_out: 0 cd}
hours:
  office: {week: {mon-fri: "9:00-12:00 13:00-17:00"}}
pools: {p: {}, q: {rule: escalate, escalate_below_wd: 5}, z: {per: zone, rule: earliest_due}}
staff:
  g: {serves: [p], count: 1, hours: office}
  h: {serves: [q, z], count: 1, hours: office}
case_types:
  t:
    arrivals: {at: [0 s]}
    attributes: {zone: {shares: {east: 0.5, west: 0.5}}}
    steps: {a: {pool: p, work: 1 h}, b: {pool: q, work: 1 h}, c: {pool: z, work: 1 h}}
"""
DAYS = 14
ALL_OPEN = {13, 14, 15, 16, 17, 18, 22, 23, 24, 26}


def group(text: str, *more: str) -> tuple[Model, Supply]:
    model = Model(scenario(BASE, f"staff: {{g: {{{text}}}}}", *more))
    return model, model.supply.draw(1, 0)


def duty(model: Model, supply: Supply, officer: str) -> Intervals:
    names = [each.name for each in model.supply.officers]
    return supply.duty.row(supply.calendar[names.index(officer)])


def dates(intervals: Intervals) -> set[int]:
    """Return the days of September 2021 on which there is duty within the horizon."""
    inside = intervals.clip(0, DAYS * DAY)
    return {
        13 + day
        for start, end in zip(inside.start, inside.end, strict=True)
        for day in range(start // DAY, (end - 1) // DAY + 1)
    }


def test_hours_follow_the_calendar():
    model, supply = group("count: 1")
    on = duty(model, supply, "g/1")
    assert dates(on) == ALL_OPEN
    first_two = list(zip(on.start[:2].tolist(), on.end[:2].tolist(), strict=True))
    assert first_two == [(9 * H, 12 * H), (13 * H, 17 * H)]


def test_duty_goes_on_past_the_horizon():
    model, supply = group("count: 1")
    on = duty(model, supply, "g/1")
    assert on.start[-1] == DAYS * DAY - 1 + DAY  # work in hand must not be hurried
    assert not np.any((on.start >= DAYS * DAY) & (on.start < on.start[-1]))


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        # on holidays too, and on make-up days all the same; Sun 19 and Sat 25 are weekends
        ('{week: {mon-fri: "9:00-17:00"}, holidays: open}', set(range(13, 27)) - {19, 25}),
        ('{week: {tue: "9:00-17:00"}}', {14}),  # 21 is off; a committee has no make-up days
        ('{week: {tue: "9:00-17:00"}, holidays: open}', {14, 21}),
        ('{week: {sat: "9:00-17:00"}}', {18, 25}),  # a make-up day and an ordinary Saturday
        ('{week: {mon-sat: "9:00-17:00"}}', ALL_OPEN | {25}),
        ('{week: {sun: "9:00-17:00"}}', {26}),  # Sun 19 is in the Mid-Autumn holiday
        ('{week: {sun: "9:00-17:00"}, except: {2021-09-19: "9:00-12:00"}}', {19, 26}),
        (
            '{week: {tue: "9:00-17:00"}, except: {2021-09-14: closed, 2021-09-18: "9:00-12:00"}}',
            {18},
        ),
        ("{always: true, except: {2021-09-14 to 2021-09-26: closed}}", {13}),
        ("24x7", set(range(13, 27))),
        ("{intervals: [{from: 2021-09-14T22:00:00, to: 2021-09-16T02:00:00}]}", {14, 15, 16}),
        ("{intervals: [{from: 2021-09-01T00:00:00, to: 2021-09-13T01:00:00}]}", {13}),
        (
            "{intervals: [{from: 2021-09-13T08:00:00, to: 2021-09-15T02:00:00}], "
            'except: {2021-09-14: closed, 2021-09-20: "9:00-12:00"}}',
            {13, 15, 20},
        ),
    ],
)  # fmt: skip
def test_kinds_of_hours(hours, expected):
    model, supply = group("hours: other", f"hours: {{other: {hours}}}")
    assert dates(duty(model, supply, "g/1")) == expected


def test_closures_and_make_up_days_of_the_scenario():
    more = "calendar: {closures: [{from: 2021-09-15, to: 2021-09-16}], make_up_days: [2021-09-25]}"
    model, supply = group("count: 1", more)
    assert dates(duty(model, supply, "g/1")) == (ALL_OPEN - {15, 16}) | {25}


# --- dates, leave, absence -----------------------------------------------------------------------


def test_from_and_until():
    model, supply = group("from: 2021-09-15, until: 2021-09-22")
    on = duty(model, supply, "g/1")
    assert dates(on) == {15, 16, 17, 18, 22}
    assert on.end[-1] < DAYS * DAY  # who leaves for good has no duty past the last day
    model, supply = group("from: 2021-01-01, until: 2021-12-31")
    assert dates(duty(model, supply, "g/1")) == ALL_OPEN
    model, supply = group("until: 2021-09-27")  # leaves after the last simulated day
    assert duty(model, supply, "g/1").start[-1] > DAYS * DAY
    model, supply = group("from: 2021-12-01")
    assert dates(duty(model, supply, "g/1")) == set()


def test_leave_takes_the_last_of_the_roster_first():
    leave = """leave: [{dates: {from: 2021-09-14, to: 2021-09-15}, officers: 1},
        {dates: 2021-09-15, officers: 2},
        {dates: {from: 2021-09-25, to: 2021-12-31}, officers: 9}]"""
    model, supply = group(f"count: 3, {leave}")
    end = {26}
    assert dates(duty(model, supply, "g/1")) == ALL_OPEN - end
    assert dates(duty(model, supply, "g/2")) == ALL_OPEN - end - {15}
    assert dates(duty(model, supply, "g/3")) == ALL_OPEN - end - {14, 15}


def test_leave_of_a_group_that_is_counted_by_value():
    """So many of the group, not of each value: the last of its roster."""
    leave = "leave: [{dates: 2021-09-14, officers: 2}]"
    more = f"staff: {{v: {{serves: [z], hours: office, count: {{east: 3, west: 1}}, {leave}}}}}"
    model, supply = group("count: 1", more)
    away = {
        officer.name
        for officer in model.supply.officers
        if officer.group == "v" and 14 not in dates(duty(model, supply, officer.name))
    }
    assert away == {"v[east]/3", "v[west]/1"}


def test_alike_officers_share_one_calendar():
    _, supply = group("count: 500, leave: [{dates: 2021-09-14, officers: 100}]")
    assert len(supply.duty) == 2  # with leave; without, as h
    assert len(supply.planned) == 2


YEARS = "period: {start: 2018-01-01, window: {from: 2018-01-01, to: 2021-12-31}, run_out: 0 cd}"


def test_absence_by_whole_working_days_with_its_probability():
    model = Model(scenario(BASE, "staff: {g: {count: 20, absence: 0.1}}", YEARS))
    working = model.working_days.working
    away = np.zeros((20, len(working)), bool)
    for number in range(20):
        on = duty(model, model.supply.draw(1, 0), f"g/{number + 1}")
        for day in np.flatnonzero(working):
            hours = on.elapsed(int(day) * DAY, (int(day) + 1) * DAY)
            assert hours in (0, 7 * H)
            away[number, day] = hours == 0
    share, n = away[:, working].mean(), 20 * working.sum()
    assert share == pytest.approx(0.1, abs=4 * (0.09 / n) ** 0.5)
    # independent from officer to officer
    correlation = np.corrcoef(away[:, working])
    assert np.abs(correlation[~np.eye(20, dtype=bool)]).max() < 5 / working.sum() ** 0.5


def test_absence_is_drawn_per_officer_and_replication():
    def on(count: int, replication: int, officer: str, more: str = "note: x") -> list[int]:
        text = f"staff: {{g: {{count: {count}, absence: 0.3}}}}"
        model = Model(scenario(BASE, text, more))
        return duty(model, model.supply.draw(1, replication), officer).start.tolist()

    assert on(2, 0, "g/1") == on(5, 0, "g/1")
    assert on(2, 0, "g/1", "period: {run_out: 50 cd}")[:8] == on(2, 0, "g/1")[:8]
    assert on(2, 0, "g/1") != on(2, 1, "g/1")
    assert on(2, 0, "g/1") != on(2, 0, "g/2")


def test_absence_comes_on_top_of_leave_and_dates():
    text = "count: 2, absence: 1.0, from: 2021-09-15"
    model, supply = group(text)
    assert dates(duty(model, supply, "g/1")) == set()
    week = "hours: {everyday: {week: {daily: '9:00-17:00'}, holidays: open}}"
    model, supply = group(f"{text}, hours: everyday", week)
    # absence is by working days: who works on days off is not absent on them
    assert dates(duty(model, supply, "g/1")) == {19, 20, 21, 25}


# --- speed, closing, pools -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "speed"),
    [
        ("speed: 1.5", (3, 2)),
        ("share: 0.25", (1, 4)),
        ("speed: 3.0, share: 0.1", (3, 10)),  # in floats, 0.30000000000000004
        ("speed: 0.001, share: 0.001", (1, 1_000_000)),
        ("speed: 0.0015, share: 0.5", (3, 4000)),  # thousandths would make it 0.001
        ("share: 0.3333", (3333, 10_000)),
        ("share: 0.333333", (333_333, 1_000_000)),
        ("share: 0.3333333333333333", (1, 3)),
        ("speed: 1000.0", (1000, 1)),
    ],
)
def test_share_and_speed_act_exactly(text, speed):
    _, supply = group(text)
    assert (supply.speed_num[0], supply.speed_den[0]) == speed
    assert (supply.speed_num[1], supply.speed_den[1]) == (1, 1)


@pytest.mark.parametrize("key", ["share", "speed"])
def test_a_share_or_speed_of_next_to_nothing_is_refused(key):
    with pytest.raises(ScenarioError, match=r"0\.001"):
        group(f"{key}: 0.0009")


def test_rework_without_hand_over_is_refused():
    with pytest.raises(ScenarioError, match="no rework without hand-over"):
        group("hand_over: false, rework: 0.1")


def test_an_item_takes_one_over_share_as_long():
    story = run(BASE, "staff: {g: {share: 0.25, speed: 0.5}}")
    # 1 h ÷ 0.125 = 8 h of duty from Monday 9:00: 7 h on Monday, 1 h on Tuesday
    assert story.minutes()["a"] == (9 * 60, 1440 + 10 * 60)


def test_who_finishes_what_is_in_hand():
    long = "case_types: {t: {steps: {a: {work: 4 h}}}}"
    pause = run(BASE, long).minutes()["a"]
    assert pause == (9 * 60, 14 * 60)  # 3 h, the noon hour, 1 h
    finish = run(BASE, long, "staff: {g: {closing: finish}}").minutes()["a"]
    assert finish == (9 * 60, 13 * 60)
    _, supply = group("closing: finish")
    assert supply.finishes_in_hand.tolist() == [True, False]


def test_who_leaves_first_finishes_what_is_in_hand():
    long = "case_types: {t: {steps: {a: {work: 20 h}}}}"
    leaver = run(BASE, long, "staff: {g: {until: 2021-09-14}}").minutes()["a"]
    # 7 h on Monday, 7 h on Tuesday until 17:00, then 6 h without pause
    assert leaver == (9 * 60, 1440 + 23 * 60)
    away = "staff: {g: {leave: [{dates: {from: 2021-09-15, to: 2021-09-16}, officers: 1}]}}"
    # back on Friday 17: six hours until 16:00
    assert run(BASE, long, away).minutes()["a"] == (9 * 60, 4 * 1440 + 16 * 60)


def test_who_is_away_beyond_the_horizon_hurries_nothing():
    long = "case_types: {t: {steps: {a: {work: 20 h}}}}"
    away = "staff: {g: {leave: [{dates: {from: 2021-09-14, to: 2021-12-31}, officers: 1}]}}"
    story = run(BASE, long, away)
    item = story.items(0)["a"]
    assert story.replication.schedule.end[item] == -1  # begun, open at the horizon


def test_officers_by_group_number_and_value():
    more = """
    staff:
      v: {serves: [z], hours: office, count: {west: 2, east: 1}}
      cross: {serves: [q, p], hours: office, count: 2}
    """
    model, supply = group("count: 0", more)
    assert model.pools.names == ("p", "q", "z[east]", "z[west]")
    served = {
        officer.name: [
            model.pools.names[pool]
            for pool in supply.pool_of[supply.pool_ptr[n] : supply.pool_ptr[n + 1]]
        ]
        for n, officer in enumerate(model.supply.officers)
    }
    assert served == {
        "cross/1": ["q", "p"],
        "cross/2": ["q", "p"],
        "h/1": ["q", "z[east]", "z[west]"],  # one roving officer for all values
        "v[east]/1": ["z[east]"],
        "v[west]/1": ["z[west]"],
        "v[west]/2": ["z[west]"],
    }


def test_rules_of_pools():
    _, supply = group("count: 1")
    rules = [Rule.FIFO, Rule.ESCALATE, Rule.EARLIEST_DUE, Rule.EARLIEST_DUE]
    assert supply.rule.tolist() == rules  # p, q, z[east], z[west]
    assert supply.escalate_wd.tolist() == [3, 5, 3, 3]


def test_cross_trained_officers_help_out():
    """The one who serves fewer pools goes first; the other is left for what comes."""
    more = """
    pools: {r: {}}
    staff: {g: {serves: [p, q]}, h: {serves: [q, z]}, s: {serves: [p], count: 1, hours: office}}
    """
    story = run(BASE, more)
    names = [officer.name for officer in story.model.supply.officers]
    items = story.items(0)
    officer = {step: names[story.replication.schedule.officer[items[step]]] for step in "abc"}
    assert officer == {"a": "s/1", "b": "g/1", "c": "h/1"}
    assert dt.date(2021, 9, 13).weekday() == 0
