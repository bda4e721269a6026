"""Working days against published calendars, and the errors of the builder."""

import subprocess
import sys
from datetime import date, timedelta

import chinese_calendar
import holidays
import numpy as np
import pytest

from sim.calendars import (
    CalendarRangeError,
    MissingYearError,
    UnknownCountryError,
    WorkingDays,
    last_known_year,
    working_days,
)
from sim.calendars.national import year_table


@pytest.fixture(scope="module")
def cn() -> WorkingDays:
    return working_days("CN", date(2004, 1, 1), date(2026, 12, 31))


def days_of(first: date, last: date) -> list[date]:
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


# Source: all rows of oracles/working_days_cn.csv of the design (domain.md §1.5). The acceptance
# date does not count.
VECTORS = [
    ("2019-09-26", 5, "2019-10-09"),
    ("2020-01-20", 20, "2020-02-25"),
    ("2020-04-28", 2, "2020-04-30"),
    ("2021-02-08", 30, "2021-03-26"),
    ("2022-12-30", 2, "2023-01-04"),
    ("2024-02-05", 7, "2024-02-20"),
    ("2025-09-26", 20, "2025-10-30"),
    ("2026-04-29", 2, "2026-05-06"),
]


@pytest.mark.parametrize(("accepted", "n", "due"), VECTORS)
def test_due_dates(cn, accepted, n, due):
    a, b = date.fromisoformat(accepted), date.fromisoformat(due)
    assert cn.add_dates(a, n) == b
    assert cn.count_dates(a, b) == n


# Source: design/domain.md §1.5; 2020 with the extension of its Spring Festival.
PER_YEAR = {2019: 250, 2020: 249, 2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248}


@pytest.mark.parametrize(("year", "wd"), PER_YEAR.items())
def test_working_days_per_year(cn, year, wd):
    assert cn.count_dates(date(year, 1, 1), date(year, 12, 31), count_start_day=True) == wd


# Source: design/domain.md §1.5. The convention that gives these numbers: acceptances on working
# days only, each once, acceptance date not counted. With acceptances on every day 30 wd would take
# 39-52 calendar days (mean 43.7), with the acceptance date counted 38-49 (mean 42.5).
@pytest.mark.parametrize(
    ("n", "least", "mean", "most"),
    [
        (2, 2, 2.9, 12),
        (5, 5, 7.3, 15),
        (7, 8, 10.2, 19),
        (20, 25, 29.3, 38),
        (30, 40, 43.9, 52),
        (45, 61, 65.9, 73),
    ],
)
def test_calendar_days_of_a_limit(cn, n, least, mean, most):
    first, last = cn.index_of(date(2019, 1, 1)), cn.index_of(date(2024, 12, 31))
    accepted = first + np.flatnonzero(cn.working[first : last + 1])
    took = cn.add(accepted, n) - accepted
    assert (took.min(), round(float(took.mean()), 1), took.max()) == (least, mean, most)


# Where chinesecalendar 1.11 and holidays 0.109 differ in 2004-2026, and who is right.
DIFFERING = {
    # 国办发明电〔2005〕35号 (the notice for 2006): 1-3 January off, and "12月31日(星期六)上班".
    # chinesecalendar leaves the make-up day of 2005 out (its issue #125, open); holidays has it.
    date(2005, 12, 31): True,
}


def test_the_two_libraries_differ_only_where_explained():
    other = holidays.country_holidays("CN", years=range(2003, 2028))
    days = days_of(date(2004, 1, 1), date(2026, 12, 31))
    differing = {d for d in days if chinese_calendar.is_workday(d) != other.is_working_day(d)}
    assert differing == set(DIFFERING)


def test_cn_is_chinesecalendar_with_its_error_corrected(cn):
    expected = [
        DIFFERING.get(d, chinese_calendar.is_workday(d))
        for d in days_of(date(2004, 1, 1), date(2026, 12, 31))
    ]
    assert cn.working.tolist() == expected
    assert cn.stamps == ()


def test_missing_year_says_what_to_do():
    year = last_known_year("CN", "error") + 1
    with pytest.raises(MissingYearError, match=rf"{year} in CN.*{year - 1}.*fallback: statutory"):
        working_days("CN", date(year - 1, 12, 1), date(year, 1, 31))
    with pytest.raises(MissingYearError, match="2003 in CN: the data begin with 2004"):
        working_days("CN", date(2003, 12, 1), date(2004, 1, 31), fallback="statutory")
    with pytest.raises(MissingYearError, match="1950 in DE"):
        working_days("DE", date(1950, 1, 1), date(1950, 1, 31))


def test_fallback_is_stamped_for_the_years_it_is_used():
    assert last_known_year("CN", "error") == 2026
    wd = working_days("CN", date(2026, 1, 1), date(2027, 12, 31), fallback="statutory")
    assert wd.stamps == (
        "working days of 2027 in CN: statutory holidays without make-up days (not yet published)",
    )
    # Source: design/domain.md §1.5: 248 in 2027 (weekends and 13 statutory days).
    assert wd.count_dates(date(2026, 12, 31), date(2027, 12, 31)) == 248
    in_2027 = wd.working[wd.index_of(date(2027, 1, 1)) :]
    weekend = [d.weekday() >= 5 for d in days_of(date(2027, 1, 1), date(2027, 12, 31))]
    assert not in_2027[weekend].any()
    published = working_days("CN", date(2026, 1, 1), date(2026, 12, 31), fallback="statutory")
    assert published.stamps == ()


def test_fallback_stamp_stays_true_when_holidays_knows_the_year_first(monkeypatch):
    from sim.calendars import national

    monkeypatch.setattr(national, "_cn_years", lambda: (2004, 2025))
    year = national.year_table.__wrapped__("CN", 2026, "statutory")
    assert year.working.sum() == 248
    assert year.working[date(2026, 1, 4).timetuple().tm_yday - 1]  # a make-up Sunday
    assert (
        year.stamp
        == "working days of 2026 in CN: from the holidays library (not yet in chinesecalendar)"
    )


def test_closures_and_make_up_days():
    wd = working_days(
        "CN",
        date(2024, 3, 1),
        date(2024, 3, 31),
        closures=[(date(2024, 2, 1), date(2024, 3, 4)), (date(2024, 3, 29), date(2024, 5, 1))],
        make_up_days=[date(2024, 3, 9), date(2025, 1, 1), date(2023, 1, 1)],
    )
    plain = working_days("CN", date(2024, 3, 1), date(2024, 3, 31))
    changed = {wd.date_of(i) for i in np.flatnonzero(wd.working != plain.working)}
    assert changed == {date(2024, 3, d) for d in (1, 4, 9, 29)}
    assert wd.working[8]
    assert plain.working.sum() == 21  # the cached year is not written to


def test_closure_errors():
    span = date(2024, 3, 1), date(2024, 3, 31)
    closed = [(date(2024, 3, 8), date(2024, 3, 10))]
    for day in (8, 9, 10):  # the first and the last day, too
        with pytest.raises(
            ValueError, match=f"2024-03-{day:02} is a make-up day and in the closure"
        ):
            working_days("CN", *span, closures=closed, make_up_days=[date(2024, 3, day)])
    for day in (7, 11):
        working_days("CN", *span, closures=closed, make_up_days=[date(2024, 3, day)])
    with pytest.raises(ValueError, match="ends before it begins"):
        working_days("CN", *span, closures=[(date(2024, 3, 10), date(2024, 3, 8))])
    with pytest.raises(ValueError, match="before it begins"):
        working_days("CN", span[1], span[0])


@pytest.mark.parametrize(
    ("country", "hint"),
    [
        ("cn", "'CN'"),
        ("CHN", "'CN'"),  # an alias of holidays, which would get past the check for missing years
        ("UK", "'GB'"),
        ("Germany", "'DE'"),
        ("weekday", "'weekdays'"),
        ("", "'CN'"),
        ("DE-BX", "'DE-BY'"),
        ("SG-1", "it has none"),
        ("DE-", "unknown subdivision 'DE-'"),
        ("registry", "nearest are"),
    ],
)
def test_unknown_country_names_the_nearest(country, hint):
    with pytest.raises(UnknownCountryError, match=hint):
        working_days(country, date(2024, 1, 1), date(2024, 12, 31))


def test_other_countries():
    span = date(2024, 1, 1), date(2024, 12, 31)
    assert working_days("weekdays", *span).working.sum() == 262
    assert working_days("everyday", *span).working.all()
    assert working_days("everyday", *span).count(0, 365) == 365
    # 262 weekdays less the nine federal holidays, all of them on weekdays in 2024
    assert working_days("DE", *span).working.sum() == 253
    bavaria = working_days("DE-BY", *span)
    assert not bavaria.working[bavaria.index_of(date(2024, 11, 1))]
    # Hungary moved 19 August 2024 to Saturday 3 August (njt.hu 2023-15-20-8P, cited by holidays).
    hungary = working_days("HU", *span)
    assert hungary.working[hungary.index_of(date(2024, 8, 3))]
    assert not hungary.working[hungary.index_of(date(2024, 8, 19))]
    # Israel rests on Friday and Saturday.
    israel = working_days("IL", *span)
    assert israel.working[israel.index_of(date(2024, 1, 7))]
    assert not israel.working[israel.index_of(date(2024, 1, 5))]


def test_last_known_year():
    assert last_known_year("weekdays", "error") is None
    assert last_known_year("DE-BY", "error") == 2100
    assert last_known_year("CN", "statutory") == 2100
    with pytest.raises(UnknownCountryError):
        last_known_year("XX", "error")


@pytest.fixture
def week() -> WorkingDays:
    """Wed 1 May 2024 off, Thu and Fri on, Sat on (made up), Sun off, Mon on."""
    return WorkingDays(date(2024, 5, 1), np.array([0, 1, 1, 1, 0, 1], dtype=bool))


def test_start_day_rule(week):
    assert week.count(1, 3) == 2
    assert week.count(1, 3, count_start_day=True) == 3
    assert week.count(0, 3, count_start_day=True) == 3  # day 0 is no working day
    assert week.add(1, 1) == 2
    assert week.add(1, 1, count_start_day=True) == 1
    assert week.add(0, 1, count_start_day=True) == week.add(0, 1) == 1
    assert week.add(1, 4, count_start_day=True) == 5
    assert week.add(4, 0) == week.add(4, 0, count_start_day=True) == 4
    assert week.count(3, 1) == -2


def test_arrays_and_ints(week):
    days = np.arange(6)
    assert week.cumulative.tolist() == [0, 1, 2, 3, 3, 4]
    assert week.nth.tolist() == [-1, 1, 2, 3, 5]
    assert week.count(0, days).tolist() == [0, 1, 2, 3, 3, 4]
    assert week.count(days, 5).tolist() == [4, 3, 2, 1, 1, 0]
    assert week.add(days[:4], np.array([4, 3, 0, 1])).tolist() == [5, 5, 2, 5]
    assert week.add(0, np.arange(5)).tolist() == [0, 1, 2, 3, 5]
    assert type(week.count(0, 5)) is int
    assert type(week.add(0, 2)) is int
    assert week.cumulative.dtype == week.count(days, 5).dtype == week.add(days, 0).dtype == np.int64


def test_asking_beyond_the_calendar(week):
    covers = "covers 2024-05-01 to 2024-05-06"
    with pytest.raises(CalendarRangeError, match=f"2 working days from 2024-05-05.*{covers}"):
        week.add(np.array([0, 4]), np.array([4, 2]))
    with pytest.raises(CalendarRangeError, match=f"day -1 is outside.*{covers}"):
        week.count(-1, 3)
    with pytest.raises(CalendarRangeError, match="day 6 "):
        week.count(np.array([0, 1]), np.array([2, 6]))
    with pytest.raises(CalendarRangeError, match="day 6 "):
        week.add(6, 0)
    with pytest.raises(CalendarRangeError, match="2024-04-30 is outside"):
        week.add_dates(date(2024, 4, 30), 1)
    with pytest.raises(ValueError, match="n must be 0 or more"):
        week.add(3, -1)
    with pytest.raises(CalendarRangeError):
        week.add(1, 5, count_start_day=True)


def test_a_calendar_without_working_days():
    none = WorkingDays(date(2024, 5, 1), np.zeros(3, dtype=bool))
    assert none.count(0, 2) == 0
    assert none.add(np.arange(3), 0).tolist() == [0, 1, 2]
    with pytest.raises(CalendarRangeError):
        none.add(0, 1)


def test_the_table_is_a_read_only_copy():
    working = np.ones(3, dtype=bool)
    wd = WorkingDays(date(2024, 5, 1), working)
    working[0] = False
    assert wd.count(0, 2, count_start_day=True) == 3
    cached = year_table("CN", 2024, "error")
    for array in (wd.working, wd.cumulative, wd.nth, cached.working, cached.holiday):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(ValueError, match="one row of days"):
        WorkingDays(date(2024, 5, 1), np.ones((2, 2), dtype=bool))


def test_import_loads_no_calendar_data():
    code = (
        "import sys, sim.calendars;"
        "print([m for m in ('holidays', 'chinese_calendar', 'pandas') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
