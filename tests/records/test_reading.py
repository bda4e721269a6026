"""Tables, spreadsheets and logs become one register; each fault is told with its row."""

import datetime as dt
import io
import os
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from sim.calendars import time_zone
from sim.records.auditing import CHECKS, Done, Duty, audit
from sim.records.folder import open_register, save
from sim.records.mapping import KINDS, read_mapping, written
from sim.records.reading import read_files
from sim.records.register import COLUMNS, State
from sim.report.page import Document, page_of_document
from sim.report.records.report import audit_report, audit_topics
from sim.report.records.words import say
from sim.report.terminal import terminal_text
from sim.scenario import ReadError, ScenarioError
from tests.build.strict_page import Page

LOGS = "SIM_TEST_LOGS"
"""Variable that names the folder of published logs: receipt/receipt.xes.gz …"""
TODAY = dt.date(2024, 6, 1)

PROJECTS = """\
gcdm,XMMC,XZQHDM,SBSJ,LXLX,sjyxbs
G1,一号厂房,210800,2023-05-04 09:00:00,备案,1
G2,二号厂房,210800,2023-05-05 09:00:00,备案,1
G9,作废,210800,2023-05-05 09:00:00,备案,0
"""
ITEMS = """\
工程代码,审批事项实例编码,审批事项编码,审批流程编码,审批流程版本号,审批部门名称,并联审批实例编码,事项办理时限
G1,S1,A,F,1,规划局,B1,5
G1,S2,B,F,1,,B1,
G2,S3,A,F,1,规划局,,5
"""
EVENTS = """\
SPSXSLBM,GCDM,BLR,BLZT,BLSJ,BLYJ
S1,G1,张三,1,2023-05-04 09:00:00,
S1,G1,张三,3,2023-05-04 10:00:00,同意
S1,G1,李四,11,2023-05-10 16:00:00,"同意,
发证"
S2,G1,李四,3,2023-05-08 09:00:00,
S2,G1,李四,1,2023-05-08 11:00:00,
S3,G2,张三,1,2023-05-06 09:00:00,
S3,G2,张三,3,2023-05-06 00:00:00,
S3,G2,张三,6,2023-05-08 09:30:00,
S3,G2,张三,6,2023-05-08 09:30:00,补
S3,G2,张三,11,2023-02-30 09:30:00,
S4,G2,张三,1,2023-05-09 08:00:00,
S4,G2,张三,77,2023-05-09 09:30:00,
"""
MATTERS = """\
SPLCBM,SPLCBBH,SPJDXH,SPSXBM,SPSXMC,SPSXBLSX,SPBMMC,QZSPSXBM,SFSXGZCNZ
F,1,1,A,用地规划许可,5,规划局,,0
F,1,2,B,工程规划许可,7,住建局,"A,C",1
"""


def tables(tmp_path: Path, **texts: str) -> list[Path]:
    files = []
    for name, text in texts.items():
        file = tmp_path / f"{name}.csv"
        file.write_bytes(text.encode("gb18030"))
        files.append(file)
    return files


@pytest.fixture
def exchanged(tmp_path):
    files = tables(tmp_path, projects=PROJECTS, items=ITEMS, events=EVENTS, matters=MATTERS)
    return read_files(files, key=b"k", today=TODAY)


def rows(reading, **how) -> dict[str, list[int]]:
    """Return check → the rows that it found."""
    found = audit(reading, **how)
    return {one.check: one.row.tolist() for one in found.found}


def test_the_exchange_tables_are_put_together(exchanged) -> None:
    register = exchanged.register
    assert [m.kind for m in exchanged.maps] == ["projects", "items", "events", "matters"]
    assert register.cases["case"].tolist() == ["G1", "G2"]
    assert register.cases["zone"].tolist() == ["210800"] * 2
    items = register.items.set_index("item")
    assert items.loc["S2", ["matter", "stage", "department", "promised_wd"]].tolist() == [
        "工程规划许可", "2", "住建局", 7.0,
    ]  # fmt: skip
    assert items["case"].tolist() == [0, 0, 1, 1]
    assert items["state"].tolist() == [
        11,
        3,
        6,
        1,
    ]  # S2: a late stamp of receipt does not undo acceptance
    assert register.matters["after"].tolist() == ["", "A C"]
    assert register.matters["commitment"].tolist() == [False, True]
    third = register.events.iloc[2]
    assert (third["state"], third["at"]) == (State.PASSED, pd.Timestamp("2023-05-10 16:00"))
    assert register.place("events", 3) == "events.csv:6: BLSJ"  # a cell before has two lines


def test_each_fault_of_the_exchange_tables_is_told_with_its_row(exchanged) -> None:
    assert rows(exchanged) == {
        "invalid_rows": [4],
        "event_twice": [11],
        "item_not_listed": [13],
        "impossible_stamp": [12],
        "unknown_state": [14],
        "midnight": [9],
        "accepted_before_receipt": [6, 9],
        "no_department": [13],
        "no_matter": [13],
        "open": [3, 4, 13],
    }


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("王五", "**"),
        ("许正", "**"),  # both stand in words of states
        ("Zhang San", "*********"),
        ("21080219900101001X", "*" * 18),
        ("13812345678", "*" * 11),
        ("2023-05-32 10:00", "2023-05-32 10:00"),
        ("2023年2月30日 上午9时", "2023年2月30日 上午9时"),
        ("2023-02-30T09:00:00", "2023-02-30T09:00:00"),
        ("20230230090000", "20230230090000"),
        ("受理/办结", "受理/办结"),
        ("99", "99"),
    ],
)
def test_a_cell_that_is_not_read_is_quoted_only_if_it_can_hold_no_name(
    cell: str, shown: str, tmp_path
) -> None:
    """As a time, and as a state."""
    head = "审批事项实例编码,BLZT,BLSJ\n"
    rows_ = f"S1,1,2023-05-04 09:00:00\nS1,{cell},2023-05-05 09:00:00\nS1,3,{cell}\n"
    (tmp_path / "办件过程.csv").write_text(head + rows_, "utf-8")
    reading = read_files([tmp_path / "办件过程.csv"])
    found = {
        remark.check: remark.cells
        for remark in reading.remarks
        if remark.check in {"unknown_state", "impossible_stamp"}
    }
    assert found["unknown_state"] == (shown,)
    assert set(found.get("impossible_stamp", (shown,))) == {shown}


def test_names_are_hashed_and_agree_within_one_reading(tmp_path, exchanged) -> None:
    register = exchanged.register
    officers = register.events["officer"].astype(str)
    assert officers.nunique() == 2
    assert officers[0] == officers[1] != officers[2]
    files = tables(tmp_path, events=EVENTS)
    other = read_files(files).register.events["officer"].astype(str)
    assert other[0] != officers[0]
    assert read_files(files, officers="named").register.events["officer"][0] == "张三"
    assert set(read_files(files, officers="none").register.events["officer"]) == {""}


def test_no_name_is_written_anywhere(tmp_path, exchanged) -> None:
    for form in ("csv", "parquet"):
        out = tmp_path / form
        save(exchanged, audit(exchanged), out, tables=form)
        for file in out.iterdir():
            content = file.read_bytes()
            for name in ("张三", "李四", "一号厂房"):
                assert name.encode() not in content, (file.name, name)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_register_comes_back_from_its_folder_as_it_was(tmp_path, exchanged, form) -> None:
    save(exchanged, audit(exchanged), tmp_path / "out", tables=form)
    back = open_register(tmp_path / "out")
    for name in COLUMNS:
        pd.testing.assert_frame_equal(
            getattr(exchanged.register, name), getattr(back, name), check_categorical=False
        )
    with pytest.raises(FileExistsError, match="--overwrite"):
        save(exchanged, audit(exchanged), tmp_path / "out", tables=form)
    save(exchanged, audit(exchanged), tmp_path / "out", tables=form, overwrite=True)


@pytest.mark.parametrize("missing", ["manifest.json", "items.parquet", None])
def test_a_folder_that_is_no_register_is_refused(tmp_path, exchanged, missing) -> None:
    out = tmp_path / "out"
    save(exchanged, audit(exchanged), out)
    if missing is None:
        (out / "cases.parquet").write_bytes((out / "items.parquet").read_bytes())
    else:
        (out / missing).unlink()
    with pytest.raises(ReadError, match="sim records read"):
        open_register(out)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_register_that_was_damaged_is_refused(tmp_path, exchanged, form) -> None:
    """Another digit in a time makes a table that can be read, and another history."""
    out = tmp_path / "out"
    save(exchanged, audit(exchanged), out, tables=form)
    open_register(out)
    table = out / f"events.{form}"
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.write_bytes(content)
    with pytest.raises(ReadError, match=r"checksum.*sim records read"):
        open_register(out)


# --- a spreadsheet --------------------------------------------------------------------------------

LEDGER = """\
二〇二三年办件台账,,,,,,,,,
申报号,项目代码,事项名称,责任单位,申请时间,受理时间,补正时间,补正完成时间,办结时间,办件状态,承诺时限(工作日),经办人,备注
1,P1,施工许可,住建局,2023年5月4日 09:00,2023年5月4日 10:30,,,2023年5月11日 16:00,准予,5个工作日,王五,急
2,P2,施工许可,住建局,2023/5/4,2023/5/5,2023/5/5 10:00,2023/5/9 11:00,2023/5/12,不予许可,5,王五,
3,P2,施工许可,住建局,2023-05-15 09:00,2023-5-15 9:30,,,2023-5-15 9:30,办结,5,王五,
4,P3,施工许可,,2023-05-16 09:00,2023-5-16 8:30,,,,在办,五天,王五,
5,P4,施工许可,住建局,2023-05-17 09:00,2023-05-17 10:00,2023-05-17 11:00,,2023-05-20 09:00,办结,5,赵六,
5,P4,施工许可,住建局,2023-05-17 09:00,2023-05-17 10:00,2023-05-17 11:00,,2023-05-20 09:00,办结,5,赵六,
,,,,,,,,,,,,
合计,5件,,,,,,,,,,,
"""  # noqa: E501


def test_a_spreadsheet_is_read_without_a_mapping_and_its_faults_are_told(tmp_path) -> None:
    reading = read_files(tables(tmp_path, ledger=LEDGER))
    found = rows(reading)
    assert found["title_rows"] == [1]
    assert found["footer_rows"] == [10]
    assert found["duplicate_rows"] == [8]
    assert found["no_number"] == [6]
    assert found["accepted_before_receipt"] == [6]
    assert found["in_one_go"] == [5]
    assert found["handed_in_again"] == [5]
    assert found["pause_without_end"] == [7]
    assert found["no_department"] == [6]
    assert found["open"] == [6]
    assert found["day_off"] == [7]  # 20 May 2023 is a Saturday
    assert found["day_only"] == [4, 4, 4]
    register = reading.register
    assert register.items["state"].tolist() == [11, 13, 11, 3, 11]
    assert register.items["promised_wd"].tolist()[:3] == [5.0, 5.0, 5.0]
    assert register.cases["case"].tolist() == ["P1", "P2", "P3", "P4"]
    assert set(found) <= set(CHECKS)


def test_the_guess_is_kept_in_a_file_that_can_be_edited(tmp_path) -> None:
    files = tables(tmp_path, ledger=LEDGER)
    reading = read_files(files)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(written(reading.maps), encoding="utf-8")
    assert read_mapping(mapping) == reading.maps
    text = mapping.read_text("utf-8").replace("备注: '-'", "备注: attribute")
    mapping.write_text(text, encoding="utf-8")
    again = read_files(files, mapping=mapping)
    assert again.register.cases["备注"].tolist() == ["急", "", "", ""]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("受理时间: accepted_at", "受理时间: accepted", "did you mean 'accepted_at'"),
        ("kind: ledger", "kind: legder", "did you mean 'ledger'"),
        ("受理时间: accepted_at", "受理时刻: accepted_at", "no such column"),
        ("受理时间: accepted_at", "受理时间: ended_at", "already"),
        ("tables:", "table:", "must hold a list"),
        ("tables:", "tables: [", "no YAML"),
        ("kind: ledger", "colour: red", "is no key"),
    ],
)
def test_mistakes_in_a_mapping_are_told(tmp_path, before, after, told) -> None:
    files = tables(tmp_path, ledger=LEDGER)
    mapping = tmp_path / "mapping.yaml"
    text = written(read_files(files).maps)
    assert before in text
    mapping.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(ScenarioError, match=told):
        read_files(files, mapping=mapping)


@pytest.mark.parametrize(
    "heads", ["case,activity,resource,start,end", "案例,环节,办理人,开始时间,结束时间"]
)
def test_plain_headings_of_an_event_log_are_known(tmp_path, heads) -> None:
    file = tmp_path / "log.csv"
    file.write_text(f"{heads}\n7,review,ann,2024-01-02 09:00,2024-01-02 10:30\n", "utf-8")
    events = read_files([file]).register.events
    assert [str(at) for at in events["at"]] == ["2024-01-02 09:00:00", "2024-01-02 10:30:00"]
    assert {*events["activity"].astype(str)} == {"review"}


def test_a_start_up_has_an_item_for_each_step(tmp_path) -> None:
    text = (
        "流水号,企业名称,申请时间,设立登记时间,刻章时间,税务时间\n"
        "1,甲公司,2023-05-04 09:00,2023-05-05 10:00,2023-05-05 15:00,\n"
    )
    register = read_files(tables(tmp_path, start_ups=text)).register
    assert register.items["matter"].tolist() == ["设立登记", "刻章", "税务"]
    assert register.items["state"].tolist() == [11, 11, 1]
    assert register.cases["case"].tolist() == ["1"]


def test_cells_do_no_harm(tmp_path) -> None:
    evil = '=cmd|"/c calc"!A0'
    text = (
        "申报号,项目代码,事项名称,办理部门,受理时间,办结时间,办理结果\n"
        f'"{evil.replace(chr(34), chr(34) * 2)}",../../etc,<script>alert(1)</script>,+1,'
        "\x1b[31m2023,2023-05-04 10:00,@x\n"
        "2,P,M,D,2023-05-04 10:00,2023-05-04 10:00,办结\n"
        "3,P,M,D,2023-05-04 10:00,2023-05-04 10:00,办结\n"
    )
    reading = read_files(tables(tmp_path, evil=text))
    found = audit(reading)
    save(reading, found, tmp_path / "out", tables="csv")
    for file in (tmp_path / "out").glob("*.csv"):
        cells = pd.read_csv(file, dtype=str, keep_default_na=False).to_numpy().ravel()
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))], file.name
    assert {path.name for path in tmp_path.iterdir()} == {"evil.csv", "out"}
    page = page_of_document(
        Document(("a", "b"), lambda lang: audit_report(found, reading.maps, lang), audit_topics)
    )
    assert Page(page).problems == []
    assert page.count("<script") == 1
    assert "\x1b" not in page
    shown = io.StringIO()
    Console(width=300, file=shown).print(terminal_text(audit_report(found, reading.maps, "zh")))
    assert "\x1b" not in shown.getvalue()
    assert open_register(tmp_path / "out").items["item"][0] == evil


def test_an_office_closes_on_the_stroke(tmp_path) -> None:
    times = ("08:00:00", "07:59:59", "18:00:00", "18:00:01", "12:00:00")
    lines = [f"{n},2023-05-04 {time}" for n, time in enumerate(times)]
    files = tables(tmp_path, stroke="\n".join(["办件编号,受理时间", *lines]))
    assert rows(read_files(files))["off_duty"] == [3, 5]


def test_a_date_alone_is_compared_by_date(tmp_path) -> None:
    text = (
        "办件编号,申请时间,受理时间,办结时间\n"
        "1,2023-05-04 10:00,2023-05-04,2023-05-04 16:00\n"
        "2,2023-05-04 10:00,2023-05-03,2023-05-04\n"
        "3,2023-05-04,2023-05-04 09:00,2023-05-03\n"
    )
    found = rows(read_files(tables(tmp_path, dates=text)))
    assert found["accepted_before_receipt"] == [3]
    assert found["ended_before_acceptance"] == [4]
    assert found["day_only"] == [2, 3, 3, 4, 4]


def test_what_is_still_to_come_is_told_and_does_not_move_the_end_of_the_register(tmp_path) -> None:
    text = "办件编号,受理时间,办结时间\n1,2023-05-04 10:00,2032-05-05 10:00\n2,2023-06-01 10:00,\n"
    reading = read_files(tables(tmp_path, late=text), today=TODAY)
    assert rows(reading)["future"] == [2]
    assert reading.register.now == np.datetime64("2023-06-01T10:00")
    assert read_files(tables(tmp_path, late=text), today=dt.date(2033, 1, 1)).register.as_of is None


# --- a published log ------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["receipt.xes.gz", "receipt.csv.gz"])
def receipt(request):
    folder = os.environ.get(LOGS)
    file = Path(folder or "", "receipt", request.param)
    if folder is None or not file.is_file():
        pytest.skip(f"set {LOGS} to a folder with {request.param}")
    return read_files([file])


def test_the_receipt_log_has_its_publishers_figures(receipt) -> None:
    register = receipt.register
    events = register.events
    assert (len(register.cases), len(events)) == (1434, 8577)
    assert events["activity"].nunique() == 27
    assert events["officer"].nunique() == 48
    seconds = pd.Series(register.elapsed_s()).groupby(events["item"].to_numpy())
    length = seconds.max() - seconds.min()
    assert round(length.mean(), 3) == 467_263.915
    assert round(length.max(), 3) == 23_832_541.524
    assert register.cases["ended"].notna().sum() == 1329


def test_deadlines_of_the_receipt_log_are_56_days_on_the_local_clock(receipt) -> None:
    """Also where summer time begins or ends in between, and a day has 23 or 25 hours."""
    register = receipt.register
    received = register.cases["received"].to_numpy()[register.items["case"].to_numpy()]
    due = register.items["due"].to_numpy()
    usual = np.abs(due - received - np.timedelta64(56, "D")) <= np.timedelta64(20, "ms")
    assert usual.sum() == 982
    zone = time_zone("NL")
    ahead = [
        [
            t.astype("datetime64[us]").astype(dt.datetime).replace(tzinfo=zone).utcoffset()
            for t in (a, b)
        ]
        for a, b in zip(received[usual], due[usual], strict=True)
    ]
    assert sum(a != b for a, b in ahead) == 335


def test_the_receipt_log_has_no_faults(receipt) -> None:
    assert rows(receipt, duty=Duty(country="NL")) == {}


def test_a_folder_stands_for_its_files_but_those_that_excel_keeps_while_open(tmp_path) -> None:
    ledger = "\n".join(["申报号,事项名称,申请时间,办结时间", "1,规划许可,2023-03-01,2023-03-09"])
    (tmp_path / "2023.csv").write_text(ledger, "utf-8")
    for name in ("~$2023.xlsx", ".2023.csv", "readme.md"):
        (tmp_path / name).write_text("nothing", "utf-8")
    assert len(read_files([tmp_path]).register.items) == 1
    (tmp_path / "2023.csv").unlink()
    with pytest.raises(ScenarioError, match="holds no file of records"):
        read_files([tmp_path])


def test_a_register_that_was_read_already_is_not_read_again(exchanged, tmp_path) -> None:
    save(exchanged, audit(exchanged), tmp_path / "register")
    with pytest.raises(ScenarioError, match="holds a register that was read already"):
        read_files([tmp_path / "register"])


def test_the_audit_has_words_for_whatever_it_can_tell() -> None:
    told = {"kind": KINDS, "check": CHECKS, "done": get_args(Done)}
    assert {f"{of}_{one}" for of, all_of in told.items() for one in all_of} <= set(say.own)
