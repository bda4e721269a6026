"""Same scenario, seed and version: same bytes, whatever the process and the order in the file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "scenarios" / "yingkou" / "base.yaml"


def run_sim(scenario: Path, hash_seed: str, *more: str) -> bytes:
    command = "from sim.__main__ import main; main()"
    arguments = ["run", str(scenario), "--seed", "7", "--json", "-n", "2", *more]
    done = subprocess.run(
        [sys.executable, "-c", command, *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        check=True,
    )
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="module")
def first(folder: Path) -> bytes:
    return run_sim(BASE, "1", "--out", str(folder / "1"), "--format", "csv")


def test_the_same_bytes_from_two_processes(first, folder):
    assert json.loads(first)
    assert run_sim(BASE, "2", "--out", str(folder / "2"), "--format", "csv") == first
    written = [{f.name: f.read_bytes() for f in (folder / n).iterdir()} for n in ("1", "2")]
    assert "result.json.z" in written[0]
    assert written[0] == written[1]


def test_the_order_in_the_file_changes_no_number(first, tmp_path):
    yaml = YAML()
    tree = yaml.load(BASE.read_text(encoding="utf-8"))
    plain: Any = json.loads(json.dumps(tree, default=str))  # aliases written out
    for key in ("case_types", "pools", "staff", "departments", "hours"):
        plain[key] = dict(reversed(plain[key].items()))
    for case_type in plain["case_types"].values():
        case_type["attributes"] = dict(reversed(case_type["attributes"].items()))
    plain["period"] = tree["period"]  # dates stay dates
    other = tmp_path / "other.yaml"
    with other.open("w", encoding="utf-8") as file:
        YAML().dump(plain, file)
    names = list(YAML(typ="safe").load(other.read_text(encoding="utf-8"))["staff"])
    assert names[-1] == "window"  # it is another order
    one, two = json.loads(first), json.loads(run_sim(other, "3"))
    # assumptions are told in the order and with the name of the file
    told = [{(a["path"], str(a["value"])) for a in each.pop("assumptions")} for each in (one, two)]
    assert told[0] == told[1]
    assert one == two
