"""Whole schedules in hours as offices keep them, worked out by hand."""

from __future__ import annotations

import pytest

from tests.build.stories import run

BASE = """
name: One clerk
calendar: {country: CN}
period: {start: 2024-02-05, window: {from: 2024-02-05, to: 2024-05-12}, run_out: 10 cd}
hours: {office: {week: {mon-fri: "8:30-11:30 13:00-17:00"}}}
pools: {desk: {}}
staff: {clerk: {serves: [desk], count: 1, hours: office}}
case_types: {c: {arrivals: {at: []}, steps: {w: {pool: desk, work: 2 h}}}}
"""


def table(arrivals: str, hours: str, *more: str) -> list[str]:
    """Return ready, start and end of every case."""
    at = f"case_types: {{c: {{arrivals: {{at: [{arrivals}]}}}}}}"
    story = run(BASE, at, f"hours: {{office: {hours}}}", *more)
    cases = range(len(arrivals.split(",")))
    return [story.table(case)[0].removeprefix("w | ") for case in cases]


def test_a_hall_that_opens_on_saturday_mornings():
    """Saturday 9 March is ordinary; 28 April and 11 May are a made-up Sunday and Saturday, 4 May is
    a Saturday in the holiday, after which Monday 6 May is worked."""
    arrivals = "2024-03-09 09:30:00, 2024-04-28 09:30:00, 2024-05-04 09:30:00, 2024-05-11 15:00:00"
    assert table(arrivals, '{week: {sat: "9:00-11:30"}}') == [
        "03-09 09:30 | 03-09 09:30 | 03-09 11:30",
        "04-28 09:30 | 04-28 09:30 | 04-28 11:30",
        "05-04 09:30 | 05-06 08:30 | 05-06 10:30",
        "05-11 15:00 | 05-11 15:00 | 05-11 17:00",
    ]


def test_closed_from_noon_before_the_festival():
    """10 to 17 February are off; Sunday the 18th is made up."""
    assert table("2024-02-09 11:00:00", "{except: {2024-02-09: 8:30-11:30}}") == [
        "02-09 11:00 | 02-09 11:00 | 02-18 10:00"
    ]


@pytest.mark.parametrize(
    ("arrival", "dated", "expected"),
    [
        # an evening session: 17:00 to 18:00 is a break
        ("2024-03-08 16:00:00", "2024-03-08: 8:30-11:30 13:00-17:00 18:00-20:00", "03-08 19:00"),
        # one Friday afternoon off: half an hour is done, the rest on Monday
        ("2024-03-08 11:00:00", '2024-03-08: "8:30-11:30"', "03-11 10:00"),
        # a Saturday opened once; without it: Monday 10:30
        ("2024-03-09 08:00:00", '2024-03-09: "9:00-12:00"', "03-09 11:00"),
        # on duty in the holiday, and closed on the first day after it
        ("2024-05-01 08:00:00", "2024-05-02 to 2024-05-03: 9:00-10:00", "05-03 10:00"),
        ("2024-05-01 08:00:00", "2024-05-06: closed", "05-07 10:30"),
    ],
)
def test_single_dates(arrival, dated, expected):
    (told,) = table(arrival, f"{{except: {{{dated}}}}}")
    assert told.endswith(f"| {expected}")
