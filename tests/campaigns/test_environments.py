"""Environments at random: locale, encoding, umask, homes that cannot be written, closed outputs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from numpy.random import Generator

from tests.build.attacks import attacks
from tests.build.commands import write_small
from tests.build.processes import SIM, environment

pytestmark = pytest.mark.campaign
COMMANDS = (
    ("list",),
    ("--help",),
    ("schema",),
    ("check", "small2.yaml"),
    ("check", "窗口.yaml"),
    ("show", "small2.yaml", "--lang", "zh"),
    ("run", "small2.yaml", "-n", "2", "--out", "out"),
    ("run", "窗口.yaml", "-n", "2", "--lang", "zh", "--report", "报告.html"),
    ("new", "made.yaml"),
    ("run", "no-such-file.yaml"),
)
VARIABLES: dict[str, tuple[str | None, ...]] = {
    "LC_ALL": ("C", "POSIX", "C.UTF-8", "zh_CN.GB18030", "xx_XX", "", None),
    "LANG": ("C", "zh_CN.UTF-8", None),
    "PYTHONIOENCODING": ("ascii", "gbk", "utf-16", "latin-1:strict", None),
    "PYTHONUTF8": ("0", "1", None),
    "HOME": ("/nonexistent", "/proc", "", None),
    "TMPDIR": ("/nonexistent", None),
    "MPLCONFIGDIR": ("/nonexistent/mpl", None),
    "NUMBA_CACHE_DIR": ("/proc/numba", os.environ.get("NUMBA_CACHE_DIR")),
    "XDG_CACHE_HOME": ("/proc/cache", None),
    "TERM": ("dumb", "xterm-256color", "", None),
    "COLUMNS": ("1", "0", "-5", "x", "100000", None),
    "NO_COLOR": ("1", None),
    "FORCE_COLOR": ("1", None),
    "PYTHONWARNINGS": ("error", None),
    "OMP_NUM_THREADS": ("1", "x", None),
    "TZ": ("Asia/Shanghai", "no/where", None),
}
OUTPUTS = ("pipe", "pipe", "pipe", "closed", "full", "broken")
CODES = {0, 1, 2, 130}
LONGEST_S = 300


def random_environment(rng: Generator) -> dict[str, str | None]:
    """Return one to five changes; the machine code is mostly kept, since compiling takes long."""
    names = rng.choice(list(VARIABLES), int(rng.integers(1, 6)), replace=False)
    chosen = {str(name): VARIABLES[name][rng.integers(len(VARIABLES[name]))] for name in names}
    if rng.random() < 0.9:
        chosen.pop("NUMBA_CACHE_DIR", None)
    return chosen


def run(words: tuple[str, ...], folder: Path, env: dict[str, str], output: str, umask: int) -> Any:
    """Run a command whose standard output is a pipe, closed, full, or a pipe that nobody reads."""

    def before() -> None:
        os.umask(umask)
        if output == "closed":
            os.close(1)

    read, write = os.pipe() if output == "broken" else (None, None)
    if read is not None:
        os.close(read)
    try:
        stdout = Path("/dev/full").open("wb") if output == "full" else write or subprocess.PIPE  # noqa: SIM115
        return subprocess.run(
            [*SIM, *words], cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=stdout,
            stderr=subprocess.PIPE, preexec_fn=before, timeout=LONGEST_S, check=False,
        )  # fmt: skip
    finally:
        if write is not None:
            os.close(write)
        if output == "full":
            stdout.close()


def test_environments(tmp_path: Path) -> None:
    for name, rng in attacks("environments"):
        folder = tmp_path / name.rpartition(" ")[2]
        folder.mkdir()
        write_small(folder, 2).with_name("窗口.yaml").write_bytes(
            (folder / "small2.yaml").read_bytes()
        )
        words = COMMANDS[rng.integers(len(COMMANDS))]
        changes, output = random_environment(rng), OUTPUTS[rng.integers(len(OUTPUTS))]
        umask = int(rng.choice([0o022, 0o077, 0o000, 0o027]))
        done = run(words, folder, environment(**changes), output, umask)
        said = done.stderr.decode(errors="replace")
        told = f"{name}: {words}, {changes}, {output}, umask {umask:03o}: {done.returncode}, {said}"
        assert done.returncode in CODES, told
        assert "Traceback" not in said, told
        assert "fault of the program" not in said, told
        _modes(folder, umask, told)


def _modes(folder: Path, umask: int, told: str) -> None:
    """Who may read what was written is as the umask says."""
    for path in folder.rglob("*"):
        if path.name in {"small2.yaml", "窗口.yaml"}:
            continue
        wanted = (0o777 if path.is_dir() else 0o666) & ~umask
        assert path.stat().st_mode & 0o777 == wanted, f"{path}: {told}"
