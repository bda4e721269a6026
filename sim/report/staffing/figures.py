"""The figures of a search for staff: the plan, the frontier, and the value of one more officer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from sim.experiments import Staffing
from sim.experiments.staffing.requirements import JudgedRequirement, Requirement
from sim.experiments.staffing.result import OneMore, Point
from sim.experiments.staffing.teams import Team
from sim.report.drawing.axes import axes_on, heading, rows_on, write_instead
from sim.report.drawing.figure import Figure, Options, titled
from sim.report.drawing.intervals import (
    interval,
    points_axis,
    share_axis,
    share_column,
    signed,
    text_at_right,
)
from sim.report.drawing.labels import LONG, Names, folded, one_line
from sim.report.drawing.legends import legend, line_handle, share_handles
from sim.report.drawing.style import BLUE, GREY, INK, LIGHT, MARKERS, ORANGE, SERIES, TARGET, style
from sim.report.drawing.words import SHARED, Words, joined, tell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

At = Literal["today", "plan"]
MOST_TEAMS: Final = 20
WORDS: Final[Words] = {
    "heads": ("Officers", "人数"),
    "no_plan": ("No plan was tried.", "没有试算方案。"),
    "plan": ("Staff: {today} today, {plan} in the plan", "人员:现有 {today} 人,方案 {plan} 人"),
    "plan_none": ("Staff: {today} today; no plan was found", "人员:现有 {today} 人;未找到方案"),
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
    "frontier": ("What so many officers keep", "不同人数下的按期率"),
    "worst": ("On-time share of the limit\nthat is kept worst", "最难守住的时限\n按期率"),
    "at_today": ("today: {heads}", "现有:{heads}"),
    "at_plan": ("plan: {heads}", "方案:{heads}"),
    "caption_frontier": (
        "The best plan seen of {fewest} officers keeps the worst limit in {least} of the cases; "
        "that of {heads}, in {most}.",
        "所试 {fewest} 人的最好方案,最难守住的时限按期率为 {least};{heads} 人则为 {most}。",
    ),
    "more_today": ("What one officer more would bring today", "现有配置上增加一人的作用"),
    "more_plan": ("What one officer more would bring to the plan", "方案之上增加一人的作用"),
    "change": ("Change of the on-time share, points", "按期率变化,百分点"),
    "caption_more": (
        "One officer more helps most in {team}: {value} points of “{limit}” ({low} to {high}). "
        "Proven are {proven} of {count} changes.",
        "增加一人以{team}作用最大:“{limit}”{value} 个百分点({low} 至 {high})。"
        "{count} 项变化中证实 {proven} 项。",
    ),
}
_frontier_title = titled(WORDS["frontier"])


def _label(staffing: Staffing, team: Team, language: Language) -> str:
    """Return a team's label: that of its group, else of the first pool it serves."""
    names = Names(staffing.scenario, language)
    group = staffing.scenario.staff[team.group]
    label = names.text(group.label) or names.pool(group.serves[0])
    if team.value is not None:
        attribute = staffing.scenario.pools[group.serves[0]].per
        label = f"{label} · {names.value(attribute or '', team.value)}"
    return one_line(label, LONG)


def _labels(staffing: Staffing, teams: Sequence[Team], language: Language) -> list[str]:
    return [folded(_label(staffing, team, language), 32) for team in teams]


def _heads_axis(ax: Axes, language: Language) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True))
    ax.set_xlabel(tell(WORDS["heads"], language))


@style()
def staff_plan(staffing: Staffing, *, ax: Axes | None = None, language: Language = "en") -> Axes:
    """Draw the officers of each team today, under the plan, and the fewest who keep up."""
    labels = _labels(staffing, staffing.teams, language)
    ax = rows_on(ax, labels, least=1)
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
    most = max(*staffing.today, *staffing.lowest, *(staffing.plan or (0,)))
    ax.set_xlim(-0.3, most + 0.4)
    _heads_axis(ax, language)
    pairs = list(zip(staffing.today, staffing.plan or staffing.today, strict=True))
    looks: tuple[tuple[tuple[str, str], str, str, dict[str, Any], bool], ...] = (
        (SHARED["today"], GREY, "o", {}, True),
        (WORDS["floor"], INK, "|", {"markersize": 9}, True),
        (WORDS["less"], BLUE, "D", {}, any(then < today for today, then in pairs)),
        (WORDS["more"], ORANGE, "D", {}, any(then > today for today, then in pairs)),
    )
    handles = [
        line_handle(tell(text, language), color=colour, marker=marker, linestyle="none", **look)
        for text, colour, marker, look, occurs in looks
        if occurs
    ]
    heading(ax, _plan_title(staffing, language), rows=legend(ax, handles, 4))
    return ax


def _plan_title(staffing: Staffing, language: Language) -> str:
    key = "plan_none" if staffing.plan is None else "plan"
    return tell(WORDS[key], language, today=sum(staffing.today), plan=sum(staffing.plan or ()))


def _plan_caption(staffing: Staffing, language: Language) -> str:
    today = sum(staffing.today)
    if staffing.plan is None:
        return phrase(WORDS["caption_none"], language, today=today)
    changes = sorted(
        zip(staffing.teams, staffing.today, staffing.plan, strict=True),
        key=lambda change: -abs(change[2] - change[1]),
    )
    changed = [
        f"{_label(staffing, team, language)} {before} → {then}"
        for team, before, then in changes[:3]
        if then != before
    ]
    return phrase(
        WORDS["caption" if changed else "caption_same"], language, plan=sum(staffing.plan),
        today=today, changed=joined(changed, language),
    )  # fmt: skip


@style()
def staff_frontier(
    staffing: Staffing, *, ax: Axes | None = None, language: Language = "en"
) -> Axes:
    """Draw for each number of heads the on-time share of the worst limit under the best plan.

    Today's heads and those of the plan are marked. Without required limits, the figure is empty.
    """
    ax = axes_on(ax, 8)
    shown = _worst_limits(staffing)
    if not shown:
        return write_instead(ax, WORDS["no_plan"], language)
    ax.plot([point.heads for point, *_ in shown], [judged.value for *_, judged in shown],
            color=LIGHT, linewidth=1.2, zorder=1, label="frontier")  # fmt: skip
    for point, required, judged in shown:
        heads = point.heads
        share_column(ax, heads, judged.value, judged.low, judged.high, judged.verdict)
        ax.plot([heads - 0.4, heads + 0.4], [required.target] * 2, **TARGET)
    handles = share_handles((judged.verdict for *_, judged in shown), language)
    marked: tuple[tuple[At, Sequence[int] | None, dict[str, Any]], ...] = (
        ("today", staffing.today, {"color": GREY, "linewidth": 1, "linestyle": ":"}),
        ("plan", staffing.plan, {"color": BLUE, "linewidth": 1.2, "linestyle": "-."}),
    )
    for at, officers, look in marked:
        if officers is not None:
            ax.axvline(sum(officers), label=at, **look)
            text = tell(WORDS[f"at_{at}"], language, heads=sum(officers))
            handles.append(line_handle(text, **look))
    least = min(min(judged.low, required.target) for _, required, judged in shown)
    share_axis(ax, least, language)
    _heads_axis(ax, language)
    ax.set_ylabel(tell(WORDS["worst"], language))
    heading(ax, _frontier_title(staffing, language), rows=legend(ax, handles, 4))
    return ax


def _worst_limits(staffing: Staffing) -> list[tuple[Point, Requirement, JudgedRequirement]]:
    """Return each point with the limit that is least surely kept under its plan."""
    worst = []
    for point in staffing.points:
        judged = zip(staffing.requirements, point.judged, strict=True)
        limits = [pair for pair in judged if pair[0].kind == "limit"]
        if limits:
            worst.append((point, *min(limits, key=lambda pair: pair[1].sure_margin)))
    return worst


def _frontier_caption(staffing: Staffing, language: Language) -> str:
    (fewest, _, least), *_, (most, _, best) = _worst_limits(staffing)
    return phrase(
        WORDS["caption_frontier"], language, fewest=fewest.heads, least=percent(least.value),
        heads=most.heads, most=percent(best.value),
    )  # fmt: skip


@style()
def one_more(
    staffing: Staffing, at: At = "today", *, ax: Axes | None = None, language: Language = "en"
) -> Axes:
    """Draw how one more officer in each team changes each limit, today or under the plan.

    Markers of proven changes are filled; the intervals of all teams are simultaneous.
    """
    limits = [required.name for required in staffing.requirements if required.kind == "limit"]
    changes = _changes(staffing, at)
    teams = _most_helped(changes)
    ax = rows_on(ax, _labels(staffing, teams, language), 0.3 + 0.3 * max(len(limits), 1))
    if not changes:
        return write_instead(ax, WORDS["no_plan"], language)
    place_of = {team.name: place for place, team in enumerate(teams)}
    looks = {
        limit: (SERIES[number % len(SERIES)], MARKERS[number % len(MARKERS)])
        for number, limit in enumerate(limits)
    }
    for change in (change for change in changes if change.team.name in place_of):
        estimate, limit = change.change, change.requirement.name
        colour, marker = looks[limit]
        place = place_of[change.team.name] + (limits.index(limit) - (len(limits) - 1) / 2) * 0.28
        interval(ax, place, estimate.low, estimate.high, color=colour, linewidth=1.8, alpha=0.55)
        ax.plot(estimate.value, place, marker=marker, color=colour,
                markerfacecolor=colour if estimate.sign else "white",
                label=signed(100 * estimate.value, 1))  # fmt: skip
    ax.axvline(0, color=INK, linewidth=0.8)
    points_axis(ax.xaxis)
    ax.set_xlabel(tell(WORDS["change"], language))
    names = Names(staffing.scenario, language)
    handles = [
        line_handle(names.limit(limit), color=colour, marker=marker)
        for limit, (colour, marker) in looks.items()
    ]
    handles.append(
        line_handle(tell(SHARED["not_proven"], language), color=GREY, marker="o",
                    markerfacecolor="white", linestyle="none")
    )  # fmt: skip
    heading(ax, _more_title(staffing, language, at=at), rows=legend(ax, handles, 3))
    return ax


def _changes(staffing: Staffing, at: At) -> list[OneMore]:
    """Return the changes of limits from one more officer."""
    return [
        change
        for change in staffing.one_more
        if change.at == at and change.by == 1 and change.requirement.kind == "limit"
    ]


def _most_helped(changes: Sequence[OneMore]) -> list[Team]:
    value: dict[str, float] = {}
    for change in changes:
        gain = change.change.value if math.isfinite(change.change.value) else 0.0
        value[change.team.name] = max(value.get(change.team.name, -math.inf), gain)
    teams = {change.team.name: change.team for change in changes}
    order = sorted(teams, key=lambda name: (-value[name], name))
    return [teams[name] for name in order[:MOST_TEAMS]]


def _known(staffing: Staffing, at: At) -> list[OneMore]:
    return [change for change in _changes(staffing, at) if math.isfinite(change.change.low)]


def _more_variants(staffing: Staffing) -> Mapping[str, Options]:
    places: tuple[At, ...] = ("today", "plan")
    return {f"one-more-{at}": {"at": at} for at in places if _known(staffing, at)}


def _more_title(_staffing: Staffing, language: Language, *, at: At) -> str:
    return tell(WORDS[f"more_{at}"], language)


def _more_caption(staffing: Staffing, language: Language, *, at: At) -> str:
    changes = _known(staffing, at)
    best = max(changes, key=lambda change: change.change.value)
    change = best.change
    low, value, high = (signed(100 * end, 1) for end in (change.low, change.value, change.high))
    return phrase(
        WORDS["caption_more"], language, team=_label(staffing, best.team, language),
        limit=Names(staffing.scenario, language).limit(best.requirement.name), value=value,
        low=low, high=high, count=len(changes),
        proven=sum(change.change.sign != 0 for change in changes),
    )  # fmt: skip


FIGURES: Final[tuple[Figure, ...]] = (
    Figure("staff_plan", staff_plan, lambda _staffing: {"plan": {}}, _plan_title, _plan_caption),
    Figure(
        "staff_frontier", staff_frontier,
        lambda staffing: {"frontier": {}} if len(_worst_limits(staffing)) > 1 else {},
        _frontier_title, _frontier_caption,
    ),
    Figure("one_more", one_more, _more_variants, _more_title, _more_caption),
)  # fmt: skip
