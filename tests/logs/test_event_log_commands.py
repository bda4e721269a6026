"""`sim fit` of an event log without states of approvals, and `sim records simulate`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.logs.choice import against, choose
from sim.logs.event_log import event_log, log_of, part_before_and_after
from sim.records.opened import register_from
from tests.build.commands import command, write_small
from tests.build.office_log import csv_of, office_log

DATA = Path(os.environ.get("SIM_PUBLISHED_LOGS", "nowhere"))
"""A folder with `loanapp/` and `credentials/`, as benchmarks/event_logs.py wants them."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    csv_of(office_log(160), folder / "office.csv")
    done = command("fit", folder / "office.csv", "-o", folder / "office.yaml")
    assert done[0] == 0, done[2]
    return folder


def test_sim_fit_says_what_such_a_log_tells_and_what_not(folder: Path) -> None:
    page = folder / "page.html"
    done = command("fit", folder / "office.csv", "--hold-out", "0.2", "--report", page)
    assert done[0] == 0, done[2]
    assert "no question about limits of the law" in done[1]
    assert "Distances from the part held out" in done[1]
    assert "when an officer is free" in done[1]
    assert "<html" in page.read_text(encoding="utf-8")
    text = (folder / "office.yaml").read_text(encoding="utf-8")
    assert '"officer 1": all' in text
    assert 'hours: "Mon-Fri 09:00-17:00"' in text
    assert "Li" not in text
    assert "160: 1 2<1" in text


def test_json_has_the_choices_and_the_distances_held_out(folder: Path) -> None:
    found = json.loads(command("fit", folder / "office.csv", "--hold-out", "0.2", "--json")[1])
    assert found["cases"] == 128
    assert found["delay"] is None
    assert [one["begins"] for one in found["activities"]] == ["when_free", "when_free"]
    held = found["held_out"]["distances"]
    assert held["NGD"]["mean"] == held["CTDD"]["mean"] == 0  # every case is the same
    assert held["AEDD"]["mean"] < 1


@pytest.mark.parametrize("name", ["next.xes", "next.xes.gz", "next.csv", "next.parquet"])
def test_a_simulated_log_is_written_and_read_again(folder: Path, name: str) -> None:
    out = folder / name
    wanted = ("--cases", 12, "--from", "2024-06-03T09:00", "--seed", 4, "-o", out)
    done = command("records", "simulate", folder / "office.yaml", *wanted)
    assert done[0] == 0, done[2]
    log = log_of(register_from([out]))
    assert (len(log.cases), len(log), log.starts_known) == (12, 24, True)
    assert pd.Timestamp(log.arrival[0], unit="ms") == pd.Timestamp("2024-06-03 09:00")
    assert set((log.end - log.start).tolist()) == {1_200_000, 600_000}


def test_distances_from_a_recorded_log_are_stated(folder: Path) -> None:
    later = csv_of(office_log(40), folder / "later.csv")
    done = command(
        "records", "simulate", folder / "office.yaml", "--against", later, "--logs", 3, "--json"
    )
    found = json.loads(done[1])
    assert (found["cases"], found["logs"]) == (40, 3)
    assert found["distances"]["CTDD"]["mean"] == 0


def test_what_cannot_be_done_is_said(folder: Path) -> None:
    log, network = folder / "office.csv", folder / "office.yaml"
    (folder / "no.yaml").write_text("name: x\n", encoding="utf-8")
    refused = [
        (("fit", log, "--base", "yingkou/base"), "--base"),
        (("fit", log, "--to", "2001-01-01"), "no case had ended"),
        (("fit", log, "-o", network), "exists"),
        (("records", "simulate", folder / "no.yaml"), "no network"),
        (("records", "simulate", folder / "nowhere.yaml"), "no such file"),
        (("records", "simulate", network, "-o", folder / "next.docx"), ".xes"),
        (("records", "simulate", network, "-o", folder / "new"), ".xes"),
        (("records", "simulate", network, "--from", "soon"), "--from"),
        (("records", "simulate", network, "--from", "2024-01-01T09:00Z"), "--from"),
        (("records", "simulate", network, "--against", log, "--cases", 3), "--against"),
    ]
    for words, said in refused:
        code, _, error = command(*words)
        assert code == 2, (words, error)
        assert said in error, (words, error)
        assert "Traceback" not in error


def test_starts_and_ends_in_events_of_their_own_are_put_together(tmp_path: Path) -> None:
    rows = [
        ("1", "A", "Li", "start", "2024-01-01T09:00:00"),
        ("1", "A", "Li", "complete", "2024-01-01T09:30:00"),
        ("1", "B", "Li", "complete", "2024-01-01T10:00:00"),
        ("1", "C", "Li", "schedule", "2024-01-01T10:00:00"),
        ("1", "C", "Li", "start", "2024-01-01T11:00:00"),
    ]
    names = ["case", "activity", "resource", "lifecycle", "timestamp"]
    pd.DataFrame(rows, columns=names).to_csv(tmp_path / "log.csv", index=False)
    log = log_of(register_from([tmp_path / "log.csv"]))
    assert [log.activities[n] for n in log.activity] == ["A", "B", "C"]
    assert ((log.end - log.start) // 60_000).tolist() == [30, 0, 0]
    assert log.starts_known


def test_a_simulation_without_matters_is_an_event_log_of_its_steps(tmp_path: Path) -> None:
    """It has neither events of items nor states; its steps say all."""
    office = write_small(tmp_path, 2)
    office.write_text(office.read_text("utf-8").replace("to: 2024-02-04", "to: 2024-03-10"))
    code, _, told = command("run", office, "-n", 1, "--seed", 1, "--events", tmp_path / "events")
    assert code in {0, 1}, told
    register = register_from([tmp_path / "events"])
    log = log_of(register)
    assert log.activities == ("handle",)
    assert len(log.officers) == 2
    steps = register.steps[register.steps["end"].notna().to_numpy()]
    worked = (steps["end"] - steps["start"]).astype("timedelta64[ms]").astype("int64")
    assert sorted(log.end - log.start) == sorted(worked)
    code, _, told = command("fit", tmp_path / "events", "-o", tmp_path / "network.yaml")
    assert code == 0, told
    words = "validate", office, tmp_path / "events", "--from", "2024-02-05", "-n", 99, "-j", 1
    code, shown, told = command(*words)
    assert code == 0, told
    assert "FITS" in shown


# --- published logs, where they are there ----------------------------------------------------


@pytest.mark.skipif(not (DATA / "loanapp").is_dir(), reason="the log is not there")
def test_the_loan_log_is_foretold_better_than_by_published_simulators() -> None:
    before, after = (
        log_of(register_from([DATA / "loanapp" / f"{part}.csv.gz"])) for part in ("train", "test")
    )
    choice = choose(before)
    assert choice.delay is None  # officers and their hours explain every wait
    rows = against(choice.network, after, 10)
    best = {"NGD": 0.069, "AEDD": 2.971, "CEDD": 0.221, "REDD": 1.381, "CTDD": 1.595}
    for name, published in best.items():
        assert np.mean([row[name] for row in rows]) < published, name


@pytest.mark.skipif(not (DATA / "credentials").is_dir(), reason="the log is not there")
def test_the_parts_of_the_acr_log_are_those_of_published_comparisons() -> None:
    table = pd.read_csv(DATA / "credentials" / "ConsultaDataMining201618.csv.gz", dtype=str)
    table = table[~table["concept:name"].isin(["Start", "End"])]
    stamps = [
        pd.to_datetime(table[name], utc=True, format="mixed").dt.tz_localize(None)
        for name in ("start_timestamp", "time:timestamp")
    ]
    ms = [stamp.astype("datetime64[ms]").astype("int64").to_numpy() for stamp in stamps]
    log = event_log(table["case:concept:name"], table["concept:name"], table["org:resource"], *ms)
    assert (len(log), len(log.cases), len(log.activities)) == (4962, 954, 16)
    assert len(part_before_and_after(log, 0.2)[1].cases) == 181
