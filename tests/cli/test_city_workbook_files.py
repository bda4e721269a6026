"""A workbook for a city as a file: written, read, refused; and what else takes one."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.scenario.files.form_reading import sheets_of
from tests.build.forms import Book


def command(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    """Return a workbook in Chinese, as `sim new` writes it."""
    file = tmp_path_factory.mktemp("city") / "我市.xlsx"
    code, out, _ = command("new", file, "--lang", "zh")
    assert code == 0
    assert "sim check" in out
    return file


def test_a_new_workbook_is_exactly_its_base(written) -> None:
    code, out, err = command("check", written)
    assert (code, out.count("note:"), err) == (0, 1, "")
    assert "没有填写任何数值" in out
    expected = sim.load("yingkou/base", settings=["name=我市"]).sha256()
    assert sim.load(written).sha256() == expected


def test_a_new_workbook_says_what_to_do_and_shows_the_base(written) -> None:
    sheets = {sheet.name: sheet.rows for sheet in sheets_of(written, "x")}
    text = "\n".join(cells[0] for cells in sheets["说明"].values())
    assert "sim run 我市.xlsx --lang zh --report 我市.html" in text
    head, first = sheets["人员"][1], sheets["人员"][2]
    assert head[:4] == ["部门", "岗位", "人数（人）", "基准值：人数（人）"]
    assert first[:4] == ["综合窗口", "综合窗口", "", "4"]
    assert "每个大厅 2 至 4 个窗口" in first[head.index("基准值的依据")]


def test_a_new_workbook_helps_in_excel(written) -> None:
    """Frozen heads, filters, yellow cells, and rules for what cells may hold."""
    with zipfile.ZipFile(written) as archive:
        names = [name for name in archive.namelist() if "worksheets/sheet" in name]
        texts = [archive.read(name).decode() for name in names]
        looks = archive.read("xl/styles.xml").decode()
    assert sum('state="frozen"' in text for text in texts) >= 10
    assert sum("<autoFilter" in text for text in texts) >= 10
    assert sum("<dataValidation " in text for text in texts) >= 8
    assert "FFFFF6CC" in looks


def test_a_filled_in_workbook_runs_and_becomes_yaml(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    book = Book("en", "textbook/mm3").write("staff", "clerks", "count", "4")
    book.write("times", "request/steps/serve/work", "time", "12 min")
    book.sheets["Notes"] = {1: ["call Ms Wang", "tomorrow"]}
    book.save(Path("mine.xlsx"))
    code, out, _ = command("check", "mine.xlsx")
    assert code == 0
    assert "mine.xlsx: note: sheet 'Notes' is not read" in out
    assert "values from the workbook: Times 1, Staff 1;" in out
    code, out, _ = command("run", "mine.xlsx", "-n", "2")
    assert code == 0
    assert command("new", "mine.yaml", "--from", "mine.xlsx")[0] == 0
    assert "extends: textbook/mm3" in Path("mine.yaml").read_text(encoding="utf-8")
    assert sim.load("mine.yaml").sha256() == sim.load("mine.xlsx").sha256()
    Path("more.yaml").write_text("extends: mine.xlsx\nstaff: {clerks: {count: 5}}\n")
    assert sim.load("more.yaml").staff["clerks"].count == 5
    varied = sim.load("mine.xlsx", settings={"staff.clerks.count": 6})
    assert varied.staff["clerks"].count == 6


def test_mistakes_in_a_file_are_told_with_exit_code_2(tmp_path) -> None:
    file = tmp_path / "mine.xlsx"
    book = Book("zh", "textbook/mm3").write("staff", "clerks", "count", "三")
    book.save(file, {("用时", "G2"): None, ("人员", "C9"): "5"})
    code, out, err = command("run", file)
    assert (code, out) == (2, "")
    assert "单元格 B2: 人数（人）: '三': 必须填数字" in err
    assert "工作表“用时”单元格 G2" in err
    assert "不计算公式" in err


def test_the_stored_value_of_a_formula_is_read(tmp_path) -> None:
    file = tmp_path / "mine.xlsx"
    Book("en", "textbook/mm3").save(file, {("Staff", "B2"): "5"})
    assert sim.load(file).staff["clerks"].count == 5


WRONG = {
    "old.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为不加密码的 .xlsx"),
    "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为不加密码的 .xlsx"),
    "table.xlsx": ("岗位,人数\n规划,5\n".encode("gb18030"), "is a text file (CSV)"),
    "empty.xlsx": (b"", "sim new FILE.xlsx makes a workbook"),
    "~$mine.xlsx": (b"\x05user", "give mine.xlsx"),
    "mine.yaml": (b"PK\x03\x04" + b"\0" * 40, "ends in .xlsx"),
    "cut.xlsx": (b"PK\x03\x04" + b"\0" * 40, "is no XLSX file that can be read"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_is_no_workbook_is_refused(tmp_path, name) -> None:
    content, reason = WRONG[name]
    file = tmp_path / name
    file.write_bytes(content)
    code, out, err = command("check", file)
    assert (code, out) == (2, "")
    assert reason in err
    assert "Traceback" not in err


def test_a_hostile_workbook_is_refused(tmp_path) -> None:
    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (201 * 2**20))
    with pytest.raises(sim.ScenarioError, match="more than 200 MiB"):
        sim.load(file)


def test_a_base_that_is_not_there_is_told_at_its_cell(tmp_path) -> None:
    file = tmp_path / "mine.xlsx"
    Book("en", "textbook/mm3").write("general", "extends", "own", "textbook/mm4").save(file)
    code, _, err = command("check", file)
    assert code == 2
    assert "sheet General, cell B2: extends: textbook/mm4: no such file" in err
    assert "did you mean 'textbook/mm" in err


def test_a_workbook_is_found_without_its_ending(tmp_path) -> None:
    (tmp_path / "mine.xlsx").write_bytes(b"")
    with pytest.raises(sim.ScenarioError, match=r"did you mean '.*mine\.xlsx'"):
        sim.load(tmp_path / "mine")


def test_a_workbook_cannot_be_its_own_base(tmp_path) -> None:
    file = tmp_path / "mine.xlsx"
    Book("en", "textbook/mm3").write("general", "extends", "own", "mine.xlsx").save(file)
    with pytest.raises(sim.ScenarioError, match="in a circle"):
        sim.load(file)
