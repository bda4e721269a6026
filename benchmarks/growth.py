"""One replication of the benchmark process made large, in a process of its own: time and memory.

`python growth.py WEEKS PEOPLE`: arrivals in so many weeks, with so many times the cases and
officers. Prints a JSON object. The memory of the engine alone is that of a fork, which begins
without the garbage of the drawing; input and output count.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from tools import replicate, scenario_of

from sim.engine.compiled import simulate
from sim.replications.model import Model
from sim.replications.worker_process import reuse

STEADY_ITEMS = 2_000_000
"""Smaller sizes are repeated, so that each size sees about as many items."""
FEWEST = 2
"""Timed replications, after a first one that pays for fresh memory."""


def memory(now: bool = False) -> int:
    """Return the most bytes that this process has held so far, or holds now."""
    status = Path("/proc/self/status")
    if not status.exists():
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # of macOS: bytes, never less
    # Not `ru_maxrss`: on Linux it begins with what the process that started this one holds.
    key = "VmRSS:" if now else "VmHWM:"
    line = next(x for x in status.read_text().splitlines() if x.startswith(key))
    return int(line.split()[1]) * 1024


def nbytes(record: Any) -> int:
    """Return the bytes of a dataclass's arrays."""
    values = (getattr(record, each.name) for each in fields(record))
    return sum(value.nbytes for value in values if isinstance(value, np.ndarray))


def engine_memory(model: Model) -> int:
    """Return the most bytes that the engine needs: its input, its own and its output."""
    demand, supply = model.demand.draw(1, 0), model.supply.draw(1, 0)
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        before = memory(now=True)
        simulate(demand.workload, supply, model.horizon_s)
        os.write(into, str(memory() - before).encode())
        os._exit(0)
    os.waitpid(child, 0)
    return int(os.read(out, 32)) + nbytes(demand.workload)


def main(weeks: int, people: int) -> None:
    """Measure, and print what was found, per item."""
    reuse()  # as `sim.run` does
    replicate(Model(scenario_of()), 0, whole=True)  # compiled, imported
    model = Model(scenario_of(weeks, people))
    before = memory(now=True)
    first = replicate(model, 0, whole=True)[0]
    whole = (memory() - before) / first.items
    more = max(FEWEST, min(STEADY_ITEMS // first.items, 20))
    runs = [replicate(model, number, whole=True)[0] for number in range(1, more + 1)]
    seconds = {
        name: float(np.median([run.parts[name] / run.items for run in runs]))
        for name in first.parts
    }
    engine = engine_memory(model) / first.items
    print(json.dumps({"items": first.items, "seconds": seconds, "engine": engine, "whole": whole}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
