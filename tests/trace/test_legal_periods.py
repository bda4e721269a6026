"""Periods in calendar days that end on a day off (Civil Code art. 203), by hand.

China: 1 to 7 Oct 2021 off, **Sat 9 Oct works** (make-up), Sun 10 Oct off. In 2024 Mon 10 Jun is the
Dragon Boat holiday.
"""

import datetime as dt

import numpy as np
import pytest

from sim.demand.backlog.draws import left_of_delay
from sim.demand.backlog.past import Past
from sim.engine.contract import DAY_S, DelayRule
from sim.scenario import calendar_of
from tests.build.stories import run, scenario

PERMIT = """
name: Permit
period: {start: 2021-09-30, window: 2021-09-30, run_out: 60 cd}
hours: {office: {week: {mon-fri: "8:30-11:30 13:00-17:00"}}}
departments: {planning: {}}
pools: {window: {}, officer: {department: planning}}
staff:
  window: {serves: [window], count: 1, hours: office}
  officer: {serves: [officer], count: 1, hours: office}
case_types:
  project:
    arrivals: {at: [2021-09-30 09:00:00]}
    window: {pool: window, transfer_out: 1 cd, transfer_back: 0 min}
    trip: 1 cd
    stages: {permit: {lead: planning}}
    matters:
      PERMIT:
        department: planning
        stage: permit
        intake: 10 min
        check: 20 min
        review: {handle: {pool: officer, work: 1 h}}
        decision: {pool: officer, work: 30 min}
"""


def ends_of(step: str, *texts: str, settings: tuple[str, ...] = ()) -> str:
    table = run(*texts, settings=settings).table()
    (line,) = [line for line in table if line.startswith(f"{step} |")]
    return line.split(" | ")[3]


@pytest.mark.parametrize(
    ("days", "last"),
    [
        (9, "10-09 23:59:59"),  # a Saturday that is worked
        (10, "10-11 23:59:59"),  # Sunday 10 Oct is off: Monday
        (11, "10-11 23:59:59"),
        (1, "10-08 23:59:59"),  # 1 Oct, the first of seven days off
    ],
)
def test_publicity_that_ends_on_a_day_off_ends_on_the_next_working_day(days, last):
    # The papers come on 30 Sep at 9:00; the transfer of 1 cd ends at the close of 1 Oct, and the
    # review is on 8 Oct. So that the display begins on 30 Sep, it is put before the review here.
    text = PERMIT.replace("transfer_out: 1 cd", "transfer_out: 0 min")
    review = "case_types.project.matters.PERMIT.review={}"
    display = f"case_types.project.matters.PERMIT.publicity={days} cd"
    assert ends_of("PERMIT/publicity", text, settings=(review, display)) == last


def test_days_on_the_way_are_no_period_of_the_law():
    assert ends_of("PERMIT/transfer_out", PERMIT) == "10-01 23:59:59"


@pytest.mark.parametrize(
    ("key", "step"),
    [
        ("correction={probability: 1, again: 0, turnaround: 2 cd}", "permit/correction"),
        ("special={hearing: {delay: 2 cd}}", "PERMIT/special/hearing"),
    ],
)
def test_the_applicants_deadline_and_special_procedures_are(key, step):
    # From 30 Sep two days reach 2 Oct, a day off; the next working day is Friday 8 Oct.
    text = PERMIT.replace("transfer_out: 1 cd", "transfer_out: 0 min")
    settings = (
        "case_types.project.matters.PERMIT.review={}",
        f"case_types.project.matters.PERMIT.{key}",
    )
    if step.startswith("permit"):
        settings = settings[1:]
    assert ends_of(step, text, settings=settings) == "10-08 23:59:59"


NETWORK = """
name: Network
period: {start: 2024-06-03, window: 2024-06-07, run_out: 30 cd}
hours: {}
pools: {}
staff: {}
case_types:
  case:
    arrivals: {at: [2024-06-07 15:00:00]}
    steps:
      plain: {delay: 2 cd}
      display: {delay: 2 cd, owner: publicity}
      hearing: {delay: 2 cd, owner: special}
      random: {delay: {constant: 2 cd}, owner: publicity}
      working: {delay: 1 wd, owner: publicity}
"""


def test_in_an_open_network_the_owner_tells_what_is_a_period_of_the_law():
    # From Friday 7 Jun two days reach Sunday 9 Jun; the next working day is Tuesday 11 Jun.
    ends = {line.split(" | ")[0]: line.split(" | ")[3] for line in run(NETWORK).table()}
    assert ends == {
        "plain": "06-09 23:59:59",
        "display": "06-11 23:59:59",
        "hearing": "06-11 23:59:59",
        "random": "06-09 15:00",
        "working": "06-11 23:59:59",
    }


def test_a_period_that_is_under_way_at_the_start_ends_as_if_the_run_had_begun_earlier():
    later = scenario(PERMIT, settings=("period.start=2021-10-11", "period.window=2021-10-11"))
    past, days = Past(later, dt.date(2021, 9, 1)), calendar_of(later)
    begun = -11 * DAY_S + 11 * 3600  # Thursday 30 Sep, 11:00

    def last_day(amount: int) -> int:
        left = left_of_delay(
            DelayRule.LEGAL_CALENDAR_DAYS, np.array([amount]), np.array([begun]), past, days
        )
        return int((left[0] + 1) // DAY_S - 1)

    # 9 Oct is worked (day -2): over. 10 Oct is Sunday: Monday, day 0. 12 Oct is day 1. 16 Oct is a
    # Saturday: Monday 18 Oct, day 7. 1 Oct is off: Friday 8 Oct, over.
    assert [last_day(n) for n in (9, 10, 12, 16)] == [-2, 0, 1, 7]
    assert last_day(1) < 0
