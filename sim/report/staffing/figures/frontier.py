"""Heads against the on-time share of the limit that is kept worst."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sim.experiments import Staffing
from sim.experiments.staffing.requirements import Judged, Requirement
from sim.experiments.staffing.result import Point
from sim.report.drawing.axes import axes_on, grid_along, heading, legend
from sim.report.drawing.figure import Figure, Options, fixed_title
from sim.report.drawing.intervals import (
    TARGET,
    line_handle,
    share_column,
    share_height,
    target_handle,
    verdict_handles,
    write_instead,
)
from sim.report.drawing.style import BLUE, GREY, LIGHT, styled
from sim.report.drawing.words import Words, tell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.staffing.figures.teams import WORDS as STAFF_WORDS
from sim.report.staffing.figures.teams import whole_heads
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

WORDS: Final[Words] = {
    "title": ("What so many officers keep", "不同人数下的按期率"),
    "axis": ("On-time share of the limit\nthat is kept worst", "最难守住的时限\n按期率"),
    "today": ("today: {heads}", "现有:{heads}"),
    "plan": ("plan: {heads}", "方案:{heads}"),
    "caption": (
        "The best plan seen of {fewest} officers keeps the worst limit in {least} of the cases; "
        "that of {heads}, in {most}.",
        "所试 {fewest} 人的最好方案,最难守住的时限按期率为 {least};{heads} 人则为 {most}。",
    ),
}
_title = fixed_title(WORDS["title"])


@styled
def staff_frontier(
    staffing: Staffing, *, ax: Axes | None = None, language: Language = "en"
) -> Axes:
    """Draw heads against the on-time share of the limit that is kept worst, under the best plan.

    Today's heads and those of the plan are marked. Without required limits there is nothing to
    draw.
    """
    ax = axes_on(ax, 8)
    shown = worst_limits(staffing)
    if not shown:
        return write_instead(ax, tell(STAFF_WORDS["no_plan"], language))
    ax.plot([point.heads for point, *_ in shown], [judged.value for *_, judged in shown],
            color=LIGHT, linewidth=1.2, zorder=1, label="frontier")  # fmt: skip
    for point, required, judged in shown:
        heads = point.heads
        share_column(ax, heads, judged.value, judged.low, judged.high, judged.verdict)
        ax.plot([heads - 0.4, heads + 0.4], [required.target] * 2, **TARGET)
    handles = [
        *verdict_handles((judged.verdict for *_, judged in shown), language),
        target_handle(language),
        *_marked(ax, staffing, language),
    ]
    share_height(ax, min(min(judged.low, required.target) for _, required, judged in shown))
    whole_heads(ax)
    ax.set_xlabel(tell(STAFF_WORDS["heads"], language))
    ax.set_ylabel(tell(WORDS["axis"], language))
    grid_along(ax, "y")
    heading(ax, _title(staffing, language), rows=legend(ax, handles, 4))
    return ax


def worst_limits(staffing: Staffing) -> list[tuple[Point, Requirement, Judged]]:
    """Return each point with the limit that is least surely kept under its plan."""
    worst = []
    for point in staffing.points:
        judged = zip(staffing.requirements, point.judged, strict=True)
        limits = [pair for pair in judged if pair[0].kind == "limit"]
        if limits:
            worst.append((point, *min(limits, key=lambda pair: pair[1].sure_margin)))
    return worst


def _marked(ax: Axes, staffing: Staffing, language: Language) -> list[Artist]:
    """Mark the heads of today and of the plan; return their legend."""
    today = sum(staffing.today)
    ax.axvline(today, color=GREY, linewidth=1, linestyle=":", label="today")
    text = tell(WORDS["today"], language, heads=today)
    handles = [line_handle(text, color=GREY, linewidth=1, linestyle=":")]
    if staffing.plan is not None:
        plan = sum(staffing.plan)
        ax.axvline(plan, color=BLUE, linewidth=1.2, linestyle="-.", label="plan")
        text = tell(WORDS["plan"], language, heads=plan)
        handles.append(line_handle(text, color=BLUE, linewidth=1.2, linestyle="-."))
    return handles


def _variants(staffing: Staffing) -> Mapping[str, Options]:
    return {"frontier": {}} if len(worst_limits(staffing)) > 1 else {}


def _caption(staffing: Staffing, language: Language) -> str:
    (fewest, _, least), *_, (most, _, best) = worst_limits(staffing)
    return phrase(
        WORDS["caption"],
        language,
        fewest=fewest.heads,
        least=percent(least.value),
        heads=most.heads,
        most=percent(best.value),
    )


FRONTIER: Final = Figure("staff_frontier", staff_frontier, _variants, _title, _caption)
