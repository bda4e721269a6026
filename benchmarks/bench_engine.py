"""A replication on the SimPy engine against a hand-written SimPy model: the ratios of their times.

`python benchmarks/bench_engine.py`; see `benchmarks/README.md`.
"""

from __future__ import annotations

import argparse
import gc
import platform
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import handwritten
import numpy as np
from numpy.typing import NDArray

import sim
from sim.engine import DELAY, OPEN, Supply, Workload
from sim.engine.simpy_engine import simulate
from sim.experiments.model import Model, Replication
from sim.experiments.summary import read_limits, summarise_replication
from sim.measures.checks import run_checks

BASE = Path(__file__).parent.parent / "scenarios" / "yingkou" / "base.yaml"
LIMIT = 1.3
AGREES = 0.05
"""Largest difference of a mean that counts as agreement."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


# --- timing ----------------------------------------------------------------------------------


def timed(action: Callable[[], Any], *, collect: bool) -> float:
    """Return the seconds of one call; it begins without garbage."""
    gc.collect()
    if not collect:
        gc.disable()
    begin = time.perf_counter()
    action()
    seconds = time.perf_counter() - begin
    gc.enable()
    return seconds


def pairs(
    make: Callable[[int], tuple[Callable[[], Any], Callable[[], Any]]], n: int, *, collect: bool
) -> Floats:
    """Return [n, 2] seconds of A and B, run in turn on replications 1 … n, after one warm-up."""
    times = []
    for number in range(n + 1):
        a, b = make(number)
        times.append([timed(a, collect=collect), timed(b, collect=collect)])
    return np.array(times[1:])


def ratio_line(name: str, times: Floats) -> float:
    """Print one comparison; return the median ratio of the pairs."""
    ratios = np.sort(times[:, 0] / times[:, 1])
    ours, theirs = np.median(times, axis=0) * 1e3
    middle = float(np.median(ratios))
    print(
        f"  {name:<38} {ours:7.0f} ms {theirs:9.0f} ms   {middle:5.2f}"
        f"   ({ratios[0]:.2f} to {ratios[-1]:.2f})"
    )
    return middle


# --- what is compared ------------------------------------------------------------------------


def engine_alone(model: Model, number: int, *, by_branch: bool) -> tuple[Any, Any]:
    """Return our engine and the hand-written simulation, on the same cases and officers."""
    workload, supply = draw(model, number)
    given = handwritten.inputs_of(workload, supply, by_branch=by_branch)
    return (
        lambda: simulate(workload, supply, model.horizon_s),
        lambda: handwritten.simulate(**given, horizon=model.horizon_s),
    )


def whole(model: Model, number: int, *, simulate_only: bool) -> tuple[Any, Any]:
    """Return a whole replication of ours, and drawing plus hand-written simulation.

    `simulate_only`: ours without measures and checks too, which the hand-written model lacks.
    """
    given = handwritten.inputs_of(*draw(model, number))
    seed = model.scenario.run.seed

    def ours() -> None:
        replication = model.replicate(seed, number)
        if not simulate_only:
            summarise_replication(model, replication, read_limits(model, replication))

    def theirs() -> None:
        draw(model, number)
        handwritten.simulate(**given, horizon=model.horizon_s)

    return ours, theirs


def draw(model: Model, number: int) -> tuple[Workload, Supply]:
    """Draw one replication, as `Model.replicate` does."""
    seed = model.scenario.run.seed
    return model.demand.draw(seed, number).workload, model.supply.draw(seed, number)


# --- where a replication's time goes ---------------------------------------------------------


def phases(model: Model, n: int, *, collect: bool) -> dict[str, float]:
    """Return the median milliseconds of each part of a whole replication."""
    seed = model.scenario.run.seed
    table = [_phases_of(model, seed, number, collect=collect) for number in range(n + 1)][1:]
    return {name: statistics.median(row[name] for row in table) for name in table[0]}


def _phases_of(model: Model, seed: int, number: int, *, collect: bool) -> dict[str, float]:
    spent: dict[str, float] = {}

    def part(name: str, action: Callable[[], Any]) -> Any:
        kept: list[Any] = []
        spent[name] = timed(lambda: kept.append(action()), collect=collect) * 1e3
        return kept[0]

    demand = part("draw", lambda: model.demand.draw(seed, number))
    supply = part("supply", lambda: model.supply.draw(seed, number))
    schedule = part("engine", lambda: simulate(demand.workload, supply, model.horizon_s))
    replication = Replication(seed, number, demand, supply, schedule)
    limits = part("clocks and limits", lambda: read_limits(model, replication))
    part("measures", lambda: summarise_replication(model, replication, limits))
    readings = [limit.readings for limit in limits]
    part("checks", lambda: run_checks(demand, supply, schedule, model.horizon_s, readings))
    spent["measures"] -= spent["checks"]  # the summary holds the checks
    return spent


# --- agreement -------------------------------------------------------------------------------


def agreement(model: Model, n: int) -> bool:
    """Print how far the hand-written model agrees with the engine, over n replications.

    Ties are broken differently, and one item that goes before the week-end instead of after it
    moves the mean of a small pool by several percent. Hence the ± (95 %, from the differences of
    the replications), and the verdict is about the means over many items.
    """
    rows: dict[str, list[tuple[int, float, float]]] = {}
    same = []
    for number in range(n):
        replication = model.replicate(model.scenario.run.seed, number)
        workload = replication.demand.workload
        given = handwritten.inputs_of(workload, replication.supply)
        record = handwritten.simulate(**given, horizon=model.horizon_s)
        ready, start, end = (np.array(x) for x in (record.ready, record.start, record.end))
        _sojourns(rows, model, replication, end)
        same.append(_waits(rows, model, replication, ready, start))
    print(
        f"\nAgreement, {n} replications: mean hours, hand-written beside engine\n"
        f"  {'':<24}{'number':>8}{'engine':>10}{'by hand':>10}{'difference':>13}"
    )
    agrees = True
    for name, row in rows.items():
        difference = _agreement_line(name, np.array(row))
        if not name.startswith("  wait"):
            agrees &= abs(difference) <= AGREES
    print(f"  work items that start at the same second: {np.mean(same):.0%}")
    print(
        f"  {'agrees' if agrees else 'DOES NOT AGREE'}: sojourns and the mean wait"
        f" within {AGREES:.0%} (single pools: see their ±)"
    )
    return agrees


def _sojourns(rows: dict[str, list[Any]], model: Model, of: Replication, end: Ints) -> None:
    workload = of.demand.workload
    last = [np.maximum.reduceat(x, workload.first_item[:-1]) for x in (of.schedule.end, end)]
    ended = np.ones(len(workload.arrival_s), bool)
    for x in (of.schedule.end, end):
        ended &= np.minimum.reduceat(x, workload.first_item[:-1]) != OPEN
    for kind, name in enumerate(model.process.case_types):
        those = ended & workload.measured & (of.demand.case_type == kind)
        ours, theirs = ((x - workload.arrival_s)[those].mean() / 3600 for x in last)
        rows.setdefault(f"sojourn {name}", []).append((int(those.sum()), ours, theirs))


def _waits(
    rows: dict[str, list[Any]], model: Model, of: Replication, ready: Ints, start: Ints
) -> float:
    pool, schedule = of.demand.workload.pool, of.schedule
    begun = (pool != DELAY) & (schedule.start != OPEN) & (start != OPEN)
    ours, theirs = (schedule.start - schedule.ready) / 3600, (start - ready) / 3600
    rows.setdefault("mean wait", []).append(
        (int(begun.sum()), ours[begun].mean(), theirs[begun].mean())
    )
    for p in np.unique(pool[begun]):
        of_pool = begun & (pool == p)
        row = (int(of_pool.sum()), ours[of_pool].mean(), theirs[of_pool].mean())
        rows.setdefault(f"  wait {model.pools.names[p]}", []).append(row)
    return float((start == schedule.start)[begun].mean())


def _agreement_line(name: str, row: Floats) -> float:
    from scipy.stats import t as student

    weight, ours, theirs = row[:, 0], row[:, 1], row[:, 2]
    a, b = np.average(ours, weights=weight), np.average(theirs, weights=weight)
    n, noise = len(row), ""
    if n > 1:
        half = student.ppf(0.975, n - 1) * np.std(theirs - ours, ddof=1) / n**0.5
        noise = f" ± {half / a:.1%}"
    print(f"  {name:<24}{weight.sum():>8.0f}{a:>10.2f}{b:>10.2f}{b / a - 1:>+12.1%}{noise}")
    return float(b / a - 1)


# --- the command -----------------------------------------------------------------------------


def main() -> int:
    """Run the benchmark; the exit code is 0 if it passes."""
    options = _options()
    model = Model(sim.load(BASE))
    collect = not options.no_gc
    print(
        f"base, seed {model.scenario.run.seed}; Python {platform.python_version()}, SimPy"
        f" {version('simpy')}, NumPy {version('numpy')}; garbage collection"
        f" {'on' if collect else 'off'}; {options.pairs} pairs A B A B, medians"
    )
    agrees = agreement(model, options.agreement)

    def compare(name: str, make: Callable[..., Any], **how: bool) -> float:
        n = options.pairs
        return ratio_line(name, pairs(lambda k: make(model, k, **how), n, collect=collect))

    print(f"\n  {'A / B':<38} {'A: ours':>10} {'B: by hand':>12}   {'A/B':>5}   (lowest, highest)")
    alone = compare("(1) engine / simulation", engine_alone, by_branch=True)
    full = compare("(2) whole replication / draw + sim.", whole, simulate_only=False)
    print("  for comparison:")
    compare("    draw + engine / draw + simulation", whole, simulate_only=True)
    compare("    engine / a process per step", engine_alone, by_branch=False)
    passes = {"(1)": alone <= LIMIT, "(2)": full <= LIMIT}
    verdicts = ", ".join(f"{name} {'pass' if ok else 'FAIL'}" for name, ok in passes.items())
    print(f"  limit {LIMIT}: {verdicts}")

    _print_phases(model, options.pairs, collect=collect)
    return 0 if agrees and all(passes.values()) else 1


def _print_phases(model: Model, n: int, *, collect: bool) -> None:
    ms = phases(model, n, collect=collect)
    total = sum(ms.values())
    replications = [model.replicate(model.scenario.run.seed, number) for number in range(1, n + 1)]
    drawn = statistics.median(len(each.schedule.end) for each in replications)
    ended = statistics.median(int((each.schedule.end != OPEN).sum()) for each in replications)
    print(f"\nA whole replication: {total:.0f} ms; {drawn:.0f} items drawn, {ended:.0f} simulated")
    for name, value in ms.items():
        print(f"  {name:<18} {value:7.1f} ms  {value / total:6.1%}")
    print(
        f"  {ms['engine'] * 1e3 / ended:.1f} µs per simulated item in the engine,"
        f" {total * 1e3 / ended:.1f} µs in all"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=11, help="pairs per comparison (11)")
    parser.add_argument("--agreement", type=int, default=3, help="replications compared (3)")
    parser.add_argument("--no-gc", action="store_true", help="switch garbage collection off")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
