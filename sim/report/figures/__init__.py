"""Figures of every result, in English and Chinese; public as `sim.figures`.

Each is a function that takes a result, draws on the axes given or on a figure of its own, and
returns the axes. Figures show what results hold and compute nothing. `plates` yields the figures
that a report shows; `to_svg` makes an inline `<svg>`. The first figure drawn loads matplotlib.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.report.drawing.figure import ReportFigure
from sim.report.drawing.svg import to_svg
from sim.report.figures.by_kind import FIGURES, plates, plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DRAW: dict[str, Callable[..., Axes]] = {}
for _figure in (figure for figures in FIGURES.values() for figure in figures):
    _DRAW.setdefault(_figure.name, _figure.draw)
__all__ = ["ReportFigure", "plates", "plot", "to_svg"]
__all__ += sorted(_DRAW)  # noqa: PLE0605


def __getattr__(name: str) -> Callable[..., Axes]:
    """Return the function of a figure that a question lists."""
    if name not in _DRAW:
        raise AttributeError(f"module 'sim.figures' has no attribute '{name}'")
    return _DRAW[name]


def __dir__() -> list[str]:
    return __all__
