"""How often `sim validate` rejects what is right, and finds what is wrong, in invented cities.

    python -m benchmarks.validation [CITIES] [--what-if]

Each city has a volume, staff, work, corrections and refusals of its own
(`tests/build/fitted_city.py`), and records of one to three years, of states alone. Its last six
months are compared with 99 replications of the true scenario, of one that is fitted to the months
before, and of true ones with a single error: 30 % less load, an officer more than there is, or half
the work. With --what-if, a fitted scenario is asked for the share on time with 20 % more load, an
officer less, and counters instead of one window; the truth is known.
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
SEED: Final = 77
"""Another one than that of the records."""
NEAR: Final = 0.03
"""Points by which a predicted share on time may miss the truth."""
WHAT_IF: Final = {
    "20 % more load": ("case_types.project.arrivals.factor=1.2",),
    "an officer less": (),
    "one window off": ("handling.one_window=false",),
}


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


def compared(number: int) -> dict[str, sim.Validation]:
    """Return the validations of one city, by what is told of it."""
    scenario, _ = random_city(number)
    register, start, last = recorded(scenario, number)
    told: dict[str, Scenario | None] = {"the truth": scenario, "fitted": None, **wrong(scenario)}
    return {
        name: sim.validate(
            register, one, start=start, to=last, replications=REPLICATIONS, seed=SEED, jobs=1
        )
        for name, one in told.items()
    }


def predicted(number: int) -> dict[str, tuple[float, float, float, float]]:
    """Return what-if → true share on time, predicted share, and its interval with doubt.

    The limit is the time that 85 % of the true city's cases keep, as it is.
    """
    scenario, _ = random_city(number)
    register, start, _ = recorded(scenario, number)
    fitted = sim.fit(register, until=start - dt.timedelta(days=1)).scenario
    period = "period={start: 2021-01-05, window: {from: 2021-04-01, to: 2021-12-31}}"
    limit = "limits={{all: {{case_type: project, limit: {} wd, clock: gross_span}}}}"
    wide = sim.vary(scenario, settings=[period, limit.format(999)])
    base = sim.run(wide, replications=20, seed=1, jobs=1, keep="cases")
    days = base.cases["gross_span"].quantile(0.85)
    common = [period, limit.format(int(days))]
    found = {}
    for name, settings in WHAT_IF.items():
        shares = []
        for one, doubt in ((scenario, False), (fitted, True)):
            own = list(settings)
            if name == "an officer less":
                busy = max(one.staff, key=lambda group: one.staff[group].count)
                own = [f"staff.{busy}.count={max(one.staff[busy].count - 1, 1)}"]
            changed = sim.vary(one, settings=[*common, *own])
            made = sim.run(changed, replications=20, seed=2, jobs=1, uncertain=doubt, keep="limits")
            yearly = sorted(s.on_time_share for s in made.verdict_shares("all"))
            shares.append((sum(yearly) / len(yearly), yearly[1], yearly[-2]))
        found[name] = (shares[0][0], *shares[1])
    return found


def main(cities: int, *, what_if: bool) -> None:
    """Print for each scenario how often it is rejected, and how many months are covered."""
    rejected: dict[str, list[bool]] = defaultdict(list)
    months: dict[str, list[tuple[int, int]]] = defaultdict(list)
    begin = time.process_time()
    for number in range(cities):
        for name, found in compared(number).items():
            rejected[name].append(not found.fits)
            months[name].append(found.coverage)
        print(
            f"{number + 1} of {cities} after {time.process_time() - begin:.0f} s: "
            + ", ".join(f"{name} {sum(of)}" for name, of in rejected.items()),
            file=sys.stderr,
        )
    print(f"{'scenario':30} {'rejected':>12}  months in their 80 % intervals")
    for name, of in rejected.items():
        inside, count = (sum(column) for column in zip(*months[name], strict=True))
        share = f"{sum(of)} of {len(of)}"
        print(f"{name:30} {share:>12}  {inside} of {count} ({inside / count:.0%})")


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    main(int(words[0]) if words else 20, what_if="--what-if" in sys.argv)
