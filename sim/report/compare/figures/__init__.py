"""The figures of a comparison."""

from __future__ import annotations

from typing import Final

from sim.report.compare.figures.differences import DIFFERENCES
from sim.report.compare.figures.scenarios import BY_SCENARIO, CLOCK_BY_SCENARIO
from sim.report.drawing.figure import Figure

FIGURES: Final[tuple[Figure, ...]] = (DIFFERENCES, BY_SCENARIO, CLOCK_BY_SCENARIO)
