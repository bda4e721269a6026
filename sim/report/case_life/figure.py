"""The life of one case as a Gantt chart, with the clock that decides behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from sim.engine.contract import DAY_S, OPEN
from sim.experiments import CaseLife, ClockLife, StepLife
from sim.experiments.case_life.life import Choice
from sim.process.graph import Owner
from sim.report.drawing.axes import axes_on, heading, legend
from sim.report.drawing.figure import Figure, choose
from sim.report.drawing.intervals import patch_handle, write_instead
from sim.report.drawing.labels import Names, folded, one_line
from sim.report.drawing.lanes import lanes
from sim.report.drawing.style import BLUE, GREY, INK, OWNERS, RED, SMALL, styled
from sim.report.drawing.time_axis import time_axis
from sim.report.drawing.words import SHARED, Words, days_unit, tell
from sim.report.language import Language
from sim.report.words import phrase, say

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

LANE_CM: Final = 0.4
HOUR_S: Final = 3600
MOST_LANES: Final = 60
EVENTS: Final = 1.2
"""Lanes kept free for the words at the start and stop of the clock."""
RUNS: Final = "#DCEBF5"
DAY_OFF: Final = "#F1F1F1"
PALE: Final = 0.4
"""Saturation of the colour of waiting; that of work is 1."""
HATCH: Final = "/////"
LEAST: Final = 0.003
"""Least width of a step, in parts of the width of the axes, so that it is visible."""
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
"""By the reason for which the case was chosen."""


@styled
def case_life(
    life: CaseLife,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the steps of one case in time, by matter, in the colour of whose time it is.

    Waiting is light, work dark, a delay hatched. The background shows when the clock of the limit
    ran, and the days that are no working days. Steps too short to be visible are drawn wider.

    Parameters
    ----------
    life
        From `sim.case_life`.
    limit
        The limit whose clock is shown; default: one that was not kept, else the first.

    Raises
    ------
    ValueError
        If the case has no such limit.
    """
    clock = clock_of(life, limit)
    rows = _rows(life, language)
    height = sum(lane_count for _, _, lane_count in rows)
    ax = axes_on(ax, 3.4 + LANE_CM * max(height + EVENTS, 4))
    if not rows:
        return write_instead(ax, tell(SHARED["no_case"], language))
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
    heading(ax, title_of(life, clock, language), rows=legend(ax, handles, 5))
    return ax


def clock_of(life: CaseLife, limit: str | None) -> ClockLife | None:
    """Return the clock of a limit; without a name, of one that was missed, else of the first."""
    clocks = {clock.limit.name: clock for clock in life.clocks}
    missed = [name for name, clock in clocks.items() if clock.value > clock.limit.days]
    chosen = choose(limit or next(iter(missed), None), clocks, "limit")
    return None if chosen is None else clocks[chosen]


def title_of(life: CaseLife, clock: ClockLife | None, language: Language) -> str:
    """Return which case it is, and how many days it took of those that the limit allows."""
    names = Names(life.scenario, language)
    case = f"{names.case_type(life.case_type)} {life.case}"
    case += f" ({one_line(life.name, 20)})" if life.name else ""
    if clock is None:
        return case
    return tell(
        WORDS["title"],
        language,
        case=case,
        value=clock.value,
        days=clock.limit.days,
        unit=say(clock.unit, language),
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
        of_matters = bool(steps[0].matters)
        label = (
            names.matters(life.case_type, " + ".join(matters))
            if of_matters
            else names.step(matters[0])
        )
        rows.append((folded(label, 30, 2 if count > 1 else 1),
                     [(used + lane, step) for lane, step in zip(placed, steps, strict=True)],
                     count))  # fmt: skip
        used += count
        if used >= MOST_LANES:
            break
    return rows


def _bars(ax: Axes, rows: Rows, least: float, stopped_s: int, language: Language) -> list[Artist]:
    owners: list[Owner] = []
    kinds: set[str] = set()
    for _, steps, _ in rows:
        for lane, step in steps:
            colour = OWNERS[step.owner]
            end = stopped_s if step.end_s == OPEN else step.end_s
            start = end if step.start_s == OPEN else step.start_s
            owners.append(step.owner)
            if start > step.ready_s:
                _bar(ax, lane, step.ready_s, start, least, facecolor=_pale(colour))
                kinds.add("wait")
            if step.pool is None and end > start:
                _bar(ax, lane, start, end, least, facecolor=_pale(colour), edgecolor=colour,
                     hatch=HATCH, linewidth=0.4)  # fmt: skip
                kinds.add("delay")
            elif step.pool is not None and step.start_s != OPEN:
                _bar(ax, lane, start, end, least, facecolor=colour)
                kinds.add("work")
    return _handles(owners, kinds, language)


def _bar(ax: Axes, lane: int, begin: int, end: int, least: float, **look: object) -> None:
    width = max(end - begin, least) / DAY_S
    ax.barh(lane, width, left=begin / DAY_S, height=0.74, zorder=2, **look)  # type: ignore[arg-type]


def _pale(colour: str) -> tuple[float, float, float]:
    from matplotlib.colors import to_rgb

    red, green, blue = (1 - PALE * (1 - part) for part in to_rgb(colour))
    return red, green, blue


def _handles(owners: Sequence[Owner], kinds: set[str], language: Language) -> list[Artist]:
    from matplotlib.patches import Patch

    by_colour: dict[str, list[str]] = {}
    for owner in sorted(set(owners)):
        by_colour.setdefault(OWNERS[owner], []).append(tell(OWNER_WORDS[owner], language))
    handles: list[Artist] = [
        patch_handle((" / " if language == "en" else "/").join(words), colour)
        for colour, words in by_colour.items()
    ]
    looks = {
        "wait": Patch(facecolor=_pale(INK), label=tell(WORDS["wait"], language)),
        "work": Patch(facecolor=INK, label=tell(WORDS["work"], language)),
        "delay": Patch(facecolor=_pale(INK), edgecolor=INK, hatch=HATCH, linewidth=0.4,
                       label=tell(WORDS["delay"], language)),
    }  # fmt: skip
    return handles + [look for kind, look in looks.items() if kind in kinds]


def _background(
    ax: Axes, life: CaseLife, clock: ClockLife | None, language: Language
) -> list[Artist]:
    """Shade the days that are no working days, and when the clock ran; mark start and stop."""
    days = life.model.working_days
    first, last = life.first_s // DAY_S, min(life.last_s // DAY_S + 1, len(days) - 1)
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
        color=colour, zorder=4,
        bbox={"boxstyle": "square,pad=0.15", "facecolor": "white", "edgecolor": "none",
              "alpha": 0.85},
    )  # fmt: skip


def caption_of(life: CaseLife, language: Language) -> str:
    """Return which case it is, why it was chosen, and how long it took."""
    clock = clock_of(life, None)
    assert clock is not None
    return phrase(
        CAPTIONS[life.choice],
        language,
        case=life.case,
        value=clock.value,
        days=clock.limit.days,
        unit=days_unit(clock.unit, language),
        clock=say(clock.limit.clock, language),
        first=f"{life.instant(life.first_s):%Y-%m-%d}",
        last=f"{life.instant(life.last_s):%Y-%m-%d}",
    )


FIGURES: Final = (Figure("case_life", case_life),)
