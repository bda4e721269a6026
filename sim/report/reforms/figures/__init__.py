"""The figures of reforms."""

from __future__ import annotations

from typing import Final

from sim.report.drawing.figure import Figure
from sim.report.reforms.figures.bars import BARS
from sim.report.reforms.figures.waterfall import WATERFALL

FIGURES: Final[tuple[Figure, ...]] = (WATERFALL, BARS)
