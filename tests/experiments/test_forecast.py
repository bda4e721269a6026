"""Forecasts of open cases: from records to probabilities, lists, measures and loads."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.experiments.forecast.outlook import LATE, Measure
from sim.experiments.forecast.rows import SavingRow
from sim.experiments.forecast.summing import Trial
from sim.experiments.forecast.today import from_today
from sim.records.open_cases import open_records
from sim.records.register import table
from sim.records.writing import write_register
from sim.replications.model import Model
from tests.build.forecasts import DATE, city, happened


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("city")


@pytest.fixture(scope="module")
def truth(folder):
    return happened(city(folder), 7)


@pytest.fixture(scope="module")
def forecast(folder, truth):
    return sim.forecast(city(folder), truth.register, date=DATE, replications=50, seed=3)


def test_every_open_case_is_forecast(folder, truth, forecast) -> None:
    """A case is open if it came by the date and some step of it was still to end then."""
    evening = np.datetime64(DATE + dt.timedelta(days=1), "ms")
    steps = truth.register.steps
    unended = steps["end"].isna() | (steps["end"] >= evening)
    came = truth.register.cases["received"] < evening
    numbers = truth.register.cases["case"].to_numpy()
    expected = {numbers[row] for row in steps["case"][unended].unique() if came[row]}
    assert {row.case for row in forecast.case_rows} <= expected
    assert forecast.open_cases + forecast.left_out == len(expected)
    assert forecast.left_out == 0
    assert not forecast.not_taken_rows


def test_the_list_is_ranked_and_its_dates_agree(forecast) -> None:
    late = [row.late.value for row in forecast.case_rows]
    assert late == sorted(late, reverse=True)
    assert max(late) > 0.3
    assert min(late) < 0.1
    for row in forecast.case_rows:
        assert row.late.low <= row.late.value <= row.late.high
        assert row.expected is None or row.expected > DATE
        assert row.left_days == row.limit_days - row.used_days
        assert (row.due is None) == (row.left_days < 0)
        if row.left_days < 0:
            assert row.late.value == 1


def test_days_used_are_those_that_judging_reads(folder, truth, forecast) -> None:
    """The clock of each open case, from its records, is the one with which the forecast begins."""
    from sim.limits import resolved_limits
    from sim.measures.limits import read_limit_clocks
    from sim.records.history import recorded

    scenario = city(folder)
    until = np.datetime64(dt.datetime.combine(DATE, dt.time(23, 59, 59)), "ms")
    read = recorded(truth.register, scenario, until=until)
    numbers = truth.register.cases["case"].to_numpy()[read.row]
    for limit in resolved_limits(scenario):
        readings = read_limit_clocks(limit, read.history)
        clock = readings.clocks[limit.clock]
        days = dict(zip(numbers[readings.case], clock.value.tolist(), strict=True))
        rows = [row for row in forecast.case_rows if row.limit == limit.name]
        assert rows
        assert {row.case: row.used_days for row in rows} == {
            row.case: days[row.case] for row in rows
        }


def test_a_case_of_which_everything_is_fixed_ends_as_it_really_did(tmp_path_factory) -> None:
    """Without chance and further cases, every replication is what really happened."""
    folder = tmp_path_factory.mktemp("fixed")
    scenario = sim.vary(
        city(folder),
        settings=[
            "case_types.project.arrivals={every: {constant: 7 h}}",
            "case_types.network.arrivals={every: {constant: 11 h}}",
            "case_types.network.steps.b.delay={constant: 30 h}",
            "case_types.project.matters.A.review.handle.work={constant: 2 h}",
            "case_types.project.matters.A.correction={probability: 0.0}",
            "case_types.project.attributes={kind: {shares: {x: 1.0}}}",
            "staff.handlers.count=9",
            "staff.windows.count=9",
        ],
    )
    truth = happened(scenario, 1)
    made = sim.forecast(
        scenario, truth.register, date=DATE, replications=3, arrivals=False, measures=False
    )
    assert made.case_rows
    for row in made.case_rows:
        assert row.late.value == truth.late[row.limit, row.case]


def test_states_alone_tell_what_is_done_accepted_and_paused(folder, truth) -> None:
    scenario, register = city(folder), truth.register
    states = dataclasses.replace(register, steps=table("steps"), courses=table("courses"))
    model = Model(scenario)
    by_steps = open_records(register, scenario, model.process, DATE)
    by_states = open_records(states, scenario, model.process, DATE)
    assert by_steps.by_steps
    assert not by_states.by_steps
    steps, other = (
        {row.cells["case"]: row.cells for row in of.rows if row.cells["case_type"] == "project"}
        for of in (by_steps, by_states)
    )
    both = steps.keys() & other.keys()
    assert len(both) > 5
    for case in both:
        assert other[case].get("accepted_on", "") == steps[case].get("accepted_on", "")
        assert other[case].get("paused_wd", "") == steps[case].get("paused_wd", "")
        public = "A/publicity" in steps[case].get("under_way", "")
        assert ("A/publicity" in other[case].get("under_way", "")) == public


def test_cases_whose_papers_were_not_checked_in_time_are_forecast(tmp_path) -> None:
    """With one window for too many papers, checks are late; then the law starts the clocks."""
    settings = ["staff.windows.count=1", "case_types.project.matters.A.check=10 h"]
    scenario = sim.vary(city(tmp_path), settings=settings)
    register = happened(scenario, 7).register
    states = dataclasses.replace(register, steps=table("steps"), courses=table("courses"))
    model = Model(scenario)
    for one in (register, states):
        records = open_records(one, scenario, model.process, DATE)
        late = [row.cells for row in records.rows if "deemed" in row.cells]
        first = [
            of for of in late if "accepted" not in of and "A" not in of.get("done", "").split(";")
        ]
        assert len(first) > 1
        assert all(of["deemed"] == f"A={of['accepted_on']}" for of in first)
        begun = Model(
            from_today(scenario, records.start, records.start, arrivals=False), records.rows
        )
        assert not begun.demand.backlog.left_out
        carried = begun.demand.draw(1, 0).backlog["project"]
        assert (carried.deemed < 0).any(axis=1).sum() == len(late)


def test_measures_are_tried_on_the_same_numbers(forecast) -> None:
    assert forecast.tried == 50
    assert {row.measure for row in forecast.measure_rows} == {"officer", "overtime"}
    assert any(row.measure == "priority" for row in forecast.saving_rows)
    for row in forecast.measure_rows:
        assert row.saved.value == pytest.approx(row.late - row.late_then)
    for row in forecast.case_rows:
        if row.saved_by:
            assert row.late_if_saved < row.late.value + 0.05
    late = {(r.limit, r.case): r.late.value for r in forecast.case_rows}
    for row in forecast.saving_rows:
        assert row.replications in {20, 50}
        if row.replications == 50:
            assert row.late == pytest.approx(late[row.limit, row.case])


def test_a_measure_that_changes_nothing_at_first_is_given_up(forecast) -> None:
    """Every measure that was given up saved nobody, in any replication; the others saved some."""
    tried: dict[tuple[str, str, str], list[SavingRow]] = {}
    for row in forecast.saving_rows:
        alone = row.case if row.measure == "priority" else ""
        tried.setdefault((row.measure, row.team, alone), []).append(row)
    given_up = [rows for rows in tried.values() if rows[0].replications == 20]
    assert given_up
    assert len(given_up) < len(tried)
    for rows in given_up:
        assert all(row.replications == 20 for row in rows)
        assert all(row.late == row.late_then for row in rows)
        assert all((row.saved.low, row.saved.high) == (0, 0) for row in rows)


def test_a_trial_compares_the_cases_that_it_is_about() -> None:
    now = np.array([[[True, False, True]], [[True, True, False]]])  # [2, 1, 3]
    same, other = now.copy(), now.copy()
    other[1, 0, 2] = True
    same[:, :, 1] = False  # of a measure for case 2 alone, others are not told
    assert not Trial(Measure("officer", "t", 0), now, now.copy()).changes_something
    assert Trial(Measure("officer", "t", 0), now, other).changes_something
    assert Trial(Measure("priority", case=2), now, other).changes_something
    assert not Trial(Measure("priority", case=2), now, same).changes_something
    whole = Trial(Measure("priority", case=2), now, same).then_also(
        Trial(Measure("priority", case=2), now[:1], other[:1])
    )
    assert whole.now.shape == (3, 1, 3)
    assert np.array_equal(whole.then[2], other[0])


def test_loads_are_hours_worked_of_hours_rostered(forecast) -> None:
    assert {row.pool for row in forecast.load_rows} == {"counter", "handlers", "leader"}
    for row in forecast.load_rows:
        assert 0 <= row.worked_h <= row.capacity_h + 1e-6
        if row.capacity_h:
            assert row.utilisation == pytest.approx(row.worked_h / row.capacity_h, abs=0.05)


def test_the_result_is_kept_and_read_again(forecast, tmp_path) -> None:
    forecast.save(tmp_path / "out", tables="csv")
    again = sim.read(tmp_path / "out")
    assert repr(again.records("forecast")) == repr(forecast.records("forecast"))  # NaN too


def test_names_that_differ_are_mapped_or_told(folder, truth, tmp_path) -> None:
    from sim.records.renaming import Renaming, read_renaming, renaming_text

    scenario = city(folder)
    other = truth.register.items.assign(
        matter_code=truth.register.items["matter_code"].cat.rename_categories({"A": "0112"}),
        matter=truth.register.items["matter"].cat.rename_categories({"A": "规划"}),
    )
    states = dataclasses.replace(
        truth.register, items=other, steps=table("steps"), courses=table("courses")
    )
    told = open_records(states, scenario, Model(scenario).process, DATE).told
    assert {(problem.key, problem.value) for problem in told} >= {("matter", "0112")}
    file = tmp_path / "names.yaml"
    file.write_text(renaming_text(states, scenario), encoding="utf-8")
    assert read_renaming(file, scenario).matters["0112"] == ""
    given = open_records(
        states, scenario, Model(scenario).process, DATE, Renaming(matters={"0112": "A"})
    )
    assert not [problem for problem in given.told if problem.key == "matter"]


def test_the_command_writes_list_page_and_json(folder, truth, tmp_path, monkeypatch) -> None:
    city(folder)
    monkeypatch.chdir(tmp_path)
    write_register(truth.register, tmp_path / "events")
    settings = [w for s in city_settings() for w in ("--set", s)]
    common = [
        "forecast",
        str(folder / "city.yaml"),
        "events",
        "--date",
        DATE.isoformat(),
        "-n",
        "4",
    ]
    written = ["--list", "list.xlsx", "--report", "page.html", "--no-measures", "--json"]
    done = CliRunner().invoke(app, [*common, *settings, *written], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["open_cases"] == len({row["case"] for row in data["forecast"]})
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert data["forecast"][0]["case"] in page
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_path("list.xlsx").get_sheet_by_index(0).to_python()
    assert len(sheet) == len(data["forecast"]) + 1
    assert sheet[1][sheet[0].index("case")] == data["forecast"][0]["case"]


def city_settings():
    from tests.build.forecasts import SETTINGS

    return SETTINGS


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--date", "yesterday"], "--date: 'yesterday': must be a date"),
        (["--date", "1999-01-01"], "nothing was recorded by 1999-01-01"),
        (["--to", "2021-01-01", "--date", "2021-09-22"], "lies before the first forecast date"),
        (["--list", "list.doc"], "must end in .xlsx or .csv"),
        (["--names", "names.yaml"], "was written; fill in what is blank"),
    ],
)
def test_bad_input_is_told(arguments, told, folder, truth, tmp_path, monkeypatch) -> None:
    city(folder)
    monkeypatch.chdir(tmp_path)
    write_register(truth.register, tmp_path / "events")
    words = ["forecast", str(folder / "city.yaml"), "events", "-n", "2", *arguments]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 2
    assert told in done.stderr


def test_how_long_the_first_run_is_changes_nothing(folder, truth) -> None:
    """Cases that are decided, or have ended, are so in a longer run: with every measure, too."""
    from sim.experiments.forecast.measures import measures_for
    from sim.experiments.forecast.outlook import Begin, OutlookTask

    scenario = city(folder)
    records = open_records(truth.register, scenario, Model(scenario).process, DATE)
    last = records.start + dt.timedelta(days=20)
    model = Model(from_today(scenario, records.start, last, arrivals=True), records.rows)
    measures = tuple(measures_for(model, [1, 2], [0, 1]))
    cases = len(records.rows)
    task = OutlookTask(model, 5, cases, None, dated=1, loads=1, measures=measures)
    for number in (0, 1):
        short = task.replicate(number)
        again = dataclasses.replace(task, begin=short.needed).replicate(number)
        assert again.needed == short.needed
        for begin in range(1, 4):
            later = dataclasses.replace(task, begin=Begin(begin, begin)).replicate(number)
            late = np.isin(short.standing, LATE)
            assert np.array_equal(np.isin(later.standing, LATE), late)
            assert np.array_equal(later.late_with, short.late_with)
            assert np.array_equal(later.at_start, short.at_start)
            assert (short.spent_s is None) == (number == 1)
            if number == 0:
                assert (short.end_day[late] >= 0).all()
                assert np.array_equal(later.end_day[late], short.end_day[late])
                assert np.array_equal(later.spent_s, short.spent_s)
                assert np.array_equal(later.pools.worked_s, short.pools.worked_s)


def test_loads_go_on_when_all_open_cases_have_ended(folder, truth) -> None:
    """Offices work for the cases that come in, up to the last date."""
    made = sim.forecast(
        city(folder),
        truth.register,
        date=DATE,
        to=DATE + dt.timedelta(days=120),
        replications=2,
        measures=False,
    )
    ended = max(row.latest for row in made.case_rows)
    later = [row for row in made.load_rows if row.first > ended and row.pool == "handlers"]
    assert later
    assert all(row.arriving > 5 for row in later)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [100, 80])
def test_the_list_fits_a_terminal_and_keeps_every_word(forecast, language, width) -> None:
    """Long names fold; what is left out stays in page and tables."""
    import io

    from rich.cells import cell_len
    from rich.console import Console

    from sim.report.forecast.report import forecast_report
    from sim.report.terminal import terminal_text

    many = " + ".join(["land", "water", "owner:applicant", "land", "water"])
    rows = tuple(
        dataclasses.replace(row, department=many, saved_by="officer", saved_where="handlers")
        for row in forecast.case_rows
    )
    report = forecast_report(dataclasses.replace(forecast, case_rows=rows), language)
    shown = io.StringIO()
    Console(width=width, file=shown).print(terminal_text(report))
    lines = shown.getvalue().splitlines()
    assert max(cell_len(line.rstrip()) for line in lines) <= width
    first = rows[0]
    listed = "".join("".join(lines).split())
    assert first.case in listed
    assert f"{first.late.value:.1%}"[:-1] in listed
    assert str(first.latest) in listed
    assert listed.count("handlers") >= min(len(rows), 50)


def test_a_matter_that_nobody_accepts_is_forecast_from_its_receipt(tmp_path) -> None:
    """So `sim fit` writes it where receipt and decision are all that is recorded."""
    from sim.experiments.forecast.today import from_today
    from sim.records.opened import register_from

    (tmp_path / "city.yaml").write_text(
        """
name: Plain
calendar: {country: NL, fallback: statutory}
period: {start: 2011-01-03, window: {from: 2011-01-03, to: 2011-03-31}, run_out: 200 cd}
hours: {office: {week: {mon-fri: "9:00-17:00"}}}
departments: {town: {}}
pools: {desk: {department: town}}
staff: {desk: {serves: [desk], count: 1, hours: office}}
case_types:
  permits:
    arrivals: {at: []}
    window: {pool: desk, transfer_out: 0 min, transfer_back: 0 min}
    trip: 0 min
    stages: {one: {lead: town}}
    matters:
      P: {department: town, stage: one, at_window: false, decision: {pool: desk, work: 1 h}}
limits: {weeks: {case_type: permits, limit: 56 cd, clock: calendar_days}}
""",
        encoding="utf-8",
    )
    (tmp_path / "book.csv").write_text(
        "办件编号,事项名称,接件时间,受理时间,办结时间\n"
        "a,P,2011-01-10 10:00:00,2011-01-10 10:00:00,\n"
        "b,P,2011-02-10 10:00:00,2011-02-11 10:00:00,\n"
        "c,P,2011-01-12 10:00:00,2011-01-12 10:00:00,2011-01-20 10:00:00\n",
        encoding="utf-8",
    )
    scenario = sim.load(tmp_path / "city.yaml")
    register = register_from([tmp_path / "book.csv"])
    date = dt.date(2011, 2, 28)
    records = open_records(register, scenario, Model(scenario).process, date)
    model = Model(
        from_today(scenario, records.start, date + dt.timedelta(30), arrivals=True), records.rows
    )
    assert not model.demand.backlog.left_out
    assert not records.told
    made = sim.forecast(scenario, register, date=date, replications=2, measures=False)
    assert {row.case: row.used_days for row in made.case_rows} == {"a": 49, "b": 18}
