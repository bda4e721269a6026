"""Plants faults and runs the tests that may see them."""

from __future__ import annotations

import ast
import gc
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import _lru_cache_wrapper
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

from sim.atomic_write import write_whole
from tests.build.bad_files import MATTERS, STEPS
from tests.mutation.calls import ROOT, without_parameters
from tests.mutation.faults import Fault

NOTICED, UNNOTICED, UNTESTED = "noticed", "UNNOTICED", "UNTESTED"
"""The last: no test that was recorded calls the function."""
PYTEST = [
    *("-o", "addopts=", "-q", "-s", "-n", "0", "-p", "no:cacheprovider"),
    *("-m", "not slow and not study and not campaign"),
]
BEGUN = "begun"
"""File with the name of the test that runs."""
LONGEST_S = 600
SITE = Path(__file__).parent / "site"
_OF_FUNCTIONS = 0x3
"""Flags of code that has local variables: not that of modules and classes."""
Place = tuple[str, str, int]
"""File, qualified name and first line of code."""


class Record:
    """Which tests execute a line; a test stands for itself with all its parameters."""

    def __init__(self, tests: Iterable[dict[str, Any]]) -> None:
        self.seconds: dict[str, float] = {}
        """Of the longest of its parameters that was recorded."""
        self._of_line: dict[tuple[str, int], set[str]] = {}
        for one in tests:
            name = without_parameters(one["test"])
            self.seconds[name] = max(one["seconds"], self.seconds.get(name, 0))
            for file, lines in one["lines"].items():
                for line in lines:
                    self._of_line.setdefault((file, line), set()).add(name)

    def tests(self, fault: Fault) -> list[str]:
        """Return the tests that may see a fault.

        First those that execute its line, then those that call its function; of these, first the
        quickest of each file of tests, since the tests of one file look at the same things.
        """
        order: dict[str, None] = {}
        for line in (fault.line, fault.function[1]):
            of_file: Counter[str] = Counter()
            places = {}
            tests = self._of_line.get((fault.file, line), set())
            for test in sorted(tests, key=lambda test: (self.seconds[test], test)):
                file = test.partition("::")[0]
                of_file[file] += 1
                places[test] = of_file[file], self.seconds[test]
            order |= dict.fromkeys(sorted(places, key=lambda test: places[test]))
        return list(order)


def run(
    faults: Sequence[Fault],
    record: Record,
    found: Path,
    *,
    seconds: float,
    anew: bool,
    kernels: bool,
) -> None:
    """Try each fault in a fork of this process.

    What is outside of functions is tried in a process anew; `anew`: what nothing noticed, too.
    `found`: what became of each fault, as JSON; what was noticed before is not tried again.
    """
    plugins = ["-p", "tests.mutation.kernels"] if kernels else []
    needed = {test for fault in faults for test in record.tests(fault)}
    files = sorted({test.partition("::")[0] for test in needed})
    trials = _Trials(faults, record, found, seconds, plugins, needed, anew)
    pytest.main([*PYTEST, *plugins, *files], plugins=[trials])


class _Trials:
    """A plugin of pytest that runs tests again and again, each time with another fault."""

    def __init__(
        self,
        faults: Sequence[Fault],
        record: Record,
        found: Path,
        seconds: float,
        plugins: list[str],
        needed: set[str],
        anew: bool,
    ) -> None:
        self.file = found
        self.found = _known(found)
        self.faults, self.record, self.seconds = faults, record, seconds
        self.plugins, self.needed, self.anew = plugins, needed, anew
        self.most_s = 30 + int(4 * seconds)
        """Processor time of the tests of one fault: more is a loop without an end."""
        self.sources = {fault.file: (ROOT / fault.file).read_bytes() for fault in faults}
        self.sound: set[str] = set()
        self.broken: set[str] = set()
        """Tests that pass, and that fail, without a fault."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if without_parameters(item.nodeid) in self.needed]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of running all tests: one fault after the other."""
        items: dict[str, list[pytest.Item]] = {}
        for item in session.items:
            items.setdefault(without_parameters(item.nodeid), []).append(item)
        _loaded()
        places = _functions()
        for one in gc.get_objects():  # what remembers results, so without the fault
            if type(one) is _lru_cache_wrapper and one.__module__.startswith("sim."):
                one.cache_clear()
        gc.freeze()  # so that forks share it
        for number, fault in enumerate(self.faults, 1):
            if self.found.get(str(fault)) == NOTICED:
                continue
            begun = time.monotonic()
            tests = self._chosen(self.record.tests(fault), items)
            found = self._tried(fault, tests, places)
            self.found = {**_known(self.file), str(fault): found}  # others may write it, too
            text = json.dumps(self.found, indent=0, ensure_ascii=False)
            write_whole(self.file, lambda part, text=text: part.write_text(text, "utf-8"))
            took = f"{len(tests)} tests, {time.monotonic() - begun:.0f} s"
            print(f"{number} {found} {fault} ({took})", flush=True)
        counts = Counter(self.found[str(fault)] for fault in self.faults)
        print(", ".join(f"{name.lower()}: {count}" for name, count in counts.items()))
        return True

    def _chosen(self, tests: list[str], items: dict[str, list[pytest.Item]]) -> list[pytest.Item]:
        """Return tests of so many seconds: first each with one of its parameters, then with all."""
        chosen, left = [], self.seconds
        for part in (slice(0, 1), slice(1, None)):
            for test in tests:
                for item in items.get(test, [])[part]:
                    if self.record.seconds[test] <= left or not chosen:
                        chosen.append(item)
                        left -= self.record.seconds[test]
        return chosen

    def _tried(
        self, fault: Fault, tests: list[pytest.Item], places: dict[Place, list[FunctionType]]
    ) -> str:
        if not tests:
            return UNTESTED
        source = self.sources[fault.file]
        changed = fault.applied(source)
        try:
            codes = _changed_functions(ROOT / fault.file, source, changed)
        except SyntaxError:
            return NOTICED
        changes = [(function, code) for place, code in codes for function in places.get(place, ())]
        while changes and tests and (failing := self._failing(tests, changes)) is not None:
            if failing in self.broken:  # it fails without the fault, too
                tests = [test for test in tests if test.nodeid != failing]
            else:
                return NOTICED
        anew = self.anew or not changes
        return NOTICED if anew and self._noticed_anew(fault, changed, tests) else UNNOTICED

    def _failing(
        self, tests: list[pytest.Item], changes: list[tuple[FunctionType, CodeType]]
    ) -> str | None:
        """Return the first test that fails with changed functions; None if none does."""
        tests = [test for test in tests if test.nodeid not in self.broken]
        failing = self._first_failing(tests, changes)
        if failing is not None and failing not in self.sound:
            alone = [test for test in tests if test.nodeid == failing]
            if self._first_failing(alone, []) is None:
                self.sound.add(failing)
            else:
                print(f"fails without a fault: {failing}", flush=True)
                self.broken.add(failing)
        return failing

    def _first_failing(
        self, tests: list[pytest.Item], changes: list[tuple[FunctionType, CodeType]]
    ) -> str | None:
        if not tests:
            return None
        with tempfile.TemporaryDirectory(prefix="sim-mutation-") as folder:
            child = os.fork()
            if child == 0:
                _test(tests, changes, Path(folder), self.most_s)
            failed = _failed(child)
            return (Path(folder) / BEGUN).read_text(encoding="utf-8") if failed else None

    def _noticed_anew(self, fault: Fault, changed: bytes, tests: list[pytest.Item]) -> bool:
        """Run the tests in an interpreter that reads the module with the fault."""
        with tempfile.TemporaryDirectory(prefix="sim-mutation-") as folder:
            source = Path(folder) / "source.py"
            source.write_bytes(changed)
            env = {
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(SITE), str(ROOT)]),
                "SIM_MUTATION_FILE": str(ROOT / fault.file),
                "SIM_MUTATION_SOURCE": str(source),
                "SIM_MUTATION_SECONDS": str(self.most_s),
            }
            names = [test.nodeid for test in tests]
            command = [sys.executable, "-m", "pytest", *PYTEST, *self.plugins, "-x", *names]
            child = subprocess.Popen(
                [*command, "--basetemp", f"{folder}/tmp"], cwd=ROOT, env=env,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
            failed = _failed(child.pid)
            child.returncode = int(failed)  # it is over: else its end is warned of, in every fork
            return failed


def _loaded() -> None:
    """Import all, and run a little, so that no fork has to load libraries or machine code anew."""
    import sim

    for file in sorted((ROOT / "sim").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_bytes())):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                if not name.startswith("dask"):  # it starts threads
                    with suppress(ImportError):
                        import_module(name)
    with tempfile.TemporaryDirectory(prefix="sim-mutation-") as folder:
        scenario = Path(folder) / "small.yaml"
        for text in (STEPS, MATTERS):
            scenario.write_text(text, encoding="utf-8")
            result = sim.run(sim.load(scenario), replications=2, keep="items", jobs=1)
            str(result)


def _known(found: Path) -> dict[str, str]:
    return json.loads(found.read_text(encoding="utf-8")) if found.exists() else {}


def _functions() -> dict[Place, list[FunctionType]]:
    """Return all functions of the program that are there, by the place of their code."""
    found: dict[Place, list[FunctionType]] = {}
    for one in gc.get_objects():
        if type(one) is FunctionType and one.__code__.co_filename.startswith(str(ROOT / "sim")):
            found.setdefault(_place(one.__code__), []).append(one)
    return found


def _place(code: CodeType) -> Place:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _changed_functions(file: Path, source: bytes, changed: bytes) -> list[tuple[Place, CodeType]]:
    """Return the code of the functions that a fault changes, and around it; none: no function."""
    old, new = (compile(text, str(file), "exec") for text in (source, changed))
    return list(_different(old, new)) if not _own_changed(old, new) else []


def _inner(code: CodeType) -> list[CodeType]:
    return [one for one in code.co_consts if isinstance(one, CodeType)]


def _own_changed(old: CodeType, new: CodeType) -> bool:
    """Tell whether code itself differs, apart from the functions in it; so for classes in it."""
    consts = [[c for c in one.co_consts if not isinstance(c, CodeType)] for one in (old, new)]
    own = old.co_code != new.co_code or repr(consts[0]) != repr(consts[1])
    classes = (
        _own_changed(a, b)
        for a, b in zip(_inner(old), _inner(new), strict=False)
        if not a.co_flags & _OF_FUNCTIONS
    )
    return own or old.co_names != new.co_names or any(classes)


def _different(old: CodeType, new: CodeType) -> Iterator[tuple[Place, CodeType]]:
    for a, b in zip(_inner(old), _inner(new), strict=True):
        if a != b:
            if a.co_flags & _OF_FUNCTIONS:
                yield _place(a), b
            if len(_inner(a)) == len(_inner(b)):
                yield from _different(a, b)


def _test(
    tests: list[pytest.Item],
    changes: Iterable[tuple[FunctionType, CodeType]],
    folder: Path,
    most_s: int,
) -> None:
    """In a process of its own: run the tests with changed functions; exit 0 if all pass."""
    code = 1
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (most_s, most_s))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        config = tests[0].config
        config._tmp_path_factory._basetemp = folder / "tmp"  # type: ignore[attr-defined]
        (folder / "tmp").mkdir()
        config.pluginmanager.register(_Failing(folder / BEGUN))
        for function, changed in changes:
            function.__code__ = changed
        for test, following in zip(tests, [*tests[1:], None], strict=True):
            config.hook.pytest_runtest_protocol(item=test, nextitem=following)
        code = 0
    finally:
        os._exit(code)


class _Failing:
    """Writes down which test has begun. The first that fails says enough."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.file.write_text(nodeid, encoding="utf-8")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os._exit(1)


def _failed(child: int) -> bool:
    """Tell whether a child has failed; one that waits for something without an end is ended."""
    deadline = time.monotonic() + LONGEST_S
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) != 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True
