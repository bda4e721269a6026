"""Results read back: the same in every respect, and never a traceback for a file of others."""

from __future__ import annotations

import io
import json
import shutil
import zlib
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.cli.messages import messages
from sim.experiments import archive
from sim.replications.store import kinds
from sim.report import notebook
from sim.report.assumptions import assumption_rows
from sim.report.compare.report import comparison_data
from sim.report.load_curve.report import load_curve_data
from sim.report.plain_data import to_json
from sim.report.promise.report import promise_data
from sim.report.reforms.report import reforms_data
from sim.report.run.data import result_data
from sim.report.sensitivity.report import sensitivity_data
from sim.report.staffing.report import staff_data
from sim.report.sweep.report import sweep_data
from sim.report.terminal import terminal_text
from sim.results.finding import Finding, RowTable
from sim.storage.table_files import harmless
from tests.build.commands import write_small
from tests.build.offices import OFFICE

RANGED = OFFICE.replace(
    "count: 2, hours", "count: {value: 2, source: assumed, range: [1, 4]}, hours"
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> sim.Scenario:
    file = tmp_path_factory.mktemp("office") / "office.yaml"
    file.write_text(RANGED, encoding="utf-8")
    return sim.load(file)


def kept(found: Finding, folder: Path) -> Any:
    (folder / archive.FILE).write_bytes(archive.packed(found))
    return sim.read(folder)


def text_of(found: Any) -> str:
    console = Console(file=io.StringIO(), width=200)
    for language in ("en", "zh"):
        console.print(terminal_text(notebook.report_of(found, language)))
    return console.file.getvalue()


def tables_of(found: Any) -> dict[str, pd.DataFrame]:
    kinds = (property, RowTable)
    names = [name for name in dir(type(found)) if isinstance(getattr(type(found), name), kinds)]
    names += [f.name for f in fields(found)]
    found_tables = {}
    for name in names:
        if name not in {"cases", "items"} and isinstance(getattr(found, name), pd.DataFrame):
            found_tables[name] = getattr(found, name)
    return found_tables


EXPERIMENTS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "run": (lambda s: sim.run(s, replications=3, keep="summary"), result_data),
    "until": (lambda s: sim.run(s, until="decided", max_replications=20), result_data),
    "compare": (
        lambda s: sim.compare({"a": s, "b": sim.vary(s, overrides=["alone"])}, replications=3),
        comparison_data,
    ),
    "load": (
        lambda s: sim.load_curve(s, replications=2, points=3, precision=0.5),
        load_curve_data,
    ),
    "staff": (lambda s: sim.staff(s, replications=4, groups=["clerks"]), staff_data),
    "promise": (lambda s: sim.promise(s, replications=4), promise_data),
    "oat": (lambda s: sim.sensitivity(s, replications=3), sensitivity_data),
    "morris": (
        lambda s: sim.sensitivity(s, method="morris", replications=2, trajectories=2),
        sensitivity_data,
    ),
    "sweep": (
        lambda s: sim.sweep(s, {"staff.clerks.count": "1..3"}, replications=2),
        sweep_data,
    ),
    "reforms": (
        lambda _: sim.reforms(
            sim.load("yingkou/base"), levers=["one_window", "parallel_approval"], replications=2
        ),
        reforms_data,
    ),
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_what_is_read_is_what_was_found(name, office, tmp_path):
    find, data = EXPERIMENTS[name]
    found = find(office)
    read = kept(found, tmp_path)
    assert type(read) is type(found)
    assert to_json(data(read)) == to_json(data(found))
    assert text_of(read) == text_of(found)
    tables = tables_of(found)
    assert tables
    for each, table in tables.items():
        pd.testing.assert_frame_equal(getattr(read, each), table, check_exact=True)
    if name != "until":  # whose tables of cases would lie beside it
        assert archive.packed(read) == archive.packed(found)


def test_the_same_result_is_the_same_bytes(office):
    one, two = (sim.run(office, replications=2, seed=5, keep="summary") for _ in range(2))
    assert archive.packed(one) == archive.packed(two)
    other = sim.run(office, replications=2, seed=6, keep="summary")
    assert archive.packed(one) != archive.packed(other)


def test_every_number_of_a_replication_is_bit_by_bit_the_same(office, tmp_path):
    found = sim.run(office, replications=2, keep="summary")
    read = kept(found, tmp_path)
    assert {kind.name for kind in kinds()} >= {"Summary", "Tally"}
    for old, new in zip(found.summaries, read.summaries, strict=True):
        for measure, value in vars(old.pools).items():
            np.testing.assert_array_equal(getattr(new.pools, measure), value)
            assert getattr(new.pools, measure).dtype == value.dtype
        assert list(new.tallies) == list(old.tallies)


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_the_tables_beside_are_read_when_asked_for(form, tmp_path):
    found = sim.run(sim.load("yingkou/backlog"), replications=1)
    folder = tmp_path / "result"
    found.save(folder, tables=form)
    read = sim.read(folder / archive.FILE)
    assert set(read.kept) == {"cases", "items"}
    for name in ("cases", "items"):
        pd.testing.assert_frame_equal(getattr(read, name), getattr(found, name))
    (folder / f"items.{form}").write_bytes(b"something else")
    again = sim.read(folder)
    with pytest.raises(ValueError, match="is not the table that was written"):
        again.items  # noqa: B018
    (folder / f"items.{form}").unlink()
    with pytest.raises(ValueError, match="did not keep its items"):
        sim.read(folder).items  # noqa: B018


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_no_table_is_read_that_the_manifest_does_not_cover(form, tmp_path):
    """One letter of a CSV file is another number, and a file of another run is a table, too."""
    office = sim.load(write_small(tmp_path, 2))
    for seed, name in ((1, "one"), (2, "other")):
        sim.run(office, replications=1, seed=seed, keep="items", jobs=1).save(
            tmp_path / name, tables=form
        )
    whole, table = sim.read(tmp_path / "one").cases, tmp_path / "one" / f"cases.{form}"
    written = table.read_bytes()
    digit = max(written.rfind(b"%d" % n) for n in range(10))
    assert len(whole) > 1
    for wrong in (
        written[:digit]
        + (b"8" if written[digit : digit + 1] != b"8" else b"7")
        + written[digit + 1 :],
        (tmp_path / "other" / f"cases.{form}").read_bytes(),
    ):
        table.write_bytes(wrong)
        with pytest.raises(ValueError, match=r"is not the table that was written.*checksum"):
            _ = sim.read(tmp_path / "one").cases
    table.write_bytes(written)
    assert sim.read(tmp_path / "one").cases.equals(whole)
    (tmp_path / "one" / archive.FILE).write_bytes((tmp_path / "other" / archive.FILE).read_bytes())
    with pytest.raises(sim.ReadError, match=r"damaged.*checksum"):
        sim.read(tmp_path / "one")
    (tmp_path / "one" / "manifest.json").unlink()  # the result itself can be moved alone
    with pytest.raises(ValueError, match="checksum"):
        _ = sim.read(tmp_path / "one").cases


def test_texts_that_look_like_formulas_come_back_from_csv(tmp_path):
    names = '    attributes: {zone: {shares: {"=1+1": 0.5, "@x": 0.5}}}\n    steps:'
    file = tmp_path / "office.yaml"
    file.write_text(OFFICE.replace("    steps:", names, 1), encoding="utf-8")
    found = sim.run(sim.load(file), replications=1)
    found.save(tmp_path / "result", tables="csv")
    pd.testing.assert_frame_equal(sim.read(tmp_path / "result").cases, found.cases)


@pytest.mark.parametrize("kind", ["object", "str", "string", "category"])
def test_no_kind_of_text_column_holds_formulas(kind):
    table = pd.DataFrame({"name": pd.Series(["=1+1", "a", None], dtype=kind)})
    assert harmless(table)["name"].tolist()[:2] == ["'=1+1", "a"]


# --- the scenario ----------------------------------------------------------------------------


@pytest.mark.slow
def test_a_scenario_that_was_read_can_be_varied_and_tells_its_sources(tmp_path):
    scenario = sim.load("yingkou/base", settings=["staff.planners.count=6"])
    found = sim.run(scenario, replications=1, keep="summary")
    read = kept(found, tmp_path)
    assert assumption_rows(read) == assumption_rows(found)
    assert read.scenario.provenance.parameters() == scenario.provenance.parameters()
    assert read.scenario.provenance.origin == "yingkou/base.yaml"
    changed = [sim.vary(s, settings=["staff.planners.count=7"]) for s in (read.scenario, scenario)]
    assert changed[0].sha256() == changed[1].sha256() != scenario.sha256()
    with pytest.raises(sim.ScenarioError, match="did you mean 'planners'"):
        sim.vary(read.scenario, settings=["staff.planers.count=7"])


def test_overrides_are_kept(office, tmp_path):
    read = kept(sim.run(office, replications=1, keep="summary"), tmp_path)
    assert read.scenario.provenance.overrides == ("alone",)
    alone = sim.vary(read.scenario, overrides=["alone"])
    assert alone.sha256() == sim.vary(office, overrides=["alone"]).sha256()


def test_data_files_are_kept_inside(tmp_path):
    library = Path(sim.load("textbook/replay").provenance.data_files["replay.csv"]).parent
    for name in ("replay.yaml", "replay.csv"):
        shutil.copy(library / name, tmp_path / name)
    scenario = sim.load(tmp_path / "replay.yaml")
    found = sim.run(scenario, replications=1)
    content, sha256 = archive.packed(found), scenario.sha256()
    (tmp_path / archive.FILE).write_bytes(content)
    (tmp_path / "replay.csv").unlink()
    read = sim.read(tmp_path)
    assert read.scenario.sha256() == sha256
    again = sim.run(sim.vary(read.scenario, settings=["run.seed=2"]), replications=1)
    pd.testing.assert_frame_equal(again.cases, found.cases)


def test_no_file_is_opened_because_a_result_names_it(tmp_path):
    found = sim.run(sim.load("textbook/replay"), replications=1, keep="summary")
    change = replaced('["file","replay.csv"]', '["file","/etc/hostname"]')
    (tmp_path / archive.FILE).write_bytes(forged(archive.packed(found), change))
    with pytest.raises(sim.ReadError, match="is not kept in the result"):
        sim.read(tmp_path)


def test_data_files_of_overrides_are_kept_inside(tmp_path):
    library = Path(sim.load("textbook/replay").provenance.data_files["replay.csv"]).parent
    text = (library / "replay.yaml").read_text(encoding="utf-8")
    more = (
        "\noverrides:\n  later:\n    case_types:\n      application:\n        arrivals:\n"
        "          replay: {file: later.csv}\n"
    )
    (tmp_path / "replay.yaml").write_text(text + more, encoding="utf-8")
    for name in ("replay.csv", "later.csv"):
        shutil.copy(library / "replay.csv", tmp_path / name)
    scenario = sim.load(tmp_path / "replay.yaml")
    content = archive.packed(sim.run(scenario, replications=1))
    expected = sim.vary(scenario, overrides=["later"]).sha256()
    for name in ("replay.csv", "later.csv"):
        (tmp_path / name).unlink()
    (tmp_path / archive.FILE).write_bytes(content)
    assert sim.vary(sim.read(tmp_path).scenario, overrides=["later"]).sha256() == expected


def test_no_folder_of_this_machine_is_in_the_file(tmp_path, monkeypatch):
    library = sim.load("textbook/replay").provenance.data_files["replay.csv"].parent
    for name in ("replay.yaml", "replay.csv"):
        shutil.copy(library / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    scenario = sim.load("replay.yaml", settings=["run.seed=2"])
    text = zlib.decompress(archive.packed(sim.run(scenario, replications=1))).decode()
    assert str(tmp_path) not in text
    assert str(Path.home()) not in text


# --- files of others -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def content(office) -> bytes:
    return archive.packed(sim.run(office, replications=1, keep="summary"))


def forged(content: bytes, change: Callable[[list[str]], list[str]]) -> bytes:
    lines = zlib.decompress(content).decode().split("\n", 2)
    return zlib.compress("\n".join(change(lines)).encode())


def header(**changes: object) -> Callable[[list[str]], list[str]]:
    return lambda lines: [json.dumps({**json.loads(lines[0]), **changes}), *lines[1:]]


def body(text: str) -> Callable[[list[str]], list[str]]:
    return lambda lines: [lines[0], "{}", text]


def replaced(old: str, new: str) -> Callable[[list[str]], list[str]]:
    def change(lines: list[str]) -> list[str]:
        assert old in lines[2]
        return [lines[0], lines[1], lines[2].replace(old, new, 1)]

    return change


FORGERIES = {
    "another program": (header(program="other"), "is not a result of approval-sim"),
    "another version": (header(version="9.9"), "written by approval-sim 9.9"),
    "another format": (header(format=99), r"format 99\)"),
    "a version that is none": (header(version=["\x1b[31m"]), "written by approval-sim"),
    "no header": (lambda _: ["[1, 2]", "{}", "1"], "is not a result of approval-sim"),
    "a deep header": (lambda _: ["[" * 100_000, "{}", "1"], "is not a result"),
    "no JSON": (body("{"), "is damaged"),
    "unknown kind": (body('{"kind":"Popen","parts":["ls"]}'), "is damaged"),
    "module path": (body('{"kind":"os.system","parts":["ls"]}'), "is damaged"),
    "private kind": (body('{"kind":"__class__","parts":[]}'), "is damaged"),
    "a known kind that is no result": (body('{"kind":"Check","parts":["a",true,"b"]}'), "damaged"),
    "too few parts": (body('{"kind":"Comparison","parts":[]}'), "is damaged"),
    "no object": (body('{"what":1}'), "is damaged"),
    "deep nesting": (body('{"tuple":[' * 50_000 + "]}" * 50_000), "is damaged"),
    "a huge array": (
        body('{"array":"AAAA","type":"<i8","shape":[1000000000000]}'),
        "is damaged",
    ),
    "an array of objects": (body('{"array":"AAAAAAAAAAA=","type":"|O","shape":[1]}'), "damaged"),
    "a huge fraction": (body('{"fraction":["1e999999999","0x1"]}'), "is damaged"),
    "division by zero": (body('{"fraction":["0x1","0x0"]}'), "is damaged"),
    "a huge number": (body("1" * 100_000), "is damaged"),
    "unhashable key": (body('{"pairs":[[[1],2]]}'), "is damaged"),
    "no such bytes": (body('{"bytes":"abc"}'), "is damaged"),
    "another scenario": (replaced("2500", "2501"), "is damaged"),
    "another data type": (body("[1,2,3]"), "not a result"),
    "a wrong field": (replaced('{"kind":"Summary","parts":[0,', '{"kind":"Summary","parts":["x",'),
                      "is damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_file_is_refused(name, content, tmp_path):
    change, message = FORGERIES[name]
    (tmp_path / archive.FILE).write_bytes(forged(content, change))
    with pytest.raises(sim.ReadError, match=message) as refused:
        sim.read(tmp_path)
    assert "\n" not in str(refused.value)
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize(
    "damaged",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content[:40] + b"\x00\x01" + content[42:],
        lambda content: content + b"more",
        lambda _: b"",
        lambda _: b"{}",
        lambda _: zlib.compress(b"\xff\xfe"),
    ],
)
def test_a_damaged_file_is_refused(damaged, content, tmp_path):
    (tmp_path / archive.FILE).write_bytes(damaged(content))
    with pytest.raises(sim.ReadError, match="is damaged, or no result"):
        sim.read(tmp_path)


def test_a_file_that_unpacks_into_too_much_is_not_unpacked(tmp_path):
    (tmp_path / archive.FILE).write_bytes(zlib.compress(b" " * 50_000_000))
    with pytest.raises(sim.ReadError, match="more than 1,000,000 bytes"):
        sim.read(tmp_path, most_bytes=1_000_000)


@pytest.mark.parametrize("part", [b"[],", b"{},", b"1,", b"[[],[]],"])
def test_a_file_of_many_tiny_parts_is_refused_before_they_are_made(part, tmp_path):
    """100 kB would become 100 MB of text and 3 GB of lists."""
    (tmp_path / archive.FILE).write_bytes(zlib.compress(part * (60_000_000 // len(part)), 9))
    with pytest.raises(sim.ReadError, match="parts, more than any result"):
        sim.read(tmp_path)


def test_a_small_file_does_not_unpack_into_the_memory(tmp_path):
    (tmp_path / archive.FILE).write_bytes(zlib.compress(b" " * 200_000_000, 9))
    with pytest.raises(sim.ReadError, match="more than 67,108,864 bytes"):
        sim.read(tmp_path)


def test_a_folder_without_a_result_says_so(tmp_path):
    with pytest.raises(
        sim.ReadError, match=r"is no result, or was .* give a folder written with --out"
    ):
        sim.read(tmp_path)
    with pytest.raises(sim.ReadError, match="there is no such folder; give a folder"):
        sim.read(tmp_path / "nowhere")
    (tmp_path / archive.FILE).mkdir()
    with pytest.raises(sim.ReadError, match="cannot be read"):
        sim.read(tmp_path)


def test_the_version_names_what_to_do(content, tmp_path):
    (tmp_path / archive.FILE).write_bytes(forged(content, header(version="0.0.1")))
    with pytest.raises(sim.ReadError, match=r"written by approval-sim 0\.0\.1 .*manifest\.json"):
        sim.read(tmp_path)


# --- commands --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["run", "{}", "-n", "2"], sim.Result),
        (["compare", "{}", "--variant", "alone", "-n", "2"], sim.Comparison),
        (["load-curve", "{}", "-n", "2", "--points", "2", "--precision", "0.9"], sim.LoadCurve),
        (["sweep", "{}", "--vary", "staff.clerks.count=1,2", "-n", "2"], sim.Sweep),
        (["staff", "{}", "-n", "2", "--group", "clerks"], sim.Staffing),
        (["promise", "{}", "-n", "2"], sim.ShortestPromises),
        (["sensitivity", "{}", "-n", "2"], sim.Sensitivity),
        (["reforms", "yingkou/base", "-n", "1", "--lever", "one_window"], sim.Reforms),
    ],
    ids=lambda each: each[0] if isinstance(each, list) else "",
)
def test_every_command_writes_what_can_be_read(arguments, kind, tmp_path):
    file = tmp_path / "office.yaml"
    file.write_text(RANGED, encoding="utf-8")
    out = tmp_path / "result"
    given = [each.format(file) for each in arguments]
    done = CliRunner().invoke(app, [*given, "--out", str(out)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert type(sim.read(out)) is kind
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert archive.FILE in manifest["files"]


def test_a_command_that_cannot_read_ends_with_a_message(tmp_path, capsys):
    with pytest.raises(typer.Exit) as ended, messages():
        sim.read(tmp_path)
    assert ended.value.exit_code == 2
    assert "is no result" in capsys.readouterr().err
