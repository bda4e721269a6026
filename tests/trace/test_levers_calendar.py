"""Levers on the calendar of autumn 2021: deemed acceptance, and a deadline in working days.

China, 2021: Mon 20 and Tue 21 Sep off, **Sun 26 Sep works** (make-up), Fri 1 to Thu 7 Oct off,
**Sat 9 Oct works** (make-up). Office 9-12 and 13-17, seven hours a day.
"""

import pytest

from sim.clocks import Counting, read_clocks
from sim.limits import Scope
from sim.process.graph import Mark, Outcome
from tests.build.stories import run

SLOW_WINDOW = """
name: Slow window
period: {start: 2021-09-20, window: 2021-09-22, run_out: 60 cd}
hours: {office: {week: {mon-fri: "9:00-12:00 13:00-17:00"}}}
departments: {land: {}}
pools: {window: {}, officers: {department: land}}
staff:
  window: {serves: [window], count: 1, hours: office}
  officers: {serves: [officers], count: 1, hours: office}
case_types:
  project:
    arrivals: {at: [2021-09-22T09:00:00]}
    window: {pool: window, transfer_out: 0 min, transfer_back: 0 min}
    trip: 1 h
    stages: {s: {lead: land}}
    matters:
      A:
        department: land
        stage: s
        intake: 30 min
        check: 42 h
        review: {handle: {pool: officers, work: 7 h}}
        decision: {pool: officers, work: 30 min}
        delivery: 10 min
"""


FIVE = ("statutory", "promised", "net_approval", "gross_span", "calendar_days")


def days(story, deemed):
    done = story.replication
    reading = read_clocks(done, Scope("project"), Counting(deemed_acceptance=deemed))
    return [int(reading.clocks[name].value[0]) for name in FIVE]


def test_told_on_the_sixth_working_day_the_clock_starts_at_receipt():
    story = run(SLOW_WINDOW)
    assert story.table() == [
        "s/intake | 09-22 09:00 | 09-22 09:00 | 09-22 09:30",
        # 6.5 h on Wed 22, 7 h each on 23, 24, 26, 27, 28, the last half hour on 29 Sep: the sixth
        # working day after the receipt
        "s/check | 09-22 09:30 | 09-22 09:30 | 09-29 09:30",
        "A/review/handle | 09-29 09:30 | 09-29 09:30 | 09-30 09:30",
        "A/decision | 09-30 09:30 | 09-30 09:30 | 09-30 10:00",
        "s/delivery | 09-30 10:00 | 09-30 10:00 | 09-30 10:10",
    ]
    # statutory, promised, net approval, total working days, total calendar days
    assert days(story, deemed=False) == [1, 1, 1, 7, 8]
    assert days(story, deemed=True) == [7, 7, 7, 7, 8]  # 23, 24, 26, 27, 28, 29, 30 Sep


def test_the_days_are_counted_from_the_receipt_not_from_the_check():
    slow = SLOW_WINDOW.replace("intake: 30 min", "intake: 8 h")
    story = run(slow.replace("check: 42 h", "check: 34.5 h"))
    # the check is ready on 23 Sep only, five working days before 29 Sep
    assert story.table()[1] == "s/check | 09-23 10:00 | 09-23 10:00 | 09-29 09:30"
    assert days(story, deemed=True) == [7, 7, 7, 7, 8]


def test_told_on_the_fifth_working_day_the_clock_starts_at_acceptance():
    story = run(SLOW_WINDOW.replace("check: 42 h", "check: 41.5 h"))
    # ends as 28 Sep does; the review takes all 29 Sep, the decision is made on 30 Sep at 9:30
    assert story.table()[1] == "s/check | 09-22 09:30 | 09-22 09:30 | 09-28 17:00"
    assert days(story, deemed=False) == days(story, deemed=True) == [2, 2, 2, 7, 8]


def test_online_the_receipt_is_when_the_papers_arrive():
    online = "handling: {online_share: 1.0}"
    late = run(SLOW_WINDOW.replace("check: 42 h", "check: 42.5 h"), online)
    assert late.table()[0] == "s/check | 09-22 09:00 | 09-22 09:00 | 09-29 09:30"
    assert days(late, deemed=True) == [7, 7, 7, 7, 8]
    in_time = run(SLOW_WINDOW, online)
    assert in_time.table()[0] == "s/check | 09-22 09:00 | 09-22 09:00 | 09-28 17:00"
    assert days(in_time, deemed=True) == days(in_time, deemed=False) == [2, 2, 2, 7, 8]


SENT_BACK = """
case_types:
  project:
    matters:
      A: {correction: {probability: 1.0, again: 0.0, turnaround: {constant: 2 wd}}}
"""


def test_what_was_deemed_accepted_may_still_be_sent_back():
    story = run(SLOW_WINDOW, SENT_BACK)
    assert story.table()[2:5] == [
        # 14.5 h of 29 Sep, 24 h of 30 Sep, 9.5 h of 8 Oct
        "s/correction | 09-29 09:30 | 09-29 09:30 | 10-08 09:30",
        # half of 42 h: 6.5 h on 8 Oct, 7 h on Sat 9 Oct, 7 h on Mon 11 Oct, half an hour
        "s/check/2 | 10-08 09:30 | 10-08 09:30 | 10-12 09:30",
        "A/review/handle | 10-12 09:30 | 10-12 09:30 | 10-13 09:30",
    ]
    assert days(story, deemed=False)[:3] == [1, 1, 1]  # 12 to 13 Oct
    # 22-29 Sep: six; 8-13 Oct: 9, 11, 12, 13. The applicant corrects after what counts as the
    # acceptance, and no law excludes that: 30 Sep and 8 Oct count on the statutory clock.
    assert days(story, deemed=True)[:3] == [12, 10, 10]
    # 23, 24, 26-30 Sep, 8, 9, 11, 12, 13 Oct
    assert days(story, deemed=True)[3:] == days(story, deemed=False)[3:] == [12, 21]


def test_a_second_check_that_takes_long_is_no_late_notice():
    quick = SLOW_WINDOW.replace("check: 42 h", "check: 30 min")
    story = run(quick, SENT_BACK, "case_types: {project: {matters: {A: {correction: {redo: 90}}}}}")
    assert story.table()[3].startswith("s/check/2 | 09-24 10:00 ")  # 45 h from here
    assert days(story, deemed=True) == days(story, deemed=False)


def test_the_deadline_for_missing_papers_is_counted_in_working_days():
    def story(turnaround):
        return run(
            SLOW_WINDOW.replace("check: 42 h", "check: 30 min"),
            f"""
            case_types:
              project:
                matters:
                  A:
                    correction: {{probability: 1.0, again: 0.0, turnaround: {turnaround}}}
                    deficiency: {{minor: 1.0, deadline: 5 wd}}
            handling: {{conditional_acceptance: true}}
            """,
        )

    in_time = story("5 wd")
    # 23, 24, 26, 27, 28 Sep: to the close of the fifth working day; looked at for 15 minutes
    assert "A/papers | 09-22 10:00 | 09-22 10:00 | 09-28 23:59:59" in in_time.table()
    assert "A/papers/check | 09-28 23:59:59 | 09-29 09:00 | 09-29 09:15" in in_time.table()
    assert "A/decision | 09-29 09:15 | 09-29 09:15 | 09-29 09:45" in in_time.table()
    assert in_time.marked(Mark.ACCEPTANCE) == ["s/check"]
    # from acceptance on the 22nd to the decision on the 29th: the clock runs for the papers, too
    assert days(in_time, deemed=False) == [6, 6, 6, 6, 7]
    late = story("6 wd")
    assert "A/papers | 09-22 10:00 | 09-22 10:00 | 09-28 23:59:59" in late.table()
    assert late.outcome() is Outcome.LAPSED
    # An elapsed time ends at the hour at which the papers were asked for.
    elapsed = story("{constant: 5 wd}")
    assert "A/papers | 09-22 10:00 | 09-22 10:00 | 09-28 10:00" in elapsed.table()
    assert elapsed.outcome() is Outcome.DONE
    assert story("{constant: 5.1 wd}").outcome() is Outcome.LAPSED


STATIONED = """
hours: {stationed: {week: {tue: "9:00-12:00 13:00-17:00", thu: "9:00-12:00 13:00-17:00"}}}
pools: {stationed: {department: land}}
staff: {stationed: {serves: [stationed], count: 1, hours: stationed}}
case_types: {project: {matters: {A: {check: 30 min, delegation: {stationed: {pool: stationed}}}}}}
handling: {delegation: stationed}
"""


@pytest.mark.parametrize(
    ("received", "review", "decided"),
    [
        # Thursday's seven hours are just enough; then Tuesday
        ("2021-09-22T09:00:00", "09-23 09:00 | 09-23 17:00", "09-28 09:00 | 09-28 09:30"),
        # handed in on Tue 28 Sep: 6 h of that day, an hour of Thu 30 Sep
        ("2021-09-28T09:00:00", "09-28 10:00 | 09-30 10:00", "09-30 10:00 | 09-30 10:30"),
        # Thu 7 Oct is off, and the make-up Saturday is no Thursday
        ("2021-10-01T09:00:00", "10-12 09:00 | 10-12 17:00", "10-14 09:00 | 10-14 09:30"),
    ],
)
def test_stationed_staff_on_its_days(received, review, decided):
    story = run(SLOW_WINDOW.replace("2021-09-22T09:00:00", received), STATIONED)
    rows = {row.split(" | ")[0]: " | ".join(row.split(" | ")[2:]) for row in story.table()}
    assert rows["A/review/handle"] == review
    assert rows["A/decision"] == decided
