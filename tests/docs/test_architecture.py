"""Every file that the page on the structure names is there, and holds what it is said to hold."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/explanation/architecture.md").read_text(encoding="utf-8")
ROWS = [row for row in PAGE.splitlines() if row.startswith("| ") and "`sim/" in row]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2:].split(" |")[0])
def test_the_named_files_are_there(row: str) -> None:
    place = next(cell for cell in row.split("|") if "`sim/" in cell)
    file = ROOT
    for name in re.findall(r"`([^`]+)`", place):
        if name.startswith("sim/"):
            file = ROOT / name
        elif name.endswith(".py"):
            file = file.parent / name
        else:
            assert re.search(rf"\b{name}\b", file.read_text(encoding="utf-8")), name
        assert file.exists(), file
