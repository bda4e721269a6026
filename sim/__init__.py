"""A simulator of one-window and parallel approval: whether a city keeps its promises.

>>> import sim
>>> scenario = sim.load("yingkou/base")
>>> result = sim.run(scenario, replications=20, seed=1)
>>> result.limits  # a pandas table; so are .pools, .matters, .months, .cases, .items
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.translation import tr

if TYPE_CHECKING:
    from sim.experiments.archive import read
    from sim.experiments.case_life.life import CaseLife, case_life
    from sim.experiments.compare.comparison import Comparison, compare
    from sim.experiments.forecast.forecast import forecast
    from sim.experiments.forecast.result import Forecast
    from sim.experiments.judge.judge import judge
    from sim.experiments.judge.judged import Judged
    from sim.experiments.load_curve.curve import LoadCurve, load_curve
    from sim.experiments.promise.find import promise
    from sim.experiments.promise.result import ShortestPromises
    from sim.experiments.reforms.reforms import Reforms, reforms
    from sim.experiments.replay.replay import Replay, replay
    from sim.experiments.run import run
    from sim.experiments.sensitivity.result import Sensitivity
    from sim.experiments.sensitivity.study import sensitivity
    from sim.experiments.staffing.plan import staff
    from sim.experiments.staffing.result import Staffing
    from sim.experiments.sweep.sweep import Sweep, sweep
    from sim.experiments.validate.result import Validation
    from sim.experiments.validate.validate import validate
    from sim.fitting.fit import fit
    from sim.fitting.fitted import Fitted
    from sim.live.what_if import WhatIf, what_if
    from sim.replications.model import Model
    from sim.report import figures
    from sim.results.finding import Finding
    from sim.results.run import Result
    from sim.scenario import ReadError, Scenario, ScenarioError, load, vary

__all__ = [
    "CaseLife", "Comparison", "Finding", "Fitted", "Forecast", "Judged", "LoadCurve", "Model",
    "ReadError", "Reforms", "Replay", "Result", "Scenario", "ScenarioError", "Sensitivity",
    "ShortestPromises", "Staffing", "Sweep", "Validation", "WhatIf", "case_life", "compare",
    "figures", "fit", "forecast", "judge", "load", "load_curve", "promise", "read", "reforms",
    "replay", "run", "sensitivity", "staff", "sweep", "validate", "vary", "what_if",
]  # fmt: skip

_HOME = dict.fromkeys(__all__, "sim.experiments")
_HOME |= dict.fromkeys(("ReadError", "Scenario", "ScenarioError", "load", "vary"), "sim.scenario")
_HOME |= {"fit": "sim.fitting.fit", "Fitted": "sim.fitting.fitted"}
_HOME |= dict.fromkeys(("WhatIf", "what_if"), "sim.live.what_if")
_HOME["figures"] = "sim.report.figures"


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Any:
    """Import a name on first use, so that ``import sim`` stays light."""
    if name not in _HOME:
        from difflib import get_close_matches

        near = get_close_matches(name, _HOME, 1)
        hint = tr("; did you mean '{near}'?", near=near[0]) if near else ""
        raise AttributeError(
            tr("module 'sim' has no attribute '{name}'{hint}", name=name, hint=hint)
        )
    import importlib

    home = importlib.import_module(_HOME[name])
    value = home if name == "figures" else getattr(home, name)
    globals()[name] = value
    return value
