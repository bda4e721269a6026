"""What one officer more in each team would bring."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal

from sim.experiments import Staffing
from sim.experiments.staffing.result import OneMore
from sim.experiments.staffing.teams import Team
from sim.report.drawing.axes import axes_on, grid_along, heading, legend
from sim.report.drawing.figure import Figure, Options
from sim.report.drawing.intervals import line_handle, points_axis, row_labels, signed, write_instead
from sim.report.drawing.labels import Names, row_height_cm
from sim.report.drawing.style import GREY, INK, MARKERS, SERIES, styled
from sim.report.drawing.words import SHARED, Words, tell
from sim.report.language import Language
from sim.report.staffing.figures.teams import WORDS as STAFF_WORDS
from sim.report.staffing.figures.teams import folded_label, team_label
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

At = Literal["today", "plan"]
MOST_TEAMS: Final = 20
WORDS: Final[Words] = {
    "today": ("What one officer more would bring today", "现有配置上增加一人的作用"),
    "plan": ("What one officer more would bring to the plan", "方案之上增加一人的作用"),
    "axis": ("Change of the on-time share, points", "按期率变化,百分点"),
    "caption": (
        "One officer more helps most in {team}: {value} points of “{limit}” ({low} to {high}). "
        "Proven are {proven} of {count} changes.",
        "增加一人以{team}作用最大:“{limit}”{value} 个百分点({low} 至 {high})。"
        "{count} 项变化中证实 {proven} 项。",
    ),
}


@styled
def one_more(
    staffing: Staffing,
    at: At = "today",
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw what one officer more in each team brings to each limit, today or under the plan.

    Markers of proven changes are filled: the intervals of all teams hold together.
    """
    limits = _limits(staffing)
    changes = _changes(staffing, at)
    teams = _most_helped(changes)
    labels = [folded_label(staffing, team, language) for team in teams]
    ax = axes_on(
        ax, 2.6 + row_height_cm(labels, 0.3 + 0.3 * max(len(limits), 1)) * max(len(labels), 2)
    )
    if not changes:
        return write_instead(ax, tell(STAFF_WORDS["no_plan"], language))
    place_of = {team.name: place for place, team in enumerate(teams)}
    for change in changes:
        if change.team.name in place_of:
            number = limits.index(change.requirement.name)
            shift = (number - (len(limits) - 1) / 2) * 0.28
            _dot(ax, change, place_of[change.team.name] + shift, number)
    ax.axvline(0, color=INK, linewidth=0.8)
    row_labels(ax, labels)
    points_axis(ax.xaxis)
    ax.set_xlabel(tell(WORDS["axis"], language))
    grid_along(ax, "x")
    rows = legend(ax, _handles(staffing, limits, language), 3)
    heading(ax, _title(staffing, language, at=at), rows=rows)
    return ax


def _limits(staffing: Staffing) -> list[str]:
    return [required.name for required in staffing.requirements if required.kind == "limit"]


def _changes(staffing: Staffing, at: At) -> list[OneMore]:
    """Return the changes of limits that one officer more brings."""
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


def _look(number: int) -> tuple[str, str]:
    """Return colour and marker of a limit."""
    return SERIES[number % len(SERIES)], MARKERS[number % len(MARKERS)]


def _dot(ax: Axes, change: OneMore, place: float, number: int) -> None:
    colour, marker = _look(number)
    estimate = change.change
    if math.isfinite(estimate.low):
        ax.plot([estimate.low, estimate.high], [place] * 2, color=colour, linewidth=1.8,
                alpha=0.55)  # fmt: skip
    filling = colour if estimate.sign else "white"
    ax.plot(estimate.value, place, marker=marker, color=colour, markerfacecolor=filling,
            label=signed(100 * estimate.value, 1))  # fmt: skip


def _handles(staffing: Staffing, limits: Sequence[str], language: Language) -> list[Artist]:
    names = Names(staffing.scenario, language)
    looks = [_look(number) for number in range(len(limits))]
    handles = [
        line_handle(names.limit(limit), color=colour, marker=marker)
        for limit, (colour, marker) in zip(limits, looks, strict=True)
    ]
    unproven = line_handle(
        tell(SHARED["not_proven"], language),
        color=GREY,
        marker="o",
        markerfacecolor="white",
        linestyle="none",
    )
    return [*handles, unproven]


def _known(staffing: Staffing, at: At) -> list[OneMore]:
    return [change for change in _changes(staffing, at) if math.isfinite(change.change.low)]


def _variants(staffing: Staffing) -> Mapping[str, Options]:
    places: tuple[At, ...] = ("today", "plan")
    return {f"one-more-{at}": {"at": at} for at in places if _known(staffing, at)}


def _title(_staffing: Staffing, language: Language, *, at: At) -> str:
    return tell(WORDS[at], language)


def _caption(staffing: Staffing, language: Language, *, at: At) -> str:
    changes = _known(staffing, at)
    best = max(changes, key=lambda change: change.change.value)
    low, value, high = (
        signed(100 * end, 1) for end in (best.change.low, best.change.value, best.change.high)
    )
    return phrase(
        WORDS["caption"],
        language,
        team=team_label(staffing, best.team, language),
        limit=Names(staffing.scenario, language).limit(best.requirement.name),
        value=value,
        low=low,
        high=high,
        count=len(changes),
        proven=sum(change.change.sign != 0 for change in changes),
    )


ONE_MORE: Final = Figure("one_more", one_more, _variants, _title, _caption)
