"""The program where names are Chinese, with blanks, and the terminal knows GBK or nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.build.commands import write_small
from tests.build.processes import SIM, environment

FOLDER = "政务 仿真"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / FOLDER
    (place / "家 王").mkdir(parents=True)
    write_small(place, 2).rename(place / "窗 口.yaml")
    return place


def said(folder: Path, *words: str, **changes: str | None) -> bytes:
    home = {"HOME": str(folder / "家 王"), "LC_ALL": "C", "LANG": None}
    done = subprocess.run(
        [*SIM, *words], cwd=folder, env=environment(**home, **changes), capture_output=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout


@pytest.mark.parametrize(
    ("named", "told"),
    [(None, "窗 口.yaml: 无误"), ("gbk", "窗 口.yaml: 无误"), ("ascii:strict", "? ?.yaml: ??")],
)
def test_a_terminal_gets_the_encoding_that_is_named_and_else_utf_8(named, told, folder):
    out = said(folder, "check", "窗 口.yaml", "--lang", "zh", PYTHONIOENCODING=named)
    encoding = "utf-8" if named is None else named.partition(":")[0]
    assert out.decode(encoding).splitlines()[0] == told


def test_a_new_file_is_told_by_its_kind(folder):
    out = said(folder, "new", "我市.yaml", "--lang", "zh", PYTHONIOENCODING=None).decode()
    assert "改好与本市不同之处" in out
    assert "黄色格" not in out
