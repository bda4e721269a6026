"""The load at which promises break: function, report and command."""

from __future__ import annotations

import json
import math
from io import StringIO

import pandas as pd
import pytest
from rich.console import Console
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.experiments.load_curve.curve import at_load
from sim.report.load_curve.report import load_curve_data, load_curve_report
from sim.report.terminal import terminal_text
from sim.scenario import ScenarioError
from tests.build.mm1 import EXACT, MM1
from tests.build.stories import scenario

QUICK = {"between": (0.6, 1.8), "points": 4, "precision": 0.05, "replications": 6}


@pytest.fixture(scope="module")
def curve():
    return sim.load_curve(scenario(MM1), seed=4, **QUICK)


def test_the_search_ends_when_two_loads_are_near(curve) -> None:
    (promise,) = curve.resolved_limits
    found = curve.crossing(promise)
    assert found.status == "breaks"
    assert found.low < EXACT < found.high
    loads = list(curve.results)
    below = max(load for load in loads if load <= found.load)
    above = min(load for load in loads if load > found.load)
    assert above / below <= 1.05
    assert len(loads) < 20


def test_tables(curve) -> None:
    assert curve.table["load"].is_monotonic_increasing
    assert (~curve.table["searched"]).sum() == 4
    (row,) = curve.breaking.to_dict("records")
    assert (row["limit"], row["status"], row["pool"]) == ("promise", "breaks", "counter")
    (pool,) = curve.pools.to_dict("records")
    # offered: 2 a day x 6 h at load 1 is half of the time
    assert pool["offered"] == pytest.approx(0.5 * pool["load"], rel=0.05)
    assert pool["full_at"] == pytest.approx(2, rel=0.06)
    assert pool["utilisation"] == pytest.approx(pool["offered"], abs=0.03)


def test_the_same_whatever_computes_it(curve, tmp_path) -> None:
    told = []
    for how in ({"jobs": 2}, {"engine": "simpy", "store": tmp_path}, {"store": tmp_path}):
        again = sim.load_curve(
            scenario(MM1), seed=4, progress=lambda done, _: told.append(done), **QUICK, **how
        )
        pd.testing.assert_frame_equal(again.table, curve.table)
        assert told[-1] == 6 * len(again.results)
        assert load_curve_data(again) == load_curve_data(curve)


def test_out_of_the_range() -> None:
    quick = {"points": 2, "precision": 0.3, "replications": 60, "seed": 1}
    (kept,) = sim.load_curve(scenario(MM1), between=(0.1, 0.5), **quick).breaking.to_dict("records")
    assert (kept["status"], kept["proven"], kept["ci_low"]) == ("keeps", True, 0.5)
    late = sim.load_curve(scenario(MM1), between=(1.7, 1.8), **quick)
    (broken,) = late.breaking.to_dict("records")
    assert (broken["status"], broken["proven"], broken["ci_high"]) == ("broken", True, 1.7)
    assert math.isnan(broken["breaking_load"])
    for language in ("en", "zh"):
        console = Console(width=200, record=True, file=StringIO())
        console.print(terminal_text(load_curve_report(late, language)))
        text = console.export_text()
        assert ("Broken already" if language == "en" else "已失守") in text


def test_a_case_type_alone_and_all_with_their_own_factors() -> None:
    plain = sim.load("yingkou/startup_variants")
    plain = sim.vary(plain, settings=["case_types.startup.arrivals.factor=2"])
    one = at_load(plain, 1.5, "startup").case_types
    assert one["startup"].arrivals.factor == 3
    assert {each.factor for each in one["startup"].more_arrivals.values()} == {1.5}
    assert one["project"].arrivals.factor == 1
    assert at_load(plain, 0.5).case_types["project"].arrivals.factor == 0.5


def test_what_cannot_be_asked() -> None:
    loaded = scenario(MM1)
    for wrong in ({"between": (2, 1)}, {"points": 1}, {"precision": 0}, {"replications": 1}):
        with pytest.raises(ValueError, match=r"must be|at least 2"):
            sim.load_curve(loaded, **wrong)
    with pytest.raises(ScenarioError, match="no case type 'x'; there are: request"):
        sim.load_curve(loaded, case_type="x")
    with pytest.raises(ScenarioError, match="no limit"):
        sim.load_curve(sim.load("textbook/mm1"))


def command(*words: str):
    return CliRunner().invoke(app, ["load-curve", *words], catch_exceptions=False)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mm1.yaml"
    path.write_text(MM1, encoding="utf-8")
    return str(path)


OPTIONS = [
    "--from",
    "0.6",
    "--to",
    "1.8",
    "--points",
    "3",
    "--precision",
    "0.2",
    "-n",
    "4",
    "--seed",
    "2",
]


def test_the_command(file, tmp_path) -> None:
    done = command(file, *OPTIONS, "--json", "--out", str(tmp_path / "out"), "--format", "csv")
    assert done.exit_code == 0, done.output
    (limit,) = json.loads(done.stdout)["breaking"]
    assert limit["status"] == "breaks"
    assert limit["ci_low"] < limit["breaking_load"] < limit["ci_high"]
    names = {each.name for each in (tmp_path / "out").iterdir()}
    tables = {"curve.csv", "breaking.csv", "pools.csv"}
    assert names == tables | {"summary.json", "manifest.json", "result.json.z"}
    assert "Breaks at load" in command(file, *OPTIONS).stdout
    assert "失守" in command(file, *OPTIONS, "--lang", "zh").stdout


def test_bad_input_is_told(file) -> None:
    for words, rule in (
        ((file, "--from", "3"), "must be 0 < from < to <= 100"),
        ((file, "--case-type", "x"), "no case type 'x'"),
        ((file, "-n", "1"), "at least 2 replications"),
        (("textbook/mm1",), "no limit is stated"),
    ):
        done = command(*words)
        assert done.exit_code == 2
        assert rule in done.stderr


def test_an_interruption_says_how_to_go_on(file, tmp_path, monkeypatch) -> None:
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.load_curve", stop)
    done = command(file, "--store", str(tmp_path))
    assert done.exit_code == 130
    assert "the same command goes on" in done.stderr


def test_the_old_name_of_the_command_works_and_says_the_new_one(file) -> None:
    new = command(file, *OPTIONS, "--json")
    old = CliRunner().invoke(app, ["load", file, *OPTIONS, "--json"], catch_exceptions=False)
    assert old.stdout == new.stdout
    assert old.stderr == "`sim load` is now called `sim load-curve`; the old name will go.\n"
    assert old.exit_code == new.exit_code == 0
    assert "│ load " not in CliRunner().invoke(app, ["--help"]).stdout
