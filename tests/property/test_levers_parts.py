"""A limit may bind a stage, a matter, or several together: `yingkou/base`, against a plain loop."""

from __future__ import annotations

import pytest

from sim.limits import resolved_limits
from sim.measures.limits import Standing, read_limit
from sim.process.graph import Mark, Pause
from sim.replications.model import Model
from sim.scenario import load

BY_LAW = {
    Pause.APPLICANT,
    Pause.CORRECTION_BEFORE_ACCEPTANCE,
    Pause.THIRD_PARTY,
    Pause.SPECIAL_PROCEDURE,
}
PAUSES = {
    "statutory": BY_LAW,  # corrections after acceptance count: no law excludes them
    "promised": BY_LAW | {Pause.CORRECTION_AFTER_ACCEPTANCE, Pause.PUBLICITY},
}
PARTS = {
    # name: scope, limit, clock, the matters it binds
    "land_5": ("{stages: [land]}", 5, "promised", {"LUP", "LAND"}),
    "works_15": ("{stages: [works]}", 15, "promised", {"DES", "PUB", "CAD", "CPP"}),
    "construction_10": (
        "{stages: [construction]}",
        10,
        "promised",
        {"DWG", "FIRE", "QSS", "CP"},
    ),
    "design_20": ("{matters: [DES]}", 20, "statutory", {"DES"}),
    "permits_20": ("{matters: [LUP, CPP]}", 20, "statutory", {"LUP", "CPP"}),
    "land_and_design": ("{stages: [land], matters: [DES]}", 20, "promised", {"LUP", "LAND", "DES"}),
}


@pytest.fixture(scope="module")
def base():
    settings = ["period.start=2021-01-04", "period.window={from: 2021-03-01, to: 2021-05-31}"]
    for name, (scope, days, clock, _) in PARTS.items():
        spec = f"{{case_type: project, scope: {scope}, limit: {days} wd, clock: {clock}}}"
        settings.append(f"limits.{name}={spec}")
    model = Model(load("yingkou/base", settings=settings))
    return model, model.replicate(1, 0)


def by_loop(model, done, case, matters, clock):
    """Return whether the case has ended here, and its working days; one date at a time."""
    nodes, s = model.process.nodes, done.schedule
    first = done.demand.workload.first_item
    items = [
        i
        for i in range(first[case], first[case + 1])
        if matters & set(nodes[done.demand.node[i]].covers)
    ]
    accepted = [int(s.end[i]) for i in items if done.demand.marks[i] & Mark.ACCEPTANCE]
    decided = [int(s.end[i]) for i in items if done.demand.marks[i] & Mark.DECISION]
    if not items or not accepted or min(accepted) < 0 or not decided or min(decided) < 0:
        return None
    start, stop = min(accepted), max(decided)
    days = set()
    for i in items:
        begin, end = max(int(s.ready[i]), start), min(int(s.end[i]), stop)
        if nodes[done.demand.node[i]].pause in PAUSES[clock] or s.end[i] < 0 or begin >= end:
            continue
        days |= set(range(begin // 86_400 + 1, end // 86_400 + 1))
    return sum(bool(model.working_days.working[day]) for day in days)


@pytest.mark.parametrize("name", PARTS)
def test_a_limit_on_a_part_counts_that_part_alone(base, name):
    model, done = base
    _, days, clock, matters = PARTS[name]
    limit = next(each for each in resolved_limits(model.scenario) if each.name == name)
    assert set(limit.scope.matters) == matters
    reading = read_limit(limit, done)
    seen = {Standing.ON_TIME: 0, Standing.LATE: 0}
    for k, case in enumerate(reading.readings.case):
        value = by_loop(model, done, int(case), matters, clock)
        standing = Standing(int(reading.standing[clock][k]))
        if value is None or standing not in seen:
            continue
        assert int(reading.readings.clocks[clock].value[k]) == value
        assert standing is (Standing.LATE if value > days else Standing.ON_TIME)
        seen[standing] += 1
    if name in {"land_5", "works_15"}:  # the others hold for every case of base
        assert min(seen.values()) > 0
    assert sum(seen.values()) > 50


def test_all_limits_hold_side_by_side(base):
    """A stage, a matter of it and the whole: each is judged by itself."""
    model, done = base
    names = {limit.name for limit in resolved_limits(model.scenario)}
    assert names == {"project_30", "project_45", "startup_2", *PARTS}
    tallies = {
        limit.name: read_limit(limit, done).tallies for limit in resolved_limits(model.scenario)
    }
    measured = {tallies[name]["promised"].measured for name in PARTS}
    assert measured == {tallies["project_30"]["promised"].measured}
