"""`sim run` of every kind of bad file ends soon and in little memory."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from tests.build.attacks import attacks, garbled, kept
from tests.build.bad_files import CASES, MATTERS, STEPS

pytestmark = [
    pytest.mark.campaign,
    pytest.mark.skipif(
        not Path("/proc/self/clear_refs").exists(), reason="memory is read from Linux"
    ),
]
MOST_S, MOST_MB = 10, 1000
"""Processor time and memory (with that of the program itself) of bad input. A machine with nothing
else to do takes half of the time."""
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


def test_bad_input_ends_soon(tmp_path: Path) -> None:
    file, worst_s, worst_mb = tmp_path / "bad.yaml", 0.0, 0.0
    texts = [case.text if isinstance(case.text, bytes) else case.text.encode() for case in CASES]
    hand_made = [*HOSTILE, *texts]
    CliRunner().invoke(app, ["check", "textbook/mm1"])  # loads what all forks then share
    for number, (name, rng) in enumerate(attacks("bad input")):
        known = number < len(hand_made)
        content = hand_made[number] if known else garbled(rng, texts[rng.integers(len(texts))])
        file.write_bytes(content)
        code, spent_s, peak_mb = cost(file)
        told = f"{name}: exit code {code}, {spent_s:.1f} s, {peak_mb:.0f} MB"
        if code not in {0, 2} or spent_s > MOST_S or peak_mb > MOST_MB:
            pytest.fail(f"{told}: {kept(name, content, '.yaml')}")
        if code == 2:
            worst_s, worst_mb = max(worst_s, spent_s), max(worst_mb, peak_mb)
    print(f"at most {worst_s:.1f} s of this processor and {worst_mb:.0f} MB")
