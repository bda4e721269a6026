"""Commands ended at random instants: nothing half written, nobody left, the same bytes after."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.build.attacks import attacks
from tests.build.commands import write_small
from tests.build.processes import environment, gone_within, in_session, start

pytestmark = [
    pytest.mark.campaign,
    pytest.mark.skipif(
        not Path("/proc/self/stat").exists(), reason="processes are read from Linux"
    ),
]
SMALL, MORE = "small2.yaml", ("--seed", "3", "--store", "store", "--out", "out")
COMMANDS = {
    "run": ("run", SMALL, "-n", "40", "-j", "2", *MORE),
    "run until decided": ("run", SMALL, "--max-replications", "60", *MORE),
    "compare": ("compare", SMALL, "--variant", "staff.clerks.count=3", "-n", "10", *MORE),
    "sweep": ("sweep", SMALL, "--over", "staff.clerks.count=1,2,3", "-n", "5", *MORE),
    "load-curve": ("load-curve", SMALL, "-n", "5", *MORE),
    "staff": ("staff", SMALL, "-n", "5", *MORE),
    "promise": ("promise", SMALL, "-n", "10", *MORE),
    "check": ("check", SMALL),
    "records": ("records", "example", "out"),
}
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
LONGEST_S = 600
ENDS_WITHIN_S = 60
"""Seconds in which a command ends that was asked to; on a busy machine."""


def written(folder: Path) -> dict[str, bytes] | None:
    """Return name → content of what a command wrote; None: nothing."""
    out = folder / "out"
    if not out.exists():
        return None
    return {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}


def completed(name: str, folder: Path) -> tuple[float, int, dict[str, bytes] | None]:
    """Run a command to its end; return its seconds, its exit code, and what it wrote."""
    begun = time.monotonic()
    process = start(COMMANDS[name], folder, environment())
    _, messages = process.communicate(timeout=LONGEST_S)
    assert b"Traceback" not in messages, messages.decode()
    return time.monotonic() - begun, process.returncode, written(folder)


def test_kills(tmp_path: Path) -> None:
    whole: dict[str, tuple[float, int, dict[str, bytes] | None]] = {}
    for name, rng in attacks("kills"):
        command = list(COMMANDS)[rng.integers(len(COMMANDS))]
        folder = tmp_path / f"{name.rpartition(' ')[2]}"
        folder.mkdir()
        write_small(folder, 2)
        if command not in whole:
            first = tmp_path / command
            first.mkdir()
            write_small(first, 2)
            whole[command] = completed(command, first)
        seconds, code, expected = whole[command]
        kind, wait_s = SIGNALS[rng.integers(3)], float(rng.uniform(0, 1.1 * seconds))
        told = f"{name}: {command}, {kind.name} after {wait_s:.2f} s"
        _end(command, folder, kind, wait_s, code, told)
        if (early := written(folder)) is not None:
            assert early == expected, f"{told}: half written"
            continue
        assert completed(command, folder)[1:] == (code, expected), f"{told}: other bytes"


def _end(
    command: str, folder: Path, kind: signal.Signals, wait_s: float, code: int, told: str
) -> None:
    """Start a command and end it; check what it leaves."""
    process = start(COMMANDS[command], folder, environment())
    time.sleep(wait_s)
    # Ctrl-C reaches all processes of a terminal; others, the one that was meant.
    (os.killpg if kind is signal.SIGINT else os.kill)(process.pid, kind)
    try:
        _, messages = process.communicate(timeout=ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        left = [f"{n} {Path(f'/proc/{n}/cmdline').read_bytes()!r}" for n in in_session(process.pid)]
        os.killpg(process.pid, signal.SIGKILL)
        pytest.fail(f"{told}: goes on after {ENDS_WITHIN_S} s: {left}")
    assert b"Traceback" not in messages, f"{told}: {messages.decode()}"
    allowed = {code, 130, -kind} if wait_s < 0.5 else {code, 130, -signal.SIGKILL}
    assert process.returncode in allowed, f"{told}: {process.returncode}, {messages.decode()}"
    assert gone_within(process.pid, 10), f"{told}: left {in_session(process.pid)}"
    if kind is not signal.SIGKILL:
        remains = [str(path) for path in folder.rglob(".*.part*")]
        assert not remains, f"{told}: {remains}"
