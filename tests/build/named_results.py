"""Results of every kind, small and quick, of an office with names that are given."""

from __future__ import annotations

import contextlib
import json
import tempfile
from functools import cache
from pathlib import Path

import sim
from sim.experiments import Finding

OFFICE = """
name: {en: NAME, zh: 小窗口}
about: {en: NAME, zh: 说明}
calendar: {country: weekdays}
period: {start: 2024-01-01, window: {from: 2024-01-08, to: 2024-04-14}, run_out: 60 cd}
run: {replications: 3, seed: 3}
hours: {day: {week: {mon-fri: "9:00-12:00 13:00-17:00"}, source: ASSUMED}}
departments: {desk: {label: {en: NAME, zh: 窗口}}}
pools: {clerk: {label: {en: NAME, zh: 办事员}, department: desk}}
staff: {clerks: {serves: [clerk], count: {value: 2, range: [1, 3], source: ASSUMED}, hours: day}}
case_types:
  paper:
    label: {en: NAME, zh: 证明}
    arrivals: {yearly: {volume: 3600}}
    attributes:
      zone: {shares: {east: 0.6, west: 0.4}, label: {en: NAME, zh: 片区},
             labels: {east: {en: NAME, zh: 东区}, west: {en: NAME 2, zh: 西区}}}
    steps: {handle: {pool: clerk, work: {exponential: 45 min}}}
limits:
  same_day: {case_type: paper, label: {en: NAME, zh: 当日办结}, limit: 1 wd, clock: gross_span,
             target_share: 0.9}
report: {by: [zone]}
"""
PLAIN = "The office"
HOSTILE = "".join(
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "'=1+1",
        "]]>",
        "$x$",
        "{{ 7 * 7 }}",
        "--></style><!--",
    ]
)
KINDS = ("run", "compare", "load", "staff", "promise", "sensitivity", "sweep", "reforms")


@cache
def office(name: str = PLAIN, *settings: str) -> sim.Scenario:
    text = OFFICE.replace("NAME 2", json.dumps(f"{name} 2")).replace("NAME", json.dumps(name))
    text = text.replace("ASSUMED", json.dumps(f"assumed: {name}"))
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("office.yaml").write_text(text, encoding="utf-8")
        return sim.load("office.yaml", settings=settings)


@cache
def result(kind: str, name: str = PLAIN) -> Finding:
    scenario = office(name)
    if kind == "run":
        return sim.run(scenario, keep="summary")
    if kind == "compare":
        return sim.compare({name: scenario, f"{name} alone": office(name, "staff.clerks.count=1")})
    if kind == "load":
        return sim.load_curve(scenario, points=3, precision=0.5)
    if kind == "staff":
        return sim.staff(scenario, most={"clerks": 3}, replications=4)
    if kind == "promise":
        return sim.promise(scenario)
    if kind == "sensitivity":
        return sim.sensitivity(scenario, replications=2)
    if kind == "sweep":
        return sim.sweep(scenario, {"staff.clerks.count": "1..2"})
    short = ["period.window={from: 2021-01-01, to: 2021-02-28}", "period.run_out=100 cd"]
    base = sim.load("yingkou/base", settings=short)
    return sim.reforms(base, levers=["one_window"], replications=2)
