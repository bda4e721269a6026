"""A city with known values is found again from what it recorded; thin records stay honest."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib

import numpy as np
import pandas as pd
import pytest

import sim
from sim.fitting.fitted import Fitted
from sim.records.register import Register, State
from sim.scenario import ReadError, Scenario
from tests.build.fitted_city import (
    TRUTH,
    city,
    held,
    random_city,
    ranges,
    recorded_city,
    register_of_city,
    thinned,
)

STATES = {State.RECEIVED, State.ACCEPTED, State.PASSED, State.REFUSED}


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    return sim.fit(recorded_city())


def test_true_values_lie_in_their_ranges(fitted: Fitted) -> None:
    inside = held(fitted, TRUTH)
    assert inside.keys() == TRUTH.keys()
    missed = [path for path, holds in inside.items() if not holds]
    assert len(missed) <= 3, missed  # of 16 ranges of 90 %


def test_every_estimate_is_near_the_truth(fitted: Fitted) -> None:
    found = ranges(fitted)
    for path, true in TRUTH.items():
        value = found[path][0] / (60 if path.endswith("work.mean") else 1)
        assert value == pytest.approx(true, rel=0.35), path


def test_names_of_officers_make_no_difference() -> None:
    """They are hashed with a new key each time records are read: their order means nothing."""
    register = recorded_city()
    events = register.events
    late = events["at"] > events["at"].quantile(0.6)
    leaves = events["officer"].cat.codes % 2 == 0
    officer = events["officer"].astype(str).mask(late & leaves, "")
    texts = set()
    for key in ("one", "another", "a third"):
        names = {name: hash_of(key + name) if name else "" for name in officer.unique()}
        renamed = events.assign(officer=officer.map(names).astype("category"))
        texts.add(sim.fit(dataclasses.replace(register, events=renamed)).text)
    assert len(texts) == 1


def hash_of(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


@pytest.mark.study
def test_invented_cities_are_found_again() -> None:
    inside = []
    for number in range(4):
        scenario, truth = random_city(number)
        inside += held(sim.fit(register_of_city(scenario, 0)), truth).values()
    assert len(inside) >= 60
    assert sum(inside) >= 0.75 * len(inside)  # of ranges of 90 %; forty cities: docs/how-to/fit.md


def test_structure_officers_and_hours_are_found_again(fitted: Fitted) -> None:
    scenario, true = fitted.scenario, city()
    project, truth = scenario.case_types["project"], true.case_types["project"]
    assert {m: set(s.requires) for m, s in project.matters.items()} == {
        m: set(s.requires) for m, s in truth.matters.items()
    }
    assert project.matters["FIRE"].when == {"big": "yes"}
    assert not project.matters["PUB"].at_window
    assert str(project.matters["PUB"].publicity) == "legal 7 cd"
    assert {m: str(s.promised) for m, s in project.matters.items() if s.promised} == {
        "LAND": "10 wd",
        "WORKS": "7 wd",
    }
    assert str(project.stages["land"].budget) == "10 wd"
    assert {name: group.count for name, group in scenario.staff.items()} == {
        name: group.count for name, group in true.staff.items()
    }
    for pool, hours in {"hall": "office", "planners": "office", "chief": "leader"}.items():
        assert scenario.hours[pool].week == true.hours[hours].week
    assert scenario.handling.one_window
    assert scenario.handling.parallel_approval


def test_the_scenario_says_where_its_values_come_from(fitted: Fitted) -> None:
    known = {".".join(map(str, p.path)): p for p in fitted.scenario.provenance.parameters()}
    one = known["case_types.project.matters.LAND.correction.probability"]
    assert one.source.text.startswith("measured: records, n = ")
    assert one.range is not None
    untold = known["case_types.project.window.transfer_back"]
    assert untold.source.kind == "assumed"


def test_the_fitted_scenario_is_as_busy_and_needs_about_the_same_days(fitted: Fitted) -> None:
    settings = [
        "period={start: 2021-01-05, window: {from: 2021-04-01, to: 2021-12-31}}",
        "limits={all: {case_type: project, limit: 30 wd, clock: gross_span}}",
    ]
    true, found = (
        sim.run(sim.vary(one, settings=settings), replications=8, seed=3, jobs=1)
        for one in (city(), fitted.scenario)
    )
    busy, fitted_busy = (r.pools.set_index("name")["utilisation"].to_dict() for r in (true, found))
    assert fitted_busy == pytest.approx(busy, abs=0.08)
    days, fitted_days = (r.limits[r.limits["decides"]]["p50"].iloc[0] for r in (true, found))
    assert fitted_days == pytest.approx(days, rel=0.2)


def test_nothing_after_the_date_is_used() -> None:
    until = dt.date(2021, 12, 31)
    early = sim.fit(recorded_city(), until=until)
    cut = np.datetime64("2022-01-01")
    before = recorded_city().events
    register = thinned(recorded_city(), np.unique(before["item"][before["at"] < cut]))
    events = register.events[register.events["at"] < cut].reset_index(drop=True)
    alone = dataclasses.replace(
        register, events=events, as_of=np.datetime64("2021-12-31T23:59:59", "ms")
    )
    assert early.text == sim.fit(alone).text


# --- thin and bad records ---------------------------------------------------------------------


def few(register: Register) -> Register:
    return thinned(register, np.arange(30))


def one_month(register: Register) -> Register:
    events = register.events
    first = events["at"].min()
    inside = events["at"] < first + pd.Timedelta(days=30)
    thin = thinned(register)
    return dataclasses.replace(thin, events=events[inside].reset_index(drop=True), as_of=None)


def no_officers(register: Register) -> Register:
    empty = pd.Categorical([""] * len(register.events))
    return thinned(register, officer=empty, office=empty)


def only_ends(register: Register) -> Register:
    thin = no_officers(register)
    ends = thin.events["state"].isin([State.PASSED, State.REFUSED])
    return dataclasses.replace(thin, events=thin.events[ends].reset_index(drop=True))


def midnight(register: Register) -> Register:
    return thinned(register, at=register.events["at"].dt.normalize())


def one_case(register: Register) -> Register:
    return thinned(register, np.array([0]))


THIN = {
    "few": (few, "few"),
    "one_month": (one_month, "short"),
    "no_officers": (no_officers, "no_officers"),
    "only_ends": (only_ends, "effort_unknown"),
    "midnight": (midnight, "dates_only"),
    "one_case": (one_case, "few"),
}


@pytest.mark.parametrize("name", THIN)
def test_thin_records_give_a_scenario_that_says_so(name: str) -> None:
    make, remark = THIN[name]
    fitted = sim.fit(make(recorded_city()))
    assert isinstance(fitted.scenario, Scenario)
    assert remark in {one.kind for one in fitted.remarks}
    sim.Model(fitted.scenario).demand.draw(1, 0, compiled=False)


@pytest.mark.parametrize("name", ["few", "one_month", "midnight"])
def test_thin_records_give_no_narrow_lie(name: str, fitted: Fitted) -> None:
    make, _ = THIN[name]
    thin, full = (ranges(f) for f in (sim.fit(make(recorded_city())), fitted))
    for path in ("matters.WORKS.decision.work.mean", "matters.LAND.correction.probability"):
        if path in thin and path in full:
            assert thin[path][2] - thin[path][1] > 1.5 * (full[path][2] - full[path][1]) or (
                name == "midnight" and "probability" in path
            ), path
    work = thin.get("matters.WORKS.decision.work.mean")
    assert work is None or work[1] <= 300 <= work[2]  # 5 h, in minutes


def test_records_without_any_state_are_refused() -> None:
    register = recorded_city()
    blank = thinned(register, state=np.zeros(len(register.events), np.int8))
    with pytest.raises(ReadError, match="nothing to fit"):
        sim.fit(blank)


def test_order_is_inferred_where_no_process_table_says_it() -> None:
    register = recorded_city()
    alone = dataclasses.replace(thinned(register), matters=register.matters.iloc[:0])
    fitted = sim.fit(alone)
    requires = {
        m: set(s.requires) for m, s in fitted.scenario.case_types["project"].matters.items()
    }
    assert len(requires) == 4
    assert "order_inferred" in {one.kind for one in fitted.remarks}
    by_label = {str(s.label): m for m, s in fitted.scenario.case_types["project"].matters.items()}
    land, pub, works = (by_label[text] for text in ("用地许可", "PUB", "WORKS"))
    assert requires[pub] == {land}
    assert requires[works] == {pub}
