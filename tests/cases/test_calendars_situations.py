"""Working days: holidays, make-up days, legal and elapsed periods. Dates by hand."""

from tests.build.situations import days, mistakes, once, story


def test_work_begun_outside_office_hours_or_on_a_day_off():
    result = once("outside-hours-and-nonworking-day")
    assert story(result) == [
        "0 w: Fri 8 Mar 08:30 - 09:30",  # arrived at 05:00
        "1 w: Mon 18 Mar 08:30 - 09:30",  # Friday at 20:00
        "2 w: Mon 25 Mar 08:30 - 09:30",  # Saturday
        "3 w: Thu 28 Mar 13:00 - 14:00",  # at 12:15, in the lunch break
    ]
    # the day of arrival does not count; the Monday does
    assert days(result, "one") == [0, 1, 1, 0]


def test_one_working_day_against_24_hours():
    """Fri 7 June 2024 15:00; Mon 10 June is the Dragon Boat Festival."""
    assert story(once("one-day-versus-24-hours")) == [
        "0 legal: Fri 7 Jun 15:00 - Tue 11 Jun 23:59:59",  # dates count, to the close of the last
        "0 elapsed: Fri 7 Jun 15:00 - Tue 11 Jun 15:00",  # 24 hours of working dates
        "0 half: Fri 7 Jun 15:00 - Tue 11 Jun 03:00",  # 12 hours of them: 9 on Friday
        "0 hours24: Fri 7 Jun 15:00 - Sat 8 Jun 15:00",
        "0 work8: Fri 7 Jun 15:00 - Tue 11 Jun 16:00",  # 2 h on Friday, 3 before lunch, 3 after it
        "0 legal2: Fri 7 Jun 15:00 - Sun 9 Jun 23:59:59",
    ]


def test_make_up_sundays_of_2019_count():
    """28 April and 5 May are working Sundays, 1 to 4 May are off."""
    assert story(once("make-up-days-and-emergency-extension")) == [
        "0 a: Fri 26 Apr 09:00 - Tue 30 Apr 23:59:59",  # 28, 29, 30
        "0 b: Fri 26 Apr 09:00 - Mon 6 May 23:59:59",  # 28, 29, 30, 5, 6
    ]


def test_the_spring_festival_of_2020_was_prolonged():
    """Working again from 3 February: the State Council's notice of 26 January 2020."""
    assert story(once("china-2020-extension")) == [
        "0 a: Sun 19 Jan 08:30 - 09:30",  # arrived on a Saturday off; Sunday is a make-up day
        "0 b: Sun 19 Jan 09:30 - Tue 21 Jan 23:59:59",
        "1 a: Thu 23 Jan 16:30 - Mon 3 Feb 09:00",
        "1 b: Mon 3 Feb 09:00 - Wed 5 Feb 23:59:59",
    ]


def test_holidays_of_another_country():
    """July 2023 has 21 weekdays; 5 and 6 July are off in Czechia. So the 19th is the last."""
    result = once("july-in-another-country")
    assert story(result) == ["0 b: Fri 30 Jun 09:00 - Mon 31 Jul 23:59:59"]
    assert days(result, "c") == [19]


def test_a_year_without_published_holidays_and_own_days():
    """2027: 5 to 8 February by statute, 8 to 12 closed by the scenario, Sat 20 made up."""
    result = once("fallback-with-own-days")
    assert story(result) == [
        "0 d: Thu 4 Feb 10:00 - Fri 19 Feb 23:59:59",  # 15, 16, 17, 18, 19
        "0 e: Sat 20 Feb 09:00 - Mon 22 Feb 10:00",  # 8 h and 1 h
    ]
    assert any("2027" in text for text in result.model.working_days.stamps)


def test_a_date_cannot_be_closed_and_made_up():
    (told,) = mistakes("same-day-both-holiday-and-workday")
    assert ":3: calendar.make_up_days.0: 2024-05-11" in told
    assert "a date is either closed or made up" in told
