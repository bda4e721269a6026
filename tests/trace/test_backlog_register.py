"""A register of 310 open cases: their clocks go on exactly.

The first simulated day is Wed 29 Sep 2021. September: Mon 20 and Tue 21 off (Mid-Autumn), **Sat 18
and Sun 26 work** (make-up). October: Fri 1 to Thu 7 off (National Day), Fri 8 and **Sat 9 work**.
Office 9-12 and 13-17; the leader signs 16-17. There are so many officers that nobody waits for
another case, so that what a case still does depends on nothing but where it stands.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from sim.replications.readings import read_limits
from tests.build.backlogs import HAND, simulated, written

REGISTER = Path(__file__).parents[1] / "data" / "open_cases.csv"
START = dt.date(2021, 9, 29)
SETTINGS = [
    "period={start: 2021-09-29, window: {from: 2021-09-29, to: 2021-10-31}, run_out: 60 cd}",
    *(f"staff.{group}.count=1000" for group in ("windows", "handlers", "leader")),
    "case_types.project.matters.A.review_correction="
    "{probability: 0.0, again: 0.0, turnaround: {constant: 2 wd}, redo: 0.5}",
    "case_types.project.matters.A.correction.again=0.0",
]
CLOCKS = ("statutory", "promised", "net_approval", "gross_span", "calendar_days")

# What each clock adds from the morning of Wed 29 Sep on, in the order of CLOCKS, and the end.
# A publicity period whose last day is off ends on the next working day (Civil Code art. 203): here
# on Fri 8 Oct. "to B" below: A is signed on Sat 9 Oct 16:00-16:30; B received 16:30-17:00, checked
# Mon 11 Oct 9:00-9:30, decided 9:30-10:30, delivered 10:40.
GOES_ON = {
    # Review 29th 9-11, publicity of 7 days to 6 Oct, so to the 8th, to B. Statutory: 29, 30, 8, 9,
    # 11. Promised: the 29th, which is no start day; not 30 and 8; 9, 11. Net: 29, 9; B is decided
    # in the hour in which it is taken up. Gross: 29, 30, 8, 9, 11. The 11th is 12 days after
    # the 29th, 13 after the 28th.
    "review": ((5, 3, 2, 5, 13), "2021-10-11 10:40"),
    "paused": ((5, 3, 2, 5, 13), "2021-10-11 10:40"),
    # Since Mon 27 Sep 15:00, so to Mon 4 Oct, and to the 8th; to B. Promised: 9, 11. Net: 9.
    "publicity": ((5, 2, 1, 5, 13), "2021-10-11 10:40"),
    # Since Wed 22 Sep 10:00, so to Wed 29 Sep. Signed on Thu 30 Sep 16:00-16:30, B received by
    # 17:00, checked Fri 8 Oct 9:00-9:30, decided by 10:30, delivered 10:40. Statutory: 29, 30, 8.
    # Promised: 30, 8. Net: 30. Gross: 29, 30, 8.
    "published": ((3, 2, 1, 3, 10), "2021-10-08 10:40"),
    # Corrected by the 29th 10:00, one working day after the 28th 10:00; second check 15 min: only
    # now the clocks start, and the 29th does not count. Review to 13:15, publicity to 6, so 8 Oct,
    # to B. Statutory: 30, 8, 9, 11. Promised: 9, 11. Net: 9. Gross: 29, 30, 8, 9, 11.
    "returned": ((4, 2, 1, 5, 13), "2021-10-11 10:40"),
    # Received and checked on the 29th 9:00-10:00, review to 12:00; then the same.
    "new": ((4, 2, 1, 5, 13), "2021-10-11 10:40"),
    # The applicant has it since the 28th 9:00: 15 h of that day, 24 of the 29th, 9 of the 30th.
    # Review again 30th 9-10, publicity to 7, so 8 Oct, to B. The 29th is paused, on the 30th the
    # clocks resume: the day does not count. Promised: 9, 11. Net: 9. The statutory clock does not
    # pause for a correction after acceptance: 29, 30, 8, 9, 11.
    "sent_back": ((5, 2, 1, 5, 13), "2021-10-11 10:40"),
    # B is decided on the 29th 9-10 and delivered by 10:10.
    "last": ((1, 1, 1, 1, 1), "2021-09-29 10:10"),
    # The applicant has it since Mon 27 Sep 16:00: 8 h of that day, 24 of the 28th, 16 of the 29th.
    # Then an hour of work, on the 29th, on which the clocks resume.
    "network": ((0, 0, 0, 1, 1), "2021-09-29 17:00"),
}

BY_HAND = {
    # Accepted on Wed 8 Sep: 9, 10, 13, 14, 15, 16, 17, 18, 22, 23, 24, 26, 27, 28 = 14 working
    # days. Handed in on Mon 6: 7, 8 more = 16. 6 Sep to 11 Oct = 35 days.
    "review-01": (14 + 5, 14 + 3, 14 + 2, 16 + 5, 35),
    # Accepted on the make-up Saturday, 18 Sep, which does not count: 22, 23, 24, 26, 27, 28 = 6.
    # Handed in on Fri 17: 18 Sep more, for it works = 7. 17 Sep to 11 Oct = 24.
    "review-02": (6 + 5, 6 + 3, 6 + 2, 7 + 5, 24),
    # Handed in and accepted on the make-up Sunday, 26 Sep: 27, 28 = 2. 26 Sep to 11 Oct = 15.
    "review-03": (2 + 5, 2 + 3, 2 + 2, 2 + 5, 15),
    # Accepted on Mon 16 Aug: 17-20, 23-27, 30, 31 Aug = 11; 1-3, 6-10, 13-18, 22-24, 26-28 Sep =
    # 20; 31 less 8, 10 and 12 paused. Handed in on Fri 13 Aug: 16 more = 32. To 11 Oct = 59.
    "paused-01": (31 - 8 + 5, 31 - 10 + 3, 31 - 12 + 2, 32 + 5, 59),
    # Publicity under way over the holiday. Accepted on Wed 22 Sep: 23, 24, 26, 27, 28 = 5; the 28th
    # is paused, but not on the statutory clock. Handed in on Fri 17: 18, 22 more = 7. To 11 = 24.
    "publicity-01": (5 + 5, 5 - 1 + 2, 5 - 1 + 1, 7 + 5, 24),
    # Accepted on Wed 15 Sep: 16, 17, 18, 22, 23, 24, 26, 27, 28 = 9; 23, 24, 26, 27, 28 are paused,
    # but not on the statutory clock. Handed in on the 14th: 10. 14 Sep to 8 Oct = 24.
    "published-01": (9 + 3, 9 - 5 + 2, 9 - 5 + 1, 10 + 3, 24),
    # Not accepted. Handed in on Thu 16 Sep: 17, 18, 22, 23, 24, 26, 27, 28 = 8. 16 to 11 = 25.
    "returned-01": (0 + 4, 0 + 2, 0 + 1, 8 + 5, 25),
    # Accepted on Wed 15 Sep: 9 as above, the 28th, on which it was sent back, among them. Handed in
    # on the 14th: 10. 14 Sep to 11 Oct = 27.
    "sent_back-01": (9 + 5, 9 + 2, 9 + 1, 10 + 5, 27),
    # Accepted on Fri 10 Sep: 13-18, 22, 23, 24, 26, 27, 28 = 12, less 0, 4 and 5. Handed in on
    # Tue 7: 8, 9, 10 more = 15. 7 to 29 Sep = 22.
    "last-01": (12 - 0 + 1, 12 - 4 + 1, 12 - 5 + 1, 15 + 1, 22),
    # All clocks run from the submission, make-up Saturday, 18 Sep: 22, 23, 24, 26, 27, 28 = 6; the
    # 28th is paused on the first three. 18 to 29 Sep = 11.
    "network-01": (6 - 1 + 0, 6 - 1 + 0, 6 - 1 + 0, 6 + 1, 11),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Return {case: (days on the clocks, end)}."""
    folder = tmp_path_factory.mktemp("register")
    scenario = written(folder, REGISTER.read_bytes().rstrip(), HAND, settings=SETTINGS)
    model, done = simulated(scenario)
    demand = done.demand
    end_s = np.zeros(len(demand.case_type), np.int64)
    np.maximum.at(end_s, demand.case, done.schedule.end)
    result = {}
    for limit in read_limits(model.scenario, done):
        open_cases = demand.backlog[limit.limit.case_type]
        for place, (case, name) in enumerate(zip(open_cases.case, open_cases.name, strict=True)):
            values = tuple(int(limit.readings.clocks[clock].value[place]) for clock in CLOCKS)
            end = dt.datetime.combine(START, dt.time()) + dt.timedelta(seconds=int(end_s[case]))
            result[name] = values, f"{end:%Y-%m-%d %H:%M}"
    return result


def state(name: str) -> str:
    return name.rsplit("-", 1)[0]


@pytest.mark.parametrize("name", BY_HAND)
def test_ten_cases_as_worked_out_by_hand(name, found):
    assert found[name] == (BY_HAND[name], GOES_ON[state(name)][1])


# Counting on one's fingers: no calendar of the project has a say in it.
HOLIDAYS = {dt.date(2021, 9, 20), dt.date(2021, 9, 21)}
MAKE_UP = {dt.date(2021, 9, 18), dt.date(2021, 9, 26)}


def days_since(date: str) -> tuple[int, int]:
    """Return the working days, and the days, after a date and before the start."""
    first = dt.date.fromisoformat(date[:10])
    later = [first + dt.timedelta(n) for n in range(1, (START - first).days)]
    works = [day in MAKE_UP or (day.weekday() < 5 and day not in HOLIDAYS) for day in later]
    return sum(works), len(later)


def test_all_310_cases_show_what_they_showed_and_what_was_added(found):
    with REGISTER.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(found) == 310
    for row in rows:
        submitted_wd, submitted_cd = days_since(row["submitted"])
        is_network = row["case_type"] == "network"
        clock_starts = row["submitted"] if is_network else row["accepted_on"]
        run = days_since(clock_starts)[0] if clock_starts else 0
        promised = int(row["paused_wd"] or 0)
        paused = [int(row[f"paused_{of}wd"] or promised) for of in ("statutory_", "", "net_")]
        before = [*(run - days for days in paused), submitted_wd, submitted_cd]
        added, end = GOES_ON[state(row["case"])]
        expected = tuple(a + b for a, b in zip(before, added, strict=True))
        assert found[row["case"]] == (expected, end), row


def test_the_register_holds_cases_of_all_ages_and_states():
    with REGISTER.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    count = {each: sum(state(row["case"]) == each for row in rows) for each in GOES_ON}
    assert min(count.values()) >= 10
    ages = [days_since(row["submitted"])[0] for row in rows]
    assert min(ages) == 0
    assert max(ages) > 50
    assert len({row["accepted_on"] for row in rows}) > 50
