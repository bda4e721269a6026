"""Whatever is wrong with an input: exit code 2, one plain message for each mistake, nothing run."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import sim
from sim.cli import app
from sim.scenario import ScenarioError, load
from tests.build.bad_files import CASES, EVERY, MATTERS, STEPS, WORK, Bad, changed

JARGON = (
    "Traceback",
    "Input should",
    "valid dictionary",
    "instance of",
    "tuple",
    "Tuple",
    "pydantic",
    "Strict",
    "JSON",
    "NoneType",
    "datetime.date",
    "pattern '^",
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ok.yaml").write_text(STEPS, encoding="utf-8")
    return tmp_path


def refused(*arguments: str) -> str:
    result: Result = CliRunner().invoke(app, list(arguments))
    raised = result.exception
    assert raised is None or isinstance(raised, SystemExit), repr(raised)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert not [word for word in JARGON if word in result.stderr], result.stderr
    return result.stderr


def check_text(text: str | bytes, name: str = "bad.yaml") -> str:
    Path(name).write_bytes(
        text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    )
    return refused("check", name)


def test_the_small_scenarios_are_sound() -> None:
    Path("matters.yaml").write_text(MATTERS, encoding="utf-8")
    result = CliRunner().invoke(app, ["check", "ok.yaml", "matters.yaml"])
    assert (result.exit_code, result.stdout) == (0, "ok.yaml: ok\nmatters.yaml: ok\n")


SEVERAL = {"list-for-roster-group": 3, "step-null": 2, "unknown-in-list": 2}
"""Messages of a mistake that brings others along: a slip in a key leaves a key missing, too."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_mistake(case: Bad) -> None:
    told = check_text(case.text)
    place = "bad.yaml:" if case.line is None else f"bad.yaml:{case.line}: "
    about = [line for line in told.splitlines() if line.startswith(place)]
    assert about, told
    assert any(f": {case.key}: " in line for line in about) or not case.key, told
    for word in case.words:
        assert word in told
    assert told.count("\n") == SEVERAL.get(case.name, 1), told


def test_all_mistakes_are_told_at_once() -> None:
    text = STEPS
    for old, new in [
        ("country: everyday", "contry: everyday"),  # 2
        ("{department: hall}", "{department: hell}"),  # 12
        ("count: 2", "count: two"),  # 14
        ("{north: 0.5", "{north: 0.6"),  # 20
        ("after: [intake]", "after: [intak]"),  # 24
        ("limit: 5 wd", "limit: 5 days"),  # 30
        ("seed: 1", "seed: -1"),  # 32
    ]:
        text = changed(text, old, new)
    told = check_text(text).splitlines()
    assert [int(line.split(":")[1]) for line in told] == [2, 12, 14, 20, 30, 32]
    # what a case type with mistakes of its own requires is looked at once these are mended
    text = changed(text, "{north: 0.6", "{north: 0.5")
    told = check_text(text).splitlines()
    assert [int(line.split(":")[1]) for line in told] == [2, 12, 14, 24, 30, 32]


def test_rules_between_parts_are_told_beside_mistakes_of_shape() -> None:
    text = changed(STEPS, "clock: gross_span", "clock: gros")
    text = changed(text, "  desk: {department: hall}\n", "  desk: {}\n  back: {}\n")
    text = changed(text, "serves: [desk]", "serves: [back]")
    text = changed(text, "start: 2024-01-01", "start: 2024-01-01")
    text = changed(text, "country: everyday", "country: Atlantis")
    told = check_text(text)
    assert "calendar.country" in told
    assert "pools.desk: no officer serves" in told
    assert "limits.quick.clock" in told


# --- files ---------------------------------------------------------------------------------------

LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
)
MERGES = "a: &a {k: 1}\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} {{<<: [{','.join(['*' + chr(97 + i)] * 9)}]}}\n"
    for i in range(9)
)
FILES: dict[str, tuple[str | bytes, str, str]] = {
    "utf-16": (STEPS.encode("utf-16"), ":1: ", "UTF-8"),
    "latin-1": (changed(STEPS, "Hall", "Büro").encode("latin-1"), ":10: ", "UTF-8"),
    "nul": (changed(STEPS, "Hall", "Ha\0ll"), ":10: ", "control character"),
    "binary": (bytes(range(256)) * 10, ":2: ", "UTF-8"),
    "laughs": (LAUGHS, ":1: ", "aliases expand to too much"),
    "merges": (MERGES, ":2: ", "merges too much"),
    "alias-of-itself": ("name: &a [*a]\n", ":1: name", "too deep"),
    "alias-in-its-mapping": ("a: &a {b: *a}\n", ":1: a", "too deep"),
    "merge-of-itself": ("a: &a\n  <<: *a\n  b: 1\n", ":1: a", "merges too much"),
    "brackets": ("[" * 10_000, ": ", "nested too deeply"),
    "braces": ("a: " + "{a: " * 5_000, ": ", "nested too deeply"),
    "steps-down": ("\n".join(" " * i + "a:" for i in range(500)), ": ", "nested too deeply"),
    "41-levels": ("a: " + "[" * 45 + "]" * 45, ":1: ", "too deep"),
    "key-twice": (STEPS + "name: Again\n", ":33: name", "twice; first in line 1"),
    "key-twice-inside": (
        changed(STEPS, "count: 2", "count: 2, count: 3"),
        ":14: staff.clerks.count",
        "twice",
    ),
    "tab": (changed(STEPS, "  start", "\tstart"), ":4: ", "a tab; indent with blanks"),
    "quote": (STEPS + 'note: "open\n', ":33: ", "never closed"),
    "bracket": (changed(STEPS, "[desk]", "[desk"), ":14: ", "a bracket is opened and not closed"),
    "colon": (changed(STEPS, "Small", "Small: city"), ":1: ", "a colon where none can stand"),
    "indent": (changed(STEPS, "  start:", "     start:"), ":5: ", "check indentation"),
    "at-sign": (changed(STEPS, "Small", "@x"), ":1: ", "no text can begin with @"),
    "no-anchor": (changed(STEPS, "Small", "*x"), ":1: ", "no anchor '&x'"),
    "two-documents": (STEPS + "---\n" + STEPS, ":33: ", "a second document"),
    "python-tag": (
        changed(STEPS, "Small", '!!python/object/apply:os.system ["touch pwned"]'),
        ":1: name: '!!python/object/apply:os.system'",
        "tags are not used",
    ),
    "binary-tag": (changed(STEPS, "Small", "!!binary aGk="), ":1: name", "tags are not used"),
    "set-tag": (changed(STEPS, "Small", "!!set {a, b}"), ":1: name", "tags are not used"),
    "omap-tag": (changed(STEPS, "Small", "!!omap [a: 1]"), ":1: name", "tags are not used"),
    "own-tag": (changed(STEPS, "Small", "!foo Small"), ":1: name", "tags are not used"),
    "wrong-tag": (changed(STEPS, "Small", "!!map x"), ":1: name", "tags are not used"),
    "root-tag": ("!!seq\n" + STEPS, ":1: ", "must be a mapping"),
    "merge-of-number": (STEPS + "<<: 5\n", ":33: ", "'<<' merges mappings"),
    "yaml-1.1-yes": (
        "%YAML 1.1\n---\n" + changed(STEPS, "count: 2", "count: yes"),
        ":16: staff.clerks.count: true",
        "whole number",
    ),
    "yaml-3": ("%YAML 3.0\n---\n" + STEPS, ":1: ", "version 1"),
    "nothing": ("", ": ", "is empty"),
    "comments": ("# nothing\n", ": ", "is empty"),
    "list": ("- a\n", ":1: ", "must be a mapping"),
    "text": ("hello", ":1: ", "must be a mapping"),
    "50-MB": (b"a" * 50_000_000, ": ", "larger than 500 kB"),
    "signs": ("k: [" + "1," * 25_000 + "1]\n", ": ", "at most 25,000 are read"),
    "keys": (
        STEPS + "k:\n" + "".join(f"  a{n}: 1\n" for n in range(1001)),
        ":34: k",
        "has 1,001 keys; at most 1,000 are read",
    ),
    "digits": ("name: " + "9" * 400_000 + "\n", ":1: name", "too many digits"),
    "extends-itself": ("extends: bad.yaml\n" + STEPS, ":1: extends: 'bad.yaml'", "circle"),
    "extends-nothing": ("extends: yingkou/bsae\n", ":1: extends", "did you mean 'yingkou/base'?"),
    "extends-number": ("extends: 5\n" + STEPS, ":1: extends", "must name a file"),
    "extends-numbers": ("extends: [ok, 5]\n", ":1: extends", "must name a file"),
    "extends-blank": ("extends: ''\n", ":1: extends", "is no file name"),
    "extends-folder": ("extends: .\n", ":1: extends", "is a folder"),
    "overrides-number": (STEPS + "overrides: 5\n", ":33: overrides: 5", "must be a mapping"),
    "override-number": (STEPS + "overrides: {a: 5}\n", ":33: overrides.a: 5", "must be a mapping"),
    "override-slip": (
        STEPS + "overrides: {a: {staf: {}}}\n",
        ":33: overrides.a.staf",
        "did you mean 'staff'?",
    ),
    "override-extends": (
        STEPS + "overrides: {a: {extends: b}}\n",
        ":33: overrides.a.extends",
        "unknown key",
    ),
}


def test_very_many_mistakes_are_not_all_counted(folder: Path) -> None:
    keys = "{" + ", ".join(f"k{n}: 1" for n in range(900)) + "}"
    many = "".join(f"  p{n}: {keys}\n" for n in range(8))
    told = check_text(STEPS.replace("pools:\n", "pools:\n" + many))
    assert told.count("unknown key") == 50
    assert "… and at least 5,950 more mistakes" in told


@pytest.mark.parametrize("name", FILES)
def test_unreadable_file(name: str, folder: Path) -> None:
    text, place, words = FILES[name]
    told = check_text(text)
    assert f"bad.yaml{place}" in told
    assert words in told
    assert not (folder / "pwned").exists()


def test_circle_of_files() -> None:
    Path("a.yaml").write_text("extends: b\n")
    Path("b.yaml").write_text("extends: [ok, a.yaml]\n")
    assert "a.yaml:1: extends: 'b': files extend each other in a circle" in refused(
        "check", "a.yaml"
    )


def test_the_mistake_of_a_parent_is_told_at_the_parents_line() -> None:
    Path("parent.yaml").write_text(changed(STEPS, "count: 2", "count: two"))
    Path("child.yaml").write_text("extends: parent\nname: Child\n")
    assert refused("check", "child.yaml").startswith("parent.yaml:14: staff.clerks.count: 'two'")


def test_files_that_multiply() -> None:
    for i in range(30):
        Path(f"f{i}.yaml").write_text(f"extends: [f{i + 1}, f{i + 1}]\n" if i < 29 else STEPS)
    assert "at most 50 files" in refused("check", "f0")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (".", "is a folder"),
        ("/", "is a folder"),
        ("", "is no file name"),
        (" ", "is no file name"),
        ("nowhere.yaml", "no such file"),
        ("yingkou/bsae", "did you mean 'yingkou/base'?"),
        ("base", "did you mean 'yingkou/base'?"),
        ("ok.yml", "did you mean 'ok.yaml'?"),
        ("okk.yaml", "did you mean 'ok.yaml'?"),
        ("ok.yaml/x", "no such file"),
        ("a" * 5000, "too long"),
        ("/dev/zero", "no such file"),
        ("\ud800", "\\ud800"),
        ("a\nb\x1b[31m", "a\\nb\\x1b[31m"),
    ],
)
def test_what_is_no_file(name: str, words: str) -> None:
    for command in ("check", "run", "show"):
        assert words in refused(command, name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(folder: Path) -> None:
    (folder / "ok.yaml").chmod(0)
    assert "ok.yaml: cannot be read: Permission denied" in refused("check", "ok.yaml")


def test_every_file_is_checked() -> None:
    Path("bad.yaml").write_text("- a\n")
    result = CliRunner().invoke(app, ["check", "bad.yaml", "ok.yaml", "nowhere.yaml"])
    assert result.exit_code == 2
    assert result.stdout == "ok.yaml: ok\n"
    assert "bad.yaml:1:" in result.stderr
    assert "nowhere.yaml: no such file" in result.stderr


# --- options -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("staff.clerks.count", "must be path=value"),
        ("=3", "must be path=value"),
        ("staff..count=3", "must be path=value"),
        ("stuff=3", "stuff: unknown key; did you mean 'staff'?"),
        ("Staff.clerks.count=3", "--set Staff.clerks.count=3: Staff: unknown key; did you mean"),
        ("staff.clerk.count=3", "staff.clerk: no 'clerk' here; did you mean 'clerks'?"),
        ("staff.clerks.cont=3", "staff.clerks.cont: unknown key; did you mean 'count'?"),
        ("period.start.x=3", "'period.start' is a single value"),
        ("staff.clerks.count.value=3", "'staff.clerks.count' is a single value"),
        ("staff.clerks.serves.5=desk", "is a list of 1; give a position from 0"),
        ("staff.clerks.serves.x=desk", "is a list of 1"),
        ("staff.clerks.serves.0=dsk", "staff.clerks.serves.0: 'dsk': no such name"),
        ("staff.clerks.count=[1", "a bracket is opened and not closed"),
        ("staff.clerks.count=3\nx: 4", "one line"),
        ("staff.clerks.count=", "staff.clerks.count: must not be empty"),
        ("staff.clerks.count=many", "staff.clerks.count: 'many': must be a whole number"),
        ("staff.clerks.count=!!python/object:os.system {}", "tags are not used"),
        ("staff.clerks.count={value: 3, source: guess}", "must be a text that begins with one"),
        (f"staff.clerks.count={'9' * 5000}", "too many digits"),
        ("name=a: b", "a colon where none can stand"),
        ("extends=ok.yaml", "extends: unknown key"),
        ("staff.\x1b[31m=3", "staff.\\x1b[31m"),
    ],
)
def test_setting(setting: str, words: str) -> None:
    told = refused("check", "ok.yaml", "--set", setting)
    assert words in told
    assert "--set" in told


def test_setting_changes_one_element_of_a_list() -> None:
    start = "case_types.permit.arrivals"
    changed_one = load("ok.yaml", settings=[f"{start}.every=null", f"{start}.at=[1 h, 2 h, 3 h]"])
    assert changed_one.case_types["permit"].arrivals.at is not None
    same = load(
        "ok.yaml",
        settings=[f"{start}.every=null", f"{start}.at=[1 h, 5 h, 3 h]", f"{start}.at.1=2 h"],
    )
    assert same.sha256() == changed_one.sha256()


CHANGES = [
    (
        "matters: {DESS: {check: 5 min}}",
        "case_types.project.matters.DESS: 'department' and 'stage' are missing here; 'DESS' is new "
        "here; did you mean to change 'DES'?",
    ),
    ("matters: {QQ: {check: 5 min}}", "case_types.project.matters.QQ: 'stage' is missing here"),
]
NAMES = [
    (
        "staff: {planer: {count: 2}}",
        "staff.planer: 'serves' and 'hours' are missing here; 'planer' is new here; did you mean "
        "to change 'planners'?",
    ),
    (
        "limits: {thirti: {limit: 25 wd}}",
        "limits.thirti: 'case_type' is missing here; 'thirti' is new here; did you mean to change "
        "'thirty'?",
    ),
    (
        "case_types: {projects: {arrivals: {every: 1 h}}}",
        "case_types.projects: give either matters or steps; 'projects' is new here; did you mean "
        "to change 'project'?",
    ),
    *((f"case_types: {{project: {{{text}}}}}", words) for text, words in CHANGES),
]


@pytest.mark.parametrize(("text", "words"), NAMES)
def test_a_slip_in_a_name_is_told_where_it_is_made(text: str, words: str, folder: Path) -> None:
    (folder / "whole.yaml").write_text(MATTERS, encoding="utf-8")
    (folder / "mine.yaml").write_text(f"extends: whole.yaml\n\n{text}\n", encoding="utf-8")
    assert f"mine.yaml:3: {words}" in refused("check", "mine.yaml")


def test_an_override_is_looked_for_where_overrides_are(folder: Path) -> None:
    (folder / "busy.yaml").write_text(
        "extends: ok.yaml\noverrides: {busy: {staff: {clerks: {count: 1}}}}", encoding="utf-8"
    )
    told = refused("check", "busy.yaml", "--with", "bussy")
    assert told == "--with bussy: no override of this name in busy.yaml; did you mean 'busy'?\n"


@pytest.mark.parametrize(
    "text", ["{yearly: {volume: 1,000}}", "\n      yearly:\n        volume: 1,000"]
)
def test_a_number_has_no_commas(text: str, folder: Path) -> None:
    spoilt = changed(STEPS, "      every: {exponential: 4 h}\n", "")
    spoilt = changed(spoilt, "    arrivals:", f"    arrivals: {text}")
    (folder / "comma.yaml").write_text(spoilt, encoding="utf-8")
    told = refused("check", "comma.yaml")
    assert "'1,000': " in told
    assert "write 1000 without the comma" in told


def test_the_run_out_may_be_what_needs_a_calendar() -> None:
    told = refused("check", "yingkou/load_2025", "--set", "period.run_out=600 cd")
    assert "no working days of 2027" in told
    assert "period.run_out (600 cd) goes on to 2027-08-23: make it shorter" in told
    window = (
        "period={start: 2027-06-01, window: {from: 2027-06-01, to: 2027-12-01}, run_out: 99 cd}"
    )
    told = refused("check", "yingkou/load_2025", "--set", window)
    assert "no working days of 2027" in told
    assert "make it shorter" not in told  # the window itself needs the year


def test_what_python_is_given_by_mistake(folder: Path) -> None:
    with pytest.raises(TypeError, match=r"needs a Scenario; use sim.load\('yingkou/base'\)"):
        sim.run("yingkou/base")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"settings must be a list of texts: settings=\['a=3'\]"):
        sim.load("ok.yaml", settings="a=3")
    with pytest.raises(TypeError, match="overrides must be a list of texts"):
        sim.vary(sim.load("ok.yaml"), overrides="a")


OPTIONS = [
    (["--with", "nope"], "--with nope: no override of this name"),
    (["--window", "x"], "must be FROM..TO"),
    (["--window", ".."], "must be FROM..TO"),
    (["--window", "a..b"], "must be a date such as 2021-03-01"),
    (["--window", "2024-01-05..2024-01-01"], "must not lie after"),
    (["--window", "2023-01-05..2024-01-05"], "must not begin before 'start'"),
    (["--window", "2024-01-02, x: 3}..y"], "not valid YAML"),
    (["--until", "x"], "--until: 'x'"),
    (["--until", "nan"], "--until: 'nan'"),
    (["--until", "0"], "--until: '0'"),
    (["--until", "0.5"], "--until: '0.5'"),
    (["--until", "0.1", "-n", "3"], "--until and -n/--replications: give one of them"),
    (["--replications", "0"], "--replications"),
    (["--replications", "x"], "--replications"),
    (["--max-replications", "1"], "--max-replications"),
    (["--seed", "-1"], "--seed"),
    (["--seed", str(10**30)], "--seed"),
    (["--out", "ok.yaml"], "is a file, not a folder"),
    (["--out", "ok.yaml/x"], "is a file, not a folder"),
    (["--out", "/dev/null/x"], "is a file, not a folder"),
    (["--out", "full"], "are not results"),
    (["--out", "a" * 300], "too long"),
    (["--out", "/proc/x"], "--out: /proc/x cannot be written to"),
    (["--store", "ok.yaml"], "--store: ok.yaml is a file, not a folder"),
    (["--format", "csv"], "--format needs --out DIR"),
    (["--overwrite"], "--overwrite needs --out DIR or --report FILE"),
    (["--report", "full"], "--report: full is a folder"),
    (["--report", "ok.yaml"], "--report: ok.yaml was not written by this program"),
    (["--report", "ok.yaml/page.html"], "--report: ok.yaml is a file, not a folder"),
    (["--all-items"], "--all-items needs --out DIR"),
    (["--format", "xls"], "--format"),
    (["--lang", "fr"], "'fr': must be en or zh"),
    (["--lang", "cn"], "'cn': did you mean 'zh'?"),
    (["--case", "99999"], "no such case"),
    (["--nope"], "--nope"),
]


@pytest.mark.parametrize(("options", "words"), OPTIONS, ids=lambda each: " ".join(each)[:40])
def test_option(options: list[str], words: str, folder: Path) -> None:
    (folder / "full").mkdir()
    (folder / "full" / "kept.txt").write_text("kept")
    result = CliRunner().invoke(app, ["run", "ok.yaml", *options], env={"COLUMNS": "300"})
    assert result.exit_code == 2, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert words in result.stderr
    assert [path.name for path in (folder / "full").iterdir()] == ["kept.txt"]


# --- data files ----------------------------------------------------------------------------------

TABLES: dict[str, str | bytes] = {
    "times.csv": "when,zone\n2024-01-02 09:00:00,west\n",
    "noon.csv": "when\n2024-01-02 09:00:00\nnoon\n",
    "numbers.csv": "when\n1\n2\n",
    "far.csv": "when\n99999-01-02 09:00:00\n",
    "other.csv": "wen,b\n1,2\n",
    "nothing.csv": "",
    "semicolons.csv": "when;zone\n2024-01-02 09:00:00;west\n",
    "tabs.csv": "when\tzone\n2024-01-02 09:00:00\twest\n",
    "head.csv": "when\n",
    "quote.csv": 'when\n"2024-01-02',
    "gap.csv": "when,b\n2024-01-02 09:00:00,1\n,2\n",
    "utf16.csv": "when\n1\n".encode("utf-16"),
    "table.parquet": "nope",
    "table.csv.gz": "nope",
    "cut.csv.gz": gzip.compress(b"when\n" + b"2024-01-02 09:00:00\n" * 1000)[:40],
    "table.zip": "nope",
    "below.csv": "when\n1\n-2\n",
    "word.csv": "when\n1\nx\n",
    "inf.csv": "when\ninf\n",
}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere.csv", "bad.yaml:18: case_types.permit.arrivals.replay.file: 'nowhere.csv': no"),
        ("folder", "bad.yaml:18: case_types.permit.arrivals.replay.file: 'folder': is a folder"),
        ("noon.csv", "noon.csv:3: when: 'noon': must be a time such as 2024-03-01 09:30:00"),
        ("numbers.csv", "numbers.csv:2: when: '1': must be a time such as"),
        ("far.csv", "far.csv:2: "),
        ("gap.csv", "gap.csv:3: when: no time in this row"),
        ("other.csv", "other.csv: has no column 'when'; did you mean 'wen'?"),
        ("nothing.csv", "nothing.csv: is empty"),
        ("semicolons.csv", "semicolons.csv:1: columns are separated by ';'; save it with commas"),
        ("tabs.csv", "tabs.csv:1: columns are separated by tabs; save it with commas"),
        ("time.csv", "'time.csv': no such file (looked beside the file that names it); did you "),
        ("head.csv", "head.csv: has no rows"),
        ("quote.csv", "quote.csv: cannot be read as a table"),
        ("utf16.csv", "utf16.csv: is neither UTF-8 nor GB18030 text; save it as CSV UTF-8"),
        ("table.parquet", "table.parquet: cannot be read as a table"),
        ("table.csv.gz", "table.csv.gz: cannot be read as a table"),
        ("cut.csv.gz", "cut.csv.gz: cannot be read as a table"),
        ("table.zip", "table.zip: cannot be read as a table"),
        ("/dev/zero", "no such file"),
    ],
)
def test_replayed_file(name: str, words: str, folder: Path) -> None:
    _write_tables(folder)
    told = check_text(changed(STEPS, EVERY, f"      replay: {{file: {name}, time: when}}"))
    assert words in told


def test_a_log_may_be_written_as_spreadsheets_do_in_china(folder: Path) -> None:
    plain = "when,zone\n2024-01-02 09:05:00,北\n2024-01-10 14:30:00,南\n"
    spreadsheet = "when,zone\n2024/1/2 9:05,北\n2024/1/10 14:30:00,南\n"
    (folder / "plain.csv").write_text(plain, encoding="utf-8")
    (folder / "sheet.csv").write_bytes(spreadsheet.encode("gbk"))
    shares = "      zone: {shares: {north: 0.5, south: 0.5}}"
    text = changed(STEPS, shares, "      zone: {shares: {北: 0.5, 南: 0.5}}")
    replay = "      replay: {{file: {}, time: when, attributes: {{zone: zone}}}}"
    drawn = []
    for name in ("plain.csv", "sheet.csv"):
        Path("log.yaml").write_text(changed(text, EVERY, replay.format(name)), encoding="utf-8")
        demand = sim.Model(load("log.yaml")).demand.draw(1, 0)
        drawn.append((demand.workload.arrival_s.tolist(), demand.attributes["zone"].tolist()))
    assert drawn[0] == drawn[1]
    assert drawn[0][0] == [86_400 + 9 * 3600 + 300, 9 * 86_400 + 14 * 3600 + 1800]


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ("{zone: zone}", "times.csv:2: zone: 'west': attribute 'zone' does not declare this value"),
        ("{zoen: zone}", "'zoen'"),
        ("{zone: zoen}", "has no column 'zoen'; did you mean 'zone'?"),
        ("{zone: 5}", "attributes.zone: 5: must be text"),
    ],
)
def test_replayed_attributes(attributes: str, words: str, folder: Path) -> None:
    _write_tables(folder)
    replay = f"      replay: {{file: times.csv, time: when, attributes: {attributes}}}"
    assert words in check_text(changed(STEPS, EVERY, replay))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("below.csv", "below.csv:3: when: '-2': a duration is not below 0"),
        ("word.csv", "word.csv:3: when: 'x': must be a number"),
        ("inf.csv", "inf.csv:2: when: 'inf': must be a number"),
        ("head.csv", "has no rows"),
        ("nowhere.csv", "no such file"),
    ],
)
def test_recorded_values(name: str, words: str, folder: Path) -> None:
    _write_tables(folder)
    recorded = f"        work: {{empirical: {{file: {name}, column: when, unit: min}}}}"
    assert words in check_text(changed(STEPS, WORK, recorded))


def _write_tables(folder: Path) -> None:
    (folder / "folder").mkdir()
    for name, content in TABLES.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)


# --- the program itself --------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from Linux")
@pytest.mark.parametrize("name", ["laughs", "50-MB", "python-tag", "utf-16", "digits"])
def test_in_a_process_of_its_own(name: str, folder: Path) -> None:
    text = FILES[name][0]
    (folder / "bad.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    # Not `ru_maxrss`: a process inherits it from the one that started it, here a large one.
    code = (
        "import pathlib, resource, sys;"
        "resource.setrlimit(resource.RLIMIT_CPU, (10, 10));"  # not of the clock: others may work
        "sys.argv = ['sim', 'run', 'bad.yaml', '--out', 'result'];"
        "from sim.__main__ import main\n"
        "try: main()\n"
        "finally:\n"
        " status = pathlib.Path('/proc/self/status').read_text()\n"
        " print(status.partition('VmHWM:')[2].split()[0], file=sys.stdout)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("bad.yaml")
    assert "Traceback" not in done.stderr
    assert int(done.stdout) < 500_000
    assert sorted(path.name for path in folder.iterdir()) == ["bad.yaml", "ok.yaml"]


def test_the_error_lists_its_problems(folder: Path) -> None:
    (folder / "bad.yaml").write_text(changed(STEPS, "count: 2", "count: two"))
    with pytest.raises(ScenarioError) as caught:
        load(folder / "bad.yaml")
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.key) == ("bad.yaml", 14, "staff.clerks.count")
    assert problem.value == "'two'"
    assert problem.rule.startswith("must be a whole number")


WIDE = [
    ("extends\uff1a yingkou/base\nname: x\n", 1, "\uff1a", ":"),
    ("extends: yingkou/base\nstaff\uff1a\n  planners: {count: 3}\n", 2, "\uff1a", ":"),
    ("extends: yingkou/base\nstaff:\n  planners\uff1a {count: 3}\n", 3, "\uff1a", ":"),
    ("extends: yingkou/base\nstaff:\n  planners: {count\uff1a 3}\n", 3, "\uff1a", ":"),
    ("extends: yingkou/base\nstaff:\n  planners: \uff5bcount: 3\uff5d\n", 3, "\uff5b", "{"),
    ("extends: yingkou/base\nlimits:\n  a: {limit: 9 wd\uff0c label: x}\n", 3, "\uff0c", ","),
    ("extends: yingkou/base\n\uff03 note\nname: x\n", 2, "\uff03", "#"),
]


@pytest.mark.parametrize(("text", "line", "sign", "meant"), WIDE)
def test_signs_of_a_chinese_keyboard_are_named(
    text: str, line: int, sign: str, meant: str, folder: Path
) -> None:
    (folder / "wide.yaml").write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["check", "wide.yaml"])
    assert result.exit_code == 2
    assert f"wide.yaml:{line}: holds '{sign}' of full width" in result.stderr
    assert result.stderr.rstrip().endswith(f"write '{meant}'")


def test_chinese_text_may_hold_them(folder: Path) -> None:
    text = "extends: yingkou/base\nname: \u8425\u53e3\uff1a\u8bd5\u7b97\uff0c\u4e00\n"
    (folder / "wide.yaml").write_text(text, encoding="utf-8")
    assert CliRunner().invoke(app, ["check", "wide.yaml"]).exit_code == 0


@pytest.mark.parametrize("written", ["95%", "95 %", "95\uff05"])
def test_a_share_in_per_cent_is_told_as_a_number(written: str, folder: Path) -> None:
    text = f"extends: yingkou/base\nlimits: {{project_30: {{target_share: {written}}}}}\n"
    (folder / "share.yaml").write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["check", "share.yaml"])
    assert result.exit_code == 2
    assert f"must be a number: write 0.95 for {written}" in result.stderr
