"""A simulator of one-window and parallel approval: does a city keep its promises.

>>> import sim
>>> scenario = sim.load("yingkou/base")
>>> result = sim.run(scenario, replications=20, seed=1)
>>> result.limits  # a pandas table; so are .pools, .matters, .months, .cases, .items
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiments import (
        CaseLife,
        Comparison,
        Finding,
        LoadCurve,
        Model,
        Reforms,
        Result,
        Sensitivity,
        Staffing,
        Sweep,
        case_life,
        compare,
        load_curve,
        read,
        reforms,
        run,
        sensitivity,
        staff,
        sweep,
    )
    from sim.report import figures
    from sim.scenario import ReadError, Scenario, ScenarioError, load, vary

__all__ = [
    "CaseLife",
    "Comparison",
    "Finding",
    "LoadCurve",
    "Model",
    "ReadError",
    "Reforms",
    "Result",
    "Scenario",
    "ScenarioError",
    "Sensitivity",
    "Staffing",
    "Sweep",
    "case_life",
    "compare",
    "figures",
    "load",
    "load_curve",
    "read",
    "reforms",
    "run",
    "sensitivity",
    "staff",
    "sweep",
    "vary",
]

_OF_SCENARIOS = {"ReadError", "Scenario", "ScenarioError", "load", "vary"}
_HOME = {name: "sim.scenario" if name in _OF_SCENARIOS else "sim.experiments" for name in __all__}
_HOME["figures"] = "sim.report.figures"


def __getattr__(name: str) -> Any:
    """Import on first use: nothing happens on ``import sim``."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    import importlib

    home = importlib.import_module(_HOME[name])
    value = home if home.__name__.endswith(f".{name}") else getattr(home, name)
    globals()[name] = value
    return value
