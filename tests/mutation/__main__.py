"""The commands `record` and `run`; see `tests.mutation`."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import numpy as np

from tests.mutation.calls import FILE, ROOT, key
from tests.mutation.faults import Fault, faults_in

CALLS = ROOT / "build" / "mutation" / "calls.json"
NOTICED, UNNOTICED, UNTESTED = "noticed", "UNNOTICED", "UNTESTED"
"""The last: no test calls it, or the tests that do fail without the fault, too."""
DEFAULT = ["-o", "addopts=", "-q", "-n", "0", "-p", "no:cacheprovider"]
TESTS = [*DEFAULT, "-m", "not slow and not campaign"]


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    commands = parser.add_subparsers(required=True)
    record = commands.add_parser("record", help="note which functions each test calls")
    record.add_argument("tests", nargs="*", default=["tests"])
    record.set_defaults(do=_record)
    run = commands.add_parser("run", help="plant faults, and tell which are not noticed")
    run.add_argument("places", nargs="*", default=["sim"], help="files or folders of the program")
    run.add_argument("--count", type=int, default=100)
    run.add_argument("--seed", type=int, default=1)
    run.add_argument("--most-tests", type=int, default=60, help="tests for one fault")
    run.add_argument("--seconds", type=float, default=300, help="for the tests of one fault")
    run.add_argument("--kernels", action="store_true", help="machine code, too")
    run.set_defaults(do=_run)
    options = parser.parse_args()
    options.do(options)


def _record(options: argparse.Namespace) -> None:
    command = [sys.executable, "-m", "pytest", *TESTS, "-p", "tests.mutation.calls"]
    env = {**os.environ, FILE: str(CALLS)}
    raise SystemExit(
        subprocess.run([*command, *options.tests], cwd=ROOT, env=env, check=False).returncode
    )


def _run(options: argparse.Namespace) -> None:
    calls = json.loads(CALLS.read_text(encoding="utf-8"))
    of_file: dict[str, set[str]] = {}
    for name, tests in calls.items():
        of_file.setdefault(name.partition(":")[0], set()).update(tests)
    rng = np.random.default_rng(options.seed)
    chosen = _chosen(options, rng)
    for library in ("numpy", "pandas", "numba", "pyarrow", "scipy.stats", "pydantic", "pytest"):
        __import__(library)  # once, for all that are forked from here
    counts = dict.fromkeys((NOTICED, UNNOTICED, UNTESTED), 0)
    with tempfile.TemporaryDirectory(prefix="sim-mutation-") as folder:
        copy = _copied(Path(folder) / "tree")
        for number, fault in enumerate(chosen, 1):
            tests = calls.get(key(fault.file, *fault.function)) or of_file.get(fault.file, ())
            begun = time.monotonic()
            found = _tried(copy, fault, _fewer(tests, options.most_tests), options.seconds)
            counts[found] += 1
            print(f"{number} {found} {fault} ({time.monotonic() - begun:.0f} s)", flush=True)
    print(", ".join(f"{name.lower()}: {count}" for name, count in counts.items()))


def _chosen(options: argparse.Namespace, rng: np.random.Generator) -> list[Fault]:
    """Choose faults: as many in each room, at random places in it."""
    rooms: dict[str, list[Fault]] = {}
    for place in options.places:
        path = ROOT / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if file.name == "kernel.py" and not options.kernels:
                continue
            name = file.relative_to(ROOT).as_posix()
            rooms.setdefault(name.split("/")[1], []).extend(faults_in(file, name))
    order = [[faults[n] for n in rng.permutation(len(faults))] for faults in rooms.values()]
    turns = (
        faults[turn]
        for turn in range(max(map(len, order)))
        for faults in order
        if turn < len(faults)
    )
    return [fault for fault, _ in zip(turns, range(options.count), strict=False)]


def _fewer(tests: object, most: int) -> list[str]:
    """Choose tests of as many files as possible; those of units first, since they take least."""
    turn: dict[str, int] = {}
    ranked = []
    for test in sorted(tests):  # type: ignore[call-overload]
        file = test.partition("::")[0]
        turn[file] = turn.get(file, 0) + 1
        ranked.append((turn[file], "/unit/" not in file, test))
    return [test for _, _, test in sorted(ranked)[:most]]


def _copied(copy: Path) -> Path:
    leave_out = shutil.ignore_patterns("__pycache__", ".git", ".hypothesis", ".*_cache")

    def ignored(folder: str, names: list[str]) -> set[str]:
        own = {"build"} if Path(folder) == ROOT else set()  # not `tests/build`
        return {*leave_out(folder, names), *own}

    shutil.copytree(ROOT, copy, ignore=ignored)
    return copy


def _tried(copy: Path, fault: Fault, tests: list[str], seconds: float) -> str:
    """Plant a fault in the copy, run the tests there, and take it out again."""
    if not tests:
        return UNTESTED
    file = copy / fault.file
    source = file.read_bytes()
    try:
        compile(fault.applied(source), fault.file, "exec")
    except SyntaxError:
        return NOTICED
    file.write_bytes(fault.applied(source))
    try:
        child = os.fork()
        if child == 0:
            _test(copy, tests)
        if _code(child, seconds) == 0:
            return UNNOTICED
    finally:
        file.write_bytes(source)
    # The tests must pass without the fault, else they notice nothing.
    return NOTICED if _passes(copy, tuple(tests), seconds) else UNTESTED


@cache
def _passes(copy: Path, tests: tuple[str, ...], seconds: float) -> bool:
    child = os.fork()
    if child == 0:
        _test(copy, list(tests))
    return _code(child, seconds) == 0


def _test(copy: Path, tests: list[str]) -> None:
    """In a process of its own: run the tests in the copy; exit 0 if all pass."""
    import pytest

    code = 1
    try:
        os.setsid()
        os.chdir(copy)
        sys.dont_write_bytecode = True
        os.environ |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(copy)}
        sys.path[:] = [str(copy), *(path for path in sys.path if Path(path or ".") != ROOT)]
        for name in [name for name in sys.modules if name.split(".")[0] in {"sim", "tests"}]:
            del sys.modules[name]
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        code = int(pytest.main([*TESTS, "-x", *tests]))
    finally:
        os._exit(code)


def _code(child: int, seconds: float) -> int:
    """Return the exit code of a child; one that takes too long is ended, and has failed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 1


if __name__ == "__main__":
    main()
