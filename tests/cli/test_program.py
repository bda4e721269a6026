"""How the program ends: with a message and a code, never with a traceback."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.scenario import ScenarioError, load

HOOK = """
import sys
class Hook:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise {failure}
sys.meta_path.insert(0, Hook())
from sim.__main__ import main
sys.argv = ["sim", *sys.argv[1:]]
main()
"""
"""Runs the program; importing a module fails."""
PLAIN = "import sys; from sim.__main__ import main; sys.argv[0] = 'sim'; main()"


def program(code: str, *arguments: str, **streams: object) -> subprocess.CompletedProcess[str]:
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, text=True, timeout=60, check=False, **pipe)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("module", ["sim.cli", "sim.scenario"])
def test_a_fault_of_the_program_is_one_line(module: str, tmp_path: Path) -> None:
    code = HOOK.format(module=module, failure="ZeroDivisionError('of 1\\nby 0')")
    done = program(code, "list", env={**os.environ, "TMPDIR": str(tmp_path)})
    (details,) = tmp_path.iterdir()
    assert (done.returncode, done.stdout) == (70, "")
    assert done.stderr == (
        "This is a fault of the program, not of your input (ZeroDivisionError: of 1): "
        f"the details are in {details}; please report it with that file.\n"
    )
    text = details.read_text(encoding="utf-8")
    assert "approval-sim" in text and "sim list" in text and "Traceback" in text


def test_without_a_place_for_the_details_they_are_printed(tmp_path: Path) -> None:
    code = HOOK.format(module="sim.cli", failure="ZeroDivisionError('of 1')")
    code = "import tempfile; tempfile.tempdir = '/nowhere'\n" + code
    done = program(code, "list")
    assert done.returncode == 70
    assert done.stderr.startswith("Traceback")
    assert done.stderr.endswith("of 1): please report it with the lines above.\n")


@pytest.mark.parametrize("module", ["sim.cli", "sim.scenario.load"])
def test_an_interruption_while_it_starts_is_no_traceback(module: str) -> None:
    code = HOOK.format(module=module, failure="KeyboardInterrupt")
    done = program(code, "check", "yingkou/base")
    assert done.returncode == 130
    assert "Traceback" not in done.stderr


def test_memory_that_is_not_enough_is_told() -> None:
    done = program(HOOK.format(module="sim.cli", failure="MemoryError"), "list")
    assert done.returncode == 2
    assert done.stderr.startswith("The memory is not enough")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
@pytest.mark.parametrize("command", [["list"], ["check", "yingkou/base"], ["schema"], ["--help"]])
def test_a_full_output_is_told(command: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = program(PLAIN, *command, stdout=full)
    assert done.returncode == 2
    assert done.stderr == "the output cannot be written: No space left on device\n"


@pytest.mark.skipif(os.name == "nt", reason="closes a stream as a POSIX shell does")
@pytest.mark.parametrize("command", ["list", "schema", "--help"])
def test_a_closed_output_is_none(command: str) -> None:
    done = program(f"import os; os.close(1)\n{PLAIN}", command)
    assert done.returncode in {0, 2}
    assert "Traceback" not in done.stderr
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-c", PLAIN, command],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (closed.returncode, closed.stderr) == (0, "")


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_request_to_end_ends_it_like_an_interruption(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-c", PLAIN, "run", "textbook/first_come", "-n", "100000", "--engine",
         "simpy", "--store", str(tmp_path / "store")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until = time.monotonic() + 60
    while time.monotonic() < until and len(list(tmp_path.rglob("*.summary.*"))) < 3:
        time.sleep(0.05)
    running.send_signal(signal.SIGTERM)
    output, messages = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "the same command goes on" in messages
    assert "Traceback" not in messages
    assert output  # what was finished is shown
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".")]


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_after_the_end_is_quiet(number: int) -> None:
    """While Python waits for the threads of libraries."""
    ends = (
        "import sys, threading, time\n"
        "from sim.__main__ import main\n"
        "threading.Thread(target=time.sleep, args=(60,)).start()\n"
        "sys.argv = ['sim', '--version']\n"
        "main()\n"
    )
    ending = subprocess.Popen(
        [sys.executable, "-c", ends], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert ending.stdout is not None
    assert ending.stdout.readline()
    time.sleep(0.5)
    ending.send_signal(number)
    _, messages = ending.communicate(timeout=30)
    assert (ending.returncode, messages) == (-number, "")


@pytest.mark.parametrize(
    "arguments",
    [["run", "textbook/mm1", "--store", ""], ["compare", "textbook/mm1", "--variant", ""], [""]],
)
def test_an_empty_argument_is_refused(arguments: list[str], tmp_path: Path) -> None:
    done = program(PLAIN, *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "An argument is empty: ''. Leave it out, or give a value.\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="names are bytes only under POSIX")
def test_a_name_that_is_not_text_is_refused() -> None:
    code = f"import sys; sys.argv[2:] = [chr(0xDCFF) + '.yaml']\n{PLAIN}"
    done = program(code, "check")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "\\udcff.yaml: is not UTF-8; give the file or folder another name.\n"
    with pytest.raises(ScenarioError, match="is not UTF-8"):
        load(Path("\udcff.yaml"))


def test_without_machine_code_the_other_engine_is_named() -> None:
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = program(PLAIN, "run", "textbook/first_come", "-n", "1", env=environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("NUMBA_DISABLE_JIT is set: ")
    more = ("run", "textbook/first_come", "-n", "1", "--engine", "simpy")
    assert program(PLAIN, *more, env=environment).returncode == 0
