"""A simulation, written as records and read again, has the same numbers on every clock."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.engine.contract import OPEN
from sim.process.graph import Mark, Owner
from sim.records.history import recorded
from sim.records.reading import read_files
from sim.records.register import NEVER_OVERDUE, Register, State
from sim.records.simulated import register_of
from sim.records.writing import write_register
from tests.build.recorded import SITUATIONS, TWO_MONTHS, WINDOW, differences, situation
from tests.build.state_register import register as naive_register

FORMATS = ("", ".xes", ".xes.gz", ".csv", ".csv.gz", ".parquet")
SHORTER = ["period.window={from: 2024-02-01, to: 2024-05-31}"]


def cases_of(scenario, history) -> np.ndarray:
    """Return the cases that a register of the history has."""
    return np.flatnonzero(history.demand.workload.arrival_s <= history.schedule.stopped_s)


def failures(history) -> tuple[np.ndarray, np.ndarray]:
    """Return the cases that fail, and when; `OPEN`: this was still to come at the stop."""
    fails = (history.demand.marks & np.uint8(Mark.FAILURE)) != 0
    fails &= history.process.owner[history.demand.node] != Owner.SUPERVISION
    return history.demand.case[fails], history.schedule.end[fails]


def test_nothing_is_recorded_that_only_the_future_tells() -> None:
    """A case that will fail is not complete, and what waits for its end is not withdrawn yet."""
    scenario, history = situation("conditional acceptance, commitment, verification")
    register = register_of(scenario, history)
    case, end = failures(history)
    never = np.iinfo(np.int64).max
    failed = np.full(len(history.demand.case_type), never)
    np.minimum.at(failed, case, np.where(end == OPEN, never, end))  # its first failure
    will_fail = case[end == OPEN]
    row = np.flatnonzero(np.isin(cases_of(scenario, history), will_fail))
    assert len(row) > 0
    assert np.isnat(register.cases["ended"].to_numpy()[row]).all()
    state = register.items["state"].to_numpy()
    of_item = cases_of(scenario, history)[register.items["case"].to_numpy()]
    withdrawn = np.flatnonzero(state == State.WITHDRAWN)
    assert len(withdrawn) > 0
    last = register.events.groupby("item")["at"].max().to_numpy()[withdrawn]
    since = (last - np.datetime64(scenario.period.start)) // np.timedelta64(1, "s")
    assert (since >= failed[of_item[withdrawn]]).all()


@pytest.mark.parametrize("name", SITUATIONS)
def test_every_clock_of_every_scope_has_the_same_numbers(name: str) -> None:
    scenario, history = situation(name)
    register = register_of(scenario, history)
    again = recorded(register, scenario)
    assert again.by_steps
    of_other = cases_of(scenario, history)[again.row]
    assert differences(scenario, history, again.history, of_other) == []


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_states_clocks_need_no_more_than_the_states(name: str) -> None:
    """Left out are items that come back: states do not tell which application it was.

    And cases that will fail: the simulation knows that nothing of them is decided any more.
    """
    scenario, history = situation(name)
    again = recorded(register_of(scenario, history), scenario, steps=False)
    assert not again.by_steps
    of_other = cases_of(scenario, history)[again.row]
    if name == "handed in again":
        pytest.skip("without steps, other items of the case may count to another application")
    case, end = failures(history)
    will_fail = np.intersect1d(case[end == OPEN], of_other)
    assert len(will_fail) < len(again.row) / 20
    assert differences(scenario, history, again.history, of_other, "state_", will_fail) == []


@pytest.mark.parametrize("name", ["base", "handed in again", "levers, many open"])
def test_the_events_are_those_of_an_independent_register(name: str) -> None:
    """The script of tests/build/state_register.py writes them case by case."""
    scenario, history = situation(name)
    if name == "handed in again":
        pytest.skip("the script knows one application of a matter")
    register = register_of(scenario, history)
    names = register.items["matter_code"].to_numpy()
    cases = cases_of(scenario, history)[register.items["case"].to_numpy()]
    events = register.events
    items = events["item"].to_numpy()
    mine = {
        (int(cases[item]), str(names[item]), 11 if state == 12 else int(state), at)
        for item, state, at in zip(
            items, events["state"], events["at"].to_numpy().astype("datetime64[s]"), strict=True
        )
        if state != 8
    }
    theirs = {
        (event.project, event.item, event.state, np.datetime64(event.at, "s"))
        for case_type in scenario.case_types
        for event in naive_register(scenario, history, case_type)
    }
    assert mine == theirs
    assert len(mine) > 500


@cache
def written_and_judged(name: str) -> tuple[Register, dict[bool, Any]]:
    """Return the register of a situation, and its judgement by steps and by states."""
    scenario, history = situation(name)
    register = register_of(scenario, history, officers=[f"o{n}" for n in range(1000)])
    return register, {
        steps: sim.judge(register, scenario, window=WINDOW, by=["zone"], steps=steps)
        for steps in (True, False)
    }


@pytest.mark.parametrize(
    ("name", "file"),
    [
        *(("levers, many open", f"log{ending}") for ending in FORMATS),
        *(("handed in again", f"log{ending}") for ending in FORMATS if "gz" not in ending),
    ],
)
def test_every_format_is_judged_alike(name: str, file: str, tmp_path: Path) -> None:
    scenario, _ = situation(name)
    register, judged = written_and_judged(name)
    path = tmp_path / file
    write_register(register, path)
    read = read_files(sorted(path.glob("*.csv")) if path.is_dir() else [path])
    assert read.remarks == ()
    for steps, here in judged.items():
        there = sim.judge(read.register, scenario, window=WINDOW, by=["zone"], steps=steps)
        assert here.until == there.until
        for table in here.row_tables:
            mine, theirs = (sorted(map(repr, one.rows(table))) for one in (here, there))
            assert mine == theirs, table


def test_a_written_log_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    scenario, history = situation("base")
    register = register_of(scenario, history)
    for ending in ("xes.gz", "csv", "parquet"):
        for number in (1, 2):
            write_register(register, tmp_path / f"{number}.{ending}")
        assert (tmp_path / f"1.{ending}").read_bytes() == (tmp_path / f"2.{ending}").read_bytes()


def test_what_happened_is_judged_as_the_simulation_judges_itself() -> None:
    scenario = sim.load("yingkou/base", settings=[TWO_MONTHS])
    result = sim.run(scenario, replications=1)
    judged = sim.judge(result.events(), scenario, window=WINDOW)
    for mine, theirs in zip(result.rows("limits"), judged.rows("limits"), strict=True):
        assert (mine.limit, mine.clock, mine.counts) == (theirs.limit, theirs.clock, theirs.counts)
        assert (mine.p50, mine.p90, mine.max) == (theirs.p50, theirs.p90, theirs.max)
        assert mine.spare_days == theirs.spare_days
    own = {(row.kind, row.name, row.standard): row.counts for row in result.rows("own_limits")}
    assert own == {(r.kind, r.name, r.standard): r.counts for r in judged.rows("own_limits")}
    months = [(row.limit, row.period, row.judged.counts) for row in result.rows("months")]
    assert len(months) > 5
    accounts = {(r.kind, r.of, r.late_only, r.name): r for r in result.rows("matters")}
    assert accounts == {(r.kind, r.of, r.late_only, r.name): r for r in judged.rows("matters")}


def test_several_replications_stand_in_one_log() -> None:
    scenario = sim.load("yingkou/base", settings=[TWO_MONTHS])
    result = sim.run(scenario, replications=2)
    register = result.events([0, 1])
    judged = sim.judge(register, scenario, window=WINDOW, by=["replication"])
    of_both = [row.counts.cases for row in result.rows("limits") if row.decides]
    assert [row.counts.cases for row in judged.verdicts] == of_both
    values = {row.value for row in judged.rows("groups")}
    assert values == {"0", "1"}
    assert len(set(register.cases["case"])) == len(register.cases)
    with pytest.raises(ValueError, match="the run has 0 to 1"):
        result.events([2])


def test_an_open_network_is_written_as_activities(tmp_path: Path) -> None:
    scenario = sim.load("textbook/feedback", settings=SHORTER)
    result = sim.run(scenario, replications=1)
    register = result.events()
    assert set(register.events["lifecycle"]) == {"start", "complete"}
    write_register(register, tmp_path / "log.xes")
    read = read_files([tmp_path / "log.xes"]).register
    for one in (register, read):
        again = recorded(one, scenario)
        (name,) = scenario.case_types
        tables = sim.judge(one, scenario)
        assert tables.measured == len(again.row) > 100
        assert {row.case_type for row in tables.rows("limits")} == {name}


def test_the_last_state_is_that_of_the_end() -> None:
    scenario, history = situation("handed in again")
    register = register_of(scenario, history)
    state = register.items["state"].to_numpy()
    assert np.isin(state, [2, 13]).sum() > 20
    again = register.items["item"].str.endswith(("-2", "-3")).to_numpy()
    assert again.sum() > 20
    first = set(register.items["item"][again].str.rsplit("-", n=1).str[0])
    before = register.items["item"].isin(first).to_numpy()
    assert np.isin(state[before], [*NEVER_OVERDUE]).all()
