"""The officers of each team today and in the plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sim.experiments import Staffing
from sim.report.drawing.axes import axes_on, grid_along, heading, legend
from sim.report.drawing.figure import Figure, Options
from sim.report.drawing.intervals import line_handle, row_labels, text_at_right
from sim.report.drawing.labels import row_height_cm
from sim.report.drawing.style import BLUE, GREY, INK, ORANGE, styled
from sim.report.drawing.words import SHARED, Words, joined, tell
from sim.report.language import Language
from sim.report.staffing.figures.teams import WORDS as STAFF_WORDS
from sim.report.staffing.figures.teams import (
    folded_label,
    team_label,
    whole_heads,
)
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

WORDS: Final[Words] = {
    "title": (
        "Staff: {today} today, {plan} in the plan",
        "人员:现有 {today} 人,方案 {plan} 人",
    ),
    "title_none": ("Staff: {today} today; no plan was found", "人员:现有 {today} 人;未找到方案"),
    "floor": ("fewest who keep up", "跟得上的下限"),
    "less": ("plan: fewer", "方案:减少"),
    "more": ("plan: more", "方案:增加"),
    "caption": (
        "The plan has {plan} officers where there are {today} today; the most changed: {changed}.",
        "方案共 {plan} 人,现有 {today} 人;变化最大的:{changed}。",
    ),
    "caption_same": (
        "The plan has {plan} officers, in every team as many as today.",
        "方案共 {plan} 人,各组与现有相同。",
    ),
    "caption_none": (
        "No plan was found that keeps every requirement; today there are {today} officers. The "
        "marks are the fewest with which each team keeps up.",
        "未找到满足全部要求的方案;现有 {today} 人。竖线为各组跟得上工作量的下限。",
    ),
    "changed": ("{team} {today} → {then}", "{team} {today} → {then}"),
}


@styled
def staff_plan(staffing: Staffing, *, ax: Axes | None = None, language: Language = "en") -> Axes:
    """Draw the officers of each team today, under the plan, and the fewest who keep up."""
    labels = [folded_label(staffing, team, language) for team in staffing.teams]
    ax = axes_on(ax, 2.6 + row_height_cm(labels, 0.6) * len(labels))
    for place, today in enumerate(staffing.today):
        then = today if staffing.plan is None else staffing.plan[place]
        ax.plot(staffing.lowest[place], place, marker="|", color=INK, markersize=14,
                markeredgewidth=1.4, zorder=1)  # fmt: skip
        ax.plot(today, place, "o", color=GREY, markersize=7, zorder=2,
                markerfacecolor=GREY if then == today else "white")  # fmt: skip
        if then != today:
            colour = ORANGE if then > today else BLUE
            ax.plot([today, then], [place, place], color=colour, linewidth=3, alpha=0.5, zorder=1)
            ax.plot(then, place, "D", color=colour, markersize=6.5)
        text_at_right(ax, place, f"{today} → {then}" if then != today else f"{today}")
    row_labels(ax, labels)
    most = max(*staffing.today, *staffing.lowest, *(staffing.plan or (0,)))
    ax.set_xlim(-0.3, most + 0.4)
    whole_heads(ax)
    ax.set_xlabel(tell(STAFF_WORDS["heads"], language))
    grid_along(ax, "x")
    rows = legend(ax, _handles(staffing, language), 4)
    heading(ax, _title(staffing, language), rows=rows)
    return ax


def _handles(staffing: Staffing, language: Language) -> list[Artist]:
    bare = {"linestyle": "none"}
    handles = [
        line_handle(tell(SHARED["today"], language), color=GREY, marker="o", **bare),
        line_handle(tell(WORDS["floor"], language), color=INK, marker="|", markersize=9, **bare),
    ]
    pairs = list(zip(staffing.today, staffing.plan or staffing.today, strict=True))
    for key, colour, occurs in (
        ("less", BLUE, any(then < today for today, then in pairs)),
        ("more", ORANGE, any(then > today for today, then in pairs)),
    ):
        if occurs:
            handles.append(
                line_handle(tell(WORDS[key], language), color=colour, marker="D", **bare)
            )
    return handles


def _variants(_staffing: Staffing) -> Mapping[str, Options]:
    return {"plan": {}}


def _title(staffing: Staffing, language: Language) -> str:
    today = sum(staffing.today)
    if staffing.plan is None:
        return tell(WORDS["title_none"], language, today=today)
    return tell(WORDS["title"], language, today=today, plan=sum(staffing.plan))


def _caption(staffing: Staffing, language: Language) -> str:
    today = sum(staffing.today)
    if staffing.plan is None:
        return phrase(WORDS["caption_none"], language, today=today)
    changes = sorted(
        zip(staffing.teams, staffing.today, staffing.plan, strict=True),
        key=lambda change: -abs(change[2] - change[1]),
    )
    changed = [
        phrase(
            WORDS["changed"],
            language,
            team=team_label(staffing, team, language),
            today=before,
            then=then,
        )
        for team, before, then in changes[:3]
        if then != before
    ]
    return phrase(
        WORDS["caption" if changed else "caption_same"],
        language,
        plan=sum(staffing.plan),
        today=today,
        changed=joined(changed, language),
    )


PLAN: Final = Figure("staff_plan", staff_plan, _variants, _title, _caption)
