"""One matter with everything a matter can have, on the calendar of autumn 2021, by hand.

China, 2021: Mon 20 and Tue 21 Sep off, **Sun 26 Sep works** (make-up), Fri 1 to Thu 7 Oct off,
**Sat 9 Oct works** (make-up). Office 9-12 and 13-17, seven hours a day; the leader signs 16-17.
"""

import pytest

from sim.clocks import read_clocks
from sim.limits import Scope
from sim.process.graph import Mark, Outcome, Owner, Phase
from tests.build.stories import run

FULL = """
name: Full
period: {start: 2021-09-20, window: 2021-09-22, run_out: 60 cd}
hours:
  office: {week: {mon-fri: "9:00-12:00 13:00-17:00"}}
  leader: {week: {mon-fri: "16:00-17:00"}}
departments: {land: {}, water: {}, hall: {}}
pools:
  window: {department: hall}
  handlers: {department: land}
  checkers: {department: land}
  leader: {department: land}
  hydrologists: {department: water}
staff:
  window: {serves: [window], count: 1, hours: office}
  handlers: {serves: [handlers], count: 1, hours: office}
  checkers: {serves: [checkers], count: 1, hours: office}
  leader: {serves: [leader], count: 1, hours: leader}
  hydrologists: {serves: [hydrologists], count: 1, hours: office}
case_types:
  project:
    arrivals: {at: [2021-09-22T09:00:00]}
    window:
      pool: window
      transfer_out: {constant: 0.5 wd}
      transfer_back: {constant: 0.5 wd}
    trip: 1 h
    stages: {s: {lead: land}}
    matters:
      A:
        department: land
        stage: s
        intake: 30 min
        check: 30 min
        correction: {probability: 1.0, again: 0.0, turnaround: {constant: 1 wd}, redo: 0.5}
        review:
          handle: {pool: handlers, work: 8 h}
          check: {pool: checkers, work: 2 h}
          sign: {pool: leader, work: 30 min}
        co_review:
          water: {pool: hydrologists, work: 2 h}
        review_correction: {probability: 1.0, again: 0.0, turnaround: 4 h, redo: 0.25}
        special:
          expert: {delay: {constant: 2 wd}}
          visit: {pool: checkers, work: 1 h}
        publicity: 7 cd
        decision: {pool: leader, work: 30 min}
        delivery: 10 min
"""

EXPECTED = [
    "s/intake | 09-22 09:00 | 09-22 09:00 | 09-22 09:30",
    "s/check | 09-22 09:30 | 09-22 09:30 | 09-22 10:00",
    # one working day, elapsed: to the same time on Thursday
    "s/correction | 09-22 10:00 | 09-22 10:00 | 09-23 10:00",
    # 30 min × 0.5
    "s/check/2 | 09-23 10:00 | 09-23 10:00 | 09-23 10:15",
    # 12 of the 24 hours of a working day
    "A/transfer_out | 09-23 10:15 | 09-23 10:15 | 09-23 22:15",
    # 7 h on Friday; Saturday is off; the 8th hour on the make-up Sunday
    "A/review/handle | 09-23 22:15 | 09-24 09:00 | 09-26 10:00",
    "A/review_correction | 09-26 10:00 | 09-26 10:00 | 09-26 14:00",
    # 8 h × 0.25
    "A/review/handle/2 | 09-26 14:00 | 09-26 14:00 | 09-26 16:00",
    "A/co_review/water | 09-23 22:15 | 09-24 09:00 | 09-24 11:00",
    # 1 h on Sunday, 1 h on Monday
    "A/review/check | 09-26 16:00 | 09-26 16:00 | 09-27 10:00",
    "A/review/sign | 09-27 10:00 | 09-27 16:00 | 09-27 16:30",
    # Mon 16:30 + 2 working days
    "A/special/expert | 09-27 16:30 | 09-27 16:30 | 09-29 16:30",
    "A/special/visit | 09-29 16:30 | 09-29 16:30 | 09-30 09:30",
    # the seventh date after 30 Sep is 7 Oct, a day off: to the close of the next working day
    "A/publicity | 09-30 09:30 | 09-30 09:30 | 10-08 23:59:59",
    "A/decision | 10-08 23:59:59 | 10-09 16:00 | 10-09 16:30",
    # 7.5 h are left of the make-up Saturday, 4.5 h fall on Monday
    "A/transfer_back | 10-09 16:30 | 10-09 16:30 | 10-11 04:30",
    "s/delivery | 10-11 04:30 | 10-11 09:00 | 10-11 09:10",
]


def test_every_item_of_a_full_matter():
    assert run(FULL).table() == EXPECTED


def test_marks_owners_phases_and_departments_of_a_full_matter():
    story = run(FULL)
    assert story.marked(Mark.SUBMISSION) == ["s/intake"]
    assert story.marked(Mark.ACCEPTANCE) == ["s/check/2"]  # not the check that found something
    assert story.marked(Mark.DECISION) == ["A/decision"]
    assert story.marked(Mark.DELIVERY) == ["s/delivery"]
    assert story.outcome() is Outcome.DONE
    node = {each.name: each for each in story.nodes}
    of_applicant = {name for name, each in node.items() if each.owner is Owner.APPLICANT}
    assert of_applicant == {"s/correction", "A/review_correction"}
    special = {name for name, each in node.items() if each.owner is Owner.SPECIAL}
    assert special == {"A/special/expert", "A/special/visit"}
    assert node["A/publicity"].owner is Owner.PUBLICITY
    before = {name for name, each in node.items() if each.phase is Phase.BEFORE}
    assert before == {"s/intake", "s/check", "s/correction", "s/check/2"}
    after = {name for name, each in node.items() if each.phase is Phase.AFTER}
    assert after == {"A/transfer_back", "s/delivery"}
    assert node["s/intake"].department == "hall"
    assert node["A/transfer_out"].department == "land"
    assert node["A/co_review/water"].department == "water"
    assert node["s/correction"].department == ""


def test_the_clocks_of_a_full_matter():
    story = run(FULL)
    done = story.replication
    reading = read_clocks(done, Scope("project"))
    days = {name: int(clock.value[0]) for name, clock in reading.clocks.items()}
    # From acceptance on Thu 23 Sep to the decision on Sat 9 Oct, working days after the first date:
    # transfer and first review 23-26 Sep: Fri 24, Sun 26 → 2 (the co-review is inside)
    # second review within Sun 26 → 0; check and signature 26-27 Sep: Mon 27 → 1
    # publicity 30 Sep - 8 Oct: Fri 8 → 1, on the statutory clock alone
    # decision 8-9 Oct: the make-up Saturday → 1
    assert days["promised"] == days["net_approval"] == 4
    assert days["statutory"] == 5
    # Wed 22 Sep to Mon 11 Oct: 23, 24, 26, 27, 28, 29, 30 Sep, 8, 9, 11 Oct
    assert days["gross_span"] == 10
    assert days["calendar_days"] == 19


@pytest.mark.parametrize(
    ("publicity", "end"),
    [
        ("7 cd", "10-08 23:59:59"),
        ("1 wd", "10-08 23:59:59"),  # the first working day after 30 Sep is 8 Oct
        ("{constant: 7 cd}", "10-07 09:30"),  # elapsed
        ("{constant: 1 wd}", "10-08 09:30"),  # 14.5 h of 30 Sep, 9.5 h of 8 Oct
        ("{uniform: {low: 36 h, high: 36 h}}", "10-01 21:30"),
    ],
)
def test_how_the_days_of_a_delay_pass(publicity, end):
    text = FULL.replace("publicity: 7 cd", f"publicity: {publicity}")
    assert f"A/publicity | 09-30 09:30 | 09-30 09:30 | {end}" in run(text).table()
