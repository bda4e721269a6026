"""The commands `record` and `run`; see `tests.mutation`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from tests.mutation import trials
from tests.mutation.calls import FILE, OF_EACH, ROOT, read
from tests.mutation.faults import Fault, faults_in

FOLDER = ROOT / "build" / "mutation"
FOUND = FOLDER / "found.json"
SMALL = ["tests/unit", "tests/trace", "tests/engines", "tests/streams"]
"""Tests that kernels are seen by even as Python."""


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    commands = parser.add_subparsers(required=True)
    record = commands.add_parser("record", help="note which lines each test executes")
    record.add_argument("tests", nargs="*")
    record.add_argument("--of-each", type=int, default=2, help="parameters of a test, at most")
    record.set_defaults(do=_record)
    run = commands.add_parser("run", help="plant faults, and tell which are not noticed")
    run.add_argument("places", nargs="*", default=["sim"], help="files or folders of the program")
    run.add_argument("--count", type=int, default=100)
    run.add_argument("--first", type=int, default=0, help="leave out so many faults")
    run.add_argument("--seed", type=int, default=1)
    run.add_argument("--seconds", type=float, default=40, help="of the tests of one fault, at most")
    run.add_argument("--modules", action="store_true", help="outside of functions, too: slow")
    run.add_argument("--anew", action="store_true", help="what is not noticed, in a new process")
    run.set_defaults(do=_run)
    for command in (record, run):
        command.add_argument("--kernels", action="store_true", help="machine code, as Python")
    options = parser.parse_args()
    options.do(options)


def _record(options: argparse.Namespace) -> None:
    plugins = ["-p", "tests.mutation.calls"]
    if options.kernels:
        plugins += ["-p", "tests.mutation.kernels"]
    tests = options.tests or (SMALL if options.kernels else ["tests"])
    env = {**os.environ, FILE: str(_lines(options)), OF_EACH: str(options.of_each)}
    command = [sys.executable, "-m", "pytest", *trials.PYTEST, *plugins, *tests]
    raise SystemExit(subprocess.run(command, cwd=ROOT, env=env, check=False).returncode)


def _lines(options: argparse.Namespace) -> Path:
    return FOLDER / ("lines-of-kernels.jsonl" if options.kernels else "lines.jsonl")


def _run(options: argparse.Namespace) -> None:
    trials.run(
        _chosen(options),
        trials.Record(read(_lines(options))),
        FOUND,
        seconds=options.seconds,
        anew=options.anew,
        kernels=options.kernels,
    )


def _chosen(options: argparse.Namespace) -> list[Fault]:
    """Choose faults: as many in each room, at random places in it."""
    rooms: dict[str, list[Fault]] = {}
    for place in options.places:
        path = ROOT / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if (file.name == "kernel.py") is options.kernels:
                name = file.relative_to(ROOT).as_posix()
                faults = (f for f in faults_in(file, name) if options.modules or f.function[0])
                rooms.setdefault(name.split("/")[1], []).extend(faults)
    rng = np.random.default_rng(options.seed)
    order = [[faults[n] for n in rng.permutation(len(faults))] for faults in rooms.values()]
    turns = [
        faults[turn]
        for turn in range(max(map(len, order)))
        for faults in order
        if turn < len(faults)
    ]
    return turns[options.first : options.first + options.count]


if __name__ == "__main__":
    main()
