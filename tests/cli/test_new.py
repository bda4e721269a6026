"""`sim new` and `sim --version`."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app
from tests.build.offices import OFFICE

BASES = ["yingkou/base", "yingkou/zones", "yingkou/serial", "yingkou/backlog", "textbook/replay"]


def command(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def test_the_version_is_told():
    assert command("--version") == (0, f"approval-sim {metadata.version('approval-sim')}\n", "")


@pytest.mark.parametrize("base", BASES)
def test_the_file_is_valid_and_changes_nothing_but_the_name(base, tmp_path):
    file = tmp_path / "my-city.yaml"
    code, out, _ = command("new", file, "--from", base)
    assert code == 0
    assert "sim check" in out
    assert command("check", file)[0] == 0
    expected = sim.load(base, settings=["name={en: my-city, zh: my-city}"]).sha256()
    assert sim.load(file).sha256() == expected


@pytest.mark.parametrize("base", BASES)
def test_every_value_that_is_shown_is_the_one_of_the_base(base, tmp_path):
    file = tmp_path / "my-city.yaml"
    command("new", file, "--from", base)
    text = file.read_text(encoding="utf-8")
    shown = [line for line in text.splitlines() if line.startswith("# ")]
    assert len(shown) > 8
    file.write_text(
        "\n".join(line.removeprefix("# ") for line in text.splitlines()), encoding="utf-8"
    )
    expected = sim.load(base, settings=["name={en: my-city, zh: my-city}"]).sha256()
    assert sim.load(file).sha256() == expected


def test_a_shown_value_can_be_changed_in_place(tmp_path):
    file = tmp_path / "mine.yaml"
    command("new", file)
    text = file.read_text(encoding="utf-8")
    changed = text.replace("# staff:", "staff:").replace(
        "#   planners: {count: 4}", "  planners: {count: 6}"
    )
    file.write_text(changed, encoding="utf-8")
    assert sim.load(file).staff["planners"].count == 6
    assert "规划审查" in text


def test_a_file_is_never_replaced_unasked(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("mine", encoding="utf-8")
    code, _, err = command("new", file)
    assert code == 2
    assert "--overwrite" in err
    assert file.read_text(encoding="utf-8") == "mine"
    assert command("new", file, "--overwrite")[0] == 0
    assert file.read_text(encoding="utf-8") != "mine"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{}/mine.txt"], "ends in .yaml"),
        (["{}/none/mine.yaml"], "no such folder"),
        (["{}/mine.yaml", "--from", "yingkou/bose"], "did you mean 'yingkou/base'"),
        (["{}/mine.yaml", "--from", "{}/broken.yaml"], "is missing here"),
        (["{}/broken.yaml", "--from", "{}/broken.yaml", "--overwrite"], "cannot extend itself"),
    ],
)
def test_what_cannot_be_is_said(arguments, message, tmp_path):
    (tmp_path / "broken.yaml").write_text("name: x", encoding="utf-8")
    code, _, err = command("new", *(each.format(tmp_path) for each in arguments))
    assert code == 2
    assert message in err
    assert "Traceback" not in err
    assert not (tmp_path / "mine.yaml").exists()


def test_another_file_can_be_extended_from_any_folder(tmp_path, monkeypatch):
    (tmp_path / "office.yaml").write_text(OFFICE, encoding="utf-8")
    (tmp_path / "cities").mkdir()
    monkeypatch.chdir(tmp_path)
    code, out, _ = command("new", Path("cities") / "a b: c.yaml", "--from", "office.yaml",
                           "--lang", "zh")  # fmt: skip
    assert code == 0
    assert "已写入" in out
    assert sim.load("cities/a b: c.yaml").staff["clerks"].count == 2
    assert str(sim.load("cities/a b: c.yaml").name) == "a b: c"


def test_labels_stay_in_their_comments(tmp_path):
    evil = 'en: "a\\nperiod: {start: 2000-01-01}"'
    text = OFFICE.replace("en: Clerks", evil).replace("clerks:", "yes:")
    (tmp_path / "office.yaml").write_text(text, encoding="utf-8")
    assert command("new", tmp_path / "mine.yaml", "--from", tmp_path / "office.yaml")[0] == 0
    file = tmp_path / "mine.yaml"
    shown = file.read_text(encoding="utf-8").replace("\n# ", "\n")
    file.write_text(shown, encoding="utf-8")
    assert sim.load(file).staff["yes"].count == 2


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    file = tmp_path / "mine.yaml"
    file.write_text("name: mine\n", encoding="utf-8")

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(file), "replace", full)
    result = CliRunner().invoke(app, ["new", str(file), "--overwrite"])
    assert result.exit_code == 2
    assert "No space left" in result.stderr
    assert file.read_text(encoding="utf-8") == "name: mine\n"
    assert list(tmp_path.iterdir()) == [file]
