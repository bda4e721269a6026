"""The program as a process of its own, with whatever it starts."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

SIM = [sys.executable, "-m", "sim"]
ROOT = Path(__file__).parents[2]


def environment(**changes: str | None) -> dict[str, str]:
    """Return the environment with some variables changed, or left out where None."""
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    wanted = {**os.environ, "PYTHONPATH": paths, **changes}
    return {name: value for name, value in wanted.items() if value is not None}


def start(words: Sequence[str], folder: Path, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a command in a session of its own."""
    return subprocess.Popen(
        [*SIM, *words], cwd=folder, env=env, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def in_session(session: int) -> list[int]:
    """Return the processes of a session that are alive, by /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, _, own = stat.read_text().rpartition(")")[2].split()[:4]
            if int(own) == session and state != "Z":
                found.append(int(stat.parent.name))
    return found


def gone_within(session: int, seconds: float) -> bool:
    """Tell whether all processes of a session end within some seconds."""
    deadline = time.monotonic() + seconds
    while in_session(session):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
