"""Starting from today: the clocks of open cases go on exactly.

China, autumn 2021: **Sat 18 Sep works** (make-up), Sun 19 to Tue 21 off, **Sun 26 Sep works**,
Fri 1 to Thu 7 Oct off, **Sat 9 Oct works**. Office 9-12 and 13-17; the leader signs 16-17.
"""

from __future__ import annotations

import datetime as dt

import pytest

from sim.experiments import run as experiment
from sim.measures.limits import Standing
from sim.replications.model import Model
from sim.replications.readings import read_limits
from sim.replications.summary import summarise_replication
from sim.scenario import load
from tests.build.backlogs import (
    GENERATED,
    HAND,
    SETTINGS,
    as_csv,
    clocks_of,
    cut,
    ends_of,
    generated,
    simulated,
    written,
)
from tests.build.dues import with_dues

# What a case does that waits for A's review at the start, Thu 23 Sep: review 23rd 9-11, publicity
# of 7 days to the 30th 23:59:59, signed on Fri 8 Oct 16:00-16:30 (first duty after the holiday);
# B received 16:30-17:00, checked Sat 9 Oct 9:00-9:30, decided 9:30-10:30, delivered 10:40.
AT_REVIEW = {"case_type": "project", "accepted": "one"}

HAND_CHECKED = {
    # Before the start: (15, 22] Sep = 16, 17, 18, 22 = 4; (13, 22] = 14, 15 and those = 6.
    # promised: 4; the review counts the 23rd, which is no start day: 1; publicity is excluded;
    # from the 30th to 8 Oct 16:30: 1; B to 9 Oct: 1. Together 7.
    # statutory: 4 + 23, 24, 26, 27, 28, 29, 30, 8, 9 = 13. net: 4 + 1 + 1 (no intake of B; its
    # decision begins and ends on the 9th). gross: 6 + 9. calendar: 13 Sep to 9 Oct.
    "waiting for review": (
        AT_REVIEW | {"submitted": "2021-09-13", "accepted_on": "2021-09-15"},
        {},
        (13, 7, 6, 15, 26),
        "2021-10-09 10:40",
    ),
    # The same, less what had been paused: 13 - 1, 7 - 2, 6 - 3.
    "paused before": (
        AT_REVIEW
        | {"submitted": "2021-09-13", "accepted_on": "2021-09-15"}
        | {"paused_wd": "2", "paused_statutory_wd": "1", "paused_net_wd": "3"},
        {},
        (12, 5, 3, 15, 26),
        "2021-10-09 10:40",
    ),
    # The same as the first, start days counted: the 15th and the 13th work, so one more each.
    "start day counts": (
        AT_REVIEW | {"submitted": "2021-09-13", "accepted_on": "2021-09-15"},
        {"calendar.count_start_day": "true"},
        (14, 8, 7, 16, 27),
        "2021-10-09 10:40",
    ),
    # The start is a holiday, Fri 1 Oct. (28, 30] = 2. Review on the 8th: 1. Publicity to Fri 15th;
    # signed on Mon 18th: 1; B received 16:30, decided Tue 19th 10:30: 1. promised 5, net 4.
    # statutory: 2 + 8, 9, 11, 12, 13, 14, 15, 18, 19 = 11. gross: 28, 29, 30 + 9. cd: 27 to 19.
    "start on a holiday": (
        AT_REVIEW | {"submitted": "2021-09-27", "accepted_on": "2021-09-28"},
        {"period.start": "2021-10-01", "period.window": "{from: 2021-10-01, to: 2021-10-31}"},
        (11, 5, 4, 12, 22),
        "2021-10-19 10:40",
    ),
    # The start is a make-up Saturday, 9 Oct. (30 Sep, 8 Oct] = 1. Review on the 9th: 1. Publicity
    # to Sat 16th, a day off, so to Mon 18th; signed on Tue 19th: 1; B decided on Wed 20th: 1.
    # promised 4, net 3. statutory: 1 + 9, 11, 12, 13, 14, 15, 18, 19, 20 = 10. gross: 30, 8 + 9.
    # cd: 29 Sep to 20 Oct.
    "start on a make-up Saturday": (
        AT_REVIEW | {"submitted": "2021-09-29", "accepted_on": "2021-09-30"},
        {"period.start": "2021-10-09", "period.window": "{from: 2021-10-09, to: 2021-10-31}"},
        (10, 4, 3, 11, 21),
        "2021-10-20 10:40",
    ),
    # Publicity since Fri 17 Sep 16:00 ends on the 24th. Of 16, 17, 18, 22 the last two were paused.
    # Signed on the make-up Sunday, 26th, 16:00: 1. B decided on Mon 27th: 1. promised 2 + 2, net
    # 2 + 1, statutory 4 + 23, 24, 26, 27. gross: (14, 22] = 5, + 4. cd: 14 to 27.
    "publicity under way": (
        AT_REVIEW
        | {"submitted": "2021-09-14", "accepted_on": "2021-09-15", "done": "A/review/handle"}
        | {"under_way": "A/publicity=2021-09-17 16:00", "paused_wd": "2"}
        | {"paused_statutory_wd": "0"},
        {},
        (8, 4, 3, 9, 13),
        "2021-09-27 10:40",
    ),
    # Handed in on the 22nd: received on the 23rd 9:00, accepted 10:00; only now the clocks start,
    # and the 23rd does not count. Review 10-12, 0. Then 8 and 9 Oct. statutory: 24 Sep to 9 Oct, 8.
    # gross: nothing in (22, 22], + 23 … 9 = 9. cd: 22 Sep to 9 Oct.
    "not yet accepted": (
        {"case_type": "project", "submitted": "2021-09-22 16:30"},
        {},
        (8, 2, 1, 9, 17),
        "2021-10-09 10:40",
    ),
    # Sent back before acceptance, corrected by the 23rd 10:00 (one working day since the 22nd
    # 10:00); second check 15 min: accepted on the 23rd. Review to 13:15. gross: 17, 18, 22 + 9.
    "correction under way": (
        {"case_type": "project", "submitted": "2021-09-16"}
        | {"under_way": "one/correction=2021-09-22 10:00"},
        {},
        (8, 2, 1, 12, 23),
        "2021-10-09 10:40",
    ),
    # A is done, B accepted; the start is the make-up Sunday, 26 Sep, on which B is decided.
    # (10, 25] = 13, 14, 15, 16, 17, 18, 22, 23, 24 = 9; paused 0, 3, 4; + 1. gross: 7, 8, 9, 10
    # and 9, + 1. cd: 6 to 26.
    "at the last matter": (
        {"case_type": "project", "submitted": "2021-09-06", "accepted_on": "2021-09-10"}
        | {"done": "A", "accepted": "two", "paused_wd": "3", "paused_net_wd": "4"}
        | {"paused_statutory_wd": "0"},
        {"period.start": "2021-09-26", "period.window": "{from: 2021-09-26, to: 2021-10-31}"},
        (10, 7, 6, 14, 20),
        "2021-09-26 10:10",
    ),
    # Counters. On the way to B's counter since the 22nd 16:00: one working day, to the 23rd 16:00.
    # Received and checked by 17:00, decided on the 24th 9-10: from the 23rd to the 24th, 1; net the
    # same, for the decision waits from 17:00 on. (14, 22] = 5, paused 1, 1 and 2. gross: (13, 22]
    # = 6, + 23, 24. cd: 13 to 24.
    "counters, on the way": (
        {"case_type": "project", "submitted": "2021-09-13", "accepted_on": "2021-09-14"}
        | {"done": "A", "under_way": "B/trip=2021-09-22 16:00", "paused_wd": "1"}
        | {"paused_net_wd": "2"},
        {"handling": "{one_window: false, parallel_approval: false}"},
        (5, 5, 4, 8, 11),
        "2021-09-24 10:10",
    ),
    # An open network: all clocks from the submission, 17 Sep. (17, 22] = 18, 22. The applicant has
    # the case since Sat 18th 15:00: 9 h of that day, 24 of the 22nd, 15 of the 23rd; so the 22nd is
    # paused, and so is the 23rd up to 15:00. Then 1 h.
    "open network": (
        {"case_type": "network", "submitted": "2021-09-17 10:00", "done": "a"}
        | {"under_way": "b=2021-09-18 15:00", "paused_wd": "1"},
        {},
        (1, 1, 1, 3, 6),
        "2021-09-23 16:00",
    ),
}


@pytest.mark.parametrize("name", HAND_CHECKED)
def test_clocks_go_on_as_worked_out_by_hand(name, tmp_path):
    row, changes, days, end = HAND_CHECKED[name]
    settings = [f"{path}={value}" for path, value in changes.items()]
    model, done = simulated(
        written(tmp_path, as_csv([{"case": "c", **row}]), HAND, settings=settings)
    )
    start = dt.datetime.combine(model.scenario.period.start, dt.time())
    assert str(start + dt.timedelta(seconds=int(done.schedule.end.max()))) == f"{end}:00"
    (limit,) = [
        limit
        for limit in read_limits(model.scenario, done)
        if limit.limit.case_type == row["case_type"]
    ]
    clocks = limit.readings.clocks
    assert tuple(int(clocks[clock].value[0]) for clock in clocks) == days


# --- the strongest check: the same as if the simulation had begun earlier ------------------------

WHOLE = """
name: Whole
period: {start: 2021-08-09, window: {from: 2021-08-09, to: 2021-10-11}, run_out: 120 cd}
hours:
  office: {week: {mon-fri: "9:00-12:00 13:00-17:00"}}
  leader: {week: {mon-fri: "16:00-17:00"}}
departments: {land: {counter: counter}, water: {counter: counter}}
pools: {counter: {}, handlers: {department: land}, experts: {department: water}, leader: {}}
staff:
  windows: {serves: [counter], count: 220, hours: office, closing: finish}
  handlers: {serves: [handlers], count: 140, hours: office, closing: finish}
  experts: {serves: [experts], count: 220, hours: office, closing: finish}
  leader: {serves: [leader], count: 220, hours: leader, closing: finish}
case_types:
  project:
    arrivals: {every: 150 min}
    attributes: {kind: {shares: {x: 0.5, y: 0.5}}}
    window: {pool: counter, transfer_out: {constant: 0.5 wd}, transfer_back: {constant: 0.25 wd}}
    trip: {constant: 1.5 wd}
    stages: {one: {lead: land}, two: {lead: water}}
    matter_defaults: {intake: 30 min, check: 1 h, delivery: 10 min}
    matters:
      A:
        department: land
        stage: one
        correction: {probability: 1.0, again: 0.0, turnaround: {constant: 3 wd}, redo: 0.5}
        review: {handle: {pool: handlers, work: 3 h}, sign: {pool: leader, work: 30 min}}
        review_correction:
          {probability: 1.0, again: 1.0, max_rounds: 2, turnaround: {constant: 40 h}, redo: 0.25}
        co_review: {other: {pool: experts, work: 2 h}}
        special: {expert: {delay: {constant: 2 wd}, if: {kind: x}}}
        publicity: 7 cd
        decision: {pool: leader, work: 30 min}
      B:
        department: water
        stage: one
        if: {kind: y}
        requires: [A]
        review: {handle: {pool: experts, work: 2 h}}
        decision: {pool: leader, work: 10 min}
      P: {department: land, stage: two, requires: [A], at_window: false, publicity: 5 wd}
      C:
        department: water
        stage: two
        requires: [A]
        review: {handle: {pool: experts, work: 2 h}}
        special: {visit: {pool: experts, work: 1 h}}
        decision: {pool: leader, work: 10 min}
      D:
        department: land
        stage: two
        requires: [P, C]
        third_party: true
        review: {handle: {pool: experts, work: 2 h}}
        decision: {pool: leader, work: 10 min}
  network:
    arrivals: {every: 5 h}
    attributes: {kind: {shares: {x: 0.4, y: 0.6}}}
    steps:
      a: {pool: experts, work: 30 min}
      b: {after: [a], delay: {constant: 2 wd}, owner: applicant}
      c: {after: [a], delay: 10 cd, owner: publicity, if: {kind: x}}
      d: {after: [b, c], pool: leader, work: 30 min}
      e: {after: [d], delay: 3 wd, owner: third_party}
      f: {after: [e], pool: experts, work: 10 min}
limits:
  all: {case_type: project, limit: 20 wd}
  later: {case_type: project, limit: 10 wd, scope: {stages: [two]}}
  net: {case_type: network, limit: 10 wd}
"""

HANDLINGS = {
    "today": "handling: {}",
    "counters": "handling: {one_window: false}",
    "serial counters": "handling: {one_window: false, parallel_approval: false}",
    "pre-review": "handling: {pre_review: true}",
    "start day counts": "calendar: {count_start_day: true}",
    "gross span decides": "limits: {all: {clock: gross_span}}",
}


def from_then_on(day, tmp_path, handling):
    """Simulate the whole, cut it, and start again on that day from what is open."""
    folder = tmp_path / "whole"
    folder.mkdir()
    (folder / "s0.yaml").write_text(WHOLE, encoding="utf-8")
    (folder / "s1.yaml").write_text(f"extends: s0.yaml\n{handling}\n", encoding="utf-8")
    # Cases that arrive later do not matter: with so many officers nobody waits for another case.
    model = Model(load(folder / "s1.yaml", settings=[f"period.window.to={day}"]))
    whole, dues = with_dues(model)
    rows, _ = cut(model, whole, day)
    assert len(rows) >= 300
    nothing_more = f"""
        period: {{start: {day}, window: {{from: {day}, to: 2021-10-11}}}}
        case_types:
          project: {{arrivals: {{every: null, at: []}}}}
          network: {{arrivals: {{every: null, at: []}}}}
    """
    then = Model(written(tmp_path, as_csv(rows), WHOLE, handling, nothing_more))
    return (model, whole, dues), (then, *with_dues(then, 99))


SUNDAY = dt.date(2021, 9, 26)
"""It works."""
DAYS = [
    dt.date(2021, 9, 16),  # a plain Thursday
    dt.date(2021, 9, 18),  # make-up Saturday
    dt.date(2021, 9, 27),  # Monday
    dt.date(2021, 10, 1),  # the first day of the holiday
    dt.date(2021, 10, 9),  # make-up Saturday after it
]
EVERY = [
    pytest.param(day, name, marks=[] if day == SUNDAY else [pytest.mark.study])
    for day in (SUNDAY, *DAYS)
    for name in HANDLINGS
]


@pytest.mark.parametrize(("day", "handling"), EVERY, ids=str)
def test_three_hundred_open_cases_go_on_as_if_the_simulation_had_begun_earlier(
    day, handling, tmp_path
):
    (model, whole, dues), (then, rest, dues_then) = from_then_on(day, tmp_path, HANDLINGS[handling])
    count = model.scenario.calendar.count_start_day
    before = int(model.working_days.cumulative[(day - model.scenario.period.start).days - 1])
    for case_type, open_cases in rest.demand.backlog.items():
        cases = [int(name[1:]) for name in open_cases.name]
        assert len(cases) >= 30
        assert ends_of(then, rest, open_cases.case) == ends_of(model, whole, cases)
        expected = clocks_of(model, whole, case_type, None, cases, count_start_day=count)
        found = clocks_of(then, rest, case_type, None, open_cases.case, count_start_day=count)
        assert found == expected
        matters = model.scenario.case_types[case_type].matters
        scope = [name for name, matter in matters.items() if matter.stage == "two"]
        if scope:  # its own dates are stated, its pauses are not
            for clock in ("gross_span", "calendar_days"):
                expected = clocks_of(model, whole, case_type, scope, cases)[clock]
                assert clocks_of(then, rest, case_type, scope, open_cases.case)[clock] == expected
        left = [due + before for due in last_dues(rest, dues_then, open_cases.case)]
        assert left == last_dues(whole, dues, cases)


def last_dues(history, dues, cases):
    last = history.demand.workload.first_item[1:] - 1
    return [dues.deadlines.due(int(last[case]), history.schedule.stopped_s) for case in cases]


# --- measures -----------------------------------------------------------------------------------


@pytest.mark.parametrize("measured", [True, False])
def test_backlog_cases_are_measured_if_asked_for_and_can_be_told_apart(measured, tmp_path):
    scenario = generated(tmp_path, GENERATED, settings=[*SETTINGS, f"backlog.measured={measured}"])
    result = experiment(scenario, replications=2, seed=1)
    names = result.cases["backlog"]
    assert names.notna().sum() == (200 if measured else 0)
    assert names.isna().sum() > 0
    if measured:
        open_ones = result.cases[names.notna()]
        assert (open_ones["arrival"] < "2021-09-23").all()
        assert set(open_ones["case_type"]) == {"project", "network"}


def test_blame_and_time_in_the_system_begin_at_the_start(tmp_path):
    rows = [{"case": "c", **HAND_CHECKED["waiting for review"][0]}]
    settings = ["limits.all.limit=5 wd"]
    model, done = simulated(written(tmp_path, as_csv(rows), HAND, settings=settings))
    limits = read_limits(model.scenario, done)
    summary = summarise_replication(model, 0, done, limits, ())
    assert limits[0].standing["promised"].tolist() == [Standing.LATE]
    # From Thu 23 Sep 0:00 to Sat 9 Oct 10:30: 8 whole working days, and 10.5 h of the ninth.
    assert summary.blamed["matter", "all"].total_wd.sum() == pytest.approx(8 + 10.5 / 24)
    # In the system from 13 Sep 0:00 to 9 Oct 10:40.
    assert summary.case_types["project"].sojourn_s.tolist() == [26 * 86_400 + 38_400]


def test_a_clock_that_has_stopped_keeps_its_days(tmp_path):
    # A and B are decided; only the delivery is left, on the 23rd at 9:00. (10, 22] = 13, 14, 15,
    # 16, 17, 18, 22 = 7, of which 5 after the decision. The gross span goes on: (6, 22] = 11, + 1.
    row = {"case": "c", "case_type": "project", "submitted": "2021-09-06"}
    row |= {"accepted_on": "2021-09-10", "done": "A;B/decision", "paused_wd": "5"}
    model, done = simulated(written(tmp_path, as_csv([row]), HAND))
    clocks = read_limits(model.scenario, done)[0].readings.clocks
    assert [int(reading.value[0]) for reading in clocks.values()] == [2, 2, 2, 12, 17]
    assert not any(reading.open[0] for reading in clocks.values())
    # The same if nobody ever delivers.
    never = written(tmp_path, as_csv([row]), HAND, settings=["staff.windows.from=2022-06-01"])
    model, done = simulated(never)
    clocks = read_limits(model.scenario, done)[0].readings.clocks
    assert [int(reading.value[0]) for reading in clocks.values()][:3] == [2, 2, 2]
    assert [bool(reading.open[0]) for reading in clocks.values()] == [False] * 3 + [True] * 2


def test_a_limit_on_some_matters_starts_on_their_own_dates(tmp_path):
    # B is decided on the 23rd. The case: (10, 22] = 13, 14, 15, 16, 17, 18, 22 and the 23rd, 8; its
    # gross span 7, 8, 9, 10 more. Stage two: (17, 22] = 18, 22 and the 23rd; gross the 17th more.
    row = {"case": "c", "case_type": "project", "submitted": "2021-09-06", "done": "A"}
    row |= {"accepted_on": "2021-09-10", "accepted": "two=2021-09-17"}
    row |= {"handed_in": "two=2021-09-16"}
    two = "limits: {two: {case_type: project, limit: 5 wd, scope: {stages: [two]}}}"
    model, done = simulated(written(tmp_path, as_csv([row]), HAND, two))
    days = {
        limit.limit.name: [int(each.value[0]) for each in limit.readings.clocks.values()]
        for limit in read_limits(model.scenario, done)
        if limit.limit.case_type == "project"
    }
    assert days == {"all": [8, 8, 8, 12, 17], "two": [3, 3, 3, 4, 7]}


def test_a_limit_whose_matters_are_all_done_leaves_the_case_out(tmp_path):
    row = {"case": "c", "case_type": "project", "submitted": "2021-09-06"}
    row |= {"accepted_on": "2021-09-10", "done": "A", "accepted": "two"}
    first = "limits: {first: {case_type: project, limit: 5 wd, scope: {matters: [A]}}}"
    model, done = simulated(written(tmp_path, as_csv([row]), HAND, first))
    readings = read_limits(model.scenario, done)
    standing = {limit.limit.name: limit.standing["promised"].tolist() for limit in readings}
    assert standing["first"] == [Standing.OUT_OF_SCOPE]
    assert standing["all"] == [Standing.ON_TIME]


def test_what_was_accepted_early_still_waits_for_what_it_requires(tmp_path):
    # B is accepted, as another way of working allowed; A, which it requires, is not even checked.
    row = {"case": "c", "case_type": "project", "submitted": "2021-09-13"}
    row |= {"accepted_on": "2021-09-14", "accepted": "two"}
    model, done = simulated(written(tmp_path, as_csv([row]), HAND))
    names = [model.process.nodes[node].name for node in done.demand.node]
    assert names[:2] == ["one/intake", "one/check"]
    assert "two/intake" not in names
    end = dict(zip(names, done.schedule.end.tolist(), strict=True))
    assert end["A/decision"] < end["B/decision"]
