"""Figures of every result, in English and Chinese; public as `sim.figures`.

Each is a function that takes a result, draws on the axes given or on a figure of its own, and
returns the axes. Nothing is computed here but what results hold. `plates` has what reports show;
`to_svg` makes an inline `<svg>`. Matplotlib is loaded by the first figure.
"""

from sim.report.case_life.figure import case_life
from sim.report.compare.figures import differences
from sim.report.drawing.svg import to_svg
from sim.report.figures.default import plot
from sim.report.figures.report_figures import Plate, plates
from sim.report.load_curve.figures import load_curve
from sim.report.reforms.figures import reform_bars, reform_waterfall
from sim.report.run.figures.clock import clock_distribution
from sim.report.run.figures.days import days_used
from sim.report.run.figures.pools import pool_load, pools_heat_map, queue_over_time
from sim.report.run.figures.process_graph import process_graph
from sim.report.run.figures.shares import (
    on_time,
    on_time_by_group,
    on_time_by_period,
    on_time_by_scenario,
)
from sim.report.sensitivity.figures import screening, sobol, tornado
from sim.report.staffing.figures import one_more, staff_frontier, staff_plan
from sim.report.sweep.figures import sweep

__all__ = [
    "Plate",
    "case_life",
    "clock_distribution",
    "days_used",
    "differences",
    "load_curve",
    "on_time",
    "on_time_by_group",
    "on_time_by_period",
    "on_time_by_scenario",
    "one_more",
    "plates",
    "plot",
    "pool_load",
    "pools_heat_map",
    "process_graph",
    "queue_over_time",
    "reform_bars",
    "reform_waterfall",
    "screening",
    "sobol",
    "staff_frontier",
    "staff_plan",
    "sweep",
    "to_svg",
    "tornado",
]
