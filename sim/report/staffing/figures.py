"""Staff: what so many officers keep, whom the plan adds or spares, what one more would bring."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal

from sim.experiments import Staffing
from sim.experiments.staffing.requirements import Judged, Requirement
from sim.experiments.staffing.result import OneMore, Point
from sim.experiments.staffing.teams import Team
from sim.report.drawing.axes import along, axes_on, heading, legend
from sim.report.drawing.intervals import (
    at_right,
    line_handle,
    nothing,
    percent_axis,
    points_axis,
    signed,
    target_handle,
    verdict_handles,
)
from sim.report.drawing.labels import LONG, Names, folded, row_cm, tame
from sim.report.drawing.style import (
    BLUE,
    GREY,
    INK,
    LIGHT,
    MARKERS,
    ORANGE,
    SERIES,
    VERDICTS,
    styled,
)
from sim.report.drawing.words import tell
from sim.report.words import Language

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

MOST_TEAMS: Final = 20
LABEL: Final = 32


@styled
def staff_frontier(
    staffing: Staffing, *, ax: Axes | None = None, language: Language = "en"
) -> Axes:
    """Draw heads against the on-time share of the limit that is kept worst, under the best plan.

    Today's number and that of the plan are marked. If only waits are required, there is nothing
    to draw.
    """
    ax = axes_on(ax, 8)
    shown = [
        (point, *worst) for point in staffing.points if (worst := worst_limit(staffing, point))
    ]
    if not shown:
        return nothing(ax, tell("no_plan", language))
    ax.plot([each.heads for each, *_ in shown], [judged.value for *_, judged in shown],
            color=LIGHT, linewidth=1.2, zorder=1, label="frontier")  # fmt: skip
    for point, required, judged in shown:
        colour, marker, filling = VERDICTS[judged.verdict]
        ax.plot([point.heads] * 2, [judged.low, judged.high], color=colour, linewidth=2.2,
                alpha=0.55, solid_capstyle="round")  # fmt: skip
        ax.plot(point.heads, judged.value, marker=marker, color=colour, markerfacecolor=filling,
                markersize=6.5)  # fmt: skip
        ax.plot([point.heads - 0.4, point.heads + 0.4], [required.target] * 2, color=INK,
                linewidth=1.2, linestyle=(0, (2, 1)))  # fmt: skip
    handles = [
        *verdict_handles((judged.verdict for *_, judged in shown), language),
        target_handle(language),
        *_marked(ax, staffing, language),
    ]
    least = min(min(judged.low, required.target) for _, required, judged in shown)
    ax.set_ylim(max(-0.02, least - 0.05 * (1 - least) - 0.005), 1 + 0.03 * (1.01 - least))
    percent_axis(ax.yaxis)
    _whole_heads(ax)
    ax.set_xlabel(tell("heads_axis", language))
    ax.set_ylabel(tell("worst_axis", language))
    along(ax, "y")
    heading(ax, tell("frontier_title", language), rows=legend(ax, handles, 4))
    return ax


def worst_limit(staffing: Staffing, point: Point) -> tuple[Requirement, Judged] | None:
    """Return the limit that is least surely kept under the plan of a point."""
    pairs = zip(staffing.requirements, point.judged, strict=True)
    limits = [(each, judged) for each, judged in pairs if each.kind == "limit"]
    return min(limits, key=lambda pair: pair[1].sure_margin, default=None)


def _marked(ax: Axes, staffing: Staffing, language: Language) -> list[Artist]:
    today = sum(staffing.today)
    ax.axvline(today, color=GREY, linewidth=1, linestyle=":", label="today")
    handles = [
        line_handle(tell("today_heads", language, heads=today), color=GREY, linewidth=1,
                    linestyle=":")
    ]  # fmt: skip
    if staffing.plan is not None:
        plan = sum(staffing.plan)
        ax.axvline(plan, color=BLUE, linewidth=1.2, linestyle="-.", label="plan")
        text = tell("plan_heads", language, heads=plan)
        handles.append(line_handle(text, color=BLUE, linewidth=1.2, linestyle="-."))
    return handles


def _whole_heads(ax: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True))


@styled
def staff_plan(staffing: Staffing, *, ax: Axes | None = None, language: Language = "en") -> Axes:
    """Draw the officers of each team today, under the plan, and the fewest who keep up."""
    labels = [folded(team_label(staffing, each, language), LABEL) for each in staffing.teams]
    ax = axes_on(ax, 2.6 + row_cm(labels, 0.6) * len(labels))
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
        at_right(ax, place, f"{today} → {then}" if then != today else f"{today}")
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    most = max(*staffing.today, *staffing.lowest, *(staffing.plan or (0,)))
    ax.set_xlim(-0.3, most + 0.4)
    _whole_heads(ax)
    ax.set_xlabel(tell("heads_axis", language))
    along(ax, "x")
    heading(
        ax, plan_title(staffing, language), rows=legend(ax, _plan_handles(staffing, language), 4)
    )
    return ax


def plan_title(staffing: Staffing, language: Language) -> str:
    """Say what the plan comes to."""
    if staffing.plan is None:
        return tell("plan_none", language, today=sum(staffing.today))
    return tell("plan_title", language, today=sum(staffing.today), plan=sum(staffing.plan))


def _plan_handles(staffing: Staffing, language: Language) -> list[Artist]:
    bare = {"linestyle": "none"}
    handles = [
        line_handle(tell("today", language), color=GREY, marker="o", **bare),
        line_handle(tell("floor", language), color=INK, marker="|", markersize=9, **bare),
    ]
    pairs = list(zip(staffing.today, staffing.plan or staffing.today, strict=True))
    for key, colour, occurs in (
        ("plan_less", BLUE, any(then < today for today, then in pairs)),
        ("plan_more", ORANGE, any(then > today for today, then in pairs)),
    ):
        if occurs:
            handles.append(line_handle(tell(key, language), color=colour, marker="D", **bare))
    return handles


def team_label(staffing: Staffing, team: Team, language: Language) -> str:
    """Return a team's label: that of its group, else of the first pool it serves."""
    names = Names(staffing.scenario, language)
    group = staffing.scenario.staff[team.group]
    label = names.text(group.label) or names.pool(group.serves[0])
    if team.value is not None:
        attribute = staffing.scenario.pools[group.serves[0]].per
        label = f"{label} · {names.value(attribute or '', team.value)}"
    return tame(label, LONG)


@styled
def one_more(
    staffing: Staffing,
    at: Literal["today", "plan"] = "today",
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw what one officer more in each team brings to each limit, today or under the plan.

    What is proven is filled: the intervals of all teams hold together.
    """
    limits = [each.name for each in staffing.requirements if each.kind == "limit"]
    found = [
        each
        for each in staffing.one_more
        if each.at == at and each.by == 1 and each.requirement.name in limits
    ]
    teams = _most_helped(found)
    labels = [folded(team_label(staffing, each, language), LABEL) for each in teams]
    ax = axes_on(ax, 2.6 + row_cm(labels, 0.3 + 0.3 * max(len(limits), 1)) * max(len(labels), 2))
    if not found:
        return nothing(ax, tell("no_plan", language))
    names = Names(staffing.scenario, language)
    place = {each.name: number for number, each in enumerate(teams)}
    for each in found:
        if each.team.name in place:
            number = limits.index(each.requirement.name)
            shift = (number - (len(limits) - 1) / 2) * 0.28
            _dot(ax, each, place[each.team.name] + shift, number)
    ax.axvline(0, color=INK, linewidth=0.8)
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    points_axis(ax.xaxis)
    ax.set_xlabel(tell("one_more_axis", language))
    along(ax, "x")
    handles = [
        line_handle(names.limit(limit), color=SERIES[number % len(SERIES)],
                    marker=MARKERS[number % len(MARKERS)])
        for number, limit in enumerate(limits)
    ]  # fmt: skip
    handles.append(line_handle(tell("not_proven", language), color=GREY, marker="o",
                               markerfacecolor="white", linestyle="none"))  # fmt: skip
    heading(ax, tell(f"one_more_{at}", language), rows=legend(ax, handles, 3))
    return ax


def _most_helped(found: Sequence[OneMore]) -> list[Team]:
    value: dict[str, float] = {}
    for each in found:
        change = each.change.value if math.isfinite(each.change.value) else 0.0
        value[each.team.name] = max(value.get(each.team.name, -math.inf), change)
    teams = {each.team.name: each.team for each in found}
    order = sorted(teams, key=lambda name: (-value[name], name))
    return [teams[name] for name in order[:MOST_TEAMS]]


def _dot(ax: Axes, each: OneMore, place: float, number: int) -> None:
    colour, marker = SERIES[number % len(SERIES)], MARKERS[number % len(MARKERS)]
    if math.isfinite(each.change.low):
        ax.plot([each.change.low, each.change.high], [place] * 2, color=colour, linewidth=1.8,
                alpha=0.55)  # fmt: skip
    filled = colour if each.change.sign else "white"
    ax.plot(each.change.value, place, marker=marker, color=colour, markerfacecolor=filled,
            label=signed(100 * each.change.value, 1))  # fmt: skip
