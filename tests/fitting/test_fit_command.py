"""`sim fit` on the command line: a file that loads and runs, and clear refusals."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import sim
from sim.records.writing import write_register
from tests.build.commands import command
from tests.build.fitted_city import CITY, recorded_city


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("records")
    write_register(recorded_city(), folder / "events")
    (folder / "city.yaml").write_text(CITY, encoding="utf-8")
    return folder


def test_a_register_becomes_a_scenario(records: Path) -> None:
    out, page = records / "mine.yaml", records / "fit.html"
    done = command("fit", records / "events", "-o", out, "--report", page, "--name", "Ours")
    assert done[0] == 0, done[2]
    assert "effective time" in done[1]
    scenario = sim.load(out)
    assert str(scenario.name) == "Ours"
    assert re.search(r'source: "measured: \w+\.csv', out.read_text(encoding="utf-8"))
    assert "<html" in page.read_text(encoding="utf-8")
    assert command("check", out)[0] == 0


def test_json_names_every_value_with_its_range(records: Path) -> None:
    done = command("fit", records / "events", "--json")
    found = json.loads(done[1])
    one = next(v for v in found["values"] if v["path"].endswith("LAND.correction.probability"))
    assert one["low"] < one["value"] < one["high"]
    assert one["n"] > 300


def test_a_base_keeps_what_records_do_not_tell(records: Path) -> None:
    out = records / "based.yaml"
    done = command("fit", records / "events", "--base", records / "city.yaml", "-o", out)
    assert done[0] == 0, done[2]
    text = out.read_text(encoding="utf-8")
    assert text.count("extends: city.yaml") == 1
    scenario, base = sim.load(out), sim.load(records / "city.yaml")
    assert scenario.staff == base.staff
    assert scenario.limits == base.limits
    land, before = (s.case_types["project"].matters["LAND"] for s in (scenario, base))
    assert land.review == before.review
    assert land.correction != before.correction


def test_what_cannot_be_done_is_said(records: Path, tmp_path: Path) -> None:
    out = tmp_path / "there.yaml"
    out.write_text("name: mine", encoding="utf-8")
    for arguments, rule in (
        (("-o", out), "exists; give --overwrite"),
        (("-o", tmp_path), "is a folder"),
        (("--country", "Atlantis"), "--country"),
        (("--to", "yesterday"), "must be a date"),
        (("--to", "1999-01-01"), "nothing to fit"),
    ):
        done = command("fit", records / "events", *arguments)
        assert done[0] == 2, arguments
        assert rule in done[2], done[2]
        assert "Traceback" not in done[2]
    assert out.read_text(encoding="utf-8") == "name: mine"


def test_the_report_is_there_in_chinese(records: Path) -> None:
    done = command("fit", records / "events", "--lang", "zh")
    assert "由办件数据拟合的情景" in done[1]
