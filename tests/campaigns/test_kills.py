"""Commands ended at random instants: nothing half written, nobody left, the same bytes after."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from sim.cli import app
from tests.build import commands
from tests.build.attacks import attacks
from tests.build.processes import environment, gone_within, in_session, start

pytestmark = [
    pytest.mark.campaign,
    pytest.mark.skipif(
        not Path("/proc/self/stat").exists(), reason="processes are read from Linux"
    ),
]
SMALL, LEDGER, REGISTER, SAVED = "small2.yaml", "ledger.csv", "register", "saved"
NETWORK, STEPS = "network.yaml", ((1, "receive"), (3, "decide"))
MORE = ("--seed", "3", "--store", "store", "--out", "out")
COMMANDS: dict[str, tuple[str, ...]] = {
    "run": ("run", SMALL, "-n", "40", "-j", "2", *MORE),
    "run until decided": ("run", SMALL, "--max-replications", "60", *MORE),
    "run with events": ("run", SMALL, "-n", "2", "--events", "out"),
    "run with a page": ("run", SMALL, "-n", "2", "--report", "out.html"),
    "run with a workbook": ("run", SMALL, "-n", "2", "--out", "out.xlsx"),
    "compare": ("compare", SMALL, "--variant", "staff.clerks.count=3", "-n", "10", *MORE),
    "reforms": ("reforms", SMALL, "-n", "5", *MORE),
    "sweep": ("sweep", SMALL, "--vary", "staff.clerks.count=1,2,3", "-n", "5", *MORE),
    "load-curve": ("load-curve", SMALL, "-n", "5", *MORE),
    "staff": ("staff", SMALL, "-n", "5", *MORE),
    "promise": ("promise", SMALL, "-n", "10", *MORE),
    "sensitivity": ("sensitivity", SMALL, "-n", "5", *MORE),
    "forecast": ("forecast", SMALL, REGISTER, "-n", "20", "--out", "out"),
    "validate": (
        "validate", "yingkou/base", LEDGER, "--from", "2020-11-01", "-n", "99", "--out", "out",
    ),
    "report": ("report", SAVED, "-o", "out.html"),
    "fit": ("fit", LEDGER, "-o", "out.yaml"),
    "new": ("new", "out.yaml"),
    "new workbook": ("new", "out.xlsx"),
    "check": ("check", SMALL),
    "show": ("show", SMALL),
    "schema": ("schema",),
    "list": ("list",),
    "records read": ("records", "read", LEDGER, "-o", "out"),
    "records judge": ("records", "judge", LEDGER, "--report", "out.html"),
    "records example": ("records", "example", "out"),
    "records simulate": ("records", "simulate", NETWORK, "-o", "out.csv"),
}  # fmt: skip
INTERRUPTED = 130
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
LONGEST_S = 600
ENDS_WITHIN_S = 60
"""Seconds in which a command ends that was asked to; on a busy machine."""


LEDGER_ROWS = 300


def written(folder: Path, command: str) -> dict[str, bytes] | None:
    """Return name → content of what a command wrote; None: nothing.

    A register has names that are hashed with a new key each time: no content is returned.
    """
    out = [path for path in folder.glob("out*") for path in (path, *path.rglob("*"))]
    files = {str(path.relative_to(folder)): path.read_bytes() for path in out if path.is_file()}
    if command == "records read":
        files = dict.fromkeys(files, b"")
    return files if out else None


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the commands read."""
    folder = tmp_path_factory.mktemp("desk")
    small = commands.write_small(folder, 2)
    ranged = "volume: {value: 2500, source: assumed, range: [2000, 3000]}"
    small.write_text(small.read_text("utf-8").replace("volume: 2500", ranged), "utf-8")
    log = [f"{n},{step},ann,2024-01-{n + 1:02} 09:{k}0" for n in range(28) for k, step in STEPS]
    (folder / "log.csv").write_text("\n".join(["case,activity,resource,end", *log]), "utf-8")
    for words in (
        ("run", small, "-n", "1", "--events", folder / REGISTER),
        ("fit", folder / "log.csv", "-o", folder / NETWORK),
        ("run", small, "-n", "2", "--out", folder / SAVED),
        ("records", "example", folder / "example"),
    ):
        code, _, messages = commands.command(*words)
        assert code == 0, messages
    ledger = (folder / "example" / LEDGER).read_bytes().splitlines(keepends=True)
    (folder / LEDGER).write_bytes(b"".join(ledger[:LEDGER_ROWS]))
    shutil.rmtree(folder / "example")
    return folder


def _names(group: Any) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command of a group."""
    for name, one in group.commands.items():
        if one.hidden:
            continue
        within = _names(one) if hasattr(one, "commands") else [()]
        yield from ((name, *words) for words in within)


def test_every_command_is_killed() -> None:
    known = set(_names(typer.main.get_group(app)))
    assert known == {words[: len(name)] for words in COMMANDS.values() for name in known} & known


def completed(name: str, folder: Path) -> tuple[float, int, dict[str, bytes] | None]:
    """Run a command to its end; return its seconds, its exit code, and what it wrote."""
    begun = time.monotonic()
    process = start(COMMANDS[name], folder, environment())
    _, messages = process.communicate(timeout=LONGEST_S)
    assert b"Traceback" not in messages, messages.decode()
    return time.monotonic() - begun, process.returncode, written(folder, name)


def test_kills(tmp_path: Path, desk: Path) -> None:
    whole: dict[str, tuple[float, int, dict[str, bytes] | None]] = {}
    for name, rng in attacks("kills"):
        command = list(COMMANDS)[rng.integers(len(COMMANDS))]
        folder = tmp_path / f"{name.rpartition(' ')[2]}"
        if command not in whole:
            first = shutil.copytree(desk, tmp_path / command)
            whole[command] = completed(command, first)
            assert whole[command][1] in {0, 1}, f"{command}: refused"
        shutil.copytree(desk, folder)
        seconds, code, expected = whole[command]
        kind, wait_s = SIGNALS[rng.integers(3)], float(rng.uniform(0, 1.1 * seconds))
        told = f"{name}: {command}, {kind.name} after {wait_s:.2f} s"
        ended = _end(command, folder, kind, wait_s, code, told)
        if (early := written(folder, command)) is not None:
            if early == expected:
                continue
            # A run that is asked to end writes what is finished, and says so.
            assert ended == INTERRUPTED, f"{told}: half written"
            assert COMMANDS[command][0] == "run", f"{told}: half written"
            _remove(folder)
        assert completed(command, folder)[1:] == (code, expected), f"{told}: other bytes"


def _remove(folder: Path) -> None:
    """Remove what a command wrote."""
    for path in folder.glob("out*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _end(
    command: str, folder: Path, kind: signal.Signals, wait_s: float, code: int, told: str
) -> int:
    """Start a command and end it; check what it leaves, and return its exit code."""
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
    # -kind: before Python has a handler, or when it has none any more. -SIGINT: Python ends so
    # after an interruption within text that it evaluated, as it does to make a dataclass; a shell
    # tells 130 of it, too.
    assert process.returncode in {code, INTERRUPTED, -kind, -signal.SIGINT}, (
        f"{told}: {process.returncode}, {messages.decode()}"
    )
    assert gone_within(process.pid, 10), f"{told}: left {in_session(process.pid)}"
    if kind is not signal.SIGKILL:
        remains = [str(path) for path in folder.rglob(".*.part*")]
        assert not remains, f"{told}: {remains}"
    return process.returncode
