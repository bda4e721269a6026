"""Hours as people write them, and what is said of those that cannot be read."""

from datetime import date

import pytest

from sim.calendars import HoursError, parse_exceptions, parse_week

H = 3600
DAY = 24 * H
MORNING, AFTERNOON = (30600, 41400), (46800, 61200)


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
        ({"mon": "8:30-11:30", "tue-sun": "Closed"}, {0: [MORNING]}),
        ({}, {}),
    ],
)
def test_parse_week(spec, week):
    parsed = parse_week(spec)
    assert parsed == week
    assert list(parsed) == sorted(parsed)


@pytest.mark.parametrize(
    ("key", "remedy"),
    [
        ("thr", "did you mean 'thu'?"),
        ("mon-fry", "write mon, tue, wed, thu, fri, sat, sun, a range such as mon-fri, or daily"),
        ("monday", "write mon"),
        ("Thurs", "write thu"),
        ("Mon.-Fri.", "write mon-fri"),
        ("mon to fri", "write mon-fri"),
        ("mon–fri", "write mon-fri"),
        ("1-5", "write mon-fri"),
        ("mon, wed", "write a line each: mon, wed"),
        ("mon-", "write mon, tue, wed"),
        ("weekdays", "write mon-fri"),
        ("weekend", "write sat-sun"),
        ("工作日", "write mon-fri"),
        ("周末", "write sat-sun"),
        ("每天", "write daily"),
        ("周六", "write sat"),
        ("星期天", "write sun"),
        ("周一至周五", "write mon-fri"),
        ("周一-五", "write mon-fri"),
        ("周六、周日", "write a line each: sat, sun"),
        ("节假日", "'holidays: open'"),
        ("public holidays", "'holidays: open'"),
        ("2024-03-08", "the hours of single dates stand under 'except', beside week"),
    ],
)
def test_what_to_write_for_a_weekday(key, remedy):
    with pytest.raises(HoursError) as error:
        parse_week({key: "8:00-9:00"})
    ((at, rule),) = error.value.slips
    assert at == key
    assert remedy in rule


@pytest.mark.parametrize(
    ("hours", "rule"),
    [
        ("9-12", "cannot read the hours '9-12'; write '9:00-12:00'"),
        ("9-5", "write '9:00-17:00'"),
        ("9:00-5:00", "'9:00-5:00' ends before it starts; write '9:00-17:00'"),
        ("9am-5:30pm", "write '9:00-17:30'"),
        ("12am-12pm", "write '0:00-12:00'"),
        ("12pm-1pm", "write '12:00-13:00'"),
        ("8\uff1a30-12\uff1a00", "write '8:30-12:00'"),  # full-width colons
        ("8:30~12:00", "write '8:30-12:00'"),
        ("8:30—12:00;13:00—17:00", "write '8:30-12:00 13:00-17:00'"),
        ("8:30至12:00、13:00至17:00", "write '8:30-12:00 13:00-17:00'"),
        ("8点30分-12点", "write '8:30-12:00'"),
        ("上午9时-11时30分,下午1时-5时", "write '9:00-11:30 13:00-17:00'"),
        ("8.30-12.00", "write '8:30-12:00'"),
        ("0830-1200", "write '8:30-12:00'"),
        ("8:30:00-12:00:00", "write '8:30-12:00'"),
        ("8:30-12:00 and 13:00-17:00", "write '8:30-12:00 13:00-17:00'"),
        ("8:30 to 12:00", "write '8:30-12:00'"),
        ("休息", "write closed"),
        ("off", "write closed"),
        ("no", "write closed"),
        ("9:60-12:00", "write hours as '8:30-11:30 13:00-17:00', or closed"),
        ("9:00", "write hours as"),
        ("mornings", "write hours as"),
        ("", "write hours as"),
        ([], "write hours as"),
        ("20:00-24:01", "'20:00-24:01' is no time of a day; times run from 0:00 to 24:00"),
        ("9:00-9:00", "'9:00-9:00' is empty"),
        ("24:00-24:00", "is empty"),
        ("24:00-8:00", "'24:00-8:00' goes over midnight; write '0:00-8:00'"),
        ("22:00-6:00", "goes over midnight; write '22:00-24:00', and '0:00-6:00' for the next day"),
        ("18:00-0:00", "goes over midnight; write '18:00-24:00'"),
        ("18点-24点", "cannot read the hours '18点-24点'; write '18:00-24:00'"),
        ("9:00-12:00 11:59-13:00", "overlap: 11:59-12:00 is given twice"),
        ("9:00-17:00 10:00-11:00", "overlap: 10:00-11:00 is given twice"),
    ],
)
def test_what_to_write_for_hours(hours, rule):
    with pytest.raises(HoursError) as error:
        parse_week({"mon": hours})
    ((at, told),) = error.value.slips
    assert at == "mon"
    assert rule in told
    with pytest.raises(HoursError) as error:
        parse_exceptions({"2024-03-08": hours})
    assert error.value.slips == (("2024-03-08", told),)


def test_every_day_the_night_is_two_stretches_of_one_day():
    with pytest.raises(HoursError, match="write '0:00-3:00 22:00-24:00'"):
        parse_week({"daily": "22:00-3:00"})
    assert parse_week({"daily": "0:00-3:00 22:00-24:00"})[0] == [(0, 3 * H), (22 * H, DAY)]


def test_all_mistakes_are_told_at_once_each_with_its_key():
    week = {"mon-fri": "8:30-12:00 11:00-17:00 16:00-18:00", "wed": "9:00-9:00", "周六": "9-11"}
    twice = "wed is in 'mon-fri', too; name each weekday once"
    with pytest.raises(HoursError) as error:
        parse_week(week)
    assert set(error.value.slips) == {
        ("mon-fri", f"the hours '{week['mon-fri']}' overlap: 11:00-12:00 is given twice"),
        ("mon-fri", f"the hours '{week['mon-fri']}' overlap: 16:00-17:00 is given twice"),
        ("wed", "'9:00-9:00' is empty"),
        ("wed", f"{twice}: write mon-tue, thu-fri for 'mon-fri'"),
        ("周六", "is no weekday; write sat"),
        ("周六", "cannot read the hours '9-11'; write '9:00-11:00'"),
    }


@pytest.mark.parametrize(
    ("before", "key", "rule"),
    [
        ("mon-fri", "fri", "fri is in 'mon-fri', too; name each weekday once: write mon-thu"),
        ("mon-fri", "wed", "write mon-tue, thu-fri for 'mon-fri'"),
        ("mon-fri", "thu-sat", "thu-fri is in 'mon-fri', too; name each weekday once: write"),
        ("sat-mon", "mon", "write sat-sun for 'sat-mon'"),
        ("mon", "MON", "mon is in 'mon', too; name each weekday once"),
    ],
)
def test_a_weekday_given_twice(before, key, rule):
    with pytest.raises(HoursError) as error:
        parse_week({before: "9:00-12:00", key: "9:00-12:00"})
    ((at, told),) = error.value.slips
    assert at == key
    assert rule in told


def test_parse_exceptions():
    spec = {
        "2024-05-01 to 2024-05-03": "9:00-12:00",
        "2024-02-09": ["8:30-11:30"],
        " 2024-03-08 ": "closed",
    }
    known = [(one.first, one.last, one.stretches) for one in parse_exceptions(spec)]
    assert known == [
        (date(2024, 2, 9), date(2024, 2, 9), [MORNING]),
        (date(2024, 3, 8), date(2024, 3, 8), []),
        (date(2024, 5, 1), date(2024, 5, 3), [(9 * H, 12 * H)]),
    ]
    assert parse_exceptions({}) == []


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("2024-3-8", "is no date; write 2024-03-08"),
        ("2024/3/8", "write 2024-03-08"),
        ("2024.3.8", "write 2024-03-08"),
        ("20240308", "write 2024-03-08"),
        ("2024年3月8日", "write 2024-03-08"),
        ("2024-05-01..2024-05-03", "write '2024-05-01 to 2024-05-03'"),
        ("2024-05-01至2024-05-03", "write '2024-05-01 to 2024-05-03'"),
        ("2024-05-01 - 2024-05-03", "write '2024-05-01 to 2024-05-03'"),
        ("2024-03-08 12:00:00", "the date stands alone"),
        ("2024-02-30", "there is no such date: day is out of range for month"),
        ("2024-05-03 to 2024-05-01", "write '2024-05-01 to 2024-05-03'"),
        ("fri", "the hours of weekdays stand under 'week'"),
        ("周五", "the hours of weekdays stand under 'week'"),
        ("5 March", "write a date as 2024-05-01, a range as '2024-05-01 to 2024-05-03'"),
    ],
)
def test_what_to_write_for_dates(key, rule):
    with pytest.raises(HoursError) as error:
        parse_exceptions({key: "9:00-12:00"})
    ((at, told),) = error.value.slips
    assert at == key
    assert rule in told


def test_exceptions_that_contradict_each_other():
    spec = {
        "2024-05-01 to 2024-05-05": "closed",
        "2024-05-02": "9:00-12:00",
        "2024-05-05 to 2024-05-06": "9-12",
    }
    with pytest.raises(HoursError) as error:
        parse_exceptions(spec)
    twice = "is in '2024-05-01 to 2024-05-05', too; name each date once"
    assert set(error.value.slips) == {
        ("2024-05-02", f"2024-05-02 {twice}"),
        ("2024-05-05 to 2024-05-06", f"2024-05-05 {twice}"),
        ("2024-05-05 to 2024-05-06", "cannot read the hours '9-12'; write '9:00-12:00'"),
    }


@pytest.mark.parametrize("text", ["9:00-10:00 " * 20_000, "9" * 200_000, " " * 100_000 + "9-"])
def test_of_a_long_text_the_beginning_is_told(text):
    with pytest.raises(HoursError) as error:
        parse_week({"mon": text})
    assert all(len(rule) < 200 for _, rule in error.value.slips)
