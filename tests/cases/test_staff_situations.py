"""Officers: part-time, away, several at once, half posts. Times by hand."""

from tests.build.situations import days, mistakes, once, story


def test_half_a_post_is_a_group_with_a_share():
    (told,) = mistakes("non-integer-staff")
    assert ":7: staff.i.count: 2.5: must be a whole number" in told
    assert "count: 2" in told
    assert "a group of its own with count: 1, share: 0.5" in told


def test_two_officers_at_once_are_a_pair():
    """Three officers make one pair: the visits follow each other."""
    assert story(once("two-officers-at-once")) == [
        "0 visit: Mon 4 Mar 09:00 - 11:00",
        "0 visit/with/inspectors/2: Mon 4 Mar 09:00 - 11:00",
        "1 visit: Mon 4 Mar 11:00 - 13:00",
        "1 visit/with/inspectors/2: Mon 4 Mar 11:00 - 13:00",
    ]


def test_the_idle_full_time_officer_is_asked_first():
    """The helper, with a fifth of the time for it, would need until Wednesday."""
    result = once("part-time-officer-beside-idle-full-time")
    assert story(result) == ["0 w: Mon 4 Mar 10:00 - 14:00", "1 w: Wed 6 Mar 10:00 - 14:00"]
    assert days(result, "one") == [0, 0]
    # one more officer never does harm
    alone = once("part-time-officer-beside-idle-full-time", "staff.a_helper=null")
    assert days(alone, "one") == [0, 0]


def test_who_goes_on_leave_hands_over():
    """Six hours each: 4 and 3 of them done on Friday. One clerk leaves for two weeks, and the other
    is done with the own work on Monday at 11, and with the other 3 hours at 14."""
    result = once("leave-in-the-middle-of-an-item")
    assert story(result) == [
        "0 w: Fri 8 Mar 13:00 - Mon 11 Mar 11:00",
        "1 w: Fri 8 Mar 14:00 - Mon 11 Mar 14:00",
    ]
    assert days(result, "five") == [1, 1]
