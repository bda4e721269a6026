"""How long cases take on the clock that decides, against the limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.arrays import Floats
from sim.experiments import Result
from sim.measures.limits import LimitJudgement
from sim.report.clocks import amount_text, clock_label, quantile_text
from sim.report.drawing.axes import axes_on, grid_along, heading, plain, write_instead
from sim.report.drawing.figure import Figure
from sim.report.drawing.intervals import percent_axis
from sim.report.drawing.labels import Names, one_line
from sim.report.drawing.legends import legend, line_handle, patch_handle
from sim.report.drawing.style import BLUE, GREY, INK, LINES, RED, SERIES, SMALL, style
from sim.report.drawing.words import SHARED, Words, days_unit, tell
from sim.report.language import Language
from sim.report.numbers import bounded_percent
from sim.report.run.figures.limits import judged, judgement_of, variants_by_limit
from sim.report.words import phrase, say

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_DASHES: Final = ((0, (4, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)))
"""The dashes of the first, the second and the third limit of a figure."""


WORDS: Final[Words] = {
    "title": ("{limit}: days on the clock", "{limit}:用时分布"),
    "title_none_late": ("{limit}: no case late", "{limit}:无超期办件"),
    "title_late": ("{limit}: {share} late", "{limit}:超期 {share}"),
    "axis": ("Days on the clock ({clock}), {unit}", "用时({clock}),{unit}"),
    "ended_within": ("Share of cases ended within", "在此天数内办结的比例"),
    "limit_days": ("limit {days} {unit}", "时限 {days} {unit}"),
    "late": ("{share} late", "超期 {share}"),
    "open_overdue": (
        "{count:,} open and overdue, counted as late",
        "{count:,} 件在办且已超期,计为超期",
    ),
    "caption": (
        "On the clock that decides ({clock}), half of the cases of “{limit}” need at most {p50}, "
        "nine in ten at most {p90} {unit}; the limit is {days}. {late} of {judged} judged cases "
        "are late ({share}).",
        "按判定口径({clock}),“{limit}”的办件半数不超过 {p50} {unit},"
        "九成不超过 {p90} {unit},时限为 {days}。已判定的 {judged} 件中超期 {late} 件({share})。",
    ),
}


@style()
def clock_distribution(
    result: Result | Mapping[str, Result],
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the share of the cases that have ended, by days on the clock that decides.

    All measured cases of all replications count if they could be judged. Cases that are open and
    overdue never end in the figure: the curve stays below 100 % by their share. Where limits are
    extended, some cases right of the line are on time; the share in words includes them. The
    curves of several runs, given by name, are drawn in one figure.
    """
    from matplotlib.ticker import MaxNLocator

    ax = axes_on(ax, 8)
    results = {"": result} if isinstance(result, Result) else result
    with_limit = {
        name: (run, own) for name, run in results.items() if (own := judgement_of(run, limit))
    }
    shown = {name: pair for name, pair in with_limit.items() if judged(pair[1])}
    if not shown:
        return write_instead(ax, SHARED["no_case" if with_limit else "no_limit"], language)
    first, judgement = next(iter(with_limit.values()))
    handles = _curves(ax, shown, language)
    ax.set_ylim(0, 1.03)
    percent_axis(ax.yaxis)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=9, integer=True))
    clock, unit = clock_label(judgement.rule, language), days_unit(judgement.unit, language)
    ax.set_xlabel(tell(WORDS["axis"], language, clock=clock, unit=unit))
    ax.set_ylabel(tell(WORDS["ended_within"], language))
    grid_along(ax, "y")
    handles += _limits(ax, [of_run for _, of_run in shown.values()], language)
    label = Names(first.scenario, language).limit(judgement.limit.name)
    title = tell(WORDS["title"], language, limit=label)
    if len(shown) == 1:
        handles += _late(ax, *next(iter(shown.values())), language)
        title = _title_of(judgement, label, language)
    heading(ax, title, rows=legend(ax, handles, 3 if len(shown) == 1 else 2))
    return ax


def _steps(result: Result, judgement: LimitJudgement) -> tuple[Floats, Floats]:
    """Return days (or hours) and the share of all cases that ended within them."""
    tallies = result.tallies(judgement.name, judgement.clock)
    ended = np.concatenate([tally.ended_days for tally in tallies])
    days, count = np.unique(ended, return_counts=True)
    cases = len(ended) + sum(tally.open for tally in tallies)
    return days / judgement.rule.ticks, np.cumsum(count) / max(cases, 1)


def _curves(
    ax: Axes, shown: Mapping[str, tuple[Result, LimitJudgement]], language: Language
) -> list[Artist]:
    handles: list[Artist] = []
    steps = [_steps(result, judgement) for result, judgement in shown.values()]
    limits = (int(judgement.limit.days * 1.3) + 1 for _, judgement in shown.values())
    longest = max([*limits, *(int(days[-1]) for days, _ in steps if len(days))])
    for number, (name, (_, judgement)) in enumerate(shown.items()):
        days, share = steps[number]
        colour = BLUE if len(shown) == 1 else SERIES[number % len(SERIES)]
        line = LINES[number // len(SERIES) % len(LINES) if len(shown) > 4 else number % len(LINES)]
        ends = np.concatenate([[0], days, [longest]]), np.concatenate([[0.0], share, share[-1:]])
        if not len(days):
            ends = np.array([0, longest]), np.zeros(2)
        ax.step(*ends, where="post", color=colour, linestyle=line, label=name, gid="curve")
        clock = clock_label(judgement.rule, language)
        label = f"{one_line(name, 32)} ({clock})" if name else clock
        handles.append(line_handle(label, color=colour, linestyle=line))
    ax.set_xlim(0, longest)
    return handles


def _limits(ax: Axes, judgements: Sequence[LimitJudgement], language: Language) -> list[Artist]:
    """Draw a line at the days of each limit; return the legend."""
    handles: list[Artist] = []
    by_days = {judgement.limit.days: judgement for judgement in judgements}
    for number, (days, judgement) in enumerate(by_days.items()):
        look: dict[str, Any] = {"color": INK, "linewidth": 1.2, "linestyle": _DASHES[number % 3]}
        ax.axvline(days, gid="limit", **look)
        unit = say(judgement.unit, language)
        label = tell(WORDS["limit_days"], language, days=days, unit=unit)
        handles.append(line_handle(label, **look))
    return handles


def _late(ax: Axes, result: Result, judgement: LimitJudgement, language: Language) -> list[Artist]:
    """Shade the late cases between curve and 100 %, mark the quantiles; return the legend."""
    days, share = _steps(result, judgement)
    limit, longest = judgement.limit.days, ax.get_xlim()[1]
    at_limit = float(share[days <= limit][-1]) if (days <= limit).any() else 0.0
    x = np.concatenate([[limit], days[days > limit], [longest]])
    y = np.concatenate([[at_limit], share[days > limit], share[-1:] if len(share) else [0.0]])
    ax.fill_between(x, y, 1, step="post", color=RED, alpha=0.3, linewidth=0, gid="late")
    for quantile, name in zip(judgement.quantiles[:2], ("P50", "P90"), strict=True):
        if not quantile.at_least and np.isfinite(quantile.days):
            point = quantile.days, quantile.share
            ax.plot(*point, "o", color=BLUE, markerfacecolor="white", markersize=5.5, gid=name)
            ax.annotate(
                f"{name}: {amount_text(quantile.days, judgement.unit)}", point, xytext=(6, -3),
                textcoords="offset points", va="top", fontsize=SMALL, bbox=plain(0.1, 0.8),
            )  # fmt: skip
    handles: list[Artist] = []
    if judgement.share < 1:
        label = tell(WORDS["late"], language, share=late_percent(judgement))
        handles.append(patch_handle(label, "#F2C3A6"))
        # Away from the curve, and from the mark of the median.
        height = min(at_limit / 2, 0.25) if at_limit > 0.25 else (1 + at_limit) / 2
        ax.annotate(
            label, (limit, height), xytext=(6, 0), textcoords="offset points",
            color=RED, fontweight="bold", va="center",
        )  # fmt: skip
    if judgement.open_overdue:
        text = tell(WORDS["open_overdue"], language, count=judgement.open_overdue)
        ax.annotate(text, (1, 0), xycoords="axes fraction", xytext=(-4, 6), ha="right",
                    textcoords="offset points", fontsize=SMALL, color=GREY)  # fmt: skip
    return handles


def late_percent(judgement: LimitJudgement) -> str:
    """Write the share of late cases, between its bounds if some may still be either."""
    return bounded_percent(1 - judgement.share_at_best, 1 - judgement.share)


def _title_of(judgement: LimitJudgement, label: str, language: Language) -> str:
    """Return the share of late cases as a title."""
    key = "title_late" if judgement.share < 1 else "title_none_late"
    return tell(WORDS[key], language, limit=label, share=late_percent(judgement))


def _title(result: Result, language: Language, *, limit: str) -> str:
    judgement = judgement_of(result, limit)
    assert judgement is not None
    return _title_of(judgement, Names(result.scenario, language).limit(limit), language)


def _caption(result: Result, language: Language, *, limit: str) -> str:
    judgement = judgement_of(result, limit)
    assert judgement is not None
    late = judgement.late + judgement.open_overdue
    p50, p90 = (quantile_text(one, judgement.unit) for one in judgement.quantiles[:2])
    return phrase(
        WORDS["caption"], language, limit=Names(result.scenario, language).limit(limit),
        clock=clock_label(judgement.rule, language), p50=p50, p90=p90, days=judgement.limit.days,
        unit=days_unit(judgement.unit, language), late=f"{late:,}",
        judged=f"{judgement.on_time + late + judgement.undetermined:,}",
        share=late_percent(judgement),
    )  # fmt: skip


CLOCK_DISTRIBUTION: Final = Figure(
    "clock_distribution", clock_distribution, partial(variants_by_limit, name="clock"),
    _title, _caption, by_limit=True,
)  # fmt: skip
