"""The figures that a report shows of each kind of result, with their captions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiments import (
    Comparison,
    LoadCurve,
    Reforms,
    Result,
    Sensitivity,
    Staffing,
    Sweep,
)
from sim.report.drawing.axes import figure_of, paper
from sim.report.drawing.style import style
from sim.report.words import Language
from sim.results.finding import Finding

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Plate:
    """A figure of a report."""

    name: str
    """Unique within a result, and usable as an HTML id."""
    title: str
    """Plain text: the subject, or the finding."""
    caption: str
    """Plain text: what the figure shows, with its numbers; also the alternative text."""
    draw: Callable[[], Figure]
    """Make the figure, without its title. It belongs to nobody: no `pyplot` knows of it."""


def plate(name: str, title: str, caption: str, draw: Callable[[], Axes]) -> Plate:
    """Return a plate of a figure that is drawn on axes of its own."""

    def drawn() -> Figure:
        with style(), paper():
            return figure_of(draw())

    return Plate(name, title, caption, drawn)


def plates(result: Finding, language: Language = "en") -> Iterator[Plate]:
    """Yield the figures of a result, the most important first.

    What has no data is left out: figures by limit without limits, of late cases without such.

    Raises
    ------
    TypeError
        If there are no figures of such a result.
    """
    for kind, of_kind in _kinds().items():
        if isinstance(result, kind):
            yield from of_kind(result, language)
            return
    raise TypeError(f"no figures of a {type(result).__name__}")


def _kinds() -> dict[type, Callable[[Any, Language], Iterator[Plate]]]:
    from sim.report.figures import of_experiments as of
    from sim.report.figures.of_result import result_plates
    from sim.report.figures.of_staff import reform_plates, staff_plates

    return {
        Result: result_plates,
        Comparison: of.comparison_plates,
        LoadCurve: of.load_plates,
        Staffing: staff_plates,
        Reforms: reform_plates,
        Sensitivity: of.sensitivity_plates,
        Sweep: of.sweep_plates,
    }
