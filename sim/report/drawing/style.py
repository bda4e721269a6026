"""The style of all figures: sizes, and colours with a meaning.

Matplotlib's settings stay as they are: `style` changes them only while a figure is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from sim.measures.days import Category
from sim.measures.shares import Verdict
from sim.process.graph import Owner
from sim.report.drawing.fonts import families

WIDTH_CM: Final = 16.0
"""The width of a page between its margins."""
PHONE_CM: Final = 10.0
"""The width of figures on pages: two fit side by side, and one fits a phone, with text to read."""
CM: Final = 1 / 2.54
"""Inches."""

# Okabe and Ito (2008): colour-blind readers can tell these apart.
BLUE, SKY, GREEN, YELLOW = "#0072B2", "#56B4E9", "#009E73", "#F0E442"
ORANGE, RED, PURPLE = "#E69F00", "#D55E00", "#CC79A7"
INK, GREY, LIGHT, FAINT = "#222222", "#707070", "#C8C8C8", "#EEEEEE"
SERIES: Final = (BLUE, ORANGE, GREEN, PURPLE, RED, SKY, INK, GREY)
"""Colours of lines without a fixed meaning."""
LINES: Final = ("-", "--", "-.", ":")
MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X", "*")

VERDICTS: Final[Mapping[Verdict, tuple[str, str, str]]] = {
    "holds": (GREEN, "o", GREEN),
    "fails": (RED, "X", RED),
    "undecided": (ORANGE, "D", "white"),
}
"""Verdict → colour, marker, filling of the marker."""
CATEGORIES: Final[Mapping[Category, str]] = {
    Category.WAITING: SKY,
    Category.WORK: BLUE,
    Category.TRANSFER: GREEN,
    Category.CORRECTION: ORANGE,
    Category.EXCLUDED: YELLOW,
    Category.THIRD_PARTY: PURPLE,
    Category.OTHER: LIGHT,
    Category.SUPERVISION: GREY,
}
OWNERS: Final[Mapping[Owner, str]] = {
    Owner.AUTHORITY: BLUE,
    Owner.APPLICANT: ORANGE,
    Owner.THIRD_PARTY: PURPLE,
    Owner.SPECIAL: YELLOW,
    Owner.PUBLICITY: YELLOW,
    Owner.DEFERRED: ORANGE,
    Owner.SUPERVISION: GREY,
}
"""Owner of a span of time → colour of the category that the time counts towards."""

SETTINGS: Final[dict[Any, Any]] = {
    "text.parse_math": False,  # a `$` in a label begins no formula
    "axes.formatter.use_mathtext": False,
    "axes.unicode_minus": True,
    "font.size": 8.5,
    "axes.titlesize": 9.5,
    "axes.labelsize": 8.5,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.axisbelow": True,
    "axes.facecolor": "white",
    "figure.facecolor": "white",
    "grid.color": FAINT,
    "grid.linewidth": 0.8,
    "hatch.linewidth": 0.6,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "legend.handlelength": 1.6,
    "legend.columnspacing": 1.4,
    "lines.linewidth": 1.6,
    "lines.markersize": 5.5,
    "text.color": INK,
    "text.usetex": False,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 0,
    "savefig.facecolor": "white",
    "figure.max_open_warning": 0,
}
SMALL: Final = 7.5
"""Font size of notes beside markers."""
TARGET: Final[dict[str, Any]] = {"color": INK, "linewidth": 1.2, "linestyle": (0, (2, 1))}
"""The style of a target."""
INTERVAL: Final[dict[str, Any]] = {"linewidth": 2.2, "alpha": 0.55, "solid_capstyle": "round"}
"""The style of an interval through a marker."""


@contextmanager
def settings(ours: dict[Any, Any]) -> Iterator[None]:
    """Apply these settings of Matplotlib to what is drawn inside, and put back these alone.

    `rc_context` puts everything back, also that a notebook's first figure, drawn inside, made
    Matplotlib interactive; no later figure would be shown.
    """
    import matplotlib as mpl

    before = {name: mpl.rcParams[name] for name in ours}
    mpl.rcParams.update(ours)
    try:
        yield
    finally:
        mpl.rcParams.update(before)


@contextmanager
def style() -> Iterator[None]:
    """Apply the style of the figures to what is drawn inside; also a decorator: ``@style()``."""
    with settings({**SETTINGS, "font.family": list(families())}):
        yield
