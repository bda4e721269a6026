"""Rows of parameters, as every figure of a sensitivity analysis has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from sim.experiments import Sensitivity
from sim.experiments.sensitivity.result import OfLimit
from sim.report.drawing.axes import axes_on, grid_along
from sim.report.drawing.figure import Options, choose
from sim.report.drawing.intervals import row_labels, write_instead
from sim.report.drawing.labels import LONG, folded, one_line, row_height_cm
from sim.report.drawing.words import Words, tell
from sim.report.language import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Finding = TypeVar("Finding", bound=OfLimit)
MOST_ROWS: Final = 15
LABEL: Final = 36
WORDS: Final[Words] = {
    "no_such_method": ("Not looked for by this method.", "该方法未作此项分析。"),
}


def of_limit(
    sensitivity: Sensitivity, limit: str | None, findings: Sequence[Finding]
) -> list[Finding]:
    """Return the findings about a limit, by default the first, the greatest first.

    Raises
    ------
    ValueError
        If there is no such limit.
    """
    chosen = choose(limit, sensitivity.scenario.limits, "limit")
    return [finding for finding in findings if finding.limit == chosen]


def parameter_rows(
    ax: Axes | None, findings: Sequence[Finding], language: Language
) -> tuple[Axes, list[Finding]]:
    """Return axes with a row for each of the parameters that matter most, and their findings."""
    shown = list(findings[:MOST_ROWS])
    labels = [folded(one_line(finding.factor.path, LONG), LABEL) for finding in shown]
    ax = axes_on(ax, 2.6 + row_height_cm(labels, 0.6) * max(len(shown), 2))
    if not shown:
        return write_instead(ax, tell(WORDS["no_such_method"], language)), []
    row_labels(ax, labels)
    grid_along(ax, "x")
    return ax, shown


def variants_of(
    sensitivity: Sensitivity, findings: Sequence[OfLimit], name: str
) -> Mapping[str, Options]:
    """Return a variant for each limit that there are findings about: the name with its number."""
    known = {finding.limit for finding in findings}
    return {
        f"{name}-{number}": {"limit": limit}
        for number, limit in enumerate(sensitivity.scenario.limits)
        if limit in known
    }
