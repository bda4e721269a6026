"""Random scenarios about staff: part-time, dated hours, leave, absence, hand-over, rework.

The dates are those of the Spring Festival 2024 in China: holidays from 10 to 17 February, the
Sundays 4 and 18 February are make-up days.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np
from numpy.random import Generator

from sim.scenario import Scenario
from tests.build.stories import scenario

START = dt.date(2024, 1, 29)
DAYS = 42
POOLS = ("p", "q")


def random_office(seed: int) -> Scenario:
    """Return a scenario of one to three kinds of cases and a few officers of different kinds."""
    rng = np.random.default_rng(seed)
    hours = {f"h{n}": _hours(rng) for n in range(rng.integers(1, 4))}
    groups = {f"g{n}": _group(rng, list(hours)) for n in range(rng.integers(1, 5))}
    groups["all"] = _group(rng, list(hours)) | {"serves": list(POOLS), "count": 1}
    rules = ["fifo", "fifo", "priority", "earliest_due", "escalate"]
    types = {f"t{n}": _case_type(rng) for n in range(rng.integers(1, 4))}
    pools: dict[str, Any] = {pool: {"rule": str(rng.choice(rules))} for pool in POOLS}
    if rng.random() < 0.3:  # all of them serve the one pool only, and may take over there
        pools["p"] = {"rule": "fifo", "take_over": True}
        for group in groups.values():  # of speeds with a common unit
            group |= {"serves": ["p"], "speed": float(rng.choice([1.0, 1.25, 0.5]))}
        groups["other"] = _group(rng, list(hours)) | {"serves": ["q"]}
    tree = {
        "name": f"office {seed}",
        "calendar": {"country": "CN"},
        "period": {
            "start": str(START),
            "window": {"from": str(START), "to": _date(20)},
            "run_out": f"{DAYS - 21} cd",
        },
        "hours": hours,
        "pools": pools,
        "staff": groups,
        "case_types": types,
        "limits": {
            name: {"case_type": name, "limit": f"{rng.integers(1, 9)} wd", "clock": "gross_span"}
            for name in types
        },
    }
    return scenario(json.dumps(tree))


def _date(day: int) -> str:
    return str(START + dt.timedelta(days=int(day)))


def _stretch(rng: Generator) -> str:
    opens, closes = sorted(rng.choice(np.arange(7, 22), 2, replace=False))
    return f"{opens}:00-{closes}:30"


def _hours(rng: Generator) -> dict[str, Any]:
    week = {"mon-fri": str(rng.choice(["9:00-17:00", "8:30-12:00 13:00-17:00", _stretch(rng)]))}
    if rng.random() < 0.3:
        week = {"mon": _stretch(rng), "wed-fri": _stretch(rng)}
    if rng.random() < 0.3:
        week["sat"] = _stretch(rng)
    dated = {_date(day): _stretch(rng) for day in rng.choice(DAYS, rng.integers(0, 6))}
    dated |= {_date(day): "closed" for day in rng.choice(DAYS, rng.integers(0, 4))}
    holidays = str(rng.choice(["closed", "closed", "open"]))
    return {"week": week, "holidays": holidays} | ({"except": dated} if dated else {})


def _group(rng: Generator, hours: list[str]) -> dict[str, Any]:
    group: dict[str, Any] = {
        "serves": [str(pool) for pool in rng.permutation(POOLS)[: rng.integers(1, 3)]],
        "count": int(rng.integers(1, 4)),
        "hours": str(rng.choice(hours)),
        "share": float(rng.choice([1.0, 1.0, 0.5, 0.2, 0.35, 0.123456])),
        "speed": float(rng.choice([1.0, 1.0, 1.25, 0.8, 1 / 3])),
        "absence": float(rng.choice([0.0, 0.0, 0.1, 0.4])),
        "closing": str(rng.choice(["pause", "pause", "finish"])),
        "hand_over": bool(rng.random() < 0.8),
    }
    if group["hand_over"]:
        group["rework"] = float(rng.choice([0.0, 0.0, 0.1, 1.0]))
    if rng.random() < 0.4:
        first = rng.integers(0, DAYS - 5)
        dates = {"from": _date(first), "to": _date(first + rng.integers(0, 12))}
        group["leave"] = [{"dates": dates, "officers": 1}]
    if rng.random() < 0.2:
        group["from"] = _date(rng.integers(0, 10))
    if rng.random() < 0.2:
        group["until"] = _date(rng.integers(10, DAYS))
    return group


def _case_type(rng: Generator) -> dict[str, Any]:
    minutes = np.sort(rng.integers(0, 21 * 48, rng.integers(1, 15))) * 30
    midnight = dt.datetime.combine(START, dt.time())
    arrivals = [str(midnight + dt.timedelta(minutes=int(m))) for m in minutes]
    work = ["1 h", "5 h", "14 h", "40 h", {"exponential": "8 h"}]
    steps: dict[str, Any] = {}
    for name in "abc"[: rng.integers(1, 4)]:
        step = {"pool": str(rng.choice(POOLS)), "work": work[rng.integers(len(work))]}
        if steps and rng.random() < 0.7:
            step["after"] = [list(steps)[-1]]
        steps[name] = step
    return {"arrivals": {"at": arrivals}, "priority": int(rng.integers(0, 3)), "steps": steps}
