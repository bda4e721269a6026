"""How fast it is, beside its peers, in one run: `python benchmarks/bench.py`; see the README."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from datetime import date
from importlib.metadata import PackageNotFoundError, version

import prosimos_model
import rows
import tools
from agreement import CONFIDENCE, Difference, differences, outside, verdict
from process import process_of

import sim
from sim.replications.model import Model
from sim.replications.worker_process import reuse

MORE_RUNS = 50
"""Runs of ours with which each peer's are compared; more narrow its interval no further."""

Agreements = dict[str, tuple[int, dict[str, Difference]]]
"""Peer → how many runs of it, and its differences."""


def main() -> int:
    """Measure everything; the exit code is 1 if a peer finds something else."""
    options = _options()
    reuse()  # as `sim.run` does
    size = rows.QUICK if options.quick else rows.FULL
    weeks = 5 if options.quick else 50
    table: list[rows.Row] = []
    agreements: Agreements = {}

    parallel = tools.scenario_of(weeks)
    process = process_of(parallel)
    model = Model(parallel)
    ours = tools.ours(model, process)
    in_sequence = tools.ours(Model(tools.scenario_of(weeks, overrides=["in_sequence"])), process)

    _tell("engines")
    base = Model(sim.load(tools.BASE))
    table.append(rows.engines("benchmark process", model, 60, size))
    table.append(rows.engines("base scenario", base, None, size))
    with tools.in_prosimos(process, install=not options.quick) as prosimos:
        for name, mine, theirs, target in (
            ("Prosimos", ours, prosimos, 150),
            ("hand-written SimPy", ours, tools.by_hand(process), 15),
            ("Ciw (departments in sequence, ours too)", in_sequence, tools.in_ciw(process), 40),
        ):
            _tell(name)
            row, (a, b) = rows.peer(name, mine, theirs, target, size)
            table.append(row)
            if b:
                a += [mine(number) for number in range(size.pairs + 1, MORE_RUNS)]
                agreements[name] = len(b), differences(a, b)
    _tell("base scenario")
    table += [rows.base_items(size), rows.whole(base, size)]
    _tell("growth")
    table += rows.growth(size)
    _tell("two cores, command")
    table += [rows.two_cores(size), rows.command(size), *rows.starts(size)]
    _tell("questions")
    table += rows.questions(size)

    print(page(table, agreements) if options.markdown else text(table, agreements))
    agree = not any(outside(found, n) for n, found in agreements.values())
    return 0 if agree else 1


def text(table: list[rows.Row], agreements: Agreements) -> str:
    """Return the results for a terminal."""
    lines = [machine(), ""]
    for row in table:
        lines += [f"{_meets(row):<4} {row.what}: {row.found}   [{row.target}]"]
        lines += [f"     {row.bound}"] if row.bound else []
    lines += ["", "Both engines: the same integers in every replication."]
    for name, (n, found) in agreements.items():
        lines += ["", f"{name}, {n} runs: {verdict(found, n)}."]
        lines += [f"  {measure:<20} {_difference(each)}" for measure, each in found.items()]
    return "\n".join(lines)


def page(table: list[rows.Row], agreements: Agreements) -> str:
    """Return `docs/explanation/benchmarks.md`."""
    lines = [
        "# Benchmarks",
        "",
        "Written by `python benchmarks/bench.py --markdown`; what is compared, and how, is in",
        "[benchmarks/README.md](../benchmarks/README.md). Ratios are medians of pairs, with the",
        "lowest and the highest.",
        "",
        machine(),
        "",
        "| what | target | found | meets it | where the time goes |",
        "|---|---|---|---|---|",
        *(
            f"| {row.what} | {row.target} | {row.found} | {_meets(row)} | {row.bound} |"
            for row in table
        ),
        "",
        "## Agreement",
        "",
        "Both engines returned the same integers in every replication. The peers draw their own",
        "numbers, so intervals tell: by how much a peer's mean is above ours, ± a half-width such",
        f"that all intervals of one peer hold at {CONFIDENCE:.0%} together. Times are hours of",
        "office time; `use` is the share of the officers' time.",
    ]
    for name, (n, found) in agreements.items():
        lines += [
            "",
            f"{name}, {n} runs: {verdict(found, n)}.",
            "",
            "| mean | ours | the peer's above it |",
        ]
        lines += ["|---|---|---|"]
        lines += [
            f"| {measure} | {each.ours:.3f} | {each.above:+.3f} ± {each.half_width:.3f} |"
            for measure, each in found.items()
        ]
    return "\n".join(lines)


def machine() -> str:
    """Return when, on what and with which versions, in general terms."""
    packages = {name: _version(name) for name in ("numpy", "numba", "simpy", "ciw")}
    versions = ", ".join(f"{name} {v}" for name, v in packages.items() if v)
    if prosimos_model.PYTHON.exists():
        versions += f", prosimos {prosimos_model.VERSION}"
    return (
        f"{date.today()}, {os.cpu_count()} cores, {_processor()}, {platform.system()}, Python"
        f" {platform.python_version()}, {versions}."
    )


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    """Return the family of the processor, as Linux tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123
            found = [line.partition(":")[2].strip() for line in file if "model name" in line]
    except OSError:
        found = []
    return found[0] if found else platform.machine()


def _meets(row: rows.Row) -> str:
    return "–" if row.meets is None else "yes" if row.meets else "no"


def _difference(each: Difference) -> str:
    return f"{each.ours:8.3f}  {each.above:+.3f} ± {each.half_width:.3f}"


def _tell(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small: only that everything runs")
    parser.add_argument(
        "--markdown", action="store_true", help="print docs/explanation/benchmarks.md"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
