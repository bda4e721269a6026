"""Registers as offices keep them, judged: what each row promises counts for it alone."""

from __future__ import annotations

from pathlib import Path

import sim
from sim.records.reading import read_files
from tests.build.commands import command

HEAD = (
    "申报号,项目代码,审批阶段,事项名称,办理部门,受理时间,办结时间,办理结果,"
    "承诺时限,承诺办结时间,法定时限\n"
)  # fmt: skip
"""Item, case, stage, matter, department, acceptance, end, outcome, days promised, due, by law."""


def judged(folder: Path, *rows: str) -> sim.Judged:
    """Judge rows without their outcome: all are granted. 2023-03-01 is a Wednesday."""
    file = folder / "ledger.csv"
    lines = []
    for number, row in enumerate(rows):
        stage, department, begun, ended, *days = row.split(",")
        about = f"S{number},P{number},{stage},规划许可,{department},{begun},{ended},准予许可"
        lines.append(",".join([about, *days, *[""] * (3 - len(days))]))
    file.write_text(HEAD + "\n".join(lines), "utf-8")
    return sim.judge(read_files([file], key=b"k").register)


def on_time(rows: tuple, name: str) -> dict[str, tuple[int, int]]:
    """Return department or part → cases and late ones."""
    return {getattr(row, name): (row.counts.cases, row.counts.late) for row in rows}


def test_an_item_counts_for_its_own_department(tmp_path: Path) -> None:
    found = judged(
        tmp_path,
        ",甲局,2023-03-01,2023-03-06,5,",
        ",甲局,2023-03-01,2023-03-07,5,",
        ",乙局,2023-03-01,2023-03-30,5,",
    )
    assert on_time(found.department_rows, "department") == {"甲局": (2, 0), "乙局": (1, 1)}


def test_an_item_without_days_is_in_no_share(tmp_path: Path) -> None:
    found = judged(tmp_path, ",局,2023-03-01,2023-03-03,5,", ",局,2023-03-01,2023-04-28,,")
    assert on_time(found.department_rows, "department") == {"局": (1, 0)}
    assert found.without_limit == 1


def test_a_matter_in_two_stages_is_two(tmp_path: Path) -> None:
    found = judged(tmp_path, "立项,局,2023-03-01,2023-03-06,5,", "施工,局,2023-03-01,2023-03-30,5,")
    matters = tuple(row for row in found.part_rows if row.kind == "matter")
    assert on_time(matters, "name") == {"规划许可 (立项)": (1, 0), "规划许可 (施工)": (1, 1)}


def test_a_due_date_counts_where_no_days_are_promised(tmp_path: Path) -> None:
    found = judged(
        tmp_path,
        ",a,2023-03-01,2023-03-08,,2023-03-08",
        ",b,2023-03-01,2023-03-09,,2023-03-08",
        ",c,2023-03-01,2023-03-09,6,2023-03-08",
        ",d,2023-03-01,2023-03-09,,2023-12-31",
    )
    late = {"a": (1, 0), "b": (1, 1), "c": (1, 0), "d": (1, 0)}
    assert on_time(found.department_rows, "department") == late


def test_an_item_is_held_to_the_law_where_others_are_promised_days(tmp_path: Path) -> None:
    found = judged(
        tmp_path,
        ",a,2023-03-01,2023-03-08,5,,20",
        ",b,2023-03-01,2023-03-15,5,,20",
        ",c,2023-03-01,2023-03-15,,,20",
        ",d,2023-03-01,2023-04-15,,,20",
    )
    late = {"a": (1, 0), "b": (1, 1), "c": (1, 0), "d": (1, 1)}
    assert on_time(found.department_rows, "department") == late
    assert found.without_limit == 0


def test_what_was_found_in_reading_is_told_with_the_judgement(tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    row = "S1,P1,,规划许可,局,2023-03-01T02:00:00Z,2023-03-09T02:00:00Z,准予许可,5,,"
    file.write_text(HEAD.replace("\n", ",批示\n") + row + ",无", "utf-8")
    code, _, told = command("records", "judge", file)
    assert code == 0
    assert "Times in UTC" in told
    assert "columns not read: 1" in told
    code, _, told = command("records", "judge", file, "--time-zone", "Asia/Shanghai")
    assert "Times in UTC" not in told


def test_nothing_to_judge_does_not_pass(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("case,activity,timestamp\n1,A,2023-03-01 10:00\n", "utf-8")
    code, _, told = command("records", "judge", file)
    assert code == 2
    assert "there is nothing to judge" in told
    row = "S1,P1,,规划许可,局,2023-03-01,2023-03-09,准予许可,,,"
    file.write_text(HEAD + row, "utf-8")
    assert command("records", "judge", file)[0] == 0
    assert command("records", "judge", file, "--check")[0] == 1


def test_names_command_no_terminal(tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    row = "S1,P1,,\x1b[31mred\x1b[0m,局,2023-03-01,2023-03-09,准予许可,5,,"
    file.write_text(HEAD + row, "utf-8")
    code, shown, _ = command("records", "judge", file, "--report", tmp_path / "page.html")
    assert code == 0
    assert "\x1b[31m" not in shown
    assert "\\x1b[31mred" in shown
    assert "\x1b" not in (tmp_path / "page.html").read_text("utf-8")


def test_a_list_is_overwritten_without_any_other_output(tmp_path: Path) -> None:
    words = "forecast", tmp_path / "none.yaml", tmp_path, "--list", tmp_path / "x.csv"
    code, _, told = command(*words, "--overwrite")
    assert code == 2
    assert "needs --out" not in told
