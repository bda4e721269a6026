"""Office hours as they are written. Times by hand."""

from tests.build.situations import mistakes, once, story


def test_a_night_shift_is_written_on_both_dates():
    (told,) = mistakes("night-shift-over-midnight")
    assert ":6: hours.night.week.daily: '22:00-3:00'" in told
    assert "goes over midnight; write '0:00-3:00 22:00-24:00'" in told
    both = 'hours.night.week={daily: "0:00-3:00 22:00-24:00"}'
    assert story(once("night-shift-over-midnight", both)) == [
        "0 w: Mon 4 Mar 22:00 - Tue 5 Mar 02:00"
    ]


def test_a_counter_that_opens_on_saturday_mornings():
    """延时服务: Sat 9 March 2024 is an ordinary Saturday, Sun 28 April a make-up day."""
    assert story(once("saturday-morning-counter")) == [
        "0 w: Sat 9 Mar 09:30 - 10:00",
        "1 w: Sun 28 Apr 09:30 - 10:00",
    ]


def test_an_office_that_closes_at_noon_before_the_festival():
    """Fri 9 February 2024; the next working day is the make-up Sunday of the 18th."""
    (told,) = mistakes("half-day-closing")
    assert ":8: staff.clerk.leave.0.dates: leave counts whole dates" in told
    assert "hours.office.except: {2024-02-09: '8:30-11:30'}" in told
    noon = 'hours.office.except={"2024-02-09": "8:30-11:30"}'
    assert story(once("half-day-closing", "staff.clerk.leave=[]", noon)) == [
        "0 w: Fri 9 Feb 11:00 - Sun 18 Feb 09:00"  # half an hour on each
    ]


def test_a_half_day_by_hours():
    assert story(once("half-day-by-hours")) == ["0 w: Fri 8 Mar 11:00 - Mon 11 Mar 10:00"]


def test_a_short_friday():
    (told,) = mistakes("friday-afternoon-off")
    assert ":5: hours.office.week.fri: fri is in 'mon-fri', too" in told
    assert "write mon-thu" in told
    week = "hours.office.week"
    until_thursday = (f"{week}.mon-fri=null", f"{week}.mon-thu=9:00-12:00 13:00-17:00")
    assert story(once("friday-afternoon-off", *until_thursday)) == [
        "0 w: Fri 8 Mar 11:00 - Mon 11 Mar 10:00"
    ]


def test_hours_that_overlap_are_all_told_at_once():
    stretches, weekday = mistakes("overlapping-hours")
    assert ":6: hours.office.week.mon-fri:" in stretches
    assert "11:00-12:00 is given twice" in stretches
    assert ":6: hours.office.week.mon: mon is in 'mon-fri', too" in weekday
