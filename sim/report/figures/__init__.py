"""Figures of every result, in English and Chinese; public as `sim.figures`.

Each is a function that takes a result, draws on the axes given or on a figure of its own, and
returns the axes. Nothing is computed here but what results hold. `plates` has what reports show;
`to_svg` makes an inline `<svg>`. Matplotlib is loaded by the first figure.
"""

from sim.report.figures.clock import clock_distribution
from sim.report.figures.plates import Plate, plates
from sim.report.figures.shares import (
    on_time,
    on_time_by_group,
    on_time_by_period,
    on_time_by_scenario,
)
from sim.report.figures.svg import to_svg

__all__ = [
    "Plate",
    "clock_distribution",
    "on_time",
    "on_time_by_group",
    "on_time_by_period",
    "on_time_by_scenario",
    "plates",
    "to_svg",
]
