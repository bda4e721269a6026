"""An invented city with known values, and the registers that it would have kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

import sim
from sim.records.register import Register
from sim.records.simulated import register_of
from sim.replications.model import Model
from sim.scenario import Scenario

CITY = """
name: Known
period: {start: 2021-01-04, window: {from: 2021-01-04, to: 2022-06-30}, run_out: 120 cd}
hours:
  office: {week: {mon-fri: "8:30-12:00 13:30-17:30"}}
  leader: {week: {mon-fri: "10:30-11:30 16:00-17:00"}}
departments: {hall: {}, plan: {}, build: {}}
pools:
  hall: {department: hall}
  planners: {department: plan}
  chief: {department: plan}
  builders: {department: build}
staff:
  hall: {serves: [hall], count: 2, hours: office}
  planners: {serves: [planners], count: 3, hours: office}
  chief: {serves: [chief], count: 1, hours: leader}
  builders: {serves: [builders], count: 2, hours: office}
case_types:
  project:
    arrivals: {yearly: {volume: 500, day_to_day_cv: 0.5}}
    attributes:
      zone: {shares: {east: 0.3, west: 0.7}}
      big: {shares: {"yes": 0.4, "no": 0.6}}
    window:
      pool: hall
      transfer_out: {gamma: {mean: 0.5 wd, cv: 0.5}}
      transfer_back: 0 min
    trip: 1 wd
    stages: {land: {lead: plan, budget: 10 wd}, works: {lead: build}}
    matter_defaults:
      intake: 0 min
      check: {lognormal: {mean: 40 min, cv: 0.6}}
    matters:
      LAND:
        label: {en: Land permit, zh: 用地许可}
        department: plan
        stage: land
        promised: 10 wd
        correction:
          probability: 0.25
          again: 0.1
          turnaround: {lognormal: {mean: 5 wd, cv: 0.8}}
          withdrawal: 0.05
        review: {handle: {pool: planners, work: {gamma: {mean: 8 h, cv: 0.6}}}}
        review_correction: {probability: 0.1, turnaround: {lognormal: {mean: 4 wd, cv: 0.8}}}
        special: {expert: {probability: 0.2, delay: {gamma: {mean: 6 wd, cv: 0.4}}}}
        decision: {pool: chief, work: {gamma: {mean: 30 min, cv: 0.4}}}
      PUB:
        department: plan
        stage: land
        requires: [LAND]
        at_window: false
        publicity: {legal: 7 cd}
      WORKS:
        department: build
        stage: works
        requires: [PUB]
        promised: 7 wd
        correction: {probability: 0.15, turnaround: {lognormal: {mean: 5 wd, cv: 0.8}}}
        refusal:
          at_decision: 0.05
          resubmission: {probability: 0.6, after: {lognormal: {mean: 10 wd, cv: 0.7}}}
        decision: {pool: builders, work: {lognormal: {mean: 5 h, cv: 0.7}}}
      FIRE:
        department: build
        stage: works
        if: {big: "yes"}
        requires: [PUB]
        correction: {probability: 0.15, turnaround: {lognormal: {mean: 5 wd, cv: 0.8}}}
        decision: {pool: builders, work: {lognormal: {mean: 3 h, cv: 0.7}}}
limits: {all: {case_type: project, limit: 30 wd}}
"""

TRUTH: Mapping[str, float] = {
    "arrivals.yearly.volume": 500,
    "arrivals.yearly.day_to_day_cv": 0.5,
    "matter_defaults.check.mean": 40,
    "matter_defaults.correction.turnaround.mean": 5,
    "matters.LAND.correction.probability": 0.25,
    "matters.LAND.review.handle.work.mean": 8,
    "matters.LAND.review_correction.probability": 0.1,
    "matters.LAND.special.expert.probability": 0.2,
    "matters.LAND.special.expert.delay.mean": 6,
    "matters.WORKS.correction.probability": 0.15,
    "matters.WORKS.decision.work.mean": 5,
    "matters.WORKS.refusal.at_decision": 0.05,
    "matters.WORKS.refusal.resubmission.probability": 0.6,
    "matters.FIRE.correction.probability": 0.15,
    "matters.FIRE.decision.work.mean": 3,
    "window.transfer_out.mean": 0.5,
}
"""Path of a value in the case type, without the family → what it is."""


@cache
def city() -> Scenario:
    """Return the scenario of the city."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        file = Path(folder) / "city.yaml"
        file.write_text(CITY, encoding="utf-8")
        return sim.load(file)


@cache
def recorded_city(replication: int = 0) -> Register:
    """Return what the city recorded in some 18 months."""
    return register_of_city(city(), replication)


def random_city(number: int) -> tuple[Scenario, dict[str, float]]:
    """Return an invented city, and its true values by path in the case type.

    Volume, staff, work, corrections, refusals and the years recorded differ from city to city.
    """
    rng = np.random.default_rng([2024, number])
    volume = int(rng.uniform(200, 700))
    load = rng.uniform(0.45, 0.8, 2)
    staff = rng.integers(1, 5, 2)
    office_h = 250 * 7.5
    planners_h, works_h = (
        float(x * n * office_h / volume) for x, n in zip(load, staff, strict=True)
    )
    years = rng.choice([1, 2, 3])
    truth = dict(TRUTH) | {
        "arrivals.yearly.volume": volume,
        "arrivals.yearly.day_to_day_cv": rng.uniform(0.2, 0.8),
        "matter_defaults.check.mean": rng.uniform(10, 50),
        "matter_defaults.correction.turnaround.mean": rng.uniform(2, 10),
        "matters.LAND.correction.probability": rng.uniform(0.05, 0.4),
        "matters.LAND.review.handle.work.mean": planners_h,
        "matters.LAND.review_correction.probability": rng.uniform(0.03, 0.2),
        "matters.LAND.special.expert.probability": rng.uniform(0.05, 0.3),
        "matters.LAND.special.expert.delay.mean": rng.uniform(3, 10),
        "matters.WORKS.correction.probability": rng.uniform(0.05, 0.3),
        "matters.WORKS.decision.work.mean": works_h * 0.7,
        "matters.WORKS.refusal.at_decision": rng.uniform(0.02, 0.1),
        "matters.WORKS.refusal.resubmission.probability": rng.uniform(0.3, 0.9),
        "matters.FIRE.decision.work.mean": works_h * 0.6,
        "window.transfer_out.mean": rng.uniform(0.2, 1.0),
    }
    truth["matters.FIRE.correction.probability"] = truth["matters.WORKS.correction.probability"]
    settings = [
        f"period={{start: 2021-01-04, window: {{from: 2021-01-04, to: {2020 + years}-12-30}}, "
        "run_out: 120 cd}",
        f"staff.planners.count={staff[0]}",
        f"staff.builders.count={staff[1]}",
    ]
    settings += [_setting(path, value) for path, value in truth.items()]
    same = truth["matter_defaults.correction.turnaround.mean"]
    settings += [
        f"case_types.project.matters.{m}.correction.turnaround.lognormal.mean={same} wd"
        for m in ("LAND", "WORKS", "FIRE")
    ]
    return sim.vary(city(), settings=settings), truth


FAMILY: Mapping[str, tuple[str, str]] = {
    "matter_defaults.check.mean": ("lognormal", "min"),
    "matters.LAND.review.handle.work.mean": ("gamma", "h"),
    "matters.LAND.special.expert.delay.mean": ("gamma", "wd"),
    "matters.WORKS.decision.work.mean": ("lognormal", "h"),
    "matters.FIRE.decision.work.mean": ("lognormal", "h"),
    "window.transfer_out.mean": ("gamma", "wd"),
}
"""Path of a mean → its family in the city, and its unit."""


def _setting(path: str, value: float) -> str:
    if path == "matter_defaults.correction.turnaround.mean":
        return "run.seed=1"  # each matter has its own
    if path in FAMILY:
        family, unit = FAMILY[path]
        stem = path.removesuffix(".mean")
        return f"case_types.project.{stem}.{family}.mean={value} {unit}"
    return f"case_types.project.{path}={value}"


_FAMILIES: Final = re.compile(r"\.(lognormal|gamma|exponential)(?=\.|$)")


def ranges(fitted: sim.Fitted) -> dict[str, tuple[float, float, float]]:
    """Return path → value, low and high of what was measured; efforts in minutes."""
    found = {}
    for path, value in fitted.values():
        if value.low is not None and path.startswith("case_types.project."):
            short = path.removeprefix("case_types.project.")
            short = short.replace(".exponential", ".exponential.mean")
            numbers = [float(str(x).split()[0]) for x in (value.value, value.low, value.high)]
            if str(value.value).endswith(" h"):
                numbers = [60 * x for x in numbers]
            found[_FAMILIES.sub("", short)] = (numbers[0], numbers[1], numbers[2])
    return found


def held(fitted: sim.Fitted, truth: Mapping[str, float]) -> dict[str, bool]:
    """Return path → whether the range holds the true value, of what was fitted."""
    found = ranges(fitted)
    return {
        path: found[path][1] <= true * (60 if path.endswith("work.mean") else 1) <= found[path][2]
        for path, true in truth.items()
        if path in found
    }


def register_of_city(scenario: Scenario, replication: int) -> Register:
    """Return what a city recorded, with the names of its officers and pools."""
    model = Model(scenario)
    officers = [officer.name for officer in model.supply.officers]
    history = model.replicate(1, replication)
    return register_of(scenario, history, officers=officers, pools=model.pools.names)


def thinned(register: Register, items: np.ndarray | None = None, **events: object) -> Register:
    """Return a register with some of its items only, and with columns of its events replaced."""
    known = register.events
    if items is not None:
        known = known[np.isin(known["item"].to_numpy(), items)].reset_index(drop=True)
    return replace(
        register,
        events=known.assign(**dict(events)),
        steps=register.steps.iloc[:0],
        courses=register.courses.iloc[:0],
    )
