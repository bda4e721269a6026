"""When offices are open: weekly patterns and single dates on dated calendars."""

from datetime import date

import numpy as np
import pytest

from sim.calendars import (
    WorkingDays,
    always,
    parse_exceptions,
    parse_week,
    weekly,
    with_exceptions,
    working_day_intervals,
    working_days,
)

H = 3600
DAY = 24 * H
COUNTER = parse_week({"mon-fri": "8:30-11:30 13:00-17:00"})
MORNING, AFTERNOON = (30600, 41400), (46800, 61200)
SATURDAY = (9 * H, 12 * H)


def by_day(intervals):
    """Day index → hours, for intervals that do not go over midnight."""
    days = {}
    for start, end in zip(intervals.start.tolist(), intervals.end.tolist(), strict=True):
        days.setdefault(start // DAY, []).append((start % DAY, end - start // DAY * DAY))
    return days


def plain(days, origin):
    """A calendar of so many days from `origin`, without holidays."""
    first = date.toordinal(origin)
    return working_days("weekdays", origin, date.fromordinal(first + days - 1))


def golden_week():
    """28 April (Sun, made up) to 11 May 2024 (Sat, made up); Wed 1 to Sun 5 May off.

    国办发明电〔2023〕7号.
    """
    return working_days("CN", date(2024, 4, 28), date(2024, 5, 11))


def test_always():
    assert by_day(always(1)) == {0: [(0, DAY)]}
    assert len(always(0)) == 0


def test_a_make_up_day_has_the_first_weekdays_hours():
    week = {**COUNTER, 0: [SATURDAY]}
    assert by_day(weekly(week, golden_week())) == {
        **{d: [SATURDAY] for d in (0, 1, 8, 13)},  # the made-up Sunday, two Mondays, 11 May
        **{d: [MORNING, AFTERNOON] for d in (2, 9, 10, 11, 12)},
    }


def test_weekend_hours_hold_on_ordinary_weekends_and_never_shorten_a_make_up_day():
    # Sat 2 to Sun 31 March 2024 has no holidays; April: Thu 4 to Sat 6 off, Sun 7 made up.
    march = working_days("CN", date(2024, 3, 2), date(2024, 4, 7))
    hours = by_day(weekly({**COUNTER, 5: [SATURDAY]}, march))
    saturdays = [d for d in hours if march.weekday[d] == 5]
    assert saturdays == [0, 7, 14, 21, 28]  # not 35: Sat 6 April is in the holiday
    assert all(hours[d] == [SATURDAY] for d in saturdays)
    assert hours[36] == [MORNING, AFTERNOON]  # the made-up Sunday
    # 11 May, a made-up Saturday: 8:30-11:30 of Monday and 9:00-12:00 of Saturday make 8:30-12:00
    may = by_day(weekly({**COUNTER, 5: [SATURDAY]}, golden_week()))
    assert may[13] == [(MORNING[0], SATURDAY[1]), AFTERNOON]
    assert 6 not in may  # Sat 4 May is a holiday


def test_open_on_holidays_adds_the_holidays_and_takes_no_make_up_day_away():
    # 28 April to 5 May 2024: Sun (made up), Mon, Tue, then five days off, the last two a weekend
    hours = by_day(weekly({**COUNTER, 5: [SATURDAY]}, golden_week(), open_on_holidays=True))
    office = {d: [MORNING, AFTERNOON] for d in (0, 1, 2, 3, 4, 5)}
    assert {d: h for d, h in hours.items() if d < 8} == {**office, 6: [SATURDAY]}


def test_closures_and_make_up_days_of_the_scenario():
    calendar = working_days(
        "weekdays",
        date(2024, 3, 4),  # a Monday
        date(2024, 3, 17),
        closures=[(date(2024, 3, 8), date(2024, 3, 9))],
        make_up_days=[date(2024, 3, 10)],
    )
    hours = by_day(weekly({**COUNTER, 5: [SATURDAY]}, calendar))
    assert set(hours) == {0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12}  # Fri 8 and Sat 9 closed
    assert hours[6] == [MORNING, AFTERNOON]
    assert hours[12] == [SATURDAY]


def test_a_committee_does_not_meet_on_make_up_days():
    tuesdays = by_day(weekly(parse_week({"tue": "14:00-16:00"}), golden_week()))
    assert tuesdays == {d: [(14 * H, 16 * H)] for d in (2, 9)}
    four = parse_week({"mon-thu": "9:00-12:00"})
    assert set(by_day(weekly(four, golden_week()))) == {1, 2, 8, 9, 10, 11}
    # five days are no full week if one is a Saturday: Sunday 28 April stays closed
    five = by_day(weekly(parse_week({"tue-sat": "9:00-12:00"}), golden_week()))
    assert set(five) == {2, 9, 10, 11, 12, 13}


def test_a_country_whose_weekend_is_friday_and_saturday():
    # Egypt, Thu 4 to Sun 7 July 2024; no public holiday
    egypt = working_days("EG", date(2024, 7, 4), date(2024, 7, 7), make_up_days=[date(2024, 7, 5)])
    hours = by_day(weekly(parse_week({"sun-thu": "9:00-12:00", "sat": "9:00-10:00"}), egypt))
    assert hours == {0: [SATURDAY], 1: [SATURDAY], 2: [(9 * H, 10 * H)], 3: [SATURDAY]}


def test_where_every_day_is_worked_the_pattern_holds_but_in_closures():
    closed = [(date(2024, 3, 5), date(2024, 3, 5))]
    days = working_days("everyday", date(2024, 3, 4), date(2024, 3, 10), closures=closed)
    assert set(by_day(weekly(COUNTER, days))) == {0, 2, 3, 4}


def test_hours_over_midnight_of_neighbouring_days_join():
    hours = weekly(parse_week({"daily": "0:00-24:00"}), plain(10, date(2024, 5, 1)))
    assert by_day(hours) == {0: [(0, 10 * DAY)]}


def test_every_day_has_the_same_seconds_whatever_clocks_do():
    # Germany put its clocks forward on 31 March 2024, China back on 14 April 1991 (1986-91 DST);
    # simulated days have 86,400 s all the same, and no time zone is ever looked up.
    for origin in (date(2024, 3, 30), date(1991, 4, 13)):
        hours = weekly(parse_week({"daily": "8:00-12:00"}), plain(3, origin))
        assert np.diff(hours.start).tolist() == [DAY, DAY]
        assert hours.elapsed(0, 3 * DAY) == 12 * H


def test_a_pattern_without_hours_is_never_open():
    assert len(weekly({}, golden_week())) == 0
    assert len(weekly(parse_week({"daily": "closed"}), golden_week())) == 0


def test_exceptions_say_all_the_hours_of_their_dates():
    spec = {
        "2024-04-30": "8:30-11:30",  # half a day before the holiday
        "2024-05-02 to 2024-05-03": "9:00-12:00",  # open in the holiday
        "2024-05-04": "closed",
        "2024-05-06": "8:30-11:30 13:00-17:00 18:00-20:00",  # an evening session
        "2024-05-11 to 2030-01-01": "closed",  # a make-up day, and dates beyond the calendar
        "2020-01-01": "0:00-24:00",
    }
    calendar = golden_week()
    opening = weekly(COUNTER, calendar)
    hours = by_day(with_exceptions(opening, parse_exceptions(spec), calendar))
    plain_days = {d: [MORNING, AFTERNOON] for d in (0, 1, 9, 10, 11, 12)}
    assert hours == {
        **plain_days,
        2: [MORNING],
        4: [SATURDAY],
        5: [SATURDAY],
        8: [MORNING, AFTERNOON, (18 * H, 20 * H)],
    }


def test_exceptions_in_hours_round_the_clock():
    calendar = plain(3, date(2024, 5, 1))
    dated = parse_exceptions({"2024-05-02": "0:00-6:00 23:00-24:00"})
    left = with_exceptions(always(3), dated, calendar)
    assert left.start.tolist() == [0, DAY + 23 * H]
    assert left.end.tolist() == [DAY + 6 * H, 3 * DAY]


def test_working_day_intervals():
    wd = golden_week()
    whole = working_day_intervals(wd)
    edges = zip(whole.start.tolist(), whole.end.tolist(), strict=True)
    assert [(s / DAY, e / DAY) for s, e in edges] == [(0, 3), (8, 14)]
    # two and a half working days from Tuesday noon, over the holiday
    assert whole.finish(2 * DAY + DAY // 2, 5 * DAY // 2) == 10 * DAY


def test_a_day_off_is_a_holiday_or_of_the_weekly_rest():
    calendar = golden_week()
    assert np.flatnonzero(calendar.holiday).tolist() == [3, 4, 5, 6, 7]
    assert np.flatnonzero(calendar.make_up).tolist() == [0, 13]
    # without a list of holidays, days off from Monday to Friday are holidays, weekends are not
    bare = WorkingDays(date(2024, 5, 3), np.array([0, 0, 1, 1], bool))
    assert bare.holiday.tolist() == [True, False, False, False]
    assert bare.make_up.tolist() == [False, False, True, False]
    with pytest.raises(ValueError):
        bare.holiday[0] = False
