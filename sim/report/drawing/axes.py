"""Axes of figures, their rows, panels beside them, and titles above them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from sim.report.drawing.fonts import families
from sim.report.drawing.labels import columns, folded, row_height_cm
from sim.report.drawing.style import CM, FAINT, GREY, INK, PHONE_CM, SETTINGS, WIDTH_CM
from sim.report.drawing.words import tell
from sim.report.language import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_for_page: ContextVar[bool] = ContextVar("for_page", default=False)


@contextmanager
def for_page() -> Iterator[None]:
    """Make figures outside `pyplot` and without titles, which the page writes itself."""
    token = _for_page.set(True)
    try:
        yield
    finally:
        _for_page.reset(token)


def axes_on(ax: Axes | None, height_cm: float) -> Axes:
    """Return `ax` in the style of the figures; None: the axes of a new figure.

    A new figure belongs to pyplot, so that a notebook shows it, except within `for_page`.
    """
    if ax is not None:
        _adopt(ax)
        return ax
    if _for_page.get():
        from matplotlib.figure import Figure

        size = (PHONE_CM * CM, height_cm * CM)
        return Figure(figsize=size, layout="constrained").add_subplot()
    from matplotlib import pyplot as plt

    return plt.figure(figsize=(WIDTH_CM * CM, height_cm * CM), layout="constrained").add_subplot()


def _adopt(ax: Axes) -> None:
    """Apply the style of the figures to axes that the caller made."""
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
    """Return new axes on the right, which take the given shares of the width of `ax`.

    All share the rows of `ax`, and lie in one grid, so that the layout keeps them at one height.
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
    """Return the figure of the axes, even if they lie in a subfigure."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


LEGEND_ROW_PT: Final = 13.0
_TITLE_PT: Final = 6.1
TEXT_PT: Final = 4.5
"""Width of a column of text (half a Chinese character): in a title, elsewhere."""


def size_pt(ax: Axes) -> tuple[float, float]:
    """Return the approximate width of the axes with their labels, and their height."""
    figure, spec = figure_of(ax), ax.get_subplotspec()
    box = ax.get_position() if spec is None else spec.get_topmost_subplotspec().get_position(figure)
    # a subplot's place does not have the margins that the layout removes
    wider, higher = (1.0, 1.0) if spec is None else (1.27, 1.2)
    width = 72 * figure.get_figwidth() * min(1.0, box.width * wider)
    return float(width), float(72 * figure.get_figheight() * min(1.0, box.height * higher))


def labels_pt(ax: Axes) -> float:
    """Return the approximate width of the labels of rows."""
    lines = [line for text in ax.get_yticklabels() for line in text.get_text().splitlines()]
    return max(map(columns, lines), default=0) * TEXT_PT


def room_pt(ax: Axes) -> float:
    """Return the approximate width from the left edge of the axes to the right of their place."""
    return size_pt(ax)[0] - labels_pt(ax) - 12


def heading(ax: Axes, title: str, *, rows: int = 0) -> None:
    """Write a title above the figure and its legend, unless the figure is for a page."""
    if not _for_page.get():
        width = max(24, int(room_pt(ax) / _TITLE_PT))
        ax.set_title(
            folded(title, width), loc="left", pad=5 + rows * LEGEND_ROW_PT, parse_math=False,
            family=list(families()), size=SETTINGS["axes.titlesize"], weight="bold", color=INK,
        )  # fmt: skip


def grid_along(ax: Axes, axis: str) -> None:
    """Draw a light grid at the ticks of an axis."""
    ax.grid(visible=True, axis="x" if axis == "x" else "y", color=FAINT, linewidth=0.8)
    ax.tick_params(labelfontfamily=list(families()))


def plain(pad: float, alpha: float) -> dict[str, Any]:
    """Return the white background of a note that lies over lines."""
    return {"boxstyle": f"square,pad={pad}", "facecolor": "white", "edgecolor": "none",
            "alpha": alpha}  # fmt: skip


def rows_on(
    ax: Axes | None,
    labels: Sequence[str],
    single: float = 0.6,
    *,
    margin: float = 2.6,
    least: int = 2,
) -> Axes:
    """Return axes with a named row for each label, `single` centimetres high, or more if folded.

    There is room for at least `least` rows.
    """
    ax = axes_on(ax, margin + row_height_cm(labels, single) * max(len(labels), least))
    row_labels(ax, labels)
    grid_along(ax, "x")
    return ax


def row_labels(ax: Axes, labels: Sequence[str]) -> None:
    """Name the rows at 0, 1, 2 and so on, from top to bottom."""
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)


def write_instead(ax: Axes, text: tuple[str, str], language: Language) -> Axes:
    """Write a text in place of a figure that has nothing to show."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, tell(text, language), transform=ax.transAxes, ha="center", va="center",
            color=GREY)  # fmt: skip
    return ax
