"""Recorded months beside simulations: a right scenario fits, wrong ones are told where."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.clocks import History
from sim.engine import simulate
from sim.experiments.validate.observed import Instrument, Seen, known_outcomes
from sim.experiments.validate.validate import _Maker
from sim.process.graph import Outcome
from sim.records.history import recorded
from sim.records.register import Register, table
from sim.records.simulated import register_of
from sim.records.writing import write_register
from sim.replications.model import Model
from sim.scenario import ReadError
from tests.build.commands import command
from tests.build.fitted_city import CITY, city, recorded_city

START, LAST = dt.date(2022, 1, 3), dt.date(2022, 4, 10)
FEW = {"replications": 99, "seed": 5, "jobs": 1}


def states(register: Register) -> Register:
    """Return what a city has: states alone."""
    return dataclasses.replace(register, steps=table("steps"), courses=table("courses"))


@pytest.fixture(scope="module")
def right() -> sim.Validation:
    return sim.validate(recorded_city(), city(), start=START, to=LAST, **FEW)


# --- the answer -------------------------------------------------------------------------------


def test_a_right_scenario_fits(right: sim.Validation) -> None:
    assert right.fits
    assert not right.differing
    inside, months = right.coverage
    assert inside >= 0.6 * months
    at_start = {row.name for row in right.comparison_rows if row.period == "start"}
    assert at_start == {"all"}  # how long other clocks had paused is not known
    assert {row.differs for row in right.comparison_rows} == {""}


def test_intervals_of_single_numbers_lie_in_those_that_hold_together(
    right: sim.Validation,
) -> None:
    for row in right.comparison_rows:
        assert row.together_low <= row.simulated.value <= row.together_high
        assert row.simulated.low <= row.simulated.high


VOLUME = "case_types.project.arrivals.yearly.volume=900"
WORK = "case_types.project.matters.LAND.review.handle.work.gamma.mean=4 h"
WRONG = {
    "load": (VOLUME, "received", "project", "low"),
    "effort": (WORK, "days", "LAND", "longer"),
}


@pytest.mark.parametrize("name", [pytest.param("load", marks=pytest.mark.slow), "effort"])
def test_a_wrong_scenario_is_told_where_and_in_which_direction(name: str) -> None:
    setting, kind, about, direction = WRONG[name]
    wrong = sim.vary(city(), settings=[setting])
    found = sim.validate(states(recorded_city()), wrong, start=START, to=LAST, **FEW)
    assert not found.fits
    told = {(getattr(row, "kind", "days"), row.name): row.differs for row in found.differing}
    assert told[kind, about] == direction


@pytest.mark.slow
def test_replayed_arrivals_are_those_recorded() -> None:
    found = sim.validate(
        states(recorded_city()), city(), start=START, to=LAST, arrivals="replay", **FEW
    )
    assert found.fits
    assert not [row for row in found.comparison_rows if row.kind == "received"]
    fire = next(
        r for r in found.comparison_rows if (r.kind, r.name, r.period) == ("ended", "FIRE", "")
    )
    # Attributes are replayed too: how many need FIRE is known, but for the edges.
    assert fire.simulated.high - fire.simulated.low < 0.2 * fire.recorded


# --- both sides are read alike ----------------------------------------------------------------


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return _Maker(recorded_city(), city(), START, LAST).instrument


def seen(history: History, cut_s: int) -> Seen:
    later = history.demand.workload.arrival_s >= cut_s
    return Seen(history, cut_s, ~later & False, later)


@pytest.mark.parametrize("by_steps", [True, False])
def test_a_simulation_and_its_records_give_the_same_numbers(
    by_steps: bool, instrument: Instrument
) -> None:
    """A simulation that stops at the end, read as it is, and as its offices recorded it.

    States do not tell which application an item belongs to that is handed in again, nor that what
    waits for a refused matter of its case is over.
    """
    settings = [f"period={{start: 2021-01-04, window: {{from: 2021-01-04, to: {LAST}}}}}"]
    settings += [] if by_steps else ["case_types.project.matters.WORKS.refusal=null"]
    scenario = sim.vary(city(), settings=[*settings, "period.run_out=0 cd"])
    model = Model(scenario)
    demand = model.demand.draw(1, 0)
    everyone = np.ones(len(demand.case_type), np.bool_)
    workload = dataclasses.replace(demand.workload, measured=everyone)
    demand = dataclasses.replace(demand, workload=workload)
    supply = model.supply.draw(1, 0)
    schedule = simulate(demand.workload, supply, model.horizon_s)
    done = History(model.process, demand, supply, schedule)
    register = register_of(scenario, done)
    again = recorded(register if by_steps else states(register), scenario)
    cut = (START - dt.date(2021, 1, 4)).days * 86_400
    one, other = instrument.read(seen(done, cut)), instrument.read(seen(again.history, cut))
    for field in ("on_time", "undetermined", "judged", "decided", "in_hand", "received"):
        assert getattr(one, field).tolist() == getattr(other, field).tolist(), field
    assert [days.tolist() for days in one.days] == [days.tolist() for days in other.days]
    if by_steps:
        assert one.open_cases.tolist() == other.open_cases.tolist()


def test_a_failure_to_come_is_not_known() -> None:
    model = Model(city())
    history = model.replicate_to(120, 1, 0)
    outcome = history.demand.outcome
    assert (known_outcomes(history)[outcome == Outcome.DONE] == Outcome.DONE).all()
    cut = dataclasses.replace(history.schedule, end=np.full_like(history.schedule.end, -1))
    unknown = known_outcomes(dataclasses.replace(history, schedule=cut))
    assert (outcome != Outcome.DONE).any()
    assert (unknown == Outcome.DONE).all()


# --- bad input --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "message"),
    [
        (dt.date(2021, 1, 1), "records begin on 2021-01-0.*give a date by which"),
        (dt.date(2030, 1, 1), "records end on .*none can be compared.*give 2022-"),
        (dt.date(2022, 3, 30), "12 days can be compared; 28 days"),
    ],
)
def test_a_date_with_too_little_on_a_side_is_refused(start: dt.date, message: str) -> None:
    to = LAST if start.year == 2022 else None
    with pytest.raises(ReadError, match=message):
        sim.validate(recorded_city(), city(), start=start, to=to, **FEW)


def test_records_without_open_cases_are_refused() -> None:
    register = states(recorded_city())
    arrived = register.events.groupby("item")["at"].transform("min")
    later = register.events[arrived >= np.datetime64("2022-01-03")]
    early = register.events[register.events["at"] < np.datetime64("2021-03-01")]
    case = register.items["case"].to_numpy()
    ended = early[early["state"].isin([11, 13])]["item"]
    keep = set(case[ended]) - set(case[later["item"]])
    done = early[np.isin(case[early["item"]], sorted(keep))]
    import pandas as pd

    whole = pd.concat([done[done["item"].isin(ended)], later], ignore_index=True)
    fresh = dataclasses.replace(register, events=whole.astype(register.events.dtypes))
    with pytest.raises(ReadError, match="no case was open in the evening of 2022-01-02"):
        sim.validate(fresh, city(), start=START, to=LAST, **FEW)


def test_too_few_replications_and_odd_levels_are_refused() -> None:
    with pytest.raises(ValueError, match="20 are too few to tell anything; give 99 or more"):
        sim.validate(recorded_city(), city(), start=START, to=LAST, replications=20)
    with pytest.raises(ValueError, match="level: 1 must lie between 0 and 1"):
        sim.validate(recorded_city(), city(), start=START, to=LAST, level=1.0)


def test_days_that_states_do_not_tell_are_left_out_and_told() -> None:
    settings = [
        "limits.whole={case_type: project, limit: 40 wd, clock: gross_span}",
        "case_types.project.window.transfer_back=1 wd",
    ]
    scenario = sim.vary(city(), settings=settings)
    by_states = _Maker(states(recorded_city()), scenario, START, LAST)
    assert [(row.name, row.reason) for row in by_states.left_out] == [("whole", "delivery")]
    assert "whole" not in {limit.name for limit in by_states.instrument.limits}
    by_steps = _Maker(recorded_city(), scenario, START, LAST)
    assert not by_steps.left_out


# --- the command ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("validate")
    write_register(states(recorded_city()), folder / "events")
    (folder / "city.yaml").write_text(CITY, encoding="utf-8")
    return folder


def test_the_command_tells_the_answer_first_and_keeps_it(records: Path) -> None:
    out, page = records / "out", records / "validation.html"
    code, shown, told = command(
        "validate", records / "city.yaml", records / "events", "--from", START, "--to", LAST,
        "-n", 99, "-j", 1, "--out", out, "--report", page, "--check",
    )  # fmt: skip
    assert code == 0, told
    assert re.search(r"^FITS: .*p = 0\.\d+", shown, re.MULTILINE)
    kept = sim.read(out)
    assert isinstance(kept, sim.Validation)
    assert kept.fits
    text = page.read_text(encoding="utf-8")
    assert "FITS" in text
    assert "相符" in text


def test_a_fitted_scenario_is_made_of_what_came_before(records: Path) -> None:
    code, shown, told = command(
        "validate", records / "events", "--from", START, "--to", LAST, "-n", 99, "-j", 1,
        "--certain", "--json", "--check",
    )  # fmt: skip
    assert code in {0, 1}, told
    found = json.loads(shown)
    assert found["fitted"]
    assert (code == 0) == found["fits"]
    assert found["from"] == START.isoformat()


def test_options_of_a_scenario_need_one(records: Path) -> None:
    code, _, told = command("validate", records / "events", "--from", START, "--set", "a.b=1")
    assert code == 2
    assert "--set changes a scenario: name one before the records" in told
    code, _, told = command("validate", records / "events", "--from", START, "-n", 20)
    assert code == 2
    assert "--replications: 20 are too few" in told
    code, _, told = command("validate", records / "city.yaml", "--from", START)
    assert code == 2
    assert "is a scenario; name the records after it" in told


@pytest.mark.slow
def test_any_number_of_processes_gives_the_same_bytes(right: sim.Validation) -> None:
    how = {**FEW, "jobs": 2}
    again = sim.validate(recorded_city(), city(), start=START, to=LAST, **how)
    from sim.experiments.archive import packed

    assert packed(again) == packed(right)
