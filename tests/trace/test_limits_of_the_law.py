"""Limits of the law for single matters: from receipt or acceptance, in working or calendar days.

China, 2021: 1 to 7 Oct off, **Sat 9 Oct works** (make-up), Sun 10 Oct off. Office 9-17.
"""

import numpy as np
import pytest

import sim
from sim.measures.limits import Standing
from sim.replications.readings import read_limits
from tests.build.stories import scenario

PERMIT = """
name: Permit
period: {start: 2021-09-27, window: 2021-09-30, run_out: 60 cd}
hours: {office: {week: {mon-fri: "9:00-17:00"}}}
departments: {bureau: {}}
pools: {window: {}, officers: {department: bureau}}
staff:
  window: {serves: [window], count: 1, hours: office}
  officers: {serves: [officers], count: 1, hours: office}
case_types:
  permit:
    arrivals: {at: [2021-09-30 09:00:00]}
    window: {pool: window, transfer_out: 0 min, transfer_back: 0 min}
    trip: 1 h
    stages: {s: {lead: bureau}}
    matters:
      CP:
        department: bureau
        stage: s
        intake: 30 min
        check: 30 min
        review: {handle: {pool: officers, work: 7 h}}
        decision: {pool: officers, work: 1 h}
        statutory: {limit: 7 cd, from: receipt}
"""
# Received on Thursday 30 Sep at 9, accepted at 10, reviewed by 17; decided on Friday 8 Oct at 10.
REVIEW = "case_types.permit.matters.CP.review.handle.work"
CORRECTION = "case_types.permit.matters.CP.correction"


def judged(*settings: str) -> tuple[str, float]:
    """Return the standing of the case with the law's limit, and its days."""
    result = sim.run(scenario(PERMIT, settings=settings), replications=1)
    (part,) = [each for each in result.own_limits_judged if each.standard == "statutory"]
    assert part.judged.measured == 1
    return ("ON_TIME" if part.judged.on_time else "LATE"), part.by_days.quantiles[3].days


@pytest.mark.parametrize(
    ("work", "standing", "days"),
    [
        # Seven days from 30 Sep reach Thursday 7 Oct, a day off; the next working day is the 8th.
        # All of 1 to 7 Oct lie directly before the decision, so the shortest limit kept is 1 day.
        ("7 h", "ON_TIME", 1),
        # 8 h more: decided on the make-up Saturday, one day too late: 9 days.
        ("15 h", "LATE", 9),
        # 16 h more: decided on Monday 11 Oct: 11 days, of which Sunday does not count.
        ("23 h", "LATE", 10),
    ],
)
def test_seven_days_that_end_in_the_holiday_end_after_it(work, standing, days):
    assert judged(f"{REVIEW}={work}") == (standing, days)


def test_the_event_and_the_unit_decide():
    # By Saturday 9 Oct, with a review of 15 h. Working days after 30 Sep: 8, 9 Oct.
    late = f"{REVIEW}=15 h"
    law = "case_types.permit.matters.CP.statutory"
    assert judged(late, f"{law}=2 wd") == ("ON_TIME", 2)
    assert judged(late, f"{law}={{limit: 2 wd, from: receipt}}") == ("ON_TIME", 2)
    assert judged(late, f"{law}=8 cd") == ("LATE", 9)
    # Received on Monday 27 Sep at 16, checked on Tuesday 9 to 9:30: the receipt is a day earlier.
    earlier = "case_types.permit.arrivals.at=[2021-09-27 16:30:00]"
    window = "period.window={from: 2021-09-27, to: 2021-09-27}"
    assert judged(earlier, window, f"{law}=1 wd") == ("ON_TIME", 1)
    assert judged(earlier, window, f"{law}={{limit: 1 wd, from: receipt}}") == ("LATE", 2)
    assert judged(earlier, window, f"{law}={{limit: 2 cd, from: receipt}}") == ("ON_TIME", 2)


def test_the_applicants_correction_before_acceptance_does_not_count():
    """MOHURD order 18 art. 5: the time is extended until the papers are complete."""
    # Sent back on 30 Sep at 10; two working days: to Saturday 9 Oct. Checked on Monday 11 Oct 9 to
    # 9:15, reviewed to 16:15, decided on Tuesday 12 Oct. Receipt to notice: 0 days. From the close
    # of 9 Oct to the 12th: three days, none of them off directly before the 12th.
    correction = f"{CORRECTION}={{probability: 1, again: 0, turnaround: 2 wd}}"
    assert judged(correction) == ("ON_TIME", 3)


def test_a_clock_of_ones_own_may_end_on_working_days():
    law = "{start: receipt, unit: cd, pauses: [correction_before_acceptance], last_day: working}"
    limit = "{case_type: permit, limit: 7 cd, clock: law}"
    for kind, kept in (("working", True), ("any", False)):
        result = sim.run(
            scenario(
                PERMIT,
                settings=(
                    f"clocks.law={law.replace('working', kind)}",
                    f"limits.seven={limit}",
                ),
            ),
            replications=1,
        )
        (verdict,) = result.verdicts
        assert bool(verdict.on_time) is kept  # 8 calendar days passed


def test_only_calendar_days_can_end_on_a_day_off():
    with pytest.raises(sim.ScenarioError, match="only a clock with the unit cd can end on a day"):
        scenario(PERMIT, settings=("clocks.law={unit: wd, last_day: working}",))


STEPS = """
name: A period after another
period: {start: 2021-08-30, window: {from: 2021-09-01, to: 2021-10-20}, run_out: 60 cd}
hours: {}
pools: {}
staff: {}
case_types:
  case: {arrivals: {every: {gap: 23 h}}, steps: {wait: {delay: {constant: DAYS cd}}}}
clocks: {law: {start: receipt, counts: everything, unit: cd, last_day: working}}
"""
LIMITS = range(13)


@pytest.mark.parametrize("waited", [0, 1, 3, 7, 9, 12])
def test_a_period_is_over_on_the_date_on_which_it_ends_by_the_civil_code(waited):
    """Walked date by date: the limit's last date, moved on while it is a day off."""
    limits = (f"limits.l{n}={{case_type: case, limit: {n} cd, clock: law}}" for n in LIMITS)
    text = STEPS.replace("DAYS", str(waited))
    model = sim.Model(scenario(text, settings=tuple(limits)))
    done = model.replicate(seed=1, number=0)
    arrived = done.demand.workload.arrival_s
    checked = 0
    for reading in read_limits(model.scenario, done):
        for case in np.flatnonzero(done.demand.workload.measured):
            standing = Standing(int(reading.standing["law"][case]))
            first = int(arrived[case]) // 86_400
            last = first + int(reading.limit.days)
            while not model.working_days.working[last]:
                last += 1
            kept = first + waited <= last
            assert standing is (Standing.ON_TIME if kept else Standing.LATE)
            checked += 1
    assert checked > 600
