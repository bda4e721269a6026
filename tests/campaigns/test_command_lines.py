"""Command lines at random: each ends with an answer or a message, and with a stated exit code."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest
import typer.main
from numpy.random import Generator
from typer.testing import CliRunner

from sim.cli import app
from tests.build.attacks import HangError, at_most, attacks, kept
from tests.build.commands import write_small

pytestmark = pytest.mark.campaign
VALUES = (
    *("0", "1", "2", "-1", "1e3", "nan", "999999999999", "", " ", "x", "0.5", "95", "100 %"),
    *("true", "en", "zh", "csv", "parquet", "a=b", "staff.clerks.count=3", "staff.clerks.count"),
    *("staff.clerks.count=0", "staff.clerks.count=1,2,3", "limits.same_day.limit=2 wd"),
    *("one: staff.clerks.count=3", ":", ";;", "=", "../x", "/dev/null", "small2.yaml", "clerks"),
    *("clerk", "same_day", "paper-1", "2024-01-01", "2024-02-30", "1:3", "1:1e9", "名称", "--"),
    *("yingkou/lean", "no/such", "out", "out.html", "store"),
)
WITHOUT = {"--cluster", "--engine", "--replications", "-n", "--help", "--jobs"}
"""Options that only cost time here, or are given in any case."""
LONGEST_S = 120
"""Processor time of one command."""
CODES = {0, 1, 2}


def commands(group: click.Group, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], list[str]]:
    """Return every command with its options."""
    found: dict[tuple[str, ...], list[str]] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= commands(command, (*path, name))
        else:
            found[*path, name] = [
                option
                for parameter in command.params
                for option in (*parameter.opts, *parameter.secondary_opts)
                if option.startswith("-") and option not in WITHOUT
            ]
    return found


def line(rng: Generator, options: dict[tuple[str, ...], list[str]]) -> list[str]:
    """Return a command line: a command, mostly with a scenario, and some options with values."""
    names = list(options)
    command = names[rng.integers(len(names))]
    words = [*command]
    if rng.random() < 0.9:
        words.append("small2.yaml")
    for _ in range(int(rng.integers(0, 4))):
        own = options[command]
        if own and rng.random() < 0.9:
            words.append(own[rng.integers(len(own))])
        if rng.random() < 0.8:
            words.append(VALUES[rng.integers(len(VALUES))])
    count = ["--replications", "2"] if command[0] not in NO_COUNT else []
    return [*words, *count] if rng.random() < 0.95 else words[: rng.integers(len(words) + 1)]


NO_COUNT = {"list", "check", "schema", "show", "new", "report", "records"}


def test_command_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = commands(typer.main.get_command(app))
    for name, rng in attacks("command lines"):
        folder = tmp_path / name.rpartition(" ")[2]
        folder.mkdir()
        monkeypatch.chdir(folder)
        write_small(folder, 2)
        words = line(rng, options)
        try:
            with at_most(LONGEST_S):
                done = CliRunner().invoke(app, words)
        except HangError as error:
            pytest.fail(f"{name}: {shlex.join(words)}: {error}")
        fault = done.exception
        # `sim.__main__` makes a message of these; another exception is a fault of the program.
        if fault is not None and not isinstance(fault, SystemExit | OSError):
            path = kept(name, shlex.join(words).encode(), ".txt")
            raise AssertionError(f"{name}: {shlex.join(words)}, kept in {path}") from fault
        assert done.exit_code in CODES or isinstance(fault, OSError), f"{name}: {words}"
        remains = [str(path) for path in folder.rglob("*.part")]
        assert not remains, f"{name}: {shlex.join(words)} left {remains}"
