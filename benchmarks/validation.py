"""How often `sim validate` rejects what is right, and finds what is wrong, in invented cities.

    python -m benchmarks.validation [CITIES] [truth] [wrong] [fitted]

Each city has a volume, staff, work, corrections and refusals of its own
(`tests/build/fitted_city.py`), and records of one to three years, of states alone. Its last six
months are compared with 99 replications of the true scenario, of one that is fitted to the months
before, and of true ones with a single error: 30 % less load, an officer more than there is, or half
the work. Fits take most of the time; words choose what is tried.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import sys
import time
from collections import defaultdict
from typing import Final

import sim
from sim.records.register import Register, table
from sim.scenario import Scenario
from tests.build.fitted_city import random_city, register_of_city

REPLICATIONS: Final = 99
TRIED: Final = ("truth", "wrong", "fitted")
SEED: Final = 77
"""Another one than that of the records."""


def recorded(scenario: Scenario, number: int) -> tuple[Register, dt.date, dt.date]:
    """Return the states that a city recorded, and the dates of its last six months."""
    register = register_of_city(scenario, number)
    last = scenario.period.window.last
    states = dataclasses.replace(register, steps=table("steps"), courses=table("courses"))
    return states, dt.date(last.year, 7, 1), last


def wrong(scenario: Scenario) -> dict[str, Scenario]:
    """Return scenarios with a single error."""
    work = "case_types.project.matters"
    families = (("LAND.review.handle", "gamma"), ("WORKS.decision", "lognormal"))
    means = [
        scenario.case_types["project"].matters["LAND"].review["handle"].work.mean_s,
        scenario.case_types["project"].matters["WORKS"].decision.work.mean_s,
    ]
    halved = [
        f"{work}.{path}.work.{family}.mean={mean / 7200} h"
        for (path, family), mean in zip(families, means, strict=True)
    ]
    more = f"staff.planners.count={scenario.staff['planners'].count + 1}"
    settings = {
        "30 % more load than told": ["case_types.project.arrivals.factor=0.769"],
        "an officer less than told": [more],
        "twice the work that is told": halved,
    }
    return {name: sim.vary(scenario, settings=of) for name, of in settings.items()}


def compared(number: int, *, tried: set[str]) -> dict[str, sim.Validation]:
    """Return the validations of one city, by what is told of it."""
    scenario, _ = random_city(number)
    register, start, last = recorded(scenario, number)
    told: dict[str, Scenario | None] = {}
    told |= {"the truth": scenario} if "truth" in tried else {}
    told |= wrong(scenario) if "wrong" in tried else {}
    told |= {"fitted": None} if "fitted" in tried else {}
    return {
        name: sim.validate(
            register, one, start=start, to=last, replications=REPLICATIONS, seed=SEED, jobs=1
        )
        for name, one in told.items()
    }


def covered(found: sim.Validation) -> tuple[int, int, int, int]:
    """Return how many shares on time, and counts, of single months lie inside; and how many are.

    Shares that every simulation has alike, mostly of 100 %, are left out: they tell nothing.
    """
    months = [row for row in found.comparison_rows if row.period]
    shares = [r for r in months if r.kind == "on_time" and r.simulated.low < r.simulated.high]
    counts = [row for row in months if row.kind != "on_time"]
    inside, among = (sum(row.inside for row in of) for of in (shares, counts))
    return inside, len(shares), among, len(counts)


def main(cities: int, *, tried: set[str]) -> None:
    """Print for each scenario how often it is rejected, and how many months are covered."""
    rejected: dict[str, list[bool]] = defaultdict(list)
    months: dict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
    begin = time.process_time()
    print(f"{'scenario':30} {'rejected':>10}   inside 80 % intervals: shares on time, counts")
    for number in range(cities):
        for name, found in compared(number, tried=tried).items():
            rejected[name].append(not found.fits)
            months[name].append(covered(found))
            print(f"{number} {name}: {found!r} {covered(found)}", file=sys.stderr)
        print(f"{number + 1} of {cities}: {time.process_time() - begin:.0f} s", file=sys.stderr)
    for name, of in rejected.items():
        inside, shares, among, counts = (sum(column) for column in zip(*months[name], strict=True))
        print(
            f"{name:30} {sum(of):>4} of {len(of)}   "
            f"{inside} of {shares} ({inside / max(shares, 1):.0%}), "
            f"{among} of {counts} ({among / max(counts, 1):.0%})"
        )


if __name__ == "__main__":
    words = set(sys.argv[1:])
    cities = next((int(word) for word in words if word.isdigit()), 20)
    main(cities, tried=words & set(TRIED) or set(TRIED))
