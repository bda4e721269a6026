"""Experiments: questions that replications of scenarios answer."""

from sim.experiments.archive import read
from sim.experiments.case_life.life import CaseLife, ClockLife, StepLife, case_life
from sim.experiments.compare.comparison import Comparison, compare
from sim.experiments.compare.differences import Difference
from sim.experiments.forecast.forecast import forecast
from sim.experiments.forecast.result import Forecast
from sim.experiments.judge.judge import judge
from sim.experiments.judge.judged import Judged
from sim.experiments.load_curve.curve import LoadCurve, load_curve
from sim.experiments.promise.find import promise
from sim.experiments.promise.result import ShortestPromises
from sim.experiments.reforms.reforms import Reforms, reforms
from sim.experiments.replay.replay import Replay, replay
from sim.experiments.run import run, run_all
from sim.experiments.sensitivity.result import Sensitivity
from sim.experiments.sensitivity.study import sensitivity
from sim.experiments.staffing.plan import staff
from sim.experiments.staffing.result import Staffing
from sim.experiments.sweep.grid import Axis, Grid
from sim.experiments.sweep.sweep import Sweep, sweep
from sim.experiments.validate.result import Validation
from sim.experiments.validate.validate import validate
from sim.replications.execution import Execution
from sim.replications.model import Model
from sim.replications.summary import Summary
from sim.replications.workers import ClusterError, Keep
from sim.results.finding import Finding
from sim.results.parts import Groups, Member, PoolOverTime
from sim.results.rows import PoolSummary
from sim.results.run import Account, Result

__all__ = [
    "Account", "Axis", "CaseLife", "ClockLife", "ClusterError", "Comparison", "Difference",
    "Execution", "Finding", "Forecast", "Grid", "Groups", "Judged", "Keep", "LoadCurve", "Member",
    "Model", "PoolOverTime", "PoolSummary", "Reforms", "Replay", "Result", "Sensitivity",
    "ShortestPromises", "Staffing", "StepLife", "Summary", "Sweep", "Validation", "case_life",
    "compare", "forecast", "judge", "load_curve", "promise", "read", "reforms", "replay", "run",
    "run_all", "sensitivity", "staff", "sweep", "validate",
]  # fmt: skip
