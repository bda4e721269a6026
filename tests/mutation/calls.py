"""Which lines of the program each test executes, and how long it takes: a plugin of pytest.

One JSON object a test: `test`, `seconds`, and `lines` by file. The first line of a function
stands for its being called. Of code that a test executes again and again only the first `MOST`
lines are noted.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

FILE, OF_EACH = "SIM_MUTATION_CALLS", "SIM_MUTATION_OF_EACH"
"""Environment variables: where to write; how many of a test's parameters to take at most."""
ROOT = Path(__file__).parents[2]
PROGRAM = str(ROOT / "sim") + os.sep
LONGEST_S = 12
"""Processor time: a test that takes longer is of no use here; it fails."""
MOST = 3000
Lines = set[tuple[str, int]]
"""Path of a file, and number of a line."""
_passed: dict[str, bool] = {}
_of_fixture: dict[object, Lines] = {}
_now: list[Lines] = [set()]
"""What is executed: by the test, and last by the fixture that is being made for it."""
_noted: dict[int, int] = {}
"""By the identity of code: how many lines of it were noted for the test."""


def _call(frame: FrameType, event: str, _: Any) -> Any:
    code = frame.f_code
    if not code.co_filename.startswith(PROGRAM):
        return None
    _now[-1].add((code.co_filename, code.co_firstlineno))
    return _line if _noted.get(id(code), 0) < MOST else None


def _line(frame: FrameType, event: str, _: Any) -> Any:
    code = frame.f_code
    _now[-1].add((code.co_filename, frame.f_lineno))
    noted = _noted[id(code)] = _noted.get(id(code), 0) + 1
    return _line if noted < MOST else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test with many parameters, take some, evenly spread; none that is recorded already."""
    most = int(os.environ.get(OF_EACH, "1000000"))
    known = {without_parameters(one["test"]) for one in read(Path(os.environ[FILE]))}
    of_test: dict[str, list[pytest.Item]] = {}
    for item in items:
        if (name := without_parameters(item.nodeid)) not in known:
            of_test.setdefault(name, []).append(item)
    items[:] = [
        some[number * len(some) // most] if len(some) > most else some[number]
        for some in of_test.values()
        for number in range(min(most, len(some)))
    ]


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any) -> Iterator[None]:
    """Note what is executed to make a fixture: all tests that use it depend on that."""
    _now.append(_of_fixture.setdefault(fixturedef, set()))
    try:
        return (yield)
    finally:
        _now.pop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Note what a test executes, and its fixtures."""
    executed: Lines = set()
    _now.append(executed)
    _noted.clear()

    def too_long(number: int, frame: Any) -> None:
        raise TimeoutError

    signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
    begun = time.process_time()
    threading.settrace(_call)
    sys.settrace(_call)
    try:
        return (yield)
    finally:
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]
        signal.setitimer(signal.ITIMER_PROF, 0)
        _now.pop()
        if _passed.pop(item.nodeid, False):
            for fixtures in item._fixtureinfo.name2fixturedefs.values():  # type: ignore[attr-defined]
                executed |= _of_fixture.get(fixtures[-1], set())
            _write(item.nodeid, time.process_time() - begun, executed)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Only tests that pass can notice anything."""
    _passed[report.nodeid] = _passed.get(report.nodeid, True) and report.outcome == "passed"


def without_parameters(test: str) -> str:
    """Return the name of a test, whatever its parameters are."""
    return test.partition("[")[0]


def read(file: Path) -> list[dict[str, Any]]:
    """Return what was recorded; nothing if nothing was."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _write(test: str, seconds: float, executed: Lines) -> None:
    lines: dict[str, list[int]] = {}
    for path, line in sorted(executed):
        lines.setdefault(Path(path).relative_to(ROOT).as_posix(), []).append(line)
    file = Path(os.environ[FILE])
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        one = {"test": test, "seconds": round(seconds, 3), "lines": lines}
        out.write(json.dumps(one, separators=(",", ":")) + "\n")
