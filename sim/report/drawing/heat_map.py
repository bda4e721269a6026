"""Heat maps: tables of numbers as colours, with the numbers in the cells if they fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.arrays import Floats
from sim.report.drawing.axes import figure_of
from sim.report.drawing.style import GREY, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap


STEPS: Final = 32
MOST_WRITTEN: Final = 14
"""Most columns with which numbers in cells are readable."""


def blues() -> Colormap:
    """Return the colours from low to high, in few steps: the scale is then no bitmap."""
    import matplotlib as mpl

    return mpl.colormaps["Blues"].resampled(STEPS)


def heat_map(
    ax: Axes,
    values: Floats,
    rows: Sequence[str],
    columns: Sequence[str],
    write: Callable[[float], str],
    label: str,
    *,
    low: float | None = None,
    high: float | None = None,
) -> None:
    """Draw numbers [rows, columns], the first row at the top; NaN stays white, with a dash.

    `write` formats a number, in a cell and beside the scale of colours. The scale has the label
    and goes from `low` to `high`; default: the least and the greatest value.
    """
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    known = values[np.isfinite(values)]
    least = low if low is not None else float(known.min()) if len(known) else 0.0
    most = high if high is not None else float(known.max()) if len(known) else 1.0
    mesh = ax.pcolormesh(
        np.arange(len(columns) + 1) - 0.5, np.arange(len(rows) + 1) - 0.5,
        np.ma.masked_invalid(values), cmap=blues(), vmin=least, vmax=max(most, least + 1e-9),
        edgecolors="white", linewidth=1.2,
    )  # fmt: skip
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_yticks(range(len(rows)), rows)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    if len(columns) <= MOST_WRITTEN:
        size = 7.5 if len(columns) <= 8 else 6.5
        for (row, column), value in np.ndenumerate(values):
            dark = math.isfinite(value) and (value - least) / max(most - least, 1e-9) > 0.55
            ax.text(column, row, write(float(value)), ha="center", va="center", fontsize=size,
                    color="white" if dark else INK if math.isfinite(value) else GREY)  # fmt: skip
    bar = figure_of(ax).colorbar(mesh, ax=ax, fraction=0.03, pad=0.015, aspect=2.6 * len(rows))
    bar.outline.set_visible(False)
    bar.ax.yaxis.set_major_locator(MaxNLocator(nbins=5))
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: write(value)))
    bar.set_label(label)
