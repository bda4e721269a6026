"""The arrivals of a real log, where it is at hand: every one of its 1,434 cases is reported."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

import sim
from sim.experiments import Result

ROOT = Path(__file__).resolve().parents[2]
LOG = ROOT.parent / "shared" / "data" / "receipt" / "receipt.csv.gz"
SCENARIO = ROOT / "tests" / "data" / "receipt.yaml"

pytestmark = pytest.mark.skipif(not LOG.is_file(), reason="the receipt log is not here")


@pytest.fixture(scope="module")
def result() -> Result:
    setting = f"case_types.permit.arrivals.replay.file={LOG.as_posix()}"
    return sim.run(sim.load(SCENARIO, settings=[setting]), replications=2, seed=1)


def test_every_case_of_the_log_is_reported(result):
    assert result.cases.groupby("replication").size().tolist() == [1434, 1434]
    assert all(check.ok for check in result.checks), result.checks
    assert (result.cases["outcome"] == "done").all()


def test_cases_arrive_as_in_the_log(result):
    """Read without the program: the first start date of each case, cut to the second."""
    import csv

    with gzip.open(LOG, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 8577
    first: dict[str, tuple[str, str]] = {}
    for row in rows:
        stated = (row["case:startdate"][:19], row["case:channel"])
        name = row["case:concept:name"]
        first[name] = min(first.get(name, stated), stated)
    expected = sorted(first.values())
    assert len(expected) == 1434
    for number in (0, 1):  # a recorded log is the same in every replication
        cases = result.cases[result.cases["replication"] == number]
        found = cases["arrival"].dt.strftime("%Y-%m-%d %H:%M:%S")
        assert sorted(zip(found, cases["attribute.channel"], strict=True)) == expected
