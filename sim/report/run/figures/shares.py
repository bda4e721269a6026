"""On-time shares with their intervals against the target: by limit, scenario, group and period."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.experiments import Comparison, Groups, Result
from sim.report.drawing.axes import along, axes_on, heading, legend
from sim.report.drawing.intervals import (
    Row,
    nothing,
    percent_axis,
    share_rows,
    target_handle,
    verdict_handles,
)
from sim.report.drawing.labels import Names, folded, tame
from sim.report.drawing.periods import place_periods
from sim.report.drawing.style import INK, VERDICTS, styled
from sim.report.drawing.words import tell
from sim.report.run.figures.clock import limit_of
from sim.report.words import Language
from sim.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW_CM = 0.75
MARGIN_CM = 2.4


@styled
def on_time(result: Result, *, ax: Axes | None = None, language: Language = "en") -> Axes:
    """Draw the on-time share of every limit against its target."""
    names = Names(result.scenario, language)
    rows = [Row.of(folded(names.limit(each.limit.name), 30), each) for each in result.verdicts]
    return _rows(ax, rows, tell("limits_title", language), language)


@styled
def on_time_by_scenario(
    results: Mapping[str, Result] | Comparison,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the on-time share of one limit in several scenarios, in the order given.

    Scenarios without that limit are left out.

    Raises
    ------
    ValueError
        If no scenario has such a limit.
    """
    of = results.results if isinstance(results, Comparison) else results
    first = next(iter(of.values()))
    chosen = limit or next((each.limit.name for r in of.values() for each in r.verdicts), None)
    if chosen is not None and not any(chosen in result.scenario.limits for result in of.values()):
        limit_of(first, chosen)
    rows = [
        Row.of(folded(tame(name, 60), 30), summary)
        for name, result in of.items()
        if chosen in result.scenario.limits and (summary := limit_of(result, chosen)) is not None
    ]
    label = next(
        (Names(r.scenario, language).limit(chosen or "") for r in of.values()
         if chosen in r.scenario.limits), "",
    )  # fmt: skip
    return _rows(ax, rows, tell("by_scenario_title", language, limit=label), language)


@styled
def on_time_by_group(
    groups: Groups,
    *,
    scenario: Scenario | None = None,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the on-time share of one limit by the values of an attribute, best mean rank first.

    Parameters
    ----------
    groups
        One of `Result.groups_by`.
    scenario
        Where the labels are; default: names are shown.
    """
    names = None if scenario is None else Names(scenario, language)
    limit, attribute = groups.limit.name, groups.attribute
    rows = [
        Row.of(
            folded(tame(each.value) if names is None else names.value(attribute, each.value), 30),
            each.limit,
            _rank(each.rank_low, each.rank_high, language),
        )
        for each in groups.members
    ]
    title = tell(
        "by_group_title",
        language,
        limit=tame(limit) if names is None else names.limit(limit),
        attribute=tame(attribute) if names is None else names.attribute(attribute),
    )
    return _rows(ax, rows, title, language)


def _rank(low: float, high: float, language: Language) -> str:
    if math.isnan(low + high):
        return ""
    return tell("rank", language, low=f"{low:g}", high=f"{high:g}")


def _rows(ax: Axes | None, rows: Sequence[Row], title: str, language: Language) -> Axes:
    ax = axes_on(ax, MARGIN_CM + ROW_CM * max(len(rows), 1))
    if not rows:
        return nothing(ax, tell("no_limit", language))
    share_rows(ax, rows, language)
    along(ax, "x")
    targets = {row.target for row in rows}
    handles = [
        *verdict_handles((row.verdict for row in rows), language),
        target_handle(language, targets.pop() if len(targets) == 1 else None),
    ]
    heading(ax, title, rows=legend(ax, handles, 4))
    return ax


@styled
def on_time_by_period(
    result: Result,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the on-time share of one limit in every period of the window.

    Raises
    ------
    ValueError
        If there is no such limit.
    """
    ax = axes_on(ax, 7)
    of = limit_of(result, limit)
    if of is None:
        return nothing(ax, tell("no_limit", language))
    found = result.limits_over_time[of.limit.name]
    for place, each in enumerate(found):
        if math.isnan(each.share):
            continue
        colour, marker, filling = VERDICTS[each.verdict]
        ax.plot([place, place], [each.low, each.high], color=colour, linewidth=2.2, alpha=0.55,
                solid_capstyle="round")  # fmt: skip
        ax.plot(place, each.share, marker=marker, color=colour, markerfacecolor=filling,
                markersize=6.5, gid=f"share-{place}")  # fmt: skip
    ax.axhline(of.limit.target_share, color=INK, linewidth=1.2, linestyle=(0, (2, 1)))
    place_periods(ax, result.periods, language)
    ax.set_xlabel(tell("period_of_arrival", language))
    ax.set_ylabel(tell("on_time_axis", language))
    lows = [each.low for each in found if not math.isnan(each.share)]
    least = min([*lows, of.limit.target_share])
    ax.set_ylim(max(-0.02, least - 0.05 * (1 - least) - 0.005), 1 + 0.03 * (1.01 - least))
    percent_axis(ax.yaxis)
    along(ax, "y")
    handles = [
        *verdict_handles((each.verdict for each in found if not math.isnan(each.share)), language),
        target_handle(language, of.limit.target_share),
    ]
    label = Names(result.scenario, language).limit(of.limit.name)
    title = tell("by_period_title", language, limit=label)
    heading(ax, title, rows=legend(ax, handles, 4))
    return ax
