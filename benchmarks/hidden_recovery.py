"""How well work that no stamp shows is inferred, and whether what-ifs come out as in truth.

    python -m benchmarks.hidden_recovery [CITIES] [FIRST]

Each invented city (`tests/build/fitted_city.py`) keeps records in which one event in fifty is lost;
in every fourth city, no officer has a name. The ranges of inferred values are held against the
truth. Then the true city and the fitted one are changed in the same way, and their on-time shares
are compared: of the fitted scenario, with its doubt carried through, and of the same with every
distribution replaced by its mean.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import yaml

import sim
from sim.fitting.fitted import Fitted
from sim.fitting.measured import Z
from sim.records.register import Register, State
from sim.scenario import Scenario, ScenarioError
from tests.build.fitted_city import random_city, register_of_city, thinned

KINDS = ("names", "names", "no names", "names")
LOST = 0.02
TRULY = 24
"""Replications of the true city."""
DRAWS = 40
NEAR = 0.03
YEAR = "period={start: 2022-01-01, window: {from: 2022-03-01, to: 2022-12-31}, run_out: 120 cd}"


def records(register: Register, kind: str, rng: np.random.Generator) -> Register:
    """Return what a register of this kind holds, less what was lost."""
    found = thinned(register)
    events = found.events
    state = events["state"].to_numpy()
    kept = (rng.random(len(events)) >= LOST) | (state == State.RECEIVED)
    events = events[kept].reset_index(drop=True)
    if kind == "no names":
        empty = pd.Categorical([""] * len(events))
        events = events.assign(officer=empty, office=empty)
    return replace(found, events=events)


def changes(truth: Mapping[str, float], staff: Mapping[str, int]) -> dict[str, list[str]]:
    """Return the what-ifs: their settings."""
    volume = truth["arrivals.yearly.volume"]
    counters = [f"departments.{one}.counter=hall" for one in ("plan", "build")]
    found = {
        "as it is": [],
        "+20 % load": [f"case_types.project.arrivals.yearly.volume={volume * 1.2}"],
        "one window off": ["handling.one_window=false", *counters],
    }
    pool = next((p for p in ("planners", "builders", "hall") if staff.get(p, 1) > 1), None)
    if pool is not None:
        found["one officer less"] = [f"staff.{pool}.count={staff[pool] - 1}"]
    return found


def of_fitted(fitted: Scenario, settings: list[str]) -> list[str]:
    """Return settings for the fitted city: its own volume, its own windows."""
    project = fitted.case_types["project"]
    own = project.arrivals.yearly
    assert own is not None
    text = f"case_types.project.arrivals.yearly.volume={own.volume * 1.2}"
    found = [text if "volume=" in one else one for one in settings]
    return [one.replace("counter=hall", f"counter={project.window.pool}") for one in found]


def averaged(fitted: Fitted) -> Scenario:
    """Return a fitted scenario with every distribution replaced by its mean."""
    tree = yaml.safe_load(fitted.text)

    def value(part: Any) -> Any:
        return part["value"] if isinstance(part, dict) and "value" in part else part

    def flat(part: Any) -> Any:
        if isinstance(part, dict):
            for family in ("lognormal", "gamma"):
                if family in part:
                    return value(part[family]["mean"])
            if "exponential" in part:
                one = part["exponential"]
                return value(one) if "value" in one else value(one["mean"])
            return {key: flat(one) for key, one in part.items() if key != "day_to_day_cv"}
        return part

    with TemporaryDirectory() as folder:
        file = Path(folder) / "mean.yaml"
        file.write_text(
            yaml.safe_dump(flat(tree), allow_unicode=True, sort_keys=False), encoding="utf-8"
        )
        return sim.load(file)


def on_time(scenario: Scenario, settings: list[str], limit: int, *, doubt: bool = False) -> Any:
    """Return the share on time; with its 90 % interval if the doubt is carried through."""
    limits = f"limits={{all: {{case_type: project, limit: {limit} wd, clock: gross_span}}}}"
    changed = sim.vary(scenario, settings=[*settings, YEAR, limits])
    count = DRAWS if doubt else TRULY
    result = sim.run(changed, replications=count, seed=5, uncertain=doubt, jobs=1, keep="limits")
    row = result.limits[result.limits["decides"]].iloc[0]
    share = float(row["on_time_share"])
    if not doubt:
        return share
    spread = result.doubts["all"].parts.sd_inputs
    return share, share - Z * spread, share + Z * spread


def limit_of(scenario: Scenario) -> int:
    """Return the days that the true city keeps in some nine cases of ten."""
    limits = "limits={all: {case_type: project, limit: 40 wd, clock: gross_span}}"
    result = sim.run(sim.vary(scenario, settings=[YEAR, limits]), replications=4, seed=9, jobs=1)
    row = result.limits[result.limits["decides"]].iloc[0]
    return round(float(row["p90"]))


def hidden(fitted: Fitted) -> dict[str, tuple[float, float, bool]]:
    """Return path → range of each mean that was inferred, in hours or days, and if it was told."""
    found = {}
    for path, one in fitted.values():
        if path.endswith(".mean") and one.low is not None and one.how in ("simulated", "assumed"):
            ends = [_hours(text) for text in (one.low, one.high)]
            short = path.removeprefix("case_types.project.").replace(".lognormal", "")
            found[short] = (*ends, one.how == "simulated")
    return found


def _hours(text: str) -> float:
    number, unit = text.split()
    return float(number) / (60 if unit == "min" else 1)


def main(cities: int, first: int) -> None:
    """Print the coverage by kind of records, and the what-ifs."""
    held: dict[tuple[str, str], list[bool]] = defaultdict(list)
    near: dict[tuple[str, str], list[bool]] = defaultdict(list)
    miss: dict[tuple[str, str], list[float]] = defaultdict(list)
    seconds = []
    for number in range(first, first + cities):
        scenario, truth = random_city(number)
        kind = KINDS[number % len(KINDS)]
        rng = np.random.default_rng([17, number])
        register = records(register_of_city(scenario, number), kind, rng)
        begin = time.process_time()
        fitted = sim.fit(register, infer=True, seed=number)
        seconds.append(time.process_time() - begin)
        true = {path: x / 60 if path.endswith("check.mean") else x for path, x in truth.items()}
        true["matters.LAND.decision.work.mean"] = 0.5
        for path, (low, high, told) in hidden(fitted).items():
            if path in true:
                inside = low <= true[path] <= high
                held[kind, "told" if told else "cannot tell"].append(inside)
                said = ("" if inside else "MISSED") + ("" if told else " (cannot tell)")
                print(
                    f"{number:3} {kind:9}{path:42}{low:.3g} – {high:.3g}  {true[path]:.3g} {said}"
                )
        print([f"{one.kind} {one.what}" for one in fitted.remarks], file=sys.stderr)
        what_if(number, kind, scenario, truth, fitted, near, miss)
        sys.stdout.flush()
    for what, inside in sorted(held.items()):
        print(f"{' / '.join(what):40} {sum(inside):3} of {len(inside):3}")
    for what, fine in sorted(near.items()):
        off = 100 * np.abs(miss[what])
        errors = f"median error {np.median(off):.1f} points, largest {off.max():.1f}"
        print(f"{' / '.join(what):40} {sum(fine):3} of {len(fine):3}, {errors}")
    print(f"{np.mean(seconds):.0f} s of processor time a fit, at most {max(seconds):.0f} s")


def what_if(
    number: int,
    kind: str,
    scenario: Scenario,
    truth: Mapping[str, float],
    fitted: Fitted,
    near: dict[tuple[str, str], list[bool]],
    miss: dict[tuple[str, str], list[float]],
) -> None:
    """Compare what-ifs of the true city, of the fitted one and of its means."""
    limit = limit_of(scenario)
    staff = {name: int(str(group.count)) for name, group in scenario.staff.items()}
    for what, settings in changes(truth, staff).items():
        own = of_fitted(fitted.scenario, settings)
        if what == "one officer less" and kind == "no names":
            continue  # the number of officers is what such records do not tell
        true = on_time(scenario, settings, limit)
        try:
            share, low, high = on_time(fitted.scenario, own, limit, doubt=True)
            mean = on_time(averaged(fitted), own, limit)
        except ScenarioError as error:
            print(number, what, error, file=sys.stderr)
            continue
        for model, value, inside in (
            ("fitted", share, low <= true <= high), ("means", mean, False)
        ):  # fmt: skip
            near[f"{model}, {kind}", what].append(inside or abs(value - true) <= NEAR)
            miss[f"{model}, {kind}", what].append(value - true)
        print(f"{number:3} {kind:20} {what:18} true {true:.3f} fitted {share:.3f} "
              f"({low:.3f} – {high:.3f}) means {mean:.3f}")  # fmt: skip


if __name__ == "__main__":
    arguments = [int(text) for text in sys.argv[1:]]
    main(arguments[0] if arguments else 40, arguments[1] if len(arguments) > 1 else 0)
