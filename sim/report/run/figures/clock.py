"""How long cases take on the clock that decides, against the limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.arrays import Floats, Ints
from sim.experiments import Result
from sim.limits import CLOCKS
from sim.measures.limits import LimitJudgement
from sim.report.drawing.axes import along, axes_on, heading, legend
from sim.report.drawing.intervals import line_handle, nothing, patch_handle, percent_axis
from sim.report.drawing.labels import Names, tame
from sim.report.drawing.style import BLUE, GREY, INK, LINES, RED, SERIES, SMALL, styled
from sim.report.drawing.words import tell
from sim.report.terminal import percent
from sim.report.words import Language, say

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_DASHES: Final = ((0, (4, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)))
"""Of the lines of limits, where several are laid over each other."""


def limit_of(result: Result, limit: str | None) -> LimitJudgement | None:
    """Return the judgement of a limit; of the first one if none is named; None without limits.

    Raises
    ------
    ValueError
        If there is no such limit.
    """
    found = {each.limit.name: each for each in result.verdicts}
    if limit is None:
        return next(iter(found.values()), None)
    if limit not in found:
        raise ValueError(f"no limit '{limit}'; there are: {', '.join(found) or 'none'}")
    return found[limit]


@styled
def clock_distribution(
    result: Result | Mapping[str, Result],
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw which share of the cases has ended within so many days of the clock that decides.

    All measured cases of all replications count that could be judged. Cases that are open and
    overdue never end in the figure: the curve stays below 100 % by their share. Where limits are
    extended, some cases right of the line are on time; the share in words counts them so.

    Parameters
    ----------
    result
        Of one run; or several by name, which are laid over each other.
    limit
        Its name; default: the first of the scenario.
    """
    ax = axes_on(ax, 8)
    results = {"": result} if isinstance(result, Result) else dict(result)
    found = {name: (each, limit_of(each, limit)) for name, each in results.items()}
    shown = {name: (each, of) for name, (each, of) in found.items() if of is not None}
    if not shown:
        return nothing(ax, tell("no_limit", language))
    first, of = next(iter(shown.values()))
    label = Names(first.scenario, language).limit(of.limit.name)
    judged = {name: pair for name, pair in shown.items() if _judged(pair[1])}
    if not judged:
        return nothing(ax, tell("no_case", language))
    handles = _curves(ax, judged, language)
    alone = len(judged) == 1
    _frame(ax, of, language)
    limits = {each.limit.days: each for _, each in judged.values()}
    for number, each in enumerate(limits.values()):
        look: dict[str, Any] = {"color": INK, "linewidth": 1.2, "linestyle": _DASHES[number % 3]}
        ax.axvline(each.limit.days, gid="limit", **look)
        handles.append(line_handle(_limit_label(each, language), **look))
    if alone:
        handles += _late(ax, *next(iter(judged.values())), language)
    title = tell("clock_title", language, limit=label)
    if alone:
        title = clock_title(of, label, language)
    heading(ax, title, rows=legend(ax, handles, 2 if not alone else 3))
    return ax


def clock_title(of: LimitJudgement, label: str, language: Language) -> str:
    """Say which share of the cases is late."""
    key = "clock_title_late" if of.late + of.open_overdue else "clock_title_none"
    return tell(key, language, limit=label, share=percent(1 - of.share))


def _judged(of: LimitJudgement) -> int:
    return of.on_time + of.late + of.open_overdue


def days_of(result: Result, of: LimitJudgement) -> tuple[Ints, int]:
    """Return [n] the days of the cases that ended, sorted; and how many are open and overdue."""
    tallies = result.tallies(of.name, of.clock)
    ended = np.sort(np.concatenate([tally.ended_days for tally in tallies]))
    return ended, sum(tally.open_overdue for tally in tallies)


def steps_of(ended: Ints, overdue: int) -> tuple[Ints, Floats]:
    """Return days and the share of all cases that ended within them."""
    days, count = np.unique(ended, return_counts=True)
    return days, np.cumsum(count) / max(len(ended) + overdue, 1)


def _curves(
    ax: Axes, shown: Mapping[str, tuple[Result, LimitJudgement]], language: Language
) -> list[Artist]:
    handles: list[Artist] = []
    longest = max(
        max([int(of.limit.days * 1.3) + 1, *days_of(result, of)[0].tolist()[-1:]])
        for result, of in shown.values()
    )
    for number, (name, (result, of)) in enumerate(shown.items()):
        days, share = steps_of(*days_of(result, of))
        colour = BLUE if len(shown) == 1 else SERIES[number % len(SERIES)]
        line = LINES[number // len(SERIES) % len(LINES) if len(shown) > 4 else number % len(LINES)]
        ends = np.concatenate([[0], days, [longest]]), np.concatenate([[0.0], share, share[-1:]])
        if not len(days):
            ends = np.array([0, longest]), np.zeros(2)
        ax.step(*ends, where="post", color=colour, linestyle=line, label=name, gid="curve")
        clock = say(of.clock, language)
        said = f"{tame(name, 32)} ({clock})" if name else clock
        handles.append(line_handle(said, color=colour, linestyle=line))
    ax.set_xlim(0, longest)
    return handles


def _frame(ax: Axes, of: LimitJudgement, language: Language) -> None:
    from matplotlib.ticker import MaxNLocator

    unit = tell(f"unit_{CLOCKS[of.clock].unit}", language)
    ax.set_ylim(0, 1.03)
    percent_axis(ax.yaxis)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=9, integer=True))
    ax.set_xlabel(tell("days_on", language, clock=say(of.clock, language), unit=unit))
    ax.set_ylabel(tell("ended_within", language))
    along(ax, "y")


def _limit_label(of: LimitJudgement, language: Language) -> str:
    unit = say(CLOCKS[of.clock].unit, language)
    return tell("limit_days", language, days=of.limit.days, unit=unit)


def _late(ax: Axes, result: Result, of: LimitJudgement, language: Language) -> list[Artist]:
    """Shade what is late between curve and 100 %, and mark the quantiles."""
    days, share = steps_of(*days_of(result, of))
    limit, longest = of.limit.days, ax.get_xlim()[1]
    at_limit = float(share[days <= limit][-1]) if (days <= limit).any() else 0.0
    x = np.concatenate([[limit], days[days > limit], [longest]])
    y = np.concatenate([[at_limit], share[days > limit], share[-1:] if len(share) else [0.0]])
    ax.fill_between(x, y, 1, step="post", color=RED, alpha=0.3, linewidth=0, gid="late")
    for quantile, name in zip(of.quantiles[:2], ("P50", "P90"), strict=True):
        if not quantile.at_least and np.isfinite(quantile.days):
            _quantile(ax, quantile.days, quantile.share, name)
    if of.late + of.open_overdue:
        label = tell("late_share", language, share=percent(1 - of.share))
        handles = [patch_handle(label, "#F2C3A6")]
        height = at_limit / 2 if at_limit > 0.25 else (1 + at_limit) / 2  # away from the curve
        ax.annotate(
            label, (limit, height), xytext=(6, 0), textcoords="offset points",
            color=RED, fontweight="bold", va="center",
        )  # fmt: skip
    else:
        handles = []
    if of.open_overdue:
        text = tell("open_overdue", language, count=of.open_overdue)
        ax.annotate(text, (1, 0), xycoords="axes fraction", xytext=(-4, 6), ha="right",
                    textcoords="offset points", fontsize=SMALL, color=GREY)  # fmt: skip
    return handles


def _quantile(ax: Axes, days: float, share: float, name: str) -> None:
    ax.plot(days, share, "o", color=BLUE, markerfacecolor="white", markersize=5.5, gid=name)
    ax.annotate(f"{name}: {days:g}", (days, share), xytext=(6, -3), textcoords="offset points",
                fontsize=SMALL, va="top",
                bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none",
                      "alpha": 0.8})  # fmt: skip
