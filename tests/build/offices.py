"""A small office, for experiments that must be quick."""

from __future__ import annotations

from pathlib import Path

import sim

OFFICE = """
name: {en: A small office, zh: 小窗口}
calendar: {country: weekdays}
period: {start: 2024-01-01, window: {from: 2024-01-08, to: 2024-02-04}, run_out: 60 cd}
run: {replications: 6, seed: 3}
hours: {day: {week: {mon-fri: "9:00-12:00 13:00-17:00"}}}
pools: {clerk: {label: {en: Clerks, zh: 办事员}}, idle: {}}
staff:
  clerks: {serves: [clerk], count: 2, hours: day}
  reserve: {serves: [idle], count: 1, hours: day}
case_types:
  paper:
    arrivals: {yearly: {volume: 2500}}
    steps: {handle: {pool: clerk, work: {exponential: 45 min}}}
  form:
    arrivals: {yearly: {volume: 200}}
    steps: {handle: {pool: clerk, work: 15 min}}
limits:
  same_day: {case_type: paper, limit: 1 wd, clock: gross_span, target_share: 0.9}
overrides:
  alone: {staff: {clerks: {count: 1}}}
"""


def write(folder: Path, name: str = "office") -> Path:
    file = folder / f"{name}.yaml"
    file.write_text(OFFICE, encoding="utf-8")
    return file


def office(folder: Path, *settings: str) -> sim.Scenario:
    return sim.load(write(folder), settings=settings)
