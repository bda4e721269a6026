"""Legends above the axes, and their entries for lines, areas, verdicts and targets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from sim.measures.shares import Verdict
from sim.report.drawing.axes import LEGEND_ROW_PT, TEXT_PT, figure_of, labels_pt, room_pt, size_pt
from sim.report.drawing.labels import columns
from sim.report.drawing.style import TARGET, VERDICTS
from sim.report.drawing.words import SHARED, tell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.words import say

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

FEW_ROWS: Final = 2
HANDLE_PT: Final = 32.0
"""Width of a symbol with the space around it."""
LEAST_WIDTH: Final = 0.85
"""Of a text, for the width that `labels_pt` allows it; further left a symbol would be cut."""


def legend(ax: Axes, handles: Sequence[Artist], most_columns: int) -> int:
    """Put a legend above the axes, never over the data; return its number of rows.

    A legend of more than `FEW_ROWS` rows begins at the left edge of the labels, so that it needs
    fewer. It may extend above the neighbouring axes. The layout reserves its height.
    """
    from matplotlib.transforms import ScaledTranslation

    if not handles:
        return 0
    across, left = _across(handles, most_columns, room_pt(ax)), 0.0
    if -(-len(handles) // across) > FEW_ROWS:
        across = _across(handles, most_columns, size_pt(ax)[0] - 12)
        left = max(0.0, LEAST_WIDTH * labels_pt(ax) - 6)
    moved = ax.transAxes + ScaledTranslation(-left / 72, 0, figure_of(ax).dpi_scale_trans)
    drawn = ax.legend(
        handles=list(handles), loc="lower left", bbox_to_anchor=(0, 1), bbox_transform=moved,
        ncols=across, borderaxespad=0.2, borderpad=0.1,
    )  # fmt: skip
    drawn.set_in_layout(False)
    rows = -(-len(handles) // across)
    ax.annotate(
        " ", (0, 1), xycoords="axes fraction", xytext=(0, rows * LEGEND_ROW_PT - 6),
        textcoords="offset points", annotation_clip=False,
    )  # fmt: skip
    return rows


def _across(handles: Sequence[Artist], most: int, room: float) -> int:
    """Return the most columns that fit, but no more than the rows of the legend need."""
    across = min(most, len(handles))
    while across > 1 and _legend_pt(handles, across) > room:
        across -= 1
    rows = -(-len(handles) // across)
    return -(-len(handles) // rows)


def _legend_pt(handles: Sequence[Artist], across: int) -> float:
    """Return the width of a legend filled by column; the first columns may be one row longer."""
    widths = [columns(str(handle.get_label())) * TEXT_PT + HANDLE_PT for handle in handles]
    size, longer = divmod(len(widths), across)
    edges = [number * size + min(number, longer) for number in range(across + 1)]
    return sum(max(widths[begin:end]) for begin, end in pairwise(edges))


def share_handles(
    verdicts: Iterable[Verdict], language: Language, target: float | None = None
) -> list[Artist]:
    """Return the legend entries of the verdicts that occur, in fixed order, and of the target."""
    occurring = set(verdicts)
    handles = [
        line_handle(say(verdict, language), color=colour, marker=marker, markerfacecolor=filling,
                    markersize=6.5, linewidth=2.2)
        for verdict, (colour, marker, filling) in VERDICTS.items()
        if verdict in occurring
    ]  # fmt: skip
    return [*handles, target_handle(language, target)]


def target_handle(language: Language, target: float | None = None) -> Artist:
    """Return the legend entry of a target."""
    label = tell(SHARED["target"], language)
    return line_handle(label + ("" if target is None else f" {percent(target, None)}"), **TARGET)


def line_handle(label: str, **look: Any) -> Artist:
    """Return the legend entry of a line or marker."""
    from matplotlib.lines import Line2D

    return Line2D([], [], label=label, **look)


def patch_handle(label: str, colour: str, hatch: str = "") -> Artist:
    """Return the legend entry of an area."""
    from matplotlib.patches import Patch

    return Patch(facecolor=colour, label=label, hatch=hatch, edgecolor="white")
