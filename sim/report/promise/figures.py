"""The figures of shortest promises: those of each part of a case, and all of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from sim.experiments import ShortestPromises
from sim.experiments.promise.result import PromiseRow, Together
from sim.report.drawing.axes import axes_on, heading, rows_on, write_instead
from sim.report.drawing.figure import Figure, Options, choose
from sim.report.drawing.intervals import share_axis, text_at_right
from sim.report.drawing.labels import Names, folded, one_line
from sim.report.drawing.legends import legend, line_handle, patch_handle, target_handle
from sim.report.drawing.style import BLUE, INK, INTERVAL, MARKERS, SERIES, TARGET, style
from sim.report.drawing.words import SHARED, Words, days_unit, joined, tell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.promise.names import days_text, name_of
from sim.report.promise.words import say
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

BAND: Final = "#CFE3F1"
ROW_CM: Final = 0.95
SPREAD: Final = 0.24
"""Distance of the marks of two targets in one row; rows are 1 apart."""
WORDS: Final[Words] = {
    "title": ("{case_type}: shortest promises that are kept", "{case_type}:守得住的最短承诺"),
    "caption": (
        "For each part of “{case_type}”, the fewest days within which a share of the cases ends, "
        "with {confidence} intervals: the upper end is safe to promise. The whole case: {days}.",
        "“{case_type}”各部分的最短承诺,即相应比例的办件办结所需的最少天数,附 {confidence} 置信区间,"
        "区间上端可稳妥承诺。全程:{days}。",
    ),
    "days_at": ("{days} at {target}", "{target} 为 {days}"),
    "longer_at": ("longer than any seen at {target}", "{target} 超出已出现的天数"),
    "promised_today": ("promised today", "目前承诺"),
    "open_end": ("no upper end is proven", "上端尚未证实"),
    "share_of_cases": ("{target} of the cases", "{target} 的办件"),
    "days_axis": ("Days", "天数"),
    "joint_title": (
        "{name}: cases that keep every promise, by the sum along the critical path",
        "{name}:按关键路径合计天数看全部守时的办件比例",
    ),
    "joint_caption": (
        "Share of the cases that keep the promises of all matters of “{name}”, by the length of "
        "the critical path, on cases that were not used for the choice. Proven: {answers}.",
        "“{name}”全部事项均守时的办件比例,按关键路径长度,以未参与选择的办件检验。已证实:{answers}。",
    ),
    "joint_at": ("{target} with {days}", "{target} 需 {days}"),
    "nothing": ("none", "无"),
    "all_kept": ("all promises kept", "全部守时"),
    "interval": ("{confidence} interval", "{confidence} 置信区间"),
    "path_axis": ("Length of the critical path, {unit}", "关键路径长度({unit})"),
    "share_axis": ("Cases that keep every promise", "全部守时的办件比例"),
    "proven": ("shortest that is proven", "已证实的最短长度"),
    "no_parts": ("There are no matters to be promised together.", "没有可一并承诺的事项。"),
}


@style()
def shortest_promises(
    result: ShortestPromises,
    case_type: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the shortest promises of one case type: for limits, the whole, stages and matters.

    A row has a mark with its interval for each target share, from the highest to the lowest, and a
    tick where the scenario promises something today. An arrow stands where no upper end is proven.

    Raises
    ------
    ValueError
        If the case type does not exist.
    """
    chosen = choose(case_type, _case_types(result), "case type")
    if chosen is None:
        return write_instead(axes_on(ax, 4), SHARED["no_case"], language)
    own = [row for row in result.promise_rows if row.case_type == chosen]
    parts = [result.rows_of(*part) for part in dict.fromkeys(map(_part, own))]
    names = Names(result.scenario, language)
    ax = rows_on(ax, [_label(rows[0], names) for rows in parts], ROW_CM)
    ax.set_xlim(-0.5, 1.06 * max(filter(None, _numbers(own)), default=1) + 1)
    for place, rows in enumerate(parts):
        _draw_part(ax, place, rows)
    units = {row.unit for row in own}
    unit = (
        days_unit(units.pop(), language) if len(units) == 1 else tell(WORDS["days_axis"], language)
    )
    ax.set_xlabel(unit)
    _whole_days(ax)
    title = _title(result, language, case_type=chosen)
    heading(ax, title, rows=legend(ax, _handles(result, own, language), 4))
    return ax


def _part(row: PromiseRow) -> tuple[Any, str, str]:
    return row.kind, row.case_type, row.name


def _label(row: PromiseRow, names: Names) -> str:
    """Return the label of a part, with its kind where a matter could have the same label."""
    name = one_line(name_of(*_part(row), names), 60)
    kind = f" · {say(row.kind, names.language)}" if row.kind in {"case_type", "stage"} else ""
    return folded(f"{name}{kind}", 34)


def _whole_days(ax: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True))


def _numbers(rows: Sequence[PromiseRow]) -> list[float | None]:
    """Return every number of days that is drawn."""
    return [n for row in rows for n in (row.days, row.low, row.high, row.promised_now)]


def _draw_part(ax: Axes, place: int, rows: Sequence[PromiseRow]) -> None:
    """Draw one part: its targets one below the other, the highest at the top."""
    edge = ax.get_xlim()[1]
    for number, row in enumerate(rows):
        y = place + ((len(rows) - 1) / 2 - number) * SPREAD
        colour, marker = SERIES[number % len(SERIES)], MARKERS[number % len(MARKERS)]
        high = edge if row.high is None else row.high
        ax.plot([row.low, high], [y, y], color=colour, gid=f"interval-{place}-{number}", **INTERVAL)
        if row.high is None:
            ax.plot(edge, y, marker=">", color=colour, markersize=5, clip_on=False)
        if row.days is not None:
            ax.plot(row.days, y, marker=marker, color=colour, gid=f"days-{place}-{number}")
    if rows[0].promised_now is not None:
        now = [rows[0].promised_now] * 2
        ax.plot(now, [place - 0.42, place + 0.42], color=INK, linewidth=2, zorder=1.5,
                gid=f"now-{place}")  # fmt: skip


def _handles(
    result: ShortestPromises, rows: Sequence[PromiseRow], language: Language
) -> list[Artist]:
    handles = [
        line_handle(
            tell(WORDS["share_of_cases"], language, target=percent(target, None)),
            color=SERIES[number % len(SERIES)],
            marker=MARKERS[number % len(MARKERS)],
            **INTERVAL,
        )
        for number, target in enumerate(result.targets)
    ]
    if any(row.promised_now is not None for row in rows):
        text = tell(WORDS["promised_today"], language)
        handles.append(line_handle(text, color=INK, marker="|", linestyle="", markeredgewidth=2))
    if any(row.high is None for row in rows):
        text = tell(WORDS["open_end"], language)
        handles.append(line_handle(text, color=INK, marker=">", linestyle=""))
    return handles


def _case_types(result: ShortestPromises) -> list[str]:
    return list(dict.fromkeys(row.case_type for row in result.promise_rows))


def _variants(result: ShortestPromises) -> Mapping[str, Options]:
    names = _case_types(result)
    return {f"promises-{number}": {"case_type": name} for number, name in enumerate(names)}


def _title(result: ShortestPromises, language: Language, *, case_type: str) -> str:
    label = Names(result.scenario, language).case_type(case_type)
    return tell(WORDS["title"], language, case_type=label)


def _caption(result: ShortestPromises, language: Language, *, case_type: str) -> str:
    days = [
        phrase(
            WORDS["longer_at" if row.days is None else "days_at"],
            language,
            target=percent(row.target, None),
            days="" if row.days is None else days_text(row.days, row.unit, language),
        )
        for row in result.rows_of("case_type", case_type, case_type)
    ]
    return phrase(
        WORDS["caption"],
        language,
        case_type=Names(result.scenario, language).case_type(case_type),
        confidence=percent(result.confidence, None),
        days=joined(days, language),
    )


@style()
def joint_promises(
    result: ShortestPromises,
    name: str | None = None,
    kind: Literal["limit", "case_type"] | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the share of fresh cases that keep all promises, by the length of the critical path.

    Parameters
    ----------
    name
        The limit or case type whose matters are promised together; default: the first.
    kind
        Limit or case type, if both have this name; default: the first.

    Raises
    ------
    ValueError
        If no limit or case type with joint promises has this name.
    """
    known = [joint for joint in _judged(result) if kind in {None, joint.kind}]
    chosen = choose(name, (joint.name for joint in known), "limit or case type with matters")
    if chosen is None:
        return write_instead(axes_on(ax, 4), WORDS["no_parts"], language)
    ax = axes_on(ax, 8)
    joint = next(joint for joint in known if joint.name == chosen)
    handles = _joint_lines(ax, result, joint, language)
    unit = days_unit(result.joint_at(joint, result.targets[0]).answer.unit, language)
    ax.set_xlabel(tell(WORDS["path_axis"], language, unit=unit))
    _whole_days(ax)
    share_axis(ax, min(joint.sets[-1].low, result.targets[0]), language)
    ax.set_ylabel(tell(WORDS["share_axis"], language))
    title = _joint_title(result, language, name=joint.name, kind=joint.kind)
    heading(ax, title, rows=legend(ax, handles, 4))
    return ax


def _joint_lines(
    ax: Axes, result: ShortestPromises, joint: Together, language: Language
) -> list[Artist]:
    """Draw the shares, the targets and the proven answers; return the legend."""
    lengths = [chosen.path_days for chosen in joint.sets]
    lows, highs = [chosen.low for chosen in joint.sets], [chosen.high for chosen in joint.sets]
    ax.fill_between(lengths, lows, highs, color=BAND, linewidth=0)
    shares = [chosen.share for chosen in joint.sets]
    ax.plot(lengths, shares, "o-", color=BLUE, markersize=3, label="share")
    for target in result.targets:
        ax.axhline(target, **TARGET)
        text_at_right(ax, target, percent(target, None))
    confidence = percent(result.confidence, None)
    handles = [
        line_handle(tell(WORDS["all_kept"], language), color=BLUE, marker="o", markersize=3),
        patch_handle(tell(WORDS["interval"], language, confidence=confidence), BAND),
        target_handle(language),
    ]
    answers = [result.joint_at(joint, target).answer for target in result.targets]
    proven = [(answer.path_days, answer.share) for answer in answers if answer.proven]
    if proven:
        look: dict[str, Any] = {"color": INK, "marker": "*", "linestyle": "", "markersize": 10}
        ax.plot(*zip(*proven, strict=True), label="proven", **look)
        handles.append(line_handle(tell(WORDS["proven"], language), **look))
    return handles


def _judged(result: ShortestPromises) -> list[Together]:
    return [joint for joint in result.together if joint.sets]


def _joint_variants(result: ShortestPromises) -> Mapping[str, Options]:
    return {
        f"together-{number}": {"name": joint.name, "kind": joint.kind}
        for number, joint in enumerate(_judged(result))
    }


def _named(
    result: ShortestPromises, name: str, kind: str, language: Language
) -> tuple[Together, str]:
    """Return the joint promises of a limit or case type, and its label."""
    joint = next(joint for joint in result.together if (joint.name, joint.kind) == (name, kind))
    names = Names(result.scenario, language)
    return joint, one_line(name_of(joint.kind, joint.case_type, name, names))


def _joint_title(result: ShortestPromises, language: Language, *, name: str, kind: str) -> str:
    _, label = _named(result, name, kind, language)
    return tell(WORDS["joint_title"], language, name=label)


def _joint_caption(result: ShortestPromises, language: Language, *, name: str, kind: str) -> str:
    joint, label = _named(result, name, kind, language)
    answers = [result.joint_at(joint, target).answer for target in result.targets]
    proven = [
        phrase(
            WORDS["joint_at"],
            language,
            target=percent(answer.target, None),
            days=days_text(answer.path_days, answer.unit, language),
        )
        for answer in answers
        if answer.proven and answer.path_days is not None
    ]
    return phrase(
        WORDS["joint_caption"],
        language,
        name=label,
        answers=joined(proven, language) or phrase(WORDS["nothing"], language),
    )


FIGURES: Final = (
    Figure("shortest_promises", shortest_promises, _variants, _title, _caption),
    Figure("joint_promises", joint_promises, _joint_variants, _joint_title, _joint_caption),
)
