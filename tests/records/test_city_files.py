"""Registers as cities really write them: outcomes, kinds of tables, headings and cells."""

import pytest
import xlsxwriter

from sim.records.auditing import audit
from sim.records.folder import save
from sim.records.headings import outcome_of, role_of
from sim.records.reading import Reading, read_files
from sim.records.register import State
from sim.scenario import ScenarioError

HEAD = "申报号,项目代码,事项名称,办理部门,受理时间,办结时间,办理结果,承诺时限"


def reading_of(tmp_path, text: str, name: str = "台账.csv") -> Reading:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    return read_files([file])


def rows(reading: Reading) -> dict[str, list[int]]:
    return {one.check: one.row.tolist() for one in audit(reading).found}


@pytest.mark.parametrize(
    ("text", "state"),
    [
        *((no, State.REFUSED) for no in ("不准予许可", "不许可", "不准予", "不批准", "未批准",
                                         "驳回", "不符合", "不予行政许可", "审核不通过")),
        *((still, State.NONE) for still in ("未完成", "未办结", "退回补正", "审批中", "待补正",
                                            "补正完成", "准予受理", "拟同意")),
        *((yes, State.PASSED) for yes in ("准予许可", "逾期办结", "办结-待领取", "审核通过",
                                          "补正后准予许可")),
        ("不予受理", State.NOT_ACCEPTED),
        ("容缺通过", State.PASSED_CONDITIONALLY),
        ("撤销申请", State.WITHDRAWN),
        *((what, None) for what in ("無效", "是否同意", "另案处理", "16")),
    ],
)  # fmt: skip
def test_an_outcome_is_read_with_its_negation(text: str, state: State | None) -> None:
    assert outcome_of(text) is state


def test_what_ended_without_a_known_outcome_is_told_and_counts_neither_way(tmp_path) -> None:
    times = "局,2023-03-01 10:00,2023-03-06 10:00"
    outcomes = ("准予许可", "另案", "", "在办")
    lines = [f"S{n},P{n},规划,{times},{how},5" for n, how in enumerate(outcomes)]
    reading = reading_of(tmp_path, "\n".join([HEAD, *lines]))
    assert reading.register.items["state"].tolist() == [11, 16, 16, 16]
    found = rows(reading)
    assert (found["unknown_state"], found["no_outcome"], found["open_but_ended"]) == ([3], [4], [5])
    assert "open" not in found


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("项目代码,审批阶段,事项编码,受理时间,办结时间", "P1,1,A,2023-03-01 10:00,2023-03-06"),
        ("申报号,收件时间,特别程序,办结时间", "S1,2023-03-01 10:00,专家评审,2023-03-06 10:00"),
        ("申报号,项目代码,阶段,审批阶段时限,发证时间", "S1,P1,1,20,2023-03-06 10:00"),
    ],
)
def test_a_table_with_times_of_items_is_a_ledger(head: str, line: str, tmp_path) -> None:
    reading = reading_of(tmp_path, f"{head}\n{line}\n")
    assert [one.kind for one in reading.maps] == ["ledger"]
    assert len(reading.register.events) == sum("时间" in name for name in head.split(","))
    unread = {"特别程序", "审批阶段时限"}
    assert {h for h, role in reading.maps[0].columns.items() if role == "-"} == unread & {
        *head.split(",")
    }


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("第一次补正告知时间", "correction_at"),
        ("第2次补正完成时间", "corrected_at"),
        ("补正1告知时间", "correction_at"),
        ("补正完成时间②", "corrected_at"),
        ("二次特别程序开始时间", "special_at"),
        ("一次性告知时间", "correction_at"),
        ("办结时间【必填】", "ended_at"),
        ("办结时间：", "ended_at"),
        ("第二次办结时间", None),
    ],
)
def test_headings_with_marks_and_numbers(heading: str, role: str | None) -> None:
    assert role_of(heading) == role


def test_a_second_correction_pauses_too(tmp_path) -> None:
    head = "申报号,受理时间,第一次补正时间,第一次补正完成时间,补正2时间,补正2完成时间,办结时间"
    days = ",".join(f"2023-03-0{day} 10:00" for day in range(1, 7))
    events = reading_of(tmp_path, f"{head}\nS1,{days}\n").register.events
    assert sorted(zip(events["at"].dt.day, events["state"], strict=True)) == [
        (1, 3), (2, 6), (3, 7), (4, 6), (5, 7), (6, 11),
    ]  # fmt: skip


def test_a_column_of_times_that_cannot_be_read_is_told_with_its_cells(tmp_path) -> None:
    lines = [f"S{n},P{n},规划,局,2023-03-01,23.3.{n},准予许可,5" for n in (6, 7)]
    reading = reading_of(tmp_path, "\n".join([HEAD, *lines]))
    found = {one.check: (one.row.tolist(), one.column, one.value) for one in audit(reading).found}
    assert found["impossible_stamp"] == ([2, 3], ("办结时间",) * 2, ("23.3.6", "23.3.7"))


@pytest.mark.parametrize(
    ("heading", "cell", "days"),
    [("承诺时限（小时）", "8", None), ("承诺时限(自然日)", "8", None),
     ("承诺时限（工作日）", "8", 8), ("承诺办结时间", "8个工作日", 8), ("承诺时限", "8小时", None)],
)  # fmt: skip
def test_hours_are_no_days(heading: str, cell: str, days: int | None, tmp_path) -> None:
    reading = reading_of(tmp_path, f"申报号,受理时间,{heading}\nS1,2023-03-01,{cell}\n")
    promised = reading.register.items["promised_wd"]
    assert promised.dropna().tolist() == ([] if days is None else [days])
    assert ("no_number" in rows(reading)) == (days is None)


def test_of_two_headings_of_one_role_the_surer_one_counts(tmp_path) -> None:
    text = (
        "申报号,受理部门,办理部门,办件状态,办理结果,办结时间\nS1,大厅,规划局,办结,驳回,2023-03-01\n"
    )
    items = reading_of(tmp_path, text).register.items
    assert (items["department"][0], items["state"][0]) == ("规划局", 13)
    none = text.replace("规划局", "")
    assert reading_of(tmp_path, none).register.items["department"][0] == "大厅"


def test_a_row_without_its_case_is_told(tmp_path) -> None:
    lines = ("S1,P1,规划,局,2023-03-01,,,5", "S2,,规划,局,2023-03-01,,,5")
    assert rows(reading_of(tmp_path, "\n".join([HEAD, *lines])))["no_case"] == [3]


# --- how tables stand on their sheets -------------------------------------------------------------

LINE = "S1,P1,规划,局,2023-03-01 10:00,2023-03-06 10:00,准予许可,5"


HEADS = ("申报号", "项目代码", "受理时间", "", "", "办结时间")


def test_names_in_rows_below_a_table_are_no_items_and_reach_no_output(tmp_path) -> None:
    below = (
        "合　计,1,,,,,,",
        "单位负责人：张三丰,,,填表人：李雷雷,,,,",
        "制 表 人：王小明,,,,,,,",
        "联系人：赵六 13912345678,,,,,,,",
        "制表人 钱七,,,,,,,",
        "制表人,钱七,审核人,赵六,,,,",
        "张三丰,,,,,,,",
    )
    reading = reading_of(tmp_path, "\n".join([HEAD, LINE, *below]))
    found = audit(reading)
    assert rows(reading)["footer_rows"] == [3, 4, 5, 6, 7, 8, 9]
    assert reading.register.items["item"].tolist() == ["S1"]
    save(reading, found, tmp_path / "out", tables="csv")
    written = b"".join(file.read_bytes() for file in (tmp_path / "out").iterdir())
    for name in ("张三丰", "李雷雷", "王小明", "赵六", "13912345678", "钱七"):
        assert name.encode() not in written


def test_a_short_row_of_a_narrow_log_is_no_signature(tmp_path) -> None:
    log = "activity,case,timestamp\n审核,7,2024-01-02 09:00\n统计说明,7,2024-01-02 10:00\n"
    assert len(reading_of(tmp_path, log).register.events) == 2


@pytest.mark.parametrize("line", ["S1,张三丰,部门,窗口,2023-03-01", "S1,张三丰,规划,窗口,收讫"])
def test_a_first_row_of_data_is_not_shown_as_headings(line: str, tmp_path) -> None:
    text = f"{line}\n" * 2
    with pytest.raises(ScenarioError, match="no headings that are known") as caught:
        reading_of(tmp_path, text)
    assert "张三丰" not in str(caught.value)


def test_rows_that_repeat_headings_or_give_units_are_no_items(tmp_path) -> None:
    units, numbers = ",,,,年月日,年月日,,小时", ",".join("12345678")
    reading = reading_of(tmp_path, "\n".join([HEAD, units, numbers, LINE, HEAD]))
    assert rows(reading)["heading_rows"] == [2, 3, 5]
    assert len(reading.register.items) == 1
    assert reading.register.items["promised_wd"].isna().all()


def test_two_rows_of_headings_are_read_as_one(tmp_path) -> None:
    heads = (
        "台账,,,,,\n申报号,受理时间,补正,,特别程序,,办结时间\n"
        ",,告知时间,完成时间,开始时间,结束时间,"
    )
    days = ",".join(f"2023-03-0{day} 10:00" for day in range(1, 7))
    reading = reading_of(tmp_path, f"{heads}\nS1,{days}\n")
    assert reading.register.events["state"].tolist() == [3, 6, 7, 9, 10, 11]
    assert rows(reading)["title_rows"] == [1]


def test_a_title_does_not_tell_the_separator_and_a_bad_byte_is_told_with_its_line(tmp_path) -> None:
    tabs = "\n".join(["辽河市办件台账，2023", HEAD.replace(",", "\t"), LINE.replace(",", "\t")])
    assert len(reading_of(tmp_path, tabs).register.items) == 1
    file = tmp_path / "bad.csv"
    file.write_bytes(f"{HEAD}\n{LINE}\n".encode() + b"\xff\xff\n")
    with pytest.raises(ScenarioError, match=r"bad\.csv:3: "):
        read_files([file])


def test_a_number_cut_by_a_spreadsheet_puts_nothing_together(tmp_path) -> None:
    lines = [LINE.replace("S1", f"S{n}").replace("P1", "2.10211E+15") for n in (1, 2)]
    reading = reading_of(tmp_path, "\n".join([HEAD, *lines]))
    assert len(reading.register.cases) == 2
    assert rows(reading)["cut_number"] == [2, 3]


def test_a_mapping_of_another_file_is_told(tmp_path) -> None:
    reading_of(tmp_path, f"{HEAD}\n{LINE}\n")
    mapping, other = tmp_path / "map.yaml", "- {file: 其他.csv, kind: ledger, columns: {a: item}}\n"
    mapping.write_text(f"tables:\n{other}", "utf-8")
    with pytest.raises(ScenarioError, match="none of its tables"):
        read_files([tmp_path / "台账.csv"], mapping=mapping)
    own = "- {file: 台账.csv, kind: ledger, columns: {申报号: item, 办结时间: ended_at}}\n"
    mapping.write_text(f"tables:\n{other}{own}", "utf-8")
    reading = read_files([tmp_path / "台账.csv"], mapping=mapping)
    found = next(one for one in audit(reading).found if one.check == "map_unused")
    assert (found.column, found.value) == (("tables[0]",), ("其他.csv",))
    with pytest.raises(ScenarioError, match="no such file"):
        read_files([tmp_path / "台账.csv"], mapping=tmp_path / "none.yaml")


def test_a_workbook_is_read_as_its_program_shows_it(tmp_path) -> None:
    """Merged cells, day numbers since 1904, long numbers, formulas, a hidden sheet."""
    file = tmp_path / "台账.xlsx"
    with xlsxwriter.Workbook(file, {"date_1904": True}) as written:
        page, hidden = written.add_worksheet("一月"), written.add_worksheet("隐藏")
        hidden.hide()
        hidden.write_row(0, 0, ["申报号", "受理时间"])
        page.write_row(0, 0, ["申报号", "项目代码", "受理时间", "补正", "", "办结时间"])
        page.merge_range(0, 3, 0, 4, "补正")
        for column in (0, 1, 2, 5):
            page.merge_range(0, column, 1, column, HEADS[column])
        page.write_row(1, 3, ["告知时间", "完成时间"])
        for row in range(2, 5):
            page.write_row(row, 0, [f"S{row}", "", 43524, 43525, 43526, 43527])
        page.merge_range(2, 1, 4, 1, "P1")
        page.write_number(5, 0, 2102112303010010010)
        page.write_number(5, 2, 43524)
        page.write_formula(5, 5, "=1+", value="#REF!")
    reading = read_files([file])
    register, found = reading.register, rows(reading)
    assert register.items["case"].tolist() == [0, 0, 0, 1]
    assert register.events["state"].tolist().count(State.CORRECTION) == 3
    assert str(register.events["at"].min()) == "2023-03-01 00:00:00"
    assert found["uncounted_cell"] == found["cut_number"] == [6]
    assert found["hidden_table"] == [1]
    assert "heading_rows" not in found
