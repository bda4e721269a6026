"""The figures of a validation: recorded numbers over the bands of the simulations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.experiments import Validation
from sim.experiments.validate.comparing import START
from sim.experiments.validate.rows import ClockFitRow, ComparisonRow, DistributionRow
from sim.measures.periods import Period
from sim.report.drawing.axes import axes_on, grid_along, heading, write_instead
from sim.report.drawing.figure import Figure, Options
from sim.report.drawing.intervals import percent_axis
from sim.report.drawing.labels import Names
from sim.report.drawing.legends import legend, line_handle, patch_handle
from sim.report.drawing.style import BLUE, INK, RED, SKY, style
from sim.report.drawing.time_axis import place_periods
from sim.report.drawing.words import SHARED, Words, days_unit, tell
from sim.report.language import Language
from sim.report.numbers import bounded_percent, percent, rounded

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

MOST: Final = 6
"""Most limits and matters of which a report shows a figure: first those that differ."""
WORDS: Final[Words] = {
    "none": ("There is nothing to compare.", "没有可对照的内容。"),
    "recorded": ("recorded", "登记"),
    "differs": ("recorded, differs", "登记,有差异"),
    "band": ("{level} of the simulations", "仿真的 {level} 区间"),
    "mean": ("mean of the simulations", "仿真平均"),
    "on_time": ("{name}: on-time share by month of receipt", "{name}:按收件月份的按期率"),
    "days": ("{name}: days, recorded and simulated", "{name}:用时,登记与仿真"),
    "days_axis": ("Days on the clock, {unit}", "用时,{unit}"),
    "within": ("Share of the cases that ended", "已办结件中的比例"),
    "received": ("{name}: cases received by month", "{name}:各月收件"),
    "ended": ("{name}: cases ended by month", "{name}:各月办结"),
    "open": ("{name}: cases open at the end of the month", "{name}:月末在办"),
    "cases": ("cases", "件"),
    "caption_months": (
        "Points: recorded. Bars: {level} prediction intervals of single months. {inside} of "
        "{count} lie inside; over all months {recorded} was recorded, and {mean} predicted.",
        "点为登记,条为各月 {level} 预测区间;{count} 个中有 {inside} 个在内。"
        "合计登记 {recorded},预测 {mean}。",
    ),
    "caption_days": (
        "Line: the {cases:recorded case|recorded cases} that ended; area: {level} of the "
        "simulations. Mean {mean}, {predicted} predicted; distance {distance}, at most {most} if "
        "the scenario is right.",
        "线为登记办结的 {cases:,} 件,面为仿真的 {level} 区间。平均 {mean},预测 {predicted};"
        "距离 {distance},情景正确时至多 {most}。",
    ),
}


def _name(of: Validation, row: ComparisonRow | ClockFitRow, language: Language) -> str:
    names = Names(of.scenario, language)
    if row.of == "limit":
        return names.limit(row.name)
    if row.of == "matter":
        return names.matter(row.case_type, row.name)
    return names.case_type(row.name)


def _months(
    of: Validation, kind: str, about: str, name: str, case_type: str
) -> list[ComparisonRow]:
    return [
        row
        for row in of.comparison_rows
        if (row.kind, row.of, row.name, row.case_type) == (kind, about, name, case_type)
        and row.period not in {"", START}
    ]


# --- months -----------------------------------------------------------------------------------


@style()
def validated_months(
    validation: Validation,
    kind: str = "on_time",
    of: str = "limit",
    name: str | None = None,
    case_type: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw a number by month, recorded and predicted.

    `kind` is `on_time`, `received`, `ended` or `open`, `of` and `name` as in the table
    `comparisons`; by default the first that there is.
    """
    ax = axes_on(ax, 6)
    known = [
        row
        for row in validation.comparison_rows
        if row.kind == kind
        and row.of == of
        and name in {None, row.name}
        and case_type in {None, row.case_type}
    ]
    if not known:
        return write_instead(ax, WORDS["none"], language)
    rows = _months(validation, kind, of, known[0].name, known[0].case_type)
    for place, row in enumerate(rows):
        low, high = row.simulated.low, row.simulated.high
        ax.plot([place] * 2, [low, high], color=SKY, linewidth=6, solid_capstyle="butt")
        ax.plot(place, row.simulated.value, "_", color=BLUE, markersize=9)
        colour = RED if row.differs else INK
        for share in dict.fromkeys((row.recorded, row.recorded_at_best)):
            ax.plot(place, share, "X" if row.differs else "o", color=colour, markersize=5.5)
    periods = [_period(row) for row in rows]
    place_periods(ax, periods, language)
    if kind == "on_time":
        ax.set_ylim(-0.02, 1.03)
        percent_axis(ax.yaxis)
        ax.set_ylabel(tell(SHARED["on_time_axis"], language))
    else:
        ax.set_ylim(bottom=0)
        ax.set_ylabel(tell(WORDS["cases"], language))
    grid_along(ax, "y")
    title = tell(WORDS[kind], language, name=_name(validation, known[0], language))
    heading(ax, title, rows=legend(ax, _handles(validation, rows, language), 3))
    return ax


def _period(row: ComparisonRow) -> Period:
    return Period(row.first, row.last, "month" if len(row.period) == 7 else "week", row.period)


def _handles(
    validation: Validation, rows: Sequence[ComparisonRow], language: Language
) -> list[Artist]:
    band = tell(WORDS["band"], language, level=percent(validation.level, None))
    look = {"linestyle": "none", "markersize": 5.5}
    handles = [
        patch_handle(band, SKY),
        line_handle(tell(WORDS["recorded"], language), color=INK, marker="o", **look),
    ]
    if any(row.differs for row in rows):
        word = tell(WORDS["differs"], language)
        handles.append(line_handle(word, color=RED, marker="X", **look))
    return handles


def _month_variants(validation: Validation) -> Mapping[str, Options]:
    """Return the limits, or matters where there is none, then the case types."""
    rows = [row for row in validation.comparison_rows if not row.period]
    shares = [row for row in rows if row.kind == "on_time" and row.of == "limit"]
    shares = shares or _first([row for row in rows if row.kind == "on_time"])
    flows = [row for row in rows if row.of == "case_type"]
    return {
        f"months-{number}": {
            "kind": row.kind, "of": row.of, "name": row.name, "case_type": row.case_type,
        }
        for number, row in enumerate((*shares, *flows))
    }  # fmt: skip


def _first(rows: list[ComparisonRow]) -> list[ComparisonRow]:
    chosen = sorted(rows, key=lambda row: -row.score)[:MOST]
    return [row for row in rows if row in chosen]


def _whole(validation: Validation, kind: str, of: str, name: str, case_type: str) -> ComparisonRow:
    return next(
        row
        for row in validation.comparison_rows
        if (row.kind, row.of, row.name, row.case_type, row.period)
        == (kind, of, name, case_type, "")
    )


def _month_title(
    validation: Validation, language: Language, *, kind: str, of: str, name: str, case_type: str
) -> str:
    row = _whole(validation, kind, of, name, case_type)
    return tell(WORDS[kind], language, name=_name(validation, row, language))


def _month_caption(
    validation: Validation, language: Language, *, kind: str, of: str, name: str, case_type: str
) -> str:
    rows = _months(validation, kind, of, name, case_type)
    row = _whole(validation, kind, of, name, case_type)
    if kind == "on_time":
        recorded = bounded_percent(row.recorded, row.recorded_at_best)
        mean = percent(row.simulated.value)
    else:
        recorded, mean = rounded(row.recorded, 0), rounded(row.simulated.value, 1)
    return tell(
        WORDS["caption_months"], language, level=percent(validation.level, None),
        inside=sum(row.inside for row in rows), count=len(rows), recorded=recorded, mean=mean,
    )  # fmt: skip


# --- days -------------------------------------------------------------------------------------


@style()
def validated_days(
    validation: Validation,
    of: str | None = None,
    name: str | None = None,
    case_type: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the share of the cases that ended within 0, 1 … days, recorded and simulated.

    `of` and `name` are those of the table `clocks`; by default its first row.
    """
    ax = axes_on(ax, 6)
    clocks = [
        row
        for row in validation.clock_rows
        if of in {None, row.of} and name in {None, row.name} and case_type in {None, row.case_type}
    ]
    if not clocks:
        return write_instead(ax, WORDS["none"], language)
    clock = clocks[0]
    rows = _curve(validation, clock)
    days = np.array([row.days for row in rows])
    low, high = (np.array([getattr(row.simulated, end) for row in rows]) for end in ("low", "high"))
    ax.fill_between(days, low, high, step="post", color=SKY, alpha=0.5, linewidth=0)
    mean = [row.simulated.value for row in rows]
    ax.step(days, mean, where="post", color=BLUE, linestyle="--")
    colour = RED if clock.differs else INK
    ax.step(days, [row.recorded for row in rows], where="post", color=colour)
    ax.set_ylim(0, 1.03)
    ax.set_xlim(0, max(float(days[-1]), 1.0))
    percent_axis(ax.yaxis)
    ax.set_ylabel(tell(WORDS["within"], language))
    ax.set_xlabel(tell(WORDS["days_axis"], language, unit=days_unit(clock.unit, language)))
    grid_along(ax, "y")
    word = "differs" if clock.differs else "recorded"
    band = tell(WORDS["band"], language, level=percent(validation.level, None))
    handles = [
        patch_handle(band, SKY),
        line_handle(tell(WORDS["mean"], language), color=BLUE, linestyle="--"),
        line_handle(tell(WORDS[word], language), color=colour),
    ]
    title = tell(WORDS["days"], language, name=_name(validation, clock, language))
    heading(ax, title, rows=legend(ax, handles, 3))
    return ax


def _curve(validation: Validation, clock: ClockFitRow) -> list[DistributionRow]:
    """Return the points of a clock, up to the days in which all ended."""
    rows = [
        row
        for row in validation.distribution_rows
        if (row.of, row.name, row.case_type) == (clock.of, clock.name, clock.case_type)
    ]
    ended = [row.recorded >= 1 and row.simulated.low >= 1 for row in rows]
    return rows[: ended.index(True) + 2] if True in ended else rows


def _day_variants(validation: Validation) -> Mapping[str, Options]:
    rows = [row for row in validation.clock_rows if _curve(validation, row)]
    order = sorted(rows, key=lambda row: (not row.differs, row.of != "limit", -row.score))[:MOST]
    return {
        f"days-{number}": {"of": row.of, "name": row.name, "case_type": row.case_type}
        for number, row in enumerate(order)
    }


def _clock(validation: Validation, of: str, name: str, case_type: str) -> ClockFitRow:
    wanted = of, name, case_type
    return next(r for r in validation.clock_rows if (r.of, r.name, r.case_type) == wanted)


def _day_title(
    validation: Validation, language: Language, *, of: str, name: str, case_type: str
) -> str:
    clock = _clock(validation, of, name, case_type)
    return tell(WORDS["days"], language, name=_name(validation, clock, language))


def _day_caption(
    validation: Validation, language: Language, *, of: str, name: str, case_type: str
) -> str:
    clock = _clock(validation, of, name, case_type)
    return tell(
        WORDS["caption_days"], language, level=percent(validation.level, None), cases=clock.cases,
        mean=rounded(clock.mean, 1), predicted=rounded(clock.simulated_mean.value, 1),
        distance=rounded(clock.distance, 1), most=rounded(clock.largest_distance, 1),
    )  # fmt: skip


FIGURES: Final[tuple[Figure, ...]] = (
    Figure("validated_months", validated_months, _month_variants, _month_title, _month_caption),
    Figure("validated_days", validated_days, _day_variants, _day_title, _day_caption),
)
