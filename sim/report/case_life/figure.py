"""The life of one case as a Gantt chart, with the clock that decides behind it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from sim.engine.contract import DAY_S, OPEN
from sim.experiments import CaseLife, ClockLife, Result, StepLife
from sim.experiments import case_life as life_of
from sim.experiments.case_life.life import Choice
from sim.process.graph import Owner
from sim.report.clocks import clock_label
from sim.report.drawing.axes import axes_on, heading, plain, write_instead
from sim.report.drawing.figure import Figure, Options, chosen_of
from sim.report.drawing.labels import Names, folded, one_line
from sim.report.drawing.legends import legend, patch_handle
from sim.report.drawing.style import BLUE, GREY, INK, OWNERS, RED, SMALL, style
from sim.report.drawing.time_axis import lanes, time_axis
from sim.report.drawing.words import SHARED, Words, days_unit, tell
from sim.report.language import Language
from sim.report.words import phrase, say
from sim.scenario import calendar_of

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

LANE_CM: Final = 0.4
HOUR_S: Final = 3600
MOST_LANES: Final = 60
EVENTS: Final = 1.2
"""Lanes kept free for the labels at the start and stop of the clock."""
RUNS: Final = "#DCEBF5"
DAY_OFF: Final = "#F1F1F1"
PALE: Final = 0.4
"""Saturation of the colour of waiting; that of work is 1."""
HATCH: Final = "/////"
LEAST: Final = 0.003
"""Least width of a step, as a share of the width of the axes: thinner ones would be invisible."""
OWNER_WORDS: Final[Mapping[Owner, tuple[str, str]]] = {
    Owner.AUTHORITY: ("authority", "审批部门"),
    Owner.APPLICANT: ("applicant", "申请人"),
    Owner.THIRD_PARTY: ("third party", "第三方"),
    Owner.SPECIAL: ("special procedure", "特别程序"),
    Owner.PUBLICITY: ("publicity", "公示"),
    Owner.DEFERRED: ("papers that follow", "容缺补交"),
    Owner.SUPERVISION: ("supervision", "事后监管"),
}
WORDS: Final[Words] = {
    "title": ("{case}: {value} of {days} {unit}", "{case}:{value} 天,时限 {days} {unit}"),
    "wait": ("light: waiting", "浅色:等待"),
    "work": ("dark: work", "深色:办理"),
    "delay": ("hatched: delay", "斜线:历时"),
    "clock_runs": ("clock runs", "计时中"),
    "clock_start": ("clock starts", "起算"),
    "clock_stop": ("clock stops", "止算"),
    "day_off": ("no working day", "非工作日"),
}
CAPTIONS: Final[Mapping[Choice, tuple[str, str]]] = {
    "late": (
        "Case {case} of the first replication, of its late cases the nearest to their median: "
        "{value} {unit} on the clock ({clock}), limit {days}. It came in on {first} and ended on "
        "{last}.",
        "第1次重复中的第 {case} 件,为超期办件中最接近中位数者:按{clock}计 {value} {unit},"
        "时限 {days}。{first} 提交,{last} 结束。",
    ),
    "on_time": (
        "Case {case} of the first replication, in which none was late; of all that ended the "
        "nearest to their median: {value} {unit} on the clock ({clock}), limit {days}. It came in "
        "on {first} and ended on {last}.",
        "第1次重复中的第 {case} 件(该次无超期办件),为已办结者中最接近中位数者:"
        "按{clock}计 {value} {unit},时限 {days}。{first} 提交,{last} 结束。",
    ),
    "first": (
        "Case {case} of the first replication, the first that was measured: {value} {unit} so far "
        "on the clock ({clock}), limit {days}. From {first} to {last}.",
        "第1次重复中的第 {case} 件,为首个统计办件:按{clock}已计 {value} {unit},时限 {days}。"
        "自 {first} 至 {last}。",
    ),
}
"""Reason for which the case was chosen → its words."""


@style()
def case_life(
    life: CaseLife, limit: str | None = None, *, ax: Axes | None = None, language: Language = "en"
) -> Axes:
    """Draw the steps of one case in time, by matter, in the colour of the responsible party.

    Waiting is light, work dark, a delay hatched. The background shows when the clock of the limit
    ran, and which days are not working days. The default limit is one that was missed, else the
    first. Steps too short to be visible are drawn wider.
    """
    clock = _clock_of(life, limit)
    rows = _rows(life, language)
    height = sum(lane_count for _, _, lane_count in rows)
    ax = axes_on(ax, 3.4 + LANE_CM * max(height + EVENTS, 4))
    if not rows:
        return write_instead(ax, SHARED["no_case"], language)
    first, last = life.first_s, max(life.last_s, life.first_s + HOUR_S)
    handles = _background(ax, life, clock, language)
    handles = _bars(ax, rows, (last - first) * LEAST, life.stopped_s, language) + handles
    time_axis(ax, first, last, life.instant)
    ax.spines["left"].set_color(GREY)
    edge, ticks = 0.0, []
    for _, _, lane_count in rows:
        ticks.append(edge + lane_count / 2 - 0.5)
        edge += lane_count
        ax.axhline(edge - 0.5, color="white", linewidth=1.2, zorder=0.8)
    ax.set_yticks(ticks, [label for label, _, _ in rows])
    ax.set_ylim(edge + EVENTS - 0.5, -0.5)
    heading(ax, _title_of(life, clock, language), rows=legend(ax, handles, 5))
    return ax


def _clock_of(life: CaseLife, limit: str | None) -> ClockLife | None:
    """Return the clock of the named limit; by default of one that was missed, else of the first."""
    clocks = {clock.limit.name: clock for clock in life.clocks}
    missed = [name for name, clock in clocks.items() if clock.value > clock.limit.days]
    return chosen_of(limit or next(iter(missed), None), clocks)


def _title_of(life: CaseLife, clock: ClockLife | None, language: Language) -> str:
    """Return the name of the case, its days, and the days that the limit allows."""
    names = Names(life.scenario, language)
    case = f"{names.case_type(life.case_type)} {life.case}"
    case += f" ({one_line(life.name, 20)})" if life.name else ""
    if clock is None:
        return case
    unit = say(clock.unit, language)
    return tell(
        WORDS["title"], language, case=case, value=clock.value, days=clock.limit.days, unit=unit
    )


Rows = list[tuple[str, list[tuple[int, StepLife]], int]]


def _rows(life: CaseLife, language: Language) -> Rows:
    """Return a row for each matter (or several that share a step): label, lanes and their steps."""
    names = Names(life.scenario, language)
    groups: dict[tuple[str, ...], list[StepLife]] = {}
    for step in life.steps:
        groups.setdefault(step.matters or (step.name,), []).append(step)
    rows, used = [], 0
    for matters, steps in groups.items():
        spans = [
            (step.ready_s, life.stopped_s if step.end_s == OPEN else step.end_s) for step in steps
        ]
        placed = lanes(spans)
        count = max(placed) + 1
        joint = " + ".join(matters)
        label = names.matters(life.case_type, joint) if steps[0].matters else names.step(joint)
        rows.append((folded(label, 30, 2 if count > 1 else 1),
                     [(used + lane, step) for lane, step in zip(placed, steps, strict=True)],
                     count))  # fmt: skip
        used += count
        if used >= MOST_LANES:
            break
    return rows


def _work_and_waits(step: StepLife, start: int, end: int) -> list[tuple[str, int, int]]:
    """Return the parts of the work, and the waits between them after a hand-over."""
    if not step.waits_again:
        return [("work", start, end)]
    bars = []
    for begin, until in step.waits_again:
        bars += [("work", start, begin), ("wait", begin, until)]
        start = until
    return [*bars, ("work", start, end)] if end > start else bars


def _bars(ax: Axes, rows: Rows, least: float, stopped_s: int, language: Language) -> list[Artist]:
    """Draw the steps; return the legend of the owners and kinds of bars that occur."""
    from matplotlib.patches import Patch

    owners: set[Owner] = set()
    kinds: set[str] = set()
    for lane, step in (placed for _, steps, _ in rows for placed in steps):
        owners.add(step.owner)
        end = stopped_s if step.end_s == OPEN else step.end_s
        start = end if step.start_s == OPEN else step.start_s
        bars = [("wait", step.ready_s, start)] if start > step.ready_s else []
        if step.pool is None and end > start:
            bars.append(("delay", start, end))
        elif step.pool is not None and step.start_s != OPEN:
            bars += _work_and_waits(step, start, end)
        for kind, begin, until in bars:
            kinds.add(kind)
            ax.barh(lane, max(until - begin, least) / DAY_S, left=begin / DAY_S, height=0.74,
                    zorder=2, **_look(kind, OWNERS[step.owner]))  # fmt: skip
    by_colour: dict[str, list[str]] = {}
    for owner in sorted(owners):
        by_colour.setdefault(OWNERS[owner], []).append(tell(OWNER_WORDS[owner], language))
    slash = " / " if language == "en" else "/"
    handles = [patch_handle(slash.join(words), colour) for colour, words in by_colour.items()]
    looks = (kind for kind in ("wait", "work", "delay") if kind in kinds)
    return handles + [
        Patch(label=tell(WORDS[kind], language), **_look(kind, INK)) for kind in looks
    ]


def _look(kind: str, colour: str) -> dict[str, Any]:
    from matplotlib.colors import to_rgb

    if kind == "work":
        return {"facecolor": colour}
    look: dict[str, Any] = {"facecolor": [1 - PALE * (1 - part) for part in to_rgb(colour)]}
    hatched = {"edgecolor": colour, "hatch": HATCH, "linewidth": 0.4}
    return look | hatched if kind == "delay" else look


def _background(
    ax: Axes, life: CaseLife, clock: ClockLife | None, language: Language
) -> list[Artist]:
    """Shade non-working days and the time in which the clock ran; mark its start and stop."""
    first, last = life.first_s // DAY_S, min(life.last_s // DAY_S + 1, life.stopped_s // DAY_S)
    days = calendar_of(life.scenario, last=life.scenario.period.start + dt.timedelta(days=last))
    for day in range(first, last + 1):
        if not days.working[day]:
            ax.axvspan(day, day + 1, color=DAY_OFF, linewidth=0, zorder=0.5)
    handles: list[Artist] = []
    if clock is not None and clock.start_s != OPEN:
        for begin, end in clock.running:
            ax.axvspan(begin / DAY_S, end / DAY_S, color=RUNS, alpha=0.75, linewidth=0, zorder=0.6,
                       label="runs")  # fmt: skip
        handles.append(patch_handle(tell(WORDS["clock_runs"], language), RUNS))
        for t, key in ((clock.start_s, "clock_start"), (clock.stop_s, "clock_stop")):
            if t != OPEN:
                late = key == "clock_stop" and clock.value > clock.limit.days
                _event(ax, t / DAY_S, tell(WORDS[key], language), RED if late else BLUE, key)
    handles.append(patch_handle(tell(WORDS["day_off"], language), DAY_OFF))
    return handles


def _event(ax: Axes, day: float, text: str, colour: str, key: str) -> None:
    ax.axvline(day, color=colour, linewidth=1.2, zorder=3, label=key)
    starts = key == "clock_start"
    ax.annotate(
        text, (day, 0), xycoords=("data", "axes fraction"), xytext=(3 if starts else -3, 3),
        textcoords="offset points", ha="left" if starts else "right", va="bottom", fontsize=SMALL,
        color=colour, zorder=4, bbox=plain(0.15, 0.85),
    )  # fmt: skip


def _draw_usual(
    result: Result,
    case: CaseLife | str | int | None = None,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw one case of the first replication, given by its life, name or number."""
    life = case if isinstance(case, CaseLife) else life_of(result, case, limit=limit)
    return case_life(life, limit, ax=ax, language=language)


def _variants(result: Result) -> Mapping[str, Options]:
    if all(math.isnan(judgement.share) for judgement in result.verdicts):
        return {}
    life = life_of(result)
    return {"case": {"case": life}} if life.clocks else {}


def _title(_result: Result, language: Language, *, case: CaseLife) -> str:
    return _title_of(case, _clock_of(case, None), language)


def _caption(_result: Result, language: Language, *, case: CaseLife) -> str:
    """Return which case it is, why it was chosen, and how long it took."""
    clock = _clock_of(case, None)
    assert clock is not None
    first, last = (f"{case.instant(second):%Y-%m-%d}" for second in (case.first_s, case.last_s))
    return phrase(
        CAPTIONS[case.choice], language, case=case.case, value=clock.value, days=clock.limit.days,
        unit=days_unit(clock.unit, language), clock=clock_label(clock.limit.rule, language),
        first=first, last=last,
    )  # fmt: skip


FIGURES: Final = (Figure("case_life", case_life),)
USUAL_CASE: Final = Figure("case_life", _draw_usual, _variants, _title, _caption)
"""The case of a run; default: a typical late case."""
