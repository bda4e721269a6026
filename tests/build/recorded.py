"""Registers for tests: of simulations, and by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

import sim
from sim.clocks import Counting, History, read_clocks
from sim.limits import Scope, resolved_limits
from sim.records.register import Register, table
from sim.replications.model import Model
from sim.scenario import Scenario

TWO_MONTHS = "period={start: 2020-11-01, window: {from: 2021-01-04, to: 2021-02-28}}"
WINDOW = dt.date(2021, 1, 4), dt.date(2021, 2, 28)
AGAIN = "{at_decision: 0.2, resubmission: {probability: 0.9, after: 6 wd, max_times: 2}}"
WHOLE = "{at_acceptance: 0.2, resubmission: {probability: 0.8, after: 3 wd, max_times: 1}}"

SITUATIONS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], int | None]] = {
    "base": ("yingkou/base", (), (), None),
    "zones": ("yingkou/zones", (), (), None),
    "levers, many open": ("yingkou/levers", ("everything", "short_handed"), (), 10),
    "counters": ("yingkou/levers", ("counters", "one_by_one", "startup_apart"), (), None),
    "conditional acceptance, commitment, verification": (
        "yingkou/levers",
        ("conditional", "commitment", "build_first"),
        (),
        None,
    ),
    "handed in again": (
        "yingkou/base",
        (),
        (
            f"case_types.project.matters.CPP.refusal={AGAIN}",
            f"case_types.project.matters.EIA.refusal={WHOLE}",
            f"case_types.startup.matters.REG.refusal={AGAIN}",
        ),
        None,
    ),
    "deemed acceptance, few at the window": (
        "yingkou/base",
        (),
        ("staff.window.count=1",),
        60,
    ),
}
"""Name → scenario, overrides, settings, and the run-out in days; None: as long as needed."""


def situation(name: str) -> tuple[Scenario, History]:
    """Return a scenario of two months and one replication of it."""
    reference, overrides, settings, run_out = SITUATIONS[name]
    scenario = sim.load(reference, overrides=overrides, settings=[TWO_MONTHS, *settings])
    model = Model(scenario)
    if run_out is None:
        return scenario, model.replicate(1, 0)
    return scenario, model.replicate_to(run_out, 1, 0)


def scopes_of(scenario: Scenario) -> list[Scope]:
    """Return the scopes of all limits, and of every case type, stage and matter by itself."""
    scopes = [limit.scope for limit in resolved_limits(scenario)]
    for case_type, spec in scenario.case_types.items():
        scopes.append(Scope(case_type))
        scopes += [Scope(case_type, None, "case")]
        scopes += [Scope(case_type, (name,)) for name in spec.matters]
        for stage in spec.stages:
            inside = tuple(key for key, matter in spec.matters.items() if matter.stage == stage)
            scopes.append(Scope(case_type, inside))
    return scopes


def differences(
    scenario: Scenario,
    one: History,
    other: History,
    of_other: np.ndarray,
    clocks: str = "",
    left_out: np.ndarray | None = None,
) -> list[str]:
    """Return which clocks differ, scope by scope; `of_other`: [C] case of `one` for each.

    `clocks`: beginning of the names of the clocks that are compared, of cases in scope.
    `left_out`: cases of `one` that are not compared then.
    """
    found = []
    for scope in scopes_of(scenario):
        a, b = (read_clocks(h, scope, Counting.of(scenario, h)) for h in (one, other))
        at = np.searchsorted(a.case, of_other[b.case])
        assert (a.case[at] == of_other[b.case]).all()
        here = a.in_scope[at] if clocks else np.ones(len(at), bool)
        if left_out is not None:
            here &= ~np.isin(of_other[b.case], left_out)
        if not clocks:
            found += [
                f"{scope}: {name}"
                for name in ("in_scope", "decided_here")
                if (
                    (getattr(a, name)[at] != getattr(b, name)) & (a.in_scope[at] | b.in_scope)
                ).any()
            ]
        for name, clock in a.clocks.items():
            if clocks and scope.matters is not None and clock.rule.unit == "cd":
                continue  # a span goes on for matters that are still to come, which states lack
            fields = ("value",) if clocks else ("value", "started", "open", "elapsed_s", "start_s")
            for field in fields if name.startswith(clocks) else ():
                mine, theirs = getattr(clock, field)[at], getattr(b.clocks[name], field)
                if field == "start_s":
                    mine, theirs = mine[clock.started[at]], theirs[clock.started[at]]
                    differ = mine - theirs
                    if len(differ) and (differ != differ[0]).any():  # another second 0
                        found.append(f"{scope}: {name}.{field}")
                elif (mine != theirs)[here].any():
                    found.append(f"{scope}: {name}.{field}: {int((mine != theirs)[here].sum())}")
    return found


def by_hand(
    *items: tuple[str, str, Sequence[tuple[int, str]]], promised: float = 5, **more: object
) -> Register:
    """Return a register; items: case, matter, and pairs of a state and a time."""
    cases = list(dict.fromkeys(case for case, _, _ in items))
    events = [
        (number, state, np.datetime64(at, "ms"))
        for number, (_, _, happened) in enumerate(items)
        for state, at in happened
    ]
    return Register(
        cases=table("cases", {"case": cases}),
        items=table(
            "items",
            {
                "item": [f"{case}-{matter}-{n}" for n, (case, matter, _) in enumerate(items)],
                "case": [cases.index(case) for case, _, _ in items],
                "matter": [matter for _, matter, _ in items],
                "matter_code": [matter for _, matter, _ in items],
                "department": [f"office of {matter}" for _, matter, _ in items],
                "promised_wd": [promised] * len(items),
            },
        ),
        events=table(
            "events",
            {
                "item": [item for item, _, _ in events],
                "state": [state for _, state, _ in events],
                "at": [at for _, _, at in events],
            },
        ),
        **more,  # type: ignore[arg-type]
    )
