"""Recorded cases, judged: by hand, against published intervals, and on the command line."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.clocks import Counting, read_clocks
from sim.experiments.judge.intervals import MONTHS_ENOUGH, exact, judge_months, kept
from sim.limits import PRESETS, ResolvedLimit, Scope
from sim.measures.limits import Standing, Tally
from sim.records.history import recorded
from sim.records.register import table
from sim.records.writing import write_register
from sim.report.judge.report import judged_report
from sim.report.kinds import kind_of
from sim.scenario import ReadError
from tests.build.commands import command
from tests.build.recorded import by_hand

WALK = (
    (1, "2023-03-06T09:00"),  # Monday
    (6, "2023-03-07T10:00"),
    (7, "2023-03-09T16:00"),
    (3, "2023-03-10T10:00"),  # Friday
    (8, "2023-03-10T14:00"),
    (9, "2023-03-14T09:00"),
    (10, "2023-03-16T09:00"),
    (11, "2023-03-20T15:00"),  # Monday
)
"""The case of the docstring of `sim.records.from_events`, with a special procedure."""


def days(register, name: str, matters=None, **how) -> list[int]:
    read = recorded(register, **how).history
    clocks = read_clocks(read, Scope("cases", matters), Counting(deemed_acceptance=True)).clocks
    return clocks[name].value.tolist()


def test_one_item_as_worked_out_by_hand() -> None:
    register = by_hand(("a", "permit", WALK))
    assert days(register, "gross_span") == [10]  # Tue 7 … Fri 10, Mon 13 … Fri 17, Mon 20
    assert days(register, "calendar_days") == [14]
    assert days(register, "statutory") == [4]  # Mon 13, Tue 14; Fri 17, Mon 20: 15 and 16 paused
    assert days(register, "promised") == [4]
    assert days(register, "state_item") == [4]
    assert days(register, "state_stage") == [6]  # without Wed 8, Thu 9; and 15, 16
    assert days(register, "state_span") == [14]


def test_its_steps_are_those_of_the_walk() -> None:
    history = recorded(by_hand(("a", "permit", WALK))).history
    nodes = [history.process.nodes[n].name.split("/", 1)[1] for n in history.demand.node]
    assert nodes == [
        *("receipt", "check", "correction", "check/2", "acceptance"),
        *("review", "special", "review", "decision"),
    ]
    first = history.process.first_check[history.demand.node]
    assert np.flatnonzero(first).tolist() == [1]
    before = np.diff(history.demand.workload.pred_ptr)
    assert before.tolist() == [0, *[1] * 8]  # a chain


def test_a_notice_after_five_working_days_is_deemed_acceptance() -> None:
    def item(told: str):
        return by_hand(
            ("a", "m", [(1, "2023-03-06T09:00"), (6, told), (7, "2023-03-20T09:00"),
                        (3, "2023-03-20T10:00"), (11, "2023-03-22T10:00")])
        )  # fmt: skip

    assert days(item("2023-03-13T10:00"), "statutory") == [2]
    assert days(item("2023-03-14T10:00"), "statutory") == [12]  # from receipt; corrections count


def test_open_items_count_to_the_date_and_as_both() -> None:
    register = by_hand(
        ("a", "m", [(1, "2023-03-06T09:00"), (3, "2023-03-06T09:30")]),
        ("b", "m", [(1, "2023-03-06T09:00"), (3, "2023-03-06T09:30"), (11, "2023-03-20T10:00")]),
        promised=8,
    )
    judged = sim.judge(register, until=dt.date(2023, 3, 10))
    (row,) = [row for row in judged.rows("own_limits") if row.kind == "matter"]
    assert (row.counts.open, row.counts.undetermined) == (2, 2)  # b is not decided yet
    assert (row.share.on_time_share.value, row.share.on_time_share_at_best) == (0, 1)
    judged = sim.judge(register)
    (row,) = [row for row in judged.rows("own_limits") if row.kind == "matter"]
    assert (row.counts.late, row.counts.open, row.counts.undetermined) == (1, 1, 1)
    # a is over its limit, but if it is refused yet, it never was overdue by the state's rule.
    assert (row.share.on_time_share.value, row.share.on_time_share_at_best) == (0, 0.5)


def test_unpaired_pauses_run_and_pairs_go_by_time() -> None:
    two = [(1, "2023-03-06T09:00"), (3, "2023-03-06T09:30"), (9, "2023-03-07T09:00"),
           (9, "2023-03-08T09:00"), (10, "2023-03-09T09:00")]  # fmt: skip
    register = by_hand(("a", "m", two))
    assert days(register, "state_item", until=np.datetime64("2023-03-31T09:00")) == [1]


def test_an_item_that_comes_back_is_another_application() -> None:
    register = by_hand(
        ("a", "m", [(1, "2023-03-06T09:00"), (3, "2023-03-06T10:00"), (13, "2023-03-08T10:00")]),
        ("a", "m", [(1, "2023-03-13T09:00"), (3, "2023-03-13T10:00"), (11, "2023-03-17T10:00")]),
    )
    history = recorded(register).history
    assert history.applications == 2
    assert days(register, "promised") == [4]  # the longer one; the refused one took 2
    again = read_clocks(history, Scope("cases", None, "case"), Counting())
    assert again.clocks["promised"].value.tolist() == [6]
    assert again.clocks["gross_span"].value.tolist() == [9]
    (row,) = [row for row in sim.judge(register).rows("own_limits") if row.kind == "matter"]
    assert (row.counts.cases, row.counts.on_time) == (1, 1)


def test_promises_that_differ_from_case_to_case_each_hold_for_theirs() -> None:
    late = [(1, "2023-03-06T09:00"), (3, "2023-03-06T10:00"), (11, "2023-03-10T10:00")]
    register = by_hand(("a", "m", late), ("b", "m", late))
    register.items["promised_wd"] = [3.0, 4.0]
    (row,) = [row for row in sim.judge(register).rows("own_limits") if row.kind == "matter"]
    assert (row.counts.on_time, row.counts.late, row.limit_days) == (1, 1, 4)


def test_the_states_statistics_of_a_project_by_hand() -> None:
    register = by_hand(
        ("p", "land", [(1, "2023-03-06T09:00"), (3, "2023-03-06T10:00"), (11, "2023-03-08T10:00")]),
        ("p", "works", [(1, "2023-03-13T09:00"), (3, "2023-03-14T10:00"), (6, "2023-03-15T10:00"),
                        (7, "2023-03-17T10:00"), (11, "2023-03-22T10:00")]),
        ("p", "fire", [(1, "2023-03-13T09:00"), (3, "2023-03-14T10:00"), (13, "2023-03-30T10:00")]),
        promised=3,
        stages=table("stages", {"stage": ["1", "2"], "name": ["use", "building"],
                                "standard_stage": [1, 2], "limit_wd": [5.0, 5.0]}),
    )  # fmt: skip
    register.items["stage"] = ["1", "2", "2"]
    rows = {(row.kind, row.name): row for row in sim.judge(register).rows("statistics")}
    use, building = rows["stage", "1"], rows["stage", "2"]
    assert (use.days_mean, use.span_mean, use.overdue, use.applicant_mean) == (2, 2, 0, 0)
    # 14, 15, 20, 21, 22 March, less none; 16 and 17 are paused. 'fire' was refused: left out.
    assert (building.days_mean, building.overdue) == (5, 1)
    assert rows["item", "works"].days_mean == 4
    assert ("item", "fire") not in rows
    project = rows["project", "cases"]
    assert (project.days_mean, project.overdue) == (7, 1)


# --- intervals -------------------------------------------------------------------------------


def test_the_interval_is_that_of_clopper_and_pearson() -> None:
    """8 of 10: 0.4439 to 0.9748 (their paper of 1934, and any table)."""
    low, high = exact(0.8, 0.8, 10, 0.95)
    assert (round(low, 4), round(high, 4)) == (0.4439, 0.9748)
    assert exact(math.nan, math.nan, 0, 0.95) == (0.0, 1.0)
    low, high = exact(0.5, 0.8, 10, 0.95)  # three open ones count both ways
    assert (round(low, 4), round(high, 4)) == (0.1871, 0.9748)


def test_months_take_the_place_of_replications_where_there_are_enough() -> None:
    limit = ResolvedLimit("l", Scope("cases"), PRESETS["promised"], 5, 0.95, 0.95)

    def month(late: int) -> Tally:
        standing = np.array([Standing.LATE] * late + [Standing.ON_TIME] * (20 - late), np.int8)
        return Tally.of(standing, np.zeros(20, np.int64))

    bad_and_good = [month(10 if n % 6 == 0 else 0) for n in range(MONTHS_ENOUGH)]
    of_months, how = judge_months(limit, bad_and_good, limit.rule)
    of_cases, other = judge_months(limit, bad_and_good[:-1], limit.rule)
    assert (how, other) == ("months", "cases")
    assert of_months.high - of_months.low > 1.5 * (of_cases.high - of_cases.low)
    assert of_cases.low == pytest.approx(exact(420 / 460, 420 / 460, 460, 0.95)[0])


def test_a_year_kept_its_target_or_not_or_hangs_on_open_cases() -> None:
    assert [kept(*share, 0.95) for share in ((0.95, 1), (0.9, 0.94), (0.9, 0.96))] == [
        *("yes", "no", "open")
    ]
    assert kept(math.nan, math.nan, 0.95) == ""


# --- what is refused, and how it is shown ---------------------------------------------------------


def test_what_cannot_be_judged_is_told() -> None:
    register = by_hand(("a", "permit", WALK))
    with pytest.raises(ReadError, match="first event is of 2023-03-06"):
        sim.judge(register, until=dt.date(2022, 1, 1))
    with pytest.raises(ReadError, match="no attribute 'zone'"):
        sim.judge(register, by=["zone"])
    with pytest.raises(ReadError, match="has none of the register's matters 'permit'"):
        sim.judge(register, sim.load("yingkou/base"))
    with pytest.raises(ReadError, match="no event with a time"):
        sim.judge(by_hand(("a", "permit", [])))


def test_a_matter_that_the_scenario_does_not_know_is_named() -> None:
    register = by_hand(("a", "FIL", WALK), ("a", "permit", WALK))
    judged = sim.judge(register, sim.load("yingkou/base"))
    assert judged.strangers == ("permit",)
    for language in ("en", "zh"):
        lines = [b for part in judged_report(judged, language).parts for b in part.blocks]
        assert any("permit" in getattr(block, "text", "") for block in lines)


def test_the_result_is_kept_and_read_again(tmp_path: Path) -> None:
    register = by_hand(("a", "permit", WALK), ("b", "permit", WALK))
    for scenario in (None, sim.load("yingkou/base")):
        if scenario is not None:
            register = by_hand(("a", "FIL", WALK))
        judged = sim.judge(register, scenario)
        folder = tmp_path / str(scenario is None)
        judged.save(folder)
        again = sim.read(folder)
        assert kind_of(again).data(again) == kind_of(judged).data(judged)
        judged.report(folder.with_suffix(".html"))
        page = folder.with_suffix(".html").read_text("utf-8")
        assert "国家统计口径" in page
        assert "The state's statistics" in page or "The state&#39;s statistics" in page


def test_a_page_tells_what_counts_for_recorded_cases_alone(tmp_path: Path) -> None:
    """No staff, no seed, no replications; the dates are those of the cases, not the scenario's."""
    register = by_hand(("a", "FIL", WALK), ("b", "", WALK))
    sim.judge(register, sim.load("yingkou/base")).report(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "limits.project_30.limit" in page
    assert "case_types.project.matters.EIA.promised" in page
    assert "staff.planners.count" not in page
    for word in ("Busy, wait, queue", "忙碌率、等待、队列", "各次重复之间", "replications differ"):
        assert word not in page
    assert "2021年1月1日至2021年12月31日" not in page
    assert "2023年3月6日" in page
    assert "(not filled in)" in page
    assert "(未填)" in page or "（未填）" in page


def test_the_command_judges_files_and_folders(tmp_path: Path) -> None:
    register = by_hand(("a", "permit", WALK), ("b", "permit", WALK), promised=3)
    write_register(register, tmp_path / "log.csv")
    write_register(register, tmp_path / "tables")
    for path in ("log.csv", "tables"):
        code, shown, _ = command("records", "judge", tmp_path / path, "--json")
        assert code == 0
        data = json.loads(shown)
        assert (data["measured"], data["scenario"], data["by_steps"]) == (2, None, False)
        (row,) = [row for row in data["own_limits"] if row["kind"] == "matter"]
        assert (row["late"], row["limit_days"], row["verdict"]) == (2, 3, "fails")
    assert command("records", "judge", tmp_path / "log.csv", "--check")[0] == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--window", "2023"], "--window: '2023': must be FROM..TO"),
        (["--window", "2023-02-01..2023-01-01"], "must be FROM..TO"),
        (["--to", "soon"], "--to: 'soon': must be a date"),
        (["--set", "run.seed=2"], "give one with --scenario"),
        (["--scenario", "textbook/mm1"], "has no matters to judge"),
        (["--by", "zone"], "no attribute 'zone'"),
    ],
)
def test_the_command_refuses(tmp_path: Path, words: list[str], told: str) -> None:
    write_register(by_hand(("a", "permit", WALK)), tmp_path / "log.csv")
    code, _, refused = command("records", "judge", tmp_path / "log.csv", *words)
    assert code == 2
    assert told in refused


def test_where_events_cannot_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    for name, told in (
        ("log.xlsx", "events can be written into"),
        ("no/log.csv", "no such folder"),
    ):
        code, _, refused = command("run", "textbook/mm1", "--events", tmp_path / name)
        assert code == 2
        assert told in refused
    assert command("run", "textbook/mm1", "--all-events")[0] == 2


def test_names_are_escaped_in_every_format(tmp_path: Path) -> None:
    from sim.records.reading import read_files

    wild = 'a<b>&"|;%25;'
    register = by_hand(("c-1", wild, WALK))
    steps = {"case": [0], "name": [wild], "ready": [np.datetime64("2023-03-06T09:00", "ms")]}
    register = type(register)(
        register.cases, register.items, register.events, steps=table("steps", steps)
    )
    for ending in ("xes", "csv", "parquet"):
        write_register(register, tmp_path / f"log.{ending}")
        read = read_files([tmp_path / f"log.{ending}"]).register
        assert list(read.items["matter"]) == [wild]
        assert list(read.steps["name"]) == [wild]
