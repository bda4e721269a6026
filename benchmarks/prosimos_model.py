"""The benchmark process in Prosimos (BPMN, calendars), run in an environment of its own.

Prosimos needs pandas below 3, so it cannot share an environment with the versions with which this
project is tested. `Prosimos` makes a virtual environment beside this file, once, and starts this
file in it: a process that runs one simulation for each line that it reads, and times it itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import redirect_stdout
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from process import (
    DEPARTMENTS,
    LAST_STEPS,
    OPENS_S,
    Process,
    Run,
    calendar_s,
    clock,
    measures,
    working_s,
)

VERSION = "2.1.0"
HOME = Path(__file__).parent / ".prosimos"
PYTHON = HOME / ("Scripts" if sys.platform == "win32" else "bin") / "python"


# --- here ------------------------------------------------------------------------------------


class Prosimos:
    """A Prosimos that waits for work."""

    def __init__(self, process: Process) -> None:
        self._child = subprocess.Popen(
            [str(PYTHON), __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._process = process

    def run(self, seed: int) -> Run:
        """Simulate all cases once."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        print(json.dumps([asdict(self._process), seed]), file=self._child.stdin, flush=True)
        return Run(**json.loads(self._child.stdout.readline()))

    def close(self) -> None:
        """Let the process end."""
        assert self._child.stdin is not None
        self._child.stdin.close()
        self._child.wait()


def install() -> None:
    """Make the environment of Prosimos; raises `CalledProcessError` if it cannot be had."""
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(HOME)], check=True)
    try:
        subprocess.run(
            [str(PYTHON), "-m", "pip", "install", "--quiet", f"prosimos=={VERSION}"], check=True
        )
    except subprocess.CalledProcessError:
        PYTHON.unlink()  # an environment without Prosimos is none
        raise


# --- there -----------------------------------------------------------------------------------


def serve() -> None:
    """Run one simulation for each line of the input, and answer with a line."""
    answers = sys.stdout
    for line in sys.stdin:
        numbers, seed = json.loads(line)
        with redirect_stdout(sys.stderr):
            run = simulate(Process(**numbers), seed)
        print(json.dumps(asdict(run)), file=answers, flush=True)


def simulate(process: Process, seed: int) -> Run:
    """Time one simulation, with the drawing of its arrivals."""
    import gc
    import random

    import numpy as np
    from prosimos.simulation_engine import run_simulation

    np.random.seed(seed)  # noqa: NPY002 - it is what Prosimos draws from
    random.seed(seed)
    with TemporaryDirectory() as folder:
        bpmn, parameters = Path(folder) / "process.bpmn", Path(folder) / "process.json"
        bpmn.write_text(_bpmn(process))
        parameters.write_text(json.dumps(_parameters(process)))
        gc.collect()
        begin = clock()
        # It would let a gap that ends after closing time end at the next opening, and so one case
        # more arrive every morning; so it is given the arrivals.
        gaps = np.random.exponential(process.gap_s, process.cases)  # noqa: NPY002
        arrivals = (calendar_s(np.cumsum(gaps)) - OPENS_S).tolist()
        done = run_simulation(
            str(bpmn),
            str(parameters),
            process.cases,
            starting_at="2024-01-01T09:00:00.000000+00:00",
            fixed_arrival_times=arrivals,
        )
        seconds = clock() - begin
    traces = [trace.event_list for trace in done.log_info.trace_list]
    items = [item for trace in traces for item in trace]
    times = np.array([(each.enabled_at, each.started_at, each.completed_at) for each in items])
    ends = [max(each.completed_at for each in trace) for trace in traces]
    cases = np.column_stack([arrivals, ends])
    pool = [process.steps[each.task_id][0] for each in items]
    found = measures(process, pool, working_s(times + OPENS_S), working_s(cases + OPENS_S))
    return Run(seconds, process.cases, len(items), found)


def _bpmn(process: Process) -> str:
    """Return the process as BPMN: two exclusive gateways for the loop, two parallel ones."""
    arcs = [("begin", "intake"), ("intake", "again"), ("again", "check"), ("check", "complete")]
    arcs += [("complete", "notice"), ("notice", "again"), ("complete", "split")]
    arcs += [arc for name in DEPARTMENTS for arc in (("split", name), (name, "join"))]
    path = ("join", *LAST_STEPS, "end")
    arcs += pairwise(path)
    kinds = {"begin": "startEvent", "end": "endEvent"}
    kinds |= dict.fromkeys(("again", "complete"), "exclusiveGateway")
    kinds |= dict.fromkeys(("split", "join"), "parallelGateway")
    kinds |= dict.fromkeys(process.steps, "task")
    nodes = "".join(f'<{kind} id="{name}" name="{name}"/>' for name, kind in kinds.items())
    flows = "".join(
        f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in arcs
    )
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
        f'<process id="permit">{nodes}{flows}</process></definitions>'
    )


def _parameters(process: Process) -> dict[str, object]:
    """Return the rest: who works when, and how long it takes."""
    hours = {"from": "MONDAY", "to": "FRIDAY", "beginTime": "09:00:00", "endTime": "17:00:00"}
    officers = {
        pool: [f"{pool}_{number}" for number in range(count)]
        for pool, count in process.officers.items()
    }
    about = {"cost_per_hour": 0, "amount": 1, "calendar": "office"}
    return {
        "resource_profiles": [
            {
                "id": pool,
                "name": pool,
                "resource_list": [{"id": who, "name": who, **about} for who in names],
            }
            for pool, names in officers.items()
        ],
        "resource_calendars": [{"id": "office", "name": "office", "time_periods": [hours]}],
        "arrival_time_calendar": [hours],
        "arrival_time_distribution": _exponential(process.gap_s),
        "gateway_branching_probabilities": [
            {
                "gateway_id": "complete",
                "probabilities": [
                    {"path_id": "complete-notice", "value": process.sent_back},
                    {"path_id": "complete-split", "value": 1 - process.sent_back},
                ],
            }
        ],
        "task_resource_distribution": [
            {
                "task_id": step,
                "resources": [{"resource_id": who, **_exponential(mean)} for who in officers[pool]],
            }
            for step, (pool, mean) in process.steps.items()
        ],
    }


def _exponential(mean: float) -> dict[str, object]:
    bounds = [mean, 0.0, 1e9]  # mean, least, most
    return {
        "distribution_name": "expon",
        "distribution_params": [{"value": value} for value in bounds],
    }


if __name__ == "__main__":
    serve()
