"""The on-time share of a limit in every period of the window."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sim.experiments import Result
from sim.report.drawing.axes import axes_on, grid_along, heading, legend
from sim.report.drawing.figure import Figure, Options, limit_title
from sim.report.drawing.intervals import (
    TARGET,
    share_column,
    share_height,
    target_handle,
    verdict_handles,
    write_instead,
)
from sim.report.drawing.labels import Names
from sim.report.drawing.periods import place_periods
from sim.report.drawing.style import styled
from sim.report.drawing.words import SHARED, Words, tell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.run.figures.limits import judgement_of, variants_by_limit
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WORDS: Final[Words] = {
    "title": ("{limit}: on-time share over time", "{limit}:按期率的变化"),
    "axis": ("Period in which the case arrived", "办件提交的时段"),
    "caption": (
        "The on-time share of “{limit}” is lowest for cases of {lowest}: {least} (interval {low} "
        "to {high}), and highest for those of {highest}: {most}; the target is {target}.",
        "“{limit}”的按期率以 {lowest} 提交的办件最低:{least}(区间 {low} 至 {high}),"
        "{highest} 最高:{most};目标为 {target}。",
    ),
    "caption_alike": (
        "The on-time share of “{limit}” is {most} in every period; the target is {target}.",
        "“{limit}”的按期率各时段均为 {most};目标为 {target}。",
    ),
}
_title = limit_title(WORDS["title"])


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
    judgement = judgement_of(result, limit)
    if judgement is None:
        return write_instead(ax, tell(SHARED["no_limit"], language))
    known = [
        (place, period)
        for place, period in enumerate(result.limits_over_time[judgement.limit.name])
        if not math.isnan(period.share)
    ]
    for place, period in known:
        share_column(
            ax, place, period.share, period.low, period.high, period.verdict, f"share-{place}"
        )
    target = judgement.limit.target_share
    ax.axhline(target, **TARGET)
    place_periods(ax, result.periods, language)
    ax.set_xlabel(tell(WORDS["axis"], language))
    ax.set_ylabel(tell(SHARED["on_time_axis"], language))
    share_height(ax, min([*(period.low for _, period in known), target]))
    grid_along(ax, "y")
    handles = [
        *verdict_handles((period.verdict for _, period in known), language),
        target_handle(language, target),
    ]
    title = _title(result, language, limit=judgement.limit.name)
    heading(ax, title, rows=legend(ax, handles, 4))
    return ax


def _variants(result: Result) -> Mapping[str, Options]:
    return variants_by_limit(result, "periods") if len(result.periods) > 1 else {}


def _caption(result: Result, language: Language, *, limit: str) -> str:
    judgements = zip(result.periods, result.limits_over_time[limit], strict=True)
    known = [(period.label, share) for period, share in judgements if not math.isnan(share.share)]
    lowest, least = min(known, key=lambda pair: pair[1].share)
    highest, most = max(known, key=lambda pair: pair[1].share)
    return phrase(
        WORDS["caption_alike" if least.share == most.share else "caption"],
        language,
        limit=Names(result.scenario, language).limit(limit),
        lowest=lowest,
        least=percent(least.share),
        low=percent(least.low),
        high=percent(least.high),
        highest=highest,
        most=percent(most.share),
        target=percent(least.limit.target_share, None),
    )


BY_PERIOD: Final = Figure(
    "on_time_by_period", on_time_by_period, _variants, _title, _caption, by_limit=True
)
