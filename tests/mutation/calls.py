"""Which functions of the program each test calls: a plugin of pytest that writes them down."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

FILE = "SIM_MUTATION_CALLS"
"""Environment variable: where to write."""
ROOT = Path(__file__).parents[2]
_seen: dict[str, set[str]] = {}
_names: dict[CodeType, str | None] = {}


def key(file: str, name: str, line: int) -> str:
    """Return how a function is called in the file of calls."""
    return f"{file}:{name}:{line}"


def _name(code: CodeType) -> str | None:
    path = Path(code.co_filename)
    if not path.is_relative_to(ROOT / "sim"):
        return None
    return key(path.relative_to(ROOT).as_posix(), code.co_name, code.co_firstlineno)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Note what a test calls, with its fixtures."""
    called: set[str] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            code = frame.f_code
            if code not in _names:
                _names[code] = _name(code)
            if (name := _names[code]) is not None:
                called.add(name)

    sys.setprofile(note)
    try:
        return (yield)
    finally:
        sys.setprofile(None)
        for name in called:
            _seen.setdefault(name, set()).add(item.nodeid)


def pytest_sessionfinish() -> None:
    """Add what was seen to the file."""
    file = Path(os.environ[FILE])
    before = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    merged = {name: sorted({*before.get(name, ()), *tests}) for name, tests in _seen.items()}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(before | merged, indent=0, sort_keys=True), encoding="utf-8")
