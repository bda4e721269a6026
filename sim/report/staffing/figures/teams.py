"""Labels, words and axes that the figures of staff share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.experiments import Staffing
from sim.experiments.staffing.teams import Team
from sim.report.drawing.labels import LONG, Names, folded, one_line
from sim.report.drawing.words import Words
from sim.report.language import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LABEL: Final = 32
"""Columns of a line of a label."""
WORDS: Final[Words] = {
    "heads": ("Officers", "人数"),
    "no_plan": ("No plan was tried.", "没有试算方案。"),
}


def team_label(staffing: Staffing, team: Team, language: Language) -> str:
    """Return a team's label: that of its group, else of the first pool it serves."""
    names = Names(staffing.scenario, language)
    group = staffing.scenario.staff[team.group]
    label = names.text(group.label) or names.pool(group.serves[0])
    if team.value is not None:
        attribute = staffing.scenario.pools[group.serves[0]].per
        label = f"{label} · {names.value(attribute or '', team.value)}"
    return one_line(label, LONG)


def folded_label(staffing: Staffing, team: Team, language: Language) -> str:
    """Return a team's label in at most two lines."""
    return folded(team_label(staffing, team, language), LABEL)


def whole_heads(ax: Axes) -> None:
    """Give the horizontal axis ticks at whole numbers."""
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True))
