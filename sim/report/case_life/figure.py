"""The life of one case as a Gantt chart, with the clock that decides behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sim.engine.contract import DAY_S, OPEN
from sim.experiments import CaseLife, ClockLife, StepLife
from sim.process import Owner
from sim.report.drawing.axes import axes_on, heading, legend
from sim.report.drawing.fonts import families
from sim.report.drawing.intervals import nothing, patch_handle
from sim.report.drawing.labels import Names, folded, tame
from sim.report.drawing.lanes import lanes
from sim.report.drawing.style import BLUE, GREY, INK, OWNERS, RED, SMALL, styled
from sim.report.drawing.words import tell
from sim.report.words import Language, say

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
"""How light waiting is."""
HATCH: Final = "/////"
LEAST: Final = 0.003
"""Part of the width that a step is drawn at least, so that it is seen."""


@styled
def case_life(
    life: CaseLife,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the steps of one case in time, by matter, in the colour of whose time it is.

    Waiting is light, work dark, a delay hatched. Behind them: when the clock of the limit ran, and
    the days that are no working days. What takes less than the eye could see is drawn a little
    wider.

    Parameters
    ----------
    life
        From `sim.case_life`.
    limit
        Whose clock to show; default: one that was not kept, else the first.

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
        return nothing(ax, tell("no_case", language))
    first, last = life.first_s, max(life.last_s, life.first_s + HOUR_S)
    handles = _background(ax, life, clock, language)
    handles = _bars(ax, rows, (last - first) * LEAST, life.stopped_s, language) + handles
    _time_axis(ax, life, first, last)
    edge, ticks = 0.0, []
    for _, _, lane_count in rows:
        ticks.append(edge + lane_count / 2 - 0.5)
        edge += lane_count
        ax.axhline(edge - 0.5, color="white", linewidth=1.2, zorder=0.8)
    ax.set_yticks(ticks, [label for label, _, _ in rows])
    ax.set_ylim(edge + EVENTS - 0.5, -0.5)
    heading(ax, life_title(life, clock, language), rows=legend(ax, handles, 5))
    return ax


def clock_of(life: CaseLife, limit: str | None) -> ClockLife | None:
    """Return the clock of a limit; without a name, of one that was missed, else of the first."""
    found = {each.limit.name: each for each in life.clocks}
    if limit is not None and limit not in found:
        raise ValueError(f"no limit '{limit}'; there are: {', '.join(found) or 'none'}")
    if limit is not None:
        return found[limit]
    missed = (each for each in life.clocks if each.value > each.limit.days)
    return next(missed, next(iter(life.clocks), None))


def life_title(life: CaseLife, clock: ClockLife | None, language: Language) -> str:
    """Say which case it is, and how many days of how many it took."""
    names = Names(life.scenario, language)
    case = f"{names.case_type(life.case_type)} {life.case}"
    case += f" ({tame(life.name, 20)})" if life.name else ""
    if clock is None:
        return case
    return tell(
        "life_title",
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
        spans = [(s.ready_s, life.stopped_s if s.end_s == OPEN else s.end_s) for s in steps]
        placed = lanes(spans)
        count = max(placed) + 1
        of_matters = bool(steps[0].matters)
        label = (
            names.matters(life.case_type, " + ".join(matters))
            if of_matters
            else names.step(matters[0])
        )
        rows.append((folded(label, 30, 2 if count > 1 else 1),
                     [(used + lane, s) for lane, s in zip(placed, steps, strict=True)],
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
        by_colour.setdefault(OWNERS[owner], []).append(tell(f"owner_{owner.name}", language))
    handles: list[Artist] = [
        patch_handle((" / " if language == "en" else "/").join(words), colour)
        for colour, words in by_colour.items()
    ]
    looks = {
        "wait": Patch(facecolor=_pale(INK), label=tell("life_wait", language)),
        "work": Patch(facecolor=INK, label=tell("life_work", language)),
        "delay": Patch(facecolor=_pale(INK), edgecolor=INK, hatch=HATCH, linewidth=0.4,
                       label=tell("life_delay", language)),
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
        handles.append(patch_handle(tell("clock_runs", language), RUNS))
        for t, key in ((clock.start_s, "clock_start"), (clock.stop_s, "clock_stop")):
            if t != OPEN:
                late = key == "clock_stop" and clock.value > clock.limit.days
                _event(ax, t / DAY_S, tell(key, language), RED if late else BLUE, key)
    handles.append(patch_handle(tell("day_off", language), DAY_OFF))
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


def _time_axis(ax: Axes, life: CaseLife, first: int, last: int) -> None:
    """Write dates below the axes, about seven of them."""
    room = 0.015 * (last - first)
    ax.set_xlim((first - room) / DAY_S, (last + room) / DAY_S)
    step = _step((last - first) / 6)
    ticks = range(-(-first // step) * step, last + 1, step)
    labels, before = [], ""
    for tick in ticks:
        instant = life.instant(tick)
        within_a_day = step < DAY_S
        label, below = (
            (f"{instant:%H:%M}", f"{instant:%Y-%m-%d}")
            if within_a_day
            else (f"{instant:%m-%d}", f"{instant:%Y}")
        )
        labels.append(label if below == before else f"{label}\n{below}")
        before = below
    ax.set_xticks([tick / DAY_S for tick in ticks], labels)
    ax.tick_params(labelfontfamily=list(families()))
    ax.spines["left"].set_color(GREY)


def _step(seconds: float) -> int:
    """Return a round number of seconds between ticks: minutes, hours, days or weeks."""
    steps = (
        *(60 * minutes for minutes in (5, 10, 15, 30, 60, 120, 180, 360, 720)),
        *(DAY_S * days for days in (1, 2, 7, 14, 28, 56, 91, 182)),
    )
    return next((each for each in steps if each >= seconds), 364 * DAY_S)
