"""The commands, as a user gives them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

import sim
from tests.build.commands import SMALL, command, write_small


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_small(tmp_path, 2)


def test_run_prints_a_verdict(small: Path) -> None:
    code, out, err = command("run", small, "-n", 80)
    assert (code, err) == (0, "")
    assert "HOLDS" in out
    assert "Busiest pools" in out
    assert "All self-checks passed." in out


def test_run_speaks_chinese(small: Path) -> None:
    code, out, _ = command("run", small, "-n", 80, "--lang", "zh")
    assert code == 0
    assert "守住" in out
    assert "小窗口" in out


def test_json_has_the_documented_keys(small: Path) -> None:
    code, out, _ = command("run", small, "-n", 3, "--seed", 4, "--json")
    data = json.loads(out)
    assert code == 0
    assert data["seed"] == 4
    assert data["replications"] == 3
    assert data["scenario"] == "A small office"
    assert len(data["scenario_sha256"]) == 64
    limit = data["limits"][0]
    for key in [
        "limit",
        "case_type",
        "clock",
        "unit",
        "limit_days",
        "target_share",
        "confidence",
        "on_time_share",
        "ci_low",
        "ci_high",
        "verdict",
        "cases",
        "late",
        "open_overdue",
        "p50",
        "p90",
        "p95",
        "max",
    ]:
        assert key in limit
    assert set(data["clocks"]["paper"]) == {
        "statutory",
        "promised",
        "net_approval",
        "gross_span",
        "calendar_days",
        "state_span",
    }
    assert set(data["clocks"]["paper"]["promised"]) >= {"mean", "p50", "p90", "p95", "max"}
    for key in ("name", "officers", "utilisation", "mean_wait_h", "max_queue"):
        assert key in data["pools"][0]
    assert all(check["ok"] for check in data["checks"])
    assert {"scenario", "version", "assumptions", "matters"} <= set(data)


def test_arrivals_outside_the_simulated_dates_are_told(tmp_path: Path) -> None:
    file = write_small(tmp_path, 1)
    days = "2023-12-31T10:00:00, 2024-01-08T09:00:00, 2024-01-09T09:00:00"
    log = tmp_path / "log.csv"
    # a's earlier row counts; 30 March lies within the run-out of 60 days, 5 April after it
    log.write_text(
        "id,when\na,2023-12-31\na,2024-01-08\nb,2024-01-09\nc,2024-03-30\nd,2024-04-05\n"
    )
    listed = "Arrivals left out, because they lie outside the simulated dates: 1."
    in_log = (
        "5 rows; 1 row later than the first of a case; 1 case left out, before 1 January 2024; "
        "1 case left out, after 4 April 2024; 2 cases taken."
    )
    for arrivals, arrived, left_out, told, zh in (
        (f"{{at: [{days}]}}", 2, 1, listed, "有 1 个到达时间"),
        (f"{{replay: {{file: {log}, time: when, case: id}}}}", 1, 2, in_log, "计入 2 件"),
        ("{at: [192 h]}", 1, 0, "", ""),
    ):
        given = ("run", file, "-n", 2, "--set", f"case_types.paper.arrivals={arrivals}")
        data = json.loads(command(*given, "--json")[1])
        assert data["limits"][0]["cases"] == 2 * arrived
        assert data["arrivals_left_out"] == left_out
        assert told in " ".join(command(*given)[1].split())
        assert zh in command(*given, "--lang", "zh")[1]
        assert ("left out" in command(*given)[1]) == (left_out > 0)


def test_check_option_fails_unless_every_limit_holds(tmp_path: Path) -> None:
    assert command("run", write_small(tmp_path, 2), "-n", 80, "--check")[0] == 0
    code, out, _ = command("run", write_small(tmp_path, 1), "-n", 10, "--check")
    assert code == 1
    assert "FAILS" in out


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_out_writes_tables_summary_and_manifest(small: Path, tmp_path: Path, form: str) -> None:
    folder = tmp_path / "deep" / "result"
    code, _, err = command("run", small, "-n", 2, "--out", folder, "--format", form)
    assert code == 0
    assert "Written to" in err
    tables = {
        f"{name}.{form}"
        for name in (
            *("limits", "years", "years_kept", "months"),
            *("pools", "pool_months", "matters", "cases", "items"),
        )
    }
    others = {"summary.json", "manifest.json", "result.json.z"}
    assert {path.name for path in folder.iterdir()} == tables | others
    read = pd.read_csv if form == "csv" else pd.read_parquet
    cases, items = read(folder / f"cases.{form}"), read(folder / f"items.{form}")
    assert set(cases["replication"]) == {0, 1}
    assert set(items["replication"]) == {0}
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seed"] == 1
    assert manifest["scenario"]["name"]["zh"] == "小窗口"
    assert len(list((tmp_path / "deep").iterdir())) == 1, "nothing is left beside the folder"


def test_out_is_never_overwritten_unasked(small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "result"
    folder.mkdir()
    assert command("run", small, "-n", 2, "--out", folder)[0] == 0
    before = (folder / "summary.json").read_bytes()
    code, _, err = command("run", small, "-n", 3, "--out", folder)
    assert code == 2
    assert "--overwrite" in err
    assert (folder / "summary.json").read_bytes() == before
    assert command("run", small, "-n", 3, "--out", folder, "--overwrite")[0] == 0
    assert (folder / "summary.json").read_bytes() != before


def test_overwrite_replaces_results_only(small: Path, tmp_path: Path, monkeypatch) -> None:
    folder = tmp_path / "study"
    assert command("run", small, "-n", 2, "--out", folder, "--format", "csv")[0] == 0
    assert command("run", small, "-n", 2, "--out", folder, "--overwrite")[0] == 0
    (folder / "thesis.docx").write_text("years of work", encoding="utf-8")
    code, _, err = command("run", small, "-n", 2, "--out", folder, "--overwrite")
    assert code == 2
    assert "holds files that are not results (thesis.docx)" in err
    assert (folder / "thesis.docx").read_text(encoding="utf-8") == "years of work"
    monkeypatch.chdir(folder)
    code, _, err = command("run", small, "-n", 2, "--out", ".", "--overwrite")
    assert code == 2
    assert "the folder in which you are" in err


@pytest.mark.skipif(os.name == "nt", reason="POSIX links and modes")
def test_a_link_to_a_folder_or_page_stays_a_link(small: Path, tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    page = tmp_path / "page.html"
    (tmp_path / "latest.html").symlink_to(page)
    arguments = ("run", small, "--out", link, "--report", tmp_path / "latest.html")
    assert command(*arguments, "-n", 1)[0] == 0
    assert command(*arguments, "-n", 2, "--overwrite")[0] == 0
    assert link.is_symlink() and (tmp_path / "latest.html").is_symlink()
    assert json.loads((real / "manifest.json").read_text(encoding="utf-8"))["replications"] == 2
    assert page.is_file()
    assert {path.name for path in tmp_path.iterdir()} == {
        "real", "link", "page.html", "latest.html", small.name,
    }  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="POSIX links and modes")
def test_a_link_to_nowhere_is_refused_before_the_work(small: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "gone")
    code, out, err = command("run", small, "-n", 1, "--out", link)
    assert (code, out) == (2, "")
    assert "is a link to" in err and "which is not there" in err


@pytest.mark.skipif(os.name == "nt", reason="POSIX links and modes")
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_who_may_read_files_is_the_users_choice(small: Path, tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        store, folder, page = (tmp_path / name for name in ("store", "out", "page.html"))
        arguments = ("--store", store, "--out", folder, "--report", page)
        assert command("run", small, "-n", 1, *arguments)[0] == 0
    finally:
        os.umask(before)
    made = [path for top in (store, folder) for path in (top, *top.rglob("*"))]
    for path in (*made, page):
        allowed = 0o777 if path.is_dir() else 0o666
        assert path.stat().st_mode & 0o777 == allowed & ~mask, path


def test_a_narrow_terminal_shows_every_name_and_number(small: Path) -> None:
    from io import StringIO

    from rich.console import Console

    from sim.report.run.report import result_report
    from sim.report.terminal import terminal_text

    result = sim.run(sim.load(small), replications=2, seed=3)
    for width in (80, 100, 160):
        console = Console(file=StringIO(), width=width)
        console.print(terminal_text(result_report(result, "en")))
        shown = console.file.getvalue()
        assert "…" not in shown
        assert max(map(len, shown.splitlines())) <= width
        assert ("Target  Cases" in shown) == (width > 110)


def test_check_tries_every_override(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "extends: yingkou/base\noverrides:\n  more: {staff: {planners: {cuont: 2}}}\n",
        encoding="utf-8",
    )
    code, _, err = command("check", file)
    assert code == 2
    assert "mine.yaml:3: staff.planners.cuont: unknown key; did you mean 'count'?" in err
    assert "(override 'more')" in err


def test_results_and_scenarios_introduce_themselves(small: Path) -> None:
    scenario = sim.load(small)
    result = sim.run(scenario, replications=2, seed=3)
    assert len(repr(scenario)) < 200
    assert "same_day: " in repr(result)
    assert "<table" in result._repr_html_()


def test_csv_holds_no_formulas(tmp_path: Path) -> None:
    text = SMALL.replace("COUNT", "2").replace(
        "    steps:", '    attributes: {zone: {shares: {"=1+1": 0.5, "@x": 0.5}}}\n    steps:'
    )
    file = tmp_path / "formula.yaml"
    file.write_text(text, encoding="utf-8")
    folder = tmp_path / "result"
    assert command("run", file, "-n", 2, "--out", folder, "--format", "csv")[0] == 0
    zones = set(pd.read_csv(folder / "cases.csv")["attribute.zone"])
    assert zones == {"'=1+1", "'@x"}


def test_window_option_measures_other_dates(small: Path) -> None:
    _, out, _ = command("run", small, "-n", 2, "--window", "2024-01-15..2024-01-21", "--json")
    week = json.loads(out)["limits"][0]["cases"]
    _, out, _ = command("run", small, "-n", 2, "--json")
    assert 0 < week < json.loads(out)["limits"][0]["cases"] / 2


@pytest.mark.parametrize("options", [(), ("--until", "decided")])
def test_a_run_stops_early_when_the_answer_is_clear(small: Path, options: tuple[str, ...]) -> None:
    _, out, _ = command("run", small, *options, "--json")
    data = json.loads(out)
    limit = data["limits"][0]
    assert (data["replications"], limit["verdict"]) == (60, "holds")
    assert (limit["confidence"], limit["confidence_used"]) == (0.95, 0.99)  # of five looks
    assert data["replications_to_decide"] == {}


def test_a_number_of_replications_is_kept_where_it_is_stated(small: Path) -> None:
    small.write_text(small.read_text() + "run: {replications: 3}\n", encoding="utf-8")
    assert json.loads(command("run", small, "--json")[1])["replications"] == 3
    _, out, _ = command("run", small, "--until", "decided", "--json")
    assert json.loads(out)["replications"] == 60


def test_a_run_without_limits_has_nothing_to_decide(small: Path) -> None:
    _, out, _ = command("run", small, "--set", "limits.same_day=null", "--json")
    assert json.loads(out)["replications"] == 20


def test_a_run_that_may_not_go_on_tells_how_many_would_decide(small: Path) -> None:
    most = ("--max-replications", 60, "--set", "limits.same_day.target_share=0.97")
    _, out, err = command("run", small, *most)
    assert err == "Not settled after 60 replications: --max-replications ended the run.\n"
    (told,) = re.findall(r"same_day: about ([\d,]+) replications would decide it", out)
    assert "--max-replications allows more" in out
    number = int(told.replace(",", ""))
    assert number > 60
    more = ("run", small, "-n", number, "--set", "limits.same_day.target_share=0.97", "--json")
    assert json.loads(command(*more)[1])["limits"][0]["verdict"] == "holds"


def test_the_written_command_repeats_a_run_that_decided_by_itself(
    small: Path, tmp_path: Path
) -> None:
    command("run", small, "--out", tmp_path / "one")
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text(encoding="utf-8"))
    assert "--until decided --max-replications 960 --seed 1" in manifest["command"]


def test_until_precision_reaches_it(tmp_path: Path) -> None:
    file = write_small(tmp_path, 1)
    _, out, _ = command("run", file, "--until", "0.05", "--max-replications", 200, "--json")
    data = json.loads(out)
    limit = data["limits"][0]
    assert limit["ci_high"] - limit["ci_low"] <= 0.1 or data["replications"] == 200


def test_trace_tells_a_life(small: Path) -> None:
    code, out, _ = command("run", small, "--trace", "--case", 3)
    assert code == 0
    assert "arrives" in out
    assert "clerks/" in out
    code, _, err = command("run", small, "--trace", "--case", 10**6)
    assert code == 2
    assert "no such case" in err


def test_show_names_steps_parameters_and_sources() -> None:
    code, out, _ = command("show", "yingkou/base")
    assert code == 0
    for text in ("DES/review/handle", "after land/check", "published", "law: Construction Law"):
        assert text in out


def test_every_library_scenario_is_sound() -> None:
    names = [line.split()[0] for line in command("list")[1].splitlines()[1:]]
    assert "yingkou/base" in names
    code, out, err = command("check", *names)
    assert (code, err) == (0, "")
    assert out.count(": ok") == len(names)


def test_schema_is_json() -> None:
    schema = json.loads(command("schema")[1])
    assert "case_types" in schema["properties"]
    assert schema["properties"]["period"]["description"]


def test_library_names_work_from_anywhere(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert sim.load("yingkou/serial").handling.one_window is False


def test_python_gives_tables(small: Path) -> None:
    result = sim.run(sim.load(small), replications=2, seed=3)
    assert list(result.limits["clock"]).count("gross_span") == 1
    for table in (result.cases, result.items, result.pools, result.matters):
        assert len(table) > 0
    assert (result.cases["same_day.on_time"].notna()).any()


def test_ctrl_c_keeps_what_is_finished(small: Path) -> None:
    """A run that is interrupted reports the replications it has finished, and exits with 130."""
    arguments = [sys.executable, "-c", "from sim.__main__ import main; main()"]
    arguments += ["run", str(small), "-n", "100000", "--json"]
    for patience_s in (4, 16, 64):  # a busy machine may not have finished one replication earlier
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(patience_s)
        os.kill(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=120)
        if out:
            break
    assert process.returncode == 130, err
    data = json.loads(out)
    assert data["interrupted"] is True
    assert 1 <= data["replications"] < 100_000


def test_help_is_quick_and_loads_nothing_heavy() -> None:
    code = "import sys; from sim.cli import app; from typer.testing import CliRunner as R\n"
    code += "print(R().invoke(app, ['--help']).exit_code, 'numpy' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["0", "False"]
