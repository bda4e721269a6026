"""`sim records`: the audit as text, JSON, page and folder; mistakes are told."""

import json

import pytest
from typer.testing import CliRunner

from sim.cli import app

LEDGER = """\
办件编号,事项名称,办理部门,申请时间,受理时间,办结时间,办理结果,经办人
1,施工许可,住建局,2023-05-04 09:00:00,2023-05-04 10:30:00,2023-05-11 16:00:00,准予,王五
2,施工许可,住建局,2023-05-05 11:00:00,2023-05-05 10:30:00,,在办,王五
3,施工许可,住建局,2023-05-05 11:00:00,2023-05-05 11:30:00,2023-05-32 10:00,准予,王五
"""


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ledger.csv").write_bytes(LEDGER.encode("gb18030"))
    return tmp_path


def sim(*words):
    return CliRunner().invoke(app, ["records", "read", *words], catch_exceptions=False)


def test_the_audit_is_shown_in_both_languages(ledger) -> None:
    english, chinese = (sim("ledger.csv", "--lang", lang).stdout for lang in ("en", "zh"))
    assert "Accepted before it was received" in english
    assert "ledger.csv:3 受理时间 '2023-05-05 10:30:00'" in english
    assert "受理早于接件" in chinese
    assert "王五" not in english + chinese


def test_the_audit_as_json(ledger) -> None:
    data = json.loads(sim("ledger.csv", "--json").stdout)
    checks = {one["check"]: one for one in data["checks"]}
    assert checks["impossible_stamp"]["examples"] == [
        {"file": "ledger.csv", "sheet": "", "row": 4, "column": "办结时间",
         "value": "2023-05-32 10:00"}
    ]  # fmt: skip
    assert checks["open"]["count"] == 1
    assert (data["items"], data["officers"]) == (3, 1)
    assert data["columns"][0]["columns"]["经办人"] == "officer"


def test_folder_and_page_are_written_and_replaced_only_on_request(ledger) -> None:
    words = ("ledger.csv", "-o", "out", "--report", "audit.html")
    assert sim(*words).exit_code == 0
    page = (ledger / "audit.html").read_text("utf-8")
    assert "受理早于接件" in page
    assert "Accepted before it was received" in page
    assert sim(*words).exit_code == 2
    assert sim(*words, "--overwrite").exit_code == 0
    again = sim("ledger.csv", "--map", "out/mapping.yaml", "-o", "second", "--format", "csv")
    assert again.exit_code == 0
    assert (ledger / "second" / "events.csv").is_file()
    (ledger / "out" / "mine.txt").write_text("keep")
    refused = sim(*words, "--overwrite")
    assert (refused.exit_code, "mine.txt" in refused.stderr) == (2, True)
    assert not list(ledger.glob(".*.part"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["none.csv"], "no such file"),
        (["ledger.csv", "ledger.csv"], "named twice"),
        (["ledger.csv", "--time-zone", "Shanghai"], "did you mean 'Asia/Shanghai'"),
        (["ledger.csv", "--as-of", "soon"], "--as-of: 'soon'"),
        (["ledger.csv", "--country", "XX"], "--country"),
        (["ledger.csv", "--hours", "mon-fry 9:00-17:00"], "--hours"),
        (["ledger.csv", "--map", "ledger.csv"], "ledger.csv"),
        (["ledger.csv", "--report", "ledger.csv", "--overwrite"], "not written by this program"),
    ],
)
def test_mistakes_are_told(ledger, words, told) -> None:
    result = sim(*words)
    assert (result.exit_code, told in result.stderr) == (2, True), result.stderr


def test_hours_and_the_end_of_the_register_can_be_given(ledger) -> None:
    data = json.loads(sim("ledger.csv", "--json", "--hours", "mon-fri 11:00-17:00").stdout)
    assert {one["check"]: one["count"] for one in data["checks"]}["off_duty"] == 2
    assert sim("ledger.csv", "--as-of", "2023-06-01", "-o", "out").exit_code == 0
    manifest = json.loads((ledger / "out" / "manifest.json").read_text())
    assert manifest["as_of"].startswith("2023-06-01T23:59:59")
