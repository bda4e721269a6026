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
        LoadCurve,
        Model,
        Reforms,
        Result,
        Sensitivity,
        Sweep,
        case_life,
        compare,
        load_curve,
        reforms,
        run,
        sensitivity,
        staff,
        sweep,
    )
    from sim.report import figures
    from sim.scenario import Scenario, ScenarioError, load, vary

__all__ = [
    "CaseLife",
    "Comparison",
    "LoadCurve",
    "Model",
    "Reforms",
    "Result",
    "Scenario",
    "ScenarioError",
    "Sensitivity",
    "Sweep",
    "case_life",
    "compare",
    "figures",
    "load",
    "load_curve",
    "reforms",
    "run",
    "sensitivity",
    "staff",
    "sweep",
    "vary",
]

_HOME = {
    "CaseLife": "sim.experiments",
    "case_life": "sim.experiments",
    "Comparison": "sim.experiments",
    "LoadCurve": "sim.experiments",
    "Model": "sim.experiments",
    "Reforms": "sim.experiments",
    "Result": "sim.experiments",
    "Sweep": "sim.experiments",
    "compare": "sim.experiments",
    "figures": "sim.report.figures",
    "load_curve": "sim.experiments",
    "reforms": "sim.experiments",
    "run": "sim.experiments",
    "Sensitivity": "sim.experiments",
    "sensitivity": "sim.experiments",
    "staff": "sim.experiments",
    "sweep": "sim.experiments",
    "Scenario": "sim.scenario",
    "ScenarioError": "sim.scenario",
    "load": "sim.scenario",
    "vary": "sim.scenario",
}


def __getattr__(name: str) -> Any:
    """Import on first use: nothing happens on ``import sim``."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    import importlib

    home = importlib.import_module(_HOME[name])
    value = home if home.__name__.endswith(f".{name}") else getattr(home, name)
    globals()[name] = value
    return value
