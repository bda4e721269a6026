"""Replications of a scenario, and what follows from them."""

from sim.experiments.archive import Found, read
from sim.experiments.case_life import CaseLife, ClockLife, StepLife, case_life
from sim.experiments.compare import Comparison, compare
from sim.experiments.differences import Difference
from sim.experiments.grid import Axis, Grid
from sim.experiments.groups import Groups, Member
from sim.experiments.how import How
from sim.experiments.load_curve import LoadCurve, load_curve
from sim.experiments.model import Model, Replication
from sim.experiments.over_time import PoolOverTime
from sim.experiments.reforms import Reforms, reforms
from sim.experiments.result import Account, PoolSummary, Result
from sim.experiments.run import MAX_REPLICATIONS, run, run_all
from sim.experiments.sensitivity import Sensitivity, sensitivity
from sim.experiments.staff import staff
from sim.experiments.staffing.result import Staffing
from sim.experiments.summary import Summary
from sim.experiments.sweep import Sweep, sweep
from sim.experiments.workers import ClusterError, Keep

__all__ = [
    "MAX_REPLICATIONS",
    "Account",
    "Axis",
    "CaseLife",
    "ClockLife",
    "ClusterError",
    "Comparison",
    "Difference",
    "Found",
    "Grid",
    "Groups",
    "How",
    "Keep",
    "LoadCurve",
    "Member",
    "Model",
    "PoolOverTime",
    "PoolSummary",
    "Reforms",
    "Replication",
    "Result",
    "Sensitivity",
    "Staffing",
    "StepLife",
    "Summary",
    "Sweep",
    "case_life",
    "compare",
    "load_curve",
    "read",
    "reforms",
    "run",
    "run_all",
    "sensitivity",
    "staff",
    "sweep",
]
