"""Small results of every kind, made once in a process."""

from __future__ import annotations

from functools import cache

import sim
from tests.build.stories import scenario

OFFICE = """
name: {en: A small office, zh: 小窗口}
calendar: {country: weekdays}
period: {start: 2024-01-01, window: {from: 2024-01-08, to: 2024-02-04}, run_out: 90 cd}
run: {replications: 4, seed: 3}
hours: {day: {week: {mon-fri: "9:00-12:00 13:00-17:00"}}}
pools: {desk: {label: {en: Desks, zh: 窗口}}, sign: {label: {en: Sign-off, zh: 签批}}}
staff:
  clerks: {serves: [desk], count: {value: 2, source: assumed, range: [1, 4]}, hours: day}
  leaders: {serves: [sign], count: {value: 1, source: assumed, range: [1, 2]}, hours: day}
case_types:
  paper:
    label: {en: Papers, zh: 文件}
    arrivals: {yearly: {volume: {value: 3800, source: assumed, range: [2000, 4500]}}}
    attributes: {zone: {label: {en: Zone, zh: 片区}, shares: {north: 0.6, south: 0.4}}}
    steps:
      handle: {pool: desk, work: {exponential: 1 h}}
      lie: {after: [handle], delay: {constant: 1 h}}
      sign: {after: [lie], pool: sign, work: {exponential: 15 min}}
limits:
  two_days: {label: {en: Within two days, zh: 两日办结}, case_type: paper, limit: 2 wd,
    clock: gross_span, target_share: 0.9}
report: {by: [zone]}
"""
NO_LIMIT = "limits: !delete {}"
NOBODY_COMES = "{case_types: {paper: {arrivals: {yearly: {volume: 0}}}}}"
MONTH = "period={start: 2021-02-01, window: {from: 2021-03-01, to: 2021-03-31}, run_out: 150 cd}"
SLOW = "case_types.paper.steps.lie.delay={constant: 200 h}"
"""Makes every case late."""
QUICK = "case_types.paper.steps.handle.work={constant: 1 min}"
"""Makes none late."""


@cache
def office(*settings: str) -> sim.Scenario:
    return scenario(OFFICE, settings=settings)


@cache
def run(*settings: str, replications: int = 3) -> sim.Result:
    return sim.run(office(*settings), replications=replications, seed=3, jobs=1)


@cache
def city() -> sim.Result:
    """Matters, stages, correction and publicity: a month of Yingkou, short of staff."""
    short = ("staff.planners.count=2", "case_types.project.arrivals.yearly.volume=260")
    loaded = sim.load("yingkou/base", settings=[MONTH, *short])
    return sim.run(loaded, replications=2, seed=1, jobs=1)


@cache
def comparison() -> sim.Comparison:
    scenarios = {"today": office(), "slow": office(SLOW), "more": office("staff.clerks.count=3")}
    return sim.compare(scenarios, replications=20, seed=3, jobs=1)


@cache
def load_curve() -> sim.LoadCurve:
    return sim.load_curve(
        office(), between=(0.5, 2.5), points=3, precision=0.3, replications=3, seed=3, jobs=1
    )


@cache
def staffing():
    return sim.staff(office("staff.clerks.count=4"), replications=6, seed=3, jobs=1)


@cache
def promises() -> sim.ShortestPromises:
    return sim.promise(office(), replications=4, seed=3, jobs=1)


@cache
def promises_of_city() -> sim.ShortestPromises:
    """Some proven to be kept together, and some not."""
    return sim.promise(city().scenario, (0.5, 0.9), replications=30, seed=1, jobs=1)


@cache
def reforms() -> sim.Reforms:
    return sim.reforms(sim.load("yingkou/base", settings=[MONTH]), replications=2, seed=5, jobs=1)


@cache
def sensitivity(method: str = "oat") -> sim.Sensitivity:
    size = {"oat": {}, "morris": {"trajectories": 3}, "sobol": {"samples": 4}}[method]
    return sim.sensitivity(office(), method=method, replications=2, seed=3, jobs=1, **size)


@cache
def sweep(axes: int = 1) -> sim.Sweep:
    values = {"staff.clerks.count": [1, 2, 3], "staff.leaders.count": [1, 2]}
    if axes == 3:
        values["case_types.paper.arrivals.yearly.volume"] = [2000, 3000]
    chosen = dict(list(values.items())[:axes])
    return sim.sweep(office(), chosen, replications=2, seed=3, jobs=1)


ALL = {
    "run": run,
    "one replication": lambda: run(replications=1),
    "all late": lambda: run(SLOW),
    "none late": lambda: run(QUICK),
    "city": city,
    "comparison": comparison,
    "load": load_curve,
    "staff": staffing,
    "promises": promises,
    "promises of a city": promises_of_city,
    "reforms": reforms,
    "oat": sensitivity,
    "morris": lambda: sensitivity("morris"),
    "sobol": lambda: sensitivity("sobol"),
    "sweep": sweep,
    "sweep of two": lambda: sweep(2),
    "sweep of three": lambda: sweep(3),
}
