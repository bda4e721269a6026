"""`sim run` of every kind of bad file ends soon and in little memory."""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from numpy.random import Generator
from ruamel.yaml import YAML
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.scenario.files.reading import _SIGNS, MAX_KEYS, MAX_SIGNS
from tests.build.attacks import attacks, garbled, kept
from tests.build.bad_files import CASES, MATTERS, STEPS

pytestmark = [
    pytest.mark.campaign,
    pytest.mark.skipif(
        not Path("/proc/self/clear_refs").exists(), reason="memory is read from Linux"
    ),
]
MOST_S, MOST_MB = 5, 1000
"""Processor time, without the start of the program, and memory."""
HOSTILE = (
    b"a: " + b"[" * 200_000,
    b"a: " + b"9" * 400_000,
    b"".join(b"k%d: &k%d {x: 1}\n" % (n, n) for n in range(20_000)),
    b"a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
    + b"".join(
        b"a%d: &a%d [%s]\n" % (n, n, b",".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 9)
    ),
    STEPS.encode() + b"x" * 50_000_000,
    b"name: " + b"\xff\xfe" * 200_000,
    STEPS.encode() + b"".join(b"k%d: 1\n" % n for n in range(30_000)),
    STEPS.replace("count: 2", "count: 1000000000").encode(),
    STEPS.replace("4 h}", "0.000001 s}").encode(),
    STEPS.replace("30 cd", "1000000000 cd").encode(),
    MATTERS.replace("volume: 100", "volume: 1e15").encode(),
)
"""Files that would take long, or much memory, if they were believed."""
BASE = Path(sim.__file__).parents[1] / "scenarios" / "yingkou" / "base.yaml"
TINY = (1, None, {})


def cost(file: Path) -> tuple[int, float, float]:
    """Return exit code, processor time and memory (MB) of `sim run FILE`, in a fork."""
    child = os.fork()
    if child == 0:
        told = b"70 0 0"
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
            Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
            before = resource.getrusage(resource.RUSAGE_SELF)
            done = CliRunner().invoke(app, ["run", str(file), "-n", "1"])
            after = resource.getrusage(resource.RUSAGE_SELF)
            peak = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
            code = done.exit_code if isinstance(done.exception, SystemExit | None) else 70
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            told = f"{code} {spent} {int(peak) / 1000}".encode()
        finally:
            file.with_suffix(".told").write_bytes(told)
            os._exit(0)
    _, status = os.waitpid(child, 0)
    if status != 0:  # ended by its limit
        return 1, 60.0, 0.0
    code, spent_s, peak = file.with_suffix(".told").read_text().split()
    return int(code), float(spent_s), float(peak)


def places(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the mappings and lists of a scenario that stand in mappings."""
    if isinstance(value, dict | list):
        yield path, value
    for key, child in value.items() if isinstance(value, dict) else ():
        yield from places(child, (*path, str(key)))


def grown(rng: Generator, base: dict[str, Any]) -> bytes:
    """Return a file over base in which one mapping or list has as much as a file may have."""
    known = [*places(base)]
    path, value = known[rng.integers(len(known))]
    entries = [*(value.values() if isinstance(value, dict) else value)]
    entry = [*TINY, *entries[:1]][rng.integers(3 + bool(entries))]
    signs = len(_SIGNS.findall(json.dumps(entry, default=str))) + 2
    many = (MAX_SIGNS - 500) // signs
    grown: Any = [entry] * many
    if isinstance(value, dict):
        grown = {f"further{n}": entry for n in range(min(many, MAX_KEYS - len(value)))}
    for key in path[::-1]:
        grown = {key: grown}
    return json.dumps({**grown, "extends": "yingkou/base"}, default=str).encode()


def test_bad_input_ends_soon(tmp_path: Path) -> None:
    file, worst_s, worst_mb = tmp_path / "bad.yaml", 0.0, 0.0
    texts = [case.text if isinstance(case.text, bytes) else case.text.encode() for case in CASES]
    hand_made = [*HOSTILE, *texts]
    base = YAML(typ="safe").load(BASE.read_text("utf-8"))
    CliRunner().invoke(app, ["check", "textbook/mm1"])  # loads what all forks then share
    for number, (name, rng) in enumerate(attacks("bad input")):
        known = number < len(hand_made)
        if known:
            content = hand_made[number]
        elif number % 2:
            content = grown(rng, base)
        else:
            content = garbled(rng, texts[rng.integers(len(texts))])
        file.write_bytes(content)
        code, spent_s, peak_mb = cost(file)
        told = f"{name}: exit code {code}, {spent_s:.1f} s, {peak_mb:.0f} MB"
        # What is no mistake is simulated, which takes as long as it takes.
        if code not in {0, 2} or (code == 2 and (spent_s > MOST_S or peak_mb > MOST_MB)):
            pytest.fail(f"{told}: {kept(name, content, '.yaml')}")
        if code == 2:
            worst_s, worst_mb = max(worst_s, spent_s), max(worst_mb, peak_mb)
    print(f"at most {worst_s:.1f} s of this processor and {worst_mb:.0f} MB")
