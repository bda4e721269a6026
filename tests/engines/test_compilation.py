"""Machine code on disk: kept where that can be, never trusted too far, never needed.

Each test runs a copy of the package in a process of its own; most of them compile.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
NOWHERE = "/dev/null/below-a-file"
"""No folder can be made here, not even by root."""
RUN = """
from pathlib import Path
import numpy as np
import sim
from sim.machine_code import announce
from sim.variates import array_form
from sim.variates.kernel import fill_uniform

assert Path(sim.__file__).is_relative_to(Path.cwd())
announce(lambda: print("compiles"))
out, address = np.empty(2), array_form.Address(3, 5, 1, 7)
fill_uniform(*address, 0, 2, out)
print(out.tolist() == array_form.uniforms(address, np.arange(2, dtype=np.uint64), 0)[0].tolist())
"""
"""The smallest entry point: what holds for it holds for all, and it is compiled in a second."""
RIGHT = "True\n"
ENGINE = """
from sim.engine import simulate
from sim.machine_code import announce
from tests.build.workloads import Case, Model, Officer, work

announce(lambda: print("compiles"))
model = Model((Case(3, (work(5), work(7, 0))),), (Officer(),))
print(simulate(model.workload, model.supply, model.horizon, engine="compiled").end.tolist())
"""
ENDS = "[8, 15]\n"
FULL = """
import numba.core.caching
def no_space(*_):
    raise OSError(28, "No space left on device")
numba.core.caching.IndexDataCacheFile._save_data = no_space
"""
ADD = """
from sim.machine_code import entry_point

@entry_point
def add(one, other):
    return one + other
"""
AT_ONCE = """
import sys
import time
from pathlib import Path

from add import add
from numba.core.dispatcher import _FunctionCompiler

compiled = _FunctionCompiler.compile

def slowly(*given):
    time.sleep(1)
    return compiled(*given)

_FunctionCompiler.compile = slowly
Path(sys.argv[1]).touch()
while not (Path("one").exists() and Path("other").exists()):
    time.sleep(0.01)
print(add(1, 2), sum(add.stats.cache_misses.values()))
"""


def run(folder: Path, code: str = RUN, **environment: str) -> str:
    """Run code with the copy of the package in that folder; return what is printed."""
    path = os.pathsep.join([str(folder), str(ROOT)])
    inherited = {k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=folder,
        env=inherited | {"PYTHONPATH": path} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


def copied(folder: Path) -> Path:
    package = Path(sim.__file__).parent
    shutil.copytree(package, folder / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where a copy of the package is that has been compiled."""
    folder = copied(tmp_path_factory.mktemp("once"))
    assert run(folder) == "compiles\n" + RIGHT
    return folder


@pytest.fixture
def compiled(once: Path, tmp_path: Path) -> Path:
    shutil.copytree(once, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_what_has_been_compiled_is_kept(compiled: Path) -> None:
    assert run(compiled) == RIGHT


@pytest.mark.parametrize("imported", ["variates/formulas.py", "arrays.py", "variates/__init__.py"])
def test_a_change_in_an_imported_module_is_compiled_in(compiled: Path, imported: str) -> None:
    with (compiled / "sim" / imported).open("a") as file:
        file.write("\n")
    assert run(compiled) == "compiles\n" + RIGHT


def test_a_constant_of_the_contract_is_compiled_into_the_engine(tmp_path: Path) -> None:
    assert run(copied(tmp_path), ENGINE) == "compiles\n" + ENDS
    contract = tmp_path / "sim/engine/contract.py"
    text = contract.read_text("utf-8")
    contract.write_text(text.replace("OPEN: Final = -1", "OPEN: Final = -77"), "utf-8")
    assert contract.read_text("utf-8") != text
    assert run(tmp_path, ENGINE) == "compiles\n" + ENDS


def test_a_change_elsewhere_is_of_no_account(compiled: Path) -> None:
    with (compiled / "sim/report/words.py").open("a") as file:
        file.write("\n")
    assert run(compiled) == RIGHT


def test_without_any_folder_to_write_to(tmp_path: Path) -> None:
    (copied(tmp_path) / "sim/variates/__pycache__").touch()  # a file where the folder should be
    nowhere = dict.fromkeys(("NUMBA_CACHE_DIR", "HOME", "XDG_CACHE_HOME"), NOWHERE)
    assert run(tmp_path, **nowhere) == RIGHT


def test_without_the_packages_own_folder_the_users_is_taken(compiled: Path) -> None:
    shutil.rmtree(compiled / "sim/variates/__pycache__")
    (compiled / "sim/variates/__pycache__").touch()
    home = {"HOME": str(compiled), "XDG_CACHE_HOME": str(compiled / "cache")}
    assert run(compiled, **home) == "compiles\n" + RIGHT
    assert run(compiled, **home) == RIGHT


@pytest.mark.parametrize("kind", ["nbi", "nbc"])
@pytest.mark.parametrize("part", [0, 0.5], ids=["garbage", "truncated"])
def test_a_damaged_file_counts_as_none_and_is_replaced(
    compiled: Path, kind: str, part: float
) -> None:
    files = list((compiled / "sim/variates/__pycache__").glob(f"kernel.*.{kind}"))
    assert files
    for file in files:
        whole = file.read_bytes()
        file.write_bytes(whole[: int(len(whole) * part)] or b"garbage")
    assert run(compiled) == "compiles\n" + RIGHT
    assert run(compiled) == RIGHT


def test_a_full_disk(tmp_path: Path) -> None:
    copied(tmp_path)
    for _ in range(2):
        assert run(tmp_path, FULL + RUN) == "compiles\n" + RIGHT


def test_of_two_processes_that_begin_together_one_compiles(tmp_path: Path) -> None:
    (tmp_path / "add.py").write_text(ADD)
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", AT_ONCE, name],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": path, "NUMBA_CACHE_DIR": str(tmp_path / "kept")},
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "other")
    ]
    assert sorted(process.communicate()[0] for process in processes) == ["3 0\n", "3 1\n"]
