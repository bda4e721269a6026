"""A scenario that begins with the open cases of records: the same ones as a forecast's."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.experiments.forecast.today import from_today
from sim.process import build_process
from sim.records.open_cases import open_records
from sim.records.register import table
from sim.records.writing import write_register
from sim.replications.model import Model
from sim.scenario import ReadError, ScenarioError
from sim.scenario.snapshot import put_together, take_apart
from tests.build.forecasts import DATE, SETTINGS, city, happened

START = DATE + dt.timedelta(days=1)
TODAY = f"""
extends: city.yaml
period: {{start: {START}, window: {{from: {START}, to: 2021-10-31}}, run_out: 120 cd}}
backlog: {{records: {{file: events}}}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A scenario that names the records of a city, beside these."""
    folder = tmp_path_factory.mktemp("city")
    register = happened(city(folder), 7).register
    write_register(register, folder / "events")
    states = dataclasses.replace(register, steps=table("steps"), courses=table("courses"))
    write_register(states, folder / "states")
    (folder / "today.yaml").write_text(TODAY, encoding="utf-8")
    return folder


def today(folder, changes: str = ""):
    """Load the scenario with changes that stand in a file beside the records."""
    (folder / "changed.yaml").write_text(f"extends: today.yaml\n{changes}\n", encoding="utf-8")
    return sim.load(folder / "changed.yaml", settings=SETTINGS)


@pytest.fixture(scope="module")
def model(folder):
    return Model(today(folder))


def problems_of(folder, changes: str):
    with pytest.raises(ScenarioError) as caught:
        Model(today(folder, changes))
    return caught.value.problems


def test_the_open_cases_are_those_of_a_forecast(folder, model) -> None:
    """Name by name, with the same days on their clocks and the same draws."""
    from sim.records.opened import register_from

    register, scenario = register_from([folder / "events"]), city(folder)
    records = open_records(register, scenario, build_process(scenario), DATE)
    later = from_today(scenario, START, dt.date(2021, 10, 31), arrivals=True)
    forecast = Model(later, records.rows).demand.draw(1, 3)
    mine = model.demand.draw(1, 3)
    assert len(records.rows) > 20
    for name, carried in forecast.backlog.items():
        assert mine.backlog[name].name == carried.name
        assert np.array_equal(mine.backlog[name].running, carried.running)
        assert np.array_equal(mine.backlog[name].paused["promised"], carried.paused["promised"])
    items = int(forecast.workload.first_item[len(records.rows)])
    assert np.array_equal(mine.workload.amount[:items], forecast.workload.amount[:items])
    assert np.array_equal(mine.node[:items], forecast.node[:items])


def test_the_window_and_its_arrivals_are_the_scenario_s_own(folder, model) -> None:
    """A forecast measures open cases alone; here they are measured beside those that arrive."""
    workload = model.demand.draw(1, 0).workload
    opened = len(model.opened.rows)
    assert workload.measured[:opened].all()
    assert workload.measured[opened:].any()
    only = Model(today(folder, "backlog: {measured: false}")).demand.draw(1, 0).workload
    assert not only.measured[:opened].any()
    assert only.measured[opened:].any()


def test_changed_records_are_another_scenario(folder, tmp_path) -> None:
    shutil.copytree(folder, tmp_path / "city")
    before = today(tmp_path / "city").sha256()
    assert before == today(folder).sha256()
    file = next((tmp_path / "city" / "events").glob("*HJB.csv"))
    rows = file.read_text("utf-8-sig").splitlines(keepends=True)
    file.write_text("".join(rows[:-1]), encoding="utf-8")
    assert today(tmp_path / "city").sha256() != before


def test_a_stored_scenario_holds_its_records(folder, tmp_path, model) -> None:
    shutil.copytree(folder, tmp_path / "city")
    scenario = today(tmp_path / "city")
    before, parts = scenario.sha256(), take_apart(scenario)
    shutil.rmtree(tmp_path / "city")
    again = put_together(*parts)
    assert again.sha256() == before
    assert [row.cells for row in Model(again).opened.rows] == [
        row.cells for row in model.opened.rows
    ]


def test_records_of_states_need_names_that_the_scenario_knows(folder, tmp_path) -> None:
    """What is unknown is told with its row; blank in the file of names, it is left out."""
    shutil.copytree(folder, tmp_path / "city")
    for file in (tmp_path / "city" / "states").glob("SPGL_XMSPSXBLXXB.csv"):
        file.write_text(
            file.read_text("utf-8-sig").replace(",A,A,", ",0112,规划,"), encoding="utf-8"
        )
    problem = problems_of(tmp_path / "city", "backlog: {records: {file: states}}")[0]
    assert (problem.key, problem.value) == ("matter", "0112")
    assert problem.line is not None
    assert "no such matter" in problem.rule
    assert "backlog.records.names" in problem.rule
    (tmp_path / "city" / "names.yaml").write_text("matters: {'0112': A}", encoding="utf-8")
    named = "backlog: {records: {file: states, names: names.yaml}}"
    assert Model(today(tmp_path / "city", named)).opened.rows
    (tmp_path / "city" / "names.yaml").write_text("matters: {'0112': }", encoding="utf-8")
    assert not Model(today(tmp_path / "city", named)).opened.by_steps


@pytest.mark.parametrize(
    ("records", "key", "rule"),
    [
        ("{file: nowhere}", "backlog.records.file", "no such file"),
        ("{file: empty}", "backlog.records.file", "holds no file of records"),
        ("{map: m.yaml}", "backlog.records.map", "no such file"),
        (f"{{date: {START}}}", "backlog.records.date", f"must lie before period.start, {START}"),
        ("{date: 1999-01-01}", "backlog.records.file", "nothing was recorded by 1999-01-01"),
        ("{file: book.csv}", "backlog.records.file", "no case is open in the evening of"),
        ("{flie: events}", "backlog.records.flie", "did you mean 'file'"),
    ],
)
def test_what_cannot_be_used_is_told_with_file_line_and_key(folder, records, key, rule) -> None:
    (folder / "empty").mkdir(exist_ok=True)
    book = "办件编号,事项名称,接件时间,受理时间,办结时间\na,A,2021-09-01,2021-09-01,2021-09-02\n"
    (folder / "book.csv").write_text(book, encoding="utf-8")
    problems = problems_of(folder, f"backlog: {{records: {records}}}")
    said = [str(problem) for problem in problems]
    assert any(rule in problem.rule and problem.key == key for problem in problems), said
    assert all(problem.file and problem.line for problem in problems), said


def test_a_backlog_has_one_origin(folder) -> None:
    """What a file says takes the place of what the file below says; both in one are refused."""
    (folder / "open.csv").write_text("case,case_type,submitted\n", encoding="utf-8")
    assert today(folder, "backlog: {file: open.csv}").backlog.records is None
    both = "backlog: {file: open.csv, records: events}"
    assert "not file and records" in str(problems_of(folder, both)[0])


def test_the_commands_check_and_run_tell_what_they_took(folder, model, monkeypatch) -> None:
    monkeypatch.chdir(folder)
    settings = [word for one in SETTINGS for word in ("--set", one)]
    done = CliRunner().invoke(app, ["check", "today.yaml", *settings], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    said = f"events: {len(model.opened.rows)} open cases in the evening of 22 September 2021"
    assert said in done.stdout
    ran = CliRunner().invoke(
        app, ["run", "today.yaml", "-n", "2", *settings], catch_exceptions=False
    )
    assert ran.exit_code == 0, ran.output
    assert "events:" in ran.stdout
    wrong = ["check", "today.yaml", *settings, "--set", "backlog.records=nowhere"]
    failed = CliRunner().invoke(app, wrong, catch_exceptions=False)
    assert failed.exit_code == 2
    assert "backlog.records" in failed.stderr


def test_records_without_any_time_are_refused_in_words(folder) -> None:
    from sim.records.opened import register_from

    register, scenario = register_from([folder / "events"]), city(folder)
    nothing = dataclasses.replace(
        register, events=table("events"), steps=table("steps"), as_of=None
    )  # fmt: skip
    with pytest.raises(ReadError, match="no event with a time"):
        open_records(nothing, scenario, build_process(scenario))
