"""Axes of figures, panels beside them, and titles and legends above them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from sim.report.drawing.fonts import families
from sim.report.drawing.labels import columns, folded
from sim.report.drawing.style import CM, FAINT, GREY, INK, SETTINGS, WIDTH_CM

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_for_page: ContextVar[bool] = ContextVar("for_page", default=False)


@contextmanager
def for_page() -> Iterator[None]:
    """Make figures that `pyplot` does not know, without titles: the page writes these."""
    token = _for_page.set(True)
    try:
        yield
    finally:
        _for_page.reset(token)


def axes_on(ax: Axes | None, height_cm: float = 8.0, width_cm: float = WIDTH_CM) -> Axes:
    """Return the axes given, in the style of the figures; without any, those of a new figure.

    A new figure is one of pyplot's, so that a notebook shows it; within `for_page` it is not.
    """
    if ax is not None:
        _adopt(ax)
        return ax
    size = (width_cm * CM, height_cm * CM)
    if _for_page.get():
        from matplotlib.figure import Figure

        return Figure(figsize=size, layout="constrained").add_subplot()
    from matplotlib import pyplot as plt

    return plt.figure(figsize=size, layout="constrained").add_subplot()


def _adopt(ax: Axes) -> None:
    """Give axes that the caller made the look of the figures."""
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set(color=GREY, linewidth=SETTINGS["axes.linewidth"])
    for text in (ax.xaxis.label, ax.yaxis.label):
        text.set(family=list(families()), size=SETTINGS["axes.labelsize"], color=INK)
        text.set_parse_math(False)
    ax.tick_params(
        labelsize=SETTINGS["xtick.labelsize"], labelcolor=INK, color=GREY,
        labelfontfamily=list(families()), width=0.6, length=2.5,
    )  # fmt: skip
    ax.tick_params(axis="y", length=0)
    ax.set_axisbelow(True)


def beside(ax: Axes, *shares: float) -> list[Axes]:
    """Return new axes on the right, which take the given shares of the width of the axes.

    All share the rows of the first. They lie in one grid, so that layout keeps them at one height.
    """
    figure, spec = figure_of(ax), ax.get_subplotspec()
    widths = (1 - sum(shares), *shares)
    if spec is None:  # placed by hand
        box = ax.get_position()
        edges = [box.x0 + box.width * sum(widths[:number]) for number in range(len(widths))]
        places = [
            (edge + 0.04 * box.width, box.y0, width * box.width - 0.04 * box.width, box.height)
            for edge, width in zip(edges, widths, strict=True)
        ]
        ax.set_position((box.x0, *places[0][1:]))
        sides = [figure.add_axes(place, sharey=ax) for place in places[1:]]
    else:
        grid = spec.subgridspec(1, len(widths), width_ratios=widths, wspace=0.04)
        ax.set_subplotspec(grid[0, 0])
        sides = [figure.add_subplot(grid[0, number], sharey=ax) for number in range(1, len(widths))]
    for side in sides:
        side.tick_params(labelleft=False)
    return sides


def figure_of(ax: Axes) -> Figure:
    """Return the figure of the axes, also where they lie in a subfigure."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


LEGEND_ROW_PT: Final = 13.0
FEW_ROWS: Final = 2
_TITLE_PT, _TEXT_PT, _HANDLE_PT = 6.1, 4.5, 32.0
"""Widths: a column (half a Chinese character) of a title, a column of other text, and the symbol
of a legend with the space around it."""


def width_pt(ax: Axes) -> float:
    """Return the approximate width of the axes with their labels."""
    figure, spec = figure_of(ax), ax.get_subplotspec()
    box = ax.get_position() if spec is None else spec.get_topmost_subplotspec().get_position(figure)
    margins = 1.0 if spec is None else 1.27  # a subplot's place without those that layout removes
    return float(72 * figure.get_figwidth() * min(1.0, box.width * margins))


def height_pt(ax: Axes) -> float:
    """Return the approximate height of the axes."""
    figure, spec = figure_of(ax), ax.get_subplotspec()
    box = ax.get_position() if spec is None else spec.get_topmost_subplotspec().get_position(figure)
    return float(
        72 * figure.get_figheight() * min(1.0, box.height * (1.0 if spec is None else 1.2))
    )


def _labels_pt(ax: Axes) -> float:
    lines = [line for text in ax.get_yticklabels() for line in text.get_text().splitlines()]
    return max(map(columns, lines), default=0) * _TEXT_PT


def room_pt(ax: Axes) -> float:
    """Return the approximate width from the left edge of the axes to the right of their place."""
    return width_pt(ax) - _labels_pt(ax) - 12


def heading(ax: Axes, title: str, *, rows: int = 0) -> None:
    """Write a title above the figure and the rows of its legend, unless it is for a page."""
    if not _for_page.get():
        width = max(24, int(room_pt(ax) / _TITLE_PT))
        ax.set_title(
            folded(title, width), loc="left", pad=5 + rows * LEGEND_ROW_PT, parse_math=False,
            family=list(families()), size=SETTINGS["axes.titlesize"], weight="bold", color=INK,
        )  # fmt: skip


def legend(ax: Axes, handles: Sequence[Artist], most_columns: int) -> int:
    """Put a legend above the axes, never over the data; return its number of rows.

    A legend of more than `FEW_ROWS` rows begins at the left edge of the labels, to need fewer. It
    may reach over axes beside. The layout keeps its height free.
    """
    from matplotlib.transforms import ScaledTranslation

    if not handles:
        return 0
    across, left = _across(handles, most_columns, room_pt(ax)), 0.0
    if -(-len(handles) // across) > FEW_ROWS:
        across, left = (
            _across(handles, most_columns, width_pt(ax) - 12),
            max(0.0, _labels_pt(ax) - 6),
        )
    drawn = ax.legend(
        handles=list(handles),
        loc="lower left",
        bbox_to_anchor=(0, 1),
        bbox_transform=ax.transAxes
        + ScaledTranslation(-left / 72, 0, figure_of(ax).dpi_scale_trans),
        ncols=across,
        borderaxespad=0.2,
        borderpad=0.1,
    )
    drawn.set_in_layout(False)
    rows = -(-len(handles) // across)
    ax.annotate(
        " ", (0, 1), xycoords="axes fraction", xytext=(0, rows * LEGEND_ROW_PT - 6),
        textcoords="offset points", annotation_clip=False,
    )  # fmt: skip
    return rows


def _across(handles: Sequence[Artist], most: int, room: float) -> int:
    """Return the number of columns in which a legend fits, no more than its rows need."""
    across = min(most, len(handles))
    while across > 1 and _legend_pt(handles, across) > room:
        across -= 1
    rows = -(-len(handles) // across)
    return -(-len(handles) // rows)


def _legend_pt(handles: Sequence[Artist], across: int) -> float:
    """Return the width of a legend, filled column by column; the first may have one row more."""
    widths = [columns(str(handle.get_label())) * _TEXT_PT + _HANDLE_PT for handle in handles]
    size, longer = divmod(len(widths), across)
    edges = [number * size + min(number, longer) for number in range(across + 1)]
    return sum(max(widths[begin:end]) for begin, end in pairwise(edges))


def grid_along(ax: Axes, axis: str) -> None:
    """Draw a light grid at the ticks of an axis."""
    ax.grid(visible=True, axis="x" if axis == "x" else "y", color=FAINT, linewidth=0.8)
    ax.tick_params(labelfontfamily=list(families()))
