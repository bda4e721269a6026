"""Shares and differences with their intervals, targets and numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.measures.limits import LimitJudgement
from sim.measures.shares import Verdict
from sim.report.drawing.axes import axes_on, grid_along, heading, room_pt, row_labels, write_instead
from sim.report.drawing.legends import legend, share_handles
from sim.report.drawing.style import INK, INTERVAL, SMALL, TARGET, VERDICTS
from sim.report.drawing.words import SHARED, tell
from sim.report.language import Language
from sim.report.numbers import bounded_percent, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis


@dataclass(frozen=True)
class Row:
    """An on-time share with its interval and target, drawn in one row."""

    label: str
    share: float
    low: float
    high: float
    target: float
    verdict: Verdict
    note: str = ""
    """Written after the share."""
    at_best: float | None = None
    """The share if cases with an unknown end are on time; None: there are none."""

    @classmethod
    def of(cls, label: str, judgement: LimitJudgement, note: str = "") -> Row:
        """Return the row of a judgement."""
        return cls(
            label, judgement.share, judgement.low, judgement.high,
            judgement.limit.target_share, judgement.verdict, note, judgement.share_at_best,
        )  # fmt: skip

    @property
    def shares(self) -> tuple[float, float]:
        """Both bounds of the share, equal without cases of an unknown end."""
        return self.share, self.share if self.at_best is None else self.at_best


def share_chart(ax: Axes | None, rows: Sequence[Row], title: str, language: Language) -> Axes:
    """Draw on-time shares in rows, with axis, legend and title; without rows, a note instead."""
    ax = axes_on(ax, 2.4 + 0.75 * max(len(rows), 1))
    if not rows:
        return write_instead(ax, SHARED["no_limit"], language)
    share_rows(ax, rows, language)
    targets = {row.target for row in rows}
    target = targets.pop() if len(targets) == 1 else None
    handles = share_handles((row.verdict for row in rows), language, target)
    heading(ax, title, rows=legend(ax, handles, 4))
    return ax


def share_rows(ax: Axes, rows: Sequence[Row], language: Language) -> None:
    """Draw on-time shares from top to bottom, with the numbers at the right."""
    for place, row in enumerate(rows):
        colour, marker, filling = VERDICTS[row.verdict]
        ax.plot([row.low, row.high], [place, place], color=colour, **INTERVAL)
        ax.plot([row.target] * 2, [place - 0.42, place + 0.42], **TARGET)
        for number, share in enumerate(dict.fromkeys(row.shares)):
            if not math.isnan(share):
                ax.plot(share, place, marker=marker, color=colour, markerfacecolor=filling,
                        markersize=7, gid=f"share-{place}" + "-at-best" * number)  # fmt: skip
        text_at_right(ax, place, f"{bounded_percent(*row.shares)}{row.note}")
    row_labels(ax, [row.label for row in rows])
    least = min((value for row in rows for value in (row.low, row.target)), default=0.0)
    percent_limits(ax, least, 1.0)
    ax.set_xlabel(tell(SHARED["on_time_axis"], language))
    notes = max((len(row.note) for row in rows), default=0) * 4.5 + 40
    percent_axis(ax.xaxis, ticks=max(2, min(6, int((room_pt(ax) - notes) / 45))))
    grid_along(ax, "x")


def share_column(
    ax: Axes, place: float, share: float, low: float, high: float, verdict: Verdict, gid: str = ""
) -> None:
    """Draw an on-time share with its vertical interval, in the style of its verdict."""
    colour, marker, filling = VERDICTS[verdict]
    ax.plot([place, place], [low, high], color=colour, **INTERVAL)
    ax.plot(place, share, marker=marker, color=colour, markerfacecolor=filling, markersize=6.5,
            gid=gid or None)  # fmt: skip


def share_axis(ax: Axes, least: float, language: Language) -> None:
    """Scale the vertical axis for on-time shares, from below the least one to 100 %."""
    ax.set_ylim(max(-0.02, least - 0.05 * (1 - least) - 0.005), 1 + 0.03 * (1.01 - least))
    percent_axis(ax.yaxis)
    ax.set_ylabel(tell(SHARED["on_time_axis"], language))
    grid_along(ax, "y")


def interval(ax: Axes, place: float, low: float, high: float, **look: Any) -> None:
    """Draw an interval along a row, unless it is unknown."""
    if math.isfinite(low):
        ax.plot([low, high], [place] * 2, **look)


def text_at_right(ax: Axes, place: float, text: str) -> None:
    """Write a text after the end of a row."""
    ax.annotate(
        text, (1, place), xycoords=("axes fraction", "data"), xytext=(6, 0),
        textcoords="offset points", va="center", fontsize=SMALL, annotation_clip=False,
    )  # fmt: skip


def percent_limits(ax: Axes, low: float, high: float) -> None:
    """Scale an axis from below the lowest share to the highest, with room for marks."""
    step = 0.01 if high - low < 0.1 else 0.05 if high - low < 0.5 else 0.1
    low = max(0.0, math.floor((low - 0.02 * (high - low)) / step + 1e-9) * step)
    room = 0.015 * max(high - low, 0.01)
    ax.set_xlim(low - (room if low == 0 else 0), high + room)


def percent_axis(axis: Axis, ticks: int = 6) -> None:
    """Write the ticks of an axis in per cent, none outside 0 … 100."""

    def write(value: float) -> str:
        return percent(round(value, 6), None) if -1e-9 <= value <= 1 + 1e-9 else ""

    _ticks(axis, ticks, write)


def points_axis(axis: Axis) -> None:
    """Write differences of shares in points, with their sign."""
    _ticks(axis, 6, lambda value: signed(100 * value, None))


def _ticks(axis: Axis, most: int, write: Callable[[float], str]) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: write(value)))


def signed(value: float, digits: int | None) -> str:
    """Return a number with its sign; 0 has none, and an unknown number is a dash."""
    if not math.isfinite(value):
        return "–"
    shown = round(value, 6 if digits is None else digits)
    text = f"{abs(shown):g}" if digits is None else f"{abs(shown):.{digits}f}"
    return text if shown == 0 else ("+" if shown > 0 else "−") + text


def text_after_bar(ax: Axes, value: float, place: float, text: str, inside: bool = False) -> None:
    """Write a number after the end of a horizontal bar, or inside it."""
    ax.annotate(
        text, (value, place), xytext=(-3 if inside else 3, 0), textcoords="offset points",
        va="center", ha="right" if inside else "left", color="white" if inside else INK,
        fontsize=SMALL, annotation_clip=False,
    )  # fmt: skip
