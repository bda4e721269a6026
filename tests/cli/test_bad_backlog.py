"""Whatever is wrong with a backlog: every mistake at once, each with its line, and exit code 2."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.replications.model import Model
from sim.scenario import ScenarioError
from tests.build.backlogs import HAND, generated, written

GOOD = "case,case_type,submitted,accepted_on,accepted,done,under_way,paused_wd,kind,handed_in\n"

BAD = {
    "case type": (
        "a,projekt,2021-09-13,,,,,,,",
        "open.csv:2: case_type: 'projekt': no such case type; did you mean 'project'?",
    ),
    "matter": (
        "a,project,2021-09-13,2021-09-14,one,AA,,,,",
        "open.csv:2: done: 'AA': no such part of case type 'project'; did you mean 'A'?",
    ),
    "stage": (
        "a,project,2021-09-13,2021-09-14,onne,,,,,",
        "open.csv:2: accepted: 'onne': no such part of case type 'project'; did you mean 'one'?",
    ),
    "step": (
        "a,project,2021-09-13,,,one/chek,,,,",
        "open.csv:2: done: 'one/chek': no such part of case type 'project'; did you mean "
        "'one/check'?",
    ),
    "attribute value": (
        "a,project,2021-09-13,,,,,,z,",
        "open.csv:2: kind: 'z': no such value; valid: x, y",
    ),
    "attribute of another case type": (
        "a,network,2021-09-13,,,,,,x,",
        "open.csv:2: kind: 'x': cases of type 'network' have no such attribute; none is defined",
    ),
    "no date": (
        "a,project,13.9.2021,,,,,,,",
        "open.csv:2: submitted: '13.9.2021': must be a date such as 2024-03-01, or a time "
        "2024-03-01 09:30",
    ),
    "submitted after the start": (
        "a,project,2021-09-23,,,,,,,",
        "open.csv:2: submitted: '2021-09-23': must lie before the start, 2021-09-23",
    ),
    "a slip in the year": (
        "a,project,1021-09-13,,,,,,,",
        "open.csv:2: submitted: '1021-09-13': lies more than 40 years before the start",
    ),
    "no calendar": (
        "a,project,1999-09-13,,,,,,,",
        "open.csv:2: submitted: '1999-09-13': no working days of 1999 in CN: the data begin with "
        "2004",
    ),
    "accepted before submission": (
        "a,project,2021-09-13,2021-09-10,one,,,,,",
        "open.csv:2: accepted_on: '2021-09-10': lies before the submission, 2021-09-13",
    ),
    "accepted after the start": (
        "a,project,2021-09-13,2021-09-24,one,,,,,",
        "open.csv:2: accepted_on: '2021-09-24': must lie before the start, 2021-09-23",
    ),
    "accepted when": (
        "a,project,2021-09-13,,one,,,,,",
        "open.csv:2: accepted_on: is missing: the clock runs, for A is accepted",
    ),
    "accepted when, and paused": (  # nobody knows for how many days the clock has run
        "a,project,2021-09-13,,one,,,99,,",
        "open.csv:2: accepted_on: is missing: the clock runs, for A is accepted",
    ),
    "accepted another day": (
        "a,project,2021-09-13,2021-09-14,one=2021-09-15,,,,,",
        "open.csv:2: accepted_on: '2021-09-14': the clock started on 2021-09-15, say "
        "'accepted' and 'deemed'",
    ),
    "a step is not accepted": (
        "a,project,2021-09-13,2021-09-14,one/check,,,,,",
        "open.csv:2: accepted: 'one/check': no such part of case type 'project'; valid: A, B, one, "
        "two",
    ),
    "accepted what": (
        "a,project,2021-09-13,2021-09-14,,,,,,",
        "open.csv:2: accepted_on: '2021-09-14': the clock runs, but 'accepted', 'deemed' and "
        "'done' name nothing",
    ),
    "a network is not accepted": (
        "a,network,2021-09-13,2021-09-14,,,,,,",
        "open.csv:2: accepted_on: '2021-09-14': an open network has no acceptance: its clocks run "
        "from 'submitted'",
    ),
    "done without what it requires": (
        "a,project,2021-09-13,2021-09-14,two,B,,,,",
        "open.csv:2: done: 'B': is done, but 'A', which it requires, is not",
    ),
    "step done without the one before": (
        "a,network,2021-09-13,,,b,,,,",
        "open.csv:2: done: 'b': is done, but 'a' before it is not",
    ),
    "neither accepted nor sent back": (
        "a,project,2021-09-13,,,one/check,,,,",
        "open.csv:2: done: 'one/check': is done: name what is accepted, or the correction that is "
        "under way",
    ),
    "done with a date": (
        "a,project,2021-09-13,2021-09-14,,A=2021-09-15,,,,",
        "open.csv:2: done: 'A=2021-09-15': has no dates; name what is done, joined by ';'",
    ),
    "finished": (
        "a,project,2021-09-13,2021-09-14,,A;B,,,,",
        "open.csv:2: done: 'A;B': nothing is left to do; leave a finished case out",
    ),
    "under way and done": (
        "a,project,2021-09-13,2021-09-14,,A,A/publicity=2021-09-15 10:00,,,",
        "open.csv:2: under_way: 'A/publicity': is under way, but it, or what follows it, is done",
    ),
    "under way, and what follows is done": (
        "a,project,2021-09-13,2021-09-14,one,A/decision,A/publicity=2021-09-15 10:00,,,",
        "open.csv:2: under_way: 'A/publicity': is under way, but it, or what follows it, is done",
    ),
    "work under way": (
        "a,project,2021-09-13,2021-09-14,one,,A/review/handle=2021-09-15 10:00,,,",
        "open.csv:2: under_way: 'A/review/handle': is work, which begins anew; only delays can be "
        "under way",
    ),
    "under way since when": (
        "a,project,2021-09-13,2021-09-14,one,A/review/handle,A/publicity,,,",
        "open.csv:2: under_way: 'A/publicity': when did it begin? Write "
        "'A/publicity=2024-03-01 09:30'",
    ),
    "negative pause": (
        "a,project,2021-09-13,2021-09-14,one,,,-1,,",
        "open.csv:2: paused_wd: '-1': must be a whole number of working days, at least 0",
    ),
    # (14, 22] = 15, 16, 17, 18, 22
    "paused for longer than it ran": (
        "a,project,2021-09-13,2021-09-14,one,,,6,,",
        "open.csv:2: paused_wd: '6': only 5 working days have passed so far",
    ),
    "paused before it began": (
        "a,project,2021-09-13,,,,,2,,",
        "open.csv:2: paused_wd: '2': no clock runs that could have paused",
    ),
    "twice": (
        "a,network,2021-09-13,,,,,,,\na,network,2021-09-13,,,,,,,",
        "open.csv:3: case: 'a': is given twice; first in line 2",
    ),
    "no name": (",network,2021-09-13,,,,,,,", "open.csv:2: case: must not be empty"),
    "cells": ("a,network,2021-09-13", "open.csv:2: has 3 cells, but there are 10 columns"),
    "rows": ("", "open.csv: has no rows"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_mistake_is_told_with_line_column_value_and_rule(name, tmp_path):
    rows, message = BAD[name]
    with pytest.raises(ScenarioError) as error:
        Model(written(tmp_path, GOOD + rows, HAND))
    assert [str(problem) for problem in error.value.problems] == [message]


EVERYTHING = """\
a,projekt,2021-09-13,,,,,,,

b,project,never,2021-09-14,,X,A/publicity=2021-09-15,-2,z,
c,network,2021-09-23,,,,,,,
d,project,1999-09-13,,,,,,,
e,project,2021-09-13,2021-09-14,one,B,,,,
f,network,2021-09-13,,,,,9,,
f,network,2021-09-13,,,,,,"",
g,network,2021-09-13
"""
TOLD = """\
open.csv:2: case_type: 'projekt': no such case type; did you mean 'project'?
open.csv:4: submitted: 'never': must be a date such as 2024-03-01, or a time 2024-03-01 09:30
open.csv:4: kind: 'z': no such value; valid: x, y
open.csv:4: done: 'X': no such part of case type 'project'; valid: A, B, one, two
open.csv:4: paused_wd: '-2': must be a whole number of working days, at least 0
open.csv:5: submitted: '2021-09-23': must lie before the start, 2021-09-23
open.csv:6: submitted: '1999-09-13': no working days of 1999 in CN: the data begin with 2004
open.csv:7: done: 'B': is done, but 'A', which it requires, is not
open.csv:8: paused_wd: '9': only 6 working days have passed so far
open.csv:9: case: 'f': is given twice; first in line 8
open.csv:10: has 3 cells, but there are 10 columns
"""


@pytest.mark.parametrize("command", ["check", "run"])
def test_all_mistakes_are_told_at_once_and_nothing_is_run(command, tmp_path):
    # A submission that cannot be read brings no complaint of the dates that follow it. After the
    # 13th: 14, 15, 16, 17, 18, 22.
    written(tmp_path, GOOD + EVERYTHING, HAND)
    result = CliRunner().invoke(app, [command, str(tmp_path / "s1.yaml")])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == TOLD


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_mistakes_and_cases_are_the_same_however_many_rows_are_read_at_a_time(
    batch, tmp_path, monkeypatch
):
    good = GOOD + "".join(
        f"{name},project,2021-09-{day},,,,one/correction=2021-09-22 10:00,,x,\n"
        if day % 2
        else f"{name},project,2021-09-{day},2021-09-22,one,,,,,\n"
        for name, day in (("d", 17), ("a", 13), ("c", 14), ("b", 14), ("e", 15))
    )
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    whole = Model(written(folders[0], good, HAND)).demand.draw(1, 0)
    monkeypatch.setattr("sim.demand.backlog.table.BATCH", batch)
    in_parts = Model(written(folders[1], good, HAND)).demand.draw(1, 0)
    assert in_parts.backlog["project"].name == ("a", "b", "c", "e", "d")
    for name in ("amount", "pool", "counted", "pred", "due_wd"):
        mine, its = getattr(in_parts.workload, name), getattr(whole.workload, name)
        assert mine.tobytes() == its.tobytes()
    assert in_parts.backlog["project"].running.tolist() == whole.backlog["project"].running.tolist()
    with pytest.raises(ScenarioError) as error:
        Model(written(tmp_path, GOOD + EVERYTHING, HAND))
    assert f"{error.value}\n" == TOLD


def test_of_very_many_mistakes_the_first_fifty_are_told(tmp_path):
    rows = "".join(f"c{number},projekt,2021-09-13,,,,,,,\n" for number in range(250))
    with pytest.raises(ScenarioError) as error:
        Model(written(tmp_path, GOOD + rows, HAND))
    told = str(error.value).splitlines()
    assert len(told) == 51
    assert told[49].startswith("open.csv:51: ")
    assert told[50] == "… and 200 more mistakes"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("case,case_type,submited", "open.csv:1: has no column 'submitted'; did you mean"),
        ("case,case_type,submitted,pausd_wd", "open.csv:1: pausd_wd: unknown column; did you mean"),
        ("case,case_type,submitted,case", "open.csv:1: case: column is given twice"),
    ],
)
def test_columns_are_checked(header, message, tmp_path):
    with pytest.raises(ScenarioError) as error:
        Model(written(tmp_path, header + "\n" + ",".join("x" * (header.count(",") + 1)), HAND))
    assert str(error.value.problems[0]).startswith(message)


def test_an_unknown_column_hides_no_other_mistake(tmp_path):
    rows = "a,network,2021-09-31,x\nb,netwrk,2021-09-13,x\n"
    with pytest.raises(ScenarioError) as error:
        Model(written(tmp_path, "case,case_type,submitted,pausd_wd\n" + rows, HAND))
    assert [(problem.line, problem.key) for problem in error.value.problems] == [
        (1, "pausd_wd"),
        (2, "submitted"),
        (3, "case_type"),
    ]


def test_a_backlog_may_be_written_as_spreadsheets_do_in_china(tmp_path):
    plain = GOOD + "甲,project,2021-09-03 09:05,2021-09-06,one,,,,x,one=2021-09-03\n"
    sheet = GOOD + "甲,project,2021/9/3 9:05,2021/9/6,one,,,,x,one=2021/9/3\n"
    drawn = []
    for number, content in enumerate((plain.encode(), sheet.encode("gbk"))):
        folder = tmp_path / str(number)
        folder.mkdir()
        carried = Model(written(folder, content, HAND)).demand.draw(1, 0).backlog["project"]
        drawn.append((carried.name, carried.submitted_s.tolist(), carried.handed_in.tolist()))
    assert drawn[0] == drawn[1]
    assert drawn[0][0] == ("甲",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"case,case_type,submitted\n\xff,network,2021-09-13", "is neither UTF-8 nor GB18030 text"),
        (b"", "open.csv: is empty"),
        (b"case;case_type;submitted\n", "open.csv:1: columns are separated by ';'"),
        (b"case\tcase_type\tsubmitted\n", "open.csv:1: columns are separated by tabs"),
        (b'case,case_type,submitted\n"a"b,network,2021-09-13', "cannot be read as CSV"),
    ],
)
def test_what_is_no_csv_is_refused(content, message, tmp_path):
    with pytest.raises(ScenarioError, match=message):
        Model(written(tmp_path, content, HAND))


def test_a_stage_is_accepted_as_a_whole_at_one_window(tmp_path):
    both = "case_types: {project: {matters: {B: {stage: one}}}}"
    row = "a,project,2021-09-13,2021-09-14,A,,,,,"
    with pytest.raises(ScenarioError) as error:
        Model(written(tmp_path, GOOD + row, HAND, both))
    assert str(error.value) == (
        "open.csv:2: accepted: 'A': is accepted together with B; name them, or the stage"
    )
    counters = "handling: {one_window: false}"
    Model(written(tmp_path, GOOD + row, HAND, both, counters))  # each at its own counter


def test_what_a_case_does_not_have_is_not_done(tmp_path):
    settings = ["case_types.project.matters.B.if={kind: y}"]
    row = "a,project,2021-09-13,2021-09-14,one,B,,,x,"
    with pytest.raises(ScenarioError) as error:
        Model(written(tmp_path, GOOD + row, HAND, settings=settings))
    assert str(error.value) == "open.csv:2: done: 'B': the case does not have it: kind is 'x'"


@pytest.mark.parametrize(
    ("pauses", "message"),
    [
        ("1,2,", "paused_statutory_wd: '2': the statutory clock does not pause longer than the"),
        ("2,,1", "paused_net_wd: '1': net approval time does not pause for less than the promised"),
        ("1,0,6", "paused_net_wd: '6': only 5 working days have passed so far"),
    ],
)
def test_pauses_fit_together(pauses, message, tmp_path):
    head = "case,case_type,submitted,accepted_on,accepted,paused_wd,paused_statutory_wd,"
    row = f"a,project,2021-09-13,2021-09-14,one,{pauses}"
    with pytest.raises(ScenarioError) as error:
        Model(written(tmp_path, f"{head}paused_net_wd\n{row}", HAND))
    (problem,) = error.value.problems
    assert str(problem).startswith(f"open.csv:2: {message}")


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ("{count: 1, at: AA, age: 1 wd}", "backlog.generate.project.0.at: no 'AA' here; did you"),
        ("{count: 1, at: A, age: 1 h}", "backlog.generate.project.0.age: '1 h': an age is measure"),
        (
            "{count: 1, at: A, age: 1 wd, attributes: {kind: z}}",
            "backlog.generate.project.0.attributes.kind: no 'z' here; valid: x, y",
        ),
        (
            "{count: 1, at: A, age: 1 wd, attributes: {knd: x}}",
            "backlog.generate.project.0.attributes: no attribute 'knd'; did you mean 'kind'?",
        ),
        ("{count: 1, at: B, age: 1 wd, done: [AA]}", "backlog.generate.project.0.done: no 'AA'"),
    ],
)
def test_a_generated_backlog_is_checked(group, message, tmp_path):
    with pytest.raises(ScenarioError) as error:
        generated(tmp_path, f"backlog: {{generate: {{project: [{group}]}}}}")
    (problem,) = error.value.problems
    assert message in str(problem)


def test_a_generated_backlog_stays_within_the_calendar(tmp_path):
    old = "backlog: {generate: {project: [{count: 1, at: A, age: 6000 wd}]}}"
    model = Model(generated(tmp_path, old))
    with pytest.raises(ScenarioError, match="reaches back too far"):
        model.demand.draw(1, 0)


def test_file_and_generate_exclude_each_other(tmp_path):
    both = "backlog: {file: open.csv, generate: {project: [{count: 1, at: A, age: 1 wd}]}}"
    with pytest.raises(
        ScenarioError, match="give one of file, records and generate, not file and generate"
    ):
        generated(tmp_path, both)
