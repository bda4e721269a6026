"""Weekly patterns on dated calendars, and how they are written."""

from datetime import date

import numpy as np
import pytest

from sim.calendars import always, parse_week, weekly, working_day_intervals, working_days

H = 3600
DAY = 24 * H
COUNTER = parse_week({"mon-fri": "8:30-11:30 13:00-17:00"})
MORNING, AFTERNOON = (30600, 41400), (46800, 61200)


def by_day(intervals):
    """Day index → hours, for intervals that do not go over midnight."""
    days = {}
    for start, end in zip(intervals.start.tolist(), intervals.end.tolist(), strict=True):
        days.setdefault(start // DAY, []).append((start % DAY, end - start // DAY * DAY))
    return days


def test_always():
    assert by_day(always(DAY)) == {0: [(0, DAY)]}
    assert len(always(0)) == 0


def test_plain_week_ignores_holidays():
    hours = weekly(COUNTER, 9, date(2024, 5, 1), None)  # a Wednesday and a public holiday
    assert by_day(hours) == {d: [MORNING, AFTERNOON] for d in (0, 1, 2, 5, 6, 7, 8)}


def golden_week():
    """28 April (Sun, made up) to 11 May 2024 (Sat, made up); 1 to 5 May off.

    国办发明电〔2023〕7号.
    """
    return working_days("CN", date(2024, 4, 28), date(2024, 5, 11))


def test_make_up_days_have_the_first_weekdays_hours():
    wd = golden_week()
    week = {**COUNTER, 0: [(9 * H, 12 * H)]}
    hours = by_day(weekly(week, 14, wd.origin, wd.working))
    assert hours == {
        **{d: [(9 * H, 12 * H)] for d in (0, 1, 8, 13)},  # the made-up Sunday, two Mondays, 11 May
        **{d: [MORNING, AFTERNOON] for d in (2, 9, 10, 11, 12)},
    }


def test_make_up_day_with_hours_of_its_own():
    wd = golden_week()
    week = {**COUNTER, 5: [(9 * H, 12 * H)]}
    hours = by_day(weekly(week, 14, wd.origin, wd.working))
    assert hours[13] == [(9 * H, 12 * H)]
    assert hours[0] == [MORNING, AFTERNOON]
    assert 6 not in hours  # 4 May is a Saturday too, but not a working day


def test_a_committee_does_not_meet_on_make_up_days_nor_on_other_days():
    wd = golden_week()
    hours = by_day(weekly(parse_week({"tue": "14:00-16:00"}), 14, wd.origin, wd.working))
    assert hours == {d: [(14 * H, 16 * H)] for d in (2, 9)}
    four = parse_week({"mon-thu": "9:00-12:00"})
    assert set(by_day(weekly(four, 14, wd.origin, wd.working))) == {1, 2, 8, 9, 10, 11}


def test_five_days_that_are_not_monday_to_friday():
    wd = golden_week()
    week = parse_week({"tue-fri": "9:00-12:00", "sat": "9:00-10:00"})
    hours = by_day(weekly(week, 14, wd.origin, wd.working))
    assert hours[0] == [(9 * H, 12 * H)]  # the made-up Sunday has Tuesday's
    assert hours[13] == [(9 * H, 10 * H)]
    assert 1 not in hours  # a Monday is no make-up day


def test_hours_over_midnight_of_neighbouring_days_join():
    hours = weekly(parse_week({"daily": "0:00-24:00"}), 10, date(2024, 5, 1), None)
    assert by_day(hours) == {0: [(0, 10 * DAY)]}


def test_every_day_has_the_same_seconds_whatever_clocks_do():
    # Germany put its clocks forward on 31 March 2024, China back on 14 April 1991 (1986-91 DST);
    # simulated days have 86,400 s all the same, and no time zone is ever looked up.
    for origin in (date(2024, 3, 30), date(1991, 4, 13)):
        hours = weekly(parse_week({"daily": "8:00-12:00"}), 3, origin, None)
        assert np.diff(hours.start).tolist() == [DAY, DAY]
        assert hours.elapsed(0, 3 * DAY) == 12 * H


def test_weekly_with_a_short_calendar_and_bad_weeks():
    with pytest.raises(ValueError, match="has 3 days, the pattern needs 4"):
        weekly(COUNTER, 4, date(2024, 5, 1), np.ones(3, dtype=bool))
    assert len(weekly({}, 7, date(2024, 5, 1), None)) == 0
    assert len(weekly({}, 7, date(2024, 5, 1), np.ones(7, dtype=bool))) == 0
    assert len(weekly(COUNTER, 0, date(2024, 5, 1), None)) == 0
    with pytest.raises(ValueError, match="weekday 7"):
        weekly({7: [(0, 5)]}, 4, date(2024, 5, 1), None)
    for ranges in ([(5, 5)], [(8, 5)], [(-1, 5)], [(0, DAY + 1)], [(0, 5), (4, 6)]):
        with pytest.raises(ValueError, match="must not be empty, overlap or leave the day"):
            weekly({0: ranges}, 4, date(2024, 5, 1), None)


def test_working_day_intervals():
    wd = golden_week()
    whole = working_day_intervals(wd)
    edges = zip(whole.start.tolist(), whole.end.tolist(), strict=True)
    assert [(s / DAY, e / DAY) for s, e in edges] == [(0, 3), (8, 14)]
    # two and a half working days from Tuesday noon, over the holiday
    assert whole.finish(2 * DAY + DAY // 2, 5 * DAY // 2) == 10 * DAY


@pytest.mark.parametrize(
    ("spec", "week"),
    [
        ({"Mon": "8:30-11:30"}, {0: [MORNING]}),
        ({"tue": "13:00-17:00, 8:30-11:30"}, {1: [MORNING, AFTERNOON]}),
        ({"tue": ["8:30-11:30", "13:00 – 17:00"]}, {1: [MORNING, AFTERNOON]}),
        ({"SAT-mon": "0:00-24:00"}, {w: [(0, DAY)] for w in (0, 5, 6)}),
        ({"sun": "8:00-9:00 9:00-10:00"}, {6: [(8 * H, 9 * H), (9 * H, 10 * H)]}),
        ({"daily": "08:30-11:30"}, {w: [MORNING] for w in range(7)}),
        ({"fri-fri": "8:30-11:30"}, {4: [MORNING]}),
        ({}, {}),
    ],
)
def test_parse_week(spec, week):
    parsed = parse_week(spec)
    assert parsed == week
    assert list(parsed) == sorted(parsed)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"thr": "8:00-9:00"}, "unknown weekday 'thr' in 'thr': nearest is 'thu'"),
        ({"mon-fry": "8:00-9:00"}, "unknown weekday 'fry' in 'mon-fry': nearest is 'fri'"),
        ({"monday": "8:00-9:00"}, "nearest is 'mon'"),
        ({"mon-": "8:00-9:00"}, "unknown weekday '' in 'mon-'"),
        ({"mon-fri": "8:00-9:00", "wed": "10:00-11:00"}, "'wed' given again by 'wed'"),
        ({"mon": "22:00-6:00"}, "'22:00-6:00' in '22:00-6:00' go over midnight"),
        ({"mon": "9:00-9:00"}, "go over midnight or are empty"),
        ({"mon": "9:00-12:00 11:59-13:00"}, "'9:00-12:00 11:59-13:00' overlap"),
        ({"mon": "9-12"}, "cannot read '9-12' in '9-12': write hours as"),
        ({"mon": "9:60-12:00"}, "cannot read '9:60-12:00'"),
        ({"mon": "9:00"}, "cannot read '9:00'"),
        ({"mon": "20:00-24:01"}, "from 0:00 to 24:00"),
        ({"mon": "24:00-24:00"}, "go over midnight or are empty"),
        ({"mon": ""}, "no hours in ''"),
        ({"mon": []}, "no hours in ''"),
    ],
)
def test_parse_week_refuses(spec, message):
    with pytest.raises(ValueError) as error:
        parse_week(spec)
    assert message in str(error.value)
