"""The figures of a sensitivity analysis."""

from __future__ import annotations

from typing import Final

from sim.report.drawing.figure import Figure
from sim.report.sensitivity.figures.screening import SCREENING
from sim.report.sensitivity.figures.sobol import SOBOL
from sim.report.sensitivity.figures.tornado import TORNADO

FIGURES: Final[tuple[Figure, ...]] = (TORNADO, SCREENING, SOBOL)
