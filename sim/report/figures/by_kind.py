"""The figures of each kind of finding, by name, by default, and as a report shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sim.experiments import CaseLife, Groups
from sim.report.case_life.figure import FIGURES as CASE_LIFE
from sim.report.drawing.figure import Figure, ReportFigure, default_of, report_figures
from sim.report.kinds import KINDS
from sim.report.language import Language
from sim.report.run.figures.groups import FIGURES as GROUPS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FIGURES: Final[Mapping[type, tuple[Figure, ...]]] = {
    Groups: GROUPS,
    CaseLife: CASE_LIFE,
    **{result: kind.figures for result, kind in KINDS.items()},
}
"""Parts of results stand before results: their figures are the functions of `sim.figures`."""


def figures_of(finding: object) -> tuple[Figure, ...]:
    """Return the figures of a finding, the most important first.

    Raises
    ------
    TypeError
        If there are none.
    """
    figures = FIGURES.get(type(finding))
    if figures is None:
        raise TypeError(f"no figures of a {type(finding).__name__}")
    return figures


def plot(
    result: Any,
    figure: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
    **options: Any,
) -> Axes:
    """Draw the default figure of a result, or the one named.

    Parameters
    ----------
    result
        Whatever an experiment returns; also `Groups` and a `CaseLife`.
    figure
        Its name in `sim.figures`; default: the first that has something to show.
    **options
        Of that figure, such as ``limit="project_30"``.

    Raises
    ------
    ValueError
        If there is no such figure of such a result; it says which there are.
    TypeError
        If there are no figures of such a result.
    """
    known = {known.name: known for known in figures_of(result)}
    name = figure or default_of(figures_of(result), result).name
    if name not in known:
        kind = type(result).__name__
        raise ValueError(f"no figure '{name}' of a {kind}; there are: {', '.join(known)}")
    return known[name].draw(result, ax=ax, language=language, **options)


def plates(result: object, language: Language = "en") -> Iterator[ReportFigure]:
    """Yield the figures that a report shows of a result, the most important first.

    What has no data is left out: figures by limit without limits, of late cases without such.

    Raises
    ------
    TypeError
        If there are no figures of such a result.
    """
    yield from report_figures(figures_of(result), result, language)
