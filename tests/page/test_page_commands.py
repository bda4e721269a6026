"""`sim report` and `--report`: what is written, what is refused, and the command to repeat it."""

import html
import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.report.page import page_refusal, write_page
from tests.build.offices import OFFICE

PAGE = '<!doctype html>\n<meta name="generator" content="approval-sim 0.0">\n'


@pytest.fixture
def place(tmp_path: Path, monkeypatch, no_figures) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("office.yaml").write_text(OFFICE, encoding="utf-8")
    return tmp_path


def command(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def told(page: str) -> list[str]:
    """Return the command to repeat the result that a page tells."""
    text = Path(page).read_text("utf-8")
    (line,) = {part.partition("</code>")[0] for part in text.split("<code>")[1:]}
    return shlex.split(html.unescape(line))


COMMANDS = [
    ("run", "office.yaml", "--set", "staff.clerks.count=1", "--window", "2024-01-08..2024-01-21"),
    ("compare", "office.yaml", "--variant", "one: alone", "--confidence", "0.9", "-n", "2"),
    ("load-curve", "office.yaml", "--points", "3", "--precision", "0.9", "-n", "2", "--to", "1.5"),
    ("sweep", "office.yaml", "--vary", "staff.clerks.count=1,2", "-n", "2", "--seed", "7"),
    ("promise", "office.yaml", "--target", "0.8", "--target", "0.9", "--confidence", "0.9"),
    ("staff", "office.yaml", "--max", "clerks=3", "--group", "clerks", "-n", "2"),
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_every_command_writes_a_page_that_tells_how_to_repeat_it(words, place):
    again = ("--out", "first", "--lang", "zh", "-j", "1", "--store", "kept", "--json")
    code, out, err = command(*words, "--report", "deep/a.html", *again)
    assert code == 0, err
    assert "已写入 deep/a.html" in err.replace("\\", "/")
    assert Path("deep/a.html").read_text("utf-8").startswith('<!doctype html>\n<html lang="zh-CN">')
    program, *repeat = told("deep/a.html")
    assert program == "sim"
    assert "--seed" in repeat
    assert not {"--out", "--report", "--lang", "--jobs", "--store", "--json"} & set(repeat)
    assert command(*repeat, "--json")[1] == out
    assert json.loads(Path("first/manifest.json").read_text("utf-8"))["command"] == shlex.join(
        [program, *repeat]
    )


def test_a_page_of_a_folder_is_that_of_its_run(place):
    assert command("run", "office.yaml", "--out", "a", "--report", "run.html")[0] == 0
    code, out, err = command("report", "a", "-o", "report.html")
    assert (code, out) == (0, "")
    assert err == "Written to report.html\n"
    assert Path("report.html").read_bytes() == Path("run.html").read_bytes()
    assert [each.name for each in place.iterdir() if each.name.startswith(".")] == []


def test_runs_of_several_folders(place):
    command("run", "office.yaml", "--out", "x/a")
    command("run", "office.yaml", "--with", "alone", "--out", "y/a")
    assert command("report", "x/a", "y/a", "-o", "both.html", "--lang", "zh")[0] == 0
    text = Path("both.html").read_text("utf-8")
    assert "Compared with A small office" in text or "Compared with The office" in text
    assert "--with alone" in text


def test_all_mistakes_are_told_at_once(place):
    Path("empty").mkdir()
    Path("mine.html").write_text("<p>years of work</p>", encoding="utf-8")
    command("run", "office.yaml", "--out", "a")
    code, out, err = command("report", "a", "nowhere", "empty", "a", "-o", "mine.html")
    assert (code, out) == (2, "")
    lines = err.splitlines()
    assert len(lines) == 4
    for expected in ("a: is named twice", "nowhere", "empty", "mine.html was not written by this"):
        assert any(expected in line for line in lines), expected
    assert Path("mine.html").read_text("utf-8") == "<p>years of work</p>"


def test_a_damaged_result_is_no_page(place):
    command("run", "office.yaml", "--out", "a")
    Path("a/result.json.z").write_bytes(b"damaged")
    code, _, err = command("report", "a", "-o", "page.html")
    assert code == 2
    assert "damaged" in err
    assert not Path("page.html").exists()


def test_a_manifest_that_tells_nonsense_is_passed_over(place):
    command("run", "office.yaml", "--out", "a")
    for nonsense in ('{"command": 3}', "[]", "{", '{"command": null}'):
        Path("a/manifest.json").write_text(nonsense, encoding="utf-8")
        assert command("report", "a", "-o", "page.html", "--overwrite")[0] == 0
        assert "was not made by a command" in Path("page.html").read_text("utf-8")


def test_a_page_is_refused_before_the_run(place, monkeypatch):
    def never(*_, **__):
        raise AssertionError("it ran")

    monkeypatch.setattr("sim.experiments.run", never)
    Path("mine.html").write_text("<p>years of work</p>", encoding="utf-8")
    Path("old.html").write_text(PAGE, encoding="utf-8")
    for file, reason in {
        "mine.html": "was not written by this program",
        "old.html": "--overwrite",
        ".": "is a folder",
        "page.pdf": "write page.html; open it in a browser and print it to PDF",
        "page.docx": "a report is a page in HTML; write page.html",
        "mine.html/page.html": "is a file, not a folder",
        "out/page.html": "lies in the folder of --out",
    }.items():
        code, _, err = command("run", "office.yaml", "--report", file, "--out", "out")
        assert code == 2, file
        assert reason in err, err
    code, _, err = command("run", "office.yaml", "--overwrite")
    assert code == 2
    assert "--overwrite needs --out DIR or --report FILE" in err


def test_only_a_page_of_this_program_is_replaced(tmp_path):
    file = tmp_path / "page.html"
    write_page(file, PAGE + "one")
    with pytest.raises(FileExistsError, match="--overwrite"):
        write_page(file, PAGE + "two")
    assert file.read_text("utf-8").endswith("one")
    write_page(file, PAGE + "two", overwrite=True)
    assert file.read_text("utf-8").endswith("two")
    file.write_text("<p>not ours</p>", encoding="utf-8")
    assert "not written by this program" in str(page_refusal(file, overwrite=True))
    assert page_refusal(tmp_path / "new.html", overwrite=False) is None


def test_a_page_is_whole_or_not_there(tmp_path, monkeypatch):
    def broken(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(OSError, match="no room"):
        write_page(tmp_path / "page.html", PAGE)
    assert list(tmp_path.iterdir()) == []
