"""The rows of the table: each measures something, and says what it found and what bounds it."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from process import Run
from tools import BASE, HERE, Tool, pairs, replicate, timed

import sim
from sim.engine import compiled, simpy_engine
from sim.engine.contract import OPEN
from sim.replications.model import Model


@dataclass(frozen=True)
class Row:
    """One row of the table."""

    what: str
    target: str
    found: str
    meets: bool | None
    """None: there is no target, or it was not measured."""
    bound: str = ""
    """Where the time goes."""


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    pairs: int
    growth: tuple[tuple[int, int], ...]
    """(weeks, people) of the smallest and the largest sizes; see `growth.py`."""
    replications: tuple[int, int, int]
    """On two cores; in the long and in the short run of the command."""
    starts: int
    """Second starts of the command; with more than one, also a first start, which compiles."""


FULL = Size(16, ((17, 3), (1750, 3), (50, 105)), (64, 100, 10), 5)
QUICK = Size(2, ((2, 3), (17, 3), (5, 10)), (4, 4, 2), 1)


def middle(ratios: Iterable[float], unit: str = "×") -> tuple[float, str]:
    """Return the median of some ratios, and how to print it."""
    low, *_, high = ordered = sorted(ratios)
    median = statistics.median(ordered)
    return median, f"{median:.3g} {unit} ({low:.3g}–{high:.3g})"


def shares(runs: list[Run]) -> str:
    """Return which part of a run took which share of its time."""
    total = sum(run.seconds for run in runs)
    return ", ".join(
        f"{name} {sum(run.parts[name] for run in runs) / total:.0%}" for name in runs[0].parts
    )


def engines(name: str, model: Model, target: float | None, size: Size) -> Row:
    """Compare the two engines on the same workloads; raises if their integers differ."""
    seconds = []
    for number in range(size.pairs + 1):
        seed = model.scenario.run.seed
        workload = model.demand.draw(seed, number).workload
        supply, until = model.supply.draw(seed, number), model.horizon_s
        a, fast = timed(lambda: compiled.simulate(workload, supply, until))  # noqa: B023
        b, reference = timed(lambda: simpy_engine.simulate(workload, supply, until))  # noqa: B023
        for column in ("ready", "start", "end", "officer", "stopped_s"):
            if not np.array_equal(getattr(fast, column), getattr(reference, column)):
                raise AssertionError(f"{name}, replication {number}: the engines differ")
        seconds.append((a, b, int((fast.end != OPEN).sum())))
    median, found = middle(b / a for a, b, _ in seconds[1:])
    per_item = [statistics.median(row[k] / row[2] for row in seconds[1:]) for k in (0, 1)]
    bound = "µs per item: {:.2f} compiled, {:.2f} SimPy".format(*(x * 1e6 for x in per_item))
    what = f"Compiled engine alone, against the SimPy engine, {name}"
    if target is None:
        return Row(what, "reported", found, None, bound)
    return Row(what, f"{target:g} ×", found, median >= target, bound)


def peer(name: str, ours: Tool, theirs: Tool | None, target: float, size: Size) -> tuple[Row, Any]:
    """Compare whole replications with a peer's; return the row and both sides' runs."""
    what = f"Drawing, engine, clocks and limits, against {name}"
    if theirs is None:
        return Row(what, f"{target:g} ×", "not installed: skipped", None), ([], [])
    runs = pairs(ours, theirs, size.pairs)
    mine, others = [a for a, _ in runs], [b for _, b in runs]
    median, found = middle((b.seconds / b.cases) / (a.seconds / a.cases) for a, b in runs)
    ms = [statistics.median(run.seconds for run in side) * 1e3 for side in (mine, others)]
    bound = f"{ms[0]:,.0f} ms against {ms[1]:,.0f} ms; ours: {shares(mine)}"
    return Row(what, f"{target:g} ×", found, median >= target, bound), (mine, others)


def base_items(size: Size) -> Row:
    """Compare the engine's speed on base with the drawing of its items, ours and a bare one."""
    model = Model(sim.load(BASE))
    rng = np.random.default_rng(1)
    rates = []
    for number in range(size.pairs + 1):
        run, replication = replicate(model, number)
        ended = int((replication.schedule.end != OPEN).sum())
        bare, _ = timed(lambda: rng.lognormal(size=run.items))  # noqa: B023
        rates.append(
            (ended / run.parts["engine"], run.items / run.parts["drawing"], run.items / bare, run)
        )
    rates = rates[1:]
    engine, drawing, bare = (statistics.median(rate[k] for rate in rates) / 1e6 for k in range(3))
    _, against = middle(rate[0] / rate[1] for rate in rates)
    found = (
        f"{engine:.1f} M items/s in the engine, {drawing:.1f} M/s drawn ({against} as fast);"
        f" one lognormal number each by NumPy: {bare:.0f} M/s"
    )
    bound = shares([rate[3] for rate in rates])
    return Row("Items per second in the engine, base scenario", "reported", found, None, bound)


def whole(model: Model, size: Size) -> Row:
    """Compare a whole replication, as `sim run` makes it, with its engine, and tell its parts."""
    runs = [replicate(model, number, whole=True)[0] for number in range(size.pairs + 1)][1:]
    _, found = middle(run.seconds / run.parts["engine"] for run in runs)
    ms = statistics.median(run.seconds for run in runs) * 1e3
    what = "Whole replication against its engine, base scenario"
    return Row(what, "reported", found, None, f"{ms:.1f} ms: {shares(runs)}")


def starts(size: Size) -> list[Row]:
    """Measure the processor time of the command for one replication, compiled before or not."""
    words = [*_SIM, "run", str(BASE), "--replications", "1"]

    def start(**environment: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        inherited = os.environ | environment
        subprocess.run(words, check=True, capture_output=True, env=inherited)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    start()  # compiles, if nothing did before
    second, found = middle((start() for _ in range(size.starts + 1)), "s")
    rows = [Row(f"{_ONE_RUN}, second start", "0.9 s", found, second <= 0.9)]
    if size.starts > 1:
        with tempfile.TemporaryDirectory() as empty:
            first = start(NUMBA_CACHE_DIR=empty)
        rows.append(Row(f"{_ONE_RUN}, first start: compiles", "reported", f"{first:.1f} s", None))
    return rows


_ONE_RUN = "Processor time of `sim run` base `--replications 1`"


def questions(size: Size) -> list[Row]:
    """Measure the seconds on the wall of each question on base, from the prompt to its answer."""
    if size.starts == 1:
        return []
    rows = []
    for words, target in QUESTIONS:
        command = [*_SIM, *words.split(" ")]

        def ask(command: list[str] = command) -> float:
            return timed(
                lambda: subprocess.run(command, check=False, capture_output=True), time.perf_counter
            )[0]

        first = ask()  # compiles, if nothing did before
        median, found = middle([first] if first > LONG_S else [ask() for _ in range(3)], "s")
        row = Row(f"`sim {words}`, two cores", f"{target:g} s", found, median <= target)
        rows.append(_unless_busy(row))
    return rows


QUESTIONS = (
    ("run yingkou/base", 5),
    ("staff yingkou/base", 8),
    ("load-curve yingkou/base", 6),
    ("sensitivity yingkou/base -n 20", 10),
    ("reforms yingkou/base", 3),
    ("promise yingkou/base", 10),
)
"""Commands, and the seconds that they may take."""
LONG_S = 60
"""Seconds of a question that is asked once."""
_SIM = [sys.executable, "-c", "import sys; from sim.__main__ import main; sys.exit(main())"]


def growth(size: Size) -> list[Row]:
    """Compare the time per item of small and large workloads, and tell the peak of memory."""
    small, *large = (_measure_growth(*each) for each in size.growth)
    rows = []
    for direction, found in zip(("longer", "more officers"), large, strict=True):
        parts = {name: found["seconds"][name] / each for name, each in small["seconds"].items()}
        sums = [sum(each["seconds"].values()) for each in (small, found)]
        what = f"From {small['items']:,} to {found['items']:,} items, {direction}: "
        per_item = ", ".join(f"{name} × {ratio:.2f}" for name, ratio in parts.items())
        for name, ratio, key in (
            ("engine alone", parts["engine"], "engine"),
            ("whole replication", sums[1] / sums[0], "whole"),
        ):
            rows.append(
                Row(
                    what + name,
                    "time per item × 1.5, 200 B per item",
                    f"× {ratio:.2f}, {found[key]:.0f} B",
                    ratio < 1.5 and found[key] < 200,
                    per_item if key == "whole" else "",
                )
            )
    return rows


def _measure_growth(weeks: int, people: int) -> dict[str, Any]:
    command = [sys.executable, str(HERE / "growth.py"), str(weeks), str(people)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def two_cores(size: Size) -> Row:
    """Compare two processes with one."""
    n = size.replications[0]
    what = f"Two cores against one, {n} replications of base"
    if os.cpu_count() == 1:
        return Row(what, "1.7 ×", "one core only: skipped", None)
    scenario = sim.load(BASE)

    def run(jobs: int) -> float:
        return timed(
            lambda: sim.run(scenario, replications=n, jobs=jobs, keep="summary"), time.perf_counter
        )[0]

    median, found, seconds = _alternately(lambda: run(1), lambda: run(2), size)
    bound = f"{seconds[0]:.2f} s against {seconds[1]:.2f} s"
    return _unless_busy(Row(what, "1.7 ×", found, median >= 1.7, bound))


def command(size: Size) -> Row:
    """Compare a long with a short run of the command, each a process of its own."""
    _, many, few = size.replications

    def run(replications: int) -> float:
        words = [*_SIM, "run", str(BASE), "--replications", str(replications)]
        return timed(
            lambda: subprocess.run(words, check=True, capture_output=True), time.perf_counter
        )[0]

    median, found, seconds = _alternately(lambda: run(many), lambda: run(few), size)
    bound = f"{seconds[0]:.2f} s, {seconds[1]:.2f} s with {few}; a replication more takes "
    bound += f"{(seconds[0] - seconds[1]) / (many - few) * 1e3:.0f} ms"
    what = f"`sim run` base `--replications {many}`, the whole process, against {few}"
    return _unless_busy(Row(what, "below 3 ×", found, median < 3, bound))


def _alternately(
    a: Callable[[], float], b: Callable[[], float], size: Size
) -> tuple[float, str, list[float]]:
    """Run A B A B after a warm-up: the ratio A / B, printed, and the median seconds of each."""
    times = [(a(), b()) for _ in range(min(size.pairs, 5) + 1)][1:]
    medians = [statistics.median(row[k] for row in times) for k in (0, 1)]
    return *middle(long / short for long, short in times), medians


def _unless_busy(row: Row) -> Row:
    """Withdraw a verdict by the clock on the wall if others have used this machine's cores."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1  # of the last minute; two are our own
    if load <= max(cores, 2) + 0.5:
        return row
    return replace(
        row, meets=None, bound=f"{row.bound}; not judged: load {load:.1f} on {cores} cores"
    )
