"""Which functions of the program each test calls, and how long it takes: a plugin of pytest."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

FILE, OF_EACH = "SIM_MUTATION_CALLS", "SIM_MUTATION_OF_EACH"
"""Environment variables: where to write; how many of a test's parameters to take at most."""
ROOT = Path(__file__).parents[2]
LONGEST_S = 60
"""Processor time: a test that takes longer is of no use here; it fails."""
OFTEN = 100
"""The record is written after so many tests: what was seen by then can be used."""
_seen: dict[str, list[str]] = {}
_seconds: dict[str, float] = {}
_names: dict[CodeType, str | None] = {}
_passed: dict[str, bool] = {}
_of_fixture: dict[object, set[str]] = {}
_now: list[set[str]] = []
"""What is being called: by the test, and by the fixtures that are being made for it."""


def key(file: str, name: str, line: int) -> str:
    """Return how a function is called in the file of calls."""
    return f"{file}:{name}:{line}"


def _name(code: CodeType) -> str | None:
    path = Path(code.co_filename)
    if not path.is_relative_to(ROOT / "sim"):
        return None
    return key(path.relative_to(ROOT).as_posix(), code.co_name, code.co_firstlineno)


def _note(frame: FrameType, event: str, _: Any) -> None:
    code = frame.f_code
    if code not in _names:
        _names[code] = _name(code)
    if (name := _names[code]) is not None:
        for called in _now:
            called.add(name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test with many parameters, take some, evenly spread; none that is recorded already."""
    most = int(os.environ.get(OF_EACH, "1000000"))
    known = {name.partition("[")[0] for name in _read()["seconds"]}
    of_test: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.nodeid.partition("[")[0] not in known:
            of_test.setdefault(item.nodeid.partition("[")[0], []).append(item)
    items[:] = [
        some[number * len(some) // most] if len(some) > most else some[number]
        for some in of_test.values()
        for number in range(min(most, len(some)))
    ]


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any) -> Iterator[None]:
    """Note what is called to make a fixture: all tests that use it depend on that."""
    called = _of_fixture.setdefault(fixturedef, set())
    _now.append(called)
    try:
        return (yield)
    finally:
        _now.pop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Note what a test calls, and its fixtures."""
    called: set[str] = set()
    _now.append(called)

    def too_long(number: int, frame: Any) -> None:
        raise TimeoutError

    signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
    begun = time.process_time()
    sys.settrace(_note)  # returns None: calls only, no lines
    try:
        return (yield)
    finally:
        sys.settrace(None)
        signal.setitimer(signal.ITIMER_PROF, 0)
        _now.pop()
        if _passed.pop(item.nodeid, False):
            _seconds[item.nodeid] = round(time.process_time() - begun, 3)
            for fixtures in item._fixtureinfo.name2fixturedefs.values():  # type: ignore[attr-defined]
                called |= _of_fixture.get(fixtures[-1], set())
            for name in called:
                _seen.setdefault(name, []).append(item.nodeid)
            if len(_seconds) % OFTEN == 0:
                _write()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Only tests that pass can notice anything."""
    _passed[report.nodeid] = _passed.get(report.nodeid, True) and report.outcome == "passed"


def pytest_sessionfinish() -> None:
    """Write the rest."""
    _write()


def _read() -> dict[str, Any]:
    file = Path(os.environ[FILE])
    known: dict[str, Any] = {"calls": {}, "seconds": {}}
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else known


def _write() -> None:
    """Add what was seen to the file."""
    file, before = Path(os.environ[FILE]), _read()
    calls = before["calls"]
    merged = {name: sorted({*calls.get(name, ()), *tests}) for name, tests in _seen.items()}
    record = {"calls": calls | merged, "seconds": before["seconds"] | _seconds}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(record, indent=0, sort_keys=True), encoding="utf-8")
    _seen.clear()
