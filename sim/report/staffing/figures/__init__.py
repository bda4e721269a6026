"""The figures of a search for staff."""

from __future__ import annotations

from typing import Final

from sim.report.drawing.figure import Figure
from sim.report.staffing.figures.frontier import FRONTIER
from sim.report.staffing.figures.one_more import ONE_MORE
from sim.report.staffing.figures.plan import PLAN

FIGURES: Final[tuple[Figure, ...]] = (PLAN, FRONTIER, ONE_MORE)
