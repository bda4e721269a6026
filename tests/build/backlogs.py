"""Open cases for tests: small scenarios with a backlog, and simulations cut at a date."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import numpy as np

from sim.clocks import Counting, History, read_clocks
from sim.demand.backlog import COLUMNS
from sim.engine.contract import DAY_S, OPEN
from sim.limits import PRESETS, Scope, governing_limits
from sim.measures.checks import run_checks
from sim.process.graph import Mark, Role
from sim.replications.model import Model
from sim.replications.readings import read_limits
from sim.scenario import Scenario, load

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
    limits = read_limits(model.scenario, done)
    checks = run_checks(done, done.horizon_s, [r.readings for r in limits])
    assert all(check.ok for check in checks), checks
    return model, done


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


def cut(model: Model, whole: History, day: dt.date) -> tuple[list[dict[str, str]], list[int]]:
    """Return a row for each case that is open in the morning of the day, and its case number.

    The clocks are read from the schedule as it was known at midnight.
    """
    demand, schedule = whole.demand, whole.schedule
    start = model.scenario.period.start
    cut_s = (day - start).days * DAY_S
    known = replace(
        schedule,
        **{
            name: np.where(getattr(schedule, name) >= cut_s, OPEN, getattr(schedule, name))
            for name in ("ready", "start", "end")
        },
        stopped_s=cut_s - 1,
    )
    in_hand = (demand.workload.pool >= 0) & (known.start != OPEN) & (known.end == OPEN)
    assert not in_hand.any(), "work in hand would begin anew"
    began = demand.workload.arrival_s < cut_s
    left = np.bincount(demand.case[known.end == OPEN], minlength=len(began)) > 0
    rows, numbers = [], []
    for kind, case_type in enumerate(model.process.case_types):
        limit, *_ = governing_limits(model.scenario, case_type)
        readings = read_clocks(replace(whole, schedule=known), limit.scope)
        for case in np.flatnonzero(began & left & (demand.case_type == kind)):
            k = int(np.searchsorted(readings.case, case))
            row = _row(model, whole, known, int(case), case_type, start)
            law = readings.clocks["promised"]
            if law.started[k]:
                first = start + dt.timedelta(days=int(law.start_s[k]) // DAY_S)
                if model.scenario.case_types[case_type].matters:
                    row["accepted_on"] = first.isoformat()
                count = model.working_days.count_dates(first, day - dt.timedelta(days=1))
                for column, clock in (
                    ("paused_wd", "promised"),
                    ("paused_statutory_wd", "statutory"),
                    ("paused_net_wd", "net_approval"),
                ):
                    row[column] = str(count - int(readings.clocks[clock].value[k]))
            rows.append(row)
            numbers.append(int(case))
    return rows, numbers


def _row(model, whole, known, case, case_type, start):
    demand = whole.demand
    first, last = demand.workload.first_item[case : case + 2]
    items = range(first, last)
    nodes = {i: model.process.nodes[demand.node[i]] for i in items}
    midnight = dt.datetime.combine(start, dt.time())

    def instant(t):
        return midnight + dt.timedelta(seconds=int(t))

    row = dict.fromkeys(COLUMNS, "")
    row |= {"case": f"c{case}", "case_type": case_type}
    row["submitted"] = instant(demand.workload.arrival_s[case]).isoformat(" ")
    for name, codes in demand.attributes.items():
        if codes[case] >= 0:
            row[name] = demand.attribute_values[name][codes[case]]
    ended = {i for i in items if known.end[i] != OPEN}
    matters = list(model.scenario.case_types[case_type].matters)
    done, accepted, handed_in = [], [], []
    if not matters:
        # a step is over with its loops; within a loop, only single rounds are
        names = {node.name.split("/")[0] for node in nodes.values()}
        for name in sorted(names):
            own = [i for i in items if nodes[i].name.split("/")[0] == name]
            if all(i in ended for i in own):
                done.append(name)
            assert not any(i in ended for i in own) or name in done, "cut within a loop"
    has = {nodes[i].covers[0] for i in items if len(nodes[i].covers) == 1}
    over = {n for n in has if all(i in ended for i in items if nodes[i].covers == (n,))}
    for i in set(items) - ended:
        if over.issuperset(has & set(nodes[i].covers)):  # a delivery that is still to come
            over -= set(nodes[i].covers)
    for name in sorted(has, key=matters.index):
        own = [i for i in items if name in nodes[i].covers]
        if name in over:
            done.append(name)
        else:
            done += [nodes[i].name for i in own if i in ended and nodes[i].name not in done]
        for i in own:
            if demand.marks[i] & Mark.ACCEPTANCE and i in ended:
                day = instant(known.end[i]).date().isoformat()
                accepted.append(f"{name}={day}")
            if nodes[i].role is Role.INTAKE and known.ready[i] != OPEN:
                handed_in.append(f"{name}={instant(known.ready[i]).date().isoformat()}")
    row["done"], row["accepted"] = ";".join(done), ";".join(accepted)
    row["handed_in"] = ";".join(handed_in)
    row["under_way"] = "; ".join(
        f"{nodes[i].name}={instant(known.ready[i]).isoformat(' ')}"
        for i in items
        if demand.workload.pool[i] < 0 and known.ready[i] != OPEN and known.end[i] == OPEN
    )
    return row


def as_csv(rows: Sequence[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(key for row in rows for key in row)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def clocks_of(model, replication, case_type, matters, cases, *, count_start_day=False):
    """Return {clock: [value of each case]}."""
    counting = Counting(count_start_day=count_start_day)
    readings = read_clocks(replication, Scope(case_type, matters), counting)
    at = np.searchsorted(readings.case, cases)
    return {
        name: readings.clocks[name].value[at].tolist()
        for name, rule in PRESETS.items()
        if rule.resumes
    }


def ends_of(model, replication, cases):
    """Return when each case ended, in seconds since the beginning of all dates."""
    last = np.zeros(len(replication.demand.case_type), np.int64)
    np.maximum.at(last, replication.demand.case, replication.schedule.end)
    origin = model.scenario.period.start.toordinal() * DAY_S
    return (last[cases] + origin).tolist()
