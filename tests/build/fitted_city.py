"""An invented city with known values, and the registers that it would have kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

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
