"""A limit for each round of review, by hand; weekdays, office 9 to 17, eight hours a day."""

import pytest

import sim
from sim.clocks import History
from sim.measures.limits import LimitReading, Standing
from sim.replications.readings import read_limits
from tests.build.stories import run, scenario

PERMIT = """
name: Permit
calendar: {country: weekdays}
period: {start: 2024-01-01, window: 2024-01-01, run_out: 60 cd}
hours: {office: {week: {mon-fri: "9:00-17:00"}}}
departments: {bureau: {}}
pools: {window: {}, officers: {department: bureau}}
staff:
  window: {serves: [window], count: 1, hours: office}
  officers: {serves: [officers], count: 1, hours: office}
case_types:
  permit:
    arrivals: {at: [2024-01-01 09:00:00]}
    window: {pool: window, transfer_out: 0 min, transfer_back: 0 min}
    trip: 1 h
    stages: {s: {lead: bureau}}
    matters:
      A:
        department: bureau
        stage: s
        intake: 30 min
        check: 30 min
        review: {handle: {pool: officers, work: 12 h}}
        review_correction: {probability: 1, again: 0, turnaround: 3 wd, redo: 2}
        publicity: 2 cd
        decision: {pool: officers, work: 1 h}
limits:
  each: {case_type: permit, limit: 4 wd, per: round}
  whole: {case_type: permit, limit: 4 wd, per: case}
"""
COURSE = [
    "s/intake | 01-01 09:00 | 01-01 09:00 | 01-01 09:30",
    "s/check | 01-01 09:30 | 01-01 09:30 | 01-01 10:00",
    # 7 h on Monday, 5 h on Tuesday: the first round, 1 wd
    "A/review/handle | 01-01 10:00 | 01-01 10:00 | 01-02 14:00",
    # Wednesday, Thursday, Friday
    "A/review_correction | 01-02 14:00 | 01-02 14:00 | 01-05 23:59:59",
    # 24 h from Monday the 8th on: Monday to Wednesday, 3 wd of the second round
    "A/review/handle/2 | 01-05 23:59:59 | 01-08 09:00 | 01-10 17:00",
    # to Friday the 12th: the clock stands still, and no round ends
    "A/publicity | 01-10 17:00 | 01-10 17:00 | 01-12 23:59:59",
    # on Monday the 15th: the fourth working day of the second round
    "A/decision | 01-12 23:59:59 | 01-15 09:00 | 01-15 10:00",
]


def read(*settings: str) -> tuple[History, dict[str, LimitReading]]:
    model = sim.Model(scenario(PERMIT, settings=settings))
    done = model.replicate(seed=1, number=0)
    return done, {reading.name: reading for reading in read_limits(model.scenario, done)}


def days(reading: LimitReading) -> dict[str, int]:
    clocks = reading.readings.clocks
    return {name: int(clocks[name].value[0]) for name in ("promised", "statutory", "gross_span")}


def test_the_longest_round_is_compared_with_the_limit():
    assert run(PERMIT).table() == COURSE
    _, limits = read()
    # Rounds of 1 and 4 wd. The statutory clock, which goes on, has no rounds: Tue 2 to Mon 15 Jan
    # are 10 wd; and the gross span has none.
    assert days(limits["each"]) == {"promised": 4, "statutory": 10, "gross_span": 10}
    assert days(limits["whole"]) == {"promised": 5, "statutory": 10, "gross_span": 10}
    standing = {
        name: Standing(int(limit.standing["promised"][0])).name for name, limit in limits.items()
    }
    assert standing == {"each": "ON_TIME", "whole": "LATE"}
    _, stricter = read("limits.each.limit=3 wd")
    assert stricter["each"].standing["promised"][0] == Standing.LATE


def test_the_first_round_may_be_the_longest():
    # A first review of 48 h: 7 h on Monday, 40 h to the Monday after, 1 h on Tuesday the 9th: 6 wd.
    # Three days of correction, to Friday. The second takes 4.8 h of Monday the 15th, 1 wd; shown
    # publicly to Wednesday; decided on Thursday: 1 wd more.
    _, limits = read(
        "case_types.permit.matters.A.review.handle.work=48 h",
        "case_types.permit.matters.A.review_correction.redo=0.1",
    )
    assert days(limits["each"])["promised"] == 6
    assert days(limits["whole"])["promised"] == 6 + 1 + 1


def test_the_start_day_counts_in_each_round_if_it_counts_at_all():
    # The first round starts on Monday 1 Jan, the second with Friday 5 Jan: one day more each.
    _, limits = read("calendar.count_start_day=true")
    assert days(limits["each"])["promised"] == 5
    assert days(limits["whole"])["promised"] == 6  # the clock starts once


def test_without_corrections_a_round_is_the_whole():
    _, limits = read("case_types.permit.matters.A.review_correction=null")
    assert days(limits["each"]) == days(limits["whole"])


def test_a_correction_before_acceptance_ends_no_round_of_a_clock_that_starts_with_acceptance():
    correction = "{probability: 1, again: 0, turnaround: 1 wd}"
    _, limits = read(f"case_types.permit.matters.A.correction={correction}")
    _, before = read()
    assert days(limits["each"])["promised"] == days(before["each"])["promised"] == 4


def test_the_clock_of_due_days_begins_anew_after_the_correction():
    done, _ = read()
    rounds = done.demand.workload.begins_round
    assert rounds is not None
    names = [line.split(" | ")[0] for line in COURSE]
    assert [name for name, of in zip(names, rounds, strict=True) if of] == ["A/review_correction"]
    done, _ = read("limits.each.per=case")
    assert done.demand.workload.begins_round is None


NETWORK = """
name: Network
calendar: {country: weekdays}
period: {start: 2024-01-01, window: 2024-01-01, run_out: 60 cd}
hours: {office: {week: {mon-fri: "9:00-17:00"}}}
pools: {desk: {}}
staff: {clerk: {serves: [desk], count: 1, hours: office}}
case_types:
  case:
    arrivals: {at: [2024-01-01 09:00:00]}
    steps:
      look:
        pool: desk
        work: 12 h
        rework:
          probability: 1
          again: 0
          max_rounds: 1
          via: {back: {delay: 2 wd, owner: applicant}}
limits: {each: {case_type: case, limit: 2 wd, per: round}}
"""


def test_in_an_open_network_the_applicants_steps_end_rounds():
    # Monday 9 to Tuesday 13: 1 wd. The applicant has it to the close of Thursday. 12 h on Friday
    # and Monday: 2 wd after Thursday.
    model = sim.Model(scenario(NETWORK))
    (limit,) = read_limits(model.scenario, model.replicate(seed=1, number=0))
    assert days(limit)["promised"] == 2
    assert limit.standing["promised"][0] == Standing.ON_TIME


@pytest.mark.parametrize("clock", ["statutory", "gross_span", "calendar_days"])
def test_a_clock_that_goes_on_while_the_applicant_corrects_has_no_rounds(clock):
    unit = "cd" if clock == "calendar_days" else "wd"
    with pytest.raises(sim.ScenarioError) as refused:
        read(f"limits.each.clock={clock}", f"limits.each.limit=4 {unit}")
    assert "limits.each.per: 'round'" in str(refused.value)
    assert "'correction_after_acceptance' is not among its pauses" in str(refused.value)
