"""What a report says beside its numbers."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

import sim
from sim.calendars import working_days
from sim.cli import app
from sim.limits import resolved_limits
from sim.measures.backlog import open_at_start
from sim.report.run.data import result_data
from sim.report.run.notes import scenario_notes
from sim.report.scenario.describe import scenario_text
from sim.scenario import library_names
from sim.scenario.mistakes.idle_levers import idle_levers
from sim.scenario.schema.model import Handling
from tests.build.bad_files import MATTERS, STEPS, changed

ON = {
    "online_share": "0.5",
    "delegation": "devolved",
    **{
        lever: "true"
        for lever, field in Handling.model_fields.items()
        if field.annotation is bool and field.default is False
    },
}
"""Every lever that is off by default, switched on."""


def said(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(each) for each in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result.stdout


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "small.yaml"
    file.write_text(STEPS, encoding="utf-8")
    return file


# --- levers that change nothing -----


@pytest.mark.parametrize("lever", ON)
def test_a_lever_with_nothing_to_act_on_is_told(small: Path, lever: str) -> None:
    scenario = sim.load(small, settings=[f"handling.{lever}={ON[lever]}"])
    assert [idle.lever for idle in idle_levers(scenario)] == [lever]


@pytest.mark.parametrize("lever", ON)
def test_a_lever_with_its_data_is_not_told(lever: str) -> None:
    scenario = sim.load("yingkou/levers", settings=[f"handling.{lever}={ON[lever]}"])
    assert list(idle_levers(scenario)) == []


def test_consent_of_one_office_of_several_is_data_enough(tmp_path: Path) -> None:
    file = tmp_path / "matters.yaml"
    file.write_text(MATTERS, encoding="utf-8")
    one, other = "{pool: planners, work: 1 h, tacit_after: 5 wd}", "{pool: planners, work: 1 h}"
    asked = f"case_types.project.matters.LUP.co_review={{fire: {one}, water: {other}}}"
    none = [
        "case_types.project.matters.DES.review={handle: {pool: planners, work: 1 h}}",
        f"case_types.project.matters.DES.co_review={{fire: {other}}}",
    ]
    scenario = sim.load(file, settings=[asked, *none, "handling.tacit_consent=true"])
    assert list(idle_levers(scenario)) == []


def test_meetings_need_parallel_approval() -> None:
    settings = ["handling.joint_meeting=true", "handling.parallel_approval=false"]
    notes = scenario_notes(sim.load("yingkou/base", settings=settings), "en")
    assert "no matter has 'meeting (and parallel approval)'" in notes[0]


def test_every_output_tells_an_idle_lever() -> None:
    told = (
        "handling.commitment is on, but no matter has 'commitment': it changes nothing here; see "
        "yingkou/levers"
    )
    options = ("yingkou/base", "--set", "handling.commitment=true")
    assert f"yingkou/base: note: {told}" in said("check", *options)
    window = ("-n", 1, "--window", "2021-01-04..2021-01-08", "--set", "period.run_out=90 cd")
    assert f"Note: {told}" in said("run", *options, *window)
    assert json.loads(said("run", *options, *window, "--json"))["notes"] == [told]
    assert "因此不起作用" in said("run", *options, *window, "--lang", "zh")


# --- what is counted -----


def test_counts_are_told_to_be_sums(small: Path) -> None:
    scenario = sim.load(small)
    cases = sum(sim.run(scenario, replications=3).states["permit"].values())
    text = said("run", small, "-n", 3)
    assert f"3 replications of ≈ {cases / 3:,.0f} cases, counted together" in text
    assert "95 % interval" in text
    assert "95% 置信区间" in said("run", small, "-n", 3, "--lang", "zh")
    assert "seed 1 · 1 replication ·" in said("run", small, "-n", 1)


def test_one_case_is_no_plural() -> None:
    from sim.report.words import say

    assert say("cut_off", "en", count=1).startswith("1 case would")
    assert say("cut_off", "en", count=2).startswith("2 cases would")
    assert "1 件" in say("cut_off", "zh", count=1)


def test_numbers_without_a_source_are_counted(small: Path) -> None:
    settings = ["staff.planners.count=3", "period.run_out=90 cd"]
    scenario = sim.load("yingkou/base", settings=settings)
    rows = result_data(sim.run(scenario, replications=1))["assumptions"]
    bare = sum(row["source"].startswith("set") for row in rows)
    assert bare > 0
    text = said("run", "yingkou/base", "-n", 1, *(f"--set={each}" for each in settings))
    assert f"{len(rows) - bare} assumed and {bare} without a source" in " ".join(text.split())


def test_what_the_clock_does_not_count_stands_in_brackets() -> None:
    text = said("run", "yingkou/backlog", "-n", 1)
    table = text[text.index("General industrial project: What used the days") :]
    assert "what the clock (promised) does not count" in table
    assert re.search(r"Total +Waiting +Work +Transfer +\(Correction\) +\(Excluded\)", table)
    assert "Start-up within 2 working days" not in table or "(total working days)" not in table


def test_no_row_holds_dots_alone() -> None:
    text = said("run", "yingkou/backlog", "-n", 3)
    assert not [line for line in text.splitlines() if re.fullmatch(r"\S.*  0\.0( +·)+\s*", line)]


# --- the backlog -----


def used_and_undecided(day: dt.date) -> list[int]:
    """Return the working days used by the projects of the file, by its own columns."""
    days = working_days("CN", dt.date(2021, 1, 1), day)
    used = []
    with Path("scenarios/yingkou/backlog.csv").open(encoding="utf-8-sig") as opened:
        for row in csv.DictReader(opened):
            if row["case_type"] == "project" and row["accepted_on"]:
                accepted = dt.date.fromisoformat(row["accepted_on"]) - dt.date(2021, 1, 1)
                yesterday = (day - dt.date(2021, 1, 1)).days - 1
                last_is_decided = (
                    "CP" in row["done"].split(";") or "CP/transfer_back" in row["under_way"]
                )
                if not last_is_decided:
                    spent = days.count(accepted.days, yesterday)
                    used.append(int(spent) - int(row["paused_wd"] or 0))
    return used


@pytest.mark.parametrize("limit", [30, 15, 10])
def test_open_cases_over_their_limit_are_counted(limit: int) -> None:
    scenario = sim.load("yingkou/backlog", settings=[f"limits.project_30.limit={limit} wd"])
    demand = sim.Model(scenario).demand.draw(1, 0)
    counted = open_at_start(demand, resolved_limits(scenario), count_start_day=False)
    late = sum(used > limit for used in used_and_undecided(scenario.period.start))
    assert (counted.cases, counted.over) == (42, late)


def test_the_report_tells_the_backlog() -> None:
    text = said("run", "yingkou/backlog", "-n", 1, "--set", "limits.project_30.limit=15 wd")
    assert re.search(r"42 cases are open at the start, 3 already over the limit\.", text)


def test_a_case_of_the_backlog_is_told_by_its_name() -> None:
    text = said("run", "yingkou/backlog", "--trace", "--case", "P-002")
    assert "General industrial project 1 (P-002)" in text
    bad = CliRunner().invoke(app, ["run", "yingkou/backlog", "--trace", "--case", "P-2"])
    assert bad.exit_code == 2
    assert "; did you mean 'P-0" in bad.stderr


def test_a_long_run_in_is_told(small: Path) -> None:
    text = changed(STEPS, "  start: 2024-01-01", "  start: 2022-01-01")
    small.write_text(text, encoding="utf-8")
    assert "the window begins 730 days after period.start" in said("check", small)


def test_a_leave_of_more_than_there_are_is_told(small: Path) -> None:
    leave = "staff.clerks.leave=[{dates: 2024-01-05, officers: OFFICERS}]"
    told = said("check", small, "--set", leave.replace("OFFICERS", "9"))
    assert "staff.clerks.leave: 9 officers of a group of 2: all of them are away" in told
    assert "note" not in said("check", small, "--set", leave.replace("OFFICERS", "2"))


def test_exceptions_outside_the_simulated_dates_are_told(small: Path) -> None:
    setting = "hours.office.except={2024-01-05: closed, 2023-01-05 to 2023-01-06: closed}"
    told = said("check", small, "--set", setting)
    assert told.count("note") == 1
    assert "hours.office.except: 2023-01-05 to 2023-01-06 lies outside the simulated dates" in told


# --- sim show -----


@pytest.mark.parametrize("language", ["en", "zh"])
def test_show_names_what_a_code_means(language: str) -> None:
    text = said("show", "yingkou/base", "--lang", language)
    heading = {
        "en": "LUP Land-use planning permit 建设用地规划许可证 · Natural resources",
        "zh": "LUP 建设用地规划许可证 · 自然资源",
    }[language]
    assert heading in text


def test_show_breaks_no_path() -> None:
    scenario = sim.load("yingkou/base")
    paths = [".".join(map(str, each.path)) for each in scenario.provenance.parameters()]
    words = set(said("show", "yingkou/base").split())
    assert words.issuperset(paths)
    for width in (80, 160):
        console = Console(width=width, file=io.StringIO())
        console.print(scenario_text(scenario, "en"))
        written = set(console.file.getvalue().split())
        assert written.issuperset(path for path in paths if len(path) <= width)


def test_show_and_trace_speak_chinese() -> None:
    text = said("show", "yingkou/levers", "--with", "everything", "--lang", "zh")
    process = text[: text.index("参数")]
    for word in (
        "delay",
        "after",
        "sent back",
        "again",
        "transfer",
        "cases a year",
        " if ",
        "sum of",
    ):
        assert word not in process, word
    told = said("run", "yingkou/base", "--trace", "--lang", "zh")
    assert "综合窗口/" in told
    assert "general_window" not in told
    assert "window/" not in told


def test_lines_have_no_blanks_behind_them() -> None:
    assert not [line for line in said("show", "yingkou/base").splitlines() if line != line.rstrip()]


# --- sim list, names, zones -----


def test_the_library_is_listed_with_titles_and_overrides() -> None:
    lines = said("list").splitlines()
    assert len(lines) == 1 + len(library_names())
    zones = next(line for line in lines if line.startswith("yingkou/zones "))
    assert "eleven zones" in zones
    assert zones.endswith("half_more, double")
    assert "营口各开发区（人员精简）" in said("list", "--lang", "zh")


def test_a_file_without_a_name_is_called_after_itself(small: Path) -> None:
    mine = small.with_name("mine.yaml")
    mine.write_text("extends: small.yaml\nstaff: {clerks: {count: 3}}\n", encoding="utf-8")
    assert str(sim.load(mine).name) == "mine (extends small.yaml)"
    assert sim.load(mine).name.zh == "mine（基于 small.yaml）"


OWN_ZONES = """\
extends: yingkou/base
case_types:
  project: {attributes: {zone: {shares: {东区: 0.6, 西区: 0.4}}}}
"""


def test_shares_that_add_up_to_one_take_the_place_of_others(tmp_path: Path) -> None:
    file = tmp_path / "city.yaml"
    file.write_text(OWN_ZONES, encoding="utf-8")
    zone = sim.load(file).case_types["project"].attributes["zone"]
    assert zone.shares == {"东区": 0.6, "西区": 0.4}
    assert zone.labels == {}
    assert zone.label == {"en": "Zone", "zh": "开发区"}
    one_name = sim.load(
        "yingkou/base", settings=["case_types.startup.attributes.zone.shares={a: 1}"]
    )
    assert one_name.case_types["startup"].attributes["zone"].shares == {"a": 1}


def test_shares_of_a_base_file_are_named(tmp_path: Path) -> None:
    file = tmp_path / "city.yaml"
    file.write_text(OWN_ZONES.replace("0.6", "0.7"), encoding="utf-8")
    with pytest.raises(sim.ScenarioError) as error:
        sim.load(file)
    told = str(error.value)
    assert "city.yaml:3: case_types.project.attributes.zone.shares: the shares must add up" in told
    assert "jingkaiqu, gaoxinqu" in told
    assert "from yingkou/base.yaml count, too" in told


def test_a_run_that_ends_at_its_maximum_says_so(small: Path) -> None:
    options = ["run", str(small), "--until", "0.0001", "--max-replications", "2"]
    result = CliRunner().invoke(app, options)
    assert result.exit_code == 0
    assert result.stderr == "Not settled after 2 replications: --max-replications ended the run.\n"


@pytest.mark.parametrize(("target", "told"), [("0.5", False), ("0.98", True)])
def test_an_undecided_verdict_tells_how_to_go_on(target: str, told: bool) -> None:
    settings = ["--set", f"limits.startup_2.target_share={target}"]
    settings += ["--set", "limits.project_30=null", "--set", "limits.project_45=null"]
    run = ["run", "yingkou/base", "-n", "8", *settings]
    result = CliRunner().invoke(app, run, catch_exceptions=False)
    verdicts = result.stdout.split("\n\n")[1]
    assert ("UNDECIDED" in verdicts) is told
    assert ("--until decided" in result.stdout) is told
