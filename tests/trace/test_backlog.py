"""Starting from today: the clocks of open cases go on exactly.

China, autumn 2021: **Sat 18 Sep works** (make-up), Sun 19 to Tue 21 off, **Sun 26 Sep works**,
Fri 1 to Thu 7 Oct off, **Sat 9 Oct works**. Office 9-12 and 13-17; the leader signs 16-17.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.engine import NO_LIMIT, EventKind
from sim.engine.deadlines import Deadlines
from sim.experiments import run as experiment
from sim.experiments.model import Model
from sim.experiments.summary import read_limits, summarise_replication
from sim.measures.checks import run_checks
from sim.measures.limits import Standing
from sim.process import Mark
from sim.scenario import Scenario, ScenarioError, load
from tests.trace.backlogs import as_csv, clocks_of, cut, ends_of

HAND = """
name: Hand
period: {start: 2021-09-23, window: {from: 2021-09-23, to: 2021-10-31}, run_out: 60 cd}
hours:
  office: {week: {mon-fri: "9:00-12:00 13:00-17:00"}}
  leader: {week: {mon-fri: "16:00-17:00"}}
departments: {land: {counter: counter}, water: {counter: counter}}
pools: {counter: {}, handlers: {department: land}, leader: {department: land}}
staff:
  windows: {serves: [counter], count: 2, hours: office}
  handlers: {serves: [handlers], count: 2, hours: office}
  leader: {serves: [leader], count: 1, hours: leader}
case_types:
  project:
    arrivals: {at: []}
    attributes: {kind: {shares: {x: 0.5, y: 0.5}}}
    window: {pool: counter, transfer_out: 0 min, transfer_back: 0 min}
    trip: {constant: 1 wd}
    stages: {one: {lead: land}, two: {lead: water}}
    matter_defaults: {intake: 30 min, check: 30 min, delivery: 10 min}
    matters:
      A:
        department: land
        stage: one
        correction: {probability: 0.0, turnaround: {constant: 1 wd}, redo: 0.5}
        review: {handle: {pool: handlers, work: 2 h}}
        publicity: 7 cd
        decision: {pool: leader, work: 30 min}
      B:
        department: water
        stage: two
        requires: [A]
        decision: {pool: handlers, work: 1 h}
  network:
    arrivals: {at: []}
    steps:
      a: {pool: handlers, work: 1 h}
      b: {after: [a], delay: {constant: 2 wd}, owner: applicant}
      c: {after: [b], pool: handlers, work: 1 h}
limits:
  all: {case_type: project, limit: 20 wd}
  net: {case_type: network, limit: 10 wd}
"""


def written(folder: Path, rows: bytes | str, *texts: str, settings=()) -> Scenario:
    """Load scenarios laid over each other, with a backlog file."""
    content = rows if isinstance(rows, bytes) else dedent(rows).strip().encode()
    (folder / "open.csv").write_bytes(content + b"\n")
    for number, text in enumerate((*texts, "backlog: {file: open.csv}")):
        extends = f"extends: s{number - 1}.yaml\n" if number else ""
        (folder / f"s{number}.yaml").write_text(extends + dedent(text), encoding="utf-8")
    return load(folder / f"s{len(texts)}.yaml", settings=settings)


def simulated(scenario: Scenario, seed=1):
    model = Model(scenario)
    done = model.replicate(seed, 0)
    limits = read_limits(model, done)
    checks = run_checks(
        done.demand, done.supply, done.schedule, model.horizon_s, [r.readings for r in limits]
    )
    assert all(check.ok for check in checks), checks
    return model, done


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
    # to Sat 16th; signed on Mon 18th: 1; B decided on Tue 19th: 1. promised 4, net 3.
    # statutory: 1 + 9, 11, 12, 13, 14, 15, 18, 19 = 9. gross: 30, 8 + 8. cd: 29 Sep to 19 Oct.
    "start on a make-up Saturday": (
        AT_REVIEW | {"submitted": "2021-09-29", "accepted_on": "2021-09-30"},
        {"period.start": "2021-10-09", "period.window": "{from: 2021-10-09, to: 2021-10-31}"},
        (9, 4, 3, 10, 20),
        "2021-10-19 10:40",
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
        limit for limit in read_limits(model, done) if limit.promise.case_type == row["case_type"]
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
  ample: {serves: [counter, handlers, experts], count: 400, hours: office, closing: finish}
  leader: {serves: [leader], count: 600, hours: leader, closing: finish}
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


class _Dues:
    """Keeps the engine's due days up to date from what is observed."""

    def __init__(self, workload):
        self.deadlines = Deadlines(workload)

    def event(self, t, kind, case, item, officer):
        if kind is EventKind.READY:
            self.deadlines.item_ready(item, case, t)
        elif kind is EventKind.END:
            self.deadlines.item_ended(item, case, t)


def with_dues(model, seed):
    dues = _Dues(model.demand.draw(seed, 0).workload)
    return model.replicate(seed, 0, dues), dues.deadlines.due


def from_then_on(day, tmp_path, handling):
    """Simulate the whole, cut it, and start again on that day from what is open."""
    folder = tmp_path / "whole"
    folder.mkdir()
    (folder / "s0.yaml").write_text(WHOLE, encoding="utf-8")
    (folder / "s1.yaml").write_text(f"extends: s0.yaml\n{handling}\n", encoding="utf-8")
    # Cases that arrive later do not matter: with so many officers nobody waits for another case.
    model = Model(load(folder / "s1.yaml", settings=[f"period.window.to={day}"]))
    whole, due = with_dues(model, 1)
    rows, _ = cut(model, whole, day)
    assert len(rows) >= 300
    nothing_more = f"""
        period: {{start: {day}, window: {{from: {day}, to: 2021-10-11}}}}
        case_types:
          project: {{arrivals: {{every: null, at: []}}}}
          network: {{arrivals: {{every: null, at: []}}}}
    """
    then = Model(written(tmp_path, as_csv(rows), WHOLE, handling, nothing_more))
    return (model, whole, due), (then, *with_dues(then, 99))


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
    pytest.param(day, name, marks=[] if day == SUNDAY or name == "today" else [pytest.mark.slow])
    for day in (SUNDAY, *DAYS)
    for name in HANDLINGS
]


@pytest.mark.parametrize(("day", "handling"), EVERY, ids=str)
def test_three_hundred_open_cases_go_on_as_if_the_simulation_had_begun_earlier(
    day, handling, tmp_path
):
    (model, whole, due), (then, rest, due_then) = from_then_on(day, tmp_path, HANDLINGS[handling])
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
        if handling != "gross span decides":  # there the engine starts anew on acceptance
            assert [due_then[c] + before for c in open_cases.case] == [due[c] for c in cases]


# --- streams ------------------------------------------------------------------------------------

DRAWN = (
    ("case_types.project.arrivals", "{at: null, every: {exponential: 5 h}}"),
    ("case_types.network.arrivals", "{at: null, every: {exponential: 9 h}}"),
    ("case_types.project.matters.A.review.handle.work", "{exponential: 2 h}"),
    ("case_types.project.matters.A.correction", "{probability: 0.5, again: 0.5}"),
)
SETTINGS = [f"{path}={value}" for path, value in DRAWN]
GENERATED = """
backlog:
  generate:
    project:
      - {count: 40, at: A, age: {uniform: {low: 3 wd, high: 12 wd}}, attributes: {kind: x}}
      - {count: 30, at: B, age: {exponential: 20 wd}}
      - {count: 20, at: A, age: 2 wd, accepted: false}
    network:
      - {count: 10, at: c, age: 4 wd}
"""


def generated(folder: Path, *texts: str, settings=SETTINGS) -> Scenario:
    for number, text in enumerate((HAND, *texts)):
        extends = f"extends: s{number - 1}.yaml\n" if number else ""
        (folder / f"s{number}.yaml").write_text(extends + dedent(text), encoding="utf-8")
    return load(folder / f"s{len(texts)}.yaml", settings=settings)


def test_a_backlog_changes_no_draw_of_a_case_that_arrives(tmp_path):
    without = Model(generated(tmp_path)).demand.draw(1, 0)
    with_one = Model(generated(tmp_path, GENERATED)).demand.draw(1, 0)
    cases = len(with_one.case_type) - len(without.case_type)
    assert cases == 100
    items = int(with_one.workload.first_item[cases])
    assert items > 0
    for of_cases in ("arrival_s", "limit_wd", "measured"):
        mine = getattr(with_one.workload, of_cases)[cases:]
        assert np.array_equal(mine, getattr(without.workload, of_cases))
    for of_items in ("pool", "amount", "delay_rule", "priority", "counted", "starts_clock"):
        mine = getattr(with_one.workload, of_items)[items:]
        assert np.array_equal(mine, getattr(without.workload, of_items)), of_items
    assert np.array_equal(with_one.node[items:], without.node)
    assert np.array_equal(with_one.marks[items:], without.marks)
    assert np.array_equal(with_one.outcome[cases:], without.outcome)
    links = int(with_one.workload.pred_ptr[items])
    assert np.array_equal(with_one.workload.pred[links:] - items, without.workload.pred)
    for name, codes in without.attributes.items():
        assert np.array_equal(with_one.attributes[name][cases:], codes)
    # and the engine gives them the same due days
    assert with_one.workload.due_wd is not None
    limited = without.workload.limit_wd != NO_LIMIT
    due = np.array(Deadlines(without.workload).due)[limited]
    assert np.array_equal(np.array(Deadlines(with_one.workload).due)[cases:][limited], due)


def test_draws_of_the_backlog_are_not_those_of_arriving_cases(tmp_path):
    demand = Model(generated(tmp_path, GENERATED)).demand.draw(1, 0)
    name = [node.name for node in Model(generated(tmp_path)).process.nodes]
    review = np.array([name[node] == "A/review/handle" for node in demand.node])
    was_open = demand.case < 100
    mine, other = (demand.workload.amount[review & which] for which in (was_open, ~was_open))
    assert len(mine) == 60
    assert not np.array_equal(mine[: len(other)], other[: len(mine)])


def test_a_generated_backlog_has_the_groups_that_are_asked_for(tmp_path):
    model, done = simulated(generated(tmp_path, GENERATED))
    open_cases = done.demand.backlog["project"]
    group = np.array([int(name.split("-")[1]) for name in open_cases.name])
    assert np.bincount(group).tolist() == [0, 40, 30, 20]
    age = open_cases.past.count(open_cases.submitted_s // 86_400)
    assert age[group == 1].min() >= 3
    assert age[group == 1].max() <= 11  # parts of a day are cut off
    assert age[group == 3].tolist() == [2] * 20
    kind = done.demand.attributes["kind"][open_cases.case]
    assert set(kind[group == 1]) == {done.demand.attribute_values["kind"].index("x")}
    assert len(set(kind[group == 2])) == 2
    # Clocks run as long as the case is old, where it has been accepted.
    started = open_cases.started(None, by_acceptance=True)
    used = open_cases.used_wd("promised", started)
    assert np.array_equal(used[group != 3], age[group != 3])
    assert used[group == 3].tolist() == [0] * 20
    # A is done for those that have come to B, and B is accepted: one step is left, and delivery.
    left = np.diff(done.demand.workload.first_item)[open_cases.case]
    assert set(left[group == 2]) == {2}
    assert np.array_equal(np.diff(open_cases.submitted_s) >= 0, np.ones(89, bool))
    assert simulated(generated(tmp_path, GENERATED))[1].schedule.end.tolist() == (
        done.schedule.end.tolist()
    )
    other = model.demand.draw(1, 1).backlog["project"]
    assert not np.array_equal(other.submitted_s, open_cases.submitted_s)


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
    limits = read_limits(model, done)
    summary = summarise_replication(model, done, limits)
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
    clocks = read_limits(model, done)[0].readings.clocks
    assert [int(reading.value[0]) for reading in clocks.values()] == [2, 2, 2, 12, 17]
    assert not any(reading.open[0] for reading in clocks.values())
    # The same if nobody ever delivers.
    never = written(tmp_path, as_csv([row]), HAND, settings=["staff.windows.from=2022-06-01"])
    clocks = read_limits(*simulated(never))[0].readings.clocks
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
        limit.promise.name: [int(each.value[0]) for each in limit.readings.clocks.values()]
        for limit in read_limits(model, done)
        if limit.promise.case_type == "project"
    }
    assert days == {"all": [8, 8, 8, 12, 17], "two": [3, 3, 3, 4, 7]}


def test_a_limit_whose_matters_are_all_done_leaves_the_case_out(tmp_path):
    row = {"case": "c", "case_type": "project", "submitted": "2021-09-06"}
    row |= {"accepted_on": "2021-09-10", "done": "A", "accepted": "two"}
    first = "limits: {first: {case_type: project, limit: 5 wd, scope: {matters: [A]}}}"
    model, done = simulated(written(tmp_path, as_csv([row]), HAND, first))
    readings = read_limits(model, done)
    standing = {limit.promise.name: limit.standing["promised"].tolist() for limit in readings}
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


def test_what_is_known_of_corrections_is_not_left_to_chance(tmp_path):
    # Half the cases are sent back, and each time half of these again, at most three times.
    kinds = {
        "first": {"under_way": "one/correction=2021-09-22 10:00"},
        "second": {"under_way": "one/correction/2=2021-09-22 10:00"},
        "waiting": {"done": "one/correction"},
        "in_order": {"done": "A/review/handle", "accepted": "one", "accepted_on": "2021-09-17"},
    }
    row = {"case_type": "project", "submitted": "2021-09-16"}
    rows = [row | kinds[k] | {"case": f"{k}{i}"} for k in kinds for i in range(300)]
    settings = [
        "case_types.project.matters.A.correction={probability: 0.5, again: 0.5}",
        "case_types.project.matters.A.review_correction={probability: 0.5, turnaround: 1 h}",
    ]
    model = Model(written(tmp_path, as_csv(rows), HAND, settings=settings))
    demand = model.demand.draw(1, 0)
    names = [node.name for node in model.process.nodes]
    found: dict[str, list[set[str]]] = {k: [] for k in kinds}
    for case, name in zip(
        demand.backlog["project"].case, demand.backlog["project"].name, strict=True
    ):
        first, last = demand.workload.first_item[case : case + 2]
        items = range(first, last)
        found[name.rstrip("0123456789")].append({names[demand.node[i]] for i in items})
        accepted = [names[demand.node[i]] for i in items if demand.marks[i] & Mark.ACCEPTANCE]
        assert len(accepted) == (1 if name.startswith("in_order") else 2)  # stage two; stage one
    assert all({"one/correction", "one/check/2"} <= each for each in found["first"])
    assert all("one/check" not in each for each in found["first"])
    assert all({"one/correction/2", "one/check/3"} <= each for each in found["second"])
    assert all(not {"one/correction", "one/check/2"} & each for each in found["second"])
    assert all("one/check/2" in each and "one/correction" not in each for each in found["waiting"])
    # A review that was done without a correction was in order.
    assert not any("review" in step for step in set().union(*found["in_order"]))
    assert any("A/review_correction" in each for each in found["first"])
    for kind, further in (
        ("first", "one/correction/2"),
        ("second", "one/correction/3"),
        ("waiting", "one/correction/2"),
    ):
        share = sum(further in each for each in found[kind]) / 300
        assert 0.4 < share < 0.6, kind  # 0.5 ± 3.5 standard errors of 0.029


def test_a_random_delay_under_way_is_longer_than_what_has_passed(tmp_path):
    row = {"case_type": "network", "submitted": "2021-09-20 09:00", "done": "a"}
    row |= {"under_way": "b=2021-09-20 10:00"}
    rows = [row | {"case": f"c{i}"} for i in range(400)]
    # Memoryless: of an exponential delay, what is left is as long as it was at first.
    settings = ["case_types.network.steps.b.delay={constant: null, exponential: 3 cd}"]
    demand = Model(written(tmp_path, as_csv(rows), HAND, settings=settings)).demand.draw(1, 0)
    left = demand.workload.amount[demand.workload.pool < 0]
    assert len(left) == 400
    assert (left > 0).all()
    assert 2.4 < left.mean() / 86_400 < 3.6  # 3 ± 4 standard errors of 0.15


# --- bad files ----------------------------------------------------------------------------------

GOOD = "case,case_type,submitted,accepted_on,accepted,done,under_way,paused_wd,kind,handed_in\n"

BAD = {
    "case type": (
        "a,projekt,2021-09-13,,,,,,,",
        "open.csv:2: case_type: 'projekt': no such case type; did you mean 'project'?",
    ),
    "matter": (
        "a,project,2021-09-13,2021-09-14,one,AA,,,,",
        "open.csv:2: done: 'AA': no such part of case type 'project'; did you mean 'A'?",
    ),
    "stage": (
        "a,project,2021-09-13,2021-09-14,onne,,,,,",
        "open.csv:2: accepted: 'onne': no such part of case type 'project'; did you mean 'one'?",
    ),
    "step": (
        "a,project,2021-09-13,,,one/chek,,,,",
        "open.csv:2: done: 'one/chek': no such part of case type 'project'; did you mean "
        "'one/check'?",
    ),
    "attribute value": (
        "a,project,2021-09-13,,,,,,z,",
        "open.csv:2: kind: 'z': no such value; valid: x, y",
    ),
    "attribute of another case type": (
        "a,network,2021-09-13,,,,,,x,",
        "open.csv:2: kind: 'x': cases of type 'network' have no such attribute; none is defined",
    ),
    "no date": (
        "a,project,13.9.2021,,,,,,,",
        "open.csv:2: submitted: '13.9.2021': must be a date such as 2024-03-01, or a time "
        "2024-03-01 09:30",
    ),
    "submitted after the start": (
        "a,project,2021-09-23,,,,,,,",
        "open.csv:2: submitted: '2021-09-23': must lie before the start, 2021-09-23",
    ),
    "a slip in the year": (
        "a,project,1021-09-13,,,,,,,",
        "open.csv:2: submitted: '1021-09-13': lies more than 40 years before the start",
    ),
    "no calendar": (
        "a,project,1999-09-13,,,,,,,",
        "open.csv:2: submitted: '1999-09-13': no working days of 1999 in CN: the data begin with "
        "2004",
    ),
    "accepted before submission": (
        "a,project,2021-09-13,2021-09-10,one,,,,,",
        "open.csv:2: accepted_on: '2021-09-10': lies before the submission, 2021-09-13",
    ),
    "accepted after the start": (
        "a,project,2021-09-13,2021-09-24,one,,,,,",
        "open.csv:2: accepted_on: '2021-09-24': must lie before the start, 2021-09-23",
    ),
    "accepted when": (
        "a,project,2021-09-13,,one,,,,,",
        "open.csv:2: accepted_on: is missing: the clock runs, for A is accepted",
    ),
    "accepted what": (
        "a,project,2021-09-13,2021-09-14,,,,,,",
        "open.csv:2: accepted_on: '2021-09-14': the clock runs, but 'accepted' and 'done' name "
        "nothing",
    ),
    "a network is not accepted": (
        "a,network,2021-09-13,2021-09-14,,,,,,",
        "open.csv:2: accepted_on: '2021-09-14': an open network has no acceptance: its clocks run "
        "from 'submitted'",
    ),
    "done without what it requires": (
        "a,project,2021-09-13,2021-09-14,two,B,,,,",
        "open.csv:2: done: 'B': is done, but 'A', which it requires, is not",
    ),
    "step done without the one before": (
        "a,network,2021-09-13,,,b,,,,",
        "open.csv:2: done: 'b': is done, but 'a' before it is not",
    ),
    "neither accepted nor sent back": (
        "a,project,2021-09-13,,,one/check,,,,",
        "open.csv:2: done: 'one/check': is done: name what is accepted, or the correction that is "
        "under way",
    ),
    "done with a date": (
        "a,project,2021-09-13,2021-09-14,,A=2021-09-15,,,,",
        "open.csv:2: done: 'A=2021-09-15': has no dates; name what is done, joined by ';'",
    ),
    "finished": (
        "a,project,2021-09-13,2021-09-14,,A;B,,,,",
        "open.csv:2: done: 'A;B': nothing is left to do; leave a finished case out",
    ),
    "under way and done": (
        "a,project,2021-09-13,2021-09-14,,A,A/publicity=2021-09-15 10:00,,,",
        "open.csv:2: under_way: 'A/publicity': is under way, but it, or what follows it, is done",
    ),
    "under way, and what follows is done": (
        "a,project,2021-09-13,2021-09-14,one,A/decision,A/publicity=2021-09-15 10:00,,,",
        "open.csv:2: under_way: 'A/publicity': is under way, but it, or what follows it, is done",
    ),
    "work under way": (
        "a,project,2021-09-13,2021-09-14,one,,A/review/handle=2021-09-15 10:00,,,",
        "open.csv:2: under_way: 'A/review/handle': is work, which begins anew; only delays can be "
        "under way",
    ),
    "under way since when": (
        "a,project,2021-09-13,2021-09-14,one,A/review/handle,A/publicity,,,",
        "open.csv:2: under_way: 'A/publicity': when did it begin? Write "
        "'A/publicity=2024-03-01 09:30'",
    ),
    "negative pause": (
        "a,project,2021-09-13,2021-09-14,one,,,-1,,",
        "open.csv:2: paused_wd: '-1': must be a whole number of working days, at least 0",
    ),
    # (14, 22] = 15, 16, 17, 18, 22
    "paused for longer than it ran": (
        "a,project,2021-09-13,2021-09-14,one,,,6,,",
        "open.csv:2: paused_wd: '6': only 5 working days have passed so far",
    ),
    "paused before it began": (
        "a,project,2021-09-13,,,,,2,,",
        "open.csv:2: paused_wd: '2': no clock runs that could have paused",
    ),
    "twice": (
        "a,network,2021-09-13,,,,,,,\na,network,2021-09-13,,,,,,,",
        "open.csv:3: case: 'a': is given twice; first in line 2",
    ),
    "no name": (",network,2021-09-13,,,,,,,", "open.csv:2: case: must not be empty"),
    "cells": ("a,network,2021-09-13", "open.csv:2: has 3 cells, but there are 10 columns"),
    "rows": ("", "open.csv: has no rows"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_mistake_is_told_with_line_column_value_and_rule(name, tmp_path):
    rows, message = BAD[name]
    with pytest.raises(ScenarioError) as error:
        Model(written(tmp_path, GOOD + rows, HAND))
    assert [str(problem) for problem in error.value.problems] == [message]


def test_a_bad_file_ends_the_program_with_2(tmp_path):
    written(tmp_path, GOOD + BAD["matter"][0], HAND)
    for command in ("check", "run"):
        result = CliRunner().invoke(app, [command, str(tmp_path / "s1.yaml")])
        assert result.exit_code == 2
        assert "open.csv:2: done: 'AA': no such part of case type 'project'" in result.stderr


def test_all_mistakes_are_told_together(tmp_path):
    rows = "a,projekt,2021-09-13,,,,,,,\n\nb,project,never,,,X,,-2,z,\nc,network,2021-09-23,,,,,,,"
    with pytest.raises(ScenarioError) as error:
        Model(written(tmp_path, GOOD + rows, HAND))
    assert [(problem.line, problem.key) for problem in error.value.problems] == [
        (2, "case_type"), (4, "submitted"), (4, "kind"), (4, "done"), (4, "paused_wd"),
        (5, "submitted"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("case,case_type,submited", "open.csv:1: has no column 'submitted'; did you mean"),
        ("case,case_type,submitted,pausd_wd", "open.csv:1: pausd_wd: unknown column; did you mean"),
        ("case,case_type,submitted,case", "open.csv:1: case: column is given twice"),
    ],
)
def test_columns_are_checked(header, message, tmp_path):
    with pytest.raises(ScenarioError) as error:
        Model(written(tmp_path, header + "\n" + ",".join("x" * (header.count(",") + 1)), HAND))
    assert str(error.value.problems[0]).startswith(message)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"case,case_type,submitted\n\xff,network,2021-09-13", "is not UTF-8 text"),
        (b'case,case_type,submitted\n"a"b,network,2021-09-13', "cannot be read as CSV"),
    ],
)
def test_what_is_no_csv_is_refused(content, message, tmp_path):
    with pytest.raises(ScenarioError, match=message):
        Model(written(tmp_path, content, HAND))


def test_a_stage_is_accepted_as_a_whole_at_one_window(tmp_path):
    both = "case_types: {project: {matters: {B: {stage: one}}}}"
    row = "a,project,2021-09-13,2021-09-14,A,,,,,"
    with pytest.raises(ScenarioError) as error:
        Model(written(tmp_path, GOOD + row, HAND, both))
    assert str(error.value) == (
        "open.csv:2: accepted: 'A': is accepted together with B; name them, or the stage"
    )
    counters = "handling: {one_window: false}"
    Model(written(tmp_path, GOOD + row, HAND, both, counters))  # each at its own counter


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ("{count: 1, at: AA, age: 1 wd}", "backlog.generate.project.0.at: no 'AA' here; did you"),
        ("{count: 1, at: A, age: 1 h}", "backlog.generate.project.0.age: '1 h': an age is measure"),
        (
            "{count: 1, at: A, age: 1 wd, attributes: {kind: z}}",
            "backlog.generate.project.0.attributes.kind: no 'z' here; valid: x, y",
        ),
        (
            "{count: 1, at: A, age: 1 wd, attributes: {knd: x}}",
            "backlog.generate.project.0.attributes.knd: no 'knd' here; did you mean 'kind'?",
        ),
        ("{count: 1, at: B, age: 1 wd, done: [AA]}", "backlog.generate.project.0.done: no 'AA'"),
    ],
)
def test_a_generated_backlog_is_checked(group, message, tmp_path):
    with pytest.raises(ScenarioError) as error:
        generated(tmp_path, f"backlog: {{generate: {{project: [{group}]}}}}")
    (problem,) = error.value.problems
    assert message in str(problem)


def test_a_generated_backlog_stays_within_the_calendar(tmp_path):
    old = "backlog: {generate: {project: [{count: 1, at: A, age: 6000 wd}]}}"
    model = Model(generated(tmp_path, old))
    with pytest.raises(ScenarioError, match="reaches back too far"):
        model.demand.draw(1, 0)


def test_file_and_generate_exclude_each_other(tmp_path):
    both = "backlog: {file: open.csv, generate: {project: [{count: 1, at: A, age: 1 wd}]}}"
    with pytest.raises(ScenarioError, match="give either file or generate"):
        generated(tmp_path, both)
