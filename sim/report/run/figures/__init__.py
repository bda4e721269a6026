"""The figures of a run."""

from __future__ import annotations

from typing import Final

from sim.report.case_life.figure import USUAL_CASE
from sim.report.drawing.figure import Figure
from sim.report.run.figures.clock import CLOCK_DISTRIBUTION
from sim.report.run.figures.days import DAYS_USED
from sim.report.run.figures.limits import BY_GROUP, BY_PERIOD, ON_TIME
from sim.report.run.figures.own_limits import DEPARTMENTS, MATTERS
from sim.report.run.figures.pools import POOL_LOAD, POOLS_HEAT_MAP, QUEUE_OVER_TIME
from sim.report.run.figures.process_graph import PROCESS_GRAPH
from sim.report.run.figures.years import YEARS

FIGURES: Final[tuple[Figure, ...]] = (
    ON_TIME, MATTERS, DEPARTMENTS, CLOCK_DISTRIBUTION, DAYS_USED, YEARS, BY_GROUP, BY_PERIOD,
    POOL_LOAD, POOLS_HEAT_MAP, QUEUE_OVER_TIME, PROCESS_GRAPH, USUAL_CASE,
)  # fmt: skip
