"""Results as Excel workbooks and as CSV with labels: read back with an independent reader."""

from __future__ import annotations

import re
import zipfile

import pandas as pd
import pytest
import python_calamine

import sim
from sim.report.columns import ZH, heading
from sim.results.rows import COLUMNS
from tests.build.named_results import HOSTILE, KINDS, result


def sheets(file) -> dict[str, list[list[object]]]:
    book = python_calamine.CalamineWorkbook.from_path(file)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def xml(file, part: str) -> str:
    with zipfile.ZipFile(file) as archive:
        return archive.read(part).decode()


def test_a_workbook_has_a_sheet_for_each_table_with_its_numbers(tmp_path):
    found = result("run")
    file = tmp_path / "new" / "folder" / "r.xlsx"
    found.save(file)
    read = sheets(file)
    assert list(read) == ["About", *found.tables]
    head, first, *_ = read["limits"]
    row = dict(zip(head, first, strict=True))
    limit = found.limits.iloc[0]
    assert row["limit"] == limit["limit"] == "same_day"
    assert row["limit_label"] == "The office"
    assert row["on_time_share"] == pytest.approx(limit["on_time_share"])
    assert row["cases"] == limit["cases"]
    assert len(read["months"]) == len(found.months) + 1
    about = "\n".join(str(cell) for line in read["About"] for cell in line)
    assert found.scenario.sha256() in about
    assert "3" in about


def test_a_chinese_workbook_has_chinese_sheets_headings_and_labels(tmp_path):
    result("run").save(tmp_path / "r.xlsx", language="zh")
    read = sheets(tmp_path / "r.xlsx")
    assert list(read)[:2] == ["说明", "承诺"]
    head, first, *_ = read["承诺"]
    row = dict(zip(head, first, strict=True))
    assert row["承诺(名称)"] == "当日办结"
    assert row["结论(名称)"] in {"守住", "守不住", "未定"}
    assert {"按期率", "件数", "置信下限"} <= set(head)


def test_heads_stay_in_sight_columns_are_filtered_and_shares_are_in_per_cent(tmp_path):
    result("run").save(tmp_path / "r.xlsx")
    sheet = xml(tmp_path / "r.xlsx", "xl/worksheets/sheet2.xml")
    assert re.search(r'<pane xSplit="1" ySplit="1"[^>]*state="frozen"', sheet)
    assert "<autoFilter" in sheet
    assert "0.0%" in xml(tmp_path / "r.xlsx", "xl/styles.xml")


def test_no_text_is_a_formula_or_a_link(tmp_path):
    result("run", HOSTILE).save(tmp_path / "r.xlsx")
    with zipfile.ZipFile(tmp_path / "r.xlsx") as archive:
        for part in archive.namelist():
            text = archive.read(part).decode("utf-8", "replace")
            assert "<f>" not in text, part
            assert "<hyperlink" not in text, part
    assert any("alert(1)" in str(c) for line in sheets(tmp_path / "r.xlsx")["limits"] for c in line)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_result_is_written(kind, tmp_path):
    found = result(kind)
    found.save(tmp_path / "r.xlsx", language="zh")
    assert len(sheets(tmp_path / "r.xlsx")) == 1 + len(found.tables)


def test_the_same_result_gives_the_same_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        result("run").save(tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_only_workbooks_of_this_program_are_replaced_and_only_on_request(tmp_path):
    file, foreign = tmp_path / "r.xlsx", tmp_path / "f.xlsx"
    result("run").save(file)
    with pytest.raises(FileExistsError, match="--overwrite"):
        result("run").save(file)
    result("run").save(file, overwrite=True)
    pd.DataFrame({"a": [1]}).to_csv(foreign)
    with pytest.raises(FileExistsError, match="not written by this program"):
        result("run").save(foreign, overwrite=True)


def test_csv_has_labels_beside_the_codes_and_is_read_back(tmp_path):
    found = sim.run(result("run").scenario, replications=2)
    found.save(tmp_path / "r", tables="csv", language="zh")
    head, first, *_ = (tmp_path / "r" / "limits.csv").read_text("utf-8-sig").splitlines()
    row = dict(zip(head.split(","), first.split(","), strict=True))
    names = head.split(",")
    assert names.index("limit_label") == names.index("limit") + 1
    assert row["limit_label"] == "当日办结"
    again = sim.read(tmp_path / "r")
    pd.testing.assert_frame_equal(again.cases, found.cases)


def test_every_column_of_a_run_has_a_chinese_heading():
    found = result("run")
    for name, table in found.tables.items():
        for column in map(str, table.columns):
            if "." in column or "/" in column:  # names of the scenario
                continue
            assert re.search("[\u4e00-\u9fff]|^P\\d", heading(column, "zh")), (name, column)
    assert COLUMNS not in ZH
