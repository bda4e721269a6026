"""Marks that several figures share: shares with intervals, targets, value labels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.measures.limits import LimitJudgement
from sim.measures.shares import Verdict
from sim.report.drawing.axes import room_pt
from sim.report.drawing.style import GREY, INK, SMALL, VERDICTS
from sim.report.drawing.words import tell
from sim.report.terminal import percent
from sim.report.words import Language, say

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis


@dataclass(frozen=True)
class Row:
    """An on-time share with its interval and target, to be drawn in a line of its own."""

    label: str
    share: float
    low: float
    high: float
    target: float
    verdict: Verdict
    note: str = ""
    """Stands behind the numbers."""

    @classmethod
    def of(cls, label: str, limit: LimitJudgement, note: str = "") -> Row:
        """Return the row of a judgement."""
        return cls(
            label, limit.share, limit.low, limit.high, limit.limit.target_share, limit.verdict,
            note,
        )  # fmt: skip


def share_rows(ax: Axes, rows: Sequence[Row], language: Language) -> None:
    """Draw on-time shares from top to bottom, with the numbers at the right."""
    for place, row in enumerate(rows):
        colour, marker, filling = VERDICTS[row.verdict]
        ax.plot([row.low, row.high], [place, place], color=colour, linewidth=2.2, alpha=0.55,
                solid_capstyle="round")  # fmt: skip
        ax.plot([row.target] * 2, [place - 0.42, place + 0.42], color=INK, linewidth=1.2,
                linestyle=(0, (2, 1)))  # fmt: skip
        if not math.isnan(row.share):
            ax.plot(row.share, place, marker=marker, color=colour, markerfacecolor=filling,
                    markersize=7, gid=f"share-{place}")  # fmt: skip
        at_right(ax, place, f"{percent(row.share)}{row.note}")
    ax.set_yticks(range(len(rows)), [row.label for row in rows])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    least = min((value for row in rows for value in (row.low, row.target)), default=0.0)
    percent_limits(ax, least, 1.0)
    ax.set_xlabel(tell("on_time_axis", language))
    notes = max((len(row.note) for row in rows), default=0) * 4.5 + 40
    percent_axis(ax.xaxis, ticks=max(2, min(6, int((room_pt(ax) - notes) / 45))))


def at_right(ax: Axes, place: float, text: str) -> None:
    """Write numbers behind the end of a row."""
    ax.annotate(
        text, (1, place), xycoords=("axes fraction", "data"), xytext=(6, 0),
        textcoords="offset points", va="center", fontsize=SMALL, annotation_clip=False,
    )  # fmt: skip


def percent_limits(ax: Axes, low: float, high: float) -> None:
    """Show shares from below the lowest to the highest, with some room for marks."""
    step = 0.01 if high - low < 0.1 else 0.05 if high - low < 0.5 else 0.1
    low = max(0.0, math.floor((low - 0.02 * (high - low)) / step + 1e-9) * step)
    room = 0.015 * max(high - low, 0.01)
    ax.set_xlim(low - (room if low == 0 else 0), high + room)


def percent_axis(axis: Axis, digits: int | None = None, ticks: int = 6) -> None:
    """Write the ticks of an axis in per cent, none outside 0 … 100."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=ticks, steps=[1, 2, 2.5, 5, 10]))

    def written(value: float, _: int | None) -> str:
        return percent(round(value, 6), digits) if -1e-9 <= value <= 1 + 1e-9 else ""

    axis.set_major_formatter(FuncFormatter(written))


def points_axis(axis: Axis) -> None:
    """Write differences of shares in points, with their sign."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: signed(100 * value, None)))


def signed(value: float, digits: int | None) -> str:
    """Write a number with its sign, and 0 without; what is not known as a dash."""
    if not math.isfinite(value):
        return "–"
    shown = round(value, 6 if digits is None else digits)
    text = f"{abs(shown):g}" if digits is None else f"{abs(shown):.{digits}f}"
    return text if shown == 0 else ("+" if shown > 0 else "−") + text


def verdict_handles(verdicts: Iterable[Verdict], language: Language) -> list[Artist]:
    """Return the legend of the verdicts that occur, in their fixed order."""
    from matplotlib.lines import Line2D

    found = set(verdicts)
    return [
        Line2D([], [], color=colour, marker=marker, markerfacecolor=filling, markersize=6.5,
               linewidth=2.2, label=say(verdict, language))
        for verdict, (colour, marker, filling) in VERDICTS.items()
        if verdict in found
    ]  # fmt: skip


def target_handle(language: Language, target: float | None = None) -> Artist:
    """Return the legend of a target."""
    from matplotlib.lines import Line2D

    label = tell("target", language)
    label += "" if target is None else f" {percent(target, None)}"
    return Line2D([], [], color=INK, linewidth=1.2, linestyle=(0, (2, 1)), label=label)


def line_handle(label: str, **look: object) -> Artist:
    """Return the legend of a line."""
    from matplotlib.lines import Line2D

    return Line2D([], [], label=label, **look)  # type: ignore[arg-type]


def patch_handle(label: str, colour: str, hatch: str = "") -> Artist:
    """Return the legend of an area."""
    from matplotlib.patches import Patch

    return Patch(facecolor=colour, label=label, hatch=hatch, edgecolor="white")


def nothing(ax: Axes, text: str) -> Axes:
    """Say that there is nothing to show, instead of empty axes."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", color=GREY)
    return ax


def at_end(ax: Axes, value: float, place: float, text: str, *, inside: bool = False) -> None:
    """Write a number behind the end of a horizontal bar, or inside it."""
    ax.annotate(
        text, (value, place), xytext=(-3 if inside else 3, 0), textcoords="offset points",
        va="center", ha="right" if inside else "left", color="white" if inside else INK,
        fontsize=SMALL, annotation_clip=False,
    )  # fmt: skip
